using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Polyglot;

/// <summary>
/// Fills templates from the public properties of any object, so anonymous types will do as a model.
/// </summary>
public sealed class TemplateEngine
{
    private static readonly Regex Tag = new(@"\{\{\s*(?<tag>#each\s+|/each)?(?<path>[@\w.]*)\s*\}\}");

    private readonly Block _root = new("");

    public TemplateEngine(string template)
    {
        var open = new Stack<Block>();
        open.Push(_root);
        var position = 0;
        foreach (Match match in Tag.Matches(template))
        {
            open.Peek().Children.Add(new Literal(template[position..match.Index]));
            position = match.Index + match.Length;
            var path = match.Groups["path"].Value;
            switch (match.Groups["tag"].Value.TrimEnd())
            {
                case "#each":
                    var block = new Block(path);
                    open.Peek().Children.Add(block);
                    open.Push(block);
                    break;
                case "/each" when open.Count == 1:
                    throw new FormatException($"Unexpected {match.Value} at {match.Index}");
                case "/each":
                    open.Pop();
                    break;
                default:
                    open.Peek().Children.Add(new Placeholder(path));
                    break;
            }
        }
        if (open.Count > 1) throw new FormatException($"Block over {open.Peek().Path} is not closed");
        _root.Children.Add(new Literal(template[position..]));
    }

    public string Render(object model)
    {
        var output = new StringBuilder();
        foreach (var child in _root.Children) child.Render(new Scope(model, 0, null), output);
        return output.ToString();
    }

    private abstract record Node
    {
        public abstract void Render(Scope scope, StringBuilder output);
    }

    private sealed record Literal(string Text) : Node
    {
        public override void Render(Scope scope, StringBuilder output) => output.Append(Text);
    }

    private sealed record Placeholder(string Path) : Node
    {
        public override void Render(Scope scope, StringBuilder output) =>
            output.Append(WebUtility.HtmlEncode(scope.Resolve(Path)?.ToString()));
    }

    private sealed record Block(string Path) : Node
    {
        public List<Node> Children { get; } = new();

        public override void Render(Scope scope, StringBuilder output)
        {
            var items = scope.Resolve(Path) as IEnumerable ?? Array.Empty<object>();
            foreach (var (item, index) in items.Cast<object>().Select((item, index) => (item, index + 1)))
                foreach (var child in Children)
                    child.Render(new Scope(item, index, scope), output);
        }
    }

    private sealed record Scope(object Item, int Index, Scope? Parent)
    {
        public object? Resolve(string path) => path switch
        {
            "this" => Item,
            "@index" => Index,
            _ => path.Split('.').Skip(1).Aggregate(Find(path.Split('.')[0]), (value, name) =>
                value?.GetType().GetProperty(name)?.GetValue(value)),
        };

        private object? Find(string name) =>
            Item.GetType().GetProperty(name) is { } property ? property.GetValue(Item) : Parent?.Find(name);
    }

    public static void Main()
    {
        var kettle = new { quantity = 2, title = "Copper kettle", tags = new[] { "kitchen", "gift" } };
        var towel = new { quantity = 1, title = "Tea towel", tags = Array.Empty<string>() };
        var letter = new TemplateEngine("Dear {{customer.name}}, {{orderId}} ships on {{shipDate}}:\n" +
            "{{#each lines}}{{@index}}. {{quantity}} {{title}}{{#each tags}} <{{this}}>{{/each}}\n{{/each}}");
        var (customer, lines) = (new { name = "Ines & Co" }, new[] { kettle, towel });
        Console.Write(letter.Render(new { customer, orderId = "A-1047", shipDate = "3 May", lines }));
    }
}
