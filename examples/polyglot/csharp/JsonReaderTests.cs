using System.Collections.Generic;
using Xunit;

namespace Polyglot;

public class JsonReaderTests
{
    [Fact]
    public void Reads_a_weather_station()
    {
        const string document = """
            {
              "station": "Kestrel Point", "elevation": 412.5, "active": true,
              "sensors": [{"id": 7, "unit": "\u00b0C"}, {"id": 9, "unit": null}]
            }
            """;

        var station = Assert.IsType<Dictionary<string, object?>>(JsonReader.Parse(document));

        Assert.Equal("Kestrel Point", station["station"]);
        Assert.Equal(412.5, station["elevation"]);
        Assert.Equal(true, station["active"]);
        Assert.Equal(2, Assert.IsType<List<object?>>(station["sensors"]).Count);
    }

    [Theory]
    [InlineData("{\"id\": 7,, }", 1, 10)]
    [InlineData("[1,\n 2", 2, 3)]
    [InlineData("{\"a\": tru}", 1, 7)]
    [InlineData("\"abc", 1, 5)]
    public void Reports_where_the_fault_is(string broken, int line, int column)
    {
        var fault = Assert.Throws<JsonFormatException>(() => JsonReader.Parse(broken));
        Assert.Equal((line, column), fault.At);
    }
}
