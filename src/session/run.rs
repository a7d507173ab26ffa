//! A run under way: the trainer, its clock and its reports.

use ndarray::ArrayView2;

use super::Clock;
use super::look::{self, Look, MAX_LINE, MAX_SCALE};
use crate::data::{Dataset, PIXELS};
use crate::protocol::{About, EndReason, Event, MAX_IMAGES, MAX_MISTAKES, Progress, RunId};
use crate::train::checkpoint::MAX_CHECKPOINT;
use crate::train::model::{self, Origin, layer_names};
use crate::train::{
    Advance, Config, Engine, EpochRecord, GradientCheck, Lost, MAX_PARAMETERS, Part, Reporting, Team, TeamEngine,
    Trainer, WeightImage, alike, predict,
};

/// Time between progress messages. Each costs the page a redraw, for which a core must be free; where the workers have all
/// of them, it takes its time from one, and all others wait for that one.
const REPORT_EVERY_MS: f64 = 200.0;
const REPORT_WITHOUT_A_CORE_EVERY_MS: f64 = 500.0;
/// Time between checkpoints that are given out, unless the run is held or ends: of short epochs there may be a hundred a
/// second, and each checkpoint is a file to be written.
const CHECKPOINT_EVERY_MS: f64 = 1_000.0;
/// Time after which a rate has forgotten half of what it saw.
const HALF_LIFE_MS: f64 = 4_000.0;
/// The largest network that is given as a file, in bytes.
pub const MAX_MODEL: u64 = 512 << 20;
/// A trainer with whatever team there is.
pub(super) type TeamTrainer = Trainer<TeamEngine<Box<dyn Team>>>;

pub(super) struct Run {
    id: RunId,
    trainer: TeamTrainer,
    held: bool,
    /// What was assumed of the file that it began with, if it did.
    origin: Option<Box<Origin>>,
    /// It is to be held before its first step.
    holds_at_start: bool,
    over: bool,
    /// A worker is gone, and with it a part of the network.
    is_lost: bool,
    /// It is over before its time, so the work left is not what the trainer says.
    broke_off: bool,
    /// Work done, as last reported.
    done: f64,
    /// Since the last report, and the seconds of work at which they were known.
    losses: Vec<f32>,
    seconds: Vec<f32>,
    /// Epochs measured since the last report, each with the memory of all workers after it.
    records: Vec<(EpochRecord, u64)>,
    worked_ms: f64,
    training: Rate,
    measuring: Rate,
    is_measuring: bool,
    /// It was said that there are no checkpoints.
    has_said_no_checkpoint: bool,
    /// The epoch of the last checkpoint, the checkpoint as long as it is not given out, and when one was, last.
    checkpoint_epoch: Option<usize>,
    unsent: Option<Event>,
    checkpoint_mark: f64,
    /// A gradient check under way; training waits for it.
    check: Option<GradientCheck>,
    /// A look at the network under way, and the steps it had done; training waits for it too.
    look: Option<(Look, usize)>,
    /// A report under way; training waits for it too.
    report: Option<Reporting>,
    /// When the last piece of work ended, so that time between ticks counts as well.
    mark: f64,
    report_every_ms: f64,
    reported: f64,
}

/// Images a millisecond, of late and in the mean of the run.
#[derive(Default)]
struct Rate {
    images: f64,
    ms: f64,
}

impl Rate {
    fn add(&mut self, images: usize, ms: f64) {
        let keep = 0.5_f64.powf(ms / HALF_LIFE_MS);
        self.images = self.images * keep + images as f64;
        self.ms = self.ms * keep + ms;
    }

    fn per_ms(&self) -> Option<f64> {
        (self.ms > 0.0).then(|| self.images / self.ms)
    }
}

impl Run {
    /// `checkpoint_epoch` is that of the checkpoint from which the run goes on, if it does; `cores` are those that there
    /// are.
    pub(super) fn new(
        id: RunId,
        trainer: TeamTrainer,
        checkpoint_epoch: Option<usize>,
        held: bool,
        cores: usize,
        clock: Clock,
    ) -> Self {
        let has_core = trainer.config().workers < cores;
        let (mark, worked_ms) = (clock(), 1000.0 * trainer.seconds());
        Self {
            id,
            trainer,
            held,
            origin: None,
            holds_at_start: false,
            over: false,
            is_lost: false,
            broke_off: false,
            done: 0.0,
            losses: Vec::new(),
            seconds: Vec::new(),
            records: Vec::new(),
            worked_ms,
            training: Rate::default(),
            measuring: Rate::default(),
            is_measuring: true,
            has_said_no_checkpoint: false,
            checkpoint_epoch,
            unsent: None,
            checkpoint_mark: f64::NEG_INFINITY,
            check: None,
            look: None,
            report: None,
            mark,
            report_every_ms: if has_core { REPORT_EVERY_MS } else { REPORT_WITHOUT_A_CORE_EVERY_MS },
            reported: mark,
        }
    }

