//! The gate lab: a network with two inputs on the plane, and networks for boolean functions.

pub mod bent;
pub mod bits;
pub mod boolean;
pub mod challenges;
pub mod faces;
pub mod flight;
pub mod handles;
pub mod nodes;
pub mod picture;
pub mod words;

use super::parameters::{LinkError, Parameters, Place, part};
use crate::piecewise::gate::{Prover, Spec};
use crate::piecewise::{Decimal, Rational};

/// Layers of a gate network: matrices, not hidden layers.
pub const LAYERS: std::ops::RangeInclusive<usize> = 2..=4;
/// Widths of a hidden layer.
pub const WIDTHS: std::ops::RangeInclusive<usize> = 1..=8;

/// A specification to choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// x₁ > 0 or x₂ > 0.
    #[default]
    Or,
    /// Opposite signs.
    Xor,
    /// x₁ < 0 or x₂ < 0.
    Nand,
    /// Both positive.
    And,
    /// Both negative.
    Nor,
    /// Equal signs.
    Xnor,
    /// As the table says.
    Custom,
}

/// A network to start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// In test hooks.
    pub id: &'static str,
    /// On screen.
    pub title: &'static str,
    /// What to look for.
    pub note: &'static str,
    /// What it should be.
    pub choice: Choice,
    /// What it is.
    pub parameters: Parameters,
}

/// Which part of the lab is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// A gate on the plane.
    #[default]
    Plane,
    /// Any boolean function.
    Boolean,
}

/// The whole lab's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GatesLab {
    /// What is shown.
    pub part: Part,
    /// The gate on the plane.
    pub gate: GateLab,
    /// The boolean function.
    pub boolean: boolean::BooleanLab,
}

impl GatesLab {
    /// The shown part's state as text for an address.
    pub fn encode(&self) -> String {
        match self.part {
            Part::Plane => self.gate.encode(),
            Part::Boolean => format!("expression={}", self.boolean.text),
        }
    }

    /// Takes over the state that [`encode`](Self::encode) wrote; the other part stays.
    ///
    /// # Errors
    /// If the text is not one that `encode` writes; nothing changes then.
    pub fn restore(&mut self, text: &str) -> Result<(), LinkError> {
        match text.strip_prefix("expression=") {
            Some(expression) => {
                self.boolean.set_text(expression.to_owned());
                self.part = Part::Boolean;
            }
            None => {
                self.gate = GateLab::decode(text)?;
                self.part = Part::Plane;
            }
        }
        Ok(())
    }
}

/// The lab's state on the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct GateLab {
    /// Of the network.
    pub parameters: Parameters,
    /// Which specification.
    pub choice: Choice,
    /// The table for [`Choice::Custom`].
    pub custom: Spec,
    /// The shown square's centre and half its width.
    pub view: ((f64, f64), f64),
    /// Whether the neurons' zeros are drawn.
    pub lines: bool,
    /// Whether cells are shaded by f.
    pub shading: bool,
}

impl Choice {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Or, Self::Xor, Self::Nand, Self::And, Self::Nor, Self::Xnor, Self::Custom];

    /// In test hooks and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::Xor => "xor",
            Self::Nand => "nand",
            Self::And => "and",
            Self::Nor => "nor",
            Self::Xnor => "xnor",
            Self::Custom => "custom",
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Or => "OR",
            Self::Xor => "XOR",
            Self::Nand => "NAND",
            Self::And => "AND",
            Self::Nor => "NOR",
            Self::Xnor => "XNOR",
            Self::Custom => "Custom",
        }
    }

    /// What it wants of f.
    pub fn wants(self) -> &'static str {
        match self {
            Self::Or => "f > 0 ⇔ x₁ > 0 or x₂ > 0",
            Self::Xor => "f > 0 ⇔ the signs are opposite",
            Self::Nand => "f > 0 ⇔ x₁ < 0 or x₂ < 0",
            Self::And => "f > 0 ⇔ x₁ > 0 and x₂ > 0",
            Self::Nor => "f > 0 ⇔ x₁ < 0 and x₂ < 0",
            Self::Xnor => "f > 0 ⇔ the signs are equal, not 0",
            Self::Custom => "f > 0 ⇔ the signs are marked below",
        }
    }

    /// Both.
    pub fn title(self) -> String {
        format!("{}: {}", self.name(), self.wants())
    }
}

