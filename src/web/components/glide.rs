//! A picture that goes over into another: for a moment, once a frame, as slow at its ends as if it had weight.

use std::rc::Rc;

use leptos::prelude::*;

use super::frames::now_ms;
use crate::web::browser;

/// From the first frame to the last.
const GLIDE_MS: f64 = 400.0;

/// At most one glide at a time; it ends when its owner is gone.
#[derive(Clone, Copy)]
pub(in crate::web) struct Glide {
    /// A newer one ends those before.
    generation: StoredValue<u32>,
}

impl Glide {
    /// None yet.
    pub(in crate::web) fn new() -> Self {
        Self { generation: StoredValue::new(0) }
    }

    /// Calls `draw` in each frame with how far it has come, from 0 to below 1, for as long as that returns true, and `end`
    /// when it is over; not at all for those who want no motion.
    pub(in crate::web) fn start(self, draw: impl Fn(f64) -> bool + 'static, end: impl Fn() + 'static) {
        let mine = self.generation.get_value().wrapping_add(1);
        self.generation.set_value(mine);
        if !browser::matches_media("(prefers-reduced-motion: reduce)") {
            self.go_on(Rc::new(draw), Rc::new(end), now_ms(), mine);
        }
    }

    fn go_on(self, draw: Rc<dyn Fn(f64) -> bool>, end: Rc<dyn Fn()>, began_ms: f64, mine: u32) {
        if self.generation.try_get_value() != Some(mine) {
            return;
        }
        let time = ((now_ms() - began_ms) / GLIDE_MS).clamp(0.0, 1.0);
        if time < 1.0 && draw(time * time * (3.0 - 2.0 * time)) {
            request_animation_frame(move || self.go_on(draw, end, began_ms, mine));
        } else {
            end();
        }
    }
}
