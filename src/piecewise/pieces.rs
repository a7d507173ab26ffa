//! The pieces and kinks of a network's function.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{CheckedAdd, CheckedMul, One, Signed, ToPrimitive, Zero};

use super::{Layer, Net, Rational, to_f64};

/// An interval of the line; `None` stands for the end at infinity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Left end, or `None` for −∞.
    pub start: Option<Rational>,
    /// Right end, or `None` for +∞.
    pub end: Option<Rational>,
}

/// A maximal interval on which f(x) = slope·x + intercept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where.
    pub interval: Interval,
    /// Slope.
    pub slope: Rational,
    /// Value of the line at x = 0, which need not be in the interval.
    pub intercept: Rational,
}

/// A neuron that crosses zero: hidden layer and row, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bend {
    /// Hidden layer, from 1.
    pub layer: usize,
    /// Row of that layer's matrix, from 1.
    pub neuron: usize,
}

/// A point where f is not differentiable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kink {
    /// Where.
    pub x: Rational,
    /// f there.
    pub y: Rational,
    /// The neurons that bend there and whose output f depends on, left or right of it: without them, no kink.
    pub bends: Vec<Bend>,
}

/// A continuous piecewise-linear function: its pieces from left to right and the kinks between them.
///
/// There are no discontinuities to list: sums, multiples and maxima of continuous functions are continuous.
#[derive(Clone, Debug, PartialEq)]
pub struct Pieces {
    pieces: Vec<Piece>,
    kinks: Vec<Kink>,
    cuts: Vec<f64>,
    /// Which hidden neurons are positive anywhere, layer by layer.
    live: Vec<Vec<bool>>,
}

/// The search for a network's pieces, in steps.
///
/// Layer by layer, the line is kept cut so finely that every neuron so far is affine on each cell; a layer's
/// pre-activations are then affine too, and cut a cell only where they cross zero inside it. At the end, cells
/// that continue each other's line are merged: bends that cancel are no kinks.
///
/// Each layer's numbers are scaled to integers, first of 128 bits. If one does not fit, the work starts again
/// with integers of any size.
#[derive(Clone, Debug)]
pub struct Analysis {
    work: Work,
}

#[derive(Clone, Debug)]
enum Work {
    Small(Search<i128>, Net),
    Large(Search<BigInt>),
}

/// An integer type, whose operations may say that a result does not fit.
trait Whole: Clone + Ord + Zero + Signed + CheckedAdd + CheckedMul {
    fn from_big(value: &BigInt) -> Option<Self>;
    fn to_big(&self) -> BigInt;
}

impl Whole for i128 {
    fn from_big(value: &BigInt) -> Option<Self> {
        value.to_i128()
    }

    fn to_big(&self) -> BigInt {
        BigInt::from(*self)
    }
}

impl Whole for BigInt {
    fn from_big(value: &BigInt) -> Option<Self> {
        Some(value.clone())
    }

    fn to_big(&self) -> BigInt {
        self.clone()
    }
}

/// slope·x + intercept, both times the layer's scale.
#[derive(Clone, Debug)]
struct Affine<T> {
    slope: T,
    intercept: T,
}

/// The number p/q, q > 0, not in lowest terms.
#[derive(Clone, Debug)]
struct Point<T> {
    p: T,
    q: T,
}

/// A breakpoint of the partition, with the neurons that cross zero at it.
#[derive(Clone, Debug)]
struct Break<T> {
    x: Point<T>,
    bends: Vec<Bend>,
}

/// A layer in integers: `weights` times the layer's own scale, `bias` times all scales so far.
#[derive(Clone, Debug)]
struct WholeLayer<T> {
    weights: Vec<Vec<T>>,
    bias: Vec<T>,
}

/// What each neuron puts out on one cell; `None` is 0.
type Signals<T> = Vec<Option<Affine<T>>>;

#[derive(Clone, Debug)]
struct Search<T> {
    /// Last layer included.
    layers: Vec<WholeLayer<T>>,
    /// Of the output.
    scale: BigInt,
    /// Layers done.
    done: usize,
    /// Between the cells that the layers done have cut.
    breaks: Vec<Break<T>>,
    /// One a cell.
    signals: Vec<Signals<T>>,
    /// Which neurons of the hidden layers done are live, one after the other; one list a cell.
    live: Vec<Vec<bool>>,
    /// Cells done by the layer under way, and what it has made of them.
    cell: usize,
    next_breaks: Vec<Break<T>>,
    next_signals: Vec<Signals<T>>,
    next_live: Vec<Vec<bool>>,
}

/// A number that does not fit.
struct Overflow;

