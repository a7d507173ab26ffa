//! Pictures, PNG and JPEG, as images of the data's kind. Those of another size than 32×32 are averaged, as
//! [`picture`](super::picture) does it.

use std::io::Cursor;

use png::{ColorType, Decoder, Limits, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::picture::image_from_rgba;
use super::{PLANE, SIDE};

/// Longest file of a picture, in bytes.
pub const MAX_BYTES: usize = 1 << 22;
/// Longest side of a picture, in pixels.
const MAX_SIDE: usize = 4096;

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
}

/// A picture as an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// 3072 bytes, planar.
    pub pixels: Vec<u8>,
    /// As it was, in pixels.
    pub width: usize,
    /// As it was, in pixels.
    pub height: usize,
}

/// What is wrong with a picture. Each message goes on after the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureFileError {
    /// No picture that can be read.
    #[error("is a broken picture: {0}. Download or save it again.")]
    Broken(String),
    /// More than anybody's image of a data set.
    #[error(
        "is a picture of more than 4096 pixels a side or 4 MB, too large for a data set of small images. Leave it out, or make it smaller."
    )]
    TooLarge,
}

/// Decodes a picture.
///
/// # Errors
/// If it is broken or too large.
pub fn decode(format: Format, bytes: &[u8]) -> Result<Picture, PictureFileError> {
    let (rgba, width, height) = match format {
        Format::Png => decode_png(bytes)?,
        Format::Jpeg => decode_jpeg(bytes)?,
    };
    let pixels = if (width, height) == (SIDE, SIDE) && rgba.chunks_exact(4).all(|pixel| pixel[3] == 255) {
        let mut pixels = vec![0; 3 * PLANE];
        for (at, pixel) in rgba.chunks_exact(4).enumerate() {
            for channel in 0..3 {
                pixels[channel * PLANE + at] = pixel[channel];
            }
        }
        pixels
    } else {
        image_from_rgba(&rgba, width, height).map_err(|error| PictureFileError::Broken(error.to_string()))?
    };
    Ok(Picture { pixels, width, height })
}

fn broken(error: impl std::fmt::Display) -> PictureFileError {
    let text: String = error.to_string().chars().filter(|letter| !letter.is_control()).take(120).collect();
    PictureFileError::Broken(text.trim_end_matches('.').to_owned())
}

/// Red, green, blue and alpha of each pixel; width and height.
type Rgba = (Vec<u8>, usize, usize);

fn decode_png(bytes: &[u8]) -> Result<Rgba, PictureFileError> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: 4 * MAX_SIDE * MAX_SIDE });
    // Palettes and few bits become bytes; of sixteen bits, the upper eight stay.
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(broken)?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(PictureFileError::TooLarge);
    }
    let mut buffer = vec![0; reader.output_buffer_size().ok_or(PictureFileError::TooLarge)?];
    let frame = reader.next_frame(&mut buffer).map_err(broken)?;
    let pixels = &buffer[..frame.buffer_size()];
    let rgba = match frame.color_type {
        ColorType::Rgba => pixels.to_vec(),
        ColorType::Rgb => pixels.as_chunks::<3>().0.iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect(),
        ColorType::GrayscaleAlpha => pixels.as_chunks::<2>().0.iter().flat_map(|[v, a]| [*v, *v, *v, *a]).collect(),
        ColorType::Grayscale => pixels.iter().flat_map(|v| [*v, *v, *v, 255]).collect(),
        ColorType::Indexed => return Err(broken("its palette could not be used")),
    };
    Ok((rgba, width, height))
}

fn decode_jpeg(bytes: &[u8]) -> Result<Rgba, PictureFileError> {
    let options = DecoderOptions::default()
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::RGBA);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let rgba = decoder.decode().map_err(broken)?;
    let (width, height) = decoder.dimensions().ok_or_else(|| broken("it has no size"))?;
    Ok((rgba, width, height))
}
