//! Learning curves, as the homework draws them: loss per step on the left axis, accuracies on the right.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::axis::{axis_text, data_area, draw_axes_with, frame, number};
use super::{Chart, DrawError, Frame, Style};

/// Most points of a line that are drawn.
const MAX_POINTS: usize = 1_500;
/// The left axis, as in the homework; a higher loss is drawn at its edge.
const LOSS: (f64, f64) = (0.0, 3.0);
/// A run's curves so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunCurves {
    /// Loss of step 1, 2, ….
    pub losses: Vec<f32>,
    /// Step and accuracy on the training images.
    pub train: Vec<(f64, f64)>,
    /// Step and accuracy on the validation images.
    pub validation: Vec<(f64, f64)>,
    /// Steps of an epoch.
    pub steps_per_epoch: f64,
    /// Which of the runs' colours it has; see [`Theme::run`](super::Theme::run).
    pub colour: usize,
}

/// The curves of one run, in the homework's colours, or of several, each in its own.
#[derive(Clone, Debug, PartialEq)]
pub struct CurvesChart {
    /// The runs, the first at the bottom.
    pub runs: Vec<RunCurves>,
    /// The axis' last step.
    pub steps: f64,
    /// Whether x counts epochs, not steps.
    pub by_epoch: bool,
    /// Whether the loss has a logarithmic axis.
    pub log_loss: bool,
    /// Of the exponential mean that is drawn bold, 0 for none.
    pub smoothing: f64,
}

impl Default for CurvesChart {
    fn default() -> Self {
        Self { runs: Vec::new(), steps: 1.0, by_epoch: false, log_loss: false, smoothing: 0.9 }
    }
}

impl CurvesChart {
    /// The place of a step on the x axis.
    pub fn x_of(&self, run: &RunCurves, step: f64) -> f64 {
        if self.by_epoch { step / run.steps_per_epoch.max(1.0) } else { step }
    }

    /// The step of a run at a place on the x axis.
    pub fn step_at(&self, run: &RunCurves, x: f64) -> f64 {
        if self.by_epoch { x * run.steps_per_epoch.max(1.0) } else { x }
    }

    /// The place of a loss on its axis.
    pub fn y_of(&self, loss: f64) -> f64 {
        if self.log_loss { loss.max(1e-6).log10() } else { loss }
    }

    fn loss_range(&self) -> (f64, f64) {
        if !self.log_loss {
            return LOSS;
        }
        let all = self.runs.iter().flat_map(|run| &run.losses).filter(|loss| loss.is_finite());
        let low = all.fold(0.1_f64, |low, &loss| low.min(f64::from(loss)));
        (low.max(1e-6).log10().floor(), 1.0)
    }
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
        let last = self.runs.iter().map(|run| self.x_of(run, self.steps)).fold(1.0, f64::max);
        let x = (0.0, if self.runs.is_empty() { 1.0 } else { last });
        let range = self.loss_range();
        let chart = data_area(area, style, x, range, true)?;
        let frame = frame(&chart, x, range);
        let mut chart = chart.set_secondary_coord(x.0..x.1, 0.0..1.0);
        let whole = |value: f64| (value - value.round()).abs() < 1e-6;
        let loss_label = |value: &f64| match self.log_loss {
            false => number(*value),
            true if whole(*value) => number(10_f64.powf(value.round())),
            true => String::new(),
        };
        let x_name = if self.by_epoch { "epoch" } else { "step" };
        draw_axes_with(&mut chart, style, (x_name, &|x| number(*x)), ("loss (cross-entropy)", &loss_label))?;
        chart
            .configure_secondary_axes()
            .y_labels(6)
            .y_label_formatter(&|y| number(*y))
            .y_desc("accuracy")
            .label_style(axis_text(style))
            .axis_desc_style(axis_text(style))
            .axis_style(style.faint(0.5))
            .draw()?;

        let is_alone = self.runs.len() == 1;
        for run in &self.runs {
            let own = theme.run(run.colour);
            let colours = if is_alone { [theme.function, theme.kink, theme.positive] } else { [own; 3] };
            let inside = |(step, value): (f64, f64)| (self.x_of(run, step), self.y_of(value).clamp(range.0, range.1));
            let accuracy = |&(step, value): &(f64, f64)| (self.x_of(run, step), value);
            let raw = colours[0].mix(if is_alone { 0.3 } else { 0.18 }).stroke_width(style.px(1.0));
            chart.draw_series(LineSeries::new(thinned(&run.losses, MAX_POINTS).into_iter().map(inside), raw))?;
            if self.smoothing > 0.0 {
                let mean = thinned(&smoothed(&run.losses, self.smoothing), MAX_POINTS);
                let bold = colours[0].stroke_width(style.px(2.0));
                chart.draw_series(LineSeries::new(mean.into_iter().map(inside), bold))?;
            }
            let dash = colours[1].stroke_width(style.px(2.0));
            let points = run.train.iter().map(accuracy);
            chart.draw_secondary_series(DashedLineSeries::new(points, style.px(7.0), style.px(5.0), dash))?;
            let line = colours[2].stroke_width(style.px(2.0));
            chart.draw_secondary_series(LineSeries::new(run.validation.iter().map(accuracy), line))?;
            for (points, colour) in [(&run.train, colours[1]), (&run.validation, colours[2])] {
                let dot = |point: &(f64, f64)| Circle::new(accuracy(point), style.px(3.0), colour.filled());
                chart.draw_secondary_series(points.iter().map(dot))?;
            }
        }
        Ok(frame)
    }
}
