//! The train lab: the form, the data, and the run, as the page knows them from the worker's events.

mod form;
mod glance;
pub mod kept;
mod link;
mod presets;
pub mod recorded;
mod run;

use std::collections::BTreeMap;

use crate::data::{CLASSES, Decision, Found, Statistics, class_names};
use crate::protocol::{About, DataSummary, EndReason, Event, Host, RunId, ShownImage, Source, VERSION};
use crate::train::estimate::Estimate;
use crate::train::{Config, Field};

pub use form::{Form, ScheduleKind};
use kept::RunKey;
pub use link::SettingsLinkError;
pub use presets::{Preset, presets};
pub use run::{GradientReport, LayerCheck, ReportState, RunHistory, ScaleState, file_name};

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

/// What a kept run that goes on keeps of what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Resuming {
    /// By what it is kept.
    pub key: RunKey,
    /// What the visitor calls it.
    pub name: String,
    /// What the visitor has written about it.
    pub note: String,
    /// When it began, in milliseconds since 1970.
    pub started_ms: f64,
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
    /// What was found in the files that were read last; it may wait for a word.
    pub found: Option<Found>,
    /// What is decided of it until now.
    pub decision: Decision,
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
    /// Why there is no worker, while there is none and none is on its way.
    pub unavailable: Option<String>,
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
    /// What is to be said of the files that are kept in the browser.
    pub kept: Option<String>,
    /// A start was asked for and is not answered yet.
    pub is_starting: bool,
    /// The file whose network that start is to begin with.
    pub opening: Option<String>,
    /// The kept run that that start is to go on with.
    pub resuming: Option<Resuming>,
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

/// Whether a problem of this kind is over as soon as a run starts.
fn is_passing(about: About) -> bool {
    matches!(about, About::Look | About::Command)
}

impl TrainLab {
    /// Loading was asked for.
    pub fn start_loading(&mut self) {
        self.problem = None;
        self.found = None;
        self.decision = Decision::default();
        self.loading = Some(LoadProgress::default());
        self.status = Status::Loading;
    }

    /// Whether data are being loaded, or a run is under way.
    pub fn is_busy(&self) -> bool {
        self.status == Status::Loading || self.status.has_run()
    }

    /// Why no files can be loaded now, if they cannot.
    pub fn why_not_load(&self) -> Option<String> {
        let why = match self.status {
            _ if self.is_asked() => "Files wait for your word: use what was found in them, or cancel.",
            Status::Loading => "Data are still being loaded. Wait for that, or cancel it.",
            Status::Running | Status::Paused => "A run is under way. Stop it first, then load other data.",
            Status::Idle | Status::Ready | Status::Finished | Status::Failed => return None,
        };
        Some(why.into())
    }

    /// Whether files wait for a word.
    pub fn is_asked(&self) -> bool {
        self.found.as_ref().is_some_and(|found| found.asks)
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

    /// The run's state in words.
    pub fn status_text(&self) -> String {
        match (self.status, &self.run) {
            _ if self.is_starting => "Starting".into(),
            (Status::Idle | Status::Loading, _) if self.unavailable.is_some() => "No trainer".into(),
            (Status::Idle | Status::Loading, _) if self.kernel.is_none() => "Fetching the trainer".into(),
            (Status::Idle, _) => "Waiting for data".into(),
            (Status::Loading, _) => "Loading data".into(),
            (Status::Ready, _) => "Ready to start".into(),
            (Status::Running, Some(run)) if run.measuring => "Measuring accuracy".into(),
            (Status::Running, _) => "Training".into(),
            (Status::Paused, _) => "Paused".into(),
            (Status::Finished | Status::Failed, Some(run)) => run.ended.clone().unwrap_or_default(),
            (Status::Finished | Status::Failed, None) => "Broke off".into(),
        }
    }

    /// What to say where curves will be.
    pub fn empty_text(&self) -> &'static str {
        match self.status {
            Status::Loading => "Curves appear here once a run starts. The data are being loaded.",
            _ if self.is_starting => "The run is starting.",
            _ if self.data.train > 0 => "Curves appear here: press Start.",
            _ => "Curves appear here: take the sample or choose CIFAR-10 batches, then press Start.",
        }
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
        (self.opening, self.resuming) = (None, None);
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

    /// Puts a kept run beside the others, in the order in which they began; the oldest gives way if there are too many.
    /// One that is here already takes its place.
    pub fn show_kept(&mut self, mut run: RunHistory) {
        if run.key.is_some() && self.run.as_ref().is_some_and(|last| last.key == run.key) {
            return;
        }
        let old = self.past.iter().position(|past| past.key.is_some() && past.key == run.key);
        if let Some(old) = old.map(|at| self.past.remove(at)) {
            (run.id, run.colour, run.is_shown) = (old.id, old.colour, old.is_shown);
        } else {
            if self.past.len() >= MAX_PAST {
                self.past.remove(0);
            }
            self.next_run += 1;
            run.id = self.next_run;
            run.colour = self.free_colour();
            run.is_shown = true;
        }
        run.lose_network();
        let at = self.past.partition_point(|past| past.started_ms <= run.started_ms);
        self.past.insert(at, run);
    }

    /// A run by its key.
    pub fn run_of_key(&mut self, key: &RunKey) -> Option<&mut RunHistory> {
        self.past.iter_mut().chain(&mut self.run).find(|run| run.key.as_ref() == Some(key))
    }

    fn free_colour(&self) -> usize {
        let is_free = |colour: &usize| self.runs().all(|run| run.colour != *colour);
        (0..=MAX_PAST).find(is_free).unwrap_or(0)
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
            About::Data | About::Model | About::Look | About::Fit | About::Plane | About::Bench | About::Command => {
                None
            }
        }
    }

