//! Uploaded files that are kept for later visits: sets of them, each as it was trained on.

use serde::{Deserialize, Serialize};

use crate::data::Decision;
use crate::labs::numbers::bytes;
use crate::protocol::{DataSummary, decode, encode};

/// The first bytes of an encoded set, the last of which is the version.
const MAGIC: [u8; 8] = *b"PIECEFI\x01";

/// Files that were loaded together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileSet {
    /// Path and size in bytes of each, in the order in which they were given.
    pub files: Vec<(String, u64)>,
    /// What was decided of them.
    pub decision: Decision,
    /// What they held.
    pub data: DataSummary,
    /// When they were kept, in milliseconds since 1970.
    pub saved_ms: f64,
}

impl FileSet {
    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        [&MAGIC[..], &encode(self)].concat()
    }

    /// Reads what [`encode`](Self::encode) wrote; `None` if the bytes are none of this version.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        decode(bytes.strip_prefix(&MAGIC)?)
    }

    /// Their size together.
    pub fn bytes(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.1))
    }

    /// Whether it is the same files with the same contents, as far as names, sizes and what was found in them tell.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.files, &self.decision, &self.data) == (&other.files, &other.decision, &other.data)
    }

    /// Whether all its files are among those of another.
    pub fn is_part_of(&self, other: &Self) -> bool {
        self.files.iter().all(|file| other.files.contains(file))
    }

    /// What a list says of it.
    pub fn title(&self) -> String {
        let name = match &self.files[..] {
            [] => "no files".to_owned(),
            [(name, _)] => name.clone(),
            [(name, _), rest @ ..] => format!("{name} and {} more", rest.len()),
        };
        format!("{name}, {}", bytes(self.bytes()))
    }
}
