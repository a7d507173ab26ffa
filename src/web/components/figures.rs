//! The plots on screen, each as a figure that can be taken away: its picture on white, and what it shows in words.

use leptos::prelude::*;

/// A plot as it is now.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::web) struct Shown {
    /// From `<svg` to `</svg>`, [`FIGURE_PX`](crate::labs::printout::FIGURE_PX) large.
    pub svg: String,
    /// What it shows, the verdict included.
    pub caption: String,
    /// The start of a file's name.
    pub file: &'static str,
}

/// What takes a plot as it is now.
type Take = Callback<(), Option<Shown>>;

/// The plots on screen, in the order in which they came.
#[derive(Clone, Copy)]
pub(in crate::web) struct Figures(StoredValue<Vec<Take>>);

/// The plots on screen.
pub(in crate::web) fn use_figures() -> Figures {
    use_context().expect("App provides the figures")
}

impl Figures {
    /// None yet.
    pub(in crate::web) fn new() -> Self {
        Self(StoredValue::new(Vec::new()))
    }

    /// A plot, for as long as it is on screen.
    pub(super) fn add(self, take: Take) {
        self.0.update_value(|all| all.push(take));
        on_cleanup(move || {
            self.0.try_update_value(|all| all.retain(|other| !other.matches(&take)));
        });
    }

    /// The first one, as it is now.
    pub(in crate::web) fn first(self) -> Option<Shown> {
        self.0.with_value(|all| all.first().copied())?.run(())
    }
}
