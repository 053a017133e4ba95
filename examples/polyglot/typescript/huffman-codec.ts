/** Huffman codec that packs a text message into bytes, eight code bits at a time. */

type CodeTree =
  | { kind: "leaf"; symbol: string; weight: number }
  | { kind: "branch"; zero: CodeTree; one: CodeTree; weight: number };

interface Packed {
  readonly bytes: Uint8Array;
  readonly bitLength: number;
}

function symbolFrequencies(text: string): Record<string, number> {
  return [...text].reduce<Record<string, number>>((tally, symbol) => {
    tally[symbol] = (tally[symbol] ?? 0) + 1;
    return tally;
  }, {});
}

/** Takes the lightest tree out of the pool; the first one wins a tie. */
function takeLightest(pool: CodeTree[]): CodeTree {
  let best = 0;
  pool.forEach((tree, index) => {
    if (tree.weight < pool[best].weight) best = index;
  });
  return pool.splice(best, 1)[0];
}

export class HuffmanCodec {
  private readonly root: CodeTree;
  private readonly codes = new Map<string, string>();

  constructor(text: string) {
    const pool: CodeTree[] = Object.entries(symbolFrequencies(text)).map(([symbol, weight]) => ({
      kind: "leaf",
      symbol,
      weight,
    }));
    if (pool.length === 0) throw new Error("a code tree needs at least one symbol");
    while (pool.length > 1) {
      const zero = takeLightest(pool);
      const one = takeLightest(pool);
      pool.push({ kind: "branch", zero, one, weight: zero.weight + one.weight });
    }
    this.root = pool[0];
    this.fillCodeTable();
  }

  private fillCodeTable(): void {
    const stack: Array<[CodeTree, string]> = [[this.root, ""]];
    for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
      const [tree, code] = entry;
      if (tree.kind === "leaf") {
        this.codes.set(tree.symbol, code === "" ? "0" : code);
      } else {
        stack.push([tree.one, `${code}1`], [tree.zero, `${code}0`]);
      }
    }
  }

  encode(message: string): Packed {
    let bits = "";
    for (const symbol of message) {
      const code = this.codes.get(symbol);
      if (code === undefined) throw new Error(`symbol '${symbol}' was not in the training text`);
      bits += code;
    }
    const bytes = new Uint8Array(Math.ceil(bits.length / 8));
    for (let i = 0; i < bits.length; i++) {
      if (bits[i] === "1") bytes[i >> 3] |= 0x80 >> (i & 7);
    }
    return { bytes, bitLength: bits.length };
  }

  decode({ bytes, bitLength }: Packed): string {
    const symbols: string[] = [];
    let node = this.root;
    for (let i = 0; i < bitLength; i++) {
      const bit = (bytes[i >> 3] >> (7 - (i & 7))) & 1;
      if (node.kind === "branch") node = bit === 1 ? node.one : node.zero;
      if (node.kind === "leaf") {
        symbols.push(node.symbol);
        node = this.root;
      }
    }
    return symbols.join("");
  }
}

const sample = "she sells seashells by the seashore";
const codec = new HuffmanCodec(sample);
const packed = codec.encode(sample);
const ratio = (sample.length * 8) / packed.bitLength;
console.log(`packed into ${packed.bytes.length} bytes: ${Buffer.from(packed.bytes).toString("hex")}`);
console.log(codec.decode(packed) === sample ? "round trip ok" : "round trip FAILED");
console.log(`compression ratio: ${ratio.toFixed(2)}`);
