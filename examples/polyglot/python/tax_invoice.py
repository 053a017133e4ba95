"""Print an invoice with volume discounts and VAT by product category."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import attrgetter

CENT = Decimal("0.01")

VAT_RATES = {
    "standard": Decimal("0.20"),
    "reduced": Decimal("0.05"),
    "zero": Decimal("0"),
}

# (subtotal from, discount), highest tier first
DISCOUNT_TIERS = (
    (Decimal(1000), Decimal("0.10")),
    (Decimal(500), Decimal("0.05")),
    (Decimal(200), Decimal("0.02")),
)


def to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def discount_rate(subtotal: Decimal) -> Decimal:
    """The rate of the first tier the subtotal reaches, zero below all of them."""
    return next((rate for floor, rate in DISCOUNT_TIERS if subtotal >= floor), Decimal(0))


@dataclass(frozen=True)
class LineItem:
    description: str
    quantity: int
    unit_price: Decimal
    category: str = "standard"

    def __post_init__(self):
        if self.category not in VAT_RATES:
            raise ValueError(f"no VAT rate for category {self.category!r}")

    @property
    def gross(self) -> Decimal:
        return self.quantity * self.unit_price


class Invoice:
    def __init__(self, number: str, customer: str, items: list[LineItem]):
        self.number = number
        self.customer = customer
        self.items = items
        self.subtotal = sum((item.gross for item in items), Decimal(0))
        self.rate = discount_rate(self.subtotal)

    def net(self, item: LineItem) -> Decimal:
        return item.gross - to_cents(item.gross * self.rate)

    @property
    def net_total(self) -> Decimal:
        return sum((self.net(item) for item in self.items), Decimal(0))

    def vat(self) -> dict[str, Decimal]:
        """VAT due for each category present, rounded once per category."""
        by_category = attrgetter("category")
        return {
            category: to_cents(sum(map(self.net, group)) * VAT_RATES[category])
            for category, group in groupby(sorted(self.items, key=by_category), by_category)
        }

    @property
    def total(self) -> Decimal:
        return self.net_total + sum(self.vat().values())

    def __str__(self) -> str:
        rule = "-" * 52
        lines = [f"INVOICE {self.number}  for {self.customer}", rule]
        for item in self.items:
            lines.append(
                f"{item.description:<22}{item.quantity:>4} x {item.unit_price:>9}{item.gross:>14}"
            )
        lines += [rule, f"{'Subtotal':<38}{self.subtotal:>14}"]
        if self.rate:
            lines.append(f"{f'Discount {self.rate:.0%}':<38}{self.net_total - self.subtotal:>14}")
        for category, tax in self.vat().items():
            lines.append(f"{f'VAT {category} {VAT_RATES[category]:.0%}':<38}{tax:>14}")
        lines.append(f"{'TOTAL DUE':<38}{self.total:>14}")
        return "\n".join(lines)


SAMPLE = Invoice(
    "2024-0117",
    "Bramble & Sons",
    [
        LineItem("Oak desk", 2, Decimal("249.00")),
        LineItem("Atlas of Rivers", 6, Decimal("18.50"), "zero"),
        LineItem("Child car seat", 1, Decimal("139.99"), "reduced"),
    ],
)

if __name__ == "__main__":
    print(SAMPLE)
