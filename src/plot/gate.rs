//! A gate on the plane: sign regions, decision boundary, neurons' lines, the specification and a counterexample.

use plotters::style::Color;

use super::axis::Axis;
use super::clip::Rect;
use super::legend::{Entry, Mark, Patch, Pen};
use super::sheet::{Layout, Sheet};
use super::surface::Surface;
use super::{Chart, DrawError, Frame, Style, Theme};

/// Distance of the hatching's lines along the axes, in pixels of the design.
const HATCH: f64 = 30.0;

/// A convex polygon of one colour.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Its border. What is outside the view is cut off.
    pub outline: Vec<(f64, f64)>,
    /// The sign of f.
    pub sign: i8,
    /// Depth of the colour, 0–1.
    pub strength: f64,
}

/// The chart's data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GateChart {
    /// Left and right edge of the square that is shown at least; with it comes what else the picture has room for, at
    /// the same units.
    pub x: (f64, f64),
    /// Bottom and top edge.
    pub y: (f64, f64),
    /// All regions.
    pub regions: Vec<Region>,
    /// Segments where f = 0.
    pub boundary: Vec<[(f64, f64); 2]>,
    /// Segments where a neuron is 0, and its hidden layer from 1.
    pub lines: Vec<([(f64, f64); 2], usize)>,
    /// The signs of x₁ and x₂ in the quadrants that are wanted positive.
    pub wanted: Vec<[i8; 2]>,
    /// A point to mark.
    pub counterexample: Option<(f64, f64)>,
}

/// The line of a neuron of a layer that is 0.
fn neuron_pen(theme: &Theme, layer: usize) -> Pen {
    match layer {
        1 => Pen::solid(theme.function.to_rgba(), 1.5),
        2 => Pen::dashed(theme.second.to_rgba(), 1.5, 7.0, 3.0),
        _ => Pen::dashed(theme.kink.to_rgba(), 1.5, 2.0, 3.0),
    }
}

fn region_patch(theme: &Theme, sign: i8, strength: f64) -> plotters::style::RGBAColor {
    match sign {
        1 => theme.positive.mix(0.45 * strength),
        -1 => theme.ink.mix(0.10 * strength),
        _ => theme.function.mix(0.14),
    }
}

fn boundary_pen(theme: &Theme) -> Pen {
    Pen::solid(theme.ink.to_rgba(), 3.0)
}

impl GateChart {
    fn hatching<S: Surface>(&self, sheet: &mut Sheet<S>, pen: &Pen) -> Result<(), DrawError>
    where
        S::ErrorType: 'static,
    {
        let Frame { x, y, x_px, .. } = sheet.frame().clone();
        let step = HATCH * sheet.style().scale * (x.1 - x.0) / (x_px.1 - x_px.0);
        for signs in &self.wanted {
            let side =
                |sign: i8, (low, high): (f64, f64)| if sign < 0 { (low, high.min(0.0)) } else { (low.max(0.0), high) };
            let ((left, right), (bottom, top)) = (side(signs[0], x), side(signs[1], y));
            if left >= right || bottom >= top {
                continue;
            }
            // Lines x₁ + x₂ = k · step, so that they move with the plane.
            let (first, last) = (((left + bottom) / step).ceil() as i64, ((right + top) / step).floor() as i64);
            let quadrant = Rect { left, right, top: bottom, bottom: top };
            for k in first..=last {
                let sum = k as f64 * step;
                let ends = [(left, sum - left), (right, sum - right)];
                if let Some(ends) = super::clip::cut_segment(ends, &quadrant) {
                    sheet.trace(ends, pen)?;
                }
            }
        }
        Ok(())
    }

    fn layers(&self) -> Vec<usize> {
        let mut layers: Vec<_> = self.lines.iter().map(|line| line.1).collect();
        layers.sort_unstable();
        layers.dedup();
        layers
    }
}

impl Chart for GateChart {
    fn draw<S: Surface>(&self, surface: &mut S, style: &Style) -> Result<Frame, DrawError>
    where
        S::ErrorType: 'static,
    {
        let theme = &style.theme;
        let layout = Layout {
            is_square: true,
            legend: self.legend(theme),
            ..Layout::new(Axis::linear(self.x, "x₁"), Axis::linear(self.y, "x₂"))
        };
        let mut sheet = Sheet::new(surface, style, layout)?;
        for Region { outline, sign, strength } in &self.regions {
            sheet.polygon(outline, region_patch(theme, *sign, *strength))?;
        }
        self.hatching(&mut sheet, &Pen::solid(theme.positive.mix(0.35), 1.0))?;
        let axis = Pen::solid(style.faint(0.5), 1.0);
        let (x, y) = (sheet.frame().x, sheet.frame().y);
        sheet.guide([(0.0, y.0), (0.0, y.1)], &axis)?;
        sheet.guide([(x.0, 0.0), (x.1, 0.0)], &axis)?;
        for (ends, layer) in &self.lines {
            sheet.trace(*ends, &neuron_pen(theme, *layer))?;
        }
        for ends in &self.boundary {
            sheet.trace(*ends, &boundary_pen(theme))?;
        }
        if let Some(point) = self.counterexample {
            sheet.mark(point, Mark::Ring, 6.0, theme.kink.to_rgba())?;
        }
        sheet.finish()
    }

    fn legend(&self, theme: &Theme) -> Vec<Entry> {
        let patch = |name: &str, sign| Entry::patch(name, Patch::Filled(region_patch(theme, sign, 1.0)));
        let mut entries = vec![patch("f > 0", 1), patch("f < 0", -1), patch("f = 0 on an area", 0)];
        entries.push(Entry::patch("wanted positive", Patch::Hatched(theme.positive.to_rgba())));
        entries.push(Entry::line("boundary {f = 0}", boundary_pen(theme)));
        let layers = self.layers();
        let is_alone = layers == [1];
        entries.extend(layers.into_iter().map(|layer| {
            let name = if is_alone { "a neuron is 0".into() } else { format!("a neuron of layer {layer} is 0") };
            Entry::line(name, neuron_pen(theme, layer))
        }));
        if self.counterexample.is_some() {
            entries.push(Entry::mark("counterexample", Mark::Ring, theme.kink.to_rgba()));
        }
        entries
    }
}
