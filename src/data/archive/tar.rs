//! Tar, taken apart as it arrives: ustar (POSIX.1-1988) and what GNU tar makes of it.
//!
//! Long names of GNU's kind are read, and of PAX headers (POSIX.1-2001) a member's path and size; what else they say,
//! times and owners, matters to nothing here. Sparse and split members are refused, since their bytes are not those of
//! the file.

use super::Event;

/// Headers and members start at multiples of this.
pub const BLOCK: usize = 512;
/// Longest name that is read, in bytes.
const MAX_NAME: u64 = 4096;
/// Longest PAX header that is read, in bytes. A longer one holds attributes of some system, and is passed over.
const MAX_PAX: u64 = 1 << 16;

/// What is wrong with a tar archive. Each message goes on after the archive's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TarError {
    /// A header whose checksum does not fit.
    #[error("has a broken tar header at byte {at}: its checksum does not fit. Download it again.")]
    Checksum {
        /// Where the header starts.
        at: u64,
    },
    /// A size that is no number.
    #[error("has a tar header at byte {at} without a readable size. Download it again.")]
    Size {
        /// Where the header starts.
        at: u64,
    },
    /// A size beyond the archive's end.
    #[error("is cut off: the member at byte {at} has {size} bytes, and only {present} follow. Download it again.")]
    Cut {
        /// Where its header starts.
        at: u64,
        /// Of the member.
        size: u64,
        /// Bytes after the header.
        present: u64,
    },
    /// An end in a header, or without the mark for it.
    #[error("is cut off: it stops at byte {at}, before tar's end mark. Download it again.")]
    NoEnd {
        /// Bytes that were there.
        at: u64,
    },
    /// A name nobody would give.
    #[error("has a member name of {size} bytes at byte {at}; 4096 are the most. Pack it again with shorter names.")]
    Name {
        /// Where its header starts.
        at: u64,
        /// Bytes.
        size: u64,
    },
    /// A member in pieces.
    #[error("has a sparse or split member at byte {at}. Pack it again without --sparse and --multi-volume.")]
    Sparse {
        /// Where its header starts.
        at: u64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Header,
    /// Bytes left of a member.
    Body(u64),
    LongName(u64),
    /// A PAX header for the next member.
    Pax(u64),
    Skip(u64),
    /// After the end mark.
    End,
}

/// Takes a tar archive apart from pieces of any size.
#[derive(Debug)]
pub struct Untar {
    part: Part,
    header: Vec<u8>,
    /// Where the current header or member's header starts.
    start: u64,
    long_name: Option<Vec<u8>>,
    /// The text of a PAX header, and what it says of the next member.
    pax: Vec<u8>,
    pax_path: Option<String>,
    pax_size: Option<u64>,
    /// Padding after the current member.
    padding: u64,
    size: Option<u64>,
    at: u64,
}

impl Untar {
    /// For an archive of `size` bytes, if that is known.
    pub fn new(size: Option<u64>) -> Self {
        let header = Vec::with_capacity(BLOCK);
        Self {
            part: Part::Header,
            header,
            start: 0,
            long_name: None,
            pax: Vec::new(),
            pax_path: None,
            pax_size: None,
            padding: 0,
            size,
            at: 0,
        }
    }

