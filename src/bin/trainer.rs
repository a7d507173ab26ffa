//! The Web Worker that loads, trains and measures.

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "web"))]
    piecewise::web::start_worker();
}
