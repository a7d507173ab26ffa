//! Flying over the plane: to a counterexample, and back.

use leptos::prelude::*;

use crate::labs::gates::GatesLab;
use crate::labs::gates::flight::{between, duration_ms};
use crate::labs::gates::picture::View;
use crate::web::browser;

/// A view that can fly. A newer flight, or a hand, ends the one before.
#[derive(Clone, Copy)]
pub(super) struct Flight {
    lab: RwSignal<GatesLab>,
    /// Where it came from, while it is away.
    back: RwSignal<Option<View>>,
    is_flying: RwSignal<bool>,
    generation: StoredValue<u32>,
}

impl Flight {
    /// On the ground.
    pub(super) fn new(lab: RwSignal<GatesLab>) -> Self {
        Self { lab, back: RwSignal::new(None), is_flying: RwSignal::new(false), generation: StoredValue::new(0) }
    }

    /// Whether there is a way back.
    pub(super) fn is_away(self) -> bool {
        self.back.read().is_some()
    }

    /// Where it is: `home`, `away` or, on the way, `flying`.
    pub(super) fn word(self) -> &'static str {
        match (self.is_flying.get(), self.is_away()) {
            (true, _) => "flying",
            (false, true) => "away",
            (false, false) => "home",
        }
    }

    /// Flies to a view, and remembers where from.
    pub(super) fn go(self, to: View) {
        let from = self.lab.read_untracked().gate.view;
        if self.back.read_untracked().is_none() {
            self.back.set(Some(from));
        }
        self.fly(from, to);
    }

    /// Flies back.
    pub(super) fn come_back(self) {
        if let Some(to) = self.back.get_untracked() {
            self.back.set(None);
            let from = self.lab.read_untracked().gate.view;
            self.fly(from, to);
        }
    }

    /// Ends the flight where it is.
    pub(super) fn stop(self) {
        self.generation.update_value(|generation| *generation = generation.wrapping_add(1));
        if self.is_flying.get_untracked() {
            self.is_flying.set(false);
        }
    }

    /// Forgets the way back.
    pub(super) fn forget(self) {
        self.stop();
        if self.back.read_untracked().is_some() {
            self.back.set(None);
        }
    }

    fn fly(self, from: View, to: View) {
        self.stop();
        if browser::matches_media("(prefers-reduced-motion: reduce)") {
            self.lab.update(|lab| lab.gate.view = to);
        } else {
            self.is_flying.set(true);
            self.step(from, to, clock_ms(), self.generation.get_value());
        }
    }

    fn step(self, from: View, to: View, began_ms: f64, mine: u32) {
        // The page may be gone when the frame comes.
        if self.generation.try_get_value() != Some(mine) {
            return;
        }
        let share = (clock_ms() - began_ms) / duration_ms(from, to);
        self.lab.update(|lab| lab.gate.view = between(from, to, share));
        if share < 1.0 {
            request_animation_frame(move || self.step(from, to, began_ms, mine));
        } else {
            self.is_flying.set(false);
        }
    }
}

fn clock_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}
