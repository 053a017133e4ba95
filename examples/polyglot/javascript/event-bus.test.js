import test from 'node:test';
import assert from 'node:assert/strict';

import { createEventBus, demo, matches } from './event-bus.js';

test('wildcards', () => {
  assert.ok(matches('harbor.berth.*.arrived', 'harbor.berth.3.arrived'));
  assert.ok(!matches('harbor.*', 'harbor.crane.2'));
  assert.ok(matches('harbor.#', 'harbor'));
  assert.ok(matches('#', 'tide.level'));
  assert.ok(!matches('harbor.#.fault', 'harbor.crane.fault'), 'a # in the middle never matches');
});

test('replay is limited by retention and by the asked number', () => {
  const bus = createEventBus({ retain: 3 });
  for (let level = 0; level < 5; level += 1) bus.emit('tide.level', level);

  const seen = [];
  bus.on('tide.*', (event) => seen.push(event.payload), { replay: 10 });
  assert.deepEqual(seen, [2, 3, 4]);
});

test('the returned function unsubscribes', () => {
  const bus = createEventBus();
  const off = bus.on('fog.horn', () => assert.fail('should be silent'));
  off();
  bus.emit('fog.horn');
  assert.equal(bus.size, 0);
});

test('demo prints the fault and survives a failing listener', async () => {
  const lines = [];
  await demo((line) => lines.push(line));
  assert.ok(lines.includes('listener failed: siren is unplugged'));
  assert.equal(lines.at(-1), 'dispatching a fitter for: hoist brake');
});
