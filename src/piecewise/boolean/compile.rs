//! From a boolean function to a ReLU network that is positive exactly where it is true.
//!
//! On bits, `a NAND b = 1 - relu(a + b - 1)`, and `relu(a) = a` carries a bit on: so a circuit of NANDs is a network,
//! a level of the circuit a hidden layer. That is functional completeness. The compact form has one hidden layer: a
//! neuron a prime implicant, or one a kink of a function of the number of true inputs, whichever is fewer.

use num_traits::{One, Zero};

use super::{Expression, Formula};
use crate::piecewise::{Layer, Net, Rational};

/// What the inputs are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// 0 and 1.
    #[default]
    Bits,
    /// −1 and 1.
    Signs,
}

/// How the network is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// One hidden layer.
    #[default]
    Compact,
    /// A circuit of NANDs, a layer a level.
    Nand,
}

/// A signal that is affine in the outputs of the layer before: `constant + Σ factor · output`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Signal {
    constant: Rational,
    factors: Vec<(usize, Rational)>,
}

/// A gate of the circuit: numbers below the variables' count are variables, others gates before.
type Gate = (Source, Source);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Constant(bool),
    Node(usize),
}

/// The network of a formula: positive at a row of its table if and only if the row is true.
pub fn compile(formula: &Formula, form: Form, encoding: Encoding) -> Net {
    let inputs = formula.variables.len();
    let mut layers = match form {
        Form::Compact => compact(inputs, &formula.table()),
        Form::Nand => nand_circuit(inputs, &formula.expression),
    };
    if encoding == Encoding::Signs {
        // bit = (sign + 1) / 2
        let half = Rational::new(1.into(), 2.into());
        let first = &mut layers[0];
        for (row, bias) in first.weights.iter_mut().zip(&mut first.bias) {
            for weight in row {
                *weight *= &half;
                *bias += &*weight;
            }
        }
    }
    Net::with_inputs(inputs, layers).expect("shapes fit by construction")
}

/// The rows of the table at which the network's sign is wrong; none, if it is right.
pub fn wrong_rows(net: &Net, table: &[bool], encoding: Encoding) -> Vec<usize> {
    let low = if encoding == Encoding::Bits { Rational::zero() } else { -Rational::one() };
    let is_wrong = |&row: &usize| {
        let bits = Formula::row_values(net.inputs(), row);
        let x: Vec<Rational> = bits.iter().map(|&bit| if bit { Rational::one() } else { low.clone() }).collect();
        (net.eval_at(&x) > Rational::zero()) != table[row]
    };
    (0..table.len()).filter(is_wrong).collect()
}

fn whole(value: i64) -> Rational {
    Rational::from_integer(value.into())
}

fn half() -> Rational {
    Rational::new(1.into(), 2.into())
}

/// One hidden layer: the fewer of the two constructions.
fn compact(inputs: usize, table: &[bool]) -> Vec<Layer> {
    let (cover, counts) = (cover_layers(inputs, table), count_layers(inputs, table));
    match counts {
        Some(counts) if counts[0].bias.len() < cover[0].bias.len() => counts,
        _ => cover,
    }
}

/// A set of rows that agree on some variables: `care` has a bit for each of these, `value` theirs.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Implicant {
    care: usize,
    value: usize,
}

impl Implicant {
    fn covers(self, row: usize) -> bool {
        row & self.care == self.value
    }
}

/// f = Σ over implicants relu(number of its literals that hold − (their number − 1)) − ½; of the function, or, with
/// the sign turned, of its negation if that needs fewer.
fn cover_layers(inputs: usize, table: &[bool]) -> Vec<Layer> {
    let negated: Vec<bool> = table.iter().map(|value| !value).collect();
    let (positive, negative) = (cover(inputs, table), cover(inputs, &negated));
    let (implicants, sign) = if negative.len() < positive.len() { (negative, -1) } else { (positive, 1) };
    let mut first = Layer { weights: Vec::new(), bias: Vec::new() };
    for implicant in &implicants {
        // Σ of literals - (count - 1), where a negative literal is 1 - x.
        let bit = |index: usize| 1 << (inputs - 1 - index);
        let weight = |index: usize| match (implicant.care & bit(index) != 0, implicant.value & bit(index) != 0) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => -1,
        };
        let weights: Vec<i64> = (0..inputs).map(weight).collect();
        let positives = weights.iter().filter(|&&weight| weight == 1).count() as i64;
        first.weights.push(weights.into_iter().map(whole).collect());
        first.bias.push(whole(1 - positives));
    }
    let second = Layer { weights: vec![vec![whole(sign); implicants.len()]], bias: vec![-half() * whole(sign)] };
    vec![first, second]
}

