//! A network's parameters as typed: what sliders and fields change.

use std::fmt;
use std::ops::RangeInclusive;

use super::numbers::subscript;
use crate::data::excerpt;
use crate::piecewise::{Decimal, DecimalError, Layer, Net, Rational, to_f64};

/// A slider's ends, unless its value lies beyond.
pub const SLIDER: (i32, i32) = (-5, 5);

/// One matrix and one vector of parameters, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerParameters {
    /// `weights[row][column]`
    pub weights: Vec<Vec<Decimal>>,
    /// One a row.
    pub bias: Vec<Decimal>,
}

/// A parameter's place: layer from 0, row, and column or bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// From 0.
    pub layer: usize,
    /// From 0.
    pub row: usize,
    /// From 0; `None` is the bias.
    pub column: Option<usize>,
}

/// All parameters of a network with one output. Shapes always fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    inputs: usize,
    layers: Vec<LayerParameters>,
}

/// What keys do to a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Steps {
    /// ↑ and ↓ add 0.1, with Shift 0.01; PageUp and PageDown add 1.
    #[default]
    Tenths,
    /// ↑ and ↓ multiply by ten, for numbers that differ by powers of ten.
    Tenfold,
}

/// Pixels of a drag over a number for one step: a tenth, or a power of ten.
const SCRUB_PX: (f64, f64) = (5.0, 30.0);

impl Steps {
    /// What a drag over a number makes of it that has come so many pixels to the right: a step each few pixels, a tenth
    /// of that if it is fine. `None` beyond the largest number.
    pub fn scrubbed(self, start: Decimal, right_px: f64, is_fine: bool) -> Option<Decimal> {
        let steps = |px: f64| (right_px / px).trunc() as i64;
        match self {
            Self::Tenths => {
                let by = Decimal::new(steps(SCRUB_PX.0), if is_fine { 2 } else { 1 })?;
                start.plus(by).or_else(|| Decimal::round(start.to_f64() + by.to_f64(), 2))
            }
            Self::Tenfold => {
                let count = steps(SCRUB_PX.1);
                let key = if count < 0 { "ArrowDown" } else { "ArrowUp" };
                (0..count.unsigned_abs().min(30)).try_fold(start, |value, _| self.next(value, key, false))
            }
        }
    }

    /// What a key makes of a number: the exact sum or product, or, where that has more digits than are kept, the
    /// nearest with two places. `None` if the key makes no step, or one beyond the largest number.
    pub fn next(self, value: Decimal, key: &str, is_fine: bool) -> Option<Decimal> {
        let is_up = match key {
            "ArrowUp" | "PageUp" => true,
            "ArrowDown" | "PageDown" => false,
            _ => return None,
        };
        match self {
            Self::Tenfold => {
                let (exact, ten) = (value.to_rational(), Rational::from_integer(10.into()));
                let scaled = if is_up { exact * ten } else { exact / ten };
                let fraction = || value.parts().and_then(|_| Decimal::fraction(&scaled));
                fraction().or_else(|| Decimal::from_rational(&scaled))
            }
            Self::Tenths => {
                let places = match (key.starts_with("Page"), is_fine) {
                    (true, _) => 0,
                    (false, false) => 1,
                    (false, true) => 2,
                };
                let step = Decimal::new(if is_up { 1 } else { -1 }, places)?;
                value.plus(step).or_else(|| Decimal::round(value.to_f64() + step.to_f64(), 2))
            }
        }
    }
}

/// Why a link's parameters cannot be taken. A sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// A number that is none.
    #[error("The link’s {name} holds something that isn’t a number, so it was not used. {1}", name = symbol(.0))]
    Number(String, DecimalError),
    /// Counts that do not fit, or a part that cannot be read.
    #[error("The link’s {} {}, so it was not used. Copy the link again.", symbol(.0), misfit(.0))]
    Shape(String),
    /// A wrong interval.
    #[error("The link’s interval is empty, so it was not used. Copy the link again.")]
    Interval,
}

