/**
 * Elevator simulation: cabins and floor requests advanced one discrete tick at a time.
 * State is plain objects; every tick emits events that the caller may log.
 */

const FLOORS = 10;
const DOOR_TICKS = 2;

export const sampleRequests = [
  { who: "Ada", at: 0, from: 0, to: 7 },
  { who: "Boris", at: 1, from: 4, to: 0 },
  { who: "Chen", at: 3, from: 8, to: 2 },
  { who: "Dora", at: 5, from: 1, to: 9 },
  { who: "Emil", at: 9, from: 6, to: 3 },
];

const createCabin = (name, floor = 0) => ({
  name, floor, direction: 0, doors: 0, travelled: 0, waiting: [], riding: [],
});

const stopsOf = ({ waiting, riding }) =>
  new Set([...waiting.map((r) => r.from), ...riding.map((r) => r.to)]);

const partition = (list, test) => [list.filter(test), list.filter((x) => !test(x))];

function steer({ floor, direction }, stops) {
  const offsets = [...stops].map((s) => s - floor).sort((a, b) => Math.abs(a) - Math.abs(b) || a - b);
  if (offsets.length === 0) return 0;
  const sameWay = direction !== 0 && offsets.some((d) => Math.sign(d) === direction);
  return sameWay ? direction : Math.sign(offsets[0]);
}

function* stepCabin(cabin, now) {
  if (cabin.doors > 0) {
    cabin.doors -= 1;
    return;
  }
  const stops = stopsOf(cabin);
  if (!stops.has(cabin.floor)) {
    cabin.direction = steer(cabin, stops);
    cabin.floor += cabin.direction;
    cabin.travelled += Math.abs(cabin.direction);
    return;
  }
  const [leaving, staying] = partition(cabin.riding, (r) => r.to === cabin.floor);
  const [boarding, stillWaiting] = partition(cabin.waiting, (r) => r.from === cabin.floor);
  cabin.riding = [...staying, ...boarding];
  cabin.waiting = stillWaiting;
  cabin.doors = DOOR_TICKS;
  for (const { who } of leaving) yield { type: "delivered", who, now, cabin: cabin.name, floor: cabin.floor };
  for (const { who, at } of boarding) {
    yield { type: "boarded", who, now, cabin: cabin.name, floor: cabin.floor, waited: now - at };
  }
}

function dispatch(cabins, request) {
  const cost = (c) => Math.abs(c.floor - request.from) + 3 * stopsOf(c).size;
  const cheapest = cabins.reduce((best, c) => (cost(c) < cost(best) ? c : best));
  cheapest.waiting.push(request);
}

/** Yields boarding and delivery events until every request has been served. */
export function* simulate(cabins, requests) {
  for (const { who, from, to } of requests) {
    if ([from, to].some((f) => f < 0 || f >= FLOORS)) throw new RangeError(`${who} asks for a missing floor`);
  }
  let pending = requests.length;
  for (let now = 0; pending > 0; now += 1) {
    requests.filter((r) => r.at === now).forEach((r) => dispatch(cabins, r));
    for (const cabin of cabins) {
      for (const event of stepCabin(cabin, now)) {
        if (event.type === "delivered") pending -= 1;
        yield event;
      }
    }
  }
}

const cabins = [createCabin("A"), createCabin("B", 5)];
const waits = [];
for (const event of simulate(cabins, sampleRequests)) {
  if (event.type === "boarded") waits.push(event.waited);
  const { now, cabin, floor, who, type } = event;
  console.log(`t=${String(now).padStart(2)} cabin ${cabin} floor ${floor}: ${who} ${type}`);
}
console.log("mean wait", (waits.reduce((a, b) => a + b, 0) / waits.length).toFixed(1), "ticks");
console.log(cabins.map((c) => `${c.name}: ${c.travelled} floors`).join(", "));
