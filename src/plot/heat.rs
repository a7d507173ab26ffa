//! A quantity over a plane: a heat map with contours, a bar of its colours, and a path on it.

use std::collections::BTreeMap;

use plotters::style::{Color, RGBColor};

use super::axis::Axis;
use super::legend::{Entry, Mark, Pen};
use super::sheet::{Layout, Sheet};
use super::surface::{Image, Surface};
use super::{Chart, DrawError, Frame, Style, Theme};

/// Shades between the lowest and the highest: as many as an image has.
const SHADES: usize = 256;
/// Contours between the lowest and the highest.
pub const CONTOURS: usize = 11;
/// Share of the values at either end that may lie beyond the shades.
const CLIPPED: f64 = 0.02;
/// Pixels of the image for each step of the grid: between them the screen smooths.
const FINER: usize = 4;

/// The chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatChart {
    /// The range across.
    pub x: (f64, f64),
    /// The range up.
    pub y: (f64, f64),
    /// Values a row.
    pub columns: usize,
    /// By rows, left to right, the lowest row first; the first and the last of a row are at the ends of the range.
    pub values: Vec<f64>,
    /// The path's ends, joined by a line.
    pub path: [(f64, f64); 2],
    /// Name of the axis across.
    pub x_label: String,
    /// Name of the axis up.
    pub y_label: String,
    /// Name of the quantity.
    pub quantity: String,
}

/// A side of a cell of the grid: its lower left corner, and whether it goes up.
type Side = (usize, usize, bool);

impl HeatChart {
    /// The least and the greatest value that has a shade of its own: all but the outermost hundredths.
    pub fn shown(&self) -> (f64, f64) {
        let mut sorted: Vec<f64> = self.values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        let at = |share: f64| sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0);
        let (low, high) = (at(CLIPPED), at(1.0 - CLIPPED));
        if low < high { (low, high) } else { (low - 1.0, low + 1.0) }
    }

    fn rows(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    fn place(&self, column: f64, row: f64) -> (f64, f64) {
        let along =
            |(low, high): (f64, f64), index: f64, count: usize| low + (high - low) * index / (count.max(2) - 1) as f64;
        (along(self.x, column, self.columns), along(self.y, row, self.rows()))
    }

    /// The lines where the quantity has a level, by marching squares; each is as long as it goes on.
    pub fn contour(&self, level: f64) -> Vec<Vec<(f64, f64)>> {
        let value = |column: usize, row: usize| self.values[row * self.columns + column] - level;
        let is_crossed = |(column, row, is_up): Side| {
            let (a, b) = (value(column, row), value(column + usize::from(!is_up), row + usize::from(is_up)));
            a.is_finite() && b.is_finite() && (a < 0.0) != (b < 0.0)
        };
        let crossing = |(column, row, is_up): Side| {
            let (a, b) = (value(column, row), value(column + usize::from(!is_up), row + usize::from(is_up)));
            let share = a / (a - b);
            let along = |at: usize, moves: bool| at as f64 + if moves { share } else { 0.0 };
            self.place(along(column, !is_up), along(row, is_up))
        };
        // The sides that stretches of the line join.
        let mut next: BTreeMap<Side, Vec<Side>> = BTreeMap::new();
        for row in 0..self.rows().saturating_sub(1) {
            for column in 0..self.columns.saturating_sub(1) {
                let around =
                    [(column, row, false), (column + 1, row, true), (column, row + 1, false), (column, row, true)];
                let crossed: Vec<Side> = around.into_iter().filter(|&side| is_crossed(side)).collect();
                for pair in crossed.chunks_exact(2) {
                    next.entry(pair[0]).or_default().push(pair[1]);
                    next.entry(pair[1]).or_default().push(pair[0]);
                }
            }
        }
        let mut lines = Vec::new();
        // Lines with ends first; what is left are loops.
        let starts: Vec<Side> = next.iter().filter(|(_, to)| to.len() == 1).map(|(&side, _)| side).collect();
        let all: Vec<Side> = next.keys().copied().collect();
        for start in starts.into_iter().chain(all) {
            let mut line = vec![crossing(start)];
            let mut here = start;
            while let Some(there) = next.get_mut(&here).and_then(Vec::pop) {
                if let Some(back) = next.get_mut(&there)
                    && let Some(at) = back.iter().position(|&side| side == here)
                {
                    back.swap_remove(at);
                }
                line.push(crossing(there));
                here = there;
            }
            if line.len() > 1 {
                lines.push(line);
            }
        }
        lines
    }

    /// The colours from the lowest to the highest: blue, paper, vermilion; then that of what is not a number.
    fn palette(theme: &Theme) -> Vec<RGBColor> {
        let shade = |index: usize| {
            let share = index as f64 / (SHADES - 2) as f64;
            let (end, strength) =
                if share < 0.5 { (theme.function, 1.0 - 2.0 * share) } else { (theme.kink, 2.0 * share - 1.0) };
            let mix = |from: u8, to: u8| {
                (f64::from(from) + (f64::from(to) - f64::from(from)) * strength * 0.85).round() as u8
            };
            RGBColor(mix(theme.paper.0, end.0), mix(theme.paper.1, end.1), mix(theme.paper.2, end.2))
        };
        (0..SHADES - 1).map(shade).chain([theme.paper]).collect()
    }

    /// The map, [`FINER`] than its grid, its values between grid points interpolated in both directions.
    fn image(&self, palette: Vec<RGBColor>, (low, high): (f64, f64)) -> Image {
        let (columns, rows) = (self.columns.saturating_sub(1) * FINER, self.rows().saturating_sub(1) * FINER);
        let last = (SHADES - 2) as f64;
        // The cell and the share of it at the middle of a pixel.
        let cell = |pixel: usize| {
            let at = (pixel as f64 + 0.5) / FINER as f64;
            (at as usize, at.fract())
        };
        let across: Vec<_> = (0..columns).map(cell).collect();
        let mut pixels = Vec::with_capacity(columns * rows);
        for (row, up) in (0..rows).rev().map(cell) {
            let (lower, upper) = (&self.values[row * self.columns..], &self.values[(row + 1) * self.columns..]);
            pixels.extend(across.iter().map(|&(column, right)| {
                let mix = |line: &[f64]| line[column] * (1.0 - right) + line[column + 1] * right;
                let share = (mix(lower) * (1.0 - up) + mix(upper) * up - low) / (high - low);
                if share.is_nan() { (SHADES - 1) as u8 } else { (share.clamp(0.0, 1.0) * last).round() as u8 }
            }));
        }
        Image { columns, palette, pixels }
    }
}

