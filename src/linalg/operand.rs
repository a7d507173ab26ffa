//! What a product reads.

use std::ops::Range;

use ndarray::{ArrayView2, s};

use super::Element;

/// An operand of a product: a matrix, or bytes that stand for one.
#[derive(Clone, Copy, Debug)]
pub enum Operand<'a, T> {
    /// Any view of numbers.
    Numbers(ArrayView2<'a, T>),
    /// Numbers that are made as they are read.
    Bytes(Bytes<'a, T>),
}

/// Bytes that stand for numbers, each column by its own scale and offset: (i, j) is
/// `bytes[i, j] · scale[j] + offset[j]`, rounded after each of the two. They become numbers only as they are packed, so
/// a batch of images is never written as numbers, which would be four times as large and leave the inner caches.
#[derive(Clone, Copy, Debug)]
pub struct Bytes<'a, T> {
    /// The first row's first byte, and all after it.
    bytes: &'a [u8],
    rows: usize,
    /// From a row's first byte to the next one's.
    stride: usize,
    scale: &'a [T],
    offset: &'a [T],
    /// Whether it is read as its own transpose.
    is_turned: bool,
}

impl<'a, T> From<ArrayView2<'a, T>> for Operand<'a, T> {
    fn from(numbers: ArrayView2<'a, T>) -> Self {
        Self::Numbers(numbers)
    }
}

impl<'a, T> From<Bytes<'a, T>> for Operand<'a, T> {
    fn from(bytes: Bytes<'a, T>) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a, T: Element> Operand<'a, T> {
    /// Rows and columns.
    pub fn dim(&self) -> (usize, usize) {
        match self {
            Self::Numbers(numbers) => numbers.dim(),
            Self::Bytes(Bytes { rows, scale, is_turned: false, .. }) => (*rows, scale.len()),
            Self::Bytes(Bytes { rows, scale, is_turned: true, .. }) => (scale.len(), *rows),
        }
    }

    /// The transpose; nothing is copied.
    pub fn t(self) -> Self {
        match self {
            Self::Numbers(numbers) => Self::Numbers(numbers.reversed_axes()),
            Self::Bytes(bytes) => Self::Bytes(Bytes { is_turned: !bytes.is_turned, ..bytes }),
        }
    }

    /// The same for a shorter time, which ndarray's views do not become by themselves.
    pub fn reborrow<'b>(self) -> Operand<'b, T>
    where
        'a: 'b,
    {
        match self {
            Self::Numbers(numbers) => Operand::Numbers(numbers.reborrow()),
            Self::Bytes(bytes) => Operand::Bytes(bytes),
        }
    }

    /// These rows and columns of it.
    pub(super) fn block(self, rows: Range<usize>, columns: Range<usize>) -> Self {
        match self {
            Self::Numbers(numbers) => Self::Numbers(numbers.slice_move(s![rows, columns])),
            Self::Bytes(bytes) if bytes.is_turned => Self::Bytes(bytes.block(columns, rows)),
            Self::Bytes(bytes) => Self::Bytes(bytes.block(rows, columns)),
        }
    }
}

impl<'a, T: Element> Bytes<'a, T> {
    /// Rows of bytes, one after the other, with a scale and an offset for each column.
    ///
    /// # Panics
    /// If there are no columns, the rows are not whole, or there is not one scale and one offset a column.
    pub fn new(bytes: &'a [u8], scale: &'a [T], offset: &'a [T]) -> Self {
        let columns = scale.len();
        assert_eq!((offset.len(), bytes.len() % columns), (columns, 0), "{} bytes in rows of {columns}", bytes.len());
        Self { bytes, rows: bytes.len() / columns, stride: columns, scale, offset, is_turned: false }
    }

    /// These of the rows and columns that it was made with.
    fn block(self, rows: Range<usize>, columns: Range<usize>) -> Self {
        Self {
            bytes: self.bytes.get(rows.start * self.stride + columns.start..).unwrap_or_default(),
            rows: rows.len(),
            scale: &self.scale[columns.clone()],
            offset: &self.offset[columns],
            ..self
        }
    }

    /// Whether rows and columns are exchanged.
    pub(super) fn is_turned(&self) -> bool {
        self.is_turned
    }

    /// Writes the numbers of a row that it was made with, from a column on, as many as there is room for.
    #[inline(always)]
    pub(super) fn read(&self, row: usize, column: usize, out: &mut [T]) {
        let bytes = &self.bytes[row * self.stride + column..][..out.len()];
        let scales = self.scale[column..][..out.len()].iter().zip(&self.offset[column..][..out.len()]);
        for ((value, &byte), (&scale, &offset)) in out.iter_mut().zip(bytes).zip(scales) {
            *value = <T as From<u8>>::from(byte) * scale + offset;
        }
    }
}
