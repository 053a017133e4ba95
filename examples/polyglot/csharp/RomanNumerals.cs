using System;
using System.Linq;
using System.Text;

namespace Polyglot;

/// <summary>A Roman numeral between I and MMMCMXCIX; immutable and always valid.</summary>
public readonly struct RomanNumeral : IEquatable<RomanNumeral>, IComparable<RomanNumeral>
{
    public const int MinValue = 1;
    public const int MaxValue = 3999;

    private static readonly (int Value, string Symbol)[] Symbols =
    {
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
        (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    };

    private readonly int _offset; // from MinValue, so that default(RomanNumeral) is I

    public RomanNumeral(int value)
    {
        if (value is < MinValue or > MaxValue)
            throw new ArgumentOutOfRangeException(nameof(value), value, "Roman numerals run from 1 to 3999.");
        _offset = value - MinValue;
    }

    public int Value => _offset + MinValue;

    public static explicit operator RomanNumeral(int value) => new(value);

    public static implicit operator int(RomanNumeral numeral) => numeral.Value;

    public static RomanNumeral Parse(string text) =>
        TryParse(text, out var numeral) ? numeral : throw new FormatException($"'{text}' is not Roman.");

    public static bool TryParse(string? text, out RomanNumeral numeral)
    {
        numeral = default;
        if (string.IsNullOrEmpty(text)) return false;

        var total = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var current = LetterValue(text[i]);
            if (current == 0) return false;
            total += i + 1 < text.Length && current < LetterValue(text[i + 1]) ? -current : current;
        }
        if (total is < MinValue or > MaxValue) return false;

        numeral = new RomanNumeral(total);
        // Sloppy spellings such as IIX have a value, too, but it is spelled differently.
        return numeral.ToString().Equals(text, StringComparison.OrdinalIgnoreCase);
    }

    private static int LetterValue(char letter) => char.ToUpperInvariant(letter) switch
    {
        'I' => 1,
        'V' => 5,
        'X' => 10,
        'L' => 50,
        'C' => 100,
        'D' => 500,
        'M' => 1000,
        _ => 0,
    };

    public override string ToString()
    {
        var rest = Value;
        var text = new StringBuilder();
        foreach (var (value, symbol) in Symbols)
            for (; rest >= value; rest -= value)
                text.Append(symbol);
        return text.ToString();
    }

    public bool Equals(RomanNumeral other) => _offset == other._offset;

    public override bool Equals(object? obj) => obj is RomanNumeral other && Equals(other);

    public override int GetHashCode() => _offset;

    public int CompareTo(RomanNumeral other) => _offset.CompareTo(other._offset);
}

/// <summary>A clock face in text, with the traditional IIII at four o'clock.</summary>
public static class ClockFace
{
    public static string Label(int hour) => hour == 4 ? "IIII" : new RomanNumeral(hour).ToString();

    public static string Draw(int radius)
    {
        var canvas = Enumerable.Repeat(new string(' ', 4 * radius + 6), 2 * radius + 1).ToArray();
        for (var hour = 1; hour <= 12; hour++)
        {
            var (sin, cos) = Math.SinCos(hour * Math.PI / 6);
            var row = (int)Math.Round(radius * (1 - cos));
            var column = (int)Math.Round(2 * radius * (1 + sin)) + 3 - Label(hour).Length / 2;
            canvas[row] = canvas[row].Remove(column, Label(hour).Length).Insert(column, Label(hour));
        }
        return string.Join('\n', canvas.Select(line => line.TrimEnd()));
    }
}
