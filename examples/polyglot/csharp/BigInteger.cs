using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Polyglot;

/// <summary>A natural number of any size; each limb of the array holds nine decimal digits.</summary>
public sealed class BigInteger : IEquatable<BigInteger>, IComparable<BigInteger>
{
    private const ulong Radix = 1_000_000_000;
    private const int DigitsPerLimb = 9;

    private readonly uint[] _limbs;

    private BigInteger(IEnumerable<uint> limbs)
    {
        var list = limbs.ToList();
        while (list.Count > 0 && list[^1] == 0) list.RemoveAt(list.Count - 1);
        _limbs = list.ToArray();
    }

    public static BigInteger One { get; } = new(new uint[] { 1 });

    public static implicit operator BigInteger(uint value) =>
        new(new[] { (uint)(value % Radix), (uint)(value / Radix) });

    public static BigInteger Parse(string text)
    {
        if (text.Length == 0 || !text.All(char.IsAsciiDigit))
            throw new FormatException($"'{text}' is not a natural number.");

        var limbs = new List<uint>();
        for (var end = text.Length; end > 0; end -= DigitsPerLimb)
            limbs.Add(uint.Parse(text[Math.Max(0, end - DigitsPerLimb)..end]));
        return new BigInteger(limbs);
    }

    public static BigInteger operator +(BigInteger left, BigInteger right)
    {
        var length = Math.Max(left._limbs.Length, right._limbs.Length);
        var sum = new uint[length + 1];
        ulong carry = 0;
        for (var i = 0; i <= length; i++)
        {
            var total = carry + left[i] + right[i];
            sum[i] = (uint)(total % Radix);
            carry = total / Radix;
        }
        return new BigInteger(sum);
    }

    public static BigInteger operator *(BigInteger left, BigInteger right)
    {
        var product = new uint[left._limbs.Length + right._limbs.Length];
        for (var i = 0; i < left._limbs.Length; i++)
        {
            ulong carry = 0;
            for (var j = 0; j < right._limbs.Length; j++)
            {
                var total = product[i + j] + (ulong)left[i] * right[j] + carry;
                product[i + j] = (uint)(total % Radix);
                carry = total / Radix;
            }
            product[i + right._limbs.Length] = (uint)carry;
        }
        return new BigInteger(product);
    }

    public static BigInteger Factorial(uint n)
    {
        var result = One;
        for (uint k = 2; k <= n; k++) result *= k;
        return result;
    }

    private uint this[int index] => index < _limbs.Length ? _limbs[index] : 0;

    public int CompareTo(BigInteger? other)
    {
        if (other is null) return 1;
        if (_limbs.Length != other._limbs.Length) return _limbs.Length.CompareTo(other._limbs.Length);
        var differing = Enumerable.Range(0, _limbs.Length).Reverse().Where(i => this[i] != other[i]);
        return differing.Select(i => this[i].CompareTo(other[i])).FirstOrDefault();
    }

    public bool Equals(BigInteger? other) => other is not null && _limbs.SequenceEqual(other._limbs);

    public override bool Equals(object? obj) => Equals(obj as BigInteger);

    public override int GetHashCode() => _limbs.Aggregate(17, (hash, limb) => HashCode.Combine(hash, limb));

    public override string ToString()
    {
        if (_limbs.Length == 0) return "0";
        var text = new StringBuilder(_limbs[^1].ToString());
        for (var i = _limbs.Length - 2; i >= 0; i--) text.Append(_limbs[i].ToString("D9"));
        return text.ToString();
    }
}

public static class BigIntegerDemo
{
    public static void Main()
    {
        Console.WriteLine(BigInteger.Parse("99999999999999999999") + 1u);
        Console.WriteLine(BigInteger.Parse("123456789123456789") * BigInteger.Parse("987654321987654321"));
        Console.WriteLine($"30! = {BigInteger.Factorial(30)}");
    }
}