    /// The same, of a network from a file: held once its weights are measured.
    pub(super) fn of_a_file(self, origin: Box<Origin>) -> Self {
        Self { holds_at_start: true, origin: Some(origin), ..self }
    }

    /// There is nothing to measure or train on: it is over, and its network can be looked at.
    pub(super) fn without_data(&mut self) -> Vec<Event> {
        self.over = true;
        vec![Event::Ended { run: self.id, reason: EndReason::WithoutData }]
    }

    pub(super) fn id(&self) -> RunId {
        self.id
    }

    /// Whether a tick has something to do.
    pub(super) fn is_busy(&self) -> bool {
        !(self.held || self.over) || self.check.is_some() || self.look.is_some() || self.report.is_some()
    }

    pub(super) fn is_lost(&self) -> bool {
        self.is_lost
    }

    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    pub(super) fn pause(&mut self, data: &Dataset) -> Vec<Event> {
        if self.over {
            return Vec::new();
        }
        self.held = true;
        let mut events = self.report_all(data);
        events.push(Event::Paused { run: self.id });
        events
    }

    pub(super) fn resume(&mut self, clock: Clock) -> Vec<Event> {
        if self.over {
            return Vec::new();
        }
        self.held = false;
        self.mark = clock();
        vec![Event::Resumed { run: self.id }]
    }

    pub(super) fn stop(&mut self, data: &Dataset) -> Vec<Event> {
        if self.over {
            return Vec::new();
        }
        let last = self.report_all(data);
        self.end(last, EndReason::Stopped)
    }

    /// What was done before a checkpoint that the run goes on from.
    pub(super) fn restored(&self) -> Event {
        Event::Restored {
            run: self.id,
            epoch: self.trainer.epoch(),
            losses: self.trainer.losses().to_vec(),
            records: self.trainer.records().to_vec(),
            rate_changes: self.trainer.rate_changes().to_vec(),
        }
    }

    pub(super) fn set_learning_rate(&mut self, learning_rate: f32) -> Vec<Event> {
        if self.over {
            return Vec::new();
        }
        vec![match self.trainer.set_learning_rate(learning_rate) {
            Ok(change) => Event::LearningRate { run: self.id, change },
            Err(error) => Event::Refused { about: About::Setting(error.field()), message: error.to_string() },
        }]
    }

    /// What to go on from after this epoch, or once that there is nothing.
    fn checkpoint(&mut self) -> Option<Event> {
        let size = self.trainer.checkpoint_size();
        if size <= MAX_CHECKPOINT {
            self.trainer.set_seconds(self.worked_ms / 1000.0);
            let bytes = self.trainer.checkpoint()?;
            self.checkpoint_epoch = Some(self.trainer.epoch());
            return Some(Event::Checkpoint { run: self.id, bytes });
        }
        if std::mem::replace(&mut self.has_said_no_checkpoint, true) {
            return None;
        }
        let message = format!(
            "This network is too large for checkpoints: one would have {} MiB, and at most {} MiB are kept. If the page is closed, the run is lost.",
            size >> 20,
            MAX_CHECKPOINT >> 20
        );
        Some(Event::NoCheckpoint { run: self.id, message })
    }

    /// The network as a file.
    pub(super) fn model(&mut self, names: &str, data: &Dataset) -> Vec<Event> {
        let config = self.trainer.config();
        let size = 4 * config.parameters();
        if size > MAX_MODEL {
            let message = format!(
                "This network is too large to be saved: its file would have {} MiB, and {} MiB is the most.",
                size >> 20,
                MAX_MODEL >> 20
            );
            return vec![Event::Refused { about: About::Model, message }];
        }
        let config = config.clone();
        let names = match layer_names(names, config.hidden.len() + 1) {
            Ok(names) => names,
            Err(message) => return vec![Event::Refused { about: About::Model, message }],
        };
        let Ok(net) = self.trainer.engine().weights() else { return self.lost(data) };
        vec![Event::Model { run: self.id, bytes: model::encode(&net, &names, &config, self.origin.as_deref()) }]
    }

