//! Why a file cannot be used.

use super::archive::gzip::GzipError;
use super::archive::tar::TarError;
use super::pickle::PickleError;

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
    /// No known kind of file.
    #[error(
        "{name} is no CIFAR-10 file: it begins with byte {first}, and a batch with a label from 0 to 9. Choose cifar-10-binary.tar.gz, cifar-10-python.tar.gz, or their data_batch_1 to data_batch_5 and test_batch."
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
    /// A pickle that is no batch.
    #[error("{name} {problem}")]
    Pickle {
        /// The file.
        name: String,
        /// What and where.
        problem: PickleError,
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
