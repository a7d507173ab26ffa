//! CIFAR-10 in its Python version: a dictionary, pickled.
//!
//! A pickle is a program for a stack machine that may call any function there is. This machine knows the
//! opcodes of protocols 1 to 5 that such files consist of, and calls none: the few names that numpy writes are
//! understood here, and any other name ends the reading. Sources: CPython's `Lib/pickletools.py`; numpy's
//! `array_reduce` and `array_setstate`.
//!
//! Bytes are taken as they arrive. Short arguments are read whole; a long one (the pixels) goes straight into the
//! vector that is given out at the end, so that pixels are in memory once. Objects refer to each other by index
//! into one list, and nothing is recursive. Counts are bounded, and a length is compared with what the file can
//! still have before anything is reserved for it.

use std::collections::BTreeMap;

use super::{CLASSES, Images, PIXELS, PLANE, SIDE};

/// Arguments up to this many bytes are read whole.
const SHORT: u64 = 1 << 14;
/// Longest line of an opcode that has lines.
const MAX_LINE: usize = 256;
/// Most objects, entries of the memo, items of all containers together, and values on the stack.
const MAX_COUNT: usize = 1 << 19;
/// Deepest nesting of marks. CIFAR-10 needs 4.
const MAX_MARKS: usize = 100;
/// Most bytes that are made from short texts, which can be recalled and made into bytes again and again.
const MAX_ENCODED: usize = 1 << 24;
/// Most bytes of all long arguments together: 65,536 images.
const MAX_LONG: u64 = (65_536 * PIXELS) as u64;

/// What is wrong with a pickle. Each message goes on after the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PickleError {
    /// A name that is not one of numpy's few.
    #[error(
        "is a Python pickle that names {global} at byte {at}, which no CIFAR-10 batch does. Nothing was run. Do not open it in Python either; download CIFAR-10 again."
    )]
    Forbidden {
        /// Where.
        at: u64,
        /// Module and name.
        global: String,
    },
    /// An opcode that such files do not have.
    #[error(
        "is a Python pickle with opcode {opcode:#04x} at byte {at}, which no CIFAR-10 batch has. Nothing was run. Choose data_batch_1 to data_batch_5 and test_batch as they are published."
    )]
    Opcode {
        /// Where.
        at: u64,
        /// Its byte.
        opcode: u8,
    },
    /// A length beyond the file's end.
    #[error(
        "is cut off: at byte {at} it announces {announced} bytes, and only {present} follow. Download or unpack it again."
    )]
    Cut {
        /// Where the announced bytes start.
        at: u64,
        /// How many there should be.
        announced: u64,
        /// How many there are at most.
        present: u64,
    },
    /// No end.
    #[error("is a Python pickle that stops at byte {at}, before its end. Download or unpack it again.")]
    NoEnd {
        /// Bytes that were there.
        at: u64,
    },
    /// Something after the end.
    #[error("is a Python pickle that goes on after its end, at byte {at}. Download or unpack it again.")]
    Trailing {
        /// Where.
        at: u64,
    },
    /// Too much of something.
    #[error(
        "is a Python pickle with too many or too large parts at byte {at}: {what}. Choose data_batch_1 to data_batch_5 and test_batch as they are published."
    )]
    TooMuch {
        /// Where.
        at: u64,
        /// Of what, and the limit.
        what: &'static str,
    },
    /// What no pickler writes.
    #[error("is a broken Python pickle: at byte {at}, {what}. Download or unpack it again.")]
    Broken {
        /// Where the opcode is.
        at: u64,
        /// A clause.
        what: &'static str,
    },
    /// A well-formed pickle whose data are not CIFAR-10's.
    #[error(
        "is a Python pickle, but {what}; a CIFAR-10 batch has data of shape (images, 3072), uint8, in C order, and as many labels. Choose data_batch_1 to data_batch_5 and test_batch as they are published."
    )]
    Unfit {
        /// A clause.
        what: String,
    },
    /// A label that is no class.
    #[error(
        "has label {label} for image {image}, counted from 1; CIFAR-10 labels are 0 to 9. Choose a CIFAR-10 batch."
    )]
    Label {
        /// From 1.
        image: usize,
        /// What it is.
        label: i64,
    },
}

