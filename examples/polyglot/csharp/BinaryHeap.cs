using System;
using System.Collections;
using System.Collections.Generic;

namespace Polyglot;

/// <summary>Binary min-heap that can promote an element in place (decrease-key).</summary>
/// <remarks>The framework's own PriorityQueue cannot change the priority of a waiting print job.</remarks>
public sealed class BinaryHeap<T> : IReadOnlyCollection<T> where T : notnull
{
    private readonly List<(T Item, int Priority)> _items = new();
    private readonly Dictionary<T, int> _slots = new();

    public int Count => _items.Count;

    public void Enqueue(T item, int priority)
    {
        if (!_slots.TryAdd(item, Count))
        {
            throw new InvalidOperationException($"'{item}' is queued already.");
        }

        _items.Add((item, priority));
        SiftUp(Count - 1);
    }

    public bool TryDequeue(out T item, out int priority)
    {
        if (Count == 0)
        {
            item = default!;
            priority = 0;
            return false;
        }

        (item, priority) = _items[0];
        Swap(0, Count - 1);
        _items.RemoveAt(Count - 1);
        _slots.Remove(item);
        SiftDown(0);
        return true;
    }

    /// <summary>Lowers the priority number of a queued item.</summary>
    public void DecreaseKey(T item, int priority)
    {
        var slot = _slots[item];
        if (priority > _items[slot].Priority)
        {
            throw new ArgumentException($"'{item}' would move backwards.", nameof(priority));
        }

        _items[slot] = (item, priority);
        SiftUp(slot);
    }

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var (item, _) in _items)
        {
            yield return item;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void SiftUp(int slot)
    {
        while (slot > 0 && Precedes(slot, (slot - 1) / 2))
        {
            var parent = (slot - 1) / 2;
            Swap(slot, parent);
            slot = parent;
        }
    }

    private void SiftDown(int slot)
    {
        while (2 * slot + 1 is var child && child < Count)
        {
            if (child + 1 < Count && Precedes(child + 1, child)) child++;
            if (!Precedes(child, slot)) return;
            Swap(slot, child);
            slot = child;
        }
    }

    private bool Precedes(int a, int b) => _items[a].Priority < _items[b].Priority;

    private void Swap(int a, int b)
    {
        (_items[a], _items[b]) = (_items[b], _items[a]);
        _slots[_items[a].Item] = a;
        _slots[_items[b].Item] = b;
    }
}

public static class PrintServer
{
    public static void Main()
    {
        var queue = new BinaryHeap<string>();
        foreach (var (job, priority) in new[] { ("payroll", 40), ("poster", 75), ("thesis", 60),
                     ("boarding-pass", 20), ("recipe", 90), ("invoice", 35) })
            queue.Enqueue(job, priority);
        queue.DecreaseKey("thesis", 10);
        queue.DecreaseKey("recipe", 30);
        while (queue.TryDequeue(out var next, out var urgency)) Console.WriteLine($"[{urgency:D2}] {next}");
    }
}
