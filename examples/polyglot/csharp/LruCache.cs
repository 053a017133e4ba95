namespace Polyglot;

using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

/// <summary>
/// A least-recently-used cache. The linked list keeps the entries from newest to oldest,
/// the dictionary finds an entry's list node in constant time.
/// </summary>
public sealed class LruCache<TKey, TValue> where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes;
    private readonly LinkedList<(TKey Key, TValue Value)> _recency = new();

    public LruCache(int capacity)
    {
        if (capacity < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "Capacity must be positive.");
        }

        Capacity = capacity;
        _nodes = new(capacity);
    }

    public int Capacity { get; }

    public int Count => _nodes.Count;

    public int Hits { get; private set; }

    public int Misses { get; private set; }

    public int Evictions { get; private set; }

    public double HitRatio => Hits + Misses is var lookups and > 0 ? (double)Hits / lookups : 0;

    public IEnumerable<TKey> NewestFirst => _recency.Select(entry => entry.Key);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_nodes.TryGetValue(key, out var node))
        {
            Misses++;
            value = default;
            return false;
        }

        Hits++;
        _recency.Remove(node);
        _recency.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    public void Put(TKey key, TValue value)
    {
        if (_nodes.Remove(key, out var stale))
        {
            _recency.Remove(stale);
        }
        else if (Count == Capacity && _recency.Last is { } oldest)
        {
            _recency.RemoveLast();
            _nodes.Remove(oldest.Value.Key);
            Evictions++;
        }

        _nodes[key] = _recency.AddFirst((key, value));
    }
}

public static class LruCacheDemo
{
    private static readonly string[] Requests =
        { "/home", "/cart", "/help", "/home", "/blog", "/cart", "/home" };

    public static void Main()
    {
        var pages = new LruCache<string, string>(capacity: 3);
        foreach (var path in Requests)
        {
            if (pages.TryGet(path, out var html))
            {
                Console.WriteLine($"{path,-6} cached   {html}");
                continue;
            }

            pages.Put(path, $"<h1>{path.TrimStart('/')}</h1>");
            Console.WriteLine($"{path,-6} rendered");
        }

        Console.WriteLine($"{pages.Hits} hits, {pages.Misses} misses, {pages.Evictions} evictions");
        Console.WriteLine($"Hit ratio: {pages.HitRatio:P1}");
        Console.WriteLine("Newest first: " + string.Join(' ', pages.NewestFirst));
    }
}
