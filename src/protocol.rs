//! What the page and the worker say to each other.
//!
//! Messages are these enums, encoded with postcard; files travel beside them as handles. The worker speaks
//! first, with [`Event::Ready`]; a page of another [`VERSION`] must not go on. Each run has an id that the
//! page chooses, so that a late message about an ended run is known as such.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::data::{Decision, Found, Statistics};
use crate::train::estimate::Estimate;
use crate::train::loss_line::{Evidence, LossPoint};
use crate::train::model::{Origin, Reading};
use crate::train::plane::PlaneProblem;
use crate::train::scale::Scale;
use crate::train::{
    Alike, CheckedEntry, Config, EpochRecord, Field, FitProblem, FittedNet, Prediction, RateChange, Report, WeightImage,
};

/// Changes with every change of the messages.
pub const VERSION: u32 = 12;

/// Most mistakes that a report names.
pub const MAX_MISTAKES: usize = 100;

/// Most images that are sent at once.
pub const MAX_IMAGES: usize = 200;

/// A run's id.
pub type RunId = u32;

/// From the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Read these files, whose handles come beside the message in the same order, and add the images in them to the
    /// data: [`Event::Found`] says what there is, and whether it waits for [`Command::Take`].
    Load {
        /// Name and size of each.
        files: Vec<FileInfo>,
        /// Whether [`Command::MoreFiles`] will follow.
        is_open: bool,
        /// What was decided of these files before: then nothing is asked.
        decision: Option<Decision>,
    },
    /// Read these files too, whose handles come beside the message.
    MoreFiles {
        /// Name and size of each.
        files: Vec<FileInfo>,
        /// Whether more will follow.
        is_open: bool,
    },
    /// Say what would be found if this were decided: [`Event::Found`] answers.
    Consider {
        /// In place of what was decided until now.
        decision: Decision,
    },
    /// Use what was found.
    Take {
        /// In place of what was decided until now.
        decision: Decision,
    },
    /// Make the synthetic sample, in place of any data.
    LoadSample {
        /// Of the sample.
        seed: u64,
    },
    /// Give up loading; the data stay as they were.
    CancelLoad,
    /// Drop the data.
    ForgetData,
    /// Start a run on the data.
    Start {
        /// Its id.
        run: RunId,
        /// Its settings.
        config: Config,
    },
    /// Hold the run.
    Pause {
        /// Which.
        run: RunId,
    },
    /// Go on with a paused run.
    Resume {
        /// Which.
        run: RunId,
    },
    /// End the run.
    Stop {
        /// Which.
        run: RunId,
    },
    /// Start a run where a checkpoint ends, on the data of before: [`Event::Started`] and [`Event::Restored`] answer.
    ResumeFrom {
        /// Its id.
        run: RunId,
        /// Of an [`Event::Checkpoint`].
        #[serde(with = "bytes")]
        bytes: Vec<u8>,
        /// Learning rates set in the earlier run, to be repeated: those up to the checkpoint may be among them.
        rate_changes: Vec<RateChange>,
    },
    /// Change the learning rate of a run, held or not, from its next step on: [`Event::LearningRate`] answers.
    SetLearningRate {
        /// Which.
        run: RunId,
        /// Before the schedule.
        learning_rate: f32,
    },
    /// Show images: those of these numbers that there are, at most [`MAX_IMAGES`].
    Images {
        /// Whether of the validation images; else of the training images.
        validation: bool,
        /// Which, from 0.
        indices: Vec<usize>,
    },
    /// Give the run's network as it is: [`Event::Model`] answers. Held or not, or ended.
    Model {
        /// Which run.
        run: RunId,
        /// What its layers are to be called, as [`layer_names`](crate::train::model::layer_names) reads it.
        names: String,
    },
    /// Start a run from a network in a file: [`Event::Opened`] follows its start. It is measured, and then held before its
    /// first step; without data, it is over at once, and can be looked at.
    OpenModel {
        /// Its id.
        run: RunId,
        /// The file, as of an [`Event::Model`]. From the page it comes as a handle beside the message.
        #[serde(with = "bytes")]
        bytes: Vec<u8>,
        /// Settings, if the file has none; the network's shape is the file's.
        config: Config,
        /// How the network is to be taken to read images.
        reading: Reading,
    },
    /// Measure the loss on the line from the run's initial weights to those it has now. Training waits.
    LossLine {
        /// Which run.
        run: RunId,
    },
    /// Measure how large the signals in the run's network are. Training waits.
    Scale {
        /// Which run.
        run: RunId,
    },
    /// Show the first layer's weights of the run's network: of the neurons with the largest.
    FirstLayer {
        /// Which run.
        run: RunId,
        /// How many, at most [`MAX_IMAGES`].
        count: usize,
    },
    /// Let the run's network classify an image.
    Predict {
        /// Which run.
        run: RunId,
        /// 3072 bytes, planar.
        #[serde(with = "bytes")]
        pixels: Vec<u8>,
    },
    /// Show images by class.
    Gallery {
        /// Whether of the validation images; else of the training images.
        validation: bool,
        /// How many of each class are passed over.
        skip: usize,
        /// How many of each class, at most a tenth of [`MAX_IMAGES`].
        each: usize,
    },
    /// Count the data's classes, and find the mean and standard deviation of each channel.
    Statistics,
    /// Estimate what a run would take, by two seconds of measuring.
    Estimate {
        /// The run's settings.
        config: Config,
    },
    /// Check the run's gradients as they are now: held or not, or ended.
    CheckGradients {
        /// Which run.
        run: RunId,
    },
    /// Look at a run's network as it is, on the images that it is validated on or that were held out: held or not, or
    /// ended. Training waits.
    Report {
        /// Which run.
        run: RunId,
        /// How many of the most confident mistakes are to be named, at most
        /// [`MAX_MISTAKES`].
        mistakes: usize,
    },
    /// Learn a curve. One that is being learned is given up.
    Fit {
        /// Its id.
        id: RunId,
        /// The curve.
        problem: FitProblem,
    },
    /// Hold the learning of a curve, or go on with it.
    HoldFit {
        /// Which.
        id: RunId,
        /// Whether to hold it.
        is_held: bool,
    },
    /// End the learning of a curve.
    StopFit {
        /// Which.
        id: RunId,
    },
    /// Something about the network of the plane lab.
    Plane(PlaneCommand),
    /// Measure speeds.
    Bench,
    /// Measure how the cost of a step grows: with the width, with the batch, and with as many workers as there can be.
    Growth {
        /// Of the homework's width alone, instead of all others.
        is_large: bool,
    },
    /// Stop measuring.
    StopBench,
}

