//! One uploaded file of any kind: batches in the binary or the Python version, lists of class names, in a tar or zip
//! archive or not, compressed by gzip or not.
//!
//! Bytes go through as they arrive: a file is a chain of readers, from the outermost (gzip) to the innermost (a
//! batch), and nothing is kept but the images and the first bytes of what is not recognised yet. What comes out is a
//! list of [pieces](Piece): each file that was found, and what it holds or why it is of no use.

use md5::{Digest, Md5};

use super::album::Album;
use super::archive::Event;
use super::archive::gzip::{Gunzip, GzipError};
use super::archive::tar::Untar;
use super::archive::zip::Unzip;
use super::cifar10::{BatchReader, RECORD, RECORD_100};
use super::clutter::is_clutter;
use super::error::DataError;
use super::npy::{Array, NpyError, NpyReader};
use super::pickle::{PickleError, PickleReader, Pickled, PickledBatch};
use super::pictures::{self, Format};
use super::recognise::{HEAD, Kind, TORCH, recognise};
use super::{Images, class_names, table};

/// Most bytes that gzip may unpack in a file, all layers together: 8 times CIFAR-10, as a page can hold, and of
/// a small file less, [`SURE`] and [`RATIO`] times its size.
const MAX_UNPACKED: u64 = 1_500_000_000;
/// Bytes that any file may unpack to.
const SURE: u64 = 256_000_000;
/// How many times larger images may get: real ones grow by a tenth.
const RATIO: u64 = 10;
/// Most layers of gzip: of an archive, of a file in it, and one more, for a download that was packed twice.
const MAX_GZIP: usize = 3;
/// Most archives within each other: what shops for data sets give is one archive in another.
const MAX_ARCHIVES: usize = 2;
/// Most files in an archive.
const MAX_MEMBERS: usize = 200_000;
/// How many times larger a file may be that is not read yet than the one that was chosen, where its size is
/// not known. Images shrink by a tenth.
const CREDIT: u64 = 4;
/// Longest text that is read, in bytes: a table of a million labels.
const MAX_TEXT: usize = 1 << 23;
/// Bytes in which line ends are counted.
const COUNTED: u64 = 1 << 16;
/// Line feeds that must all have got a carriage return: by chance that happens once in 2⁶⁴.
const MANGLED: u64 = 8;

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
    /// In the order of the file; if there are no pictures, at least one is of use.
    pub pieces: Vec<Piece>,
    /// Pictures, which may be many.
    pub album: Album,
    /// The published archive that the file is, byte for byte.
    pub official: Option<&'static str>,
}

/// A file that was chosen, or one in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its folders and its name, parted by `/`; those of the archives that it is in come first.
    pub path: String,
    /// What it holds.
    pub what: What,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Labelled images, and what they call themselves.
    Batch {
        /// At least one.
        images: Images,
        /// "testing batch 1 of 1", say.
        label: Option<String>,
        /// Whether they are for measuring only, where their place in the file says so.
        validation: Option<bool>,
    },
    /// Images without labels: [`PIXELS`](super::PIXELS) bytes each, planar.
    Pixels(Vec<u8>),
    /// Labels without images.
    Labels(Vec<u8>),
    /// Names of pictures, without folder and ending, and their labels.
    Table(Vec<(String, String)>),
    /// The names of the classes; empty where they are CIFAR-10's.
    ClassNames(Vec<String>),
    /// Nothing of use.
    Refused(DataError),
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
    lines: LineEnds,
    layer: Layer,
    found: Found,
}

/// What came out until now.
#[derive(Debug, Default)]
struct Found {
    pieces: Vec<Piece>,
    album: Album,
    members: usize,
    /// Bytes out of gzip and zip, of all layers and members together.
    unpacked: u64,
    /// Most of these.
    limit: u64,
}

/// Line ends among a file's first bytes: where each has a carriage return, it was transferred as a text.
#[derive(Debug, Default)]
struct LineEnds {
    feeds: u64,
    after_return: u64,
    last: u8,
}

