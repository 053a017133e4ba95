using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

/// <summary>Counts the islands in a map of land (#) and water (.) squares.</summary>
public static class UnionFindIslands
{
    private const string Map = """
        ##...#..
        #....##.
        ...#....
        ..##...#
        #......#
        #.#####.
        """;

    public static void Main()
    {
        var rows = Map.Split('\n', StringSplitOptions.TrimEntries);
        var islands = FindIslands(rows);

        Console.WriteLine($"{islands.Count} islands");
        foreach (var (island, number) in islands.Select((squares, index) => (squares, index + 1)))
        {
            var (row, column) = island[0];
            Console.WriteLine($"  #{number} starts at row {row}, column {column}: {island.Count} square(s)");
        }

        Console.WriteLine($"largest: {islands.Max(island => island.Count)} squares");
    }

    public static IReadOnlyList<IReadOnlyList<(int Row, int Column)>> FindIslands(string[] rows)
    {
        var land =
            (from row in Enumerable.Range(0, rows.Length)
             from column in Enumerable.Range(0, rows[row].Length)
             where rows[row][column] == '#'
             select (Row: row, Column: column)).ToList();

        var forest = new DisjointSet<(int, int)>(land);
        foreach (var (row, column) in land)
        {
            forest.TryUnion((row, column), (row + 1, column));
            forest.TryUnion((row, column), (row, column + 1));
        }

        return land
            .GroupBy(square => forest.Find(square))
            .Select(group => (IReadOnlyList<(int Row, int Column)>)group.ToList())
            .ToList();
    }

    /// <summary>Disjoint-set forest with union by rank and path compression.</summary>
    private sealed class DisjointSet<T> where T : notnull
    {
        private readonly Dictionary<T, (T Parent, int Rank)> _links;

        public DisjointSet(IEnumerable<T> members) =>
            _links = members.ToDictionary(member => member, member => (member, 0));

        public T Find(T member)
        {
            var (parent, rank) = _links[member];
            if (EqualityComparer<T>.Default.Equals(parent, member))
            {
                return member;
            }

            var root = Find(parent);
            _links[member] = (root, rank);
            return root;
        }

        /// <returns>False when a member is unknown, or both are in one set already.</returns>
        public bool TryUnion(T left, T right)
        {
            if (!_links.ContainsKey(left) || !_links.ContainsKey(right)) return false;

            var (high, low) = (Find(left), Find(right));
            if (EqualityComparer<T>.Default.Equals(high, low)) return false;

            if (_links[high].Rank < _links[low].Rank) (high, low) = (low, high);
            if (_links[high].Rank == _links[low].Rank) _links[high] = (high, _links[high].Rank + 1);
            _links[low] = (high, _links[low].Rank);
            return true;
        }
    }
}
