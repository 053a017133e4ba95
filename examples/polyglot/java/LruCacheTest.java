import java.util.List;
import java.util.Objects;

/** Plain checks for {@link LruCache}; run with {@code java -ea} or without, it throws either way. */
public class LruCacheTest {

    public static void main(String[] args) {
        evictsTheLeastRecentlyUsedPage();
        countsHitsAndMisses();
        rejectsAnEmptyCache();
        System.out.println("LruCacheTest: all checks passed");
    }

    private static void evictsTheLeastRecentlyUsedPage() {
        LruCache<String, Integer> cache = new LruCache<>(2);
        cache.get("/home", String::length);
        cache.get("/cart", String::length);
        cache.get("/home", String::length);
        cache.get("/help", String::length);
        check(false, cache.contains("/cart"));
        check(List.of("/help", "/home"), cache.newestFirst());
    }

    private static void countsHitsAndMisses() {
        LruCache<String, String> cache = new LruCache<>(3);
        for (String path : "/home /cart /help /home /blog /cart /home".split(" ")) {
            cache.get(path, String::toUpperCase);
        }
        check(new LruCache.Stats(2, 5, 2), cache.stats());
    }

    private static void rejectsAnEmptyCache() {
        try {
            new LruCache<String, String>(0);
        } catch (IllegalArgumentException expected) {
            return;
        }
        throw new AssertionError("capacity 0 was accepted");
    }

    private static void check(Object expected, Object actual) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError("expected " + expected + " but got " + actual);
        }
    }
}
