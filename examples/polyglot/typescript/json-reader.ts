/** Reads JSON into typed values; a failure is a result with its position, not an exception. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Position {
  line: number;
  column: number;
}

export type ReadResult =
  | { ok: true; value: Json }
  | { ok: false; message: string; at: Position };

/** Private signal that unwinds the recursion; never leaves this module. */
class Failure {
  constructor(readonly message: string, readonly offset: number) {}
}

export function readJson(text: string): ReadResult {
  let offset = 0;

  const fail = (message: string, at = offset): never => {
    throw new Failure(message, at);
  };

  function skipSpace(): void {
    while (offset < text.length && " \t\r\n".includes(text.charAt(offset))) offset++;
  }

  function expect(token: string): void {
    skipSpace();
    if (!text.startsWith(token, offset)) fail(`expected '${token}'`);
    offset += token.length;
  }

  function readValue(): Json {
    skipSpace();
    const first = text.charAt(offset);
    if (first === "{") return readObject();
    if (first === "[") return readArray();
    if (first === '"') return readString();
    if (first === "-" || /\d/.test(first)) return readNumber();
    const keywords: [string, Json][] = [["true", true], ["false", false], ["null", null]];
    const keyword = keywords.find(([word]) => text.startsWith(word, offset)) ?? fail("expected a value");
    offset += keyword[0].length;
    return keyword[1];
  }

  function readItems(open: string, close: string, readItem: () => void): void {
    expect(open);
    skipSpace();
    for (let first = true; text.charAt(offset) !== close; first = false) {
      if (!first) expect(",");
      readItem();
      skipSpace();
      if (offset >= text.length) fail(`expected '${close}' before the end`);
    }
    offset++;
  }

  function readArray(): Json[] {
    const elements: Json[] = [];
    readItems("[", "]", () => elements.push(readValue()));
    return elements;
  }

  function readObject(): { [key: string]: Json } {
    const object: { [key: string]: Json } = {};
    readItems("{", "}", () => {
      const key = readString();
      expect(":");
      object[key] = readValue();
    });
    return object;
  }

  function readString(): string {
    skipSpace();
    const literal = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
    literal.lastIndex = offset;
    const body = literal.exec(text)?.[0] ?? fail("expected a string");
    const end = offset + body.length;
    if (text.charAt(end) !== '"') fail("unterminated string or invalid escape", end);
    offset = end + 1;
    const simple: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
    return body.slice(1).replace(/\\(?:u(.{4})|(.))/g, (_, hex?: string, letter = "") =>
      hex === undefined ? simple[letter] ?? letter : String.fromCharCode(Number.parseInt(hex, 16)));
  }

  function readNumber(): number {
    const numeral = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/;
    const [digits] = numeral.exec(text.slice(offset)) ?? fail("malformed number");
    offset += digits.length;
    return Number(digits);
  }

  try {
    const value = readValue();
    skipSpace();
    return offset === text.length ? { ok: true, value } : fail("unexpected text after the value");
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const before = text.slice(0, failure.offset).split("\n");
    const at = { line: before.length, column: (before.at(-1) ?? "").length + 1 };
    return { ok: false, message: failure.message, at };
  }
}
