import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JsonSyntaxError, readJson } from "./json-reader.js";

const station = `{
  "station": "Kestrel Point",
  "elevation": 412.5,
  "active": true,
  "sensors": [{"id": 7, "unit": "\\u00b0C"}, {"id": 9, "unit": null}]
}`;

describe("readJson", () => {
  it("agrees with JSON.parse on a weather station", () => {
    assert.deepEqual(readJson(station), JSON.parse(station));
  });

  it("reads scalars and empty containers", () => {
    assert.equal(readJson(" -12.5e2 "), -1250);
    assert.deepEqual(readJson("[{}, []]"), [{}, []]);
  });

  const broken = [
    ['{"id": 7,, }', 1, 10],
    ["[1,\n 2", 2, 3],
    ['{"a": tru}', 1, 7],
    ["01", 1, 2],
    ['"abc', 1, 5],
  ];
  for (const [source, line, column] of broken) {
    it(`locates the error in ${JSON.stringify(source)}`, () => {
      assert.throws(() => readJson(source), (error) => {
        assert.ok(error instanceof JsonSyntaxError);
        assert.deepEqual([error.line, error.column], [line, column]);
        return true;
      });
    });
  }
});
