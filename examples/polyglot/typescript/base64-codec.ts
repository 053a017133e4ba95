/** Base64 encoder and strict decoder over Uint8Array. */

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export type Base64Fault = "length" | "symbol" | "padding" | "trailing-bits";

export class Base64Error extends Error {
  constructor(
    readonly fault: Base64Fault,
    readonly offset: number,
  ) {
    super(`malformed base64 (${fault}) near offset ${offset}`);
    this.name = "Base64Error";
  }
}

export class Base64Codec {
  private readonly sextets: ReadonlyMap<string, number>;

  constructor(private readonly alphabet: string = STANDARD) {
    this.sextets = new Map(Array.from(alphabet, (symbol, value) => [symbol, value]));
    if (this.sextets.size !== 64) throw new RangeError("an alphabet has 64 different symbols");
  }

  encode(data: Uint8Array): string {
    const quartets: string[] = [];
    for (let offset = 0; offset < data.length; offset += 3) {
      quartets.push(this.encodeGroup(data.subarray(offset, offset + 3)));
    }
    return quartets.join("");
  }

  private encodeGroup(group: Uint8Array): string {
    const triple = (group[0] << 16) | ((group[1] ?? 0) << 8) | (group[2] ?? 0);
    return [18, 12, 6, 0]
      .map((shift, i) => (i <= group.length ? this.alphabet[(triple >> shift) & 63] : "="))
      .join("");
  }

  decode(text: string): Uint8Array {
    if (text.length % 4 !== 0) throw new Base64Error("length", text.length);
    const firstPad = text.indexOf("=");
    const bodyLength = firstPad < 0 ? text.length : firstPad;
    this.checkPadding(text, bodyLength);

    const out: number[] = [];
    for (let offset = 0; offset < bodyLength; offset += 4) {
      const symbols = text.slice(offset, Math.min(offset + 4, bodyLength));
      const missing = 4 - symbols.length;
      let triple = 0;
      for (let i = 0; i < symbols.length; i++) {
        triple = (triple << 6) | this.sextet(symbols, i, offset);
      }
      triple <<= 6 * missing;
      if (missing > 0 && (triple & ((1 << (8 * missing)) - 1)) !== 0) {
        throw new Base64Error("trailing-bits", bodyLength - 1);
      }
      out.push(...[triple >> 16, (triple >> 8) & 255, triple & 255].slice(0, 3 - missing));
    }
    return Uint8Array.from(out);
  }

  private sextet(symbols: string, index: number, base: number): number {
    const value = this.sextets.get(symbols[index]);
    if (value === undefined) throw new Base64Error("symbol", base + index);
    return value;
  }

  private checkPadding(text: string, bodyLength: number): void {
    const padding = text.slice(bodyLength);
    if (padding !== "" && padding !== "=" && padding !== "==") {
      throw new Base64Error("padding", bodyLength);
    }
  }
}

export const base64 = new Base64Codec();
export const base64url = new Base64Codec(STANDARD.replace("+/", "-_"));
