//! The worker's state machine, without the worker: it takes commands and bytes, and gives events.
//!
//! Whoever drives it calls [`Session::handle`] for each command, passes on the bytes of files while it is
//! [loading](Session::wanted_file), brings a team when one is [wanted](Session::wanted_team), and calls [`Session::tick`] while it is [busy](Session::is_busy). A tick
//! ends within its budget or one step, whichever is longer, so commands never wait for more than that.

mod assembling;
mod bench;
mod fit;
mod growth;
mod load;
mod look;
mod plane;
mod rates;
mod run;
mod survey;

use crate::data::{Dataset, Decision, Split, sample};
use crate::linalg;
use crate::protocol::{
    About, Command, DataSummary, EndReason, Event, Host, MAX_IMAGES, PlaneCommand, RunId, Source, VERSION,
};
use crate::train::estimate::Calibration;
use crate::train::model::{self, Model, Reading};
use crate::train::{CheckpointError, Config, Field, RateChange, Solo, Team};

use assembling::{Assembling, Beginning};
use bench::Bench;
use fit::Fit;
use growth::Growth;
use load::{Gathered, Loading};
use plane::Plane;
pub use run::MAX_MODEL;
use run::Run;
use survey::Survey;

/// Milliseconds since some fixed moment.
pub type Clock<'a> = &'a dyn Fn() -> f64;

/// At most 10 progress messages a second.
const REPORT_EVERY_MS: f64 = 100.0;

/// All that the worker knows.
#[derive(Default)]
pub struct Session {
    data: Dataset,
    source: Source,
    /// The sample's seed, if the data are that.
    sample_seed: Option<u64>,
    /// The published archive that the data are, byte for byte.
    official: Option<&'static str>,
    /// The names of the classes that came with them.
    class_names: Vec<String>,
    work: Work,
    /// Statistics being counted, whatever else goes on.
    survey: Option<Survey>,
    /// The plane lab's network, which rests while nothing is asked of it.
    plane: Option<Box<Plane>>,
    host: Host,
    /// A run whose team is not there yet.
    assembling: Option<Assembling>,
    /// The run under way, or the last: its network is kept until the next run or other data.
    run: Option<Run>,
}

/// What a team is wanted for: one that was started for something else is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamUse {
    /// A run.
    Run(RunId),
    /// The measurement of growth, with so many workers.
    Growth(usize),
}

/// What a tick goes on with; a run stands beside it, since it may be held.
#[derive(Default)]
enum Work {
    #[default]
    Nothing,
    Files(Box<Loading>),
    /// Files are read, and wait for a word.
    Asking(Box<Gathered>),
    Sample(sample::Generator),
    Fit(Box<Fit>),
    Bench(Box<Bench>),
    Estimate(Box<(Calibration, Config)>),
    Growth(Box<Growth>),
}

impl Session {
    /// Nothing loaded, nothing running, on a host that can bring such teams.
    pub fn new(host: Host) -> Self {
        Self { host, ..Self::default() }
    }

    /// The greeting.
    pub fn ready(&self) -> Event {
        Event::Ready { version: VERSION, kernel: linalg::chosen().name.into(), host: self.host }
    }

