import java.util.Set;
import java.util.stream.Collectors;

/** Plain checks for GameOfLife; run with assertions or without, failures throw. */
public class GameOfLifeTest {
    private static int checks;

    private static void check(String what, boolean holds) {
        checks++;
        if (!holds) throw new AssertionError("Failed: " + what);
    }

    public static void main(String[] args) {
        GameOfLife glider = GameOfLife.parse(GameOfLife.GLIDER);
        Set<GameOfLife.Cell> moved = glider.alive().stream()
            .map(c -> c.shifted(1, 1))
            .collect(Collectors.toSet());
        check("a glider moves diagonally in four generations", glider.after(4).alive().equals(moved));

        GameOfLife block = GameOfLife.parse("OO\nOO");
        check("a block is a still life", block.next().alive().equals(block.alive()));

        GameOfLife blinker = GameOfLife.parse("OOO");
        check("a blinker has period two", blinker.after(2).alive().equals(blinker.alive()));
        check("a blinker turns upright", blinker.next().alive().contains(new GameOfLife.Cell(1, -1)));

        check("a lonely cell dies", GameOfLife.parse("O").next().alive().isEmpty());
        check("rendering", glider.render(4, 3).equals(".O..\n..O.\nOOO.\n"));

        try {
            GameOfLife.parse(".x.");
            check("unknown marks are rejected", false);
        } catch (IllegalArgumentException expected) {
            checks++;
        }
        System.out.println(checks + " checks passed");
    }
}
