//! Labels in a table: `id,label`, as Kaggle gives them beside a folder of pictures.

use std::collections::HashMap;

use super::role::{Guess, Role, said};

/// Names of the column that names a picture, and of the one that labels it.
const IDS: [&str; 9] = ["id", "image", "file", "filename", "file_name", "image_id", "path", "name", "img"];
const LABELS: [&str; 6] = ["label", "class", "target", "category", "labels", "class_name"];

/// The labels of all tables.
///
/// Kaggle numbers training and test pictures from 1 each, and its table is of the training pictures alone. So a table
/// whose name says what it is for labels no others; and one that says nothing labels, of pictures of one name, those to
/// train on.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// Of tables for training, for validation, and of others.
    rows: [HashMap<String, String>; 3],
}

impl Tables {
    /// Adds a table's rows; of two for one name, the later counts.
    pub(super) fn add(&mut self, path: &str, rows: Vec<(String, String)>) {
        let place = match said(path.rsplit('/').next().unwrap_or_default()) {
            Some(Role::Train) => 0,
            Some(Role::Validation) => 1,
            Some(Role::LeftOut) | None => 2,
        };
        self.rows[place].extend(rows);
    }

    /// The label of a picture by its name without folder and ending. `is_twice`: whether a picture of another role has
    /// the same name.
    pub(super) fn get(&self, stem: &str, guess: Guess, is_twice: bool) -> Option<&str> {
        let [train, validation, any] = &self.rows;
        let own = match guess {
            Guess { role: Role::Validation, .. } => validation.get(stem),
            Guess { is_sure: true, .. } => train.get(stem),
            Guess { is_sure: false, .. } => train.get(stem).or_else(|| validation.get(stem)),
        };
        let any = || any.get(stem).filter(|_| guess.role == Role::Train || !is_twice);
        own.or_else(any).map(String::as_str)
    }
}

/// The pictures' names without folder and ending, and their labels as they are written; `None` if it is another table.
pub fn labels(text: &str) -> Option<Vec<(String, String)>> {
    let mut lines = text.lines();
    let head = lines.next()?;
    let by = [',', ';', '\t'].into_iter().find(|by| head.contains(*by))?;
    let clean = |field: &str| field.trim().trim_matches('"').to_owned();
    let names: Vec<String> = head.split(by).map(|field| clean(field).to_lowercase()).collect();
    let column = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
    let (id, label) = (column(&IDS)?, column(&LABELS)?);
    let mut rows = Vec::new();
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split(by).collect();
        let (id, label) = (clean(fields.get(id)?), clean(fields.get(label)?));
        rows.push((stem(&id).to_owned(), label));
    }
    (!rows.is_empty()).then_some(rows)
}

/// A file's name without its folders and its ending.
pub fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or_default();
    match file.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 4 => stem,
        _ => file,
    }
}
