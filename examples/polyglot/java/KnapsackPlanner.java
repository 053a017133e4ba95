import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Decides what to take on a hiking trip. The rucksack is a 0/1 knapsack: every piece of gear is
 * either packed whole or left at home. Weights are counted in hectograms.
 */
public class KnapsackPlanner {

    record Gear(String name, int weight, int value) {
        Gear {
            if (weight <= 0) {
                throw new IllegalArgumentException(name + " must weigh something");
            }
        }
    }

    record Plan(List<Gear> packed, int capacity) {
        int weight() {
            return packed.stream().mapToInt(Gear::weight).sum();
        }

        int value() {
            return packed.stream().mapToInt(Gear::value).sum();
        }

        void print() {
            System.out.printf("Capacity %.1f kg, packed %.1f kg, value %d%n",
                capacity / 10.0, weight() / 10.0, value());
            packed.stream()
                .sorted(Comparator.comparingInt(Gear::weight).reversed())
                .forEach(g -> System.out.printf("  - %s (%d hg)%n", g.name(), g.weight()));
        }
    }

    private final List<Gear> gear = new ArrayList<>();

    KnapsackPlanner add(String name, int weight, int value) {
        gear.add(new Gear(name, weight, value));
        return this;
    }

    /** Fills one row of values and remembers, per item and weight, whether the item was taken. */
    Plan plan(int capacity) {
        int[] value = new int[capacity + 1];
        boolean[][] taken = new boolean[gear.size()][capacity + 1];

        for (int i = 0; i < gear.size(); i++) {
            Gear item = gear.get(i);
            for (int room = capacity; room >= item.weight(); room--) {
                int withItem = value[room - item.weight()] + item.value();
                if (withItem > value[room]) {
                    value[room] = withItem;
                    taken[i][room] = true;
                }
            }
        }
        return new Plan(reconstruct(taken, capacity), capacity);
    }

    private List<Gear> reconstruct(boolean[][] taken, int capacity) {
        List<Gear> packed = new ArrayList<>();
        int room = capacity;
        for (int i = gear.size() - 1; i >= 0; i--) {
            if (taken[i][room]) {
                packed.add(gear.get(i));
                room -= gear.get(i).weight();
            }
        }
        Collections.reverse(packed);
        return packed;
    }

    public static void main(String[] args) {
        KnapsackPlanner trip = new KnapsackPlanner()
            .add("tent", 18, 60)
            .add("stove", 6, 34)
            .add("sleeping bag", 12, 55)
            .add("rain jacket", 5, 38)
            .add("camera", 9, 22)
            .add("water filter", 3, 30)
            .add("paperback", 4, 8)
            .add("head torch", 2, 19)
            .add("first aid kit", 3, 28)
            .add("trekking poles", 5, 17)
            .add("bear canister", 11, 25)
            .add("binoculars", 7, 12);
        for (int capacity : new int[] {55, 30}) {
            trip.plan(capacity).print();
        }
    }
}