/// A name in an address as it is on screen: `b2` is b₂.
fn symbol(name: &str) -> String {
    let digits = name.trim_start_matches(['W', 'b']);
    match digits.parse() {
        Ok(number) if digits.len() + 1 == name.len() => format!("{}{}", &name[..1], subscript(number)),
        _ => name.to_owned(),
    }
}

/// What is wrong with a part of a link: a matrix or vector has another shape, all else cannot be read.
fn misfit(name: &str) -> &'static str {
    match name.strip_prefix(['W', 'b']) {
        Some(number) if number.parse::<usize>().is_ok() => "doesn’t have as many numbers as the network needs",
        _ => "can’t be read",
    }
}

impl fmt::Display for Place {
    /// As in test hooks and addresses: `W1-0-0`, `b2-0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "{}-{}-{column}", self.matrix(), self.row),
            None => write!(f, "{}-{}", self.matrix(), self.row),
        }
    }
}

impl std::str::FromStr for Place {
    type Err = LinkError;

    /// What [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, LinkError> {
        let broken = || LinkError::Shape(excerpt(text, 20));
        let (is_weight, rest) = match text.as_bytes().first() {
            Some(b'W') => (true, &text[1..]),
            Some(b'b') => (false, &text[1..]),
            _ => return Err(broken()),
        };
        let mut parts = rest.split('-');
        let mut number = || parts.next().and_then(|part| part.parse::<usize>().ok());
        let layer = number().and_then(|layer| layer.checked_sub(1)).ok_or_else(broken)?;
        let row = number().ok_or_else(broken)?;
        let column = if is_weight { Some(number().ok_or_else(broken)?) } else { None };
        if parts.next().is_some() { Err(broken()) } else { Ok(Self { layer, row, column }) }
    }
}

impl Place {
    /// The matrix or vector that it is in: `W1`, `b2`.
    pub fn matrix(self) -> String {
        format!("{}{}", if self.column.is_some() { "W" } else { "b" }, self.layer + 1)
    }

    /// In words, rows and columns from 1: `W1, row 2, column 1`.
    pub fn label(self) -> String {
        let (matrix, row) = (self.matrix(), self.row + 1);
        match self.column {
            Some(column) => format!("{matrix}, row {row}, column {}", column + 1),
            None => format!("{matrix}, row {row}"),
        }
    }

    /// As a symbol in plain text, rows and columns from 1: `W₁,₂,₁`, `b₂,₁`.
    pub fn symbol(self) -> String {
        let (letter, column) = match self.column {
            Some(column) => ("W", format!(",{}", subscript(column + 1))),
            None => ("b", String::new()),
        };
        format!("{letter}{},{}{column}", subscript(self.layer + 1), subscript(self.row + 1))
    }

    /// As a symbol in MathML, rows and columns from 1.
    pub fn mathml(self) -> String {
        let (layer, row) = (self.layer + 1, self.row + 1);
        let (letter, column) = match self.column {
            Some(column) => ("W", format!("<mo>,</mo><mn>{}</mn>", column + 1)),
            None => ("b", String::new()),
        };
        format!(
            "<math><msub><mi>{letter}</mi><mrow><mn>{layer}</mn><mo>,</mo><mn>{row}</mn>{column}</mrow></msub></math>"
        )
    }
}

impl Parameters {
    /// From whole numbers: for each layer its matrix by rows, and its biases.
    ///
    /// # Panics
    /// If shapes do not fit; for networks that are written down in code.
    pub fn of(inputs: usize, layers: &[(&[&[i32]], &[i32])]) -> Self {
        let numbers = |values: &[i32]| values.iter().map(|&value| Decimal::from(value)).collect();
        let layer = |(weights, bias): &(&[&[i32]], &[i32])| LayerParameters {
            weights: weights.iter().map(|row| numbers(row)).collect(),
            bias: numbers(bias),
        };
        let parameters = Self { inputs, layers: layers.iter().map(layer).collect() };
        parameters.net();
        parameters
    }

