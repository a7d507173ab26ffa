//! A quantity over a plane: a heat map with contours, and a path on it.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::axis::{data_area, draw_axes, frame};
use super::{Chart, DrawError, Frame, Style, Theme};

/// Shades between the lowest and the highest.
const SHADES: usize = 24;
/// Contours between the lowest and the highest.
const CONTOURS: usize = 11;
/// Share of the values at either end that may lie beyond the shades.
const CLIPPED: f64 = 0.02;

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
}

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

    /// The stretches of the line where the quantity has a level, by marching squares.
    pub fn contour(&self, level: f64) -> Vec<[(f64, f64); 2]> {
        let mut stretches = Vec::new();
        let value = |column: usize, row: usize| self.values[row * self.columns + column] - level;
        for row in 0..self.rows().saturating_sub(1) {
            for column in 0..self.columns - 1 {
                let corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)];
                let values = corners.map(|(c, r)| value(c, r));
                let mut crossings = Vec::new();
                for side in 0..4 {
                    let (a, b) = (values[side], values[(side + 1) % 4]);
                    if (a < 0.0) != (b < 0.0) {
                        let share = a / (a - b);
                        let (from, to) = (corners[side], corners[(side + 1) % 4]);
                        let mix = |from: usize, to: usize| from as f64 + (to as f64 - from as f64) * share;
                        crossings.push(self.place(mix(from.0, to.0), mix(from.1, to.1)));
                    }
                }
                stretches.extend(crossings.chunks_exact(2).map(|pair| [pair[0], pair[1]]));
            }
        }
        stretches
    }

    /// The shade of a share between the lowest (0) and the highest (1): blue, paper, vermilion.
    fn shade(theme: &Theme, share: f64) -> RGBColor {
        let (end, strength) =
            if share < 0.5 { (theme.function, 1.0 - 2.0 * share) } else { (theme.kink, 2.0 * share - 1.0) };
        let mix =
            |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * strength * 0.85).round() as u8;
        RGBColor(mix(theme.paper.0, end.0), mix(theme.paper.1, end.1), mix(theme.paper.2, end.2))
    }
}

impl Chart for HeatChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> Result<Frame, DrawError>
    where
        B::ErrorType: 'static,
    {
        let theme = &style.theme;
        let mut chart = data_area(area, style, self.x, self.y, false)?;
        let (low, high) = self.shown();
        let level = |value: f64| (((value - low) / (high - low)).clamp(0.0, 1.0) * SHADES as f64).round() as usize;
        let clamp = |(x, y): (f64, f64)| (x.clamp(self.x.0, self.x.1), y.clamp(self.y.0, self.y.1));
        for row in 0..self.rows() {
            // Neighbours of one shade are one rectangle.
            let values = &self.values[row * self.columns..(row + 1) * self.columns];
            let mut start = 0;
            for run in values.chunk_by(|a, b| level(*a) == level(*b)) {
                let end = start + run.len();
                let corners = [
                    clamp(self.place(start as f64 - 0.5, row as f64 - 0.5)),
                    clamp(self.place(end as f64 - 0.5, row as f64 + 0.5)),
                ];
                let shade = Self::shade(theme, level(run[0]) as f64 / SHADES as f64);
                chart.draw_series([Rectangle::new(corners, shade.filled())])?;
                start = end;
            }
        }
        let line = style.faint(0.35).stroke_width(style.px(1.0));
        for step in 1..=CONTOURS {
            let level = low + (high - low) * step as f64 / (CONTOURS + 1) as f64;
            for stretch in self.contour(level) {
                chart.draw_series(LineSeries::new(stretch, line))?;
            }
        }
        draw_axes(&mut chart, style, &self.x_label, &self.y_label)?;
        let path = self.path.map(clamp);
        chart.draw_series(LineSeries::new(path, theme.ink.stroke_width(style.px(2.5))))?;
        chart.draw_series([Circle::new(path[0], style.px(5.0), theme.paper.filled())])?;
        chart.draw_series([Circle::new(path[0], style.px(5.0), theme.ink.stroke_width(style.px(2.0)))])?;
        chart.draw_series([Circle::new(path[1], style.px(5.0), theme.ink.filled())])?;
        Ok(frame(&chart, self.x, self.y))
    }
}
