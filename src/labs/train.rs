//! The train lab: the form, the data, and the run, as the page knows them from the worker's events.

mod presets;

use std::collections::BTreeMap;

use crate::data::Statistics;
use crate::data::augment::Augment;
use crate::nn::Init;
use crate::nn::gradcheck::relative_error;
use crate::protocol::{About, DataSummary, EndReason, Event, Host, LineState, RunId, ShownImage, VERSION};
use crate::train::estimate::Estimate;
use crate::train::scale::Scale;
use crate::train::{
    CheckedEntry, Checkpoint, Config, EpochRecord, Field, NOISE, Prediction, Report, Schedule, Subset, WeightImage,
    layer_tolerance,
};

pub use presets::{Preset, presets};

/// Runs that are kept beside the last.
const MAX_PAST: usize = 5;

/// What the page can do now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// No data.
    #[default]
    Idle,
    /// Reading files or making the sample.
    Loading,
    /// Data, and no run.
    Ready,
    /// A run goes on.
    Running,
    /// A run is held.
    Paused,
    /// A run is over, by itself or stopped.
    Finished,
    /// A run broke off.
    Failed,
}

/// The settings as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// `512,512`
    pub hidden: String,
    /// Initial weights.
    pub init: Init,
    /// A number.
    pub learning_rate: String,
    /// A whole number.
    pub batch_size: String,
    /// A whole number.
    pub epochs: String,
    /// A whole number.
    pub seed: String,
    /// What is done to training images.
    pub augment: Augment,
    /// Whether labels are drawn at random.
    pub random_labels: bool,
    /// A number from 0 to below 1.
    pub momentum: String,
    /// A number from 0 to 1.
    pub weight_decay: String,
    /// How the learning rate changes by itself.
    pub schedule: ScheduleKind,
    /// For [`ScheduleKind::Step`]: epochs.
    pub step_every: String,
    /// For [`ScheduleKind::Step`]: what the rate is multiplied by.
    pub step_factor: String,
    /// Which of the training images: `500`, the first; `50 per class`; all, if empty.
    pub subset: String,
    /// How many of those to hold out for validation; none, if empty.
    pub held_out: String,
    /// A whole number.
    pub workers: String,
}

/// A kind of [`Schedule`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScheduleKind {
    /// One rate.
    #[default]
    Constant,
    /// Lower after every so many epochs.
    Step,
    /// Half a cosine.
    Cosine,
}

/// Loading so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadProgress {
    /// Bytes or images.
    pub done: u64,
    /// Of these.
    pub total: u64,
    /// File.
    pub name: String,
}

/// A run, from its start.
#[derive(Clone, Debug, PartialEq)]
pub struct RunHistory {
    /// Its id.
    pub id: RunId,
    /// Its settings.
    pub config: Config,
    /// The learning rate that was last set.
    pub rate: f32,
    /// What it was trained on.
    pub data: DataSummary,
    /// What the visitor calls it.
    pub name: String,
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
    /// Why it is over.
    pub ended: Option<String>,
    /// The last gradient check.
    pub check: Option<GradientReport>,
    /// Why it has no checkpoints, if it is too large.
    pub no_checkpoint: Option<String>,
    /// The last look at what it has learned.
    pub report: Option<ReportState>,
    /// The loss on the line from its initial weights.
    pub line: Option<LineState>,
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
#[derive(Clone, Debug, Default, PartialEq)]
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

/// A run that broke off, from its last checkpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Interrupted {
    /// Epochs done.
    pub epoch: usize,
    /// Its settings.
    pub config: Config,
    /// For [`Command::ResumeFrom`](crate::protocol::Command::ResumeFrom).
    pub bytes: Vec<u8>,
}

/// A look at what a run's network has learned.
#[derive(Clone, Debug, Default, PartialEq)]
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
#[derive(Clone, Debug, Default, PartialEq)]
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

/// Images by class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gallery {
    /// Whether they are validation images.
    pub validation: bool,
    /// How many of each class were passed over.
    pub skip: usize,
    /// Of each class, from 0.
    pub classes: Vec<Vec<ShownImage>>,
}

/// An image that was chosen to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// Which it is.
    pub about: String,
    /// Its class, if that is known.
    pub label: Option<u8>,
    /// 3072 bytes, planar.
    pub pixels: Vec<u8>,
}

/// What the middle of the screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Learning curves and the table of runs.
    #[default]
    Curves,
    /// The data.
    Images,
    /// The network of the last run.
    Network,
}