impl Command {
    /// The run whose network it asks about, if it does.
    pub fn asked_run(&self) -> Option<RunId> {
        match *self {
            Self::Model { run, .. }
            | Self::Report { run, .. }
            | Self::LossLine { run }
            | Self::Scale { run }
            | Self::FirstLayer { run, .. }
            | Self::Predict { run, .. }
            | Self::CheckGradients { run } => Some(run),
            _ => None,
        }
    }
}

/// A file to load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// With the folders that it came in, parted by `/`.
    pub name: String,
    /// Bytes.
    pub size: u64,
}

/// What the worker finds around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Cores, by what the browser says.
    pub cores: usize,
    /// Workers that may train one network together, at least 1.
    pub workers_max: usize,
    /// Whether the page is cross-origin isolated; if not, workers cannot share memory, and there is only 1.
    pub is_isolated: bool,
}

impl Default for Host {
    fn default() -> Self {
        Self { cores: 2, workers_max: 1, is_isolated: false }
    }
}

/// From the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The worker is up.
    Ready {
        /// [`VERSION`] of its build.
        version: u32,
        /// Its f32 kernel.
        kernel: String,
        /// Who can train together here.
        host: Host,
    },
    /// Loading goes on: bytes of files, or images of the sample.
    Loading {
        /// Done.
        done: u64,
        /// In all.
        total: u64,
        /// What is being read.
        name: String,
    },
    /// What is in the files that were read.
    Found(Box<Found>),
    /// The data are now these.
    Data(DataSummary),
    /// A run has started.
    Started {
        /// Its id.
        run: RunId,
        /// Its settings.
        config: Config,
        /// Steps of an epoch.
        steps_per_epoch: usize,
    },
    /// A run has started from a file.
    Opened {
        /// Which run.
        run: RunId,
        /// What was assumed.
        origin: Box<Origin>,
    },
    /// A run goes on.
    Progress(Progress),
    /// A run has measured an epoch.
    Epoch {
        /// Which run.
        run: RunId,
        /// What it found.
        record: EpochRecord,
        /// Of all the run's workers together; 0 if it is not known.
        memory_bytes: u64,
    },
    /// Images that were asked for.
    Images {
        /// Whether of the validation images.
        validation: bool,
        /// Those that there are.
        images: Vec<ShownImage>,
    },
    /// The run can go on from here, whatever happens: sent after an epoch's record, 0 included, but at most once a second,
    /// unless the run is held or ends.
    Checkpoint {
        /// Which run.
        run: RunId,
        /// For [`Command::ResumeFrom`]. To the page they go beside the message.
        #[serde(with = "bytes")]
        bytes: Vec<u8>,
    },
    /// A run's network as a file.
    Model {
        /// Which run.
        run: RunId,
        /// See [`crate::train::model`]. To the page they go beside the message.
        #[serde(with = "bytes")]
        bytes: Vec<u8>,
    },
    /// The loss on the line from initial to present weights: as far as it is measured.
    LossLine {
        /// Which run.
        run: RunId,
        /// What is known.
        line: Box<LineState>,
    },
    /// The size of a network's signals is being measured, or is known.
    Scale {
        /// Which run.
        run: RunId,
        /// Steps done by the network.
        step: usize,
        /// Images done.
        done: usize,
        /// In all.
        total: usize,
        /// What was found, with the last.
        scale: Option<Box<Scale>>,
    },
    /// First-layer weights as images.
    FirstLayer {
        /// Which run.
        run: RunId,
        /// Steps done by the network.
        step: usize,
        /// The neurons with the largest weights first.
        images: Vec<WeightImage>,
    },
    /// An image was classified.
    Prediction {
        /// Which run.
        run: RunId,
        /// Steps done by the network.
        step: usize,
        /// What the network says.
        prediction: Box<Prediction>,
    },
    /// Images by class.
    Gallery {
        /// Whether of the validation images.
        validation: bool,
        /// How many of each class were passed over.
        skip: usize,
        /// Of each class, from 0.
        classes: Vec<Vec<ShownImage>>,
    },
    /// What the data are like.
    Statistics {
        /// Of the training images.
        train: Box<Statistics>,
        /// Of the validation images.
        validation: Box<Statistics>,
    },
    /// What a run would take is being measured, or known.
    Estimate {
        /// The run's settings.
        config: Box<Config>,
        /// What was measured so far.
        estimate: Option<Estimate>,
        /// Whether that is final.
        is_done: bool,
    },
    /// The network of a run, over or under way, is not there any more.
    Gone {
        /// Which run.
        run: RunId,
    },
    /// A run is too large for checkpoints; said once.
    NoCheckpoint {
        /// Which run.
        run: RunId,
        /// A sentence.
        message: String,
    },
    /// What a resumed run had done before.
    Restored {
        /// Its id.
        run: RunId,
        /// Epochs done.
        epoch: usize,
        /// Of each step done.
        losses: Vec<f32>,
        /// From epoch 0 on.
        records: Vec<EpochRecord>,
        /// Learning rates set, those still to be repeated included.
        rate_changes: Vec<RateChange>,
    },
    /// A run's learning rate is another from here on; what was to be repeated of later steps is dropped.
    LearningRate {
        /// Which run.
        run: RunId,
        /// From when, and which.
        change: RateChange,
    },
    /// A run is held.
    Paused {
        /// Which.
        run: RunId,
    },
    /// A held run goes on.
    Resumed {
        /// Which.
        run: RunId,
    },
    /// A gradient check goes on, or is done.
    Gradients {
        /// Which run.
        run: RunId,
        /// Entries to be checked.
        total: usize,
        /// Those checked so far; sent whole with the last.
        entries: Vec<CheckedEntry>,
        /// How many are checked.
        done: usize,
    },
    /// A report goes on, or is done.
    Report {
        /// Which run.
        run: RunId,
        /// Steps done by the network.
        step: usize,
        /// Images looked at.
        done: usize,
        /// In all.
        total: usize,
        /// What was found, with the last.
        report: Option<Box<Report>>,
    },
    /// A run that is about to end takes all images for the same.
    Alike {
        /// Which run.
        run: RunId,
        /// What was looked at, and what shows the reason.
        alike: Alike,
    },
    /// A run is over.
    Ended {
        /// Which.
        run: RunId,
        /// Why.
        reason: EndReason,
    },
    /// A curve is being learned, or has been.
    Fit(Box<FitProgress>),
    /// What a network of the plane lab does in a window: answers [`PlaneCommand::Start`], [`PlaneCommand::Train`] and
    /// [`PlaneCommand::Show`].
    Plane(Box<PlaneReport>),
    /// Training from several seeds, as far as it is.
    PlaneSeeds {
        /// Which run asked for it.
        id: RunId,
        /// Training points that are not right at the end, from each seed that is done.
        wrong: Vec<usize>,
        /// Whether no more will come.
        is_over: bool,
    },
    /// A measurement of speed, done or stopped.
    Bench(Speeds),
    /// How the cost grows, as far as it is measured.
    Growth {
        /// In the order of measuring.
        points: Vec<GrowthPoint>,
        /// A sentence about points that could not be measured, if there are any.
        problem: Option<String>,
        /// Whether no more will come.
        is_over: bool,
    },
    /// Measuring goes on.
    BenchProgress {
        /// Measurements done.
        done: usize,
        /// In all.
        total: usize,
    },
    /// Speeds measured so far; more will come.
    SpeedsSoFar(Speeds),
    /// Something could not be done; nothing else has changed.
    Refused {
        /// What it was about.
        about: About,
        /// A sentence: what, where, what to do.
        message: String,
    },
    /// The worker has panicked and is lost.
    Crashed {
        /// The panic's message.
        message: String,
    },
    /// No worker has started, so nothing was done of what was asked for. The page's own end says this.
    Unavailable {
        /// A sentence: why, and what to do.
        message: String,
    },
}

