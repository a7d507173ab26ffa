//! What images are packed in: [gzip], [tar] and [zip], each unpacked as its bytes arrive.

pub mod gzip;
pub mod tar;
pub mod zip;

/// What comes next in an archive of several files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A file begins.
    Member {
        /// Its path in the archive, its folders parted by `/`.
        path: String,
        /// Bytes, if the archive says so before they come.
        size: Option<u64>,
    },
    /// The file's next bytes.
    Data(&'a [u8]),
    /// The file is complete.
    End,
    /// A file that is in the archive and cannot be unpacked; no bytes of it come.
    Sealed {
        /// Its path in the archive.
        path: String,
        /// What it is: "encrypted", say.
        kind: &'static str,
    },
}

/// Longest path that is kept, in letters.
const MAX_PATH: usize = 4096;

/// A member's path. What is no text becomes `�`, and so do control characters, which no list could show.
fn path(bytes: &[u8]) -> String {
    let plain = |letter: char| if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter };
    String::from_utf8_lossy(bytes).chars().take(MAX_PATH).map(plain).collect()
}
