import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/** Prime numbers by a segmented sieve, plus twin primes and factorisation. */
public class PrimeSieve {
    static final int SEGMENT_SIZE = 1 << 15;

    /** A pair of primes that differ by two. */
    record TwinPair(long lower, long upper) {
        @Override
        public String toString() {
            return "(" + lower + ", " + upper + ")";
        }
    }

    /** Calls {@code action} with every prime in the closed range, in ascending order. */
    static void forEachPrime(long from, long to, LongConsumer action) {
        int[] base = smallPrimes((int) Math.sqrt((double) to) + 1);
        BitSet composite = new BitSet(SEGMENT_SIZE);
        for (long low = Math.max(2, from); low <= to; low += SEGMENT_SIZE) {
            int length = (int) Math.min(SEGMENT_SIZE, to - low + 1);
            composite.clear();
            for (int p : base) {
                long square = (long) p * p;
                if (square >= low + length) {
                    break;
                }
                long multiple = Math.max(square, (low + p - 1) / p * p);
                for (; multiple < low + length; multiple += p) {
                    composite.set((int) (multiple - low));
                }
            }
            for (int i = composite.nextClearBit(0); i < length; i = composite.nextClearBit(i + 1)) {
                action.accept(low + i);
            }
        }
    }

    static int[] smallPrimes(int limit) {
        BitSet candidates = new BitSet(limit + 1);
        if (limit >= 2) {
            candidates.set(2, limit + 1);
        }
        for (int p = 2; p > 0 && p * p <= limit; p = candidates.nextSetBit(p + 1)) {
            for (int m = p * p; m <= limit; m += p) {
                candidates.clear(m);
            }
        }
        return candidates.stream().toArray();
    }

    static long countPrimes(long from, long to) {
        long[] counter = {0};
        forEachPrime(from, to, prime -> counter[0]++);
        return counter[0];
    }

    static List<TwinPair> twinPrimes(long from, long to) {
        List<TwinPair> twins = new ArrayList<>();
        long[] previous = {Long.MIN_VALUE};
        forEachPrime(from, to, prime -> {
            if (prime == previous[0] + 2) {
                twins.add(new TwinPair(previous[0], prime));
            }
            previous[0] = prime;
        });
        return twins;
    }

    /** Prime factors with their exponents, smallest prime first. */
    static Map<Long, Integer> factorise(long number) {
        if (number < 1) {
            throw new IllegalArgumentException("cannot factorise " + number);
        }
        Map<Long, Integer> exponents = new TreeMap<>();
        long rest = number;
        for (long divisor = 2; divisor * divisor <= rest; divisor += divisor == 2 ? 1 : 2) {
            for (; rest % divisor == 0; rest /= divisor) {
                exponents.merge(divisor, 1, Integer::sum);
            }
        }
        if (rest > 1) {
            exponents.merge(rest, 1, Integer::sum);
        }
        return exponents;
    }

    public static void main(String[] args) {
        System.out.println("Primes up to 200000: " + countPrimes(1, 200_000));
        System.out.println("Twin primes: " + twinPrimes(10_000, 10_500));
        for (long n : new long[] {600_851_475_143L, 9_699_690L, 1_001_001L, 65_536L}) {
            System.out.println(n + " = " + factorise(n).entrySet().stream()
                .map(e -> e.getValue() == 1 ? "" + e.getKey() : e.getKey() + "^" + e.getValue())
                .collect(Collectors.joining(" x ")));
        }
    }
}
