/**
 * Typed event bus. Concrete topics are dotted strings; subscriptions may be patterns in
 * which "*" matches one segment and a trailing "#" any number of further segments.
 */

export interface BusEvent<T = unknown> {
  readonly sequence: number;
  readonly topic: string;
  readonly payload: T;
}

export type Listener<T> = (event: BusEvent<T>) => void;
export type Unsubscribe = () => boolean;

type Matcher = (topic: string) => boolean;

export function matcherFor(pattern: string): Matcher {
  const wanted = pattern.split(".");
  const greedy = wanted.at(-1) === "#";
  if (greedy) wanted.pop();
  if (wanted.includes("#")) {
    throw new SyntaxError(`"#" must close the pattern: ${pattern}`);
  }
  return (topic) => {
    const actual = topic.split(".");
    const lengthFits = greedy ? actual.length >= wanted.length : actual.length === wanted.length;
    return lengthFits && wanted.every((segment, i) => segment === "*" || segment === actual[i]);
  };
}

/** A fixed-size log that overwrites its oldest entry. */
class RingLog<E> implements Iterable<E> {
  private readonly slots: E[] = [];
  private next = 0;

  constructor(private readonly capacity: number) {}

  push(entry: E): void {
    this.slots[this.next % this.capacity] = entry;
    this.next += 1;
  }

  *[Symbol.iterator](): Iterator<E> {
    const first = Math.max(0, this.next - this.capacity);
    for (let i = first; i < this.next; i += 1) {
      yield this.slots[i % this.capacity]!;
    }
  }
}

export class EventBus<T = unknown> {
  private readonly log: RingLog<BusEvent<T>>;
  private readonly subscriptions = new Map<symbol, { matches: Matcher; listener: Listener<T> }>();
  private sequence = 0;

  constructor(retention = 64) {
    this.log = new RingLog(retention);
  }

  subscribe(pattern: string, listener: Listener<T>): Unsubscribe {
    const key = Symbol(pattern);
    this.subscriptions.set(key, { matches: matcherFor(pattern), listener });
    return () => this.subscriptions.delete(key);
  }

  /** Every retained event that matches, oldest first. */
  *replay(pattern: string, since = 0): Generator<BusEvent<T>> {
    const matches = matcherFor(pattern);
    for (const event of this.log) {
      if (event.sequence > since && matches(event.topic)) yield event;
    }
  }

  publish(topic: string, payload: T): number {
    const event: BusEvent<T> = { sequence: ++this.sequence, topic, payload };
    this.log.push(event);
    let delivered = 0;
    for (const { matches, listener } of [...this.subscriptions.values()]) {
      if (!matches(topic)) continue;
      listener(event);
      delivered += 1;
    }
    return delivered;
  }
}

export function harborDemo(): string[] {
  const lines: string[] = [];
  const bus = new EventBus<string>(5);
  const stop = bus.subscribe("harbor.berth.*.arrived", ({ payload }) => lines.push(`pilot log: ${payload}`));
  bus.publish("harbor.berth.3.arrived", "MV Petrel");
  bus.publish("harbor.berth.7.departed", "SS Gannet");
  stop();
  bus.publish("harbor.crane.2.fault", "hoist brake");
  for (const { sequence, topic } of bus.replay("harbor.#", 1)) {
    lines.push(`tower missed #${sequence} ${topic}`);
  }
  return lines;
}
