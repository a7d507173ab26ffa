//! How a quantity grows: a logarithmic axis for it, points joined by lines, spreads as bars.

use plotters::style::{Color, RGBAColor};

use super::axis::{self, Axis, with_room};
use super::legend::{Entry, Mark, Pen};
use super::sheet::{Layout, Sheet};
use super::surface::Surface;
use super::{Chart, DrawError, Frame, Style, Theme};

/// One row of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// In the legend.
    pub name: String,
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
    /// A third: green, triangles.
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

impl Look {
    fn colour(self, theme: &Theme) -> RGBAColor {
        match self {
            Self::Limit => theme.ink.mix(0.75),
            Self::Main => theme.function.to_rgba(),
            Self::Second => theme.second.to_rgba(),
            Self::Third => theme.positive.to_rgba(),
        }
    }

    /// The line that joins the points, if they are joined.
    fn pen(self, theme: &Theme) -> Option<Pen> {
        match self {
            Self::Limit => Some(Pen::dashed(self.colour(theme), 2.0, 6.0, 4.0)),
            Self::Main | Self::Second => Some(Pen::solid(self.colour(theme), 2.0)),
            Self::Third => None,
        }
    }

    /// Shape and radius of the points.
    fn mark(self) -> Option<(Mark, f64)> {
        match self {
            Self::Limit => None,
            Self::Main => Some((Mark::Disc, 3.5)),
            Self::Second => Some((Mark::Ring, 4.0)),
            Self::Third => Some((Mark::Triangle, 5.0)),
        }
    }
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
    fn draw<S: Surface>(&self, surface: &mut S, style: &Style) -> Result<Frame, DrawError>
    where
        S::ErrorType: 'static,
    {
        let theme = &style.theme;
        let is_shown = |value: &f64| *value > 0.0 && value.is_finite();
        let ends = |series: &Series| {
            let bars = series.bars.iter().flat_map(|bar| [bar.1, bar.2]);
            series.points.iter().map(|point| point.1).chain(bars).collect::<Vec<_>>()
        };
        let (low, high) = self
            .series
            .iter()
            .flat_map(ends)
            .filter(is_shown)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high): (f64, f64), value| {
                (low.min(value.log10()), high.max(value.log10()))
            });
        let y = if low <= high { (low.floor(), high.ceil().max(low.floor() + 1.0)) } else { (0.0, 1.0) };
        let (x, y) = (with_room((self.place(self.x.0), self.place(self.x.1))), with_room(y));
        let x_scale = match self.scale {
            Scale::Linear => axis::Scale::Whole,
            Scale::Log2 => axis::Scale::Doublings,
        };
        let x_axis = Axis { range: x, scale: x_scale, title: &self.x_label };
        let y_axis = Axis { range: y, scale: axis::Scale::Decades, title: &self.y_label };
        let layout = Layout { legend: self.legend(theme), ..Layout::new(x_axis, y_axis) };
        let mut sheet = Sheet::new(surface, style, layout)?;
        for series in &self.series {
            let colour = series.look.colour(theme);
            for &(x, from, to) in &series.bars {
                // A spread that begins at nothing goes down to the axis.
                let ends = [from, to].map(|value| (self.place(x), value.max(f64::MIN_POSITIVE).log10().max(y.0)));
                sheet.line(ends, &Pen::solid(colour.mix(0.35), 7.0))?;
            }
            let points: Vec<_> =
                series.points.iter().filter(|point| is_shown(&point.1)).map(|&point| self.at(point)).collect();
            if let Some(pen) = series.look.pen(theme) {
                sheet.line(points.iter().copied(), &pen)?;
            }
            if let Some((mark, radius)) = series.look.mark() {
                points.into_iter().try_for_each(|at| sheet.mark(at, mark, radius, colour))?;
            }
        }
        sheet.finish()
    }

    fn legend(&self, theme: &Theme) -> Vec<Entry> {
        let entry = |series: &Series| Entry {
            name: series.name.clone(),
            line: series.look.pen(theme),
            mark: series.look.mark().map(|(mark, _)| (mark, series.look.colour(theme))),
            patch: None,
        };
        self.series.iter().map(entry).collect()
    }
}
