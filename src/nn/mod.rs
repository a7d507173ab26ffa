//! A multilayer perceptron and its gradient, written out by hand: one layer a file, forward and backward
//! side by side. Rows are images: a batch of B inputs is a B×in matrix.
//!
//! Everything is generic over [`Element`](crate::linalg::Element): `f32` to train, `f64` to check gradients.

pub mod adam;
pub mod cross_entropy;
pub mod faulty;
pub mod gradcheck;
pub mod init;
mod linear;
mod mlp;
pub mod relu;
pub mod sgd;
pub mod shared_weight;
pub mod squared_error;

pub use init::Init;
pub use linear::Linear;
pub use mlp::{Gradients, Mlp, Workspace};