    /// Takes from the front of `bytes` what it needs, and says what it found. `None` when it needs more; then
    /// `bytes` is empty.
    ///
    /// # Errors
    /// At a header that is broken, or a member that cannot be there as announced.
    pub fn next<'a>(&mut self, bytes: &mut &'a [u8]) -> Result<Option<Event<'a>>, TarError> {
        loop {
            match self.part {
                Part::Body(0) => {
                    self.part = Part::Skip(self.padding);
                    return Ok(Some(Event::End));
                }
                Part::LongName(0) => self.part = Part::Skip(self.padding),
                Part::Pax(0) => {
                    self.read_pax();
                    self.part = Part::Skip(self.padding);
                }
                Part::Skip(0) => {
                    self.start = self.at;
                    self.part = Part::Header;
                }
                _ if bytes.is_empty() => return Ok(None),
                Part::Body(left) => {
                    let data = self.take(bytes, left);
                    self.part = Part::Body(left - data.len() as u64);
                    return Ok(Some(Event::Data(data)));
                }
                Part::LongName(left) => {
                    let data = self.take(bytes, left);
                    self.part = Part::LongName(left - data.len() as u64);
                    self.long_name.get_or_insert_default().extend_from_slice(data);
                }
                Part::Pax(left) => {
                    let data = self.take(bytes, left);
                    self.part = Part::Pax(left - data.len() as u64);
                    self.pax.extend_from_slice(data);
                }
                Part::Skip(left) => {
                    let skipped = self.take(bytes, left).len();
                    self.part = Part::Skip(left - skipped as u64);
                }
                Part::End => {
                    self.take(bytes, u64::MAX);
                }
                Part::Header => {
                    let data = self.take(bytes, (BLOCK - self.header.len()) as u64);
                    self.header.extend_from_slice(data);
                    if self.header.len() == BLOCK {
                        let event = self.read_header()?;
                        self.header.clear();
                        if event.is_some() {
                            return Ok(event);
                        }
                    }
                }
            }
        }
    }

    /// To be called when all bytes were taken.
    ///
    /// # Errors
    /// If the archive is not at its end.
    pub fn finish(&self) -> Result<(), TarError> {
        match self.part {
            Part::End => Ok(()),
            _ => Err(TarError::NoEnd { at: self.at }),
        }
    }

    fn take<'a>(&mut self, bytes: &mut &'a [u8], most: u64) -> &'a [u8] {
        let count = usize::try_from(most).unwrap_or(usize::MAX).min(bytes.len());
        let (taken, rest) = bytes.split_at(count);
        *bytes = rest;
        self.at += count as u64;
        taken
    }

    fn read_header<'a>(&mut self) -> Result<Option<Event<'a>>, TarError> {
        let at = self.start;
        let header = &self.header;
        if header.iter().all(|&byte| byte == 0) {
            self.part = Part::End;
            return Ok(None);
        }
        if !has_valid_checksum(header) {
            return Err(TarError::Checksum { at });
        }
        let kind = header[156];
        // Links, devices and folders have no bytes, whatever their size says.
        let has_bytes = !(b'1'..=b'6').contains(&kind);
        let mut size = if has_bytes { number(&header[124..136]).ok_or(TarError::Size { at })? } else { 0 };
        // What PAX says is of the next member, not of a header between.
        let is_extra = matches!(kind, b'x' | b'g' | b'L' | b'K');
        if !is_extra
            && has_bytes
            && let Some(pax_size) = self.pax_size
        {
            size = pax_size;
        }
        if let Some(present) = self.size.map(|all| all.saturating_sub(self.at))
            && size > present
        {
            return Err(TarError::Cut { at, size, present });
        }
        self.padding = size.wrapping_neg() % BLOCK as u64;
        match kind {
            b'0' | 0 | b'7' => {
                self.pax_size = None;
                let path = match (self.pax_path.take(), self.long_name.take()) {
                    (Some(path), _) => path,
                    (None, Some(name)) => text(&name),
                    (None, None) if header[257..263] == *b"ustar\0" && header[345] != 0 => {
                        format!("{}/{}", text(&header[345..500]), text(&header[..100]))
                    }
                    (None, None) => text(&header[..100]),
                };
                if path.ends_with('/') {
                    // A folder, as tar wrote it before there was a type for it.
                    self.part = Part::Skip(size.saturating_add(self.padding));
                    return Ok(None);
                }
                self.part = Part::Body(size);
                Ok(Some(Event::Member { path, size: Some(size) }))
            }
            b'L' if size > MAX_NAME => Err(TarError::Name { at, size }),
            b'L' => {
                self.long_name = None;
                self.part = Part::LongName(size);
                Ok(None)
            }
            b'x' if size <= MAX_PAX => {
                self.pax.clear();
                self.part = Part::Pax(size);
                Ok(None)
            }
            b'S' | b'M' => Err(TarError::Sparse { at }),
            _ => {
                // The name of a long link, or a PAX header, stands between a long name and its member.
                if !is_extra {
                    (self.long_name, self.pax_path, self.pax_size) = (None, None, None);
                }
                self.part = Part::Skip(size.saturating_add(self.padding));
                Ok(None)
            }
        }
    }
}

impl Untar {
    /// Reads records of the form "length key=value\n", up to the first that is none.
    fn read_pax(&mut self) {
        let mut rest = &self.pax[..];
        while let Some(record) = pax_record(rest) {
            let (length, key, value) = record;
            match key {
                b"path" => self.pax_path = Some(text(value)),
                b"size" => self.pax_size = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok()),
                _ => {}
            }
            rest = &rest[length..];
        }
    }
}

/// The first record's length, key and value.
fn pax_record(bytes: &[u8]) -> Option<(usize, &[u8], &[u8])> {
    let blank = bytes.iter().take(8).position(|&byte| byte == b' ')?;
    let length: usize = std::str::from_utf8(&bytes[..blank]).ok()?.parse().ok()?;
    let record = bytes.get(blank + 1..length)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|&byte| byte == b'=')?;
    Some((length, &record[..equals], &record[equals + 1..]))
}

/// Whether these are at least the 512 bytes of a tar header, with the checksum in it that they have.
pub fn has_valid_checksum(head: &[u8]) -> bool {
    let Some(header) = head.get(..BLOCK) else { return false };
    let Some(expected) = number(&header[148..156]) else { return false };
    let bytes = || header.iter().enumerate().map(|(i, &byte)| if (148..156).contains(&i) { b' ' } else { byte });
    let unsigned: u64 = bytes().map(u64::from).sum();
    // Some old programs summed signed bytes.
    let signed: i64 = bytes().map(|byte| i64::from(byte.cast_signed())).sum();
    expected == unsigned || i64::try_from(expected) == Ok(signed)
}

/// A header's number: octal digits with blanks around, or big-endian after a set top bit.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] == 0x80 {
        return field[1..].iter().try_fold(0_u64, |value, &byte| Some(value.checked_mul(256)? | u64::from(byte)));
    }
    let is_blank = |byte: &u8| matches!(byte, b' ' | 0);
    let start = field.iter().position(|byte| !is_blank(byte))?;
    let end = field[start..].iter().position(is_blank).map_or(field.len(), |length| start + length);
    if !field[end..].iter().all(is_blank) {
        return None;
    }
    field[start..end].iter().try_fold(0_u64, |value, &byte| match byte {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    })
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    super::path(&field[..end])
}