fn sum<T: Whole>(a: &T, b: &T) -> Result<T, Overflow> {
    a.checked_add(b).ok_or(Overflow)
}

fn product<T: Whole>(a: &T, b: &T) -> Result<T, Overflow> {
    a.checked_mul(b).ok_or(Overflow)
}

fn sign<T: Whole>(value: &T) -> i8 {
    i8::from(value.is_positive()) - i8::from(value.is_negative())
}

impl<T: Whole> Affine<T> {
    /// The sign at a point.
    fn sign_at(&self, x: &Point<T>) -> Result<i8, Overflow> {
        Ok(sign(&sum(&product(&self.slope, &x.p)?, &product(&self.intercept, &x.q)?)?))
    }

    /// The sign towards an end of the line: −1 or 1.
    fn sign_towards(&self, end: i8) -> i8 {
        if self.slope.is_zero() { sign(&self.intercept) } else { end * sign(&self.slope) }
    }

    /// The zero; the slope must not be 0.
    fn root(&self) -> Point<T> {
        if self.slope.is_negative() {
            Point { p: self.intercept.clone(), q: -self.slope.clone() }
        } else {
            Point { p: -self.intercept.clone(), q: self.slope.clone() }
        }
    }
}

impl<T: Whole> Point<T> {
    fn order(&self, other: &Self) -> Result<std::cmp::Ordering, Overflow> {
        Ok(product(&self.p, &other.q)?.cmp(&product(&other.p, &self.q)?))
    }

    fn to_rational(&self) -> Rational {
        Rational::new(self.p.to_big(), self.q.to_big())
    }
}

impl<T: Whole> Search<T> {
    fn new(net: &Net) -> Result<Self, Overflow> {
        let mut scale = BigInt::one();
        let mut layers = Vec::new();
        for layer in net.layers() {
            let own = common_denominator(layer);
            scale *= &own;
            let whole = |value: &Rational, scale: &BigInt| {
                T::from_big(&(value.numer() * (scale / value.denom()))).ok_or(Overflow)
            };
            let row = |row: &Vec<Rational>| row.iter().map(|weight| whole(weight, &own)).collect();
            layers.push(WholeLayer {
                weights: layer.weights.iter().map(row).collect::<Result<_, _>>()?,
                bias: layer.bias.iter().map(|bias| whole(bias, &scale)).collect::<Result<_, _>>()?,
            });
        }
        let one = T::from_big(&BigInt::one()).ok_or(Overflow)?;
        Ok(Self {
            layers,
            scale,
            done: 0,
            breaks: Vec::new(),
            signals: vec![vec![Some(Affine { slope: one, intercept: T::zero() })]],
            live: vec![Vec::new()],
            cell: 0,
            next_breaks: Vec::new(),
            next_signals: Vec::new(),
            next_live: Vec::new(),
        })
    }

    /// One cell of one layer. Returns whether all is done.
    fn advance(&mut self) -> Result<bool, Overflow> {
        if self.done == self.layers.len() {
            return Ok(true);
        }
        let is_output = self.done + 1 == self.layers.len();
        let sums = self.layers[self.done].apply(&self.signals[self.cell])?;
        if is_output {
            self.next_signals.push(sums.into_iter().map(Some).collect());
            self.next_live.push(std::mem::take(&mut self.live[self.cell]));
            self.next_breaks.extend(self.breaks.get(self.cell).cloned());
        } else {
            self.cut(sums)?;
        }
        self.cell += 1;
        if self.cell == self.signals.len() {
            self.breaks = std::mem::take(&mut self.next_breaks);
            self.signals = std::mem::take(&mut self.next_signals);
            self.live = std::mem::take(&mut self.next_live);
            self.cell = 0;
            self.done += 1;
        }
        Ok(self.done == self.layers.len())
    }

