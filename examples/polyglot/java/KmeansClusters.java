import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * k-means clustering of delivery orders on a plane. Nothing is random: the first centroids are
 * chosen by farthest-first traversal, so every run gives the same clusters.
 */
public class KmeansClusters {
    private static final int MAX_ITERATIONS = 50;

    record Point(double x, double y) {
        double squaredDistance(Point o) {
            double dx = x - o.x;
            double dy = y - o.y;
            return dx * dx + dy * dy;
        }
    }

    private final List<Point> points;
    private final Point[] centroids;
    private final int[] labels;
    private int iterations;

    KmeansClusters(List<Point> points, int k) {
        if (k < 1 || k > points.size()) {
            throw new IllegalArgumentException("cannot form " + k + " clusters");
        }
        this.points = List.copyOf(points);
        this.centroids = chooseSeeds(k);
        this.labels = new int[points.size()];
        Arrays.fill(labels, -1);
    }

    private Point[] chooseSeeds(int k) {
        List<Point> seeds = new ArrayList<>(List.of(points.get(0)));
        while (seeds.size() < k) {
            Point farthest = null;
            double record = -1;
            for (Point p : points) {
                double gap = seeds.stream().mapToDouble(p::squaredDistance).min().orElseThrow();
                if (gap > record) {
                    record = gap;
                    farthest = p;
                }
            }
            seeds.add(farthest);
        }
        return seeds.toArray(Point[]::new);
    }

    /** Alternates assignment and update until no label changes. */
    KmeansClusters run() {
        boolean changed = true;
        while (changed && iterations < MAX_ITERATIONS) {
            iterations++;
            changed = false;
            for (int i = 0; i < labels.length; i++) {
                int nearest = nearestCentroid(points.get(i));
                changed |= nearest != labels[i];
                labels[i] = nearest;
            }
            for (int c = 0; c < centroids.length; c++) {
                List<Point> members = members(c);
                if (!members.isEmpty()) {
                    centroids[c] = new Point(
                        members.stream().mapToDouble(Point::x).average().getAsDouble(),
                        members.stream().mapToDouble(Point::y).average().getAsDouble());
                }
            }
        }
        return this;
    }

    private int nearestCentroid(Point p) {
        int best = 0;
        for (int c = 1; c < centroids.length; c++) {
            if (p.squaredDistance(centroids[c]) < p.squaredDistance(centroids[best])) {
                best = c;
            }
        }
        return best;
    }

    List<Point> members(int cluster) {
        return IntStream.range(0, labels.length).filter(i -> labels[i] == cluster)
            .mapToObj(points::get).toList();
    }

    double inertia() {
        return IntStream.range(0, labels.length)
            .mapToDouble(i -> points.get(i).squaredDistance(centroids[labels[i]])).sum();
    }

    public static void main(String[] args) {
        double[] coordinates = {1.0, 1.2, 1.5, 1.8, 1.2, 0.8, 0.7, 1.5, 1.9, 1.1, 8.0, 8.1, 8.4,
            7.6, 7.7, 8.8, 9.1, 8.3, 1.1, 8.0, 0.8, 7.4, 1.6, 8.5, 2.1, 7.7, 1.3, 9.0, 5.0, 4.6};
        List<Point> orders = IntStream.range(0, coordinates.length / 2)
            .mapToObj(i -> new Point(coordinates[2 * i], coordinates[2 * i + 1])).toList();
        for (int k = 2; k <= 3; k++) {
            KmeansClusters result = new KmeansClusters(orders, k).run();
            System.out.printf("k = %d: inertia %.3f, %d iterations%n",
                k, result.inertia(), result.iterations);
            for (int c = 0; c < k; c++) {
                System.out.println("  " + result.centroids[c] + ": " + result.members(c).size() + " orders");
            }
        }
    }
}
