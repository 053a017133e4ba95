import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads sales as CSV (RFC 4180 quoting) and prints units and revenue per region. */
public class CsvReport {

    private static final String SALES = """
        region,product,units,price
        North,"Bolts, M6",120,0.35
        South,"Hinge ""\"Heavy""\"",14,6.20
        North,Washers,300,0.05
        West,"Multi
        line bracket",8,11.75
        South,Washers,50,0.05
        """;

    record Sale(String region, String product, int units, BigDecimal price) {

        static Sale fromRow(List<String> row) {
            if (row.size() != 4) {
                throw new IllegalArgumentException("expected 4 columns, got " + row);
            }
            return new Sale(row.get(0), row.get(1), Integer.parseInt(row.get(2)), new BigDecimal(row.get(3)));
        }

        BigDecimal revenue() {
            return price.multiply(BigDecimal.valueOf(units));
        }
    }

    private enum State { PLAIN, QUOTED, QUOTE_SEEN }

    static List<List<String>> parse(String csv) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        State state = State.PLAIN;
        for (char c : csv.toCharArray()) {
            if (state == State.QUOTED) {
                if (c == '"') state = State.QUOTE_SEEN;
                else cell.append(c);
            } else if (c == '"') {
                // The second of two quotes is data, any other quote opens a quoted stretch.
                if (state == State.QUOTE_SEEN) cell.append(c);
                state = State.QUOTED;
            } else {
                state = State.PLAIN;
                switch (c) {
                    case ',' -> row.add(take(cell));
                    case '\n' -> {
                        row.add(take(cell));
                        rows.add(row);
                        row = new ArrayList<>();
                    }
                    case '\r' -> { }
                    default -> cell.append(c);
                }
            }
        }
        if (state == State.QUOTED) throw new IllegalArgumentException("unterminated quoted field");
        if (!row.isEmpty() || cell.length() > 0) {
            row.add(take(cell));
            rows.add(row);
        }
        return rows;
    }

    private static String take(StringBuilder cell) {
        String value = cell.toString();
        cell.setLength(0);
        return value;
    }

    public static void main(String[] args) {
        Map<String, List<Sale>> byRegion = parse(SALES).stream()
            .skip(1)
            .map(Sale::fromRow)
            .collect(Collectors.groupingBy(Sale::region, TreeMap::new, Collectors.toList()));

        byRegion.forEach((region, sales) -> System.out.printf(
            "%-6s %d sales, %d units, %s%n", region, sales.size(), units(sales), revenue(sales)));
        List<Sale> all = byRegion.values().stream().flatMap(List::stream).toList();
        System.out.printf("Total  %d sales, %d units, %s%n", all.size(), units(all), revenue(all));
    }

    private static int units(List<Sale> sales) {
        return sales.stream().mapToInt(Sale::units).sum();
    }

    private static BigDecimal revenue(List<Sale> sales) {
        return sales.stream().map(Sale::revenue).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
