//! Loading files: all of them or none.

use super::REPORT_EVERY_MS;
use crate::data::cifar10::{BatchReader, is_test_batch};
use crate::data::{Batch, Dataset};
use crate::protocol::{Event, FileInfo};

/// Most images that are kept: 8 times CIFAR-10, 1.5 GB.
const MAX_BYTES: u64 = 1_500_000_000;

/// Files on their way in.
pub(super) struct Loading {
    files: Vec<FileInfo>,
    total: u64,
    /// Bytes of files already read.
    before: u64,
    /// Bytes read of the current file.
    read: u64,
    reader: Option<BatchReader>,
    batches: Vec<Batch>,
    reported: f64,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error("No file was chosen. Choose data_batch_1.bin to data_batch_5.bin and test_batch.bin.")]
    NoFile,
    #[error(
        "These files have {0} bytes, more than a page can hold. Choose CIFAR-10's batches only, 30,730,000 bytes each."
    )]
    TooLarge(u64),
}

impl Loading {
    pub(super) fn new(files: Vec<FileInfo>) -> Result<Self, LoadError> {
        let total = files.iter().fold(0_u64, |total, file| total.saturating_add(file.size));
        match files.len() {
            0 => Err(LoadError::NoFile),
            _ if total > MAX_BYTES => Err(LoadError::TooLarge(total)),
            _ => Ok(Self {
                files,
                total,
                before: 0,
                read: 0,
                reader: None,
                batches: Vec::new(),
                reported: f64::NEG_INFINITY,
            }),
        }
    }

    pub(super) fn wanted(&self) -> (usize, u64) {
        (self.batches.len(), self.read)
    }

    /// What to say of it now, unless something was said just before.
    pub(super) fn progress(&mut self, now: f64) -> Option<Event> {
        if now - self.reported < REPORT_EVERY_MS {
            return None;
        }
        self.reported = now;
        let name = self.files.get(self.batches.len()).map(|file| file.name.clone()).unwrap_or_default();
        Some(Event::Loading { done: self.before + self.read, total: self.total, name })
    }

    /// Takes the next bytes of the wanted file. Returns whether all files are read.
    pub(super) fn take(&mut self, bytes: Option<&[u8]>) -> Result<bool, String> {
        let FileInfo { name, size } = &self.files[self.batches.len()];
        let bytes = bytes.ok_or_else(|| {
            format!(
                "{name} could not be read at byte {}: it was moved, or the browser lost access. Choose it again.",
                self.read
            )
        })?;
        let mut reader = match self.reader.take() {
            Some(reader) => reader,
            None => BatchReader::new(name, *size, bytes).map_err(|error| error.to_string())?,
        };
        reader.push(bytes).map_err(|error| error.to_string())?;
        self.read += bytes.len() as u64;
        if self.read < *size && !bytes.is_empty() {
            self.reader = Some(reader);
            return Ok(false);
        }
        let images = reader.finish().map_err(|error| error.to_string())?;
        self.before += self.read;
        self.read = 0;
        self.batches.push(Batch { name: name.clone(), images });
        Ok(self.batches.len() == self.files.len())
    }

    /// The old data with the new batches; the old data again, and why, if they do not fit.
    pub(super) fn finish(self, mut data: Dataset) -> Result<Dataset, (Dataset, String)> {
        match refuse(&data, &self.batches) {
            Some(message) => Err((data, message)),
            None => {
                for batch in self.batches {
                    if is_test_batch(&batch.name) { data.validation.push(batch) } else { data.train.push(batch) }
                }
                Ok(data)
            }
        }
    }
}

/// Why these batches cannot be added, if they cannot.
fn refuse(data: &Dataset, new: &[Batch]) -> Option<String> {
    let old = data.train.batches().iter().chain(data.validation.batches());
    let all: Vec<&Batch> = old.chain(new).collect();
    for (index, batch) in all.iter().enumerate().skip(all.len() - new.len()) {
        if let Some(twin) = all[..index].iter().find(|twin| twin.images == batch.images) {
            return Some(if twin.name == batch.name {
                format!("{} is here already. Choose batches that are not loaded yet.", batch.name)
            } else {
                format!("{} holds the same images as {}. Choose each batch once.", batch.name, twin.name)
            });
        }
    }
    if data.train.is_empty() && new.iter().all(|batch| is_test_batch(&batch.name)) {
        let name = &new[0].name;
        return Some(format!(
            "{name} is for validation only, so there is nothing to train on. Choose it together with data_batch_1.bin."
        ));
    }
    let images: usize = all.iter().map(|batch| batch.images.len()).sum();
    if (images * crate::data::PIXELS) as u64 > MAX_BYTES {
        return Some(format!(
            "{images} images are more than a page can hold. Forget the data first, then choose fewer."
        ));
    }
    None
}
