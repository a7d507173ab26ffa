//! What a frame does once, however often it is asked for: taking a slider's value, and painting.
//!
//! A mouse may move several times a frame. To take every value would compute, and lay the page out, for pictures that
//! nobody sees. So a control holds its latest value until the frame begins; what follows from it, down to the pictures, is
//! still of that frame.

use std::cell::RefCell;

use leptos::prelude::*;

type Paint = Box<dyn FnOnce()>;

thread_local! {
    /// What is to be painted in this frame, between its taking of a value and its end.
    static PAINTS: RefCell<Option<Vec<Paint>>> = const { RefCell::new(None) };
}

/// A time that only goes on, in milliseconds.
pub(in crate::web) fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// A control's latest value, held until the next frame begins.
pub(in crate::web) struct Latest<T: 'static> {
    held: StoredValue<Option<T>>,
}

impl<T> Clone for Latest<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Latest<T> {}

impl<T: Send + Sync> Latest<T> {
    /// Holds nothing yet.
    pub(in crate::web) fn new() -> Self {
        Self { held: StoredValue::new(None) }
    }

    /// Gives the value to `take` when the frame begins, unless another comes before, or the control is gone.
    pub(in crate::web) fn set(self, value: T, take: impl FnOnce(T) + 'static) {
        let Some(earlier) = self.held.try_update_value(|held| held.replace(value)) else { return };
        if earlier.is_some() {
            return;
        }
        request_animation_frame(move || {
            PAINTS.set(Some(Vec::new()));
            if let Some(value) = self.held.try_update_value(Option::take).flatten() {
                take(value);
            }
        });
        // Between the two, everything that follows from the value has been computed.
        request_animation_frame(|| {
            for paint in PAINTS.take().unwrap_or_default() {
                paint();
            }
        });
    }
}

/// Paints at the end of this frame, if it has just taken a value, or in the next.
pub(in crate::web) fn before_next_paint(paint: impl FnOnce() + 'static) {
    let is_frame = PAINTS.with_borrow(Option::is_some);
    if is_frame {
        PAINTS.with_borrow_mut(|paints| paints.get_or_insert_default().push(Box::new(paint)));
    } else {
        request_animation_frame(paint);
    }
}
