//! Runs on paper: one, with all that is known of it, or several side by side.

use super::{How, Part, Section, Table};
use crate::data::CLASSES;
use crate::labs::numbers::{count, significant};
use crate::labs::train::RunHistory;
use crate::train::{EpochRecord, Report};

/// A run: its settings, its epochs, how it ended, its gradient check, and the confusion, if there was a report. Figures
/// are added by who can draw them.
pub fn run_section(run: &RunHistory, classes: &[&str; CLASSES]) -> Section {
    let settings = run.settings().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let mut section = Section::new(run.name.as_str()).with(Part::Values(settings));
    if let Some(ended) = &run.ended {
        section = section.with(Part::Values(vec![("end".into(), ended.clone())]));
    }
    if let Some(record) = run.last_record() {
        section = section.with(Part::Verdict { how: How::Measured, text: last_sentence(record) });
    }
    if !run.records.is_empty() {
        section = section.with(Part::Table(epochs(run)));
    }
    if let Some(check) = run.check.as_ref().filter(|check| !check.entries.is_empty()) {
        let wrong = check.layers().iter().map(|layer| layer.wrong).sum();
        let text = check_sentence(wrong, check.done, check.step);
        section = section.with(Part::Verdict { how: How::Measured, text });
    }
    let report = run.report.as_ref().and_then(|state| Some((state.step, state.report.as_ref()?)));
    if let Some((step, report)) = report {
        section = section.with(Part::Table(confusion(report, step, classes)));
    }
    section
}

/// How good it was when it was measured last.
fn last_sentence(record: &EpochRecord) -> String {
    let validation = record
        .validation_accuracy
        .map(|share| format!(", validation accuracy {}", percent(Some(share))))
        .unwrap_or_default();
    let (epoch, train) = (record.epoch, percent(Some(record.train_accuracy)));
    format!("after epoch {epoch}, training accuracy {train}{validation}.")
}

/// The settings of several runs, those that all share left out, and how far each came.
pub fn comparison<'a>(runs: impl IntoIterator<Item = &'a RunHistory>) -> Table {
    let runs: Vec<&RunHistory> = runs.into_iter().collect();
    let settings: Vec<_> = runs.iter().map(|run| run.settings()).collect();
    let names =
        settings.first().map(|first| first.iter().map(|(name, _)| *name).collect::<Vec<_>>()).unwrap_or_default();
    let differs = |&at: &usize| settings.iter().any(|of| of[at].1 != settings[0][at].1);
    let differing: Vec<usize> = (0..names.len()).filter(differs).collect();
    let mut columns = vec!["run".to_owned()];
    columns.extend(differing.iter().map(|&at| names[at].to_owned()));
    columns.extend(["steps", "train", "validation"].map(str::to_owned));
    let row = |(run, settings): (&&RunHistory, &Vec<(&str, String)>)| {
        let mut row = vec![run.name.clone()];
        row.extend(differing.iter().map(|&at| settings[at].1.clone()));
        row.push(count(run.losses.len()));
        row.push(percent(run.last_record().map(|record| record.train_accuracy)));
        row.push(percent(run.last_record().and_then(|record| record.validation_accuracy)));
        row
    };
    let rows = runs.iter().zip(&settings).map(row).collect();
    Table { caption: "Runs. Settings that all share are left out.".into(), columns, rows }
}

/// A confusion matrix: rows are what images are, columns what they were taken for.
pub fn confusion(report: &Report, step: usize, classes: &[&str; CLASSES]) -> Table {
    let kind = if report.is_held_out { "held-out" } else { "validation" };
    let images = count(report.images() as usize);
    let accuracies = report.class_accuracies();
    let row = |class: usize| {
        let mut row = vec![classes[class].to_owned()];
        row.extend(report.confusion[class].iter().map(|number| number.to_string()));
        row.push(percent(accuracies[class]));
        row
    };
    Table {
        caption: format!(
            "{images} {kind} images after {} steps: rows are what they are, columns what they were taken for.",
            count(step)
        ),
        columns: [&[""][..], classes, &["right"]].concat().into_iter().map(str::to_owned).collect(),
        rows: (0..CLASSES).map(row).collect(),
    }
}

fn epochs(run: &RunHistory) -> Table {
    let mean = |from: usize, to: usize| {
        let losses = run.losses.get(from..to).filter(|losses| !losses.is_empty())?;
        Some(losses.iter().map(|&loss| f64::from(loss)).sum::<f64>() / losses.len() as f64)
    };
    let mut before = 0;
    let rows = run.records.iter().map(|record| {
        let loss = mean(before, record.step);
        before = record.step;
        vec![
            record.epoch.to_string(),
            count(record.step),
            loss.map_or_else(String::new, |loss| significant(loss, 4)),
            percent(Some(record.train_accuracy)),
            percent(record.validation_accuracy),
        ]
    });
    Table {
        caption: "After each epoch. The loss is the mean over its steps.".into(),
        columns: ["epoch", "steps", "loss", "train accuracy", "validation accuracy"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

fn check_sentence(wrong: usize, entries: usize, step: usize) -> String {
    let found = match wrong {
        0 => "all agree".to_owned(),
        _ => format!("{} do not agree", count(wrong)),
    };
    format!(
        "{} entries of the gradient were checked against central differences after {} steps: {found}.",
        count(entries),
        count(step)
    )
}

/// One digit after the point; nothing, if there is none.
fn percent(share: Option<f64>) -> String {
    share.map_or_else(String::new, |share| format!("{:.1} %", share * 100.0))
}
