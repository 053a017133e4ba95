// Tax invoice in integer cents: tiered discount, VAT by category, plain-text printout.

import { fileURLToPath } from 'node:url';

export const vatPercent = Object.freeze({ standard: 20, reduced: 5, zero: 0 });

const tiers = [
  { from: 1000_00, percent: 10 },
  { from: 500_00, percent: 5 },
  { from: 200_00, percent: 2 },
];

// Amounts are never negative here, so Math.round is round-half-up.
export const percentOf = (cents, percent) => Math.round((cents * percent) / 100);

export const discountPercent = (subtotal) => tiers.find(({ from }) => subtotal >= from)?.percent ?? 0;

/**
 * @param {{description: string, quantity: number, unitPrice: number, category?: string}[]} lines
 */
export function calculate(lines) {
  const priced = lines.map((line) => {
    const category = line.category ?? 'standard';
    if (!(category in vatPercent)) throw new RangeError(`unknown VAT category: ${category}`);
    return { ...line, category, amount: line.quantity * line.unitPrice };
  });

  const subtotal = priced.reduce((sum, { amount }) => sum + amount, 0);
  const percent = discountPercent(subtotal);

  let discount = 0;
  const taxable = {};
  for (const { amount, category } of priced) {
    const off = percentOf(amount, percent);
    discount += off;
    taxable[category] = (taxable[category] ?? 0) + amount - off;
  }

  const taxes = Object.entries(taxable).map(([category, base]) => ({
    category,
    base,
    tax: percentOf(base, vatPercent[category]),
  }));
  const total = subtotal - discount + taxes.reduce((sum, { tax }) => sum + tax, 0);
  return { lines: priced, subtotal, percent, discount, taxes, total };
}

const currency = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' });
const show = (cents) => currency.format(cents / 100);

export function printInvoice(number, invoice) {
  const row = (label, cents) => label.padEnd(34, '.') + show(cents).padStart(12, '.');
  return [
    `Invoice no. ${number}`,
    '',
    ...invoice.lines.map((l) => row(`${l.quantity} x ${l.description} `, l.amount)),
    '',
    row('subtotal ', invoice.subtotal),
    ...(invoice.discount ? [row(`discount ${invoice.percent}% `, -invoice.discount)] : []),
    ...invoice.taxes.map(({ category, tax }) => row(`VAT ${category} ${vatPercent[category]}% `, tax)),
    row('total due ', invoice.total),
  ].join('\n');
}

export const sampleLines = [
  { description: 'Oak desk', quantity: 2, unitPrice: 249_00 },
  { description: 'Atlas of Rivers', quantity: 6, unitPrice: 18_50, category: 'zero' },
  { description: 'Child car seat', quantity: 1, unitPrice: 139_99, category: 'reduced' },
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(printInvoice('2024-0117', calculate(sampleLines)));
}
