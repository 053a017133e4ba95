import java.util.List;
import java.util.Map;

/** Levenshtein distance between words, with the alignment behind it and spelling suggestions. */
public final class EditDistance {

    private static final List<String> DICTIONARY =
            List.of("receive", "separate", "definitely", "necessary", "rhythm", "library", "calendar");

    private final String source;
    private final String target;
    private final int[][] cost;

    public EditDistance(String source, String target) {
        this.source = source;
        this.target = target;
        this.cost = new int[source.length() + 1][target.length() + 1];
        fill();
    }

    private void fill() {
        for (int i = 0; i < cost.length; i++) {
            for (int j = 0; j < cost[i].length; j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                } else {
                    int indel = 1 + Math.min(cost[i - 1][j], cost[i][j - 1]);
                    cost[i][j] = Math.min(indel, cost[i - 1][j - 1] + mismatch(i, j));
                }
            }
        }
    }

    private int mismatch(int i, int j) {
        return source.charAt(i - 1) == target.charAt(j - 1) ? 0 : 1;
    }

    public int distance() {
        return cost[source.length()][target.length()];
    }

    /** Three lines: the source, the marks ({@code |} match, {@code *} substitution), the target. */
    public String alignment() {
        StringBuilder top = new StringBuilder();
        StringBuilder marks = new StringBuilder();
        StringBuilder bottom = new StringBuilder();
        int i = source.length();
        int j = target.length();
        while (i > 0 || j > 0) {
            boolean deletion = i > 0 && cost[i][j] == cost[i - 1][j] + 1;
            boolean insertion = j > 0 && cost[i][j] == cost[i][j - 1] + 1;
            if (i > 0 && j > 0 && cost[i][j] == cost[i - 1][j - 1] + mismatch(i, j)) {
                marks.append(mismatch(i, j) == 0 ? '|' : '*');
                top.append(source.charAt(--i));
                bottom.append(target.charAt(--j));
            } else if (deletion) {
                marks.append(' ');
                top.append(source.charAt(--i));
                bottom.append('-');
            } else if (insertion) {
                marks.append(' ');
                top.append('-');
                bottom.append(target.charAt(--j));
            } else {
                throw new IllegalStateException("inconsistent table at " + i + "," + j);
            }
        }
        // The walk went backwards, and so were the letters collected.
        return top.reverse() + "\n" + marks.reverse() + "\n" + bottom.reverse();
    }

    public static int between(String source, String target) {
        return new EditDistance(source, target).distance();
    }

    public static List<String> suggest(String misspelling, int tolerance) {
        return DICTIONARY.stream()
                .map(word -> Map.entry(word, between(misspelling, word)))
                .filter(candidate -> candidate.getValue() <= tolerance)
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    public static void main(String[] args) {
        String[][] pairs = {{"kitten", "sitting"}, {"saturday", "sunday"}, {"flaw", "lawn"}};
        for (String[] pair : pairs) {
            EditDistance edit = new EditDistance(pair[0], pair[1]);
            System.out.printf("distance %d%n%s%n%n", edit.distance(), edit.alignment());
        }
        for (String typo : List.of("recieve", "seperate", "definately", "libary", "xylophone")) {
            System.out.println(typo + " -> " + suggest(typo, 2));
        }
    }
}
