//! Universal approximation: a target curve, the exact interpolation by k hinges, and a network trained on it.

use rand::RngExt;

use crate::data::{Purpose, rng};
use crate::labs::handles::typed;
use crate::labs::parameters::{LinkError, Parameters, numbers, part};
use crate::piecewise::constructions::interpolation;
use crate::piecewise::{Decimal, Net, Rational, to_f64};
use crate::protocol::{Event, FitProgress};
use crate::train::{FitProblem, FittedNet};

/// Neurons to choose from.
pub const WIDTHS: std::ops::RangeInclusive<usize> = 1..=64;
/// The target's interval, −5 to 5.
pub const RANGE: (f64, f64) = (-5.0, 5.0);
/// Values of a drawn curve, ends included.
pub const DRAWN: usize = 101;
/// Points at which errors are measured, ends included.
pub const MEASURED: usize = 1_001;
/// Points that are learned.
const LEARNED: usize = 201;
/// Of training.
pub const STEPS: usize = 3_000;

/// A curve to approximate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// 3·sin x.
    #[default]
    Sine,
    /// −2, from 0 on +2.
    Step,
    /// |x| − 2.
    Absolute,
    /// 4·exp(−x²) − 1.
    Bump,
    /// A random walk.
    Walk,
    /// By hand.
    Drawn,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Sine, Self::Step, Self::Absolute, Self::Bump, Self::Walk, Self::Drawn];

    /// In test hooks and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sine => "sin",
            Self::Step => "step",
            Self::Absolute => "abs",
            Self::Bump => "bump",
            Self::Walk => "walk",
            Self::Drawn => "drawn",
        }
    }

    /// On screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::Sine => "3 sin x",
            Self::Step => "a step at 0",
            Self::Absolute => "|x| − 2",
            Self::Bump => "a bump",
            Self::Walk => "a random walk",
            Self::Drawn => "drawn by hand",
        }
    }
}

/// The state.
#[derive(Clone, Debug, PartialEq)]
pub struct FitLab {
    /// What to approximate.
    pub target: Target,
    /// Hidden neurons.
    pub width: usize,
    /// Of the random walk, and of the initial weights.
    pub seed: u64,
    /// The curve drawn by hand, in tenths: [`DRAWN`] values.
    pub drawn: Vec<i32>,
    /// Whether the construction's hinges are plotted.
    pub hinges: bool,
    /// Knots of the construction, if some were moved by hand: all of them, from end to end. They count for as many
    /// neurons as they have pieces.
    pub knots: Option<Vec<(Decimal, Decimal)>>,
}

impl Default for FitLab {
    fn default() -> Self {
        Self { target: Target::Sine, width: 8, seed: 1, drawn: vec![0; DRAWN], hinges: false, knots: None }
    }
}

/// The largest and the root-mean-square difference from the target at [`MEASURED`] points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitError {
    /// Largest.
    pub largest: f64,
    /// Root mean square.
    pub rms: f64,
}

/// Training in the worker, as far as the page knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FitRun {
    /// Counts runs.
    pub id: u32,
    /// The curve and the neurons of the run under way, or the last.
    pub lab: Option<FitLab>,
    /// What was last heard.
    pub progress: Option<FitProgress>,
    /// Whether it is under way.
    pub is_running: bool,
    /// Whether the visitor wants it held, now and for the widths that wait.
    pub is_held: bool,
    /// Why it could not start.
    pub refused: Option<String>,
    /// Neurons and errors of runs that ended, for the curve that they were of.
    pub results: Vec<(usize, FitError)>,
    /// Widths still to be trained.
    pub queue: Vec<usize>,
}

/// x of point `index` of `count` equally spaced ones.
fn grid(index: usize, count: usize) -> f64 {
    RANGE.0 + (RANGE.1 - RANGE.0) * index as f64 / (count - 1) as f64
}

impl FitLab {
    /// The target as a function.
    pub fn curve(&self) -> impl Fn(f64) -> f64 + use<> {
        let target = self.target;
        let values: Vec<f64> = match target {
            Target::Walk => {
                let mut rng = rng(self.seed, Purpose::Draw, 3);
                let mut height = 0.0;
                let step = |_| {
                    height += rng.random_range(-1.0..1.0) * 0.6;
                    height
                };
                (0..DRAWN).map(step).collect()
            }
            Target::Drawn => self.drawn.iter().map(|&tenths| f64::from(tenths) / 10.0).collect(),
            _ => Vec::new(),
        };
        move |x| match target {
            Target::Sine => 3.0 * x.sin(),
            Target::Step => {
                if x < 0.0 {
                    -2.0
                } else {
                    2.0
                }
            }
            Target::Absolute => x.abs() - 2.0,
            Target::Bump => 4.0 * (-x * x).exp() - 1.0,
            Target::Walk | Target::Drawn => {
                let at = ((x - RANGE.0) / (RANGE.1 - RANGE.0)).clamp(0.0, 1.0) * (DRAWN - 1) as f64;
                let left = (at.floor() as usize).min(DRAWN - 2);
                values[left] + (values[left + 1] - values[left]) * (at - left as f64)
            }
        }
    }

