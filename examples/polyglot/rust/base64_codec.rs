//! Base64 encoding and strict decoding on byte slices.

use std::error::Error;
use std::fmt;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeError {
    Length(usize),
    Symbol { byte: u8, at: usize },
    Padding,
    TrailingBits,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            DecodeError::Length(n) => write!(f, "length {n} is not a multiple of four"),
            DecodeError::Symbol { byte, at } => write!(f, "invalid symbol {byte:#04x} at {at}"),
            DecodeError::Padding => f.write_str("misplaced padding"),
            DecodeError::TrailingBits => f.write_str("unused bits are not zero"),
        }
    }
}

impl Error for DecodeError {}

pub fn encode(data: &[u8]) -> String {
    data.chunks(3)
        .flat_map(|group| {
            let octets = group.iter().enumerate();
            let triple = octets.fold(0u32, |acc, (i, &b)| acc | u32::from(b) << (16 - 8 * i));
            (0..4).map(move |i| match i <= group.len() {
                true => char::from(ALPHABET[(triple >> (18 - 6 * i)) as usize & 0x3f]),
                false => '=',
            })
        })
        .collect()
}

fn sextet(byte: u8, at: usize) -> Result<u32, DecodeError> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        b'=' => return Err(DecodeError::Padding),
        _ => return Err(DecodeError::Symbol { byte, at }),
    };
    Ok(value.into())
}

pub fn decode(text: &str) -> Result<Vec<u8>, DecodeError> {
    if text.len() % 4 != 0 {
        return Err(DecodeError::Length(text.len()));
    }
    let body = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);

    let mut octets = Vec::with_capacity(text.len() / 4 * 3);
    for (index, symbols) in body.as_bytes().chunks(4).enumerate() {
        let mut triple = 0;
        for (i, &byte) in symbols.iter().enumerate() {
            triple |= sextet(byte, index * 4 + i)? << (18 - 6 * i);
        }
        let [_, bytes @ ..] = triple.to_be_bytes();
        let (used, spare) = bytes.split_at(symbols.len() - 1);
        if spare.iter().any(|&b| b != 0) {
            return Err(DecodeError::TrailingBits);
        }
        octets.extend_from_slice(used);
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_4648_vectors() {
        let encoded = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        for (length, text) in encoded.into_iter().enumerate() {
            let plain = &b"foobar"[..length];
            assert_eq!(encode(plain), text);
            assert_eq!(decode(text).as_deref(), Ok(plain));
        }
    }

    #[test]
    fn malformed_text_is_an_error() {
        assert_eq!(decode("Zg="), Err(DecodeError::Length(3)));
        assert_eq!(decode("Zg=a"), Err(DecodeError::Padding));
        assert_eq!(decode("Z==="), Err(DecodeError::Padding));
        assert_eq!(decode("Zh=="), Err(DecodeError::TrailingBits));
        assert_eq!(decode("Zm9*"), Err(DecodeError::Symbol { byte: b'*', at: 3 }));
    }
}
