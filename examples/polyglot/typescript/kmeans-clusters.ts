/** Groups map points around k depots: Lloyd's k-means with a farthest-first start. */

export type Point = readonly [x: number, y: number];

export interface Cluster {
  readonly centroid: Point;
  readonly members: readonly Point[];
}

interface Step {
  readonly clusters: readonly Cluster[];
  readonly inertia: number;
}

const distance = ([ax, ay]: Point, [bx, by]: Point): number => Math.hypot(ax - bx, ay - by);

function maxBy<T>(items: readonly T[], score: (item: T) => number): T {
  return items.reduce((best, item) => (score(item) > score(best) ? item : best));
}

function centroidOf(members: readonly Point[], fallback: Point): Point {
  const n = members.length;
  if (n === 0) return fallback;
  const [sx, sy] = members.reduce<Point>(([x, y], [px, py]) => [x + px, y + py], [0, 0]);
  return [sx / n, sy / n];
}

export class KMeans {
  constructor(private readonly points: readonly Point[], private readonly k: number) {
    if (k < 1 || k > points.length) throw new RangeError(`bad number of clusters: ${k}`);
  }

  /** Yields the state after each assignment, the last one being stable. */
  *steps(): Generator<Step, void> {
    let centroids = this.seeds();
    let previous = Number.POSITIVE_INFINITY;
    for (;;) {
      const step = this.assign(centroids);
      yield step;
      if (step.inertia >= previous) return;
      previous = step.inertia;
      centroids = step.clusters.map(({ centroid, members }) => centroidOf(members, centroid));
    }
  }

  fit(): Step & { readonly rounds: number } {
    const history = [...this.steps()];
    const final = history[history.length - 1]!;
    return { ...final, rounds: history.length };
  }

  private seeds(): Point[] {
    const chosen: Point[] = [this.points[0]!];
    while (chosen.length < this.k) {
      chosen.push(maxBy(this.points, (p) => Math.min(...chosen.map((s) => distance(p, s)))));
    }
    return chosen;
  }

  private assign(centroids: readonly Point[]): Step {
    const groups = new Map<Point, Point[]>(centroids.map((c) => [c, []]));
    let inertia = 0;
    for (const point of this.points) {
      const nearest = maxBy(centroids, (c) => -distance(point, c));
      groups.get(nearest)?.push(point);
      inertia += distance(point, nearest) ** 2;
    }
    const clusters = Array.from(groups, ([centroid, members]): Cluster => ({ centroid, members }));
    return { clusters, inertia };
  }
}

const orders: Point[] = [
  [1.0, 1.2], [1.5, 1.8], [1.2, 0.8], [0.7, 1.5], [1.9, 1.1],
  [8.0, 8.1], [8.4, 7.6], [7.7, 8.8], [9.1, 8.3],
  [1.1, 8.0], [0.8, 7.4], [1.6, 8.5], [2.1, 7.7], [1.3, 9.0],
  [5.0, 4.6],
];

for (const k of [2, 3]) {
  const { clusters, inertia, rounds } = new KMeans(orders, k).fit();
  console.log(`${k} depots after ${rounds} rounds, inertia ${inertia.toFixed(3)}`);
  for (const { centroid, members } of clusters) {
    const [x, y] = centroid.map((value) => value.toFixed(2));
    console.log(`  (${x}, ${y}) with ${members.length} orders`);
  }
}
