/** Convex polygons around scattered points: monotone chain hull, measures and containment. */

interface Point {
  readonly x: number;
  readonly y: number;
}

type Side = readonly [from: Point, to: Point];

const enum Turn {
  Right = -1,
  Straight = 0,
  Left = 1,
}

function turn(a: Point, b: Point, c: Point): Turn {
  const product = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  if (product === 0) return Turn.Straight;
  return product > 0 ? Turn.Left : Turn.Right;
}

export class ConvexPolygon {
  private constructor(readonly vertices: readonly Point[]) {}

  /** Wraps the points; vertices run counter-clockwise. */
  static hullOf(points: Iterable<Point>): ConvexPolygon {
    const sorted = [...points].sort((p, q) => p.x - q.x || p.y - q.y);
    if (sorted.length < 3) {
      throw new RangeError(`cannot wrap ${sorted.length} points`);
    }
    const lower: Point[] = [];
    const upper: Point[] = [];
    for (const p of sorted) {
      ConvexPolygon.append(lower, p, Turn.Left);
      ConvexPolygon.append(upper, p, Turn.Right);
    }
    const back = upper.slice(1, -1).reverse();
    return new ConvexPolygon([...lower, ...back]);
  }

  private static append(chain: Point[], p: Point, wanted: Turn): void {
    const top = chain.at(-1);
    if (top && top.x === p.x && top.y === p.y) return;
    while (chain.length >= 2 && turn(chain.at(-2)!, chain.at(-1)!, p) !== wanted) {
      chain.pop();
    }
    chain.push(p);
  }

  *sides(): Generator<Side> {
    let from = this.vertices.at(-1)!;
    for (const to of this.vertices) {
      yield [from, to];
      from = to;
    }
  }

  get area(): number {
    let doubled = 0;
    for (const [p, q] of this.sides()) doubled += p.x * q.y - q.x * p.y;
    return doubled / 2;
  }

  get perimeter(): number {
    return [...this.sides()].reduce((sum, [p, q]) => sum + Math.hypot(q.x - p.x, q.y - p.y), 0);
  }

  contains(point: Point): boolean {
    for (const [from, to] of this.sides()) {
      if (turn(from, to, point) === Turn.Right) return false;
    }
    return true;
  }
}

const at = (x: number, y: number): Point => ({ x, y });

const buoys: Point[] = [
  at(1, 1), at(4, 0), at(9, 2), at(11, 6), at(8, 10), at(3, 9), at(0, 5),
  at(5, 5), at(6, 3), at(2, 4), at(7, 7), at(4, 8), at(11, 6), at(6.5, 1),
];

const fence = ConvexPolygon.hullOf(buoys);
console.log("vertices", fence.vertices.map(({ x, y }) => `${x},${y}`).join(" "));
console.log("area", fence.area.toFixed(2));
console.log("perimeter", fence.perimeter.toFixed(3));
for (const boat of [at(5, 6), at(10, 9), at(0, 5), at(10, 4)]) {
  console.log(`boat (${boat.x}, ${boat.y})`, fence.contains(boat) ? "inside" : "outside");
}
