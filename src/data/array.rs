//! Arrays of numbers as NumPy has them, of any type, shape and order, taken for images or labels.
//!
//! What is unambiguous is converted: images with channels first or last, flattened or not, image after image or
//! pixel after pixel, as whole numbers from 0 to 255 or as fractions from 0 to 1; labels as numbers or one-hot. All is
//! done where the bytes are, so that a large array is in memory once. What could mean several things is refused with the
//! line of Python that says which.

use super::transpose::transpose;
use super::{CLASSES, PIXELS, PLANE, SIDE};

/// A type of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberType {
    kind: Kind,
    /// Bytes of a number: 1, 2, 4 or 8.
    width: usize,
    is_big_endian: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bool,
    Unsigned,
    Signed,
    Float,
}

/// Numbers with a shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array {
    /// What each number is.
    pub ty: NumberType,
    /// Entries along each axis.
    pub shape: Vec<usize>,
    /// The axes in memory, that of the longest strides first: `0, 1, …` in C order, and the reverse in Fortran's.
    pub axes: Vec<usize>,
    /// The numbers, as many as the shape says.
    pub bytes: Vec<u8>,
}

/// Why an array cannot be taken for images or labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// What it is, to follow on "is" or "are".
    pub what: String,
    /// The Python expression that mends it, with `{}` for the array.
    pub mend: &'static str,
}

/// Why labels cannot be taken.
#[derive(Clone, Debug, PartialEq)]
pub enum LabelMisfit {
    /// They are no labels.
    Shape(Misfit),
    /// One is no class.
    Class {
        /// From 1.
        image: usize,
        /// What it is.
        label: f64,
    },
}

/// What an axis of an array of images counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Image,
    /// Channel, row and column in one.
    Pixel,
    /// Row and column in one.
    Place,
    Channel,
    Row,
    Column,
}

impl NumberType {
    /// The type of a NumPy name: `u1`, `|u1`, `<f4`, `uint8`. `None` if it is none of whole numbers, floats or truth values.
    pub fn parse(name: &str) -> Option<Self> {
        let (plain, is_big_endian) = match name.split_at_checked(1) {
            Some((">", plain)) => (plain, true),
            Some(("<" | "|" | "=", plain)) => (plain, false),
            _ => (name, false),
        };
        let (kind, width) = match plain {
            "b1" | "?" | "bool" => (Kind::Bool, 1),
            "u1" | "B" | "uint8" => (Kind::Unsigned, 1),
            "u2" | "uint16" => (Kind::Unsigned, 2),
            "u4" | "uint32" => (Kind::Unsigned, 4),
            "u8" | "uint64" => (Kind::Unsigned, 8),
            "i1" | "int8" => (Kind::Signed, 1),
            "i2" | "int16" => (Kind::Signed, 2),
            "i4" | "int32" => (Kind::Signed, 4),
            "i8" | "int64" => (Kind::Signed, 8),
            "f2" | "float16" => (Kind::Float, 2),
            "f4" | "float32" => (Kind::Float, 4),
            "f8" | "float64" => (Kind::Float, 8),
            _ => return None,
        };
        Some(Self { kind, width, is_big_endian })
    }

    /// A byte.
    pub const U8: Self = Self { kind: Kind::Unsigned, width: 1, is_big_endian: false };

    /// A float of 8 bytes, little-endian.
    pub const F64: Self = Self { kind: Kind::Float, width: 8, is_big_endian: false };

    /// Whether it is of floats.
    pub fn is_float(self) -> bool {
        self.kind == Kind::Float
    }

    /// Bytes of a number.
    pub fn width(self) -> usize {
        self.width
    }

    /// The same, with the other order of bytes or not.
    pub fn with_big_endian(self, is_big_endian: bool) -> Self {
        Self { is_big_endian, ..self }
    }

    /// Its name in NumPy.
    pub fn name(self) -> String {
        let kind = match self.kind {
            Kind::Bool => return "bool".into(),
            Kind::Unsigned => "uint",
            Kind::Signed => "int",
            Kind::Float => "float",
        };
        format!("{kind}{}", 8 * self.width)
    }

