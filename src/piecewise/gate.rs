//! Whether a network with two inputs is a logic gate: decided over the whole plane.
//!
//! A gate is read by signs: the network must be positive exactly on a set S that is a union of the nine sign
//! classes of (x₁, x₂). The [`Prover`] starts from the nine classes (the origin, four half-axes, four quadrants, all
//! relatively open), and cuts each along the zeros of every neuron, layer by layer, and of f itself. On the faces
//! that result every neuron and f have one sign, so the sign of f is compared with S face by face. Integers
//! throughout; sampling decides nothing.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::plane::{Affine, Face, Vertex};
use super::{Bend, Net, Rational};

/// A set of sign classes: `0[sign of x₁][sign of x₂]`, signs counted −, 0, +.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spec(pub [[bool; 3]; 3]);

/// A class in a set that no continuous function can be positive on alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOpen {
    /// In the set; signs of x₁ and x₂.
    pub inside: [i8; 2],
    /// Touches it, and is not in the set.
    pub outside: [i8; 2],
}

/// A point where the network does not do what the specification wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexample {
    /// Where, exactly.
    pub point: [Rational; 2],
    /// Whether the specification wants f > 0 there.
    pub wanted: bool,
    /// f there, exactly.
    pub found: Rational,
    /// Of the face that is all wrong: 0 a point, 1 a segment or ray, 2 a cell.
    pub dimension: usize,
}

/// What the prover found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// f > 0 exactly on the set, everywhere.
    Proved,
    /// It is not.
    Refuted(Box<Counterexample>),
}

/// A face on which all signs are constant.
#[derive(Clone, Debug)]
pub struct SignedFace {
    /// The face.
    pub face: Face,
    /// The sign of f: −1, 0 or 1.
    pub sign: i8,
    /// Whether the specification wants f > 0 on it.
    pub wanted: bool,
    /// f on the face, times [`Prover::scale`].
    pub f: Affine,
    /// Neurons that are 0 on it.
    pub zeros: Vec<Bend>,
}

/// A proof under way, some faces at a time.
pub struct Prover {
    /// Integer layers: weights, biases, and the positive factor by which the layer's sums are too large.
    layers: Vec<IntegerLayer>,
    todo: Vec<Task>,
    faces: [usize; 3],
    wrong: Option<(Face, bool)>,
    /// All that are decided.
    signed: Vec<SignedFace>,
}

struct IntegerLayer {
    weights: Vec<Vec<BigInt>>,
    /// Times the factor of the layers before.
    bias: Vec<BigInt>,
    /// What the sums are multiplied by, this layer included.
    scale: BigInt,
}

struct Task {
    face: Face,
    wanted: bool,
    /// From 0; the last is the output.
    layer: usize,
    sums: Vec<Affine>,
    /// Outputs of this layer's neurons that are decided.
    outputs: Vec<Affine>,
    zeros: Vec<Bend>,
}

impl Spec {
    /// f > 0 ⇔ x₁ > 0 or x₂ > 0.
    pub const OR: Self = Self::new([[0, 0, 1], [0, 0, 1], [1, 1, 1]]);
    /// f > 0 ⇔ the signs are opposite.
    pub const XOR: Self = Self::new([[0, 0, 1], [0, 0, 0], [1, 0, 0]]);
    /// f > 0 ⇔ x₁ < 0 or x₂ < 0.
    pub const NAND: Self = Self::new([[1, 1, 1], [1, 0, 0], [1, 0, 0]]);
    /// f > 0 ⇔ not (x₁ > 0 and x₂ > 0): not open.
    pub const NAND_CLOSED: Self = Self::new([[1, 1, 1], [1, 1, 1], [1, 1, 0]]);
    /// f > 0 ⇔ x₁ > 0 and x₂ > 0.
    pub const AND: Self = Self::new([[0, 0, 0], [0, 0, 0], [0, 0, 1]]);
    /// f > 0 ⇔ x₁ < 0 and x₂ < 0.
    pub const NOR: Self = Self::new([[1, 0, 0], [0, 0, 0], [0, 0, 0]]);
    /// f > 0 ⇔ the signs are equal, and not 0.
    pub const XNOR: Self = Self::new([[1, 0, 0], [0, 0, 0], [0, 0, 1]]);

    const fn new(table: [[u8; 3]; 3]) -> Self {
        let mut spec = [[false; 3]; 3];
        let mut index = 0;
        while index < 9 {
            spec[index / 3][index % 3] = table[index / 3][index % 3] == 1;
            index += 1;
        }
        Self(spec)
    }

    /// Whether the class with these signs is in the set.
    pub fn has(&self, [first, second]: [i8; 2]) -> bool {
        self.0[(first + 1) as usize][(second + 1) as usize]
    }

    /// Whether a point is in the set.
    pub fn has_point(&self, point: &[Rational; 2]) -> bool {
        let sign = |value: &Rational| i8::from(value.is_positive()) - i8::from(value.is_negative());
        self.has([sign(&point[0]), sign(&point[1])])
    }

    /// A reason why no continuous function is positive exactly on the set, if there is one: a set {f > 0} is open, so
    /// with a point on an axis it holds all points near by.
    pub fn not_open(&self) -> Option<NotOpen> {
        let signs = || (-1..=1).flat_map(|first| (-1..=1).map(move |second| [first, second]));
        signs().filter(|&inside| self.has(inside)).find_map(|inside| {
            let touches = |outside: &[i8; 2]| (0..2).all(|i| inside[i] == 0 || outside[i] == inside[i]);
            signs().filter(touches).find(|&outside| !self.has(outside)).map(|outside| NotOpen { inside, outside })
        })
    }
}

