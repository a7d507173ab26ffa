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
