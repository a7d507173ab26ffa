//! A gate on the plane: sign regions, decision boundary, neurons' lines, the specification and a counterexample.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::axis::{data_area, draw_axes, frame};
use super::{Chart, DrawError, Frame, Style};

/// A convex polygon of one colour.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Its border, inside the view.
    pub outline: Vec<(f64, f64)>,
    /// The sign of f.
    pub sign: i8,
    /// Depth of the colour, 0–1.
    pub strength: f64,
}

/// The chart's data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GateChart {
    /// Left and right edge.
    pub x: (f64, f64),
    /// Bottom and top edge.
    pub y: (f64, f64),
    /// All regions.
    pub regions: Vec<Region>,
    /// Segments where f = 0.
    pub boundary: Vec<[(f64, f64); 2]>,
    /// Segments where a neuron is 0, and its hidden layer from 1.
    pub lines: Vec<([(f64, f64); 2], usize)>,
    /// Segments of the hatching over what is wanted positive.
    pub hatching: Vec<[(f64, f64); 2]>,
    /// A point to mark.
    pub counterexample: Option<(f64, f64)>,
}

impl Chart for GateChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> Result<Frame, DrawError>
    where
        B::ErrorType: 'static,
    {
        let theme = &style.theme;
        let mut chart = data_area(area, style, self.x, self.y, false)?;
        draw_axes(&mut chart, style, "x₁", "x₂")?;
        for Region { outline, sign, strength } in &self.regions {
            let colour = match sign {
                1 => theme.positive.mix(0.45 * strength),
                -1 => theme.ink.mix(0.10 * strength),
                _ => theme.second.mix(0.35),
            };
            chart.draw_series([Polygon::new(outline.clone(), colour.filled())])?;
        }
        let mut segments = |ends: &[(f64, f64); 2], stroke: ShapeStyle| -> Result<(), DrawError> {
            chart.draw_series([PathElement::new(ends.to_vec(), stroke)])?;
            Ok(())
        };
        let faint = theme.positive.mix(0.35).stroke_width(style.px(1.0));
        for ends in &self.hatching {
            segments(ends, faint)?;
        }
        let ((left, right), (bottom, top)) = (self.x, self.y);
        let axis = style.faint(0.5).stroke_width(style.px(1.0));
        if left < 0.0 && right > 0.0 {
            segments(&[(0.0, bottom), (0.0, top)], axis)?;
        }
        if bottom < 0.0 && top > 0.0 {
            segments(&[(left, 0.0), (right, 0.0)], axis)?;
        }
        for (ends, layer) in &self.lines {
            let colour = if *layer == 1 { theme.function } else { theme.second };
            segments(ends, colour.stroke_width(style.px(if *layer == 1 { 1.5 } else { 1.0 })))?;
        }
        for ends in &self.boundary {
            segments(ends, theme.ink.stroke_width(style.px(3.0)))?;
        }
        if let Some(point) = self.counterexample {
            chart.draw_series([Circle::new(point, style.px(6.0), theme.paper.filled())])?;
            chart.draw_series([Circle::new(point, style.px(6.0), theme.kink.stroke_width(style.px(3.0)))])?;
        }
        Ok(frame(&chart, self.x, self.y))
    }
}
