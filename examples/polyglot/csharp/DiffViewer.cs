using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Polyglot;

/// <summary>Prints the differences of two texts as unified hunks.</summary>
public static class DiffViewer
{
    private const int Context = 2;

    private enum EditKind
    {
        Same,
        Removed,
        Added,
    }

    private readonly record struct Edit(EditKind Kind, string Line, int OldIndex, int NewIndex)
    {
        public override string ToString() => Kind switch
        {
            EditKind.Removed => "-" + Line,
            EditKind.Added => "+" + Line,
            _ => " " + Line,
        };
    }

    private static int[,] LcsTable(string[] oldLines, string[] newLines)
    {
        var lcs = new int[oldLines.Length + 1, newLines.Length + 1];
        for (var i = oldLines.Length - 1; i >= 0; i--)
        {
            for (var j = newLines.Length - 1; j >= 0; j--)
            {
                lcs[i, j] = oldLines[i] == newLines[j]
                    ? lcs[i + 1, j + 1] + 1
                    : Math.Max(lcs[i + 1, j], lcs[i, j + 1]);
            }
        }

        return lcs;
    }

    private static IEnumerable<Edit> Edits(string[] oldLines, string[] newLines)
    {
        var lcs = LcsTable(oldLines, newLines);
        var (i, j) = (0, 0);
        while (i < oldLines.Length && j < newLines.Length)
        {
            if (oldLines[i] == newLines[j])
            {
                yield return new Edit(EditKind.Same, oldLines[i], i++, j++);
            }
            else if (lcs[i + 1, j] >= lcs[i, j + 1])
            {
                yield return new Edit(EditKind.Removed, oldLines[i], i++, j);
            }
            else
            {
                yield return new Edit(EditKind.Added, newLines[j], i, j++);
            }
        }

        while (i < oldLines.Length)
        {
            yield return new Edit(EditKind.Removed, oldLines[i], i++, j);
        }

        while (j < newLines.Length)
        {
            yield return new Edit(EditKind.Added, newLines[j], i, j++);
        }
    }

    public static void WriteUnified(TextWriter writer, string[] oldLines, string[] newLines)
    {
        var edits = Edits(oldLines, newLines).ToList();
        var changes = Enumerable.Range(0, edits.Count).Where(n => edits[n].Kind != EditKind.Same).ToList();
        for (var n = 0; n < changes.Count;)
        {
            var first = Math.Max(0, changes[n] - Context);
            while (n + 1 < changes.Count && changes[n + 1] - changes[n] <= 2 * Context + 1)
            {
                n++;
            }

            var last = Math.Min(edits.Count - 1, changes[n++] + Context);
            var hunk = edits.GetRange(first, last - first + 1);
            var oldCount = hunk.Count(e => e.Kind != EditKind.Added);
            var newCount = hunk.Count(e => e.Kind != EditKind.Removed);
            writer.WriteLine($"@@ -{hunk[0].OldIndex + 1},{oldCount} +{hunk[0].NewIndex + 1},{newCount} @@");
            hunk.ForEach(edit => writer.WriteLine(edit));
        }
    }

    public static void Main()
    {
        const string recipe =
            "Rye loaf|500 g flour|320 ml water|9 g salt|3 g yeast|knead 10 min|rest 60 min|" +
            "shape|proof 30 min|score the top|bake 35 min|cool on a rack";
        var revised = recipe.Replace("320 ml", "340 ml").Replace("bake", "steam the oven|bake");
        Console.WriteLine("--- recipe.old\n+++ recipe.new");
        WriteUnified(Console.Out, recipe.Split('|'), revised.Split('|'));
    }
}
