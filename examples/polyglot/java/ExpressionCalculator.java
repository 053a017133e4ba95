import java.util.HashMap;
import java.util.Map;
import java.util.Scanner;
import java.util.StringTokenizer;

/**
 * A small expression calculator: statements are split into tokens, parsed by recursive descent and
 * evaluated on the way, with the variables assigned so far.
 */
public final class ExpressionCalculator {

    private static final String SYMBOLS = "+-*/%^()=";

    private final Map<String, Double> variables = new HashMap<>();
    private StringTokenizer tokens;
    private String current;

    public static void main(String[] args) {
        var calculator = new ExpressionCalculator();
        var session = new Scanner("""
            width = 3.5 * 4
            height = (width - 2) / 3
            -width + height * 10
            2 ^ 3 ^ 2
            7 / (height - 4)
            3 + * 4
            """);
        while (session.hasNextLine()) {
            String statement = session.nextLine();
            try {
                System.out.printf("%-26s = %s%n", statement, calculator.execute(statement));
            } catch (IllegalArgumentException | ArithmeticException e) {
                System.out.printf("%-26s   error: %s%n", statement, e.getMessage());
            }
        }
    }

    /** Evaluates one statement; an assignment also stores its value. */
    public double execute(String statement) {
        int equals = statement.indexOf('=');
        tokens = new StringTokenizer(statement.substring(equals + 1), SYMBOLS + " \t", true);
        advance();
        double value = parseSum();
        if (current != null) throw new IllegalArgumentException("unexpected " + current);
        if (equals >= 0) variables.put(statement.substring(0, equals).strip(), value);
        return value;
    }

    private double parseSum() {
        double total = parseProduct();
        while (true) {
            if (match("+")) total += parseProduct();
            else if (match("-")) total -= parseProduct();
            else return total;
        }
    }

    private double parseProduct() {
        double result = parseUnary();
        while (true) {
            if (match("*")) result *= parseUnary();
            else if (match("/")) result /= nonZero(parseUnary());
            else if (match("%")) result %= nonZero(parseUnary());
            else return result;
        }
    }

    private double parseUnary() {
        if (match("-")) return -parseUnary();
        double base = parsePrimary();
        return match("^") ? Math.pow(base, parseUnary()) : base;
    }

    private double parsePrimary() {
        if (match("(")) {
            double inner = parseSum();
            if (!match(")")) throw new IllegalArgumentException("missing )");
            return inner;
        }
        if (current == null || SYMBOLS.contains(current)) {
            throw new IllegalArgumentException("expected an operand, found " + current);
        }
        String operand = current;
        advance();
        if (Character.isDigit(operand.charAt(0))) return Double.parseDouble(operand);
        Double bound = variables.get(operand);
        if (bound == null) throw new IllegalArgumentException("unknown variable " + operand);
        return bound;
    }

    private static double nonZero(double divisor) {
        if (divisor == 0) throw new ArithmeticException("division by zero");
        return divisor;
    }

    private boolean match(String symbol) {
        if (!symbol.equals(current)) return false;
        advance();
        return true;
    }

    private void advance() {
        do {
            current = tokens.hasMoreTokens() ? tokens.nextToken() : null;
        } while (current != null && current.isBlank());
    }
}
