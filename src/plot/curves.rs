//! Learning curves, as the homework draws them: loss per step on the left axis, accuracies on the right.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::axis::{axis_text, data_area, draw_axes, frame, number};
use super::{Chart, DrawError, Frame, Style};

/// Most points of a line that are drawn.
const MAX_POINTS: usize = 1_500;
/// The left axis, as in the homework; a higher loss is drawn at its edge.
const LOSS: (f64, f64) = (0.0, 3.0);
/// Of the exponential mean that is drawn bold.
const SMOOTHING: f64 = 0.9;

/// A run's curves so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CurvesChart {
    /// Loss of step 1, 2, ….
    pub losses: Vec<f32>,
    /// Step and accuracy on the training images.
    pub train: Vec<(f64, f64)>,
    /// Step and accuracy on the validation images.
    pub validation: Vec<(f64, f64)>,
    /// The axis' last step.
    pub steps: f64,
}

/// The exponential mean of the values so far, each weighing `1 - smoothing` when it comes, divided by the
/// weight so far, so that the start is not drawn towards 0.
pub fn smoothed(values: &[f32], smoothing: f64) -> Vec<f32> {
    let (mut sum, mut weight) = (0.0, 0.0);
    let next = |&value: &f32| {
        sum = sum * smoothing + f64::from(value) * (1.0 - smoothing);
        weight = weight * smoothing + (1.0 - smoothing);
        (sum / weight) as f32
    };
    values.iter().map(next).collect()
}

/// At most about `most` points (index from 1, value) of a series: the least and the greatest of each stretch,
/// in their order, so that no extreme is lost.
pub fn thinned(values: &[f32], most: usize) -> Vec<(f64, f64)> {
    let point = |(index, value): (usize, f32)| ((index + 1) as f64, f64::from(value));
    if values.len() <= most {
        return values.iter().copied().enumerate().map(point).collect();
    }
    let stretch = (2 * values.len()).div_ceil(most.max(2));
    let mut points = Vec::new();
    for (number, part) in values.chunks(stretch).enumerate() {
        let extreme = |is_better: fn(f32, f32) -> bool| {
            let better = |best: usize, at: usize| if is_better(part[at], part[best]) { at } else { best };
            (0..part.len()).fold(0, better)
        };
        let (low, high) = (extreme(|a, b| a < b), extreme(|a, b| a > b));
        let mut both = vec![low.min(high), low.max(high)];
        both.dedup();
        points.extend(both.into_iter().map(|at| point((number * stretch + at, part[at]))));
    }
    points
}

impl Chart for CurvesChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> Result<Frame, DrawError>
    where
        B::ErrorType: 'static,
    {
        let theme = &style.theme;
        let x = (0.0, self.steps.max(1.0));
        let chart = data_area(area, style, x, LOSS, true)?;
        let frame = frame(&chart, x, LOSS);
        let mut chart = chart.set_secondary_coord(x.0..x.1, 0.0..1.0);
        draw_axes(&mut chart, style, "step", "loss (cross-entropy)")?;
        chart
            .configure_secondary_axes()
            .y_labels(6)
            .y_label_formatter(&|y| number(*y))
            .y_desc("accuracy")
            .label_style(axis_text(style))
            .axis_desc_style(axis_text(style))
            .axis_style(style.faint(0.5))
            .draw()?;

        let inside = |(step, value): (f64, f64)| (step, value.clamp(LOSS.0, LOSS.1));
        let raw = theme.function.mix(0.3).stroke_width(style.px(1.0));
        chart.draw_series(LineSeries::new(thinned(&self.losses, MAX_POINTS).into_iter().map(inside), raw))?;
        let mean = thinned(&smoothed(&self.losses, SMOOTHING), MAX_POINTS);
        chart.draw_series(LineSeries::new(mean.into_iter().map(inside), theme.function.stroke_width(style.px(2.0))))?;

        let dash = theme.kink.stroke_width(style.px(2.0));
        chart.draw_secondary_series(DashedLineSeries::new(
            self.train.iter().copied(),
            style.px(7.0),
            style.px(5.0),
            dash,
        ))?;
        let line = theme.positive.stroke_width(style.px(2.0));
        chart.draw_secondary_series(LineSeries::new(self.validation.iter().copied(), line))?;
        for (points, colour) in [(&self.train, theme.kink), (&self.validation, theme.positive)] {
            let dot = |&point: &(f64, f64)| Circle::new(point, style.px(3.0), colour.filled());
            chart.draw_secondary_series(points.iter().map(dot))?;
        }
        Ok(frame)
    }
}