    /// Starts a check of the gradients as they are now.
    pub(super) fn check_gradients(&mut self, data: &Dataset) -> Vec<Event> {
        let parameters = self.trainer.config().parameters();
        if parameters > MAX_PARAMETERS {
            let message = format!(
                "The check computes in f64, for which {parameters} parameters are too many. Check a network of at most {MAX_PARAMETERS}."
            );
            return vec![Event::Refused { about: About::Look, message }];
        }
        let Ok(check) = self.trainer.check_gradients(data) else { return self.lost(data) };
        let mut events = self.report(data);
        events.push(check_event(self.id, self.check.insert(check)));
        events
    }

    fn tick_check(&mut self, end: f64, clock: Clock) -> Vec<Event> {
        let Some(check) = &mut self.check else { return Vec::new() };
        while !check.advance() && clock() < end {}
        let event = check_event(self.id, check);
        if check.is_done() {
            self.check = None;
        }
        // Its time is not the training's.
        self.mark = clock();
        vec![event]
    }

    /// Starts a report on the network as it is.
    pub(super) fn start_report(&mut self, mistakes: usize, data: &Dataset) -> Vec<Event> {
        let images = self.trainer.selection(data).validation().clone();
        if images.len(data) == 0 {
            let message = "There are no images to validate on, so there is nothing to report. Load test_batch too, or start a run that holds images out.";
            return vec![Event::Refused { about: About::Look, message: message.into() }];
        }
        let report = self.report.insert(Reporting::new(images, mistakes.min(MAX_MISTAKES)));
        vec![report_event(self.id, self.trainer.step(), report, data)]
    }

    fn tick_report(&mut self, data: &Dataset, end: f64, clock: Clock) -> Vec<Event> {
        let Some(report) = &mut self.report else { return Vec::new() };
        loop {
            match report.advance(self.trainer.engine(), data) {
                Ok(is_done) if is_done || clock() >= end => break,
                Ok(_) => {}
                Err(Lost) => return self.lost(data),
            }
        }
        let event = report_event(self.id, self.trainer.step(), report, data);
        if report.done() == report.total(data) {
            self.report = None;
        }
        // Its time is not the training's.
        self.mark = clock();
        vec![event]
    }

    /// Starts to measure the loss on the line from the initial weights.
    pub(super) fn start_line(&mut self, data: &Dataset) -> Vec<Event> {
        let config = self.trainer.config().clone();
        if let Err(message) = room_for(&config, "The loss line", MAX_LINE) {
            return vec![Event::Refused { about: About::Look, message }];
        }
        if self.trainer.began_elsewhere() {
            let message = "This network came from a file, so its initial weights are not known. Start a run of your own to see its line.";
            return vec![Event::Refused { about: About::Look, message: message.into() }];
        }
        let Ok(net) = self.trainer.engine().weights() else { return self.lost(data) };
        let look = Look::along_line(&config, self.trainer.selection(data), net);
        self.start_look(look, data)
    }

    /// Starts to measure how large the signals are.
    pub(super) fn start_scale(&mut self, data: &Dataset) -> Vec<Event> {
        let config = self.trainer.config().clone();
        if let Err(message) = room_for(&config, "The size of the signals", MAX_SCALE) {
            return vec![Event::Refused { about: About::Look, message }];
        }
        let Ok(net) = self.trainer.engine().weights() else { return self.lost(data) };
        let look = Look::at_scale(&config, self.trainer.selection(data), net);
        self.start_look(look, data)
    }

    /// Starts to look for the kinks on the line through two images.
    pub(super) fn start_kinks(&mut self, images: [&[u8]; 2], is_initial: bool, data: &Dataset) -> Vec<Event> {
        let refused = |message: String| vec![Event::Refused { about: About::Look, message }];
        if let Some(pixels) = images.iter().find(|pixels| pixels.len() != PIXELS) {
            return refused(format!("An image has {PIXELS} bytes, but this one has {}.", pixels.len()));
        }
        let config = self.trainer.config().clone();
        if let Err(message) = room_for(&config, "The search for kinks", MAX_SCALE) {
            return refused(message);
        }
        let net = if !is_initial {
            let Ok(net) = self.trainer.engine().weights() else { return self.lost(data) };
            net
        } else if self.trainer.began_elsewhere() {
            return refused(
                "This network came from a file, so its initial weights are not known. Start a run of your own to see their kinks."
                    .into(),
            );
        } else {
            look::initial(&config)
        };
        match Look::for_kinks(net, images, is_initial) {
            Some(look) => self.start_look(look, data),
            None => refused(
                "Kinks are found of networks with one to four hidden layers and finite weights. Look at another network.".into(),
            ),
        }
    }

