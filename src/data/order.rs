//! The one order of images, however their files came: by the file's name, numbers in it by their value, as in the
//! published archives; then by the folder. So `data_batch_2` stands before `data_batch_10`, and the same set gives the
//! same run from a picker, a folder, a drop or an archive.

/// What paths are sorted by: a file's name, then its folders.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    file: Vec<Part>,
    folders: Vec<Vec<Part>>,
    /// What a second download adds to a name: ` (1)`.
    copy: Vec<Part>,
    /// Names that differ in case or leading zeros only.
    exact: String,
}

/// A number comes before letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Digits: how many, and which, without leading zeros, the fewer first.
    Number(usize, String),
    Text(String),
}

impl Place {
    /// The place of a path, whose parts `/` divides.
    pub fn of(path: &str) -> Self {
        let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
        let (name, copy) = without_copy(file).unwrap_or_else(|| (file.to_owned(), ""));
        Self {
            file: parts(&name),
            folders: folders.split('/').map(parts).collect(),
            copy: parts(copy),
            exact: path.to_owned(),
        }
    }
}

/// `data_batch_1 (2).bin` as `data_batch_1.bin`, and what was left out.
fn without_copy(file: &str) -> Option<(String, &str)> {
    let (start, end) = (file.rfind(" (")?, file.rfind(')')? + 1);
    let number = file.get(start + 2..end - 1)?;
    let is_mark = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_at_end = end == file.len() || file[end..].starts_with('.');
    (is_mark && is_at_end).then(|| (format!("{}{}", &file[..start], &file[end..]), &file[start..end]))
}

/// A name as it is compared.
pub(super) fn parts(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|letter: char| letter.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        parts.push(if is_digit {
            let digits = part.trim_start_matches('0');
            Part::Number(digits.len(), digits.to_owned())
        } else {
            Part::Text(part.to_lowercase())
        });
        rest = after;
    }
    parts
}
