//! Teams of threads: the same engine as in the browser, on another board.

use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use piecewise::data::Dataset;
use piecewise::data::augment::Augment;
use piecewise::nn::{Init, Mlp};
use piecewise::protocol::{About, Command, EndReason, Event, Host};
use piecewise::session::{Session, TeamUse};
use piecewise::train::{
    Advance, Checkpoint, Config, Engine, EpochRecord, Field, LocalEngine, Lost, Part, Subset, Team, TeamEngine,
    Trainer, block, board_len, serve,
};

use crate::train::{assert_close, difference, part, sample};

/// Its hidden layer is divided: one of up to 16 outputs is not.
fn tiny() -> Config {
    Config { hidden: vec![29], ..crate::train::tiny() }
}

/// What the threads of a team share.
struct Table {
    size: usize,
    board: Mutex<Vec<u8>>,
    meeting: Mutex<Meeting>,
    changed: Condvar,
}

#[derive(Default)]
struct Meeting {
    here: usize,
    held: u64,
    is_broken: bool,
}

/// A thread's place at the table.
struct Seat {
    rank: usize,
    table: Arc<Table>,
}

impl Team for Seat {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.table.size
    }

    fn write(&mut self, at: usize, bytes: &[u8]) {
        self.table.board.lock().unwrap()[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn read(&mut self, at: usize, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.table.board.lock().unwrap()[at..at + bytes.len()]);
    }

    fn meet(&mut self) -> Result<(), Lost> {
        let mut meeting = self.table.meeting.lock().unwrap();
        if meeting.is_broken {
            return Err(Lost);
        }
        let before = meeting.held;
        meeting.here += 1;
        if meeting.here == self.table.size {
            meeting.here = 0;
            meeting.held += 1;
            self.table.changed.notify_all();
        }
        while meeting.held == before {
            if meeting.is_broken {
                return Err(Lost);
            }
            meeting = self.table.changed.wait_timeout(meeting, Duration::from_secs(60)).unwrap().0;
        }
        Ok(())
    }
}

impl Table {
    fn new(config: &Config) -> Arc<Self> {
        Arc::new(Self {
            size: config.workers,
            // As numbers none, as bytes no label: what is read before it is written does harm.
            board: Mutex::new(vec![0xff; 4 * board_len(config)]),
            meeting: Mutex::default(),
            changed: Condvar::new(),
        })
    }

    /// What a crash in a browser comes to.
    fn break_up(&self) {
        self.meeting.lock().unwrap().is_broken = true;
        self.changed.notify_all();
    }
}

/// Threads that serve a config, and the seat of member 0.
fn team(config: &Config) -> (Seat, Vec<JoinHandle<Result<(), Lost>>>) {
    let table = Table::new(config);
    let others = (1..config.workers).map(|rank| {
        let (seat, config) = (Seat { rank, table: table.clone() }, config.clone());
        std::thread::spawn(move || serve(seat, &config))
    });
    let others = others.collect();
    (Seat { rank: 0, table }, others)
}

fn with(workers: usize, config: &Config) -> Config {
    Config { workers, ..config.clone() }
}

/// Runs to the end: losses, records and weights.
fn run<E: Engine>(trainer: &mut Trainer<E>, data: &Dataset) -> (Vec<f32>, Vec<EpochRecord>, Mlp<f32>) {
    while trainer.advance(data) != Advance::Finished {}
    (trainer.losses().to_vec(), trainer.records().to_vec(), trainer.engine().weights().unwrap())
}

fn run_as_team(config: &Config, data: &Dataset) -> (Vec<f32>, Vec<EpochRecord>, Mlp<f32>) {
    let (seat, others) = team(config);
    let mut trainer = Trainer::on(seat, config.clone()).unwrap();
    let result = run(&mut trainer, data);
    drop(trainer);
    for other in others {
        assert_eq!(other.join().unwrap(), Ok(()), "they end with member 0");
    }
    result
}

