import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Min-heap of print jobs whose urgency may still be raised while they wait.
 * Jobs are identified by name; the lowest priority number is printed first.
 */
public class BinaryHeap {

    public record PrintJob(String name, int priority) implements Comparable<PrintJob> {
        PrintJob withPriority(int newPriority) {
            return new PrintJob(name, newPriority);
        }

        @Override
        public int compareTo(PrintJob other) {
            return Integer.compare(priority, other.priority);
        }
    }

    private final List<PrintJob> slots = new ArrayList<>();
    private final Map<String, Integer> slotByName = new HashMap<>();

    public boolean isEmpty() {
        return slots.isEmpty();
    }

    public void insert(PrintJob job) {
        if (slotByName.putIfAbsent(job.name(), slots.size()) != null) {
            throw new IllegalArgumentException("already queued: " + job.name());
        }
        slots.add(job);
        bubbleUp(slots.size() - 1);
    }

    public PrintJob extractMin() {
        if (isEmpty()) {
            throw new NoSuchElementException("the print queue is empty");
        }
        int end = slots.size() - 1;
        swap(0, end);
        PrintJob next = slots.remove(end);
        slotByName.remove(next.name());
        bubbleDown(0);
        return next;
    }

    public void decreaseKey(String name, int newPriority) {
        Integer slot = slotByName.get(name);
        if (slot == null) {
            throw new NoSuchElementException("not queued: " + name);
        }
        PrintJob job = slots.get(slot);
        if (newPriority > job.priority()) {
            throw new IllegalArgumentException(name + " has priority " + job.priority() + " already");
        }
        slots.set(slot, job.withPriority(newPriority));
        bubbleUp(slot);
    }

    private void bubbleUp(int slot) {
        for (int parent = (slot - 1) / 2; slot > 0 && less(slot, parent); parent = (slot - 1) / 2) {
            swap(slot, parent);
            slot = parent;
        }
    }

    private void bubbleDown(int slot) {
        int smallest = slot;
        for (int child = 2 * slot + 1; child <= 2 * slot + 2 && child < slots.size(); child++) {
            if (less(child, smallest)) {
                smallest = child;
            }
        }
        if (smallest != slot) {
            swap(slot, smallest);
            bubbleDown(smallest);
        }
    }

    private boolean less(int a, int b) {
        return slots.get(a).compareTo(slots.get(b)) < 0;
    }

    private void swap(int a, int b) {
        PrintJob moved = slots.set(a, slots.get(b));
        slots.set(b, moved);
        slotByName.put(slots.get(a).name(), a);
        slotByName.put(moved.name(), b);
    }

    public static void main(String[] args) {
        BinaryHeap printer = new BinaryHeap();
        Map.of("payroll", 40, "poster", 75, "thesis", 60, "boarding-pass", 20, "recipe", 90, "invoice", 35)
                .forEach((name, priority) -> printer.insert(new PrintJob(name, priority)));
        printer.decreaseKey("thesis", 10);
        printer.decreaseKey("recipe", 30);
        while (!printer.isEmpty()) {
            PrintJob job = printer.extractMin();
            System.out.println("printing " + job.name() + " at priority " + job.priority());
        }
    }
}
