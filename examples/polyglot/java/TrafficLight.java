import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Traffic light at a pedestrian crossing: an enum-driven finite-state machine with a timer per state
 * and a request button that cuts the green phase short.
 */
public class TrafficLight {
    private static final int MINIMUM_GREEN = 5;

    enum State {
        GREEN(12) {
            @Override
            State next(boolean pedestrianWaiting) {
                return AMBER;
            }

            @Override
            boolean isOver(int seconds, boolean pedestrianWaiting) {
                return seconds >= (pedestrianWaiting ? MINIMUM_GREEN : duration);
            }
        },
        AMBER(3) {
            @Override
            State next(boolean pedestrianWaiting) {
                return ALL_RED;
            }
        },
        ALL_RED(2) {
            @Override
            State next(boolean pedestrianWaiting) {
                return pedestrianWaiting ? WALK : CROSS_TRAFFIC;
            }
        },
        WALK(5) {
            @Override
            State next(boolean pedestrianWaiting) {
                return CLEARANCE;
            }
        },
        CROSS_TRAFFIC(6),
        CLEARANCE(3),
        RED_AMBER(1) {
            @Override
            State next(boolean pedestrianWaiting) {
                return GREEN;
            }
        };

        final int duration;

        State(int duration) {
            this.duration = duration;
        }

        State next(boolean pedestrianWaiting) {
            return RED_AMBER;
        }

        boolean isOver(int seconds, boolean pedestrianWaiting) {
            return seconds >= duration;
        }
    }

    /** Told about every change of state. */
    @FunctionalInterface
    interface Listener {
        void changed(State from, State to);
    }

    private final List<Listener> listeners = new ArrayList<>();
    private State state = State.GREEN;
    private int secondsInState;
    private boolean pedestrianWaiting;

    void addListener(Listener listener) {
        listeners.add(listener);
    }

    /** The button does nothing while pedestrians already have their walk signal. */
    void pressButton() {
        pedestrianWaiting |= state != State.WALK;
    }

    void tick() {
        secondsInState++;
        if (!state.isOver(secondsInState, pedestrianWaiting)) return;
        State previous = state;
        state = previous.next(pedestrianWaiting);
        secondsInState = 0;
        if (state == State.WALK) pedestrianWaiting = false;
        listeners.forEach(listener -> listener.changed(previous, state));
    }

    public static void main(String[] args) {
        Set<Integer> presses = Set.of(7, 9, 14, 31, 58);
        int[] clock = {0};
        TrafficLight light = new TrafficLight();
        light.addListener((from, to) -> System.out.printf("%3ds %-13s -> %s%n", clock[0], from, to));
        for (clock[0] = 1; clock[0] <= 75; clock[0]++) {
            if (presses.contains(clock[0])) {
                System.out.printf("%3ds button pressed during %s%n", clock[0], light.state);
                light.pressButton();
            }
            light.tick();
        }
    }
}
