using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

public enum PokerCategory
{
    HighCard, Pair, TwoPair, ThreeOfAKind, Straight, Flush, FullHouse, FourOfAKind, StraightFlush,
}

public readonly record struct PlayingCard(int Rank, char Suit)
{
    public const string Ranks = "23456789TJQKA";
    public const string Suits = "CDHS";

    public static PlayingCard Parse(string text) => text switch
    {
        [var rank, var suit] when Ranks.Contains(rank) && Suits.Contains(suit) =>
            new PlayingCard(Ranks.IndexOf(rank) + 2, suit),
        _ => throw new FormatException($"'{text}' is not a card."),
    };

    public override string ToString() => $"{Ranks[Rank - 2]}{Suit}";
}

/// <summary>Five cards with their category; hands compare by strength.</summary>
public sealed class PokerHand : IComparable<PokerHand>
{
    private readonly IReadOnlyList<PlayingCard> _cards;
    private readonly int[] _ranks; // most frequent first, then highest first

    public PokerHand(IEnumerable<PlayingCard> cards)
    {
        _cards = cards.Distinct().ToList();
        if (_cards.Count != 5) throw new ArgumentException("A hand is five different cards.", nameof(cards));

        var byRank = _cards.GroupBy(c => c.Rank);
        var groups = byRank.OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key);
        _ranks = groups.Select(g => g.Key).ToArray();
        if (_ranks is [14, 5, 4, 3, 2]) _ranks = new[] { 5, 4, 3, 2, 1 };

        var flush = _cards.All(c => c.Suit == _cards[0].Suit);
        var straight = _ranks.Length == 5 && _ranks[0] - _ranks[4] == 4;
        Category = (groups.Select(g => g.Count()).ToArray(), straight, flush) switch
        {
            (_, true, true) => PokerCategory.StraightFlush,
            ([4, 1], _, _) => PokerCategory.FourOfAKind,
            ([3, 2], _, _) => PokerCategory.FullHouse,
            (_, _, true) => PokerCategory.Flush,
            (_, true, _) => PokerCategory.Straight,
            ([3, ..], _, _) => PokerCategory.ThreeOfAKind,
            ([2, 2, ..], _, _) => PokerCategory.TwoPair,
            ([2, ..], _, _) => PokerCategory.Pair,
            _ => PokerCategory.HighCard,
        };
    }

    public PokerCategory Category { get; }

    public static PokerHand Parse(string text) => new(text.Split(' ').Select(PlayingCard.Parse));

    public int CompareTo(PokerHand? other) => other switch
    {
        null => 1,
        _ when Category != other.Category => Category.CompareTo(other.Category),
        _ => _ranks.Zip(other._ranks, (mine, theirs) => mine - theirs).FirstOrDefault(d => d != 0),
    };

    public override string ToString() => string.Join(' ', _cards);
}

/// <summary>A full deck, shuffled by Fisher and Yates's method with a xorshift generator.</summary>
public static class CardDeckPoker
{
    public static PlayingCard[] ShuffledDeck(uint seed)
    {
        var deck = PlayingCard.Suits
            .SelectMany(suit => Enumerable.Range(2, 13).Select(rank => new PlayingCard(rank, suit)))
            .ToArray();
        var x = seed;
        for (var i = deck.Length - 1; i > 0; i--)
        {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            var j = (int)(x % (uint)(i + 1));
            (deck[i], deck[j]) = (deck[j], deck[i]);
        }
        return deck;
    }

    public static void Main()
    {
        string[] players = { "North", "East", "South", "West" };
        var hands = ShuffledDeck(seed: 77_2024).Take(20).Chunk(5).Select(cards => new PokerHand(cards));
        var table = players.Zip(hands, (player, hand) => (Player: player, Hand: hand)).ToList();
        table.ForEach(seat => Console.WriteLine($"{seat.Player,-6}{seat.Hand}  {seat.Hand.Category}"));
        Console.WriteLine($"Best hand: {table.MaxBy(seat => seat.Hand).Player}");
    }
}
