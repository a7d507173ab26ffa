//! What member 0 of a team tells the others: an order as a few numbers, and the batch that it is about.

use ndarray::ArrayView2;

use super::input::{ImageRows, Input, resize};
use super::team::{Board, HEADER, Lost, Team};
use crate::data::PIXELS;
use crate::data::augment::Choice;

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

/// How a batch stands on the board, in front of its labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As numbers.
    Numbers,
    /// As images: four bytes a number, and then, if they are augmented, three numbers for each choice.
    Images { augmented: bool },
}

impl Form {
    fn of(input: &Input) -> Self {
        match input {
            Input::Numbers(_) => Self::Numbers,
            Input::Images(images) => Self::Images { augmented: !images.choices.is_empty() },
        }
    }

    fn encode(self) -> f32 {
        match self {
            Self::Numbers => 0.0,
            Self::Images { augmented: false } => 1.0,
            Self::Images { augmented: true } => 2.0,
        }
    }

    fn decode(code: f32) -> Self {
        if code == 0.0 { Self::Numbers } else { Self::Images { augmented: code == 2.0 } }
    }

    /// Numbers on the board for so many rows.
    fn len(self, rows: usize, inputs: usize) -> usize {
        match self {
            Self::Numbers => rows * inputs,
            Self::Images { augmented } => rows * (PIXELS / 4 + if augmented { 3 } else { 0 }),
        }
    }
}

/// A batch on its way over the board.
pub(super) struct Batch {
    form: Form,
    rows: usize,
    inputs: usize,
    /// As it stands on the board.
    words: Vec<f32>,
    pixels: Vec<u8>,
    choices: Vec<Choice>,
    labels: Vec<u8>,
    /// Room for the input that images are made into.
    pub(super) numbers: Vec<f32>,
}

impl Batch {
    pub(super) fn new(inputs: usize) -> Self {
        Self {
            form: Form::Numbers,
            rows: 0,
            inputs,
            words: Vec::new(),
            pixels: Vec::new(),
            choices: Vec::new(),
            labels: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Writes an order to the board, and its batch.
    pub(super) fn show<T: Team>(&mut self, board: &mut Board<T>, order: Order, batch: Option<(Input, &[u8])>) {
        let form = batch.as_ref().map_or(Form::Numbers, |(input, _)| Form::of(input));
        let mut header = order.encode();
        header[HEADER - 1] = form.encode();
        board.write(0, &header);
        let Some((input, labels)) = batch else { return };
        let end = HEADER + form.len(input.rows(), self.inputs);
        match input {
            Input::Numbers(numbers) => {
                board.write(HEADER, numbers.as_standard_layout().as_slice().expect("standard"));
            }
            Input::Images(images) => {
                self.words.clear();
                self.words.reserve_exact(end - HEADER);
                let word = |bytes: &[u8; 4]| f32::from_bits(u32::from_le_bytes(*bytes));
                self.words.extend(images.pixels.as_chunks().0.iter().map(word));
                for &Choice { dx, dy, flip } in images.choices {
                    self.words.extend([f32::from(dx), f32::from(dy), f32::from(u8::from(flip))]);
                }
                board.write(HEADER, &self.words);
            }
        }
        let labels: Vec<f32> = labels.iter().map(|&label| f32::from(label)).collect();
        board.write(end, &labels);
    }

    /// Reads what was shown.
    ///
    /// # Errors
    /// If that is no order: then whoever wrote it is lost.
    pub(super) fn see<T: Team>(&mut self, board: &mut Board<T>) -> Result<Order, Lost> {
        let mut header = [0.0; HEADER];
        board.read(0, &mut header);
        let order = Order::decode(header).ok_or(Lost)?;
        (self.form, self.rows) = (Form::decode(header[HEADER - 1]), order.rows());
        let len = self.form.len(self.rows, self.inputs);
        resize(&mut self.words, len);
        board.read(HEADER, &mut self.words);
        let mut labels = vec![0.0; if order.has_labels() { self.rows } else { 0 }];
        board.read(HEADER + len, &mut labels);
        self.labels.clear();
        self.labels.extend(labels.iter().map(|&label| label as u8));
        if let Form::Images { .. } = self.form {
            let (pixels, choices) = self.words.split_at(self.rows * PIXELS / 4);
            self.pixels.resize(4 * pixels.len(), 0);
            for (bytes, word) in self.pixels.as_chunks_mut().0.iter_mut().zip(pixels) {
                *bytes = word.to_bits().to_le_bytes();
            }
            self.choices.clear();
            let choice = |&[dx, dy, flip]: &[f32; 3]| Choice { dx: dx as i8, dy: dy as i8, flip: flip != 0.0 };
            self.choices.extend(choices.as_chunks().0.iter().map(choice));
        }
        Ok(order)
    }

    /// What was read: the input, B×in, and the labels.
    pub(super) fn seen(&mut self) -> (ArrayView2<'_, f32>, &[u8]) {
        let x = match self.form {
            Form::Numbers => ArrayView2::from_shape((self.rows, self.inputs), &self.words).expect("whole rows"),
            Form::Images { .. } => {
                ImageRows { pixels: &self.pixels, choices: &self.choices }.numbers(&mut self.numbers)
            }
        };
        (x, &self.labels)
    }
}
