//! How a quantity grows: a logarithmic axis for it, points joined by lines, spreads as bars.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::axis::{data_area, draw_axes_with, frame, number};
use super::{Chart, DrawError, Frame, Style};

/// One row of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// x and value, which is above 0; others are not drawn.
    pub points: Vec<(f64, f64)>,
    /// For some x: from where to where the values spread.
    pub bars: Vec<(f64, f64, f64)>,
    /// How it looks.
    pub look: Look,
}

/// Colour, mark and dash of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A limit: ink, dashed, no marks.
    Limit,
    /// Ours: blue, discs.
    Main,
    /// A second: orange, rings.
    Second,
    /// A third: green, squares.
    Third,
}

/// How x is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By powers of two.
    Log2,
}

/// The chart.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthChart {
    /// Least and greatest x.
    pub x: (f64, f64),
    /// How x is laid out.
    pub scale: Scale,
    /// Name of the x axis.
    pub x_label: String,
    /// Name of the axis of values.
    pub y_label: String,
    /// What is drawn, the first at the bottom.
    pub series: Vec<Series>,
}

impl GrowthChart {
    fn place(&self, x: f64) -> f64 {
        match self.scale {
            Scale::Linear => x,
            Scale::Log2 => x.log2(),
        }
    }

    /// The x of the data that is nearest to a place on the axis, as a [`Frame`] gives it.
    pub fn nearest_x(&self, place: f64) -> Option<f64> {
        let all = self.series.iter().flat_map(|series| &series.points).map(|point| point.0);
        all.min_by(|a, b| (self.place(*a) - place).abs().total_cmp(&(self.place(*b) - place).abs()))
    }

    /// Where a point is on the axes, as a [`Frame`] counts.
    pub fn at(&self, (x, value): (f64, f64)) -> (f64, f64) {
        (self.place(x), value.log10())
    }
}

impl Chart for GrowthChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> Result<Frame, DrawError>
    where
        B::ErrorType: 'static,
    {
        let theme = &style.theme;
        let positive = |value: &f64| *value > 0.0 && value.is_finite();
        let ends = |series: &Series| {
            let bars = series.bars.iter().flat_map(|bar| [bar.1, bar.2]);
            series.points.iter().map(|point| point.1).chain(bars).collect::<Vec<_>>()
        };
        let (low, high) = self
            .series
            .iter()
            .flat_map(ends)
            .filter(positive)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high): (f64, f64), value| {
                (low.min(value.log10()), high.max(value.log10()))
            });
        let y = if low <= high { (low.floor(), high.ceil().max(low.floor() + 1.0)) } else { (0.0, 1.0) };
        let margin = (self.place(self.x.1) - self.place(self.x.0)) * 0.04;
        let x = (self.place(self.x.0) - margin, self.place(self.x.1) + margin);
        let mut chart = data_area(area, style, x, y, false)?;
        let whole = |value: f64| (value - value.round()).abs() < 1e-6;
        let x_label = |value: &f64| match self.scale {
            Scale::Linear if whole(*value) => number(*value),
            Scale::Log2 if whole(*value) => number(value.round().exp2()),
            _ => String::new(),
        };
        let y_label = |value: &f64| if whole(*value) { number(10_f64.powf(value.round())) } else { String::new() };
        // No lines between two neighbours: there is nothing there.
        let most_x = (x.1.floor() - x.0.ceil()) as usize + 1;
        draw_axes_with(&mut chart, style, (&self.x_label, &x_label), (&self.y_label, &y_label), most_x)?;

        for series in &self.series {
            let colour = match series.look {
                Look::Limit => style.faint(0.75),
                Look::Main => theme.function.to_rgba(),
                Look::Second => theme.second.to_rgba(),
                Look::Third => theme.positive.to_rgba(),
            };
            for &(x, from, to) in &series.bars {
                let place = self.place(x);
                let bar = [(place, from.max(1e-300).log10().max(y.0)), (place, to.max(1e-300).log10().max(y.0))];
                chart.draw_series(LineSeries::new(bar, colour.mix(0.35).stroke_width(style.px(7.0))))?;
            }
            let points: Vec<_> =
                series.points.iter().filter(|point| positive(&point.1)).map(|&point| self.at(point)).collect();
            let stroke = colour.stroke_width(style.px(2.0));
            match series.look {
                Look::Limit => {
                    chart.draw_series(DashedLineSeries::new(points, style.px(6.0), style.px(4.0), stroke))?;
                }
                Look::Main => {
                    chart.draw_series(LineSeries::new(points.iter().copied(), stroke))?;
                    chart.draw_series(points.into_iter().map(|at| Circle::new(at, style.px(3.5), colour.filled())))?;
                }
                Look::Second => {
                    chart.draw_series(LineSeries::new(points.iter().copied(), stroke))?;
                    let disc = points.iter().map(|&at| Circle::new(at, style.px(4.0), theme.paper.filled()));
                    chart.draw_series(disc)?;
                    chart.draw_series(points.into_iter().map(|at| Circle::new(at, style.px(4.0), stroke)))?;
                }
                Look::Third => {
                    chart.draw_series(
                        points.into_iter().map(|at| TriangleMarker::new(at, style.px(5.0), colour.filled())),
                    )?;
                }
            }
        }
        Ok(frame(&chart, x, y))
    }
}
