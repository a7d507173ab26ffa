//! Exact numbers on paper, where nothing can be pressed to see more.

use crate::labs::numbers::exact;
use crate::labs::writing::Writing;
use crate::piecewise::Rational;

/// Most characters of a fraction that is printed in a table.
const MAX_FRACTION: usize = 80;

/// A number in full: as on the screen, and where that is rounded, the fraction before it, unless it fills a line.
pub(super) fn in_full(value: &Rational) -> String {
    let (short, whole) = (exact(value), Writing::Full.number(value));
    if short != whole && whole.len() <= MAX_FRACTION { format!("{whole} {short}") } else { short }
}
