//! Networks with one input that do something on purpose.

use num_bigint::BigUint;
use num_traits::{One, Zero};

use super::{Layer, Net, Rational};

fn q(numerator: i64, denominator: i64) -> Rational {
    Rational::new(numerator.into(), denominator.into())
}

fn whole(values: &[i64]) -> Vec<Rational> {
    values.iter().map(|&value| q(value, 1)).collect()
}

/// Some layers as a function of one number u on 0 ≤ u ≤ `length`, their outputs combined to one number again, the next
/// u: a fold, which runs through the whole of 0 … 1 several times.
struct Fold {
    length: i64,
    /// The first takes u.
    layers: Vec<Layer>,
    /// Weights and constant of the combination.
    weights: Vec<Rational>,
    constant: Rational,
    bends: Bends,
}

/// Where a fold bends, and where it goes beyond.
#[derive(Clone, Copy)]
struct Bends {
    /// Times that it runs through 0 … 1.
    runs: usize,
    /// Bends at 0 or below.
    low: usize,
    /// Bends between ¼ and ¾, where the fold runs on.
    middle: usize,
    /// Bends at 1.
    high: usize,
    /// Where it goes left and right of all bends.
    ends: [End; 2],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Low,
    High,
    /// Nowhere: it is constant.
    Flat,
}

/// What a function of u does: its bends, and whether it is sloped at the low and at the high end of u.
struct Tally {
    bends: BigUint,
    low: bool,
    high: bool,
}

/// A network of these hidden widths, none of them 0, with many linear regions: [`regions`] says how many, and for many widths it is the
/// most there can be, [`bounds::max_regions`](super::bounds::max_regions). Its bends are in −5 < x < 5.
///
/// The layers are folds, each applied to the one number that the fold before it makes:
///
/// - *Three neurons or more* make a zigzag of k + 1 sides. Its slopes +1, −½, +½, … need one neuron that opens to the
///   left, the third, and k − 1 that open to the right.
/// - *Two layers of two* make six sides. The first takes u to a path in the plane, (−u, 0) … (1 − u, u) … (0, u), which
///   bends twice, to the same side. The second lays a cap and a cup over it, relu(7 − 6·h₁ − 5·h₂) and
///   relu(3·h₁ + h₂ − 2), whose sum falls and rises again on each of the three stretches.
/// - *Two neurons* make two sides with a flat stretch between.
/// - *One neuron* cuts off one end, a second such layer the other; more in a row do nothing.
///
/// All weights are decimals with one place.
pub fn most_regions(hidden_widths: &[usize]) -> Net {
    let folds = folds(hidden_widths);
    let mut layers: Vec<Layer> = Vec::new();
    // u as a combination of what the layers so far give: at first of x, from 0 to the length for x from −5 to 5.
    let first = folds.first().map_or(4, |fold| fold.length);
    let shift = if folds.is_empty() { Rational::zero() } else { q(first, 2) };
    let (mut weights, mut constant) = (vec![q(first, 10)], shift);
    for (index, fold) in folds.iter().enumerate() {
        let mut inner = fold.layers.iter().cloned();
        layers.extend(inner.next().map(|layer| Layer {
            bias: layer.weights.iter().zip(&layer.bias).map(|(row, bias)| bias + &row[0] * &constant).collect(),
            weights: layer.weights.iter().map(|row| weights.iter().map(|w| w * &row[0]).collect()).collect(),
        }));
        layers.extend(inner);
        // The output runs from −2 to 2.
        let (height, shift) = folds.get(index + 1).map_or((4, -2), |next| (next.length, 0));
        weights = fold.weights.iter().map(|weight| weight * q(height, 1)).collect();
        constant = &fold.constant * q(height, 1) + q(shift, 1);
    }
    layers.push(Layer { weights: vec![weights], bias: vec![constant] });
    net(layers)
}