    /// Does what the command says, or refuses.
    pub fn handle(&mut self, command: Command, clock: Clock) -> Vec<Event> {
        // A question about a network whose workers are still coming together is answered when they have.
        if let Some(assembling) = self.assembling.as_mut().filter(|run| command.asked_run() == Some(run.id)) {
            assembling.put_off(command);
            return Vec::new();
        }
        match command {
            Command::Load { files, is_open, decision } => {
                let mut events = self.start_loading(|session| {
                    let loading = Loading::new(files, is_open, decision).map_err(|error| error.to_string())?;
                    session.work = Work::Files(Box::new(loading));
                    Ok(())
                });
                events.extend(self.after_files(clock));
                events
            }
            Command::MoreFiles { files, is_open } => {
                let Work::Files(loading) = &mut self.work else { return Vec::new() };
                loading.extend(files, is_open);
                self.after_files(clock)
            }
            Command::Consider { decision } => {
                let Work::Asking(gathered) = &mut self.work else { return Vec::new() };
                gathered.decide(decision);
                self.found().into_iter().collect()
            }
            Command::Take { decision } => self.take_found(decision),
            Command::LoadSample { seed } => self.start_loading(|session| {
                session.work = Work::Sample(sample::Generator::new(seed));
                Ok(())
            }),
            Command::CancelLoad => {
                if matches!(self.work, Work::Files(_) | Work::Asking(_) | Work::Sample(_)) {
                    self.work = Work::Nothing;
                }
                vec![self.summary()]
            }
            Command::ForgetData => self.start_loading(|session| {
                session.data = Dataset::default();
                session.survey = None;
                session.source = Source::None;
                session.official = None;
                session.class_names.clear();
                Ok(())
            }),
            Command::Images { validation, indices } => {
                let split = if validation { &self.data.validation } else { &self.data.train };
                let there = indices.into_iter().filter(|index| *index < split.len()).take(MAX_IMAGES);
                vec![Event::Images { validation, images: there.map(|index| survey::shown(split, index)).collect() }]
            }
            Command::Gallery { validation, skip, each } => {
                let split = if validation { &self.data.validation } else { &self.data.train };
                vec![Event::Gallery { validation, skip, classes: survey::gallery(split, skip, each) }]
            }
            Command::Statistics => {
                self.survey = Some(Survey::default());
                Vec::new()
            }
            Command::Estimate { config } => match self.ready_to_train() {
                Err((about, message)) => vec![Event::Refused { about, message }],
                Ok(()) => match config.check_on(&self.data) {
                    Err(error) => {
                        vec![Event::Refused { about: About::Setting(error.field()), message: error.to_string() }]
                    }
                    Ok(()) => {
                        self.work = Work::Estimate(Box::new((Calibration::new(&config), config)));
                        Vec::new()
                    }
                },
            },
            Command::Start { run, config } => {
                let ended = self.end_estimate();
                ended.into_iter().chain(self.start_run(run, config, clock)).collect()
            }
            Command::ResumeFrom { run, bytes, rate_changes } => self.resume_run(run, &bytes, &rate_changes, clock),
            Command::OpenModel { run, bytes, config, reading } => self.open_model(run, &bytes, config, reading, clock),
            Command::Model { run, names } => self.with_network(run, |run, data| run.model(&names, data)),
            Command::SetLearningRate { run, learning_rate } => {
                self.with_run(run, |run, _| run.set_learning_rate(learning_rate))
            }
            Command::Pause { run } | Command::Resume { run } | Command::Stop { run }
                if self.assembling.as_ref().is_some_and(|assembling| assembling.id == run) =>
            {
                self.handle_assembling(&command)
            }
            Command::Pause { run } => self.with_run(run, |run, data| run.pause(data)),
            Command::Resume { run } => self.with_run(run, |run, _| run.resume(clock)),
            Command::Stop { run } => self.with_run(run, |run, data| run.stop(data)),
            // What is measured on images; the rest is of the network alone.
            Command::Report { run, .. } | Command::LossLine { run } | Command::Scale { run } | Command::CheckGradients { run }
                if self.data.train.is_empty() =>
            {
                self.with_network(run, |_, _| {
                    let message = "That is measured on images, and there are none. Choose CIFAR-10 or take the sample, and open the model again.".into();
                    vec![Event::Refused { about: About::Look, message }]
                })
            }
            Command::Report { run, mistakes } => self.with_network(run, |run, data| run.start_report(mistakes, data)),
            Command::LossLine { run } => self.with_network(run, |run, data| run.start_line(data)),
            Command::Scale { run } => self.with_network(run, |run, data| run.start_scale(data)),
            Command::FirstLayer { run, count } => self.with_network(run, |run, data| run.first_layer(count, data)),
            Command::Predict { run, pixels } => self.with_network(run, |run, data| run.predict(&pixels, data)),
            Command::CheckGradients { run } => self.with_network(run, |run, data| run.check_gradients(data)),
            Command::Fit { id, problem } => {
                if matches!(self.work, Work::Fit(_)) {
                    self.work = Work::Nothing;
                }
                let refused = |message| vec![Event::Refused { about: About::Fit, message }];
                match (self.idle(), problem.check()) {
                    (Err(message), _) | (_, Err(message)) => refused(message),
                    (Ok(()), Ok(())) => {
                        self.work = Work::Fit(Box::new(Fit::new(id, problem, clock)));
                        Vec::new()
                    }
                }
            }
            Command::HoldFit { id, is_held } => match &mut self.work {
                Work::Fit(fit) if fit.id() == id => vec![fit.hold(is_held, clock)],
                _ => Vec::new(),
            },
            Command::StopFit { id } => match &self.work {
                Work::Fit(fit) if fit.id() == id => {
                    let last = fit.report(true, clock);
                    self.work = Work::Nothing;
                    vec![last]
                }
                _ => Vec::new(),
            },
            Command::Plane(command) => self.handle_plane(command, clock),
            Command::Bench => self.start_measuring(|| Work::Bench(Box::new(Bench::new()))),
            Command::Growth { is_large } => {
                let workers_max = self.host.workers_max;
                self.start_measuring(|| Work::Growth(Box::new(Growth::new(is_large, workers_max))))
            }
            Command::StopBench => {
                let last = match &self.work {
                    Work::Bench(bench) => Event::Bench(bench.speeds()),
                    Work::Growth(growth) => growth.result(true),
                    _ => return Vec::new(),
                };
                self.work = Work::Nothing;
                vec![last]
            }
        }
    }

