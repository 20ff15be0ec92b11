//! Halstead operands that Python's sets take for equal.

use std::borrow::Cow;

use ruff_python_ast::{Expr, Int, Number};
use ruff_text_size::Ranged;

/// What radon puts into its set for an operand: a name, an attribute or a constant; equal as in Python, where
/// `1 == 1.0 == True` and `"x"` equals the name `x`. Other operands stand for themselves alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Operand<'a> {
    /// A name, an attribute or a string.
    Text(Cow<'a, str>),
    /// A string with escapes of lone surrogates, by its source: Rust's strings cannot hold its value.
    Surrogates(&'a str),
    Bytes(Vec<u8>),
    /// A whole number, `True` and `False` included.
    Small(u64),
    /// A whole number of 64 bits or more, in 32-bit digits, the lowest first, without leading zeros.
    Large(Vec<u32>),
    /// A fraction or infinity, by its bits.
    Float(u64),
    /// An imaginary number other than 0j, by the bits of its imaginary part.
    Imaginary(u64),
    None,
    Ellipsis,
}

impl<'a> Operand<'a> {
    /// The operand that `expression` is, `None` when it stands for itself alone.
    pub(super) fn of(expression: &'a Expr, text: &'a str) -> Option<Self> {
        Some(match expression {
            Expr::Name(name) => Self::Text(Cow::Borrowed(name.id.as_str())),
            Expr::Attribute(attribute) => Self::Text(Cow::Borrowed(attribute.attr.as_str())),
            Expr::StringLiteral(string) => {
                let value = string.value.to_str();
                if value.contains('\u{fffd}') {
                    Self::Surrogates(text.get(string.range().to_std_range())?)
                } else {
                    Self::Text(Cow::Borrowed(value))
                }
            }
            Expr::BytesLiteral(bytes) => Self::Bytes(bytes.value.bytes().collect()),
            Expr::NumberLiteral(number) => match &number.value {
                Number::Int(int) => whole(int),
                Number::Float(value) => float(*value),
                Number::Complex { imag: 0.0, .. } => Self::Small(0),
                Number::Complex { imag, .. } => Self::Imaginary(imag.to_bits()),
            },
            Expr::BooleanLiteral(boolean) => Self::Small(u64::from(boolean.value)),
            Expr::NoneLiteral(_) => Self::None,
            Expr::EllipsisLiteral(_) => Self::Ellipsis,
            _ => return None,
        })
    }
}

fn whole<'a>(int: &Int) -> Operand<'a> {
    int.as_u64().map_or_else(|| Operand::Large(digits(&int.to_string())), Operand::Small)
}

/// The 32-bit digits of an integer literal, which may have a prefix and underscores.
fn digits(literal: &str) -> Vec<u32> {
    let (radix, body) = match literal.get(..2) {
        Some("0x" | "0X") => (16, literal.get(2..)),
        Some("0o" | "0O") => (8, literal.get(2..)),
        Some("0b" | "0B") => (2, literal.get(2..)),
        _ => (10, Some(literal)),
    };
    let values = body.unwrap_or_default().chars().filter_map(|c| c.to_digit(radix));
    if radix == 10 { decimal_digits(values) } else { binary_digits(values.collect(), radix.trailing_zeros()) }
}

/// CPython takes at most 4,300 decimal digits, so that the square of their number is small.
fn decimal_digits(values: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut digits: Vec<u32> = Vec::new();
    for value in values {
        let mut carry = u64::from(value);
        for digit in &mut digits {
            let product = u64::from(*digit) * 10 + carry;
            *digit = (product & u64::from(u32::MAX)) as u32;
            carry = product >> 32;
        }
        if carry > 0 {
            digits.push(carry as u32);
        }
    }
    digits
}

fn binary_digits(values: Vec<u32>, bits: u32) -> Vec<u32> {
    let mut digits = Vec::new();
    let (mut pending, mut width) = (0_u64, 0);
    for value in values.into_iter().rev() {
        pending |= u64::from(value) << width;
        width += bits;
        if width >= 32 {
            digits.push((pending & u64::from(u32::MAX)) as u32);
            pending >>= 32;
            width -= 32;
        }
    }
    digits.push(pending as u32);
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}

fn float<'a>(value: f64) -> Operand<'a> {
    if !value.is_finite() || value.fract() != 0.0 {
        return Operand::Float(value.to_bits());
    }
    if value < 2_f64.powi(64) {
        return Operand::Small(value as u64);
    }
    let bits = value.to_bits();
    let mantissa = (bits & ((1 << 52) - 1)) | (1 << 52);
    let shift = ((bits >> 52) & 0x7ff) as usize - 1075; // at least 12: the value is 2^64 or more
    let mut digits = vec![0; shift / 32];
    let mut rest = u128::from(mantissa) << (shift % 32);
    while rest > 0 {
        digits.push((rest & u128::from(u32::MAX)) as u32);
        rest >>= 32;
    }
    Operand::Large(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_equal_however_they_are_written() {
        assert_eq!(digits("0xFFFFFFFFFFFFFFFFF"), digits("295147905179352825855"));
        assert_eq!(digits("0o400000000000000000000000"), digits("2_361183241434822606848"));
        assert_eq!(float(1e20), Operand::Large(digits("100000000000000000000")));
        assert_eq!(float(1e300), float(1e300));
        assert_eq!(float(3.0), Operand::Small(3));
        assert_ne!(float(3.5), Operand::Small(3));
    }
}
