//! A stack machine whose program is a slice of enum instructions.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Push(i64),
    Load(usize),
    Store(usize),
    Add,
    Sub,
    Jump(usize),
    JumpIfZero(usize),
    Print,
    Halt,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    StackUnderflow { pc: usize },
    BadAddress { pc: usize },
    OutOfFuel,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::StackUnderflow { pc } => write!(f, "stack underflow at {pc}"),
            Fault::BadAddress { pc } => write!(f, "program counter {pc} is outside the program"),
            Fault::OutOfFuel => f.write_str("step limit reached"),
        }
    }
}

pub struct Machine<'p> {
    program: &'p [Op],
    pc: usize,
    stack: Vec<i64>,
    locals: [i64; 4],
    printed: Vec<i64>,
}

impl<'p> Machine<'p> {
    pub fn new(program: &'p [Op]) -> Self {
        Machine { program, pc: 0, stack: Vec::new(), locals: [0; 4], printed: Vec::new() }
    }

    fn pop(&mut self) -> Result<i64, Fault> {
        self.stack.pop().ok_or(Fault::StackUnderflow { pc: self.pc - 1 })
    }

    fn binary(&mut self, apply: fn(i64, i64) -> i64) -> Result<(), Fault> {
        let right = self.pop()?;
        let left = self.pop()?;
        self.stack.push(apply(left, right));
        Ok(())
    }

    pub fn run(mut self, fuel: usize) -> Result<Vec<i64>, Fault> {
        for _ in 0..fuel {
            let op = *self.program.get(self.pc).ok_or(Fault::BadAddress { pc: self.pc })?;
            self.pc += 1;
            match op {
                Op::Push(value) => self.stack.push(value),
                Op::Load(slot) => self.stack.push(self.locals[slot]),
                Op::Store(slot) => self.locals[slot] = self.pop()?,
                Op::Add => self.binary(i64::wrapping_add)?,
                Op::Sub => self.binary(i64::wrapping_sub)?,
                Op::Jump(target) => self.pc = target,
                Op::JumpIfZero(target) => {
                    if self.pop()? == 0 {
                        self.pc = target;
                    }
                }
                Op::Print => {
                    let value = self.pop()?;
                    self.printed.push(value);
                }
                Op::Halt => return Ok(self.printed),
            }
        }
        Err(Fault::OutOfFuel)
    }
}

pub fn fibonacci(terms: i64) -> Vec<Op> {
    use Op::*;
    const A: usize = 0;
    const B: usize = 1;
    const LEFT: usize = 2;
    let mut program = vec![Push(1), Store(B), Push(terms), Store(LEFT)];
    let start = program.len();
    let body = [Load(A), Print, Load(A), Load(B), Add, Load(B), Store(A), Store(B)];
    let countdown = [Load(LEFT), Push(1), Sub, Store(LEFT), Jump(start)];
    program.extend([Load(LEFT), JumpIfZero(start + 2 + body.len() + countdown.len())]);
    program.extend(body.into_iter().chain(countdown));
    program.push(Halt);
    program
}

fn main() {
    match Machine::new(&fibonacci(10)).run(1_000) {
        Ok(numbers) => println!("{numbers:?}"),
        Err(fault) => eprintln!("{fault}"),
    }
    println!("{:?}", Machine::new(&[Op::Push(1), Op::Add]).run(5));
}
