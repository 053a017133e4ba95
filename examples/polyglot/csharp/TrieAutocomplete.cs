using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

public readonly record struct Completion(string Word, int Weight)
{
    public override string ToString() => $"{Word} ({Weight})";
}

/// <summary>A prefix tree that offers the heaviest completions of what has been typed so far.</summary>
public sealed class TrieAutocomplete
{
    private readonly Node _root = new();

    /// <summary>Adds <paramref name="weight"/> to the word's weight, creating the word if needed.</summary>
    public void Add(string word, int weight)
    {
        ArgumentException.ThrowIfNullOrEmpty(word);
        var node = word.Aggregate(_root, (current, letter) => current.ChildOrNew(letter));
        node.Weight = (node.Weight ?? 0) + weight;
    }

    public IReadOnlyList<Completion> Complete(string prefix, int limit = 3)
    {
        var node = _root;
        foreach (var letter in prefix)
        {
            if (!node.Children.TryGetValue(letter, out node))
            {
                return Array.Empty<Completion>();
            }
        }

        return Words(node, prefix)
            .OrderByDescending(completion => completion.Weight)
            .ThenBy(completion => completion.Word, StringComparer.Ordinal)
            .Take(limit)
            .ToList();
    }

    private static IEnumerable<Completion> Words(Node node, string spelled)
    {
        if (node.Weight is { } weight)
        {
            yield return new Completion(spelled, weight);
        }

        foreach (var completion in node.Children.SelectMany(pair => Words(pair.Value, spelled + pair.Key)))
        {
            yield return completion;
        }
    }

    private sealed class Node
    {
        public Dictionary<char, Node> Children { get; } = new();

        public int? Weight { get; set; }

        public Node ChildOrNew(char letter)
        {
            if (!Children.TryGetValue(letter, out var child))
            {
                Children[letter] = child = new Node();
            }

            return child;
        }
    }
}

internal static class TrieAutocompleteDemo
{
    private static readonly Dictionary<string, int> Lexicon = new()
    {
        ["tea"] = 50, ["team"] = 35, ["teapot"] = 12, ["teal"] = 8, ["ten"] = 40,
        ["tent"] = 22, ["tension"] = 9, ["inn"] = 30, ["ink"] = 27, ["inlet"] = 14,
    };

    private static void Main()
    {
        var trie = new TrieAutocomplete();
        foreach (var (word, weight) in Lexicon) trie.Add(word, weight);

        foreach (var typed in new[] { "te", "tea", "in", "x" })
        {
            var completions = trie.Complete(typed);
            Console.WriteLine(completions is []
                ? $"{typed}: no completions"
                : $"{typed}: {string.Join(", ", completions)}");
        }

        trie.Add("teapot", 45);
        Console.WriteLine($"After the tea party: {trie.Complete("te", limit: 1)[0]}");
    }
}
