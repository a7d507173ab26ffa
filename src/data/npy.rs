//! Numpy's arrays, `.npy` (NEP 1), read as they arrive: images of shape (n, 32, 32, 3), (n, 3, 32, 32) or (n, 3072), or
//! labels of shape (n), (n, 1) or, one-hot, (n, 10).
//!
//! Numbers may be of any type: pixels are whole from 0 to 255, or, where none is above 1, shares of 255, rounded to the
//! nearest. Pixels are put in planes as they come, whatever the order of the axes, so that they are in memory once.

use super::array::{NumberType, as_images, shape_text};
use super::{CLASSES, PIXELS, PLANE, SIDE};

/// Longest header, in bytes.
const MAX_HEADER: usize = 4096;
/// Most labels.
const MAX_LABELS: usize = 1 << 22;

/// What is wrong with an array. Each message goes on after the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NpyError {
    /// Not as numpy writes it.
    #[error("begins like a numpy array, but its header cannot be read. Save it again with np.save.")]
    Header,
    /// Elements that are no numbers.
    #[error(
        "is a numpy array of type {ty}, which holds no plain numbers. Save numbers: np.save(\"images.npy\", np.stack(list(a)).astype(np.uint8))."
    )]
    Type {
        /// As the header has it.
        ty: String,
    },
    /// Neither images nor labels.
    #[error(
        "is a numpy array of shape {shape}. Images have shape (n, 32, 32, 3), (n, 3, 32, 32) or (n, 3072), and labels (n), (n, 1) or (n, 10). Save it in one of these: np.save(\"images.npy\", {mend})."
    )]
    Shape {
        /// As Python shows it.
        shape: String,
        /// Python that makes images of an array `a`.
        mend: String,
    },
    /// More or fewer bytes than the header says.
    #[error("has {got} bytes of numbers where its header announces {expected}. Save or download it again.")]
    Length {
        /// There.
        got: u64,
        /// Announced.
        expected: u64,
    },
    /// Axes in Fortran's order, with no size to trust.
    #[error("is a numpy array in Fortran's order inside a compressed file. Save it with np.ascontiguousarray.")]
    Fortran,
    /// Pixels that are none.
    #[error(
        "has the number {value} among its pixels, which are whole numbers from 0 to 255, or shares from 0 to 1. Undo the normalisation before saving: (a * std + mean).clip(0, 1)."
    )]
    Pixel {
        /// The first such number.
        value: String,
    },
    /// A label that is no class.
    #[error("has label {label} at {index}, counted from 0, and the labels here are whole numbers from 0 to 9.")]
    Label {
        /// From 0.
        index: usize,
        /// What stands there.
        label: String,
    },
    /// A row of ten numbers that is no label.
    #[error("has shape (n, 10), but row {index}, counted from 0, is not nine zeros and a one.")]
    OneHot {
        /// From 0.
        index: usize,
    },
}

/// What an array holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Array {
    /// 3072 bytes an image, planar.
    Images(Vec<u8>),
    /// One an image, below 10.
    Labels(Vec<u8>),
}

/// What the header says.
#[derive(Debug)]
struct Header {
    ty: NumberType,
    images: usize,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// Where the numbers of an image go, and whether those of all images alternate.
    Images {
        places: Vec<u16>,
        is_fortran: bool,
    },
    Labels,
    /// Rows of ten, or in Fortran's order columns.
    OneHot {
        is_fortran: bool,
    },
}

/// How pixels are to be understood, as far as they have come.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Scale {
    /// Whole numbers, some above 1.
    Bytes,
    /// None above 1, kept times 255; whether all were 0 or 1.
    Shares { are_all_whole: bool },
}

/// Reads an array from pieces of any size.
#[derive(Debug)]
pub struct NpyReader {
    size: Option<u64>,
    credit: u64,
    /// The header until it is whole, then the start of a number.
    held: Vec<u8>,
    header: Option<Header>,
    /// Numbers read.
    read: usize,
    out: Vec<u8>,
    scale: Scale,
    /// The classes that one-hot rows have shown.
    rows: Vec<u8>,
}

impl NpyReader {
    /// For a file of `size` bytes, if that is known. At most `credit` bytes are reserved before they come.
    pub fn new(size: Option<u64>, credit: u64) -> Self {
        Self {
            size,
            credit,
            held: Vec::new(),
            header: None,
            read: 0,
            out: Vec::new(),
            scale: Scale::Shares { are_all_whole: true },
            rows: Vec::new(),
        }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// At the first thing that images or labels would not have.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), NpyError> {
        while self.header.is_none() {
            let Some((&byte, rest)) = bytes.split_first() else { return Ok(()) };
            self.held.push(byte);
            bytes = rest;
            if let Some(length) = header_length(&self.held)? {
                let expected_size = length as u64;
                let header = parse(&self.held[..length])?;
                self.reserve(&header, expected_size)?;
                self.header = Some(header);
                self.held.clear();
            }
        }
        let Some(header) = self.header.take() else { return Ok(()) };
        let result = self.push_numbers(&header, bytes);
        self.header = Some(header);
        result
    }