    /// All 0, with these hidden widths and one output.
    pub fn zeros(inputs: usize, hidden: &[usize]) -> Self {
        let widths = [&[inputs], hidden, &[1]].concat();
        let layer = |pair: &[usize]| LayerParameters {
            weights: vec![vec![Decimal::ZERO; pair[0]]; pair[1]],
            bias: vec![Decimal::ZERO; pair[1]],
        };
        Self { inputs, layers: widths.windows(2).map(layer).collect() }
    }

    /// Those of a network, each the nearest decimal with at most `places` digits after the point; `None` if one is
    /// too large.
    pub fn from_net(net: &Net, places: u32) -> Option<Self> {
        let decimal = |value: &Rational| {
            Decimal::from_rational(value)
                .filter(|decimal| decimal.places().is_some_and(|kept| kept <= places))
                .or_else(|| Decimal::round(to_f64(value), places))
        };
        let row = |values: &Vec<Rational>| values.iter().map(decimal).collect::<Option<_>>();
        let layer = |layer: &Layer| {
            Some(LayerParameters {
                weights: layer.weights.iter().map(row).collect::<Option<_>>()?,
                bias: row(&layer.bias)?,
            })
        };
        Some(Self { inputs: net.inputs(), layers: net.layers().iter().map(layer).collect::<Option<_>>()? })
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Matrices and vectors, first layer first.
    pub fn layers(&self) -> &[LayerParameters] {
        &self.layers
    }

    /// Hidden widths, first to last.
    pub fn hidden(&self) -> Vec<usize> {
        self.layers[..self.layers.len() - 1].iter().map(|layer| layer.bias.len()).collect()
    }

    /// Every parameter's place, matrix by matrix, in reading order.
    pub fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        for (layer, parameters) in self.layers.iter().enumerate() {
            for (row, weights) in parameters.weights.iter().enumerate() {
                places.extend((0..weights.len()).map(|column| Place { layer, row, column: Some(column) }));
            }
            places.extend((0..parameters.bias.len()).map(|row| Place { layer, row, column: None }));
        }
        places
    }

    /// A parameter, or `None` if there is none there.
    pub fn get(&self, place: Place) -> Option<Decimal> {
        let layer = self.layers.get(place.layer)?;
        match place.column {
            Some(column) => layer.weights.get(place.row)?.get(column).copied(),
            None => layer.bias.get(place.row).copied(),
        }
    }

    /// Changes a parameter; does nothing where there is none.
    pub fn set(&mut self, place: Place, value: Decimal) {
        let Some(layer) = self.layers.get_mut(place.layer) else { return };
        let slot = match place.column {
            Some(column) => layer.weights.get_mut(place.row).and_then(|row| row.get_mut(column)),
            None => layer.bias.get_mut(place.row),
        };
        if let Some(slot) = slot {
            *slot = value;
        }
    }

    /// Changes the hidden widths. Parameters whose place stays keep their value, others are `new`.
    pub fn resize(&mut self, hidden: &[usize], new: impl Fn(Place) -> Decimal) {
        let old = self.clone();
        let widths = [&[self.inputs], hidden, &[1]].concat();
        // The output layer's parameters stay the output layer's.
        let moved = |place: Place| {
            let is_output = place.layer == hidden.len();
            if is_output { Place { layer: old.layers.len() - 1, ..place } } else { place }
        };
        let is_old_output = |place: Place| place.layer + 1 == old.layers.len() && place.layer != hidden.len();
        let value =
            |place: Place| old.get(moved(place)).filter(|_| !is_old_output(place)).unwrap_or_else(|| new(place));
        let layer = |(layer, pair): (usize, &[usize])| LayerParameters {
            weights: (0..pair[1])
                .map(|row| (0..pair[0]).map(|column| value(Place { layer, row, column: Some(column) })).collect())
                .collect(),
            bias: (0..pair[1]).map(|row| value(Place { layer, row, column: None })).collect(),
        };
        self.layers = widths.windows(2).enumerate().map(layer).collect();
    }

