"""A tiny stack machine: a list of instructions, an operand stack and a few slots."""

from __future__ import annotations

import operator
from enum import Enum, auto
from typing import Iterator


class Op(Enum):
    PUSH = auto()
    LOAD = auto()
    STORE = auto()
    ADD = auto()
    SUB = auto()
    DUP = auto()
    JUMP = auto()
    JUMP_IF_ZERO = auto()
    PRINT = auto()
    HALT = auto()


Instruction = tuple  # (op,) or (op, operand)

ARITHMETIC = {Op.ADD: operator.add, Op.SUB: operator.sub}


class MachineFault(RuntimeError):
    def __init__(self, pc: int, reason: str) -> None:
        super().__init__(f"fault at {pc:04d}: {reason}")
        self.pc = pc


class StackMachine:
    """Runs a program; ``run`` is a generator that yields what PRINT shows."""

    def __init__(self, program: list[Instruction], slots: int = 8, fuel: int = 10_000) -> None:
        self.program = program
        self.slots = [0] * slots
        self.stack: list[int] = []
        self.fuel = fuel

    def run(self) -> Iterator[int]:
        pc = 0
        while pc < len(self.program):
            if self.fuel == 0:
                raise MachineFault(pc, "out of fuel")
            self.fuel -= 1
            op, *operand = self.program[pc]
            current, pc = pc, pc + 1
            try:
                if op is Op.HALT:
                    return
                if op is Op.JUMP:
                    pc = operand[0]
                elif op is Op.JUMP_IF_ZERO:
                    if self.stack.pop() == 0:
                        pc = operand[0]
                elif op is Op.PRINT:
                    yield self.stack.pop()
                else:
                    self._execute(op, *operand)
            except IndexError:
                raise MachineFault(current, f"{op.name} on a stack of {len(self.stack)}") from None

    def _execute(self, op: Op, operand: int = 0) -> None:
        if op in ARITHMETIC:
            right, left = self.stack.pop(), self.stack.pop()
            self.stack.append(ARITHMETIC[op](left, right))
        elif op is Op.PUSH:
            self.stack.append(operand)
        elif op is Op.DUP:
            self.stack.append(self.stack[-1])
        elif op is Op.LOAD:
            self.stack.append(self.slots[operand])
        elif op is Op.STORE:
            self.slots[operand] = self.stack.pop()


A, B, LEFT = range(3)

FIBONACCI: list[Instruction] = [
    (Op.PUSH, 0), (Op.STORE, A),
    (Op.PUSH, 1), (Op.STORE, B),
    (Op.PUSH, 10), (Op.STORE, LEFT),
    # 6: while LEFT is not zero
    (Op.LOAD, LEFT), (Op.JUMP_IF_ZERO, 21),
    (Op.LOAD, A), (Op.PRINT,),
    (Op.LOAD, A), (Op.LOAD, B), (Op.ADD,),
    (Op.LOAD, B), (Op.STORE, A), (Op.STORE, B),
    (Op.LOAD, LEFT), (Op.PUSH, 1), (Op.SUB,), (Op.STORE, LEFT),
    (Op.JUMP, 6),
    # 21
    (Op.HALT,),
]

if __name__ == "__main__":
    print(*StackMachine(FIBONACCI).run())
    try:
        list(StackMachine([(Op.PUSH, 1), (Op.ADD,)]).run())
    except MachineFault as fault:
        print(fault)
