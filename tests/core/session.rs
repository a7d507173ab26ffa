use std::cell::Cell;

use piecewise::data::PIXELS;
use piecewise::data::cifar10::RECORD;
use piecewise::data::{Decision, Found, Role, Taken};
use piecewise::protocol::{
    About, Command, DataSummary, EndReason, Event, FileInfo, Host, Progress, Source, Speeds, VERSION, decode, encode,
};
use piecewise::session::Session;
use piecewise::train::model::Reading;
use piecewise::train::{Checkpoint, Config, Field, Subset};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A session with a clock that goes on by so many milliseconds at each look.
struct Rig {
    session: Session,
    now: Cell<f64>,
    look_ms: f64,
}

impl Rig {
    fn new() -> Self {
        Self { session: Session::new(Host::default()), now: Cell::new(0.0), look_ms: 1.0 }
    }

    fn with_clock<T>(&mut self, act: impl FnOnce(&mut Session, &dyn Fn() -> f64) -> T) -> T {
        let (now, look_ms) = (&self.now, self.look_ms);
        let clock = || {
            now.set(now.get() + look_ms);
            now.get()
        };
        act(&mut self.session, &clock)
    }

    fn handle(&mut self, command: Command) -> Vec<Event> {
        // Everything crosses the wire.
        let command = decode(&encode(&command)).unwrap();
        self.with_clock(|session, clock| session.handle(command, clock))
    }

    fn tick(&mut self) -> Vec<Event> {
        let events = self.with_clock(|session, clock| session.tick(10.0, clock));
        events.iter().map(|event| decode(&encode(event)).unwrap()).collect()
    }

    /// Loads files as the worker's shell does, in pieces.
    fn load(&mut self, files: &[(&str, Vec<u8>)]) -> Vec<Event> {
        let info = |(name, bytes): &(&str, Vec<u8>)| FileInfo { name: (*name).into(), size: bytes.len() as u64 };
        let mut events =
            self.handle(Command::Load { files: files.iter().map(info).collect(), is_open: false, decision: None });
        while let Some((index, start)) = self.session.wanted_file() {
            let bytes = &files[index].1[start as usize..];
            let piece = &bytes[..bytes.len().min(5000)];
            events.extend(self.with_clock(|session, clock| session.take_bytes(Some(piece), clock)));
        }
        events
    }

    fn run_to_end(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while self.session.is_busy() {
            events.extend(self.tick());
        }
        events
    }
}

fn load_one(name: &str, size: u64) -> Command {
    Command::Load { files: vec![FileInfo { name: name.into(), size }], is_open: false, decision: None }
}

fn found(events: &[Event]) -> &Found {
    let found = events.iter().rev().find_map(|event| if let Event::Found(found) = event { Some(found) } else { None });
    found.unwrap_or_else(|| panic!("{events:?}"))
}

/// No two images of all seeds are the same: the first pixels hold the record and the seed.
fn batch(records: usize, seed: usize) -> Vec<u8> {
    let byte = |i: usize| match i % RECORD {
        0 => (i / RECORD + seed) % 10,
        1 => i / RECORD,
        2 => seed,
        _ => i * 31 + seed * 7,
    };
    (0..records * RECORD).map(|i| byte(i) as u8).collect()
}

fn data(train: usize, validation: usize, batches: &[&str]) -> Event {
    let batches = batches.iter().map(|name| (*name).into()).collect();
    let source = Source::Files;
    Event::Data(DataSummary {
        train,
        validation,
        source,
        sample_seed: None,
        official: None,
        batches,
        class_names: vec![],
    })
}

fn small(epochs: usize) -> Config {
    Config { hidden: vec![4], batch_size: 8, epochs, learning_rate: 0.01, ..Config::default() }
}

