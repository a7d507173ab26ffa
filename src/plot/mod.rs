//! Charts, drawn on a plotters backend: the canvas on screen, SVG for export and tests.
//!
//! A chart is plain data in f64. Drawing returns a [`Frame`], which says where the data are on the picture,
//! so that a pointer can be mapped back to them.

mod axis;
pub mod clip;
mod curves;
mod easing;
mod eps;
mod function;
mod gate;
mod growth;
mod heat;
mod legend;
mod plane;
mod png;
mod sheet;
mod surface;
mod svg;
mod tex;
mod theme;
mod ticks;
mod tikz;
mod tooltip;
mod window;

pub use axis::{Frame, ROOM, nice_range};
pub use curves::{Across, CurvesChart, RunCurves, smoothed, thinned};
pub use easing::Easing;
pub use eps::EpsChart;
pub use function::{ChordLine, FunctionChart, PlotLine, Stroke};
pub use gate::{GateChart, Region};
pub use growth::{GrowthChart, Look, Scale, Series};
pub use heat::{CONTOURS, HeatChart};
pub use legend::{Entry, Mark, Patch, Pen, sample};
pub use plane::{PlaneCell, PlaneChart, PlaneLine, PlanePoint, PlaneShapes};
pub use surface::{GRID, Image, Surface};
pub use svg::{SvgSurface, escaped};
pub use tex::tex;
pub use theme::{Style, Theme};
pub use ticks::{Ticks, number, power_of_ten};
pub use tikz::TikzSurface;
pub use tooltip::beside;
pub use window::{Motion, Window};

/// What can go wrong in drawing: only what the backend says.
pub type DrawError = Box<dyn std::error::Error + Send + Sync>;

/// A chart that can draw itself.
pub trait Chart {
    /// Draws on the whole surface.
    ///
    /// # Errors
    /// Whatever the backend reports.
    fn draw<S: Surface>(&self, surface: &mut S, style: &Style) -> Result<Frame, DrawError>
    where
        S::ErrorType: 'static;

    /// What its lines, marks and areas are called.
    fn legend(&self, theme: &Theme) -> Vec<Entry>;

    /// The range of its y axis, if it follows the data.
    fn y_range(&self) -> Option<(f64, f64)> {
        None
    }

    /// Shows another range of y; only for charts that have a [`y_range`](Self::y_range).
    fn set_y_range(&mut self, _range: (f64, f64)) {}
}

/// The chart as an SVG picture of this size, and where its data are on it.
///
/// # Errors
/// Whatever the backend reports.
pub fn to_svg(chart: &impl Chart, style: &Style, size: (u32, u32)) -> Result<(String, Frame), DrawError> {
    let mut surface = SvgSurface::new(size);
    let frame = chart.draw(&mut surface, style)?;
    Ok((surface.finish(), frame))
}

/// The chart as a TikZ picture of this size, for LaTeX.
///
/// # Errors
/// Whatever the backend reports.
pub fn to_tikz(chart: &impl Chart, style: &Style, size: (u32, u32)) -> Result<String, DrawError> {
    let mut surface = TikzSurface::new(size);
    chart.draw(&mut surface, style)?;
    Ok(surface.finish())
}