impl Prover {
    /// A prover for a network with two inputs; `None` for any other number.
    pub fn new(net: &Net, spec: Spec) -> Option<Self> {
        if net.inputs() != 2 {
            return None;
        }
        let mut scale = BigInt::one();
        let mut layers = Vec::new();
        for layer in net.layers() {
            let numbers = layer.weights.iter().flatten().chain(&layer.bias);
            let common = numbers.fold(BigInt::one(), |lcm, number| lcm.lcm(number.denom()));
            let whole = |number: &Rational| number.numer() * (&common / number.denom());
            let bias = layer.bias.iter().map(|bias| whole(bias) * &scale).collect();
            scale *= &common;
            let weights = layer.weights.iter().map(|row| row.iter().map(whole).collect()).collect();
            layers.push(IntegerLayer { weights, bias, scale: scale.clone() });
        }
        let mut prover = Self { layers, todo: Vec::new(), faces: [0; 3], wrong: None, signed: Vec::new() };
        let coordinates =
            [Affine { a: BigInt::one(), ..Affine::zero() }, Affine { b: BigInt::one(), ..Affine::zero() }];
        let origin = || Vertex::point(0, 0);
        for first in -1..=1 {
            for second in -1..=1 {
                let mut vertices = vec![origin()];
                vertices.extend((first != 0).then(|| Vertex::direction(first, 0)));
                vertices.extend((second != 0).then(|| Vertex::direction(0, second)));
                let wanted = spec.has([first as i8, second as i8]);
                let sums = prover.sums(0, &coordinates);
                prover.todo.push(Task {
                    face: Face::new(vertices),
                    wanted,
                    layer: 0,
                    sums,
                    outputs: Vec::new(),
                    zeros: Vec::new(),
                });
            }
        }
        Some(prover)
    }

    /// The sums of a layer from its inputs, scaled to integers.
    fn sums(&self, layer: usize, inputs: &[Affine]) -> Vec<Affine> {
        let IntegerLayer { weights, bias, .. } = &self.layers[layer];
        let sum = |(row, bias): (&Vec<BigInt>, &BigInt)| {
            let mut sum = Affine { c: bias.clone(), ..Affine::zero() };
            for (weight, input) in row.iter().zip(inputs).filter(|(weight, _)| !weight.is_zero()) {
                sum.a += weight * &input.a;
                sum.b += weight * &input.b;
                sum.c += weight * &input.c;
            }
            sum
        };
        weights.iter().zip(bias).map(sum).collect()
    }

    /// The positive factor by which [`SignedFace::f`] is too large.
    pub fn scale(&self) -> &BigInt {
        &self.layers[self.layers.len() - 1].scale
    }

    /// Makes up to `cuts` more cuts. Returns whether the proof is complete.
    pub fn advance(&mut self, cuts: usize) -> bool {
        for _ in 0..cuts {
            let Some(task) = self.todo.pop() else { return true };
            self.cut(task);
        }
        self.todo.is_empty()
    }

    fn cut(&mut self, task: Task) {
        let is_output = task.layer + 1 == self.layers.len();
        let by = task.sums[task.outputs.len()].clone();
        let parts = task.face.clone().split(&by);
        for (sign, face) in [(-1, parts.negative), (0, parts.zero), (1, parts.positive)] {
            let Some(face) = face else { continue };
            if is_output {
                self.record(SignedFace { face, sign, wanted: task.wanted, f: by.clone(), zeros: task.zeros.clone() });
                continue;
            }
            let mut zeros = task.zeros.clone();
            if sign == 0 {
                zeros.push(Bend { layer: task.layer + 1, neuron: task.outputs.len() + 1 });
            }
            let mut outputs = task.outputs.clone();
            outputs.push(if sign > 0 { by.clone() } else { Affine::zero() });
            let mut next = Task { face, zeros, outputs, sums: Vec::new(), ..task };
            if next.outputs.len() == task.sums.len() {
                next.layer += 1;
                next.sums = self.sums(next.layer, &next.outputs);
                next.outputs.clear();
            } else {
                next.sums.clone_from(&task.sums);
            }
            self.todo.push(next);
        }
    }

    fn record(&mut self, signed: SignedFace) {
        self.faces[signed.face.dimension()] += 1;
        if (signed.sign > 0) != signed.wanted {
            let is_smaller = |(face, _): &(Face, bool)| signed.face.dimension() < face.dimension();
            if self.wrong.as_ref().is_none_or(is_smaller) {
                self.wrong = Some((signed.face.clone(), signed.wanted));
            }
        }
        self.signed.push(signed);
    }

    /// Faces decided so far: points, segments and rays, cells.
    pub fn faces(&self) -> [usize; 3] {
        self.faces
    }

    /// All faces decided so far.
    pub fn signed(&self) -> &[SignedFace] {
        &self.signed
    }

    /// What there is to draw: cells, and the segments where a neuron or f is 0.
    pub fn drawn(&self) -> impl Iterator<Item = &SignedFace> {
        self.signed.iter().filter(|signed| match signed.face.dimension() {
            0 => false,
            1 => signed.sign == 0 || !signed.zeros.is_empty(),
            _ => true,
        })
    }

    /// The verdict, once the proof is complete. `net` is the network that was given.
    pub fn verdict(&self, net: &Net) -> Option<Verdict> {
        if !self.todo.is_empty() {
            return None;
        }
        Some(match &self.wrong {
            None => Verdict::Proved,
            Some((face, wanted)) => {
                let point = face.inner_point();
                let found = net.eval_at(&point);
                Verdict::Refuted(Box::new(Counterexample {
                    point,
                    wanted: *wanted,
                    found,
                    dimension: face.dimension(),
                }))
            }
        })
    }
}
