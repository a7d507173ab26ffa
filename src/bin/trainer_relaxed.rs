//! The same Web Worker for browsers with relaxed SIMD: the only program that refers to the fused kernel.

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "worker"))]
    piecewise::worker::start_relaxed();
}
