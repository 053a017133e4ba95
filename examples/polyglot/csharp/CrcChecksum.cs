using System;
using System.Linq;
using System.Text;

namespace Polyglot;

/// <summary>CRC-32 (table driven) and Adler-32 over byte spans.</summary>
public static class CrcChecksum
{
    private const uint Polynomial = 0xEDB8_8320;
    private const uint AdlerBase = 65_521;

    private static readonly uint[] Table =
        Enumerable.Range(0, 256).Select(n => TableEntry((uint)n)).ToArray();

    private sealed record Sample(string Text, uint Crc, uint Adler);

    private static readonly Sample[] Samples =
    {
        new("", 0x0000_0000, 0x0000_0001),
        new("123456789", 0xCBF4_3926, 0x091E_01DE),
        new("Wikipedia", 0xADAA_C02E, 0x11E6_0398),
        new("The quick brown fox jumps over the lazy dog", 0x414F_A339, 0x5BDC_0FDA),
    };

    /// <param name="data">The bytes to add.</param>
    /// <param name="seed">The checksum of everything before <paramref name="data"/>.</param>
    public static uint Crc32(ReadOnlySpan<byte> data, uint seed = 0)
    {
        var crc = ~seed;
        foreach (var octet in data)
        {
            crc = Table[(byte)(crc ^ octet)] ^ (crc >> 8);
        }

        return ~crc;
    }

    public static uint Adler32(ReadOnlySpan<byte> data)
    {
        var (a, b) = (1u, 0u);
        foreach (var octet in data)
        {
            a = (a + octet) % AdlerBase;
            b = (b + a) % AdlerBase;
        }

        return (b << 16) | a;
    }

    private static uint TableEntry(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 1 ? (value >> 1) ^ Polynomial : value >> 1;
        }

        return value;
    }

    public static int Main()
    {
        var failures = 0;
        foreach (var (text, expectedCrc, expectedAdler) in Samples)
        {
            var data = Encoding.ASCII.GetBytes(text);
            var crc = Crc32(data);
            var adler = Adler32(data);
            var ok = crc == expectedCrc && adler == expectedAdler;
            failures += ok ? 0 : 1;
            Console.WriteLine($"{(ok ? "pass" : "FAIL")}  crc={crc:x8} adler={adler:x8}  \"{text}\"");
        }

        var resumed = Crc32("6789"u8, seed: Crc32("12345"u8));
        Console.WriteLine($"resumed crc: {resumed:x8}");
        return failures;
    }
}
