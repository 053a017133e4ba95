// Vigenere cipher: polyalphabetic substitution by a repeated keyword, and the Kasiski test
// that betrays the length of that keyword.

const A = 'A'.charCodeAt(0);

const onlyLetters = (text) => text.toUpperCase().replace(/[^A-Z]/g, '');

function substitute(text, keyword, sign) {
  const key = onlyLetters(keyword);
  if (key.length === 0) throw new Error('empty keyword');
  let used = 0;
  return text.toUpperCase().replace(/[A-Z]/g, (letter) => {
    const shift = key.charCodeAt(used % key.length) - A;
    used += 1;
    return String.fromCharCode(A + ((letter.charCodeAt(0) - A + sign * shift + 26) % 26));
  });
}

export const encrypt = (plaintext, keyword) => substitute(plaintext, keyword, 1);
export const decrypt = (ciphertext, keyword) => substitute(ciphertext, keyword, -1);

/** Maps every repeated trigram to the distances between its neighbouring occurrences. */
export function kasiski(ciphertext) {
  const letters = onlyLetters(ciphertext);
  const lastIndex = new Map();
  const repeats = new Map();
  for (let i = 0; i <= letters.length - 3; i++) {
    const trigram = letters.slice(i, i + 3);
    if (lastIndex.has(trigram)) {
      const distances = repeats.get(trigram) ?? [];
      repeats.set(trigram, [...distances, i - lastIndex.get(trigram)]);
    }
    lastIndex.set(trigram, i);
  }
  return repeats;
}

export function rankKeyLengths(ciphertext, { min = 2, max = 12 } = {}) {
  const distances = [...kasiski(ciphertext).values()].flat();
  const ranking = [];
  for (let length = min; length <= max; length++) {
    const votes = distances.filter((distance) => distance % length === 0).length;
    if (votes > 0) ranking.push({ length, votes });
  }
  return ranking.sort((a, b) => b.votes - a.votes || b.length - a.length);
}

const keyword = 'lemon';
const plaintext = `The convoy leaves the harbour at dawn, when the tide turns.
The convoy follows the lighthouse until the harbour pilot leaves the convoy.`;

console.log(encrypt('attack at dawn', keyword));

const ciphertext = encrypt(plaintext, keyword);
console.log(ciphertext);
const recovered = decrypt(ciphertext, keyword) === plaintext.toUpperCase();
console.log(recovered ? 'decrypts correctly' : 'decryption failed');

for (const [trigram, distances] of kasiski(ciphertext)) {
  console.log(`${trigram}: ${distances.join(', ')}`);
}
const [best] = rankKeyLengths(ciphertext);
console.log(`key length is likely ${best.length} (${best.votes} votes)`);
