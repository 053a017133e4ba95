/**
 * Robot warehouse: a text floor plan, robots that find their way by breadth-first search,
 * and a little command language ("1 goto 9 0", "2 fetch lamps").
 */

const PLAN = `
1...#.....
.##.#.##b.
....#.#...
.##...#.#.
.#l##...#.
2...#.D...`.trim();

const ITEMS = { b: "bolts", l: "lamps" };
const COMPASS = [["N", 0, -1], ["E", 1, 0], ["S", 0, 1], ["W", -1, 0]];

function readPlan(text) {
  const grid = text.split("\n").map((row) => [...row]);
  const robots = new Map();
  const stock = new Map();
  let dock;
  for (const [y, row] of grid.entries()) {
    for (const [x, mark] of row.entries()) {
      if (/\d/.test(mark)) robots.set(mark, { x, y });
      else if (mark in ITEMS) stock.set(ITEMS[mark], { x, y });
      else if (mark === "D") dock = { x, y };
    }
  }
  return { grid, robots, stock, dock };
}

const isFree = ({ grid, robots }, x, y) =>
  (grid[y]?.[x] ?? "#") !== "#" && ![...robots.values()].some((r) => r.x === x && r.y === y);

/** Expands the search level by level; returns compass letters, or null when the goal is cut off. */
export function findRoute(warehouse, start, goal) {
  const seen = new Set([`${start.x},${start.y}`]);
  let level = [{ ...start, path: "" }];
  while (level.length > 0) {
    const arrived = level.find(({ x, y }) => x === goal.x && y === goal.y);
    if (arrived) return arrived.path;
    const nextLevel = [];
    for (const { x, y, path } of level) {
      for (const [letter, dx, dy] of COMPASS) {
        const key = `${x + dx},${y + dy}`;
        if (!seen.has(key) && isFree(warehouse, x + dx, y + dy)) {
          seen.add(key);
          nextLevel.push({ x: x + dx, y: y + dy, path: path + letter });
        }
      }
    }
    level = nextLevel;
  }
  return null;
}

function drive(warehouse, robot, goal) {
  const path = findRoute(warehouse, warehouse.robots.get(robot), goal);
  if (path === null) throw new Error(`no route to ${goal.x},${goal.y}`);
  warehouse.robots.set(robot, { x: goal.x, y: goal.y });
  return path;
}

const verbs = {
  goto(warehouse, robot, x, y) {
    const path = drive(warehouse, robot, { x: Number(x), y: Number(y) });
    return `${path} (${path.length} steps)`;
  },
  fetch(warehouse, robot, item) {
    const shelf = warehouse.stock.get(item);
    if (!shelf) throw new Error(`${item} are out of stock`);
    const there = drive(warehouse, robot, shelf);
    warehouse.stock.delete(item);
    return `${there} [pick ${item}] ${drive(warehouse, robot, warehouse.dock)} [drop]`;
  },
};

export function execute(warehouse, command) {
  const [robot, verb, ...args] = command.split(" ");
  if (!warehouse.robots.has(robot)) throw new Error(`unknown robot ${robot}`);
  if (!Object.hasOwn(verbs, verb)) throw new Error(`unknown verb ${verb}`);
  return verbs[verb](warehouse, robot, ...args);
}

const warehouse = readPlan(PLAN);
const script = [
  "1 goto 9 0", "2 fetch lamps", "2 fetch bolts", "1 goto 4 4", "2 fetch lamps", "1 goto 6 5", "7 goto 0 0",
];
for (const command of script) {
  try {
    console.log(`${command.padEnd(14)} ${execute(warehouse, command)}`);
  } catch ({ message }) {
    console.log(`${command.padEnd(14)} refused: ${message}`);
  }
}