/// What a refusal is about, so that it is shown next to its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum About {
    /// Files, or the lack of data.
    Data,
    /// A network as a file.
    Model,
    /// A look at a run or its network.
    Look,
    /// A setting.
    Setting(Field),
    /// The learning of a curve.
    Fit,
    /// The network of the plane lab.
    Plane,
    /// A measurement of speed.
    Bench,
    /// A command that does not fit the state.
    Command,
}

/// An image for the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownImage {
    /// Its number in its split, from 0.
    pub index: usize,
    /// Its class.
    pub label: u8,
    /// 3072 bytes, planar: red, green, blue.
    #[serde(with = "bytes")]
    pub pixels: Vec<u8>,
}

/// The loss on the line from a run's initial weights to those of a moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LineState {
    /// Steps done by the network at the end of the line.
    pub step: usize,
    /// Measured so far.
    pub points: Vec<LossPoint>,
    /// What they show, once all are measured.
    pub evidence: Option<Evidence>,
}

/// What the worker holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSummary {
    /// Images to train on.
    pub train: usize,
    /// Images to validate on.
    pub validation: usize,
    /// Where they are from.
    pub source: Source,
    /// The seed of the sample, if they are that.
    pub sample_seed: Option<u64>,
    /// The published archive that they are, byte for byte, if they are one.
    pub official: Option<String>,
    /// Names of the batches, training ones first.
    pub batches: Vec<String>,
    /// The names of the classes that came with the images; none where they are CIFAR-10's or the sample's.
    pub class_names: Vec<String>,
}

