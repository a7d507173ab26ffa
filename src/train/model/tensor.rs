//! Named numbers as a file has them.

use super::ModelError;
use crate::data::array::{from_bf16, from_f16};

/// A tensor of a file, its numbers not yet read.
#[derive(Clone, Debug)]
pub(super) struct Tensor<'a> {
    pub(super) name: String,
    /// Entries along each axis.
    pub(super) shape: Vec<usize>,
    /// How its numbers are written; `None` if they are no floats.
    pub(super) format: Option<Format>,
    /// The file's word for that.
    pub(super) type_name: String,
    /// Row by row, as many as the shape says.
    pub(super) bytes: &'a [u8],
}

/// How floats are written, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    F16,
    Bf16,
    F32,
    F64,
}

impl Format {
    /// By safetensors' word.
    pub(super) fn of_safetensors(word: &str) -> Option<Self> {
        Some(match word {
            "F16" => Self::F16,
            "BF16" => Self::Bf16,
            "F32" => Self::F32,
            "F64" => Self::F64,
            _ => return None,
        })
    }

    /// Bytes of a number.
    pub(super) fn width(self) -> usize {
        match self {
            Self::F16 | Self::Bf16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

impl Tensor<'_> {
    /// `fc1.weight (512×3072)`
    pub(super) fn describe(&self) -> String {
        format!("{} ({})", super::shorten(&self.name), self.sides())
    }

    /// `512×3072`
    pub(super) fn sides(&self) -> String {
        let sides: Vec<String> = self.shape.iter().map(usize::to_string).collect();
        if sides.is_empty() { "one number".into() } else { sides.join("×") }
    }

    /// Its numbers, row by row.
    ///
    /// # Errors
    /// If they are no floats, or one of them is not finite as f32.
    pub(super) fn numbers(&self) -> Result<Vec<f32>, ModelError> {
        let Some(format) = self.format else {
            return Err(ModelError::Shape(format!(
                "{} is of type {}, and weights are F32, F16, BF16 or F64",
                self.describe(),
                super::shorten(&self.type_name)
            )));
        };
        let bytes = self.bytes;
        let numbers: Vec<f32> = match format {
            Format::F16 => bytes.as_chunks().0.iter().map(|bytes| from_f16(u16::from_le_bytes(*bytes))).collect(),
            Format::Bf16 => bytes.as_chunks().0.iter().map(|bytes| from_bf16(u16::from_le_bytes(*bytes))).collect(),
            Format::F32 => bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
            Format::F64 => bytes.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes) as f32).collect(),
        };
        match numbers.iter().position(|number| !number.is_finite()) {
            None => Ok(numbers),
            Some(at) => Err(ModelError::NotFinite {
                tensor: super::shorten(&self.name),
                place: self.place(at),
                number: if numbers[at].is_nan() { "NaN" } else { "infinite" },
                count: numbers.iter().filter(|number| !number.is_finite()).count(),
            }),
        }
    }

    /// `row 3, column 17`, from 1.
    fn place(&self, at: usize) -> String {
        match self.shape[..] {
            [_, columns] => format!("row {}, column {}", at / columns + 1, at % columns + 1),
            _ => format!("place {}", at + 1),
        }
    }
}
