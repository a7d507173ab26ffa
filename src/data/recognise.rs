//! What kind of file it is, from its first bytes and its size; names mean nothing.

use super::archive::tar;
use super::cifar10::{RECORD, RECORD_100};
use super::pictures::Format;
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
    /// Another.
    Zip,
    /// Python's.
    Pickle,
    /// Records of CIFAR-10, the last of which may be cut.
    Batch,
    /// Records of CIFAR-100.
    Cifar100,
    /// An array of numpy's.
    Npy,
    /// A picture that can be decoded.
    Picture(Format),
    /// Something to read, which may list classes or labels.
    Text,
    /// Published with the batches, and without images: what it is, and what to do.
    Companion(&'static str, &'static str),
    /// Known, and of no use: what it is, and what to do.
    Other(&'static str, &'static str),
    /// A few bytes that stand for the file: what they are, and what to do.
    Pointer(&'static str, &'static str),
    /// Anything else.
    Unknown,
}

const CHOOSE: &str =
    "Choose cifar-10-binary.tar.gz, cifar-10-python.tar.gz, or their data_batch_1 to data_batch_5 and test_batch.";
const UNPACK: &str = "Unpack it, and choose data_batch_1 to data_batch_5 and test_batch.";
const NOT_MATLAB: &str =
    "Choose CIFAR-10's binary or Python version instead: cifar-10-binary.tar.gz or cifar-10-python.tar.gz.";
const PAGE: &str = "If it should be a download, the server sent a page instead: download it again. Choose cifar-10-binary.tar.gz or cifar-10-python.tar.gz.";
const ANSWER: &str =
    "The server sent that instead of the file: download cifar-10-binary.tar.gz or cifar-10-python.tar.gz again.";
const PARQUET: &str = "Convert it in Python: import io, numpy as np, pandas as pd, PIL.Image as P; d = pd.read_parquet(\"train.parquet\"); np.savez(\"train.npz\", x=np.stack([np.array(P.open(io.BytesIO(i[\"bytes\"])).convert(\"RGB\")) for i in d[\"img\"]]), y=d[\"label\"]). Then choose train.npz.";
const ARROW: &str = "Convert it in Python: import numpy as np, datasets; d = datasets.load_dataset(\"cifar10\")[\"train\"]; np.savez(\"train.npz\", x=np.stack([np.array(i) for i in d[\"img\"]]), y=d[\"label\"]). Then choose train.npz.";
const HDF5: &str = "Convert it in Python, with the names that list(f) shows: import h5py, numpy as np; f = h5py.File(\"file.h5\"); np.savez(\"train.npz\", x=f[\"x\"][:], y=f[\"y\"][:]). Then choose train.npz.";
/// What to do with a file of PyTorch's.
pub(super) const TORCH: &str = "A network is opened below, at “Open a model”. Images are saved in Python so: np.savez(\"train.npz\", x=images.numpy(), y=labels.numpy()). Then choose train.npz.";
const MODEL: &str = "A network is opened below, at “Open a model”.";
const PICTURE: &str = "Pictures are read as PNG or JPEG. Save it so in Python: PIL.Image.open(name).convert(\"RGB\").save(name + \".png\").";
const TFRECORD: &str = "Convert it in Python: import numpy as np, tensorflow_datasets as t; x, y = t.as_numpy(t.load(\"cifar10\", split=\"train\", batch_size=-1, as_supervised=True)); np.savez(\"train.npz\", x=x, y=y). Then choose train.npz.";
const REENCODED: &str = "Every byte above 127 has become two, as if it were a text: download it again, and copy it as it is (FTP: `binary`).";
const MNIST: &str =
    "MNIST is 28 × 28 pixels in grey, and this page takes 32 × 32 in colour. Choose CIFAR-10, or take the sample.";
const LFS: &str = "The file itself is still on the server: run “git lfs pull” in that folder, then choose it again.";
const ANNEX: &str = "The file itself is still elsewhere: run “git annex get .” in that folder, then choose it again.";

