//! What a pickle is made of.

use crate::data::array::NumberType;

/// A number, or the index of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Object(u32),
}

#[derive(Debug)]
pub(super) enum Object {
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
    /// A PyTorch tensor: storage, offset, shape, strides, and what else it was made of.
    Tensor(Vec<Value>),
    /// Numbers outside of the pickle: what identifies them.
    Storage(Value),
    /// A class of storages: `FloatStorage`.
    TorchClass(String),
}

/// The names that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Global {
    Reconstruct,
    FromBuffer,
    Ndarray,
    Dtype,
    Scalar,
    Encode,
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
}

/// A numpy dtype.
#[derive(Clone, Debug, Default)]
pub(super) struct Type {
    pub(super) name: Vec<u8>,
    pub(super) is_big_endian: bool,
}

/// A numpy array; `shape` is `None` until its state was given.
#[derive(Clone, Debug, Default)]
pub(super) struct Array {
    pub(super) shape: Option<Vec<i64>>,
    pub(super) ty: Type,
    /// Those of the longest strides first.
    pub(super) axes: Vec<usize>,
    pub(super) data: u32,
}

pub(super) fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
}

impl Type {
    /// As a type of numbers, if it is one.
    pub(super) fn number(&self) -> Option<NumberType> {
        let ty = NumberType::parse(std::str::from_utf8(&self.name).ok()?)?;
        Some(if self.is_big_endian { ty.with_big_endian(true) } else { ty })
    }
}

pub(super) fn int(value: Value) -> Option<i64> {
    match value {
        Value::Int(value) => Some(value),
        _ => None,
    }
}

/// A number of a numpy type: whole if it is one.
pub(super) fn scalar(ty: &Type, bytes: &[u8]) -> Option<Value> {
    let ty = ty.number().filter(|ty| ty.width() == bytes.len())?;
    let number = ty.read(bytes);
    let is_exact = number.fract() == 0.0 && number.abs() < 9e15;
    Some(if is_exact { Value::Int(number as i64) } else { Value::Float(number) })
}

/// Little-endian two's complement of up to 8 bytes.
pub(super) fn signed(bytes: &[u8]) -> Option<i64> {
    match bytes.len() {
        0 => Some(0),
        length @ 1..=8 => {
            let unused = 64 - 8 * length as u32;
            Some((little_endian(bytes) << unused).cast_signed() >> unused)
        }
        _ => None,
    }
}
