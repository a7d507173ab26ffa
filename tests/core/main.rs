//! The core's tests: they run natively, and again in wasm with and without SIMD.
//!
//! On wasm, `#[test]` is wasm-bindgen's; nothing else differs.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[path = "../common/formats.rs"]
mod formats;
#[path = "../common/seeds.rs"]
mod seed_files;

mod backprop;
mod checkpoint;
mod data;
mod decimal;
mod estimate;
mod function;
mod gates;
mod gathered;
mod insight;
mod kept;
mod labs;
mod linalg;
mod line_kinks;
mod loss_line;
mod nn;
mod notebook;
mod path_lab;
mod paths;
mod pickles;
mod picture;
mod piecewise;
mod plane;
mod printout;
mod pytorch;
mod readers;
mod recorded;
mod regions;
mod report;
mod safetensors;
mod scale;
mod seeds;
mod selection;
mod session;
mod statistics;
mod stories;
mod train;

// Of programs in other languages, which other programs run.
#[cfg(not(target_arch = "wasm32"))]
mod exports;
#[cfg(not(target_arch = "wasm32"))]
mod programs;
// Of the sources, and of pictures: in a worker there are no fonts to measure.
#[cfg(not(target_arch = "wasm32"))]
mod layers;
#[cfg(not(target_arch = "wasm32"))]
mod plot;
// Of threads.
#[cfg(not(target_arch = "wasm32"))]
mod teams;
