//! Question 10: each layer's backward pass, checked entry by entry against central differences.

use ndarray::{Array1, Array2};
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::StandardNormal;

use super::table::Table;
use crate::data::{Purpose, rng};
use crate::nn::faulty::{self, Mistake};
use crate::nn::gradcheck::relative_error;
use crate::nn::{Linear, cross_entropy, relu};

/// Batch, inputs and outputs alike: then a wrong transpose or axis has the right shape, and only a check finds it.
pub const SIZE: usize = 3;
/// Of the central differences, in f64.
pub const EPS: f64 = 1e-5;
/// The largest relative error of a gradient that counts as right. Right ones come out near 10⁻⁹ here, wrong
/// ones near 1: the notes of CS231n call 10⁻⁷ good in f64.
pub const TOLERANCE: f64 = 1e-6;

/// What is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    /// Z = X·Wᵀ + b.
    #[default]
    Linear,
    /// H = max(Z, 0).
    Relu,
    /// L = mean of -log softmax(z) at the label.
    CrossEntropy,
    /// Linear, ReLU, Linear, cross-entropy.
    Network,
}

/// The lab's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerLab {
    /// What is checked.
    pub subject: Subject,
    /// Which mistake is made.
    pub mistake: Mistake,
    /// Of the numbers.
    pub seed: u64,
    /// A hidden mistake in the whole network, to be named from the tables alone.
    pub mystery: Option<Mistake>,
    /// What the user thinks it is.
    pub guess: Mistake,
}

/// A gradient, derived and measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// By the backward pass.
    pub derived: Table,
    /// By central differences.
    pub measured: Array2<f64>,
    /// Entries whose relative error is above [`TOLERANCE`].
    pub wrong: usize,
    /// The largest relative error, and where.
    pub worst: (f64, (usize, usize)),
}

/// All that is derived from the state.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Inputs, parameters, and what comes in from above.
    pub given: Vec<Table>,
    /// The forward pass.
    pub output: Table,
    /// Gradients.
    pub checked: Vec<Checked>,
    /// What runs through the whole network, if that is what is checked.
    pub pass: Option<NetworkPass>,
}

/// What every node of the whole network holds, forward and backward, with one row an example of the batch. The backward
/// pass is the one that is checked, mistake and all.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkPass {
    /// W₁ and W₂: `[output, input]`.
    pub weights: [Array2<f64>; 2],
    /// X, ReLU(Z₁), and softmax(Z₂).
    pub forward: [Array2<f64>; 3],
    /// δ: the loss’ derivatives by X, Z₁ and Z₂.
    pub backward: [Array2<f64>; 3],
}

impl Default for LayerLab {
    fn default() -> Self {
        Self { subject: Subject::Linear, mistake: Mistake::None, seed: 1, mystery: None, guess: Mistake::None }
    }
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Linear, Self::Relu, Self::CrossEntropy, Self::Network];

    /// Whether a mistake can be made here.
    pub fn allows(self, mistake: Mistake) -> bool {
        match mistake {
            Mistake::None => true,
            Mistake::MissingTranspose | Mistake::WrongAxis => matches!(self, Self::Linear | Self::Network),
            Mistake::WrongMask => matches!(self, Self::Relu | Self::Network),
            Mistake::MissingMean => matches!(self, Self::CrossEntropy | Self::Network),
        }
    }

    /// Its name on screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::Linear => "Linear",
            Self::Relu => "ReLU",
            Self::CrossEntropy => "CrossEntropyLoss",
            Self::Network => "Whole network",
        }
    }

    /// The word for it in test hooks.
    pub fn word(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Relu => "relu",
            Self::CrossEntropy => "cross-entropy",
            Self::Network => "network",
        }
    }
}

/// A mistake's name on screen.
pub fn mistake_title(mistake: Mistake) -> &'static str {
    match mistake {
        Mistake::None => "none",
        Mistake::MissingTranspose => "missing transpose",
        Mistake::WrongAxis => "wrong axis",
        Mistake::WrongMask => "wrong mask",
        Mistake::MissingMean => "missing mean",
    }
}

