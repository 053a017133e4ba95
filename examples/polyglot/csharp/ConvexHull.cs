using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

public readonly record struct Point(double X, double Y)
{
    public static Point operator -(Point a, Point b) => new(a.X - b.X, a.Y - b.Y);

    public double Length => Math.Sqrt(X * X + Y * Y);

    public double Cross(Point other) => X * other.Y - Y * other.X;

    public override string ToString() => $"({X}, {Y})";
}

/// <summary>The convex hull of a point set, computed by the monotone chain algorithm.</summary>
public sealed class ConvexHull
{
    public ConvexHull(IEnumerable<Point> points)
    {
        var ordered = points.Distinct().OrderBy(p => p.X).ThenBy(p => p.Y).ToArray();
        if (ordered.Length < 3)
            throw new ArgumentException("At least three different points are needed.", nameof(points));

        var lower = BuildChain(ordered);
        var upper = BuildChain(ordered.Reverse());
        Vertices = lower.SkipLast(1).Concat(upper.SkipLast(1)).ToList();
    }

    /// <summary>Corners of the hull in counter-clockwise order.</summary>
    public IReadOnlyList<Point> Vertices { get; }

    public double Area => Edges().Sum(edge => edge.From.Cross(edge.To)) / 2;

    public double Perimeter => Edges().Sum(edge => (edge.To - edge.From).Length);

    public bool Contains(Point point) =>
        Edges().All(edge => (edge.To - edge.From).Cross(point - edge.From) >= 0);

    private static List<Point> BuildChain(IEnumerable<Point> points)
    {
        var chain = new List<Point>();
        foreach (var point in points)
        {
            while (chain.Count >= 2 && (chain[^1] - chain[^2]).Cross(point - chain[^2]) <= 0)
                chain.RemoveAt(chain.Count - 1);
            chain.Add(point);
        }
        return chain;
    }

    private IEnumerable<(Point From, Point To)> Edges() =>
        Vertices.Zip(Vertices.Skip(1).Append(Vertices[0]));

    public static void Main()
    {
        var buoys = new (double X, double Y)[]
        {
            (1, 1), (4, 0), (9, 2), (11, 6), (8, 10), (3, 9), (0, 5),
            (5, 5), (6, 3), (2, 4), (7, 7), (4, 8), (11, 6), (6.5, 1),
        };
        var hull = new ConvexHull(buoys.Select(b => new Point(b.X, b.Y)));

        Console.WriteLine($"Hull of {hull.Vertices.Count} vertices: {string.Join(" ", hull.Vertices)}");
        Console.WriteLine($"Area {hull.Area:F2}, perimeter {hull.Perimeter:F3}");

        foreach (var boat in new Point[] { new(5, 6), new(10, 9), new(0, 5), new(10, 4) })
        {
            var verdict = hull.Contains(boat) ? "inside" : "outside";
            Console.WriteLine($"Boat {boat} is {verdict}");
        }
    }
}