/// A reader in the chain.
#[derive(Debug)]
struct Layer {
    /// With folders, and the archives that it is in.
    path: String,
    /// For messages.
    label: String,
    size: Option<u64>,
    /// Most bytes that are reserved before they came.
    credit: u64,
    gzips: usize,
    /// How many archives it is in.
    archives: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Not recognised yet; the first bytes.
    Head(Vec<u8>),
    Batch(BatchReader),
    Pickle(Box<PickleReader>),
    Npy(Box<NpyReader>),
    /// To be read when it is there as a whole.
    Text(Vec<u8>),
    Picture(Format, Vec<u8>),
    Gzip(Box<Gunzip>, Box<Layer>),
    Archive(Box<Archive>, Option<Box<Layer>>),
    /// A member that is of no use, or has said all.
    Skip,
}

#[derive(Debug)]
enum Archive {
    Tar(Untar),
    Zip(Unzip),
}

impl FileReader {
    /// A reader for a file of `size` bytes; the name may have folders before it, parted by `/`.
    pub fn new(path: &str, size: u64) -> Self {
        let name = file_name(path);
        let layer = Layer {
            path: path.into(),
            label: name.into(),
            size: Some(size),
            credit: size.min(MAX_UNPACKED),
            gzips: 0,
            archives: 0,
            state: State::Head(Vec::new()),
        };
        let md5 = OFFICIAL_SIZES.contains(&size).then(Md5::new);
        let limit = size.saturating_mul(RATIO).saturating_add(SURE).min(MAX_UNPACKED);
        let found = Found { limit, ..Found::default() };
        Self { name: name.into(), size, read: 0, md5, lines: LineEnds::default(), layer, found }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// As soon as the file as a whole shows that it cannot be used.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), DataError> {
        if self.read < COUNTED {
            self.lines.count(&bytes[..bytes.len().min((COUNTED - self.read) as usize)]);
        }
        self.read = self.read.saturating_add(bytes.len() as u64);
        if self.read > self.size {
            return Err(DataError::Changed { name: self.name.clone(), got: self.read, size: self.size });
        }
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
        self.layer.push(bytes, &mut self.found).map_err(|error| self.explained(error))
    }

    /// What the file held, once all bytes were pushed.
    ///
    /// # Errors
    /// If bytes are missing, or nothing in it is of use.
    pub fn finish(mut self) -> Result<Contents, DataError> {
        if self.read != self.size {
            return Err(DataError::Changed { name: self.name, got: self.read, size: self.size });
        }
        if let Err(error) = self.layer.finish(&mut self.found) {
            return Err(self.explained(error));
        }
        if self.found.album.is_empty() && self.found.pieces.iter().all(|piece| matches!(piece.what, What::Refused(_))) {
            let name = self.name.clone();
            let error = self.found.worst().unwrap_or(DataError::NoBatches { name, members: self.found.members });
            return Err(self.explained(error));
        }
        let official = self.md5.and_then(|md5| {
            let sum = md5.finalize();
            OFFICIAL.iter().find(|(known, _)| sum[..] == known[..]).map(|(_, name)| *name)
        });
        Ok(Contents { pieces: self.found.pieces, album: self.found.album, official })
    }

    /// The error, or the reason for it that the line ends give.
    fn explained(&self, error: DataError) -> DataError {
        // What is known as something else was not meant to be read as images.
        let is_known = matches!(error, DataError::OtherFormat { .. } | DataError::Companion { .. });
        if self.lines.are_changed() && !is_known { DataError::Mangled { name: self.name.clone() } } else { error }
    }
}

impl LineEnds {
    fn count(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if byte == b'\n' {
                self.feeds += 1;
                self.after_return += u64::from(self.last == b'\r');
            }
            self.last = byte;
        }
    }

    fn are_changed(&self) -> bool {
        self.feeds >= MANGLED && self.after_return == self.feeds
    }
}

impl Found {
    /// What is to be said of a file in which nothing is of use: the first that was meant to be, else the first that is
    /// known, else the only one.
    fn worst(&self) -> Option<DataError> {
        let errors = || {
            self.pieces.iter().filter_map(|piece| match &piece.what {
                What::Refused(error) => Some(error),
                _ => None,
            })
        };
        let is_known = |error: &&DataError| {
            matches!(error, DataError::Cifar100 { .. } | DataError::OtherFormat { .. } | DataError::Npy { .. })
        };
        let only = || errors().next().filter(|_| self.members == 0);
        errors().find(|error| error.is_suspicious()).or_else(|| errors().find(is_known)).or_else(only).cloned()
    }

    fn add(&mut self, path: &str, what: What) {
        self.pieces.push(Piece { path: path.to_owned(), what });
    }
}

