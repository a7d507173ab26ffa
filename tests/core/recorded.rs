//! Runs that were recorded for the stories: each is a whole run, and the trainer begins as it did.

use piecewise::data::Dataset;
use piecewise::labs::train::Form;
use piecewise::labs::train::recorded::{Recording, TEXTS, caption, find, lab};
use piecewise::train::{Advance, Config, EpochRecord, Trainer};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::train::sample;

/// Trains until `is_enough` of the losses so far.
fn train(config: Config, data: &Dataset, is_enough: impl Fn(usize) -> bool) -> (Vec<f32>, Vec<EpochRecord>) {
    let mut trainer = Trainer::new(config);
    let (mut losses, mut records) = (Vec::new(), Vec::new());
    while !is_enough(losses.len()) {
        match trainer.advance(data) {
            Advance::Step { loss, .. } => losses.push(loss),
            Advance::Measured { .. } => {}
            Advance::Epoch(record) => records.push(record),
            Advance::Finished => break,
            Advance::Diverged { step } => panic!("diverged at {step}"),
            Advance::Lost => panic!("alone"),
        }
    }
    (losses, records)
}

#[test]
fn every_recording_is_read_and_written_back() {
    for (name, text) in TEXTS {
        let recording = Recording::read(name, text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(recording.write(), text);
        assert_eq!(find(name), Some(&recording));
    }
    assert_eq!(find("attic"), None);
}

#[test]
fn the_trainer_begins_as_it_did_when_a_run_was_recorded() {
    let data = sample(1);
    for (name, _) in TEXTS {
        let recording = find(name).unwrap();
        assert_eq!(recording.sample, 1, "{name}");
        let (losses, records) = train(recording.config.clone(), &data, |steps| steps == 4);
        for (step, (now, then)) in losses.iter().zip(&recording.losses).enumerate() {
            assert!((now - then).abs() < 0.002, "{name}, step {}: {now}, recorded {then}", step + 1);
        }
        let (now, then) = (records[0].train_accuracy, recording.records[0].train_accuracy);
        assert!((now - then).abs() < 0.002, "{name}: {now}, recorded {then}");
    }
}

#[test]
fn a_broken_recording_is_said_to_be_one() {
    let (name, text) = TEXTS[0];
    let problem = |text: &str| Recording::read(name, text).unwrap_err();
    assert!(problem("about: x").contains("no line “settings: …”"));
    assert!(problem(&text.replace("losses: ", "losses: x ")).contains("“x” in “losses”"));
    assert!(problem(&text.replace("losses: ", "losses: 1 ")).contains("not that of a whole run"));
    assert!(problem(&text.replace("settings: ", "settings: speed=1&")).contains("speed"));
}

#[test]
fn a_lab_shows_recorded_runs_as_done_and_a_caption_says_what_they_have_in_common() {
    let runs = [find("plain").unwrap(), find("augmented").unwrap()];
    let lab = lab(&runs);
    let shown: Vec<_> = lab.runs().map(|run| (run.name.as_str(), run.losses.len(), run.colour)).collect();
    let steps = runs.map(|run| run.steps_per_epoch * run.config.epochs);
    assert_eq!(shown, [(runs[0].about.as_str(), steps[0], 0), (runs[1].about.as_str(), steps[1], 1)]);
    assert!(!lab.status.has_run());
    let both = caption(&runs);
    assert!(both.starts_with("Two recorded runs: ") && both.contains("built-in sample"), "{both}");
    assert!(both.contains("epochs: 30;") && !both.contains("augmentation"), "{both}");
    assert!(caption(&runs[..1]).starts_with("A recorded run: "));
    assert!(!caption(&[find("plateau").unwrap()]).contains("subset"));
}

#[test]
fn what_the_stories_say_of_the_recorded_runs_is_so() {
    let run = |name| find(name).unwrap();
    let last = |name| run(name).records.last().cloned().unwrap();
    let gap = |record: &EpochRecord| record.train_accuracy - record.validation_accuracy.unwrap();
    let percent = |share: f64| (share * 100.0).round();
    let both = |name| (percent(last(name).train_accuracy), percent(last(name).validation_accuracy.unwrap()));
    // 12: three epochs at ln 10; a spike in epoch 10, from which it recovers; more of them; a gap.
    let plateau = run("plateau");
    let epoch =
        |number: usize| &plateau.losses[(number - 1) * plateau.steps_per_epoch..number * plateau.steps_per_epoch];
    let most = |number| epoch(number).iter().copied().fold(0.0, f32::max);
    assert!((1..=3).all(|number| epoch(number).iter().all(|loss| (loss - 10_f32.ln()).abs() < 0.06)));
    assert!(epoch(4).iter().any(|loss| (loss - 10_f32.ln()).abs() > 0.1));
    assert!(most(9) < 1.5 && (6.5..7.5).contains(&most(10)), "{} {}", most(9), most(10));
    let train = |epoch: usize| plateau.records[epoch].train_accuracy;
    assert!(train(10) < train(9) && train(13) > train(9));
    assert!((11..=30).any(|number| most(number) > 4.0), "another spike");
    assert!(gap(&last("plateau")) > 0.05);
    // 13.
    let by_heart = run("by-heart");
    let is_whole = |record: &&EpochRecord| record.train_accuracy == 1.0;
    assert_eq!(by_heart.records.iter().position(|record| is_whole(&record)), Some(6));
    assert!(by_heart.records[6..].iter().all(|record| is_whole(&record)));
    let best = by_heart.records.iter().map(|record| record.validation_accuracy.unwrap()).fold(0.0, f64::max);
    assert_eq!((percent(best), both("by-heart").1), (46.0, 46.0));
    // 15.
    assert_eq!((both("plain"), both("augmented")), ((100.0, 63.0), (86.0, 84.0)));
    assert_eq!((percent(gap(&last("plain"))), percent(gap(&last("augmented")))), (37.0, 3.0));
    let validation = |name| last(name).validation_accuracy.unwrap();
    assert_eq!(percent(validation("augmented") - validation("plain")), 20.0);
}

/// Makes the recordings anew from the lines before `made`: their settings, and the sample's seed.
#[cfg(not(target_arch = "wasm32"))]
#[test]
#[ignore = "trains for minutes, and writes into the sources"]
fn record_the_runs() {
    let only = std::env::var("RUN").ok();
    for (name, text) in TEXTS.into_iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)) {
        let line = |word: &str| text.lines().find_map(|line| line.strip_prefix(word)).unwrap().trim();
        let config = Form::decode(line("settings:")).unwrap().parse().unwrap();
        let seed = line("sample:").parse().unwrap();
        let (losses, records) = train(config.clone(), &sample(seed), |_| false);
        let recording = Recording {
            name,
            about: line("about:").to_owned(),
            sample: seed,
            made: today(),
            steps_per_epoch: losses.len() / config.epochs,
            config,
            losses,
            records,
        };
        let path = format!("{}/src/labs/train/recorded/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(path, recording.write()).unwrap();
    }
}

/// By the Gregorian calendar, in UTC.
#[cfg(not(target_arch = "wasm32"))]
fn today() -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let (mut days, mut year) = ((seconds / 86_400) as u32, 1970);
    let is_leap = |year: u32| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while days >= 365 + u32::from(is_leap(year)) {
        days -= 365 + u32::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u32::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    piecewise::labs::numbers::date(year, month as u32 + 1, days + 1)
}
