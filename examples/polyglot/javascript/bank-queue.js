// Bank queue: discrete-event simulation of customers waiting for tellers.
// Everything random flows from one seeded linear congruential generator.

const defaults = {
  seed: 2024,
  tellers: 3,
  closingTime: 240,
  meanInterarrival: 2.5,
  meanService: 7,
};

/** Returns a function giving uniforms in (0, 1]. */
function makeLcg(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
}

/** Event agenda kept sorted latest-first, so that the next event is popped off the end. */
class Agenda {
  #events = [];

  add(time, action) {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (this.#events[mid].time > time) low = mid + 1;
      else high = mid;
    }
    this.#events.splice(low, 0, { time, action });
  }

  *drain() {
    while (this.#events.length > 0) yield this.#events.pop();
  }
}

export function simulateBank(options = {}) {
  const { seed, tellers, closingTime, meanInterarrival, meanService } = { ...defaults, ...options };
  const uniform = makeLcg(seed);
  const exponential = (mean) => -mean * Math.log(uniform());
  const agenda = new Agenda();
  const line = [];
  const waits = [];
  let free = tellers;
  let busy = 0;
  let longestQueue = 0;
  let lastDeparture = 0;

  const arrive = (now) => {
    if (now >= closingTime) return;
    line.push(now);
    agenda.add(now + exponential(meanInterarrival), arrive);
  };

  const depart = (now) => {
    free += 1;
    lastDeparture = now;
  };

  agenda.add(exponential(meanInterarrival), arrive);
  for (const { time, action } of agenda.drain()) {
    action(time);
    if (free > 0 && line.length > 0) {
      free -= 1;
      waits.push(time - line.shift());
      const service = exponential(meanService);
      busy += service;
      agenda.add(time + service, depart);
    }
    longestQueue = Math.max(longestQueue, line.length);
  }
  return { waits, longestQueue, utilisation: busy / (tellers * lastDeparture) };
}

export function summarize({ waits, longestQueue, utilisation }) {
  const sorted = waits.toSorted ? waits.toSorted((a, b) => a - b) : [...waits].sort((a, b) => a - b);
  const total = sorted.reduce((sum, w) => sum + w, 0);
  return {
    customers: sorted.length,
    "mean wait": (total / sorted.length).toFixed(2),
    "p95 wait": sorted[Math.ceil(0.95 * sorted.length) - 1].toFixed(2),
    "max wait": sorted.at(-1).toFixed(2),
    "longest queue": longestQueue,
    "teller utilisation": `${(100 * utilisation).toFixed(1)}%`,
  };
}

for (const [label, value] of Object.entries(summarize(simulateBank()))) {
  console.log(`${label.padEnd(20, ".")} ${value}`);
}
