//! Learning curves, as the homework draws them: loss per step on the left axis, accuracies on the right.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::axis::{MOST_LABELS, axis_text, data_area, draw_axes_with, frame, number};
use super::{Chart, DrawError, Frame, Style};

/// Most points of a line that are drawn.
const MAX_POINTS: usize = 1_500;
/// The left axis, as in the homework; a higher loss is drawn at its edge.
const LOSS: (f64, f64) = (0.0, 3.0);

/// What the x axis counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Across {
    /// Steps.
    #[default]
    Steps,
    /// Epochs.
    Epochs,
    /// Seconds of work, without pauses.
    Seconds,
}

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
    /// Seconds of work when step 1, 2, … was done; NaN where that is not known.
    pub seconds: Vec<f32>,
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
    /// What x counts.
    pub across: Across,
    /// The part of the x axis that is shown; all, if there is none.
    pub view: Option<(f64, f64)>,
    /// Whether the loss has a logarithmic axis.
    pub log_loss: bool,
    /// Of the exponential mean that is drawn bold, 0 for none.
    pub smoothing: f64,
}

impl Default for CurvesChart {
    fn default() -> Self {
        Self { runs: Vec::new(), steps: 1.0, across: Across::Steps, view: None, log_loss: false, smoothing: 0.9 }
    }
}

impl CurvesChart {
    /// The place of a step on the x axis; NaN if it is not known. Step 0 is the start.
    pub fn x_of(&self, run: &RunCurves, step: f64) -> f64 {
        match self.across {
            Across::Steps => step,
            Across::Epochs => step / run.steps_per_epoch.max(1.0),
            // Of a run that went on after a reload, nothing is known of before.
            Across::Seconds if step < 1.0 => {
                if run.seconds.first().is_some_and(|first| first.is_nan()) {
                    f64::NAN
                } else {
                    0.0
                }
            }
            Across::Seconds => run.seconds.get(step as usize - 1).map_or(f64::NAN, |&seconds| f64::from(seconds)),
        }
    }

    /// The step of a run at a place on the x axis.
    pub fn step_at(&self, run: &RunCurves, x: f64) -> f64 {
        match self.across {
            Across::Steps => x,
            Across::Epochs => x * run.steps_per_epoch.max(1.0),
            // Times that are not known come first, if there are any.
            Across::Seconds => run.seconds.partition_point(|&s| s.is_nan() || f64::from(s) <= x) as f64,
        }
    }

    /// The whole x axis.
    pub fn x_range(&self) -> (f64, f64) {
        let last = |run: &RunCurves| match self.across {
            Across::Seconds => run.seconds.last().map_or(0.0, |&seconds| f64::from(seconds)),
            Across::Steps | Across::Epochs => self.x_of(run, self.steps),
        };
        let end = self.runs.iter().map(last).filter(|last| last.is_finite()).fold(0.0, f64::max);
        (0.0, if end > 0.0 { end } else { 1.0 })
    }

    /// The place of a loss on its axis.
    pub fn y_of(&self, loss: f64) -> f64 {
        if self.log_loss { loss.max(1e-6).log10() } else { loss }
    }

    /// About [`MAX_POINTS`] points (step, value) of a series with a value a step: those from just before to just
    /// after the shown part of the axis.
    fn points(&self, run: &RunCurves, values: &[f32], x: (f64, f64)) -> Vec<(f64, f64)> {
        let step = |x: f64| (self.step_at(run, x).max(0.0) as usize).min(values.len());
        let first = step(x.0).saturating_sub(2);
        let last = (step(x.1) + 2).min(values.len());
        thinned(&values[first..last], MAX_POINTS).into_iter().map(|(at, value)| (at + first as f64, value)).collect()
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

/// The part of a line between two places on the x axis, cut off there. Points without a place are left out.
fn shown(points: impl Iterator<Item = (f64, f64)>, (low, high): (f64, f64)) -> Vec<(f64, f64)> {
    let mut part = Vec::new();
    let mut before: Option<(f64, f64)> = None;
    for point in points.filter(|point| point.0.is_finite()) {
        if let Some(before) = before {
            let cut = |x: f64| (x, before.1 + (x - before.0) / (point.0 - before.0) * (point.1 - before.1));
            let crosses = |x: f64| before.0 < x && x < point.0;
            part.extend([low, high].into_iter().filter(|&edge| crosses(edge)).map(cut));
        }
        if (low..=high).contains(&point.0) {
            part.push(point);
        }
        before = Some(point);
    }
    part
}

impl Chart for CurvesChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> Result<Frame, DrawError>
    where
        B::ErrorType: 'static,
    {
        let theme = &style.theme;
        let x = self.view.unwrap_or_else(|| self.x_range());
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
        let x_name = match self.across {
            Across::Steps => "step",
            Across::Epochs => "epoch",
            Across::Seconds => "seconds of work",
        };
        draw_axes_with(
            &mut chart,
            style,
            (x_name, &|x| number(*x)),
            ("loss (cross-entropy)", &loss_label),
            MOST_LABELS,
        )?;
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
            let loss = |(step, value): (f64, f64)| (self.x_of(run, step), self.y_of(value).clamp(range.0, range.1));
            let accuracy = |&(step, value): &(f64, f64)| (self.x_of(run, step), value);
            let line = |values: &[f32]| shown(self.points(run, values, x).into_iter().map(loss), x);
            let raw = colours[0].mix(if is_alone { 0.3 } else { 0.18 }).stroke_width(style.px(1.0));
            chart.draw_series(LineSeries::new(line(&run.losses), raw))?;
            if self.smoothing > 0.0 {
                let bold = colours[0].stroke_width(style.px(2.0));
                chart.draw_series(LineSeries::new(line(&smoothed(&run.losses, self.smoothing)), bold))?;
            }
            let dash = colours[1].stroke_width(style.px(2.0));
            let points = shown(run.train.iter().map(accuracy), x);
            chart.draw_secondary_series(DashedLineSeries::new(points, style.px(7.0), style.px(5.0), dash))?;
            let solid = colours[2].stroke_width(style.px(2.0));
            let points = shown(run.validation.iter().map(accuracy), x);
            chart.draw_secondary_series(LineSeries::new(points, solid))?;
            for (points, colour) in [(&run.train, colours[1]), (&run.validation, colours[2])] {
                let inside = points.iter().map(accuracy).filter(|point| (x.0..=x.1).contains(&point.0));
                let dot = |point| Circle::new(point, style.px(3.0), colour.filled());
                chart.draw_secondary_series(inside.map(dot))?;
            }
        }
        Ok(frame)
    }
}
