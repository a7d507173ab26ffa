//! A run as one file, to be carried from one browser to another: its record and its checkpoint.
//!
//! | bytes | what, all numbers little-endian |
//! |---|---|
//! | 8 | [`MAGIC`] |
//! | 8 | R, the length of the record |
//! | 8 | C, the length of the checkpoint, 0 if there is none |
//! | R | the [record](super::record), which has its version and its checksum |
//! | C | the [checkpoint](crate::train::checkpoint), which has its own too |

use super::record::{self, RecordError};
use crate::labs::train::RunHistory;
use crate::train::{Checkpoint, CheckpointError};

/// The first bytes.
const MAGIC: [u8; 8] = *b"PIECEPKG";
const PRELUDE: usize = 24;

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// The run.
    pub run: RunHistory,
    /// Its checkpoint's bytes, if it has one.
    pub checkpoint: Option<Vec<u8>>,
}

/// Why a file cannot be read as a run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PackageError {
    /// Something else.
    #[error("This file is no run. Choose one that ends in .piecewise-run and that this page has exported.")]
    NotOne,
    /// Too short or too long.
    #[error("The file has {got} bytes instead of {expected}: it was cut off. Choose another copy of it.")]
    Length {
        /// That there are.
        got: u64,
        /// That its beginning announces.
        expected: u64,
    },
    /// Its record.
    #[error("{0}")]
    Record(#[from] RecordError),
    /// Its checkpoint.
    #[error("{0}")]
    Checkpoint(#[from] CheckpointError),
    /// A checkpoint of another run.
    #[error("The file’s record and its checkpoint are of different runs. Choose another copy of it.")]
    Contradiction,
}

impl Package {
    /// What stands before the record and the checkpoint, so that the two need not be copied into one piece.
    pub fn prelude(record: usize, checkpoint: usize) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend((record as u64).to_le_bytes());
        bytes.extend((checkpoint as u64).to_le_bytes());
        bytes
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If any byte is missing, changed, or one too many.
    pub fn decode(bytes: &[u8]) -> Result<Self, PackageError> {
        if bytes.len() < PRELUDE || !bytes.starts_with(&MAGIC) {
            return Err(PackageError::NotOne);
        }
        let length = |at: usize| bytes[at..].first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk));
        let (record, checkpoint) = (length(8), length(16));
        let expected = record.saturating_add(checkpoint).saturating_add(PRELUDE as u64);
        if bytes.len() as u64 != expected {
            return Err(PackageError::Length { got: bytes.len() as u64, expected });
        }
        let (record, checkpoint) = bytes[PRELUDE..].split_at(record as usize);
        let run = record::decode(record)?;
        if checkpoint.is_empty() {
            return Ok(Self { run, checkpoint: None });
        }
        if *Checkpoint::decode(checkpoint)?.config() != run.config {
            return Err(PackageError::Contradiction);
        }
        Ok(Self { run, checkpoint: Some(checkpoint.to_vec()) })
    }
}