/// Where data are from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// There are none.
    #[default]
    None,
    /// Generated.
    Sample,
    /// The user's files.
    Files,
}

/// How a run goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Which run.
    pub run: RunId,
    /// Epochs done.
    pub epoch: usize,
    /// Steps done.
    pub step: usize,
    /// Losses of the steps since the last message.
    pub losses: Vec<f32>,
    /// When each of them was done: seconds of work since the start, measuring included, without pauses.
    pub seconds: Vec<f32>,
    /// Work done, 0–1: training and measuring by their measured cost.
    pub done: f64,
    /// Images trained a second, lately; 0 before the first step.
    pub images_per_second: f64,
    /// Until the end, from the rates measured; `None` before there is one.
    pub seconds_left: Option<f64>,
    /// Whether it is measuring accuracy right now.
    pub measuring: bool,
}

/// How the learning of a curve goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FitProgress {
    /// Which.
    pub id: RunId,
    /// Steps done.
    pub step: usize,
    /// In all.
    pub steps: usize,
    /// The mean squared error before the last step; NaN before the first.
    pub loss: f64,
    /// The network as it is.
    pub net: FittedNet,
    /// Until the end, at the rate so far.
    pub seconds_left: Option<f64>,
    /// Whether it is held.
    pub is_held: bool,
    /// Whether it is over.
    pub is_over: bool,
}

