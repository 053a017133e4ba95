/**
 * FIFO inventory ledger with typed stock movements.
 * Posting never throws for a shortage; the outcome is part of the return type.
 */

type Sku = string;
type Cents = number;

interface Receipt {
  readonly kind: "receipt";
  readonly sku: Sku;
  readonly units: number;
  readonly unitCost: Cents;
}

interface Issue {
  readonly kind: "issue";
  readonly sku: Sku;
  readonly units: number;
}

export type Movement = Receipt | Issue;

export type Posting =
  | { readonly ok: true; readonly cost: Cents }
  | { readonly ok: false; readonly shortBy: number };

class StockCard {
  private layers: Array<[units: number, unitCost: Cents]> = [];

  constructor(readonly sku: Sku, readonly minimum: number = 0) {}

  get onHand(): number {
    return this.layers.reduce((sum, [units]) => sum + units, 0);
  }

  get value(): Cents {
    return this.layers.reduce((sum, [units, unitCost]) => sum + units * unitCost, 0);
  }

  get isLow(): boolean {
    return this.onHand < this.minimum;
  }

  add(units: number, unitCost: Cents): Posting {
    this.layers.push([units, unitCost]);
    return { ok: true, cost: units * unitCost };
  }

  remove(units: number): Posting {
    const shortBy = units - this.onHand;
    if (shortBy > 0) return { ok: false, shortBy };

    let cost = 0;
    let open = units;
    while (open > 0) {
      const layer = this.layers[0]!;
      const used = Math.min(open, layer[0]);
      layer[0] -= used;
      open -= used;
      cost += used * layer[1];
      if (layer[0] === 0) this.layers.shift();
    }
    return { ok: true, cost };
  }
}

export class InventoryLedger {
  readonly #cards = new Map<Sku, StockCard>();

  constructor(minimums: Readonly<Record<Sku, number>>) {
    for (const [sku, minimum] of Object.entries(minimums)) {
      this.#cards.set(sku, new StockCard(sku, minimum));
    }
  }

  post(movement: Movement): Posting {
    let card = this.#cards.get(movement.sku);
    if (card === undefined) {
      card = new StockCard(movement.sku);
      this.#cards.set(movement.sku, card);
    }
    switch (movement.kind) {
      case "receipt":
        return card.add(movement.units, movement.unitCost);
      case "issue":
        return card.remove(movement.units);
    }
  }

  alerts(): string[] {
    return [...this.#cards.values()]
      .filter((card) => card.isLow)
      .map((card) => `low stock: ${card.sku} (${card.onHand} of at least ${card.minimum})`);
  }
}

const ledger = new InventoryLedger({ "BOLT-M8": 50, "GASKET-40": 20, "VALVE-3W": 4 });
const movements: Movement[] = [
  { kind: "receipt", sku: "BOLT-M8", units: 100, unitCost: 12 },
  { kind: "receipt", sku: "BOLT-M8", units: 60, unitCost: 15 },
  { kind: "receipt", sku: "GASKET-40", units: 30, unitCost: 210 },
  { kind: "issue", sku: "BOLT-M8", units: 120 },
  { kind: "issue", sku: "VALVE-3W", units: 10 },
];
for (const movement of movements) {
  const posting = ledger.post(movement);
  console.log(movement.kind, movement.sku, posting.ok ? posting.cost : `short by ${posting.shortBy}`);
}
ledger.alerts().forEach((line) => console.log(line));
