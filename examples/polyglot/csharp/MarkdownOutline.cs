using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Polyglot;

/// <summary>Builds the outline of a Markdown document.</summary>
public static class MarkdownOutline
{
    public sealed record Heading(int Level, string Title, string Slug);

    public sealed record Section(Heading Heading, IReadOnlyList<Section> Subsections);

    public static IEnumerable<Heading> Headings(string markdown)
    {
        var counts = new Dictionary<string, int>();
        foreach (var (level, title) in FindTitles(markdown))
        {
            var slug = Slugify(title);
            var seen = counts.GetValueOrDefault(slug);
            counts[slug] = seen + 1;
            yield return new Heading(level, title, seen == 0 ? slug : $"{slug}-{seen}");
        }
    }

    private static IEnumerable<(int Level, string Title)> FindTitles(string markdown)
    {
        string? fence = null;
        var above = "";
        foreach (var line in markdown.Split('\n').Select(l => l.TrimEnd()))
        {
            if (line.StartsWith("```") || line.StartsWith("~~~"))
            {
                if (fence is null) fence = line[..3];
                else if (line.StartsWith(fence)) fence = null;
                above = "";
                continue;
            }
            if (fence is not null) continue;

            var hashes = line.TakeWhile(c => c == '#').Count();
            if (hashes is >= 1 and <= 6 && line.Length > hashes && line[hashes] == ' ')
            {
                yield return (hashes, line.Trim('#', ' '));
                above = "";
            }
            else if (above.Length > 0 && line is ['=' or '-', ..] && line.All(c => c == line[0]))
            {
                yield return (line[0] == '=' ? 1 : 2, above.Trim());
                above = "";
            }
            else above = line;
        }
    }

    public static string Slugify(string title)
    {
        var slug = new StringBuilder();
        foreach (var c in title.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c)) slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        return slug.ToString().TrimEnd('-');
    }

    /// <summary>Groups each heading with the deeper ones that follow it.</summary>
    public static IReadOnlyList<Section> Nest(ReadOnlySpan<Heading> headings)
    {
        var sections = new List<Section>();
        while (!headings.IsEmpty)
        {
            var first = headings[0];
            var size = 1;
            while (size < headings.Length && headings[size].Level > first.Level) size++;
            sections.Add(new Section(first, Nest(headings[1..size])));
            headings = headings[size..];
        }
        return sections;
    }

    private static void Print(IEnumerable<Section> sections, string number = "")
    {
        foreach (var (section, index) in sections.Select((section, index) => (section, index + 1)))
        {
            Console.WriteLine($"{number}{index}. {section.Heading.Title} (#{section.Heading.Slug})");
            Print(section.Subsections, $"{number}{index}.");
        }
    }

    public static void Main() => Print(Nest(Headings("""
        # Field Guide
        How to watch *birds*.

        Getting Started
        ---------------
        ### Install
        ~~~sh
        # not a heading, only a comment
        ~~~
        ## Usage & Tips
        ### Install ###
        ## FAQ
        """).ToArray()));
}
