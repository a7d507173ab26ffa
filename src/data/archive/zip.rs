//! Zip (PKWARE's APPNOTE 6.3), taken apart as it arrives: stored and deflated members, of any size (zip64).
//!
//! The local headers are followed from the first on; the directory at the end, which repeats them, is only walked
//! through to its end mark. Where a header does not know its member's size yet (it was packed into a stream), deflate
//! ends by itself and the size stands behind; a stored member cannot be told from what follows then. A member of
//! another method, or an encrypted one, is named and skipped. Each member's length and CRC-32 are checked.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::Event;

/// Bytes that are unpacked at a time.
const WINDOW: usize = 1 << 16;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
/// At the start of an archive that was meant to be split and was not.
const SPANNED: u32 = 0x3030_4b50;

const IS_ENCRYPTED: u16 = 1;
const HAS_DESCRIPTOR: u16 = 8;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// What is wrong with a zip archive. Each message goes on after the archive's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZipError {
    /// Something else where a header should be.
    #[error("has a broken zip header at byte {at}. Download or zip it again.")]
    Header {
        /// Where.
        at: u64,
    },
    /// Compressed data that mean nothing.
    #[error("has broken compressed data near byte {at}. Download or zip it again.")]
    Data {
        /// Where, to the next piece.
        at: u64,
    },
    /// Unpacked bytes that are not those that were packed.
    #[error("is damaged: the checksum or length of {member} does not fit what it holds. Download or zip it again.")]
    Checksum {
        /// The member's path.
        member: String,
    },
    /// An end before the end.
    #[error("is cut off: it stops at byte {at}, before zip's end mark. Download or zip it again.")]
    Cut {
        /// Bytes that were there.
        at: u64,
    },
    /// A member without an end that could be found.
    #[error("was packed into a stream, and where {member} ends cannot be told. Unpack it, and zip the folder again.")]
    Endless {
        /// The member's path.
        member: String,
    },
}

/// How a member's bytes end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    /// After so many more bytes as they are in the archive.
    After(u64),
    /// Where deflate ends.
    Itself,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// A record's signature, then its fixed part, then what that announces.
    Record,
    Stored(u64),
    Deflated(Ends),
    /// After the last byte of a member.
    MemberEnd,
    Descriptor,
    Skip(u64),
    /// After the end mark.
    End,
}

/// What is known of the present member.
#[derive(Debug, Default)]
struct Member {
    path: String,
    crc: u32,
    packed: u64,
    size: u64,
    has_descriptor: bool,
    is_zip64: bool,
}

/// Takes a zip archive apart from pieces of any size.
#[derive(Debug)]
pub struct Unzip {
    part: Part,
    /// The start of a record that has not come whole.
    held: Vec<u8>,
    member: Member,
    inflate: Decompress,
    crc: Crc,
    /// Bytes that came out of the present member, and that went in.
    produced: u64,
    taken: u64,
    out: Box<[u8]>,
    /// The last step filled the window, so there may be more without further input.
    full: bool,
    at: u64,
}

impl Default for Unzip {
    fn default() -> Self {
        Self::new()
    }
}

impl Unzip {
    /// At the start of an archive.
    pub fn new() -> Self {
        Self {
            part: Part::Record,
            held: Vec::new(),
            member: Member::default(),
            inflate: Decompress::new(false),
            crc: Crc::new(),
            produced: 0,
            taken: 0,
            out: vec![0; WINDOW].into_boxed_slice(),
            full: false,
            at: 0,
        }
    }

    /// Takes from the front of `bytes` what it needs, and says what it found. `None` when it needs more; then
    /// `bytes` is empty.
    ///
    /// # Errors
    /// At a header that is none, at compressed data that mean nothing, at a checksum that does not fit.
    pub fn next<'e, 'b: 'e>(&'e mut self, bytes: &mut &'b [u8]) -> Result<Option<Event<'e>>, ZipError> {
        loop {
            match self.part {
                Part::Stored(0) => self.part = Part::MemberEnd,
                Part::Skip(0) => self.part = Part::Record,
                Part::MemberEnd => {
                    if self.member.has_descriptor {
                        self.part = Part::Descriptor;
                        continue;
                    }
                    self.check(self.member.crc, self.member.packed, self.member.size)?;
                    self.part = Part::Record;
                    return Ok(Some(Event::End));
                }
                Part::Deflated(ends) if self.full || !bytes.is_empty() => {
                    let produced = self.inflate(bytes, ends)?;
                    if produced > 0 {
                        return Ok(Some(Event::Data(&self.out[..produced])));
                    }
                }
                _ if bytes.is_empty() => return Ok(None),
                Part::Deflated(_) => return Ok(None),
                Part::Stored(left) => {
                    let data = self.take(bytes, left);
                    self.part = Part::Stored(left - data.len() as u64);
                    self.crc.update(data);
                    self.produced += data.len() as u64;
                    self.taken += data.len() as u64;
                    return Ok(Some(Event::Data(data)));
                }
                Part::Skip(left) => {
                    let skipped = self.take(bytes, left).len();
                    self.part = Part::Skip(left - skipped as u64);
                }
                Part::End => {
                    self.take(bytes, u64::MAX);
                }
                Part::Descriptor => {
                    if self.read_descriptor(bytes)? {
                        self.part = Part::Record;
                        return Ok(Some(Event::End));
                    }
                }
                Part::Record => {
                    if let Some(event) = self.read_record(bytes)? {
                        return Ok(Some(event));
                    }
                }
            }
        }
    }

