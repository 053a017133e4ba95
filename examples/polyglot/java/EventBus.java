import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Publish/subscribe inside one process. Topic filters may use {@code *} for one level and a
 * final {@code #} for all remaining levels; a bounded log lets late subscribers catch up.
 */
public class EventBus {

    public record Event(long id, String topic, Object payload) { }

    /** Returned by subscribe; closing it ends the subscription. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    private record Subscriber(TopicFilter filter, Consumer<Event> callback) { }

    /** A parsed filter such as {@code harbor.crane.#}. */
    static final class TopicFilter {
        private final String[] levels;
        private final boolean open;

        TopicFilter(String expression) {
            String[] parts = expression.split("\\.");
            open = parts[parts.length - 1].equals("#");
            levels = open ? Arrays.copyOf(parts, parts.length - 1) : parts;
            if (List.of(levels).contains("#")) {
                throw new IllegalArgumentException("# is only allowed at the end of " + expression);
            }
        }

        boolean accepts(String topic) {
            String[] actual = topic.split("\\.");
            if (actual.length < levels.length || (!open && actual.length > levels.length)) {
                return false;
            }
            for (int i = 0; i < levels.length; i++) {
                if (!levels[i].equals("*") && !levels[i].equals(actual[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final Deque<Event> log = new ArrayDeque<>();
    private final int capacity;
    private long lastId;

    public EventBus(int capacity) {
        this.capacity = capacity;
    }

    public Subscription subscribe(String filter, Consumer<Event> callback) {
        Subscriber subscriber = new Subscriber(new TopicFilter(filter), callback);
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    /** Subscribes and hands over retained events newer than {@code afterId} first. */
    public Subscription replayAndSubscribe(String filter, long afterId, Consumer<Event> callback) {
        TopicFilter wanted = new TopicFilter(filter);
        List<Event> backlog;
        synchronized (log) {
            backlog = new ArrayList<>(log);
        }
        backlog.stream()
                .filter(event -> event.id() > afterId && wanted.accepts(event.topic()))
                .forEach(callback);
        return subscribe(filter, callback);
    }

    public void publish(String topic, Object payload) {
        Event event;
        synchronized (log) {
            event = new Event(++lastId, topic, payload);
            if (log.size() == capacity) {
                log.removeFirst();
            }
            log.addLast(event);
        }
        for (Subscriber subscriber : subscribers) {
            if (subscriber.filter().accepts(topic)) {
                subscriber.callback().accept(event);
            }
        }
    }

    public static void main(String[] args) {
        EventBus bus = new EventBus(5);
        try (Subscription arrivals = bus.subscribe("harbor.berth.*.arrived",
                event -> System.out.println("Pilot log: " + event.payload()))) {
            bus.publish("harbor.berth.3.arrived", "MV Petrel");
            bus.publish("harbor.berth.7.departed", "SS Gannet");
        }
        bus.publish("harbor.crane.2.fault", "hoist brake");
        bus.replayAndSubscribe("harbor.#", 1, event -> System.out.println("Tower: " + event));
        bus.publish("harbor.berth.7.arrived", "MV Dunlin");
    }
}