/// What a pickle holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pickled {
    /// A batch, and what it calls itself: "testing batch 1 of 1".
    Batch {
        /// At least one.
        images: Images,
        /// `batch_label`.
        label: Option<String>,
    },
    /// CIFAR-100's labels, known before its pixels were read.
    Cifar100,
    /// `batches.meta`: the names of the classes.
    ClassNames,
}

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
    machine: Machine,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    Cifar100,
    Stopped(Value),
}

/// An argument that is still arriving.
#[derive(Debug)]
struct Long {
    left: u64,
    bytes: Vec<u8>,
    /// UTF-8 that is kept as Latin-1, as Python 3 writes bytes with protocol 2; with the first byte of a pair.
    is_text: bool,
    pair: Option<u8>,
}

/// A number, or the index of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float,
    Object(u32),
}

#[derive(Debug)]
enum Object {
    /// Bytes, or text as UTF-8: keys are compared as bytes, because Python 2 and 3 write them differently.
    Bytes(Vec<u8>),
    /// A long text as Latin-1.
    Latin(Vec<u8>),
    List(Vec<Value>),
    Tuple(Vec<Value>),
    Dict(Vec<(Value, Value)>),
    Global(Global),
    Type(Type),
    Array(Array),
}

/// The names that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Global {
    Reconstruct,
    FromBuffer,
    Ndarray,
    Dtype,
    Scalar,
    Encode,
    OrderedDict,
}

/// A numpy dtype.
#[derive(Clone, Debug, Default)]
struct Type {
    name: Vec<u8>,
    is_big_endian: bool,
}

/// A numpy array; `shape` is `None` until its state was given.
#[derive(Clone, Debug, Default)]
struct Array {
    shape: Option<Vec<i64>>,
    ty: Type,
    /// "C", "F" or "K".
    order: u8,
    data: u32,
}

fn global(module: &[u8], name: &[u8]) -> Option<Global> {
    Some(match (module, name) {
        (b"numpy.core.multiarray" | b"numpy._core.multiarray", b"_reconstruct") => Global::Reconstruct,
        (b"numpy.core.multiarray" | b"numpy._core.multiarray", b"scalar") => Global::Scalar,
        (b"numpy.core.numeric" | b"numpy._core.numeric", b"_frombuffer") => Global::FromBuffer,
        (b"numpy", b"ndarray") => Global::Ndarray,
        (b"numpy", b"dtype") => Global::Dtype,
        (b"_codecs", b"encode") => Global::Encode,
        (b"collections", b"OrderedDict") => Global::OrderedDict,
        _ => return None,
    })
}

/// How an opcode's argument is laid out.
enum Layout {
    /// This many bytes.
    Fixed(usize),
    /// A length of so many bytes, and then the argument.
    Counted(usize),
    /// So many lines.
    Lines(usize),
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
        | 0x93
        | 0x94 => Layout::Fixed(0),
        0x80 | b'K' | b'q' | b'h' => Layout::Fixed(1),
        b'M' => Layout::Fixed(2),
        b'J' | b'r' | b'j' => Layout::Fixed(4),
        b'G' | 0x95 => Layout::Fixed(8),
        b'U' | b'C' | 0x8a | 0x8c => Layout::Counted(1),
        b'T' | b'B' | b'X' | 0x8b => Layout::Counted(4),
        0x8d | 0x8e | 0x96 => Layout::Counted(8),
        b'I' | b'L' => Layout::Lines(1),
        b'c' => Layout::Lines(2),
        _ => return None,
    })
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
}

