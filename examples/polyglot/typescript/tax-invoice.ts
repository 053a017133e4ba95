/** Tax invoice: tiered discount on the subtotal, VAT by category, cents throughout. */

export type VatCategory = "standard" | "reduced" | "zero";

const VAT: Record<VatCategory, { label: string; percent: number }> = {
  standard: { label: "Standard rate", percent: 20 },
  reduced: { label: "Reduced rate", percent: 5 },
  zero: { label: "Zero rate", percent: 0 },
};

type Tier = readonly [threshold: number, percent: number];
const TIERS: readonly Tier[] = [
  [200_00, 2],
  [500_00, 5],
  [1000_00, 10],
];

export interface InvoiceLine {
  item: string;
  quantity: number;
  unitCents: number;
  vat: VatCategory;
}

export interface VatSummary {
  category: VatCategory;
  net: number;
  tax: number;
}

export function percentage(cents: number, percent: number): number {
  return Math.floor((cents * percent + 50) / 100);
}

export function tierFor(subtotal: number): number {
  let best = 0;
  for (const [threshold, percent] of TIERS) {
    if (subtotal < threshold) break;
    best = percent;
  }
  return best;
}

export class Invoice {
  readonly subtotal: number;
  readonly discountPercent: number;

  constructor(readonly number: string, private readonly lines: readonly InvoiceLine[]) {
    this.subtotal = lines.reduce((sum, line) => sum + Invoice.amount(line), 0);
    this.discountPercent = tierFor(this.subtotal);
  }

  private static amount({ quantity, unitCents }: InvoiceLine): number {
    return quantity * unitCents;
  }

  get vatSummary(): VatSummary[] {
    const nets = new Map<VatCategory, number>();
    for (const line of this.lines) {
      const amount = Invoice.amount(line);
      const net = amount - percentage(amount, this.discountPercent);
      nets.set(line.vat, (nets.get(line.vat) ?? 0) + net);
    }
    return Array.from(nets, ([category, net]) => ({
      category,
      net,
      tax: percentage(net, VAT[category].percent),
    }));
  }

  get total(): number {
    return this.vatSummary.reduce((sum, { net, tax }) => sum + net + tax, 0);
  }

  toString(): string {
    const cell = (cents: number) => (cents / 100).toFixed(2).padStart(10);
    const body = this.lines.map(
      (line) => `${line.item.padEnd(20)} ${String(line.quantity).padStart(3)}${cell(Invoice.amount(line))}`,
    );
    const taxes = this.vatSummary.map(
      ({ category, tax }) => `${VAT[category].label} ${VAT[category].percent}%`.padEnd(24) + cell(tax),
    );
    return [
      `# ${this.number}`,
      ...body,
      "=".repeat(34),
      `Subtotal (-${this.discountPercent}%)`.padEnd(24) + cell(this.subtotal),
      ...taxes,
      "To pay".padEnd(24) + cell(this.total),
    ].join("\n");
  }
}

export const sample = new Invoice("INV 2024-0117", [
  { item: "Oak desk", quantity: 2, unitCents: 249_00, vat: "standard" },
  { item: "Atlas of Rivers", quantity: 6, unitCents: 18_50, vat: "zero" },
  { item: "Child car seat", quantity: 1, unitCents: 139_99, vat: "reduced" },
]);

if (process.argv[1]?.includes("tax-invoice.") && !process.argv[1].includes(".test.")) {
  console.log(String(sample));
}
