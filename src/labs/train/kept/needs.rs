//! Which data a run needs to go on.

use super::KeptRun;
use crate::labs::numbers::count;
use crate::protocol::{DataSummary, Source};

/// Most files that are named.
const MAX_NAMES: usize = 6;

/// Whether these may be the same data. The worker, which has the images, has the last word.
pub fn is_same_data(a: &DataSummary, b: &DataSummary) -> bool {
    let key = |data: &DataSummary| (data.train, data.validation, data.source, data.sample_seed);
    key(a) == key(b)
}

/// A sentence that says on which data a run can go on; empty if nothing is known of it.
pub fn needs(run: &KeptRun) -> String {
    let Some(data) = run.head.as_ref().map(|head| &head.data) else { return String::new() };
    let images = match data.validation {
        0 => format!("{} images to train on", count(data.train)),
        validation => format!("{} images to train on and {} to validate", count(data.train), count(validation)),
    };
    // What the run uses of them, subsets and images held out considered.
    let sum = run.checkpoint.as_ref().map(|checkpoint| format!(", checksum {:016x}", checkpoint.head.checksum));
    let sum = sum.unwrap_or_default();
    match (data.source, data.sample_seed) {
        (Source::None, _) => String::new(),
        (Source::Sample, Some(seed)) => format!("It needs the built-in sample of seed {seed}: {images}{sum}."),
        (Source::Sample, None) => format!("It needs the built-in sample: {images}{sum}."),
        (Source::Files, _) => {
            let names = match data.batches.len() {
                0 => "its files".into(),
                all if all > MAX_NAMES => {
                    format!("{} and {} more", data.batches[..MAX_NAMES].join(", "), all - MAX_NAMES)
                }
                _ => data.batches.join(", "),
            };
            let official = data.official.as_ref().map(|name| format!(" (the published {name})")).unwrap_or_default();
            format!("It needs {names}{official}: {images}{sum}.")
        }
    }
}