    fn handle_plane(&mut self, command: PlaneCommand, clock: Clock) -> Vec<Event> {
        let refused = |message| vec![Event::Refused { about: About::Plane, message }];
        match command {
            PlaneCommand::Start { id, problem, window } => match problem.check() {
                Err(message) => return refused(message),
                Ok(()) => self.plane = Some(Box::new(Plane::new(id, *problem, window))),
            },
            PlaneCommand::Train { id, steps, most_ms, window } => {
                // It must not slow down what else is under way, nor that it.
                if let Err(message) = self.idle() {
                    return refused(message);
                }
                if let Some(plane) = self.plane.as_mut().filter(|plane| plane.id() == id) {
                    plane.train(steps, most_ms, window, clock);
                }
            }
            PlaneCommand::Seeds { id, seeds, steps } => {
                if let Err(message) = self.idle() {
                    return refused(message);
                }
                if let Some(plane) = self.plane.as_mut().filter(|plane| plane.id() == id) {
                    plane.try_seeds(seeds, steps);
                }
            }
            PlaneCommand::Show { id, step, window } => {
                if let Some(plane) = self.plane.as_mut().filter(|plane| plane.id() == id) {
                    plane.show(step, window);
                }
            }
            PlaneCommand::Drop { id } => self.plane = self.plane.take().filter(|plane| plane.id() != id),
        }
        Vec::new()
    }

    /// The index and the next byte of the file that is to be read next, if one is.
    pub fn wanted_file(&self) -> Option<(usize, u64)> {
        match &self.work {
            Work::Files(loading) => loading.wanted(),
            _ => None,
        }
    }

    /// The [wanted](Self::wanted_file) file, and files after it that are wanted from their start, where all of them
    /// together have no more bytes than a piece: at most so many.
    pub fn wanted_files(&self, most: usize, piece_bytes: u64) -> Vec<(usize, u64)> {
        match &self.work {
            Work::Files(loading) => loading.wanted_files(most, piece_bytes),
            _ => Vec::new(),
        }
    }

    /// Whether files are being read, or more of them are still to be named.
    pub fn is_loading(&self) -> bool {
        matches!(self.work, Work::Files(_))
    }

    /// What a team is wanted for, if one is, and its settings: as many members as they say.
    pub fn wanted_team(&self) -> Option<(TeamUse, &Config)> {
        let of_run = self.assembling.as_ref().map(|assembling| (TeamUse::Run(assembling.id), assembling.config()));
        of_run.or_else(|| match &self.work {
            Work::Growth(growth) => growth.wanted().map(|config| (TeamUse::Growth(config.workers), config)),
            _ => None,
        })
    }