/// What is computed with a mistake.
pub fn mistake_formula(mistake: Mistake) -> &'static str {
    match mistake {
        Mistake::None => "All formulas are right.",
        Mistake::MissingTranspose => "dW = Xᵀ·dZ, without the transpose",
        Mistake::WrongAxis => "db = the row sums of dZ",
        Mistake::WrongMask => "dZ = dH where dH > 0",
        Mistake::MissingMean => "dZ without the factor 1/B",
    }
}

/// The word for a mistake in test hooks.
pub fn mistake_word(mistake: Mistake) -> &'static str {
    match mistake {
        Mistake::None => "none",
        Mistake::MissingTranspose => "missing-transpose",
        Mistake::WrongAxis => "wrong-axis",
        Mistake::WrongMask => "wrong-mask",
        Mistake::MissingMean => "missing-mean",
    }
}

impl LayerLab {
    /// The state as text for an address: `layer=linear&mistake=none&seed=1`.
    pub fn encode(&self) -> String {
        format!("layer={}&mistake={}&seed={}", self.subject.word(), mistake_word(self.mistake), self.seed)
    }

    /// The state that [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    /// A sentence, if the text is not one that `encode` writes.
    pub fn decode(text: &str) -> Result<Self, String> {
        const BROKEN: &str = "The link does not name a layer, a mistake and a seed, so it was not used. Copy it again.";
        let part = |name: &str| text.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        let subject = Subject::ALL.into_iter().find(|subject| part("layer") == Some(subject.word())).ok_or(BROKEN)?;
        let mistake =
            Mistake::ALL.into_iter().find(|&mistake| part("mistake") == Some(mistake_word(mistake))).ok_or(BROKEN)?;
        let seed = part("seed").and_then(|seed| seed.parse().ok()).ok_or(BROKEN)?;
        Ok(Self { subject, mistake, seed, ..Self::default() })
    }

    /// Hides a mistake, drawn from a seed, in the whole network.
    pub fn hide_mistake(&mut self, seed: u64) {
        let index = rng(seed, Purpose::Shuffle, 10).random_range(1..Mistake::ALL.len());
        *self = Self { subject: Subject::Network, mystery: Some(Mistake::ALL[index]), ..Self::default() };
        self.seed = seed;
    }

    /// Whether the hidden mistake is named.
    pub fn is_found(&self) -> bool {
        self.mystery.is_some_and(|mystery| mystery == self.guess)
    }

    /// The tables: derived with the mistake, measured without.
    pub fn report(&self) -> Report {
        let mistake = self.mystery.unwrap_or(self.mistake);
        let mistake = if self.subject.allows(mistake) { mistake } else { Mistake::None };
        let mut rng = rng(self.seed, Purpose::Init, 10);
        match self.subject {
            Subject::Linear => linear_report(mistake, &mut rng),
            Subject::Relu => relu_report(mistake, &mut rng),
            Subject::CrossEntropy => cross_entropy_report(mistake, &mut rng),
            Subject::Network => network_report(mistake, &mut rng),
        }
    }
}

impl Report {
    /// Whether every gradient is right.
    pub fn is_right(&self) -> bool {
        self.checked.iter().all(|checked| checked.wrong == 0)
    }

    /// The verdict in a sentence, on a layer of this name.
    pub fn in_words(&self, title: &str) -> String {
        let entries = self.checked.iter().map(|checked| checked.derived.values.len()).sum::<usize>();
        match self.checked.iter().map(|checked| checked.wrong).sum::<usize>() {
            0 => format!("{title}: all {entries} entries agree"),
            wrong => format!("{title}: {wrong} of {entries} entries are wrong"),
        }
    }

    /// All tables, to take away.
    pub fn tables(&self) -> Vec<Table> {
        let measured = |checked: &Checked| {
            [
                checked.derived.clone(),
                Table::new(format!("{}, measured", checked.derived.name), checked.measured.clone()),
            ]
        };
        let mut tables = self.given.clone();
        tables.push(self.output.clone());
        tables.extend(self.checked.iter().flat_map(measured));
        tables
    }
}

fn matrix(rng: &mut Xoshiro256PlusPlus) -> Array2<f64> {
    // Two digits, and none so small that eps reaches its sign.
    Array2::from_shape_simple_fn((SIZE, SIZE), || {
        let normal: f64 = rng.sample(StandardNormal);
        let rounded = (normal * 100.0).round() / 100.0;
        if rounded == 0.0 { 0.1 } else { rounded }
    })
}

