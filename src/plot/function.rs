//! The plot of a function of one variable, with kinks and witness chords.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::axis::{data_area, draw_axes, frame};
use super::{Chart, DrawError, Frame, Style};

/// A chord over three points of the function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChordLine {
    /// x of the points, rising.
    pub x: [f64; 3],
    /// The function there.
    pub f: [f64; 3],
    /// The chord at the middle point.
    pub chord: f64,
}

/// A function on an interval.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionChart {
    /// The shown interval.
    pub x: (f64, f64),
    /// The shown values.
    pub y: (f64, f64),
    /// The function as a polyline, from the left edge to the right.
    pub line: Vec<(f64, f64)>,
    /// Points to mark.
    pub kinks: Vec<(f64, f64)>,
    /// Chords to draw.
    pub chords: Vec<ChordLine>,
    /// Name of the y axis.
    pub y_label: String,
}

impl Chart for FunctionChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> Result<Frame, DrawError>
    where
        B::ErrorType: 'static,
    {
        let theme = &style.theme;
        let mut chart = data_area(area, style, self.x, self.y, false)?;
        draw_axes(&mut chart, style, "x", &self.y_label)?;

        let axis = style.faint(0.35).stroke_width(style.px(1.0));
        let ((left, right), (low, high)) = (self.x, self.y);
        if low < 0.0 && high > 0.0 {
            chart.draw_series(LineSeries::new([(left, 0.0), (right, 0.0)], axis))?;
        }
        if left < 0.0 && right > 0.0 {
            chart.draw_series(LineSeries::new([(0.0, low), (0.0, high)], axis))?;
        }

        let line = theme.function.stroke_width(style.px(2.5));
        chart.draw_series(LineSeries::new(self.line.iter().copied(), line))?;

        for ChordLine { x, f, chord: at } in &self.chords {
            let dash = theme.kink.stroke_width(style.px(1.5));
            let ends = [(x[0], f[0]), (x[2], f[2])];
            chart.draw_series(DashedLineSeries::new(ends, style.px(6.0), style.px(4.0), dash))?;
            chart.draw_series(LineSeries::new([(x[1], f[1]), (x[1], *at)], dash))?;
            chart.draw_series(ends.map(|point| Circle::new(point, style.px(3.0), theme.kink.filled())))?;
        }

        // A ring filled with paper, so that a kink is seen on the line and two close ones are seen as two.
        let ring = theme.kink.stroke_width(style.px(2.0));
        let radius = style.px(4.5);
        chart.draw_series(self.kinks.iter().map(|&point| Circle::new(point, radius, theme.paper.filled())))?;
        chart.draw_series(self.kinks.iter().map(|&point| Circle::new(point, radius, ring)))?;
        Ok(frame(&chart, self.x, self.y))
    }
}
