using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

/// <summary>Discrete-event simulation of a bank: one line, several tellers, seeded random times.</summary>
public sealed class BankQueue
{
    public readonly record struct Settings(
        uint Seed = 2024,
        int Tellers = 3,
        double ClosingTime = 240,
        double MeanInterarrival = 2.5,
        double MeanService = 7);

    private enum EventKind { Arrival, Departure }

    private readonly PriorityQueue<EventKind, double> _agenda = new();
    private readonly Queue<double> _line = new();
    private readonly List<double> _waits = new();
    private readonly Settings _settings;
    private uint _lcgState;
    private int _freeTellers;
    private double _busyMinutes, _lastDeparture;

    public BankQueue(Settings settings)
    {
        _settings = settings;
        _lcgState = settings.Seed;
        _freeTellers = settings.Tellers;
    }

    public int LongestQueue { get; private set; }

    public IReadOnlyList<double> Waits => _waits;

    public double Utilisation => _busyMinutes / (_settings.Tellers * _lastDeparture);

    public BankQueue Run()
    {
        ScheduleArrival(after: 0);
        while (_agenda.TryDequeue(out var kind, out var now))
        {
            if (kind is EventKind.Departure)
            {
                _freeTellers++;
                _lastDeparture = now;
            }
            else if (now < _settings.ClosingTime)
            {
                _line.Enqueue(now);
                ScheduleArrival(after: now);
            }

            if (_freeTellers > 0 && _line.TryDequeue(out var arrivedAt)) Serve(arrivedAt, now);
            LongestQueue = Math.Max(LongestQueue, _line.Count);
        }
        return this;
    }

    public double WaitPercentile(double fraction)
    {
        var rank = (int)Math.Ceiling(fraction * _waits.Count);
        return _waits.Order().ElementAt(Math.Max(rank, 1) - 1);
    }

    private void ScheduleArrival(double after) =>
        _agenda.Enqueue(EventKind.Arrival, after + Exponential(_settings.MeanInterarrival));

    private void Serve(double arrivedAt, double now)
    {
        _waits.Add(now - arrivedAt);
        _freeTellers--;
        var service = Exponential(_settings.MeanService);
        _busyMinutes += service;
        _agenda.Enqueue(EventKind.Departure, now + service);
    }

    private double Exponential(double mean)
    {
        // Linear congruential step; uint arithmetic wraps at 2^32 by itself.
        _lcgState = unchecked(1664525u * _lcgState + 1013904223u);
        return -mean * Math.Log((_lcgState + 1.0) / 4294967296.0);
    }

    public static void Main()
    {
        var bank = new BankQueue(new Settings(Seed: 2024)).Run();
        Console.WriteLine($"""
            Customers served   {bank.Waits.Count}
            Mean wait          {bank.Waits.Average():F2} min
            95th percentile    {bank.WaitPercentile(0.95):F2} min
            Longest wait       {bank.Waits.Max():F2} min
            Longest queue      {bank.LongestQueue}
            Teller utilisation {bank.Utilisation:P1}
            """);
    }
}
