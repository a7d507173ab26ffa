//! The plot of functions of one variable, with kinks and witness chords.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::axis::{data_area, draw_axes, frame};
use super::{Chart, DrawError, Frame, Style, Theme};

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

/// How a line is drawn: colour and dashes, so that they can be told apart by either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stroke {
    /// The function: blue, bold.
    #[default]
    Main,
    /// One of many: blue, thin.
    Thin,
    /// What joins the parts of a line that jumps: ink, faint, dashed.
    Faint,
    /// What is aimed at: orange, dashed.
    Target,
    /// What was found by learning: green.
    Learned,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotLine {
    /// Its points, left to right.
    pub points: Vec<(f64, f64)>,
    /// How it is drawn.
    pub stroke: Stroke,
}

/// Functions on an interval.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionChart {
    /// The shown interval.
    pub x: (f64, f64),
    /// The shown values; what lies beyond is drawn at the edge.
    pub y: (f64, f64),
    /// The lines, the first at the bottom.
    pub lines: Vec<PlotLine>,
    /// Points to mark.
    pub kinks: Vec<(f64, f64)>,
    /// Chords to draw.
    pub chords: Vec<ChordLine>,
    /// Name of the x axis.
    pub x_label: String,
    /// Name of the y axis.
    pub y_label: String,
}

impl Stroke {
    /// Colour, width in pixels of the design, and dash and gap if it is dashed.
    fn look(self, theme: &Theme) -> (RGBAColor, f64, Option<(f64, f64)>) {
        match self {
            Self::Main => (theme.function.to_rgba(), 2.5, None),
            Self::Thin => (theme.function.mix(0.6), 1.2, None),
            Self::Faint => (theme.ink.mix(0.4), 1.0, Some((3.0, 3.0))),
            Self::Target => (theme.second.to_rgba(), 2.0, Some((7.0, 4.0))),
            Self::Learned => (theme.positive.to_rgba(), 2.0, None),
        }
    }
}

impl FunctionChart {
    /// The least and the greatest finite value of lines on screen.
    pub fn extent(lines: &[PlotLine]) -> (f64, f64) {
        let values = lines.iter().flat_map(|line| &line.points).map(|point| point.1).filter(|y| y.is_finite());
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)))
    }
}

impl Chart for FunctionChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> Result<Frame, DrawError>
    where
        B::ErrorType: 'static,
    {
        let theme = &style.theme;
        let mut chart = data_area(area, style, self.x, self.y, false)?;
        draw_axes(&mut chart, style, &self.x_label, &self.y_label)?;

        let axis = style.faint(0.35).stroke_width(style.px(1.0));
        let ((left, right), (low, high)) = (self.x, self.y);
        if low < 0.0 && high > 0.0 {
            chart.draw_series(LineSeries::new([(left, 0.0), (right, 0.0)], axis))?;
        }
        if left < 0.0 && right > 0.0 {
            chart.draw_series(LineSeries::new([(0.0, low), (0.0, high)], axis))?;
        }

        for line in &self.lines {
            let (colour, width, dash) = line.stroke.look(theme);
            let stroke = colour.stroke_width(style.px(width));
            let points = line.points.iter().map(|&(x, y)| (x, y.clamp(low, high)));
            match dash {
                None => {
                    chart.draw_series(LineSeries::new(points, stroke))?;
                }
                Some((dash, gap)) => {
                    chart.draw_series(DashedLineSeries::new(points, style.px(dash), style.px(gap), stroke))?;
                }
            }
        }

        for ChordLine { x, f, chord: at } in &self.chords {
            let dash = theme.kink.stroke_width(style.px(1.5));
            let ends = [(x[0], f[0]), (x[2], f[2])];
            chart.draw_series(DashedLineSeries::new(ends, style.px(6.0), style.px(4.0), dash))?;
            chart.draw_series(LineSeries::new([(x[1], f[1]), (x[1], *at)], dash))?;
            chart.draw_series(ends.map(|point| Circle::new(point, style.px(3.0), theme.kink.filled())))?;
        }

        // A ring filled with paper, so that a kink is seen on the line and two close ones are seen as two. Many get
        // smaller rings.
        let ring = theme.kink.stroke_width(style.px(if self.kinks.len() > 60 { 1.0 } else { 2.0 }));
        let radius = style.px(if self.kinks.len() > 60 { 2.0 } else { 4.5 });
        chart.draw_series(self.kinks.iter().map(|&point| Circle::new(point, radius, theme.paper.filled())))?;
        chart.draw_series(self.kinks.iter().map(|&point| Circle::new(point, radius, ring)))?;
        Ok(frame(&chart, self.x, self.y))
    }
}