fn row(values: &Array1<f64>) -> Array2<f64> {
    values.clone().insert_axis(ndarray::Axis(0))
}

/// Compares a derived gradient with central differences of `loss`, which gets the moved tensor.
fn check(name: &str, at: &Array2<f64>, derived: Array2<f64>, loss: impl Fn(&Array2<f64>) -> f64) -> Checked {
    let mut moved = at.clone();
    let measured = Array2::from_shape_fn(at.dim(), |index| {
        let value = at[index];
        moved[index] = value + EPS;
        let high = loss(&moved);
        moved[index] = value - EPS;
        let low = loss(&moved);
        moved[index] = value;
        (high - low) / (2.0 * EPS)
    });
    let mut worst = (0.0, (0, 0));
    let mut wrong = 0;
    for (index, &value) in derived.indexed_iter() {
        let error = error_of(value, measured[index]);
        wrong += usize::from(error > TOLERANCE);
        if error > worst.0 {
            worst = (error, index);
        }
    }
    Checked { derived: Table::new(name, derived), measured, wrong, worst }
}

/// The relative error; rounding noise around a gradient of 0 is none.
pub fn error_of(derived: f64, measured: f64) -> f64 {
    if (derived - measured).abs() < 1e-10 { 0.0 } else { relative_error(derived, measured) }
}

fn linear_report(mistake: Mistake, rng: &mut Xoshiro256PlusPlus) -> Report {
    let (x, weight, bias, dz) = (matrix(rng), matrix(rng), matrix(rng).row(0).to_owned(), matrix(rng));
    let output = |x: &Array2<f64>, weight: &Array2<f64>, bias: &Array1<f64>| {
        let mut z = Array2::zeros((SIZE, SIZE));
        Linear { weight: weight.clone(), bias: bias.clone() }.forward(x.view(), z.view_mut());
        z
    };
    let layer = Linear { weight: weight.clone(), bias: bias.clone() };
    let (dw, db, dx) = faulty::linear(mistake, &layer, x.view(), dz.view());
    let loss = |z: Array2<f64>| (z * &dz).sum();
    let checked = vec![
        check("dL/dW", &weight, dw, |weight| loss(output(&x, weight, &bias))),
        check("dL/db", &row(&bias), row(&db), |bias| loss(output(&x, &weight, &bias.row(0).to_owned()))),
        check("dL/dX", &x, dx, |x| loss(output(x, &weight, &bias))),
    ];
    let out = output(&x, &weight, &bias);
    let given =
        vec![Table::new("X", x), Table::new("W", weight), Table::new("b", row(&bias)), Table::new("dL/dout", dz)];
    Report { given, output: Table::new("out = X·Wᵀ + b", out), checked, pass: None }
}

fn relu_report(mistake: Mistake, rng: &mut Xoshiro256PlusPlus) -> Report {
    let (z, dh) = (matrix(rng), matrix(rng));
    let output = |z: &Array2<f64>| {
        let mut h = z.clone();
        relu::forward(h.view_mut());
        h
    };
    let h = output(&z);
    let dz = faulty::relu(mistake, h.view(), &dh);
    let checked = vec![check("dL/dX", &z, dz, |z| (output(z) * &dh).sum())];
    Report {
        given: vec![Table::new("X", z), Table::new("dL/dout", dh)],
        output: Table::new("out = ReLU(X)", h),
        checked,
        pass: None,
    }
}

/// One label a row.
const LABELS: [u8; SIZE] = [2, 0, 1];

fn cross_entropy_report(mistake: Mistake, rng: &mut Xoshiro256PlusPlus) -> Report {
    let z = matrix(rng);
    let mut probabilities = z.clone();
    let loss = cross_entropy::forward(probabilities.view_mut(), &LABELS);
    let dz = faulty::cross_entropy(mistake, &probabilities, &LABELS);
    let checked = vec![check("dL/dX", &z, dz, |z| cross_entropy::forward(z.clone().view_mut(), &LABELS))];
    let labels = Array2::from_shape_fn((SIZE, 1), |(i, _)| f64::from(LABELS[i]));
    Report {
        given: vec![Table::new("X (logits)", z), Table::new("labels", labels), Table::new("softmax(X)", probabilities)],
        output: Table::new("L = mean of −log softmax", Array2::from_elem((1, 1), loss)),
        checked,
        pass: None,
    }
}

