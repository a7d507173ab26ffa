//! Exact analysis of ReLU networks: functions of one input here, of two in [`plane`] and [`gate`], and
//! networks for boolean functions in [`boolean`].
//!
//! A network whose weights are rational is, exactly, a continuous piecewise-linear function with
//! rational breakpoints. [`Pieces::of`] finds its pieces by pushing a partition of the line through the
//! layers; [`Shape::of`] reads convexity off the slopes and gives three points as a witness. Nothing here
//! knows a tolerance: two kinks 10⁻⁹ apart are two, and bends that cancel are none.
//!
//! Along a line in parameter space, the output at a fixed input is piecewise polynomial, with breakpoints that may be
//! irrational: [`PathPieces`] isolates those exactly, and [`PathShape`] decides convexity there.
//!
//! Networks as they were trained, of f32 numbers, are cut into their linear regions in [`regions`]; on a line through their inputs, [`mod@line`] finds their kinks.
//!
//! Cost: a layer splits the line at most where one of its neurons crosses zero, so there are never more
//! pieces than [`bounds::max_regions`] says, and usually far fewer.

mod algebraic;
pub mod boolean;
pub mod bounds;
pub mod constructions;
mod decimal;
pub mod gate;
pub mod line;
mod net;
mod path;
mod pieces;
pub mod plane;
mod polynomial;
mod rational;
pub mod regions;
mod shape;

pub use algebraic::Algebraic;
pub use decimal::{Decimal, DecimalError};
pub use net::{Layer, Net, NetError};
pub use path::{PathAnalysis, PathBreak, PathPiece, PathPieces, PathShape, ShapesDiffer};
pub use pieces::{Analysis, Bend, Interval, Kink, Piece, Pieces};
pub use polynomial::Polynomial;
pub use rational::{Rational, to_f64};
pub use shape::{Chord, Shape, Verdict};
