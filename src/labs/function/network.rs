//! One network with one input and one output.

use num_traits::Zero;
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;

use super::tanh::{self, TanhAnswers};
use crate::data::{Purpose, rng};
use crate::labs::parameters::{LinkError, Parameters, Place, SLIDER, numbers, part};
use crate::piecewise::{
    Analysis, Chord, Decimal, Interval, Net, Pieces, Rational, Shape, bounds, constructions, to_f64,
};

/// Widths of a hidden layer.
pub const WIDTHS: std::ops::RangeInclusive<usize> = 1..=16;
/// Layers: matrices, not hidden layers.
pub const LAYERS: std::ops::RangeInclusive<usize> = 2..=6;
/// Most regions of a network that the lab builds on purpose.
pub const MAX_REGIONS: usize = 2_500;

/// What a hidden neuron does to its sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// max(0, z): everything is decided exactly.
    #[default]
    Relu,
    /// tanh z: smooth, so drawn and judged in f64.
    Tanh,
}

/// What is plotted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// f(x).
    #[default]
    Output,
    /// f′(x).
    Derivative,
    /// What each neuron of the last hidden layer adds to the output.
    Contributions,
    /// The pre-activations of a hidden layer, from 1.
    PreActivations(usize),
}

/// The lab's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkLab {
    parameters: Parameters,
    /// What hidden neurons do.
    pub activation: Activation,
    /// Whether biases count; if not, they are 0, and their values wait.
    pub biases: bool,
    /// What is plotted.
    pub view: View,
    /// The neuron of the view to be shown alone, from 1; 0 for all.
    pub neuron: usize,
    x_min: Decimal,
    x_max: Decimal,
}

/// What is true of a ReLU network: exact, with reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct ReluAnswers {
    /// Pieces and kinks.
    pub pieces: Pieces,
    /// Shape on the whole line.
    pub shape: Shape,
    /// Shape on the shown interval.
    pub shown: Shape,
}

/// What is known of the network on screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Answers {
    /// Decided.
    Relu(Box<ReluAnswers>),
    /// Measured.
    Tanh(TanhAnswers),
}

impl Default for NetworkLab {
    /// Two kinks, and neither convex nor concave: something to look at and to drag.
    fn default() -> Self {
        Self::of(Parameters::of(1, &[(&[&[1], &[1], &[-1]], &[2, -1, -3]), (&[&[1, -2, 1]], &[-1])]))
    }
}

impl View {
    /// In test hooks and addresses.
    pub fn word(self) -> String {
        match self {
            Self::Output => "output".into(),
            Self::Derivative => "derivative".into(),
            Self::Contributions => "contributions".into(),
            Self::PreActivations(layer) => format!("pre{layer}"),
        }
    }

    /// All views of a network with so many hidden layers.
    pub fn all(hidden_layers: usize) -> Vec<Self> {
        let mut all = vec![Self::Output, Self::Derivative, Self::Contributions];
        all.extend((1..=hidden_layers).map(Self::PreActivations));
        all
    }
}

impl NetworkLab {
    /// These parameters, with ReLU and biases, on −5 ≤ x ≤ 5.
    pub fn of(parameters: Parameters) -> Self {
        Self {
            parameters,
            activation: Activation::Relu,
            biases: true,
            view: View::Output,
            neuron: 0,
            x_min: Decimal::from(SLIDER.0),
            x_max: Decimal::from(SLIDER.1),
        }
    }

    /// All parameters, biases as they are stored.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The parameters that count: without biases, those are 0.
    pub fn effective(&self) -> Parameters {
        let mut parameters = self.parameters.clone();
        if !self.biases {
            for place in parameters.places().into_iter().filter(|place| place.column.is_none()) {
                parameters.set(place, Decimal::ZERO);
            }
        }
        parameters
    }

    /// The network.
    pub fn net(&self) -> Net {
        self.effective().net()
    }

    /// Hidden widths, first to last.
    pub fn hidden(&self) -> Vec<usize> {
        self.parameters.hidden()
    }

    /// The shown interval.
    pub fn x_range(&self) -> (Decimal, Decimal) {
        (self.x_min, self.x_max)
    }

    /// Changes a parameter; does nothing where there is none.
    pub fn set(&mut self, place: Place, value: Decimal) {
        self.parameters.set(place, value);
    }

    /// Takes other parameters. The view goes back to the output if it shows a layer that is gone.
    pub fn set_parameters(&mut self, parameters: Parameters) {
        self.parameters = parameters;
        self.fit_view();
    }

