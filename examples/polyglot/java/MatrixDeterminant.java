import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Determinant and linear solver built on an LU decomposition (Doolittle, partial pivoting).
 */
public final class MatrixDeterminant {
    private static final double TINY = 1e-12;

    private final double[][] lu;
    private final int[] rowOrder;
    private boolean oddSwaps;

    /** Decomposes a copy of {@code matrix}. */
    public MatrixDeterminant(double[][] matrix) {
        int size = matrix.length;
        lu = new double[size][];
        rowOrder = new int[size];
        for (int i = 0; i < size; i++) {
            if (matrix[i].length != size) {
                throw new IllegalArgumentException("row " + i + " does not have " + size + " columns");
            }
            lu[i] = matrix[i].clone();
            rowOrder[i] = i;
        }
        for (int column = 0; column < size; column++) {
            bringPivotUp(column);
            eliminateBelow(column);
        }
    }

    private void bringPivotUp(int column) {
        int best = column;
        for (int i = column + 1; i < lu.length; i++) {
            if (Math.abs(lu[i][column]) > Math.abs(lu[best][column])) {
                best = i;
            }
        }
        if (best == column) {
            return;
        }
        double[] row = lu[best];
        lu[best] = lu[column];
        lu[column] = row;
        int index = rowOrder[best];
        rowOrder[best] = rowOrder[column];
        rowOrder[column] = index;
        oddSwaps = !oddSwaps;
    }

    private void eliminateBelow(int column) {
        double pivot = lu[column][column];
        if (Math.abs(pivot) < TINY) {
            return;
        }
        for (int i = column + 1; i < lu.length; i++) {
            double factor = lu[i][column] / pivot;
            lu[i][column] = factor;
            for (int j = column + 1; j < lu.length; j++) {
                lu[i][j] -= factor * lu[column][j];
            }
        }
    }

    public double determinant() {
        double product = oddSwaps ? -1.0 : 1.0;
        for (int i = 0; i < lu.length; i++) {
            product *= lu[i][i];
        }
        return product;
    }

    public boolean isSingular() {
        return Math.abs(determinant()) < TINY;
    }

    /** Solves {@code A x = b} by forward and back substitution. */
    public double[] solve(double... b) {
        if (isSingular()) {
            throw new ArithmeticException("matrix is singular");
        }
        double[] x = Arrays.stream(rowOrder).mapToDouble(row -> b[row]).toArray();
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                x[i] -= lu[i][j] * x[j];
            }
        }
        for (int i = x.length - 1; i >= 0; i--) {
            for (int j = i + 1; j < x.length; j++) {
                x[i] -= lu[i][j] * x[j];
            }
            x[i] /= lu[i][i];
        }
        return x;
    }

    public static void main(String[] args) {
        double[][] a = {{2, -1, 3, 0}, {4, 1, -2, 5}, {-6, 2, 1, -1}, {3, 0, 4, 2}};
        var system = new MatrixDeterminant(a);
        System.out.printf("det(A) = %.4f%n", system.determinant());
        System.out.println("x = " + Arrays.stream(system.solve(13, -1.5, -7.5, 16))
            .mapToObj(v -> String.format("%.3f", v))
            .collect(Collectors.joining(" ", "[", "]")));
        var dependent = new MatrixDeterminant(new double[][] {{1, 2}, {2, 4}});
        System.out.println("dependent rows singular? " + dependent.isSingular());
    }
}
