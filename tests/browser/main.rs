//! The built app in a browser, used as a person uses it: in Chromium or, by the variable `PIECEWISE_BROWSER`, in Firefox or
//! WebKit, where those tests pass that `everywhere.txt` lists, and most others.
//!
//! Needs `trunk build --release`, Chromium and chromedriver: `scripts/test build browser` sees to that.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

#[path = "../common/formats.rs"]
mod formats;

mod access;
mod backprop;
mod bench;
mod engine;
mod function;
mod gates;
mod handles;
mod home;
mod kept;
mod network;
mod notebook;
mod offline;
mod page;
mod path;
mod phone;
mod plane;
mod server;
mod share;
mod shell;
mod shipped;
mod stories;
mod train;
mod trainer;
mod workers;

/// A name that is wrong would select nothing, and nobody would notice.
#[test]
fn what_is_to_run_everywhere_are_tests() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let list = std::fs::read_to_string(folder.join("everywhere.txt")).unwrap();
    let lines: Vec<_> = list.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.len() >= 20, "{lines:?}");
    for line in lines {
        let (module, name) = line.split(' ').next().unwrap().split_once("::").unwrap();
        let source = std::fs::read_to_string(folder.join(format!("{module}.rs"))).unwrap();
        assert!(source.contains(&format!("#[test]\nfn {name}()")), "{line}");
    }
}
