//! Question 8: y = Wx, u = relu(y), v = u + Wu, L = ½‖v‖².

use ndarray::{Array1, Array2};
use rand::RngExt;
use rand_distr::StandardNormal;

use super::exact::{self, Signs};
use super::table::Table;
use crate::data::{Purpose, rng};
use crate::linalg::Element;
use crate::nn::gradcheck::relative_error;
use crate::nn::shared_weight::{
    Backward, ClosedForm, Term, ThetaZero, Values, backward, central_difference, chain_rule, closed_form, forward_from,
};
use crate::piecewise::{Decimal, DecimalError, Rational};

/// Dimensions to choose from. Up to [`EDITABLE`], numbers are shown and can be typed; above, pictures.
pub const DIMENSIONS: [usize; 13] = [1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 64, 128, 256];
/// The largest dimension whose numbers can be typed.
pub const EDITABLE: usize = 8;
/// The course notebook's eps, which it uses in f32.
pub const NOTEBOOK_EPS: f64 = 1e-5;

/// Multiply-adds that central differences may cost at once: a few milliseconds.
const DIFFERENCE_BUDGET: usize = 2_500_000;
/// Steps of eps per power of ten.
const PER_DECADE: i32 = 4;
/// Smallest and largest power of ten of eps.
const DECADES: (i32, i32) = (-12, 0);

/// The number type of the computation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// 24 bits, as training uses.
    Single,
    /// 53 bits.
    #[default]
    Double,
}

/// The lab's state.
#[derive(Clone, Debug, PartialEq)]
pub struct Question8 {
    dimension: usize,
    seed: u64,
    /// d·d numbers by rows, then the d of x; as typed, or drawn.
    numbers: Vec<Decimal>,
    /// Θ(0).
    pub theta_zero: ThetaZero,
    /// Of the computation.
    pub precision: Precision,
    /// Of central differences.
    pub eps: Decimal,
    /// The entry (row, column) that is looked at.
    pub entry: (usize, usize),
    /// Steps of [`STEPS`] shown.
    pub step: usize,
}

/// Two ways of computing the gradient, and where they differ most.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Which two.
    pub name: &'static str,
    /// Entries compared.
    pub entries: usize,
    /// The largest absolute difference.
    pub absolute: f64,
    /// Where that is, from 0.
    pub at: (usize, usize),
    /// The largest relative error, as [`relative_error`] has it.
    pub relative: f64,
}

/// All that is derived from the state.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// W, d×d.
    pub w: Array2<f64>,
    /// x, d.
    pub x: Array1<f64>,
    /// Forward.
    pub values: Values<f64>,
    /// Backward.
    pub backward: Backward<f64>,
    /// The formula.
    pub closed: ClosedForm<f64>,
    /// Central differences; NaN where none was taken.
    pub differences: Array2<f64>,
    /// Pairwise.
    pub comparisons: Vec<Comparison>,
    /// The sum over m for the chosen entry.
    pub terms: Vec<Term>,
    /// What is decided exactly, whatever the precision.
    pub signs: Signs,
}

/// What a step's result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 1.
    Number,
    /// d.
    Vector,
    /// d×d.
    Matrix,
}

/// One operation of the pass, forward or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is computed, in plain mathematics.
    pub formula: &'static str,
    /// The node of the graph that it is about.
    pub node: &'static str,
    /// What it gives.
    pub size: Size,
    /// Whether it belongs to the backward pass.
    pub is_backward: bool,
    /// Why.
    pub reason: &'static str,
}

const fn step(formula: &'static str, node: &'static str, size: Size, is_backward: bool, reason: &'static str) -> Step {
    Step { formula, node, size, is_backward, reason }
}

