//! The train lab: the form, the data, and the run, as the page knows them from the worker's events.

mod form;
mod presets;
mod run;

use std::collections::BTreeMap;

use crate::data::Statistics;
use crate::protocol::{About, DataSummary, EndReason, Event, Host, RunId, ShownImage, VERSION};
use crate::train::estimate::Estimate;
use crate::train::{Checkpoint, Config, Field};

pub use form::{Form, ScheduleKind};
pub use presets::{Preset, presets};
pub use run::{GradientReport, LayerCheck, ReportState, RunHistory, ScaleState};

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

impl Interrupted {
    /// What a checkpoint's bytes say; `None` if they are damaged, of another version, or of a run that was done.
    pub fn from_checkpoint(bytes: Vec<u8>) -> Option<Self> {
        let checkpoint = Checkpoint::decode(&bytes).ok()?;
        let (epoch, config) = (checkpoint.epoch(), checkpoint.config().clone());
        (epoch < config.epochs).then_some(Self { epoch, config, bytes })
    }
}

impl TrainLab {
    /// Loading was asked for.
    pub fn start_loading(&mut self) {
        self.problem = None;
        self.loading = Some(LoadProgress::default());
        self.status = Status::Loading;
    }

    /// Whether data are being loaded, or a run is under way.
    pub fn is_busy(&self) -> bool {
        self.status == Status::Loading || self.status.has_run()
    }

    /// Chooses an image to be looked at. What was said of another is not said of it.
    pub fn pick(&mut self, picked: Picked) {
        self.picked = Some(picked);
        if let Some(run) = &mut self.run {
            run.prediction = None;
        }
    }

    /// An image of the last run's data, if it was sent. Once the network is gone, the data may be others.
    pub fn picture_of_last_run(&self, validation: bool, index: usize) -> Option<Vec<u8>> {
        self.run.as_ref().filter(|run| run.is_kept)?;
        self.images.get(&(validation, index)).map(|image| image.pixels.clone())
    }

    /// Whether a run could start now.
    pub fn can_start(&self) -> bool {
        self.data.train > 0 && !self.status.has_run() && !self.is_starting && self.status != Status::Loading
    }

    /// Whether a model could be opened now: that needs no data.
    pub fn can_open(&self) -> bool {
        !self.status.has_run() && !self.is_starting && self.status != Status::Loading
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
        run.lose_network();
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
            About::Data | About::Model | About::Look | About::Fit | About::Bench | About::Command => None,
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
                    run.lose_network();
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
                    origin: None,
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
                    alike: None,
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
            Event::Alike { run, alike } => {
                if let Some(run) = self.run_of(run) {
                    run.alike = Some(alike);
                }
            }
            Event::Opened { run, origin } => {
                if let Some(run) = self.last_run(run) {
                    run.origin = Some(origin);
                }
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
            Event::Refused { about: About::Look, message } => {
                self.problem = Some(Problem { about: About::Look, message });
            }
            Event::Gone { run } => {
                if let Some(run) = self.last_run(run) {
                    run.lose_network();
                }
                let message = "The network of this run is not there any more. Start a new run.".into();
                self.problem = Some(Problem { about: About::Look, message });
            }
            Event::Refused { about, message } => {
                self.is_starting = false;
                self.problem = Some(Problem { about, message });
            }
            Event::Crashed { message } => {
                let had_run = self.status.has_run();
                let was = if had_run { "The run broke off" } else { "The worker broke off" };
                if let Some(run) = &mut self.run {
                    run.lose_network();
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
            EndReason::Finished => format!("Finished: {}.{}", epochs(run.epoch), run.alike_text()),
            EndReason::Stopped => format!("Stopped after {} and {step} steps.", epochs(run.epoch)),
            EndReason::Diverged { step } => format!("Diverged at step {step}."),
            EndReason::WithoutData => "Opened without data.".into(),
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
            EndReason::Finished | EndReason::Stopped | EndReason::WithoutData => self.status = Status::Finished,
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
