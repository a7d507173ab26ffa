//! Matrix products for the trainer, written by hand.
//!
//! [`gemm`] is the one entry: packed and blocked as in the BLIS papers (Van Zee and van de Geijn,
//! *BLIS: A Framework for Rapidly Instantiating BLAS Functionality*, 2015), with a micro-kernel per
//! target in [`kernel`]. [`reference::gemm`] is the definition spelled out: the oracle of the tests.
//! All unsafe code of the crate is in this folder.

mod blocked;
mod gemm;
pub mod kernel;
mod operand;
mod pack;
pub mod peak;
pub mod probe;
pub mod reference;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod transpose;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use gemm::RELAXED;
pub use gemm::{Arithmetic, BASE, Element, choose, chosen, gemm};
pub use operand::{Bytes, Operand};