impl Chart for HeatChart {
    fn draw<S: Surface>(&self, surface: &mut S, style: &Style) -> Result<Frame, DrawError>
    where
        S::ErrorType: 'static,
    {
        let theme = &style.theme;
        let (low, high) = self.shown();
        let bar = Axis::linear((low, high), &self.quantity);
        let labels = bar.labels(5).iter().map(|label| label.1.chars().count()).max().unwrap_or(0);
        let layout = Layout {
            ends: labels + 7,
            legend: self.legend(theme),
            ..Layout::new(Axis::linear(self.x, &self.x_label), Axis::linear(self.y, &self.y_label))
        };
        let mut sheet = Sheet::new(surface, style, layout)?;
        let palette = Self::palette(theme);
        let shades = Image { columns: 1, pixels: (0..(SHADES - 1) as u8).rev().collect(), palette: palette.clone() };
        if self.columns > 1 && self.rows() > 1 {
            sheet.image((self.x.0, self.y.1), (self.x.1, self.y.0), &self.image(palette, (low, high)))?;
        }
        let line = Pen::solid(style.faint(0.35), 1.0);
        for step in 1..=CONTOURS {
            let level = low + (high - low) * step as f64 / (CONTOURS + 1) as f64;
            for contour in self.contour(level) {
                sheet.trace(contour, &line)?;
            }
        }
        sheet.colour_bar(&bar, &shades)?;
        let ink = theme.ink.to_rgba();
        sheet.trace(self.path, &Pen::solid(ink, 2.5))?;
        sheet.mark(self.path[0], Mark::Ring, 5.0, ink)?;
        sheet.mark(self.path[1], Mark::Disc, 5.0, ink)?;
        sheet.finish()
    }

    fn legend(&self, theme: &Theme) -> Vec<Entry> {
        let ink = theme.ink.to_rgba();
        vec![
            Entry::mark("from", Mark::Ring, ink),
            Entry::line("the path", Pen::solid(ink, 2.5)),
            Entry::mark("to", Mark::Disc, ink),
        ]
    }
}
