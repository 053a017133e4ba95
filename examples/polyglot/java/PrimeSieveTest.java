import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Plain checks for PrimeSieve; exits with an error on the first failure. */
public class PrimeSieveTest {
    private static int passed;

    private static void expect(String what, Object expected, Object actual) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError(what + ": expected " + expected + " but got " + actual);
        }
        passed++;
    }

    public static void main(String[] args) {
        expect("primes to two hundred thousand", 17_984L, PrimeSieve.countPrimes(1, 200_000));
        expect("no primes below two", 0L, PrimeSieve.countPrimes(0, 1));
        expect("small primes", 10, PrimeSieve.smallPrimes(30).length);
        expect("tiny limit", 1, PrimeSieve.smallPrimes(2).length);

        expect("first twins",
            List.of(new PrimeSieve.TwinPair(3, 5), new PrimeSieve.TwinPair(5, 7)),
            PrimeSieve.twinPrimes(2, 10));
        expect("number of twins", 10, PrimeSieve.twinPrimes(10_000, 10_500).size());

        expect("euler three", Map.of(71L, 1, 839L, 1, 1471L, 1, 6857L, 1),
            PrimeSieve.factorise(600_851_475_143L));
        expect("power of two", Map.of(2L, 16), PrimeSieve.factorise(65_536));
        expect("one has no factors", Map.of(), PrimeSieve.factorise(1));

        try {
            PrimeSieve.factorise(0);
            throw new AssertionError("zero should be refused");
        } catch (IllegalArgumentException refused) {
            passed++;
        }
        System.out.println(passed + " checks passed");
    }
}