    /// Cuts the cell where these pre-activations cross zero inside it, and rectifies them on each part.
    fn cut(&mut self, sums: Vec<Affine<T>>) -> Result<(), Overflow> {
        let layer = self.done + 1;
        let (left, right) = (self.cell.checked_sub(1).map(|i| &self.breaks[i]), self.breaks.get(self.cell));
        let mut signs = Vec::with_capacity(sums.len());
        let mut crossings: Vec<Break<T>> = Vec::new();
        // For each neuron that crosses, after how many of the crossings.
        let mut crossing_of: Vec<Option<Point<T>>> = Vec::with_capacity(sums.len());
        for (row, sum) in sums.iter().enumerate() {
            let at_left = left.map_or(Ok(sum.sign_towards(-1)), |at| sum.sign_at(&at.x))?;
            let at_right = right.map_or(Ok(sum.sign_towards(1)), |at| sum.sign_at(&at.x))?;
            signs.push((at_left, at_right));
            if at_left * at_right >= 0 {
                crossing_of.push(None);
                continue;
            }
            let x = sum.root();
            let bend = Bend { layer, neuron: row + 1 };
            let mut at = crossings.len();
            let mut is_there = false;
            while at > 0 && !is_there {
                match crossings[at - 1].x.order(&x)? {
                    std::cmp::Ordering::Less => break,
                    std::cmp::Ordering::Equal => is_there = true,
                    std::cmp::Ordering::Greater => at -= 1,
                }
            }
            if is_there {
                crossings[at - 1].bends.push(bend);
            } else {
                crossings.insert(at, Break { x: x.clone(), bends: vec![bend] });
            }
            crossing_of.push(Some(x));
        }
        // live[j]: whether the neuron is positive on the part before crossing j.
        let first_part = self.next_signals.len();
        for part in 0..=crossings.len() {
            let mut signals = Vec::with_capacity(sums.len());
            for ((sum, &(at_left, at_right)), crosses) in sums.iter().zip(&signs).zip(&crossing_of) {
                let is_live = match crosses {
                    None => at_left > 0 || at_right > 0,
                    Some(x) => {
                        // The part lies left of the neuron's zero if the crossing that ends it does not lie beyond.
                        let is_left = match crossings.get(part) {
                            None => false,
                            Some(end) => end.x.order(x)? != std::cmp::Ordering::Greater,
                        };
                        if is_left { at_left > 0 } else { at_right > 0 }
                    }
                };
                signals.push(is_live.then(|| sum.clone()));
            }
            let live = signals.iter().map(Option::is_some);
            self.next_live.push(self.live[self.cell].iter().copied().chain(live).collect());
            self.next_signals.push(signals);
        }
        // A neuron can also bend exactly on a break that an earlier layer made: live on one side only.
        if let (Some(before), Some(at)) = (first_part.checked_sub(1), self.next_breaks.last_mut()) {
            let sides = self.next_signals[before].iter().zip(&self.next_signals[first_part]);
            for (row, (left, right)) in sides.enumerate() {
                if left.is_some() != right.is_some() {
                    at.bends.push(Bend { layer, neuron: row + 1 });
                }
            }
        }
        self.next_breaks.extend(crossings);
        self.next_breaks.extend(right.cloned());
        Ok(())
    }

    fn finish(self) -> Pieces {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut kinks = Vec::new();
        let mut cuts = Vec::new();
        let mut before: Option<&Affine<T>> = None;
        let mut breaks = self.breaks.iter();
        let mut left: Option<&Break<T>> = None;
        for (cell, signals) in self.signals.iter().enumerate() {
            let Some(Some(output)) = signals.first() else { continue };
            if before.is_none_or(|b| b.slope != output.slope || b.intercept != output.intercept) {
                let over_scale = |value: &T| Rational::new(value.to_big(), self.scale.clone());
                let start = left.map(|at| at.x.to_rational());
                let piece = Piece {
                    interval: Interval { start: start.clone(), end: None },
                    slope: over_scale(&output.slope),
                    intercept: over_scale(&output.intercept),
                };
                if let (Some(x), Some(at)) = (start, left) {
                    if let Some(last) = pieces.last_mut() {
                        last.interval.end = Some(x.clone());
                    }
                    let sides = [cell - 1, cell].map(|cell| influence(&self.layers, &self.live[cell]));
                    let counts = |bend: &&Bend| sides.iter().any(|side| side[bend.layer - 1][bend.neuron - 1]);
                    let bends = at.bends.iter().filter(counts).copied().collect();
                    kinks.push(Kink { y: piece.at(&x), x, bends });
                }
                pieces.push(piece);
                before = Some(output);
            }
            left = breaks.next();
            cuts.extend(left.map(|at| to_f64(&Rational::new_raw(at.x.p.to_big(), at.x.q.to_big()))));
        }
        let mut live: Vec<Vec<bool>> = Vec::new();
        let mut start = 0;
        for layer in &self.layers[..self.layers.len() - 1] {
            let rows = start..start + layer.bias.len();
            start = rows.end;
            live.push(rows.map(|row| self.live.iter().any(|cell| cell[row])).collect());
        }
        Pieces { pieces, kinks, cuts, live }
    }
}