impl PickleReader {
    /// For a file of `size` bytes, if that is known. Nothing larger than `credit` bytes is reserved for data
    /// before they come, and nothing larger than the rest of the file.
    pub fn new(size: Option<u64>, credit: u64) -> Self {
        Self {
            size,
            credit,
            at: 0,
            carry: Vec::new(),
            long: None,
            long_bytes: 0,
            machine: Machine::default(),
            state: State::Running,
        }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// At the first thing that a CIFAR-10 batch would not have.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), PickleError> {
        while !bytes.is_empty() {
            if self.state == State::Cifar100 {
                return Ok(());
            } else if self.state != State::Running {
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

    /// What the file holds, once all bytes were pushed.
    ///
    /// # Errors
    /// If it is not at its end, or holds something else than expected.
    pub fn finish(self) -> Result<Pickled, PickleError> {
        match self.state {
            State::Running => match self.long {
                Some(Long { left, bytes, .. }) => {
                    let present = bytes.len() as u64;
                    Err(PickleError::Cut { at: self.at - present, announced: present + left, present })
                }
                None => Err(PickleError::NoEnd { at: self.at + self.carry.len() as u64 }),
            },
            State::Cifar100 => Ok(Pickled::Cifar100),
            State::Stopped(top) => self.machine.result(top),
        }
    }

    /// Bytes of the opcode at the start of `bytes`, with its argument or, if that is long, with its length only.
    /// `None` if more bytes are needed to tell.
    fn extent(&self, bytes: &[u8]) -> Result<Option<usize>, PickleError> {
        let Some((&opcode, rest)) = bytes.split_first() else { return Ok(None) };
        let layout = layout(opcode).ok_or(PickleError::Opcode { at: self.at, opcode })?;
        Ok(match layout {
            Layout::Fixed(argument) => Some(1 + argument),
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
            _ => argument,
        };
        self.state = self.machine.run(at, opcode, argument)?;
        Ok(())
    }

    fn start_long(&mut self, at: u64, opcode: u8, length: u64) -> Result<(), PickleError> {
        if opcode == 0x8b {
            return Err(PickleError::TooMuch { at, what: "a whole number of more than 8 bytes" });
        }
        let is_text = matches!(opcode, b'X' | 0x8d);
        self.long_bytes = self.long_bytes.saturating_add(length);
        // UTF-8 of Latin-1 has up to two bytes for one.
        if self.long_bytes > if is_text { 2 * MAX_LONG } else { MAX_LONG } {
            return Err(PickleError::TooMuch { at, what: "data of more than 65536 images" });
        }
        let bytes = Vec::with_capacity(length.min(self.credit) as usize);
        self.long = Some(Long { left: length, bytes, is_text, pair: None });
        Ok(())
    }

    fn push_long(&mut self, bytes: &mut &[u8]) -> Result<(), PickleError> {
        let Some(long) = &mut self.long else { return Ok(()) };
        let count = usize::try_from(long.left).unwrap_or(usize::MAX).min(bytes.len());
        let (taken, rest) = bytes.split_at(count);
        *bytes = rest;
        long.left -= count as u64;
        if long.is_text {
            if !long.push_text(taken) {
                return Err(PickleError::Broken { at: self.at, what: "a long text holds other letters than bytes" });
            }
        } else {
            long.bytes.extend_from_slice(taken);
        }
        self.at += count as u64;
        if long.left == 0
            && let Some(Long { mut bytes, is_text, pair, .. }) = self.long.take()
        {
            if pair.is_some() {
                return Err(PickleError::Broken { at: self.at, what: "a long text ends within a letter" });
            }
            bytes.shrink_to_fit();
            let object = if is_text { Object::Latin(bytes) } else { Object::Bytes(bytes) };
            self.machine.push_object(self.at, object)?;
        }
        Ok(())
    }
}

impl Long {
    /// Whether the text is Latin-1 so far.
    fn push_text(&mut self, mut text: &[u8]) -> bool {
        while let Some((&byte, rest)) = text.split_first() {
            if let Some(first) = self.pair.take() {
                if !(0x80..0xc0).contains(&byte) {
                    return false;
                }
                self.bytes.push(first << 6 | byte & 0x3f);
                text = rest;
            } else if byte < 0x80 {
                let ascii = text.iter().position(|byte| *byte >= 0x80).unwrap_or(text.len());
                self.bytes.extend_from_slice(&text[..ascii]);
                text = &text[ascii..];
            } else if matches!(byte, 0xc2 | 0xc3) {
                self.pair = Some(byte);
                text = rest;
            } else {
                return false;
            }
        }
        true
    }
}

/// The stack machine.
#[derive(Debug, Default)]
struct Machine {
    stack: Vec<Value>,
    /// Heights of the stack.
    marks: Vec<usize>,
    objects: Vec<Object>,
    memo: BTreeMap<u32, Value>,
    /// Of all containers together.
    items: usize,
    /// Bytes made from text.
    encoded: usize,
    /// Where the current opcode is.
    at: u64,
}

impl Machine {
    fn run(&mut self, at: u64, opcode: u8, argument: &[u8]) -> Result<State, PickleError> {
        self.at = at;
        match opcode {
            0x80 if argument[0] > 5 => return self.broken("the protocol is none of 1 to 5"),
            0x80 => {}
            // Frames say how to read a file fast; their lengths matter no more than that.
            0x95 => {}
            b'(' if self.marks.len() == MAX_MARKS => return self.too_much("marks are nested more than 100 deep"),
            b'(' => self.marks.push(self.stack.len()),
            b'.' => return Ok(State::Stopped(self.pop()?)),
            b'0' => drop(self.pop()?),
            b'1' => drop(self.pop_mark()?),
            b'2' => {
                let top = self.top()?;
                self.push(top)?;
            }

            b'N' => self.push(Value::None)?,
            0x88 | 0x89 => self.push(Value::Bool(opcode == 0x88))?,
            b'K' | b'M' => self.push(Value::Int(little_endian(argument) as i64))?,
            b'J' => self.push(Value::Int(i64::from(little_endian(argument) as i32)))?,
            b'G' => self.push(Value::Float)?,
            0x8a | 0x8b => {
                let value = signed(argument, false);
                self.push_int(value)?;
            }
            b'I' | b'L' => self.number_line(argument)?,

            b'U' | b'T' | b'C' | b'B' | 0x8e | 0x96 => self.push_object(at, Object::Bytes(argument.to_vec()))?,
            b'X' | 0x8c | 0x8d => {
                if std::str::from_utf8(argument).is_err() {
                    return self.broken("a text is no UTF-8");
                }
                self.push_object(at, Object::Bytes(argument.to_vec()))?;
            }

            b']' => self.push_object(at, Object::List(Vec::new()))?,
            b'}' => self.push_object(at, Object::Dict(Vec::new()))?,
            b')' => self.push_tuple(Vec::new())?,
            0x85..=0x87 => {
                let items = self.pop_many(usize::from(opcode - 0x84))?;
                self.push_tuple(items)?;
            }
            b't' => {
                let items = self.pop_mark()?;
                self.push_tuple(items)?;
            }
            b'l' => {
                let items = self.pop_mark()?;
                self.count_items(items.len())?;
                self.push_object(at, Object::List(items))?;
            }
            b'd' => {
                let items = self.pop_mark()?;
                self.push_object(at, Object::Dict(Vec::new()))?;
                self.set_items(items)?;
            }
            b'a' => {
                let items = self.pop_many(1)?;
                self.append(items)?;
            }
            b'e' => {
                let items = self.pop_mark()?;
                self.append(items)?;
            }
            b's' => {
                let items = self.pop_many(2)?;
                self.set_items(items)?;
            }
            b'u' => {
                let items = self.pop_mark()?;
                self.set_items(items)?;
            }

            b'q' | b'r' => self.memoize(little_endian(argument) as u32)?,
            0x94 => self.memoize(self.memo.len() as u32)?,
            b'h' | b'j' => match self.memo.get(&(little_endian(argument) as u32)) {
                Some(&value) => self.push(value)?,
                None => return self.broken("something is recalled that was not stored"),
            },

            b'c' => {
                let mut lines = argument.split(|byte| *byte == b'\n');
                let (module, name) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
                self.push_global(module, name)?;
            }
            0x93 => {
                let names = self.pop_many(2)?;
                let (Some(module), Some(name)) = (self.bytes(names[0]), self.bytes(names[1])) else {
                    return self.broken("a name is no text");
                };
                let (module, name) = (module.to_vec(), name.to_vec());
                self.push_global(&module, &name)?;
            }
            b'R' => {
                let call = self.pop_many(2)?;
                self.reduce(call[0], call[1])?;
            }
            b'b' => {
                let state = self.pop()?;
                let object = self.top()?;
                self.build(object, state)?;
            }
            opcode => return Err(PickleError::Opcode { at, opcode }),
        }
        // Keys come before the pixels, so there is no need to read those.
        let is_key = matches!(opcode, b'U' | b'C' | b'X' | 0x8c);
        let is_of_100 = matches!(argument, b"fine_labels" | b"coarse_labels" | b"fine_label_names");
        Ok(if is_key && is_of_100 { State::Cifar100 } else { State::Running })
    }

    fn broken<T>(&self, what: &'static str) -> Result<T, PickleError> {
        Err(PickleError::Broken { at: self.at, what })
    }

    fn too_much<T>(&self, what: &'static str) -> Result<T, PickleError> {
        Err(PickleError::TooMuch { at: self.at, what })
    }

    // The stack.

    fn push(&mut self, value: Value) -> Result<(), PickleError> {
        if self.stack.len() == MAX_COUNT {
            return self.too_much("more than 524288 values at once");
        }
        self.stack.push(value);
        Ok(())
    }

    fn push_object(&mut self, at: u64, object: Object) -> Result<(), PickleError> {
        self.at = at;
        if self.objects.len() == MAX_COUNT {
            return self.too_much("more than 524288 objects");
        }
        self.objects.push(object);
        self.push(Value::Object(self.objects.len() as u32 - 1))
    }

    fn push_tuple(&mut self, items: Vec<Value>) -> Result<(), PickleError> {
        self.count_items(items.len())?;
        self.push_object(self.at, Object::Tuple(items))
    }

    fn push_int(&mut self, value: Option<i64>) -> Result<(), PickleError> {
        match value {
            Some(value) => self.push(Value::Int(value)),
            None => self.too_much("a whole number of more than 8 bytes"),
        }
    }

    /// Numbers as protocol 1 writes them: `7`, `7L`, and `00` or `01` for truth values.
    fn number_line(&mut self, line: &[u8]) -> Result<(), PickleError> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        match line {
            b"00" | b"01" => self.push(Value::Bool(line == b"01")),
            _ => {
                let digits = line.strip_suffix(b"L").unwrap_or(line);
                match std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()) {
                    Some(value) => self.push(Value::Int(value)),
                    None => self.broken("a number cannot be read"),
                }
            }
        }
    }

    /// The height below which nothing may be taken.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn top(&self) -> Result<Value, PickleError> {
        match self.stack.last() {
            Some(&top) if self.stack.len() > self.floor() => Ok(top),
            _ => self.broken("a value is missing"),
        }
    }

    fn pop(&mut self) -> Result<Value, PickleError> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    fn pop_many(&mut self, count: usize) -> Result<Vec<Value>, PickleError> {
        match self.stack.len().checked_sub(count) {
            Some(start) if start >= self.floor() => Ok(self.stack.split_off(start)),
            _ => self.broken("a value is missing"),
        }
    }

    fn pop_mark(&mut self) -> Result<Vec<Value>, PickleError> {
        match self.marks.pop() {
            Some(mark) => Ok(self.stack.split_off(mark)),
            None => self.broken("a mark is missing"),
        }
    }

    // Containers and names.

    fn object(&self, value: Value) -> Option<&Object> {
        match value {
            Value::Object(index) => self.objects.get(index as usize),
            _ => None,
        }
    }

    fn bytes(&self, value: Value) -> Option<&[u8]> {
        match self.object(value) {
            Some(Object::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    fn items(&self, value: Value) -> Option<&[Value]> {
        match self.object(value) {
            Some(Object::List(items) | Object::Tuple(items)) => Some(items),
            _ => None,
        }
    }

    fn global(&self, value: Value) -> Option<Global> {
        match self.object(value) {
            Some(Object::Global(global)) => Some(*global),
            _ => None,
        }
    }

    fn ty(&self, value: Value) -> Option<&Type> {
        match self.object(value) {
            Some(Object::Type(ty)) => Some(ty),
            _ => None,
        }
    }

    fn count_items(&mut self, count: usize) -> Result<(), PickleError> {
        self.items += count;
        if self.items > MAX_COUNT { self.too_much("more than 524288 items in lists") } else { Ok(()) }
    }

    fn append(&mut self, items: Vec<Value>) -> Result<(), PickleError> {
        self.count_items(items.len())?;
        if let Value::Object(index) = self.top()?
            && let Object::List(list) = &mut self.objects[index as usize]
        {
            list.extend(items);
            return Ok(());
        }
        self.broken("something is appended to what is no list")
    }

    fn set_items(&mut self, items: Vec<Value>) -> Result<(), PickleError> {
        self.count_items(items.len())?;
        if items.len().is_multiple_of(2)
            && let Value::Object(index) = self.top()?
            && let Object::Dict(dict) = &mut self.objects[index as usize]
        {
            dict.extend(items.chunks_exact(2).map(|pair| (pair[0], pair[1])));
            return Ok(());
        }
        self.broken("keys are set in what is no dictionary")
    }

    fn memoize(&mut self, index: u32) -> Result<(), PickleError> {
        if self.memo.len() == MAX_COUNT {
            return self.too_much("more than 524288 stored values");
        }
        let top = self.top()?;
        self.memo.insert(index, top);
        Ok(())
    }

    fn push_global(&mut self, module: &[u8], name: &[u8]) -> Result<(), PickleError> {
        match global(module, name) {
            Some(global) => self.push_object(self.at, Object::Global(global)),
            None => {
                let global = format!("{}.{}", shown(module), shown(name));
                Err(PickleError::Forbidden { at: self.at, global })
            }
        }
    }

    // What the names mean.

    fn reduce(&mut self, callee: Value, arguments: Value) -> Result<(), PickleError> {
        const ARGUMENTS: &str = "a call has arguments that numpy does not write";
        let (Some(global), Some(Object::Tuple(arguments))) = (self.global(callee), self.object(arguments)) else {
            return self.broken("something is called that is no function");
        };
        let object = match (global, arguments[..].as_ref()) {
            (Global::Reconstruct, &[class, _, _]) if self.global(class) == Some(Global::Ndarray) => {
                Object::Array(Array::default())
            }
            (Global::FromBuffer, &[data, ty, shape, order] | &[data, ty, shape, order, Value::None]) => {
                Object::Array(self.array(shape, ty, self.bytes(order).and_then(<[u8]>::first).copied(), data)?)
            }
            // The order of axes makes it another kind than "C" in any case.
            (Global::FromBuffer, &[data, ty, shape, _, _]) => Object::Array(self.array(shape, ty, Some(b'K'), data)?),
            (Global::Dtype, &[name, _, _]) => match self.bytes(name) {
                Some(name) if name.len() <= 16 => {
                    Object::Type(Type { name: name.to_vec(), is_big_endian: name.first() == Some(&b'>') })
                }
                _ => return self.broken(ARGUMENTS),
            },
            (Global::Scalar, &[ty, bytes]) => {
                let value = match (self.ty(ty), self.bytes(bytes)) {
                    (Some(ty), Some(bytes)) => whole(ty, bytes),
                    _ => None,
                };
                // Any other number is one that no label can be.
                return self.push(value.map_or(Value::Float, Value::Int));
            }
            (Global::Encode, &[text, encoding]) => {
                if !matches!(self.bytes(encoding), Some(b"latin1" | b"latin-1")) {
                    return self.broken("text is encoded as something else than Latin-1");
                }
                match self.object(text) {
                    // It has the right bytes already.
                    Some(Object::Latin(_)) => return self.push(text),
                    Some(Object::Bytes(bytes)) => {
                        let letters = std::str::from_utf8(bytes).map(str::chars).ok();
                        match letters.and_then(|mut letters| letters.try_fold(Vec::new(), push_latin)) {
                            Some(bytes) => {
                                self.encoded += bytes.len();
                                if self.encoded > MAX_ENCODED {
                                    return self.too_much("more than 16 MiB made from text");
                                }
                                Object::Bytes(bytes)
                            }
                            None => return self.broken("a text holds other letters than bytes"),
                        }
                    }
                    _ => return self.broken(ARGUMENTS),
                }
            }
            (Global::OrderedDict, []) => Object::Dict(Vec::new()),
            (Global::OrderedDict, &[pairs]) => {
                let pair = |pair: &Value| match self.items(*pair) {
                    Some(&[key, value]) => Some((key, value)),
                    _ => None,
                };
                match self.items(pairs).and_then(|pairs| pairs.iter().map(pair).collect::<Option<Vec<_>>>()) {
                    Some(pairs) => {
                        self.count_items(2 * pairs.len())?;
                        Object::Dict(pairs)
                    }
                    None => return self.broken(ARGUMENTS),
                }
            }
            _ => return self.broken(ARGUMENTS),
        };
        self.push_object(self.at, object)
    }

    fn build(&mut self, object: Value, state: Value) -> Result<(), PickleError> {
        const STATE: &str = "an array or its type has a state that numpy does not write";
        let (Value::Object(index), Some(state)) = (object, self.items(state)) else {
            return self.broken(STATE);
        };
        let built = match (self.object(object), state) {
            (Some(Object::Type(ty)), &[_, order, ..]) => {
                let is_big_endian = self.bytes(order) == Some(b">");
                Object::Type(Type { is_big_endian, ..ty.clone() })
            }
            (Some(Object::Array(_)), &[_, shape, ty, Value::Bool(is_fortran), data]) => {
                Object::Array(self.array(shape, ty, Some(if is_fortran { b'F' } else { b'C' }), data)?)
            }
            (Some(Object::Array(_)), &[_, shape, ty, Value::Int(is_fortran @ 0..=1), data]) => {
                Object::Array(self.array(shape, ty, Some(if is_fortran == 1 { b'F' } else { b'C' }), data)?)
            }
            _ => return self.broken(STATE),
        };
        self.objects[index as usize] = built;
        Ok(())
    }

    fn array(&self, shape: Value, ty: Value, order: Option<u8>, data: Value) -> Result<Array, PickleError> {
        let shape = match self.items(shape) {
            Some(sides) if sides.len() <= 8 => sides.iter().map(|side| int(*side)).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        match (shape, self.ty(ty), order, data) {
            (Some(shape), Some(ty), Some(order), Value::Object(data)) => {
                Ok(Array { shape: Some(shape), ty: ty.clone(), order, data })
            }
            _ => self.broken("an array is described in a way that numpy does not write"),
        }
    }

    // What came out.

    fn result(mut self, top: Value) -> Result<Pickled, PickleError> {
        let unfit = |what: &str| Err(PickleError::Unfit { what: what.into() });
        let Some(Object::Dict(dict)) = self.object(top) else {
            return unfit("it holds no dictionary");
        };
        let value = |name: &[u8]| dict.iter().rev().find(|(key, _)| self.bytes(*key) == Some(name)).map(|pair| pair.1);
        let Some(data) = value(b"data") else {
            return if value(b"label_names").is_some() { Ok(Pickled::ClassNames) } else { unfit("it has no \"data\"") };
        };
        let Some(labels) = value(b"labels") else {
            return unfit("it has no \"labels\"");
        };
        let label = value(b"batch_label").and_then(|label| self.bytes(label));
        let label = label.map(|label| String::from_utf8_lossy(&label[..label.len().min(200)]).into_owned());
        let labels = self.labels(labels)?;
        let index = self.pixels(data, labels.len())?;
        let pixels = match &mut self.objects[index as usize] {
            Object::Bytes(bytes) | Object::Latin(bytes) => std::mem::take(bytes),
            _ => Vec::new(),
        };
        Ok(Pickled::Batch { images: Images { pixels, labels }, label })
    }

    fn labels(&self, labels: Value) -> Result<Vec<u8>, PickleError> {
        let unfit = || PickleError::Unfit { what: "its labels are no list of whole numbers".into() };
        let numbers: Option<Vec<i64>> = match self.object(labels) {
            Some(Object::List(items) | Object::Tuple(items)) => items.iter().map(|item| int(*item)).collect(),
            Some(Object::Array(array)) => {
                let width = array.ty.width();
                match (&array.shape, self.objects.get(array.data as usize)) {
                    (Some(shape), Some(Object::Bytes(bytes) | Object::Latin(bytes)))
                        if width > 0
                            && bytes.len() % width == 0
                            && shape[..] == [(bytes.len() / width) as i64]
                            && bytes.len() / width <= MAX_COUNT =>
                    {
                        bytes.chunks_exact(width).map(|bytes| whole(&array.ty, bytes)).collect()
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        let class = |(index, &label): (usize, &i64)| match u8::try_from(label) {
            Ok(class) if usize::from(class) < CLASSES => Ok(class),
            _ => Err(PickleError::Label { image: index + 1, label }),
        };
        numbers.ok_or_else(unfit)?.iter().enumerate().map(class).collect()
    }

    /// The object that holds the pixels, if they are as they should be.
    fn pixels(&self, data: Value, labels: usize) -> Result<u32, PickleError> {
        let unfit = |what: String| Err(PickleError::Unfit { what });
        let Some(Object::Array(Array { shape: Some(shape), ty, order, data })) = self.object(data) else {
            return unfit("its data are no numpy array".into());
        };
        if !matches!(&ty.name[..], b"u1" | b"|u1" | b"uint8" | b"B") {
            return unfit(format!("its data are of type {}", shown(&ty.name)));
        }
        let images = match shape[..] {
            [images, pixels] if pixels == PIXELS as i64 => images,
            [images, channels, rows, columns]
                if (channels, rows, columns) == ((PIXELS / PLANE) as i64, SIDE as i64, SIDE as i64) =>
            {
                images
            }
            _ => {
                let sides: Vec<String> = shape.iter().map(i64::to_string).collect();
                return unfit(format!("its data have shape ({})", sides.join(", ")));
            }
        };
        if *order != b'C' {
            return unfit("its data are in another order (Fortran's, say)".into());
        }
        let bytes = match self.objects.get(*data as usize) {
            Some(Object::Bytes(bytes) | Object::Latin(bytes)) => bytes.len(),
            _ => return unfit("its data are no bytes".into()),
        };
        if images < 1 {
            return unfit("it holds no image".into());
        }
        if images.checked_mul(PIXELS as i64) != i64::try_from(bytes).ok() {
            return unfit(format!("its data have {bytes} bytes for {images} images"));
        }
        if labels as i64 != images {
            return unfit(format!("it has {labels} labels for {images} images"));
        }
        Ok(*data)
    }
}

impl Type {
    /// Bytes of a whole number of this type; 0 if it is something else.
    fn width(&self) -> usize {
        match self.name[..] {
            [b'i' | b'u', width @ (b'1' | b'2' | b'4' | b'8')]
            | [b'<' | b'>' | b'|' | b'=', b'i' | b'u', width @ (b'1' | b'2' | b'4' | b'8')] => {
                usize::from(width - b'0')
            }
            _ => 0,
        }
    }
}

fn push_latin(mut bytes: Vec<u8>, letter: char) -> Option<Vec<u8>> {
    bytes.push(u8::try_from(letter).ok()?);
    Some(bytes)
}

fn int(value: Value) -> Option<i64> {
    match value {
        Value::Int(value) => Some(value),
        _ => None,
    }
}

/// A number of a numpy type; `None` if it is no whole number that fits.
fn whole(ty: &Type, bytes: &[u8]) -> Option<i64> {
    if bytes.is_empty() || bytes.len() != ty.width() {
        return None;
    }
    let mut ordered = [0; 8];
    let ordered = &mut ordered[..bytes.len()];
    ordered.copy_from_slice(bytes);
    if ty.is_big_endian {
        ordered.reverse();
    }
    signed(ordered, ty.name.contains(&b'u'))
}

/// Little-endian two's complement of up to 8 bytes, or without a sign.
fn signed(bytes: &[u8], is_unsigned: bool) -> Option<i64> {
    match bytes.len() {
        0 => Some(0),
        length @ 1..=8 => {
            let value = little_endian(bytes);
            if is_unsigned {
                return i64::try_from(value).ok();
            }
            let unused = 64 - 8 * length as u32;
            Some((value << unused).cast_signed() >> unused)
        }
        _ => None,
    }
}

/// The beginning of what a file says, for a message.
fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().take(80).map(char::from).collect()
}