    /// Takes what the worker says. Messages about another run than the last come too late and do nothing.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Ready { version, kernel, host } => {
                self.kernel = Some(kernel);
                self.host = Some(host);
                self.unavailable = None;
                if version != VERSION {
                    let message = "The page and its worker are of different versions. Reload the page.".into();
                    self.problem = Some(Problem { about: About::Command, message });
                    self.status = Status::Failed;
                }
            }
            Event::Loading { done, total, name } => {
                // A load that waited for a worker to start was given up here, and goes on by itself.
                if self.status == Status::Idle {
                    self.status = Status::Loading;
                }
                if self.status == Status::Loading {
                    self.loading = Some(LoadProgress { done, total, name });
                }
            }
            Event::Found(found) => {
                self.loading = None;
                self.found = Some(*found);
            }
            Event::Data(data) => {
                self.loading = None;
                // What still waits was given up; and what is gone has no files.
                self.found = self.found.take().filter(|found| !found.asks && data.source == Source::Files);
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
                self.problem = self.problem.take().filter(|problem| !is_passing(problem.about));
                self.put_aside();
                let earlier = self.resuming.take();
                // A run that goes on is still the same run.
                self.past
                    .retain(|past| past.key.is_none() || past.key.as_ref() != earlier.as_ref().map(|run| &run.key));
                let colour = self.free_colour();
                let opened = self.opening.take();
                let name = earlier.as_ref().map(|run| run.name.clone()).or(opened);
                self.run = Some(RunHistory {
                    id: run,
                    key: earlier.as_ref().map(|run| run.key.clone()),
                    note: earlier.as_ref().map(|run| run.note.clone()).unwrap_or_default(),
                    started_ms: earlier.as_ref().map_or(0.0, |run| run.started_ms),
                    broke_off: false,
                    rate: config.learning_rate,
                    config,
                    data: self.data.clone(),
                    name: name.unwrap_or_else(|| format!("run {run}")),
                    origin: None,
                    colour,
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
                    diverged_at: None,
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
            Event::Unavailable { message } => {
                self.is_starting = false;
                (self.opening, self.resuming) = (None, None);
                self.loading = None;
                if self.status == Status::Loading {
                    self.status = if self.data.train > 0 { Status::Ready } else { Status::Idle };
                }
                self.unavailable = Some(message);
            }
            Event::Gone { run } => {
                if let Some(run) = self.last_run(run) {
                    run.lose_network();
                }
                let message = "This run’s network is gone. Start a new run.".into();
                self.problem = Some(Problem { about: About::Look, message });
            }
            Event::Refused { about, message } => {
                self.is_starting = false;
                self.resuming = None;
                self.problem = Some(Problem { about, message });
            }
            Event::Crashed { message } => {
                let had_run = self.status.has_run();
                let was = if had_run { "The run broke off" } else { "The worker broke off" };
                if let Some(run) = &mut self.run {
                    run.lose_network();
                    if had_run {
                        run.ended = Some(format!("Broke off after step {}.", run.losses.len()));
                        run.broke_off = true;
                    }
                }
                self.is_starting = false;
                self.loading = None;
                self.found = None;
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
                self.look_succeeded();
                if let Some(run) = self.last_run(run) {
                    run.report = Some(ReportState { step, done, total, report });
                }
            }
            Event::LossLine { run, line } => {
                self.look_succeeded();
                if let Some(run) = self.last_run(run) {
                    run.line = Some(*line);
                }
            }
            Event::Scale { run, step, done, total, scale } => {
                self.look_succeeded();
                if let Some(run) = self.last_run(run) {
                    run.scale = Some(ScaleState { step, done, total, scale });
                }
            }
            Event::FirstLayer { run, step, images } => {
                self.look_succeeded();
                if let Some(run) = self.last_run(run) {
                    run.first_layer = Some((step, images));
                }
            }
            Event::Prediction { run, step, prediction } => {
                self.look_succeeded();
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
            | Event::Plane(_)
            | Event::PlaneSeeds { .. }
            | Event::Bench(_)
            | Event::SpeedsSoFar(_)
            | Event::Growth { .. }
            | Event::BenchProgress { .. } => {}
        }
    }

    /// A look at a network was answered, so what was said of an earlier one that was not is over.
    fn look_succeeded(&mut self) {
        self.problem = self.problem.take().filter(|problem| problem.about != About::Look);
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
        if let EndReason::Diverged { step } = reason {
            run.diverged_at = Some(*step);
        }
        run.broke_off = matches!(reason, EndReason::Lost { .. });
        run.is_kept &= !run.broke_off;
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

/// The names of the classes of some data: those that came with them, else CIFAR-10's; of the sample, which has other
/// classes, their numbers.
pub fn names_of_classes(data: &DataSummary) -> [String; CLASSES] {
    std::array::from_fn(|class| match (data.source, data.class_names.get(class)) {
        (Source::Files, Some(name)) => name.clone(),
        (Source::Files, None) => class_names::CIFAR_10[class].to_owned(),
        (Source::Sample | Source::None, _) => class.to_string(),
    })
}
