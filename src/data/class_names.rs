//! The names of the classes: CIFAR-10's, or those that came with the data.

use super::CLASSES;

/// CIFAR-10's, by label.
pub const CIFAR_10: [&str; CLASSES] =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/// Longest name, in letters.
const MAX_NAME: usize = 40;

/// The names in a text of a line each, as in `batches.meta.txt`: just ten, all different; none, if they are CIFAR-10's.
/// Blank lines and comments after `#` are passed over.
pub fn from_text(text: &str) -> Option<Vec<String>> {
    let line = |line: &str| line.split('#').next().unwrap_or_default().trim().to_owned();
    from_names(text.lines().map(line).filter(|line| !line.is_empty()).take(CLASSES + 1).collect())
}

/// The names, if there are just ten, all short and different; none, if they are CIFAR-10's.
pub fn from_names(names: Vec<String>) -> Option<Vec<String>> {
    let is_odd = |letter: char| letter == ',' || letter.is_control();
    let is_name = |name: &String| !name.is_empty() && name.chars().count() <= MAX_NAME && !name.contains(is_odd);
    let is_new = |(at, name): (usize, &String)| !names[..at].contains(name);
    let fits = names.len() == CLASSES && names.iter().all(is_name) && names.iter().enumerate().all(is_new);
    fits.then(|| if names == CIFAR_10 { Vec::new() } else { names })
}
