import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { EventBus, harborDemo, matcherFor } from "./event-bus.js";

describe("matcherFor", () => {
  const table: ReadonlyArray<[pattern: string, topic: string, expected: boolean]> = [
    ["harbor.berth.*.arrived", "harbor.berth.3.arrived", true],
    ["harbor.berth.*.arrived", "harbor.berth.arrived", false],
    ["harbor.*", "harbor.crane.2", false],
    ["harbor.#", "harbor", true],
    ["harbor.#", "harbormaster.desk", false],
    ["#", "tide.level", true],
  ];
  for (const [pattern, topic, expected] of table) {
    it(`${pattern} against ${topic}`, () => assert.equal(matcherFor(pattern)(topic), expected));
  }

  it("refuses a # in the middle", () => {
    assert.throws(() => matcherFor("harbor.#.fault"), SyntaxError);
  });
});

describe("EventBus", () => {
  it("replays only what the log retained", () => {
    const bus = new EventBus<number>(3);
    [10, 20, 30, 40, 50].forEach((level) => bus.publish("tide.level", level));
    assert.deepEqual([...bus.replay("tide.*")].map((event) => event.payload), [30, 40, 50]);
    assert.deepEqual([...bus.replay("tide.*", 4)].map((event) => event.sequence), [5]);
  });

  it("runs the harbor demo", () => {
    assert.deepEqual(harborDemo(), [
      "pilot log: MV Petrel",
      "tower missed #2 harbor.berth.7.departed",
      "tower missed #3 harbor.crane.2.fault",
    ]);
  });
});
