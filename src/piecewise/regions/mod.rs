//! The linear regions of a network of two inputs as it was trained, exactly, and fast enough to be drawn while it trains.
//!
//! Every number of a trained network is an f32, so a fraction whose denominator is a power of two. [`Enumeration`] cuts
//! the window layer by layer: in a cell of the layers so far, each neuron of the next layer is affine, and its line cuts the cell if the
//! neuron is strictly positive at one corner and strictly negative at another. So no cell has an area of zero, and no two
//! have the same pattern of neurons that are on (positive).
//!
//! *Every sign is right.* It is taken from f64 where a bound on the rounding error allows (`filter` derives it), and else
//! from integers of unbounded size (`exact`). A corner is kept as the two lines that meet there, so that it
//! can be had exactly; its f64 coordinates come with a bound on their error, and else are for drawing.
//!
//! *The cells fit together.* A network is continuous, so a neuron has one value at a corner, whichever cell is asked, and a line that
//! reaches an edge goes on at its other side. Corners and edges are therefore shared (`complex`), each sign is decided once, and
//! corners − edges + cells is 1 at the end, as Euler's formula says.
//!
//! Cost: per cell, the next layer's affine forms, three products per neuron and neuron that is on; per corner and layer one sign a neuron.

mod complex;
mod enumeration;
mod exact;
mod filter;
mod found;
mod net;
mod verdicts;

pub use enumeration::Enumeration;
pub use found::{Bend, Polygons, Regions, Switching};
pub use net::{MAX_WIDTH, TrainedLayer, TrainedNet, Window};
pub use verdicts::{Verdict, verdicts};
