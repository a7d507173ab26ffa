//! What images are for, by the words of their path and by what they say of themselves.
//!
//! Words are words: "latest" and "contest" hold no "test". The innermost name that says something decides, so folders
//! count where a file's own name says nothing.

use serde::{Deserialize, Serialize};

/// What images are used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// To train on.
    Train,
    /// To measure on only.
    Validation,
    /// Nothing: left out on request.
    LeftOut,
}

/// A role, and whether anything says that it is this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The role.
    pub role: Role,
    /// Whether a name or a label says so; if not, training is what is left.
    pub is_sure: bool,
}

/// What the published training batches' names begin with.
const STEM: &str = "data_batch_";
const VALIDATION: [&str; 11] =
    ["test", "testing", "val", "valid", "validation", "validate", "eval", "evaluation", "dev", "holdout", "heldout"];
const TRAIN: [&str; 3] = ["train", "training", "trn"];
/// Ends of words that say nothing: "testbatch", "valdata".
const ENDS: [&str; 6] = ["batch", "data", "set", "images", "labels", "split"];

/// What a batch is for: by its own label ("testing batch 1 of 1"), else by its path, whose parts `/` divides.
pub fn role(path: &str, label: Option<&str>) -> Guess {
    let sure = |role| Guess { role, is_sure: true };
    if let Some(role) = label.and_then(said) {
        return sure(role);
    }
    let file = path.rsplit('/').next().unwrap_or_default();
    if is_published(file) {
        return sure(Role::Train);
    }
    // CIFAR-10.1 and CIFAR-10-C are published to measure on; so are these names nothing to divide into words.
    let compact: String = path.to_lowercase().chars().filter(|letter| !matches!(letter, '-' | '_' | ' ')).collect();
    if compact.contains("cifar10.1")
        || compact.split('/').any(|part| part == "cifar10c" || part.starts_with("cifar10c."))
    {
        return sure(Role::Validation);
    }
    // "latest_data_batch_1.bin" holds a published name.
    let held = || file.find(STEM).filter(|at| is_published(&file[*at..])).map(|_| Role::Train);
    match said(file).or_else(held).or_else(|| path.rsplit('/').skip(1).find_map(said)) {
        Some(role) => sure(role),
        None => Guess { role: Role::Train, is_sure: false },
    }
}

/// What the folder that a file lies in says.
pub(super) fn folder_said(path: &str) -> Option<Role> {
    path.rsplit('/').nth(1).and_then(said)
}

/// Whether it is a batch by its published name: the stem, a number, and an ending or a copy's mark at most.
fn is_published(file: &str) -> bool {
    let Some(rest) = file.strip_prefix(STEM) else { return false };
    let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    after.len() < rest.len() && (after.is_empty() || after.starts_with(['.', ' ', '(']))
}

/// What a name, of a folder or a file, says; `None` if it says nothing, or both.
pub(super) fn said(name: &str) -> Option<Role> {
    let words = words(name);
    let is = |list: &[&str]| {
        let is_one = |word: &str| list.contains(&word);
        words.iter().any(|word| is_one(word) || ENDS.iter().any(|end| word.strip_suffix(end).is_some_and(is_one)))
    };
    let holds_out = words.windows(2).any(|pair| matches!(pair[0].as_str(), "hold" | "held") && pair[1] == "out");
    match (is(&TRAIN), is(&VALIDATION) || holds_out) {
        (true, false) => Some(Role::Train),
        (false, true) => Some(Role::Validation),
        _ => None,
    }
}

/// Runs of letters, in lower case; a capital after a small letter begins another.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphabetic() || (was_small && letter.is_uppercase()) {
            words.push(String::new());
        }
        if letter.is_alphabetic() {
            words.last_mut().expect("never empty").extend(letter.to_lowercase());
        }
        was_small = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}