    fn start_look(&mut self, look: Look, data: &Dataset) -> Vec<Event> {
        let (mut events, step) = (self.report(data), self.trainer.step());
        events.push(look.event(self.id, step, false));
        self.look = Some((look, step));
        events
    }

    fn tick_look(&mut self, data: &Dataset, end: f64, clock: Clock) -> Vec<Event> {
        let Some((look, step)) = &mut self.look else { return Vec::new() };
        let is_done = loop {
            let is_done = look.advance(data);
            if is_done || clock() >= end {
                break is_done;
            }
        };
        let event = look.event(self.id, *step, is_done);
        if is_done {
            self.look = None;
        }
        // Its time is not the training's.
        self.mark = clock();
        vec![event]
    }

    /// The first layer as images.
    pub(super) fn first_layer(&mut self, count: usize, data: &Dataset) -> Vec<Event> {
        let engine = self.trainer.engine();
        let outputs = engine.widths()[1];
        let mut first = Vec::with_capacity(outputs * PIXELS);
        // Of all weights, only those of the first layer are kept.
        let take = &mut |piece: &[f32]| first.extend(piece.iter().take(outputs * PIXELS - first.len()));
        if engine.gather(Part::Weights, take).is_err() {
            return self.lost(data);
        }
        let weight = ArrayView2::from_shape((outputs, PIXELS), &first).expect("gathered whole");
        let images = WeightImage::strongest(weight, count.min(MAX_IMAGES));
        vec![Event::FirstLayer { run: self.id, step: self.trainer.step(), images }]
    }

    /// What the network says of an image.
    pub(super) fn predict(&mut self, pixels: &[u8], data: &Dataset) -> Vec<Event> {
        if pixels.len() != PIXELS {
            let message = format!("An image has {PIXELS} bytes, but this one has {}.", pixels.len());
            return vec![Event::Refused { about: About::Look, message }];
        }
        let Ok(prediction) = predict(self.trainer.engine(), pixels) else { return self.lost(data) };
        let prediction = Box::new(prediction);
        vec![Event::Prediction { run: self.id, step: self.trainer.step(), prediction }]
    }

    /// Works until `end`, at least one piece.
    pub(super) fn tick(&mut self, data: &Dataset, end: f64, clock: Clock) -> Vec<Event> {
        if self.check.is_some() {
            return self.tick_check(end, clock);
        }
        if self.report.is_some() {
            return self.tick_report(data, end, clock);
        }
        if self.look.is_some() {
            return self.tick_look(data, end, clock);
        }
        if self.held || self.over {
            return Vec::new();
        }
        let mut events = Vec::new();
        loop {
            let advance = self.trainer.advance(data);
            let now = clock();
            let elapsed = now - std::mem::replace(&mut self.mark, now);
            self.worked_ms += elapsed;
            match advance {
                Advance::Step { loss, images } => {
                    self.losses.push(loss);
                    self.seconds.push((self.worked_ms / 1000.0) as f32);
                    self.training.add(images, elapsed);
                    self.is_measuring = false;
                }
                Advance::Measured { images } => {
                    self.measuring.add(images, elapsed);
                    self.is_measuring = true;
                }
                Advance::Epoch(record) => {
                    let memory_bytes = self.trainer.engine().memory_bytes().unwrap_or_default();
                    self.records.push((record, memory_bytes));
                    if let Some(event) = self.checkpoint() {
                        self.unsent = Some(event);
                    }
                    if std::mem::take(&mut self.holds_at_start) {
                        events.extend(self.pause(data));
                        return events;
                    }
                }
                Advance::Finished => {
                    let last = self.report_all(data);
                    events.extend(self.alike(data));
                    events.extend(self.end(last, EndReason::Finished));
                    return events;
                }
                Advance::Diverged { step } => {
                    self.broke_off = true;
                    let last = self.report_all(data);
                    events.extend(self.end(last, EndReason::Diverged { step }));
                    return events;
                }
                Advance::Lost => {
                    events.extend(self.lost(data));
                    return events;
                }
            }
            if now >= end {
                break;
            }
        }
        if self.unsent.is_some() && self.mark - self.checkpoint_mark >= CHECKPOINT_EVERY_MS {
            (self.reported, self.checkpoint_mark) = (self.mark, self.mark);
            events.extend(self.report_all(data));
        } else if self.mark - self.reported >= self.report_every_ms {
            self.reported = self.mark;
            events.extend(self.report(data));
        }
        events
    }

