import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

public class CardDeckPokerTest {
    private static CardDeckPoker.Score score(String cards) {
        return CardDeckPoker.score(Stream.of(cards.split(" ")).map(CardDeckPoker.Card::parse).toList());
    }

    private static void expect(boolean condition, String message) {
        if (!condition) throw new AssertionError(message);
    }

    public static void main(String[] args) {
        Map<String, CardDeckPoker.Category> expectations = Map.of(
            "TH JH QH KH AH", CardDeckPoker.Category.STRAIGHT_FLUSH,
            "9C 9D 9H 9S 2C", CardDeckPoker.Category.FOUR_OF_A_KIND,
            "3S 3D 3C KH KD", CardDeckPoker.Category.FULL_HOUSE,
            "2H 5H 9H JH KH", CardDeckPoker.Category.FLUSH,
            "AS 2D 3C 4H 5S", CardDeckPoker.Category.STRAIGHT,
            "7S 7D 7C QH 2S", CardDeckPoker.Category.THREE_OF_A_KIND,
            "4S 4D JC JH AS", CardDeckPoker.Category.TWO_PAIR,
            "8S 8D 2C 5H KS", CardDeckPoker.Category.PAIR,
            "AH QD 9C 6S 3H", CardDeckPoker.Category.HIGH_CARD);
        expectations.forEach((cards, category) ->
            expect(score(cards).category() == category, cards + " should be " + category));

        expect(score("8S 8D 2C 5H KS").compareTo(score("8C 8H 2S 5D QS")) > 0, "the king kicker wins");
        expect(score("AS 2D 3C 4H 5S").compareTo(score("2S 3D 4C 5H 6S")) < 0, "the wheel is lowest");

        List<CardDeckPoker.Card> deck = CardDeckPoker.shuffledDeck(1);
        expect(new HashSet<>(deck).size() == 52, "no card is lost in the shuffle");
        expect(deck.equals(CardDeckPoker.shuffledDeck(1)), "the same seed gives the same deck");
        System.out.println("CardDeckPoker: all good");
    }
}
