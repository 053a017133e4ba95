using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Polyglot;

/// <summary>Malformed JSON, with the one-based line and column of the fault.</summary>
public sealed class JsonFormatException(string problem, int line, int column) : FormatException(problem)
{
    public (int Line, int Column) At { get; } = (line, column);
}

/// <summary>Turns JSON text into a dictionary, list, string, double, bool or null.</summary>
public sealed class JsonReader
{
    private static readonly Regex Scalar =
        new(@"\G(true|false|null|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)");
    private static readonly Regex QuotedText =
        new(@"\G""((?:[^""\\\x00-\x1f]|\\(?:[""\\/bfnrt]|u[0-9a-fA-F]{4}))*)");
    private readonly string _text;
    private int _position;

    private JsonReader(string text) => _text = text;

    public static object? Parse(string text)
    {
        var reader = new JsonReader(text);
        var value = reader.ReadValue();
        return reader.Peek() is null ? value : throw reader.Error("unexpected text after the value");
    }

    private object? ReadValue() => Peek() switch
    {
        '{' => ReadObject(),
        '[' => ReadArray(),
        '"' => ReadString(),
        _ => ReadScalar(),
    };

    private Dictionary<string, object?> ReadObject()
    {
        var members = new Dictionary<string, object?>();
        Expect('{');
        while (!TryTake('}'))
        {
            if (members.Count > 0) Expect(',');
            var name = ReadString();
            Expect(':');
            members[name] = ReadValue();
        }
        return members;
    }

    private List<object?> ReadArray()
    {
        var elements = new List<object?>();
        Expect('[');
        while (!TryTake(']'))
        {
            if (elements.Count > 0) Expect(',');
            elements.Add(ReadValue());
        }
        return elements;
    }

    private string ReadString()
    {
        Peek();
        var literal = QuotedText.Match(_text, _position);
        if (!literal.Success) throw Error("expected a string");
        _position += literal.Length;
        if (_position == _text.Length || _text[_position++] != '"') throw Error("unterminated string");
        return Regex.Unescape(literal.Groups[1].Value); // the escapes of JSON are a subset
    }

    private object? ReadScalar()
    {
        var word = Scalar.Match(_text, _position).Value;
        _position += word.Length;
        return word switch
        {
            "" => throw Error("expected a value"),
            "true" or "false" => word == "true",
            "null" => null,
            _ => double.Parse(word, CultureInfo.InvariantCulture),
        };
    }

    private char? Peek()
    {
        while (_position < _text.Length && " \t\r\n".Contains(_text[_position])) _position++;
        return _position < _text.Length ? _text[_position] : null;
    }

    private bool TryTake(char wanted) => Peek() == wanted && ++_position > 0;

    private void Expect(char wanted)
    {
        if (!TryTake(wanted)) throw Error($"expected {wanted}");
    }

    private JsonFormatException Error(string problem)
    {
        var lines = _text[.._position].Split('\n');
        return new(problem, lines.Length, lines[^1].Length + 1);
    }
}
