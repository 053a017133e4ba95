import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Suggests the most popular words for a typed prefix, using a prefix tree. */
public class TrieAutocomplete {

    public record Suggestion(String word, int weight) {
        static final Comparator<Suggestion> BEST_FIRST =
                Comparator.comparingInt(Suggestion::weight).reversed().thenComparing(Suggestion::word);

        @Override
        public String toString() {
            return word + ":" + weight;
        }
    }

    private static final class Node {
        final Map<Character, Node> children = new TreeMap<>();
        Suggestion terminal;
    }

    private final Node root = new Node();
    private int wordCount;

    /** Adds a word, or adds to its weight if the tree has it already. */
    public void add(String word, int weight) {
        if (word.isBlank()) {
            throw new IllegalArgumentException("blank word");
        }
        Node node = root;
        for (char letter : word.toCharArray()) {
            node = node.children.computeIfAbsent(letter, unused -> new Node());
        }
        if (node.terminal == null) {
            wordCount++;
            node.terminal = new Suggestion(word, weight);
        } else {
            node.terminal = new Suggestion(word, node.terminal.weight() + weight);
        }
    }

    public List<Suggestion> suggest(String prefix, int limit) {
        return find(prefix)
                .map(TrieAutocomplete::collect)
                .orElse(List.of())
                .stream()
                .sorted(Suggestion.BEST_FIRST)
                .limit(limit)
                .toList();
    }

    public int size() {
        return wordCount;
    }

    private Optional<Node> find(String prefix) {
        Node node = root;
        for (int i = 0; i < prefix.length() && node != null; i++) {
            node = node.children.get(prefix.charAt(i));
        }
        return Optional.ofNullable(node);
    }

    private static List<Suggestion> collect(Node subtree) {
        List<Suggestion> found = new ArrayList<>();
        Deque<Node> pending = new ArrayDeque<>();
        pending.push(subtree);
        while (!pending.isEmpty()) {
            Node node = pending.pop();
            if (node.terminal != null) {
                found.add(node.terminal);
            }
            node.children.values().forEach(pending::push);
        }
        return found;
    }

    public static void main(String[] args) {
        TrieAutocomplete trie = new TrieAutocomplete();
        Map.of("tea", 50, "team", 35, "teapot", 12, "teal", 8, "ten", 40,
                "tent", 22, "tension", 9, "inn", 30, "ink", 27, "inlet", 14)
                .forEach(trie::add);
        System.out.println(trie.size() + " words indexed");

        for (String prefix : List.of("te", "tea", "in", "x")) {
            System.out.println(prefix + " -> " + trie.suggest(prefix, 3));
        }
        trie.add("teapot", 45);
        System.out.println("te -> " + trie.suggest("te", 1) + " after the tea party");
    }
}