    /// What is to be said of a network that takes all images for the same.
    fn alike(&mut self, data: &Dataset) -> Option<Event> {
        let train = self.trainer.selection(data).train().to_vec();
        // A lost worker is noticed by whatever comes next.
        let alike = alike(self.trainer.engine(), data, &train).ok()??;
        Some(Event::Alike { run: self.id, alike })
    }

    /// One of the workers is gone, and with it a part of the network.
    fn lost(&mut self, data: &Dataset) -> Vec<Event> {
        (self.check, self.report, self.look) = (None, None, None);
        if self.over {
            self.is_lost = true;
            return vec![Event::Gone { run: self.id }];
        }
        (self.broke_off, self.is_lost) = (true, true);
        let last = self.report_all(data);
        self.end(last, EndReason::Lost { checkpoint: self.checkpoint_epoch })
    }

    fn end(&mut self, mut last: Vec<Event>, reason: EndReason) -> Vec<Event> {
        self.over = true;
        last.push(Event::Ended { run: self.id, reason });
        last
    }

    /// How it goes, and what to go on from after the last epoch.
    fn report_all(&mut self, data: &Dataset) -> Vec<Event> {
        let mut events = self.report(data);
        events.extend(self.unsent.take());
        events
    }

    /// How it goes, and what was measured since this was last said.
    fn report(&mut self, data: &Dataset) -> Vec<Event> {
        let mut events = vec![self.progress(data)];
        let epoch = |(record, memory_bytes)| Event::Epoch { run: self.id, record, memory_bytes };
        events.extend(self.records.drain(..).map(epoch));
        events
    }

    fn progress(&mut self, data: &Dataset) -> Event {
        let (train_left, measure_left) = self.trainer.images_left(data);
        // Before the first step, a step is taken to cost three times a measurement: forward, and twice that back.
        let measuring = self.measuring.per_ms();
        let training = self.training.per_ms().or(measuring.map(|rate| rate / 3.0));
        let cost = |images: usize, rate: Option<f64>| rate.map(|rate| images as f64 / rate);
        let left = cost(train_left, training).zip(cost(measure_left, measuring.or(training))).map(|(a, b)| a + b);

        let epochs = self.trainer.config().epochs;
        let (train, validation) = self.trainer.config().images(data);
        let (train_all, measure_all) = (epochs * train, (epochs + 1) * (train + validation));
        let all = cost(train_all, training).zip(cost(measure_all, measuring.or(training))).map(|(a, b)| a + b);
        if !self.broke_off {
            self.done = left.zip(all).map_or(0.0, |(left, all)| 1.0 - left / all).clamp(0.0, 1.0);
        }
        Event::Progress(Progress {
            run: self.id,
            epoch: self.trainer.epoch(),
            step: self.trainer.step(),
            losses: std::mem::take(&mut self.losses),
            seconds: std::mem::take(&mut self.seconds),
            done: self.done,
            images_per_second: self.training.per_ms().unwrap_or(0.0) * 1000.0,
            seconds_left: left.map(|ms| ms / 1000.0),
            measuring: self.is_measuring,
        })
    }
}

/// Whether there is room for copies of a network.
fn room_for(config: &Config, what: &str, most: u64) -> Result<(), String> {
    let bytes = 4 * config.parameters();
    if bytes <= most {
        return Ok(());
    }
    let message = format!(
        "{what} needs copies of the network, which has {} MiB of weights; {} MiB is the most. Look at a smaller network.",
        bytes >> 20,
        most >> 20
    );
    Err(message)
}

fn check_event(run: RunId, check: &GradientCheck) -> Event {
    let entries = if check.is_done() { check.entries().to_vec() } else { Vec::new() };
    Event::Gradients { run, total: check.total(), entries, done: check.entries().len() }
}

fn report_event(run: RunId, step: usize, report: &Reporting, data: &Dataset) -> Event {
    let (done, total) = (report.done(), report.total(data));
    Event::Report { run, step, done, total, report: (done == total).then(|| Box::new(report.report())) }
}
