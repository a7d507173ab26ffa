//! The numbers of the exact analysis.

use num_rational::BigRational;
use num_traits::ToPrimitive;

/// An exact fraction of unbounded size.
pub type Rational = BigRational;

/// The nearest `f64`, for drawing. Never for deciding.
pub fn to_f64(value: &Rational) -> f64 {
    value.to_f64().unwrap_or(f64::NAN)
}
