using System;
using System.Collections.Generic;
using System.Globalization;

namespace Polyglot;

/// <summary>Evaluates statements such as <c>height = (width - 2) / 3</c>, remembering variables.</summary>
public sealed class ExpressionCalculator
{
    private readonly Dictionary<string, double> _variables = new(StringComparer.Ordinal);

    public double Evaluate(string source)
    {
        var cursor = new Cursor(source);
        var expression = ParseSum(cursor);
        string? target = null;
        if (expression is Variable(var name) && cursor.TryTake("=", out _))
            (target, expression) = (name, ParseSum(cursor));
        if (!cursor.AtEnd) throw cursor.Error("unexpected input");
        var value = Compute(expression);
        if (target is not null) _variables[target] = value;
        return value;
    }

    private double Compute(Expression expression) => expression switch
    {
        Number(var value) => value,
        Variable(var name) when _variables.TryGetValue(name, out var bound) => bound,
        Binary(var op, var left, var right) => Apply(op, Compute(left), Compute(right)),
        _ => throw new KeyNotFoundException($"unknown variable in {expression}"),
    };

    private static double Apply(char op, double left, double right) => op switch
    {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '^' => Math.Pow(left, right),
        _ when right == 0 => throw new DivideByZeroException(),
        '/' => left / right,
        _ => left % right,
    };

    private static Expression ParseSum(Cursor cursor)
    {
        var left = ParseProduct(cursor);
        while (cursor.TryTake("+-", out var op))
            left = new Binary(op, left, ParseProduct(cursor));
        return left;
    }

    private static Expression ParseProduct(Cursor cursor)
    {
        var left = ParseUnary(cursor);
        while (cursor.TryTake("*/%", out var op))
            left = new Binary(op, left, ParseUnary(cursor));
        return left;
    }

    private static Expression ParseUnary(Cursor cursor)
    {
        if (cursor.TryTake("-", out _)) return new Binary('-', new Number(0), ParseUnary(cursor));
        var operand = ParsePrimary(cursor);
        return cursor.TryTake("^", out _) ? new Binary('^', operand, ParseUnary(cursor)) : operand;
    }

    private static Expression ParsePrimary(Cursor cursor)
    {
        if (cursor.TryTake("(", out _))
        {
            var inner = ParseSum(cursor);
            return cursor.TryTake(")", out _) ? inner : throw cursor.Error("expected )");
        }
        var digits = cursor.TakeWhile(c => char.IsDigit(c) || c == '.');
        if (digits.Length > 0) return new Number(double.Parse(digits, CultureInfo.InvariantCulture));
        var name = cursor.TakeWhile(c => char.IsLetterOrDigit(c) || c == '_');
        return name.Length > 0 ? new Variable(name) : throw cursor.Error("expected an operand");
    }

    private abstract record Expression;
    private sealed record Number(double Value) : Expression;
    private sealed record Variable(string Name) : Expression;
    private sealed record Binary(char Operator, Expression Left, Expression Right) : Expression;

    /// <summary>Scans lexemes straight from the text, skipping blanks in front of each.</summary>
    private sealed class Cursor(string text)
    {
        private int _index;

        public bool AtEnd { get { TakeWhile(char.IsWhiteSpace); return _index == text.Length; } }

        public bool TryTake(string symbols, out char taken)
        {
            taken = AtEnd ? '\0' : text[_index];
            if (AtEnd || !symbols.Contains(taken)) return false;
            _index++;
            return true;
        }

        public string TakeWhile(Func<char, bool> accepts)
        {
            var start = _index;
            while (_index < text.Length && accepts(text[_index])) _index++;
            return text[start.._index];
        }

        public FormatException Error(string message) => new($"{message} at column {_index + 1}");
    }
}
