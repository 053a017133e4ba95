using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Polyglot;

/// <summary>
/// A small publish/subscribe hub. Patterns know two wildcards: <c>*</c> for a single segment
/// and a trailing <c>#</c> for whatever follows. Recent events can be replayed.
/// </summary>
public sealed class EventBus
{
    public sealed record Event(long Sequence, string Topic, object? Payload);

    private sealed class Subscription(EventBus bus, string pattern, Action<Event> handler) : IDisposable
    {
        public bool Wants(Event e) => Matches(pattern, e.Topic);

        public void Invoke(Event e) => handler(e);

        public void Dispose() => bus.Remove(this);
    }

    private readonly object _gate = new();
    private readonly Queue<Event> _recent = new();
    private readonly int _retention;
    private ImmutableList<Subscription> _subscriptions = ImmutableList<Subscription>.Empty;
    private long _sequence;

    public EventBus(int retention = 100) => _retention = retention;

    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> topic)
    {
        while (true)
        {
            var wanted = TakeSegment(ref pattern);
            if (wanted is "#" && pattern.IsEmpty)
            {
                return true;
            }

            var actual = TakeSegment(ref topic);
            if (wanted is not "*" && !wanted.SequenceEqual(actual))
            {
                return false;
            }

            if (pattern.IsEmpty || topic.IsEmpty)
            {
                return topic.IsEmpty && (pattern.IsEmpty || pattern is "#");
            }
        }
    }

    public IDisposable Subscribe(string pattern, Action<Event> handler, int replay = 0)
    {
        var subscription = new Subscription(this, pattern, handler);
        Event[] missed;
        lock (_gate)
        {
            missed = _recent.Where(subscription.Wants).TakeLast(replay).ToArray();
            _subscriptions = _subscriptions.Add(subscription);
        }

        Array.ForEach(missed, subscription.Invoke);
        return subscription;
    }

    public void Publish(string topic, object? payload = null)
    {
        Event published;
        ImmutableList<Subscription> snapshot;
        lock (_gate)
        {
            published = new Event(++_sequence, topic, payload);
            _recent.Enqueue(published);
            while (_recent.Count > _retention)
            {
                _recent.Dequeue();
            }

            snapshot = _subscriptions;
        }

        foreach (var subscription in snapshot.Where(s => s.Wants(published)))
        {
            subscription.Invoke(published);
        }
    }

    private static ReadOnlySpan<char> TakeSegment(ref ReadOnlySpan<char> path)
    {
        var dot = path.IndexOf('.');
        var segment = dot < 0 ? path : path[..dot];
        path = dot < 0 ? ReadOnlySpan<char>.Empty : path[(dot + 1)..];
        return segment;
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = _subscriptions.Remove(subscription);
        }
    }
}