/// The whole pass, in order.
pub const STEPS: [Step; 10] = [
    step("y = W x", "y", Size::Vector, false, "first use of W"),
    step("u = ReLU(y)", "u", Size::Vector, false, "each entry by itself"),
    step("v = u + W u", "v", Size::Vector, false, "second use of W, and u passes by it as well"),
    step("L = ½ ‖v‖²", "L", Size::Number, false, "a number"),
    step("∂L/∂v = v", "v", Size::Vector, true, "the derivative of ½v² is v"),
    step("∂L/∂W, second use = ∂L/∂v ⊗ u", "W", Size::Matrix, true, "v depends on W through W u"),
    step("∂L/∂u = ∂L/∂v + Wᵀ ∂L/∂v", "u", Size::Vector, true, "u reaches v by two paths: directly, and through W"),
    step("∂L/∂y = Θ(y) ∘ ∂L/∂u", "y", Size::Vector, true, "ReLU passes the gradient on where y > 0"),
    step("∂L/∂W, first use = ∂L/∂y ⊗ x", "W", Size::Matrix, true, "y depends on W through W x"),
    step("∂L/∂W = first use + second use", "W", Size::Matrix, true, "W is one matrix: both uses add"),
];

/// Relative errors of central differences at one eps, against the closed form in f64.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpsPoint {
    /// eps.
    pub eps: f64,
    /// Of the chosen entry, in f32 and f64.
    pub entry: [f64; 2],
    /// The largest over all compared entries, in f32 and f64.
    pub largest: [f64; 2],
}

/// The errors for all eps, one eps at a time.
pub struct Sweep {
    w: Array2<f64>,
    x: Array1<f64>,
    chosen: (usize, usize),
    entries: Vec<(usize, usize)>,
    signs: Signs,
    theta: Array1<f64>,
    next: i32,
    /// The points so far, from the smallest eps.
    pub points: Vec<EpsPoint>,
}

impl Default for Question8 {
    fn default() -> Self {
        Self::new(3, 2)
    }
}

impl Question8 {
    /// Numbers drawn from a seed: W from N(0, 1/d), x from N(0, 1), two digits after the point.
    pub fn new(dimension: usize, seed: u64) -> Self {
        let mut rng = rng(seed, Purpose::Init, dimension as u64);
        let mut draw = |std: f64| {
            let normal: f64 = rng.sample(StandardNormal);
            Decimal::round(normal * std, 2).unwrap_or_default()
        };
        let std = (1.0 / dimension as f64).sqrt();
        let mut numbers: Vec<_> = (0..dimension * dimension).map(|_| draw(std)).collect();
        numbers.extend((0..dimension).map(|_| draw(1.0)));
        let mut lab = Self {
            dimension,
            seed,
            numbers,
            theta_zero: ThetaZero::default(),
            precision: Precision::default(),
            eps: Decimal::new(1, 5).unwrap_or_default(),
            entry: (0, 0),
            step: STEPS.len(),
        };
        // Where no y is positive, u, v and L are 0 and there is nothing to see: x is turned round.
        if !lab.signs().y.iter().any(|sign| sign.is_gt()) {
            for x in &mut lab.numbers[dimension * dimension..] {
                *x = x.negated();
            }
        }
        lab
    }

    /// The numbers and how they are computed, whatever entry and step are looked at: what undo and redo are about.
    #[must_use]
    pub fn content(&self) -> Self {
        Self { entry: (0, 0), step: STEPS.len(), ..self.clone() }
    }

    /// Takes other numbers, and looks at the same step of them.
    pub fn set_content(&mut self, content: Self) {
        let (entry, step) = (self.entry, self.step);
        *self = content;
        self.entry = (entry.0.min(self.dimension - 1), entry.1.min(self.dimension - 1));
        self.step = step;
    }

    /// The same settings with freshly drawn numbers.
    #[must_use]
    pub fn redrawn(&self, dimension: usize, seed: u64) -> Self {
        let keep = |index: usize| index.min(dimension - 1);
        Self {
            theta_zero: self.theta_zero,
            precision: self.precision,
            eps: self.eps,
            entry: (keep(self.entry.0), keep(self.entry.1)),
            step: self.step,
            ..Self::new(dimension, seed)
        }
    }

    /// d.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// The seed of the numbers drawn.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// W's entry, or x's if `column` is `None`.
    pub fn get(&self, row: usize, column: Option<usize>) -> Decimal {
        self.numbers.get(self.index(row, column)).copied().unwrap_or_default()
    }

