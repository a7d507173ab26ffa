//! The kinks of a run's network on the line through two images, for people.

use crate::labs::numbers::{count, counted, significant};
use crate::piecewise::line::{Kink, LineKinks};
use crate::plot::{FunctionChart, PlotLine, Stroke, nice_range};
use crate::protocol::KinksState;

/// Most marks of kinks in the plot: one a pixel or so.
const MARKS: usize = 1000;
/// Changes of the prediction that are told one by one.
const TOLD: usize = 6;

/// The kinks of a run's network on a line, with the weights that it began with and with those of later.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunKinks {
    /// Of the weights that it began with.
    pub initial: Option<KinksState>,
    /// Of the weights of the moment when it was asked.
    pub now: Option<KinksState>,
}

/// The outputs on the line, and under them a mark for each kink: a row for each hidden layer, the first at the top.
pub fn chart(found: &LineKinks, names: &[String]) -> FunctionChart {
    let curve = |class: usize| {
        let points = found.places.iter().enumerate().map(|(place, &t)| (t, found.outputs_at(place)[class]));
        let name = names.get(class).cloned().unwrap_or_else(|| class.to_string());
        PlotLine { points: points.collect(), stroke: Stroke::Output(class), name }
    };
    let lines: Vec<PlotLine> = (0..found.classes).map(curve).collect();
    let (low, high) = FunctionChart::extent(&lines);
    let row = 0.04 * (high - low);
    let rows = found.counts.len() as f64;
    let mark = |kink: &Kink| (kink.t, low - row * (1.0 + f64::from(kink.layer)));
    let every = found.kinks.len().div_ceil(MARKS).max(1);
    FunctionChart {
        x: found.places.first().copied().zip(found.places.last().copied()).unwrap_or((0.0, 1.0)),
        y: nice_range(low - row * (1.0 + rows), high),
        lines,
        kinks: found.kinks.iter().step_by(every).map(mark).collect(),
        chords: Vec::new(),
        x_label: "t: 0 is the first image, 1 the second".into(),
        y_label: "logits".into(),
    }
}

/// How many kinks there are, and how sure that is.
pub fn count_sentence(found: &LineKinks) -> String {
    let exact = match found.exact_decisions {
        0 => "f64 with error bounds decided every sign and order".to_owned(),
        decisions => format!(
            "f64 with error bounds decided all but {} of {} signs and orders, integers those",
            count(decisions as usize),
            count(found.decisions as usize)
        ),
    };
    format!("{}, exactly: {exact}.", counted(found.kinks.len(), "kink"))
}

/// What the network takes the images on the line for.
pub fn prediction_sentence(found: &LineKinks, names: &[String]) -> String {
    let name = |class: u32| names.get(class as usize).cloned().unwrap_or_else(|| class.to_string());
    let (first, changes) = found.changes();
    if changes.is_empty() {
        return format!("Predicted on the whole line: {}.", name(first));
    }
    let told =
        changes.iter().take(TOLD).map(|change| format!("from t = {} {}", significant(change.t, 3), name(change.class)));
    let more = match changes.len().saturating_sub(TOLD) {
        0 => ".".to_owned(),
        more => format!(", and {} more.", counted(more, "change")),
    };
    format!("Predicted along the line: {}, {}{more}", name(first), told.collect::<Vec<_>>().join(", "))
}

/// The kink nearest to a place.
pub fn nearest(found: &LineKinks, t: f64) -> Option<&Kink> {
    found.kinks.iter().min_by(|a, b| (a.t - t).abs().total_cmp(&(b.t - t).abs()))
}

/// The outputs at a place of the line, by linear interpolation between the places where they are known.
pub fn outputs_at(found: &LineKinks, t: f64) -> Vec<f64> {
    let after = found.places.partition_point(|&place| place <= t);
    let Some(&end) = found.places.get(after) else {
        return found.places.len().checked_sub(1).map(|last| found.outputs_at(last).to_vec()).unwrap_or_default();
    };
    let Some(before) = after.checked_sub(1) else { return found.outputs_at(0).to_vec() };
    let start = found.places[before];
    let share = (t - start) / (end - start);
    let pairs = found.outputs_at(before).iter().zip(found.outputs_at(after));
    pairs.map(|(from, to)| from + share * (to - from)).collect()
}

/// The kinks as CSV: where, layer and neuron from 1, and whether the neuron goes on.
pub fn csv(found: &LineKinks) -> String {
    let row = |kink: &Kink| {
        format!("{},{},{},{}\n", kink.t, kink.layer + 1, kink.neuron + 1, if kink.turns_on { "on" } else { "off" })
    };
    format!("t,layer,neuron,goes\n{}", found.kinks.iter().map(row).collect::<String>())
}
