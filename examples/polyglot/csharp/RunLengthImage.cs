using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Polyglot;

/// <summary>One-bit image compressed to run lengths; each row carries a Fletcher-16 checksum.</summary>
public sealed class RunLengthImage
{
    private const char Ink = '#';
    private const char Paper = '.';

    private RunLengthImage(int width, IEnumerable<EncodedRow> rows) =>
        (Width, Rows) = (width, rows.ToList());

    /// <param name="Runs">Paper and ink lengths in turn; the first run is always paper.</param>
    public readonly record struct EncodedRow(byte[] Runs, ushort Checksum)
    {
        public bool IsValid => Fletcher16(Runs) == Checksum;
    }

    public int Width { get; }

    public IReadOnlyList<EncodedRow> Rows { get; }

    public static RunLengthImage Encode(params string[] bitmap)
    {
        if (bitmap.Select(line => line.Length).Distinct().Count() != 1)
        {
            throw new ArgumentException("All rows of the bitmap must be equally wide.", nameof(bitmap));
        }

        return new RunLengthImage(bitmap[0].Length, bitmap.Select(EncodeRow));
    }

    public IEnumerable<string> Decode()
    {
        foreach (var (row, y) in Rows.Select((row, y) => (row, y)))
        {
            if (!row.IsValid)
            {
                throw new InvalidDataException($"Row {y} fails its checksum {row.Checksum:X4}.");
            }

            var stretches = row.Runs.Select((run, i) => new string(i % 2 == 0 ? Paper : Ink, run));
            var pixels = string.Concat(stretches);
            yield return pixels.Length == Width
                ? pixels
                : throw new InvalidDataException($"Row {y} is {pixels.Length} pixels wide.");
        }
    }

    private static EncodedRow EncodeRow(string line)
    {
        var runs = new List<byte>();
        var current = Paper;
        byte length = 0;
        foreach (var pixel in line)
        {
            if (pixel != current)
            {
                runs.Add(length);
                (current, length) = (pixel, 0);
            }

            length++;
        }

        runs.Add(length);
        var packed = runs.ToArray();
        return new EncodedRow(packed, Fletcher16(packed));
    }

    private static ushort Fletcher16(ReadOnlySpan<byte> data)
    {
        int low = 0, high = 0;
        foreach (var value in data)
        {
            low = (low + value) % 255;
            high = (high + low) % 255;
        }

        return (ushort)((high << 8) | low);
    }

    public static void Main()
    {
        var image = Encode(
            "..#.....#..", "...#...#...", "..#######..", ".##.###.##.",
            "###########", "#.#######.#", "#.#.....#.#", "...##.##...");

        foreach (var row in image.Rows)
        {
            Console.WriteLine($"{row.Checksum:X4}: {string.Join(' ', row.Runs)}");
        }

        Console.WriteLine(string.Join(Environment.NewLine, image.Decode()));

        image.Rows[4].Runs[1] = 10; // a scratched pixel run
        try
        {
            _ = image.Decode().Count();
        }
        catch (InvalidDataException ex)
        {
            Console.WriteLine(ex.Message);
        }
    }
}