    /// Changes an entry.
    pub fn set(&mut self, row: usize, column: Option<usize>, value: Decimal) {
        let index = self.index(row, column);
        if let Some(slot) = self.numbers.get_mut(index) {
            *slot = value;
        }
    }

    fn index(&self, row: usize, column: Option<usize>) -> usize {
        let d = self.dimension;
        column.map_or(d * d + row, |column| row * d + column)
    }

    /// Changes one row i of W so that y_i is exactly 0, without making the row 0: two entries become x_k and
    /// -x_j. The row is the first in which Θ(0) then matters, or else the first. With d = 1, w becomes 0.
    pub fn put_a_y_at_zero(&mut self) {
        let with_row = |row: usize| {
            let mut lab = self.clone();
            for column in 0..lab.dimension {
                lab.set(row, Some(column), Decimal::ZERO);
            }
            if lab.dimension > 1 {
                lab.set(row, Some(0), lab.get(1, None));
                lab.set(row, Some(1), lab.get(0, None).negated());
            }
            let matters = lab.signs().zeros.iter().any(|zero| zero.row == row && zero.bend.is_kink());
            (matters, lab)
        };
        let found = (0..self.dimension).map(with_row).find(|(matters, _)| *matters);
        let (_, lab) = found.unwrap_or_else(|| with_row(0));
        *self = lab;
    }

    fn matrices<T: Element>(&self) -> (Array2<T>, Array1<T>) {
        let d = self.dimension;
        let number = |decimal: &Decimal| T::from_f64(decimal.to_f64());
        let (w, x) = self.numbers.split_at(d * d);
        let w = Array2::from_shape_vec((d, d), w.iter().map(number).collect()).expect("d·d numbers");
        (w, x.iter().map(number).collect())
    }

    /// The signs of y and what L does where they are 0.
    pub fn signs(&self) -> Signs {
        exact::signs(&self.numbers, self.dimension)
    }

    /// Θ(0), exactly.
    pub fn exact_theta_zero(&self) -> Rational {
        match self.theta_zero {
            ThetaZero::Zero => Rational::new(0.into(), 1.into()),
            ThetaZero::Half => Rational::new(1.into(), 2.into()),
            ThetaZero::One => Rational::new(1.into(), 1.into()),
        }
    }

    /// The formula's two terms, entry by entry, exactly.
    pub fn exact_terms(&self) -> Vec<[Rational; 2]> {
        exact::terms(&self.numbers, self.dimension, &self.exact_theta_zero())
    }

    /// The entries whose central difference is taken: all while that is quick, else some drawn from the seed,
    /// the chosen one first.
    fn compared(&self) -> Vec<(usize, usize)> {
        let d = self.dimension;
        let count = DIFFERENCE_BUDGET / (4 * d * d);
        if count >= d * d {
            return (0..d * d).map(|index| (index / d, index % d)).collect();
        }
        let mut rng = rng(self.seed, Purpose::Shuffle, d as u64);
        let mut entries = vec![self.entry];
        entries.extend((1..count.max(2)).map(|_| (rng.random_range(0..d), rng.random_range(0..d))));
        entries.sort_unstable();
        entries.dedup();
        entries
    }

    /// All that follows from the numbers, computed in the chosen precision.
    pub fn answers(&self) -> Answers {
        match self.precision {
            Precision::Single => self.answers_in::<f32>(),
            Precision::Double => self.answers_in::<f64>(),
        }
    }