    /// The number in these bytes, [`width`](Self::width) of them. Whole numbers above 2⁵³ are rounded.
    pub fn read(self, bytes: &[u8]) -> f64 {
        let mut ordered = [0; 8];
        for (to, &from) in ordered.iter_mut().zip(bytes) {
            *to = from;
        }
        if self.is_big_endian {
            ordered[..self.width].reverse();
        }
        let bits = u64::from_le_bytes(ordered);
        match (self.kind, self.width) {
            (Kind::Bool | Kind::Unsigned, _) => bits as f64,
            (Kind::Signed, width) => {
                let unused = 64 - 8 * width as u32;
                ((bits << unused).cast_signed() >> unused) as f64
            }
            (Kind::Float, 2) => f64::from(from_f16(bits as u16)),
            (Kind::Float, 4) => f64::from(f32::from_bits(bits as u32)),
            (Kind::Float, _) => f64::from_bits(bits),
        }
    }
}

/// The number that 16 bits are in IEEE 754's half precision.
pub fn from_f16(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 0x3ff));
    match exponent {
        0 => sign * fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        _ => sign * (fraction + 1024.0) * 2_f32.powi(exponent - 25),
    }
}

/// The number that 16 bits are in bfloat16: the upper half of an f32.
pub fn from_bf16(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

/// The axes of a single image, if it has such a shape.
fn roles_of_image(shape: &[usize]) -> Option<&'static [Role]> {
    Some(match shape {
        [PIXELS] => &[Role::Pixel],
        [3, SIDE, SIDE] => &[Role::Channel, Role::Row, Role::Column],
        [SIDE, SIDE, 3] => &[Role::Row, Role::Column, Role::Channel],
        [3, PLANE] => &[Role::Channel, Role::Place],
        [PLANE, 3] => &[Role::Place, Role::Channel],
        _ => return None,
    })
}

/// The axes of an array of images: they come first, or last as in Matlab.
fn roles(shape: &[usize]) -> Option<Vec<Role>> {
    let (_, after_first) = shape.split_first()?;
    let (_, before_last) = shape.split_last()?;
    if let Some(roles) = roles_of_image(after_first) {
        return Some([&[Role::Image], roles].concat());
    }
    let roles = roles_of_image(before_last).filter(|roles| matches!(roles, [Role::Pixel] | [Role::Row, ..]))?;
    Some([roles, &[Role::Image]].concat())
}

/// Whether arrays of this shape can be images.
pub fn is_of_images(shape: &[usize]) -> bool {
    roles(shape).is_some()
}

/// Whether an array of this shape can be one image.
pub fn is_one_image(shape: &[usize]) -> bool {
    roles_of_image(shape).is_some()
}

/// The axes of an array in C or in Fortran's order.
pub fn axes(count: usize, is_fortran: bool) -> Vec<usize> {
    if is_fortran { (0..count).rev().collect() } else { (0..count).collect() }
}

/// `(200, 32, 32, 3)`
pub fn shape_text(shape: &[usize]) -> String {
    let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
    if let [side] = &sides[..] { format!("({side},)") } else { format!("({})", sides.join(", ")) }
}

impl Array {
    /// `uint8 of shape (200, 3072)`
    pub fn describe(&self) -> String {
        format!("{} of shape {}", self.ty.name(), shape_text(&self.shape))
    }

    /// Whether there are as many bytes as the shape says.
    fn is_whole(&self) -> bool {
        let bytes = self.shape.iter().try_fold(self.ty.width, |product, &side| product.checked_mul(side));
        bytes == Some(self.bytes.len()) && self.axes.len() == self.shape.len()
    }