    /// Takes another curve.
    pub fn set_target(&mut self, target: Target) {
        self.target = target;
        self.knots = None;
    }

    /// Takes another number of neurons.
    pub fn set_width(&mut self, width: usize) {
        self.width = width;
        self.knots = None;
    }

    /// Takes another seed, and with it another random walk.
    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
        self.knots = None;
    }

    /// A flat curve to draw on.
    pub fn clear(&mut self) {
        self.set_target(Target::Drawn);
        self.drawn.fill(0);
    }

    /// Puts a knot of the construction elsewhere, between its neighbours.
    pub(super) fn move_knot(&mut self, index: usize, to: (Decimal, Decimal)) {
        let points = || self.points(self.width).iter().map(|(x, y)| Some((typed(x)?, typed(y)?))).collect();
        let mut knots: Option<Vec<(Decimal, Decimal)>> =
            self.knots.clone().filter(|knots| knots.len() == self.width + 1).or_else(points);
        if let Some(slot) = knots.as_mut().and_then(|knots| knots.get_mut(index)) {
            *slot = to;
        }
        self.knots = knots;
    }

    /// Draws by hand: from the point drawn last, if there is one, to this one. Anything else becomes a drawing first.
    pub fn draw(&mut self, from: Option<(f64, f64)>, to: (f64, f64)) {
        self.knots = None;
        if self.target != Target::Drawn {
            let curve = self.curve();
            self.drawn = (0..DRAWN).map(|index| tenths(curve(grid(index, DRAWN)))).collect();
            self.target = Target::Drawn;
        }
        let index =
            |x: f64| ((x - RANGE.0) / (RANGE.1 - RANGE.0) * (DRAWN - 1) as f64).round().clamp(0.0, (DRAWN - 1) as f64);
        let from = from.unwrap_or(to);
        let (a, b) = (index(from.0), index(to.0));
        let (low, high) = (a.min(b) as usize, a.max(b) as usize);
        for at in low..=high {
            let share = if a == b { 1.0 } else { (at as f64 - a) / (b - a) };
            self.drawn[at] = tenths(from.1 + (to.1 - from.1) * share);
        }
    }

    /// The points that the construction with `width` neurons goes through: those moved by hand, or equally spaced ones,
    /// heights rounded to four places.
    pub fn points(&self, width: usize) -> Vec<(Rational, Rational)> {
        if let Some(knots) = self.knots.as_ref().filter(|knots| width == self.width && knots.len() == width + 1) {
            return knots.iter().map(|(x, y)| (x.to_rational(), y.to_rational())).collect();
        }
        let curve = self.curve();
        let point = |index: usize| {
            let x = Rational::new((10 * index as i64).into(), (width as i64).into()) - Rational::from_integer(5.into());
            let y = Decimal::round(curve(to_f64(&x)), 4).unwrap_or_default().to_rational();
            (x, y)
        };
        (0..=width).map(point).collect()
    }

    /// The construction: one neuron a line between two points.
    pub fn construction(&self) -> Net {
        interpolation(&self.points(self.width))
    }

    /// The construction with six places a parameter, for the function lab; `None` if that lab has no such width.
    pub fn construction_parameters(&self) -> Option<Parameters> {
        let fits = super::network::WIDTHS.contains(&self.width);
        fits.then(|| Parameters::from_net(&self.construction(), 6)).flatten()
    }

    /// How far a function is from the target.
    pub fn error(&self, f: impl Fn(f64) -> f64) -> FitError {
        let curve = self.curve();
        let differences = (0..MEASURED).map(|index| grid(index, MEASURED)).map(|x| f(x) - curve(x));
        let (largest, squares) =
            differences.fold((0.0, 0.0), |(largest, squares): (f64, f64), d| (largest.max(d.abs()), squares + d * d));
        FitError { largest, rms: (squares / MEASURED as f64).sqrt() }
    }

    /// The construction's error with `width` neurons.
    pub fn construction_error(&self, width: usize) -> FitError {
        let points: Vec<(f64, f64)> = self.points(width).iter().map(|(x, y)| (to_f64(x), to_f64(y))).collect();
        self.error(|x| {
            let right = points.partition_point(|point| point.0 <= x).clamp(1, points.len() - 1);
            let (a, b) = (points[right - 1], points[right]);
            a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0)
        })
    }

    /// What the worker is to learn.
    pub fn problem(&self) -> FitProblem {
        let curve = self.curve();
        let xs: Vec<f64> = (0..LEARNED).map(|index| grid(index, LEARNED)).collect();
        FitProblem { ys: xs.iter().map(|&x| curve(x)).collect(), xs, width: self.width, seed: self.seed, steps: STEPS }
    }

    /// As text for an address.
    pub fn encode(&self) -> String {
        let mut text = format!("target={}&k={}&seed={}", self.target.word(), self.width, self.seed);
        if self.target == Target::Drawn {
            let values: Vec<_> = self.drawn.iter().map(i32::to_string).collect();
            text += &format!("&curve={}", values.join(","));
        }
        if let Some(knots) = &self.knots {
            let values: Vec<_> = knots.iter().map(|(x, y)| format!("{x},{y}")).collect();
            text += &format!("&knots={}", values.join(","));
        }
        text
    }

    /// What [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    /// If it is none of that.
    pub fn decode(text: &str) -> Result<Self, LinkError> {
        let broken = |name: &str| LinkError::Shape(name.into());
        let word = part(text, "target").ok_or_else(|| broken("target"))?;
        let target = Target::ALL.into_iter().find(|target| target.word() == word).ok_or_else(|| broken("target"))?;
        let number =
            |name: &str| part(text, name).and_then(|text| text.parse::<u64>().ok()).ok_or_else(|| broken(name));
        let width = usize::try_from(number("k")?).ok().filter(|k| WIDTHS.contains(k)).ok_or_else(|| broken("k"))?;
        let mut lab = Self { target, width, seed: number("seed")?, ..Self::default() };
        if target == Target::Drawn {
            let curve = numbers(text, "curve")?;
            if curve.len() != DRAWN {
                return Err(broken("curve"));
            }
            lab.drawn = curve.iter().map(|value| value.to_f64().round() as i32).collect();
        }
        if part(text, "knots").is_some() {
            let knots: Vec<_> = numbers(text, "knots")?.chunks(2).map(<[_]>::to_vec).collect();
            let pairs: Option<Vec<_>> = knots.iter().map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect();
            let xs =
                |knots: &Vec<(Decimal, Decimal)>| knots.iter().map(|knot| knot.0.to_rational()).collect::<Vec<_>>();
            let ends = lab.points(width);
            let is_right = |knots: &Vec<(Decimal, Decimal)>| {
                let xs = xs(knots);
                let reaches =
                    xs.first() == ends.first().map(|end| &end.0) && xs.last() == ends.last().map(|end| &end.0);
                xs.len() == width + 1 && reaches && xs.is_sorted_by(|a, b| a < b)
            };
            lab.knots = Some(pairs.filter(is_right).ok_or_else(|| broken("knots"))?);
        }
        Ok(lab)
    }
}

