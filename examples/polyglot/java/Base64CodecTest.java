import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Checks for {@link Base64Codec}, run as a plain main program. */
public class Base64CodecTest {
    private static int failures = 0;

    private static void check(String name, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            failures++;
            System.err.println(name + ": expected " + expected + " but got " + actual);
        }
    }

    private static boolean rejects(String text) {
        try {
            Base64Codec.decode(text);
            return false;
        } catch (IllegalArgumentException malformed) {
            return true;
        }
    }

    public static void main(String[] args) {
        Map<String, String> vectors = Map.of("", "", "f", "Zg==", "fo", "Zm8=", "foo", "Zm9v",
                "foob", "Zm9vYg==", "fooba", "Zm9vYmE=", "foobar", "Zm9vYmFy");
        vectors.forEach((plain, encoded) -> {
            check("encode " + plain, encoded, Base64Codec.encode(plain.getBytes(StandardCharsets.UTF_8)));
            check("decode " + encoded, plain,
                    new String(Base64Codec.decode(encoded), StandardCharsets.UTF_8));
        });
        for (String malformed : List.of("Zg=", "Zg=a", "Zh==", "Z===", "Zm9*", "Zg==Zg==")) {
            check("reject " + malformed, true, rejects(malformed));
        }
        if (failures > 0) {
            System.exit(1);
        }
        System.out.println("all base64 checks passed");
    }
}