    /// Takes the [wanted](Self::wanted_team) team, whose members all [`serve`](crate::train::serve); none means that it
    /// could not come together.
    pub fn take_team(&mut self, team: Option<Box<dyn Team>>, clock: Clock) -> Vec<Event> {
        if let Work::Growth(growth) = &mut self.work {
            let is_point_over = growth.begin(team);
            return self.after_growth(is_point_over);
        }
        let Some(mut assembling) = self.assembling.take() else { return Vec::new() };
        let (id, is_held, questions) = (assembling.id, assembling.is_held, assembling.take_questions());
        let (origin, checkpoint) = (assembling.origin(), assembling.checkpoint_epoch());
        let Some(Ok((trainer, epoch))) = team.map(|team| assembling.begin(team)) else {
            return Assembling::failed(id, checkpoint);
        };
        let run = Run::new(id, trainer, epoch, is_held, self.host.cores, clock);
        let run = match origin {
            Some(origin) => self.run.insert(run.of_a_file(origin)),
            None => self.run.insert(run),
        };
        let mut events = if self.data.train.is_empty() {
            run.without_data()
        } else {
            epoch.map(|_| run.restored()).into_iter().collect()
        };
        for question in questions {
            events.extend(self.handle(question, clock));
        }
        events
    }

    fn handle_assembling(&mut self, command: &Command) -> Vec<Event> {
        match (command, &mut self.assembling) {
            (Command::Pause { .. }, Some(assembling)) => assembling.hold(true),
            (Command::Resume { .. }, Some(assembling)) => assembling.hold(false),
            (_, assembling) => {
                let run = assembling.take().map(|assembling| assembling.id);
                run.map(|run| Event::Ended { run, reason: EndReason::Stopped }).into_iter().collect()
            }
        }
    }

    /// Takes the next bytes of the [wanted](Self::wanted_file) file; none means that it could not be read.
    pub fn take_bytes(&mut self, bytes: Option<&[u8]>, clock: Clock) -> Vec<Event> {
        let Work::Files(loading) = &mut self.work else { return Vec::new() };
        match loading.take(bytes) {
            Ok(()) => self.after_files(clock),
            Err(error) => self.refuse_data(error.to_string()),
        }
    }

    /// What is to be said after a piece of loading, which may have been its last.
    fn after_files(&mut self, clock: Clock) -> Vec<Event> {
        let Work::Files(loading) = &mut self.work else { return Vec::new() };
        if !loading.is_over() {
            return loading.progress(clock()).into_iter().collect();
        }
        let Work::Files(loading) = std::mem::take(&mut self.work) else { return Vec::new() };
        match loading.finish() {
            Err(error) => self.refuse_data(error.to_string()),
            Ok(gathered) => {
                self.work = Work::Asking(Box::new(gathered));
                match self.found() {
                    Some(Event::Found(found)) if found.asks => vec![Event::Found(found)],
                    found => found.into_iter().chain(self.take_gathered()).collect(),
                }
            }
        }
    }

    /// What the files hold that wait for a word.
    fn found(&self) -> Option<Event> {
        let Work::Asking(gathered) = &self.work else { return None };
        let (old, replaces) = match self.source {
            Source::Files => (Some(&self.data), None),
            Source::Sample => (None, Some("the synthetic sample".to_owned())),
            Source::None => (None, None),
        };
        let nothing = Dataset::default();
        Some(Event::Found(Box::new(gathered.found(old.unwrap_or(&nothing), replaces))))
    }

    /// Uses what was found, with a last word on it.
    fn take_found(&mut self, decision: Decision) -> Vec<Event> {
        let Work::Asking(gathered) = &mut self.work else { return vec![self.summary()] };
        gathered.decide(decision);
        let found = match self.found() {
            Some(Event::Found(mut found)) => {
                found.asks = false;
                Some(Event::Found(found))
            }
            _ => None,
        };
        found.into_iter().chain(self.take_gathered()).collect()
    }

