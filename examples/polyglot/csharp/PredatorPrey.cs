using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Polyglot;

/// <summary>
/// Lotka-Volterra model of hares and the lynxes that hunt them, integrated by Runge-Kutta 4.
/// </summary>
public sealed record PredatorPrey(double Alpha, double Beta, double Delta, double Gamma)
{
    public readonly record struct Populations(double Hares, double Lynxes)
    {
        public static Populations operator +(Populations a, Populations b) =>
            new(a.Hares + b.Hares, a.Lynxes + b.Lynxes);

        public static Populations operator *(double k, Populations p) => new(k * p.Hares, k * p.Lynxes);
    }

    private Populations Rate(Populations p) => new(
        Alpha * p.Hares - Beta * p.Hares * p.Lynxes,
        Delta * p.Hares * p.Lynxes - Gamma * p.Lynxes);

    /// <summary>Stays constant along an exact solution.</summary>
    public double Invariant(Populations p) =>
        Delta * p.Hares - Gamma * Math.Log(p.Hares) + Beta * p.Lynxes - Alpha * Math.Log(p.Lynxes);

    /// <summary>Endless sequence of populations, <paramref name="dt"/> apart in time.</summary>
    public IEnumerable<Populations> Integrate(Populations start, double dt)
    {
        for (var y = start; ; y = Step(y))
        {
            yield return y;
        }

        Populations Step(Populations y)
        {
            var k1 = Rate(y);
            var k2 = Rate(y + dt / 2 * k1);
            var k3 = Rate(y + dt / 2 * k2);
            var k4 = Rate(y + dt * k3);
            return y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
        }
    }

    private static IEnumerable<string> Plot(IReadOnlyList<Populations> orbit, int width, int height)
    {
        var top = orbit.Max(p => Math.Max(p.Hares, p.Lynxes));
        int Level(double value) => (int)Math.Round(value / top * (height - 1));
        var columns = Enumerable.Range(0, width)
            .Select(i => orbit[i * (orbit.Count - 1) / (width - 1)])
            .Select(p => (Hare: Level(p.Hares), Lynx: Level(p.Lynxes)))
            .ToArray();

        for (var row = height - 1; row >= 0; row--)
        {
            var marks = columns.Select(c => (c.Hare == row, c.Lynx == row) switch
            {
                (true, true) => '*',
                (true, false) => 'h',
                (false, true) => 'L',
                _ => ' ',
            });
            yield return $"{top * row / (height - 1),6:F1} |{string.Concat(marks).TrimEnd()}";
        }
        yield return new string(' ', 7) + '+' + new string('-', width);
    }

    public static void Main()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        const double Dt = 0.02;
        var model = new PredatorPrey(Alpha: 1.1, Beta: 0.4, Delta: 0.1, Gamma: 0.4);
        var orbit = model.Integrate(new Populations(Hares: 10, Lynxes: 10), Dt).Take(2001).ToList();

        foreach (var line in Plot(orbit, width: 72, height: 16)) Console.WriteLine(line);

        var (peak, index) = orbit.Select((p, i) => (p.Hares, i)).Max();
        Console.WriteLine($"Hares peak at {peak:F3} when t = {index * Dt:F2}");
        var drift = Math.Abs(model.Invariant(orbit[^1]) - model.Invariant(orbit[0]));
        Console.WriteLine($"Invariant drift {drift:E2}");
    }
}
