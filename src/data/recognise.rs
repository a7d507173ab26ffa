//! What kind of file it is, from its first bytes and its size; names mean nothing.

use super::archive::tar;
use super::cifar10::{RECORD, RECORD_100};
use super::{CLASSES, PIXELS};

/// First bytes that tell all kinds apart: three records, and the label of a fourth, of CIFAR-10.
pub const HEAD: usize = 3 * RECORD + 1;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No bytes.
    Empty,
    /// Something compressed by gzip.
    Gzip,
    /// An archive.
    Tar,
    /// Python's.
    Pickle,
    /// Records of CIFAR-10, the last of which may be cut.
    Batch,
    /// Records of CIFAR-100.
    Cifar100,
    /// Published with the batches, and without images: what it is, and what to do.
    Companion(&'static str, &'static str),
    /// Known, and of no use: what it is, and what to do.
    Other(&'static str, &'static str),
    /// Anything else.
    Unknown,
}

const CHOOSE: &str =
    "Choose cifar-10-binary.tar.gz, cifar-10-python.tar.gz, or their data_batch_1 to data_batch_5 and test_batch.";
const UNPACK: &str = "Unpack it, and choose data_batch_1 to data_batch_5 and test_batch.";
const NOT_MATLAB: &str =
    "Choose CIFAR-10's binary or Python version instead: cifar-10-binary.tar.gz or cifar-10-python.tar.gz.";
const PAGE: &str = "If it should be a download, the server sent a page instead: download it again. Choose cifar-10-binary.tar.gz or cifar-10-python.tar.gz.";

/// What a file is that begins with `head` (its first [`HEAD`] bytes, or all it has) and has `size` bytes, if
/// that is known.
pub fn recognise(head: &[u8], size: Option<u64>) -> Kind {
    const MAGIC: [(&[u8], Kind); 20] = [
        (&[0x1f, 0x8b], Kind::Gzip),
        (&[0x80, 1], Kind::Pickle),
        (&[0x80, 2], Kind::Pickle),
        (&[0x80, 3], Kind::Pickle),
        (&[0x80, 4], Kind::Pickle),
        (&[0x80, 5], Kind::Pickle),
        (b"}q", Kind::Pickle),
        (b"(dp", Kind::Pickle),
        (b"(lp", Kind::Pickle),
        (b"PK\x03\x04", Kind::Other("a zip archive", UNPACK)),
        (b"PK\x05\x06", Kind::Other("an empty zip archive", CHOOSE)),
        (b"7z\xbc\xaf\x27\x1c", Kind::Other("a 7-Zip archive", UNPACK)),
        (b"Rar!", Kind::Other("a rar archive", UNPACK)),
        (b"BZh", Kind::Other("compressed by bzip2", UNPACK)),
        (b"\xfd7zXZ", Kind::Other("compressed by xz", UNPACK)),
        (b"MATLAB", Kind::Other("a Matlab file", NOT_MATLAB)),
        (b"\x93NUMPY", Kind::Other("a numpy file", CHOOSE)),
        (b"\x89PNG", Kind::Other("a picture", CHOOSE)),
        (b"\xff\xd8\xff", Kind::Other("a picture", CHOOSE)),
        (b"airplane", Kind::Companion("the list of class names", CHOOSE)),
    ];
    if head.is_empty() {
        return Kind::Empty;
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *kind;
    }
    if head.get(257..262) == Some(b"ustar") || (head[0] != 0 && tar::has_valid_checksum(head)) {
        return Kind::Tar;
    }
    if is_html(head) {
        return Kind::Companion("an HTML page", PAGE);
    }
    let fits = |record: usize, limits: &[u8]| {
        head.chunks(record).all(|record| record.iter().zip(limits).all(|(label, limit)| label < limit))
    };
    let fits_10 = fits(RECORD, &[CLASSES as u8]);
    // One record shows little: a dark pixel looks like a fine label.
    let fits_100 = fits(RECORD_100, &[20, 100]) && head.len() > 2 + PIXELS;
    let is_whole = |record: usize| size.is_some_and(|size| size.is_multiple_of(record as u64));
    if is_whole(RECORD) && (fits_10 || !is_whole(RECORD_100)) {
        Kind::Batch
    } else if fits_100 && (is_whole(RECORD_100) || !fits_10) {
        Kind::Cifar100
    } else if fits_10 {
        Kind::Batch
    } else {
        Kind::Unknown
    }
}

/// Whether it begins like a page: blanks, then a tag.
fn is_html(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    matches!(head, [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'!' | b'?', ..])
}
