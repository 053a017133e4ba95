/**
 * CRC-32 (table driven, reflected polynomial) and Adler-32.
 * Both take a string or bytes and return an unsigned 32-bit number.
 */
import assert from 'node:assert/strict';

const ADLER_MODULUS = 65521;

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let entry = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    entry = entry & 1 ? 0xedb88320 ^ (entry >>> 1) : entry >>> 1;
  }
  return entry;
});

const toBytes = (input) => (typeof input === 'string' ? new TextEncoder().encode(input) : input);

export function crc32(input) {
  let crc = ~0;
  for (const byte of toBytes(input)) {
    crc = crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

/** Postpones the modulo: 5552 bytes is the longest block that cannot overflow 32 bits. */
export function adler32(input) {
  const bytes = toBytes(input);
  let a = 1;
  let b = 0;
  for (let start = 0; start < bytes.length; start += 5552) {
    for (const byte of bytes.subarray(start, start + 5552)) {
      a += byte;
      b += a;
    }
    a %= ADLER_MODULUS;
    b %= ADLER_MODULUS;
  }
  return ((b << 16) | a) >>> 0;
}

export const hex = (checksum) => checksum.toString(16).padStart(8, '0');

const known = {
  '': ['00000000', '00000001'],
  123456789: ['cbf43926', '091e01de'],
  Wikipedia: ['adaac02e', '11e60398'],
  'The quick brown fox jumps over the lazy dog': ['414fa339', '5bdc0fda'],
};

for (const [text, [expectedCrc, expectedAdler]] of Object.entries(known)) {
  assert.equal(hex(crc32(text)), expectedCrc);
  assert.equal(hex(adler32(text)), expectedAdler);
  console.log(`${expectedCrc} ${expectedAdler} ${JSON.stringify(text)}`);
}
