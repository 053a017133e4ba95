import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Bloom filter over any element type that can be turned into bytes. Membership tests may give
 * false positives, never false negatives.
 *
 * @param <T> the element type
 */
public class BloomFilter<T> {
    private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final BitSet bits;
    private final int bitCount;
    private final int hashCount;
    private final Function<? super T, byte[]> toBytes;

    public BloomFilter(int expectedInsertions, double falsePositiveRate,
                       Function<? super T, byte[]> toBytes) {
        if (expectedInsertions <= 0 || falsePositiveRate <= 0 || falsePositiveRate >= 1) {
            throw new IllegalArgumentException("need a positive size and a rate between 0 and 1");
        }
        double ln2 = Math.log(2);
        this.bitCount = (int) Math.ceil(-expectedInsertions * Math.log(falsePositiveRate) / (ln2 * ln2));
        this.hashCount = (int) Math.max(1, Math.round(ln2 * bitCount / expectedInsertions));
        this.bits = new BitSet(bitCount);
        this.toBytes = toBytes;
    }

    static long fnv1a(byte[] data) {
        long hash = FNV_OFFSET_BASIS;
        for (byte octet : data) {
            hash ^= octet & 0xff;
            hash *= FNV_PRIME;
        }
        return hash;
    }

    /** Double hashing: the two halves of one 64-bit hash act as start and stride. */
    private IntStream indexes(T element) {
        long hash = fnv1a(toBytes.apply(element));
        long start = hash >>> 32;
        long stride = (hash & 0xffff_ffffL) | 1;
        return IntStream.range(0, hashCount).map(i -> (int) ((start + i * stride) % bitCount));
    }

    /** Returns true when the element was certainly not in the filter before. */
    public boolean put(T element) {
        boolean isNew = !mightContain(element);
        indexes(element).forEach(bits::set);
        return isNew;
    }

    public boolean mightContain(T element) {
        return indexes(element).allMatch(bits::get);
    }

    /** Estimates the false positive probability from the share of bits that are set. */
    public double estimatedFalsePositiveRate() {
        return Math.pow((double) bits.cardinality() / bitCount, hashCount);
    }

    @Override
    public String toString() {
        return String.format("BloomFilter[bits=%d, set=%d, hashes=%d]",
                bitCount, bits.cardinality(), hashCount);
    }

    public static void main(String[] args) {
        List<String> spotted = List.of(
                "sparrow", "heron", "kestrel", "avocet", "plover", "dunnock", "wigeon", "bittern");
        var sightings = new BloomFilter<String>(spotted.size(), 0.01,
                bird -> bird.getBytes(StandardCharsets.UTF_8));
        spotted.forEach(sightings::put);

        System.out.println(sightings);
        System.out.println("all spotted birds found: " + spotted.stream().allMatch(sightings::mightContain));
        for (String bird : List.of("penguin", "ostrich", "toucan", "flamingo")) {
            String verdict = sightings.mightContain(bird) ? "possibly spotted" : "never spotted";
            System.out.println(bird + ": " + verdict);
        }
        System.out.printf("estimated false positive rate %.4f%n", sightings.estimatedFalsePositiveRate());
    }
}
