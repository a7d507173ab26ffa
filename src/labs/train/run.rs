//! A run as the page knows it: settings, curves, and what was found on the way.

use serde::{Deserialize, Serialize};

use super::Form;
use super::kept::RunKey;
use super::kinks::RunKinks;
use crate::labs::numbers;
use crate::nn::Init;
use crate::nn::gradcheck::relative_error;
use crate::protocol::{DataSummary, LineState, RunId};
use crate::train::model::Origin;
use crate::train::scale::Scale;
use crate::train::{
    Alike, CheckedEntry, Config, EpochRecord, NOISE, Prediction, Report, Schedule, WeightImage, layer_tolerance,
};

/// A run, from its start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunHistory {
    /// Its id.
    pub id: RunId,
    /// By what it is kept in the browser; `None` until that is known.
    pub key: Option<RunKey>,
    /// Its settings.
    pub config: Config,
    /// The learning rate that was last set.
    pub rate: f32,
    /// What it was trained on.
    pub data: DataSummary,
    /// What the visitor calls it.
    pub name: String,
    /// What the visitor has written about it.
    pub note: String,
    /// When it began, in milliseconds since 1970; 0 until that is known.
    pub started_ms: f64,
    /// What was assumed of the file that it began with, if it did.
    pub origin: Option<Box<Origin>>,
    /// Which of the runs' colours it has.
    pub colour: usize,
    /// Whether its curves are drawn.
    pub is_shown: bool,
    /// Steps of an epoch.
    pub steps_per_epoch: usize,
    /// Loss of each step.
    pub losses: Vec<f32>,
    /// Seconds of work when each step was done; NaN for those of before a reload.
    pub seconds: Vec<f32>,
    /// Before training, and after each epoch.
    pub records: Vec<EpochRecord>,
    /// Work done, 0–1.
    pub done: f64,
    /// Epochs done.
    pub epoch: usize,
    /// Images trained a second, lately.
    pub images_per_second: f64,
    /// Until the end.
    pub seconds_left: Option<f64>,
    /// Measuring accuracy right now.
    pub measuring: bool,
    /// Memory of its workers together after the last epoch; 0 if it is not known.
    pub memory_bytes: u64,
    /// What was seen at its end, if it takes all images for the same.
    pub alike: Option<Alike>,
    /// Why it is over.
    pub ended: Option<String>,
    /// The step whose loss was no longer a number.
    pub diverged_at: Option<usize>,
    /// Whether it is over because its worker was lost, so that it may go on from its last checkpoint.
    pub broke_off: bool,
    /// The last gradient check.
    pub check: Option<GradientReport>,
    /// Why it has no checkpoints, if it is too large.
    pub no_checkpoint: Option<String>,
    /// The last look at what it has learned.
    pub report: Option<ReportState>,
    /// The loss on the line from its initial weights.
    pub line: Option<LineState>,
    /// Its kinks on a line through two images; not kept.
    #[serde(skip)]
    pub kinks: RunKinks,
    /// How large its signals were.
    pub scale: Option<ScaleState>,
    /// Its first layer, and the steps done then.
    pub first_layer: Option<(usize, Vec<WeightImage>)>,
    /// What it said of the last image it was asked about, and the steps done then.
    pub prediction: Option<(usize, Prediction)>,
    /// Whether the worker still has the network.
    pub is_kept: bool,
}

/// A check of a run's gradients.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GradientReport {
    /// Steps done when it began.
    pub step: usize,
    /// Entries to check.
    pub total: usize,
    /// Entries checked.
    pub done: usize,
    /// All entries, once they are checked.
    pub entries: Vec<CheckedEntry>,
}

/// A look at what a run's network has learned.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportState {
    /// Steps done by the network.
    pub step: usize,
    /// Images looked at.
    pub done: usize,
    /// In all.
    pub total: usize,
    /// What was found, at the end.
    pub report: Option<Box<Report>>,
}

/// A look at how large a run's signals are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScaleState {
    /// Steps done by the network.
    pub step: usize,
    /// Images done.
    pub done: usize,
    /// In all.
    pub total: usize,
    /// What was found, at the end.
    pub scale: Option<Box<Scale>>,
}

/// One layer of a [`GradientReport`].
#[derive(Clone, Debug, PartialEq)]
pub struct LayerCheck {
    /// From 0.
    pub layer: usize,
    /// Entries compared.
    pub compared: usize,
    /// Entries left out because a ReLU changed sides within eps.
    pub crossed: usize,
    /// The largest absolute difference.
    pub absolute: f64,
    /// The largest relative error.
    pub relative: f64,
    /// The largest gradient.
    pub largest: f64,
    /// Entries that are wrong.
    pub wrong: usize,
    /// Whether the gradients are large enough for the check to tell.
    pub is_telling: bool,
}

