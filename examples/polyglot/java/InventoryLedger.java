import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stock ledger using FIFO costing. Goods leave the warehouse at the price of the
 * oldest batch still on the shelf; items below their reorder level raise an alert.
 */
public final class InventoryLedger {

    /** One delivered batch; immutable, so a partly used batch is replaced by a smaller one. */
    private record Batch(int quantity, long unitCostCents) {
        Batch minus(int taken) {
            return new Batch(quantity - taken, unitCostCents);
        }
    }

    public record Alert(String sku, int onHand, int reorderLevel) {
        @Override
        public String toString() {
            return "ALERT %s is at %d, reorder level is %d".formatted(sku, onHand, reorderLevel);
        }
    }

    public static final class InsufficientStockException extends RuntimeException {
        InsufficientStockException(String sku, int requested, int available) {
            super("Requested " + requested + " of " + sku + " but only " + available + " available");
        }
    }

    private final Map<String, Deque<Batch>> shelves = new LinkedHashMap<>();
    private final Map<String, Integer> reorderLevels = new TreeMap<>();

    public InventoryLedger reorderAt(String sku, int level) {
        reorderLevels.put(sku, level);
        return this;
    }

    public void receive(String sku, int quantity, long unitCostCents) {
        if (quantity <= 0) {
            throw new IllegalArgumentException("quantity must be positive: " + quantity);
        }
        shelves.computeIfAbsent(sku, key -> new ArrayDeque<>()).addLast(new Batch(quantity, unitCostCents));
    }

    /** Removes stock and returns what it originally cost, in cents. */
    public long issue(String sku, int quantity) {
        int available = onHand(sku);
        if (quantity > available) {
            throw new InsufficientStockException(sku, quantity, available);
        }
        Deque<Batch> shelf = shelves.get(sku);
        long cost = 0;
        for (int remaining = quantity; remaining > 0; ) {
            Batch oldest = shelf.removeFirst();
            int taken = Math.min(remaining, oldest.quantity());
            cost += taken * oldest.unitCostCents();
            remaining -= taken;
            if (taken < oldest.quantity()) {
                shelf.addFirst(oldest.minus(taken));
            }
        }
        return cost;
    }

    public int onHand(String sku) {
        return shelves.getOrDefault(sku, new ArrayDeque<>()).stream().mapToInt(Batch::quantity).sum();
    }

    public long stockValue() {
        return shelves.values().stream()
                .flatMap(Deque::stream)
                .mapToLong(batch -> batch.quantity() * batch.unitCostCents())
                .sum();
    }

    public List<Alert> lowStockAlerts() {
        return reorderLevels.entrySet().stream()
                .filter(entry -> onHand(entry.getKey()) < entry.getValue())
                .map(entry -> new Alert(entry.getKey(), onHand(entry.getKey()), entry.getValue()))
                .toList();
    }

    public static void main(String[] args) {
        var ledger = new InventoryLedger()
                .reorderAt("BOLT-M8", 50)
                .reorderAt("GASKET-40", 20)
                .reorderAt("VALVE-3W", 4);
        ledger.receive("BOLT-M8", 100, 12);
        ledger.receive("GASKET-40", 30, 210);
        ledger.receive("BOLT-M8", 60, 15);
        System.out.println("Bolts issued at a cost of " + ledger.issue("BOLT-M8", 120) + " cents");
        System.out.println("Gaskets issued at a cost of " + ledger.issue("GASKET-40", 5) + " cents");
        ledger.receive("VALVE-3W", 8, 4999);
        try {
            ledger.issue("VALVE-3W", 10);
        } catch (InsufficientStockException e) {
            System.err.println(e.getMessage());
        }
        System.out.printf("Stock on hand is worth %.2f%n", ledger.stockValue() / 100.0);
        ledger.lowStockAlerts().forEach(System.out::println);
    }
}
