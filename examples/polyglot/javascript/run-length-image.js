// Run-length compression for tiny one-bit images. A row becomes text such as "2.1#5.1#2."
// followed by a Fletcher-16 checksum in hexadecimal, so damage in transit is noticed.

const invader = [
  '..#.....#..',
  '...#...#...',
  '..#######..',
  '.##.###.##.',
  '###########',
  '#.#######.#',
  '#.#.....#.#',
  '...##.##...',
];

export class ChecksumError extends Error {
  constructor(rowNumber, expected, actual) {
    super(`row ${rowNumber}: checksum is ${actual}, expected ${expected}`);
    this.name = 'ChecksumError';
  }
}

export function fletcher16(text) {
  const [low, high] = [...text].reduce(
    ([a, b], char) => {
      const sum = (a + char.charCodeAt(0)) % 255;
      return [sum, (b + sum) % 255];
    },
    [0, 0],
  );
  return ((high << 8) | low).toString(16).padStart(4, '0');
}

const packRow = (pixels) => pixels.replace(/\.+|#+/g, (run) => `${run.length}${run[0]}`);

const unpackRow = (runs) => runs.replace(/(\d+)([.#])/g, (_, length, pixel) => pixel.repeat(Number(length)));

export function encode(bitmap) {
  const width = bitmap[0].length;
  if (bitmap.some((row) => row.length !== width)) throw new TypeError('ragged bitmap');
  const lines = bitmap.map((row) => {
    const runs = packRow(row);
    return `${runs} ${fletcher16(runs)}`;
  });
  return [String(width), ...lines].join('\n');
}

export function decode(encoded) {
  const [header, ...lines] = encoded.split('\n');
  const width = Number.parseInt(header, 10);
  return lines.map((line, rowNumber) => {
    const [runs, expected] = line.split(' ');
    const actual = fletcher16(runs);
    if (actual !== expected) throw new ChecksumError(rowNumber, expected, actual);
    const pixels = unpackRow(runs);
    if (pixels.length !== width) throw new RangeError(`row ${rowNumber} has ${pixels.length} pixels`);
    return pixels;
  });
}

const encoded = encode(invader);
console.log(encoded);
console.log(decode(encoded).join('\n'));

const inkCount = invader.join('').replaceAll('.', '').length;
console.log(`${inkCount} ink pixels of ${invader.length * invader[0].length}`);

try {
  decode(encoded.replace('11#', '10#'));
} catch (error) {
  if (!(error instanceof ChecksumError)) throw error;
  console.log(`rejected: ${error.message}`);
}