    fn take_gathered(&mut self) -> Vec<Event> {
        let Work::Asking(gathered) = std::mem::take(&mut self.work) else { return Vec::new() };
        let joins = self.source == Source::Files;
        let old = if joins { std::mem::take(&mut self.data) } else { Dataset::default() };
        let is_alone = old.train.is_empty() && old.validation.is_empty();
        let (official, class_names) = (gathered.official().filter(|_| is_alone), gathered.class_names());
        match gathered.take(old) {
            Ok(data) => {
                self.data = data;
                self.source = Source::Files;
                self.official = official;
                if !class_names.is_empty() || is_alone {
                    self.class_names = class_names;
                }
                (self.run, self.survey) = (None, None);
                vec![self.summary()]
            }
            Err(refused) => {
                let (old, message) = *refused;
                if joins {
                    self.data = old;
                }
                self.refuse_data(message)
            }
        }
    }

    /// Says why there are no new data; those of before stay.
    fn refuse_data(&mut self, message: String) -> Vec<Event> {
        self.work = Work::Nothing;
        vec![Event::Refused { about: About::Data, message }, self.summary()]
    }

    /// Whether there is something for [`tick`](Self::tick) to do.
    pub fn is_busy(&self) -> bool {
        matches!(self.work, Work::Sample(_) | Work::Bench(_) | Work::Estimate(_))
            || self.survey.is_some()
            || self.plane.as_ref().is_some_and(|plane| plane.is_busy())
            || matches!(&self.work, Work::Growth(growth) if growth.wanted().is_none())
            || matches!(&self.work, Work::Fit(fit) if !fit.is_held)
            || self.run.as_ref().is_some_and(Run::is_busy)
    }

    /// Works for about `budget_ms` milliseconds.
    pub fn tick(&mut self, budget_ms: f64, clock: Clock) -> Vec<Event> {
        let end = clock() + budget_ms;
        if let Some(plane) = self.plane.as_mut().filter(|plane| plane.is_busy()) {
            // A look lasts a moment: whatever else is under way has its turn again after it.
            return plane.tick(end, clock).into_iter().collect();
        }
        if let Some(survey) = &mut self.survey {
            while !survey.advance(&self.data) {
                if clock() >= end {
                    return Vec::new();
                }
            }
            return self.survey.take().map(Survey::event).into_iter().collect();
        }
        match &mut self.work {
            Work::Sample(generator) => {
                while !generator.advance(50) {
                    if clock() >= end {
                        let (done, total) = (generator.made() as u64, (sample::TRAIN + sample::VALIDATION) as u64);
                        return vec![Event::Loading { done, total, name: "sample".into() }];
                    }
                }
                if let Work::Sample(generator) = std::mem::take(&mut self.work) {
                    self.sample_seed = Some(generator.seed());
                    self.data = generator.finish();
                    self.source = Source::Sample;
                    self.official = None;
                    self.class_names.clear();
                    (self.run, self.survey) = (None, None);
                }
                vec![self.summary()]
            }
            Work::Bench(bench) => {
                if bench.advance(clock) {
                    let speeds = bench.speeds();
                    self.work = Work::Nothing;
                    vec![Event::Bench(speeds)]
                } else {
                    let (done, total) = bench.progress();
                    vec![Event::BenchProgress { done, total }, Event::SpeedsSoFar(bench.speeds())]
                }
            }
            Work::Growth(growth) if growth.wanted().is_none() => {
                let is_point_over = growth.advance(clock);
                self.after_growth(is_point_over)
            }
            Work::Estimate(work) => {
                let (calibration, config) = &mut **work;
                let mut is_done = calibration.advance(&self.data, clock);
                while !is_done && clock() < end {
                    is_done = calibration.advance(&self.data, clock);
                }
                let (estimate, config) = (calibration.estimate(&self.data), Box::new(config.clone()));
                if is_done {
                    self.work = Work::Nothing;
                }
                vec![Event::Estimate { config, estimate, is_done }]
            }
            Work::Fit(fit) if !fit.is_held => {
                let (event, is_over) = fit.tick(end, clock);
                if is_over {
                    self.work = Work::Nothing;
                }
                event.into_iter().collect()
            }
            Work::Nothing | Work::Files(_) | Work::Asking(_) | Work::Fit(_) | Work::Growth(_) => {
                let Some(run) = &mut self.run else { return Vec::new() };
                run.tick(&self.data, end, clock)
            }
        }
    }