#[test]
fn blocks_are_all_rows_once_and_of_nearly_one_size() {
    for size in 1..=16 {
        for rows in [0, 1, 2, 3, 10, 16, 17, 511, 8192] {
            let blocks: Vec<_> = (0..size).map(|rank| block(rank, size, rows)).collect();
            assert_eq!((blocks[0].start, blocks[size - 1].end), (0, rows));
            assert!(blocks.windows(2).all(|pair| pair[0].end == pair[1].start));
            let lengths = blocks.iter().map(|block| block.len());
            assert!(lengths.clone().max().unwrap() - lengths.min().unwrap() <= 1);
        }
    }
}

#[test]
fn a_team_trains_the_network_that_one_trains() {
    let data = part(&sample(1), 150, 40);
    // Divided layers above, below and between whole ones.
    let deep = Config { hidden: vec![17, 5, 33, 20], learning_rate: 0.02, ..tiny() };
    let whole = Config { hidden: vec![12], augment: Augment { crop: true, padding: 3, flip: true }, ..tiny() };
    let extras = Config { momentum: 0.9, weight_decay: 1e-3, learning_rate: 0.01, init: Init::Homework, ..tiny() };
    let augmented = Config { augment: whole.augment, random_labels: true, ..tiny() };
    for config in [tiny(), Config { hidden: vec![], ..tiny() }, deep, whole, extras, augmented] {
        let alone = run(&mut Trainer::new(config.clone()), &data);
        for workers in 1..=4 {
            let config = with(workers, &config);
            let first = run_as_team(&config, &data);
            if workers == 1 {
                assert_eq!(first, alone, "to the bit");
            }
            assert_close((&first.0, &first.2), (&alone.0, &alone.2));
            assert_eq!(run_as_team(&config, &data), first, "{workers} workers repeat themselves to the bit");
        }
    }
}

#[test]
fn a_team_may_have_hardly_a_row_for_each_member() {
    let data = part(&sample(1), 70, 20);
    let config = Config { hidden: vec![17, 1, 23], batch_size: 32, epochs: 2, momentum: 0.5, ..tiny() };
    let alone = run(&mut Trainer::new(config.clone()), &data);
    for workers in [7, 16] {
        let together = run_as_team(&with(workers, &config), &data);
        assert_close((&together.0, &together.2), (&alone.0, &alone.2));
    }
}

#[test]
fn the_first_weights_are_those_of_one_and_gradients_too() {
    let config = Config { hidden: vec![29, 18], ..Config::default() };
    let mut alone = TeamEngine::new(piecewise::train::Solo, &config).unwrap();
    let x =
        ndarray::Array2::from_shape_fn((20, 3072), |(row, column)| ((row * 7 + column * 3) % 13) as f32 / 6.0 - 1.0);
    let labels: Vec<u8> = (0..20).map(|row| row % 10).collect();
    let (net, gradients) = (alone.weights::<f32>().unwrap(), alone.gradients(x.view(), &labels).unwrap());
    for workers in 2..=4 {
        let config = with(workers, &config);
        let (seat, _others) = team(&config);
        let mut engine = TeamEngine::new(seat, &config).unwrap();
        assert_eq!(engine.weights::<f32>().unwrap(), net, "to the bit");
        let theirs = engine.gradients(x.view(), &labels).unwrap();
        for (ours, theirs) in gradients.iter().zip(&theirs) {
            assert!(difference(&ours.weight, &theirs.weight) < 1e-6 && difference(&ours.bias, &theirs.bias) < 1e-6);
        }
        let logits = engine.logits(x.view()).unwrap().to_owned();
        assert!(difference(&logits, alone.logits(x.view()).unwrap()) < 1e-5);
        let hidden = engine.hidden(20);
        assert_eq!(hidden.iter().map(|h| h.dim()).collect::<Vec<_>>(), [(20, 29), (20, 18)]);
        assert!(difference(hidden[1], alone.hidden(20)[1]) < 1e-5);
        engine.step(x.view(), &labels, 1e30).unwrap();
        engine.restore().unwrap();
        assert_eq!(engine.weights::<f32>().unwrap(), net, "kept from the start");
        let mut numbers = 0;
        engine.gather(Part::Velocity, &mut |piece| numbers += piece.len()).unwrap();
        assert_eq!((numbers, engine.memory_bytes()), (0, Ok(0)));
    }
}

