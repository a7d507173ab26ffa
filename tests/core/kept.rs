use piecewise::data::Decision;
use piecewise::labs::train::kept::record::{self, PRELUDE, RecordError, decode_head, head_len};
use piecewise::labs::train::kept::{
    Drop, FileSet, Job, Jobs, KeptCheckpoint, KeptHead, KeptRun, KeptRuns, MAX_CHECKPOINT_BYTES, MAX_RUNS, Package,
    PackageError, RunKey, Standing, Trouble, is_same_data, needs, to_drop,
};
use piecewise::labs::train::{Form, Resuming, RunHistory, TrainLab};
use piecewise::protocol::{Command, DataSummary, EndReason, Event, Host, Progress, Source, VERSION};
use piecewise::session::Session;
use piecewise::train::{CheckpointHead, Config, EpochRecord, Subset};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn data() -> DataSummary {
    DataSummary {
        train: 50_000,
        validation: 10_000,
        source: Source::Files,
        sample_seed: None,
        official: Some("cifar-10-binary.tar.gz".into()),
        class_names: vec![],
        batches: (1..=7).map(|number| format!("data_batch_{number}.bin")).collect(),
    }
}

/// A lab with a run of some steps, begun at `started_ms`.
fn lab_with_run(started_ms: f64) -> TrainLab {
    let mut lab = TrainLab::default();
    lab.apply(Event::Ready { version: VERSION, kernel: "k".into(), host: Host::default() });
    lab.apply(Event::Data(data()));
    let run = lab.new_run();
    lab.apply(Event::Started { run, config: Config::default(), steps_per_epoch: 2 });
    lab.apply(Event::Progress(Progress {
        run,
        epoch: 1,
        step: 2,
        losses: vec![2.5, f32::NAN],
        seconds: vec![0.5, 1.0],
        done: 0.25,
        images_per_second: 100.0,
        seconds_left: None,
        measuring: false,
    }));
    let record = EpochRecord { epoch: 1, step: 2, train_accuracy: 0.5, validation_accuracy: Some(0.25) };
    lab.apply(Event::Epoch { run, record, memory_bytes: 7 });
    let run = lab.run.as_mut().unwrap();
    (run.key, run.started_ms, run.note) = (Some(RunKey::new(1)), started_ms, "why?".into());
    lab
}

fn kept(number: u64, checkpoint: Option<(usize, u64)>) -> KeptRun {
    let mut lab = lab_with_run(number as f64);
    let run = lab.run.take().unwrap();
    KeptRun {
        key: RunKey::new(number),
        head: Some(KeptHead { ended: Some("Finished.".into()), ..KeptHead::of(&run) }),
        record_bytes: 1000,
        checkpoint: checkpoint.map(|(epoch, bytes)| KeptCheckpoint {
            bytes,
            head: CheckpointHead { config: Config::default(), epoch, checksum: 0xabc },
        }),
    }
}

fn epochs() -> usize {
    Config::default().epochs
}

