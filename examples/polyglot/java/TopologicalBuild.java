import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Orders packages so that each is built after its dependencies (Kahn's algorithm).
 * Packages that could be built at the same moment come in alphabetical order.
 */
public final class TopologicalBuild {

    /** Thrown when packages depend on one another in a circle. */
    public static final class CyclicDependencyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CyclicDependencyException(List<String> cycle) {
            super("cycle: " + String.join(" -> ", cycle));
        }
    }

    private final Map<String, Set<String>> dependencies = new TreeMap<>();

    public TopologicalBuild declare(String name, String... needs) {
        Set<String> declared = dependencies.computeIfAbsent(name, n -> new TreeSet<>());
        for (String needed : needs) {
            declared.add(needed);
            dependencies.computeIfAbsent(needed, n -> new TreeSet<>());
        }
        return this;
    }

    public List<String> order() {
        Map<String, Integer> missing = new TreeMap<>();
        Map<String, List<String>> dependents = new TreeMap<>();
        dependencies.forEach((name, needs) -> {
            missing.put(name, needs.size());
            needs.forEach(n -> dependents.computeIfAbsent(n, k -> new ArrayList<>()).add(name));
        });

        Queue<String> ready = new PriorityQueue<>();
        missing.forEach((name, count) -> {
            if (count == 0) {
                ready.add(name);
            }
        });

        List<String> order = new ArrayList<>();
        while (!ready.isEmpty()) {
            String built = ready.remove();
            order.add(built);
            missing.remove(built);
            for (String dependent : dependents.getOrDefault(built, List.of())) {
                if (missing.merge(dependent, -1, Integer::sum) == 0) {
                    ready.add(dependent);
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new CyclicDependencyException(findCycle(missing.keySet()));
        }
        return order;
    }

    /** Every stuck package needs another stuck one, so following those must come round in the end. */
    private List<String> findCycle(Collection<String> stuck) {
        Set<String> seen = new LinkedHashSet<>();
        String current = stuck.iterator().next();
        while (seen.add(current)) {
            current = dependencies.get(current).stream().filter(stuck::contains).findFirst().orElseThrow();
        }
        List<String> cycle = new ArrayList<>(seen);
        cycle.subList(0, cycle.indexOf(current)).clear();
        cycle.add(current);
        return cycle;
    }

    public static void main(String[] args) {
        TopologicalBuild webShop = new TopologicalBuild()
                .declare("app", "http", "auth", "logging")
                .declare("http", "sockets", "logging")
                .declare("auth", "crypto", "storage")
                .declare("storage", "logging");
        System.out.println("web shop: " + webShop.order());

        TopologicalBuild compiler = new TopologicalBuild()
                .declare("driver", "parser")
                .declare("parser", "lexer")
                .declare("lexer", "tokens")
                .declare("tokens", "parser");
        try {
            System.out.println("compiler: " + compiler.order());
        } catch (CyclicDependencyException e) {
            System.out.println("compiler: " + e.getMessage());
        }
    }
}
