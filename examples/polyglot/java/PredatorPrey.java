import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Solves the Lotka-Volterra equations with a fourth-order Runge-Kutta scheme and draws the curves. */
public final class PredatorPrey {

    /** A point of the phase plane, or a rate of change of one. */
    record State(double prey, double predators) {
        State plus(double scale, State other) {
            return new State(prey + scale * other.prey, predators + scale * other.predators);
        }

        double larger() {
            return Math.max(prey, predators);
        }
    }

    /** Growth and death rates of both species. */
    record Model(double alpha, double beta, double delta, double gamma) implements UnaryOperator<State> {
        @Override
        public State apply(State s) {
            double encounters = s.prey() * s.predators();
            return new State(
                alpha * s.prey() - beta * encounters,
                delta * encounters - gamma * s.predators());
        }

        double invariant(State s) {
            return delta * s.prey() - gamma * Math.log(s.prey())
                + beta * s.predators() - alpha * Math.log(s.predators());
        }
    }

    private PredatorPrey() {}

    static State rungeKutta4(UnaryOperator<State> slope, State y, double h) {
        State k1 = slope.apply(y);
        State k2 = slope.apply(y.plus(h / 2, k1));
        State k3 = slope.apply(y.plus(h / 2, k2));
        State k4 = slope.apply(y.plus(h, k3));
        return y.plus(h / 6, k1).plus(h / 3, k2).plus(h / 3, k3).plus(h / 6, k4);
    }

    static List<State> trajectory(Model model, State start, double h, int steps) {
        List<State> states = new ArrayList<>(steps + 1);
        states.add(start);
        for (int i = 0; i < steps; i++) {
            states.add(rungeKutta4(model, states.get(i), h));
        }
        return states;
    }

    static void plot(List<State> states, int width, int height) {
        double top = states.stream().mapToDouble(State::larger).max().orElseThrow();
        char[][] grid = new char[height][width];
        for (char[] row : grid) Arrays.fill(row, ' ');
        for (int x = 0; x < width; x++) {
            State s = states.get(x * (states.size() - 1) / (width - 1));
            int hare = (int) Math.round(s.prey() / top * (height - 1));
            int lynx = (int) Math.round(s.predators() / top * (height - 1));
            grid[hare][x] = 'h';
            grid[lynx][x] = lynx == hare ? '*' : 'L';
        }
        for (int y = height - 1; y >= 0; y--) {
            System.out.printf("%6.1f |%s%n", top * y / (height - 1), new String(grid[y]).stripTrailing());
        }
        System.out.println("       +" + "-".repeat(width));
    }

    public static void main(String[] args) {
        Model hareAndLynx = new Model(1.1, 0.4, 0.1, 0.4);
        double h = 0.02;
        List<State> states = trajectory(hareAndLynx, new State(10, 10), h, 2000);
        plot(states, 72, 16);

        State mostPrey = states.stream().max(Comparator.comparingDouble(State::prey)).orElseThrow();
        System.out.printf("Prey peak: %.3f at t = %.2f%n", mostPrey.prey(), states.indexOf(mostPrey) * h);
        State last = states.get(states.size() - 1);
        double drift = Math.abs(hareAndLynx.invariant(last) - hareAndLynx.invariant(states.get(0)));
        System.out.printf("Invariant drifted by %.2e over t = %.0f%n", drift, 2000 * h);
    }
}
