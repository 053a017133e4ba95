namespace Polyglot;

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

/// <summary>Levenshtein distance with alignment printing and spelling suggestions.</summary>
public static class EditDistance
{
    private static readonly string[] Dictionary =
    {
        "receive", "separate", "definitely", "necessary", "rhythm", "library", "calendar",
    };

    public static int Levenshtein(string source, string target) =>
        Table(source, target)[source.Length, target.Length];

    /// <summary>Lists the known words within <paramref name="tolerance"/> edits, nearest first.</summary>
    public static IEnumerable<string> Suggest(string typo, int tolerance = 2) =>
        from word in Dictionary
        let distance = Levenshtein(typo, word)
        where distance <= tolerance
        orderby distance, word
        select word;

    /// <summary>
    /// Draws an optimal alignment on three lines: '|' for a match, '*' for a substitution,
    /// and a dash opposite a letter that was inserted or deleted.
    /// </summary>
    public static string Align(string source, string target)
    {
        var table = Table(source, target);
        var columns = new Stack<(char Top, char Mark, char Bottom)>();
        var (i, j) = (source.Length, target.Length);
        while ((i, j) is not (0, 0))
        {
            if (i > 0 && j > 0 && table[i, j] == table[i - 1, j - 1] + Mismatch(source[i - 1], target[j - 1]))
            {
                (i, j) = (i - 1, j - 1);
                columns.Push((source[i], source[i] == target[j] ? '|' : '*', target[j]));
            }
            else if (i > 0 && table[i, j] == table[i - 1, j] + 1)
            {
                columns.Push((source[--i], ' ', '-'));
            }
            else
            {
                columns.Push(('-', ' ', target[--j]));
            }
        }

        // The stack was filled from the back, so it enumerates from the front.
        return new StringBuilder()
            .AppendLine(string.Concat(columns.Select(column => column.Top)))
            .AppendLine(string.Concat(columns.Select(column => column.Mark)))
            .Append(string.Concat(columns.Select(column => column.Bottom)))
            .ToString();
    }

    private static int Mismatch(char a, char b) => a == b ? 0 : 1;

    private static int[,] Table(string source, string target)
    {
        var table = new int[source.Length + 1, target.Length + 1];
        for (var i = 0; i <= source.Length; i++)
        {
            for (var j = 0; j <= target.Length; j++)
            {
                table[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(table[i - 1, j], table[i, j - 1]) + 1,
                        table[i - 1, j - 1] + Mismatch(source[i - 1], target[j - 1])),
                };
            }
        }

        return table;
    }

    public static void Main()
    {
        var pairs = new[] { ("kitten", "sitting"), ("saturday", "sunday"), ("flaw", "lawn") };
        foreach (var (source, target) in pairs)
        {
            Console.WriteLine($"{source} to {target} takes {Levenshtein(source, target)} edits:");
            Console.WriteLine(Align(source, target));
        }

        foreach (var typo in new[] { "recieve", "seperate", "definately", "libary", "xylophone" })
        {
            var best = Suggest(typo).FirstOrDefault();
            Console.WriteLine(best is null ? $"{typo}: unknown word" : $"{typo}: did you mean '{best}'?");
        }
    }
}
