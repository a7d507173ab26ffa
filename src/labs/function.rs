//! The function lab: a network with one input and one output, and what is true of it.

use super::parameters::{LinkError, Parameters, Place, SLIDER, numbers};
use crate::piecewise::{Chord, Decimal, Pieces, Rational, Shape, bounds, to_f64};

/// Widths of a hidden layer.
pub const WIDTHS: std::ops::RangeInclusive<usize> = 1..=16;
/// The lab's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionLab {
    parameters: Parameters,
    x_min: Decimal,
    x_max: Decimal,
}

/// What is true of the network on screen: exact, with reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// Pieces and kinks.
    pub pieces: Pieces,
    /// Shape on the whole line.
    pub shape: Shape,
    /// Most linear regions that a network of these widths can have.
    pub region_bound: String,
}

impl Default for FunctionLab {
    /// Two kinks, and neither convex nor concave: something to look at and to drag.
    fn default() -> Self {
        Self {
            parameters: Parameters::of(1, &[(&[&[1], &[1], &[-1]], &[2, -1, -3]), (&[&[1, -2, 1]], &[-1])]),
            x_min: Decimal::from(SLIDER.0),
            x_max: Decimal::from(SLIDER.1),
        }
    }
}

impl FunctionLab {
    /// The network's parameters.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Neurons of the hidden layer.
    pub fn width(&self) -> usize {
        self.parameters.hidden()[0]
    }

    /// The shown interval.
    pub fn x_range(&self) -> (Decimal, Decimal) {
        (self.x_min, self.x_max)
    }

    /// Changes a parameter; does nothing where there is none.
    pub fn set(&mut self, place: Place, value: Decimal) {
        self.parameters.set(place, value);
    }

    /// Changes the hidden width. Neurons that stay keep their weights; new ones alternate in direction and
    /// bend at different places.
    pub fn set_width(&mut self, width: usize) {
        let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
        let alternating = |row: usize| if row.is_multiple_of(2) { 1 } else { -1 };
        self.parameters.resize(&[width], |place| match (place.layer, place.column) {
            (0, Some(_)) => alternating(place.row).into(),
            (0, None) => {
                // Kinks at -4.5, -3.9, …, 4.5, each row's its own: 7 and 16 have no common factor.
                let tenths = (place.row as i64 * 7) % 16 * 6 - 45;
                Decimal::new(-i64::from(alternating(place.row)) * tenths, 1).unwrap_or_default()
            }
            (_, Some(column)) => alternating(column / 2).into(),
            (_, None) => Decimal::ZERO,
        });
    }

    /// Changes the shown interval, if it is one.
    ///
    /// # Errors
    /// A sentence, if `min` is not below `max`.
    pub fn set_x_range(&mut self, min: Decimal, max: Decimal) -> Result<(), String> {
        if min.to_rational() < max.to_rational() {
            (self.x_min, self.x_max) = (min, max);
            Ok(())
        } else {
            Err(format!("The interval from {min} to {max} is empty. Let it start below its end."))
        }
    }

    /// What is true of it.
    pub fn answers(&self) -> Answers {
        let net = self.parameters.net();
        let pieces = Pieces::of(&net);
        let shape = Shape::of(&pieces);
        Answers { shape, region_bound: bounds::max_regions(&net.hidden_widths()).to_string(), pieces }
    }

    /// The state as text for an address: the parameters, and `x=-5,5`.
    pub fn encode(&self) -> String {
        format!("{}&x={},{}", self.parameters.encode(), self.x_min, self.x_max)
    }

    /// The state that [`encode`](Self::encode) wrote; the usual one for an empty text.
    ///
    /// # Errors
    /// If the text is not one that `encode` writes.
    pub fn decode(text: &str) -> Result<Self, LinkError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let parameters = Parameters::decode(text, 1, 2..=2, WIDTHS)?;
        let &[x_min, x_max] = &numbers(text, "x")?[..] else { return Err(LinkError::Shape("x".into())) };
        let mut lab = Self { parameters, ..Self::default() };
        lab.set_x_range(x_min, x_max).map_err(|_| LinkError::Interval)?;
        Ok(lab)
    }
}