impl Archive {
    fn next<'e, 'b: 'e>(&'e mut self, bytes: &mut &'b [u8], label: &str) -> Result<Option<Event<'e>>, DataError> {
        let name = || label.to_owned();
        match self {
            Self::Tar(untar) => untar.next(bytes).map_err(|problem| DataError::Tar { name: name(), problem }),
            Self::Zip(unzip) => unzip.next(bytes).map_err(|problem| DataError::Zip { name: name(), problem }),
        }
    }

    fn finish(&self, label: &str) -> Result<(), DataError> {
        let name = || label.to_owned();
        match self {
            Self::Tar(untar) => untar.finish().map_err(|problem| DataError::Tar { name: name(), problem }),
            Self::Zip(unzip) => unzip.finish().map_err(|problem| DataError::Zip { name: name(), problem }),
        }
    }
}

impl Layer {
    /// Takes bytes. An error is of the whole file that was chosen; a member's own ends that member only.
    fn push(&mut self, bytes: &[u8], found: &mut Found) -> Result<(), DataError> {
        let is_member = self.archives > 0;
        match self.try_push(bytes, found) {
            Err(error) if is_member && !matches!(error, DataError::TooLarge { .. }) => {
                self.refuse(error, found);
                Ok(())
            }
            result => result,
        }
    }

    fn finish(&mut self, found: &mut Found) -> Result<(), DataError> {
        let is_member = self.archives > 0;
        match self.try_finish(found) {
            Err(error) if is_member && !matches!(error, DataError::TooLarge { .. }) => {
                self.refuse(error, found);
                Ok(())
            }
            result => result,
        }
    }

