import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { calculate, discountPercent, percentOf, printInvoice, sampleLines } from './tax-invoice.js';

describe('tax invoice', () => {
  it('rounds half a cent up', () => {
    assert.equal(percentOf(10, 5), 1);
    assert.equal(percentOf(13299, 5), 665);
  });

  it('picks the highest tier reached', () => {
    assert.deepEqual([199_99, 200_00, 748_99, 1000_00].map(discountPercent), [0, 2, 5, 10]);
  });

  it('totals the sample', () => {
    const { subtotal, discount, total } = calculate(sampleLines);
    assert.deepEqual({ subtotal, discount, total }, { subtotal: 74899, discount: 3745, total: 81281 });
  });

  it('leaves out an empty discount', () => {
    const small = calculate([{ description: 'Lamp', quantity: 1, unitPrice: 3000 }]);
    assert.doesNotMatch(printInvoice('7', small), /discount/);
    assert.equal(small.total, 3600);
  });

  it('throws on an unknown category', () => {
    assert.throws(() => calculate([{ quantity: 1, unitPrice: 1, category: 'luxury' }]), RangeError);
  });
});
