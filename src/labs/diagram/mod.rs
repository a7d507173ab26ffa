//! A network as it is drawn: where its nodes and edges are, what each neuron puts out, and what runs through it.
//!
//! Inputs on the left, hidden layers from left to right, the output on the right. All of it is worked out here in pixels
//! of the drawing; a screen or a file only paints it.

mod layout;
mod pass;
mod plots;
mod words;
mod writer;

pub use layout::{Edge, Layout, Node};
pub use pass::Pass;
pub use plots::{NodePlot, plots};
pub use words::{control, hook, name, part_of, told};
pub use writer::to_svg;

use crate::piecewise::Decimal;

/// A drag changes a number by 0.1, with Shift by 0.01, each time it has come so many pixels up or to the right.
pub const STEP_PX: f64 = 5.0;

/// How wide an edge is drawn, in pixels: wider for a larger weight, at most 6, whatever the other weights are.
pub fn width_px(weight: f64) -> f64 {
    let size = weight.abs();
    0.75 + 5.25 * size / (size + 2.0)
}

/// A number that is dragged so many pixels up, or to the right; `None` beyond what can be typed.
pub fn dragged(start: Decimal, px: f64, is_fine: bool) -> Option<Decimal> {
    start.plus(Decimal::new((px / STEP_PX).round() as i64, if is_fine { 2 } else { 1 })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_goes_in_whole_steps_and_keeps_typed_digits() {
        let typed = |text: &str| text.parse::<Decimal>().expect("a number");
        assert_eq!(dragged(typed("0.25"), 12.0, false), Some(typed("0.45")));
        assert_eq!(dragged(typed("0.25"), -12.0, true), Some(typed("0.23")));
        assert_eq!(dragged(typed("1/3"), 5.0, false).map(Decimal::to_rational), typed("13/30").to_rational().into());
        assert_eq!(dragged(typed("2"), 1.0, false), Some(typed("2.0")));
    }

    #[test]
    fn a_larger_weight_has_a_wider_edge_and_none_is_wider_than_six_pixels() {
        let widths: Vec<_> = [0.0, 0.1, 1.0, -2.0, 5.0, 1e6].map(width_px).to_vec();
        assert!(widths.windows(2).all(|pair| pair[0] < pair[1]) && widths[5] <= 6.0, "{widths:?}");
        assert_eq!(width_px(-3.0), width_px(3.0));
    }
}
