using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Polyglot;

/// <summary>Probabilistic set of strings: "no" is certain, "yes" is only likely.</summary>
public sealed class BloomFilter
{
    private const ulong FnvOffsetBasis = 0xCBF29CE484222325;
    private const ulong FnvPrime = 0x100000001B3;

    private readonly BitArray _bits;
    private readonly int _hashCount;

    /// <param name="capacity">How many items are expected.</param>
    /// <param name="errorRate">The accepted probability of a false positive.</param>
    public BloomFilter(int capacity, double errorRate = 0.01)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        if (errorRate is <= 0 or >= 1)
        {
            throw new ArgumentOutOfRangeException(nameof(errorRate), errorRate, "Must lie between 0 and 1.");
        }

        var ln2 = Math.Log(2);
        var bitCount = (int)Math.Ceiling(-capacity * Math.Log(errorRate) / (ln2 * ln2));
        _bits = new BitArray(bitCount);
        _hashCount = Math.Max(1, (int)Math.Round(ln2 * bitCount / capacity));
    }

    public int Count { get; private set; }

    public double ExpectedErrorRate =>
        Math.Pow(1 - Math.Exp(-(double)_hashCount * Count / _bits.Length), _hashCount);

    public void Add(string item)
    {
        foreach (var position in Positions(item))
        {
            _bits[position] = true;
        }

        Count++;
    }

    public bool MightContain(string item) => Positions(item).All(position => _bits[position]);

    public override string ToString() =>
        $"{Count} items, {_bits.Cast<bool>().Count(bit => bit)} of {_bits.Length} bits set, k={_hashCount}";

    public static ulong Fnv1a(ReadOnlySpan<byte> data)
    {
        var hash = FnvOffsetBasis;
        foreach (var octet in data)
        {
            hash = unchecked((hash ^ octet) * FnvPrime);
        }

        return hash;
    }

    private IEnumerable<int> Positions(string item)
    {
        var digest = Fnv1a(Encoding.UTF8.GetBytes(item));
        var (start, stride) = (digest >> 32, (digest & uint.MaxValue) | 1);
        for (var i = 0; i < _hashCount; i++)
        {
            yield return (int)((start + (ulong)i * stride) % (ulong)_bits.Length);
        }
    }

    public static void Main()
    {
        string[] spotted =
        {
            "sparrow", "heron", "kestrel", "avocet", "plover", "dunnock", "wigeon", "bittern",
        };
        var sightings = new BloomFilter(spotted.Length);
        Array.ForEach(spotted, sightings.Add);

        Console.WriteLine(sightings);
        Console.WriteLine($"All found again: {spotted.All(sightings.MightContain)}");
        foreach (var bird in new[] { "penguin", "ostrich", "toucan", "flamingo" })
        {
            Console.WriteLine($"{bird,-10}{(sightings.MightContain(bird) ? "maybe" : "no")}");
        }

        Console.WriteLine($"Expected false positives: {sightings.ExpectedErrorRate:P2}");
    }
}
