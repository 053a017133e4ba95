using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

/// <summary>A road network between named towns, with shortest routes by Dijkstra's algorithm.</summary>
public sealed class DijkstraRoutes
{
    private readonly ILookup<string, (string To, int Kilometres)> _roads;

    public DijkstraRoutes(IEnumerable<(string From, string To, int Kilometres)> roads)
    {
        _roads = roads
            .SelectMany(road => new[] { road, (From: road.To, To: road.From, road.Kilometres) })
            .ToLookup(road => road.From, road => (road.To, road.Kilometres));
    }

    public sealed record Route(IReadOnlyList<string> Towns, int Kilometres)
    {
        public override string ToString() => $"{Kilometres} km: {string.Join(", ", Towns)}";
    }

    /// <summary>Finds the shortest route, or returns null when the towns are not connected.</summary>
    public Route? FindRoute(string origin, string destination)
    {
        var best = new Dictionary<string, int> { [origin] = 0 };
        var previous = new Dictionary<string, string>();
        var frontier = new PriorityQueue<string, int>();
        frontier.Enqueue(origin, 0);

        while (frontier.TryDequeue(out var town, out var travelled))
        {
            if (town == destination)
            {
                return new Route(Backtrack(previous, destination).Reverse().ToArray(), travelled);
            }

            if (travelled > best[town])
            {
                continue;
            }

            foreach (var (neighbour, leg) in _roads[town])
            {
                var candidate = travelled + leg;
                if (!best.TryGetValue(neighbour, out var known) || candidate < known)
                {
                    best[neighbour] = candidate;
                    previous[neighbour] = town;
                    frontier.Enqueue(neighbour, candidate);
                }
            }
        }

        return null;
    }

    private static IEnumerable<string> Backtrack(IReadOnlyDictionary<string, string> previous, string town)
    {
        yield return town;
        while (previous.TryGetValue(town, out var before))
        {
            yield return town = before;
        }
    }

    public static void Main()
    {
        var scotland = new DijkstraRoutes(new[]
        {
            ("Edinburgh", "Glasgow", 76),
            ("Edinburgh", "Stirling", 59),
            ("Edinburgh", "Perth", 71),
            ("Glasgow", "Stirling", 43),
            ("Glasgow", "Oban", 155),
            ("Stirling", "Perth", 55),
            ("Perth", "Dundee", 35),
            ("Perth", "Inverness", 180),
            ("Dundee", "Aberdeen", 106),
            ("Aberdeen", "Inverness", 167),
        });

        Print("Glasgow", "Aberdeen");
        Print("Edinburgh", "Inverness");
        Print("Oban", "Dundee");
        Print("Oban", "Lerwick");

        void Print(string origin, string destination) =>
            Console.WriteLine(scotland.FindRoute(origin, destination)?.ToString()
                ?? $"No road leads from {origin} to {destination}.");
    }
}
