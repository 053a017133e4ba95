namespace Polyglot;

using System;
using System.Linq;
using Xunit;

public class EditDistanceTests
{
    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("saturday", "sunday", 3)]
    [InlineData("flaw", "lawn", 2)]
    [InlineData("", "rhythm", 6)]
    [InlineData("library", "library", 0)]
    public void Levenshtein_IsSymmetric(string source, string target, int expected)
    {
        Assert.Equal(expected, EditDistance.Levenshtein(source, target));
        Assert.Equal(expected, EditDistance.Levenshtein(target, source));
    }

    [Fact]
    public void Align_DrawsThreeLines()
    {
        var lines = EditDistance.Align("kitten", "sitting").Split(Environment.NewLine);
        Assert.Equal(new[] { "kitten-", "*|||*| ", "sitting" }, lines);
    }

    [Theory]
    [InlineData("recieve", "receive")]
    [InlineData("definately", "definitely")]
    [InlineData("libary", "library")]
    public void Suggest_FindsTheIntendedWord(string typo, string intended) =>
        Assert.Equal(intended, EditDistance.Suggest(typo).First());

    [Fact]
    public void Suggest_KnowsNothingAboutInstruments() =>
        Assert.Empty(EditDistance.Suggest("xylophone"));
}
