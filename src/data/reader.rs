//! One uploaded file of any kind: batches in the binary or the Python version, in a tar archive or not,
//! compressed by gzip or not.
//!
//! Bytes go through as they arrive: a file is a chain of readers, from the outermost (gzip) to the innermost (a
//! batch), and nothing is kept but the images and the first bytes of what is not recognised yet.

use md5::{Digest, Md5};

use super::archive::gzip::{Gunzip, GzipError};
use super::archive::tar::{Event, TarError, Untar};
use super::cifar10::{BatchReader, RECORD, RECORD_100, is_test_batch};
use super::error::DataError;
use super::pickle::{PickleError, PickleReader, Pickled, PickledBatch};
use super::recognise::{HEAD, Kind, recognise};
use super::{Batch, Images};

/// Most bytes that gzip may unpack in a file, all layers together: 8 times CIFAR-10, as a page can hold, and of
/// a small file less, [`SURE`] and [`RATIO`] times its size.
const MAX_UNPACKED: u64 = 1_500_000_000;
/// Bytes that any file may unpack to.
const SURE: u64 = 256_000_000;
/// How many times larger images may get: real ones grow by a tenth.
const RATIO: u64 = 10;
/// Most layers of gzip: of an archive, of a file in it, and one more, for a download that was packed twice.
const MAX_GZIP: usize = 3;
/// How many times larger a file may be that is not read yet than the one that was chosen, where its size is
/// not known. Images shrink by a tenth.
const CREDIT: u64 = 4;

/// MD5 and name of the published archives, as the data set's page gives them.
const OFFICIAL: [([u8; 16], &str); 2] = [
    (0xc32a_1d4a_b5d0_3f12_84b6_7883_e8d8_7530_u128.to_be_bytes(), "cifar-10-binary.tar.gz"),
    (0xc58f_3010_8f71_8f92_721a_f3b9_5e74_349a_u128.to_be_bytes(), "cifar-10-python.tar.gz"),
];
/// Sizes that a published archive may have, in bytes; the sum of any other file is not of interest.
const OFFICIAL_SIZES: std::ops::RangeInclusive<u64> = 160_000_000..=190_000_000;

/// What a file held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// At least one; those of an archive by name, because archives have them in any order.
    pub batches: Vec<Batch>,
    /// The published archive that the file is, byte for byte.
    pub official: Option<&'static str>,
}

/// Reads one uploaded file of unknown kind from bytes that arrive in pieces of any size.
///
/// After an error it should be dropped: what it says from then on means nothing.
#[derive(Debug)]
pub struct FileReader {
    name: String,
    size: u64,
    read: u64,
    md5: Option<Md5>,
    layer: Layer,
    found: Found,
}

/// What came out until now.
#[derive(Debug, Default)]
struct Found {
    batches: Vec<Batch>,
    members: usize,
    /// Bytes out of gzip, of all layers and members together.
    unpacked: u64,
    /// Most of these.
    limit: u64,
    /// What is to be said of an archive without batches.
    notable: Option<DataError>,
}

/// A reader in the chain.
#[derive(Debug)]
struct Layer {
    /// For the batch.
    name: String,
    /// For messages.
    label: String,
    size: Option<u64>,
    /// Most bytes that are reserved before they came.
    credit: u64,
    is_member: bool,
    gzips: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Not recognised yet; the first bytes.
    Head(Vec<u8>),
    Batch(BatchReader),
    Pickle(Box<PickleReader>),
    Gzip(Box<Gunzip>, Box<Layer>),
    Tar(Box<Untar>, Option<Box<Layer>>),
    /// A member that holds no images.
    Skip,
}

impl FileReader {
    /// A reader for a file of `size` bytes.
    pub fn new(name: &str, size: u64) -> Self {
        let layer = Layer {
            name: name.into(),
            label: name.into(),
            size: Some(size),
            credit: size.min(MAX_UNPACKED),
            is_member: false,
            gzips: 0,
            state: State::Head(Vec::new()),
        };
        let md5 = OFFICIAL_SIZES.contains(&size).then(Md5::new);
        let limit = size.saturating_mul(RATIO).saturating_add(SURE).min(MAX_UNPACKED);
        Self { name: name.into(), size, read: 0, md5, layer, found: Found { limit, ..Found::default() } }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// As soon as the file shows that it cannot be used.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), DataError> {
        self.read = self.read.saturating_add(bytes.len() as u64);
        if self.read > self.size {
            return Err(DataError::Changed { name: self.name.clone(), got: self.read, size: self.size });
        }
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
        self.layer.push(bytes, &mut self.found)
    }

