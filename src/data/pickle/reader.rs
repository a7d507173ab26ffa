//! From bytes to opcodes.

use super::Pickled;
use super::error::PickleError;
use super::line_ends::LineEnds;
use super::machine::{Machine, Names, State, is_of_100};
use super::text::{Decoder, Escape, Quoted};
use super::values::{Object, Value, little_endian};
use crate::data::PIXELS;

/// Arguments up to this many bytes are read whole.
const SHORT: u64 = 1 << 14;
/// Longest line of an opcode that has lines.
const MAX_LINE: usize = 256;
/// Most bytes of all long arguments together: 65,536 images of 4-byte floats.
const MAX_LONG: u64 = (65_536 * 4 * PIXELS) as u64;

const TOO_LONG: &str = "more than 768 MiB of numbers, where 50,000 images as uint8 are 147";

/// Reads a pickle from pieces of any size.
#[derive(Debug)]
pub struct PickleReader {
    /// Of the file, if known.
    size: Option<u64>,
    /// Most bytes that are reserved before they came.
    credit: u64,
    at: u64,
    /// The start of an opcode that was cut by the end of a piece.
    carry: Vec<u8>,
    long: Option<Long>,
    /// Of all long arguments until now.
    long_bytes: u64,
    line_ends: LineEnds,
    machine: Machine,
    state: State,
}

/// An argument that is still arriving.
#[derive(Debug)]
struct Long {
    /// Bytes to come; `None` if it goes to the end of the line.
    left: Option<u64>,
    bytes: Vec<u8>,
    decoder: Decoder,
    /// Whether room was made for all of it.
    has_room: bool,
}

/// How an opcode's argument is laid out.
enum Layout {
    /// This many bytes.
    Fixed(usize),
    /// A length of so many bytes, and then the argument.
    Counted(usize),
    /// So many lines.
    Lines(usize),
    /// A line of any length.
    Text,
}

fn layout(opcode: u8) -> Option<Layout> {
    Some(match opcode {
        b'('
        | b'.'
        | b'0'
        | b'1'
        | b'2'
        | b']'
        | b'}'
        | b')'
        | b'a'
        | b'e'
        | b's'
        | b'u'
        | b'l'
        | b'd'
        | b't'
        | b'b'
        | b'R'
        | b'N'
        | 0x85..=0x89
        | b'Q'
        | 0x93
        | 0x94 => Layout::Fixed(0),
        0x80 | b'K' | b'q' | b'h' => Layout::Fixed(1),
        b'M' => Layout::Fixed(2),
        b'J' | b'r' | b'j' => Layout::Fixed(4),
        b'G' | 0x95 => Layout::Fixed(8),
        b'U' | b'C' | 0x8a | 0x8c => Layout::Counted(1),
        b'T' | b'B' | b'X' | 0x8b => Layout::Counted(4),
        0x8d | 0x8e | 0x96 => Layout::Counted(8),
        b'I' | b'L' | b'F' | b'p' | b'g' => Layout::Lines(1),
        b'S' | b'V' => Layout::Text,
        b'c' => Layout::Lines(2),
        _ => return None,
    })
}

impl PickleReader {
    /// For a file of `size` bytes, if that is known. Nothing larger than `credit` bytes is reserved for data
    /// before they come, and nothing larger than the rest of the file.
    pub fn new(size: Option<u64>, credit: u64) -> Self {
        Self::with_names(size, credit, Names::Numpy)
    }

    /// The same, for a pickle that uses other names too.
    pub(super) fn with_names(size: Option<u64>, credit: u64, names: Names) -> Self {
        Self {
            size,
            credit,
            at: 0,
            carry: Vec::new(),
            long: None,
            long_bytes: 0,
            line_ends: LineEnds::default(),
            machine: Machine::new(names),
            state: State::Running,
        }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// At the first thing that a batch would not have.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), PickleError> {
        self.line_ends.see(bytes);
        self.read(bytes).map_err(|error| self.explain(error))
    }

