// Convex hull of 2D points (monotone chain), with area, perimeter and a containment test.

/** @typedef {[x: number, y: number]} Point */

const buoys = [
  [1, 1], [4, 0], [9, 2], [11, 6], [8, 10], [3, 9], [0, 5],
  [5, 5], [6, 3], [2, 4], [7, 7], [4, 8], [11, 6], [6.5, 1],
];

const orientation = ([ax, ay], [bx, by], [cx, cy]) =>
  Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));

const sameSpot = (p, q) => q !== undefined && p[0] === q[0] && p[1] === q[1];

/**
 * @param {Point[]} points
 * @returns {Point[]} hull vertices, counter-clockwise from the lowest x
 */
export function convexHull(points) {
  const sorted = [...points]
    .sort(([ax, ay], [bx, by]) => ax - bx || ay - by)
    .filter((p, i, all) => !sameSpot(p, all[i - 1]));
  if (sorted.length < 3) return sorted;

  const chain = (sequence) => {
    const stack = [];
    for (const point of sequence) {
      while (stack.length > 1 && orientation(stack.at(-2), stack.at(-1), point) !== 1) {
        stack.pop();
      }
      stack.push(point);
    }
    stack.pop(); // the other chain begins with this point
    return stack;
  };

  return chain(sorted).concat(chain(sorted.reverse()));
}

/** Calls visit(from, to) for each side and adds up what it returns. */
const sumSides = (polygon, visit) =>
  polygon.reduce((sum, p, i) => sum + visit(p, polygon[(i + 1) % polygon.length]), 0);

export const area = (polygon) => sumSides(polygon, ([ax, ay], [bx, by]) => (ax * by - bx * ay) / 2);

export const perimeter = (polygon) =>
  sumSides(polygon, ([ax, ay], [bx, by]) => Math.hypot(bx - ax, by - ay));

export function contains(polygon, point) {
  return polygon.every((p, i) => {
    const next = polygon[(i + 1) % polygon.length];
    return orientation(p, next, point) >= 0;
  });
}

const hull = convexHull(buoys);
console.log('hull:', hull.map((p) => `(${p})`).join(' -> '));
console.log(`area ${area(hull).toFixed(2)}, perimeter ${perimeter(hull).toFixed(3)}`);
for (const boat of [[5, 6], [10, 9], [0, 5], [10, 4]]) {
  console.log(`boat ${boat} is ${contains(hull, boat) ? 'within the buoys' : 'out at sea'}`);
}