/// Networks to start from: the homework's, and wrong ones worth understanding.
pub fn presets() -> Vec<Preset> {
    let preset = |id, title, note, choice, layers: &[(&[&[i32]], &[i32])]| Preset {
        id,
        title,
        note,
        choice,
        parameters: Parameters::of(2, layers),
    };
    let mut nearly_or = preset(
        "or-nearly",
        "OR, nearly",
        "b₂ = −10⁻⁹. Thousands of random points find nothing wrong. Yet f ≤ 0 for 0 < x₁ ≤ 10⁻⁹ and x₂ ≤ 0, where OR wants f > 0.",
        Choice::Or,
        &[(&[&[1, 0], &[0, 1]], &[0, 0]), (&[&[1, 1]], &[0])],
    );
    nearly_or.parameters.set(Place { layer: 1, row: 0, column: None }, Decimal::new(-1, 9).unwrap_or_default());
    vec![
        preset(
            "or",
            "OR",
            "relu(x₁) + relu(x₂): two layers, width 2.",
            Choice::Or,
            &[(&[&[1, 0], &[0, 1]], &[0, 0]), (&[&[1, 1]], &[0])],
        ),
        preset(
            "xor",
            "XOR, 3 layers",
            "Width 4: min(−x₁, x₂) and min(x₁, −x₂) where positive, each as a − relu(a − b).",
            Choice::Xor,
            &[
                (&[&[1, 0], &[-1, 0], &[0, 1], &[0, -1]], &[0, 0, 0, 0]),
                (&[&[0, 1, 0, 0], &[0, 1, -1, 0], &[1, 0, 0, 0], &[1, 0, 0, -1]], &[0, 0, 0, 0]),
                (&[&[1, -1, 1, -1]], &[0]),
            ],
        ),
        preset(
            "xor-small",
            "XOR, 2 layers",
            "relu(x₁) + relu(x₂) − relu(x₁ + x₂): width 3, no bias.",
            Choice::Xor,
            &[(&[&[1, 0], &[0, 1], &[1, 1]], &[0, 0, 0]), (&[&[1, 1, -1]], &[0])],
        ),
        preset(
            "nand",
            "NAND",
            "relu(−x₁) + relu(−x₂). Read as “not both positive” NAND is impossible: choose Custom to see why.",
            Choice::Nand,
            &[(&[&[-1, 0], &[0, -1]], &[0, 0]), (&[&[1, 1]], &[0])],
        ),
        preset(
            "and",
            "AND",
            "relu(x₁) − relu(relu(x₁) − relu(x₂)), which is the smaller of the two.",
            Choice::And,
            &[(&[&[1, 0], &[0, 1]], &[0, 0]), (&[&[1, 0], &[1, -1]], &[0, 0]), (&[&[1, -1]], &[0])],
        ),
        nearly_or,
        preset(
            "and-bits",
            "AND, for bits",
            "relu(x₁ + x₂ − 1) is AND on 0 and 1, and not by signs: it misses (½, ¼) and takes in (3, −1).",
            Choice::And,
            &[(&[&[1, 1]], &[-1]), (&[&[1]], &[0])],
        ),
        preset(
            "xor-line",
            "XOR, half",
            "|x₁ − x₂| is positive wherever x₁ and x₂ differ, also where both are positive.",
            Choice::Xor,
            &[(&[&[1, -1], &[-1, 1]], &[0, 0]), (&[&[1, 1]], &[0])],
        ),
    ]
}

impl Default for GateLab {
    fn default() -> Self {
        Self {
            parameters: Parameters::of(2, &[(&[&[1, 0], &[0, 1], &[1, 1]], &[0, 0, -1]), (&[&[1, 1, -2]], &[0])]),
            choice: Choice::Xor,
            custom: Spec::NAND_CLOSED,
            view: ((0.0, 0.0), 3.0),
            lines: true,
            shading: false,
        }
    }
}

impl GateLab {
    /// What f is to be positive on.
    pub fn spec(&self) -> Spec {
        match self.choice {
            Choice::Or => Spec::OR,
            Choice::Xor => Spec::XOR,
            Choice::Nand => Spec::NAND,
            Choice::And => Spec::AND,
            Choice::Nor => Spec::NOR,
            Choice::Xnor => Spec::XNOR,
            Choice::Custom => self.custom,
        }
    }

