//! Why a file cannot be used.

use super::archive::gzip::GzipError;
use super::archive::tar::TarError;
use super::archive::zip::ZipError;
use super::npy::NpyError;
use super::pickle::PickleError;
use super::pictures::PictureFileError;

/// Why a file holds no CIFAR-10 images that could be used. Each message is a sentence or two that say what,
/// where, and what to do. A file in an archive is named "data_batch_1.bin in cifar-10-binary.tar.gz".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// No bytes.
    #[error("{name} is empty. Choose data_batch_1.bin to data_batch_5.bin and test_batch.bin.")]
    Empty {
        /// The file.
        name: String,
    },
    /// The sister data set.
    #[error(
        "{name} looks like CIFAR-100 ({sign}). This page trains on CIFAR-10: choose its data_batch_1.bin to data_batch_5.bin."
    )]
    Cifar100 {
        /// The file.
        name: String,
        /// What shows it.
        sign: String,
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
    /// A file that is published with the batches and holds no image. Among other files it may be passed over.
    #[error("{name} is {kind}, which holds no images. {advice}")]
    Companion {
        /// The file.
        name: String,
        /// What it is.
        kind: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A few bytes that stand for the file.
    #[error("{name} is {kind}, not the file itself. {advice}")]
    Pointer {
        /// The file.
        name: String,
        /// What it is.
        kind: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A member of a zip archive that cannot be unpacked here.
    #[error("{name} is {kind}. Unpack the archive with the program that made it, and choose what is in it.")]
    Sealed {
        /// The file.
        name: String,
        /// What it is.
        kind: &'static str,
    },
    /// Transferred as text: each line feed has got a carriage return before it.
    #[error(
        "{name} had its line ends changed on the way: every byte 0a has become 0d 0a. Transfer it as binary (FTP: `binary`; Git: `* -text` in .gitattributes), or download it again."
    )]
    Mangled {
        /// The file.
        name: String,
    },
    /// Notes that a system leaves in folders, known by their names; they were not read.
    #[error("{name} belongs to the system or to a program, and was passed over.")]
    Clutter {
        /// The file.
        name: String,
    },
    /// No known kind of file.
    #[error(
        "{name} is no CIFAR-10 file, nor of any other kind that is known here (its first byte is {first}). Choose cifar-10-binary.tar.gz, cifar-10-python.tar.gz, or their data_batch_1 to data_batch_5 and test_batch."
    )]
    Unknown {
        /// The file.
        name: String,
        /// Its first byte.
        first: u8,
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
    /// A file that the browser does not give any more.
    #[error(
        "{name} could not be read at byte {at}: it was moved, is a folder, or the browser lost access. Choose it again."
    )]
    Unreadable {
        /// The file.
        name: String,
        /// Where it stopped.
        at: u64,
    },
    /// A file that is too large to be read.
    #[error("{name} has {size} bytes, more than a page can hold. Choose CIFAR-10's archive or its batches only.")]
    Huge {
        /// The file.
        name: String,
        /// Bytes.
        size: u64,
    },
    /// A gzip file that cannot be unpacked.
    #[error("{name} {problem}")]
    Gzip {
        /// The file.
        name: String,
        /// What and where.
        problem: GzipError,
    },
    /// A tar archive that cannot be taken apart.
    #[error("{name} {problem}")]
    Tar {
        /// The file.
        name: String,
        /// What and where.
        problem: TarError,
    },
    /// A zip archive that cannot be taken apart.
    #[error("{name} {problem}")]
    Zip {
        /// The file.
        name: String,
        /// What and where.
        problem: ZipError,
    },
    /// A pickle that is no batch.
    #[error("{name} {problem}")]
    Pickle {
        /// The file.
        name: String,
        /// What and where.
        problem: PickleError,
    },
    /// An array that is no images and no labels.
    #[error("{name} {problem}")]
    Npy {
        /// The file.
        name: String,
        /// What and where.
        problem: NpyError,
    },
    /// A picture that cannot be decoded.
    #[error("{name} {problem}")]
    Picture {
        /// The file.
        name: String,
        /// What is wrong with it.
        problem: PictureFileError,
    },
    /// Images in an array, without an array of labels that fits.
    #[error(
        "{name} holds {images} images, and no labels for so many came with them. Choose the array of labels too, or save both in one: np.savez(\"cifar.npz\", x=images, y=labels)."
    )]
    NoLabels {
        /// The file.
        name: String,
        /// So many.
        images: usize,
    },
    /// Labels in an array, without an array of images that fits.
    #[error("{name} holds {labels} labels, and no images for them came with it. Choose the array of images too.")]
    NoImages {
        /// The file.
        name: String,
        /// So many.
        labels: usize,
    },
    /// Pictures that nothing says a class of.
    #[error(
        "{name} and {more} more pictures are in no folder named after a class, and no table labels them. Put them in one folder a class (train/cat/1.png), or choose the table too (id,label)."
    )]
    Unlabelled {
        /// The first.
        name: String,
        /// So many others.
        more: usize,
    },
    /// Pictures of more classes than there can be.
    #[error(
        "{name} is one of {pictures} pictures in {classes} classes, and 10 are the most here. Choose the folders of ten."
    )]
    ManyClasses {
        /// The first picture.
        name: String,
        /// So many.
        pictures: usize,
        /// Folders, or words in a table.
        classes: usize,
    },
    /// An archive of other things.
    #[error(
        "{name} is an archive without CIFAR-10 batches ({members} other files). Choose cifar-10-binary.tar.gz or cifar-10-python.tar.gz."
    )]
    NoBatches {
        /// The archive.
        name: String,
        /// Files in it.
        members: usize,
    },
    /// More files than anybody's images.
    #[error("{name} holds more than {limit} files. Choose CIFAR-10's archive, or pack its images only.")]
    TooMany {
        /// The archive.
        name: String,
        /// Files.
        limit: usize,
    },
    /// More than anybody's images.
    #[error(
        "{name} unpacks to more than {limit} bytes, and CIFAR-10 to 190 million. Choose cifar-10-binary.tar.gz or cifar-10-python.tar.gz."
    )]
    TooLarge {
        /// The file.
        name: String,
        /// Bytes.
        limit: u64,
    },
}