    fn try_push(&mut self, mut bytes: &[u8], found: &mut Found) -> Result<(), DataError> {
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
            State::Text(text) => {
                text.extend_from_slice(&bytes[..bytes.len().min(MAX_TEXT + 1 - text.len())]);
                Ok(())
            }
            State::Npy(reader) => reader.push(bytes).map_err(|problem| npy_error(&self.label, problem)),
            State::Picture(_, picture) => {
                picture.extend_from_slice(&bytes[..bytes.len().min(pictures::MAX_BYTES + 1 - picture.len())]);
                Ok(())
            }
            State::Gzip(gunzip, inner) => {
                while let Some(unpacked) =
                    gunzip.next(&mut bytes).map_err(|problem| gzip_error(&self.label, problem))?
                {
                    found.count(unpacked.len(), &self.label)?;
                    inner.push(unpacked, found)?;
                }
                Ok(())
            }
            State::Archive(archive, member) => {
                let is_packed = matches!(**archive, Archive::Zip(_));
                while let Some(event) = archive.next(&mut bytes, &self.label)? {
                    match event {
                        Event::Member { path, size } => {
                            found.members += 1;
                            if found.members > MAX_MEMBERS {
                                return Err(DataError::TooMany { name: self.label.clone(), limit: MAX_MEMBERS });
                            }
                            let credit = if is_packed { larger(self.credit) } else { self.credit };
                            if is_packed && path.ends_with("/data.pkl") {
                                let name = self.label.clone();
                                return Err(DataError::OtherFormat { name, kind: "a PyTorch file", advice: TORCH });
                            }
                            let path = format!("{}/{path}", self.path);
                            let file = file_name(&path);
                            let label = format!("{file} in {}", self.label);
                            if is_clutter(&path) {
                                *member = None;
                                found.add(&path, What::Refused(DataError::Clutter { name: label }));
                                continue;
                            }
                            *member = Some(Box::new(Layer {
                                label,
                                path,
                                size,
                                credit,
                                gzips: self.gzips,
                                archives: self.archives + 1,
                                state: State::Head(Vec::new()),
                            }));
                        }
                        Event::Data(data) => {
                            if is_packed {
                                found.count(data.len(), &self.label)?;
                            }
                            if let Some(member) = member {
                                member.push(data, found)?;
                            }
                        }
                        Event::End => {
                            if let Some(mut member) = member.take() {
                                member.finish(found)?;
                            }
                        }
                        Event::Sealed { path, kind } => {
                            found.members += 1;
                            let path = format!("{}/{path}", self.path);
                            let name = format!("{} in {}", file_name(&path), self.label);
                            found.add(&path, What::Refused(DataError::Sealed { name, kind }));
                        }
                    }
                }
                Ok(())
            }
        }
    }

    fn try_finish(&mut self, found: &mut Found) -> Result<(), DataError> {
        if let State::Head(head) = &mut self.state {
            let head = std::mem::take(head);
            self.open(&head, Some(head.len() as u64), found)?;
        }
        match std::mem::replace(&mut self.state, State::Skip) {
            State::Head(_) | State::Skip => Ok(()),
            State::Batch(reader) => {
                found.add(&self.path, What::Batch { images: reader.finish()?, label: None, validation: None });
                Ok(())
            }
            State::Pickle(reader) => match reader.finish().map_err(|problem| pickle_error(&self.label, problem))? {
                Pickled::Batches { batches, class_names } => {
                    if let Some(names) = class_names {
                        found.add(&format!("{}/class names", self.path), What::ClassNames(names));
                    }
                    for PickledBatch { images, label, split, validation } in batches {
                        let path = split.map_or_else(|| self.path.clone(), |split| format!("{}/{split}", self.path));
                        found.add(&path, What::Batch { images, label, validation });
                    }
                    Ok(())
                }
                Pickled::Cifar100 => {
                    let sign = "it has fine_labels and coarse_labels".into();
                    Err(DataError::Cifar100 { name: self.label.clone(), sign })
                }
                Pickled::ClassNames(names) => {
                    found.add(&self.path, What::ClassNames(names));
                    Ok(())
                }
            },
            State::Npy(reader) => {
                let what = match reader.finish().map_err(|problem| npy_error(&self.label, problem))? {
                    Array::Images(pixels) => What::Pixels(pixels),
                    Array::Labels(labels) => What::Labels(labels),
                };
                found.add(&self.path, what);
                Ok(())
            }
            State::Picture(format, bytes) => {
                let decoded = if bytes.len() > pictures::MAX_BYTES {
                    Err(pictures::PictureFileError::TooLarge)
                } else {
                    pictures::decode(format, &bytes)
                };
                let picture = decoded.map_err(|problem| DataError::Picture { name: self.label.clone(), problem })?;
                found.album.add(self.path.clone(), &picture);
                Ok(())
            }
            State::Text(text) => self.read_text(&text, found),
            State::Gzip(gunzip, mut inner) => {
                if let Err(problem) = gunzip.finish() {
                    self.state = State::Gzip(gunzip, inner);
                    return Err(gzip_error(&self.label, problem));
                }
                inner.finish(found)
            }
            State::Archive(archive, member) => {
                let result = archive.finish(&self.label);
                self.state = State::Archive(archive, member);
                result
            }
        }
    }

    /// A list of class names, or a table of labels; any other text is of no use.
    fn read_text(&self, text: &[u8], found: &mut Found) -> Result<(), DataError> {
        let text = String::from_utf8_lossy(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
        let names =
            class_names::from_text(&text).filter(|_| text.len() <= MAX_TEXT && !is_prose(file_name(&self.path)));
        if let Some(rows) = table::labels(&text).filter(|_| text.len() <= MAX_TEXT) {
            found.add(&self.path, What::Table(rows));
            return Ok(());
        }
        let Some(names) = names else {
            let advice = "Choose data_batch_1 to data_batch_5 and test_batch.";
            return Err(DataError::Companion { name: self.label.clone(), kind: "a text", advice });
        };
        found.add(&self.path, What::ClassNames(names));
        Ok(())
    }

    /// Recognises what begins with `head`, and passes that on.
    fn open(&mut self, head: &[u8], size: Option<u64>, found: &mut Found) -> Result<(), DataError> {
        let name = || self.label.clone();
        let credit = self.credit;
        let archive = match recognise(head, size) {
            Kind::Batch if self.is_batch(head, size) => {
                self.state = State::Batch(BatchReader::new(&self.label, size, credit)?);
                return self.push_opened(head, found);
            }
            Kind::Pickle => {
                self.state = State::Pickle(Box::new(PickleReader::new(size, credit)));
                return self.push_opened(head, found);
            }
            Kind::Npy => {
                self.state = State::Npy(Box::new(NpyReader::new(size, credit)));
                return self.push_opened(head, found);
            }
            Kind::Picture(format) => {
                self.state = State::Picture(format, Vec::new());
                return self.push_opened(head, found);
            }
            Kind::Text => {
                self.state = State::Text(Vec::new());
                return self.push_opened(head, found);
            }
            Kind::Gzip if self.gzips < MAX_GZIP => {
                let inner = Layer {
                    path: without_gz(&self.path).into(),
                    label: self.label.clone(),
                    size: None,
                    credit: larger(size.unwrap_or(credit)),
                    gzips: self.gzips + 1,
                    archives: self.archives,
                    state: State::Head(Vec::new()),
                };
                self.state = State::Gzip(Box::default(), Box::new(inner));
                return self.push_opened(head, found);
            }
            Kind::Tar => Archive::Tar(Untar::new(size)),
            Kind::Zip => Archive::Zip(Unzip::new()),
            Kind::Gzip => return Err(self.nested()),
            Kind::Empty => return Err(DataError::Empty { name: name() }),
            Kind::Cifar100 => {
                return Err(DataError::Cifar100 {
                    name: name(),
                    sign: match size {
                        Some(size) => format!("{} records of 3,074 bytes", size / RECORD_100 as u64),
                        None => "records of 3,074 bytes".into(),
                    },
                });
            }
            Kind::Companion(kind, advice) => return Err(DataError::Companion { name: name(), kind, advice }),
            Kind::Other(kind, advice) => return Err(DataError::OtherFormat { name: name(), kind, advice }),
            Kind::Pointer(kind, advice) => return Err(DataError::Pointer { name: name(), kind, advice }),
            Kind::Batch | Kind::Unknown => return Err(DataError::Unknown { name: name(), first: head[0] }),
        };
        if self.archives == MAX_ARCHIVES {
            return Err(self.nested());
        }
        self.state = State::Archive(Box::new(archive), None);
        self.push_opened(head, found)
    }

    /// Whether what has a label where a batch has one is a batch, whole or cut: its size, its name, or a second label
    /// must say so too.
    fn is_batch(&self, head: &[u8], size: Option<u64>) -> bool {
        let is_whole = size.is_none_or(|size| size.is_multiple_of(RECORD as u64));
        let file = file_name(&self.path).to_lowercase();
        let is_named = file.ends_with(".bin") || file.contains("batch");
        is_whole || is_named || head.len() > 2 * RECORD
    }

    fn nested(&self) -> DataError {
        DataError::OtherFormat {
            name: self.label.clone(),
            kind: "an archive within archives",
            advice: "Unpack the outer one, and choose what is in it.",
        }
    }

    /// A member that is of no use: the archive goes on.
    fn refuse(&mut self, error: DataError, found: &mut Found) {
        if matches!(std::mem::replace(&mut self.state, State::Skip), State::Gzip(..) | State::Archive(..)) {
            // What came out of a damaged archive is not to be trusted.
            let inside = [format!("{}/", self.path), format!("{}/", without_gz(&self.path))];
            let is_inside = |piece: &Piece| inside.iter().any(|folder| piece.path.starts_with(folder));
            found.pieces.retain(|piece| matches!(piece.what, What::Refused(_)) || !is_inside(piece));
        }
        found.add(&self.path, What::Refused(error));
    }
}

