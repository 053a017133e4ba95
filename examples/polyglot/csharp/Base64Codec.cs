using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Polyglot;

/// <summary>
/// Base64 written by hand. Decoding is strict: padding only at the end and no stray bits.
/// </summary>
public static class Base64Codec
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const char Pad = '=';

    public static string Encode(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder((data.Length + 2) / 3 * 4);
        while (data.Length >= 3)
        {
            AppendQuartet(text, (data[0] << 16) | (data[1] << 8) | data[2], symbols: 4);
            data = data[3..];
        }

        switch (data)
        {
            case [var a]:
                AppendQuartet(text, a << 16, symbols: 2);
                break;
            case [var a, var b]:
                AppendQuartet(text, (a << 16) | (b << 8), symbols: 3);
                break;
        }

        return text.ToString();
    }

    public static byte[] Decode(string text) =>
        TryDecode(text, out var data, out var problem) ? data : throw new FormatException(problem);

    public static bool TryDecode(
        string text,
        [NotNullWhen(true)] out byte[]? data,
        [NotNullWhen(false)] out string? problem)
    {
        data = null;
        problem = null;
        if (text.Length % 4 != 0)
        {
            problem = $"Length {text.Length} is not a multiple of four.";
            return false;
        }

        var body = text.AsSpan().TrimEnd(Pad);
        var padding = text.Length - body.Length;
        if (padding > 2)
        {
            problem = "More than two padding characters.";
            return false;
        }

        var octets = new byte[text.Length / 4 * 3 - padding];
        int buffer = 0, bits = 0, next = 0;
        foreach (var symbol in body)
        {
            var sextet = Alphabet.IndexOf(symbol);
            if (sextet < 0)
            {
                problem = symbol == Pad ? "Padding before the end." : $"Invalid symbol '{symbol}'.";
                return false;
            }

            buffer = (buffer << 6) | sextet;
            bits += 6;
            if (bits >= 8)
            {
                bits -= 8;
                octets[next++] = (byte)(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }

        if (buffer != 0)
        {
            problem = "Unused bits of the last symbol are set.";
            return false;
        }

        data = octets;
        return true;
    }

    private static void AppendQuartet(StringBuilder text, int triple, int symbols)
    {
        for (var i = 0; i < 4; i++)
        {
            text.Append(i < symbols ? Alphabet[(triple >> (18 - 6 * i)) & 0x3F] : Pad);
        }
    }
}