fn refusal(events: &[Event]) -> (About, &str) {
    let refusals: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Refused { about, message } => Some((*about, message.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(refusals.len(), 1, "{events:?}");
    refusals[0]
}

fn progress(events: &[Event]) -> Vec<&Progress> {
    events
        .iter()
        .filter_map(|event| if let Event::Progress(progress) = event { Some(progress) } else { None })
        .collect()
}

#[test]
fn it_greets_with_its_version() {
    let host = Host { cores: 3, workers_max: 3, is_isolated: true };
    assert!(matches!(Session::new(host).ready(), Event::Ready { version: VERSION, host: there, .. } if there == host));
}

#[test]
fn good_files_are_loaded_and_later_ones_added() {
    let mut rig = Rig::new();
    let events = rig.load(&[("data_batch_1.bin", batch(7, 1))]);
    assert_eq!(events.last(), Some(&data(7, 0, &["data_batch_1.bin"])));
    assert!(events.iter().any(|event| matches!(event, Event::Loading { total, .. } if *total == 7 * RECORD as u64)));
    let events = rig.load(&[("test_batch.bin", batch(3, 2)), ("data_batch_2.bin", batch(2, 3))]);
    assert_eq!(events.last(), Some(&data(9, 3, &["data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"])));
}

#[test]
fn a_bad_file_changes_nothing() {
    let mut rig = Rig::new();
    let test_alone = rig.load(&[("test_batch.bin", batch(3, 2))]);
    assert!(refusal(&test_alone).1.contains("test_batch.bin is for validation only"));
    assert_eq!(test_alone.last(), Some(&Event::Data(DataSummary::default())));

    rig.load(&[("data_batch_1.bin", batch(7, 1))]);
    let mut label = batch(4, 5);
    label[3 * RECORD] = 10;
    for (files, sentence) in [
        (vec![("b.bin", label)], "b.bin has label 10 in record 4"),
        (vec![("b.bin", vec![])], "b.bin is empty."),
        (vec![("copy.bin", batch(7, 1))], "copy.bin holds the same images as data_batch_1.bin."),
        (vec![("data_batch_1.bin", batch(7, 1))], "data_batch_1.bin is here already."),
        (vec![("data_batch_1.bin", batch(7, 1)), ("again.bin", batch(7, 1))], "All of it is here already"),
        (vec![], "No file was chosen."),
    ] {
        let events = rig.load(&files);
        let (about, message) = refusal(&events);
        assert_eq!(about, About::Data);
        assert!(message.contains(sentence), "{message}");
        assert_eq!(events.last(), Some(&data(7, 0, &["data_batch_1.bin"])));
        assert_eq!(rig.session.wanted_file(), None);
    }
    let huge = rig.handle(load_one("x", u64::MAX));
    assert!(refusal(&huge).1.contains("more than a page can hold"));
    rig.handle(load_one("gone.bin", RECORD as u64));
    let gone = rig.with_clock(|session, clock| session.take_bytes(None, clock));
    assert!(refusal(&gone).1.contains("gone.bin could not be read at byte 0"));
    assert_eq!(rig.session.wanted_file(), None);
}

#[test]
fn a_broken_file_among_good_ones_is_named_and_the_good_ones_wait_for_a_word() {
    let mut rig = Rig::new();
    let mut label = batch(4, 5);
    label[3 * RECORD] = 10;
    let events = rig.load(&[("data_batch_1.bin", batch(7, 1)), ("data_batch_2.bin", label)]);
    let found = found(&events);
    assert!(found.asks && !events.iter().any(|event| matches!(event, Event::Data(_))), "{events:?}");
    let taken: Vec<_> = found.files.iter().map(|file| (file.path.as_str(), file.taken, file.images())).collect();
    assert_eq!(taken, [("data_batch_1.bin", Taken::Train, 7), ("data_batch_2.bin", Taken::PassedOver, 0)]);
    assert!(found.files[1].is_broken && found.files[1].why.contains("label 10 in record 4"));
    let start = rig.handle(Command::Start { run: 1, config: small(1) });
    assert!(refusal(&start).1.contains("wait for your word"));
    let events = rig.handle(Command::Take { decision: Decision::default() });
    assert_eq!(events.last(), Some(&data(7, 0, &["data_batch_1.bin"])));
}

#[test]
fn the_same_set_comes_in_one_order_however_it_came() {
    let numbers = [4, 10, 2, 1, 3];
    let files: Vec<(String, Vec<u8>)> =
        numbers.iter().map(|n| (format!("data_batch_{n}.bin"), batch(3, *n * 11))).collect();
    let mut orders = Vec::new();
    for turn in 0..files.len() {
        let mut rig = Rig::new();
        let mut turned = files.clone();
        turned.rotate_left(turn);
        if turn == 0 {
            // One after the other.
            for (name, bytes) in &turned {
                rig.load(&[(name, bytes.clone())]);
            }
        } else {
            let in_folder: Vec<_> = turned.iter().map(|(name, bytes)| (format!("set/{name}"), bytes.clone())).collect();
            let named = if turn == 1 { &in_folder } else { &turned };
            rig.load(&named.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect::<Vec<_>>());
        }
        rig.handle(Command::Start { run: 1, config: small(1) });
        let losses = losses(&rig.run_to_end());
        let Event::Data(data) = &rig.handle(Command::CancelLoad)[0] else { panic!() };
        orders.push((data.batches.clone(), losses));
    }
    let names = ["1", "2", "3", "4", "10"].map(|n| format!("data_batch_{n}.bin"));
    assert_eq!(orders[0].0, names);
    assert!(orders.iter().all(|order| *order == orders[0]), "{orders:?}");
}

#[test]
fn roles_can_be_changed_before_the_images_are_used_and_come_again_with_the_files() {
    let files = [("mine/one.bin", batch(5, 1)), ("mine/two.bin", batch(4, 20))];
    let mut rig = Rig::new();
    let events = rig.load(&files);
    assert!(found(&events).asks, "no name says what they are for");
    let mut decision = Decision::default();
    decision.set_role("mine/two.bin", Role::Validation);
    let events = rig.handle(Command::Consider { decision: decision.clone() });
    assert_eq!(found(&events).files[1].taken, Taken::Validation);
    assert!(found(&events).asks);
    let taken = rig.handle(Command::Take { decision: decision.clone() });
    assert_eq!(taken.last(), Some(&data(5, 4, &["one.bin", "two.bin"])));
    assert!(!found(&taken).asks);

    let mut again = Rig::new();
    let info = |(name, bytes): &(&str, Vec<u8>)| FileInfo { name: (*name).into(), size: bytes.len() as u64 };
    let infos: Vec<_> = files.iter().map(info).collect();
    again.handle(Command::Load { files: vec![infos[0].clone()], is_open: true, decision: Some(decision) });
    let first = again.with_clock(|session, clock| session.take_bytes(Some(&files[0].1), clock));
    assert!(!first.iter().any(|event| matches!(event, Event::Data(_))), "more files are to come");
    assert_eq!(again.session.wanted_file(), None);
    again.handle(Command::MoreFiles { files: vec![infos[1].clone()], is_open: false });
    let last = again.with_clock(|session, clock| session.take_bytes(Some(&files[1].1), clock));
    assert_eq!(last.last(), Some(&data(5, 4, &["one.bin", "two.bin"])), "nothing is asked again");
}

#[test]
fn files_in_place_of_the_sample_wait_for_a_word_and_can_be_given_up() {
    let mut rig = Rig::new();
    rig.handle(Command::LoadSample { seed: 3 });
    rig.run_to_end();
    let events = rig.load(&[("data_batch_1.bin", batch(7, 1))]);
    assert_eq!(found(&events).replaces.as_deref(), Some("the synthetic sample"));
    assert!(found(&events).asks);
    let Some(Event::Data(kept)) = rig.handle(Command::CancelLoad).pop() else { panic!() };
    assert_eq!((kept.train, kept.source), (5000, Source::Sample));
    rig.load(&[("data_batch_1.bin", batch(7, 1))]);
    let events = rig.handle(Command::Take { decision: Decision::default() });
    assert_eq!(events.last(), Some(&data(7, 0, &["data_batch_1.bin"])));
}

#[test]
fn loading_can_be_cancelled() {
    let mut rig = Rig::new();
    rig.load(&[("data_batch_1.bin", batch(7, 1))]);
    rig.handle(load_one("b", 2 * RECORD as u64));
    rig.with_clock(|session, clock| session.take_bytes(Some(&batch(1, 3)), clock));
    assert_eq!(rig.handle(Command::CancelLoad), [data(7, 0, &["data_batch_1.bin"])]);
    assert_eq!(rig.session.wanted_file(), None);
    assert_eq!(rig.with_clock(|session, clock| session.take_bytes(Some(&[1]), clock)), []);

    rig.handle(Command::LoadSample { seed: 1 });
    rig.tick();
    assert_eq!(rig.handle(Command::CancelLoad), [data(7, 0, &["data_batch_1.bin"])]);
    assert!(!rig.session.is_busy());
}

#[test]
fn the_sample_replaces_files_and_files_the_sample() {
    let mut rig = Rig::new();
    rig.load(&[("data_batch_1.bin", batch(7, 1))]);
    assert_eq!(rig.handle(Command::LoadSample { seed: 3 }), []);
    let events = rig.run_to_end();
    assert!(matches!(&events[0], Event::Loading { total: 6000, .. }));
    let Some(Event::Data(sample)) = events.last() else { panic!("{events:?}") };
    assert_eq!((sample.train, sample.validation, sample.source), (5000, 1000, Source::Sample));
    rig.load(&[("data_batch_1.bin", batch(7, 1))]);
    let events = rig.handle(Command::Take { decision: Decision::default() });
    assert_eq!(events.last(), Some(&data(7, 0, &["data_batch_1.bin"])));
    assert_eq!(rig.handle(Command::ForgetData), [Event::Data(DataSummary::default())]);
}

#[test]
fn a_run_reports_every_step_and_epoch() {
    let mut rig = Rig::new();
    rig.load(&[("data_batch_1.bin", batch(20, 1)), ("test_batch.bin", batch(5, 2))]);
    let started = rig.handle(Command::Start { run: 7, config: small(4) });
    assert_eq!(started, [Event::Started { run: 7, config: small(4), steps_per_epoch: 3 }]);
    let events = rig.run_to_end();
    let losses: usize = progress(&events).iter().map(|progress| progress.losses.len()).sum();
    assert_eq!(losses, 12);
    let seconds: Vec<f32> = progress(&events).iter().flat_map(|progress| progress.seconds.clone()).collect();
    assert!(seconds.len() == 12 && seconds.is_sorted() && seconds[0] > 0.0, "{seconds:?}");
    let epochs: Vec<_> = events
        .iter()
        .filter_map(|event| {
            if let Event::Epoch { run: 7, record, memory_bytes } = event {
                assert_eq!(*memory_bytes > 0, cfg!(target_arch = "wasm32"), "only a browser tells");
                Some((record.epoch, record.step))
            } else {
                None
            }
        })
        .collect();
    assert_eq!(epochs, [(0, 0), (1, 3), (2, 6), (3, 9), (4, 12)]);
    assert_eq!(events.last(), Some(&Event::Ended { run: 7, reason: EndReason::Finished }));
    let shares: Vec<f64> = progress(&events).iter().map(|progress| progress.done).collect();
    assert!(
        shares.windows(2).all(|pair| pair[0] <= pair[1] + 0.15)
            && shares.iter().all(|share| (0.0..=1.0).contains(share))
    );
    assert_eq!(shares.last(), Some(&1.0));
    let last = progress(&events)[shares.len() - 1];
    assert_eq!((last.step, last.epoch, last.seconds_left), (12, 4, Some(0.0)));
    // The clock goes on by a millisecond a look, a look or two a step of eight images.
    assert!((3000.0..=8000.0).contains(&last.images_per_second), "{last:?}");
}

#[test]
fn a_run_is_held_goes_on_and_gives_the_same_numbers() {
    let losses = |holds: bool| {
        let mut rig = Rig::new();
        rig.load(&[("data_batch_1.bin", batch(20, 1))]);
        rig.handle(Command::Start { run: 1, config: small(3) });
        let mut events = rig.tick();
        if holds {
            events.extend(rig.handle(Command::Pause { run: 1 }));
            assert_eq!(events.last(), Some(&Event::Paused { run: 1 }));
            assert!(!rig.session.is_busy());
            assert_eq!(rig.tick(), [], "nothing happens while held");
            rig.now.set(rig.now.get() + 1e6);
            assert_eq!(rig.handle(Command::Resume { run: 1 }), [Event::Resumed { run: 1 }]);
        }
        events.extend(rig.run_to_end());
        let rate = progress(&events).last().unwrap().images_per_second;
        assert!(rate > 1000.0, "time held does not count: {rate}");
        progress(&events).iter().flat_map(|progress| progress.losses.clone()).collect::<Vec<_>>()
    };
    assert_eq!(losses(true), losses(false));
}

#[test]
fn a_run_is_stopped_at_once_even_when_held() {
    for held in [false, true] {
        let mut rig = Rig::new();
        rig.load(&[("data_batch_1.bin", batch(20, 1))]);
        rig.handle(Command::Start { run: 1, config: small(100) });
        rig.tick();
        if held {
            rig.handle(Command::Pause { run: 1 });
        }
        let events = rig.handle(Command::Stop { run: 1 });
        assert_eq!(events.last(), Some(&Event::Ended { run: 1, reason: EndReason::Stopped }));
        assert!(!rig.session.is_busy());
        assert_eq!(rig.handle(Command::Stop { run: 1 }), [], "a second stop comes too late");
        assert_eq!(rig.handle(Command::Start { run: 2, config: small(1) }).len(), 1);
    }
}

#[test]
fn commands_about_another_run_do_nothing() {
    let mut rig = Rig::new();
    rig.load(&[("data_batch_1.bin", batch(20, 1))]);
    rig.handle(Command::Start { run: 5, config: small(2) });
    for command in [Command::Pause { run: 4 }, Command::Resume { run: 6 }, Command::Stop { run: 0 }] {
        assert_eq!(rig.handle(command), []);
    }
    assert!(rig.session.is_busy());
}

#[test]
fn what_does_not_fit_the_state_is_refused() {
    let mut rig = Rig::new();
    let start = || Command::Start { run: 1, config: small(2) };
    assert_eq!(refusal(&rig.handle(start())).0, About::Data, "no data yet");
    rig.load(&[("data_batch_1.bin", batch(20, 1))]);
    let bad = Command::Start { run: 1, config: Config { batch_size: 0, ..small(1) } };
    assert_eq!(refusal(&rig.handle(bad)).0, About::Setting(Field::BatchSize));

    rig.handle(start());
    for command in [start(), Command::LoadSample { seed: 1 }, Command::ForgetData] {
        let about = if matches!(command, Command::Start { .. }) { About::Command } else { About::Data };
        assert_eq!(refusal(&rig.handle(command)), (about, "A run is under way. Stop it first."));
    }
    assert_eq!(refusal(&rig.handle(Command::Bench)).0, About::Bench);
    rig.run_to_end();
    rig.handle(Command::Bench);
    assert!(refusal(&rig.handle(start())).1.contains("speed measurement"));
    let nothing = Speeds::default();
    assert_eq!(rig.handle(Command::StopBench), [Event::Bench(nothing)]);
    rig.handle(Command::Growth { is_large: false });
    assert!(refusal(&rig.handle(start())).1.contains("speed measurement"));
    assert_eq!(rig.handle(Command::StopBench), [Event::Growth { points: vec![], is_over: true, problem: None }]);
    rig.handle(Command::LoadSample { seed: 1 });
    assert!(refusal(&rig.handle(start())).1.contains("still being loaded"));
    assert_eq!(refusal(&rig.handle(Command::Growth { is_large: true })).0, About::Bench);
    assert_eq!(rig.handle(Command::StopBench), []);
    assert!(rig.session.is_busy(), "stopping a measurement stops nothing else");
}

#[test]
fn a_run_that_diverges_ends_with_that_reason() {
    let mut rig = Rig::new();
    rig.load(&[("data_batch_1.bin", batch(20, 1))]);
    rig.handle(Command::Start { run: 1, config: Config { learning_rate: 1e30, ..small(50) } });
    let events = rig.run_to_end();
    assert!(matches!(events.last(), Some(Event::Ended { run: 1, reason: EndReason::Diverged { step } }) if *step >= 1));
    assert!(progress(&events).last().unwrap().done < 0.9, "it did not get to the end");
}

#[test]
fn bytes_that_are_no_message_are_none() {
    assert_eq!(decode::<Command>(&[]), None);
    assert_eq!(decode::<Command>(&[200, 1, 2]), None);
    let mut longer = encode(&Command::ForgetData);
    longer.push(0);
    assert_eq!(decode::<Command>(&longer), None);
}

#[test]
fn gradients_are_checked_while_running_or_held_and_training_goes_on() {
    for held in [false, true] {
        let mut rig = Rig { look_ms: 1000.0, ..Rig::new() };
        rig.load(&[("data_batch_1.bin", batch(40, 1))]);
        rig.handle(Command::Start { run: 3, config: small(3) });
        rig.tick();
        if held {
            rig.handle(Command::Pause { run: 3 });
        }
        let started = rig.handle(Command::CheckGradients { run: 3 });
        assert!(
            matches!(started[..], [Event::Progress(_), Event::Gradients { run: 3, done: 0, total, .. }] if total > 10)
        );
        let mut checked = Vec::new();
        while checked.is_empty() {
            assert!(rig.session.is_busy());
            for event in rig.tick() {
                if let Event::Gradients { entries, .. } = event {
                    checked = entries;
                }
            }
        }
        assert!(checked.iter().all(|entry| entry.measured.is_finite()));
        assert_eq!(rig.session.is_busy(), !held, "back to what it did before");
        rig.handle(Command::Resume { run: 3 });
        assert_eq!(rig.run_to_end().last(), Some(&Event::Ended { run: 3, reason: EndReason::Finished }));
        assert_eq!(rig.handle(Command::CheckGradients { run: 3 }).len(), 2, "the network is kept");
        rig.run_to_end();
        rig.handle(Command::ForgetData);
        assert_eq!(rig.handle(Command::CheckGradients { run: 3 }), [Event::Gone { run: 3 }], "until the data change");
    }
}

/// A gzip file of these bytes.
fn gzipped(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_whole_folder_may_be_chosen_and_files_may_be_compressed() {
    let mut rig = Rig::new();
    let readme = b"<!DOCTYPE html><html><body>CIFAR-10</body></html>".to_vec();
    let events = rig.load(&[
        ("readme.html", readme.clone()),
        ("data_batch_1.bin.gz", gzipped(&batch(6, 1))),
        ("test_batch.bin", batch(3, 2)),
    ]);
    assert_eq!(events.last(), Some(&data(6, 3, &["data_batch_1.bin", "test_batch.bin"])));
    // Alone it is no data, and what was there stays.
    let events = rig.load(&[("readme.html", readme)]);
    assert!(
        matches!(&events[..], [.., Event::Refused { about: About::Data, message }, Event::Data(_)] if message.contains("readme.html")),
        "{events:?}"
    );
    assert_eq!(events.last(), Some(&data(6, 3, &["data_batch_1.bin", "test_batch.bin"])));
    let mut cut = gzipped(&batch(6, 4));
    cut.truncate(cut.len() / 2);
    let events = rig.load(&[("data_batch_2.bin.gz", cut)]);
    assert!(
        matches!(&events[events.len() - 2], Event::Refused { message, .. } if message.contains("cut off")),
        "{events:?}"
    );
    assert_eq!(events.last(), Some(&data(6, 3, &["data_batch_1.bin", "test_batch.bin"])));
}

#[test]
fn reports_are_rarer_where_the_workers_have_all_cores() {
    let count = |cores| {
        let host = Host { cores, workers_max: 1, is_isolated: false };
        let mut rig = Rig { session: Session::new(host), ..Rig::new() };
        rig.load(&[("data_batch_1.bin", batch(60, 1))]);
        rig.look_ms = 20.0;
        rig.handle(Command::Start { run: 1, config: Config { batch_size: 1, ..small(3) } });
        let events = rig.run_to_end();
        assert_eq!(losses(&events).len(), 180, "none is left out");
        progress(&events).len() - events.iter().filter(|event| matches!(event, Event::Epoch { .. })).count()
    };
    let (few, many) = (count(1), count(2));
    assert!(few > 1 && many >= 2 * few, "{few} and {many}");
}

fn losses(events: &[Event]) -> Vec<f32> {
    progress(events).iter().flat_map(|progress| progress.losses.clone()).collect()
}

fn checkpoints(events: &[Event]) -> Vec<Vec<u8>> {
    let bytes = |event: &Event| if let Event::Checkpoint { bytes, .. } = event { Some(bytes.clone()) } else { None };
    events.iter().filter_map(bytes).collect()
}

#[test]
fn short_epochs_are_told_together_and_few_of_them_are_checkpoints() {
    let mut rig = Rig { look_ms: 5.0, ..Rig::new() };
    rig.load(&[("data_batch_1.bin", batch(8, 1))]);
    rig.handle(Command::Start { run: 7, config: small(2000) });
    let mut events = Vec::new();
    while checkpoints(&events).len() < 4 {
        events.extend(rig.tick());
    }
    let passed_ms = rig.now.get();
    let epochs = events.iter().filter(|event| matches!(event, Event::Epoch { .. })).count();
    assert!(epochs > 60, "{epochs}");
    let reports = progress(&events).len() as f64;
    assert!((3000.0..4000.0).contains(&passed_ms) && reports <= passed_ms / 200.0 + 4.0, "{reports} in {passed_ms} ms");
    // What is held is kept as it is, if it stands after an epoch; and each checkpoint is of an epoch that was told.
    let mut held = rig.handle(Command::Pause { run: 7 });
    assert_eq!(held.pop(), Some(Event::Paused { run: 7 }));
    events.extend(held);
    let mut told = None;
    for event in &events {
        match event {
            Event::Epoch { record, .. } => told = Some(record.epoch),
            Event::Checkpoint { bytes, .. } => assert_eq!(Some(Checkpoint::decode(bytes).unwrap().epoch()), told),
            _ => {}
        }
    }
    assert!(told > Some(60));
}

#[test]
fn a_run_is_resumed_from_a_checkpoint_in_another_session() {
    let files = [("data_batch_1.bin", batch(20, 1)), ("test_batch.bin", batch(5, 2))];
    let config = Config { momentum: 0.9, ..small(4) };
    let mut rig = Rig { look_ms: 1000.0, ..Rig::new() };
    rig.load(&files);
    rig.handle(Command::Start { run: 7, config: config.clone() });
    let events = rig.run_to_end();
    let (whole, all) = (losses(&events), checkpoints(&events));
    assert_eq!(all.len(), 5, "one an epoch, and one before");
    for (at, event) in events.iter().enumerate() {
        let after_epoch = at > 0 && matches!(events[at - 1], Event::Epoch { run: 7, .. });
        assert_eq!(matches!(event, Event::Checkpoint { run: 7, .. }), after_epoch);
    }
    for (epoch, bytes) in all.into_iter().enumerate() {
        let mut later = Rig::new();
        let resume = || Command::ResumeFrom { run: 8, bytes: bytes.clone(), rate_changes: vec![] };
        assert_eq!(refusal(&later.handle(resume())).0, About::Data, "no data yet");
        later.load(&files[..1]);
        assert!(refusal(&later.handle(resume())).1.contains("20 images and validated on 5"));
        later.load(&files[1..]);
        let started = later.handle(resume());
        let [Event::Started { run: 8, config: same, steps_per_epoch: 3 }, restored] = &started[..] else {
            panic!("{started:?}")
        };
        assert_eq!(*same, config);
        let Event::Restored { run: 8, epoch: at, losses: before, records, rate_changes } = restored else {
            panic!("{restored:?}")
        };
        assert_eq!((*at, records.len(), rate_changes.len()), (epoch, epoch + 1, 0));
        let rest = later.run_to_end();
        assert_eq!([&before[..], &losses(&rest)].concat(), whole);
        assert_eq!(rest.last(), Some(&Event::Ended { run: 8, reason: EndReason::Finished }));
        assert_eq!(progress(&rest).last().unwrap().step, 12);
    }
    let broken = Command::ResumeFrom { run: 9, bytes: vec![1, 2, 3], rate_changes: vec![] };
    assert!(refusal(&rig.handle(broken)).1.contains("no checkpoint"));
}

#[test]
fn the_learning_rate_is_set_while_running_or_held_and_repeated_when_resumed() {
    let mut rig = Rig { look_ms: 1000.0, ..Rig::new() };
    rig.load(&[("data_batch_1.bin", batch(20, 1))]);
    rig.handle(Command::Start { run: 1, config: small(4) });
    let set = |learning_rate| Command::SetLearningRate { run: 1, learning_rate };
    let mut events = Vec::new();
    while progress(&events).last().is_none_or(|progress| progress.step < 4) {
        events.extend(rig.tick());
    }
    events.extend(rig.handle(Command::Pause { run: 1 }));
    for rate in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        let (about, message) = (About::Setting(Field::LearningRate), "must be a number above 0");
        let events = rig.handle(set(rate));
        assert!(refusal(&events).0 == about && refusal(&events).1.contains(message), "{events:?}");
    }
    let answer = rig.handle(set(0.02));
    let [Event::LearningRate { run: 1, change }] = answer[..] else { panic!("{answer:?}") };
    assert_eq!((change.step, change.learning_rate), (progress(&events).last().unwrap().step, 0.02));
    rig.handle(Command::Resume { run: 1 });
    events.extend(rig.run_to_end());
    assert_eq!(rig.handle(set(0.1)), [], "too late");

    let (whole, all) = (losses(&events), checkpoints(&events));
    rig.handle(Command::ResumeFrom { run: 2, bytes: all[1].clone(), rate_changes: vec![change] });
    assert_eq!(losses(&rig.run_to_end()), whole[3..]);
    rig.handle(Command::ResumeFrom { run: 3, bytes: all[1].clone(), rate_changes: vec![] });
    assert_ne!(losses(&rig.run_to_end()), whole[3..]);
}

#[test]
fn a_subset_and_random_labels_are_counted() {
    let mut rig = Rig::new();
    rig.load(&[("data_batch_1.bin", batch(20, 1)), ("test_batch.bin", batch(5, 2))]);
    let start = |subset| Command::Start {
        run: 1,
        config: Config { subset: Subset::First(subset), random_labels: true, ..small(2) },
    };
    assert_eq!(refusal(&rig.handle(start(21))).0, About::Setting(Field::Subset));
    let started = rig.handle(start(9));
    assert!(matches!(started[..], [Event::Started { steps_per_epoch: 2, .. }]));
    let events = rig.run_to_end();
    assert_eq!(losses(&events).len(), 4);
    assert_eq!(progress(&events).last().unwrap().done, 1.0);
    for event in &events {
        assert!(!matches!(event, Event::Epoch { record, .. } if record.validation_accuracy.is_some()));
    }
}

#[test]
fn held_out_images_are_validated_on_and_reported() {
    let mut rig = Rig::new();
    rig.load(&[("data_batch_1.bin", batch(40, 1))]);
    let start =
        |held_out| Command::Start { run: 1, config: Config { subset: Subset::PerClass(3), held_out, ..small(2) } };
    assert_eq!(refusal(&rig.handle(start(30))).0, About::Setting(Field::HeldOut));
    let started = rig.handle(start(22));
    assert!(matches!(started[..], [Event::Started { steps_per_epoch: 1, .. }]), "8 images, in one batch: {started:?}");
    // Before the first piece of work.
    rig.handle(Command::Report { run: 1, mistakes: 5 });
    let events = rig.run_to_end();
    let report = events.iter().find_map(|event| match event {
        Event::Report { report: Some(report), total: 22, .. } => Some(report),
        _ => None,
    });
    assert!(report.is_some_and(|report| report.is_held_out && report.images() == 22));
    let measured =
        |event: &&Event| matches!(event, Event::Epoch { record, .. } if record.validation_accuracy.is_some());
    assert_eq!((events.iter().filter(measured).count(), progress(&events).last().unwrap().done), (3, 1.0));

    rig.load(&[("test_batch.bin", batch(5, 2))]);
    let refused = rig.handle(start(22));
    let message = refusal(&refused).1;
    assert!(message.contains("have 5 images to validate on"), "{message}");
}

// Some seconds and half a gigabyte.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_network_too_large_for_checkpoints_says_so_once() {
    let mut rig = Rig::new();
    rig.load(&[("data_batch_1.bin", batch(2, 1))]);
    rig.handle(Command::Start { run: 1, config: Config { hidden: vec![11_000], learning_rate: 1e-6, ..small(2) } });
    let events = rig.run_to_end();
    assert_eq!(events.last(), Some(&Event::Ended { run: 1, reason: EndReason::Finished }));
    assert_eq!(checkpoints(&events).len(), 0);
    let said: Vec<_> = events.iter().filter(|event| matches!(event, Event::NoCheckpoint { .. })).collect();
    let [Event::NoCheckpoint { run: 1, message }] = said[..] else { panic!("{said:?}") };
    assert!(message.contains("would have 129 MiB, and at most 128 MiB"), "{message}");
}

#[test]
fn a_report_is_made_while_running_held_or_ended_and_changes_nothing() {
    let run = |reports: bool| {
        let mut rig = Rig::new();
        rig.load(&[("data_batch_1.bin", batch(20, 1)), ("test_batch.bin", batch(1200, 2))]);
        rig.handle(Command::Start { run: 3, config: small(2) });
        let mut events = rig.tick();
        for held in [false, true] {
            if !reports {
                break;
            }
            if held {
                events.extend(rig.handle(Command::Pause { run: 3 }));
            }
            let started = rig.handle(Command::Report { run: 3, mistakes: usize::MAX });
            assert!(matches!(started[..], [Event::Report { run: 3, done: 0, total: 1200, report: None, .. }]));
            let mut finished = None;
            while finished.is_none() {
                for event in rig.tick() {
                    let Event::Report { done, report, .. } = event else { panic!("training waits: {event:?}") };
                    assert_eq!(done == 1200, report.is_some());
                    finished = report;
                }
            }
            let report = finished.unwrap();
            assert_eq!((report.images(), report.mistakes.len(), report.layers.len()), (1200, 100, 1));
            assert_eq!(rig.session.is_busy(), !held, "back to what it did before");
        }
        rig.handle(Command::Resume { run: 3 });
        events.extend(rig.run_to_end());
        assert_eq!(events.last(), Some(&Event::Ended { run: 3, reason: EndReason::Finished }));
        // The network is kept: its last record and a report agree.
        rig.handle(Command::Report { run: 3, mistakes: 0 });
        let last = rig.run_to_end();
        let Some(Event::Report { step: 6, report: Some(report), .. }) = last.last() else { panic!("{last:?}") };
        let record = events.iter().rev().find_map(|event| match event {
            Event::Epoch { record, .. } => Some(record),
            _ => None,
        });
        assert_eq!(report.accuracy(), record.unwrap().validation_accuracy);
        losses(&events)
    };
    assert_eq!(run(true), run(false));

    let mut rig = Rig::new();
    rig.load(&[("data_batch_1.bin", batch(20, 1))]);
    rig.handle(Command::Start { run: 1, config: small(1) });
    assert!(refusal(&rig.handle(Command::Report { run: 1, mistakes: 3 })).1.contains("no images to validate on"));
}

#[test]
fn a_network_is_given_as_a_file_and_starts_another_run_that_waits() {
    let files = [("data_batch_1.bin", batch(20, 1)), ("test_batch.bin", batch(5, 2))];
    let mut rig = Rig::new();
    let open = |bytes: &[u8]| Command::OpenModel {
        run: 9,
        bytes: bytes.to_vec(),
        config: small(7),
        reading: Reading::default(),
    };
    assert_eq!(
        rig.handle(Command::Model { run: 7, names: String::new() }),
        [Event::Gone { run: 7 }],
        "no run, no network"
    );
    assert_eq!(refusal(&rig.handle(open(&[]))).0, About::Model, "no model");
    rig.load(&files);
    let config = Config { subset: Subset::First(15), ..small(2) };
    rig.handle(Command::Start { run: 7, config: config.clone() });
    let events = rig.run_to_end();
    let record = |events: &[Event]| {
        let records = events.iter().filter_map(|event| match event {
            Event::Epoch { record, .. } => Some(record.clone()),
            _ => None,
        });
        records.collect::<Vec<_>>()
    };
    let last = record(&events).pop().unwrap();
    let saved = rig.handle(Command::Model { run: 7, names: String::new() });
    let [Event::Model { run: 7, bytes }] = &saved[..] else { panic!("{saved:?}") };

    // Broken ones are refused, and the run of before is still there.
    assert_eq!(refusal(&rig.handle(open(&bytes[..bytes.len() - 4]))).0, About::Model);
    assert_eq!(rig.handle(Command::Model { run: 7, names: String::new() }), saved);

    let mut later = Rig::new();
    later.load(&files);
    let began = later.handle(open(bytes));
    let [started, Event::Opened { run: 9, origin }] = &began[..] else { panic!("{began:?}") };
    assert_eq!(*started, Event::Started { run: 9, config, steps_per_epoch: 2 });
    assert_eq!((origin.is_own, &origin.layers[..]), (true, &["1.weight".to_owned(), "3.weight".into()][..]));
    let events = later.run_to_end();
    assert_eq!(events.last(), Some(&Event::Paused { run: 9 }), "held before its first step");
    let first = record(&events).pop().unwrap();
    assert_eq!((first.epoch, first.step), (0, 0));
    assert_eq!((first.train_accuracy, first.validation_accuracy), (last.train_accuracy, last.validation_accuracy));
    assert_eq!(
        later.handle(Command::Model { run: 9, names: String::new() }),
        [Event::Model { run: 9, bytes: bytes.clone() }]
    );
    later.handle(Command::Resume { run: 9 });
    let events = later.run_to_end();
    assert_eq!(losses(&events).len(), 4);
    assert_eq!(events.last(), Some(&Event::Ended { run: 9, reason: EndReason::Finished }));

    // Its initial weights are not those that its settings draw, and that is known after a reload as well.
    assert!(refusal(&later.handle(Command::LossLine { run: 9 })).1.contains("came from a file"));
    let mut reloaded = Rig::new();
    reloaded.load(&files);
    let bytes_of = checkpoints(&events).pop().unwrap();
    reloaded.handle(Command::ResumeFrom { run: 4, bytes: bytes_of, rate_changes: vec![] });
    assert!(refusal(&reloaded.handle(Command::LossLine { run: 4 })).1.contains("came from a file"));

    // Settings that do not fit the data give way to those on screen, the network's shape does not.
    let mut small_data = Rig::new();
    small_data.load(&[("data_batch_1.bin", batch(12, 1))]);
    let started = small_data.handle(open(bytes));
    assert_eq!(started[0], Event::Started { run: 9, config: small(7), steps_per_epoch: 2 });

    // Without data it can be looked at, asked and saved; what is measured on images is refused, and nothing trains.
    let mut empty = Rig::new();
    let began = empty.handle(open(bytes));
    assert!(matches!(
        began[..],
        [Event::Started { .. }, Event::Opened { .. }, Event::Ended { run: 9, reason: EndReason::WithoutData }]
    ));
    assert_eq!(empty.run_to_end(), []);
    assert_eq!(
        empty.handle(Command::Model { run: 9, names: String::new() }),
        [Event::Model { run: 9, bytes: bytes.clone() }]
    );
    let named = empty.handle(Command::Model { run: 9, names: "fc1".into() });
    let [Event::Model { bytes: named, .. }] = &named[..] else { panic!("{named:?}") };
    assert!(String::from_utf8_lossy(named).contains("\"fc2.bias\""));
    assert_eq!(refusal(&empty.handle(Command::Model { run: 9, names: "a,b,c".into() })).0, About::Model);
    assert!(matches!(empty.handle(Command::FirstLayer { run: 9, count: 2 })[..], [Event::FirstLayer { .. }]));
    assert!(matches!(
        empty.handle(Command::Predict { run: 9, pixels: vec![7; PIXELS] })[..],
        [Event::Prediction { .. }]
    ));
    for command in [
        Command::Report { run: 9, mistakes: 3 },
        Command::LossLine { run: 9 },
        Command::Scale { run: 9 },
        Command::CheckGradients { run: 9 },
    ] {
        let events = empty.handle(command);
        let (about, message) = refusal(&events);
        assert!(about == About::Look && message.contains("there are none"), "{message}");
    }
    assert_eq!(empty.handle(Command::Resume { run: 9 }), [], "it is over");
    empty.load(&files);
    assert_eq!(empty.handle(Command::Model { run: 9, names: String::new() }), [Event::Gone { run: 9 }], "other data");
}

#[test]
fn data_are_counted_and_shown_by_class_whatever_else_goes_on() {
    let mut rig = Rig::new();
    rig.load(&[("data_batch_1.bin", batch(25, 1)), ("test_batch.bin", batch(5, 2))]);
    rig.handle(Command::Start { run: 1, config: small(2) });
    assert_eq!(rig.handle(Command::Statistics), []);
    let events = rig.run_to_end();
    let counts = events.iter().find_map(|event| match event {
        Event::Statistics { train, validation } => Some((train.class_counts, validation.images(), train.mean())),
        _ => None,
    });
    let (train, validation, mean) = counts.unwrap();
    assert_eq!((train.iter().sum::<u64>(), validation), (25, 5));
    assert!(mean.unwrap().iter().all(|mean| (0.0..=1.0).contains(mean)));
    assert!(matches!(events.last(), Some(Event::Ended { run: 1, reason: EndReason::Finished })), "the run went on");

    let gallery = |rig: &mut Rig, skip, each| {
        let events = rig.handle(Command::Gallery { validation: false, skip, each });
        let [Event::Gallery { classes, .. }] = &events[..] else { panic!("{events:?}") };
        assert_eq!(classes.len(), 10);
        for (class, images) in classes.iter().enumerate() {
            assert!(images.iter().all(|image| usize::from(image.label) == class));
        }
        classes.clone()
    };
    let (all, first, rest) = (gallery(&mut rig, 0, 20), gallery(&mut rig, 0, 1), gallery(&mut rig, 1, 20));
    assert_eq!(all.iter().map(Vec::len).sum::<usize>(), 25);
    for class in 0..10 {
        assert_eq!([&first[class][..], &rest[class]].concat(), all[class], "class {class}");
    }
}

#[test]
fn a_network_is_looked_at_in_pieces_while_training_waits() {
    let mut rig = Rig { look_ms: 1000.0, ..Rig::new() };
    rig.load(&[("data_batch_1.bin", batch(20, 1)), ("test_batch.bin", batch(5, 2))]);
    rig.handle(Command::Start { run: 3, config: small(4) });
    while rig.tick().iter().all(|event| !matches!(event, Event::Epoch { record, .. } if record.epoch == 1)) {}

    // The line begins with the weights that the config draws, and ends with those of now.
    let mut events = rig.handle(Command::LossLine { run: 3 });
    while !matches!(events.last(), Some(Event::LossLine { line, .. }) if line.evidence.is_some()) {
        events = rig.tick();
        assert!(matches!(events[..], [Event::LossLine { run: 3, .. }]), "training waits: {events:?}");
    }
    let Some(Event::LossLine { line, .. }) = events.pop() else { unreachable!() };
    let done = line.step;
    assert!(line.points.len() == 31 && (3..12).contains(&done), "{done}");
    let loss_of = |rig: &mut Rig| {
        let mut events = rig.handle(Command::Scale { run: 3 });
        while !matches!(events.last(), Some(Event::Scale { scale: Some(_), .. })) {
            events = rig.tick();
        }
        let Some(Event::Scale { scale: Some(scale), step, .. }) = events.pop() else { unreachable!() };
        (scale.loss, step)
    };
    let (now, step) = loss_of(&mut rig);
    assert!((line.points[25].loss - now).abs() < 1e-5 * now && step == done, "{now} at {step}");
    let mut fresh = Rig::new();
    fresh.load(&[("data_batch_1.bin", batch(20, 1)), ("test_batch.bin", batch(5, 2))]);
    fresh.handle(Command::Start { run: 3, config: small(4) });
    let (start, step) = loss_of(&mut fresh);
    assert!((line.points[5].loss - start).abs() < 1e-5 * start && step == 0, "{start} at {step}");

    let shown = rig.handle(Command::FirstLayer { run: 3, count: 2 });
    let [Event::FirstLayer { run: 3, step, images }] = &shown[..] else { panic!("{shown:?}") };
    assert!(*step == done && images.len() == 2 && images[0].norm >= images[1].norm);
    let answer = rig.handle(Command::Predict { run: 3, pixels: vec![9; 3072] });
    let [Event::Prediction { run: 3, step, prediction }] = &answer[..] else { panic!("{answer:?}") };
    assert!(*step == done && (prediction.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    assert!(refusal(&rig.handle(Command::Predict { run: 3, pixels: vec![9; 7] })).1.contains("has 3072 bytes"));

    // All this has not changed the run.
    let rest = losses(&rig.run_to_end());
    let mut whole = Rig::new();
    whole.load(&[("data_batch_1.bin", batch(20, 1)), ("test_batch.bin", batch(5, 2))]);
    whole.handle(Command::Start { run: 3, config: small(4) });
    let whole = losses(&whole.run_to_end());
    assert_eq!(rest[..], whole[whole.len() - rest.len()..]);
    assert!(rest.len() >= 12 - done, "{rest:?}");
}

#[test]
fn a_run_is_estimated_before_it_starts() {
    let mut rig = Rig::new();
    assert_eq!(refusal(&rig.handle(Command::Estimate { config: small(3) })).0, About::Data);
    rig.load(&[("data_batch_1.bin", batch(20, 1)), ("test_batch.bin", batch(5, 2))]);
    let too_many = Config { subset: Subset::First(21), ..small(3) };
    assert_eq!(refusal(&rig.handle(Command::Estimate { config: too_many })).0, About::Setting(Field::Subset));
    assert_eq!(rig.handle(Command::Estimate { config: small(3) }), []);
    assert!(refusal(&rig.handle(Command::Bench)).1.contains("being estimated"));
    let events = rig.run_to_end();
    let Some(Event::Estimate { config, estimate: Some(estimate), is_done: true }) = events.last() else {
        panic!("{:?}", events.last())
    };
    assert_eq!((**config).clone(), small(3));
    assert!(estimate.seconds > 2.9 * estimate.seconds_per_epoch && estimate.seconds_per_step > 0.0);
    // A start does not wait for an estimate.
    rig.handle(Command::Estimate { config: small(3) });
    let started = rig.handle(Command::Start { run: 1, config: small(3) });
    assert!(matches!(started[..], [Event::Estimate { is_done: true, .. }, Event::Started { .. }]), "{started:?}");
}

#[test]
fn kinks_between_two_images_are_found_with_the_weights_of_then_and_now() {
    let mut rig = Rig { look_ms: 1000.0, ..Rig::new() };
    rig.load(&[("data_batch_1.bin", batch(20, 1)), ("test_batch.bin", batch(5, 2))]);
    rig.handle(Command::Start { run: 3, config: small(4) });
    rig.run_to_end();
    let predict = |rig: &mut Rig, pixels: &[u8]| {
        let events = rig.handle(Command::Predict { run: 3, pixels: pixels.to_vec() });
        let [Event::Prediction { prediction, .. }] = &events[..] else { panic!("{events:?}") };
        prediction.logits.to_vec()
    };
    let (from, to) = (vec![40; PIXELS], (0..PIXELS).map(|at| (at % 251) as u8).collect::<Vec<u8>>());
    let mut kinks = |is_initial: bool| {
        let mut events = rig.handle(Command::LineKinks { run: 3, from: from.clone(), to: to.clone(), is_initial });
        while !matches!(events.last(), Some(Event::LineKinks { line, .. }) if line.found.is_some()) {
            events = rig.tick();
        }
        let Some(Event::LineKinks { line, .. }) = events.pop() else { unreachable!() };
        assert_eq!(line.is_initial, is_initial);
        assert_eq!(line.step == 0, is_initial, "{}", line.step);
        line.found.unwrap()
    };
    let (now, initial) = (kinks(false), kinks(true));
    assert_ne!(now, initial);
    for found in [&now, &initial] {
        assert_eq!(found.counts.iter().sum::<usize>(), found.kinks.len());
        assert_eq!((found.places[0], found.places[found.places.len() - 1]), (-0.5, 1.5));
    }
    // At both images, the logits are those that the network says by itself, up to f32's rounding.
    for (t, pixels) in [(0.0, &from), (1.0, &to)] {
        let mine = piecewise::labs::train::kinks::outputs_at(&now, t);
        for (mine, theirs) in mine.iter().zip(predict(&mut rig, pixels)) {
            assert!((mine - f64::from(theirs)).abs() < 1e-4 * (1.0 + mine.abs()), "{mine} {theirs}");
        }
    }
    let events = rig.handle(Command::LineKinks { run: 3, from: vec![0; 5], to, is_initial: false });
    assert!(refusal(&events).1.contains("this one has 5"));
}
