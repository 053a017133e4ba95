using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Polyglot;

/// <summary>One generation of Conway's Game of Life, stored as the set of its living cells.</summary>
public sealed class GameOfLife
{
    public const string Glider = """
        .O.
        ..O
        OOO
        """;

    public const string RPentomino = """
        .OO
        OO.
        .O.
        """;

    private readonly HashSet<(int X, int Y)> _living;

    public GameOfLife(IEnumerable<(int X, int Y)> living) => _living = living.ToHashSet();

    public IReadOnlySet<(int X, int Y)> Living => _living;

    public int Population => _living.Count;

    /// <summary>Reads a drawing of <c>O</c> (alive) and <c>.</c> (dead) characters.</summary>
    /// <exception cref="FormatException">The drawing holds any other character.</exception>
    public static GameOfLife Parse(string drawing)
    {
        var cells = drawing
            .Split('\n', StringSplitOptions.TrimEntries)
            .SelectMany((row, y) => row.Select((mark, x) => (mark, x, y)))
            .ToList();
        var stray = cells.Find(c => c.mark is not ('O' or '.'));
        if (stray.mark != default(char))
        {
            throw new FormatException($"Unexpected '{stray.mark}' at ({stray.x}, {stray.y}).");
        }
        return new GameOfLife(cells.Where(c => c.mark == 'O').Select(c => (c.x, c.y)));
    }

    public GameOfLife Next() => new(
        from cell in _living.SelectMany(Neighbours)
        group cell by cell into crowd
        let count = crowd.Count()
        where count == 3 || (count == 2 && _living.Contains(crowd.Key))
        select crowd.Key);

    public IEnumerable<GameOfLife> Generations()
    {
        for (var current = this; ; current = current.Next()) yield return current;
    }

    public string Render(int width, int height)
    {
        var canvas = new StringBuilder();
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++) canvas.Append(_living.Contains((x, y)) ? 'O' : '.');
            canvas.Append('\n');
        }
        return canvas.ToString();
    }

    private static IEnumerable<(int X, int Y)> Neighbours((int X, int Y) cell) =>
        from dx in Enumerable.Range(-1, 3)
        from dy in Enumerable.Range(-1, 3)
        where (dx, dy) != (0, 0)
        select (cell.X + dx, cell.Y + dy);

    public static void Main()
    {
        foreach (var (life, age) in Parse(Glider).Generations().Take(5).Select((g, i) => (g, i)))
        {
            Console.WriteLine($"Generation {age}");
            Console.WriteLine(life.Render(width: 8, height: 6));
        }

        var history = Parse(RPentomino).Generations().Take(201).ToArray();
        for (var age = 0; age < history.Length; age += 50)
        {
            Console.WriteLine($"R-pentomino, generation {age,3}: {history[age].Population} living cells");
        }
    }
}
