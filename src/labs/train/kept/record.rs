//! A run's record as bytes: what a list says of it, and then all of it.
//!
//! | bytes | what, all numbers little-endian |
//! |---|---|
//! | 8 | [`MAGIC`] |
//! | 4 | [`VERSION`] |
//! | 4 | H, the length of the head |
//! | 8 | B, the length of the body |
//! | H | the [head](KeptHead), postcard |
//! | B | the [run](RunHistory), postcard |
//! | 8 | checksum of all bytes before |

use super::KeptHead;
use crate::data::Checksum;
use crate::labs::train::RunHistory;
use crate::protocol::{decode as decode_message, encode as encode_message};

/// The first bytes.
pub const MAGIC: [u8; 8] = *b"PIECEREC";
/// Changes with every change of what is kept of a run.
pub const VERSION: u32 = 1;
/// Bytes before the head.
pub const PRELUDE: usize = 24;
/// A head that is longer than this is none. A name, a note and the names of batches are in it.
pub const MAX_HEAD: usize = 256 << 10;

const CHECKSUM: usize = 8;

/// Why a record cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Something else.
    #[error("These bytes are no record of a run. Choose a file that this page has exported.")]
    NotOne,
    /// Of another version of this program.
    #[error(
        "This record has format {0}, and this page reads format {VERSION}. Open it with the version that wrote it."
    )]
    Version(u32),
    /// Too short, too long, or changed.
    #[error("This record is damaged. Choose another copy of it.")]
    Damaged,
}

/// A run as bytes.
pub fn encode(run: &RunHistory) -> Vec<u8> {
    let (head, body) = (encode_message(&KeptHead::of(run)), encode_message(run));
    let mut bytes = Vec::with_capacity(PRELUDE + head.len() + body.len() + CHECKSUM);
    bytes.extend(MAGIC);
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((head.len() as u32).to_le_bytes());
    bytes.extend((body.len() as u64).to_le_bytes());
    bytes.extend(head);
    bytes.extend(body);
    let sum = checksum(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

/// Reads what [`encode`] wrote. Its network is not there any more.
///
/// # Errors
/// If any byte is missing, changed, or one too many.
pub fn decode(bytes: &[u8]) -> Result<RunHistory, RecordError> {
    let head = head_len(bytes)?;
    let body = number(bytes, 16);
    let expected = (PRELUDE + head + CHECKSUM) as u64;
    if bytes.len() as u64 != expected.saturating_add(body) {
        return Err(RecordError::Damaged);
    }
    let (before, sum) = bytes.split_at(bytes.len() - CHECKSUM);
    if number(sum, 0) != checksum(before) {
        return Err(RecordError::Damaged);
    }
    let mut run: RunHistory = decode_message(&before[PRELUDE + head..]).ok_or(RecordError::Damaged)?;
    run.lose_network();
    Ok(run)
}

/// How long the head is, from the first [`PRELUDE`] bytes.
///
/// # Errors
/// If these are not the first bytes of a record of this version.
pub fn head_len(bytes: &[u8]) -> Result<usize, RecordError> {
    if bytes.len() < PRELUDE || !bytes.starts_with(&MAGIC) {
        return Err(RecordError::NotOne);
    }
    let word = |at: usize| (number(bytes, at) & 0xffff_ffff) as u32;
    if word(8) != VERSION {
        return Err(RecordError::Version(word(8)));
    }
    Some(word(12) as usize).filter(|length| *length <= MAX_HEAD).ok_or(RecordError::Damaged)
}

/// Reads the head alone, of as many bytes as [`head_len`] says.
pub fn decode_head(head: &[u8]) -> Option<KeptHead> {
    decode_message(head)
}

fn number(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |chunk| u64::from_le_bytes(*chunk))
}

fn checksum(bytes: &[u8]) -> u64 {
    let mut checksum = Checksum::default();
    checksum.push(bytes);
    checksum.finish()
}
