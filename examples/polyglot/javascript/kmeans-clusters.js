/**
 * k-means clustering of delivery orders, deterministic thanks to farthest-first seeding.
 */

const squared = (a, b) => (a.x - b.x) ** 2 + (a.y - b.y) ** 2;

/** Index of the element for which `score` is smallest (first one on ties). */
function argMin(list, score) {
  let winner = 0;
  let lowest = Infinity;
  list.forEach((element, index) => {
    const value = score(element);
    if (value < lowest) {
      lowest = value;
      winner = index;
    }
  });
  return winner;
}

function farthestFirst(points, k) {
  const seeds = points.slice(0, 1);
  const gap = points.map((p) => squared(p, seeds[0]));
  while (seeds.length < k) {
    const next = points[argMin(gap, (d) => -d)];
    seeds.push(next);
    points.forEach((p, i) => {
      gap[i] = Math.min(gap[i], squared(p, next));
    });
  }
  return seeds;
}

function meanOf(points) {
  const total = points.reduce((sum, p) => ({ x: sum.x + p.x, y: sum.y + p.y }), { x: 0, y: 0 });
  return { x: total.x / points.length, y: total.y / points.length };
}

/**
 * @param {{x: number, y: number}[]} points
 * @param {number} k
 */
export function kmeans(points, k, { maxIterations = 50 } = {}) {
  if (k < 1 || k > points.length) throw new RangeError(`k = ${k} does not suit ${points.length} points`);

  let centroids = farthestFirst(points, k);
  let labels = [];
  let iteration = 0;
  for (let stable = false; !stable && iteration < maxIterations; iteration++) {
    const updated = points.map((p) => argMin(centroids, (c) => squared(p, c)));
    stable = updated.every((label, i) => label === labels[i]);
    labels = updated;
    centroids = centroids.map((old, c) => {
      const members = points.filter((_, i) => labels[i] === c);
      return members.length ? meanOf(members) : old;
    });
  }

  const inertia = points.reduce((sum, p, i) => sum + squared(p, centroids[labels[i]]), 0);
  return { centroids, labels, inertia, iterations: iteration };
}

const orders = [
  [1.0, 1.2], [1.5, 1.8], [1.2, 0.8], [0.7, 1.5], [1.9, 1.1],
  [8.0, 8.1], [8.4, 7.6], [7.7, 8.8], [9.1, 8.3],
  [1.1, 8.0], [0.8, 7.4], [1.6, 8.5], [2.1, 7.7], [1.3, 9.0],
  [5.0, 4.6],
].map(([x, y]) => ({ x, y }));

for (const k of [2, 3]) {
  const { centroids, labels, inertia, iterations } = kmeans(orders, k);
  console.log(`k=${k}  inertia=${inertia.toFixed(3)}  iterations=${iterations}`);
  centroids.forEach(({ x, y }, c) => {
    const size = labels.filter((label) => label === c).length;
    console.log(`  depot ${c + 1}: ${x.toFixed(2)}, ${y.toFixed(2)} (${size} orders)`);
  });
}
