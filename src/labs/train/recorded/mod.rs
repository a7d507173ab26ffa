//! Runs that were recorded, for a story to show where a visitor has none: made by this program's own trainer on the
//! built-in sample, and shown as recorded.
//!
//! A recording is a file beside this one, named in [`TEXTS`]:
//!
//! ```text
//! about: What it was, in a few words.
//! settings: hidden=128&init=homework
//! sample: 1
//! made: 26 November 2026
//! steps: 20
//! losses: 2303 2303 …
//! train: 1000 …
//! validation: 1000 …
//! ```
//!
//! `settings` are those of an address, `sample` the seed of the data, `steps` those of an epoch. Losses are in
//! thousandths, one a step; accuracies in ten-thousandths, before training and after each epoch. What stands after `made`
//! is written by `cargo test --release --test core record_the_runs -- --ignored`, which reads the lines before it, trains,
//! and writes the file anew.

use std::sync::LazyLock;

use super::{Form, RunHistory, TrainLab};
use crate::protocol::{DataSummary, EndReason, Event, Source};
use crate::train::{Config, EpochRecord, Subset};

/// Parts of a unit of loss, and of accuracy, that a recording tells apart.
const LOSS: f32 = 1e3;
const ACCURACY: f64 = 1e4;

/// The recordings' texts by name.
pub const TEXTS: [(&str, &str); 4] = [
    ("plateau", include_str!("plateau.txt")),
    ("by-heart", include_str!("by-heart.txt")),
    ("plain", include_str!("plain.txt")),
    ("augmented", include_str!("augmented.txt")),
];

static ALL: LazyLock<Vec<Recording>> =
    LazyLock::new(|| TEXTS.iter().filter_map(|(name, text)| Recording::read(name, text).ok()).collect());

/// A run that was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// In a story's text.
    pub name: &'static str,
    /// What it was, in a few words.
    pub about: String,
    /// Its settings.
    pub config: Config,
    /// The seed of the sample that it was trained on.
    pub sample: u64,
    /// The day.
    pub made: String,
    /// Steps of an epoch.
    pub steps_per_epoch: usize,
    /// Of each step, to a thousandth.
    pub losses: Vec<f32>,
    /// Before training, and after each epoch.
    pub records: Vec<EpochRecord>,
}

/// The recording of this name.
pub fn find(name: &str) -> Option<&'static Recording> {
    ALL.iter().find(|recording| recording.name == name)
}

/// A lab in which these runs are done.
pub fn lab(recordings: &[&Recording]) -> TrainLab {
    let mut lab =
        TrainLab { data: DataSummary { source: Source::Sample, ..DataSummary::default() }, ..TrainLab::default() };
    for recording in recordings {
        let Recording { config, steps_per_epoch, losses, records, .. } = (*recording).clone();
        let (run, epoch) = (lab.new_run(), config.epochs);
        lab.apply(Event::Started { run, config, steps_per_epoch });
        lab.apply(Event::Restored { run, epoch, losses, records, rate_changes: Vec::new() });
        lab.apply(Event::Ended { run, reason: EndReason::Finished });
        if let Some(run) = lab.run_mut(run) {
            recording.about.clone_into(&mut run.name);
        }
    }
    lab
}

/// What is said of some runs beside their curves: that they are recorded, by whom, on what and when, and the settings that
/// they have in common.
pub fn caption(recordings: &[&Recording]) -> String {
    let runs = match recordings {
        [_] => "A recorded run".to_owned(),
        [_, _] => "Two recorded runs".to_owned(),
        several => format!("{} recorded runs", several.len()),
    };
    let made = recordings.first().map_or("", |recording| &recording.made);
    let lab = lab(recordings);
    let all: Vec<_> = lab.runs().map(RunHistory::settings).collect();
    let told = ["hidden widths", "initial weights", "learning rate", "batch size", "epochs", "subset", "seed"];
    let is_alike = |(name, value): &&(&str, String)| {
        let says_something = *name != "subset" || *value != Subset::All.to_string();
        told.contains(name) && says_something && all.iter().all(|settings| settings.contains(&(*name, value.clone())))
    };
    let alike = all.first().map(|settings| {
        settings.iter().filter(is_alike).map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("; ")
    });
    format!(
        "{runs}: made by this page’s own trainer on its built-in sample, {made}. {}.",
        capitalised(&alike.unwrap_or_default())
    )
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Recording {
    /// From its text.
    ///
    /// # Errors
    /// A sentence, if the text is not written as the [module](self) says, or its numbers are not those of a whole run.
    pub fn read(name: &'static str, text: &str) -> Result<Self, String> {
        let line = |word: &str| {
            let found = text.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(": "));
            found.ok_or_else(|| format!("The recording “{name}” has no line “{word}: …”."))
        };
        let number = |word: &str, text: &str| {
            text.parse::<u64>()
                .map_err(|_| format!("The recording “{name}” has “{text}” in “{word}”, which is no whole number."))
        };
        let numbers = |word| line(word)?.split(' ').map(|text| number(word, text)).collect::<Result<Vec<_>, _>>();
        let form = Form::decode(line("settings")?).map_err(|error| error.to_string())?;
        let config = form.parse().map_err(|problem| problem.message)?;
        let steps_per_epoch = number("steps", line("steps")?)? as usize;
        let (losses, train, validation) = (numbers("losses")?, numbers("train")?, numbers("validation")?);
        let measured = config.epochs + 1;
        if losses.len() != steps_per_epoch * config.epochs || train.len() != measured || validation.len() != measured {
            return Err(format!("The recording “{name}” is not that of a whole run."));
        }
        let share = |number: u64| number as f64 / ACCURACY;
        let records = train.into_iter().zip(validation).enumerate().map(|(epoch, (train, validation))| EpochRecord {
            epoch,
            step: epoch * steps_per_epoch,
            train_accuracy: share(train),
            validation_accuracy: Some(share(validation)),
        });
        Ok(Self {
            name,
            about: line("about")?.to_owned(),
            sample: number("sample", line("sample")?)?,
            made: line("made")?.to_owned(),
            steps_per_epoch,
            losses: losses.into_iter().map(|loss| loss as f32 / LOSS).collect(),
            records: records.collect(),
            config,
        })
    }

    /// As its text.
    pub fn write(&self) -> String {
        let numbers = |numbers: &mut dyn Iterator<Item = u64>| {
            numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
        };
        let share = |share: f64| (share * ACCURACY).round() as u64;
        let mut text = format!(
            "about: {}\nsettings: {}\nsample: {}\n",
            self.about,
            Form::from(&self.config).encode(),
            self.sample
        );
        let mut line = |word: &str, value: String| text.push_str(&format!("{word}: {value}\n"));
        line("made", self.made.clone());
        line("steps", self.steps_per_epoch.to_string());
        line("losses", numbers(&mut self.losses.iter().map(|loss| (loss * LOSS).round() as u64)));
        line("train", numbers(&mut self.records.iter().map(|record| share(record.train_accuracy))));
        line(
            "validation",
            numbers(&mut self.records.iter().map(|record| share(record.validation_accuracy.unwrap_or_default()))),
        );
        text
    }
}