    /// Changes the hidden widths. Neurons that stay keep their weights. New neurons of the first layer alternate
    /// in direction and bend at different places; those of a new layer pass on what they get.
    pub fn set_hidden(&mut self, hidden: &[usize]) {
        let count = hidden.len().clamp(*LAYERS.start() - 1, *LAYERS.end() - 1);
        let mut widths: Vec<usize> = hidden.iter().map(|&w| w.clamp(*WIDTHS.start(), *WIDTHS.end())).collect();
        widths.resize(count, *widths.last().unwrap_or(&1));
        let alternating = |row: usize| if row.is_multiple_of(2) { 1 } else { -1 };
        let before = |layer: usize| widths[layer - 1];
        self.parameters.resize(&widths, |place| match (place.layer, place.column) {
            (0, Some(_)) => alternating(place.row).into(),
            (0, None) => {
                // Kinks at -4.5, -3.9, …, 4.5, each row's its own: 7 and 16 have no common factor.
                let tenths = (place.row as i64 * 7) % 16 * 6 - 45;
                Decimal::new(-i64::from(alternating(place.row)) * tenths, 1).unwrap_or_default()
            }
            (layer, Some(column)) if layer < count => i32::from(place.row % before(layer) == column).into(),
            (layer, None) if layer < count => Decimal::from(-((place.row / before(layer)) as i32)),
            (_, Some(column)) => alternating(column / 2).into(),
            (_, None) => Decimal::ZERO,
        });
        self.fit_view();
    }

    fn fit_view(&mut self) {
        let hidden = self.hidden();
        if matches!(self.view, View::PreActivations(layer) if layer > hidden.len()) {
            self.view = View::Output;
        }
        let width = self.shown_width();
        if self.neuron > width {
            self.neuron = 0;
        }
    }

    /// Changes what is plotted.
    pub fn set_view(&mut self, view: View) {
        self.view = view;
        self.neuron = 0;
        self.fit_view();
    }

    /// Neurons of the layer that the view shows.
    pub fn shown_width(&self) -> usize {
        let hidden = self.hidden();
        match self.view {
            View::PreActivations(layer) => hidden.get(layer - 1).copied().unwrap_or(0),
            _ => hidden.last().copied().unwrap_or(0),
        }
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

    /// The shown interval, exactly.
    pub fn interval(&self) -> Interval {
        Interval { start: Some(self.x_min.to_rational()), end: Some(self.x_max.to_rational()) }
    }

    /// More linear regions than this a network of these widths cannot have.
    pub fn region_bound(&self) -> String {
        bounds::max_regions(&self.hidden()).to_string()
    }

    /// The bound on linear regions in words: `16 = 4 · 4`; or what is known where the layers are too narrow for that
    /// product.
    pub fn region_bound_text(&self) -> String {
        let hidden = self.hidden();
        let (bound, known, product) =
            (bounds::max_regions(&hidden), constructions::regions(&hidden), bounds::product(&hidden));
        let factors = || hidden.iter().map(|width| (width + 1).to_string()).collect::<Vec<_>>().join(" · ");
        if bound == product {
            if hidden.len() < 2 { bound.to_string() } else { format!("{bound} = {}", factors()) }
        } else if known == bound {
            format!("{bound}; layers this narrow cannot make {} = {product}", factors())
        } else {
            format!("{bound}; {known} can be made, and between the two nothing is proved")
        }
    }

    /// What is true of it, at once. [`Deciding`] does the same in steps.
    pub fn answers(&self) -> Answers {
        let mut deciding = Deciding::new(self);
        while !deciding.advance() {}
        deciding.finish()
    }

    /// The state as text for an address: the parameters, `x=-5,5`, and what differs from the usual.
    pub fn encode(&self) -> String {
        let mut text = format!("{}&x={},{}", self.parameters.encode(), self.x_min, self.x_max);
        if self.activation == Activation::Tanh {
            text += "&activation=tanh";
        }
        if !self.biases {
            text += "&biases=off";
        }
        if self.view != View::Output {
            text += &format!("&view={}", self.view.word());
        }
        if self.neuron > 0 {
            text += &format!("&neuron={}", self.neuron);
        }
        text
    }

    /// The state that [`encode`](Self::encode) wrote; the usual one for an empty text.
    ///
    /// # Errors
    /// If the text is not one that `encode` writes.
    pub fn decode(text: &str) -> Result<Self, LinkError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let broken = |name: &str| LinkError::Shape(name.into());
        let mut lab = Self::of(Parameters::decode(text, 1, LAYERS, WIDTHS)?);
        let &[x_min, x_max] = &numbers(text, "x")?[..] else { return Err(broken("x")) };
        lab.set_x_range(x_min, x_max).map_err(|_| LinkError::Interval)?;
        lab.activation = match part(text, "activation") {
            None | Some("relu") => Activation::Relu,
            Some("tanh") => Activation::Tanh,
            Some(_) => return Err(broken("activation")),
        };
        lab.biases = match part(text, "biases") {
            None | Some("on") => true,
            Some("off") => false,
            Some(_) => return Err(broken("biases")),
        };
        if let Some(word) = part(text, "view") {
            let all = View::all(lab.hidden().len());
            lab.view = all.into_iter().find(|view| view.word() == word).ok_or_else(|| broken("view"))?;
        }
        if let Some(neuron) = part(text, "neuron") {
            lab.neuron = neuron.parse().ok().filter(|&n| n <= lab.shown_width()).ok_or_else(|| broken("neuron"))?;
        }
        Ok(lab)
    }
}

