import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Hand-written base64 codec. The decoder is strict about padding and about the unused bits of
 * the last symbol, so that every byte string has exactly one valid encoding.
 */
public final class Base64Codec {
    private static final char[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".toCharArray();
    private static final int[] SEXTETS = new int[128];

    static {
        Arrays.fill(SEXTETS, -1);
        for (int value = 0; value < ALPHABET.length; value++) {
            SEXTETS[ALPHABET[value]] = value;
        }
    }

    private Base64Codec() { }

    public static String encode(byte[] data) {
        StringBuilder text = new StringBuilder((data.length + 2) / 3 * 4);
        int buffer = 0;
        int bitCount = 0;
        for (byte octet : data) {
            buffer = (buffer << 8) | (octet & 0xFF);
            bitCount += 8;
            while (bitCount >= 6) {
                bitCount -= 6;
                text.append(ALPHABET[(buffer >> bitCount) & 0x3F]);
            }
        }
        if (bitCount > 0) {
            text.append(ALPHABET[(buffer << (6 - bitCount)) & 0x3F]);
        }
        while (text.length() % 4 != 0) {
            text.append('=');
        }
        return text.toString();
    }

    public static byte[] decode(String text) {
        if (text.length() % 4 != 0) {
            throw new IllegalArgumentException("length must be a multiple of 4, was " + text.length());
        }
        int end = text.length() - countPadding(text);
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length() / 4 * 3);
        int buffer = 0;
        int bitCount = 0;
        for (int i = 0; i < end; i++) {
            buffer = (buffer << 6) | sextet(text.charAt(i), i);
            bitCount += 6;
            if (bitCount >= 8) {
                bitCount -= 8;
                octets.write(buffer >> bitCount);
            }
        }
        if ((buffer & ((1 << bitCount) - 1)) != 0) {
            throw new IllegalArgumentException("unused bits of the last symbol are not zero");
        }
        return octets.toByteArray();
    }

    private static int countPadding(String text) {
        if (text.endsWith("==")) {
            return 2;
        }
        return text.endsWith("=") ? 1 : 0;
    }

    private static int sextet(char symbol, int position) {
        int value = symbol < SEXTETS.length ? SEXTETS[symbol] : -1;
        if (value < 0) {
            String reason = symbol == '=' ? "misplaced padding" : "invalid symbol '" + symbol + "'";
            throw new IllegalArgumentException(reason + " at position " + position);
        }
        return value;
    }

    public static void main(String[] args) {
        String proverb = "Many hands make light work.";
        String encoded = encode(proverb.getBytes(StandardCharsets.UTF_8));
        System.out.println(encoded);
        System.out.println(new String(decode(encoded), StandardCharsets.UTF_8));
    }
}
