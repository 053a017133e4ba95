import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A monochrome bitmap stored as run lengths, with a Fletcher-16 checksum for each row. */
public class RunLengthImage {
    private static final char INK = '#';
    private static final char PAPER = '.';

    /** Alternating paper and ink runs, starting with paper (possibly zero pixels of it). */
    record Row(List<Integer> runs, int checksum) {
        static Row encode(String pixels) {
            List<Integer> runs = new ArrayList<>();
            char colour = PAPER;
            int length = 0;
            for (char pixel : pixels.toCharArray()) {
                if (pixel != colour) {
                    runs.add(length);
                    colour = pixel;
                    length = 0;
                }
                length++;
            }
            runs.add(length);
            return new Row(List.copyOf(runs), fletcher16(runs));
        }

        boolean isIntact() {
            return fletcher16(runs) == checksum;
        }

        String decode() {
            StringBuilder pixels = new StringBuilder();
            boolean ink = false;
            for (int run : runs) {
                pixels.append(String.valueOf(ink ? INK : PAPER).repeat(run));
                ink = !ink;
            }
            return pixels.toString();
        }

        private static int fletcher16(List<Integer> values) {
            int sum = 0;
            int sumOfSums = 0;
            for (int value : values) {
                sum = (sum + value) % 255;
                sumOfSums = (sumOfSums + sum) % 255;
            }
            return (sumOfSums << 8) | sum;
        }
    }

    private final int width;
    private final List<Row> rows;

    RunLengthImage(int width, List<Row> rows) {
        this.width = width;
        this.rows = rows;
    }

    static RunLengthImage of(String bitmap) {
        List<Row> rows = bitmap.lines().map(Row::encode).toList();
        return new RunLengthImage(bitmap.indexOf('\n'), rows);
    }

    String toBitmap() {
        StringBuilder bitmap = new StringBuilder();
        for (int y = 0; y < rows.size(); y++) {
            Row row = rows.get(y);
            String pixels = row.decode();
            if (!row.isIntact() || pixels.length() != width) {
                throw new IllegalStateException("row " + y + " is corrupt: " + row);
            }
            bitmap.append(pixels).append('\n');
        }
        return bitmap.toString();
    }

    public static void main(String[] args) {
        String invader = """
                ..#.....#..
                ...#...#...
                ..#######..
                .##.###.##.
                ###########
                #.#######.#
                #.#.....#.#
                ...##.##...
                """;
        RunLengthImage image = RunLengthImage.of(invader);
        image.rows.forEach(row -> System.out.printf("%04x %s%n", row.checksum(),
                row.runs().stream().map(String::valueOf).collect(Collectors.joining(","))));
        System.out.println("round trip: " + image.toBitmap().equals(invader));

        List<Row> tampered = new ArrayList<>(image.rows);
        tampered.set(4, new Row(List.of(1, 10), tampered.get(4).checksum()));
        try {
            new RunLengthImage(image.width, tampered).toBitmap();
        } catch (IllegalStateException expected) {
            System.out.println(expected.getMessage());
        }
    }
}
