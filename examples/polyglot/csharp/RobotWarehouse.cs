using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

/// <summary>Executes commands for warehouse robots, routing them by breadth-first search.</summary>
public sealed class RobotWarehouse
{
    private readonly record struct Cell(int X, int Y);

    private sealed class CommandRefusedException(string reason) : Exception(reason);

    private static readonly (char Letter, int Dx, int Dy)[] Headings =
    {
        ('N', 0, -1), ('E', 1, 0), ('S', 0, 1), ('W', -1, 0),
    };

    private readonly HashSet<Cell> _aisles = new();
    private readonly Dictionary<string, Cell> _robots = new();
    private readonly Dictionary<string, Cell> _stock = new();
    private readonly Cell _dock;

    public RobotWarehouse(string plan)
    {
        var marks = plan.Split('\n').SelectMany((row, y) => row.Trim().Select((m, x) => (m, new Cell(x, y))));
        foreach (var (mark, cell) in marks)
        {
            if (mark != '#') _aisles.Add(cell);
            if (char.IsDigit(mark)) _robots[mark.ToString()] = cell;
            else if (mark == 'b') _stock["bolts"] = cell;
            else if (mark == 'l') _stock["lamps"] = cell;
            else if (mark == 'D') _dock = cell;
        }
    }

    public string Execute(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var robot, ..] || !_robots.ContainsKey(robot))
            throw new CommandRefusedException("no such robot");

        switch (words)
        {
            case [_, "goto", var x, var y]:
                return Drive(robot, new Cell(int.Parse(x), int.Parse(y)));
            case [_, "fetch", var item] when _stock.TryGetValue(item, out var shelf):
                var outbound = Drive(robot, shelf);
                _stock.Remove(item);
                return $"{outbound}, pick up {item}, {Drive(robot, _dock)}, drop";
            case [_, "fetch", var item]:
                throw new CommandRefusedException($"{item} out of stock");
            default:
                throw new CommandRefusedException("unknown command");
        }
    }

    private string Drive(string robot, Cell goal)
    {
        var route = FindRoute(_robots[robot], goal)
            ?? throw new CommandRefusedException($"({goal.X}, {goal.Y}) cannot be reached");
        _robots[robot] = goal;
        return $"{route} ({route.Length} steps)";
    }

    private string? FindRoute(Cell start, Cell goal)
    {
        var routes = new Dictionary<Cell, string> { [start] = "" };
        var frontier = new Queue<Cell>(routes.Keys);
        while (frontier.TryDequeue(out var cell))
        {
            if (cell == goal) return routes[cell];
            foreach (var (letter, dx, dy) in Headings)
            {
                var next = new Cell(cell.X + dx, cell.Y + dy);
                var open = _aisles.Contains(next) && !_robots.ContainsValue(next);
                if (open && routes.TryAdd(next, routes[cell] + letter)) frontier.Enqueue(next);
            }
        }
        return null;
    }

    public static void Main()
    {
        var warehouse = new RobotWarehouse("""
            1...#.....
            .##.#.##b.
            ....#.#...
            .##...#.#.
            .#l##...#.
            2...#.D...
            """);
        string[] script =
        {
            "1 goto 9 0", "2 fetch lamps", "2 fetch bolts", "1 goto 4 4", "2 fetch lamps", "1 goto 6 5",
            "7 goto 0 0",
        };
        foreach (var command in script)
        {
            try
            {
                Console.WriteLine($"{command,-14} {warehouse.Execute(command)}");
            }
            catch (CommandRefusedException refusal)
            {
                Console.WriteLine($"{command,-14} refused: {refusal.Message}");
            }
        }
    }
}
