/**
 * Stack machine with a text assembler. Labels end in a colon, a semicolon starts
 * a comment, variables live in a plain object.
 */

const binary = (apply) => (vm) => {
  const right = vm.pop();
  const left = vm.pop();
  vm.stack.push(apply(left, right));
};

const instructions = {
  push: (vm, value) => vm.stack.push(Number(value)),
  load: (vm, name) => vm.stack.push(vm.variables[name] ?? 0),
  store: (vm, name) => {
    vm.variables[name] = vm.pop();
  },
  dup: (vm) => {
    const value = vm.pop();
    vm.stack.push(value, value);
  },
  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: binary((a, b) => a * b),
  print: (vm) => vm.output.push(vm.pop()),
  jmp: (vm, label) => vm.jump(label),
  jz: (vm, label) => {
    if (vm.pop() === 0) vm.jump(label);
  },
  halt: (vm) => {
    vm.running = false;
  },
};

export function assemble(source) {
  const code = [];
  const labels = new Map();
  for (const line of source.split('\n')) {
    const text = line.replace(/;.*/, '').trim();
    if (!text) continue;
    if (text.endsWith(':')) {
      labels.set(text.slice(0, -1), code.length);
      continue;
    }
    const [mnemonic, operand] = text.split(/\s+/);
    if (!Object.hasOwn(instructions, mnemonic)) throw new SyntaxError(`no instruction "${mnemonic}"`);
    code.push({ mnemonic, operand });
  }
  return { code, labels };
}

export function execute({ code, labels }, { maxSteps = 10_000 } = {}) {
  const vm = {
    stack: [],
    variables: {},
    output: [],
    running: true,
    pc: 0,
    pop() {
      if (this.stack.length === 0) throw new RangeError(`stack underflow near instruction ${this.pc - 1}`);
      return this.stack.pop();
    },
    jump(label) {
      if (!labels.has(label)) throw new ReferenceError(`undefined label ${label}`);
      this.pc = labels.get(label);
    },
  };
  for (let step = 0; vm.running && vm.pc < code.length; step += 1) {
    if (step >= maxSteps) throw new Error(`gave up after ${maxSteps} steps`);
    const { mnemonic, operand } = code[vm.pc];
    vm.pc += 1;
    instructions[mnemonic](vm, operand);
  }
  return vm.output;
}

export const fibonacci = `
        push 0
        store a
        push 1
        store b
        push 10
        store left
next:
        load left
        jz done
        load a
        dup
        print
        load b          ; a b
        dup
        store a
        add             ; a + b
        store b
        load left
        push 1
        sub
        store left
        jmp next
done:
        halt
`;

console.log(execute(assemble(fibonacci)).join(' '));
