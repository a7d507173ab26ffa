//! Numbers as people type them: decimals and fractions, kept exactly.

use std::fmt;
use std::str::FromStr;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::Rational;

/// Most digits after the point.
const MAX_PLACES: u32 = 12;
/// Largest magnitude.
const MAX_WHOLE: i64 = 1_000_000;
/// Largest denominator.
const MAX_DENOMINATOR: i64 = 1_000_000_000_000;
/// Fractions that are one character.
const VULGAR: [(char, &str); 15] = [
    ('½', "1/2"),
    ('⅓', "1/3"),
    ('⅔', "2/3"),
    ('¼', "1/4"),
    ('¾', "3/4"),
    ('⅕', "1/5"),
    ('⅖', "2/5"),
    ('⅗', "3/5"),
    ('⅘', "4/5"),
    ('⅙', "1/6"),
    ('⅚', "5/6"),
    ('⅛', "1/8"),
    ('⅜', "3/8"),
    ('⅝', "5/8"),
    ('⅞', "7/8"),
];

/// A number as it is typed: a decimal of at most 12 places, or a fraction whose denominator has at most 12 digits;
/// at most a million in magnitude.
///
/// Parsing takes what people type: `-0.5`, `.5`, `1e-9`, `-82/29`, `½`, a comma for the point, the minus sign `−`.
/// Printing gives the shortest plain form of the same kind, `-0.5` or `1/6`, which parses back to the same number.
///
/// Two are equal if they print alike: 1/2 and 0.5 are not. Whether they are the same number is asked by
/// [`is_same_number`](Self::is_same_number).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(Form);

/// Each number has one decimal form, without zeros at the end, or one fraction in lowest terms that is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Form {
    /// `digits · 10^-places`
    Decimal { digits: i64, places: u32 },
    /// The denominator is at least 2.
    Fraction { numerator: i64, denominator: i64 },
}

/// Why a text is no [`Decimal`]. Each message is a sentence that says what to type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Nothing, or only spaces.
    #[error("Type a number, such as -0.5 or 1/6.")]
    Empty,
    /// Not a number, NaN and infinity included.
    #[error("“{0}” is not a number. Type a decimal or a fraction, such as -0.5, 1e-9 or 1/6.")]
    NotANumber(String),
    /// Beyond the largest magnitude.
    #[error("“{0}” is too large. Type a number between -1000000 and 1000000.")]
    TooLarge(String),
    /// More places than are kept.
    #[error("“{0}” has too many places. Type at most {MAX_PLACES} digits after the point.")]
    TooFine(String),
    /// A fraction of something else than whole numbers.
    #[error("“{0}” is not a fraction. Type whole numbers above and below, such as 1/6.")]
    NotAFraction(String),
    /// A fraction whose denominator has more digits than are kept.
    #[error("“{0}” has too long a denominator. Type a fraction with at most {MAX_PLACES} digits below.")]
    LongDenominator(String),
    /// A fraction over 0.
    #[error("“{0}” divides by 0. Type another denominator, such as 1/6.")]
    DividesByZero(String),
}

impl Default for Decimal {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(Form::Decimal { digits: 0, places: 0 });

    /// `digits · 10^-places`, or `None` beyond the limits of the type.
    pub fn new(digits: i64, places: u32) -> Option<Self> {
        let (mut digits, mut places) = (digits, places);
        while places > 0 && digits % 10 == 0 {
            digits /= 10;
            places -= 1;
        }
        let fits = places <= MAX_PLACES && digits.unsigned_abs() <= (MAX_WHOLE as u64) * 10_u64.pow(places);
        fits.then_some(Self(Form::Decimal { digits, places }))
    }

    /// The fraction in lowest terms, or `None` beyond the limits of the type. A whole number is a decimal.
    pub fn fraction(value: &Rational) -> Option<Self> {
        if value.is_integer() {
            return Self::new(value.to_integer().to_i64()?, 0);
        }
        let (numerator, denominator) = (value.numer().to_i64()?, value.denom().to_i64()?);
        let fits = denominator <= MAX_DENOMINATOR
            && i128::from(numerator.unsigned_abs()) <= i128::from(MAX_WHOLE) * i128::from(denominator);
        fits.then_some(Self(Form::Fraction { numerator, denominator }))
    }

    /// The number rounded to `places` digits after the point, or `None` if it is not finite or too large.
    pub fn round(value: f64, places: u32) -> Option<Self> {
        let scaled = (value * 10_f64.powi(places as i32)).round();
        if scaled.abs() < 9e18 { Self::new(scaled as i64, places) } else { None }
    }

