//! What systems and programs leave in folders: known by its name, and not worth reading.

/// Folders whose contents are a program's own.
const FOLDERS: [&str; 9] = [
    "__MACOSX",
    ".git",
    ".svn",
    ".hg",
    "__pycache__",
    ".ipynb_checkpoints",
    "$RECYCLE.BIN",
    "System Volume Information",
    ".Trashes",
];
/// Files, in lower case.
const FILES: [&str; 5] = [".ds_store", "thumbs.db", "desktop.ini", ".gitignore", ".gitattributes"];

/// Whether a path, whose parts `/` divides, is of such a file.
pub fn is_clutter(path: &str) -> bool {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    file.starts_with("._")
        || FILES.contains(&file.to_lowercase().as_str())
        || folders.split('/').any(|folder| FOLDERS.contains(&folder))
}
