//! The kinks of a trained network on a straight line through its input space, exactly.
//!
//! On the line x(t) = from + t·(to − from), each neuron of the first layer is an affine function of t, which is 0 once at
//! most. Between two kinks of the layers before, each neuron of the next layer is affine, too. So the layers are swept one after the other:
//! from kink to kink, where one neuron goes on or off and the forms of the next layer change by one column of its weights.
//!
//! *What is given* is the network's f32 numbers and the two ends' f32 numbers, as the network gets them. From these, the number of kinks,
//! their neurons and their order are exact: every form carries a bound on its rounding error, and where the sign of a
//! neuron at a kink, or the order of two kinks, is in doubt, integers of unbounded size decide (`exact`). Places are f64, each with its bound.
//!
//! A neuron is on where it is positive. A kink is where one goes on or off: where it only touches 0, there is none.

mod exact;
mod kinks;
mod sweep;

pub use kinks::{Change, Kink, LineKinks};
pub use sweep::{Rows, Sweep};
