//! Gzip (RFC 1952), unpacked as it arrives: nothing is kept but a window of 64 KiB. A small
//! file can unpack to a thousand times its size, so whoever takes the bytes should count them.
//!
//! All its checks are made: the header, its optional checksum, and each member's CRC-32 and length. A file may
//! have several members, and zeros after the last, as the `gzip` program allows.

use flate2::{Crc, Decompress, FlushDecompress, Status};

/// Bytes that are unpacked at a time.
const WINDOW: usize = 1 << 16;

/// What is wrong with a gzip file. Each message goes on after the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GzipError {
    /// A header that the format does not have.
    #[error("has a broken gzip header at byte {at}. Download it again.")]
    Header {
        /// Where.
        at: u64,
    },
    /// Compressed data that mean nothing.
    #[error("has broken compressed data near byte {at}. Download it again.")]
    Data {
        /// Where, to the next piece.
        at: u64,
    },
    /// Unpacked bytes that are not those that were packed.
    #[error("is damaged: the checksum or length at byte {at} does not fit what it holds. Download it again.")]
    Checksum {
        /// Where the checksum ends.
        at: u64,
    },
    /// Bytes after the end.
    #[error("goes on after its end, at byte {at}, with something that is not gzip. Download it again.")]
    Trailing {
        /// Where.
        at: u64,
    },
    /// An end before the end.
    #[error("is cut off: its compressed data go on after byte {at}. Download it again.")]
    Cut {
        /// Bytes that were there.
        at: u64,
    },
}

/// Where in a member the next byte is.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// The next of the header's ten fixed bytes.
    Fixed(u8),
    ExtraLow,
    ExtraHigh(u8),
    Extra(u16),
    Name,
    Comment,
    /// The header's own checksum, first and second byte.
    HeaderCrc(u8),
    Body,
    /// The next of CRC-32 and length, eight bytes.
    Trailer(u8),
    /// After a member; `true` after zeros, when no other may come.
    End(bool),
}

const HAS_CRC: u8 = 2;
const HAS_EXTRA: u8 = 4;
const HAS_NAME: u8 = 8;
const HAS_COMMENT: u8 = 16;

/// Unpacks gzip from pieces of any size.
#[derive(Debug)]
pub struct Gunzip {
    part: Part,
    /// Header parts that are still to come.
    flags: u8,
    header_crc: Crc,
    inflate: Decompress,
    crc: Crc,
    trailer: [u8; 8],
    out: Box<[u8]>,
    /// The last step filled the window, so there may be more without further input.
    full: bool,
    at: u64,
}

impl Default for Gunzip {
    fn default() -> Self {
        Self::new()
    }
}

impl Gunzip {
    /// An unpacker at the start of a file.
    pub fn new() -> Self {
        Self {
            part: Part::Fixed(0),
            flags: 0,
            header_crc: Crc::new(),
            inflate: Decompress::new(false),
            crc: Crc::new(),
            trailer: [0; 8],
            out: vec![0; WINDOW].into_boxed_slice(),
            full: false,
            at: 0,
        }
    }

    /// Takes from the front of `bytes` what it needs, and gives the next unpacked bytes. `None` when it needs
    /// more; then `bytes` is empty.
    ///
    /// # Errors
    /// At the first byte that is no gzip, at a checksum that does not fit.
    pub fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<&[u8]>, GzipError> {
        loop {
            if let Part::Body = self.part {
                if bytes.is_empty() && !self.full {
                    return Ok(None);
                }
                let produced = self.inflate(bytes)?;
                if produced > 0 {
                    return Ok(Some(&self.out[..produced]));
                }
            } else {
                let Some((&byte, rest)) = bytes.split_first() else { return Ok(None) };
                self.byte(byte)?;
                *bytes = rest;
                self.at += 1;
            }
        }
    }

