/** A bank of elevator cabins, simulated in whole ticks. */

type Floor = number;
type Direction = "up" | "down" | "idle";

interface FloorRequest {
  readonly passenger: string;
  readonly tick: number;
  readonly origin: Floor;
  readonly target: Floor;
}

interface Journey extends FloorRequest {
  readonly boarded: number;
  readonly delivered?: number;
}

const TOP_FLOOR = 9;
const DOOR_TICKS = 2;
const STEP: Record<Direction, number> = { up: 1, down: -1, idle: 0 };

class Cabin {
  travelled = 0;
  private direction: Direction = "idle";
  private doorTimer = 0;
  private calls: FloorRequest[] = [];
  private riders: Journey[] = [];

  constructor(readonly name: string, private floor: Floor) {}

  accept(call: FloorRequest): void {
    this.calls.push(call);
  }

  cost(call: FloorRequest): number {
    return Math.abs(this.floor - call.origin) + 3 * this.stops().size;
  }

  /** Advances one tick and returns the journeys that ended in it. */
  tick(now: number): Journey[] {
    if (this.doorTimer > 0) {
      this.doorTimer--;
      return [];
    }
    if (this.stops().has(this.floor)) return this.serveFloor(now);
    this.direction = this.pickDirection();
    this.floor += STEP[this.direction];
    this.travelled += this.direction === "idle" ? 0 : 1;
    return [];
  }

  private stops(): Set<Floor> {
    const stops = new Set<Floor>(this.calls.map((c) => c.origin));
    for (const rider of this.riders) stops.add(rider.target);
    return stops;
  }

  private serveFloor(now: number): Journey[] {
    this.doorTimer = DOOR_TICKS;
    const done = this.riders.filter((r) => r.target === this.floor).map((r) => ({ ...r, delivered: now }));
    this.riders = this.riders.filter((r) => r.target !== this.floor);
    for (const call of this.calls) {
      if (call.origin === this.floor) this.riders.push({ ...call, boarded: now });
    }
    this.calls = this.calls.filter((c) => c.origin !== this.floor);
    return done;
  }

  private pickDirection(): Direction {
    const stops = [...this.stops()];
    const above = stops.filter((s) => s > this.floor);
    const below = stops.filter((s) => s < this.floor);
    if (above.length === 0) return below.length === 0 ? "idle" : "down";
    if (below.length === 0) return "up";
    if (this.direction !== "idle") return this.direction;
    return Math.min(...above) - this.floor < this.floor - Math.max(...below) ? "up" : "down";
  }
}

export function runElevators(cabins: readonly Cabin[], requests: readonly FloorRequest[]): Journey[] {
  const exists = (floor: Floor): boolean => floor >= 0 && floor <= TOP_FLOOR;
  const stray = requests.find((r) => !exists(r.origin) || !exists(r.target));
  if (stray) throw new RangeError(`${stray.passenger} wants a floor outside 0..${TOP_FLOOR}`);
  const journeys: Journey[] = [];
  for (let now = 0; journeys.length < requests.length; now++) {
    for (const call of requests.filter((r) => r.tick === now)) {
      const [cheapest] = [...cabins].sort((a, b) => a.cost(call) - b.cost(call));
      cheapest?.accept(call);
    }
    journeys.push(...cabins.flatMap((cabin) => cabin.tick(now)));
  }
  return journeys;
}

const bank = [new Cabin("A", 0), new Cabin("B", 5)];
const journeys = runElevators(bank, [
  { passenger: "Ada", tick: 0, origin: 0, target: 7 },
  { passenger: "Boris", tick: 1, origin: 4, target: 0 },
  { passenger: "Chen", tick: 3, origin: 8, target: 2 },
  { passenger: "Dora", tick: 5, origin: 1, target: 9 },
  { passenger: "Emil", tick: 9, origin: 6, target: 3 },
]);
console.table(journeys.map((j) => ({ passenger: j.passenger, wait: j.boarded - j.tick, out: j.delivered })));
for (const { name, travelled } of bank) console.log(`cabin ${name} travelled ${travelled} floors`);
