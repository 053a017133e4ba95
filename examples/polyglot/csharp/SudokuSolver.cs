using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Polyglot;

/// <summary>Backtracking sudoku solver; each unit of the grid keeps its free digits in a bitmask.</summary>
public sealed class SudokuSolver
{
    private const int AllDigits = 0x1FF;

    private readonly int[] _cells = new int[81];
    private readonly int[] _free = Enumerable.Repeat(AllDigits, 27).ToArray();

    public int Backtracks { get; private set; }

    /// <summary>Reads a grid where anything but the digits 1 to 9 marks an empty cell.</summary>
    public static SudokuSolver Parse(string grid)
    {
        if (grid.Length != 81)
            throw new FormatException($"Expected 81 cells but found {grid.Length}.");

        var solver = new SudokuSolver();
        for (var cell = 0; cell < 81; cell++)
        {
            if (grid[cell] is < '1' or > '9') continue;
            var digit = grid[cell] - '0';
            if ((solver.Candidates(cell) & (1 << (digit - 1))) == 0)
                throw new FormatException($"Clue {digit} in cell {cell} breaks the rules.");
            solver.Place(cell, digit);
        }
        return solver;
    }

    public bool Solve()
    {
        var open = Enumerable.Range(0, 81).Where(cell => _cells[cell] == 0).ToList();
        if (open.Count == 0) return true;

        var target = open.MinBy(cell => BitOperations.PopCount((uint)Candidates(cell)));
        foreach (var digit in Digits(Candidates(target)))
        {
            Place(target, digit);
            if (Solve()) return true;
            Remove(target);
        }

        Backtracks++;
        return false;
    }

    public IEnumerable<string> Lines() =>
        _cells.Chunk(9).Select(row => string.Concat(row.Select(d => d == 0 ? "." : d.ToString())));

    // Units 0-8 are rows, 9-17 columns and 18-26 boxes.
    private static (int Row, int Column, int Box) Units(int cell)
    {
        var (row, column) = Math.DivRem(cell, 9);
        return (row, 9 + column, 18 + row / 3 * 3 + column / 3);
    }

    private static IEnumerable<int> Digits(int mask)
    {
        for (; mask != 0; mask &= mask - 1)
            yield return BitOperations.TrailingZeroCount(mask) + 1;
    }

    private int Candidates(int cell)
    {
        var (row, column, box) = Units(cell);
        return _free[row] & _free[column] & _free[box];
    }

    private void Place(int cell, int digit)
    {
        _cells[cell] = digit;
        Toggle(cell, digit);
    }

    private void Remove(int cell)
    {
        Toggle(cell, _cells[cell]);
        _cells[cell] = 0;
    }

    private void Toggle(int cell, int digit)
    {
        var (row, column, box) = Units(cell);
        foreach (var unit in new[] { row, column, box })
            _free[unit] ^= 1 << (digit - 1);
    }

    public static void Main()
    {
        var solver = Parse(
            "....7..1." + ".294.6..." + "6..5....4" +
            "..1.....5" + "9.4.5..3." + "..8...4.6" +
            "...82.5.." + ".3.76...8" + "8........");

        Console.WriteLine(solver.Solve() ? $"Solved with {solver.Backtracks} dead ends:" : "No solution.");
        foreach (var line in solver.Lines())
            Console.WriteLine(line);
    }
}