impl GradientReport {
    /// The report, layer by layer.
    pub fn layers(&self) -> Vec<LayerCheck> {
        let layers = self.entries.iter().map(|entry| entry.layer + 1).max().unwrap_or(0);
        let layer = |layer: usize| {
            let all = || self.entries.iter().filter(move |entry| entry.layer == layer);
            let compared = || all().filter(|entry| !entry.crosses_kink);
            let tolerance = layer_tolerance(compared());
            let difference = |entry: &CheckedEntry| (entry.derived - entry.measured).abs();
            let largest = compared().map(|entry| entry.derived.abs()).fold(0.0, f64::max);
            LayerCheck {
                is_telling: largest > 10.0 * NOISE,
                layer,
                compared: compared().count(),
                crossed: all().count() - compared().count(),
                absolute: compared().map(difference).fold(0.0, f64::max),
                relative: compared().map(|entry| relative_error(entry.derived, entry.measured)).fold(0.0, f64::max),
                largest,
                wrong: compared().filter(|entry| difference(entry) > tolerance).count(),
            }
        };
        (0..layers).map(layer).collect()
    }
}

/// A name for files about a run of this name, without an ending.
pub fn file_name(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    format!("piecewise-{}", plain.trim_matches('-'))
}

impl RunHistory {
    /// Its settings, each with its name, for a table.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let Form { hidden, init, learning_rate, batch_size, epochs, seed, momentum, weight_decay, workers, .. } =
            Form::from(&self.config);
        let augment = match (self.config.augment.crop, self.config.augment.flip) {
            (false, false) => "none".into(),
            (true, false) => format!("crop {}", self.config.augment.padding),
            (false, true) => "flip".into(),
            (true, true) => format!("crop {}, flip", self.config.augment.padding),
        };
        let schedule = match self.config.schedule {
            Schedule::Constant => "constant".into(),
            Schedule::Step { every, factor } => format!("× {factor} every {every}"),
            Schedule::Cosine => "cosine".into(),
        };
        let init = match init {
            Init::He => "He",
            Init::Homework => "homework",
        };
        vec![
            ("images", numbers::count(self.data.train)),
            ("hidden widths", hidden),
            ("initial weights", init.into()),
            ("learning rate", learning_rate),
            ("batch size", batch_size),
            ("epochs", epochs),
            ("seed", seed),
            ("augmentation", augment),
            ("labels", if self.config.random_labels { "random".into() } else { "true".into() }),
            ("momentum", momentum),
            ("weight decay", weight_decay),
            ("schedule", schedule),
            ("subset", self.config.subset.to_string()),
            ("held out", self.config.held_out.to_string()),
            ("workers", workers),
        ]
    }

    /// The worker does not have its network any more: looks at it that were under way are over.
    pub fn lose_network(&mut self) {
        (self.is_kept, self.prediction) = (false, None);
        self.report = self.report.take().filter(|report| report.report.is_some());
        self.scale = self.scale.take().filter(|state| state.scale.is_some());
        self.line = self.line.take().filter(|line| line.evidence.is_some());
    }

    /// What is to be said of a network that takes all images for the same; nothing, if it does not.
    pub(super) fn alike_text(&self) -> String {
        let Some(Alike { images, dead_layer }) = self.alike else { return String::new() };
        let reason = match dead_layer {
            Some(layer) => format!(
                "No neuron of hidden layer {layer} is above 0 for any of them, so no gradient passes: some step was too large. Start again with a lower learning rate or less momentum."
            ),
            None => "Its hidden layers still pass signals: more epochs may tell images apart, or He’s initial weights, or a lower learning rate.".into(),
        };
        format!(" But it takes all of {images} training images for the same class. {reason}")
    }

    /// A name for files about it, without an ending.
    pub fn file_name(&self) -> String {
        file_name(&self.name)
    }

    /// The last record, if one was made.
    pub fn last_record(&self) -> Option<&EpochRecord> {
        self.records.last()
    }

    /// The curves as a table: a line a step, with the accuracies on the lines where they were measured.
    pub fn to_csv(&self) -> String {
        let mut csv = String::from("step,epoch,seconds,loss,train_accuracy,validation_accuracy\n");
        let mut records = self.records.iter().peekable();
        for step in 0..=self.losses.len() {
            let of_step = |values: &[f32]| {
                let value = step.checked_sub(1).and_then(|at| values.get(at)).filter(|value| value.is_finite());
                value.map(f32::to_string).unwrap_or_default()
            };
            let (loss, seconds) = (of_step(&self.losses), of_step(&self.seconds));
            let epoch = step as f64 / self.steps_per_epoch.max(1) as f64;
            let (train, validation) = match records.next_if(|record| record.step == step) {
                Some(record) => (
                    record.train_accuracy.to_string(),
                    record.validation_accuracy.map(|v| v.to_string()).unwrap_or_default(),
                ),
                None => Default::default(),
            };
            csv.push_str(&format!("{step},{epoch},{seconds},{loss},{train},{validation}\n"));
        }
        csv
    }
}
