//! Labels in a table: `id,label`, as Kaggle gives them beside a folder of pictures.

/// Names of the column that names a picture, and of the one that labels it.
const IDS: [&str; 9] = ["id", "image", "file", "filename", "file_name", "image_id", "path", "name", "img"];
const LABELS: [&str; 6] = ["label", "class", "target", "category", "labels", "class_name"];

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
