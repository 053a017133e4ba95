import java.util.BitSet;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Huffman codec: derives a prefix code from the symbol frequencies of a text and uses it
 * to pack messages into a {@link BitSet}.
 */
public final class HuffmanCodec {
    private sealed interface Node permits Leaf, Inner {
        int weight();

        char lowest();
    }

    private record Leaf(char symbol, int weight) implements Node {
        @Override
        public char lowest() {
            return symbol;
        }
    }

    private record Inner(Node left, Node right) implements Node {
        @Override
        public int weight() {
            return left.weight() + right.weight();
        }

        @Override
        public char lowest() {
            return (char) Math.min(left.lowest(), right.lowest());
        }
    }

    /** The packed bits of a message; a BitSet alone does not remember its trailing zeros. */
    public record Encoded(BitSet bits, int length) { }

    private final Node root;
    private final Map<Character, String> codes = new TreeMap<>();

    public HuffmanCodec(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("no symbols to build a code tree from");
        }
        Map<Character, Integer> frequencies = new TreeMap<>();
        for (char symbol : text.toCharArray()) {
            frequencies.merge(symbol, 1, Integer::sum);
        }
        var queue = new PriorityQueue<Node>(
                Comparator.comparingInt(Node::weight).thenComparing(Node::lowest));
        frequencies.forEach((symbol, weight) -> queue.add(new Leaf(symbol, weight)));
        while (queue.size() > 1) {
            queue.add(new Inner(queue.remove(), queue.remove()));
        }
        root = queue.remove();
        assignCodes(root, "");
    }

    private void assignCodes(Node node, String prefix) {
        if (node instanceof Inner inner) {
            assignCodes(inner.left(), prefix + '0');
            assignCodes(inner.right(), prefix + '1');
        } else if (node instanceof Leaf leaf) {
            codes.put(leaf.symbol(), prefix.isEmpty() ? "0" : prefix);
        }
    }

    public Encoded encode(String message) {
        BitSet bits = new BitSet();
        int cursor = 0;
        for (char symbol : message.toCharArray()) {
            String code = codes.get(symbol);
            if (code == null) {
                throw new IllegalArgumentException("symbol not in the code table: " + symbol);
            }
            for (int i = 0; i < code.length(); i++) {
                bits.set(cursor++, code.charAt(i) == '1');
            }
        }
        return new Encoded(bits, cursor);
    }

    public String decode(Encoded encoded) {
        StringBuilder message = new StringBuilder();
        Node node = root;
        for (int i = 0; i < encoded.length(); i++) {
            if (node instanceof Inner inner) {
                node = encoded.bits().get(i) ? inner.right() : inner.left();
            }
            if (node instanceof Leaf leaf) {
                message.append(leaf.symbol());
                node = root;
            }
        }
        return message.toString();
    }

    public static void main(String[] args) {
        String message = "she sells seashells by the seashore";
        HuffmanCodec codec = new HuffmanCodec(message);
        Encoded encoded = codec.encode(message);
        codec.codes.forEach((symbol, code) -> System.out.printf("'%c' = %s%n", symbol, code));
        System.out.println("decoded: " + codec.decode(encoded));
        int plainBits = message.length() * Byte.SIZE;
        System.out.printf("%d of %d bits, ratio %.2f%n",
                encoded.length(), plainBits, (double) plainBits / encoded.length());
    }
}