    /// What the file holds, once all bytes were pushed.
    ///
    /// # Errors
    /// If it is not at its end, or holds something else than expected.
    pub fn finish(mut self) -> Result<Pickled, PickleError> {
        if self.state == State::Cifar100 {
            return Ok(Pickled::Cifar100);
        }
        let line_ends = std::mem::take(&mut self.line_ends);
        self.end().and_then(|(machine, top)| machine.result(top)).map_err(|error| explain(&line_ends, error))
    }

    /// What is left when the program is over.
    pub(super) fn end(self) -> Result<(Machine, Value), PickleError> {
        match self.state {
            State::Stopped(top) => Ok((self.machine, top)),
            State::Running | State::Cifar100 => match self.long {
                Some(Long { left: Some(left), bytes, .. }) => {
                    let present = bytes.len() as u64;
                    Err(PickleError::Cut { at: self.at - present, announced: present + left, present })
                }
                _ => Err(PickleError::NoEnd { at: self.at + self.carry.len() as u64 }),
            },
        }
    }

    fn explain(&self, error: PickleError) -> PickleError {
        explain(&self.line_ends, error)
    }

    fn read(&mut self, mut bytes: &[u8]) -> Result<(), PickleError> {
        while !bytes.is_empty() {
            if self.state == State::Cifar100 {
                return Ok(());
            } else if matches!(self.state, State::Stopped(_)) {
                return Err(PickleError::Trailing { at: self.at });
            } else if self.long.is_some() {
                self.push_long(&mut bytes)?;
            } else if self.carry.is_empty() {
                match self.extent(bytes)? {
                    Some(needed) if needed <= bytes.len() => {
                        let (opcode, rest) = bytes.split_at(needed);
                        bytes = rest;
                        self.run(opcode)?;
                    }
                    _ => {
                        self.carry.extend_from_slice(bytes);
                        return Ok(());
                    }
                }
            } else {
                // One more byte shows how many are needed, or as many as are needed.
                let missing = self.extent(&self.carry)?.map_or(1, |needed| needed - self.carry.len());
                let (more, rest) = bytes.split_at(missing.min(bytes.len()));
                bytes = rest;
                self.carry.extend_from_slice(more);
                if self.extent(&self.carry)?.is_some_and(|needed| needed == self.carry.len()) {
                    let mut opcode = std::mem::take(&mut self.carry);
                    self.run(&opcode)?;
                    opcode.clear();
                    self.carry = opcode;
                }
            }
        }
        Ok(())
    }

    /// Bytes of the opcode at the start of `bytes`, with its argument or, if that is long, with its length only.
    /// `None` if more bytes are needed to tell.
    fn extent(&self, bytes: &[u8]) -> Result<Option<usize>, PickleError> {
        let Some((&opcode, rest)) = bytes.split_first() else { return Ok(None) };
        let layout = layout(opcode).ok_or(PickleError::Opcode { at: self.at, opcode })?;
        Ok(match layout {
            Layout::Fixed(argument) => Some(1 + argument),
            Layout::Text => Some(1),
            Layout::Counted(width) => match rest.get(..width) {
                None => None,
                Some(length) => {
                    let announced = little_endian(length);
                    let at = self.at + 1 + width as u64;
                    let present = self.size.map_or(u64::MAX, |size| size.saturating_sub(at));
                    if announced > present {
                        return Err(PickleError::Cut { at, announced, present });
                    }
                    Some(1 + width + if announced > SHORT { 0 } else { announced as usize })
                }
            },
            Layout::Lines(lines) => {
                let newline = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(lines - 1);
                match newline {
                    Some((end, _)) if end <= lines * MAX_LINE => Some(2 + end),
                    None if rest.len() <= lines * MAX_LINE => None,
                    _ => return Err(PickleError::TooMuch { at: self.at, what: "a line of more than 256 bytes" }),
                }
            }
        })
    }

