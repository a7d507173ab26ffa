//! Places on an axis that carry a number, and how numbers are written.

/// Most digits of a label that is not written with a power of ten.
const PLAIN_DIGITS: usize = 7;

/// The multiples of a step of 1, 2 or 5 times a power of ten in a range. Each is a whole number of steps, so its label is
/// exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticks {
    /// 1, 2 or 5.
    mantissa: i64,
    /// The power of ten.
    exponent: i32,
    /// In steps.
    first: i64,
    /// In steps.
    last: i64,
}

impl Ticks {
    /// At most `most` (at least 2) ticks between `low` and `high`, as close as that allows.
    pub fn over(low: f64, high: f64, most: usize) -> Self {
        Self::from_power(low, high, most, None)
    }

    /// The same, but only whole numbers.
    pub fn whole(low: f64, high: f64, most: usize) -> Self {
        Self::from_power(low, high, most, Some(0))
    }

    fn from_power(low: f64, high: f64, most: usize, least: Option<i32>) -> Self {
        let rough = ((high - low) / most.max(2) as f64).log10().floor();
        let rough = if rough.is_finite() { rough as i32 } else { 0 };
        let first = least.map_or(rough, |least| rough.max(least));
        let steps = (first..=first + 2).flat_map(|exponent| [1, 2, 5].map(|mantissa| (mantissa, exponent)));
        let ticks = steps.map(|(mantissa, exponent)| {
            let step = value(mantissa, exponent);
            // An end that misses a tick by rounding has it.
            let (first, last) = ((low / step - 1e-6).ceil() as i64, (high / step + 1e-6).floor() as i64);
            Self { mantissa, exponent, first, last }
        });
        let mut coarsest = Self { mantissa: 1, exponent: 0, first: 0, last: -1 };
        for ticks in ticks {
            coarsest = ticks;
            if ticks.count() <= most.max(2) {
                break;
            }
        }
        coarsest
    }

    fn count(&self) -> usize {
        usize::try_from(self.last.saturating_sub(self.first).saturating_add(1)).unwrap_or(0)
    }

    /// The distance of two neighbours.
    pub fn step(&self) -> f64 {
        value(self.mantissa, self.exponent)
    }

    /// Places and labels.
    pub fn labels(&self) -> Vec<(f64, String)> {
        let units = |k: i64| k.saturating_mul(self.mantissa);
        let all = || (self.first..=self.last).map(units);
        let largest = all().map(|units| value(units, self.exponent).abs()).fold(0.0, f64::max);
        let significant = all().map(|units| units.to_string().trim_end_matches('0').len()).max().unwrap_or(0);
        // All of an axis alike; long digits read better without a power.
        let is_plain =
            (1e-3..1e7).contains(&largest) || (significant > PLAIN_DIGITS && (1e-3..1e15).contains(&largest));
        all().map(|units| (value(units, self.exponent), label(units, self.exponent, is_plain))).collect()
    }
}

/// The number nearest to `units · 10^exponent`.
fn value(units: i64, exponent: i32) -> f64 {
    format!("{units}e{exponent}").parse().unwrap_or(f64::NAN)
}

/// `units · 10^exponent` in full.
fn label(units: i64, exponent: i32, is_plain: bool) -> String {
    let digits = units.unsigned_abs().to_string();
    let size = match units {
        0 => return "0".into(),
        _ if is_plain => plain(&digits, exponent),
        _ => with_power(&digits, exponent),
    };
    if units < 0 { format!("−{size}") } else { size }
}

/// Digits times a power of ten as a decimal, without zeros at its end, thousands separated.
fn plain(digits: &str, exponent: i32) -> String {
    let places = exponent.min(0).unsigned_abs() as usize;
    let padded = format!("{}{}", digits, "0".repeat(exponent.max(0).unsigned_abs() as usize));
    let padded = format!("{padded:0>width$}", width = places + 1);
    let (whole, part) = padded.split_at(padded.len() - places);
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    let part = part.trim_end_matches('0');
    if part.is_empty() { text } else { format!("{text}.{part}") }
}