    fn reserve(&mut self, header: &Header, before: u64) -> Result<(), NpyError> {
        let expected = header.numbers() as u64 * header.ty.width() as u64;
        if let Some(size) = self.size
            && size - before.min(size) != expected
        {
            return Err(NpyError::Length { got: size - before.min(size), expected });
        }
        let bytes = header.bytes();
        match header.content {
            Content::Images { is_fortran: true, .. } | Content::OneHot { is_fortran: true } => {
                if self.size.is_none() && bytes as u64 > self.credit {
                    return Err(NpyError::Fortran);
                }
                self.out = vec![0; bytes];
                self.rows =
                    vec![u8::MAX; if matches!(header.content, Content::OneHot { .. }) { header.images } else { 0 }];
            }
            _ => self.out.reserve_exact((bytes as u64).min(self.credit) as usize),
        }
        Ok(())
    }

    fn push_numbers(&mut self, header: &Header, mut bytes: &[u8]) -> Result<(), NpyError> {
        let width = header.ty.width();
        // What nearly all arrays of images are is not worth a detour over numbers.
        if let Content::Images { places, is_fortran: false } = &header.content
            && header.ty == NumberType::U8
        {
            let there = bytes.len().min(header.numbers() - self.read);
            for &byte in &bytes[..there] {
                let (image, within) = (self.read / PIXELS, self.read % PIXELS);
                if within == 0 {
                    self.out.resize((image + 1) * PIXELS, 0);
                }
                self.out[image * PIXELS + usize::from(places[within])] = byte;
                self.read += 1;
            }
            bytes = &bytes[there..];
        }
        if !self.held.is_empty() {
            let (start, rest) = bytes.split_at(bytes.len().min(width - self.held.len()));
            self.held.extend_from_slice(start);
            bytes = rest;
            if self.held.len() < width {
                return Ok(());
            }
            let number = std::mem::take(&mut self.held);
            self.take(header, &number)?;
        }
        let numbers = bytes.chunks_exact(width);
        self.held.extend_from_slice(numbers.remainder());
        numbers.into_iter().try_for_each(|number| self.take(header, number))
    }

    /// Takes one number.
    fn take(&mut self, header: &Header, bytes: &[u8]) -> Result<(), NpyError> {
        let at = self.read;
        self.read += 1;
        if at >= header.numbers() {
            let expected = header.numbers() as u64 * header.ty.width() as u64;
            return Err(NpyError::Length { got: (at as u64 + 1) * header.ty.width() as u64, expected });
        }
        let value = header.ty.read(bytes);
        match &header.content {
            Content::Images { places, is_fortran } => {
                let pixel = self.pixel(header, value)?;
                let (image, within) =
                    if *is_fortran { (at % header.images, at / header.images) } else { (at / PIXELS, at % PIXELS) };
                if within == 0 && !is_fortran {
                    self.out.resize((image + 1) * PIXELS, 0);
                }
                self.out[image * PIXELS + usize::from(places[within])] = pixel;
            }
            Content::Labels => {
                if !(value >= 0.0 && value < CLASSES as f64 && value.fract() == 0.0) {
                    return Err(NpyError::Label { index: at, label: shown(value) });
                }
                self.out.push(value as u8);
            }
            Content::OneHot { is_fortran } => {
                let (row, class) =
                    if *is_fortran { (at % header.images, at / header.images) } else { (at / CLASSES, at % CLASSES) };
                if self.rows.len() <= row {
                    self.rows.push(u8::MAX);
                }
                if value == 1.0 && self.rows[row] == u8::MAX {
                    self.rows[row] = class as u8;
                } else if value != 0.0 {
                    return Err(NpyError::OneHot { index: row });
                }
            }
        }
        Ok(())
    }

    /// The byte for a pixel. Once a number is above 1, the earlier ones are seen in another light.
    fn pixel(&mut self, header: &Header, value: f64) -> Result<u8, NpyError> {
        let wrong = || Err(NpyError::Pixel { value: shown(value) });
        if !(0.0..=255.0).contains(&value) {
            return wrong();
        }
        let is_whole = value.fract() == 0.0;
        if !header.ty.is_float() {
            return Ok(value as u8);
        }
        if let Scale::Shares { are_all_whole } = self.scale {
            if value <= 1.0 {
                self.scale = Scale::Shares { are_all_whole: are_all_whole && is_whole };
                return Ok((value * 255.0).round() as u8);
            }
            if !are_all_whole {
                return wrong();
            }
            self.out.iter_mut().for_each(|byte| *byte /= 255);
            self.scale = Scale::Bytes;
        }
        if is_whole { Ok(value as u8) } else { wrong() }
    }

