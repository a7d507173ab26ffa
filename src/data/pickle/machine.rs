//! The stack machine.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::error::PickleError;
use super::values::{Global, Object, Type, Value, little_endian, signed};

/// Most objects, entries of the memo, items of all containers together, and values on the stack.
pub(super) const MAX_COUNT: usize = 1 << 19;
/// Deepest nesting of marks. CIFAR-10 needs 4.
const MAX_MARKS: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    Running,
    Cifar100,
    Stopped(Value),
}

/// Whose names are understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Names {
    /// Those of arrays.
    #[default]
    Numpy,
    /// Those of a state dictionary.
    Torch,
}

/// The stack machine.
#[derive(Debug, Default)]
pub(super) struct Machine {
    pub(super) names: Names,
    stack: Vec<Value>,
    /// Heights of the stack.
    marks: Vec<usize>,
    pub(super) objects: Vec<Object>,
    memo: BTreeMap<u32, Value>,
    /// Of all containers together.
    items: usize,
    /// Bytes made from text.
    pub(super) encoded: usize,
    /// Where the current opcode is.
    pub(super) at: u64,
}

impl Machine {
    /// At the start of a program.
    pub(super) fn new(names: Names) -> Self {
        Self { names, ..Self::default() }
    }

    pub(super) fn run(&mut self, at: u64, opcode: u8, argument: &[u8]) -> Result<State, PickleError> {
        self.at = at;
        match opcode {
            0x80 if argument[0] > 5 => return self.broken("the protocol is none of 0 to 5"),
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
            b'G' => self.push(Value::Float(f64::from_bits(little_endian(argument).swap_bytes())))?,
            b'F' => {
                let number = self.read_line(argument)?;
                self.push(Value::Float(number))?;
            }
            0x8a | 0x8b => {
                let value = signed(argument);
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
            b'p' => {
                let index = self.read_line(argument)?;
                self.memoize(index)?;
            }
            0x94 => self.memoize(self.memo.len() as u32)?,
            b'h' | b'j' => self.recall(little_endian(argument) as u32)?,
            b'g' => {
                let index = self.read_line(argument)?;
                self.recall(index)?;
            }

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
            b'Q' if self.names == Names::Torch => {
                let id = self.pop()?;
                self.push_object(at, Object::Storage(id))?;
            }
            opcode => return Err(PickleError::Opcode { at, opcode }),
        }
        let is_key = matches!(opcode, b'U' | b'C' | b'X' | 0x8c);
        Ok(if is_key && is_of_100(argument) { State::Cifar100 } else { State::Running })
    }

    pub(super) fn broken<T>(&self, what: &'static str) -> Result<T, PickleError> {
        Err(PickleError::Broken { at: self.at, what })
    }

    pub(super) fn too_much<T>(&self, what: &'static str) -> Result<T, PickleError> {
        Err(PickleError::TooMuch { at: self.at, what })
    }

    // The stack.

    pub(super) fn push(&mut self, value: Value) -> Result<(), PickleError> {
        if self.stack.len() == MAX_COUNT {
            return self.too_much("more than 524288 values at once");
        }
        self.stack.push(value);
        Ok(())
    }

    pub(super) fn push_object(&mut self, at: u64, object: Object) -> Result<(), PickleError> {
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

    /// The number on a line.
    fn read_line<T: FromStr>(&self, line: &[u8]) -> Result<T, PickleError> {
        let number = std::str::from_utf8(line.trim_ascii_end()).ok().and_then(|text| text.parse().ok());
        number.map_or_else(|| self.broken("a number cannot be read"), Ok)
    }

    /// Numbers as protocol 1 writes them: `7`, `7L`, and `00` or `01` for truth values.
    fn number_line(&mut self, line: &[u8]) -> Result<(), PickleError> {
        let line = line.trim_ascii_end();
        match line {
            b"00" | b"01" => self.push(Value::Bool(line == b"01")),
            _ => {
                let value = self.read_line(line.strip_suffix(b"L").unwrap_or(line))?;
                self.push(Value::Int(value))
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

    pub(super) fn object(&self, value: Value) -> Option<&Object> {
        match value {
            Value::Object(index) => self.objects.get(index as usize),
            _ => None,
        }
    }

    pub(super) fn bytes(&self, value: Value) -> Option<&[u8]> {
        match self.object(value) {
            Some(Object::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    pub(super) fn items(&self, value: Value) -> Option<&[Value]> {
        match self.object(value) {
            Some(Object::List(items) | Object::Tuple(items)) => Some(items),
            _ => None,
        }
    }

    pub(super) fn global(&self, value: Value) -> Option<Global> {
        match self.object(value) {
            Some(Object::Global(global)) => Some(*global),
            _ => None,
        }
    }

    pub(super) fn ty(&self, value: Value) -> Option<&Type> {
        match self.object(value) {
            Some(Object::Type(ty)) => Some(ty),
            _ => None,
        }
    }

    pub(super) fn count_items(&mut self, count: usize) -> Result<(), PickleError> {
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

    fn recall(&mut self, index: u32) -> Result<(), PickleError> {
        match self.memo.get(&index) {
            Some(&value) => self.push(value),
            None => self.broken("something is recalled that was not stored"),
        }
    }

    fn memoize(&mut self, index: u32) -> Result<(), PickleError> {
        if self.memo.len() == MAX_COUNT {
            return self.too_much("more than 524288 stored values");
        }
        let top = self.top()?;
        self.memo.insert(index, top);
        Ok(())
    }
}

/// Whether it is a key that CIFAR-100 has. Keys come before the pixels, so there is no need to read those.
pub(super) fn is_of_100(key: &[u8]) -> bool {
    matches!(key, b"fine_labels" | b"coarse_labels" | b"fine_label_names")
}
