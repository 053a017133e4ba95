import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Deals poker hands from a deck shuffled with a xorshift generator and tells what they are worth. */
public final class CardDeckPoker {
    private static final String RANKS = "23456789TJQKA";

    enum Category {
        HIGH_CARD, PAIR, TWO_PAIR, THREE_OF_A_KIND, STRAIGHT,
        FLUSH, FULL_HOUSE, FOUR_OF_A_KIND, STRAIGHT_FLUSH
    }

    enum Suit { C, D, H, S }

    record Card(int rank, Suit suit) {
        static Card parse(String text) {
            int rank = RANKS.indexOf(text.charAt(0));
            if (rank < 0 || text.length() != 2) throw new IllegalArgumentException("Not a card: " + text);
            return new Card(rank + 2, Suit.valueOf(text.substring(1)));
        }

        @Override
        public String toString() {
            return RANKS.charAt(rank - 2) + suit.name();
        }
    }

    /** What a hand is worth; ranks are listed with the most frequent and highest first. */
    record Score(Category category, List<Integer> ranks) implements Comparable<Score> {
        @Override
        public int compareTo(Score other) {
            int byCategory = category.compareTo(other.category);
            if (byCategory != 0) return byCategory;
            return Arrays.compare(ranks.toArray(Integer[]::new), other.ranks.toArray(Integer[]::new));
        }
    }

    static Score score(List<Card> hand) {
        if (hand.stream().distinct().count() != 5) throw new IllegalArgumentException("Five cards, please");
        Map<Integer, Long> counts = hand.stream()
            .map(Card::rank)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        List<Integer> ranks = new ArrayList<>(counts.keySet());
        ranks.sort(Comparator.<Integer, Long>comparing(counts::get).thenComparing(r -> r).reversed());
        long most = counts.get(ranks.get(0));
        boolean flush = hand.stream().map(Card::suit).distinct().count() == 1;
        boolean wheel = ranks.equals(List.of(14, 5, 4, 3, 2));
        boolean straight = wheel || ranks.size() == 5 && ranks.get(0) - ranks.get(4) == 4;

        Category category = switch (ranks.size()) {
            case 2 -> most == 4 ? Category.FOUR_OF_A_KIND : Category.FULL_HOUSE;
            case 3 -> most == 3 ? Category.THREE_OF_A_KIND : Category.TWO_PAIR;
            case 4 -> Category.PAIR;
            default -> {
                if (straight) yield flush ? Category.STRAIGHT_FLUSH : Category.STRAIGHT;
                yield flush ? Category.FLUSH : Category.HIGH_CARD;
            }
        };
        return new Score(category, wheel ? List.of(5, 4, 3, 2, 1) : ranks);
    }

    static List<Card> shuffledDeck(int seed) {
        List<Card> deck = new ArrayList<>(52);
        for (Suit suit : Suit.values()) {
            for (int rank = 2; rank <= 14; rank++) deck.add(new Card(rank, suit));
        }
        int x = seed; // xorshift32 state
        for (int last = deck.size() - 1; last > 0; last--) {
            x ^= x << 13;
            x ^= x >>> 17;
            x ^= x << 5;
            Collections.swap(deck, last, Integer.remainderUnsigned(x, last + 1));
        }
        return deck;
    }

    public static void main(String[] args) {
        List<Card> deck = shuffledDeck(77_2024);
        Map<String, List<Card>> table = new LinkedHashMap<>();
        for (String player : List.of("North", "East", "South", "West")) {
            int dealt = 5 * table.size();
            table.put(player, deck.subList(dealt, dealt + 5));
        }
        table.forEach((player, hand) ->
            System.out.printf("%-5s %s %s%n", player, hand, score(hand).category()));
        String winner = Collections.max(table.keySet(), Comparator.comparing(p -> score(table.get(p))));
        System.out.println("Winner: " + winner);
    }
}
