/**
 * Sudoku solver: depth-first backtracking over candidate bitmasks.
 * Solutions come from a generator, so a caller may also check that a puzzle has only one.
 */

const ALL = 0x1ff;
const boxOf = (cell) => 3 * Math.floor(cell / 27) + Math.floor((cell % 9) / 3);

const popCount = (mask) => {
  let count = 0;
  for (let m = mask; m; m &= m - 1) count++;
  return count;
};

export function createState(puzzle) {
  const clues = puzzle.replace(/\s/g, '');
  if (!/^[.0-9]{81}$/.test(clues)) throw new Error('expected 81 digits or dots');

  const state = {
    digits: new Uint8Array(81),
    row: new Uint16Array(9),
    col: new Uint16Array(9),
    box: new Uint16Array(9),
  };
  [...clues].forEach((clue, cell) => {
    const digit = Number(clue) || 0;
    if (digit === 0) return;
    if (!(candidates(state, cell) & (1 << (digit - 1)))) {
      throw new Error(`clue ${digit} in cell ${cell} contradicts an earlier one`);
    }
    put(state, cell, digit);
  });
  return state;
}

function candidates({ row, col, box }, cell) {
  return ALL & ~(row[Math.floor(cell / 9)] | col[cell % 9] | box[boxOf(cell)]);
}

/** Writes a digit into a cell; digit 0 erases what was there. */
function put(state, cell, digit) {
  const flip = 1 << ((digit || state.digits[cell]) - 1);
  state.row[Math.floor(cell / 9)] ^= flip;
  state.col[cell % 9] ^= flip;
  state.box[boxOf(cell)] ^= flip;
  state.digits[cell] = digit;
}

export function* solutions(state) {
  let target = -1;
  let fewest = 10;
  for (let cell = 0; cell < 81 && fewest > 1; cell++) {
    if (state.digits[cell]) continue;
    const options = popCount(candidates(state, cell));
    if (options < fewest) [target, fewest] = [cell, options];
  }

  if (target === -1) {
    yield state.digits.join('');
    return;
  }

  const mask = candidates(state, target);
  for (let digit = 1; digit <= 9; digit++) {
    if (!(mask & (1 << (digit - 1)))) continue;
    put(state, target, digit);
    yield* solutions(state);
    put(state, target, 0);
  }
}

const puzzle = `
  ....7..1.
  .294.6...
  6..5....4
  ..1.....5
  9.4.5..3.
  ..8...4.6
  ...82.5..
  .3.76...8
  8........
`;

const [first, second] = solutions(createState(puzzle));
console.log(first?.match(/.{9}/g).join('\n') ?? 'No solution.');
console.log(second ? 'The puzzle is ambiguous.' : 'That is the only solution.');
