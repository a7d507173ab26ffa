//! Exact numbers as text.

use num_traits::{One, Signed};

use crate::piecewise::{Decimal, Rational, to_f64};
use crate::plot::number;

/// Most characters of a fraction that is written out.
const MAX_FRACTION: usize = 13;

/// An exact number for people: a decimal if it is one, else a fraction, else `≈` and six digits.
pub fn exact(value: &Rational) -> String {
    let sign = if value.is_negative() { "−" } else { "" };
    let size = value.abs();
    if let Some(decimal) = Decimal::from_rational(&size) {
        return format!("{sign}{decimal}");
    }
    let fraction = format!("{}/{}", size.numer(), size.denom());
    if fraction.len() <= MAX_FRACTION { format!("{sign}{fraction}") } else { format!("≈ {}", approximate(value)) }
}

/// A number with six significant digits.
pub fn approximate(value: &Rational) -> String {
    significant(to_f64(value), 6)
}

/// A number with this many significant digits, no trailing zeros, a true minus sign; with a power of ten where it is
/// small or large.
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let magnitude = value.abs().log10().floor() as i32;
    let text = if (-5..9).contains(&magnitude) {
        let places = (digits as i32 - 1 - magnitude).max(0) as usize;
        let text = format!("{value:.places$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    } else {
        return number(value, digits);
    };
    text.replace('-', "−")
}

/// A number of which only the size matters, such as an error: two digits, `1.6` or `1.5·10⁻⁹`.
pub fn scientific(value: f64) -> String {
    number(value, 2)
}

/// A number with six significant digits for LaTeX's mathematics.
pub fn latex(value: f64) -> String {
    let text = format!("{value:.5e}");
    match text.split_once('e').and_then(|(digits, power)| Some((digits, power.parse::<i32>().ok()?))) {
        Some((digits, power)) if value != 0.0 && !(-5..9).contains(&power) => {
            format!("{} \\cdot 10^{{{power}}}", digits.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => significant(value, 6).replace('−', "-"),
    }
}

/// A fraction `p/q`, or `p` for a whole number: exact, and easy to read back.
pub fn fraction(value: &Rational) -> String {
    if value.denom().is_one() { value.numer().to_string() } else { format!("{}/{}", value.numer(), value.denom()) }
}

/// A whole number as a subscript: `₁₂`.
pub fn subscript(number: usize) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|digit| "₀₁₂₃₄₅₆₇₈₉".chars().nth(digit as usize)).unwrap_or(c);
    number.to_string().chars().map(digit).collect()
}

/// A count with thousands separated: `12,345`.
pub fn count(value: usize) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time for people: `8 s`, `3 min 20 s`, `2 h 5 min`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

/// A day, months from 1: `26 November 2026`. A month that is none is written as its number.
pub fn date(year: u32, month: u32, day: u32) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let index = (month as usize).wrapping_sub(1);
    let name = MONTHS.get(index).map_or_else(|| month.to_string(), |name| (*name).to_owned());
    format!("{day} {name} {year}")
}

/// An amount of memory for people: `9 kB`, `31 MB`, `1.2 GB`, in powers of ten, as file managers have it.
pub fn bytes(value: u64) -> String {
    match value {
        0..1_000_000 => format!("{} kB", value.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", (value + 500_000) / 1_000_000),
        _ => format!("{:.1} GB", value as f64 / 1e9),
    }
}

/// `1 kink`, `2 kinks`.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let q = |n: i64, d: i64| Rational::new(n.into(), d.into());
        assert_eq!(exact(&q(-1, 2)), "−0.5");
        assert_eq!(exact(&q(2, 6)), "1/3");
        assert_eq!(exact(&q(-10_000_000, 7)), "−10000000/7");
        assert_eq!(exact(&q(-10_000_000_000, 7_000_001)), "≈ −1428.57");
        assert_eq!(significant(1234567.0, 3), "1234567");
        assert_eq!(significant(0.000012346, 3), "0.0000123");
        assert_eq!([1.5e-9, 9.3734e23].map(|value| significant(value, 4)), ["1.5·10⁻⁹", "9.373·10²³"]);
        assert_eq!([0.0, 1.6, -2.34e-7].map(scientific), ["0", "1.6", "−2.3·10⁻⁷"]);
        assert_eq!([-2.34e-7, 0.25, 1e12].map(latex), ["-2.34 \\cdot 10^{-7}", "0.25", "1 \\cdot 10^{12}"]);
        assert_eq!(fraction(&q(-6, 4)), "-3/2");
        assert_eq!(count(1234567), "1,234,567");
        assert_eq!(count(12), "12");
        assert_eq!(subscript(10), "₁₀");
        assert_eq!([7.6, 200.0, 7500.0].map(duration), ["8 s", "3 min 20 s", "2 h 5 min"]);
        assert_eq!([9_000, 30_730_000, 1_249_000_000].map(bytes), ["9 kB", "31 MB", "1.2 GB"]);
        assert_eq!((date(2026, 11, 26), date(2027, 1, 3)), ("26 November 2026".into(), "3 January 2027".into()));
        assert_eq!((counted(1, "kink"), counted(2, "kink")), ("1 kink".into(), "2 kinks".into()));
    }
}