    fn answers_in<T: Element>(&self) -> Answers {
        let (mut w, x) = self.matrices::<T>();
        let signs = self.signs();
        let theta = self.theta_zero.of_signs::<T>(&signs.y);
        let values = values(&w, &x, &signs);
        let back = backward(w.view(), x.view(), &values, theta.view());
        let closed = closed_form(w.view(), x.view(), &values, theta.view());
        let terms = chain_rule(w.view(), x.view(), &values, theta.view(), self.entry);

        let eps = T::from_f64(self.eps.to_f64());
        let compared = self.compared();
        let mut differences = Array2::from_elem(w.dim(), f64::NAN);
        for &at in &compared {
            differences[at] = central_difference(&mut w, x.view(), at, eps).to_f64();
        }
        let matrix = |values: &Array2<T>| values.mapv(Element::to_f64);
        let vector = |values: &Array1<T>| values.mapv(Element::to_f64);
        let (by_formula, by_pass) = (matrix(&closed.sum), matrix(&back.dw));
        let all: Vec<_> = by_pass.indexed_iter().map(|(at, _)| at).collect();
        let comparisons = vec![
            compare("closed form and reverse pass", &all, &by_formula, &by_pass),
            compare("closed form and central differences", &compared, &by_formula, &differences),
            compare("reverse pass and central differences", &compared, &by_pass, &differences),
        ];
        Answers {
            w: matrix(&w),
            x: vector(&x),
            values: Values {
                y: vector(&values.y),
                u: vector(&values.u),
                v: vector(&values.v),
                loss: values.loss.to_f64(),
            },
            backward: Backward {
                dv: vector(&back.dv),
                dw_second: matrix(&back.dw_second),
                du: vector(&back.du),
                dy: vector(&back.dy),
                dw_first: matrix(&back.dw_first),
                dw: by_pass,
            },
            closed: ClosedForm { outer: matrix(&closed.outer), masked: matrix(&closed.masked), sum: by_formula },
            differences,
            comparisons,
            terms,
            signs,
        }
    }

    /// The errors of central differences for all eps, still to be computed.
    pub fn sweep(&self) -> Sweep {
        let (w, x) = self.matrices::<f64>();
        let (entries, signs) = (self.compared(), self.signs());
        let theta = self.theta_zero.of_signs(&signs.y);
        Sweep { w, x, chosen: self.entry, entries, signs, theta, next: 0, points: Vec::new() }
    }

    /// The state as text for an address: `d=2&seed=1&W=…&x=…`; above [`EDITABLE`] the seed says all.
    pub fn encode(&self) -> String {
        let mut text = format!("d={}&seed={}&theta={}", self.dimension, self.seed, self.theta_zero.value());
        if self.dimension <= EDITABLE {
            let list = |numbers: &[Decimal]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            let (w, x) = self.numbers.split_at(self.dimension * self.dimension);
            text += &format!("&W={}&x={}", list(w), list(x));
        }
        text
    }

    /// The state that [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    /// A sentence, if the text is not one that `encode` writes.
    pub fn decode(text: &str) -> Result<Self, String> {
        const SHAPE: &str = "The link does not hold a whole question 8, so it was not used. Copy it again.";
        let part = |name: &str| text.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        let dimension = part("d").and_then(|d| d.parse().ok()).filter(|d| DIMENSIONS.contains(d)).ok_or(SHAPE)?;
        let mut lab = Self::new(dimension, part("seed").and_then(|seed| seed.parse().ok()).ok_or(SHAPE)?);
        lab.theta_zero = match part("theta") {
            Some("0") => ThetaZero::Zero,
            Some("0.5") => ThetaZero::Half,
            Some("1") => ThetaZero::One,
            _ => return Err(SHAPE.into()),
        };
        if dimension <= EDITABLE {
            let (w, x) = (part("W").ok_or(SHAPE)?, part("x").ok_or(SHAPE)?);
            let numbers: Result<Vec<Decimal>, DecimalError> =
                w.split(',').chain(x.split(',')).map(str::parse).collect();
            lab.numbers = numbers.map_err(|error| format!("{SHAPE} {error}"))?;
            if lab.numbers.len() != dimension * (dimension + 1) {
                return Err(SHAPE.into());
            }
        }
        Ok(lab)
    }
}

fn compare(name: &'static str, entries: &[(usize, usize)], a: &Array2<f64>, b: &Array2<f64>) -> Comparison {
    let mut worst = Comparison { name, entries: entries.len(), absolute: 0.0, at: (0, 0), relative: 0.0 };
    for &at in entries {
        // Numbers that overflow compare as the worst, not as equal.
        let difference = if (a[at] - b[at]).is_nan() { f64::INFINITY } else { (a[at] - b[at]).abs() };
        if difference > worst.absolute {
            (worst.absolute, worst.at) = (difference, at);
        }
        worst.relative =
            worst.relative.max(if difference.is_finite() { relative_error(a[at], b[at]) } else { difference });
    }
    worst
}

