"""Robots driving around a warehouse: shortest paths by breadth-first search, told by text commands."""

from collections import deque

FLOOR_PLAN = """\
1...#.....
.##.#.##b.
....#.#...
.##...#.#.
.#l##...#.
2...#.D...
"""

COMMANDS = """\
1 goto 9 0
2 fetch lamps
2 fetch bolts
1 goto 4 4
2 fetch lamps
1 goto 6 5
7 goto 0 0
"""

ITEM_MARKS = {"b": "bolts", "l": "lamps"}
MOVES = {"N": (0, -1), "E": (1, 0), "S": (0, 1), "W": (-1, 0)}


class WarehouseError(Exception):
    pass


class Warehouse:
    def __init__(self, plan: str):
        self.floor, self.robots, self.items = set(), {}, {}
        self.dock = None
        for y, row in enumerate(plan.splitlines()):
            for x, mark in enumerate(row):
                if mark == "#":
                    continue
                self.floor.add((x, y))
                if mark.isdigit():
                    self.robots[mark] = (x, y)
                elif mark in ITEM_MARKS:
                    self.items[ITEM_MARKS[mark]] = (x, y)
                elif mark == "D":
                    self.dock = (x, y)

    def find_route(self, robot: str, goal: tuple[int, int]) -> str:
        """Shortest route as compass letters; other robots count as obstacles."""
        start = self.robots[robot]
        free = self.floor - {cell for name, cell in self.robots.items() if name != robot}
        came_from = {start: None}
        frontier = deque([start])
        while frontier:
            cell = frontier.popleft()
            if cell == goal:
                break
            for letter, (dx, dy) in MOVES.items():
                neighbour = cell[0] + dx, cell[1] + dy
                if neighbour in free and neighbour not in came_from:
                    came_from[neighbour] = cell, letter
                    frontier.append(neighbour)
        if goal not in came_from:
            raise WarehouseError(f"robot {robot} cannot reach {goal}")
        route = ""
        while came_from[goal]:
            goal, letter = came_from[goal]
            route = letter + route
        return route

    def drive(self, robot: str, goal: tuple[int, int]) -> str:
        route = self.find_route(robot, goal)
        self.robots[robot] = goal
        return route

    def execute(self, command: str) -> str:
        match command.split():
            case [robot, *_] if robot not in self.robots:
                raise WarehouseError(f"there is no robot {robot}")
            case [robot, "goto", x, y]:
                route = self.drive(robot, (int(x), int(y)))
                return f"robot {robot} drives {route} ({len(route)} steps)"
            case [robot, "fetch", item]:
                if item not in self.items:
                    raise WarehouseError(f"no {item} left on the shelves")
                there = self.drive(robot, self.items[item])
                del self.items[item]
                back = self.drive(robot, self.dock)
                return f"robot {robot} picks {item} after {there}, docks after {back}"
        raise WarehouseError(f"cannot understand {command!r}")


def main() -> None:
    warehouse = Warehouse(FLOOR_PLAN)
    for command in COMMANDS.splitlines():
        try:
            print(f"> {command}\n  {warehouse.execute(command)}")
        except WarehouseError as error:
            print(f"> {command}\n  refused: {error}")


if __name__ == "__main__":
    main()
