//! Loading files: read one after the other, gathered, shown where there is a question, and taken.

use super::REPORT_EVERY_MS;
use crate::data::{DataError, Dataset, Decision, FileReader, Found, Gathering, Taken, Warning, is_clutter};
use crate::protocol::{Event, FileInfo};

/// Most images that are kept, in bytes: 8 times CIFAR-10.
const MAX_BYTES: u64 = 1_500_000_000;
/// Largest file that is read at all: what it holds may be packed worse than images in bytes.
const MAX_FILE: u64 = 4 * MAX_BYTES;

/// Files on their way in.
pub(super) struct Loading {
    files: Vec<FileInfo>,
    /// Whether more files are still to be named.
    is_open: bool,
    total: u64,
    /// Files done, and their bytes.
    done: usize,
    before: u64,
    /// Bytes read of the current file.
    read: u64,
    reader: Option<FileReader>,
    gathering: Gathering,
    /// What was decided of these files before, when they come again.
    decision: Option<Decision>,
    reported: f64,
}

/// Files that were read, and what was found in them. They may wait for a word.
pub(super) struct Gathered {
    gathering: Gathering,
    decision: Decision,
    is_decided: bool,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error("No file was chosen. Choose cifar-10-binary.tar.gz or cifar-10-python.tar.gz, or their batches.")]
    NoFile,
    #[error(
        "{0} holds so many images that there are more than a page can hold. Choose CIFAR-10's archive or its batches only."
    )]
    TooMany(String),
    #[error("{0}")]
    Nothing(String),
}

impl Loading {
    pub(super) fn new(files: Vec<FileInfo>, is_open: bool, decision: Option<Decision>) -> Result<Self, LoadError> {
        if files.is_empty() && !is_open {
            return Err(LoadError::NoFile);
        }
        let mut loading = Self {
            files: Vec::new(),
            is_open,
            total: 0,
            done: 0,
            before: 0,
            read: 0,
            reader: None,
            gathering: Gathering::default(),
            decision,
            reported: f64::NEG_INFINITY,
        };
        loading.extend(files, is_open);
        Ok(loading)
    }

    /// Adds files, and says whether more will come.
    pub(super) fn extend(&mut self, files: Vec<FileInfo>, is_open: bool) {
        self.total = files.iter().fold(self.total, |total, file| total.saturating_add(file.size));
        self.files.extend(files);
        self.is_open = is_open;
        self.pass_unread();
    }

    /// The file that is to be read, and the next byte of it; `None` if all that are known are read.
    pub(super) fn wanted(&self) -> Option<(usize, u64)> {
        (self.done < self.files.len()).then_some((self.done, self.read))
    }

    /// The wanted file, and small files after it.
    pub(super) fn wanted_files(&self, most: usize, piece_bytes: u64) -> Vec<(usize, u64)> {
        let Some(first) = self.wanted() else { return Vec::new() };
        let mut bytes = self.files[self.done].size.saturating_sub(self.read);
        let mut wanted = vec![first];
        for (index, file) in self.files.iter().enumerate().skip(self.done + 1) {
            bytes = bytes.saturating_add(file.size);
            if wanted.len() >= most || bytes > piece_bytes {
                break;
            }
            if !is_clutter(&file.name) {
                wanted.push((index, 0));
            }
        }
        wanted
    }

    /// Whether there is nothing more to come.
    pub(super) fn is_over(&self) -> bool {
        !self.is_open && self.done == self.files.len()
    }

    /// What to say of it now, unless something was said just before.
    pub(super) fn progress(&mut self, now: f64) -> Option<Event> {
        if now - self.reported < REPORT_EVERY_MS {
            return None;
        }
        self.reported = now;
        let name = self.files.get(self.done).map(|file| file_name(&file.name).to_owned()).unwrap_or_default();
        Some(Event::Loading { done: self.before.saturating_add(self.read), total: self.total, name })
    }

    /// Takes the next bytes of the wanted file; none means that it could not be read. A file that cannot be used is
    /// noted as such.
    pub(super) fn take(&mut self, bytes: Option<&[u8]>) -> Result<(), LoadError> {
        let Some(FileInfo { name, size }) = self.files.get(self.done).cloned() else { return Ok(()) };
        let result = match bytes {
            None => Err(DataError::Unreadable { name: file_name(&name).to_owned(), at: self.read }),
            Some(bytes) => {
                let mut reader = self.reader.take().unwrap_or_else(|| FileReader::new(&name, size));
                let pushed = reader.push(bytes);
                self.read += bytes.len() as u64;
                if pushed.is_ok() && self.read < size && !bytes.is_empty() {
                    self.reader = Some(reader);
                    return Ok(());
                }
                pushed.and_then(|()| reader.finish())
            }
        };
        match result {
            Ok(contents) => self.gathering.add(contents),
            Err(error) => self.gathering.pass_over(&name, error),
        }
        if self.gathering.bytes() > MAX_BYTES {
            return Err(LoadError::TooMany(file_name(&name).to_owned()));
        }
        self.next(size);
        self.pass_unread();
        Ok(())
    }

    fn next(&mut self, size: u64) {
        self.before = self.before.saturating_add(size);
        self.read = 0;
        self.done += 1;
    }

    /// Passes over files that are not worth reading, or too large to be read.
    fn pass_unread(&mut self) {
        while let Some(FileInfo { name, size }) = self.files.get(self.done).cloned() {
            let file = file_name(&name).to_owned();
            let error = if is_clutter(&name) {
                DataError::Clutter { name: file }
            } else if size > MAX_FILE {
                DataError::Huge { name: file, size }
            } else {
                return;
            };
            self.gathering.pass_over(&name, error);
            self.next(size);
        }
    }

    /// What was found, once all files were read.
    pub(super) fn finish(self) -> Result<Gathered, LoadError> {
        let Self { mut gathering, decision, .. } = self;
        gathering.close().map_err(LoadError::Nothing)?;
        let is_decided = decision.is_some();
        Ok(Gathered { gathering, decision: decision.unwrap_or_default(), is_decided })
    }
}

impl Gathered {
    /// Changes what is to be done with the files.
    pub(super) fn decide(&mut self, decision: Decision) {
        self.decision = decision;
    }

    /// What was found, beside the data that stay, and in place of what gives way. It waits for a word where that could
    /// change something.
    pub(super) fn found(&self, old: &Dataset, replaces: Option<String>) -> Found {
        let mut found = self.gathering.found(old, &self.decision);
        let is_useless = found.files.iter().all(|file| !matches!(file.taken, Taken::Train | Taken::Validation));
        // Where all names agree that there is nothing to train on, there is no question.
        let is_hopeless = found.warnings.contains(&Warning::NoTraining) && self.gathering.are_roles_sure();
        let is_doubtful = replaces.is_some() || self.gathering.is_doubtful(&found);
        found.asks = !self.is_decided && !is_useless && !is_hopeless && is_doubtful;
        found.replaces = replaces;
        found
    }

    /// The names of the classes that came with the images; none where they are CIFAR-10's.
    pub(super) fn class_names(&self) -> Vec<String> {
        self.gathering.class_names()
    }

    /// The published archive that all these files are, if they are one.
    pub(super) fn official(&self) -> Option<&'static str> {
        self.gathering.official()
    }

    /// The old data with the new, or the old again, and why.
    pub(super) fn take(self, old: Dataset) -> Result<Dataset, Box<(Dataset, String)>> {
        self.gathering.take(old, &self.decision, MAX_BYTES)
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
