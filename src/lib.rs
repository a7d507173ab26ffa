//! Piecewise: why ReLU networks bend, shown exactly, and a CIFAR-10 trainer that runs in the browser.
//!
//! The modules are layers; each uses only those above it in this list, and a test holds them to it.
//!
//! | layer | modules |
//! |---|---|
//! | 0, pure | [`linalg`], [`data`], [`piecewise`] |
//! | 1, pure | [`nn`], [`train`] |
//! | 2, pure | [`protocol`], [`session`], [`plot`], [`labs`] |
//! | 3, wasm only | `opfs` |
//! | 4, wasm only | `web`, the page; `worker`, which trains |

#[cfg(all(target_arch = "wasm32", any(feature = "page", feature = "worker"), not(target_feature = "simd128")))]
compile_error!(
    "the app must be built with SIMD, but a RUSTFLAGS variable has replaced the flags of .cargo/config.toml: unset it, or add -Ctarget-feature=+simd128 to it"
);

pub mod data;
pub mod labs;
pub mod linalg;
pub mod nn;
#[cfg(all(target_arch = "wasm32", any(feature = "page", feature = "worker")))]
mod opfs;
pub mod piecewise;
pub mod plot;
pub mod protocol;
pub mod session;
pub mod train;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod web;
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
pub mod worker;
