//! The function lab: a network with one input and one output, and what is true of it.

use std::fmt;

use crate::piecewise::{Chord, Decimal, DecimalError, Interval, Layer, Net, Pieces, Rational, Shape, bounds, to_f64};

/// Widths of a hidden layer.
pub const WIDTHS: std::ops::RangeInclusive<usize> = 1..=16;
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// From 0.
    pub layer: usize,
    /// From 0.
    pub row: usize,
    /// From 0; `None` is the bias.
    pub column: Option<usize>,
}

/// The lab's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionLab {
    layers: Vec<LayerParameters>,
    x_min: Decimal,
    x_max: Decimal,
}

/// What is true of the network on screen: exact, with reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// Pieces and kinks.
    pub pieces: Pieces,
    /// Shape on the whole line.
    pub shape: Shape,
    /// Most linear regions that a network of these widths can have.
    pub region_bound: String,
}

/// Why a link's state cannot be shown. A sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// A number that is none.
    #[error("The link's {0} holds something that is no number, so the usual network is shown. {1}")]
    Number(String, DecimalError),
    /// Counts that do not fit.
    #[error(
        "The link's {0} does not have the numbers that the network needs, so the usual network is shown. Copy the link again."
    )]
    Shape(String),
    /// A wrong interval.
    #[error("The link's interval is empty, so the usual network is shown. Copy the link again.")]
    Interval,
}

impl fmt::Display for Place {
    /// As in test hooks and addresses: `W1-0-0`, `b2-0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layer = self.layer + 1;
        match self.column {
            Some(column) => write!(f, "W{layer}-{}-{column}", self.row),
            None => write!(f, "b{layer}-{}", self.row),
        }
    }
}

impl Place {
    /// In words, rows and columns from 1: `W1, row 2, column 1`.
    pub fn label(self) -> String {
        let (layer, row) = (self.layer + 1, self.row + 1);
        match self.column {
            Some(column) => format!("W{layer}, row {row}, column {}", column + 1),
            None => format!("b{layer}, row {row}"),
        }
    }

    /// As a symbol in MathML, rows and columns from 1.
    pub fn mathml(self) -> String {
        let (layer, row) = (self.layer + 1, self.row + 1);
        match self.column {
            Some(column) => {
                format!(
                    "<math><msub><mi>W</mi><mrow><mn>{layer}</mn><mo>,</mo><mn>{row}</mn><mo>,</mo><mn>{}</mn></mrow></msub></math>",
                    column + 1
                )
            }
            None => {
                format!("<math><msub><mi>b</mi><mrow><mn>{layer}</mn><mo>,</mo><mn>{row}</mn></mrow></msub></math>")
            }
        }
    }
}

impl Default for FunctionLab {
    /// Two kinks, and neither convex nor concave: something to look at and to drag.
    fn default() -> Self {
        let decimals = |numbers: &[i32]| numbers.iter().map(|&number| Decimal::from(number)).collect::<Vec<_>>();
        let column = |numbers: &[i32]| decimals(numbers).into_iter().map(|number| vec![number]).collect();
        Self {
            layers: vec![
                LayerParameters { weights: column(&[1, 1, -1]), bias: decimals(&[2, -1, -3]) },
                LayerParameters { weights: vec![decimals(&[1, -2, 1])], bias: decimals(&[-1]) },
            ],
            x_min: Decimal::from(SLIDER.0),
            x_max: Decimal::from(SLIDER.1),
        }
    }
}

impl FunctionLab {
    /// Matrices and vectors, first layer first.
    pub fn layers(&self) -> &[LayerParameters] {
        &self.layers
    }

    /// Neurons of the hidden layer.
    pub fn width(&self) -> usize {
        self.layers[0].bias.len()
    }

