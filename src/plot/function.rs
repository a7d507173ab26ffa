//! The plot of functions of one variable, with kinks and witness chords.

use plotters::style::Color;

use super::axis::Axis;
use super::legend::{Entry, Mark, Pen};
use super::sheet::{Layout, Sheet};
use super::surface::Surface;
use super::{Chart, DrawError, Frame, Style, Theme};

/// Marks of more kinks than this are small.
const MANY: usize = 60;

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
    /// A neuron's, from 0: the first six have a colour each, the next six the same with dashes, and so on.
    Neuron(usize),
    /// One of several outputs, from 0: as neurons are drawn, but named in the legend alone.
    Output(usize),
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
    /// Its name in the legend; none if it needs none. Lines of one name have one entry.
    pub name: String,
}

/// Functions on an interval.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionChart {
    /// The shown interval.
    pub x: (f64, f64),
    /// The shown values; what lies beyond is cut off, and marked.
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
    /// Colour, width and dashes.
    pub fn pen(self, theme: &Theme) -> Pen {
        match self {
            Self::Main => Pen::solid(theme.function.to_rgba(), 2.5),
            Self::Thin => Pen::solid(theme.function.mix(0.6), 1.2),
            Self::Neuron(index) | Self::Output(index) => {
                let colour = theme.run(index).to_rgba();
                match index / Theme::RUNS {
                    0 => Pen::solid(colour, 1.8),
                    1 => Pen::dashed(colour, 1.8, 7.0, 4.0),
                    _ => Pen::dashed(colour, 1.8, 2.0, 3.0),
                }
            }
            Self::Faint => Pen::dashed(theme.ink.mix(0.4), 1.0, 3.0, 3.0),
            Self::Target => Pen::dashed(theme.second.to_rgba(), 2.0, 7.0, 4.0),
            Self::Learned => Pen::solid(theme.positive.to_rgba(), 2.0),
        }
    }

    /// A neuron's number, to stand at the end of its line.
    fn end_label(self) -> Option<String> {
        match self {
            Self::Neuron(index) => Some((index + 1).to_string()),
            _ => None,
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
    fn draw<S: Surface>(&self, surface: &mut S, style: &Style) -> Result<Frame, DrawError>
    where
        S::ErrorType: 'static,
    {
        let theme = &style.theme;
        let ends = |line: &PlotLine| Some((line.points.last()?.1, line.stroke.end_label()?));
        let layout = Layout {
            ends: self.lines.iter().filter_map(ends).map(|(_, label)| label.len()).max().unwrap_or(0),
            legend: self.legend(theme),
            ..Layout::new(Axis::linear(self.x, &self.x_label), Axis::linear(self.y, &self.y_label))
        };
        let mut sheet = Sheet::new(surface, style, layout)?;
        let axis = Pen::solid(style.faint(0.35), 1.0);
        sheet.guide([(self.x.0, 0.0), (self.x.1, 0.0)], &axis)?;
        sheet.guide([(0.0, self.y.0), (0.0, self.y.1)], &axis)?;
        for line in &self.lines {
            sheet.line(line.points.iter().copied(), &line.stroke.pen(theme))?;
        }
        let label = |line: &PlotLine| {
            let (at, label) = ends(line)?;
            Some((at, label, line.stroke.pen(theme).colour))
        };
        sheet.end_labels(self.lines.iter().filter_map(label).collect())?;

        let kink = theme.kink.to_rgba();
        for ChordLine { x, f, chord: at } in &self.chords {
            let ends = [(x[0], f[0]), (x[2], f[2])];
            sheet.line(ends, &Pen::dashed(kink, 1.5, 6.0, 4.0))?;
            sheet.line([(x[1], f[1]), (x[1], *at)], &Pen::solid(kink, 1.5))?;
            for end in ends {
                sheet.mark(end, Mark::Disc, 3.0, kink)?;
            }
        }
        // A ring filled with paper, so that a kink is seen on the line and two close ones are seen as two.
        for &at in &self.kinks {
            sheet.mark(at, Mark::Ring, if self.kinks.len() > MANY { 2.0 } else { 4.5 }, kink)?;
        }
        sheet.finish()
    }

    fn y_range(&self) -> Option<(f64, f64)> {
        Some(self.y)
    }

    fn set_y_range(&mut self, range: (f64, f64)) {
        self.y = range;
    }

    fn legend(&self, theme: &Theme) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for line in &self.lines {
            if !line.name.is_empty() && entries.iter().all(|entry| entry.name != line.name) {
                entries.push(Entry::line(&line.name, line.stroke.pen(theme)));
            }
        }
        entries
    }
}
