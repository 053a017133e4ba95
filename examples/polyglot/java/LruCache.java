import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A bounded cache that forgets whatever was used least recently, and reports how well it does.
 *
 * <p>Built on {@link LinkedHashMap} in access order; not safe for use from several threads.
 */
public final class LruCache<K, V> {

    /** An immutable snapshot of the counters. */
    public record Stats(long hits, long misses, long evictions) {
        public double hitRatio() {
            long lookups = hits + misses;
            return lookups == 0 ? 0.0 : (double) hits / lookups;
        }
    }

    @SuppressWarnings("serial")
    private final class Store extends LinkedHashMap<K, V> {
        private final int capacity;

        Store(int capacity) {
            super(16, 0.75f, true);
            this.capacity = capacity;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            if (size() <= capacity) {
                return false;
            }
            evictions++;
            return true;
        }
    }

    private final Store store;
    private long hits;
    private long misses;
    private long evictions;

    public LruCache(int capacity) {
        if (capacity <= 0) {
            throw new IllegalArgumentException("capacity must be positive: " + capacity);
        }
        this.store = new Store(capacity);
    }

    /** Returns the cached value, or asks {@code loader} for it and remembers the answer. */
    public V get(K key, Function<? super K, ? extends V> loader) {
        V cached = store.get(key);
        if (cached != null) {
            hits++;
            return cached;
        }
        misses++;
        V loaded = loader.apply(key);
        store.put(key, loaded);
        return loaded;
    }

    public boolean contains(K key) {
        return store.containsKey(key);
    }

    public List<K> newestFirst() {
        List<K> keys = new ArrayList<>(store.keySet());
        Collections.reverse(keys);
        return keys;
    }

    public Stats stats() {
        return new Stats(hits, misses, evictions);
    }

    public static void main(String[] args) {
        List<String> requests = List.of("/home", "/cart", "/help", "/home", "/blog", "/cart", "/home");
        LruCache<String, String> pages = new LruCache<>(3);
        for (String path : requests) {
            String html = pages.get(path, p -> "<h1>" + p.substring(1) + "</h1>");
            System.out.printf("%-6s -> %s%n", path, html);
        }
        Stats stats = pages.stats();
        System.out.printf("hit ratio %.1f%% (%s)%n", 100 * stats.hitRatio(), stats);
        System.out.println("newest first: " + pages.newestFirst());
    }
}