    /// The shown interval.
    pub fn x_range(&self) -> (Decimal, Decimal) {
        (self.x_min, self.x_max)
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

    /// Changes the hidden width. Neurons that stay keep their weights; new ones alternate in direction and
    /// bend at different places.
    pub fn set_width(&mut self, width: usize) {
        let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
        let new = |row: usize| if row.is_multiple_of(2) { Decimal::from(1) } else { Decimal::from(-1) };
        let (first, second) = self.layers.split_at_mut(1);
        let (first, second) = (&mut first[0], &mut second[0]);
        for row in first.bias.len()..width {
            // Kinks at -4.5, -3.9, …, 4.5, each row's its own: 7 and 16 have no common factor.
            let tenths = (row as i64 * 7) % 16 * 6 - 45;
            let bias = if row.is_multiple_of(2) { -tenths } else { tenths };
            first.weights.push(vec![new(row)]);
            first.bias.push(Decimal::new(bias, 1).unwrap_or_default());
            second.weights[0].push(new(row / 2));
        }
        first.weights.truncate(width);
        first.bias.truncate(width);
        second.weights[0].truncate(width);
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

    /// The network with these parameters, exactly.
    pub fn net(&self) -> Net {
        let exact = |values: &Vec<Decimal>| values.iter().map(|value| value.to_rational()).collect();
        let layer = |parameters: &LayerParameters| Layer {
            weights: parameters.weights.iter().map(exact).collect(),
            bias: exact(&parameters.bias),
        };
        Net::new(self.layers.iter().map(layer).collect()).expect("the lab keeps shapes that fit")
    }

    /// What is true of it.
    pub fn answers(&self) -> Answers {
        let net = self.net();
        let pieces = Pieces::of(&net);
        let shape = Shape::of(&pieces);
        Answers { shape, region_bound: bounds::max_regions(&net.hidden_widths()).to_string(), pieces }
    }

    /// The shown interval, exactly.
    pub fn interval(&self) -> Interval {
        Interval { start: Some(self.x_min.to_rational()), end: Some(self.x_max.to_rational()) }
    }

    /// The state as text for an address: `W1=1,-1&b1=0,0&W2=1,1&b2=0&x=-5,5`, matrices by rows.
    pub fn encode(&self) -> String {
        let list = |values: &mut dyn Iterator<Item = &Decimal>| {
            values.map(|value| value.to_string()).collect::<Vec<_>>().join(",")
        };
        let mut parts = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let number = index + 1;
            parts.push(format!("W{number}={}", list(&mut layer.weights.iter().flatten())));
            parts.push(format!("b{number}={}", list(&mut layer.bias.iter())));
        }
        parts.push(format!("x={},{}", self.x_min, self.x_max));
        parts.join("&")
    }

    /// The state that [`encode`](Self::encode) wrote; the usual one for an empty text.
    ///
    /// # Errors
    /// If the text is not one that `encode` writes.
    pub fn decode(text: &str) -> Result<Self, LinkError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let list = |name: &str| -> Result<Vec<Decimal>, LinkError> {
            let start = format!("{name}=");
            let values = text.split('&').find_map(|part| part.strip_prefix(&start)).unwrap_or_default();
            if values.is_empty() {
                return Err(LinkError::Shape(name.into()));
            }
            values.split(',').map(|v| v.parse().map_err(|error| LinkError::Number(name.into(), error))).collect()
        };
        let hidden_bias = list("b1")?;
        let (first, second, bias) = (list("W1")?, list("W2")?, list("b2")?);
        let width = hidden_bias.len();
        for (name, found, expected) in [("W1", first.len(), width), ("W2", second.len(), width), ("b2", bias.len(), 1)]
        {
            if found != expected || !WIDTHS.contains(&width) {
                return Err(LinkError::Shape(name.into()));
            }
        }
        let &[x_min, x_max] = &list("x")?[..] else { return Err(LinkError::Shape("x".into())) };
        let layers = vec![
            LayerParameters { weights: first.into_iter().map(|w| vec![w]).collect(), bias: hidden_bias },
            LayerParameters { weights: vec![second], bias },
        ];
        let mut lab = Self { layers, ..Self::default() };
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
        let (first, second) = (&self.layers[0], &self.layers[1]);
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
