//! What member 0 of a team tells the others: an order as a few numbers, and the batch that it is about.

use ndarray::ArrayView2;

use super::input::Input;
use super::team::{Board, HEADER, Lost, Team};
use crate::data::PIXELS;

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
    /// Whole numbers up to 2²⁴ and the rate are exact. The last number is the [`Batch`]'s.
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

/// A batch on its way over the board: an order, and behind it the input and the labels.
pub(super) struct Batch {
    inputs: usize,
    form: Form,
    rows: usize,
    numbers: Vec<f32>,
    images: Vec<u8>,
    labels: Vec<u8>,
}

/// What a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Numbers,
    Images,
}

impl Batch {
    pub(super) fn new(inputs: usize) -> Self {
        Self { inputs, form: Form::Numbers, rows: 0, numbers: Vec::new(), images: Vec::new(), labels: Vec::new() }
    }

    /// Writes an order to the board, and its batch.
    pub(super) fn show<T: Team>(board: &mut Board<T>, order: Order, batch: Option<(Input, &[u8])>) {
        let mut header = order.encode();
        if let Some((Input::Images(_), _)) = batch {
            header[HEADER - 1] = 1.0;
        }
        board.write(0, &header);
        let Some((input, labels)) = batch else { return };
        let start = size_of_val(&header);
        let end = match input {
            Input::Numbers(numbers) => {
                let numbers = numbers.as_standard_layout();
                let numbers = numbers.as_slice().expect("standard");
                board.write(HEADER, numbers);
                start + size_of_val(numbers)
            }
            Input::Images(images) => {
                board.write_bytes(start, images);
                start + images.len()
            }
        };
        board.write_bytes(end, labels);
    }

    /// Reads what was shown.
    ///
    /// # Errors
    /// If that is no order: then whoever wrote it is lost.
    pub(super) fn see<T: Team>(&mut self, board: &mut Board<T>) -> Result<Order, Lost> {
        let mut header = [0.0; HEADER];
        board.read(0, &mut header);
        let order = Order::decode(header).ok_or(Lost)?;
        self.rows = order.rows();
        self.form = if header[HEADER - 1] == 0.0 { Form::Numbers } else { Form::Images };
        let start = size_of_val(&header);
        let end = match self.form {
            Form::Numbers => {
                resize(&mut self.numbers, self.rows * self.inputs);
                board.read(HEADER, &mut self.numbers);
                start + size_of_val(&self.numbers[..])
            }
            Form::Images => {
                resize(&mut self.images, self.rows * PIXELS);
                board.read_bytes(start, &mut self.images);
                start + self.images.len()
            }
        };
        resize(&mut self.labels, if order.has_labels() { self.rows } else { 0 });
        board.read_bytes(end, &mut self.labels);
        Ok(order)
    }

    /// What was read.
    pub(super) fn seen(&self) -> (Input<'_>, &[u8]) {
        let input = match self.form {
            Form::Numbers => {
                let shape = (self.rows, self.inputs);
                Input::Numbers(ArrayView2::from_shape(shape, &self.numbers).expect("whole rows"))
            }
            Form::Images => Input::Images(&self.images),
        };
        (input, &self.labels)
    }
}

/// Of just this length, with no more memory than that.
fn resize<T: Clone + Default>(values: &mut Vec<T>, length: usize) {
    values.truncate(length);
    values.reserve_exact(length - values.len());
    values.resize(length, T::default());
}