impl Found {
    /// Counts bytes that were unpacked.
    fn count(&mut self, bytes: usize, label: &str) -> Result<(), DataError> {
        self.unpacked += bytes as u64;
        if self.unpacked > self.limit {
            return Err(DataError::TooLarge { name: label.to_owned(), limit: self.limit });
        }
        Ok(())
    }
}

/// What may be reserved for a packed file of so many bytes.
fn larger(credit: u64) -> u64 {
    credit.saturating_mul(CREDIT).min(MAX_UNPACKED)
}

fn pickle_error(label: &str, problem: PickleError) -> DataError {
    DataError::Pickle { name: label.into(), problem }
}

fn npy_error(label: &str, problem: NpyError) -> DataError {
    DataError::Npy { name: label.into(), problem }
}

fn gzip_error(label: &str, problem: GzipError) -> DataError {
    DataError::Gzip { name: label.into(), problem }
}

fn without_gz(name: &str) -> &str {
    name.strip_suffix(".gz").unwrap_or(name)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Whether a text of this name is no list, however many lines it has.
fn is_prose(file: &str) -> bool {
    let file = file.to_lowercase();
    let ends =
        [".py", ".md", ".json", ".csv", ".ini", ".cfg", ".toml", ".yml", ".yaml", ".sh", ".c", ".h", ".rs", ".js"];
    file.starts_with("readme") || file.starts_with("requirements") || ends.iter().any(|end| file.ends_with(end))
}
