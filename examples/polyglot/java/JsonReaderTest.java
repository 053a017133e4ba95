import java.util.List;
import java.util.Map;

/** Checks for {@link JsonReader}; run with {@code java -ea}. */
public final class JsonReaderTest {

    public static void main(String[] args) {
        readsTheWeatherStation();
        keepsMemberOrder();
        reportsPositions();
        System.out.println("JsonReaderTest: all passed");
    }

    private static void readsTheWeatherStation() {
        Object value = JsonReader.parse("""
            {"station": "Kestrel Point", "elevation": 412.5, "active": true,
             "sensors": [{"id": 7, "unit": "\\u00b0C"}, {"id": 9, "unit": null}]}
            """);
        Map<?, ?> station = (Map<?, ?>) value;
        assert station.get("station").equals("Kestrel Point");
        assert station.get("elevation").equals(412.5);
        assert station.get("active").equals(true);
        List<?> sensors = (List<?>) station.get("sensors");
        assert ((Map<?, ?>) sensors.get(0)).get("unit").equals("\u00b0C");
        assert ((Map<?, ?>) sensors.get(1)).get("unit") == null;
    }

    private static void keepsMemberOrder() {
        Map<?, ?> object = (Map<?, ?>) JsonReader.parse("{\"z\": 1, \"a\": [], \"m\": {}}");
        assert List.copyOf(object.keySet()).equals(List.of("z", "a", "m"));
    }

    private static void reportsPositions() {
        assertFailsAt("{\"id\": 7,, }", 1, 10);
        assertFailsAt("[1,\n 2", 2, 3);
        assertFailsAt("{\"a\": tru}", 1, 7);
        assertFailsAt("\"abc", 1, 5);
    }

    private static void assertFailsAt(String broken, int line, int column) {
        try {
            JsonReader.parse(broken);
        } catch (JsonReader.JsonException e) {
            assert e.line == line && e.column == column : broken + " -> " + e.getMessage();
            return;
        }
        throw new AssertionError("accepted: " + broken);
    }
}
