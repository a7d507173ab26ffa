//! A preset or a link does not cut to its network: the picture goes there along the path that question 6 is about.
//!
//! Only what is drawn takes its time. The network itself, and all that is true of it, is the new one at once.

use std::cell::Cell;

use leptos::prelude::*;

use super::network::{Decided, chart};
use crate::labs::function::network::{Deciding, NetworkLab};
use crate::plot::{FunctionChart, Window};
use crate::web::components::{Glide, within};
use crate::web::router::{self, Lab};
use crate::web::state::use_labs;

/// A network that takes longer to decide is not drawn on the way: large networks cut.
const FRAME_MS: f64 = 8.0;

/// A network on the way.
#[derive(Clone, PartialEq)]
pub(super) struct Between {
    pub decided: Decided,
    /// The y axis at the start.
    from_y: (f64, f64),
    /// How far it has come, from 0 to 1.
    share: f64,
}

/// What is to be drawn instead of the network, while one goes over into another.
pub(super) fn morphing(lab: Memo<NetworkLab>) -> RwSignal<Option<Between>> {
    let labs = use_labs();
    let (drawn, glide) = (RwSignal::new(None), Glide::new());
    // What a link brought before this screen stood is where it begins.
    labs.leap.set(None);
    Effect::new(move || {
        let Some(morph) = labs.leap.get() else { return };
        let from_y = Cell::new(None);
        let draw = move |share: f64| {
            // Whoever takes hold of the network on its way sees it as it is.
            if lab.with_untracked(|lab| lab.parameters() != morph.to().parameters()) {
                return false;
            }
            let between = morph.at(share);
            let done = within(FRAME_MS, Deciding::new(&between), Deciding::advance);
            let Some(deciding) = done else { return false };
            let decided = Decided { answers: deciding.finish(), lab: between };
            let own = || chart(&seen(&lab.read_untracked(), &decided.lab), &decided, None).y;
            let start = from_y.get().unwrap_or_else(own);
            from_y.set(Some(start));
            drawn.set(Some(Between { decided, from_y: start, share }));
            true
        };
        glide.start(draw, move || drawn.set(None));
    });
    drawn
}

/// The network on the way, in the view of the lab.
fn seen(lab: &NetworkLab, between: &NetworkLab) -> NetworkLab {
    let mut seen = between.clone();
    seen.set_view(lab.view);
    seen.neuron = lab.neuron;
    seen
}

impl Between {
    /// The chart on the way to another.
    pub(super) fn chart(&self, lab: &NetworkLab, end: &FunctionChart, window: Option<Window>) -> FunctionChart {
        let mix = |from: f64, to: f64| from + (to - from) * self.share;
        let y = (mix(self.from_y.0, end.y.0), mix(self.from_y.1, end.y.1));
        FunctionChart { y, chords: Vec::new(), ..chart(&seen(lab, &self.decided.lab), &self.decided, window) }
    }
}

/// Opens the way that the picture went as the path lab's path, for as long as its end is what is on screen.
#[component]
pub(super) fn OpenAsPath(lab: Memo<NetworkLab>) -> impl IntoView {
    let labs = use_labs();
    let stands = move || {
        let leap = labs.leap.read();
        leap.as_ref().is_some_and(|leap| leap.to().parameters() == lab.read().parameters())
    };
    let open = move |_| {
        if let Some(leap) = labs.leap.get_untracked() {
            labs.path.set(leap.path());
            router::go_to(Lab::Path);
        }
    };
    view! {
        <button
            type="button"
            class="quiet"
            class:hidden=move || !stands()
            data-testid="open-path"
            title="From the network before to this one on a straight line, in the path lab"
            on:click=open
        >
            "Open this as a path"
        </button>
    }
}