    /// What is to be said after a piece of the measurement of growth, which may have been its last.
    fn after_growth(&mut self, is_point_over: bool) -> Vec<Event> {
        let Work::Growth(growth) = &self.work else { return Vec::new() };
        let events = if is_point_over { growth.events() } else { Vec::new() };
        if growth.is_over() {
            self.work = Work::Nothing;
        }
        events
    }

    fn summary(&self) -> Event {
        let names = |split: &Split| {
            let mut names: Vec<_> = split.batches().iter().map(|batch| batch.name.clone()).collect();
            // A large one may be in several parts.
            names.dedup();
            names
        };
        Event::Data(DataSummary {
            train: self.data.train.len(),
            validation: self.data.validation.len(),
            source: self.source,
            sample_seed: self.sample_seed.filter(|_| self.source == Source::Sample),
            official: self.official.map(str::to_owned),
            batches: [names(&self.data.train), names(&self.data.validation)].concat(),
            class_names: self.class_names.clone(),
        })
    }

    /// Whether nothing is under way that a new piece of work would disturb.
    fn idle(&self) -> Result<(), String> {
        let has_run = self.assembling.is_some() || self.run.as_ref().is_some_and(|run| !run.is_over());
        let message = match (&self.work, has_run) {
            (Work::Nothing, false) => return Ok(()),
            (Work::Fit(_), _) => "A curve is being learned in the function lab. Wait for it, or stop it.",
            (Work::Estimate(_), _) => "What a run takes is being estimated. Wait a moment.",
            (Work::Bench(_) | Work::Growth(_), _) => "A speed measurement is under way. Wait for it, or stop it.",
            (Work::Files(_) | Work::Sample(_), _) => "Data are still being loaded. Wait for that, or cancel it.",
            (Work::Asking(_), _) => "Files wait for your word: use what was found in them, or cancel.",
            (Work::Nothing, true) => "A run is under way. Stop it first.",
        };
        Err(message.into())
    }

    fn start_measuring(&mut self, work: impl FnOnce() -> Work) -> Vec<Event> {
        match self.idle() {
            Ok(()) => {
                self.work = work();
                Vec::new()
            }
            Err(message) => vec![Event::Refused { about: About::Bench, message }],
        }
    }

    fn start_loading(&mut self, start: impl FnOnce(&mut Self) -> Result<(), String>) -> Vec<Event> {
        if let Err(message) = self.idle() {
            return vec![Event::Refused { about: About::Data, message }, self.summary()];
        }
        match start(self) {
            Ok(()) if matches!(self.work, Work::Nothing) => {
                self.run = None;
                vec![self.summary()]
            }
            Ok(()) => Vec::new(),
            Err(message) => vec![Event::Refused { about: About::Data, message }, self.summary()],
        }
    }

    fn start_run(&mut self, id: RunId, config: Config, clock: Clock) -> Vec<Event> {
        if let Err((about, message)) = self.ready_to_train() {
            return vec![Event::Refused { about, message }];
        }
        if let Err(error) = config.check_on(&self.data) {
            return vec![Event::Refused { about: About::Setting(error.field()), message: error.to_string() }];
        }
        self.begin_run(id, Beginning::Fresh(config), clock)
    }

    /// Starts a run where a checkpoint ends.
    fn resume_run(&mut self, id: RunId, bytes: &[u8], rate_changes: &[RateChange], clock: Clock) -> Vec<Event> {
        if let Err((about, message)) = self.ready_to_train() {
            return vec![Event::Refused { about, message }];
        }
        match Beginning::from_checkpoint(bytes, rate_changes, &self.data) {
            Ok(beginning) => self.begin_run(id, beginning, clock),
            Err(error) => {
                let about = match &error {
                    CheckpointError::OtherData { .. } => About::Data,
                    CheckpointError::Config(error) => About::Setting(error.field()),
                    _ => About::Command,
                };
                vec![Event::Refused { about, message: error.to_string() }]
            }
        }
    }

