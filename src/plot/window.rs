//! The part of a plot that a hand has chosen to see.

/// Half of the least and of the largest width of an axis.
const HALF: (f64, f64) = (1e-9, 1e6);

/// A part of the plane, which a plot shows instead of all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Left and right edge.
    pub x: (f64, f64),
    /// Bottom and top edge.
    pub y: (f64, f64),
}

/// How what is shown is moved, in the chart's own numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Motion {
    /// What is shown is this much further right and up.
    Pan(f64, f64),
    /// What is shown is this many times as wide; the point stays where it is.
    Zoom((f64, f64), f64),
    /// Back to how it was at first.
    Home,
}

impl Window {
    /// What is shown after a motion; `None` is all.
    pub fn moved(self, motion: Motion) -> Option<Self> {
        match motion {
            Motion::Home => None,
            Motion::Pan(right, up) => Some(Self { x: panned(self.x, right), y: panned(self.y, up) }),
            Motion::Zoom((x, y), factor) => {
                let room = |(low, high): (f64, f64)| {
                    let half = (high - low) / 2.0;
                    (HALF.0 / half, HALF.1 / half)
                };
                let ((least_x, most_x), (least_y, most_y)) = (room(self.x), room(self.y));
                // Both axes by the same factor, and neither beyond what can be told apart.
                let (least, most) = (least_x.max(least_y).min(1.0), most_x.min(most_y).max(1.0));
                let factor = if factor.is_finite() { factor.clamp(least, most) } else { 1.0 };
                let about = |(low, high): (f64, f64), at: f64| {
                    // A pointer that has left the plot still points at its edge.
                    let at = at.max(low).min(high);
                    (at + (low - at) * factor, at + (high - at) * factor)
                };
                Some(Self { x: about(self.x, x), y: about(self.y, y) })
            }
        }
    }
}

/// The range so much further on, as far as numbers can be typed.
fn panned((low, high): (f64, f64), by: f64) -> (f64, f64) {
    let by = by.clamp((-HALF.1 - low).min(0.0), (HALF.1 - high).max(0.0));
    (low + by, high + by)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: Window = Window { x: (-5.0, 5.0), y: (-1.0, 3.0) };

    #[test]
    fn a_zoom_leaves_the_point_under_the_pointer_where_it_is() {
        let zoomed = SQUARE.moved(Motion::Zoom((3.0, 1.0), 0.5)).expect("a part");
        assert_eq!(zoomed, Window { x: (-1.0, 4.0), y: (0.0, 2.0) });
        let share = |window: Window| (3.0 - window.x.0) / (window.x.1 - window.x.0);
        assert!((share(zoomed) - share(SQUARE)).abs() < 1e-12);
    }

    #[test]
    fn a_pan_moves_both_axes_and_home_is_all() {
        let panned = SQUARE.moved(Motion::Pan(1.0, -2.0)).expect("a part");
        assert_eq!(panned, Window { x: (-4.0, 6.0), y: (-3.0, 1.0) });
        assert_eq!(SQUARE.moved(Motion::Home), None);
    }

    #[test]
    fn no_gesture_leads_to_where_numbers_cannot_be_told_apart() {
        let mut window = SQUARE;
        for _ in 0..400 {
            window = window.moved(Motion::Zoom((1.0, 1.0), 0.5)).expect("a part");
        }
        assert!(window.x.1 - window.x.0 >= 1.9e-9 && window.y.0 < window.y.1, "{window:?}");
        for _ in 0..400 {
            window = window.moved(Motion::Zoom((1.0, 1.0), 2.0)).expect("a part");
            window = window.moved(Motion::Pan(1e9, f64::MAX)).expect("a part");
        }
        assert!(window.x.1 <= 3.0 * HALF.1 && window.y.1 <= 3.0 * HALF.1, "{window:?}");
        assert_eq!(SQUARE.moved(Motion::Zoom((0.0, 0.0), f64::NAN)), Some(SQUARE));
    }
}