    /// The network with these parameters, exactly.
    pub fn net(&self) -> Net {
        let exact = |values: &Vec<Decimal>| values.iter().map(|value| value.to_rational()).collect();
        let layer = |parameters: &LayerParameters| Layer {
            weights: parameters.weights.iter().map(exact).collect(),
            bias: exact(&parameters.bias),
        };
        Net::with_inputs(self.inputs, self.layers.iter().map(layer).collect()).expect("shapes always fit")
    }

    /// As text for an address: `W1=1,-1&b1=0,0&W2=1,1&b2=0`, matrices by rows.
    pub fn encode(&self) -> String {
        let mut parts = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let number = index + 1;
            parts.push(format!("W{number}={}", decimals(layer.weights.iter().flatten())));
            parts.push(format!("b{number}={}", decimals(layer.bias.iter())));
        }
        parts.join("&")
    }

    /// The parameters that [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    /// If the text is not one that `encode` writes, or the network is not of these numbers of layers and widths.
    pub fn decode(
        text: &str,
        inputs: usize,
        layers: RangeInclusive<usize>,
        widths: RangeInclusive<usize>,
    ) -> Result<Self, LinkError> {
        let count = (1..=*layers.end()).take_while(|number| part(text, &format!("b{number}")).is_some()).count();
        if !layers.contains(&count) {
            return Err(LinkError::Shape(format!("b{}", count + 1)));
        }
        let mut before = inputs;
        let mut decoded = Vec::new();
        for number in 1..=count {
            let (weight_name, bias_name) = (format!("W{number}"), format!("b{number}"));
            let (weights, bias) = (numbers(text, &weight_name)?, numbers(text, &bias_name)?);
            let is_right = if number == count { bias.len() == 1 } else { widths.contains(&bias.len()) };
            if !is_right {
                return Err(LinkError::Shape(bias_name));
            }
            if weights.len() != before * bias.len() {
                return Err(LinkError::Shape(weight_name));
            }
            before = bias.len();
            let columns = weights.len() / bias.len();
            decoded.push(LayerParameters { weights: weights.chunks(columns).map(<[_]>::to_vec).collect(), bias });
        }
        Ok(Self { inputs, layers: decoded })
    }
}

/// The part of an address' state under a name.
pub fn part<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

/// The numbers of an address' state under a name.
///
/// # Errors
/// If there are none, or they are no numbers.
pub fn numbers(text: &str, name: &str) -> Result<Vec<Decimal>, LinkError> {
    let values = part(text, name).filter(|values| !values.is_empty()).ok_or_else(|| LinkError::Shape(name.into()))?;
    values.split(',').map(|v| v.parse().map_err(|error| LinkError::Number(name.into(), error))).collect()
}

fn decimals<'a>(values: impl Iterator<Item = &'a Decimal>) -> String {
    values.map(ToString::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn a_drag_over_a_number_goes_in_exact_steps_and_comes_back() {
        let scrubbed = |start: &str, px, is_fine| Steps::Tenths.scrubbed(decimal(start), px, is_fine);
        assert_eq!(scrubbed("0.3", 50.0, false), Some(decimal("1.3")));
        assert_eq!(scrubbed("0.3", -7.0, false), Some(decimal("0.2")));
        assert_eq!(scrubbed("0.25", 12.0, true), Some(decimal("0.27")));
        assert_eq!(scrubbed("1/3", 10.0, false), Some(decimal("8/15")));
        assert_eq!(scrubbed("0.3", 0.0, false), Some(decimal("0.3")));
        assert_eq!(scrubbed("999999.9", 500.0, false), None);
        assert_eq!(Steps::Tenfold.scrubbed(decimal("0.001"), -65.0, false), Some(decimal("0.00001")));
    }

    #[test]
    fn a_place_has_a_symbol() {
        assert_eq!(Place { layer: 1, row: 0, column: Some(11) }.symbol(), "W₂,₁,₁₂");
        assert_eq!(Place { layer: 0, row: 2, column: None }.symbol(), "b₁,₃");
    }
}
