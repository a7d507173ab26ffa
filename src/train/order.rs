//! What member 0 of a team tells the others: an order as a few numbers, and the batch that it is about.

use ndarray::ArrayView2;

use super::team::HEADER;

/// Numbers of each weight and bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The network itself.
    Weights,
    /// The velocities of its momentum; nothing without momentum.
    Velocity,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Order {
    /// Draw fresh weights.
    Draw,
    /// Take the own rows from member 0.
    Take(Part),
    /// A step on so many rows, at this learning rate.
    Train { rows: usize, rate: f32 },
    /// The logits for so many rows.
    Measure { rows: usize },
    /// The gradients for so many rows, given to member 0.
    Differentiate { rows: usize },
    /// Give the own rows to member 0.
    Give(Part),
    /// Remember the weights.
    Keep,
    /// Go back to those remembered.
    Restore,
    /// Say how much memory there is.
    CountMemory,
    /// No more orders come.
    End,
}

impl Order {
    /// Whole numbers up to 2²⁴ and the rate are exact.
    pub(super) fn encode(self) -> [f32; HEADER] {
        let (code, rate) = match self {
            Self::Draw => (0, 0.0),
            Self::Take(Part::Weights) => (1, 0.0),
            Self::Take(Part::Velocity) => (2, 0.0),
            Self::Train { rate, .. } => (3, rate),
            Self::Measure { .. } => (4, 0.0),
            Self::Differentiate { .. } => (5, 0.0),
            Self::Give(Part::Weights) => (6, 0.0),
            Self::Give(Part::Velocity) => (7, 0.0),
            Self::Keep => (8, 0.0),
            Self::Restore => (9, 0.0),
            Self::CountMemory => (10, 0.0),
            Self::End => (11, 0.0),
        };
        [code as f32, self.rows() as f32, rate, 0.0]
    }

    pub(super) fn decode([code, rows, rate, _]: [f32; HEADER]) -> Option<Self> {
        let rows = rows as usize;
        Some(match code as i32 {
            0 => Self::Draw,
            1 => Self::Take(Part::Weights),
            2 => Self::Take(Part::Velocity),
            3 => Self::Train { rows, rate },
            4 => Self::Measure { rows },
            5 => Self::Differentiate { rows },
            6 => Self::Give(Part::Weights),
            7 => Self::Give(Part::Velocity),
            8 => Self::Keep,
            9 => Self::Restore,
            10 => Self::CountMemory,
            11 => Self::End,
            _ => return None,
        })
    }

    /// Rows of its batch.
    pub(super) fn rows(self) -> usize {
        match self {
            Self::Train { rows, .. } | Self::Measure { rows } | Self::Differentiate { rows } => rows,
            _ => 0,
        }
    }

    pub(super) fn has_labels(self) -> bool {
        matches!(self, Self::Train { .. } | Self::Differentiate { .. })
    }
}

/// A batch as member 0 has shown it.
#[derive(Default)]
pub(super) struct Batch {
    /// rows×in.
    pub(super) x: Vec<f32>,
    pub(super) labels: Vec<u8>,
    /// The labels as they stood on the board.
    pub(super) labels_read: Vec<f32>,
}

impl Batch {
    pub(super) fn fit(&mut self, rows: usize, inputs: usize, has_labels: bool) {
        self.x.truncate(rows * inputs);
        self.x.reserve_exact(rows * inputs - self.x.len());
        self.x.resize(rows * inputs, 0.0);
        self.labels_read.resize(if has_labels { rows } else { 0 }, 0.0);
    }

    pub(super) fn read(&mut self) {
        self.labels.clear();
        self.labels.extend(self.labels_read.iter().map(|&label| label as u8));
    }

    pub(super) fn x(&self, inputs: usize) -> ArrayView2<'_, f32> {
        ArrayView2::from_shape((self.x.len() / inputs, inputs), &self.x).expect("whole rows")
    }
}
