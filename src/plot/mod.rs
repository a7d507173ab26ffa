//! Charts, drawn on any plotters backend: the canvas on screen, SVG for export and tests.
//!
//! A chart is plain data in f64. Drawing returns a [`Frame`], which says where the data are on the picture,
//! so that a pointer can be mapped back to them.

mod axis;
mod curves;
mod eps;
mod function;
mod gate;
mod growth;
mod heat;
mod theme;

pub use axis::{Frame, nice_range, number};
pub use curves::{Across, CurvesChart, RunCurves, smoothed, thinned};
pub use eps::{EpsChart, power};
pub use function::{ChordLine, FunctionChart, PlotLine, Stroke};
pub use gate::{GateChart, Region};
pub use growth::{GrowthChart, Look, Scale, Series};
pub use heat::HeatChart;
pub use theme::{Style, Theme};

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend, IntoDrawingArea, SVGBackend};

/// What can go wrong in drawing: only what the backend says.
pub type DrawError = Box<dyn std::error::Error + Send + Sync>;

/// A chart that can draw itself.
pub trait Chart {
    /// Draws on the whole area.
    ///
    /// # Errors
    /// Whatever the backend reports.
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> Result<Frame, DrawError>
    where
        B::ErrorType: 'static;
}

/// The chart as an SVG picture of this size, with its caption below.
///
/// # Errors
/// Whatever the backend reports.
pub fn to_svg(chart: &impl Chart, style: &Style, size: (u32, u32)) -> Result<String, DrawError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        chart.draw(&area, style)?;
        area.present()?;
    }
    Ok(svg)
}