    /// To be called when all bytes were taken.
    ///
    /// # Errors
    /// If the file is not at its end.
    pub fn finish(&self) -> Result<(), GzipError> {
        match self.part {
            Part::End(_) => Ok(()),
            _ => Err(GzipError::Cut { at: self.at }),
        }
    }

    fn inflate(&mut self, bytes: &mut &[u8]) -> Result<usize, GzipError> {
        let before = (self.inflate.total_in(), self.inflate.total_out());
        let data = GzipError::Data { at: self.at };
        let status = self.inflate.decompress(bytes, &mut self.out, FlushDecompress::None).map_err(|_| data.clone())?;
        let taken = (self.inflate.total_in() - before.0) as usize;
        let produced = (self.inflate.total_out() - before.1) as usize;
        *bytes = &bytes[taken..];
        self.at += taken as u64;
        self.full = produced == self.out.len();
        self.crc.update(&self.out[..produced]);
        if status == Status::StreamEnd {
            self.part = Part::Trailer(0);
        } else if taken == 0 && produced == 0 && !bytes.is_empty() {
            return Err(data);
        }
        Ok(produced)
    }

    /// Any byte but those of the compressed data.
    fn byte(&mut self, byte: u8) -> Result<(), GzipError> {
        let check = |fits: bool| if fits { Ok(()) } else { Err(GzipError::Header { at: self.at }) };
        let header_so_far = self.header_crc.sum();
        if !matches!(self.part, Part::Trailer(_) | Part::End(_)) {
            self.header_crc.update(&[byte]);
        }
        self.part = match self.part {
            Part::Fixed(index) => {
                match index {
                    0 => check(byte == 0x1f)?,
                    1 => check(byte == 0x8b)?,
                    2 => check(byte == 8)?,
                    3 => {
                        check(byte < 32)?;
                        self.flags = byte;
                    }
                    _ => {}
                }
                if index < 9 { Part::Fixed(index + 1) } else { self.next_part() }
            }
            Part::ExtraLow => Part::ExtraHigh(byte),
            Part::ExtraHigh(low) => match u16::from_le_bytes([low, byte]) {
                0 => self.next_part(),
                length => Part::Extra(length),
            },
            Part::Extra(left) if left > 1 => Part::Extra(left - 1),
            part @ (Part::Name | Part::Comment) if byte != 0 => part,
            Part::Extra(_) | Part::Name | Part::Comment => self.next_part(),
            Part::HeaderCrc(index) => {
                if index == 0 {
                    self.trailer[..2].copy_from_slice(&(header_so_far as u16).to_le_bytes());
                }
                check(byte == self.trailer[usize::from(index)])?;
                if index == 0 { Part::HeaderCrc(1) } else { Part::Body }
            }
            Part::Trailer(index) => {
                self.trailer[usize::from(index)] = byte;
                if index < 7 {
                    Part::Trailer(index + 1)
                } else {
                    let expected = u64::from(self.crc.sum()) | u64::from(self.crc.amount()) << 32;
                    if u64::from_le_bytes(self.trailer) != expected {
                        return Err(GzipError::Checksum { at: self.at + 1 });
                    }
                    self.inflate.reset(false);
                    self.crc.reset();
                    self.header_crc.reset();
                    Part::End(false)
                }
            }
            Part::End(false) if byte == 0x1f => {
                self.header_crc.update(&[byte]);
                Part::Fixed(1)
            }
            Part::End(_) if byte == 0 => Part::End(true),
            Part::End(_) => return Err(GzipError::Trailing { at: self.at }),
            Part::Body => Part::Body,
        };
        Ok(())
    }

    /// The next header part that the flags announce, and else the body.
    fn next_part(&mut self) -> Part {
        for (flag, part) in [
            (HAS_EXTRA, Part::ExtraLow),
            (HAS_NAME, Part::Name),
            (HAS_COMMENT, Part::Comment),
            (HAS_CRC, Part::HeaderCrc(0)),
        ] {
            if self.flags & flag != 0 {
                self.flags &= !flag;
                return part;
            }
        }
        Part::Body
    }
}
