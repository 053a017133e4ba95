import java.util.*;
import java.util.regex.*;

/** Reads JSON text into a {@link Map}, {@link List}, String, Double, Boolean or {@code null}. */
public final class JsonReader {

    public static final class JsonException extends RuntimeException {
        public final int line, column;

        JsonException(String message, String before) {
            super(message);
            line = (int) before.chars().filter(c -> c == '\n').count() + 1;
            column = before.length() - before.lastIndexOf('\n');
        }
    }

    private static final Pattern SCALAR =
        Pattern.compile("true|false|null|-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    private final String text;
    private int pos;

    private JsonReader(String text) {
        this.text = text;
    }

    public static Object parse(String text) {
        JsonReader reader = new JsonReader(text);
        Object value = reader.readValue();
        if (reader.peek() != '\0') throw reader.error("unexpected text after the document");
        return value;
    }

    private Object readValue() {
        return switch (peek()) {
            case '{' -> readObject();
            case '[' -> readArray();
            case '"' -> readString();
            default -> readScalar();
        };
    }

    private Map<String, Object> readObject() {
        var members = new LinkedHashMap<String, Object>();
        pos++;
        if (accept('}')) return members;
        do {
            if (peek() != '"') throw error("expected a member name");
            String name = readString();
            if (!accept(':')) throw error("expected ':'");
            members.put(name, readValue());
        } while (accept(','));
        if (!accept('}')) throw error("expected ',' or '}'");
        return members;
    }

    private List<Object> readArray() {
        var elements = new ArrayList<Object>();
        pos++;
        if (accept(']')) return elements;
        do elements.add(readValue()); while (accept(','));
        if (!accept(']')) throw error("expected ',' or ']'");
        return elements;
    }

    private String readString() {
        var builder = new StringBuilder();
        for (pos++; pos < text.length() && text.charAt(pos) != '"'; pos++) {
            char c = text.charAt(pos);
            builder.append(c == '\\' ? readEscape() : c);
        }
        if (!accept('"')) throw error("unterminated string");
        return builder.toString();
    }

    private char readEscape() {
        if (text.startsWith("\\u", pos) && pos + 6 <= text.length()) {
            pos += 5;
            return (char) Integer.parseInt(text, pos - 3, pos + 1, 16);
        }
        int which = ++pos < text.length() ? "\"\\/bfnrt".indexOf(text.charAt(pos)) : -1;
        if (which < 0) throw error("invalid escape");
        return "\"\\/\b\f\n\r\t".charAt(which);
    }

    private Object readScalar() {
        Matcher scalar = SCALAR.matcher(text).region(pos, text.length());
        if (!scalar.lookingAt()) throw error("expected a value");
        pos = scalar.end();
        return switch (scalar.group()) {
            case "true", "false" -> Boolean.valueOf(scalar.group());
            case "null" -> null;
            default -> Double.valueOf(scalar.group());
        };
    }

    /** Skips white space and returns the next character, or NUL at the end. */
    private char peek() {
        while (pos < text.length() && " \t\r\n".indexOf(text.charAt(pos)) >= 0) pos++;
        return pos < text.length() ? text.charAt(pos) : '\0';
    }

    private boolean accept(char wanted) {
        return peek() == wanted && pos++ >= 0;
    }

    private JsonException error(String message) {
        return new JsonException(message, text.substring(0, pos));
    }
}
