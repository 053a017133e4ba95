using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

/// <summary>One piece of hiking equipment. Weights are given in units of 100 g.</summary>
public sealed record Gear(string Name, int Weight, int Value);

public sealed record TripPlan(IReadOnlyList<Gear> Packed, int Capacity)
{
    public int Weight => Packed.Sum(g => g.Weight);

    public int Value => Packed.Sum(g => g.Value);
}

/// <summary>Solves the 0/1 knapsack for a rucksack with a two-dimensional table.</summary>
public sealed class KnapsackPlanner
{
    private readonly IReadOnlyList<Gear> _gear;

    public KnapsackPlanner(IEnumerable<Gear> gear) => _gear = gear.ToList();

    public TripPlan Plan(int capacity)
    {
        if (capacity < 0)
            throw new ArgumentOutOfRangeException(nameof(capacity), "Capacity cannot be negative.");

        var table = BuildTable(capacity);
        var packed = new Stack<Gear>();
        var room = capacity;
        for (var i = _gear.Count; i > 0; i--)
        {
            if (table[i, room] == table[i - 1, room]) continue;
            packed.Push(_gear[i - 1]);
            room -= _gear[i - 1].Weight;
        }
        return new TripPlan(packed.ToList(), capacity);
    }

    private int[,] BuildTable(int capacity)
    {
        var table = new int[_gear.Count + 1, capacity + 1];
        for (var i = 1; i <= _gear.Count; i++)
        {
            var (_, weight, value) = _gear[i - 1];
            for (var room = 0; room <= capacity; room++)
            {
                var skip = table[i - 1, room];
                table[i, room] = weight > room
                    ? skip
                    : Math.Max(skip, table[i - 1, room - weight] + value);
            }
        }
        return table;
    }

    public static void Main()
    {
        var planner = new KnapsackPlanner(new Gear[]
        {
            new("tent", 18, 60),
            new("stove", 6, 34),
            new("sleeping bag", 12, 55),
            new("rain jacket", 5, 38),
            new("camera", 9, 22),
            new("water filter", 3, 30),
            new("paperback", 4, 8),
            new("head torch", 2, 19),
            new("first aid kit", 3, 28),
            new("trekking poles", 5, 17),
            new("bear canister", 11, 25),
            new("binoculars", 7, 12),
        });

        foreach (var capacity in new[] { 55, 30 })
        {
            var plan = planner.Plan(capacity);
            Console.WriteLine($"Rucksack limit {capacity / 10m:F1} kg");
            foreach (var (name, weight, value) in plan.Packed)
                Console.WriteLine($"  {name,-15} {weight / 10m,4:F1} kg {value,4}");
            Console.WriteLine($"  {"sum",-15} {plan.Weight / 10m,4:F1} kg {plan.Value,4}");
        }
    }
}
