import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Compares two texts line by line and renders the differences in the unified format. */
public class DiffViewer {

    enum Kind {
        KEEP(' '), DELETE('-'), INSERT('+');

        final char sign;

        Kind(char sign) {
            this.sign = sign;
        }
    }

    record Change(Kind kind, String line) {
        @Override
        public String toString() {
            return kind.sign + line;
        }
    }

    private final List<String> before;
    private final List<String> after;

    public DiffViewer(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
    }

    /** Walks the table of prefix LCS lengths backwards, so changes are pushed at the front. */
    private List<Change> changes() {
        int[][] lcs = prefixTable();
        Deque<Change> script = new ArrayDeque<>();
        int row = before.size();
        int column = after.size();
        while (row > 0 || column > 0) {
            if (row > 0 && column > 0 && before.get(row - 1).equals(after.get(column - 1))) {
                script.addFirst(new Change(Kind.KEEP, before.get(--row)));
                column--;
            } else if (column > 0 && (row == 0 || lcs[row][column - 1] >= lcs[row - 1][column])) {
                script.addFirst(new Change(Kind.INSERT, after.get(--column)));
            } else {
                script.addFirst(new Change(Kind.DELETE, before.get(--row)));
            }
        }
        return List.copyOf(script);
    }

    private int[][] prefixTable() {
        int[][] lcs = new int[before.size() + 1][after.size() + 1];
        for (int row = 1; row <= before.size(); row++) {
            for (int column = 1; column <= after.size(); column++) {
                lcs[row][column] = before.get(row - 1).equals(after.get(column - 1))
                        ? lcs[row - 1][column - 1] + 1
                        : Math.max(lcs[row - 1][column], lcs[row][column - 1]);
            }
        }
        return lcs;
    }

    public String unified(int context) {
        List<Change> changes = changes();
        StringBuilder out = new StringBuilder();
        int position = 0;
        int oldLine = 1;
        int newLine = 1;
        while (position < changes.size()) {
            int end = hunkEnd(changes, position, context);
            if (end > position) {
                List<Change> hunk = changes.subList(position, end);
                long deleted = hunk.stream().filter(change -> change.kind() != Kind.INSERT).count();
                long inserted = hunk.stream().filter(change -> change.kind() != Kind.DELETE).count();
                out.append("@@ -%d,%d +%d,%d @@%n".formatted(oldLine, deleted, newLine, inserted));
                hunk.forEach(change -> out.append(change).append(System.lineSeparator()));
                oldLine += deleted;
                newLine += inserted;
                position = end;
            } else {
                oldLine++;
                newLine++;
                position++;
            }
        }
        return out.toString();
    }

    /** End of the hunk that begins at {@code start}, or {@code start} when none begins there. */
    private static int hunkEnd(List<Change> changes, int start, int context) {
        int end = start;
        for (int i = start; i < changes.size() && i <= end + context; i++) {
            if (changes.get(i).kind() != Kind.KEEP) {
                end = Math.min(changes.size(), i + context + 1);
            }
        }
        return end;
    }

    public static void main(String[] args) {
        List<String> recipe = List.of(("Rye loaf;500 g flour;320 ml water;9 g salt;3 g yeast;knead 10 min;"
                + "rest 60 min;shape;proof 30 min;score the top;bake 35 min;cool on a rack").split(";"));
        List<String> revised = new ArrayList<>(recipe);
        revised.set(2, "340 ml water");
        revised.add(10, "steam the oven");
        System.out.print("--- recipe.old\n+++ recipe.new\n" + new DiffViewer(recipe, revised).unified(2));
    }
}