/// First bytes, and what they tell.
const MAGIC: &[(&[u8], Kind)] = &[
    (&[0x1f, 0x8b], Kind::Gzip),
    // A magic number of PyTorch's own, as a pickle.
    (b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19", Kind::Other("a PyTorch file", TORCH)),
    (&[0x80, 1], Kind::Pickle),
    (&[0x80, 2], Kind::Pickle),
    (&[0x80, 3], Kind::Pickle),
    (&[0x80, 4], Kind::Pickle),
    (&[0x80, 5], Kind::Pickle),
    (b"}q", Kind::Pickle),
    (b"]q", Kind::Pickle),
    (b"(dp", Kind::Pickle),
    (b"(lp", Kind::Pickle),
    (b"ccollections\n", Kind::Pickle),
    (b"cnumpy", Kind::Pickle),
    (b"PK\x03\x04", Kind::Zip),
    (b"PK00PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Other("an empty zip archive", CHOOSE)),
    (b"PK\x07\x08", Kind::Other("a part of a split zip archive", UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", Kind::Other("a 7-Zip archive", UNPACK)),
    (b"Rar!", Kind::Other("a rar archive", UNPACK)),
    (b"BZh", Kind::Other("compressed by bzip2", UNPACK)),
    (b"\xfd7zXZ", Kind::Other("compressed by xz", UNPACK)),
    (b"\x28\xb5\x2f\xfd", Kind::Other("compressed by zstd", UNPACK)),
    (b"\x04\x22\x4d\x18", Kind::Other("compressed by LZ4", UNPACK)),
    (b"MATLAB", Kind::Other("a Matlab file", NOT_MATLAB)),
    (b"\x93NUMPY", Kind::Npy),
    (b"\x89HDF\r\n\x1a\n", Kind::Other("an HDF5 file", HDF5)),
    (b"PAR1", Kind::Other("a Parquet file", PARQUET)),
    (b"ARROW1", Kind::Other("an Arrow file", ARROW)),
    (b"FEA1", Kind::Other("a Feather file", ARROW)),
    (b"\x89PNG", Kind::Picture(Format::Png)),
    (b"\xff\xd8\xff", Kind::Picture(Format::Jpeg)),
    (b"GIF8", Kind::Other("a picture (GIF)", PICTURE)),
    (b"BM", Kind::Other("a picture (BMP)", PICTURE)),
    (b"II*\0", Kind::Other("a picture (TIFF)", PICTURE)),
    (b"MM\0*", Kind::Other("a picture (TIFF)", PICTURE)),
    (b"RIFF", Kind::Other("a picture, a sound or a film (RIFF)", CHOOSE)),
    (b"OggS", Kind::Other("a sound or a film (Ogg)", CHOOSE)),
    (b"ID3", Kind::Other("a sound (MP3)", CHOOSE)),
    (b"fLaC", Kind::Other("a sound (FLAC)", CHOOSE)),
    (b"\x1a\x45\xdf\xa3", Kind::Other("a film (Matroska)", CHOOSE)),
    (b"%PDF-1.", Kind::Other("a PDF document", CHOOSE)),
    (b"%PDF-2.", Kind::Other("a PDF document", CHOOSE)),
    (b"SQLite format 3", Kind::Other("an SQLite database", CHOOSE)),
    (b"\x7fELF", Kind::Other("a program", CHOOSE)),
    (b"MZ", Kind::Other("a program", CHOOSE)),
    (b"OTTO\0", Kind::Other("a font", CHOOSE)),
    (b"ttcf\0", Kind::Other("a font", CHOOSE)),
    (b"wOFF", Kind::Other("a font", CHOOSE)),
    (b"wOF2", Kind::Other("a font", CHOOSE)),
    (b"\0\0\0\x01Bud1", Kind::Other("macOS' notes on a folder", CHOOSE)),
    (b"\0\x05\x16\x07", Kind::Other("macOS' notes on a file", CHOOSE)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Other("a file of Windows or Office", CHOOSE)),
    (b"version https://git-lfs.github.com/spec/", Kind::Pointer("a pointer of Git LFS", LFS)),
    (b"version https://hawser.github.com/spec/", Kind::Pointer("a pointer of Git LFS", LFS)),
    (b"/annex/objects/", Kind::Pointer("a pointer of git-annex", ANNEX)),
    (b"../.git/annex/objects/", Kind::Pointer("a pointer of git-annex", ANNEX)),
    (b".git/annex/objects/", Kind::Pointer("a pointer of git-annex", ANNEX)),
];

/// What a file is that begins with `head` (its first [`HEAD`] bytes, or all it has) and has `size` bytes, if
/// that is known.
pub fn recognise(head: &[u8], size: Option<u64>) -> Kind {
    if head.is_empty() {
        return Kind::Empty;
    }
    let is_text = is_text(head);
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Kind::Other("a picture (WebP)", PICTURE);
    }
    if let Some((magic, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        // A few letters are the beginning of many a text.
        return if is_text && magic.len() <= 4 && matches!(kind, Kind::Other(..)) { Kind::Text } else { *kind };
    }
    if head.get(257..262) == Some(b"ustar") || (head[0] != 0 && tar::has_valid_checksum(head)) {
        return Kind::Tar;
    }
    if head.trim_ascii_start().starts_with(b"<?xml") && has(head, b"<Error") {
        return Kind::Pointer("an error message in XML", ANSWER);
    }
    if is_html(head) {
        return Kind::Companion("an HTML page", PAGE);
    }
    if let Some(kind) = in_the_head(head, size) {
        return kind;
    }
    let fits = |record: usize, limits: &[u8]| {
        head.chunks(record).all(|record| record.iter().zip(limits).all(|(label, limit)| label < limit))
    };
    let fits_10 = fits(RECORD, &[CLASSES as u8]);
    // One record shows little: a dark pixel looks like a fine label.
    let fits_100 = fits(RECORD_100, &[20, 100]) && head.len() > 2 + PIXELS;
    let is_whole = |record: usize| size.is_some_and(|size| size.is_multiple_of(record as u64));
    if is_whole(RECORD) && (fits_10 || !is_whole(RECORD_100)) && !is_text {
        Kind::Batch
    } else if fits_100 && (is_whole(RECORD_100) || !fits_10) {
        Kind::Cifar100
    } else if is_text {
        text(head, size)
    } else if is_reencoded(head) {
        Kind::Other("converted to UTF-8", REENCODED)
    } else if fits_10 {
        Kind::Batch
    } else {
        Kind::Unknown
    }
}

/// Whether bytes were taken for letters of Latin-1, and written as UTF-8.
fn is_reencoded(head: &[u8]) -> bool {
    let whole = std::str::from_utf8(head).map_or_else(|error| error.valid_up_to(), str::len);
    let letters = std::str::from_utf8(&head[..whole]).unwrap_or_default();
    whole + 4 > head.len()
        && letters.chars().all(|letter| u32::from(letter) < 256)
        && letters.chars().filter(|letter| !letter.is_ascii()).count() > 16
}

fn has(head: &[u8], word: &[u8]) -> bool {
    head.windows(word.len()).any(|part| part == word)
}

/// Kinds whose mark is not at the very start, or that only their size makes sure.
fn in_the_head(head: &[u8], size: Option<u64>) -> Option<Kind> {
    let number = |at: usize| Some(u64::from(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?)));
    if head.get(4..8) == Some(b"ftyp") {
        return Some(Kind::Other("a film or a picture (MP4, HEIC)", CHOOSE));
    }
    // A font has some tables, the first of which has a name of letters.
    if let Some([0, 1, 0, 0, 0, 4..=40, _, _, _, _, _, _, name @ ..]) = head.get(..16)
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b' '))
    {
        return Some(Kind::Other("a font", CHOOSE));
    }
    // MNIST's files say how large they are.
    let fits = |expected: u64| size.is_none_or(|size| size == expected);
    if head.starts_with(&[0, 0, 8, 1]) && number(4).is_some_and(|count| count < 1_000_000 && fits(8 + count)) {
        return Some(Kind::Other("a list of labels in MNIST's format", MNIST));
    }
    if head.starts_with(&[0, 0, 8, 3])
        && let (Some(count), Some(rows @ 1..=1024), Some(columns @ 1..=1024)) = (number(4), number(8), number(12))
        && fits(16 + count * rows * columns)
    {
        return Some(Kind::Other("a file of images in MNIST's format", MNIST));
    }
    // A record: its length, a checksum of that, and a message whose first field is a message.
    if let Some(&[a, b, c, 0, 0, 0, 0, 0, _, _, _, _, 0x0a]) = head.first_chunk()
        && u32::from_le_bytes([a, b, c, 0]) >= 32
        && size.is_none_or(|size| size >= 16 + u64::from(u32::from_le_bytes([a, b, c, 0])))
    {
        return Some(Kind::Other("a TFRecord file", TFRECORD));
    }
    // The length of a header in JSON, and that.
    if head.get(8..10) == Some(b"{\"") && head[3..8] == [0; 5] {
        return Some(Kind::Other("a network in safetensors", MODEL));
    }
    None
}

/// A text is of no use, or a list that is read when it is there as a whole.
fn text(head: &[u8], size: Option<u64>) -> Kind {
    let start = head.trim_ascii_start();
    if has(head, b"/annex/objects/") && size.is_none_or(|size| size < 1000) {
        return Kind::Pointer("a pointer of git-annex", ANNEX);
    }
    if start.starts_with(b"{") && has(head, b"error") && size.is_none_or(|size| size < 4096) {
        return Kind::Pointer("an error message in JSON", ANSWER);
    }
    Kind::Text
}

/// Whether it can be read, as UTF-8: no control characters but those of lines. A letter may be cut at the end.
fn is_text(head: &[u8]) -> bool {
    let whole = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !whole.is_empty() && whole.chars().all(|letter| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t'))
}

/// Whether it begins like a page: blanks, then a tag.
fn is_html(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    matches!(head, [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'!' | b'?', ..])
}