/// Prime implicants that cover the true rows, each chosen for the most rows not covered yet (Quine and McCluskey's
/// primes, covered greedily: small, not always smallest).
fn cover(inputs: usize, table: &[bool]) -> Vec<Implicant> {
    let all = (1 << inputs) - 1;
    let holds = |implicant: &Implicant| (0..table.len()).all(|row| !implicant.covers(row) || table[row]);
    let mut found: Vec<Implicant> = Vec::new();
    for care in 0..=all {
        let values = (0..=all).filter(|value| value & !care == 0);
        found.extend(values.map(|value| Implicant { care, value }).filter(holds));
    }
    let is_prime = |implicant: &&Implicant| {
        let wider = |bit: usize| Implicant { care: implicant.care & !bit, value: implicant.value & !bit };
        (0..inputs)
            .map(|index| 1 << index)
            .filter(|bit| implicant.care & bit != 0)
            .all(|bit| !found.contains(&wider(bit)))
    };
    let primes: Vec<Implicant> = found.iter().filter(is_prime).copied().collect();
    let mut open: Vec<usize> = (0..table.len()).filter(|&row| table[row]).collect();
    let mut chosen = Vec::new();
    while !open.is_empty() {
        let gain = |implicant: &&Implicant| open.iter().filter(|&&row| implicant.covers(row)).count();
        let Some(&best) = primes.iter().max_by_key(gain) else { break };
        open.retain(|&row| !best.covers(row));
        chosen.push(best);
    }
    chosen
}

/// If the function depends on the number of true inputs alone: its values ±½ interpolated over that number, a neuron
/// a bend.
fn count_layers(inputs: usize, table: &[bool]) -> Option<Vec<Layer>> {
    let mut values: Vec<Option<bool>> = vec![None; inputs + 1];
    for (row, &value) in table.iter().enumerate() {
        let slot = &mut values[row.count_ones() as usize];
        if slot.replace(value).is_some_and(|other| other != value) {
            return None;
        }
    }
    let level = |count: usize| if values[count] == Some(true) { half() } else { -half() };
    let mut first = Layer { weights: Vec::new(), bias: Vec::new() };
    let mut second = Vec::new();
    let mut slope = Rational::zero();
    for count in 0..inputs {
        let next = level(count + 1) - level(count);
        if next != slope {
            first.weights.push(vec![Rational::one(); inputs]);
            first.bias.push(whole(-(count as i64)));
            second.push(&next - &slope);
            slope = next;
        }
    }
    Some(vec![first, Layer { weights: vec![second], bias: vec![level(0)] }])
}

