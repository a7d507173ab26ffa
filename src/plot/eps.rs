//! Error against eps: the V of truncation against rounding, on two logarithmic axes.

use plotters::style::{Color, RGBColor};

use super::axis::{Axis, Scale, with_room};
use super::legend::{Entry, Mark, Pen};
use super::sheet::{Layout, Sheet};
use super::surface::Surface;
use super::{Chart, DrawError, Frame, Style, Theme};

/// Powers of ten on the axis of the errors, at least.
const ERRORS: (f64, f64) = (-12.0, 0.0);
/// Smaller errors are off scale: f64 has no such.
const LEAST: f64 = -18.0;

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

fn logarithms((eps, error): (f64, f64)) -> (f64, f64) {
    (eps.log10(), error.log10())
}

fn pen(theme: &Theme, is_double: bool, width: f64) -> Pen {
    let colour = |colour: RGBColor| colour.to_rgba();
    if is_double {
        Pen::solid(colour(theme.function), width)
    } else {
        Pen::dashed(colour(theme.second), width, 6.0, 4.0)
    }
}

impl EpsChart {
    fn all(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.entry.iter().chain(&self.largest).flatten().chain(&self.mark).copied().map(logarithms)
    }
}

impl Chart for EpsChart {
    fn draw<S: Surface>(&self, surface: &mut S, style: &Style) -> Result<Frame, DrawError>
    where
        S::ErrorType: 'static,
    {
        let theme = &style.theme;
        let range = |values: &mut dyn Iterator<Item = f64>, start: (f64, f64)| {
            values.fold(start, |(low, high), value| (low.min(value.floor()), high.max(value.ceil())))
        };
        let x = with_room(range(&mut self.all().map(|at| at.0).filter(|power| power.is_finite()), (-12.0, 0.0)));
        let y = with_room(range(
            &mut self.all().map(|at| at.1).filter(|power| power.is_finite()).map(|power| power.max(LEAST)),
            ERRORS,
        ));
        let axis = |range, title| Axis { range, scale: Scale::Powers, title };
        let layout = Layout { legend: self.legend(theme), ..Layout::new(axis(x, "ε"), axis(y, "relative error")) };
        let mut sheet = Sheet::new(surface, style, layout)?;
        for (index, is_double) in [(0, false), (1, true)] {
            for (line, width) in [(&self.entry[index], 1.0), (&self.largest[index], 2.5)] {
                sheet.line(line.iter().copied().map(logarithms), &pen(theme, is_double, width))?;
            }
        }
        if let Some(mark) = self.mark {
            let at = logarithms(mark);
            let kink = theme.kink.to_rgba();
            sheet.guide([(at.0, y.0), at], &Pen::solid(kink, 1.0))?;
            sheet.mark(at, Mark::Disc, 4.5, kink)?;
        }
        sheet.finish()
    }

    fn legend(&self, theme: &Theme) -> Vec<Entry> {
        vec![
            Entry::line("f32, largest of all entries", pen(theme, false, 2.5)),
            Entry::line("f64, largest of all entries", pen(theme, true, 2.5)),
            Entry::line("f32, chosen entry", pen(theme, false, 1.0)),
            Entry::line("f64, chosen entry", pen(theme, true, 1.0)),
            Entry::mark("the notebook’s check", Mark::Disc, theme.kink.to_rgba()),
        ]
    }
}
