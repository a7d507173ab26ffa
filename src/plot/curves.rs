//! Learning curves, as the homework draws them: loss per step on the left axis, accuracies on the right.

use plotters::style::{Color, RGBAColor};

use super::axis::{Axis, Scale, with_room};
use super::legend::{Entry, Mark, Pen};
use super::sheet::{Layout, Sheet};
use super::surface::Surface;
use super::{Chart, DrawError, Frame, Style, Theme};

/// Most points of a line that are drawn.
const MAX_POINTS: usize = 1_500;
/// Most marks on a line: more would touch, and take longer to draw than all else.
const MAX_MARKS: usize = 200;
/// The left axis, as in the homework; a higher loss is marked as off scale.
const LOSS: (f64, f64) = (0.0, 3.0);
/// The right axis.
const ACCURACY: (f64, f64) = (0.0, 1.0);

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
    /// What the visitor calls it.
    pub name: String,
    /// Loss of step 1, 2, ….
    pub losses: Vec<f32>,
    /// The step whose loss was no longer a number, if the run diverged.
    pub diverged_at: Option<usize>,
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
        // What is not a number has no place; `max` would give it one.
        if self.log_loss && !loss.is_nan() { loss.max(1e-6).log10() } else { loss }
    }

    /// About [`MAX_POINTS`] points (step, value) of a series with a value a step: those from just before to just
    /// after the shown part of the axis.
    fn points(&self, run: &RunCurves, values: &[f32], x: (f64, f64)) -> Vec<(f64, f64)> {
        let step = |x: f64| (self.step_at(run, x).max(0.0) as usize).min(values.len());
        let first = step(x.0).saturating_sub(2);
        let last = (step(x.1) + 2).min(values.len());
        thinned(&values[first..last], MAX_POINTS).into_iter().map(|(at, value)| (at + first as f64, value)).collect()
    }

    /// What the left axis shows: losses up to 3, as the homework does, or, of logarithms, whole decades of all of them.
    fn loss_range(&self) -> (f64, f64) {
        if !self.log_loss {
            return LOSS;
        }
        let all = self.runs.iter().flat_map(|run| &run.losses).map(|&loss| f64::from(loss));
        let (low, high) = all
            .filter(|loss| loss.is_finite())
            .fold((0.1, 10.0), |(low, high): (f64, f64), loss| (low.min(loss), high.max(loss)));
        (self.y_of(low).floor(), self.y_of(high).ceil())
    }

    /// An accuracy as high as it is to be drawn, on the axis of the loss.
    fn accuracy_place(&self, accuracy: f64) -> f64 {
        let (low, high) = self.loss_range();
        low + (accuracy - ACCURACY.0) / (ACCURACY.1 - ACCURACY.0) * (high - low)
    }

    /// The colours of a run's loss, train accuracy and validation accuracy.
    fn colours(&self, theme: &Theme, run: &RunCurves) -> [RGBAColor; 3] {
        let own = theme.run(run.colour);
        let of_one = [theme.function, theme.kink, theme.positive];
        if self.runs.len() == 1 { of_one } else { [own; 3] }.map(|colour| colour.to_rgba())
    }
}

fn raw_pen(colour: RGBAColor) -> Pen {
    Pen::solid(colour.mix(0.4), 1.0)
}

fn loss_pen(colour: RGBAColor) -> Pen {
    Pen::solid(colour, 2.0)
}

fn train_pen(colour: RGBAColor) -> Pen {
    Pen::dashed(colour, 1.6, 7.0, 5.0)
}