    /// The images: [`PIXELS`] bytes each, planar. At least one.
    ///
    /// # Errors
    /// If they are no images, or could mean several things.
    pub fn into_images(self) -> Result<Vec<u8>, Misfit> {
        let misfit = |what: String, mend| Err(Misfit { what, mend });
        let Some(roles) = roles(&self.shape) else {
            return misfit(self.describe(), as_images(&self.shape));
        };
        if !self.is_whole() {
            return misfit(format!("{} bytes for {}", self.bytes.len(), self.describe()), "np.ascontiguousarray({})");
        }
        if self.bytes.is_empty() {
            return misfit(format!("{}: no image", self.describe()), "np.asarray(images)");
        }
        let in_memory: Vec<Role> = self.axes.iter().map(|&axis| roles[axis]).collect();
        let place = in_memory.iter().position(|role| *role == Role::Image);
        let (is_first, is_last) = (place == Some(0), place == Some(in_memory.len() - 1));
        if !(is_first || is_last) {
            return misfit(format!("{}, in an unusual order of memory", self.describe()), "np.ascontiguousarray({})");
        }
        let mut pixels = self.into_bytes()?;
        if is_last {
            transpose(&mut pixels, PIXELS);
        }
        let inner: Vec<Role> = in_memory.into_iter().filter(|role| *role != Role::Image).collect();
        reorder(&mut pixels, &inner);
        Ok(pixels)
    }

    /// The numbers as bytes, in the order of memory.
    fn into_bytes(mut self) -> Result<Vec<u8>, Misfit> {
        if self.ty.with_big_endian(false) == NumberType::U8 {
            return Ok(self.bytes);
        }
        const AS_BYTES: &str = "np.asarray({}, dtype=np.uint8)";
        const BEFORE: &str = "images_before_normalising.astype(np.uint8)";
        let (ty, width) = (self.ty, self.ty.width);
        let numbers = || self.bytes.chunks_exact(width).map(|bytes| ty.read(bytes));
        let (mut least, mut most, mut are_whole) = (f64::INFINITY, f64::NEG_INFINITY, true);
        for number in numbers() {
            (least, most) = (least.min(number), most.max(number));
            are_whole &= number.fract() == 0.0;
            if !number.is_finite() {
                return Err(Misfit { what: format!("{} with a {number} in it", self.describe()), mend: BEFORE });
            }
        }
        let factor = match (are_whole, least >= 0.0, most) {
            _ if ty.kind == Kind::Bool => None,
            (_, false, _) => None,
            (true, _, ..=0.0) => Some(1.0),
            // In floats, all 0 or 1 may be black and white, or nearly black.
            (true, _, ..=1.0) if ty.kind == Kind::Float => None,
            (true, _, ..=255.0) => Some(1.0),
            (false, _, ..=1.0) => Some(255.0),
            // Divided by a standard deviation, say, if they stay small.
            (false, _, 128.0..=255.0) => Some(1.0),
            _ => None,
        };
        let Some(factor) = factor else {
            let mend = if least < 0.0 || (!are_whole && most < 128.0) { BEFORE } else { AS_BYTES };
            let [least, most] = [least, most].map(short_number);
            return Err(Misfit { what: format!("{} from {least} to {most}", self.describe()), mend });
        };
        let count = self.bytes.len() / width;
        for at in 0..count {
            let number = ty.read(&self.bytes[at * width..][..width]);
            // Between 0 and 255, as was checked; half rounds up.
            self.bytes[at] = (number * factor).round() as u8;
        }
        self.bytes.truncate(count);
        self.bytes.shrink_to_fit();
        Ok(self.bytes)
    }

    /// The labels: numbers from 0 to 9, in a row or a column, or one-hot.
    ///
    /// # Errors
    /// If they are something else.
    pub fn labels(&self) -> Result<Vec<u8>, LabelMisfit> {
        let misfit = |mend| Err(LabelMisfit::Shape(Misfit { what: self.describe(), mend }));
        if !self.is_whole() {
            return misfit("np.ascontiguousarray({})");
        }
        let numbers: Vec<f64> = self.bytes.chunks_exact(self.ty.width).map(|bytes| self.ty.read(bytes)).collect();
        match self.shape[..] {
            [_] | [_, 1] => labels(&numbers, 1),
            [images, CLASSES] if self.axes == [1, 0] => {
                let by_image = (0..numbers.len()).map(|at| numbers[at % CLASSES * images + at / CLASSES]);
                labels(&by_image.collect::<Vec<f64>>(), CLASSES)
            }
            [_, CLASSES] => labels(&numbers, CLASSES),
            _ => misfit("np.asarray({}).ravel()"),
        }
    }
}

