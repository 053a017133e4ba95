import java.util.Arrays;
import java.util.Optional;

/** Backtracking sudoku solver which tracks used digits of rows, columns and boxes in bitmasks. */
public class SudokuSolver {
    private static final int SIZE = 9;
    private static final int FULL = (1 << SIZE) - 1;

    private final int[][] grid = new int[SIZE][SIZE];
    private final int[] rowUsed = new int[SIZE];
    private final int[] columnUsed = new int[SIZE];
    private final int[] boxUsed = new int[SIZE];
    private long placements;

    private record Cell(int row, int column, int candidates) {
        int box() {
            return row / 3 * 3 + column / 3;
        }

        int choices() {
            return Integer.bitCount(candidates);
        }
    }

    public SudokuSolver(String... lines) {
        for (int row = 0; row < SIZE; row++) {
            for (int column = 0; column < SIZE; column++) {
                char clue = lines[row].charAt(column);
                if (clue == '.') {
                    continue;
                }
                Cell cell = cellAt(row, column);
                int digit = Character.digit(clue, 10);
                if (digit < 1 || (cell.candidates() & bit(digit)) == 0) {
                    throw new IllegalArgumentException("clue " + clue + " is not allowed at " + cell);
                }
                place(cell, digit);
            }
        }
    }

    private static int bit(int digit) {
        return 1 << (digit - 1);
    }

    private Cell cellAt(int row, int column) {
        int used = rowUsed[row] | columnUsed[column] | boxUsed[row / 3 * 3 + column / 3];
        return new Cell(row, column, FULL & ~used);
    }

    private void place(Cell cell, int digit) {
        grid[cell.row()][cell.column()] = digit;
        flip(cell, digit);
    }

    private void retract(Cell cell, int digit) {
        grid[cell.row()][cell.column()] = 0;
        flip(cell, digit);
    }

    private void flip(Cell cell, int digit) {
        rowUsed[cell.row()] ^= bit(digit);
        columnUsed[cell.column()] ^= bit(digit);
        boxUsed[cell.box()] ^= bit(digit);
    }

    /** The empty cell with the fewest candidates, or nothing once the grid is full. */
    private Optional<Cell> mostConstrained() {
        Cell best = null;
        for (int row = 0; row < SIZE; row++) {
            for (int column = 0; column < SIZE; column++) {
                if (grid[row][column] == 0) {
                    Cell cell = cellAt(row, column);
                    if (best == null || cell.choices() < best.choices()) {
                        best = cell;
                    }
                }
            }
        }
        return Optional.ofNullable(best);
    }

    public boolean solve() {
        Optional<Cell> next = mostConstrained();
        if (next.isEmpty()) {
            return true;
        }
        Cell cell = next.get();
        for (int left = cell.candidates(); left != 0; left &= left - 1) {
            int digit = Integer.numberOfTrailingZeros(left) + 1;
            placements++;
            place(cell, digit);
            if (solve()) {
                return true;
            }
            retract(cell, digit);
        }
        return false;
    }

    public static void main(String[] args) {
        var solver = new SudokuSolver("....7..1.", ".294.6...", "6..5....4", "..1.....5", "9.4.5..3.",
            "..8...4.6", "...82.5..", ".3.76...8", "8........");
        System.out.println(solver.solve() ? "solved after " + solver.placements + " tries" : "unsolvable");
        for (int[] row : solver.grid) {
            System.out.println(Arrays.toString(row));
        }
    }
}
