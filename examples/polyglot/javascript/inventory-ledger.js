/**
 * Inventory ledger. The journal is a plain array of movements and the stock
 * position is whatever you get by folding over it: FIFO lots per SKU, the cost
 * of everything that was issued, and a list of movements that had to be refused.
 */

const catalog = {
  'BOLT-M8': { label: 'Hex bolt M8', reorderBelow: 50 },
  'GASKET-40': { label: 'Rubber gasket 40 mm', reorderBelow: 20 },
  'VALVE-3W': { label: 'Three-way valve', reorderBelow: 4 },
};

const total = (lots) => lots.reduce((sum, { qty }) => sum + qty, 0);

const money = (cents) => (cents / 100).toFixed(2);

/** Splits `lots` into what is consumed and what stays, oldest lot first. */
function consume(lots, wanted) {
  let cost = 0;
  const kept = [];
  for (const lot of lots) {
    const used = Math.min(wanted, lot.qty);
    wanted -= used;
    cost += used * lot.price;
    if (used < lot.qty) kept.push({ ...lot, qty: lot.qty - used });
  }
  return { cost, kept };
}

const handlers = {
  receive(state, { sku, qty, price }) {
    const lots = state.lots.get(sku) ?? [];
    state.lots.set(sku, [...lots, { qty, price }]);
  },

  issue(state, { sku, qty }) {
    const lots = state.lots.get(sku) ?? [];
    if (total(lots) < qty) {
      state.refused.push(`${sku}: asked for ${qty}, have ${total(lots)}`);
      return;
    }
    const { cost, kept } = consume(lots, qty);
    state.lots.set(sku, kept);
    state.issuedCost += cost;
  },
};

export function replayJournal(journal) {
  const state = { lots: new Map(), issuedCost: 0, refused: [] };
  for (const movement of journal) {
    const handler = handlers[movement.type];
    if (!handler) throw new TypeError(`Unknown movement type "${movement.type}"`);
    handler(state, movement);
  }
  return state;
}

export function* lowStock({ lots }) {
  for (const [sku, { label, reorderBelow }] of Object.entries(catalog)) {
    const onHand = total(lots.get(sku) ?? []);
    if (onHand < reorderBelow) yield { sku, label, onHand, reorderBelow };
  }
}

const journal = [
  { type: 'receive', sku: 'BOLT-M8', qty: 100, price: 12 },
  { type: 'receive', sku: 'GASKET-40', qty: 30, price: 210 },
  { type: 'receive', sku: 'BOLT-M8', qty: 60, price: 15 },
  { type: 'issue', sku: 'BOLT-M8', qty: 120 },
  { type: 'issue', sku: 'GASKET-40', qty: 5 },
  { type: 'receive', sku: 'VALVE-3W', qty: 8, price: 4999 },
  { type: 'issue', sku: 'VALVE-3W', qty: 10 },
];

const position = replayJournal(journal);
console.table(
  [...position.lots].map(([sku, lots]) => ({
    sku,
    onHand: total(lots),
    value: money(lots.reduce((sum, { qty, price }) => sum + qty * price, 0)),
  })),
);
console.log('cost of issued goods', money(position.issuedCost));
position.refused.forEach((reason) => console.warn('refused', reason));
for (const { label, onHand, reorderBelow } of lowStock(position)) {
  console.log(`reorder ${label}: ${onHand} left, threshold ${reorderBelow}`);
}
