using System;
using System.Linq;
using Xunit;

namespace Polyglot;

public class GameOfLifeTests
{
    [Fact]
    public void GliderMovesDiagonallyInFourGenerations()
    {
        var glider = GameOfLife.Parse(GameOfLife.Glider);
        var later = glider.Generations().ElementAt(4);
        Assert.True(later.Living.SetEquals(glider.Living.Select(c => (c.X + 1, c.Y + 1))));
    }

    [Theory]
    [InlineData("OO\nOO", 1)]
    [InlineData("OOO", 2)]
    public void PatternRepeatsWithItsPeriod(string drawing, int period)
    {
        var seed = GameOfLife.Parse(drawing);
        Assert.True(seed.Generations().ElementAt(period).Living.SetEquals(seed.Living));
    }

    [Fact]
    public void LonelyCellDies() => Assert.Equal(0, GameOfLife.Parse("O").Next().Population);

    [Fact]
    public void RenderDrawsTheWindow() =>
        Assert.Equal(".O..\n..O.\nOOO.\n", GameOfLife.Parse(GameOfLife.Glider).Render(4, 3));

    [Fact]
    public void UnknownMarkIsRejected() => Assert.Throws<FormatException>(() => GameOfLife.Parse(".x."));
}
