using System.Collections.Generic;
using Xunit;

namespace Polyglot;

public class EventBusTests
{
    [Theory]
    [InlineData("harbor.berth.*.arrived", "harbor.berth.3.arrived", true)]
    [InlineData("harbor.*", "harbor.crane.2", false)]
    [InlineData("harbor.#", "harbor.crane.2.fault", true)]
    [InlineData("harbor.#", "harbor", true)]
    [InlineData("harbor.#", "harbormaster", false)]
    [InlineData("#", "tide.level", true)]
    public void MatchesWildcards(string pattern, string topic, bool expected) =>
        Assert.Equal(expected, EventBus.Matches(pattern, topic));

    [Fact]
    public void LateSubscriberReceivesTheLastRetainedEvents()
    {
        var bus = new EventBus(retention: 3);
        foreach (var ship in new[] { "MV Petrel", "SS Gannet", "MV Dunlin", "SS Knot" })
        {
            bus.Publish("harbor.berth.3.arrived", ship);
        }

        var seen = new List<object?>();
        using (bus.Subscribe("harbor.#", e => seen.Add(e.Payload), replay: 2))
        {
            bus.Publish("harbor.crane.2.fault", "hoist brake");
        }

        bus.Publish("harbor.crane.2.cleared");
        Assert.Equal(new object?[] { "MV Dunlin", "SS Knot", "hoist brake" }, seen);
    }
}