    /// The network and the specification, whatever is shown of them: what undo and redo are about.
    #[must_use]
    pub fn content(&self) -> Self {
        let Self { parameters, choice, custom, .. } = self.clone();
        Self { parameters, choice, custom, ..Self::default() }
    }

    /// Takes another network and specification, and shows them as those before.
    pub fn set_content(&mut self, content: Self) {
        let Self { view, lines, shading, .. } = *self;
        *self = Self { view, lines, shading, ..content };
    }

    /// Takes a preset's network and specification.
    pub fn load(&mut self, preset: &Preset) {
        self.parameters = preset.parameters.clone();
        self.choice = preset.choice;
    }

    /// Changes the numbers of layers and of neurons in each hidden one. What stays in place keeps its value.
    pub fn set_shape(&mut self, layers: usize, width: usize) {
        let layers = layers.clamp(*LAYERS.start(), *LAYERS.end());
        let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
        let directions = [[1, 0], [0, 1], [-1, 0], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]];
        self.parameters.resize(&vec![width; layers - 1], |place| match (place.layer, place.column) {
            (0, Some(column)) => directions[place.row % 8][column].into(),
            (layer, Some(column)) if layer + 1 < layers => i32::from(place.row == column).into(),
            (_, Some(_)) => 1.into(),
            (_, None) => Decimal::ZERO,
        });
    }

    /// The largest hidden width.
    pub fn width(&self) -> usize {
        self.parameters.hidden().into_iter().max().unwrap_or(1)
    }

    /// A prover for the network and the specification.
    pub fn prover(&self) -> Prover {
        Prover::new(&self.parameters.net(), self.spec()).expect("a gate has two inputs")
    }

    /// f and, layer by layer, which neurons are positive at a point.
    pub fn look_at(&self, point: &[Rational; 2]) -> (Rational, Vec<Vec<usize>>) {
        let mut sums = self.parameters.net().sums_at(point);
        let f = sums.pop().and_then(|mut output| output.pop()).unwrap_or_default();
        let zero = Rational::default();
        let live = |layer: &Vec<Rational>| (0..layer.len()).filter(|&i| layer[i] > zero).map(|i| i + 1).collect();
        (f, sums.iter().map(live).collect())
    }

    /// Moves the view by so much of x₁ and x₂.
    pub fn pan(&mut self, right: f64, up: f64) {
        let ((x, y), half) = self.view;
        let clamp = |value: f64| value.clamp(-1e6, 1e6);
        self.view = ((clamp(x + right), clamp(y + up)), half);
    }

    /// Makes the view wider (above 1) or narrower; `at` stays where it is on the picture.
    pub fn zoom(&mut self, at: (f64, f64), factor: f64) {
        let ((x, y), before) = self.view;
        let half = (before * factor).clamp(1e-10, 1e6);
        let factor = half / before;
        self.view = ((at.0 + (x - at.0) * factor, at.1 + (y - at.1) * factor), half);
    }

    /// The state as text for an address: the specification and the parameters.
    pub fn encode(&self) -> String {
        let custom: String = self.custom.0.as_flattened().iter().map(|&cell| if cell { '1' } else { '0' }).collect();
        format!("gate={}&table={custom}&{}", self.choice.word(), self.parameters.encode())
    }

    /// The state that [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    /// If the text is not one that `encode` writes.
    pub fn decode(text: &str) -> Result<Self, LinkError> {
        let broken = |name: &str| LinkError::Shape(name.into());
        let word = part(text, "gate").ok_or_else(|| broken("gate"))?;
        let choice = Choice::ALL.into_iter().find(|choice| choice.word() == word).ok_or_else(|| broken("gate"))?;
        let table = part(text, "table").unwrap_or_default().as_bytes();
        let table: &[u8; 9] = table.try_into().map_err(|_| broken("table"))?;
        let mut custom = Spec::OR;
        for (slot, &byte) in custom.0.as_flattened_mut().iter_mut().zip(table) {
            *slot = byte == b'1';
        }
        let parameters = Parameters::decode(text, 2, LAYERS, WIDTHS)?;
        Ok(Self { parameters, choice, custom, ..Self::default() })
    }
}
