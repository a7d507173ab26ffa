//! An axis that holds still while a control is held, and then goes to its new range.

/// How long it goes.
const MS: f64 = 200.0;

/// The range that is shown, and the one that it comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Easing {
    shown: Option<(f64, f64)>,
    /// Where the way began, and when.
    start: Option<((f64, f64), f64)>,
    was_held: bool,
}

impl Easing {
    /// The range to show at a time in milliseconds, and whether it goes on to change. While `is_held`, it stays as it was;
    /// let go, it goes to what is wanted, in a fifth of a second or, if `is_calm`, at once. Otherwise it is what is wanted.
    pub fn at(&mut self, wanted: (f64, f64), is_held: bool, is_calm: bool, now_ms: f64) -> ((f64, f64), bool) {
        let shown = self.shown.unwrap_or(wanted);
        if self.was_held && !is_held && !is_calm && shown != wanted {
            self.start = Some((shown, now_ms));
        }
        self.was_held = is_held;
        let (next, is_moving) = match self.start {
            _ if is_held => {
                self.start = None;
                (shown, false)
            }
            Some((from, began_ms)) if now_ms - began_ms < MS => {
                let share = ((now_ms - began_ms) / MS).clamp(0.0, 1.0);
                // Fast at first, then slower.
                let share = 1.0 - (1.0 - share).powi(3);
                let between = |from: f64, to: f64| from + (to - from) * share;
                ((between(from.0, wanted.0), between(from.1, wanted.1)), true)
            }
            _ => {
                self.start = None;
                (wanted, false)
            }
        };
        self.shown = Some(next);
        (next, is_moving)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_stays_while_it_is_held_and_then_eases() {
        let mut easing = Easing::default();
        assert_eq!(easing.at((0.0, 1.0), false, false, 0.0), ((0.0, 1.0), false), "at once, if nothing is held");
        assert_eq!(easing.at((0.0, 9.0), true, false, 10.0), ((0.0, 1.0), false));
        assert_eq!(easing.at((0.0, 5.0), true, false, 900.0), ((0.0, 1.0), false));
        let (first, is_moving) = easing.at((0.0, 5.0), false, false, 1000.0);
        assert_eq!((first, is_moving), ((0.0, 1.0), true));
        let (later, is_moving) = easing.at((0.0, 5.0), false, false, 1100.0);
        assert!(is_moving && 1.0 < later.1 && later.1 < 5.0, "{later:?}");
        assert_eq!(easing.at((0.0, 5.0), false, false, 1200.0), ((0.0, 5.0), false));
        assert_eq!(easing.at((0.0, 2.0), false, false, 1300.0), ((0.0, 2.0), false));
    }

    #[test]
    fn a_calm_range_goes_at_once() {
        let mut easing = Easing::default();
        easing.at((0.0, 1.0), true, true, 0.0);
        assert_eq!(easing.at((0.0, 9.0), false, true, 1.0), ((0.0, 9.0), false));
    }
}
