import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeMap;

/** Warehouse robots that obey "goto" and "fetch" commands along breadth-first shortest routes. */
public final class RobotWarehouse {
    private static final String PLAN = """
        1...#.....
        .##.#.##b.
        ....#.#...
        .##...#.#.
        .#l##...#.
        2...#.D...
        """;

    enum Direction {
        N(0, -1), E(1, 0), S(0, 1), W(-1, 0);

        final int dx, dy;

        Direction(int dx, int dy) {
            this.dx = dx;
            this.dy = dy;
        }
    }

    record Position(int x, int y) {
        Position step(Direction d) {
            return new Position(x + d.dx, y + d.dy);
        }
    }

    private final Set<Position> aisles = new HashSet<>();
    private final Map<String, Position> robots = new TreeMap<>();
    private final Map<String, Position> items = new HashMap<>();
    private Position dock;

    RobotWarehouse(String plan) {
        String[] rows = plan.split("\n");
        for (int y = 0; y < rows.length; y++) {
            for (int x = 0; x < rows[y].length(); x++) {
                char mark = rows[y].charAt(x);
                Position here = new Position(x, y);
                if (mark != '#') aisles.add(here);
                switch (mark) {
                    case '1', '2' -> robots.put(String.valueOf(mark), here);
                    case 'b' -> items.put("bolts", here);
                    case 'l' -> items.put("lamps", here);
                    case 'D' -> dock = here;
                    default -> { }
                }
            }
        }
    }

    /** Breadth-first search that carries the route text along with each position. */
    Optional<String> route(Position start, Position goal) {
        Map<Position, String> routes = new HashMap<>(Map.of(start, ""));
        Queue<Position> frontier = new ArrayDeque<>(Set.of(start));
        while (!frontier.isEmpty() && !routes.containsKey(goal)) {
            Position here = frontier.remove();
            for (Direction d : Direction.values()) {
                Position there = here.step(d);
                boolean free = aisles.contains(there) && !robots.containsValue(there);
                if (free && routes.putIfAbsent(there, routes.get(here) + d) == null) frontier.add(there);
            }
        }
        return Optional.ofNullable(routes.get(goal));
    }

    private String drive(String robot, Position goal) {
        String route = route(robots.get(robot), goal)
            .orElseThrow(() -> new IllegalStateException("no route to " + goal));
        robots.put(robot, goal);
        return route;
    }

    String execute(String command) {
        Scanner words = new Scanner(command);
        String robot = words.next();
        if (!robots.containsKey(robot)) throw new IllegalArgumentException("no robot " + robot);
        return switch (words.next()) {
            case "goto" -> drive(robot, new Position(words.nextInt(), words.nextInt()));
            case "fetch" -> {
                Position shelf = items.remove(words.next());
                if (shelf == null) throw new IllegalArgumentException("out of stock");
                yield drive(robot, shelf) + " pick " + drive(robot, dock) + " drop";
            }
            default -> throw new IllegalArgumentException("unknown verb");
        };
    }

    public static void main(String[] args) {
        RobotWarehouse warehouse = new RobotWarehouse(PLAN);
        String script = "1 goto 9 0,2 fetch lamps,2 fetch bolts,1 goto 4 4,2 fetch lamps,1 goto 6 5";
        for (String command : script.split(",")) {
            try {
                System.out.println(command + ": " + warehouse.execute(command));
            } catch (IllegalArgumentException | IllegalStateException refused) {
                System.out.println(command + ": refused, " + refused.getMessage());
            }
        }
    }
}
