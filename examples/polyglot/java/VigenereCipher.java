import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Vigenere cipher over the letters A to Z, with a Kasiski examination of the ciphertext.
 * Characters that are not letters are copied unchanged.
 */
public final class VigenereCipher {
    private static final int LETTERS = 26;
    private static final int SEQUENCE = 3;
    private static final int LONGEST_KEY = 12;

    private final int[] shifts;

    public VigenereCipher(String keyword) {
        if (!keyword.matches("[A-Za-z]+")) {
            throw new IllegalArgumentException("the keyword may only have letters: " + keyword);
        }
        shifts = keyword.toUpperCase(Locale.ROOT).chars().map(letter -> letter - 'A').toArray();
    }

    public String encrypt(String plaintext) {
        return transform(plaintext, 1);
    }

    public String decrypt(String ciphertext) {
        return transform(ciphertext, -1);
    }

    private String transform(String text, int sign) {
        StringBuilder result = new StringBuilder(text.length());
        int keyPosition = 0;
        for (char c : text.toUpperCase(Locale.ROOT).toCharArray()) {
            if (isLetter(c)) {
                int shift = sign * shifts[keyPosition++ % shifts.length];
                result.append((char) ('A' + Math.floorMod(c - 'A' + shift, LETTERS)));
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }

    private static boolean isLetter(char c) {
        return c >= 'A' && c <= 'Z';
    }

    /** Gaps between a repeated trigram and its previous occurrence. */
    static List<Integer> repeatDistances(String ciphertext) {
        String letters = ciphertext.replaceAll("[^A-Z]", "");
        Map<String, Integer> lastSeen = new HashMap<>();
        List<Integer> distances = new ArrayList<>();
        for (int at = 0; at + SEQUENCE <= letters.length(); at++) {
            Integer previous = lastSeen.put(letters.substring(at, at + SEQUENCE), at);
            if (previous != null) {
                distances.add(at - previous);
            }
        }
        return distances;
    }

    static OptionalInt guessKeyLength(String ciphertext) {
        List<Integer> distances = repeatDistances(ciphertext);
        if (distances.isEmpty()) {
            return OptionalInt.empty();
        }
        int best = 1;
        long bestVotes = 0;
        for (int length = 2; length <= LONGEST_KEY; length++) {
            int candidate = length;
            long votes = distances.stream().filter(distance -> distance % candidate == 0).count();
            if (votes >= bestVotes) {
                best = candidate;
                bestVotes = votes;
            }
        }
        return OptionalInt.of(best);
    }

    public static void main(String[] args) {
        VigenereCipher cipher = new VigenereCipher("LEMON");
        System.out.println(cipher.encrypt("Attack at dawn")); // LXFOPV EF RNHR

        String convoy = "The convoy leaves the harbour at dawn, when the tide turns. "
                + "The convoy follows the lighthouse until the harbour pilot leaves the convoy.";
        String ciphertext = cipher.encrypt(convoy);
        System.out.println(ciphertext);
        System.out.println(cipher.decrypt(ciphertext));
        System.out.println("distances: " + repeatDistances(ciphertext));
        guessKeyLength(ciphertext).ifPresentOrElse(
                length -> System.out.println("the key probably has " + length + " letters"),
                () -> System.out.println("no repeated sequence found"));
    }
}
