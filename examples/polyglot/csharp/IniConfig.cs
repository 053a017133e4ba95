using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text.RegularExpressions;

namespace Polyglot;

/// <summary>
/// An INI configuration. Look settings up as <c>config["server", "port"]</c>; references such as
/// <c>${paths.root}</c> are replaced on the way out.
/// </summary>
public sealed class IniConfig
{
    private static readonly Regex Reference = new(@"\$\{(?<section>[^.}]+)\.(?<key>[^}]+)\}");

    private readonly Dictionary<(string Section, string Key), string> _values = new();

    private IniConfig() { }

    public static IniConfig Parse(string text)
    {
        var config = new IniConfig();
        var section = "";
        foreach (var (line, number) in text.Split('\n').Select((line, index) => (line.Trim(), index + 1)))
        {
            switch (line)
            {
                case "" or [';' or '#', ..]:
                    break;
                case ['[', .. var name, ']']:
                    section = name.Trim();
                    break;
                default:
                    var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
                    if (parts is not [{ Length: > 0 } key, var value])
                        throw new FormatException($"Line {number} is not a setting: {line}");
                    config._values[(section, key)] = value;
                    break;
            }
        }
        return config;
    }

    public string this[string section, string key] => Resolve((section, key), ImmutableList<string>.Empty);

    public bool TryGet(string section, string key, [NotNullWhen(true)] out string? value)
    {
        value = _values.ContainsKey((section, key)) ? this[section, key] : null;
        return value is not null;
    }

    public ILookup<string, string> KeysBySection =>
        _values.Keys.ToLookup(name => name.Section, name => name.Key);

    private string Resolve((string Section, string Key) name, ImmutableList<string> chain)
    {
        var label = $"{name.Section}.{name.Key}";
        if (chain.Contains(label))
            throw new InvalidOperationException("Circular: " + string.Join(" -> ", chain.Add(label)));
        if (!_values.TryGetValue(name, out var value))
            throw new KeyNotFoundException($"There is no setting {label}");
        return Reference.Replace(value, reference =>
            Resolve((reference.Groups["section"].Value, reference.Groups["key"].Value), chain.Add(label)));
    }
}

internal static class IniConfigDemo
{
    private static void Main()
    {
        var config = IniConfig.Parse("""
            ; deployment of the weather archive
            [paths]
            root = /srv/archive
            logs = ${paths.root}/logs

            [server]
            host = ingest.local
            port = 8043
            url = http://${server.host}:${server.port}/v2

            [job]
            output = ${paths.logs}/nightly-${server.port}.txt
            """);

        foreach (var section in config.KeysBySection)
            foreach (var key in section)
                Console.WriteLine($"{section.Key}/{key}: {config[section.Key, key]}");

        var retries = config.TryGet("job", "retries", out var text) ? int.Parse(text) : 3;
        Console.WriteLine($"retries: {retries}");
    }
}
