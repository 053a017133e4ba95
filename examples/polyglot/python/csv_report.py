"""Sales report from CSV text: quoted fields, then totals grouped by region."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

SALES = '''\
region,product,units,price
North,"Bolts, M6",120,0.35
South,"Hinge ""Heavy""",14,6.20
North,Washers,300,0.05
West,"Multi
line bracket",8,11.75
South,Washers,50,0.05
'''


@dataclass
class Totals:
    rows: int = 0
    units: int = 0
    revenue: Decimal = Decimal(0)

    def add(self, units: int, price: Decimal) -> None:
        self.rows += 1
        self.units += units
        self.revenue += units * price


def read_records(text: str) -> Iterator[list[str]]:
    """Split CSV text into records; a doubled quote inside a quoted field stands for one quote."""
    record: list[str] = []
    field = ""
    quoted = False
    characters = iter(text)
    for ch in characters:
        if quoted:
            if ch != '"':
                field += ch
                continue
            quoted = False
            ch = next(characters, "\n")
            if ch == '"':
                field, quoted = field + '"', True
                continue
        if ch == '"' and not field:
            quoted = True
        elif ch in ",\n":
            record.append(field)
            field = ""
            if ch == "\n":
                yield record
                record = []
        else:
            field += ch
    if quoted:
        raise ValueError("a quoted field is never closed")
    if record or field:
        yield [*record, field]


def group_by_region(text: str) -> dict[str, Totals]:
    header, *records = read_records(text)
    groups: dict[str, Totals] = {}
    for number, record in enumerate(records, start=1):
        if len(record) != len(header):
            raise ValueError(f"record {number} has {len(record)} fields, the header has {len(header)}")
        row = dict(zip(header, record))
        groups.setdefault(row["region"], Totals()).add(int(row["units"]), Decimal(row["price"]))
    return groups


def main() -> None:
    groups = group_by_region(SALES)
    print(f"{'Region':<8}{'Rows':>5}{'Units':>8}{'Revenue':>10}")
    for region, totals in sorted(groups.items()):
        print(f"{region:<8}{totals.rows:>5}{totals.units:>8}{totals.revenue:>10.2f}")
    grand = sum(totals.revenue for totals in groups.values())
    print(f"{'All':<21}{grand:>10.2f}")


if __name__ == "__main__":
    main()
