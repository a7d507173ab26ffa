//! The Web Worker that loads, trains and measures.

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "worker"))]
    piecewise::worker::start();
}
