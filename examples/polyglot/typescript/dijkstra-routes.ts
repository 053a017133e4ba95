/** Shortest routes between towns: Dijkstra with a small typed priority queue. */

const roads = {
  Edinburgh: { Glasgow: 76, Stirling: 59, Perth: 71 },
  Glasgow: { Edinburgh: 76, Stirling: 43, Oban: 155 },
  Stirling: { Edinburgh: 59, Glasgow: 43, Perth: 55 },
  Perth: { Edinburgh: 71, Stirling: 55, Dundee: 35, Inverness: 180 },
  Dundee: { Perth: 35, Aberdeen: 106 },
  Aberdeen: { Dundee: 106, Inverness: 167 },
  Inverness: { Perth: 180, Aberdeen: 167 },
  Oban: { Glasgow: 155 },
  Lerwick: {},
} as const;

type Town = keyof typeof roads;

export type RouteResult =
  | { found: true; towns: Town[]; kilometres: number }
  | { found: false; reachable: Town[] };

class Frontier {
  private readonly queue: { town: Town; kilometres: number }[] = [];

  push(town: Town, kilometres: number): void {
    // Binary search keeps the queue sorted with the nearest town at its end.
    let low = 0;
    let high = this.queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.queue[middle]!.kilometres > kilometres) low = middle + 1;
      else high = middle;
    }
    this.queue.splice(low, 0, { town, kilometres });
  }

  popNearest(): { town: Town; kilometres: number } | undefined {
    return this.queue.pop();
  }
}

function neighbours(town: Town): [Town, number][] {
  return Object.entries(roads[town]) as [Town, number][];
}

export function findRoute(origin: Town, destination: Town): RouteResult {
  const kilometresTo = new Map<Town, number>([[origin, 0]]);
  const cameFrom = new Map<Town, Town>();
  const frontier = new Frontier();
  frontier.push(origin, 0);

  for (let stop = frontier.popNearest(); stop; stop = frontier.popNearest()) {
    const { town, kilometres } = stop;
    if (town === destination) {
      return { found: true, kilometres, towns: reconstruct(cameFrom, destination) };
    }
    if (kilometres > (kilometresTo.get(town) ?? Infinity)) continue; // an outdated entry
    for (const [next, leg] of neighbours(town)) {
      const total = kilometres + leg;
      if (total >= (kilometresTo.get(next) ?? Infinity)) continue;
      kilometresTo.set(next, total);
      cameFrom.set(next, town);
      frontier.push(next, total);
    }
  }
  return { found: false, reachable: [...kilometresTo.keys()] };
}

function reconstruct(cameFrom: ReadonlyMap<Town, Town>, town: Town): Town[] {
  const previous = cameFrom.get(town);
  return previous === undefined ? [town] : [...reconstruct(cameFrom, previous), town];
}

const trips: [Town, Town][] = [
  ["Glasgow", "Aberdeen"],
  ["Edinburgh", "Inverness"],
  ["Oban", "Dundee"],
  ["Oban", "Lerwick"],
];

for (const [origin, destination] of trips) {
  const route = findRoute(origin, destination);
  if (route.found) {
    console.log(`${route.towns.join(" -> ")}: ${route.kilometres} km`);
  } else {
    console.log(`${destination} is not among the ${route.reachable.length} towns reachable from ${origin}`);
  }
}