/// What a run would take.
#[derive(Clone, Debug, PartialEq)]
pub struct EstimateState {
    /// Its settings.
    pub config: Config,
    /// What was measured so far.
    pub estimate: Option<Estimate>,
    /// Whether that is final.
    pub is_done: bool,
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

/// Something that went wrong, and where to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What it is about.
    pub about: About,
    /// A sentence.
    pub message: String,
}

/// The lab's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrainLab {
    /// What can be done now.
    pub status: Status,
    /// What the worker holds.
    pub data: DataSummary,
    /// While loading.
    pub loading: Option<LoadProgress>,
    /// The last run.
    pub run: Option<RunHistory>,
    /// Runs before it, to compare with, oldest first.
    pub past: Vec<RunHistory>,
    /// The last problem, until the next action.
    pub problem: Option<Problem>,
    /// The worker's f32 kernel, once it is up.
    pub kernel: Option<String>,
    /// What it finds around it, once it is up.
    pub host: Option<Host>,
    /// Images that the worker has sent, by split and number.
    pub images: BTreeMap<(bool, usize), ShownImage>,
    /// Images by class, as last asked for.
    pub gallery: Option<Gallery>,
    /// What the training and the validation images are like.
    pub statistics: Option<(Statistics, Statistics)>,
    /// What a run would take, as last estimated.
    pub estimate: Option<EstimateState>,
    /// An image that was chosen to be looked at.
    pub picked: Option<Picked>,
    /// What the middle of the screen shows.
    pub view: View,
    /// A run that a reload or a crash has interrupted, and that can go on.
    pub interrupted: Option<Interrupted>,
    /// What is to be said of the files that are kept in the browser.
    pub kept: Option<String>,
    /// A start was asked for and is not answered yet.
    pub is_starting: bool,
    /// The file whose network that start is to begin with.
    pub opening: Option<String>,
    next_run: RunId,
}

impl Status {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Loading => "loading",
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Failed => "failed",
        }
    }

    /// Whether a run is under way, held or not.
    pub fn has_run(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }
}

impl Default for Form {
    fn default() -> Self {
        Self::from(&Config::default())
    }
}

impl From<&Config> for Form {
    fn from(config: &Config) -> Self {
        let hidden: Vec<_> = config.hidden.iter().map(usize::to_string).collect();
        Self {
            hidden: hidden.join(","),
            init: config.init,
            learning_rate: config.learning_rate.to_string(),
            batch_size: config.batch_size.to_string(),
            epochs: config.epochs.to_string(),
            seed: config.seed.to_string(),
            augment: config.augment,
            random_labels: config.random_labels,
            momentum: config.momentum.to_string(),
            weight_decay: config.weight_decay.to_string(),
            schedule: match config.schedule {
                Schedule::Constant => ScheduleKind::Constant,
                Schedule::Step { .. } => ScheduleKind::Step,
                Schedule::Cosine => ScheduleKind::Cosine,
            },
            step_every: if let Schedule::Step { every, .. } = config.schedule {
                every.to_string()
            } else {
                "10".into()
            },
            step_factor: if let Schedule::Step { factor, .. } = config.schedule {
                factor.to_string()
            } else {
                "0.1".into()
            },
            subset: if config.subset == Subset::All { String::new() } else { config.subset.to_string() },
            held_out: if config.held_out == 0 { String::new() } else { config.held_out.to_string() },
            workers: config.workers.to_string(),
        }
    }
}

impl Form {
    /// Takes as many workers as are of use, in place of 1: two threads of a core do not multiply faster than one, and
    /// half of many cores are often slow ones.
    pub fn suggest_workers(&mut self, host: Host) {
        if self.workers == "1" {
            self.workers = (host.workers_max / 2).clamp(host.workers_max.min(2), 8).to_string();
        }
    }

