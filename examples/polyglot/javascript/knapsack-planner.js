/**
 * Hiking trip planner: which gear fits the rucksack and is worth the most (0/1 knapsack).
 * Weights are in units of 100 grams.
 */

const gearTable = `
tent            18  60
stove            6  34
sleeping bag    12  55
rain jacket      5  38
camera           9  22
water filter     3  30
paperback        4   8
head torch       2  19
first aid kit    3  28
trekking poles   5  17
bear canister   11  25
binoculars       7  12
`;

export function parseGear(table) {
  return table.trim().split('\n').map((line, index) => {
    const match = /^(.+?)\s+(\d+)\s+(\d+)$/.exec(line);
    if (!match) throw new Error(`gear line ${index + 1} is malformed: ${line}`);
    const [, name, weight, worth] = match;
    return { name, weight: Number(weight), worth: Number(worth) };
  });
}

/**
 * Top-down search with memoisation on (items considered, room left).
 * @param {{name: string, weight: number, worth: number}[]} gear
 * @param {number} capacity
 */
export function planRucksack(gear, capacity) {
  const memo = new Map();

  function best(count, room) {
    if (count === 0) return 0;
    const key = count * (capacity + 1) + room;
    if (!memo.has(key)) {
      const { weight, worth } = gear[count - 1];
      const leave = best(count - 1, room);
      const take = weight <= room ? worth + best(count - 1, room - weight) : -Infinity;
      memo.set(key, Math.max(leave, take));
    }
    return memo.get(key);
  }

  const worth = best(gear.length, capacity);
  const packed = [];
  let room = capacity;
  for (let count = gear.length; count > 0; count--) {
    if (best(count, room) > best(count - 1, room)) {
      packed.unshift(gear[count - 1]);
      room -= gear[count - 1].weight;
    }
  }
  return { worth, packed, weight: capacity - room, spare: room };
}

const kilos = (units) => `${(units / 10).toFixed(1)} kg`;

const gear = parseGear(gearTable);
for (const capacity of [55, 30]) {
  const { worth, packed, weight, spare } = planRucksack(gear, capacity);
  console.log(`${kilos(capacity)} rucksack: worth ${worth}, ${kilos(weight)} packed, ${kilos(spare)} spare`);
  console.table(packed);
}
