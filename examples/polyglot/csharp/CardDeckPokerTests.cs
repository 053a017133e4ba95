using System;
using System.Linq;
using Xunit;

namespace Polyglot;

public class CardDeckPokerTests
{
    [Theory]
    [InlineData("TH JH QH KH AH", PokerCategory.StraightFlush)]
    [InlineData("9C 9D 9H 9S 2C", PokerCategory.FourOfAKind)]
    [InlineData("3S 3D 3C KH KD", PokerCategory.FullHouse)]
    [InlineData("2H 5H 9H JH KH", PokerCategory.Flush)]
    [InlineData("AS 2D 3C 4H 5S", PokerCategory.Straight)]
    [InlineData("7S 7D 7C QH 2S", PokerCategory.ThreeOfAKind)]
    [InlineData("4S 4D JC JH AS", PokerCategory.TwoPair)]
    [InlineData("8S 8D 2C 5H KS", PokerCategory.Pair)]
    [InlineData("AH QD 9C 6S 3H", PokerCategory.HighCard)]
    public void HandIsClassified(string cards, PokerCategory expected) =>
        Assert.Equal(expected, PokerHand.Parse(cards).Category);

    [Theory]
    [InlineData("8S 8D 2C 5H KS", "8C 8H 2S 5D QS")]
    [InlineData("2S 3D 4C 5H 6S", "AS 2D 3C 4H 5S")]
    public void FirstHandBeatsSecond(string better, string worse) =>
        Assert.True(PokerHand.Parse(better).CompareTo(PokerHand.Parse(worse)) > 0);

    [Fact]
    public void ShuffleKeepsEveryCard() => Assert.Equal(52, CardDeckPoker.ShuffledDeck(1).Distinct().Count());

    [Fact]
    public void DuplicateCardIsRefused() =>
        Assert.Throws<ArgumentException>(() => PokerHand.Parse("AS AS 3C 4H 5S"));
}
