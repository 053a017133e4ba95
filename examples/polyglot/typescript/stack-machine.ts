/** Bytecode interpreter for a small stack machine; sample program: ten Fibonacci numbers. */

export enum Op {
  Halt,
  Push,
  Load,
  Store,
  Add,
  Sub,
  Jump,
  JumpIfZero,
  Print,
}

const WITH_OPERAND: ReadonlySet<Op> = new Set([Op.Push, Op.Load, Op.Store, Op.Jump, Op.JumpIfZero]);

export class VmError extends Error {
  override readonly name = "VmError";

  constructor(message: string, readonly address: number) {
    super(`${message} (address ${address})`);
  }
}

export class StackMachine {
  private readonly memory = new Int32Array(4);
  private readonly stack: number[] = [];
  private pc = 0;

  constructor(
    private readonly code: Uint8Array,
    private readonly print: (value: number) => void,
  ) {}

  run(): void {
    while (this.step()) {
      // step does the work
    }
  }

  private step(): boolean {
    const op: Op = this.fetch();
    const operand = WITH_OPERAND.has(op) ? this.fetch() : 0;
    switch (op) {
      case Op.Halt:
        return false;
      case Op.Push:
        this.stack.push(operand);
        break;
      case Op.Load:
        this.stack.push(this.memory[operand] ?? 0);
        break;
      case Op.Store:
        this.memory[operand] = this.pop();
        break;
      case Op.Add:
        this.stack.push(this.pop() + this.pop());
        break;
      case Op.Sub: {
        const subtrahend = this.pop();
        this.stack.push(this.pop() - subtrahend);
        break;
      }
      case Op.Jump:
        this.pc = operand;
        break;
      case Op.JumpIfZero:
        if (this.pop() === 0) this.pc = operand;
        break;
      case Op.Print:
        this.print(this.pop());
        break;
      default:
        throw new VmError(`illegal opcode ${String(op)}`, this.pc - 1);
    }
    return true;
  }

  private fetch(): number {
    const byte = this.code[this.pc];
    if (byte === undefined) throw new VmError("ran off the end", this.pc);
    this.pc += 1;
    return byte;
  }

  private pop(): number {
    const value = this.stack.pop();
    if (value === undefined) throw new VmError("empty stack", this.pc);
    return value;
  }
}

const [A, B, N] = [0, 1, 2];

// Two bytes an instruction where there is an operand, one where there is none.
export const fibonacci = Uint8Array.of(
  ...[Op.Push, 1, Op.Store, B, Op.Push, 10, Op.Store, N], // a starts as zero
  ...[Op.Load, N, Op.JumpIfZero, 35], // 8: loop
  ...[Op.Load, A, Op.Print],
  ...[Op.Load, A, Op.Load, B, Op.Add, Op.Load, B, Op.Store, A, Op.Store, B],
  ...[Op.Load, N, Op.Push, 1, Op.Sub, Op.Store, N],
  ...[Op.Jump, 8, Op.Halt], // the halt sits at 35
);

const printed: number[] = [];
new StackMachine(fibonacci, (value) => printed.push(value)).run();
console.log(printed.join(" "));