    /// Runs one opcode, given with its argument or with the length of a long one.
    fn run(&mut self, bytes: &[u8]) -> Result<(), PickleError> {
        let (opcode, argument) = (bytes[0], &bytes[1..]);
        let at = self.at;
        self.at += bytes.len() as u64;
        let argument = match layout(opcode) {
            Some(Layout::Counted(width)) => {
                let length = little_endian(&argument[..width]);
                if length > SHORT {
                    return self.start_long(at, opcode, length);
                }
                &argument[width..]
            }
            Some(Layout::Text) => {
                let is_quoted = opcode == b'S';
                let decoder = if is_quoted { Decoder::Quoted(Quoted::Before) } else { Decoder::Escaped(Escape::None) };
                self.long = Some(Long { left: None, bytes: Vec::new(), decoder, has_room: false });
                return Ok(());
            }
            _ => argument,
        };
        self.state = self.machine.run(at, opcode, argument)?;
        Ok(())
    }

    fn start_long(&mut self, at: u64, opcode: u8, length: u64) -> Result<(), PickleError> {
        if opcode == 0x8b {
            return Err(PickleError::TooMuch { at, what: "a whole number of more than 8 bytes" });
        }
        let decoder = if matches!(opcode, b'X' | 0x8d) { Decoder::Utf8(None) } else { Decoder::Bytes };
        // UTF-8 of Latin-1 has up to two bytes for one.
        let most = length / if decoder == Decoder::Bytes { 1 } else { 2 };
        if self.long_bytes.saturating_add(most) > MAX_LONG {
            return Err(PickleError::TooMuch { at, what: TOO_LONG });
        }
        let bytes = Vec::with_capacity(length.min(self.credit) as usize);
        self.long = Some(Long { left: Some(length), bytes, decoder, has_room: true });
        Ok(())
    }

    fn push_long(&mut self, bytes: &mut &[u8]) -> Result<(), PickleError> {
        let Some(long) = &mut self.long else { return Ok(()) };
        let most = long.left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX));
        let mut taken = &bytes[..most.min(bytes.len())];
        let before = taken.len();
        if let Err(what) = long.decoder.decode(&mut taken, &mut long.bytes) {
            return Err(PickleError::Broken { at: self.at + (before - taken.len()) as u64, what });
        }
        let count = before - taken.len();
        *bytes = &bytes[count..];
        self.at += count as u64;
        if let Some(left) = &mut long.left {
            *left -= count as u64;
        }
        if !long.has_room && long.bytes.len() as u64 > SHORT {
            // Random bytes have 2.6 letters each in Python 2's quotes.
            let rest = self.size.map_or(0, |size| size.saturating_sub(self.at)).min(self.credit);
            long.bytes.reserve_exact((rest / 2) as usize);
            long.has_room = true;
        }
        if self.long_bytes + long.bytes.len() as u64 > MAX_LONG {
            return Err(PickleError::TooMuch { at: self.at, what: TOO_LONG });
        }
        if (long.left == Some(0) || long.decoder.is_over())
            && let Some(Long { mut bytes, decoder, left, .. }) = self.long.take()
        {
            if !decoder.is_whole() {
                return Err(PickleError::Broken { at: self.at, what: "a long text ends within a letter" });
            }
            bytes.shrink_to_fit();
            self.long_bytes += bytes.len() as u64;
            let is_latin = match decoder {
                Decoder::Utf8(_) => true,
                Decoder::Escaped(_) => !bytes.is_ascii(),
                Decoder::Bytes | Decoder::Quoted(_) => false,
            };
            if left.is_none() && is_of_100(&bytes) {
                self.state = State::Cifar100;
            }
            self.machine.push_object(self.at, if is_latin { Object::Latin(bytes) } else { Object::Bytes(bytes) })?;
        }
        Ok(())
    }
}

/// A damage that changed line ends explain.
fn explain(line_ends: &LineEnds, error: PickleError) -> PickleError {
    match line_ends.change() {
        Some(change) if error.may_be_damage() => PickleError::LineEnds { change },
        _ => error,
    }
}