    /// Digits after the point; `None` for a fraction.
    pub fn places(self) -> Option<u32> {
        match self.0 {
            Form::Decimal { places, .. } => Some(places),
            Form::Fraction { .. } => None,
        }
    }

    /// Numerator and denominator, if it is a fraction.
    pub fn parts(self) -> Option<(i64, i64)> {
        match self.0 {
            Form::Decimal { .. } => None,
            Form::Fraction { numerator, denominator } => Some((numerator, denominator)),
        }
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(match self.0 {
            Form::Decimal { digits, places } => Form::Decimal { digits: -digits, places },
            Form::Fraction { numerator, denominator } => Form::Fraction { numerator: -numerator, denominator },
        })
    }

    /// Whether it is below 0.
    pub fn is_negative(self) -> bool {
        match self.0 {
            Form::Decimal { digits: above, .. } | Form::Fraction { numerator: above, .. } => above < 0,
        }
    }

    /// Whether the two are one number, however they are written.
    pub fn is_same_number(self, other: Self) -> bool {
        self == other || self.to_rational() == other.to_rational()
    }

    /// The exact sum: a fraction if one of the two is, else a decimal. `None` beyond the limits of the type.
    pub fn plus(self, other: Self) -> Option<Self> {
        let sum = self.to_rational() + other.to_rational();
        match (self.0, other.0) {
            (Form::Decimal { .. }, Form::Decimal { .. }) => Self::from_rational(&sum),
            _ => Self::fraction(&sum),
        }
    }

    /// The same number as a fraction.
    pub fn to_rational(self) -> Rational {
        match self.0 {
            Form::Decimal { digits, places } => Rational::new(BigInt::from(digits), BigInt::from(10).pow(places)),
            Form::Fraction { numerator, denominator } => Rational::new(numerator.into(), denominator.into()),
        }
    }

    /// The nearest `f64`.
    pub fn to_f64(self) -> f64 {
        /// Whole numbers up to here are f64 numbers, so that one division rounds once.
        const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
        let (above, below) = match self.0 {
            Form::Decimal { digits, places } => (digits, 10_i64.pow(places)),
            Form::Fraction { numerator, denominator } => (numerator, denominator),
        };
        if above.unsigned_abs() <= EXACT { above as f64 / below as f64 } else { super::to_f64(&self.to_rational()) }
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
        let plain = |letter: char| if letter.is_control() { '?' } else { letter };
        let shown = || typed.chars().take(20).map(plain).collect::<String>();
        let mut plain = typed.replace('−', "-").replace(',', ".").replace(['⁄', '∕'], "/");
        if let Some((character, fraction)) = VULGAR.into_iter().find(|(character, _)| plain.ends_with(*character))
            && matches!(plain.trim_end_matches(character), "" | "-" | "+")
        {
            plain = plain.replace(character, fraction);
        }
        if let Some((above, below)) = plain.split_once('/') {
            return fraction(above.trim(), below.trim(), shown);
        }
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

/// A typed fraction of these two, in lowest terms.
fn fraction(above: &str, below: &str, shown: impl Fn() -> String) -> Result<Decimal, DecimalError> {
    let size = above.strip_prefix(['-', '+']).unwrap_or(above);
    let is_whole = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_whole(size) || !is_whole(below) {
        return Err(DecimalError::NotAFraction(shown()));
    }
    let [size, below] = [size, below].map(|digits| digits.trim_start_matches('0'));
    if below.is_empty() {
        return Err(DecimalError::DividesByZero(shown()));
    }
    let denominator = below.parse().ok().filter(|below| *below <= MAX_DENOMINATOR);
    let denominator: i64 = denominator.ok_or_else(|| DecimalError::LongDenominator(shown()))?;
    if size.is_empty() {
        return Ok(Decimal::ZERO);
    }
    let size: i64 = size.parse().map_err(|_| DecimalError::TooLarge(shown()))?;
    let numerator = if above.starts_with('-') { -size } else { size };
    let value = Rational::new(numerator.into(), denominator.into());
    Decimal::fraction(&value).ok_or_else(|| DecimalError::TooLarge(shown()))
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (digits, places) = match self.0 {
            Form::Decimal { digits, places } => (digits, places as usize),
            Form::Fraction { numerator, denominator } => return write!(f, "{numerator}/{denominator}"),
        };
        let sign = if digits < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", digits.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        match fraction {
            "" => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}
