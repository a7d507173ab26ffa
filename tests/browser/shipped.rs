//! What `trunk build --release` wrote.

use wasmparser::{Operator, Parser, Payload};

use crate::server::dist;

/// A file of the trainers', in the folder that is named by what is in it.
fn trainer(file: &str) -> Vec<u8> {
    let folders = std::fs::read_dir(dist()).unwrap().map(|entry| entry.unwrap().path());
    let found: Vec<_> =
        folders.filter(|path| path.is_dir()).map(|path| path.join(file)).filter(|path| path.exists()).collect();
    assert_eq!(found.len(), 1, "{file} in {found:?}");
    std::fs::read(&found[0]).unwrap()
}

fn count(wasm: &[u8], mut is_wanted: impl FnMut(&Operator) -> bool) -> usize {
    let bodies = Parser::new(0).parse_all(wasm).filter_map(|payload| match payload.unwrap() {
        Payload::CodeSectionEntry(body) => Some(body),
        _ => None,
    });
    bodies
        .map(|body| {
            body.get_operators_reader().unwrap().into_iter().filter(|op| is_wanted(op.as_ref().unwrap())).count()
        })
        .sum()
}

#[test]
fn the_trainer_has_simd_in_it() {
    let wasm = trainer("trainer_bg.wasm");
    let products = count(&wasm, |op| matches!(op, Operator::F32x4Mul));
    let broadcasts = count(&wasm, |op| matches!(op, Operator::V128Load32Splat { .. }));
    // A step of the 4×8 tile alone has eight products and four broadcasts.
    assert!(products >= 8 && broadcasts >= 4, "{products} products, {broadcasts} broadcasts");
}

#[test]
fn only_the_relaxed_trainer_has_relaxed_instructions_in_it() {
    // A module with one does not start in a browser that does not know it.
    let relaxed = |file: &str| count(&trainer(file), |op| format!("{op:?}").contains("Relaxed"));
    // A step of the 6×8 tile has twelve, a step of the chains thirteen.
    assert!(relaxed("trainer_relaxed_bg.wasm") >= 25);
    assert_eq!(relaxed("trainer_bg.wasm"), 0);
}

#[test]
fn the_page_asks_the_browser_for_every_relaxed_instruction_that_the_trainer_holds() {
    use piecewise::linalg::probe::{RELAXED, relaxed_probe};
    let plain = |name: &str| name.replace(['.', '_'], "").to_lowercase();
    let asked: Vec<_> = RELAXED.iter().map(|(_, _, name)| plain(name)).collect();
    let held = |wasm: &[u8]| {
        let mut names = std::collections::BTreeSet::new();
        count(wasm, |op| {
            let name = format!("{op:?}");
            name.contains("Relaxed") && names.insert(plain(name.split([' ', '{']).next().unwrap()))
        });
        names
    };
    let trainer = held(&trainer("trainer_relaxed_bg.wasm"));
    assert!(trainer.contains("f32x4relaxedmadd"), "{trainer:?}");
    assert!(trainer.iter().all(|name| asked.contains(name)), "{trainer:?}");
    assert_eq!(held(&relaxed_probe()).len(), asked.len());
}

#[test]
fn the_page_names_no_other_host() {
    for entry in std::fs::read_dir(dist()).unwrap() {
        let path = entry.unwrap().path();
        if matches!(path.extension().and_then(|e| e.to_str()), Some("html" | "css")) {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(!text.contains("http://") && !text.contains("https://"), "{}", path.display());
        }
    }
}
