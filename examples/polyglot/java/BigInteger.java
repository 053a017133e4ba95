import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * An immutable natural number of any length, held as an array of decimal digits.
 * The most significant digit comes first, just as on paper.
 */
public final class BigInteger implements Comparable<BigInteger> {
    public static final BigInteger ONE = new BigInteger(new byte[] {1});

    private final byte[] digits;

    private BigInteger(byte[] raw) {
        int start = 0;
        while (start < raw.length - 1 && raw[start] == 0) {
            start++;
        }
        this.digits = Arrays.copyOfRange(raw, start, raw.length);
    }

    public static BigInteger parse(String text) {
        if (!text.matches("[0-9]+")) {
            throw new NumberFormatException("For input string: \"" + text + "\"");
        }
        byte[] raw = new byte[text.length()];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (text.charAt(i) - '0');
        }
        return new BigInteger(raw);
    }

    public static BigInteger valueOf(int value) {
        return parse(Integer.toString(value));
    }

    public static BigInteger factorial(int n) {
        return IntStream.rangeClosed(2, n).mapToObj(BigInteger::valueOf).reduce(ONE, BigInteger::multiply);
    }

    /** Column addition from the right, one digit longer than the longer operand. */
    public BigInteger add(BigInteger other) {
        byte[] sum = new byte[Math.max(digits.length, other.digits.length) + 1];
        int carry = 0;
        for (int place = 0; place < sum.length; place++) {
            int column = digitAt(place) + other.digitAt(place) + carry;
            sum[sum.length - 1 - place] = (byte) (column % 10);
            carry = column / 10;
        }
        return new BigInteger(sum);
    }

    /** Long multiplication: first gather the column totals, then settle the carries. */
    public BigInteger multiply(BigInteger other) {
        int[] columns = new int[digits.length + other.digits.length];
        for (int i = 0; i < digits.length; i++) {
            for (int j = 0; j < other.digits.length; j++) {
                columns[i + j + 1] += digits[i] * other.digits[j];
            }
        }
        byte[] product = new byte[columns.length];
        for (int k = columns.length - 1; k > 0; k--) {
            columns[k - 1] += columns[k] / 10;
            product[k] = (byte) (columns[k] % 10);
        }
        product[0] = (byte) columns[0];
        return new BigInteger(product);
    }

    private int digitAt(int placeFromRight) {
        int index = digits.length - 1 - placeFromRight;
        return index >= 0 ? digits[index] : 0;
    }

    @Override
    public int compareTo(BigInteger other) {
        int byLength = Integer.compare(digits.length, other.digits.length);
        return byLength != 0 ? byLength : Arrays.compare(digits, other.digits);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof BigInteger that && Arrays.equals(digits, that.digits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digits);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(digits.length);
        for (byte digit : digits) {
            text.append(digit);
        }
        return text.toString();
    }

    public static void main(String[] args) {
        System.out.println("carry chain: " + parse("99999999999999999999").add(ONE));
        BigInteger product = parse("123456789123456789").multiply(parse("987654321987654321"));
        System.out.println("product:     " + product);
        System.out.println("30!:         " + factorial(30));
    }
}