/// The network's formula in MathML, symbolic: `f(x) = W₂ ReLU(W₁ x + b₁) + b₂`, nested as deep as it is.
pub fn symbolic_formula(layers: usize) -> String {
    let symbol = |name: &str, layer: usize| {
        format!("<msub><mi class=\"matrix\">{name}</mi><mn>{layer}</mn></msub><mspace width=\"0.15em\"></mspace>")
    };
    let affine = |layer: usize, input: String| format!("{}{input}<mo>+</mo>{}", symbol("W", layer), symbol("b", layer));
    let inner = affine(1, "<mi>x</mi>".into());
    let body = (2..=layers).fold(inner, |inner, layer| {
        affine(layer, format!("<mi>ReLU</mi><mo stretchy=\"false\">(</mo>{inner}<mo stretchy=\"false\">)</mo>"))
    });
    format!(
        "<math display=\"block\"><mi>f</mi><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>=</mo><mrow>{body}</mrow></math>"
    )
}

impl FunctionLab {
    /// The network's formula in MathML with its numbers: a constant and one hinge a neuron. Neurons that
    /// add nothing are left out.
    pub fn numeric_formula(&self) -> String {
        let is_zero = |value: Decimal| value == Decimal::ZERO;
        let number = |value: Decimal| format!("<mn>{}</mn>", value.to_string().trim_start_matches('-'));
        let sign = |value: Decimal| if value.to_f64() < 0.0 { "<mo>−</mo>" } else { "<mo>+</mo>" };
        let lead = |value: Decimal, first: bool| match (first, value.to_f64() < 0.0) {
            (true, false) => "",
            (true, true) => "<mo form=\"prefix\">−</mo>",
            (false, _) => sign(value),
        };
        let factor = |value: Decimal| {
            if value.to_f64().abs() == 1.0 {
                String::new()
            } else {
                format!("{}<mspace width=\"0.12em\"></mspace>", number(value))
            }
        };
        let [first, second] = self.parameters.layers() else { return String::new() };
        let mut body = String::new();
        for ((w, &b), &v) in first.weights.iter().zip(&first.bias).zip(&second.weights[0]) {
            if is_zero(v) || is_zero(w[0]) && is_zero(b) {
                continue;
            }
            let mut inside = String::new();
            if !is_zero(w[0]) {
                inside += &format!("{}{}<mi>x</mi>", lead(w[0], true), factor(w[0]));
            }
            if !is_zero(b) {
                inside += &format!("{}{}", lead(b, inside.is_empty()), number(b));
            }
            body += &format!(
                "{}{}<mi>ReLU</mi><mo stretchy=\"false\">(</mo><mrow>{inside}</mrow><mo stretchy=\"false\">)</mo>",
                lead(v, body.is_empty()),
                factor(v)
            );
        }
        let constant = second.bias[0];
        if body.is_empty() || !is_zero(constant) {
            body += &format!("{}{}", lead(constant, body.is_empty()), number(constant));
        }
        format!(
            "<math display=\"block\"><mi>f</mi><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>=</mo>{body}</math>"
        )
    }
}

impl Answers {
    /// The function on an interval as a polyline: ends, and the kinks between.
    pub fn polyline(&self, from: &Rational, to: &Rational) -> Vec<(f64, f64)> {
        let point = |x: &Rational| (to_f64(x), to_f64(&self.pieces.piece_at(x).at(x)));
        let inner = self.pieces.kinks().iter().filter(|kink| *from < kink.x && kink.x < *to);
        let mut line = vec![point(from)];
        line.extend(inner.map(|kink| (to_f64(&kink.x), to_f64(&kink.y))));
        line.push(point(to));
        line
    }

    /// The chords that witness the shape, each refuting one property.
    pub fn chords(&self) -> impl Iterator<Item = &Chord> {
        [&self.shape.not_convex, &self.shape.not_concave].into_iter().flatten()
    }
}
