using System;
using Xunit;

namespace Polyglot.Tests;

public class BigIntegerTests
{
    [Theory]
    [InlineData("99999999999999999999", "1", "100000000000000000000")]
    [InlineData("0", "0", "0")]
    [InlineData("999999999", "1", "1000000000")]
    public void Adds(string left, string right, string expected)
    {
        var sum = BigInteger.Parse(left) + BigInteger.Parse(right);
        Assert.Equal(expected, sum.ToString());
    }

    [Fact]
    public void MultiplicationIsCommutative()
    {
        var a = BigInteger.Parse("123456789123456789");
        var b = BigInteger.Parse("987654321987654321");

        Assert.Equal("121932631356500531347203169112635269", (a * b).ToString());
        Assert.Equal(a * b, b * a);
    }

    [Theory]
    [InlineData(0u, "1")]
    [InlineData(10u, "3628800")]
    [InlineData(30u, "265252859812191058636308480000000")]
    public void Factorials(uint n, string expected) =>
        Assert.Equal(expected, BigInteger.Factorial(n).ToString());

    [Fact]
    public void ComparesByMagnitude()
    {
        Assert.True(BigInteger.Parse("1000000000").CompareTo(BigInteger.Parse("999999999")) > 0);
        Assert.Equal(0, BigInteger.Parse("0042").CompareTo(42u));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-12")]
    [InlineData("12 000")]
    public void RejectsMalformedText(string text) =>
        Assert.Throws<FormatException>(() => BigInteger.Parse(text));
}
