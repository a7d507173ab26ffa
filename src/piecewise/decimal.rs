//! Numbers as people type them: decimals, kept exactly.

use std::fmt;
use std::str::FromStr;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::Rational;

/// Most digits after the point.
const MAX_PLACES: u32 = 12;
/// Largest magnitude.
const MAX_WHOLE: i64 = 1_000_000;

/// A decimal number, `digits · 10^-places`, at most 12 places and a million in magnitude.
///
/// Parsing takes what people type: `-0.5`, `.5`, `1e-9`, a comma for the point, the minus sign `−`.
/// Printing gives the shortest plain form, which parses back to the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Decimal {
    digits: i64,
    places: u32,
}

/// Why a text is no [`Decimal`]. Each message is a sentence that says what to type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Nothing, or only spaces.
    #[error("Type a number, such as -0.5.")]
    Empty,
    /// Not a number, NaN and infinity included.
    #[error("“{0}” is not a number. Type a decimal, such as -0.5 or 1e-9.")]
    NotANumber(String),
    /// Beyond the largest magnitude.
    #[error("“{0}” is too large. Type a number between -1000000 and 1000000.")]
    TooLarge(String),
    /// More places than are kept.
    #[error("“{0}” has too many places. Type at most {MAX_PLACES} digits after the point.")]
    TooFine(String),
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { digits: 0, places: 0 };

    /// `digits · 10^-places`, or `None` beyond the limits of the type.
    pub fn new(digits: i64, places: u32) -> Option<Self> {
        let (mut digits, mut places) = (digits, places);
        while places > 0 && digits % 10 == 0 {
            digits /= 10;
            places -= 1;
        }
        let fits = places <= MAX_PLACES && digits.unsigned_abs() <= (MAX_WHOLE as u64) * 10_u64.pow(places);
        fits.then_some(Self { digits, places })
    }

    /// The number rounded to `places` digits after the point, or `None` if it is not finite or too large.
    pub fn round(value: f64, places: u32) -> Option<Self> {
        let scaled = (value * 10_f64.powi(places as i32)).round();
        if scaled.abs() < 9e18 { Self::new(scaled as i64, places) } else { None }
    }

    /// Digits after the point.
    pub fn places(self) -> u32 {
        self.places
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { digits: -self.digits, places: self.places }
    }

    /// The same number as a fraction.
    pub fn to_rational(self) -> Rational {
        Rational::new(BigInt::from(self.digits), BigInt::from(10).pow(self.places))
    }

    /// The nearest `f64`.
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The decimal equal to `value`, if there is one within the limits of the type.
    pub fn from_rational(value: &Rational) -> Option<Self> {
        let scaled = value * Rational::from(BigInt::from(10).pow(MAX_PLACES));
        if scaled.is_integer() { Self::new(scaled.to_integer().to_i64()?, MAX_PLACES) } else { None }
    }
}

impl From<i32> for Decimal {
    /// # Panics
    /// Beyond a million.
    fn from(value: i32) -> Self {
        Self::new(value.into(), 0).expect("within a million")
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let typed = text.trim();
        if typed.is_empty() {
            return Err(DecimalError::Empty);
        }
        let shown = || typed.chars().take(20).collect::<String>();
        let plain = typed.replace('−', "-").replace(',', ".");
        let (mantissa, exponent) = match plain.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, exponent.parse::<i32>().map_err(|_| DecimalError::NotANumber(shown()))?)
            }
            None => (plain.as_str(), 0),
        };
        let unsigned = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
            return Err(DecimalError::NotANumber(shown()));
        }

        let joined = format!("{whole}{fraction}");
        let digits = joined.trim_start_matches('0');
        let significant = digits.trim_end_matches('0');
        if significant.is_empty() {
            return Ok(Self::ZERO);
        }
        // The number is 0.significant · 10^magnitude.
        let magnitude = digits.len() as i64 - fraction.len() as i64 + i64::from(exponent);
        let places = (significant.len() as i64 - magnitude).max(0);
        if magnitude > 7 {
            return Err(DecimalError::TooLarge(shown()));
        }
        if places > i64::from(MAX_PLACES) {
            return Err(DecimalError::TooFine(shown()));
        }
        let zeros = (places + magnitude - significant.len() as i64).max(0) as u32;
        let value = significant.parse::<i64>().ok().and_then(|value| value.checked_mul(10_i64.pow(zeros)));
        let value = value.ok_or_else(|| DecimalError::TooFine(shown()))?;
        let signed = if mantissa.starts_with('-') { -value } else { value };
        Self::new(signed, places as u32).ok_or_else(|| DecimalError::TooLarge(shown()))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let places = self.places as usize;
        let digits = format!("{:0>width$}", self.digits.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        match fraction {
            "" => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}