/// About the network of the plane lab. Whatever is asked for last is answered; what is asked for before that is over is
/// not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PlaneCommand {
    /// Take on a problem, in place of the one before, and look at its initial weights.
    Start {
        /// Its id.
        id: RunId,
        /// What to learn.
        problem: Box<PlaneProblem>,
        /// Where to look.
        window: PlaneWindow,
    },
    /// Train, and look at the weights then.
    Train {
        /// Which.
        id: RunId,
        /// At most so many steps.
        steps: usize,
        /// For at most so long.
        most_ms: f64,
        /// Where to look.
        window: PlaneWindow,
    },
    /// Train from the problem's seed and from those after it, each from its own initial weights:
    /// [`Event::PlaneSeeds`] tells how each ended. The run itself stays as it is.
    Seeds {
        /// Which.
        id: RunId,
        /// How many seeds.
        seeds: usize,
        /// Steps from each.
        steps: usize,
    },
    /// Look at weights of before, or of now.
    Show {
        /// Which.
        id: RunId,
        /// After how many steps; they must have been kept. None is now.
        step: Option<usize>,
        /// Where to look.
        window: PlaneWindow,
    },
    /// Forget the problem.
    Drop {
        /// Which.
        id: RunId,
    },
}

/// A part of the plane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaneWindow {
    /// Left and right edge.
    pub x: (f64, f64),
    /// Bottom and top edge.
    pub y: (f64, f64),
}

/// What a network of two inputs does in a window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaneReport {
    /// Which run.
    pub id: RunId,
    /// Steps done by the network that is looked at.
    pub step: usize,
    /// Steps done by the run.
    pub steps: usize,
    /// Steps of an epoch.
    pub steps_per_epoch: usize,
    /// Steps whose weights are kept, the first first.
    pub kept: Vec<usize>,
    /// The step in which a weight was no number any more: the run is over.
    pub diverged: Option<usize>,
    /// The weights: layer by layer W by rows, then b.
    pub weights: Vec<f32>,
    /// The mean cross-entropy of the training and of the validation points.
    pub losses: [Option<f64>; 2],
    /// Of each training and of each validation point.
    pub verdicts: [Vec<PlaneVerdict>; 2],
    /// Milliseconds that the look took, without waiting.
    pub look_ms: f64,
    /// The window and what is in it.
    pub picture: PlanePicture,
}

/// Where a point is, proved in exact arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlaneVerdict {
    /// The output of its class is the largest.
    Right,
    /// That of another is.
    Wrong,
    /// Its own is one of several that are largest.
    Tie,
}

