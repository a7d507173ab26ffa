//! What a chart is drawn on.

use plotters::style::RGBColor;
use plotters_backend::{BackendColor, BackendCoord, DrawingBackend, DrawingErrorKind};

/// Units of a surface's whole-number coordinates in a pixel of the picture. plotters counts whole units; with this many,
/// straight lines are straight and dashes equal.
pub const GRID: f64 = 16.0;

/// A picture of few colours, to be stretched over a rectangle and smoothed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Pixels a row.
    pub columns: usize,
    /// The colours, at most 256.
    pub palette: Vec<RGBColor>,
    /// For each pixel its colour's place in the palette, by rows, the top row first.
    pub pixels: Vec<u8>,
}

impl Image {
    /// Rows of pixels.
    pub fn rows(&self) -> usize {
        self.pixels.len().checked_div(self.columns).unwrap_or(0)
    }
}

/// A plotters backend whose coordinates count [`GRID`]ths of a pixel, and which can show images.
pub trait Surface: DrawingBackend {
    /// Shows an image over a rectangle, smoothed where it is stretched.
    ///
    /// # Errors
    /// Whatever the backend reports.
    fn image(
        &mut self,
        upper_left: BackendCoord,
        lower_right: BackendCoord,
        image: &Image,
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>>;

    /// Fills polygons that do not overlap with one colour.
    ///
    /// # Errors
    /// Whatever the backend reports.
    fn fill_polygons(
        &mut self,
        all: &[Vec<BackendCoord>],
        colour: &BackendColor,
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        all.iter().try_for_each(|corners| self.fill_polygon(corners.iter().copied(), colour))
    }
}
