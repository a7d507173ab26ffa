//! Loading files: all of them or none.

use super::REPORT_EVERY_MS;
use crate::data::{Batch, DataError, Dataset, FileReader};
use crate::protocol::{Event, FileInfo};

/// Most images that are kept: 8 times CIFAR-10, 1.5 GB.
const MAX_BYTES: u64 = 1_500_000_000;

/// Files on their way in.
pub(super) struct Loading {
    files: Vec<FileInfo>,
    total: u64,
    /// Files done, and their bytes.
    done: usize,
    before: u64,
    /// Bytes read of the current file.
    read: u64,
    reader: Option<FileReader>,
    batches: Vec<Batch>,
    /// Published archives among the files.
    official: Vec<&'static str>,
    /// What is to be said of a file that belongs to the data but holds no images.
    companion: Option<String>,
    reported: f64,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error("No file was chosen. Choose cifar-10-binary.tar.gz or cifar-10-python.tar.gz, or their batches.")]
    NoFile,
    #[error("These files have {0} bytes, more than a page can hold. Choose CIFAR-10's archive or its batches only.")]
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
                done: 0,
                before: 0,
                read: 0,
                reader: None,
                batches: Vec::new(),
                official: Vec::new(),
                companion: None,
                reported: f64::NEG_INFINITY,
            }),
        }
    }

    pub(super) fn wanted(&self) -> (usize, u64) {
        (self.done, self.read)
    }

    /// What to say of it now, unless something was said just before.
    pub(super) fn progress(&mut self, now: f64) -> Option<Event> {
        if now - self.reported < REPORT_EVERY_MS {
            return None;
        }
        self.reported = now;
        let name = self.files.get(self.done).map(|file| file.name.clone()).unwrap_or_default();
        Some(Event::Loading { done: self.before + self.read, total: self.total, name })
    }

    /// Takes the next bytes of the wanted file. Returns whether all files are read.
    pub(super) fn take(&mut self, bytes: Option<&[u8]>) -> Result<bool, String> {
        let FileInfo { name, size } = &self.files[self.done];
        let bytes = bytes.ok_or_else(|| {
            format!(
                "{name} could not be read at byte {}: it was moved, is a folder, or the browser lost access. Choose it again.",
                self.read
            )
        })?;
        let mut reader = self.reader.take().unwrap_or_else(|| FileReader::new(name, *size));
        let mut result = reader.push(bytes);
        self.read += bytes.len() as u64;
        if result.is_ok() && self.read < *size && !bytes.is_empty() {
            self.reader = Some(reader);
            return Ok(false);
        }
        if result.is_ok() {
            result = reader.finish().map(|contents| {
                self.official.extend(contents.official);
                self.batches.extend(contents.batches);
            });
        }
        match result {
            Ok(()) => {}
            // A whole folder was chosen: what belongs to it may be there.
            Err(error @ DataError::Companion { .. }) => self.companion = Some(error.to_string()),
            Err(error) => return Err(error.to_string()),
        }
        self.before += *size;
        self.read = 0;
        self.done += 1;
        if self.done < self.files.len() {
            return Ok(false);
        }
        match self.companion.take() {
            Some(message) if self.batches.is_empty() => Err(message),
            _ => Ok(true),
        }
    }

    /// The published archive that all these data are, if they are one.
    pub(super) fn official(&self) -> Option<&'static str> {
        match self.official[..] {
            [one] if self.files.len() == 1 => Some(one),
            _ => None,
        }
    }

    /// The old data with the new batches; the old data again, and why, if they do not fit.
    pub(super) fn finish(self, mut data: Dataset) -> Result<Dataset, (Dataset, String)> {
        match refuse(&data, &self.batches) {
            Some(message) => Err((data, message)),
            None => {
                for batch in self.batches {
                    if batch.validation { data.validation.push(batch) } else { data.train.push(batch) }
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
    if data.train.is_empty() && new.iter().all(|batch| batch.validation) {
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
