using System;
using System.Linq;
using Xunit;

namespace Polyglot.Tests;

public class PrimeSieveTests
{
    [Fact]
    public void ListsPrimesBelowThirty() =>
        Assert.Equal(new long[] { 2, 3, 5, 7, 11, 13, 17, 19, 23, 29 }, PrimeSieve.Between(0, 30));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(100, 25)]
    [InlineData(200_000, 17_984)]
    public void CountsPrimes(long limit, int expected) =>
        Assert.Equal(expected, PrimeSieve.Between(0, limit).Count());

    [Fact]
    public void FindsTwinPrimes()
    {
        var twins = PrimeSieve.Twins(10_000, 10_500).ToList();

        Assert.Equal(new TwinPrime(10_007, 10_009), twins[0]);
        Assert.All(twins, twin => Assert.Equal(2, twin.Upper - twin.Lower));
    }

    [Fact]
    public void FactorisesIntoPrimePowers()
    {
        Assert.Equal(new long[] { 71, 839, 1471, 6857 }, PrimeSieve.Factorise(600_851_475_143).Keys);
        Assert.Equal(16, PrimeSieve.Factorise(65_536)[2]);
        Assert.Empty(PrimeSieve.Factorise(1));
    }

    [Fact]
    public void RefusesZero() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PrimeSieve.Factorise(0));
}