/// What makes images of an array of another shape.
pub(super) fn as_images(shape: &[usize]) -> &'static str {
    match *shape {
        // Grey, as one row.
        [_, 1024] => "np.repeat({}[:, None], 3, axis=1)",
        [_, 784] => {
            "np.stack([np.asarray(PIL.Image.fromarray(x.reshape(28, 28)).convert(\"RGB\").resize((32, 32))) for x in {}])"
        }
        [_, 3, rows, columns] if rows > 4 && columns > 4 => {
            "np.stack([np.asarray(PIL.Image.fromarray(x.transpose(1, 2, 0)).resize((32, 32))) for x in {}])"
        }
        [_, _, _, 1] => {
            "np.stack([np.asarray(PIL.Image.fromarray(x[:, :, 0]).convert(\"RGB\").resize((32, 32))) for x in {}])"
        }
        [_, _, _] | [_, _, _, 3 | 4] => {
            "np.stack([np.asarray(PIL.Image.fromarray(x).convert(\"RGB\").resize((32, 32))) for x in {}])"
        }
        _ => "{}.reshape(-1, 32, 32, 3)",
    }
}

/// The classes that rows of 1 or [`CLASSES`] numbers are: the number itself, or the place of the only 1.
///
/// # Errors
/// At the first that is none.
pub fn labels(numbers: &[f64], columns: usize) -> Result<Vec<u8>, LabelMisfit> {
    if columns == 1
        && numbers.contains(&(CLASSES as f64))
        && numbers.iter().all(|label| label.fract() == 0.0 && (1.0..=CLASSES as f64).contains(label))
    {
        let what = format!("classes from 1 to {CLASSES}, and CIFAR-10 counts from 0");
        return Err(LabelMisfit::Shape(Misfit { what, mend: "[label - 1 for label in {}]" }));
    }
    let class = |(index, row): (usize, &[f64])| match *row {
        [label] if label.fract() == 0.0 && (0.0..CLASSES as f64).contains(&label) => Ok(label as u8),
        [label] => Err(LabelMisfit::Class { image: index + 1, label }),
        _ => {
            let ones = row.iter().filter(|entry| **entry == 1.0).count();
            let zeros = row.iter().filter(|entry| **entry == 0.0).count();
            if (ones, zeros) != (1, columns - 1) {
                let what =
                    format!("{columns} numbers an image, and those of image {} are not one 1 and zeros", index + 1);
                return Err(LabelMisfit::Shape(Misfit { what, mend: "np.argmax({}, axis=1)" }));
            }
            Ok(row.iter().position(|entry| *entry == 1.0).unwrap_or(0) as u8)
        }
    };
    numbers.chunks(columns).enumerate().map(class).collect()
}

/// Brings each image's bytes from an order of axes, the slowest first, to planar.
fn reorder(pixels: &mut [u8], roles: &[Role]) {
    if matches!(roles, [Role::Pixel] | [Role::Channel, Role::Place] | [Role::Channel, Role::Row, Role::Column]) {
        return;
    }
    let size = |role: Role| match role {
        Role::Pixel | Role::Image => PIXELS,
        Role::Place => PLANE,
        Role::Channel => 3,
        Role::Row | Role::Column => SIDE,
    };
    let step = |role: Role| match role {
        Role::Pixel | Role::Image | Role::Place | Role::Column => 1,
        Role::Row => SIDE,
        Role::Channel => PLANE,
    };
    let planar = |mut at: usize| {
        let mut to = 0;
        for &role in roles.iter().rev() {
            to += at % size(role) * step(role);
            at /= size(role);
        }
        to
    };
    let to: Vec<usize> = (0..PIXELS).map(planar).collect();
    let mut before = [0; PIXELS];
    for image in pixels.chunks_exact_mut(PIXELS) {
        before.copy_from_slice(image);
        for (byte, &to) in before.iter().zip(&to) {
            image[to] = *byte;
        }
    }
}

/// With a true minus sign, and at most 4 digits.
fn short_number(number: f64) -> String {
    let text = if number.abs() < 1e6 {
        let text = format!("{number:.3}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{number:.3e}")
    };
    text.replace('-', "−")
}
