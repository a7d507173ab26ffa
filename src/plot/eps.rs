//! Error against eps: the V of truncation against rounding, on two logarithmic axes.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::axis::{data_area, draw_axes_labelled, frame};
use super::{Chart, DrawError, Frame, Style};

/// Powers of ten on the axis of the errors; smaller ones are drawn at its edge.
const ERRORS: (f64, f64) = (-12.0, 1.0);

/// One line: pairs of eps and relative error.
pub type EpsLine = Vec<(f64, f64)>;

/// The chart's data. f32 is drawn dashed, f64 solid; the largest over all entries bold, the chosen entry thin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EpsChart {
    /// The chosen entry, in f32 and f64.
    pub entry: [EpsLine; 2],
    /// The largest, in f32 and f64.
    pub largest: [EpsLine; 2],
    /// The eps and error to mark: the notebook's, in f32.
    pub mark: Option<(f64, f64)>,
}

/// A power of ten for an axis.
pub fn power(exponent: f64) -> String {
    let digits = format!("{exponent:.0}").replace('-', "⁻");
    let raised = |c: char| "0123456789".find(c).and_then(|index| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(index)).unwrap_or(c);
    format!("10{}", digits.chars().map(raised).collect::<String>())
}

fn logarithms((eps, error): (f64, f64)) -> (f64, f64) {
    (eps.log10(), error.log10().clamp(ERRORS.0, ERRORS.1))
}

impl Chart for EpsChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> Result<Frame, DrawError>
    where
        B::ErrorType: 'static,
    {
        let theme = &style.theme;
        let all = self.entry.iter().chain(&self.largest).flatten();
        let (low, high) = all.fold((-12.0, 0.0), |(low, high): (f64, f64), point| {
            (low.min(point.0.log10().floor()), high.max(point.0.log10().ceil()))
        });
        let x = (low, high);
        let mut chart = data_area(area, style, x, ERRORS, false)?;
        draw_axes_labelled(&mut chart, style, "ε", "relative error", &|value| power(*value))?;

        let colours = [theme.second, theme.function];
        for (index, colour) in colours.into_iter().enumerate() {
            for (line, width) in [(&self.entry[index], 1.0), (&self.largest[index], 2.5)] {
                let points = line.iter().copied().map(logarithms);
                let stroke = colour.stroke_width(style.px(width));
                if index == 0 {
                    chart.draw_series(DashedLineSeries::new(points, style.px(6.0), style.px(4.0), stroke))?;
                } else {
                    chart.draw_series(LineSeries::new(points, stroke))?;
                }
            }
        }
        if let Some(mark) = self.mark {
            let at = logarithms(mark);
            let stroke = theme.kink.stroke_width(style.px(1.0));
            chart.draw_series(LineSeries::new([(at.0, ERRORS.0), at], stroke))?;
            chart.draw_series([Circle::new(at, style.px(4.5), theme.kink.filled())])?;
        }
        Ok(frame(&chart, x, ERRORS))
    }
}