/// The regions of a network in a window, ready to be drawn. Places are shares of the window: (0, 0) is its lower left
/// corner, (1, 1) its upper right.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanePicture {
    /// The window.
    pub window: PlaneWindow,
    /// Convex areas of one region and one prediction.
    pub areas: Vec<PlaneArea>,
    /// Where neurons are 0.
    pub bends: Vec<PlaneBend>,
    /// Segments on which the prediction changes.
    pub boundary: Vec<[[f32; 2]; 2]>,
    /// How many regions there are.
    pub regions: usize,
    /// Whether these are all; if not, there are more than could be looked at.
    pub is_complete: bool,
    /// Of each hidden layer and neuron.
    pub activity: Vec<Vec<PlaneActivity>>,
    /// Signs that were decided, and how many of them in exact numbers.
    pub decisions: [usize; 2],
}

/// A convex area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaneArea {
    /// What is predicted.
    pub class: u8,
    /// How surely at its middle: the share of the probability above chance, of 255.
    pub sureness: u8,
    /// Its corners, counter-clockwise.
    pub corners: Vec<[f32; 2]>,
}

/// A piece of the bent line on which a neuron is 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaneBend {
    /// Hidden layer, from 0.
    pub layer: u8,
    /// Neuron, from 0.
    pub neuron: u8,
    /// Its corners.
    pub points: Vec<[f32; 2]>,
}

/// What a neuron does in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlaneActivity {
    /// It is on everywhere: no bend.
    On,
    /// It is off everywhere: dead there.
    Off,
    /// It bends.
    Both,
}

/// Why a run is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum EndReason {
    /// All epochs are done.
    Finished,
    /// Stopped on command.
    Stopped,
    /// A network was opened, and there are no data to measure or train it on.
    WithoutData,
    /// The loss was no longer a number; the weights are those of the last record.
    Diverged {
        /// At which step, from 1.
        step: usize,
    },
    /// One of its workers crashed, was ended, or could not be started.
    Lost {
        /// The epoch of the last checkpoint, if there is one.
        checkpoint: Option<usize>,
    },
}

/// What a measurement of speed found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Speeds {
    /// Matrix products.
    pub products: Vec<BenchRow>,
    /// What surrounds them.
    pub rates: Vec<RateRow>,
}

/// How fast something goes, in a unit of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateRow {
    /// What was measured.
    pub name: String,
    /// Of `best` and `median`: `images/s` or `MB/s`.
    pub unit: String,
    /// The best of the rounds.
    pub best: f64,
    /// The median of the rounds.
    pub median: f64,
    /// Of the multiply-add limit for images, of copying for bytes; `None` where it means nothing.
    pub share: Option<f64>,
}

/// What grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Over {
    /// The width of both hidden layers.
    #[default]
    Width,
    /// The images a step.
    Batch,
    /// The workers that train together.
    Workers,
}

/// The cost of a step at one size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GrowthPoint {
    /// What is varied.
    pub over: Over,
    /// Its value.
    pub at: usize,
    /// Milliseconds of the fastest step.
    pub best_ms: f64,
    /// The median of the steps.
    pub median_ms: f64,
    /// What its matrix products would take at the multiply-add limit of one core, times the number of workers.
    pub limit_ms: f64,
    /// Images a step.
    pub images: usize,
}

/// A measured speed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BenchRow {
    /// What was measured.
    pub name: String,
    /// Whose code: `limit`, `piecewise` or `ndarray`.
    pub code: String,
    /// Rows of the product; 0 for the limit.
    pub m: usize,
    /// Columns.
    pub n: usize,
    /// Summed index.
    pub k: usize,
    /// Billions of operations a second, a multiplication and an addition being two: the best of the rounds.
    pub gflops: f64,
    /// The median of the rounds.
    pub median_gflops: f64,
    /// `gflops` as a share of the limit's.
    pub share_of_peak: f64,
}

/// Encodes a message.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    postcard::to_stdvec(message).expect("messages are plain data")
}

/// Decodes a message; `None` if the bytes are none of this version.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Some(message),
        _ => None,
    }
}

/// Bytes as one piece: serde alone would take a list's elements one by one.
mod bytes {
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
                formatter.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}