#[test]
fn a_teams_resumed_run_is_the_uninterrupted_one_to_the_bit() {
    let data = part(&sample(1), 150, 40);
    let config = Config { workers: 3, momentum: 0.9, hidden: vec![33, 8], learning_rate: 0.02, ..tiny() };
    let (seat, _others) = team(&config);
    let mut trainer = Trainer::on(seat, config.clone()).unwrap();
    let mut checkpoints = Vec::new();
    loop {
        match trainer.advance(&data) {
            Advance::Epoch(_) => checkpoints.push(trainer.checkpoint().unwrap()),
            Advance::Finished => break,
            _ => {}
        }
    }
    let whole = run(&mut trainer, &data);
    for bytes in &checkpoints {
        let (seat, _others) = team(&config);
        let mut resumed = Trainer::resume_on(seat, Checkpoint::decode(bytes).unwrap()).unwrap();
        assert_eq!(resumed.checkpoint().as_ref(), Some(bytes), "nothing is lost by the way");
        assert_eq!(run(&mut resumed, &data), whole);
    }
    // A network larger than the board goes over it in pieces.
    let wide = Config { hidden: vec![700, 700], batch_size: 1, workers: 2, ..tiny() };
    assert!(3072 * 350 > board_len(&wide) / 2);
    let (seat, _others) = team(&wide);
    let alone = TeamEngine::new(piecewise::train::Solo, &wide).unwrap().weights::<f32>();
    assert_eq!(TeamEngine::new(seat, &wide).unwrap().weights(), alone);
}

#[test]
fn a_run_whose_member_is_lost_says_so_and_does_not_hang() {
    let data = part(&sample(1), 150, 40);
    let config = with(3, &tiny());
    let (seat, others) = team(&config);
    let table = seat.table.clone();
    let mut trainer = Trainer::on(seat, config).unwrap();
    while trainer.step() < 4 {
        trainer.advance(&data);
    }
    table.break_up();
    assert_eq!(trainer.advance(&data), Advance::Lost);
    assert_eq!(trainer.advance(&data), Advance::Finished);
    assert_eq!((trainer.checkpoint(), trainer.check_gradients(&data).err()), (None, Some(Lost)));
    for other in others {
        assert_eq!(other.join().unwrap(), Err(Lost));
    }
}

#[test]
fn an_engine_of_one_has_no_board() {
    let net = Mlp::<f32>::new(&[4, 3, 10], Init::He, &mut piecewise::data::rng(1, piecewise::data::Purpose::Init, 0));
    let mut engine = LocalEngine::of(&Config::default(), net.clone());
    assert_eq!((engine.weights(), engine.memory_bytes()), (Ok(net), Ok(0)));
}

/// A session with its data.
fn session(host: Host) -> Session {
    let mut session = Session::new(host);
    session.handle(Command::LoadSample { seed: 1 }, &|| 0.0);
    while session.is_busy() {
        session.tick(1e9, &|| 0.0);
    }
    session
}

const FOUR: Host = Host { cores: 4, workers_max: 4, is_isolated: true };

fn start(workers: usize) -> Command {
    Command::Start { run: 1, config: Config { workers, subset: Subset::First(300), random_labels: true, ..tiny() } }
}

fn handle(session: &mut Session, command: Command) -> Vec<Event> {
    session.handle(command, &|| 0.0)
}

/// Brings the team that is wanted.
fn bring(session: &mut Session) -> (Arc<Table>, Vec<Event>) {
    let config = session.wanted_team().unwrap().1.clone();
    let (seat, _) = team(&config);
    (seat.table.clone(), session.take_team(Some(Box::new(seat)), &|| 0.0))
}

