//! JSON reader: text in, a [`Json`] tree out, or an error with its line and column.

use std::collections::BTreeMap;
use std::str::{Chars, FromStr};

#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    String(String),
    Array(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

#[derive(Debug, PartialEq)]
pub struct ReadError {
    pub reason: &'static str,
    pub at: (usize, usize),
}

type Step<T> = Result<T, &'static str>;

impl FromStr for Json {
    type Err = ReadError;

    fn from_str(text: &str) -> Result<Self, ReadError> {
        let mut reader = Reader(text.chars());
        let json = reader.value();
        let located = json.and_then(|json| reader.peek().map_or(Ok(json), |_| Err("trailing text")));
        located.map_err(|reason| {
            let before = &text[..text.len() - reader.0.as_str().len()];
            let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
            ReadError { reason, at: (before.matches('\n').count() + 1, column) }
        })
    }
}

struct Reader<'t>(Chars<'t>);

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        self.0 = self.0.as_str().trim_start_matches([' ', '\t', '\r', '\n']).chars();
        self.0.clone().next()
    }

    fn accept(&mut self, token: &str) -> bool {
        self.peek();
        self.0.as_str().strip_prefix(token).map(|rest| self.0 = rest.chars()).is_some()
    }

    fn value(&mut self) -> Step<Json> {
        match self.peek().ok_or("expected a value before the end")? {
            '{' => {
                let members = self.list("{", "}", |reader| {
                    let key = reader.string()?;
                    if !reader.accept(":") { Err("expected ':'") } else { Ok((key, reader.value()?)) }
                })?;
                Ok(Json::Object(members.into_iter().collect()))
            }
            '[' => self.list("[", "]", Self::value).map(Json::Array),
            '"' => self.string().map(Json::String),
            _ if self.accept("true") => Ok(Json::Bool(true)),
            _ if self.accept("false") => Ok(Json::Bool(false)),
            _ if self.accept("null") => Ok(Json::Null),
            _ => self.number(),
        }
    }

    fn list<T>(&mut self, open: &str, close: &str, item: impl Fn(&mut Self) -> Step<T>) -> Step<Vec<T>> {
        let mut items = Vec::new();
        self.accept(open);
        while !self.accept(close) {
            if !items.is_empty() && !self.accept(",") {
                return Err("expected ',' or the closing bracket");
            }
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn number(&mut self) -> Step<Json> {
        let rest = self.0.as_str();
        let end = rest.find(|c: char| !c.is_ascii_digit() && !"+-.eE".contains(c)).unwrap_or(rest.len());
        self.0 = rest[end..].chars();
        rest[..end].parse().map(Json::Number).map_err(|_| "expected a value")
    }

    fn string(&mut self) -> Step<String> {
        let mut text = String::new();
        let opened = self.accept("\"");
        while opened {
            match self.0.next().ok_or("unterminated string")? {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                c => text.push(c),
            }
        }
        Err("expected a string")
    }

    fn escape(&mut self) -> Step<char> {
        let letter = self.0.next().ok_or("unterminated string")?;
        if letter == 'u' {
            let code: String = self.0.by_ref().take(4).collect();
            return u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).ok_or("bad code point");
        }
        "\"\\/bfnrt".find(letter).map(|i| b"\"\\/\x08\x0c\n\r\t"[i] as char).ok_or("invalid escape")
    }
}