#[test]
fn a_record_holds_all_of_a_run_and_every_changed_byte_is_noticed() {
    let mut lab = lab_with_run(5.0);
    lab.apply(Event::Ended { run: 1, reason: EndReason::Stopped });
    let run = lab.run.clone().unwrap();
    let bytes = record::encode(&run);
    let read = record::decode(&bytes).unwrap();
    // NaN is not equal to itself, so all else is compared.
    assert!(read.losses[1].is_nan());
    let plain = |run: &RunHistory| RunHistory { losses: vec![], is_kept: false, ..run.clone() };
    assert_eq!(plain(&read), plain(&run));
    assert!(!read.is_kept, "the worker does not have its network");

    let length = head_len(&bytes[..PRELUDE]).unwrap();
    let head = decode_head(&bytes[PRELUDE..PRELUDE + length]).unwrap();
    assert_eq!(head, KeptHead::of(&run));
    assert_eq!((head.epoch, head.validation_accuracy, head.note.as_str()), (1, Some(0.25), "why?"));

    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        assert!(record::decode(&changed).is_err(), "byte {at}");
        assert!(record::decode(&bytes[..at]).is_err(), "cut at {at}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(record::decode(&longer), Err(RecordError::Damaged));
    let mut newer = bytes.clone();
    newer[8] = 99;
    assert_eq!(record::decode(&newer).unwrap_err(), RecordError::Version(99));
    assert_eq!(record::decode(b"no record at all, but long enough"), Err(RecordError::NotOne));
    // A head that claims gigabytes is refused before anyone asks for the memory.
    let mut huge = bytes;
    huge[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(head_len(&huge), Err(RecordError::Damaged));
}

/// A session on the sample, and the events of a run there.
fn trained(epochs: usize) -> (Session, Vec<Event>) {
    let clock = || 0.0;
    let mut session = Session::new(Host::default());
    session.handle(Command::LoadSample { seed: 3 }, &clock);
    let mut events = Vec::new();
    while session.is_busy() {
        events.extend(session.tick(1e9, &clock));
    }
    let config = Config { hidden: vec![4], epochs, subset: Subset::First(50), ..Config::default() };
    events.extend(session.handle(Command::Start { run: 1, config }, &clock));
    while session.is_busy() {
        events.extend(session.tick(1e9, &clock));
    }
    (session, events)
}

fn last_checkpoint(events: &[Event]) -> Vec<u8> {
    let bytes = |event: &Event| if let Event::Checkpoint { bytes, .. } = event { Some(bytes.clone()) } else { None };
    events.iter().rev().find_map(bytes).unwrap()
}

#[test]
fn a_run_goes_from_one_browser_to_another_as_one_file() {
    let (_, events) = trained(2);
    let checkpoint = last_checkpoint(&events);
    let mut lab = TrainLab::default();
    events.into_iter().for_each(|event| lab.apply(event));
    let run = lab.run.unwrap();
    let record = record::encode(&run);
    let file = [&Package::prelude(record.len(), checkpoint.len())[..], &record, &checkpoint].concat();
    let package = Package::decode(&file).unwrap();
    assert_eq!((&package.run.losses, package.checkpoint.as_ref()), (&run.losses, Some(&checkpoint)));
    let bare = [&Package::prelude(record.len(), 0)[..], &record].concat();
    assert_eq!(Package::decode(&bare).unwrap().checkpoint, None);

    for at in (0..file.len()).step_by(7) {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert!(Package::decode(&changed).is_err(), "byte {at}");
        assert!(Package::decode(&file[..at]).is_err(), "cut at {at}");
    }
    let other = RunHistory { config: Config::default(), ..run };
    let record = record::encode(&other);
    let mixed = [&Package::prelude(record.len(), checkpoint.len())[..], &record, &checkpoint].concat();
    assert_eq!(Package::decode(&mixed), Err(PackageError::Contradiction));
}

#[test]
fn the_beginning_of_a_checkpoint_says_whose_it_is() {
    let (_, events) = trained(2);
    let bytes = last_checkpoint(&events);
    let length = CheckpointHead::len(&bytes[..CheckpointHead::PRELUDE]).unwrap();
    assert!(length < 1000 && length < bytes.len());
    let head = CheckpointHead::read(&bytes[..length]).unwrap();
    assert_eq!((head.epoch, head.config.hidden.as_slice()), (2, &[4][..]));
    assert!(CheckpointHead::read(&bytes[..length - 1]).is_err());
    assert!(CheckpointHead::len(b"PIECE").is_err() && CheckpointHead::len(&bytes[..12]).is_err());
}

#[test]
fn the_network_of_a_finished_run_is_there_again_when_it_is_gone_on_with() {
    let (mut session, events) = trained(2);
    let bytes = last_checkpoint(&events);
    let clock = || 0.0;
    let mut events = session.handle(Command::ResumeFrom { run: 2, bytes, rate_changes: Vec::new() }, &clock);
    while session.is_busy() {
        events.extend(session.tick(1e9, &clock));
    }
    assert_eq!(events.last(), Some(&Event::Ended { run: 2, reason: EndReason::Finished }));
    let answer = session.handle(Command::FirstLayer { run: 2, count: 1 }, &clock);
    assert!(matches!(answer[..], [Event::FirstLayer { run: 2, .. }]));
}

#[test]
fn a_sample_is_known_by_its_seed() {
    let (_, events) = trained(1);
    let data = events.iter().find_map(|event| if let Event::Data(data) = event { Some(data) } else { None }).unwrap();
    assert_eq!((data.source, data.sample_seed), (Source::Sample, Some(3)));
    let other = DataSummary { sample_seed: Some(4), ..data.clone() };
    assert!(is_same_data(data, data) && !is_same_data(data, &other));
}

#[test]
fn a_run_that_goes_on_is_still_the_same_run() {
    let mut lab = lab_with_run(5.0);
    lab.run.as_mut().unwrap().name = "mine".into();
    lab.apply(Event::Crashed { message: "gone".into() });
    assert!(lab.run.as_ref().unwrap().broke_off);
    let key = RunKey::new(1);
    let run = lab.new_run();
    let resuming = Resuming { key: key.clone(), name: "mine".into(), note: "why?".into(), started_ms: 5.0 };
    lab.resuming = Some(resuming);
    lab.apply(Event::Started { run, config: Config::default(), steps_per_epoch: 2 });
    assert_eq!(lab.runs().count(), 1, "it is not there twice");
    let run = lab.run.as_ref().unwrap();
    assert_eq!(
        (run.key.as_ref(), run.name.as_str(), run.note.as_str(), run.started_ms),
        (Some(&key), "mine", "why?", 5.0)
    );
    assert!(!run.broke_off && run.ended.is_none());

    // One that is refused leaves nothing to the next.
    lab.apply(Event::Ended { run: 2, reason: EndReason::Stopped });
    lab.new_run();
    lab.resuming = Some(Resuming { key, name: "mine".into(), note: String::new(), started_ms: 5.0 });
    let about = piecewise::protocol::About::Data;
    lab.apply(Event::Refused { about, message: "Other data.".into() });
    assert_eq!(lab.resuming, None);
}

#[test]
fn kept_runs_come_back_beside_the_others_in_the_order_in_which_they_began() {
    let run = |number: u64| {
        let mut run = lab_with_run(number as f64).run.unwrap();
        (run.key, run.name) = (Some(RunKey::new(number)), format!("kept {number}"));
        run
    };
    let mut lab = lab_with_run(1000.0);
    lab.run.as_mut().unwrap().key = Some(RunKey::new(1000));
    for number in [30, 10, 20] {
        lab.show_kept(run(number));
    }
    let names: Vec<_> = lab.runs().map(|run| run.name.clone()).collect();
    assert_eq!(names, ["kept 10", "kept 20", "kept 30", "run 1"]);
    let mut ids: Vec<_> = lab.runs().map(|run| run.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4, "each has an id of this visit");
    let mut colours: Vec<_> = lab.runs().map(|run| run.colour).collect();
    colours.sort_unstable();
    assert_eq!(colours, [0, 1, 2, 3]);
    // The same again takes its own place, and the run under way stays as it is.
    lab.run_of_key(&RunKey::new(20)).unwrap().is_shown = false;
    let longer = RunHistory { losses: vec![1.0; 9], ..run(20) };
    lab.show_kept(longer);
    lab.show_kept(RunHistory { name: "another".into(), ..run(1000) });
    let names: Vec<_> = lab.runs().map(|run| run.name.clone()).collect();
    assert_eq!(names, ["kept 10", "kept 20", "kept 30", "run 1"]);
    assert_eq!((lab.past[1].losses.len(), lab.past[1].is_shown), (9, false));
    (40..50).for_each(|number| lab.show_kept(run(number)));
    assert_eq!(lab.past.len(), 5);
    assert!(lab.past.iter().all(|run| !run.is_kept));
}

#[test]
fn the_oldest_is_forgotten_first_and_never_one_that_a_tab_has() {
    let free = |_: &RunKey| false;
    let runs = |count: u64| (1..=count).rev().map(|number| kept(number, None)).collect::<Vec<_>>();
    const { assert!(MAX_RUNS >= 20) };
    assert_eq!(to_drop(&runs(MAX_RUNS as u64), free), []);
    let many = runs(MAX_RUNS as u64 + 2);
    assert_eq!(to_drop(&many, free), [Drop::Run(RunKey::new(1)), Drop::Run(RunKey::new(2))]);
    let held = |key: &RunKey| *key == RunKey::new(1);
    assert_eq!(to_drop(&many, held), [Drop::Run(RunKey::new(2)), Drop::Run(RunKey::new(3))]);

    // Checkpoints give way by size: first those of runs that are done, the oldest of them first.
    let third = MAX_CHECKPOINT_BYTES / 3;
    let done = |number| kept(number, Some((epochs(), third)));
    let to_go = |number| kept(number, Some((1, third)));
    assert_eq!(to_drop(&[done(3), done(2), done(1)], free), []);
    let checkpoint = |number| Drop::Checkpoint(RunKey::new(number));
    assert_eq!(to_drop(&[done(4), done(3), done(2), to_go(1)], free), [checkpoint(2)]);
    assert_eq!(to_drop(&[to_go(4), to_go(3), to_go(2), to_go(1)], held), [checkpoint(2)]);
    assert_eq!(to_drop(&[done(5), done(4), done(3), to_go(2), to_go(1)], free), [checkpoint(3), checkpoint(4)]);
}

#[test]
fn where_a_run_stands_depends_on_who_has_it() {
    let open = |number, checkpoint| {
        let mut run = kept(number, checkpoint);
        run.head.as_mut().unwrap().ended = None;
        run
    };
    let broken = {
        let mut run = kept(4, Some((2, 10)));
        run.head.as_mut().unwrap().broke_off = true;
        run
    };
    let mut kept_runs = KeptRuns::default();
    for run in [kept(1, Some((2, 10))), open(2, Some((1, 10))), open(3, None), broken] {
        kept_runs.put(run);
    }
    kept_runs.put(KeptRun { head: None, ..kept(5, None) });
    let numbers: Vec<_> = kept_runs.runs.iter().map(|run| run.key.clone()).collect();
    assert_eq!(numbers, [4, 3, 2, 1, 5].map(RunKey::new), "the newest first, the unreadable last");
    let standing = |kept: &KeptRuns, number| kept.standing(kept.find(&RunKey::new(number)).unwrap());
    assert_eq!(standing(&kept_runs, 1), Standing::Over);
    assert_eq!(standing(&kept_runs, 2), Standing::Interrupted);
    assert_eq!(standing(&kept_runs, 4), Standing::Interrupted);
    assert_eq!(standing(&kept_runs, 5), Standing::Unreadable);
    let offered = |kept: &KeptRuns| kept.interrupted().map(|run| run.key.clone());
    assert_eq!(offered(&kept_runs), Some(RunKey::new(4)));
    // One that another tab has is not offered, nor one that the visitor has put off.
    kept_runs.elsewhere.insert(RunKey::new(4));
    assert_eq!((standing(&kept_runs, 4), offered(&kept_runs)), (Standing::Elsewhere, Some(RunKey::new(2))));
    kept_runs.dismissed.insert(RunKey::new(2));
    assert_eq!(offered(&kept_runs), None, "without a checkpoint there is nothing to go on from");
    kept_runs.here.insert(RunKey::new(3));
    assert_eq!(standing(&kept_runs, 3), Standing::Here);
    assert!(
        kept_runs.is_held(&RunKey::new(3)) && kept_runs.is_held(&RunKey::new(4)) && !kept_runs.is_held(&RunKey::new(1))
    );
    // What is written while it goes on is known without reading it again.
    assert!(kept_runs.has_checkpoint(&RunKey::new(2), 3, 99) && !kept_runs.has_checkpoint(&RunKey::new(3), 1, 9));
    assert_eq!(kept_runs.find(&RunKey::new(2)).unwrap().to_go(), Some((3, epochs())));
    assert_eq!(kept_runs.find(&RunKey::new(2)).unwrap().bytes(), 1099);
}

#[test]
fn a_run_says_which_data_it_needs() {
    let mut run = kept(1, Some((1, 10)));
    assert_eq!(
        needs(&run),
        "It needs data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, data_batch_6.bin and 1 more (the published cifar-10-binary.tar.gz): 50,000 images to train on and 10,000 to validate, checksum 0000000000000abc."
    );
    run.head.as_mut().unwrap().data =
        DataSummary { train: 5000, source: Source::Sample, sample_seed: Some(1), ..DataSummary::default() };
    run.checkpoint = None;
    assert_eq!(needs(&run), "It needs the built-in sample of seed 1: 5,000 images to train on.");
    run.head = None;
    assert_eq!(needs(&run), "");
}

#[test]
fn what_waits_to_be_written_gives_way_to_what_comes() {
    let (a, b) = (RunKey::new(1), RunKey::new(2));
    let mut jobs = Jobs::default();
    assert!(jobs.push(Job::Checkpoint(a.clone(), 1, "a1")), "somebody has to begin");
    assert!(!jobs.push(Job::Record(a.clone(), "a")));
    jobs.push(Job::Checkpoint(b.clone(), 1, "b1"));
    jobs.push(Job::Checkpoint(a.clone(), 2, "a2"));
    assert_eq!(jobs.take(), Some(Job::Record(a.clone(), "a")));
    jobs.push(Job::Remove(b.clone()));
    assert_eq!(jobs.take(), Some(Job::Checkpoint(a.clone(), 2, "a2")));
    assert_eq!(jobs.take(), Some(Job::Remove(b.clone())));
    assert!(!jobs.push(Job::RemoveCheckpoint(a.clone())), "the last is still being done");
    assert_eq!(jobs.take(), Some(Job::RemoveCheckpoint(a)));
    assert_eq!(jobs.take(), None);
    assert!(jobs.push(Job::Record(b, "b")));
}

#[test]
fn a_key_is_a_plain_name_for_files() {
    let key = RunKey::new(0xdead_beef);
    assert_eq!(key.as_str(), "00000000deadbeef");
    assert_eq!(RunKey::parse(key.as_str()), Some(key));
    for text in ["", "..", "00000000DEADBEEF", "00000000deadbee", "../../0000deadbee", "00000000deadbeef0"] {
        assert_eq!(RunKey::parse(text), None, "{text}");
    }
}

#[test]
fn kept_files_are_known_by_names_sizes_and_contents() {
    let set = FileSet {
        files: vec![("a.bin".into(), 3_000_000), ("b.bin".into(), 2)],
        decision: Decision::default(),
        data: data(),
        saved_ms: 1.0,
    };
    assert_eq!(FileSet::decode(&set.encode()), Some(set.clone()));
    assert_eq!(FileSet::decode(&set.encode()[1..]), None);
    assert_eq!((set.bytes(), set.title().as_str()), (3_000_002, "a.bin and 1 more, 3 MB"));
    let part = FileSet { files: set.files[..1].to_vec(), ..set.clone() };
    assert!(part.is_part_of(&set) && !set.is_part_of(&part) && !part.is_same(&set));
    assert!(set.is_same(&FileSet { saved_ms: 2.0, ..set.clone() }));
    let kept = KeptRuns { sets: vec![("x".into(), set)], ..KeptRuns::default() };
    assert!(kept.set_for(&data()).is_some());
    assert!(kept.set_for(&DataSummary { train: 1, ..data() }).is_none());
    assert!(!kept.has_run_on(&data()));
    let with_run = KeptRuns { runs: vec![self::kept(1, None)], ..kept };
    assert!(with_run.has_run_on(&data()) && !with_run.has_run_on(&DataSummary { train: 1, ..data() }));
}

#[test]
fn what_cannot_be_kept_is_said_in_a_sentence_and_training_goes_on() {
    let of = |name: &str| Trouble::of(name);
    assert_eq!(of("QuotaExceededError"), Trouble::Full);
    assert_eq!((of("SecurityError"), of("NotAllowedError")), (Trouble::Denied, Trouble::Denied));
    assert_eq!(
        (of("NotSupportedError"), of("TypeError"), of("")),
        (Trouble::Missing, Trouble::Missing, Trouble::Other)
    );
    for trouble in [Trouble::Full, Trouble::Denied, Trouble::Missing, Trouble::Other] {
        assert!(trouble.of_run(Some(4)).contains("from epoch 4") && trouble.of_run(None).contains("the run is lost"));
        assert!(trouble.of_run(None).contains("Training goes on"));
        assert!(trouble.of_copy().ends_with('.'));
        assert!(trouble.of_files().contains("choose them again next time"));
    }
}

#[test]
fn the_form_is_kept_as_it_was_typed() {
    let form = Form { hidden: "12, x".into(), learning_rate: "0,05".into(), is_suggested: true, ..Form::default() };
    assert_eq!(Form::restore(&form.keep()), Some(form.clone()));
    for text in ["", "0", "zz", "00", &form.keep()[2..]] {
        assert_eq!(Form::restore(text), None, "{text}");
    }
}
