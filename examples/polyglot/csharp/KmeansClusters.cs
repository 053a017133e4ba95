using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

/// <summary>Where a customer ordered a meal, in kilometres from the town hall.</summary>
public readonly record struct Order(double X, double Y)
{
    public double SquaredDistanceTo(Order other) => Math.Pow(X - other.X, 2) + Math.Pow(Y - other.Y, 2);
}

public sealed record ClusterResult(Order[] Centroids, ILookup<int, Order> Members, int Iterations)
{
    public double Inertia =>
        Members.Sum(group => group.Sum(order => order.SquaredDistanceTo(Centroids[group.Key])));
}

/// <summary>k-means with farthest-first initial centroids, hence the same answer on every run.</summary>
public static class KmeansClusters
{
    public static ClusterResult Fit(IReadOnlyList<Order> orders, int k, int maxIterations = 50)
    {
        if (k < 1 || k > orders.Count)
            throw new ArgumentOutOfRangeException(nameof(k), k, $"Must be from 1 to {orders.Count}.");

        var centroids = FarthestFirst(orders).Take(k).ToArray();
        var members = Assign(orders, centroids);
        var iterations = 1;
        for (; iterations < maxIterations; iterations++)
        {
            var moved = centroids.Select((old, i) => Mean(members[i]) ?? old).ToArray();
            if (moved.SequenceEqual(centroids)) break;
            centroids = moved;
            members = Assign(orders, centroids);
        }
        return new ClusterResult(centroids, members, iterations);
    }

    /// <summary>An endless traversal: each order is the one farthest from all those before it.</summary>
    private static IEnumerable<Order> FarthestFirst(IReadOnlyList<Order> orders)
    {
        var visited = new List<Order>();
        var next = orders[0];
        while (true)
        {
            yield return next;
            visited.Add(next);
            next = orders.MaxBy(order => visited.Min(seen => seen.SquaredDistanceTo(order)));
        }
    }

    private static ILookup<int, Order> Assign(IEnumerable<Order> orders, Order[] centroids) =>
        orders.ToLookup(order =>
            Enumerable.Range(0, centroids.Length).MinBy(i => order.SquaredDistanceTo(centroids[i])));

    private static Order? Mean(IEnumerable<Order> members)
    {
        var list = members.ToList();
        return list.Count == 0 ? null : new Order(list.Average(o => o.X), list.Average(o => o.Y));
    }

    public static void Main()
    {
        Order[] orders =
        {
            new(1.0, 1.2), new(1.5, 1.8), new(1.2, 0.8), new(0.7, 1.5), new(1.9, 1.1),
            new(8.0, 8.1), new(8.4, 7.6), new(7.7, 8.8), new(9.1, 8.3),
            new(1.1, 8.0), new(0.8, 7.4), new(1.6, 8.5), new(2.1, 7.7), new(1.3, 9.0),
            new(5.0, 4.6),
        };

        foreach (var k in new[] { 2, 3 })
        {
            var result = Fit(orders, k);
            Console.WriteLine($"k = {k}: inertia {result.Inertia:F3} after {result.Iterations} iterations");
            for (var i = 0; i < k; i++)
            {
                var (x, y) = result.Centroids[i];
                Console.WriteLine($"  depot {i + 1} ({x:F2}; {y:F2}) for {result.Members[i].Count()} orders");
            }
        }
    }
}