/// How many linear regions the network of [`most_regions`] has: so many are possible.
pub fn regions(hidden_widths: &[usize]) -> BigUint {
    // From the last fold back: the output is a sloped function of the last one's number.
    let mut tally = Tally { bends: BigUint::zero(), low: true, high: true };
    for fold in folds(hidden_widths).iter().rev() {
        let Bends { runs, low, middle, high, ends } = fold.bends;
        let seen = |is_sloped: bool, count: usize| if is_sloped { count } else { 0 };
        let turns = middle + seen(tally.low, low) + seen(tally.high, high);
        let is_sloped = |end: End| match end {
            End::Low => tally.low,
            End::High => tally.high,
            End::Flat => false,
        };
        let [low, high] = ends.map(is_sloped);
        tally = Tally { bends: tally.bends * runs + turns, low, high };
    }
    tally.bends + 1_u32
}

/// The hidden layers as folds.
fn folds(hidden_widths: &[usize]) -> Vec<Fold> {
    let mut folds: Vec<Fold> = Vec::new();
    let mut rest = hidden_widths;
    while let Some(&width) = rest.first() {
        let alike = rest.iter().take_while(|&&other| other == width).count();
        let taken = match width {
            1 => alike,
            2 => alike.min(2),
            _ => 1,
        };
        let after = &rest[taken..];
        folds.push(match (width, taken) {
            (1, 1) => {
                // What is kept is the end where the fold before bends more often.
                let keeps_low = folds.last().is_some_and(|before| before.bends.low > before.bends.high);
                Fold::one(keeps_low)
            }
            (1, _) => Fold::ones(taken),
            (2, 2) => Fold::pair(),
            (2, _) if after.len() >= 2 && after.iter().all(|&width| width == 1) => Fold::slanted(),
            (2, _) => Fold::two(),
            _ => Fold::zigzag(width),
        });
        rest = after;
    }
    folds
}

impl Fold {
    /// A fold by one layer of neurons relu(sign·(u − at)).
    fn of(length: i64, hinges: &[(i64, Rational)], weights: Vec<Rational>, constant: Rational, bends: Bends) -> Self {
        let layer = Layer {
            weights: hinges.iter().map(|(sign, _)| vec![q(*sign, 1)]).collect(),
            bias: hinges.iter().map(|(sign, at)| -at * q(*sign, 1)).collect(),
        };
        Self { length, layers: vec![layer], weights, constant, bends }
    }

    /// k + 1 sides, k ≥ 3. The kinks are at 1, 3, …, at 1 and 0 in turn.
    fn zigzag(width: usize) -> Self {
        let k = width as i64;
        let hinges: Vec<_> = (1..=k).map(|j| (if j == 3 { -1 } else { 1 }, q(2 * j - 1, 1))).collect();
        // Changes of slope: from +1 to −1/2, to +1/2, to −1/2, ….
        let change = |j: i64| if j == 1 { q(-3, 2) } else { q(if j % 2 == 0 { 1 } else { -1 }, 1) };
        let right = if width.is_multiple_of(2) { End::High } else { End::Low };
        let bends =
            Bends { runs: width + 1, low: width / 2, middle: 0, high: width.div_ceil(2), ends: [End::Low, right] };
        Self::of(2 * k + 1, &hinges, (1..=k).map(change).collect(), q(5, 1), bends)
    }

    /// Down to 0, level, and up again.
    fn two() -> Self {
        let bends = Bends { runs: 2, low: 2, middle: 0, high: 0, ends: [End::High; 2] };
        Self::of(5, &[(1, q(3, 1)), (-1, q(2, 1))], vec![q(1, 2); 2], Rational::zero(), bends)
    }

    /// Down to ½, down more slowly to 0, and up: of use before two layers that cut off both ends.
    fn slanted() -> Self {
        let bends = Bends { runs: 2, low: 1, middle: 1, high: 0, ends: [End::High; 2] };
        Self::of(7, &[(1, q(1, 1)), (-1, q(3, 1))], vec![q(1, 4), q(1, 2)], q(-1, 2), bends)
    }