impl Answers {
    /// The tables of the gradient, to show and to take away.
    pub fn tables(&self) -> Vec<Table> {
        vec![
            Table::new("v⊗u", self.closed.outer.clone()),
            Table::new("diag(Θ(y))(I+Wᵀ)v⊗x", self.closed.masked.clone()),
            Table::new("∂L/∂W, closed form", self.closed.sum.clone()),
            Table::new("∂L/∂W, reverse pass", self.backward.dw.clone()),
            Table::new("∂L/∂W, central differences", self.differences.clone()),
        ]
    }

    /// What a step of [`STEPS`] computes: a column, a matrix, or a number.
    pub fn result_of(&self, step: usize) -> Array2<f64> {
        let column = |vector: &Array1<f64>| vector.clone().insert_axis(ndarray::Axis(1));
        match step {
            0 => column(&self.values.y),
            1 => column(&self.values.u),
            2 => column(&self.values.v),
            3 => Array2::from_elem((1, 1), self.values.loss),
            4 => column(&self.backward.dv),
            5 => self.backward.dw_second.clone(),
            6 => column(&self.backward.du),
            7 => column(&self.backward.dy),
            8 => self.backward.dw_first.clone(),
            _ => self.backward.dw.clone(),
        }
    }
}

impl Sweep {
    /// Computes the next point. Returns whether it was the last.
    pub fn advance(&mut self) -> bool {
        let last = (DECADES.1 - DECADES.0) * PER_DECADE;
        if self.next <= last {
            let eps = 10_f64.powf(f64::from(DECADES.0) + f64::from(self.next) / f64::from(PER_DECADE));
            self.points.push(self.point(eps));
            self.next += 1;
        }
        self.next > last
    }

    /// The errors at one eps.
    pub fn point(&self, eps: f64) -> EpsPoint {
        let (single, double) = (self.errors::<f32>(eps), self.errors::<f64>(eps));
        EpsPoint { eps, entry: [single.0, double.0], largest: [single.1, double.1] }
    }

    /// Relative errors of the chosen entry and the largest, of differences in T against the closed form in f64
    /// of the very numbers that T holds.
    fn errors<T: Element>(&self, eps: f64) -> (f64, f64) {
        let (mut w, x) = (self.w.mapv(T::from_f64), self.x.mapv(T::from_f64));
        let (exact_w, exact_x) = (w.mapv(Element::to_f64), x.mapv(Element::to_f64));
        let values = values(&exact_w, &exact_x, &self.signs);
        let exact = closed_form_entries(&exact_w, &exact_x, &values, &self.theta);
        let mut error = |at: (usize, usize)| {
            relative_error(central_difference(&mut w, x.view(), at, T::from_f64(eps)).to_f64(), exact(at))
        };
        let chosen = error(self.chosen);
        let largest = self.entries.iter().map(|&at| error(at)).fold(chosen, f64::max);
        (chosen, largest)
    }
}

/// The forward pass in T, with every y_i of the sign that it has exactly.
fn values<T: Element>(w: &Array2<T>, x: &Array1<T>, signs: &Signs) -> Values<T> {
    let mut y = w.dot(x);
    for (y, (sign, rounded)) in y.iter_mut().zip(signs.y.iter().zip(&signs.rounded)) {
        if (*y).partial_cmp(&T::zero()) != Some(*sign) {
            *y = T::from_f64(*rounded);
        }
    }
    forward_from(w.view(), y)
}

/// The closed form, entry by entry: the whole matrix is not needed for a few of them.
fn closed_form_entries(
    w: &Array2<f64>,
    x: &Array1<f64>,
    values: &Values<f64>,
    theta: &Array1<f64>,
) -> impl Fn((usize, usize)) -> f64 {
    let masked: Array1<f64> = (&values.v + &w.t().dot(&values.v)) * theta;
    let (v, u, x) = (values.v.clone(), values.u.clone(), x.clone());
    move |(i, j)| v[i] * u[j] + masked[i] * x[j]
}
