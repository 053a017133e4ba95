import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads web server access logs and prints who answered what, and how slowly. */
public class LogAnalyzer {

    record Entry(String method, String path, int status, int millis) {
        private static final Pattern FORMAT = Pattern.compile(
                "^\\S+ \\S+ \\S+ \\[[^]]+] \"(\\w+) ([^ ?]+)\\S* HTTP/[0-9.]+\" (\\d{3}) (?:\\d+|-) (\\d+)$");

        static Optional<Entry> parse(String line) {
            Matcher matcher = FORMAT.matcher(line);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            return Optional.of(new Entry(matcher.group(1), matcher.group(2),
                    Integer.parseInt(matcher.group(3)), Integer.parseInt(matcher.group(4))));
        }

        String endpoint() {
            return method + " " + path;
        }
    }

    private final List<Entry> entries;

    LogAnalyzer(Stream<String> lines) {
        entries = lines.map(Entry::parse).flatMap(Optional::stream).toList();
    }

    Map<Integer, Long> statusCounts() {
        return entries.stream()
                .collect(Collectors.groupingBy(Entry::status, TreeMap::new, Collectors.counting()));
    }

    List<Map.Entry<String, IntSummaryStatistics>> slowestEndpoints(int limit) {
        Comparator<Map.Entry<String, IntSummaryStatistics>> byAverage =
                Comparator.comparingDouble(entry -> entry.getValue().getAverage());
        return entries.stream()
                .collect(Collectors.groupingBy(Entry::endpoint, Collectors.summarizingInt(Entry::millis)))
                .entrySet().stream()
                .sorted(byAverage.reversed())
                .limit(limit)
                .toList();
    }

    /** Nearest-rank percentile of the response times. */
    int percentile(int percent) {
        if (entries.isEmpty()) {
            throw new IllegalStateException("The log holds no requests");
        }
        int[] times = entries.stream().mapToInt(Entry::millis).sorted().toArray();
        int rank = (percent * times.length + 99) / 100;
        return times[Math.max(rank - 1, 0)];
    }

    void print() {
        statusCounts().forEach((status, hits) -> System.out.printf("HTTP %d x%d%n", status, hits));
        System.out.println("Slowest endpoints:");
        for (var entry : slowestEndpoints(3)) {
            IntSummaryStatistics times = entry.getValue();
            System.out.printf("  %-20s avg %7.1f ms, worst %d ms%n",
                    entry.getKey(), times.getAverage(), times.getMax());
        }
        System.out.printf("Median %d ms, p90 %d ms%n", percentile(50), percentile(90));
    }

    private static final String SAMPLE = """
            203.0.113.7 - - [12/Mar/2024:08:15:01 +0000] "GET /api/cart HTTP/1.1" 200 512 84
            203.0.113.7 - - [12/Mar/2024:08:15:04 +0000] "POST /api/checkout HTTP/1.1" 201 230 412
            198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /api/cart HTTP/1.1" 200 498 91
            198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /static/logo.svg HTTP/1.1" 304 - 3
            192.0.2.80 - eve [12/Mar/2024:08:15:30 +0000] "POST /api/checkout HTTP/1.1" 500 61 1290
            192.0.2.80 - eve [12/Mar/2024:08:15:41 +0000] "GET /search?q=lamp HTTP/2" 200 8812 267
            -- rotated by logkeeper --
            203.0.113.99 - - [12/Mar/2024:08:16:02 +0000] "GET /api/cart HTTP/1.1" 404 17 12
            203.0.113.99 - - [12/Mar/2024:08:16:20 +0000] "GET /search?q=rug HTTP/2" 200 7300 301
            """;

    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            new LogAnalyzer(SAMPLE.lines()).print();
            return;
        }
        try (Stream<String> lines = Files.lines(Path.of(args[0]))) {
            new LogAnalyzer(lines).print();
        }
    }
}
