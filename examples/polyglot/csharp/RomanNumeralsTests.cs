using System;
using System.Linq;
using Xunit;

namespace Polyglot;

public class RomanNumeralsTests
{
    [Theory]
    [InlineData(44, "XLIV")]
    [InlineData(1066, "MLXVI")]
    [InlineData(1994, "MCMXCIV")]
    [InlineData(2024, "MMXXIV")]
    [InlineData(3999, "MMMCMXCIX")]
    public void Converts_known_years_both_ways(int year, string numeral)
    {
        Assert.Equal(numeral, new RomanNumeral(year).ToString());
        Assert.Equal(year, RomanNumeral.Parse(numeral).Value);
    }

    [Fact]
    public void Every_number_survives_the_round_trip()
    {
        foreach (var number in Enumerable.Range(RomanNumeral.MinValue, RomanNumeral.MaxValue))
            Assert.Equal(number, RomanNumeral.Parse(new RomanNumeral(number).ToString()).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("IIX")]
    [InlineData("VV")]
    [InlineData("MMMM")]
    [InlineData("ABC")]
    public void Rejects_malformed_numerals(string text)
    {
        Assert.False(RomanNumeral.TryParse(text, out _));
        Assert.Throws<FormatException>(() => RomanNumeral.Parse(text));
    }

    [Fact]
    public void Clock_face_has_a_traditional_four()
    {
        var hours = ClockFace.Draw(6).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(12, hours.Length);
        Assert.Contains("IIII", hours);
        Assert.DoesNotContain("IV", hours);
    }
}
