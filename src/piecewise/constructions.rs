//! Networks with one input that do something on purpose.

use num_traits::{One, Zero};

use super::{Layer, Net, Rational};

fn q(numerator: i64, denominator: i64) -> Rational {
    Rational::new(numerator.into(), denominator.into())
}

/// A neuron of the chain: the way it opens, +1 or −1, and the u at which it is 0.
type Hinge = (i64, Rational);

/// A hidden layer as a function of one number u on 0 ≤ u ≤ `length`, and a fold: a combination of its neurons
/// that runs through the whole of 0 … 1 on as many stretches as it can.
struct Folded {
    length: i64,
    hinges: Vec<Hinge>,
    /// Weights and constant of the fold.
    weights: Vec<Rational>,
    constant: Rational,
}

/// A network of these hidden widths with as many linear regions as they allow, where that bound is attained
/// ([`bounds::is_attained`](super::bounds::is_attained)); many, where not. Its bends are in −5 < x < 5.
///
/// Each layer computes a zigzag of the layer before: all its neurons bend at different values of one number u, and
/// the next layer's u is a combination of them that goes from one end of its range to the other on each of the
/// k + 1 stretches. So each stretch of x is cut k + 1 times as fine by every layer. The slopes +2, −1, +1, −1, …
/// of such a zigzag need one neuron that opens to the left, the third, and k − 1 that open to the right; hence
/// the condition k ≥ 3. With two neurons the fold is |u|, with one a ramp. All weights are decimals with one place.
pub fn most_regions(hidden_widths: &[usize]) -> Net {
    let Some((&last, before)) = hidden_widths.split_last() else {
        return net(vec![Layer { weights: vec![vec![Rational::one()]], bias: vec![Rational::zero()] }]);
    };
    let mut folded: Vec<Folded> = before.iter().map(|&width| Folded::new(width)).collect();
    folded.push(Folded::last(last));

    let mut layers = Vec::new();
    // u as a combination of the inputs of the layer: at first of x, from 0 to the length for x from −5 to 5.
    let mut weights = vec![q(folded[0].length, 10)];
    let mut constant = q(folded[0].length, 2);
    for (index, layer) in folded.iter().enumerate() {
        let of = |sign: i64, weight: &Rational| weight * q(sign, 1);
        layers.push(Layer {
            weights: layer.hinges.iter().map(|(sign, _)| weights.iter().map(|w| of(*sign, w)).collect()).collect(),
            bias: layer.hinges.iter().map(|(sign, at)| of(*sign, &(&constant - at))).collect(),
        });
        // The output runs from −2 to 2.
        let (height, shift) = folded.get(index + 1).map_or((4, -2), |next| (next.length, 0));
        weights = layer.weights.iter().map(|weight| weight * q(height, 1)).collect();
        constant = &layer.constant * q(height, 1) + q(shift, 1);
    }
    layers.push(Layer { weights: vec![weights], bias: vec![constant] });
    net(layers)
}

impl Folded {
    fn new(width: usize) -> Self {
        let k = width as i64;
        let length = 2 * k + 1;
        match width {
            0 | 1 => Self {
                length,
                hinges: vec![(1, q(1, 1)); width],
                weights: vec![q(1, 2); width],
                constant: Rational::zero(),
            },
            2 => Self {
                length,
                hinges: vec![(1, q(5, 2)), (-1, q(5, 2))],
                weights: vec![q(2, 5); 2],
                constant: Rational::zero(),
            },
            _ => Self {
                length,
                hinges: (1..=k).map(|j| (if j == 3 { -1 } else { 1 }, q(2 * j - 1, 1))).collect(),
                // Changes of slope: from +1 to −1/2, to +1/2, to −1/2, ….
                weights: (1..=k)
                    .map(|j| if j == 1 { q(-3, 2) } else { q(if j % 2 == 0 { 1 } else { -1 }, 1) })
                    .collect(),
                constant: q(5, 1),
            },
        }
    }

    /// The last hidden layer need not fold, only bend, and be flat nowhere where the layers before fold.
    fn last(width: usize) -> Self {
        match width {
            2 => Self {
                length: 5,
                hinges: vec![(1, q(1, 1)), (-1, q(3, 1))],
                weights: vec![q(1, 4); 2],
                constant: Rational::zero(),
            },
            _ => Self::new(width),
        }
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