/// For each neuron of the hidden layers whether f depends on its output, where these neurons are live.
fn influence<T: Whole>(layers: &[WholeLayer<T>], live: &[bool]) -> Vec<Vec<bool>> {
    let mut all = Vec::new();
    // The derivative of f by each output of a layer, from the last one back; up to a positive factor.
    let mut derivatives = vec![BigInt::one()];
    let mut end = live.len();
    for layer in layers[1..].iter().rev() {
        let mut before = vec![BigInt::zero(); layer.weights.first().map_or(0, Vec::len)];
        for (row, derivative) in layer.weights.iter().zip(&derivatives).filter(|(_, d)| !d.is_zero()) {
            for (total, weight) in before.iter_mut().zip(row).filter(|(_, weight)| !weight.is_zero()) {
                *total += weight.to_big() * derivative;
            }
        }
        all.push(before.iter().map(|derivative| !derivative.is_zero()).collect());
        let start = end - before.len();
        let is_live = live[start..end].iter();
        derivatives =
            before.into_iter().zip(is_live).map(|(d, &is_live)| if is_live { d } else { BigInt::zero() }).collect();
        end = start;
    }
    all.reverse();
    all
}

fn common_denominator(layer: &Layer) -> BigInt {
    let all = layer.weights.iter().flatten().chain(&layer.bias);
    all.fold(BigInt::one(), |common, value| common.lcm(value.denom()))
}

impl<T: Whole> WholeLayer<T> {
    fn apply(&self, inputs: &Signals<T>) -> Result<Vec<Affine<T>>, Overflow> {
        let neuron = |(row, bias): (&Vec<T>, &T)| {
            let mut total = Affine { slope: T::zero(), intercept: bias.clone() };
            for (weight, input) in row.iter().zip(inputs) {
                let Some(input) = input else { continue };
                if !weight.is_zero() {
                    total.slope = sum(&total.slope, &product(weight, &input.slope)?)?;
                    total.intercept = sum(&total.intercept, &product(weight, &input.intercept)?)?;
                }
            }
            Ok(total)
        };
        self.weights.iter().zip(&self.bias).map(neuron).collect()
    }
}

impl Analysis {
    /// Of a network with one input.
    pub fn new(net: &Net) -> Self {
        let work = match Search::new(net) {
            Ok(search) => Work::Small(search, net.clone()),
            Err(Overflow) => Self::large(net),
        };
        Self { work }
    }

    fn large(net: &Net) -> Work {
        match Search::new(net) {
            Ok(search) => Work::Large(search),
            Err(Overflow) => unreachable!("integers of any size always fit"),
        }
    }

    /// Does a small part of the work: one layer on one cell. Returns whether all is done.
    pub fn advance(&mut self) -> bool {
        match &mut self.work {
            Work::Small(search, net) => match search.advance() {
                Ok(is_done) => is_done,
                Err(Overflow) => {
                    self.work = Self::large(net);
                    false
                }
            },
            Work::Large(search) => match search.advance() {
                Ok(is_done) => is_done,
                Err(Overflow) => unreachable!("integers of any size always fit"),
            },
        }
    }

    /// The pieces. Does what is left of the work.
    pub fn finish(mut self) -> Pieces {
        while !self.advance() {}
        match self.work {
            Work::Small(search, _) => search.finish(),
            Work::Large(search) => search.finish(),
        }
    }
}

impl Interval {
    /// Whether x is strictly between the ends.
    pub fn contains_inside(&self, x: &Rational) -> bool {
        self.start.as_ref().is_none_or(|start| start < x) && self.end.as_ref().is_none_or(|end| x < end)
    }
}

impl Piece {
    /// slope·x + intercept, whether or not x is in the interval.
    pub fn at(&self, x: &Rational) -> Rational {
        &self.slope * x + &self.intercept
    }
}

impl Pieces {
    /// The pieces of a network's function, at once. [`Analysis`] does the same in steps.
    pub fn of(net: &Net) -> Self {
        Analysis::new(net).finish()
    }

    /// The pieces, left to right; at least one.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The kinks, left to right: one fewer than there are pieces.
    pub fn kinks(&self) -> &[Kink] {
        &self.kinks
    }

    /// Where any hidden neuron bends, left to right, also if f does not: for drawing neurons.
    pub fn cuts(&self) -> &[f64] {
        &self.cuts
    }

    /// Whether a neuron is positive anywhere on the line; one that is not is 0 everywhere.
    pub fn is_live(&self, neuron: Bend) -> bool {
        let row = |layer: &Vec<bool>| layer.get(neuron.neuron.checked_sub(1)?).copied();
        neuron.layer.checked_sub(1).and_then(|layer| row(self.live.get(layer)?)).unwrap_or(false)
    }

    /// The piece that holds x; at a kink, the one to its right.
    pub fn piece_at(&self, x: &Rational) -> &Piece {
        &self.pieces[self.kinks.partition_point(|kink| kink.x <= *x)]
    }
}
