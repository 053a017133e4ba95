/** Plans the contents of a hiker's rucksack as a 0/1 knapsack problem. */

interface GearItem {
  readonly name: string;
  /** Hectograms, so that every weight is an integer. */
  readonly weight: number;
  readonly utility: number;
}

/** Selections share their tails, so reconstruction is a walk along a linked list. */
interface Selection {
  readonly utility: number;
  readonly weight: number;
  readonly last?: GearItem;
  readonly rest?: Selection;
}

const NOTHING: Selection = { utility: 0, weight: 0 };

const extend = (rest: Selection, item: GearItem): Selection => ({
  utility: rest.utility + item.utility,
  weight: rest.weight + item.weight,
  last: item,
  rest,
});

export function* itemsOf(selection: Selection | undefined): Generator<GearItem> {
  if (!selection?.last) return;
  yield* itemsOf(selection.rest);
  yield selection.last;
}

export function plan(items: Iterable<GearItem>, capacity: number): Selection {
  if (!Number.isInteger(capacity) || capacity < 0) {
    throw new RangeError(`capacity must be a natural number, got ${capacity}`);
  }
  let best: Selection[] = new Array<Selection>(capacity + 1).fill(NOTHING);
  for (const item of items) {
    best = best.map((without, room) => {
      const smaller = best[room - item.weight];
      if (!smaller) return without;
      const withItem = extend(smaller, item);
      return withItem.utility > without.utility ? withItem : without;
    });
  }
  return best[capacity]!;
}

const gear: GearItem[] = [
  { name: "tent", weight: 18, utility: 60 },
  { name: "stove", weight: 6, utility: 34 },
  { name: "sleeping bag", weight: 12, utility: 55 },
  { name: "rain jacket", weight: 5, utility: 38 },
  { name: "camera", weight: 9, utility: 22 },
  { name: "water filter", weight: 3, utility: 30 },
  { name: "paperback", weight: 4, utility: 8 },
  { name: "head torch", weight: 2, utility: 19 },
  { name: "first aid kit", weight: 3, utility: 28 },
  { name: "trekking poles", weight: 5, utility: 17 },
  { name: "bear canister", weight: 11, utility: 25 },
  { name: "binoculars", weight: 7, utility: 12 },
];

function describe(capacity: number): string {
  const selection = plan(gear, capacity);
  const names = [...itemsOf(selection)].map((item) => item.name);
  return [
    `${(capacity / 10).toFixed(1)} kg rucksack`,
    `  utility ${selection.utility} at ${(selection.weight / 10).toFixed(1)} kg`,
    `  pack: ${names.join(", ")}`,
  ].join("\n");
}

for (const capacity of [55, 30]) console.log(describe(capacity));