    /// Starts a run, to be held at once, from a network in a file.
    fn open_model(&mut self, id: RunId, bytes: &[u8], config: Config, reading: Reading, clock: Clock) -> Vec<Event> {
        if let Err(message) = self.idle() {
            return vec![Event::Refused { about: About::Command, message }];
        }
        let Model { net, config: own, origin } = match model::decode(bytes, reading) {
            Ok(model) => model,
            Err(error) => return vec![Event::Refused { about: About::Model, message: error.to_string() }],
        };
        let hidden = net.layers.iter().skip(1).map(|layer| layer.weight.ncols()).collect();
        let has_data = !self.data.train.is_empty();
        let check = |config: &Config| if has_data { config.check_on(&self.data) } else { config.check(0) };
        // Settings for other data or for more workers than there are give way to those on screen.
        let fits = |config: &Config| check(config).is_ok() && config.workers <= self.host.workers_max;
        let config = own.filter(fits).unwrap_or(Config { hidden, ..config });
        if let Err(error) = check(&config) {
            return vec![Event::Refused { about: About::Setting(error.field()), message: error.to_string() }];
        }
        self.begin_run(id, Beginning::Model(config, Box::new(net), Box::new(origin)), clock)
    }

    fn begin_run(&mut self, id: RunId, beginning: Beginning, clock: Clock) -> Vec<Event> {
        let config = beginning.config().clone();
        if config.workers > self.host.workers_max {
            let message = too_many_workers(config.workers, self.host);
            return vec![Event::Refused { about: About::Setting(Field::Workers), message }];
        }
        // An ended run gives its memory to the new one.
        self.run = None;
        let (workers, steps_per_epoch) = (config.workers, config.steps_per_epoch(&self.data).max(1));
        let mut events = vec![Event::Started { run: id, config, steps_per_epoch }];
        if let Beginning::Model(_, _, origin) = &beginning {
            events.push(Event::Opened { run: id, origin: origin.clone() });
        }
        self.assembling = Some(Assembling::new(id, beginning));
        if workers == 1 {
            events.extend(self.take_team(Some(Box::new(Solo)), clock));
        }
        events
    }

    /// Ends an estimate: a run may start in the midst of it. Returns what is to be said of it.
    fn end_estimate(&mut self) -> Vec<Event> {
        let Work::Estimate(work) = &self.work else { return Vec::new() };
        let (calibration, config) = &**work;
        let (estimate, config) = (calibration.estimate(&self.data), Box::new(config.clone()));
        self.work = Work::Nothing;
        vec![Event::Estimate { config, estimate, is_done: true }]
    }

    /// Whether a run could start: nothing is under way, and there are data.
    fn ready_to_train(&self) -> Result<(), (About, String)> {
        self.idle().map_err(|message| (About::Command, message))?;
        if self.data.train.is_empty() {
            let message = "There is nothing to train on yet. Choose CIFAR-10, or take the sample.".into();
            return Err((About::Data, message));
        }
        Ok(())
    }

    /// Lets a question reach the network of the run that it names, or says that there is none.
    fn with_network(&mut self, id: RunId, ask: impl FnOnce(&mut Run, &Dataset) -> Vec<Event>) -> Vec<Event> {
        let is_there = self.run.as_ref().is_some_and(|run| run.id() == id && !run.is_lost());
        if is_there { self.with_run(id, ask) } else { vec![Event::Gone { run: id }] }
    }

    /// Lets a command reach the run that it names. One about a run that is over comes too late and does nothing.
    fn with_run(&mut self, id: RunId, act: impl FnOnce(&mut Run, &Dataset) -> Vec<Event>) -> Vec<Event> {
        match &mut self.run {
            Some(run) if run.id() == id => act(run, &self.data),
            _ => Vec::new(),
        }
    }
}

/// Why a run cannot have so many workers here.
fn too_many_workers(workers: usize, host: Host) -> String {
    let most = host.workers_max;
    if host.is_isolated {
        format!(
            "This run wants {workers} workers, and this device has room for {most}. Choose at most {most}, or start the run again with so many."
        )
    } else {
        format!(
            "This run wants {workers} workers, but this page may not share memory between workers, so there is 1. Choose 1, or have the page served with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp."
        )
    }
}
