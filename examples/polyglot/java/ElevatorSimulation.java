import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** Tick-by-tick model of an elevator bank: cabins sweep the shaft, calls go to the cheapest cabin. */
public final class ElevatorSimulation {
    static final int FLOORS = 10;
    static final int DOOR_TICKS = 2;

    record Request(String passenger, int tick, int from, int to) {
        Request {
            Objects.checkIndex(from, FLOORS);
            Objects.checkIndex(to, FLOORS);
        }
    }

    record Trip(Request request, int boarded, int delivered) {
        int waiting() { return boarded - request.tick(); }
        int riding() { return delivered - boarded; }
    }

    private record Rider(Request request, int boarded) {}

    static final class Cabin {
        private final char id;
        private int floor;
        private int direction;
        private int doorsOpenFor;
        private int floorsTravelled;
        private final List<Request> hallCalls = new ArrayList<>();
        private final List<Rider> riders = new ArrayList<>();

        Cabin(char id, int floor) {
            this.id = id;
            this.floor = floor;
        }

        int costOf(Request call) {
            return Math.abs(floor - call.from()) + 3 * stops().size();
        }

        private TreeSet<Integer> stops() {
            var stops = new TreeSet<Integer>();
            hallCalls.forEach(call -> stops.add(call.from()));
            riders.forEach(rider -> stops.add(rider.request().to()));
            return stops;
        }

        void advance(int now, List<Trip> log) {
            if (doorsOpenFor > 0) {
                doorsOpenFor--;
                return;
            }
            TreeSet<Integer> stops = stops();
            if (stops.contains(floor)) {
                openDoors(now, log);
            } else {
                direction = chooseDirection(stops);
                floor += direction;
                floorsTravelled += Math.abs(direction);
            }
        }

        private void openDoors(int now, List<Trip> log) {
            for (Iterator<Rider> it = riders.iterator(); it.hasNext();) {
                Rider rider = it.next();
                if (rider.request().to() == floor) {
                    log.add(new Trip(rider.request(), rider.boarded(), now));
                    it.remove();
                }
            }
            hallCalls.stream().filter(c -> c.from() == floor).forEach(c -> riders.add(new Rider(c, now)));
            hallCalls.removeIf(c -> c.from() == floor);
            doorsOpenFor = DOOR_TICKS;
        }

        private int chooseDirection(TreeSet<Integer> stops) {
            Integer above = stops.higher(floor);
            Integer below = stops.lower(floor);
            if (above == null) return below == null ? 0 : -1;
            if (below == null) return 1;
            if (direction != 0) return direction;
            return above - floor < floor - below ? 1 : -1;
        }
    }

    static List<Trip> run(List<Cabin> cabins, List<Request> requests) {
        var trips = new ArrayList<Trip>();
        for (int now = 0; trips.size() < requests.size(); now++) {
            final int tick = now;
            requests.stream().filter(r -> r.tick() == tick).forEach(call -> cabins.stream()
                .min(Comparator.comparingInt(c -> c.costOf(call))).orElseThrow().hallCalls.add(call));
            cabins.forEach(cabin -> cabin.advance(tick, trips));
        }
        return trips;
    }

    public static void main(String[] args) {
        var cabins = List.of(new Cabin('A', 0), new Cabin('B', 5));
        var trips = run(cabins, List.of(
            new Request("Ada", 0, 0, 7), new Request("Boris", 1, 4, 0), new Request("Chen", 3, 8, 2),
            new Request("Dora", 5, 1, 9), new Request("Emil", 9, 6, 3)));
        trips.forEach(t -> System.out.printf("tick %3d: %s delivered to floor %d (wait %d, ride %d)%n",
            t.delivered(), t.request().passenger(), t.request().to(), t.waiting(), t.riding()));
        cabins.forEach(c -> System.out.println("Cabin " + c.id + ": " + c.floorsTravelled + " floors"));
    }
}
