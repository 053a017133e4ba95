using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

/// <summary>
/// Vigenere cipher with a keyword of letters, and a Kasiski examination of ciphertext.
/// </summary>
public sealed class VigenereCipher
{
    private const int AlphabetLength = 26;
    private const int TrigramLength = 3;

    private readonly string _keyword;

    public VigenereCipher(string keyword)
    {
        if (keyword.Length == 0 || !keyword.All(char.IsAsciiLetter))
        {
            throw new ArgumentException("A keyword consists of the letters A to Z.", nameof(keyword));
        }

        _keyword = keyword.ToUpperInvariant();
    }

    public string Encrypt(string plaintext) => Translate(plaintext, (letter, shift) => letter + shift);

    public string Decrypt(string ciphertext) => Translate(ciphertext, (letter, shift) => letter - shift);

    /// <summary>Distances from each repeated trigram back to the place it was last seen.</summary>
    public static IEnumerable<int> RepeatDistances(string ciphertext)
    {
        var letters = string.Concat(ciphertext.Where(char.IsAsciiLetterUpper));
        var lastSeen = new Dictionary<string, int>();
        for (var at = 0; at <= letters.Length - TrigramLength; at++)
        {
            var trigram = letters.Substring(at, TrigramLength);
            if (lastSeen.TryGetValue(trigram, out var previous))
            {
                yield return at - previous;
            }

            lastSeen[trigram] = at;
        }
    }

    public static int? GuessKeyLength(string ciphertext, int longest = 12)
    {
        var distances = RepeatDistances(ciphertext).ToArray();
        var candidates =
            from length in Enumerable.Range(2, longest - 1)
            let votes = distances.Count(distance => distance % length == 0)
            where votes > 0
            orderby votes descending, length descending
            select (int?)length;
        return candidates.FirstOrDefault();
    }

    private string Translate(string text, Func<int, int, int> combine)
    {
        var used = 0;
        return string.Create(text.Length, text, (buffer, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                var upper = char.ToUpperInvariant(source[i]);
                if (!char.IsAsciiLetterUpper(upper))
                {
                    buffer[i] = source[i];
                    continue;
                }

                var shift = _keyword[used++ % _keyword.Length] - 'A';
                var moved = combine(upper - 'A', shift) + AlphabetLength;
                buffer[i] = (char)('A' + moved % AlphabetLength);
            }
        });
    }

    public static void Main()
    {
        var cipher = new VigenereCipher("Lemon");
        Console.WriteLine(cipher.Encrypt("attack at dawn")); // LXFOPV EF RNHR

        const string Plaintext =
            "The convoy leaves the harbour at dawn, when the tide turns. " +
            "The convoy follows the lighthouse until the harbour pilot leaves the convoy.";
        var ciphertext = cipher.Encrypt(Plaintext);
        Console.WriteLine(ciphertext);
        Console.WriteLine(cipher.Decrypt(ciphertext));
        Console.WriteLine($"Repeat distances: {string.Join(", ", RepeatDistances(ciphertext))}");
        Console.WriteLine($"Guessed key length: {GuessKeyLength(ciphertext)?.ToString() ?? "none"}");
    }
}
