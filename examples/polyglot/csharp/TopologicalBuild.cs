using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

/// <summary>Raised when packages depend on each other in a circle.</summary>
public sealed class CyclicDependencyException : Exception
{
    public CyclicDependencyException(IReadOnlyList<string> cycle)
        : base($"Circular dependency: {string.Join(" -> ", cycle)}")
    {
        Cycle = cycle;
    }

    public IReadOnlyList<string> Cycle { get; }
}

/// <summary>Computes the order in which the packages of a manifest have to be built.</summary>
public sealed class TopologicalBuild
{
    private enum Mark { Unvisited, InProgress, Built }

    private readonly IReadOnlyDictionary<string, string[]> _manifest;
    private readonly Dictionary<string, Mark> _marks = new();
    private readonly Stack<string> _trail = new();

    private TopologicalBuild(IReadOnlyDictionary<string, string[]> manifest) => _manifest = manifest;

    /// <exception cref="CyclicDependencyException">The manifest cannot be ordered.</exception>
    public static IReadOnlyList<string> Order(IReadOnlyDictionary<string, string[]> manifest)
    {
        var build = new TopologicalBuild(manifest);
        return manifest.Keys
            .OrderBy(name => name, StringComparer.Ordinal)
            .SelectMany(build.Visit)
            .ToList();
    }

    /// <summary>Yields what still has to be built for a package, the package itself last.</summary>
    private IEnumerable<string> Visit(string package)
    {
        switch (_marks.GetValueOrDefault(package))
        {
            case Mark.Built:
                yield break;
            case Mark.InProgress:
                // A stack enumerates from its top, which is the latest package of the trail.
                var loop = _trail.TakeWhile(name => name != package).Append(package).Reverse();
                throw new CyclicDependencyException(loop.Append(package).ToList());
        }

        _marks[package] = Mark.InProgress;
        _trail.Push(package);
        foreach (var needed in _manifest.GetValueOrDefault(package, Array.Empty<string>()))
        {
            foreach (var built in Visit(needed))
            {
                yield return built;
            }
        }

        _trail.Pop();
        _marks[package] = Mark.Built;
        yield return package;
    }
}

public static class TopologicalBuildProgram
{
    private static readonly Dictionary<string, string[]> WebShop = new()
    {
        ["app"] = new[] { "http", "auth", "logging" },
        ["http"] = new[] { "sockets", "logging" },
        ["auth"] = new[] { "crypto", "storage" },
        ["storage"] = new[] { "logging" },
    };

    private static readonly Dictionary<string, string[]> Compiler = new()
    {
        ["driver"] = new[] { "parser" },
        ["parser"] = new[] { "lexer" },
        ["lexer"] = new[] { "tokens" },
        ["tokens"] = new[] { "parser" },
    };

    public static int Main()
    {
        try
        {
            Console.WriteLine($"Web shop: {string.Join(", ", TopologicalBuild.Order(WebShop))}");
            Console.WriteLine($"Compiler: {string.Join(", ", TopologicalBuild.Order(Compiler))}");
            return 0;
        }
        catch (CyclicDependencyException e)
        {
            Console.Error.WriteLine($"{e.Message} ({e.Cycle.Count - 1} packages involved)");
            return 1;
        }
    }
}