fn network_report(mistake: Mistake, rng: &mut Xoshiro256PlusPlus) -> Report {
    let x = matrix(rng);
    let mut layer = || Linear { weight: matrix(rng), bias: matrix(rng).row(0).to_owned() };
    let layers = [layer(), layer()];
    let pass = |x: &Array2<f64>, layers: &[Linear<f64>; 2]| {
        let mut h = Array2::zeros((SIZE, SIZE));
        layers[0].forward(x.view(), h.view_mut());
        relu::forward(h.view_mut());
        let mut p = Array2::zeros((SIZE, SIZE));
        layers[1].forward(h.view(), p.view_mut());
        let loss = cross_entropy::forward(p.view_mut(), &LABELS);
        (h, p, loss)
    };
    let (h, p, loss) = pass(&x, &layers);
    let dz2 = faulty::cross_entropy(mistake, &p, &LABELS);
    let (dw2, db2, dh) = faulty::linear(mistake, &layers[1], h.view(), dz2.view());
    let dz1 = faulty::relu(mistake, h.view(), &dh);
    let (dw1, db1, dx) = faulty::linear(mistake, &layers[0], x.view(), dz1.view());

    let drawn = NetworkPass {
        weights: layers.each_ref().map(|layer| layer.weight.clone()),
        forward: [x.clone(), h.clone(), p.clone()],
        backward: [dx.clone(), dz1.clone(), dz2.clone()],
    };

    let with_weight = |index: usize, weight: &Array2<f64>| {
        let mut layers = layers.clone();
        layers[index].weight.assign(weight);
        pass(&x, &layers).2
    };
    let with_bias = |index: usize, bias: &Array2<f64>| {
        let mut layers = layers.clone();
        layers[index].bias.assign(&bias.row(0));
        pass(&x, &layers).2
    };
    let checked = vec![
        check("dL/dW1", &layers[0].weight, dw1, |weight| with_weight(0, weight)),
        check("dL/db1", &row(&layers[0].bias), row(&db1), |bias| with_bias(0, bias)),
        check("dL/dW2", &layers[1].weight, dw2, |weight| with_weight(1, weight)),
        check("dL/db2", &row(&layers[1].bias), row(&db2), |bias| with_bias(1, bias)),
        check("dL/dX", &x, dx, |x| pass(x, &layers).2),
    ];
    let [first, second] = layers;
    Report {
        given: vec![
            Table::new("X", x),
            Table::new("W1", first.weight),
            Table::new("b1", row(&first.bias)),
            Table::new("W2", second.weight),
            Table::new("b2", row(&second.bias)),
            Table::new("labels", Array2::from_shape_fn((SIZE, 1), |(i, _)| f64::from(LABELS[i]))),
        ],
        output: Table::new("L", Array2::from_elem((1, 1), loss)),
        checked,
        pass: Some(drawn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pass_that_is_drawn_is_the_one_that_is_checked() {
        for mistake in Mistake::ALL {
            let report = LayerLab { subject: Subject::Network, mistake, ..LayerLab::default() }.report();
            let pass = report.pass.as_ref().expect("the whole network has one");
            let derived = |name: &str| {
                let found = report.checked.iter().find(|checked| checked.derived.name == name);
                found.map(|checked| checked.derived.values.clone())
            };
            assert_eq!(Some(&pass.backward[0]), derived("dL/dX").as_ref());
            // The bias' gradient adds up the batch's δ.
            if mistake == Mistake::None {
                let sums = |delta: &Array2<f64>| row(&delta.sum_axis(ndarray::Axis(0)));
                assert_eq!(Some(sums(&pass.backward[1])), derived("dL/db1"));
                assert_eq!(Some(sums(&pass.backward[2])), derived("dL/db2"));
                for (held, delta) in pass.forward[1].iter().zip(&pass.backward[1]) {
                    assert!(*held > 0.0 || *delta == 0.0, "a neuron that is off passes nothing back");
                }
            }
            for row in pass.forward[2].rows() {
                assert!((row.sum() - 1.0).abs() < 1e-12);
            }
        }
        assert_eq!(LayerLab::default().report().pass, None);
    }
}
