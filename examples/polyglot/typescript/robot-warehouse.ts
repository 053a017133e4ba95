/** Breadth-first routing of robots through a warehouse, driven by parsed commands. */

interface Cell {
  readonly x: number;
  readonly y: number;
}

type Command =
  | { readonly verb: "goto"; readonly robot: string; readonly target: Cell }
  | { readonly verb: "fetch"; readonly robot: string; readonly item: string };

type Outcome = { readonly ok: true; readonly log: string } | { readonly ok: false; readonly reason: string };

const HEADINGS: Readonly<Record<"N" | "E" | "S" | "W", Cell>> = {
  N: { x: 0, y: -1 },
  E: { x: 1, y: 0 },
  S: { x: 0, y: 1 },
  W: { x: -1, y: 0 },
};

export function parseCommand(line: string): Command {
  const match = /^(?<robot>\d) (?:goto (?<x>\d+) (?<y>\d+)|fetch (?<item>\w+))$/.exec(line);
  const { robot, x, y, item } = match?.groups ?? {};
  if (robot === undefined) throw new SyntaxError(`Not a command: ${line}`);
  return item !== undefined
    ? { verb: "fetch", robot, item }
    : { verb: "goto", robot, target: { x: Number(x), y: Number(y) } };
}

class Warehouse {
  private readonly robots = new Map<string, Cell>();
  private readonly stock = new Map<string, Cell>();
  private dock: Cell = { x: 0, y: 0 };

  constructor(private readonly plan: readonly string[], itemNames: Readonly<Record<string, string>>) {
    plan.forEach((row, y) => [...row].forEach((mark, x) => {
      const item = itemNames[mark];
      if (item !== undefined) this.stock.set(item, { x, y });
      else if (mark >= "0" && mark <= "9") this.robots.set(mark, { x, y });
      else if (mark === "D") this.dock = { x, y };
    }));
  }

  execute(command: Command): Outcome {
    const position = this.robots.get(command.robot);
    if (!position) return { ok: false, reason: `there is no robot ${command.robot}` };
    if (command.verb === "goto") return this.travel(command.robot, position, [command.target]);
    const shelf = this.stock.get(command.item);
    if (!shelf) return { ok: false, reason: `no ${command.item} in stock` };
    const outcome = this.travel(command.robot, position, [shelf, this.dock]);
    if (outcome.ok) this.stock.delete(command.item);
    return outcome;
  }

  private travel(robot: string, from: Cell, stops: readonly Cell[]): Outcome {
    const legs: string[] = [];
    for (const stop of stops) {
      const leg = this.shortestPath(from, stop);
      if (leg === undefined) return { ok: false, reason: `no way to (${stop.x}, ${stop.y})` };
      legs.push(`${leg} = ${leg.length} steps`);
      this.robots.set(robot, stop);
      from = stop;
    }
    return { ok: true, log: legs.join(", then ") };
  }

  private blocked({ x, y }: Cell): boolean {
    if ((this.plan[y]?.[x] ?? "#") === "#") return true;
    return [...this.robots.values()].some((other) => other.x === x && other.y === y);
  }

  private shortestPath(start: Cell, goal: Cell): string | undefined {
    const frontier: Array<[cell: Cell, path: string]> = [[start, ""]];
    const visited = new Set([`${start.x}:${start.y}`]);
    for (const [{ x, y }, path] of frontier) {
      if (x === goal.x && y === goal.y) return path;
      for (const [letter, move] of Object.entries(HEADINGS)) {
        const neighbour = { x: x + move.x, y: y + move.y };
        const id = `${neighbour.x}:${neighbour.y}`;
        if (visited.has(id) || this.blocked(neighbour)) continue;
        visited.add(id);
        frontier.push([neighbour, path + letter]);
      }
    }
    return undefined;
  }
}

const plan = ["1...#.....", ".##.#.##b.", "....#.#...", ".##...#.#.", ".#l##...#.", "2...#.D..."];
const warehouse = new Warehouse(plan, { b: "bolts", l: "lamps" });
const script = ["1 goto 9 0", "2 fetch lamps", "2 fetch bolts", "1 goto 4 4", "1 goto 6 5", "7 goto 0 0"];
for (const line of script) {
  const outcome = warehouse.execute(parseCommand(line));
  console.log(`${line} -> ${outcome.ok ? outcome.log : `refused: ${outcome.reason}`}`);
}
