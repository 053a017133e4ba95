/**
 * Event-driven model of a bank branch: customers join one queue, tellers serve them in order.
 */

interface Uniform {
  next(): number;
}

/** Linear congruential generator; BigInt keeps the modular arithmetic obvious. */
class LinearCongruential implements Uniform {
  private static readonly MODULUS = 1n << 32n;
  private state: bigint;

  constructor(seed: number) {
    this.state = BigInt(seed) % LinearCongruential.MODULUS;
  }

  next(): number {
    this.state = (1664525n * this.state + 1013904223n) % LinearCongruential.MODULUS;
    return (Number(this.state) + 1) / Number(LinearCongruential.MODULUS);
  }
}

type BankEvent =
  | { readonly kind: "arrival"; readonly time: number }
  | { readonly kind: "departure"; readonly time: number; readonly teller: number };

interface Branch {
  readonly tellers: number;
  readonly closingTime: number;
  readonly meanInterarrival: number;
  readonly meanService: number;
}

interface Report {
  readonly served: number;
  readonly meanWait: number;
  readonly p95Wait: number;
  readonly maxWait: number;
  readonly longestQueue: number;
  readonly utilisation: readonly number[];
}

function takeEarliest(agenda: BankEvent[]): BankEvent | undefined {
  let best = 0;
  agenda.forEach((event, i) => {
    if (event.time < agenda[best]!.time) best = i;
  });
  return agenda.splice(best, 1)[0];
}

export function simulate(branch: Branch, source: Uniform): Report {
  const exponential = (mean: number): number => -mean * Math.log(source.next());
  const agenda: BankEvent[] = [{ kind: "arrival", time: exponential(branch.meanInterarrival) }];
  const idle = Array.from({ length: branch.tellers }, (_, teller) => teller);
  const busy = new Array<number>(branch.tellers).fill(0);
  const queue: number[] = [];
  const waits: number[] = [];
  let longestQueue = 0;
  let lastDeparture = 0;

  for (let event = takeEarliest(agenda); event !== undefined; event = takeEarliest(agenda)) {
    const { time } = event;
    if (event.kind === "departure") {
      idle.push(event.teller);
      lastDeparture = time;
    } else if (time < branch.closingTime) {
      queue.push(time);
      agenda.push({ kind: "arrival", time: time + exponential(branch.meanInterarrival) });
    }
    const teller = queue.length > 0 ? idle.shift() : undefined;
    if (teller !== undefined) {
      waits.push(time - (queue.shift() ?? time));
      const service = exponential(branch.meanService);
      busy[teller]! += service;
      agenda.push({ kind: "departure", time: time + service, teller });
    }
    longestQueue = Math.max(longestQueue, queue.length);
  }

  waits.sort((a, b) => a - b);
  return {
    served: waits.length,
    meanWait: waits.reduce((a, b) => a + b, 0) / waits.length,
    p95Wait: waits[Math.ceil(waits.length * 0.95) - 1] ?? NaN,
    maxWait: waits.at(-1) ?? NaN,
    longestQueue,
    utilisation: busy.map((minutes) => minutes / lastDeparture),
  };
}

const report = simulate(
  { tellers: 3, closingTime: 240, meanInterarrival: 2.5, meanService: 7 },
  new LinearCongruential(2024),
);
console.log(`${report.served} customers, queue up to ${report.longestQueue}`);
console.log(`wait: mean ${report.meanWait.toFixed(2)}, 95% below ${report.p95Wait.toFixed(2)} minutes`);
report.utilisation.forEach((u, i) => console.log(`teller ${i + 1} busy ${(u * 100).toFixed(1)}%`));
