//! CIFAR-10 in its binary version: records of one label byte and 3,072 pixel bytes, with no header.
//!
//! Source: Krizhevsky, <https://www.cs.toronto.edu/~kriz/cifar.html>, "Binary version". Bytes are pushed as
//! they arrive, so a file is never in memory twice.

use super::error::DataError;
use super::{CLASSES, Images, PIXELS};

/// Bytes of a record.
pub const RECORD: usize = 1 + PIXELS;
/// Bytes of a CIFAR-100 record: a coarse label, a fine label, pixels.
pub const RECORD_100: usize = 2 + PIXELS;
/// Records of a published batch.
const RECORDS: usize = 10_000;

/// Reads one batch from bytes that arrive in pieces of any size.
#[derive(Debug)]
pub struct BatchReader {
    name: String,
    size: Option<u64>,
    read: u64,
    images: Images,
}

impl BatchReader {
    /// A reader for a file of `size` bytes, `None` if only its end will tell. At most `credit` bytes are
    /// reserved before they come.
    ///
    /// # Errors
    /// If the size shows that it is no batch.
    pub fn new(name: &str, size: Option<u64>, credit: u64) -> Result<Self, DataError> {
        let name = name.to_owned();
        match size {
            Some(0) => return Err(DataError::Empty { name }),
            Some(size) if !size.is_multiple_of(RECORD as u64) => return Err(truncated(name, size)),
            _ => {}
        }
        let expected = size.unwrap_or((RECORDS * RECORD) as u64);
        let records = (expected.min(credit) / RECORD as u64) as usize;
        let images = Images { pixels: Vec::with_capacity(records * PIXELS), labels: Vec::with_capacity(records) };
        Ok(Self { name, size, read: 0, images })
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// At the first label above 9, and if more bytes come than announced.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), DataError> {
        while !bytes.is_empty() {
            if let Some(size) = self.size
                && self.read == size
            {
                let got = self.read + bytes.len() as u64;
                return Err(DataError::Changed { name: self.name.clone(), got, size });
            }
            let in_record = (self.read % RECORD as u64) as usize;
            let taken = if in_record == 0 {
                let label = bytes[0];
                if usize::from(label) >= CLASSES {
                    let record = self.read / RECORD as u64 + 1;
                    return Err(DataError::Label { name: self.name.clone(), record, at: self.read, label });
                }
                self.reserve_for_one();
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
    pub fn finish(self) -> Result<Images, DataError> {
        match self.size {
            Some(size) if self.read != size => Err(DataError::Changed { name: self.name, got: self.read, size }),
            _ if !self.read.is_multiple_of(RECORD as u64) => Err(truncated(self.name, self.read)),
            _ => Ok(self.images),
        }
    }

    /// Makes room by the batch, not by doubling: room is wanted for a second batch at most.
    fn reserve_for_one(&mut self) {
        let Images { pixels, labels } = &mut self.images;
        if pixels.capacity() - pixels.len() < PIXELS {
            // A file that nothing was reserved for starts small.
            let more = labels.len().clamp(1, RECORDS);
            pixels.reserve_exact(more * PIXELS);
            labels.reserve_exact(more);
        }
    }
}

fn truncated(name: String, size: u64) -> DataError {
    let rest = size % RECORD as u64;
    DataError::Truncated { name, record: size / RECORD as u64 + 1, rest, at: size - rest, size }
}
