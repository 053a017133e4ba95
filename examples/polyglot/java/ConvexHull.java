import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Smallest convex polygon around a set of points, found with Andrew's monotone chain. */
public final class ConvexHull {

    public record Point(double x, double y) implements Comparable<Point> {
        @Override
        public int compareTo(Point other) {
            int byX = Double.compare(x, other.x);
            return byX != 0 ? byX : Double.compare(y, other.y);
        }

        double distanceTo(Point other) {
            return Math.hypot(other.x - x, other.y - y);
        }
    }

    private final List<Point> vertices;

    public ConvexHull(Iterable<Point> points) {
        TreeSet<Point> sorted = new TreeSet<>();
        points.forEach(sorted::add);
        if (sorted.size() < 3) {
            throw new IllegalArgumentException("a hull needs at least three distinct points");
        }
        List<Point> chain = new ArrayList<>();
        extend(chain, sorted, 0);
        chain.remove(chain.size() - 1);
        extend(chain, sorted.descendingSet(), chain.size());
        chain.remove(chain.size() - 1);
        vertices = List.copyOf(chain);
    }

    /** Appends a half hull, never dropping vertices before index {@code floor}. */
    private static void extend(List<Point> chain, Iterable<Point> points, int floor) {
        for (Point p : points) {
            int size = chain.size();
            while (size - floor >= 2 && turn(chain.get(size - 2), chain.get(size - 1), p) <= 0) {
                chain.remove(--size);
            }
            chain.add(p);
        }
    }

    private static double turn(Point a, Point b, Point c) {
        return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    }

    public List<Point> vertices() {
        return vertices;
    }

    private Point after(int index) {
        return vertices.get((index + 1) % vertices.size());
    }

    public double area() {
        double twice = 0;
        for (int i = 0; i < vertices.size(); i++) {
            Point p = vertices.get(i);
            Point q = after(i);
            twice += p.x * q.y - q.x * p.y;
        }
        return twice / 2;
    }

    public double perimeter() {
        double length = 0;
        for (int i = 0; i < vertices.size(); i++) {
            length += vertices.get(i).distanceTo(after(i));
        }
        return length;
    }

    public boolean contains(Point p) {
        for (int i = 0; i < vertices.size(); i++) {
            if (turn(vertices.get(i), after(i), p) < 0) {
                return false;
            }
        }
        return true;
    }

    public static void main(String[] args) {
        double[][] buoys = {{1, 1}, {4, 0}, {9, 2}, {11, 6}, {8, 10}, {3, 9}, {0, 5},
            {5, 5}, {6, 3}, {2, 4}, {7, 7}, {4, 8}, {11, 6}, {6.5, 1}};
        List<Point> points = new ArrayList<>();
        for (double[] buoy : buoys) {
            points.add(new Point(buoy[0], buoy[1]));
        }
        ConvexHull hull = new ConvexHull(points);
        hull.vertices().forEach(v -> System.out.println("vertex " + v.x() + " / " + v.y()));
        System.out.printf(Locale.ROOT, "area = %.2f%nperimeter = %.3f%n", hull.area(), hull.perimeter());
        for (Point boat : List.of(new Point(5, 6), new Point(10, 9), new Point(0, 5), new Point(10, 4))) {
            System.out.println(boat + (hull.contains(boat) ? " is inside" : " is outside"));
        }
    }
}
