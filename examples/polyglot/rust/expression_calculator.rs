//! Expression calculator: a recursive-descent parser straight over the characters, with variables.

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Chars;

#[derive(Debug, PartialEq)]
pub enum CalcError {
    BadNumber(String),
    UnknownVariable(String),
    ExpectedOperand(Option<char>),
    UnclosedParen,
    Trailing(char),
    DivisionByZero,
}

type Calc<T> = Result<T, CalcError>;
type Scope = HashMap<String, f64>;

struct Parser<'a> {
    chars: Peekable<Chars<'a>>,
    scope: &'a Scope,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        while self.chars.next_if(|c| c.is_whitespace()).is_some() {}
        self.chars.peek().copied()
    }

    fn eat(&mut self, wanted: &[char]) -> Option<char> {
        self.peek().filter(|c| wanted.contains(c))?;
        self.chars.next()
    }

    fn lexeme(&mut self, accept: fn(&char) -> bool) -> String {
        std::iter::from_fn(|| self.chars.next_if(accept)).collect()
    }

    fn sum(&mut self) -> Calc<f64> {
        let mut acc = self.product()?;
        while let Some(op) = self.eat(&['+', '-']) {
            let term = self.product()?;
            acc += if op == '+' { term } else { -term };
        }
        Ok(acc)
    }

    fn product(&mut self) -> Calc<f64> {
        let mut acc = self.unary()?;
        while let Some(op) = self.eat(&['*', '/', '%']) {
            acc = match (op, self.unary()?) {
                ('*', factor) => acc * factor,
                (_, 0.0) => return Err(CalcError::DivisionByZero),
                ('/', divisor) => acc / divisor,
                (_, divisor) => acc % divisor,
            };
        }
        Ok(acc)
    }

    fn unary(&mut self) -> Calc<f64> {
        if self.eat(&['-']).is_some() {
            return Ok(-self.unary()?);
        }
        let base = self.primary()?;
        match self.eat(&['^']) {
            Some(_) => Ok(base.powf(self.unary()?)),
            None => Ok(base),
        }
    }

    fn primary(&mut self) -> Calc<f64> {
        match self.peek() {
            Some('(') => {
                self.chars.next();
                let inner = self.sum()?;
                self.eat(&[')']).map(|_| inner).ok_or(CalcError::UnclosedParen)
            }
            Some('0'..='9') => {
                let digits = self.lexeme(|c| c.is_ascii_digit() || *c == '.');
                digits.parse().map_err(|_| CalcError::BadNumber(digits))
            }
            Some(c) if c.is_alphabetic() => {
                let name = self.lexeme(|c| c.is_alphanumeric() || *c == '_');
                self.scope.get(&name).copied().ok_or(CalcError::UnknownVariable(name))
            }
            other => Err(CalcError::ExpectedOperand(other)),
        }
    }
}

/// Runs one statement, `name = expression` or just `expression`, and returns its value.
pub fn run(statement: &str, scope: &mut Scope) -> Calc<f64> {
    let (target, body) = statement.split_once('=').map_or((None, statement), |(n, b)| (Some(n.trim()), b));
    let mut parser = Parser { chars: body.chars().peekable(), scope };
    let value = parser.sum()?;
    if let Some(c) = parser.peek() {
        return Err(CalcError::Trailing(c));
    }
    scope.extend(target.map(|name| (name.to_owned(), value)));
    Ok(value)
}

fn main() {
    let mut scope = Scope::from([("pi".to_string(), std::f64::consts::PI)]);
    for line in ["width = 3.5 * 4", "height = (width - 2) / 3", "-width + height * 10", "7 / (height - 4)"] {
        println!("{line:<26} {:?}", run(line, &mut scope));
    }
}
