//! The fuzzer's kept inputs, each tried by a plain program: once found, always tried.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::path::Path;

// One test, because the bytes that another one holds would be counted.
#[test]
fn every_kept_input_is_read_or_refused_within_bounds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, target) in fuzz::TARGETS {
        let mut tried = 0;
        for folder in [root.join("fuzz/corpus").join(name), root.join("tests/seeds")] {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                println!("{name}: {}", path.display());
                target(&std::fs::read(&path).unwrap());
                tried += 1;
            }
        }
        assert!(tried > 0, "{name} has no input");
    }
}
