using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Polyglot;

/// <summary>Turns access-log lines into status counts, slow endpoints and percentiles.</summary>
public sealed partial class LogAnalyzer
{
    public sealed record AccessEntry(string Endpoint, int Status, TimeSpan Latency);

    private const string SampleLog = """
        203.0.113.7 - - [12/Mar/2024:08:15:01 +0000] "GET /api/cart HTTP/1.1" 200 512 84
        203.0.113.7 - - [12/Mar/2024:08:15:04 +0000] "POST /api/checkout HTTP/1.1" 201 230 412
        198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /api/cart HTTP/1.1" 200 498 91
        198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /static/logo.svg HTTP/1.1" 304 - 3
        192.0.2.80 - eve [12/Mar/2024:08:15:30 +0000] "POST /api/checkout HTTP/1.1" 500 61 1290
        192.0.2.80 - eve [12/Mar/2024:08:15:41 +0000] "GET /search?q=lamp HTTP/2" 200 8812 267
        -- rotated by logkeeper --
        203.0.113.99 - - [12/Mar/2024:08:16:02 +0000] "GET /api/cart HTTP/1.1" 404 17 12
        203.0.113.99 - - [12/Mar/2024:08:16:20 +0000] "GET /search?q=rug HTTP/2" 200 7300 301
        """;

    private readonly List<AccessEntry> _entries = new();

    public int MalformedLines { get; private set; }

    public IReadOnlyList<AccessEntry> Entries => _entries;

    public static LogAnalyzer Read(TextReader reader)
    {
        var analyzer = new LogAnalyzer();
        while (reader.ReadLine() is { } line)
        {
            if (TryParse(line, out var entry))
            {
                analyzer._entries.Add(entry);
            }
            else
            {
                analyzer.MalformedLines++;
            }
        }

        return analyzer;
    }

    private static bool TryParse(string line, out AccessEntry entry)
    {
        var match = LinePattern().Match(line);
        entry = match.Success
            ? new AccessEntry(
                $"{match.Groups["method"].Value} {match.Groups["path"].Value}",
                int.Parse(match.Groups["status"].ValueSpan),
                TimeSpan.FromMilliseconds(int.Parse(match.Groups["ms"].ValueSpan)))
            : null!;
        return match.Success;
    }

    public ILookup<int, AccessEntry> ByStatus() => _entries.ToLookup(entry => entry.Status);

    public IEnumerable<(string Endpoint, double AverageMs, int Hits)> Slowest(int count) =>
        _entries
            .GroupBy(entry => entry.Endpoint)
            .Select(g => (g.Key, AverageMs: g.Average(entry => entry.Latency.TotalMilliseconds), g.Count()))
            .OrderByDescending(row => row.AverageMs)
            .Take(count);

    public TimeSpan Percentile(double percent)
    {
        if (_entries.Count == 0)
        {
            throw new InvalidOperationException("Percentiles need at least one request.");
        }

        var ordered = _entries.Select(entry => entry.Latency).Order().ToArray();
        var rank = (int)Math.Ceiling(percent / 100 * ordered.Length);
        return ordered[Math.Clamp(rank - 1, 0, ordered.Length - 1)];
    }

    public static void Main(string[] args)
    {
        using TextReader reader = args is [var path, ..] ? File.OpenText(path) : new StringReader(SampleLog);
        var analyzer = Read(reader);
        Console.WriteLine($"{analyzer.Entries.Count} requests ({analyzer.MalformedLines} lines skipped)");
        foreach (var group in analyzer.ByStatus().OrderBy(g => g.Key))
        {
            Console.WriteLine($"{group.Key} {group.Count(),5}");
        }

        foreach (var (endpoint, averageMs, hits) in analyzer.Slowest(3))
        {
            Console.WriteLine($"{endpoint,-22}{averageMs,9:F1} ms over {hits} hits");
        }

        Console.WriteLine($"p50 {analyzer.Percentile(50).TotalMilliseconds} ms");
        Console.WriteLine($"p90 {analyzer.Percentile(90).TotalMilliseconds} ms");
    }

    [GeneratedRegex("""\] "(?<method>\w+) (?<path>[^ ?]+)\S* \S+" (?<status>\d{3}) \S+ (?<ms>\d+)$""")]
    private static partial Regex LinePattern();
}
