import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/** A road map of Scottish towns that answers shortest-route queries. */
public class DijkstraRoutes {

    private record Road(String to, int kilometres) {}

    private record Arrival(String town, int total, Arrival previous) {
        List<String> itinerary() {
            LinkedList<String> towns = new LinkedList<>();
            for (Arrival stop = this; stop != null; stop = stop.previous) {
                towns.addFirst(stop.town);
            }
            return towns;
        }
    }

    /** A route with the towns in travelling order. */
    public record Route(List<String> towns, int kilometres) {
        @Override
        public String toString() {
            return String.join(" > ", towns) + " (" + kilometres + " km)";
        }
    }

    private final Map<String, List<Road>> roads = new HashMap<>();

    public DijkstraRoutes road(String a, String b, int kilometres) {
        if (kilometres < 0) {
            throw new IllegalArgumentException("negative road from " + a + " to " + b);
        }
        roads.computeIfAbsent(a, town -> new ArrayList<>()).add(new Road(b, kilometres));
        roads.computeIfAbsent(b, town -> new ArrayList<>()).add(new Road(a, kilometres));
        return this;
    }

    public Optional<Route> shortest(String origin, String destination) {
        Map<String, Arrival> settled = new HashMap<>();
        PriorityQueue<Arrival> frontier = new PriorityQueue<>(Comparator.comparingInt(Arrival::total));
        frontier.add(new Arrival(origin, 0, null));
        while (!frontier.isEmpty()) {
            Arrival nearest = frontier.remove();
            if (settled.putIfAbsent(nearest.town(), nearest) != null) {
                continue; // a shorter way here was found before
            }
            if (nearest.town().equals(destination)) {
                return Optional.of(new Route(nearest.itinerary(), nearest.total()));
            }
            for (Road road : roads.getOrDefault(nearest.town(), List.of())) {
                if (!settled.containsKey(road.to())) {
                    frontier.add(new Arrival(road.to(), nearest.total() + road.kilometres(), nearest));
                }
            }
        }
        return Optional.empty();
    }

    public static DijkstraRoutes scotland() {
        return new DijkstraRoutes()
                .road("Edinburgh", "Glasgow", 76)
                .road("Edinburgh", "Stirling", 59)
                .road("Edinburgh", "Perth", 71)
                .road("Glasgow", "Stirling", 43)
                .road("Glasgow", "Oban", 155)
                .road("Stirling", "Perth", 55)
                .road("Perth", "Dundee", 35)
                .road("Perth", "Inverness", 180)
                .road("Dundee", "Aberdeen", 106)
                .road("Aberdeen", "Inverness", 167);
    }

    public static void main(String[] args) {
        String[][] trips = {
            {"Glasgow", "Aberdeen"}, {"Edinburgh", "Inverness"}, {"Oban", "Dundee"}, {"Oban", "Lerwick"},
        };
        DijkstraRoutes map = scotland();
        for (String[] trip : trips) {
            String answer = map.shortest(trip[0], trip[1])
                    .map(Route::toString)
                    .orElse("no road from " + trip[0] + " to " + trip[1]);
            System.out.println(answer);
        }
    }
}
