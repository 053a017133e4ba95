/**
 * Huffman coding of a text message. The code tree is made of nested two-element arrays with
 * plain characters at the leaves; decoding only needs the inverted code table.
 */

export function countSymbols(message) {
  const frequencies = new Map();
  for (const symbol of message) {
    frequencies.set(symbol, (frequencies.get(symbol) ?? 0) + 1);
  }
  return frequencies;
}

export function buildCodeTree(frequencies) {
  if (frequencies.size === 0) throw new RangeError('no symbols to encode');
  const forest = [...frequencies].map(([symbol, weight]) => ({ weight, tree: symbol }));
  const byWeightDescending = (a, b) => b.weight - a.weight;
  while (forest.length > 1) {
    forest.sort(byWeightDescending);
    const lightest = forest.pop();
    const next = forest.pop();
    forest.push({ weight: lightest.weight + next.weight, tree: [lightest.tree, next.tree] });
  }
  return forest[0].tree;
}

function* leaves(tree, path = '') {
  if (!Array.isArray(tree)) {
    yield [tree, path || '0'];
    return;
  }
  for (const [bit, child] of tree.entries()) {
    yield* leaves(child, path + bit);
  }
}

export function createCodec(sampleText) {
  const codes = new Map(leaves(buildCodeTree(countSymbols(sampleText))));
  const symbols = new Map([...codes].map(([symbol, code]) => [code, symbol]));

  return {
    codes,

    encode(message) {
      return Array.from(message, (symbol) => {
        if (!codes.has(symbol)) throw new Error(`no code for symbol ${JSON.stringify(symbol)}`);
        return codes.get(symbol);
      }).join('');
    },

    decode(bits) {
      let message = '';
      let pending = '';
      for (const bit of bits) {
        pending += bit;
        if (symbols.has(pending)) {
          message += symbols.get(pending);
          pending = '';
        }
      }
      if (pending !== '') throw new Error(`dangling bits at the end: ${pending}`);
      return message;
    },
  };
}

const message = 'she sells seashells by the seashore';
const codec = createCodec(message);
const encoded = codec.encode(message);
const plainBits = message.length * 8;
const ratio = (plainBits / encoded.length).toFixed(2);

console.table(Object.fromEntries(codec.codes));
console.log(encoded);
console.log(`decoded: ${codec.decode(encoded)}`);
console.log(`compression ratio ${ratio} (${encoded.length}/${plainBits} bits)`);
