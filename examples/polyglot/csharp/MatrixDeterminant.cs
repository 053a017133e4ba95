using System;
using System.Linq;

namespace Polyglot;

/// <summary>LU decomposition of a square matrix, with its determinant and a linear solver.</summary>
public sealed class LuDecomposition
{
    private const double Tolerance = 1e-12;

    private readonly double[,] _lu;
    private readonly int[] _pivots;
    private int _sign = 1;

    public LuDecomposition(double[,] matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.GetLength(0) != matrix.GetLength(1))
            throw new ArgumentException("A square matrix is required.", nameof(matrix));

        _lu = (double[,])matrix.Clone();
        _pivots = Enumerable.Range(0, Size).ToArray();
        Factorize();
    }

    public int Size => _lu.GetLength(0);

    public double Determinant =>
        Enumerable.Range(0, Size).Aggregate((double)_sign, (product, i) => product * _lu[i, i]);

    public bool IsSingular => Enumerable.Range(0, Size).Any(i => Math.Abs(_lu[i, i]) < Tolerance);

    /// <summary>Tries to solve A x = b; fails when the matrix is singular.</summary>
    public bool TrySolve(double[] b, out double[] x)
    {
        x = Array.Empty<double>();
        if (b.Length != Size || IsSingular) return false;

        var unknowns = _pivots.Select(p => b[p]).ToArray();
        for (var i = 0; i < Size; i++)
            for (var j = 0; j < i; j++)
                unknowns[i] -= _lu[i, j] * unknowns[j];

        for (var i = Size - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < Size; j++)
                unknowns[i] -= _lu[i, j] * unknowns[j];
            unknowns[i] /= _lu[i, i];
        }

        x = unknowns;
        return true;
    }

    private void Factorize()
    {
        for (var k = 0; k < Size; k++)
        {
            var pivot = Enumerable.Range(k, Size - k).MaxBy(row => Math.Abs(_lu[row, k]));
            if (Math.Abs(_lu[pivot, k]) < Tolerance) continue;
            if (pivot != k) SwapRows(k, pivot);

            for (var i = k + 1; i < Size; i++)
            {
                var multiplier = _lu[i, k] /= _lu[k, k];
                for (var j = k + 1; j < Size; j++)
                    _lu[i, j] -= multiplier * _lu[k, j];
            }
        }
    }

    private void SwapRows(int first, int second)
    {
        for (var j = 0; j < Size; j++)
            (_lu[first, j], _lu[second, j]) = (_lu[second, j], _lu[first, j]);
        (_pivots[first], _pivots[second]) = (_pivots[second], _pivots[first]);
        _sign = -_sign;
    }
}

public static class MatrixDeterminant
{
    public static void Main()
    {
        var lu = new LuDecomposition(new double[,]
        {
            { 2, -1, 3, 0 },
            { 4, 1, -2, 5 },
            { -6, 2, 1, -1 },
            { 3, 0, 4, 2 },
        });
        Console.WriteLine($"Determinant: {lu.Determinant:F4}");
        if (lu.TrySolve(new[] { 13, -1.5, -7.5, 16 }, out var x))
            Console.WriteLine($"Solution: {string.Join("; ", x.Select(v => v.ToString("F3")))}");

        var flat = new LuDecomposition(new double[,] { { 1, 2 }, { 2, 4 } });
        Console.WriteLine(flat.IsSingular ? "Second system is singular" : "Second system is regular");
    }
}
