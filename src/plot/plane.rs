//! A classifier on the plane: its regions, where its prediction changes, its neurons' bent lines, and points.

use std::sync::Arc;

use plotters::style::{Color, RGBAColor};

use super::axis::Axis;
use super::clip::Point;
use super::legend::{Entry, Mark, Patch, Pen};
use super::sheet::{Layout, Sheet};
use super::surface::Surface;
use super::{Chart, DrawError, Frame, Style, Theme};

/// Steps in which an area's colour goes from pale to full.
const DEPTHS: u8 = 6;

/// A convex area of one prediction.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaneCell {
    /// What is predicted, from 0.
    pub class: u8,
    /// How surely, 0–255.
    pub sureness: u8,
    /// Its corners.
    pub corners: Vec<Point>,
}

/// A line on which a neuron is 0.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaneLine {
    /// Hidden layer, from 1.
    pub layer: usize,
    /// Its corners.
    pub points: Vec<Point>,
}

/// A point with its class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlanePoint {
    /// Where.
    pub at: Point,
    /// From 0.
    pub class: u8,
    /// Whether it is for validation.
    pub is_validation: bool,
    /// Whether the network is right there.
    pub is_right: bool,
}

/// What a network does in a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlaneShapes {
    /// The areas.
    pub cells: Vec<PlaneCell>,
    /// The neurons' lines.
    pub lines: Vec<PlaneLine>,
    /// Where the prediction changes.
    pub boundary: Vec<[Point; 2]>,
}

/// The chart's data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlaneChart {
    /// Left and right edge of the window.
    pub x: (f64, f64),
    /// Bottom and top edge.
    pub y: (f64, f64),
    /// Names of the axes.
    pub labels: [&'static str; 2],
    /// What the network does.
    pub shapes: Arc<PlaneShapes>,
    /// The points.
    pub points: Arc<Vec<PlanePoint>>,
    /// How many classes there are.
    pub classes: usize,
    /// Whether neurons' lines are drawn.
    pub has_lines: bool,
    /// Whether areas are filled.
    pub has_areas: bool,
}

/// The line of a neuron of a hidden layer, from 1: the deeper, the finer.
fn neuron_pen(theme: &Theme, layer: usize) -> Pen {
    let (opacity, width) = match layer {
        1 => (0.65, 1.4),
        2 => (0.55, 1.0),
        _ => (0.45, 0.7),
    };
    Pen::solid(theme.ink.mix(opacity), width)
}

fn boundary_pen(theme: &Theme) -> Pen {
    Pen::solid(theme.ink.to_rgba(), 3.2)
}

fn area_colour(theme: &Theme, class: u8, depth: u8) -> RGBAColor {
    theme.run(usize::from(class)).mix(0.08 + 0.42 * f64::from(depth) / f64::from(DEPTHS))
}

/// The shape of a class's points.
fn shape(class: u8) -> Mark {
    [Mark::Disc, Mark::Triangle, Mark::Square, Mark::Ring][usize::from(class) % 4]
}

impl Chart for PlaneChart {
    fn draw<S: Surface>(&self, surface: &mut S, style: &Style) -> Result<Frame, DrawError>
    where
        S::ErrorType: 'static,
    {
        let theme = &style.theme;
        let layout = Layout {
            is_square: true,
            legend: self.legend(theme),
            ..Layout::new(Axis::linear(self.x, self.labels[0]), Axis::linear(self.y, self.labels[1]))
        };
        let mut sheet = Sheet::new(surface, style, layout)?;
        let shapes = &self.shapes;
        if self.has_areas {
            // All of one colour together.
            for class in 0..self.classes.max(1) as u8 {
                for depth in 0..=DEPTHS {
                    let depth_of = |cell: &PlaneCell| (u16::from(cell.sureness) * u16::from(DEPTHS) / 255) as u8;
                    let of = |cell: &&PlaneCell| cell.class == class && depth_of(cell) == depth;
                    let corners = shapes.cells.iter().filter(of).map(|cell| &cell.corners[..]);
                    sheet.polygons(corners, area_colour(theme, class, depth))?;
                }
            }
        }
        if self.has_lines {
            for line in &shapes.lines {
                sheet.trace(line.points.iter().copied(), &neuron_pen(theme, line.layer))?;
            }
        }
        for ends in &shapes.boundary {
            sheet.trace(*ends, &boundary_pen(theme))?;
        }
        // Those that are wrong on top.
        for is_right in [true, false] {
            for point in self.points.iter().filter(|point| point.is_right == is_right) {
                let radius = if point.is_validation { 2.4 } else { 3.6 };
                if !is_right {
                    sheet.mark(point.at, Mark::Disc, radius + 3.0, theme.ink.to_rgba())?;
                    sheet.mark(point.at, Mark::Disc, radius + 1.6, theme.paper.to_rgba())?;
                } else {
                    sheet.mark(point.at, shape(point.class), radius + 1.1, theme.paper.to_rgba())?;
                }
                sheet.mark(point.at, shape(point.class), radius, theme.run(usize::from(point.class)).to_rgba())?;
            }
        }
        sheet.finish()
    }

    fn legend(&self, theme: &Theme) -> Vec<Entry> {
        let class = |class: u8| {
            let colour = theme.run(usize::from(class));
            let patch = Entry::patch(format!("class {}", class + 1), Patch::Filled(area_colour(theme, class, DEPTHS)));
            patch.with(shape(class), colour.to_rgba())
        };
        let mut entries: Vec<Entry> = (0..self.classes as u8).map(class).collect();
        if !self.shapes.boundary.is_empty() {
            entries.push(Entry::line("the prediction changes", boundary_pen(theme)));
        }
        if self.has_lines {
            let mut layers: Vec<usize> = self.shapes.lines.iter().map(|line| line.layer.min(3)).collect();
            layers.sort_unstable();
            layers.dedup();
            entries.extend(layers.into_iter().map(|layer| {
                let deeper = if layer == 3 { " or deeper" } else { "" };
                Entry::line(format!("a neuron of layer {layer}{deeper} is 0"), neuron_pen(theme, layer))
            }));
        }
        if self.points.iter().any(|point| !point.is_right) {
            entries.push(Entry::mark("not right", Mark::Ring, theme.ink.to_rgba()));
        }
        entries
    }
}