/// The NAND circuit, a hidden layer a level.
fn nand_circuit(inputs: usize, expression: &Expression) -> Vec<Layer> {
    let mut gates: Vec<Gate> = Vec::new();
    let output = nands(inputs, expression, &mut gates);
    let level = levels(inputs, &gates);
    let depth = match output {
        Source::Node(node) => level[node].max(1),
        Source::Constant(_) => 1,
    };

    // signals[n]: node n, as an affine function of the hidden layer before.
    let input = |index: usize| Signal { constant: Rational::zero(), factors: vec![(index, Rational::one())] };
    let mut signals: Vec<Option<Signal>> = (0..inputs).map(|index| Some(input(index))).collect();
    signals.resize(inputs + gates.len(), None);
    let mut width = inputs;
    let mut layers = Vec::new();
    for now in 1..=depth {
        let mut layer = Layer { weights: Vec::new(), bias: Vec::new() };
        let mut next = vec![None; signals.len()];
        let push = |layer: &mut Layer, signal: &Signal| {
            let mut row = vec![Rational::zero(); width];
            for (index, factor) in &signal.factors {
                row[*index] += factor;
            }
            layer.weights.push(row);
            layer.bias.push(signal.constant.clone());
            layer.bias.len() - 1
        };
        for node in 0..signals.len() {
            let is_used_later = output == Source::Node(node)
                || gates.iter().enumerate().any(|(gate, &(a, b))| {
                    level[inputs + gate] > now && (a == Source::Node(node) || b == Source::Node(node))
                });
            if node >= inputs && level[node] == now {
                let (a, b) = gates[node - inputs];
                let sum = nand_sum(a, b, &signals);
                let neuron = push(&mut layer, &sum);
                next[node] = Some(Signal { constant: Rational::one(), factors: vec![(neuron, -Rational::one())] });
            } else if is_used_later && let Some(signal) = &signals[node] {
                let neuron = push(&mut layer, signal);
                next[node] = Some(Signal { constant: Rational::zero(), factors: vec![(neuron, Rational::one())] });
            }
        }
        width = layer.bias.len();
        signals = next;
        layers.push(layer);
    }
    let result = match output {
        Source::Constant(value) => constant(value),
        Source::Node(node) => signals[node].clone().unwrap_or_else(|| constant(false)),
    };
    let mut row = vec![Rational::zero(); width];
    for (index, factor) in &result.factors {
        row[*index] += factor;
    }
    layers.push(Layer { weights: vec![row], bias: vec![result.constant - half()] });
    layers
}

fn constant(value: bool) -> Signal {
    Signal { constant: whole(value.into()), factors: Vec::new() }
}

/// a + b − 1.
fn nand_sum(a: Source, b: Source, signals: &[Option<Signal>]) -> Signal {
    let of = |source: Source| match source {
        Source::Constant(value) => constant(value),
        Source::Node(node) => signals[node].clone().unwrap_or_else(|| constant(false)),
    };
    let (a, b) = (of(a), of(b));
    Signal { constant: a.constant + b.constant - Rational::one(), factors: [a.factors, b.factors].concat() }
}

/// The level of each node: variables 0, a gate one more than its inputs.
fn levels(inputs: usize, gates: &[Gate]) -> Vec<usize> {
    let mut level = vec![0; inputs];
    for &(a, b) in gates {
        let of = |source: Source| if let Source::Node(node) = source { level[node] } else { 0 };
        level.push(of(a).max(of(b)) + 1);
    }
    level
}

/// Writes an expression as NAND gates; a gate that is there already is used again.
fn nands(inputs: usize, expression: &Expression, gates: &mut Vec<Gate>) -> Source {
    let gate = |gates: &mut Vec<Gate>, a: Source, b: Source| match (a, b) {
        (Source::Constant(false), _) | (_, Source::Constant(false)) => Source::Constant(true),
        (Source::Constant(true), Source::Constant(true)) => Source::Constant(false),
        _ => {
            let known = gates.iter().position(|&known| known == (a, b) || known == (b, a));
            Source::Node(
                inputs
                    + known.unwrap_or_else(|| {
                        gates.push((a, b));
                        gates.len() - 1
                    }),
            )
        }
    };
    match expression {
        Expression::Constant(value) => Source::Constant(*value),
        Expression::Variable(index) => Source::Node(*index),
        Expression::Not(a) => {
            // A NAND is one gate, not a gate and its negation twice.
            if let Expression::And(a, b) = &**a {
                let (a, b) = (nands(inputs, a, gates), nands(inputs, b, gates));
                return gate(gates, a, b);
            }
            let a = nands(inputs, a, gates);
            gate(gates, a, a)
        }
        Expression::And(a, b) => {
            let (a, b) = (nands(inputs, a, gates), nands(inputs, b, gates));
            let nand = gate(gates, a, b);
            gate(gates, nand, nand)
        }
        Expression::Or(a, b) => {
            let (a, b) = (nands(inputs, a, gates), nands(inputs, b, gates));
            let (not_a, not_b) = (gate(gates, a, a), gate(gates, b, b));
            gate(gates, not_a, not_b)
        }
        Expression::Xor(a, b) => {
            let (a, b) = (nands(inputs, a, gates), nands(inputs, b, gates));
            let both = gate(gates, a, b);
            let (left, right) = (gate(gates, a, both), gate(gates, b, both));
            gate(gates, left, right)
        }
    }
}