    /// The settings that were typed.
    ///
    /// # Errors
    /// The first field that does not do, and a sentence.
    pub fn parse(&self) -> Result<Config, Problem> {
        let whole = |text: &str, field, name: &str, example: &str| {
            text.trim().replace([',', ' '], "").parse::<u64>().map_err(|_| Problem {
                about: About::Setting(field),
                message: format!("The {name} “{}” is no whole number. Type one, such as {example}.", shorten(text)),
            })
        };
        let widths = self.hidden.split([',', ' ', ';']).filter(|part| !part.is_empty());
        let width = |part: &str| {
            part.parse::<usize>().map_err(|_| Problem {
                about: About::Setting(Field::Hidden),
                message: format!("“{}” is no width. Type whole numbers with commas, such as 512,512.", shorten(part)),
            })
        };
        let number = |text: &str, field, name: &str, example: &str| {
            text.trim().replace(',', ".").parse::<f32>().map_err(|_| Problem {
                about: About::Setting(field),
                message: format!("The {name} “{}” is no number. Type one, such as {example}.", shorten(text)),
            })
        };
        let rate = number(&self.learning_rate, Field::LearningRate, "learning rate", "0.15")?;
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let schedule = match self.schedule {
            ScheduleKind::Constant => Schedule::Constant,
            ScheduleKind::Cosine => Schedule::Cosine,
            ScheduleKind::Step => Schedule::Step {
                every: size(whole(&self.step_every, Field::Schedule, "number of epochs between steps", "10")?),
                factor: number(&self.step_factor, Field::Schedule, "factor", "0.1")?,
            },
        };
        let subset = self.subset.parse().map_err(|_| Problem {
            about: About::Setting(Field::Subset),
            message: format!(
                "The subset “{}” is none. Type 500 for the first 500 images, 50 per class for as many of each, or nothing for all.",
                shorten(&self.subset)
            ),
        })?;
        let held_out = match self.held_out.trim() {
            "" => 0,
            text => size(whole(text, Field::HeldOut, "number of images to hold out", "1000")?),
        };
        let config = Config {
            hidden: widths.map(width).collect::<Result<_, _>>()?,
            init: self.init,
            learning_rate: rate,
            batch_size: usize::try_from(whole(&self.batch_size, Field::BatchSize, "batch size", "256")?)
                .unwrap_or(usize::MAX),
            epochs: usize::try_from(whole(&self.epochs, Field::Epochs, "number of epochs", "30")?)
                .unwrap_or(usize::MAX),
            seed: whole(&self.seed, Field::Seed, "seed", "1")?,
            augment: self.augment,
            random_labels: self.random_labels,
            momentum: number(&self.momentum, Field::Momentum, "momentum", "0.9")?,
            weight_decay: number(&self.weight_decay, Field::WeightDecay, "weight decay", "0.0005")?,
            schedule,
            subset,
            held_out,
            workers: size(whole(&self.workers, Field::Workers, "number of workers", "2")?),
        };
        let problem = |error: crate::train::ConfigError| Problem {
            about: About::Setting(error.field()),
            message: error.to_string(),
        };
        config.check(0).map_err(problem)?;
        Ok(config)
    }
}

fn shorten(text: &str) -> String {
    text.trim().chars().take(20).collect()
}

impl Interrupted {
    /// What a checkpoint's bytes say; `None` if they are damaged, of another version, or of a run that was done.
    pub fn from_checkpoint(bytes: Vec<u8>) -> Option<Self> {
        let checkpoint = Checkpoint::decode(&bytes).ok()?;
        let (epoch, config) = (checkpoint.epoch(), checkpoint.config().clone());
        (epoch < config.epochs).then_some(Self { epoch, config, bytes })
    }
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
            ("images", super::numbers::count(self.data.train)),
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