fn validation_pen(colour: RGBAColor) -> Pen {
    Pen::solid(colour, 1.6)
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

/// At most about `most` points (index from 1, value) of a series, its extremes among them.
pub fn thinned(values: &[f32], most: usize) -> Vec<(f64, f64)> {
    let point = |(index, value): (usize, &f32)| ((index + 1) as f64, f64::from(*value));
    thin(values.iter().enumerate().map(point).collect(), most)
}

/// At most about `most` of some points: the least and the greatest of each stretch, in their order, so that no extreme is
/// lost.
fn thin(points: Vec<(f64, f64)>, most: usize) -> Vec<(f64, f64)> {
    if points.len() <= most {
        return points;
    }
    let stretch = (2 * points.len()).div_ceil(most.max(2));
    let mut kept = Vec::new();
    for part in points.chunks(stretch) {
        let extreme = |is_better: fn(f64, f64) -> bool| {
            let better = |best: usize, at: usize| if is_better(part[at].1, part[best].1) { at } else { best };
            (0..part.len()).fold(0, better)
        };
        let (low, high) = (extreme(|a, b| a < b), extreme(|a, b| a > b));
        let mut both = vec![low.min(high), low.max(high)];
        both.dedup();
        kept.extend(both.into_iter().map(|at| part[at]));
    }
    kept
}

impl Chart for CurvesChart {
    fn draw<S: Surface>(&self, surface: &mut S, style: &Style) -> Result<Frame, DrawError>
    where
        S::ErrorType: 'static,
    {
        let theme = &style.theme;
        let x = self.view.unwrap_or_else(|| self.x_range());
        let x_name = match self.across {
            Across::Steps => "step",
            Across::Epochs => "epoch",
            Across::Seconds => "seconds of work",
        };
        let loss = Axis {
            range: with_room(self.loss_range()),
            scale: if self.log_loss { Scale::Decades } else { Scale::Linear },
            title: "loss (cross-entropy)",
        };
        // There is no half step.
        let is_whole = self.across == Across::Steps && x.1 - x.0 >= 2.0;
        let across = Axis { range: x, scale: if is_whole { Scale::Whole } else { Scale::Linear }, title: x_name };
        let layout = Layout {
            right: Some(Axis::linear(with_room(ACCURACY), "accuracy")),
            legend: self.legend(theme),
            ..Layout::new(across, loss)
        };
        let mut sheet = Sheet::new(surface, style, layout)?;
        for run in &self.runs {
            let [loss, train, validation] = self.colours(theme, run);
            let place = |(step, value): (f64, f64)| (self.x_of(run, step), self.y_of(value));
            // Times that are not known are left out.
            let line = |values: &[f32]| {
                let points = self.points(run, values, x).into_iter().map(place);
                points.filter(|point| !point.0.is_nan()).collect::<Vec<_>>()
            };
            sheet.line(line(&run.losses), &raw_pen(loss))?;
            if self.smoothing > 0.0 {
                sheet.line(line(&smoothed(&run.losses, self.smoothing)), &loss_pen(loss))?;
            }
            let measured = [
                (&run.train, train_pen(train), Mark::Ring, train),
                (&run.validation, validation_pen(validation), Mark::Disc, validation),
            ];
            for (points, pen, mark, colour) in measured {
                let place = |&(step, value): &(f64, f64)| (self.x_of(run, step), self.accuracy_place(value));
                let points: Vec<_> = points.iter().map(place).filter(|point| !point.0.is_nan()).collect();
                sheet.line(thin(points.clone(), MAX_POINTS / 3), &pen)?;
                let seen = points.iter().filter(|point| (x.0..=x.1).contains(&point.0)).count();
                if seen <= MAX_MARKS {
                    points.into_iter().try_for_each(|at| sheet.mark(at, mark, 3.0, colour))?;
                }
            }
            if let Some(step) = run.diverged_at {
                // When that was is known of the step before, at most.
                let at = [step, step.saturating_sub(1)].map(|step| self.x_of(run, step as f64));
                let at = at.into_iter().find(|x| !x.is_nan()).unwrap_or(f64::NAN);
                sheet.flag(at, &format!("diverged in step {}", super::number(step as f64, 15)), loss)?;
            }
        }
        sheet.finish()
    }

    fn legend(&self, theme: &Theme) -> Vec<Entry> {
        let of = |run: &RunCurves, [loss, train, validation]: [&str; 3]| {
            let [first, second, third] = self.colours(theme, run);
            let has_both = self.smoothing > 0.0;
            vec![
                Entry::line(loss, if has_both { loss_pen(first) } else { raw_pen(first) }),
                Entry::line(train, train_pen(second)).with(Mark::Ring, second),
                Entry::line(validation, validation_pen(third)).with(Mark::Disc, third),
            ]
        };
        let loss = if self.smoothing > 0.0 { "loss, smoothed (thin: of each step)" } else { "loss of each step" };
        let words = [loss, "train accuracy", "validation accuracy"];
        match &self.runs[..] {
            [] => Vec::new(),
            [run] => of(run, words),
            runs => {
                // A colour for each run, then what its lines are, in ink.
                let name = |run: &RunCurves| Entry::line(&run.name, Pen::solid(theme.run(run.colour).to_rgba(), 4.0));
                let ink = theme.ink.mix(0.7);
                let kinds = [
                    Entry::line(words[0], loss_pen(ink)),
                    Entry::line(words[1], train_pen(ink)).with(Mark::Ring, ink),
                    Entry::line(words[2], validation_pen(ink)).with(Mark::Disc, ink),
                ];
                runs.iter().map(name).chain(kinds).collect()
            }
        }
    }
}
