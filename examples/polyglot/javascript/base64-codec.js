/**
 * Base64 without btoa, atob or Buffer: works on byte arrays and refuses sloppy padding.
 * @module base64-codec
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = Object.freeze(Object.fromEntries([...ALPHABET].map((symbol, value) => [symbol, value])));
const WELL_FORMED = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Names the first thing that is wrong with `text`, or returns null when it is well formed. */
export function findProblem(text) {
  if (text.length % 4 !== 0) return `length ${text.length} is not a multiple of 4`;
  if (WELL_FORMED.test(text)) return null;
  const stray = text.match(/[^A-Za-z0-9+/=]/);
  return stray ? `invalid symbol "${stray[0]}" at ${stray.index}` : 'misplaced padding';
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function encode(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b = 0, c = 0] = bytes.subarray(i, i + 3);
    text += ALPHABET[a >> 2];
    text += ALPHABET[((a & 0b11) << 4) | (b >> 4)];
    text += i + 1 < bytes.length ? ALPHABET[((b & 0b1111) << 2) | (c >> 6)] : '=';
    text += i + 2 < bytes.length ? ALPHABET[c & 0b111111] : '=';
  }
  return text;
}

/**
 * @param {string} text
 * @returns {Uint8Array}
 */
export function decode(text) {
  const problem = findProblem(text);
  if (problem) throw new SyntaxError(`bad base64: ${problem}`);

  const symbols = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((symbols.length * 3) / 4));
  let accumulator = 0;
  let bits = 0;
  let written = 0;
  for (const symbol of symbols) {
    accumulator = ((accumulator << 6) | VALUES[symbol]) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[written++] = accumulator >> bits;
    }
  }
  if (accumulator & ((1 << bits) - 1)) throw new SyntaxError('bad base64: stray trailing bits');
  return bytes;
}

export const encodeText = (text) => encode(new TextEncoder().encode(text));
export const decodeText = (text) => new TextDecoder('utf-8', { fatal: true }).decode(decode(text));
