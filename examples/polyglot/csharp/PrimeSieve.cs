using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

public readonly record struct TwinPrime(long Lower, long Upper);

/// <summary>Enumerates primes lazily with a segmented sieve of Eratosthenes.</summary>
public static class PrimeSieve
{
    private const int SegmentSize = 32_768;

    public static IEnumerable<long> Between(long low, long high)
    {
        if (high < 2) yield break;

        var basePrimes = Basic((int)Math.Sqrt(high));
        for (var start = Math.Max(low, 2); start <= high; start += SegmentSize)
        {
            var length = (int)Math.Min(SegmentSize, high - start + 1);
            var sieve = new BitArray(length, defaultValue: true);

            foreach (var p in basePrimes.TakeWhile(p => (long)p * p < start + length))
            {
                var first = Math.Max((long)p * p, (start + p - 1) / p * p);
                for (var offset = first - start; offset < length; offset += p)
                    sieve[(int)offset] = false;
            }

            for (var i = 0; i < length; i++)
                if (sieve[i]) yield return start + i;
        }
    }

    public static IEnumerable<TwinPrime> Twins(long low, long high)
    {
        var primes = Between(low, high).ToList();
        return primes.Zip(primes.Skip(1), (p, q) => new TwinPrime(p, q))
            .Where(pair => pair.Upper - pair.Lower == 2);
    }

    /// <summary>Splits <paramref name="number"/> into prime powers by trial division.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public static IReadOnlyDictionary<long, int> Factorise(long number)
    {
        if (number < 1)
            throw new ArgumentOutOfRangeException(nameof(number), number, "Must be positive.");

        var powers = new SortedDictionary<long, int>();
        void Count(long prime) => powers[prime] = powers.GetValueOrDefault(prime) + 1;

        for (long divisor = 2; divisor * divisor <= number; divisor++)
        {
            while (number % divisor == 0)
            {
                Count(divisor);
                number /= divisor;
            }
        }

        if (number > 1) Count(number);
        return powers;
    }

    private static List<int> Basic(int limit)
    {
        var primes = new List<int>();
        var composite = new bool[limit + 1];
        for (var n = 2; n <= limit; n++)
        {
            if (composite[n]) continue;
            primes.Add(n);
            for (var m = (long)n * n; m <= limit; m += n) composite[m] = true;
        }
        return primes;
    }

    public static void Main()
    {
        Console.WriteLine($"{Between(2, 200_000).Count():N0} primes below 200,000");
        foreach (var (lower, upper) in Twins(10_000, 10_500))
            Console.WriteLine($"  {lower} and {upper}");

        foreach (var n in new[] { 600_851_475_143, 9_699_690, 1_001_001, 65_536 })
        {
            var product = Factorise(n).Select(f => f.Value > 1 ? $"{f.Key}^{f.Value}" : $"{f.Key}");
            Console.WriteLine($"{n} = {string.Join(" * ", product)}");
        }
    }
}
