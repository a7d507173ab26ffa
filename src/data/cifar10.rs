//! CIFAR-10 in its binary version: records of one label byte and 3,072 pixel bytes, with no header.
//!
//! Source: Krizhevsky, <https://www.cs.toronto.edu/~kriz/cifar.html>, "Binary version". Bytes are pushed as
//! they arrive, so a file is never in memory twice.

use super::{CLASSES, Images, PIXELS};

/// Bytes of a record.
pub const RECORD: usize = 1 + PIXELS;
/// Bytes of a CIFAR-100 record: a coarse label, a fine label, pixels.
const RECORD_100: u64 = 2 + PIXELS as u64;

/// Why a file is no CIFAR-10 batch. Each message is a sentence that says what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// No bytes.
    #[error("{name} is empty. Choose data_batch_1.bin to data_batch_5.bin and test_batch.bin.")]
    Empty {
        /// The file.
        name: String,
    },
    /// The records of the sister data set.
    #[error(
        "{name} looks like CIFAR-100 ({records} records of 3,074 bytes). This page trains on CIFAR-10: choose its data_batch_1.bin to data_batch_5.bin."
    )]
    Cifar100 {
        /// The file.
        name: String,
        /// How many.
        records: u64,
    },
    /// Some other known kind of file.
    #[error("{name} is {kind}. {advice}")]
    OtherFormat {
        /// The file.
        name: String,
        /// What it is.
        kind: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// Not a whole number of records.
    #[error(
        "{name} ends in the middle of record {record}, {rest} bytes after byte {at}: {size} bytes are no whole number of 3,073-byte records. Download or unpack it again."
    )]
    Truncated {
        /// The file.
        name: String,
        /// From 1.
        record: u64,
        /// Bytes of the broken record.
        rest: u64,
        /// Where it starts.
        at: u64,
        /// Of the file.
        size: u64,
    },
    /// A label that is no class.
    #[error(
        "{name} has label {label} in record {record} (byte {at}); CIFAR-10 labels are 0 to 9. Choose a CIFAR-10 batch of the binary version."
    )]
    Label {
        /// The file.
        name: String,
        /// From 1.
        record: u64,
        /// Where the label is.
        at: u64,
        /// What it is.
        label: u8,
    },
    /// Fewer or more bytes arrived than the file was said to have.
    #[error("{name} gave {got} bytes instead of {size}: it changed while it was read. Choose it again.")]
    Changed {
        /// The file.
        name: String,
        /// Bytes read.
        got: u64,
        /// Bytes announced.
        size: u64,
    },
}

/// Reads one batch from bytes that arrive in pieces of any size.
#[derive(Debug)]
pub struct BatchReader {
    name: String,
    size: u64,
    read: u64,
    images: Images,
}

impl BatchReader {
    /// A reader for a file of `size` bytes. `head` are its first bytes (262 or more tell all known formats
    /// apart), which are still to be pushed.
    ///
    /// # Errors
    /// If the size or the first bytes show that it is no batch.
    pub fn new(name: &str, size: u64, head: &[u8]) -> Result<Self, BatchError> {
        let name = name.to_owned();
        if size == 0 {
            return Err(BatchError::Empty { name });
        }
        if let Some((kind, advice)) = other_format(head) {
            return Err(BatchError::OtherFormat { name, kind, advice });
        }
        let rest = size % RECORD as u64;
        if rest != 0 {
            return Err(if size.is_multiple_of(RECORD_100) {
                BatchError::Cifar100 { name, records: size / RECORD_100 }
            } else {
                BatchError::Truncated { name, record: size / RECORD as u64 + 1, rest, at: size - rest, size }
            });
        }
        let records = (size / RECORD as u64) as usize;
        let images = Images { pixels: Vec::with_capacity(records * PIXELS), labels: Vec::with_capacity(records) };
        Ok(Self { name, size, read: 0, images })
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// At the first label above 9, and if more bytes come than announced.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), BatchError> {
        while !bytes.is_empty() {
            if self.read == self.size {
                let got = self.read + bytes.len() as u64;
                return Err(BatchError::Changed { name: self.name.clone(), got, size: self.size });
            }
            let in_record = (self.read % RECORD as u64) as usize;
            let taken = if in_record == 0 {
                let label = bytes[0];
                if usize::from(label) >= CLASSES {
                    let record = self.read / RECORD as u64 + 1;
                    return Err(BatchError::Label { name: self.name.clone(), record, at: self.read, label });
                }
                self.images.labels.push(label);
                1
            } else {
                let taken = bytes.len().min(RECORD - in_record);
                self.images.pixels.extend_from_slice(&bytes[..taken]);
                taken
            };
            bytes = &bytes[taken..];
            self.read += taken as u64;
        }
        Ok(())
    }

    /// The images, once all bytes were pushed.
    ///
    /// # Errors
    /// If bytes are missing.
    pub fn finish(self) -> Result<Images, BatchError> {
        if self.read != self.size {
            return Err(BatchError::Changed { name: self.name, got: self.read, size: self.size });
        }
        Ok(self.images)
    }
}

/// Whether a file's name says that it is for validation: CIFAR-10 calls it `test_batch.bin`, and nothing
/// inside tells it from the others.
pub fn is_test_batch(name: &str) -> bool {
    name.to_ascii_lowercase().contains("test")
}

fn other_format(head: &[u8]) -> Option<(&'static str, &'static str)> {
    const UNPACK: &str = "Unpack it, and choose data_batch_1.bin to data_batch_5.bin and test_batch.bin.";
    const BINARY: &str =
        "Choose the files of the binary version, data_batch_1.bin to data_batch_5.bin and test_batch.bin.";
    if head.starts_with(&[0x1f, 0x8b]) {
        Some(("a gzip archive", UNPACK))
    } else if head.starts_with(b"PK\x03\x04") {
        Some(("a zip archive", UNPACK))
    } else if head.get(257..262) == Some(b"ustar") {
        Some(("a tar archive", UNPACK))
    } else if matches!(head, [0x80, 2..=5, ..]) {
        Some(("a Python pickle, of CIFAR-10's Python version perhaps", BINARY))
    } else if head.starts_with(b"MATLAB") {
        Some(("a Matlab file", BINARY))
    } else if head.starts_with(b"airplane") {
        Some(("the list of class names, which is not needed", BINARY))
    } else {
        None
    }
}