#[test]
fn a_session_waits_for_its_team() {
    let mut session = session(FOUR);
    let events = handle(&mut session, start(2));
    assert!(matches!(events[..], [Event::Started { run: 1, .. }]));
    assert!(
        !session.is_busy()
            && session.wanted_team().is_some_and(|(usage, config)| (usage, config.workers) == (TeamUse::Run(1), 2))
    );
    let again = handle(&mut session, start(2));
    assert!(matches!(&again[..], [Event::Refused { message, .. }] if message.contains("under way")));
    assert_eq!(handle(&mut session, Command::Pause { run: 2 }), []);
    assert_eq!(handle(&mut session, Command::Pause { run: 1 }), [Event::Paused { run: 1 }]);
    let (_, events) = bring(&mut session);
    assert_eq!(events, []);
    assert!(!session.is_busy() && session.wanted_team().is_none(), "it is held");
    assert_eq!(handle(&mut session, Command::Resume { run: 1 }), [Event::Resumed { run: 1 }]);
    let mut events = Vec::new();
    while session.is_busy() {
        events.extend(session.tick(10.0, &|| 0.0));
    }
    assert_eq!(events.last(), Some(&Event::Ended { run: 1, reason: EndReason::Finished }));

    handle(&mut session, start(3));
    let stopped = [Event::Ended { run: 1, reason: EndReason::Stopped }];
    assert_eq!(handle(&mut session, Command::Stop { run: 1 }), stopped);
    assert!(session.wanted_team().is_none());
    handle(&mut session, start(3));
    let lost = Event::Ended { run: 1, reason: EndReason::Lost { checkpoint: None } };
    assert_eq!(session.take_team(None, &|| 0.0), [lost]);
    assert_eq!(session.take_team(None, &|| 0.0), []);
    assert!(matches!(handle(&mut session, start(1))[..], [Event::Started { .. }]));
    assert!(session.is_busy(), "alone there is nothing to wait for");
}

#[test]
fn what_is_asked_while_the_workers_come_together_is_answered_when_they_have() {
    let mut session = session(FOUR);
    handle(&mut session, start(2));
    let predict = |colour| Command::Predict { run: 1, pixels: vec![colour; 3072] };
    for question in [predict(1), Command::FirstLayer { run: 1, count: 2 }, predict(200)] {
        assert_eq!(handle(&mut session, question), [], "nothing is refused");
    }
    let (_, events) = bring(&mut session);
    assert!(
        matches!(&events[..], [Event::FirstLayer { run: 1, .. }, Event::Prediction { run: 1, step: 0, .. }]),
        "each kind once: {events:?}"
    );
    let [_, Event::Prediction { prediction, .. }] = &events[..] else { unreachable!() };
    let again = handle(&mut session, predict(200));
    assert!(
        matches!(&again[..], [Event::Prediction { prediction: last, .. }] if last == prediction),
        "the last question"
    );

    // A run that does not come about takes its questions with it.
    handle(&mut session, Command::Stop { run: 1 });
    handle(&mut session, start(3));
    handle(&mut session, predict(1));
    assert_eq!(session.take_team(None, &|| 0.0).len(), 1);
    assert!(matches!(handle(&mut session, predict(1))[..], [Event::Gone { run: 1 }]));
}

#[test]
fn too_many_workers_are_refused() {
    for (host, says) in
        [(FOUR, "has room for 4. Choose at most 4, or start"), (Host::default(), "Cross-Origin-Embedder-Policy")]
    {
        let mut session = session(host);
        let events = handle(&mut session, start(5));
        let [Event::Refused { about: About::Setting(Field::Workers), message }] = &events[..] else {
            panic!("{events:?}")
        };
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn a_session_that_loses_a_worker_ends_the_run_and_starts_another() {
    let mut session = session(FOUR);
    handle(&mut session, start(2));
    let (table, _) = bring(&mut session);
    let mut events = Vec::new();
    let epochs = |events: &[Event]| events.iter().filter(|event| matches!(event, Event::Epoch { .. })).count();
    // Long epochs, each of which gets its checkpoint.
    let now = Cell::new(0.0);
    let clock = || now.replace(now.get() + 1000.0);
    while epochs(&events) < 2 {
        events.extend(session.tick(0.0, &clock));
    }
    table.break_up();
    while session.is_busy() {
        events.extend(session.tick(0.0, &clock));
    }
    let reason = EndReason::Lost { checkpoint: Some(1) };
    assert_eq!(events.last(), Some(&Event::Ended { run: 1, reason }));
    let refused = handle(&mut session, Command::CheckGradients { run: 1 });
    assert_eq!(refused, [Event::Gone { run: 1 }]);
    handle(&mut session, start(2));
    bring(&mut session);
    while session.is_busy() {
        events.extend(session.tick(10.0, &|| 0.0));
    }
    assert_eq!(events.last(), Some(&Event::Ended { run: 1, reason: EndReason::Finished }));
}