    /// Two layers of two. The path bends where u is ½ and 1½; cap + cup is 1½ and 2 by turns, and 0 on the last stretch.
    fn pair() -> Self {
        let path = Layer { weights: vec![whole(&[-1]), whole(&[1])], bias: vec![q(3, 2), q(-1, 2)] };
        let cap_and_cup = Layer { weights: vec![whole(&[-6, -5]), whole(&[3, 1])], bias: whole(&[7, -2]) };
        let bends = Bends { runs: 6, low: 4, middle: 0, high: 2, ends: [End::High; 2] };
        Self { length: 5, layers: vec![path, cap_and_cup], weights: whole(&[2, 2]), constant: q(-3, 1), bends }
    }

    /// 0 up to u = 1, then up; or, to keep what is low, down to 0 at u = 2, where the number before is turned round.
    fn one(keeps_low: bool) -> Self {
        let hinge = if keeps_low { (-1, q(2, 1)) } else { (1, q(1, 1)) };
        let ends = if keeps_low { [End::High, End::Flat] } else { [End::Flat, End::High] };
        let bends = Bends { runs: 1, low: 1, middle: 0, high: 0, ends };
        Self::of(3, &[hinge], vec![q(1, 2)], Rational::zero(), bends)
    }

    /// Level up to u = 1 and from u = 3 on, rising between; two layers or more.
    fn ones(layers: usize) -> Self {
        let neuron = |weight: i64, bias: i64| Layer { weights: vec![whole(&[weight])], bias: whole(&[bias]) };
        let mut all = vec![neuron(1, -1), neuron(-1, 2)];
        all.resize(layers, neuron(1, 0));
        let bends = Bends { runs: 1, low: 1, middle: 0, high: 1, ends: [End::Flat; 2] };
        Self { length: 4, layers: all, weights: vec![q(-1, 2)], constant: q(1, 1), bends }
    }
}

/// Telgarsky's sawtooth: on 0 ≤ x ≤ 1 the tent 2·relu(x) − 4·relu(x − ½), applied as often as there are hidden
/// layers, each of width 2: 2^(l−1) teeth' sides with l layers.
pub fn sawtooth(hidden_layers: usize) -> Net {
    let tent = [q(2, 1), q(-4, 1)];
    let mut layers = Vec::new();
    for index in 0..hidden_layers {
        let input = if index == 0 { vec![q(1, 1)] } else { tent.to_vec() };
        layers.push(Layer { weights: vec![input.clone(), input], bias: vec![q(0, 1), q(-1, 2)] });
    }
    layers.push(Layer {
        weights: vec![if hidden_layers == 0 { vec![q(1, 1)] } else { tent.to_vec() }],
        bias: vec![q(0, 1)],
    });
    net(layers)
}

/// The network with one hidden layer that goes through these points, in straight lines from one to the next:
/// b₂ + Σ cᵢ·relu(x − xᵢ), one neuron a line; left of the first point it is constant. The xs must rise.
///
/// # Panics
/// If there is no point.
pub fn interpolation(points: &[(Rational, Rational)]) -> Net {
    let start = points.first().expect("at least one point");
    let mut slope = Rational::zero();
    let mut first = Layer { weights: Vec::new(), bias: Vec::new() };
    let mut changes = Vec::new();
    for pair in points.windows(2) {
        let next = (&pair[1].1 - &pair[0].1) / (&pair[1].0 - &pair[0].0);
        first.weights.push(vec![Rational::one()]);
        first.bias.push(-&pair[0].0);
        changes.push(&next - &slope);
        slope = next;
    }
    net(vec![first, Layer { weights: vec![changes], bias: vec![start.1.clone()] }])
}

fn net(layers: Vec<Layer>) -> Net {
    Net::new(layers).expect("shapes fit by construction")
}
