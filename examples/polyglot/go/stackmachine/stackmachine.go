// Package stackmachine interprets bytecode on an operand stack.
package stackmachine

import "fmt"

// Opcode is a single bytecode instruction.
type Opcode byte

// The instruction set. Push, Load, Store, Jmp and Jz take an operand.
const (
	Halt Opcode = iota
	Push
	Load
	Store
	Add
	Sub
	Jmp
	Jz
	Print
)

var names = [...]string{"halt", "push", "load", "store", "add", "sub", "jmp", "jz", "print"}

func (op Opcode) String() string {
	if int(op) < len(names) {
		return names[op]
	}
	return fmt.Sprintf("opcode(%d)", byte(op))
}

// Instr pairs an opcode with its operand, zero where there is none.
type Instr struct {
	Op  Opcode
	Arg int
}

// Fault reports the instruction that could not be executed.
type Fault struct {
	PC     int
	Instr  Instr
	Reason string
}

func (f *Fault) Error() string {
	return fmt.Sprintf("pc %d: %v %d: %s", f.PC, f.Instr.Op, f.Instr.Arg, f.Reason)
}

var needs = map[Opcode]int{Store: 1, Add: 2, Sub: 2, Jz: 1, Print: 1}

// Run executes the program, calling emit for every printed value.
func Run(program []Instr, emit func(int)) error {
	var (
		stack  []int
		memory [16]int
	)
	for pc := 0; pc < len(program); {
		in := program[pc]
		if len(stack) < needs[in.Op] {
			return &Fault{pc, in, "stack underflow"}
		}
		pc++
		top := len(stack) - 1
		switch in.Op {
		case Halt:
			return nil
		case Push:
			stack = append(stack, in.Arg)
		case Load:
			stack = append(stack, memory[in.Arg])
		case Store:
			memory[in.Arg], stack = stack[top], stack[:top]
		case Add:
			stack[top-1] += stack[top]
			stack = stack[:top]
		case Sub:
			stack[top-1] -= stack[top]
			stack = stack[:top]
		case Jmp:
			pc = in.Arg
		case Jz:
			if stack[top] == 0 {
				pc = in.Arg
			}
			stack = stack[:top]
		case Print:
			emit(stack[top])
			stack = stack[:top]
		default:
			return &Fault{pc - 1, in, "illegal instruction"}
		}
	}
	return nil
}

// Fibonacci returns a program that prints the first n Fibonacci numbers.
// Memory cell 0 holds a, cell 1 holds b and cell 2 counts down.
func Fibonacci(n int) []Instr {
	const loop, end = 4, 19
	return []Instr{
		{Push, 1}, {Store, 1}, {Push, n}, {Store, 2},
		{Load, 2}, {Jz, end}, // loop
		{Load, 0}, {Print, 0},
		{Load, 0}, {Load, 1}, {Add, 0}, {Load, 1}, {Store, 0}, {Store, 1},
		{Load, 2}, {Push, 1}, {Sub, 0}, {Store, 2},
		{Jmp, loop},
		{Halt, 0}, // end
	}
}
