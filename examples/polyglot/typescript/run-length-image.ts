/**
 * A one-bit image coder: the whole bitmap is scanned in reading order into alternating
 * paper/ink runs per row, and each row travels with its Fletcher-16 checksum.
 */

type Pixel = "." | "#";

interface Run {
  readonly pixel: Pixel;
  readonly length: number;
}

interface PackedRow {
  readonly runs: readonly Run[];
  readonly checksum: number;
}

export interface PackedImage {
  readonly width: number;
  readonly rows: readonly PackedRow[];
}

type Unpacked = { ok: true; bitmap: string } | { ok: false; damagedRows: number[] };

function isPixel(char: string): char is Pixel {
  return char === "." || char === "#";
}

function* runsOf(line: string): Generator<Run> {
  let start = 0;
  while (start < line.length) {
    const pixel = line.charAt(start);
    if (!isPixel(pixel)) throw new SyntaxError(`unexpected pixel ${pixel} in column ${start}`);
    let end = start + 1;
    while (line.charAt(end) === pixel) end++;
    yield { pixel, length: end - start };
    start = end;
  }
}

function fletcher16(runs: readonly Run[]): number {
  let sum1 = 0;
  let sum2 = 0;
  for (const { pixel, length } of runs) {
    sum1 = (sum1 + (pixel === "#" ? 0x80 | length : length)) % 255;
    sum2 = (sum2 + sum1) % 255;
  }
  return sum2 * 256 + sum1;
}

export function pack(bitmap: string): PackedImage {
  const lines = bitmap.trim().split("\n");
  const rows = lines.map((line) => {
    const runs = [...runsOf(line)];
    return { runs, checksum: fletcher16(runs) };
  });
  return { width: lines[0].length, rows };
}

export function unpack({ width, rows }: PackedImage): Unpacked {
  const damagedRows: number[] = [];
  const lines = rows.map(({ runs, checksum }, index) => {
    const line = runs.map((run) => run.pixel.repeat(run.length)).join("");
    if (line.length !== width || fletcher16(runs) !== checksum) damagedRows.push(index);
    return line;
  });
  return damagedRows.length > 0 ? { ok: false, damagedRows } : { ok: true, bitmap: lines.join("\n") };
}

const invader = `
..#.....#..
...#...#...
..#######..
.##.###.##.
###########
#.#######.#
#.#.....#.#
...##.##...
`;

const image = pack(invader);
const runCount = image.rows.reduce((total, row) => total + row.runs.length, 0);
console.log(`${image.width}x${image.rows.length} bitmap held in ${runCount} runs`);

const restored = unpack(image);
console.log(restored.ok ? restored.bitmap : "the image was damaged");

const tampered: PackedImage = {
  ...image,
  rows: image.rows.map((row, y) => (y === 4 ? { ...row, runs: [{ pixel: "#", length: 10 }] } : row)),
};
const outcome = unpack(tampered);
if (!outcome.ok) console.log(`checksum mismatch in row ${outcome.damagedRows.join(", ")}`);