    /// What the array holds, once all bytes were pushed.
    ///
    /// # Errors
    /// If it is not whole.
    pub fn finish(self) -> Result<Array, NpyError> {
        let Some(header) = self.header else { return Err(NpyError::Header) };
        let width = header.ty.width();
        if self.read != header.numbers() {
            let got = (self.read * width + self.held.len()) as u64;
            return Err(NpyError::Length { got, expected: (header.numbers() * width) as u64 });
        }
        match header.content {
            Content::Images { .. } => Ok(Array::Images(self.out)),
            Content::Labels => Ok(Array::Labels(self.out)),
            Content::OneHot { .. } => match self.rows.iter().position(|class| *class == u8::MAX) {
                Some(index) => Err(NpyError::OneHot { index }),
                None => Ok(Array::Labels(self.rows)),
            },
        }
    }
}

impl Header {
    /// Numbers in the array.
    fn numbers(&self) -> usize {
        self.images * self.numbers_each()
    }

    fn numbers_each(&self) -> usize {
        match self.content {
            Content::Images { .. } => PIXELS,
            Content::Labels => 1,
            Content::OneHot { .. } => CLASSES,
        }
    }

    /// Bytes that come out.
    fn bytes(&self) -> usize {
        match self.content {
            Content::Images { .. } => self.images * PIXELS,
            Content::Labels => self.images,
            Content::OneHot { .. } => 0,
        }
    }
}

/// Bytes of the whole header, once as many have come.
fn header_length(held: &[u8]) -> Result<Option<usize>, NpyError> {
    let length = match held.get(6) {
        None => return Ok(None),
        Some(1) => held.get(8..10).map(|bytes| 10 + usize::from(u16::from_le_bytes([bytes[0], bytes[1]]))),
        Some(2 | 3) => {
            held.get(8..12).map(|bytes| 12 + u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize)
        }
        Some(_) => return Err(NpyError::Header),
    };
    match length {
        Some(length) if length > MAX_HEADER => Err(NpyError::Header),
        length => Ok(length.filter(|length| held.len() >= *length)),
    }
}

/// Reads `{'descr': '|u1', 'fortran_order': False, 'shape': (50000, 32, 32, 3), }`.
fn parse(header: &[u8]) -> Result<Header, NpyError> {
    let text = String::from_utf8_lossy(&header[8..]);
    let after = |key: &str| {
        let (_, rest) = text.split_once(&format!("'{key}':"))?;
        Some(rest.trim_start())
    };
    let descr = after("descr").ok_or(NpyError::Header)?;
    let is_fortran = after("fortran_order").ok_or(NpyError::Header)?.starts_with("True");
    let shape = after("shape").and_then(|rest| rest.strip_prefix('(')?.split_once(')')).ok_or(NpyError::Header)?.0;
    let ty = descr.strip_prefix('\'').and_then(|rest| rest.split_once('\'')).map_or(descr, |(ty, _)| ty);
    let ty = NumberType::parse(ty)
        .ok_or_else(|| NpyError::Type { ty: ty.chars().filter(|c| !c.is_control()).take(40).collect() })?;
    let sides: Option<Vec<usize>> =
        shape.split(',').map(str::trim).filter(|side| !side.is_empty()).map(|side| side.parse().ok()).collect();
    let sides = sides.ok_or(NpyError::Header)?;
    let wrong = || NpyError::Shape { shape: shape_text(&sides), mend: as_images(&sides).replace("{}", "a") };
    let places = |channel: usize, row: usize, column: usize| (channel * PLANE + row * SIDE + column) as u16;
    // The place of the number that comes at a step, of the axes after the first.
    let images = |axes: [usize; 3], place: &dyn Fn([usize; 3]) -> u16| {
        let step = |at: usize| {
            if is_fortran {
                [at % axes[0], at / axes[0] % axes[1], at / axes[0] / axes[1]]
            } else {
                [at / axes[2] / axes[1], at / axes[2] % axes[1], at % axes[2]]
            }
        };
        Content::Images { places: (0..PIXELS).map(|at| place(step(at))).collect(), is_fortran }
    };
    let (count, content) = match sides[..] {
        [count, PIXELS] => (count, images([PIXELS, 1, 1], &|[at, _, _]| at as u16)),
        [count, SIDE, SIDE, 3] => (count, images([SIDE, SIDE, 3], &|[row, column, c]| places(c, row, column))),
        [count, 3, SIDE, SIDE] => (count, images([3, SIDE, SIDE], &|[c, row, column]| places(c, row, column))),
        [count] | [count, 1] | [1, count] => (count, Content::Labels),
        [count, CLASSES] => (count, Content::OneHot { is_fortran }),
        _ => return Err(wrong()),
    };
    let is_possible = match content {
        // As many as a page can hold.
        Content::Images { .. } => count <= 1 << 19,
        Content::Labels | Content::OneHot { .. } => count <= MAX_LABELS,
    };
    if count == 0 || !is_possible {
        return Err(wrong());
    }
    Ok(Header { ty, images: count, content })
}

/// A number as a sentence shows it.
fn shown(value: f64) -> String {
    format!("{value}").chars().take(20).collect()
}
