import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Converts between integers and Roman numerals.
 */
public final class RomanNumerals {

    public static final int MIN = 1;
    public static final int MAX = 3999;

    /** The symbols, subtractive pairs included, from the largest down. */
    private enum Symbol {
        M(1000), CM(900), D(500), CD(400), C(100), XC(90), L(50), XL(40), X(10), IX(9), V(5), IV(4), I(1);

        final int value;

        Symbol(int value) {
            this.value = value;
        }
    }

    private RomanNumerals() {
    }

    public static String format(int number) {
        if (number < MIN || number > MAX) {
            throw new IllegalArgumentException("Out of range " + MIN + " to " + MAX + ": " + number);
        }
        StringBuilder numeral = new StringBuilder();
        int remainder = number;
        for (Symbol symbol : Symbol.values()) {
            while (remainder >= symbol.value) {
                numeral.append(symbol);
                remainder -= symbol.value;
            }
        }
        return numeral.toString();
    }

    /**
     * Reads a numeral greedily, then checks that it is the canonical spelling of what was read.
     *
     * @throws NumberFormatException for anything but a canonical numeral, such as "IIX"
     */
    public static int parse(String numeral) {
        int total = 0;
        int position = 0;
        for (Symbol symbol : Symbol.values()) {
            while (numeral.startsWith(symbol.name(), position)) {
                total += symbol.value;
                position += symbol.name().length();
            }
        }
        boolean readToTheEnd = position == numeral.length();
        if (!readToTheEnd || total < MIN || total > MAX || !format(total).equals(numeral)) {
            throw new NumberFormatException("Not a Roman numeral: \"" + numeral + '"');
        }
        return total;
    }

    /** The label of an hour on a clock face, where four is traditionally written IIII. */
    public static String hourLabel(int hour) {
        return hour == 4 ? "IIII" : format(hour);
    }

    static String clockFace(int radius) {
        StringBuilder[] rows = IntStream.rangeClosed(0, 2 * radius)
            .mapToObj(row -> new StringBuilder(" ".repeat(4 * radius + 6)))
            .toArray(StringBuilder[]::new);
        for (int hour = 1; hour <= 12; hour++) {
            String label = hourLabel(hour);
            double angle = Math.toRadians(30 * hour);
            int row = (int) Math.round(radius * (1 - Math.cos(angle)));
            int center = (int) Math.round(radius * 2 * (1 + Math.sin(angle))) + 3;
            int left = center - label.length() / 2;
            rows[row].replace(left, left + label.length(), label);
        }
        return IntStream.range(0, rows.length)
            .mapToObj(i -> rows[i].toString().stripTrailing())
            .collect(Collectors.joining("\n"));
    }

    public static void main(String[] args) {
        for (int year : new int[] {44, 1066, 1994, 2024, 3999}) {
            System.out.printf("%4d = %s%n", year, format(year));
        }
        System.out.println(clockFace(6));
    }
}