/// Digits times a power of ten as `1.5·10⁻⁹`.
fn with_power(digits: &str, exponent: i32) -> String {
    let power = exponent + digits.len() as i32 - 1;
    let digits = digits.trim_end_matches('0');
    match digits.split_at(1) {
        ("1", "") => power_of_ten(power),
        (first, "") => format!("{first}·{}", power_of_ten(power)),
        (first, rest) => format!("{first}.{rest}·{}", power_of_ten(power)),
    }
}

/// `10⁻⁹`.
pub fn power_of_ten(exponent: i32) -> String {
    let raised = |c: char| match c.to_digit(10) {
        Some(digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize).unwrap_or(c),
        None => '⁻',
    };
    format!("10{}", exponent.to_string().chars().map(raised).collect::<String>())
}

/// A number with so many significant digits, no zeros at its end, a true minus sign, thousands separated, and a power of
/// ten where it is below a thousandth or has more than nine digits.
pub fn number(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "not a number".into()
        } else if value < 0.0 {
            "−∞".into()
        } else {
            "∞".into()
        };
    }
    // d.ddde±x
    let written = format!("{:.*e}", digits.max(1) - 1, value.abs());
    let Some((mantissa, power)) = written.split_once('e') else { return written };
    let power: i32 = power.parse().unwrap_or(0);
    // Whole numbers are written out.
    if (digits as i32..9).contains(&power) {
        return number(value, power as usize + 1);
    }
    let digits = mantissa.replace('.', "");
    let exponent = power + 1 - digits.len() as i32;
    let size = match power {
        _ if value == 0.0 => return "0".into(),
        -4..9 => plain(&digits, exponent),
        _ => with_power(&digits, exponent),
    };
    if value < 0.0 { format!("−{size}") } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, most: usize) -> Vec<String> {
        Ticks::over(low, high, most).labels().into_iter().map(|label| label.1).collect()
    }

    #[test]
    fn labels_are_multiples_of_the_step_in_full() {
        assert_eq!(labels(-0.3, 0.3, 8), ["−0.3", "−0.2", "−0.1", "0", "0.1", "0.2", "0.3"]);
        assert_eq!(labels(0.0, 1e-3, 6), ["0", "0.0002", "0.0004", "0.0006", "0.0008", "0.001"]);
        assert_eq!(labels(0.0, 4e-7, 5), ["0", "10⁻⁷", "2·10⁻⁷", "3·10⁻⁷", "4·10⁻⁷"]);
        assert_eq!(labels(-1e9, 1e9, 5), ["−10⁹", "−5·10⁸", "0", "5·10⁸", "10⁹"]);
        assert_eq!(labels(0.0, 30_000.0, 4), ["0", "10,000", "20,000", "30,000"]);
        assert_eq!(labels(1e9, 1e9 + 1.0, 3), ["1,000,000,000", "1,000,000,000.5", "1,000,000,001"]);
        assert_eq!(labels(1.05, 1.15, 3), ["1.05", "1.1", "1.15"]);
        assert_eq!(labels(0.0, 3e23, 4), ["0", "10²³", "2·10²³", "3·10²³"]);
    }

    #[test]
    fn whole_ticks_are_whole() {
        let of = |low, high, most| {
            Ticks::whole(low, high, most).labels().into_iter().map(|label| label.0).collect::<Vec<_>>()
        };
        assert_eq!(of(-0.1, 2.1, 11), [0.0, 1.0, 2.0]);
        assert_eq!(of(0.2, 0.8, 11), [0.0; 0]);
        assert_eq!(of(-12.4, 1.4, 8), [-12.0, -10.0, -8.0, -6.0, -4.0, -2.0, 0.0]);
    }

    #[test]
    fn numbers_read_well() {
        let shown = [0.0, -0.0, 1.5, -2.0, 0.30000000000000004, 1234567.0, 0.00001, 9.373e23, -2.5e-9];
        let expected = ["0", "0", "1.5", "−2", "0.3", "1,234,567", "10⁻⁵", "9.373·10²³", "−2.5·10⁻⁹"];
        assert_eq!(shown.map(|value| number(value, 7)), expected);
        assert_eq!([number(0.99996, 4), number(123_456.0, 2)], ["1", "123,456"]);
        assert_eq!([f64::NAN, f64::INFINITY].map(|value| number(value, 3)), ["not a number", "∞"]);
    }
}
