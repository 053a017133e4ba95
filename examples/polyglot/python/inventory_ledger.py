"""Inventory ledger: stock movements valued first-in, first-out.

Receipts open cost layers, issues eat the oldest layers first, and every item
with a reorder point is checked after the books are closed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


class StockShortage(Exception):
    """Raised when an issue asks for more units than are on hand."""

    def __init__(self, sku: str, wanted: int, on_hand: int) -> None:
        super().__init__(f"{sku}: cannot issue {wanted}, only {on_hand} on hand")
        self.sku = sku
        self.missing = wanted - on_hand


@dataclass
class CostLayer:
    units: int
    unit_cost: int  # cents


@dataclass
class StockItem:
    sku: str
    reorder_point: int = 0
    layers: deque[CostLayer] = field(default_factory=deque)

    @property
    def on_hand(self) -> int:
        return sum(layer.units for layer in self.layers)

    @property
    def valuation(self) -> int:
        return sum(layer.units * layer.unit_cost for layer in self.layers)

    def receive(self, units: int, unit_cost: int) -> None:
        if units <= 0 or unit_cost < 0:
            raise ValueError(f"bad receipt for {self.sku}: {units} @ {unit_cost}")
        self.layers.append(CostLayer(units, unit_cost))

    def issue(self, units: int) -> int:
        """Take units out and return their FIFO cost in cents."""
        if units > self.on_hand:
            raise StockShortage(self.sku, units, self.on_hand)
        cost = 0
        while units:
            oldest = self.layers[0]
            taken = min(units, oldest.units)
            cost += taken * oldest.unit_cost
            oldest.units -= taken
            units -= taken
            if not oldest.units:
                self.layers.popleft()
        return cost


class InventoryLedger:
    def __init__(self, reorder_points: dict[str, int]) -> None:
        self.items = {sku: StockItem(sku, point) for sku, point in reorder_points.items()}
        self.cost_of_goods = 0

    def post(self, kind: str, sku: str, units: int, unit_cost: int = 0) -> None:
        item = self.items.setdefault(sku, StockItem(sku))
        if kind == "receive":
            item.receive(units, unit_cost)
        elif kind == "issue":
            self.cost_of_goods += item.issue(units)
        else:
            raise ValueError(f"unknown movement {kind!r}")

    def low_stock(self) -> list[StockItem]:
        return [item for item in self.items.values() if item.on_hand < item.reorder_point]


MOVEMENTS = [
    ("receive", "BOLT-M8", 100, 12),
    ("receive", "GASKET-40", 30, 210),
    ("receive", "BOLT-M8", 60, 15),
    ("issue", "BOLT-M8", 120),
    ("issue", "GASKET-40", 5),
    ("receive", "VALVE-3W", 8, 4999),
    ("issue", "VALVE-3W", 10),
]


def main() -> None:
    ledger = InventoryLedger({"BOLT-M8": 50, "GASKET-40": 20, "VALVE-3W": 4})
    for movement in MOVEMENTS:
        try:
            ledger.post(*movement)
        except StockShortage as shortage:
            print(f"rejected: {shortage}")
    for item in ledger.items.values():
        print(f"{item.sku:<10} {item.on_hand:>4} units  {item.valuation / 100:>9.2f}")
    print(f"cost of goods issued: {ledger.cost_of_goods / 100:.2f}")
    for item in ledger.low_stock():
        print(f"LOW STOCK {item.sku}: {item.on_hand} < {item.reorder_point}")


if __name__ == "__main__":
    main()
