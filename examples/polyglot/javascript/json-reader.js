// A JSON reader written by hand, for the sake of better error positions than JSON.parse gives.

export class JsonSyntaxError extends SyntaxError {
  constructor(message, source, offset) {
    const lines = source.slice(0, offset).split("\n");
    const line = lines.length;
    const column = lines.at(-1).length + 1;
    super(`${message} (line ${line}, column ${column})`);
    Object.assign(this, { name: "JsonSyntaxError", line, column });
  }
}

const ESCAPES = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", "/": "/" };

class Reader {
  #source;
  #offset = 0;

  constructor(source) {
    this.#source = source;
  }

  document() {
    const value = this.#value();
    this.#space();
    if (this.#offset < this.#source.length) this.#fail("unexpected trailing characters");
    return value;
  }

  #fail(message) {
    throw new JsonSyntaxError(message, this.#source, this.#offset);
  }

  /** Matches a sticky pattern here and moves past it; null when it does not match. */
  #scan(pattern) {
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#source);
    if (match) this.#offset = pattern.lastIndex;
    return match;
  }

  #space() {
    this.#scan(/[ \t\r\n]*/y);
  }

  #take(character) {
    this.#space();
    if (this.#source[this.#offset] !== character) return false;
    this.#offset += 1;
    return true;
  }

  #value() {
    if (this.#take("{")) return Object.fromEntries(this.#list("}", () => this.#member()));
    if (this.#take("[")) return [...this.#list("]", () => this.#value())];
    if (this.#take('"')) return this.#string();
    const number = this.#scan(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (number) return Number(number[0]);
    const keyword = this.#scan(/true|false|null/y);
    if (keyword) return { true: true, false: false, null: null }[keyword[0]];
    return this.#fail("expected a value");
  }

  *#list(close, item) {
    if (this.#take(close)) return;
    do yield item();
    while (this.#take(","));
    if (!this.#take(close)) this.#fail(`expected "," or "${close}"`);
  }

  #member() {
    if (!this.#take('"')) this.#fail("expected a property name in double quotes");
    const key = this.#string();
    if (!this.#take(":")) this.#fail(`expected ":" after "${key}"`);
    return [key, this.#value()];
  }

  #string() {
    let text = "";
    for (;;) {
      text += this.#scan(/[^"\\\u0000-\u001f]*/y)[0];
      switch (this.#source[this.#offset]) {
        case '"':
          this.#offset += 1;
          return text;
        case "\\": {
          const escape = this.#scan(/\\(?:u([0-9a-f]{4})|(["\\/bfnrt]))/iy);
          if (!escape) this.#fail("invalid escape sequence");
          text += escape[1] ? String.fromCharCode(parseInt(escape[1], 16)) : ESCAPES[escape[2]];
          break;
        }
        default:
          this.#fail("unterminated string");
      }
    }
  }
}

export const readJson = (source) => new Reader(source).document();
