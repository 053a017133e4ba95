import java.util.List;

public class EditDistanceTest {

    private record Case(String source, String target, int expected) {
        void run() {
            int actual = EditDistance.between(source, target);
            if (actual != expected) {
                throw new AssertionError(source + "/" + target + ": " + actual + " instead of " + expected);
            }
        }
    }

    public static void main(String[] args) {
        List<Case> cases = List.of(
                new Case("kitten", "sitting", 3),
                new Case("saturday", "sunday", 3),
                new Case("flaw", "lawn", 2),
                new Case("", "rhythm", 6),
                new Case("library", "library", 0));
        cases.forEach(Case::run);

        String alignment = new EditDistance("kitten", "sitting").alignment();
        require(alignment.equals("kitten-\n*|||*| \nsitting"), "alignment:\n" + alignment);
        require(EditDistance.suggest("recieve", 2).equals(List.of("receive")), "recieve");
        require(EditDistance.suggest("xylophone", 2).isEmpty(), "xylophone");
        System.out.println(cases.size() + " distances and 3 other checks passed");
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("failed: " + what);
        }
    }
}