    /// To be called when all bytes were taken.
    ///
    /// # Errors
    /// If the archive is not at its end.
    pub fn finish(&self) -> Result<(), ZipError> {
        match self.part {
            Part::End => Ok(()),
            _ => Err(ZipError::Cut { at: self.at }),
        }
    }

    fn take<'b>(&mut self, bytes: &mut &'b [u8], most: u64) -> &'b [u8] {
        let count = usize::try_from(most).unwrap_or(usize::MAX).min(bytes.len());
        let (taken, rest) = bytes.split_at(count);
        *bytes = rest;
        self.at += count as u64;
        taken
    }

    /// Holds bytes until there are so many. Returns whether there are.
    fn hold(&mut self, bytes: &mut &[u8], count: usize) -> bool {
        let missing = count.saturating_sub(self.held.len());
        let more = self.take(bytes, missing as u64);
        self.held.extend_from_slice(more);
        self.held.len() >= count
    }

    fn inflate(&mut self, bytes: &mut &[u8], ends: Ends) -> Result<usize, ZipError> {
        let data = ZipError::Data { at: self.at };
        let input = match ends {
            Ends::After(left) => &bytes[..bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX))],
            Ends::Itself => bytes,
        };
        let before = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(input, &mut self.out, FlushDecompress::None).map_err(|_| data.clone())?;
        let taken = self.inflate.total_in() - before.0;
        let produced = (self.inflate.total_out() - before.1) as usize;
        let has_input = !input.is_empty();
        *bytes = &bytes[taken as usize..];
        self.at += taken;
        self.taken += taken;
        self.produced += produced as u64;
        self.full = produced == self.out.len();
        self.crc.update(&self.out[..produced]);
        let left = match ends {
            Ends::After(left) => Some(left - taken),
            Ends::Itself => None,
        };
        if status == Status::StreamEnd {
            self.full = false;
            self.part = Part::MemberEnd;
            if left.is_some_and(|left| left > 0) {
                return Err(ZipError::Checksum { member: self.member.path.clone() });
            }
        } else {
            if taken == 0 && produced == 0 && (has_input || left == Some(0)) {
                return Err(data);
            }
            if let Some(left) = left {
                self.part = Part::Deflated(Ends::After(left));
            }
        }
        Ok(produced)
    }

    fn check(&self, crc: u32, packed: u64, size: u64) -> Result<(), ZipError> {
        if (crc, packed, size) == (self.crc.sum(), self.taken, self.produced) {
            Ok(())
        } else {
            Err(ZipError::Checksum { member: self.member.path.clone() })
        }
    }

    /// Reads what stands behind a member: a signature or none, CRC-32, and two sizes of 4 or 8 bytes. Which of them it
    /// is, only the sizes tell. Returns whether it is read.
    fn read_descriptor(&mut self, bytes: &mut &[u8]) -> Result<bool, ZipError> {
        if !self.hold(bytes, 4) {
            return Ok(false);
        }
        let start = if word(&self.held, 0) == DESCRIPTOR { 4 } else { 0 };
        let widths = if self.member.is_zip64 { [8, 4] } else { [4, 8] };
        for width in widths {
            if !self.hold(bytes, start + 4 + 2 * width) {
                return Ok(false);
            }
            let number = |at: usize| little_endian(&self.held[at..at + width]);
            let (packed, size) = (number(start + 4), number(start + 4 + width));
            if (packed, size) == (self.taken, self.produced) {
                self.check(word(&self.held, start), packed, size)?;
                // The narrow one may have been tried after the wide one was held.
                let rest = self.held.split_off(start + 4 + 2 * width);
                self.held = rest;
                return Ok(true);
            }
        }
        Err(ZipError::Checksum { member: self.member.path.clone() })
    }

    /// Reads a header, or a part of the directory at the end.
    fn read_record<'e>(&mut self, bytes: &mut &[u8]) -> Result<Option<Event<'e>>, ZipError> {
        if !self.hold(bytes, 4) {
            return Ok(None);
        }
        let at = self.at - self.held.len() as u64;
        let (fixed, lengths): (usize, &[usize]) = match word(&self.held, 0) {
            LOCAL => (30, &[26, 28]),
            CENTRAL => (46, &[28, 30, 32]),
            END => (22, &[]),
            END_64 => (12, &[]),
            LOCATOR_64 => (20, &[]),
            SPANNED | DESCRIPTOR if at == 0 => (4, &[]),
            _ => return Err(ZipError::Header { at }),
        };
        if !self.hold(bytes, fixed) {
            return Ok(None);
        }
        let length: usize = lengths.iter().map(|&at| usize::from(half(&self.held, at))).sum();
        if !self.hold(bytes, fixed + length) {
            return Ok(None);
        }
        let record = std::mem::take(&mut self.held);
        match word(&record, 0) {
            LOCAL => return self.read_local(&record),
            END => self.part = Part::End,
            END_64 => self.part = Part::Skip(little_endian(&record[4..12])),
            _ => {}
        }
        Ok(None)
    }

    fn read_local<'e>(&mut self, record: &[u8]) -> Result<Option<Event<'e>>, ZipError> {
        let (flags, method) = (half(record, 6), half(record, 8));
        let name_length = usize::from(half(record, 26));
        let path = super::path(&record[30..30 + name_length]).replace('\\', "/");
        let (mut packed, mut size) = (u64::from(word(record, 18)), u64::from(word(record, 22)));
        let wide = extra(&record[30 + name_length..], 1);
        if let Some(wide) = wide {
            // Of those that the header has no room for, in this order.
            let mut numbers = wide.chunks_exact(8).map(little_endian);
            for number in [&mut size, &mut packed] {
                if *number == u64::from(u32::MAX) {
                    *number = numbers.next().unwrap_or(*number);
                }
            }
        }
        let has_descriptor = flags & HAS_DESCRIPTOR != 0;
        let is_size_known = !has_descriptor || packed > 0;
        let member = Member {
            path: path.clone(),
            crc: word(record, 14),
            packed,
            size,
            has_descriptor,
            is_zip64: wide.is_some(),
        };
        self.member = member;
        (self.produced, self.taken, self.full) = (0, 0, false);
        self.crc.reset();
        self.inflate.reset(false);
        let kind = match method {
            _ if flags & IS_ENCRYPTED != 0 => Some("encrypted"),
            STORED | DEFLATED => None,
            9 => Some("compressed by deflate64, as Windows does with large files"),
            12 => Some("compressed by bzip2"),
            14 => Some("compressed by LZMA"),
            93 => Some("compressed by zstd"),
            _ => Some("compressed in a way that this page does not know"),
        };
        if let Some(kind) = kind {
            if !is_size_known {
                return Err(ZipError::Endless { member: path });
            }
            // A descriptor behind it would be no header.
            self.part =
                if has_descriptor { return Err(ZipError::Endless { member: path }) } else { Part::Skip(packed) };
            return Ok(Some(Event::Sealed { path, kind }));
        }
        if path.ends_with('/') && size == 0 && !has_descriptor {
            self.part = Part::Skip(packed);
            return Ok(None);
        }
        self.part = match (method, is_size_known) {
            (STORED, true) => Part::Stored(packed),
            (STORED, false) if path.ends_with('/') => Part::MemberEnd,
            (STORED, false) => return Err(ZipError::Endless { member: path }),
            (_, true) => Part::Deflated(Ends::After(packed)),
            (_, false) => Part::Deflated(Ends::Itself),
        };
        Ok(Some(Event::Member { path, size: is_size_known.then_some(size) }))
    }
}

/// The extra field of a kind.
fn extra(mut fields: &[u8], kind: u16) -> Option<&[u8]> {
    while fields.len() >= 4 {
        let length = usize::from(half(fields, 2));
        let field = fields.get(4..4 + length)?;
        if half(fields, 0) == kind {
            return Some(field);
        }
        fields = &fields[4 + length..];
    }
    None
}

fn half(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from(half(bytes, at)) | u32::from(half(bytes, at + 2)) << 16
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
}
