//! How exact numbers are written: short for reading, or in full.

use num_traits::Signed;

use crate::labs::numbers::{approximate, exact, fraction, significant};
use crate::piecewise::{Algebraic, Chord, Polynomial, Rational};

/// Longest polynomial that is written out in [`Writing::Short`].
const MAX_POLYNOMIAL: usize = 46;

/// How much of a number is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    /// A long fraction as `≈` and six digits, a long polynomial by its first term.
    #[default]
    Short,
    /// All of it.
    Full,
}

impl Writing {
    /// A number.
    pub fn number(self, value: &Rational) -> String {
        let short = exact(value);
        if self == Self::Full && is_rounded(&short) { fraction(value).replace('-', "−") } else { short }
    }

    /// What a quantity is: `= 0.5`, or `≈ 1.42857`.
    pub fn equals(self, value: &Rational) -> String {
        let text = self.number(value);
        if is_rounded(&text) { text } else { format!("= {text}") }
    }

    /// A number that may be irrational: `≈ 0.853553`, or by [`root_of`](Self::root_of).
    pub fn algebraic(self, t: &Algebraic) -> String {
        match (t.rational(), self) {
            (Some(value), _) => self.number(value),
            (None, Self::Short) => format!("≈ {}", significant(t.to_f64(), 6)),
            (None, Self::Full) => self.root_of(t),
        }
    }

    /// Which number an irrational one is: `the root of 8t² − 8t + 1 between 0.853 and 0.854`.
    pub fn root_of(self, t: &Algebraic) -> String {
        let bounds = t.decimal_bounds().map(|bounds| bounds.map(|end| Self::Full.number(&end)));
        let between = bounds.map(|[low, high]| format!(" between {low} and {high}")).unwrap_or_default();
        format!("the root of {}{between}", self.polynomial(&t.polynomial()))
    }

    /// A polynomial.
    pub fn polynomial(self, polynomial: &Polynomial) -> String {
        let text = polynomial.to_string();
        if self == Self::Full || text.chars().count() <= MAX_POLYNOMIAL { text } else { leading(polynomial) }
    }

    /// The sentence that a chord proves: a function called `name` of a variable is not `word`, since it is on this
    /// `side` of the chord.
    pub fn chord(self, name: &str, variable: &str, (word, side): (&str, &str), chord: &Chord) -> String {
        let [a, b, c] = chord.x.each_ref().map(|x| format!("{variable} {}", self.equals(x)));
        let (value, there) = (self.number(&chord.f[1]), self.number(&chord.chord));
        let first = format!("Not {word}: at {b}, {name} is {value}, {side} the chord from {a} to {c}");
        let is_alike = approximate(&chord.f[1]) == approximate(&chord.chord);
        if is_alike && [&value, &there].into_iter().any(|text| is_rounded(text)) {
            // What is rounded does not show the difference, or shows it the wrong way round.
            let difference = &chord.f[1] - &chord.chord;
            format!("{first} by {}.", self.number(&difference.abs()))
        } else {
            format!("{first}, which is {there} there.")
        }
    }
}

fn is_rounded(text: &str) -> bool {
    text.starts_with('≈')
}

/// `−0.134·t³ + …`
fn leading(polynomial: &Polynomial) -> String {
    let coefficients = polynomial.coefficients();
    let power = coefficients.len().saturating_sub(1).to_string();
    let raised: String = power.chars().filter_map(|c| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(c.to_digit(10)? as usize)).collect();
    coefficients.last().map_or_else(String::new, |first| format!("{}·t{raised} + …", approximate(first)))
}
