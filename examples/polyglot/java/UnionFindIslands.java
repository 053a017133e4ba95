import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.stream.IntStream;

/**
 * Counts islands ({@code #}) in the sea ({@code .}) by merging neighbouring land squares
 * in a union-find structure.
 */
public final class UnionFindIslands {

    private static final String[] CHART = """
            ##...#..
            #....##.
            ...#....
            ..##...#
            #......#
            #.#####.
            """.split("\n");

    /** Disjoint sets over 0..n-1; a negative link at a root is the size of its set. */
    static final class DisjointSets {
        private final int[] link;
        private int count;

        DisjointSets(int n) {
            link = new int[n];
            Arrays.fill(link, -1);
            count = n;
        }

        int find(int x) {
            if (link[x] < 0) {
                return x;
            }
            return link[x] = find(link[x]);
        }

        void union(int x, int y) {
            int a = find(x);
            int b = find(y);
            if (a == b) {
                return;
            }
            int larger = link[a] <= link[b] ? a : b;
            int smaller = a + b - larger;
            link[larger] += link[smaller];
            link[smaller] = larger;
            count--;
        }

        int count() {
            return count;
        }

        int sizeOf(int x) {
            return -link[find(x)];
        }

        boolean isRoot(int x) {
            return link[x] < 0;
        }
    }

    private final String[] chart;
    private final int width;

    UnionFindIslands(String... chart) {
        this.chart = chart;
        this.width = chart[0].length();
        if (Arrays.stream(chart).anyMatch(row -> row.length() != width)) {
            throw new IllegalArgumentException("the chart is not rectangular");
        }
    }

    private boolean isLand(int square) {
        return chart[square / width].charAt(square % width) == '#';
    }

    /** Island sizes in the order in which a reader of the chart meets their root squares. */
    int[] islandSizes() {
        int area = chart.length * width;
        DisjointSets sets = new DisjointSets(area);
        for (int square = 0; square < area; square++) {
            if (!isLand(square)) {
                continue;
            }
            if (square % width > 0 && isLand(square - 1)) {
                sets.union(square - 1, square);
            }
            if (square >= width && isLand(square - width)) {
                sets.union(square - width, square);
            }
        }
        return IntStream.range(0, area).filter(this::isLand).filter(sets::isRoot).map(sets::sizeOf).toArray();
    }

    public static void main(String[] args) {
        int[] sizes = new UnionFindIslands(CHART).islandSizes();
        IntSummaryStatistics summary = Arrays.stream(sizes).summaryStatistics();
        System.out.println("islands: " + summary.getCount());
        System.out.println("land squares: " + summary.getSum() + ", largest island: " + summary.getMax());
    }
}
