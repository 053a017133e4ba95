using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Polyglot;

/// <summary>
/// Huffman codec: a code tree built from symbol frequencies, used to encode and decode messages.
/// </summary>
public sealed class HuffmanCodec
{
    private abstract record Node;
    private sealed record Leaf(char Symbol) : Node;
    private sealed record Branch(Node Zero, Node One) : Node;

    private readonly Node _root;
    private readonly Dictionary<char, string> _codes;

    private HuffmanCodec(Node root)
    {
        _root = root;
        _codes = Walk(root, "").ToDictionary(entry => entry.Symbol, entry => entry.Code);
    }

    public IReadOnlyDictionary<char, string> Codes => _codes;

    public static HuffmanCodec FromText(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);

        var queue = new PriorityQueue<Node, (int Weight, int Order)>();
        var order = 0;
        foreach (var group in text.GroupBy(c => c).OrderBy(g => g.Key))
        {
            queue.Enqueue(new Leaf(group.Key), (group.Count(), order++));
        }

        while (queue.TryDequeue(out var zero, out var lighter))
        {
            if (!queue.TryDequeue(out var one, out var heavier))
            {
                return new HuffmanCodec(zero);
            }

            queue.Enqueue(new Branch(zero, one), (lighter.Weight + heavier.Weight, order++));
        }

        throw new InvalidOperationException("The queue ran dry before a root was left.");
    }

    public string Encode(string message) =>
        message.Aggregate(new StringBuilder(), (bits, symbol) => bits.Append(_codes[symbol])).ToString();

    public string Decode(string bits)
    {
        var message = new StringBuilder();
        var node = _root;
        foreach (var bit in bits)
        {
            node = node switch
            {
                Branch branch => bit == '1' ? branch.One : branch.Zero,
                _ => node,
            };

            if (node is Leaf { Symbol: var symbol })
            {
                message.Append(symbol);
                node = _root;
            }
        }

        return ReferenceEquals(node, _root)
            ? message.ToString()
            : throw new FormatException("Bit stream was cut inside a codeword.");
    }

    private static IEnumerable<(char Symbol, string Code)> Walk(Node node, string prefix) => node switch
    {
        Leaf leaf => new[] { (leaf.Symbol, prefix.Length == 0 ? "0" : prefix) },
        Branch branch => Walk(branch.Zero, prefix + "0").Concat(Walk(branch.One, prefix + "1")),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };

    public static void Main()
    {
        const string Message = "she sells seashells by the seashore";
        var codec = FromText(Message);
        var bits = codec.Encode(Message);

        foreach (var (symbol, code) in codec.Codes.OrderBy(pair => pair.Value.Length))
        {
            Console.WriteLine($"'{symbol}' {code}");
        }

        var plainBits = Message.Length * 8;
        Console.WriteLine($"Decoded: {codec.Decode(bits)}");
        Console.WriteLine($"Compression ratio: {plainBits / (double)bits.Length:F2} ({bits.Length} bits)");
    }
}