    /// A name for files about it, without an ending.
    pub fn file_name(&self) -> String {
        let plain: String = self.name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        format!("piecewise-{}", plain.trim_matches('-'))
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

impl TrainLab {
    /// Loading was asked for.
    pub fn start_loading(&mut self) {
        self.problem = None;
        self.loading = Some(LoadProgress::default());
        self.status = Status::Loading;
    }

    /// Whether a run could start now.
    pub fn can_start(&self) -> bool {
        self.data.train > 0 && !self.status.has_run() && !self.is_starting && self.status != Status::Loading
    }

    /// An id for the next run.
    pub fn new_run(&mut self) -> RunId {
        self.problem = None;
        self.is_starting = true;
        self.opening = None;
        self.next_run += 1;
        self.next_run
    }

    /// Keeps the last run for comparison, the oldest giving way if there are too many.
    fn put_aside(&mut self) {
        let Some(mut run) = self.run.take() else { return };
        run.is_kept = false;
        self.past.push(run);
        if self.past.len() > MAX_PAST {
            self.past.remove(0);
        }
    }

    /// All runs, oldest first.
    pub fn runs(&self) -> impl Iterator<Item = &RunHistory> {
        self.past.iter().chain(&self.run)
    }

    /// A run, to be named, shown or hidden.
    pub fn run_mut(&mut self, id: RunId) -> Option<&mut RunHistory> {
        self.past.iter_mut().chain(&mut self.run).find(|run| run.id == id)
    }

    /// Forgets a past run.
    pub fn forget(&mut self, id: RunId) {
        self.past.retain(|run| run.id != id);
    }

    /// The id of the run under way.
    pub fn current_run(&self) -> Option<RunId> {
        self.run.as_ref().filter(|_| self.status.has_run()).map(|run| run.id)
    }

    /// The settings field that the problem is about.
    pub fn problem_field(&self) -> Option<Field> {
        match self.problem.as_ref()?.about {
            About::Setting(field) => Some(field),
            About::Data | About::Model | About::Fit | About::Bench | About::Command => None,
        }
    }

    /// Takes what the worker says. Messages about another run than the last come too late and do nothing.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Ready { version, kernel, host } => {
                self.kernel = Some(kernel);
                self.host = Some(host);
                if version != VERSION {
                    let message = "The page and its worker are of different versions. Reload the page.".into();
                    self.problem = Some(Problem { about: About::Command, message });
                    self.status = Status::Failed;
                }
            }
            Event::Loading { done, total, name } => {
                if self.status == Status::Loading {
                    self.loading = Some(LoadProgress { done, total, name });
                }
            }
            Event::Data(data) => {
                self.loading = None;
                if !self.status.has_run() {
                    self.status = match self.status {
                        Status::Finished | Status::Failed if data.train > 0 => self.status,
                        _ if data.train > 0 => Status::Ready,
                        _ => Status::Idle,
                    };
                }
                if data != self.data
                    && let Some(run) = &mut self.run
                {
                    run.is_kept = false;
                }
                if data != self.data {
                    self.images.clear();
                    (self.gallery, self.statistics, self.estimate) = (None, None, None);
                    // A picture of the visitor's own stays.
                    self.picked = self.picked.take().filter(|picked| picked.label.is_none());
                }
                self.data = data;
            }
            Event::Started { run, config, steps_per_epoch } => {
                self.status = Status::Running;
                self.is_starting = false;
                self.put_aside();
                let colour = (0..=MAX_PAST).find(|colour| self.past.iter().all(|past| past.colour != *colour));
                self.run = Some(RunHistory {
                    id: run,
                    rate: config.learning_rate,
                    config,
                    data: self.data.clone(),
                    name: self.opening.take().unwrap_or_else(|| format!("run {run}")),
                    colour: colour.unwrap_or(0),
                    is_shown: true,
                    steps_per_epoch,
                    losses: Vec::new(),
                    seconds: Vec::new(),
                    records: Vec::new(),
                    done: 0.0,
                    epoch: 0,
                    images_per_second: 0.0,
                    seconds_left: None,
                    measuring: true,
                    memory_bytes: 0,
                    ended: None,
                    check: None,
                    report: None,
                    line: None,
                    scale: None,
                    first_layer: None,
                    prediction: None,
                    no_checkpoint: None,
                    is_kept: true,
                });
            }
            Event::Progress(progress) => {
                if let Some(run) = self.run_of(progress.run) {
                    run.losses.extend(progress.losses);
                    run.seconds.extend(progress.seconds);
                    run.done = progress.done;
                    run.epoch = progress.epoch;
                    run.images_per_second = progress.images_per_second;
                    run.seconds_left = progress.seconds_left;
                    run.measuring = progress.measuring;
                }
            }
            Event::Epoch { run, record, memory_bytes } => {
                if let Some(run) = self.run_of(run) {
                    run.records.push(record);
                    run.memory_bytes = memory_bytes;
                }
            }
            Event::Gradients { run, total, entries, done } => {
                if let Some(run) = self.run.as_mut().filter(|last| last.id == run) {
                    let step = run.losses.len();
                    let check = run.check.get_or_insert_default();
                    if done == 0 {
                        check.step = step;
                    }
                    (check.total, check.done, check.entries) = (total, done, entries);
                }
            }
            Event::Paused { run } if self.run_of(run).is_some() => self.status = Status::Paused,
            Event::Resumed { run } if self.run_of(run).is_some() => self.status = Status::Running,
            Event::Ended { run, reason } => self.end(run, &reason),
            Event::Refused { about: About::Bench | About::Fit, .. } => {}
            Event::Refused { about, message } => {
                self.is_starting = false;
                self.problem = Some(Problem { about, message });
            }
            Event::Crashed { message } => {
                let had_run = self.status.has_run();
                let was = if had_run { "The run broke off" } else { "The worker broke off" };
                if let Some(run) = &mut self.run {
                    run.is_kept = false;
                    if had_run {
                        run.ended = Some(format!("Broke off after step {}.", run.losses.len()));
                    }
                }
                self.is_starting = false;
                self.loading = None;
                self.data = DataSummary::default();
                self.status = Status::Failed;
                let message = format!(
                    "{was}: {message} The curves so far are kept. Start again; if the data are gone, choose them again."
                );
                self.problem = Some(Problem { about: About::Command, message });
            }
            Event::Images { validation, images } => {
                self.images.extend(images.into_iter().map(|image| ((validation, image.index), image)));
            }
            Event::Report { run, step, done, total, report } => {
                if let Some(run) = self.last_run(run) {
                    run.report = Some(ReportState { step, done, total, report });
                }
            }
            Event::LossLine { run, line } => {
                if let Some(run) = self.last_run(run) {
                    run.line = Some(*line);
                }
            }
            Event::Scale { run, step, done, total, scale } => {
                if let Some(run) = self.last_run(run) {
                    run.scale = Some(ScaleState { step, done, total, scale });
                }
            }
            Event::FirstLayer { run, step, images } => {
                if let Some(run) = self.last_run(run) {
                    run.first_layer = Some((step, images));
                }
            }
            Event::Prediction { run, step, prediction } => {
                if let Some(run) = self.last_run(run) {
                    run.prediction = Some((step, *prediction));
                }
            }
            Event::Gallery { validation, skip, classes } => {
                self.gallery = Some(Gallery { validation, skip, classes });
            }
            Event::Statistics { train, validation } => self.statistics = Some((*train, *validation)),
            Event::Estimate { config, estimate, is_done } => {
                self.estimate = Some(EstimateState { config: *config, estimate, is_done });
            }
            Event::NoCheckpoint { run, message } => {
                if let Some(run) = self.run_of(run) {
                    run.no_checkpoint = Some(message);
                }
            }
            Event::Restored { run, epoch, losses, records, rate_changes } => {
                self.interrupted = None;
                if let Some(run) = self.run_of(run) {
                    run.seconds = vec![f32::NAN; losses.len()];
                    (run.epoch, run.losses, run.records) = (epoch, losses, records);
                    run.rate = rate_changes.last().map_or(run.rate, |change| change.learning_rate);
                }
            }
            Event::LearningRate { run, change } => {
                if let Some(run) = self.run_of(run) {
                    run.rate = change.learning_rate;
                }
            }
            Event::Checkpoint { .. }
            | Event::Model { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. }
            | Event::Fit(_)
            | Event::Bench(_)
            | Event::Growth { .. }
            | Event::BenchProgress { .. } => {}
        }
    }

    fn end(&mut self, id: RunId, reason: &EndReason) {
        let Some(run) = self.run_of(id) else { return };
        let step = run.losses.len();
        run.seconds_left = None;
        let epochs = |number: usize| super::numbers::counted(number, "epoch");
        run.ended = Some(match reason {
            EndReason::Finished => format!("Finished: {}.", epochs(run.epoch)),
            EndReason::Stopped => format!("Stopped after {} and {step} steps.", epochs(run.epoch)),
            EndReason::Diverged { step } => format!("Diverged at step {step}."),
            EndReason::Lost { .. } => format!("Lost a worker after step {step}."),
        });
        run.is_kept &= !matches!(reason, EndReason::Lost { .. });
        if run.done > 0.999 && *reason == EndReason::Finished {
            run.done = 1.0;
        }
        let kept = run.last_record().map_or(0, |record| record.epoch);
        match reason {
            EndReason::Diverged { step } => {
                self.status = Status::Failed;
                let message = format!(
                    "The loss was no longer a number at step {step}: the learning rate is too high for this network. The network is back at its weights after {}. Start again with a lower rate.",
                    epochs(kept)
                );
                self.problem = Some(Problem { about: About::Setting(Field::LearningRate), message });
            }
            EndReason::Lost { checkpoint } => {
                self.status = Status::Failed;
                let then = match checkpoint {
                    Some(epoch) => {
                        format!("The last checkpoint is from epoch {epoch}: go on from there, or start again.")
                    }
                    None => {
                        "There is no checkpoint to go on from. Start again, with fewer workers if it happens again."
                            .into()
                    }
                };
                let message = format!(
                    "A worker was lost: the browser ended it, or it ran out of memory. The curves so far are kept. {then}"
                );
                self.problem = Some(Problem { about: About::Command, message });
            }
            EndReason::Finished | EndReason::Stopped => self.status = Status::Finished,
        }
    }

    /// The last run, if this is its id: under way or over.
    fn last_run(&mut self, id: RunId) -> Option<&mut RunHistory> {
        self.run.as_mut().filter(|run| run.id == id)
    }

    fn run_of(&mut self, id: RunId) -> Option<&mut RunHistory> {
        self.last_run(id).filter(|run| run.ended.is_none())
    }
}
