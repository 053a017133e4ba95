// Which way to drive? Dijkstra's algorithm on the roads between a few Scottish towns.
// With so few towns, scanning for the nearest open one beats maintaining a heap.

const ROADS = [
  ["Edinburgh", "Glasgow", 76],
  ["Edinburgh", "Stirling", 59],
  ["Edinburgh", "Perth", 71],
  ["Glasgow", "Stirling", 43],
  ["Glasgow", "Oban", 155],
  ["Stirling", "Perth", 55],
  ["Perth", "Dundee", 35],
  ["Perth", "Inverness", 180],
  ["Dundee", "Aberdeen", 106],
  ["Aberdeen", "Inverness", 167],
];

export function buildNetwork(roads) {
  const network = {};
  const link = (from, to, km) => {
    network[from] ??= {};
    network[from][to] = km;
  };
  for (const [a, b, km] of roads) {
    link(a, b, km);
    link(b, a, km);
  }
  return network;
}

/** Distances from `origin` to every town that can be reached, each with the town before it. */
export function explore(network, origin) {
  const reached = new Map([[origin, { km: 0, via: null }]]);
  const open = new Set([origin]);

  while (open.size > 0) {
    let nearest;
    for (const town of open) {
      if (nearest === undefined || reached.get(town).km < reached.get(nearest).km) nearest = town;
    }
    open.delete(nearest);

    const { km } = reached.get(nearest);
    for (const [neighbour, leg] of Object.entries(network[nearest] ?? {})) {
      const known = reached.get(neighbour)?.km ?? Infinity;
      if (km + leg < known) {
        reached.set(neighbour, { km: km + leg, via: nearest });
        open.add(neighbour);
      }
    }
  }
  return reached;
}

export function findRoute(network, origin, destination) {
  const reached = explore(network, origin);
  if (!reached.has(destination)) return null;
  const towns = [];
  for (let town = destination; town !== null; town = reached.get(town).via) towns.unshift(town);
  return { towns, km: reached.get(destination).km };
}

const scotland = buildNetwork(ROADS);
const trips = ["Glasgow to Aberdeen", "Edinburgh to Inverness", "Oban to Dundee", "Oban to Lerwick"];
for (const trip of trips) {
  const route = findRoute(scotland, ...trip.split(" to "));
  const stops = route?.towns.slice(1, -1).join(", ");
  console.log(route ? `${trip}: ${route.km} km via ${stops}` : `${trip}: no road`);
}
