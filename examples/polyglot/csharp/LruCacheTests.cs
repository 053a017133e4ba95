namespace Polyglot;

using System;
using Xunit;

public class LruCacheTests
{
    [Fact]
    public void Put_WhenFull_EvictsTheStalestPage()
    {
        var cache = new LruCache<string, int>(2);
        cache.Put("/home", 1);
        cache.Put("/cart", 2);
        cache.TryGet("/home", out _);
        cache.Put("/help", 3);

        Assert.Equal(new[] { "/help", "/home" }, cache.NewestFirst);
        Assert.Equal(1, cache.Evictions);
    }

    [Fact]
    public void TryGet_CountsHitsAndMisses()
    {
        var cache = new LruCache<string, string>(1);
        Assert.False(cache.TryGet("/blog", out _));
        cache.Put("/blog", "draft");
        cache.Put("/blog", "final");

        Assert.True(cache.TryGet("/blog", out var page));
        Assert.Equal("final", page);
        Assert.Equal(0.5, cache.HitRatio);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-7)]
    public void Constructor_RejectsNonPositiveCapacity(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LruCache<string, string>(capacity));
}