/// Random parameters for these hidden widths, with one place each: weights from a normal distribution whose variance
/// is 2 / (numbers that the neuron adds), times 1.5; biases from the standard one. The same seed gives the same.
pub fn random(hidden: &[usize], seed: u64) -> Parameters {
    let mut parameters = Parameters::zeros(1, hidden);
    let mut rng = rng(seed, Purpose::Draw, 0);
    for place in parameters.places() {
        let inputs = if place.layer == 0 { 1 } else { hidden[place.layer - 1] };
        let scale = if place.column.is_some() { 1.5 * (2.0 / inputs as f64).sqrt() } else { 1.0 };
        parameters.set(place, tenths(scale * normal(&mut rng)));
    }
    parameters
}

fn tenths(value: f64) -> Decimal {
    Decimal::round(value, 1).unwrap_or_default()
}

fn normal(rng: &mut Xoshiro256PlusPlus) -> f64 {
    rng.sample(rand_distr::StandardNormal)
}

/// The answers about a network, found in steps.
pub struct Deciding {
    lab: NetworkLab,
    stage: Stage,
}

enum Stage {
    Tanh,
    Analysis(Box<Analysis>),
    Pieces(Pieces),
    Shape(Pieces, Box<Shape>),
}

impl Deciding {
    /// Nothing is known yet.
    pub fn new(lab: &NetworkLab) -> Self {
        let stage = match lab.activation {
            Activation::Relu => Stage::Analysis(Box::new(Analysis::new(&lab.net()))),
            Activation::Tanh => Stage::Tanh,
        };
        Self { lab: lab.clone(), stage }
    }

    /// Does a small part of the work. Returns whether the rest is quick.
    pub fn advance(&mut self) -> bool {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Tanh) {
            Stage::Analysis(mut analysis) => {
                if analysis.advance() {
                    Stage::Pieces(analysis.finish())
                } else {
                    Stage::Analysis(analysis)
                }
            }
            Stage::Pieces(pieces) => {
                let shape = Shape::of(&pieces);
                Stage::Shape(pieces, Box::new(shape))
            }
            done => done,
        };
        matches!(self.stage, Stage::Tanh | Stage::Shape(..))
    }

    /// The answers.
    pub fn finish(mut self) -> Answers {
        while !self.advance() {}
        match self.stage {
            Stage::Tanh | Stage::Analysis(_) | Stage::Pieces(_) => Answers::Tanh(tanh::answers(&self.lab)),
            Stage::Shape(pieces, shape) => {
                let shown = Shape::on(&pieces, &self.lab.interval());
                Answers::Relu(Box::new(ReluAnswers { pieces, shape: *shape, shown }))
            }
        }
    }
}

impl Answers {
    /// What was decided, if it was.
    pub fn relu(&self) -> Option<&ReluAnswers> {
        match self {
            Self::Relu(answers) => Some(answers),
            Self::Tanh(_) => None,
        }
    }
}

impl ReluAnswers {
    /// The function on an interval as a polyline: ends, and the kinks between.
    pub fn polyline(&self, from: &Rational, to: &Rational) -> Vec<(f64, f64)> {
        let point = |x: &Rational| (to_f64(x), to_f64(&self.pieces.piece_at(x).at(x)));
        let inner = self.pieces.kinks().iter().filter(|kink| *from < kink.x && kink.x < *to);
        let mut line = vec![point(from)];
        line.extend(inner.map(|kink| (to_f64(&kink.x), to_f64(&kink.y))));
        line.push(point(to));
        line
    }

    /// The derivative on an interval: one level line a piece.
    pub fn staircase(&self, from: &Rational, to: &Rational) -> Vec<[(f64, f64); 2]> {
        let mut steps = Vec::new();
        for piece in self.pieces.pieces() {
            let start = piece.interval.start.as_ref().map_or(from, |start| start.max(from));
            let end = piece.interval.end.as_ref().map_or(to, |end| end.min(to));
            if start < end {
                let slope = to_f64(&piece.slope);
                steps.push([(to_f64(start), slope), (to_f64(end), slope)]);
            }
        }
        steps
    }

    /// The chords that witness the shape on the shown interval, each refuting one property.
    pub fn chords(&self) -> impl Iterator<Item = &Chord> {
        [&self.shown.not_convex, &self.shown.not_concave].into_iter().flatten()
    }

    /// Whether f has one slope, which is not 0.
    pub fn is_sloped_line(&self) -> bool {
        self.pieces.kinks().is_empty() && self.pieces.pieces().iter().all(|piece| !piece.slope.is_zero())
    }
}
