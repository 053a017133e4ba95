import pytest

from json_reader import JsonError, read_json

STATION = """
{
  "station": "Kestrel Point",
  "elevation": 412.5,
  "active": true,
  "sensors": [{"id": 7, "unit": "\\u00b0C"}, {"id": 9, "unit": null}]
}
"""


def test_reads_a_weather_station():
    station = read_json(STATION)
    assert station["station"] == "Kestrel Point"
    assert station["elevation"] == 412.5
    assert station["active"] is True
    assert [sensor["unit"] for sensor in station["sensors"]] == ["\u00b0C", None]


def test_empty_containers():
    assert read_json(" [ {}, [] ] ") == [{}, []]


@pytest.mark.parametrize(
    "broken, line, column",
    [('{"id": 7,, }', 1, 10), ("[1,\n 2", 2, 3), ('{"a": tru}', 1, 7), ("01", 1, 2), ('"abc', 1, 5)],
)
def test_error_positions(broken, line, column):
    with pytest.raises(JsonError) as caught:
        read_json(broken)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_message_starts_with_the_position():
    with pytest.raises(JsonError, match=r"^1:4: expected , or ]"):
        read_json("[9 ")
