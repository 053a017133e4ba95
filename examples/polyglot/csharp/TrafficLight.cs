using System;
using System.Collections.Generic;

namespace Polyglot;

/// <summary>
/// A traffic light guarding a pedestrian crossing. Call <see cref="Tick"/> once a second; a pedestrian
/// request shortens green and earns a walk phase.
/// </summary>
public sealed class TrafficLight
{
    public enum Phase { Green, Amber, AllRed, CrossTraffic, Walk, Clearance, RedAmber }

    public sealed class PhaseChangedEventArgs(Phase from, Phase to) : EventArgs
    {
        public Phase From => from;
        public Phase To => to;
    }

    private const int MinimumGreen = 5;

    private int _elapsed;
    private bool _pedestrianWaiting;

    public event EventHandler<PhaseChangedEventArgs>? PhaseChanged;

    public Phase Current { get; private set; } = Phase.Green;

    public bool PedestriansMayCross => Current is Phase.Walk or Phase.Clearance;

    private int TimeLimit => Current switch
    {
        Phase.Green when _pedestrianWaiting => MinimumGreen,
        Phase.Green => 12,
        Phase.Amber => 3,
        Phase.AllRed => 2,
        Phase.CrossTraffic => 6,
        Phase.Walk => 5,
        Phase.Clearance => 3,
        Phase.RedAmber => 1,
        _ => throw new InvalidOperationException($"No timer for {Current}."),
    };

    private Phase Successor => (Current, _pedestrianWaiting) switch
    {
        (Phase.Green, _) => Phase.Amber,
        (Phase.Amber, _) => Phase.AllRed,
        (Phase.AllRed, true) => Phase.Walk,
        (Phase.AllRed, false) => Phase.CrossTraffic,
        (Phase.Walk, _) => Phase.Clearance,
        (Phase.RedAmber, _) => Phase.Green,
        _ => Phase.RedAmber,
    };

    /// <returns>False when the press was pointless because the walk signal is already on.</returns>
    public bool TryRequestCrossing()
    {
        if (Current == Phase.Walk) return false;
        return _pedestrianWaiting = true;
    }

    public void Tick()
    {
        if (++_elapsed < TimeLimit) return;

        var from = Current;
        Current = Successor;
        _elapsed = 0;
        if (Current == Phase.Walk) _pedestrianWaiting = false;
        PhaseChanged?.Invoke(this, new PhaseChangedEventArgs(from, Current));
    }

    public static void Main()
    {
        var presses = new HashSet<int> { 7, 9, 14, 31, 58 };
        var light = new TrafficLight();
        var second = 0;
        light.PhaseChanged += (sender, change) =>
        {
            var hint = sender is TrafficLight { PedestriansMayCross: true } ? " (pedestrians crossing)" : "";
            Console.WriteLine($"{second,3} s  {change.From} -> {change.To}{hint}");
        };

        while (++second <= 75)
        {
            if (presses.Contains(second))
            {
                var verdict = light.TryRequestCrossing() ? "accepted" : "ignored";
                Console.WriteLine($"{second,3} s  button {verdict}");
            }
            light.Tick();
        }
    }
}