impl DataError {
    /// Whether this may be images that were meant to be used, and not some other file that lies beside them.
    pub fn is_suspicious(&self) -> bool {
        match self {
            Self::Truncated { .. }
            | Self::Label { .. }
            | Self::Changed { .. }
            | Self::Unreadable { .. }
            | Self::Gzip { .. }
            | Self::Tar { .. }
            | Self::Zip { .. }
            | Self::Pickle { .. }
            | Self::Pointer { .. }
            | Self::Sealed { .. }
            | Self::Mangled { .. }
            | Self::TooMany { .. }
            | Self::TooLarge { .. } => true,
            // What has a batch's name should be one.
            Self::Npy { problem, .. } => !matches!(problem, NpyError::Shape { .. } | NpyError::Type { .. }),
            Self::NoLabels { .. } | Self::NoImages { .. } | Self::Picture { .. } => true,
            Self::Unlabelled { more, .. } => *more >= 10,
            Self::ManyClasses { .. } => true,
            Self::Empty { name } | Self::Unknown { name, .. } => name.to_lowercase().contains("batch"),
            Self::Cifar100 { .. }
            | Self::OtherFormat { .. }
            | Self::Companion { .. }
            | Self::Clutter { .. }
            | Self::Huge { .. }
            | Self::NoBatches { .. } => false,
        }
    }

    /// What the file is, to be counted with others.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "an empty file",
            Self::Cifar100 { .. } => "CIFAR-100",
            Self::OtherFormat { kind, .. }
            | Self::Companion { kind, .. }
            | Self::Pointer { kind, .. }
            | Self::Sealed { kind, .. } => kind,
            Self::Mangled { .. } => "a file with changed line ends",
            Self::Clutter { .. } => "a file of the system's",
            Self::Unknown { .. } => "a file of an unknown kind",
            Self::Truncated { .. } | Self::Label { .. } | Self::Changed { .. } => "a broken batch",
            Self::Npy { .. } | Self::NoLabels { .. } | Self::NoImages { .. } => "a numpy array",
            Self::Picture { .. } | Self::Unlabelled { .. } | Self::ManyClasses { .. } => "a picture",
            Self::Unreadable { .. } => "a file that could not be read",
            Self::Huge { .. } => "a huge file",
            Self::Gzip { .. } | Self::Tar { .. } | Self::Zip { .. } => "a broken archive",
            Self::Pickle { .. } => "a pickle that is no batch",
            Self::NoBatches { .. } | Self::TooMany { .. } | Self::TooLarge { .. } => "an archive of other things",
        }
    }
}
