import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** An immutable generation of Conway's Game of Life; the board has no edges. */
public final class GameOfLife {
    static final String GLIDER = """
        .O.
        ..O
        OOO
        """;

    static final String R_PENTOMINO = """
        .OO
        OO.
        .O.
        """;

    public record Cell(int x, int y) {
        Cell shifted(int dx, int dy) {
            return new Cell(x + dx, y + dy);
        }
    }

    private final Set<Cell> alive;

    private GameOfLife(Set<Cell> alive) {
        this.alive = Set.copyOf(alive);
    }

    public static GameOfLife parse(String drawing) {
        Set<Cell> cells = new HashSet<>();
        String[] rows = drawing.split("\n");
        for (int y = 0; y < rows.length; y++) {
            for (int x = 0; x < rows[y].length(); x++) {
                switch (rows[y].charAt(x)) {
                    case 'O' -> cells.add(new Cell(x, y));
                    case '.' -> { }
                    default -> throw new IllegalArgumentException("Not a cell at (" + x + ", " + y + ")");
                }
            }
        }
        return new GameOfLife(cells);
    }

    /** Computes the next generation from the neighbour counts around every living cell. */
    public GameOfLife next() {
        Map<Cell, Integer> neighbours = new HashMap<>();
        for (Cell cell : alive) {
            for (int dx = -1; dx <= 1; dx++) {
                for (int dy = -1; dy <= 1; dy++) {
                    if (dx != 0 || dy != 0) neighbours.merge(cell.shifted(dx, dy), 1, Integer::sum);
                }
            }
        }
        neighbours.entrySet().removeIf(e -> !survives(e.getKey(), e.getValue()));
        return new GameOfLife(neighbours.keySet());
    }

    private boolean survives(Cell cell, int count) {
        return count == 3 || count == 2 && alive.contains(cell);
    }

    public GameOfLife after(int generations) {
        GameOfLife life = this;
        for (int i = 0; i < generations; i++) life = life.next();
        return life;
    }

    public Set<Cell> alive() {
        return alive;
    }

    public String render(int width, int height) {
        StringBuilder canvas = new StringBuilder((width + 1) * height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                canvas.append(alive.contains(new Cell(x, y)) ? 'O' : '.');
            }
            canvas.append('\n');
        }
        return canvas.toString();
    }

    public static void main(String[] args) {
        GameOfLife glider = parse(GLIDER);
        for (int generation = 0; generation <= 4; generation++) {
            System.out.println("Glider, generation " + generation);
            System.out.println(glider.after(generation).render(8, 6));
        }
        GameOfLife pentomino = parse(R_PENTOMINO);
        for (int generation = 0; generation <= 200; generation += 50, pentomino = pentomino.after(50)) {
            System.out.printf("R-pentomino at %3d: population %d%n", generation, pentomino.alive().size());
        }
    }
}