fn tenths(value: f64) -> i32 {
    (value * 10.0).round().clamp(-1000.0, 1000.0) as i32
}

impl FitRun {
    /// Notes that a run of these is to start; results of another curve are forgotten. Returns its id.
    pub fn start(&mut self, lab: &FitLab) -> u32 {
        let same = |old: &FitLab| old.target == lab.target && old.drawn == lab.drawn && old.seed == lab.seed;
        if !self.lab.as_ref().is_some_and(same) {
            self.results.clear();
        }
        let was_running = self.is_running;
        self.id += 1;
        self.lab = Some(lab.clone());
        self.progress = None;
        self.refused = None;
        if !was_running {
            self.is_held = false;
        }
        self.is_running = true;
        self.id
    }

    /// Takes what the worker says. Returns whether a run has just ended.
    pub fn apply(&mut self, event: &Event) -> bool {
        match event {
            Event::Fit(progress) if progress.id == self.id => {
                let was_running = self.is_running;
                self.is_running = !progress.is_over || !self.queue.is_empty();
                self.progress = Some((**progress).clone());
                if let (Some(lab), true) = (&self.lab, progress.is_over && was_running) {
                    let error = lab.error(|x| progress.net.at(x));
                    self.results.retain(|(width, _)| *width != lab.width);
                    self.results.push((lab.width, error));
                    self.results.sort_by_key(|result| result.0);
                    return true;
                }
            }
            Event::Refused { about: crate::protocol::About::Fit, message } => {
                self.is_running = false;
                self.queue.clear();
                self.refused = Some(message.clone());
            }
            Event::Crashed { .. } if self.is_running => {
                self.is_running = false;
                self.queue.clear();
                self.refused = Some("The worker was lost, and with it this training. Start it again.".into());
            }
            // The page says why, and has a button to try again.
            Event::Unavailable { .. } => {
                self.is_running = false;
                self.queue.clear();
            }
            _ => {}
        }
        false
    }

    /// The network as it is now.
    pub fn net(&self) -> Option<&FittedNet> {
        self.progress.as_ref().map(|progress| &progress.net)
    }
}
