//! The layer rule: a module uses only modules of its own layer's list or below.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Modules by layer. As in the table of `src/lib.rs`.
const LAYERS: [&[&str]; 5] = [
    &["linalg", "data", "piecewise"],
    &["nn", "train"],
    &["protocol", "session", "plot", "labs"],
    &["opfs"],
    &["web", "worker"],
];

/// Uses inside a layer that are meant; any other is a mistake.
const WITHIN: [(&str, &str); 4] = [("train", "nn"), ("session", "protocol"), ("labs", "protocol"), ("labs", "plot")];

/// Crates that only layers for the browser may name.
const WEB_CRATES: [&str; 6] =
    ["leptos", "web_sys", "js_sys", "wasm_bindgen", "wasm_bindgen_futures", "plotters_canvas"];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The modules named after `crate::` in a text, also in `crate::{a, b::c}`.
fn modules_used(text: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut used = Vec::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => used.push(word(rest)),
            Some(list) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && !c.is_whitespace() => {
                            used.push(word(&list[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    used
}

#[test]
fn every_module_uses_only_what_is_below_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut seen = BTreeMap::new();
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        let module = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if module == "lib" || module == "bin" {
            continue;
        }
        let layer = layer_of(module).unwrap_or_else(|| panic!("{} is in no layer", file.display()));
        *seen.entry(module.to_owned()).or_insert(0) += 1;
        let text = std::fs::read_to_string(&file).unwrap();
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for used in modules_used(&code) {
            let Some(used_layer) = layer_of(&used) else { panic!("{}: crate::{used} is no module", file.display()) };
            let fine = used == module || used_layer < layer || WITHIN.contains(&(module, used.as_str()));
            assert!(fine, "{}: {module} must not use {used}", file.display());
        }
        if layer < layer_of("opfs").unwrap() {
            for name in WEB_CRATES {
                assert!(!code.contains(&format!("{name}::")), "{} names {name}", file.display());
            }
        }
        if module != "linalg" {
            let is_unsafe =
                |line: &str| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe");
            assert!(!code.lines().any(is_unsafe), "{} has unsafe code", file.display());
        }
    }
    let modules: usize = LAYERS.iter().map(|layer| layer.len()).sum();
    assert_eq!(seen.len(), modules, "the table and the folders differ: {seen:?}");
}

#[test]
fn use_lines_are_understood() {
    let text = "use crate::{data::{self, PIXELS}, linalg, nn::Mlp};\nlet x = crate::train::Config::default();";
    assert_eq!(modules_used(text), ["data", "linalg", "nn", "train"]);
}

#[test]
fn what_trunk_watches_is_in_a_fresh_clone() {
    // trunk serve gives up on a path that does not exist, and what git ignores does not exist in a fresh clone.
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("Trunk.toml")).unwrap();
    let list = text.lines().find_map(|line| line.strip_prefix("watch = [")).unwrap();
    let names: Vec<&str> = list.trim_end_matches(']').split(',').map(|name| name.trim().trim_matches('"')).collect();
    let not_cloned = std::fs::read_to_string(root.join(".gitignore")).unwrap();
    assert!(names.contains(&"src") && names.contains(&"www") && names.contains(&"index.html"), "{names:?}");
    for name in names {
        assert!(root.join(name).exists(), "{name} does not exist");
        assert!(!not_cloned.lines().any(|line| line.trim_matches('/') == name), "{name} is not in a clone");
    }
}