    /// What the file held, once all bytes were pushed.
    ///
    /// # Errors
    /// If bytes are missing, or there is no batch in it.
    pub fn finish(mut self) -> Result<Contents, DataError> {
        if self.read != self.size {
            return Err(DataError::Changed { name: self.name, got: self.read, size: self.size });
        }
        self.layer.finish(&mut self.found)?;
        let Found { mut batches, members, notable, .. } = self.found;
        if batches.is_empty() {
            return Err(notable.unwrap_or(DataError::NoBatches { name: self.name, members }));
        }
        batches.sort_by(|a, b| a.name.cmp(&b.name));
        let official = self.md5.and_then(|md5| {
            let sum = md5.finalize();
            OFFICIAL.iter().find(|(known, _)| sum[..] == known[..]).map(|(_, name)| *name)
        });
        Ok(Contents { batches, official })
    }
}

impl Layer {
    fn push(&mut self, mut bytes: &[u8], found: &mut Found) -> Result<(), DataError> {
        if let State::Head(head) = &mut self.state {
            let (start, rest) = bytes.split_at(bytes.len().min(HEAD - head.len()));
            head.extend_from_slice(start);
            if head.len() < HEAD {
                return Ok(());
            }
            bytes = rest;
            let head = std::mem::take(head);
            self.open(&head, self.size, found)?;
        }
        self.push_opened(bytes, found)
    }

    fn push_opened(&mut self, mut bytes: &[u8], found: &mut Found) -> Result<(), DataError> {
        match &mut self.state {
            State::Head(_) | State::Skip => Ok(()),
            State::Batch(reader) => reader.push(bytes),
            State::Pickle(reader) => reader.push(bytes).map_err(|problem| pickle_error(&self.label, problem)),
            State::Gzip(gunzip, inner) => {
                while let Some(unpacked) =
                    gunzip.next(&mut bytes).map_err(|problem| gzip_error(&self.label, problem))?
                {
                    found.unpacked += unpacked.len() as u64;
                    if found.unpacked > found.limit {
                        return Err(DataError::TooLarge { name: self.label.clone(), limit: found.limit });
                    }
                    inner.push(unpacked, found)?;
                }
                Ok(())
            }
            State::Tar(untar, member) => {
                while let Some(event) = untar.next(&mut bytes).map_err(|problem| tar_error(&self.label, problem))? {
                    match event {
                        Event::Member { path, size } => {
                            found.members += 1;
                            let file = path.rsplit('/').next().unwrap_or_default();
                            // macOS keeps its own notes beside each file.
                            let is_note = file.starts_with("._") || path.split('/').any(|part| part == "__MACOSX");
                            *member = (!is_note).then(|| {
                                Box::new(Layer {
                                    name: file.into(),
                                    label: format!("{file} in {}", self.label),
                                    size: Some(size),
                                    credit: self.credit,
                                    is_member: true,
                                    gzips: self.gzips,
                                    state: State::Head(Vec::new()),
                                })
                            });
                        }
                        Event::Data(data) => {
                            if let Some(member) = member {
                                member.push(data, found)?;
                            }
                        }
                        Event::End => {
                            if let Some(mut member) = member.take() {
                                member.finish(found)?;
                            }
                        }
                    }
                }
                Ok(())
            }
        }
    }

    fn finish(&mut self, found: &mut Found) -> Result<(), DataError> {
        if let State::Head(head) = &mut self.state {
            let head = std::mem::take(head);
            self.open(&head, Some(head.len() as u64), found)?;
        }
        match std::mem::replace(&mut self.state, State::Skip) {
            State::Head(_) | State::Skip => Ok(()),
            State::Batch(reader) => {
                let images = reader.finish()?;
                self.found_batch(images, None, found);
                Ok(())
            }
            State::Pickle(reader) => match reader.finish().map_err(|problem| pickle_error(&self.label, problem))? {
                Pickled::Batches(batches) => {
                    for PickledBatch { images, label, split, validation } in batches {
                        self.found_part(images, label, split, validation, found);
                    }
                    Ok(())
                }
                Pickled::Cifar100 => {
                    let sign = "it has fine_labels and coarse_labels".into();
                    self.refuse(DataError::Cifar100 { name: self.label.clone(), sign }, found)
                }
                Pickled::ClassNames => self.refuse_companion(found),
            },
            State::Gzip(gunzip, mut inner) => {
                gunzip.finish().map_err(|problem| gzip_error(&self.label, problem))?;
                inner.finish(found)
            }
            State::Tar(untar, _) => untar.finish().map_err(|problem| tar_error(&self.label, problem)),
        }
    }

