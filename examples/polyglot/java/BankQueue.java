import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.DoubleSupplier;

/**
 * A bank branch with one waiting line and a few tellers, simulated event by event.
 * Random times come from a seeded linear congruential generator, so runs are repeatable.
 */
public class BankQueue {
    private static final double CLOSING_TIME = 240.0;

    /** Numerical Recipes' 32-bit linear congruential generator. */
    static final class Lcg implements DoubleSupplier {
        private long state;

        Lcg(long seed) {
            state = seed & 0xFFFFFFFFL;
        }

        @Override
        public double getAsDouble() {
            state = (1664525L * state + 1013904223L) & 0xFFFFFFFFL;
            return (state + 1) / 4294967296.0;
        }
    }

    private enum Kind { ARRIVAL, DEPARTURE }

    private record Event(double time, Kind kind) {}

    private final PriorityQueue<Event> agenda = new PriorityQueue<>(Comparator.comparingDouble(Event::time));
    private final Deque<Double> line = new ArrayDeque<>();
    private final List<Double> waits = new ArrayList<>();
    private final DoubleSupplier uniform;
    private final int tellers;
    private int idleTellers;
    private int longestQueue;
    private double busyMinutes;
    private double clock;
    private double lastDeparture;

    public BankQueue(int tellers, DoubleSupplier uniform) {
        if (tellers < 1) throw new IllegalArgumentException("A bank needs at least one teller");
        this.tellers = tellers;
        this.idleTellers = tellers;
        this.uniform = uniform;
    }

    private double exponential(double mean) {
        return -mean * Math.log(uniform.getAsDouble());
    }

    private void scheduleArrival() {
        agenda.add(new Event(clock + exponential(2.5), Kind.ARRIVAL));
    }

    public void run() {
        scheduleArrival();
        for (Event event; (event = agenda.poll()) != null;) {
            clock = event.time();
            switch (event.kind()) {
                case ARRIVAL -> customerArrives();
                case DEPARTURE -> {
                    idleTellers++;
                    lastDeparture = clock;
                }
            }
            callNextCustomer();
            longestQueue = Math.max(longestQueue, line.size());
        }
    }

    private void customerArrives() {
        if (clock >= CLOSING_TIME) return; // the doors are shut
        line.add(clock);
        scheduleArrival();
    }

    private void callNextCustomer() {
        if (idleTellers == 0 || line.isEmpty()) return;
        waits.add(clock - line.remove());
        idleTellers--;
        double service = exponential(7.0);
        busyMinutes += service;
        agenda.add(new Event(clock + service, Kind.DEPARTURE));
    }

    public void printReport() {
        List<Double> sorted = new ArrayList<>(waits);
        Collections.sort(sorted);
        int rank95 = (int) Math.ceil(0.95 * sorted.size()) - 1;
        var summary = waits.stream().mapToDouble(Double::doubleValue).summaryStatistics();
        System.out.printf("Customers: %d%n", summary.getCount());
        System.out.printf("Wait: mean %.2f, p95 %.2f, max %.2f minutes%n",
            summary.getAverage(), sorted.get(rank95), summary.getMax());
        System.out.printf("Queue never longer than %d; tellers busy %.1f%% of the time%n",
            longestQueue, 100 * busyMinutes / (tellers * lastDeparture));
    }

    public static void main(String[] args) {
        BankQueue bank = new BankQueue(3, new Lcg(2024));
        bank.run();
        bank.printReport();
    }
}
