using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

/// <summary>Moves elevator cabins between floors in discrete ticks and measures the waiting.</summary>
public sealed class ElevatorSimulation
{
    private const int TopFloor = 9;
    private const int DoorTicks = 2;

    private readonly List<Cabin> _cabins;
    private readonly ILookup<int, Passenger> _callsByTick;
    private readonly IReadOnlyCollection<Passenger> _passengers;

    public ElevatorSimulation(IEnumerable<Cabin> cabins, IReadOnlyCollection<Passenger> passengers)
    {
        if (passengers.Any(p => Math.Min(p.From, p.To) < 0 || Math.Max(p.From, p.To) > TopFloor))
            throw new ArgumentOutOfRangeException(nameof(passengers), "A request names a missing floor.");
        _cabins = cabins.ToList();
        _passengers = passengers;
        _callsByTick = passengers.ToLookup(p => p.CalledAt);
    }

    public int Clock { get; private set; }

    public void RunToCompletion()
    {
        for (Clock = 0; ; Clock++)
        {
            foreach (var call in _callsByTick[Clock]) _cabins.MinBy(c => c.CostOf(call))!.Assign(call);
            _cabins.ForEach(c => c.Tick(Clock));
            if (_passengers.All(p => p.DeliveredAt.HasValue)) return;
        }
    }

    public sealed record Passenger(string Name, int CalledAt, int From, int To)
    {
        public int? BoardedAt { get; set; }
        public int? DeliveredAt { get; set; }
        public int Wait => (BoardedAt ?? throw new InvalidOperationException(Name)) - CalledAt;
    }

    public sealed class Cabin(string label, int floor)
    {
        private readonly List<Passenger> _party = new();
        private int _floor = floor;
        private int _direction;
        private int _doorTimer;

        public string Label => label;
        public int FloorsTravelled { get; private set; }

        // A caller's next stop is the origin; once aboard, the destination.
        private static int NextStop(Passenger p) => p.BoardedAt is null ? p.From : p.To;

        private HashSet<int> Stops => _party.Select(NextStop).ToHashSet();

        public void Assign(Passenger call) => _party.Add(call);

        public int CostOf(Passenger call) => Math.Abs(_floor - call.From) + 3 * Stops.Count;

        public void Tick(int now)
        {
            if (_doorTimer > 0) _doorTimer--;
            else if (Stops.Contains(_floor)) Exchange(now);
            else
            {
                _direction = Steer();
                _floor += _direction;
                FloorsTravelled += Math.Abs(_direction);
            }
        }

        private void Exchange(int now)
        {
            foreach (var p in _party.Where(p => NextStop(p) == _floor).ToList())
            {
                if (p.BoardedAt is null) p.BoardedAt = now;
                else p.DeliveredAt = now;
            }
            _party.RemoveAll(p => p.DeliveredAt.HasValue);
            _doorTimer = DoorTicks;
        }

        private int Steer() => Stops switch
        {
            { Count: 0 } => 0,
            var s when _direction != 0 && s.Any(f => Math.Sign(f - _floor) == _direction) => _direction,
            var s => Math.Sign(s.OrderBy(f => Math.Abs(f - _floor)).ThenBy(f => f).First() - _floor),
        };
    }

    public static void Main()
    {
        Passenger[] people =
        {
            new("Ada", 0, 0, 7), new("Boris", 1, 4, 0), new("Chen", 3, 8, 2), new("Dora", 5, 1, 9),
            new("Emil", 9, 6, 3),
        };
        Cabin[] cabins = { new("A", 0), new("B", 5) };
        var simulation = new ElevatorSimulation(cabins, people);
        simulation.RunToCompletion();
        foreach (var p in people) Console.WriteLine($"{p.Name,-6} waited {p.Wait}, out at {p.DeliveredAt}");
        Console.WriteLine($"Mean wait {people.Average(p => p.Wait):F1}; finished at tick {simulation.Clock}");
        foreach (var c in cabins) Console.WriteLine($"cabin {c.Label}: {c.FloorsTravelled} floors");
    }
}