    /// Recognises what begins with `head`, and passes that on.
    fn open(&mut self, head: &[u8], size: Option<u64>, found: &mut Found) -> Result<(), DataError> {
        let name = || self.label.clone();
        // A batch that is cut has few labels to show that it is one; in an archive, that may be anything else.
        let is_sure = |size: u64| !self.is_member || size.is_multiple_of(RECORD as u64) || size >= 2 * RECORD as u64;
        let credit = self.credit;
        let refusal = match recognise(head, size) {
            Kind::Batch if size.is_none_or(is_sure) => {
                self.state = State::Batch(BatchReader::new(&self.label, size, credit)?);
                return self.push_opened(head, found);
            }
            Kind::Pickle => {
                self.state = State::Pickle(Box::new(PickleReader::new(size, credit)));
                return self.push_opened(head, found);
            }
            Kind::Gzip if self.gzips < MAX_GZIP => {
                let inner = Layer {
                    name: without_gz(&self.name).into(),
                    label: self.label.clone(),
                    size: None,
                    credit: size.unwrap_or(credit).saturating_mul(CREDIT).min(MAX_UNPACKED),
                    is_member: self.is_member,
                    gzips: self.gzips + 1,
                    state: State::Head(Vec::new()),
                };
                self.state = State::Gzip(Box::default(), Box::new(inner));
                return self.push_opened(head, found);
            }
            Kind::Tar if !self.is_member => {
                self.state = State::Tar(Box::new(Untar::new(size)), None);
                return self.push_opened(head, found);
            }
            Kind::Gzip | Kind::Tar => DataError::OtherFormat {
                name: name(),
                kind: "an archive within an archive",
                advice: "Unpack the outer one, and choose what is in it.",
            },
            Kind::Empty => DataError::Empty { name: name() },
            Kind::Cifar100 => DataError::Cifar100 {
                name: name(),
                sign: match size {
                    Some(size) => format!("{} records of 3,074 bytes", size / RECORD_100 as u64),
                    None => "records of 3,074 bytes".into(),
                },
            },
            Kind::Companion(kind, advice) => DataError::Companion { name: name(), kind, advice },
            Kind::Other(kind, advice) => DataError::OtherFormat { name: name(), kind, advice },
            Kind::Batch | Kind::Unknown => DataError::Unknown { name: name(), first: head[0] },
        };
        self.refuse(refusal, found)
    }

    fn refuse_companion(&mut self, found: &mut Found) -> Result<(), DataError> {
        let name = self.label.clone();
        let kind = "the list of class names";
        let advice = "Choose data_batch_1 to data_batch_5 and test_batch.";
        self.refuse(DataError::Companion { name, kind, advice }, found)
    }

    /// A file that is of no use: that is an error, but in an archive only if there is no other.
    fn refuse(&mut self, error: DataError, found: &mut Found) -> Result<(), DataError> {
        if !self.is_member {
            return Err(error);
        }
        let is_notable = matches!(error, DataError::Cifar100 { .. } | DataError::OtherFormat { .. });
        if is_notable && found.notable.is_none() {
            found.notable = Some(error);
        }
        self.state = State::Skip;
        Ok(())
    }

    fn found_batch(&self, images: Images, label: Option<String>, found: &mut Found) {
        self.found_part(images, label, None, None, found);
    }

    fn found_part(
        &self,
        images: Images,
        label: Option<String>,
        split: Option<String>,
        validation: Option<bool>,
        found: &mut Found,
    ) {
        let label = label.unwrap_or_default().to_ascii_lowercase();
        let by_name = || label.contains("test") || !label.contains("train") && is_test_batch(&self.name);
        let validation = validation.unwrap_or_else(by_name);
        let name = split.map_or_else(|| self.name.clone(), |split| format!("{}: {split}", self.name));
        found.batches.push(Batch { name, images, validation });
    }
}

fn pickle_error(label: &str, problem: PickleError) -> DataError {
    DataError::Pickle { name: label.into(), problem }
}

fn gzip_error(label: &str, problem: GzipError) -> DataError {
    DataError::Gzip { name: label.into(), problem }
}

fn tar_error(label: &str, problem: TarError) -> DataError {
    DataError::Tar { name: label.into(), problem }
}

fn without_gz(name: &str) -> &str {
    name.strip_suffix(".gz").unwrap_or(name)
}
