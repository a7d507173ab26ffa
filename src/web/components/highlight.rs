//! What is lit: whatever is pointed at or has the focus, and all that belongs to it, wherever a screen shows it.

use leptos::attr::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::prelude::*;

use crate::labs::highlight::{Lit, Part};

/// A screen's: what is pointed at, and what that lights.
#[derive(Clone, Copy)]
pub(in crate::web) struct Highlight {
    pointed: RwSignal<Vec<Part>>,
    focused: RwSignal<Vec<Part>>,
    lit: Memo<Lit>,
}

/// The screen's; where it has none, one of its own, in which a part lights only itself.
pub(in crate::web) fn use_highlight() -> Highlight {
    use_context().unwrap_or_else(|| Highlight::new(|parts| Lit::by(parts, &Default::default())))
}

/// A signal is written only with what is new: the pointer tells of every move.
fn renew(signal: RwSignal<Vec<Part>>, parts: Vec<Part>) {
    if signal.try_with_untracked(|now| *now != parts) == Some(true) {
        signal.set(parts);
    }
}

impl Highlight {
    fn new(find: impl Fn(&[Part]) -> Lit + Send + Sync + 'static) -> Self {
        let (pointed, focused) = (RwSignal::new(Vec::new()), RwSignal::new(Vec::new()));
        // The pointer is looked at; the focus may be resting.
        let lit = Memo::new(move |_| {
            let (pointed, focused) = (pointed.read(), focused.read());
            if pointed.is_empty() && focused.is_empty() {
                return Lit::default();
            }
            find(if pointed.is_empty() { &focused } else { &pointed })
        });
        Self { pointed, focused, lit }
    }

    /// One for all that stands in the screen, by what `find` says that parts light.
    pub(in crate::web) fn provide(find: impl Fn(&[Part]) -> Lit + Send + Sync + 'static) -> Self {
        let highlight = Self::new(find);
        provide_context(highlight);
        highlight
    }

    /// These are pointed at now.
    pub(in crate::web) fn light(self, parts: impl IntoIterator<Item = Part>) {
        renew(self.pointed, parts.into_iter().collect());
    }

    /// Nothing is pointed at any more.
    pub(in crate::web) fn dim(self) {
        self.light([]);
    }

    /// This has the focus now; nothing, if it is gone.
    pub(in crate::web) fn focus(self, part: Option<Part>) {
        renew(self.focused, part.into_iter().collect());
    }

    /// What is pointed at, or else has the focus.
    pub(in crate::web) fn first(self) -> Option<Part> {
        self.pointed.read().first().or(self.focused.read().first()).copied()
    }

    /// Whether anything is pointed at, whatever has the focus.
    pub(in crate::web) fn is_pointing(self) -> bool {
        !self.pointed.read().is_empty()
    }

    /// What is lit.
    pub(in crate::web) fn lit(self) -> Memo<Lit> {
        self.lit
    }

    /// Whether a part is lit.
    pub(in crate::web) fn is_lit(self, part: Part) -> bool {
        self.lit.read().has(part)
    }

    /// For a control or a mark of a part, `<div {..highlight.part(part)}>`: it lights the part while it is pointed at or
    /// has the focus, and has the class `lit` whenever the part is lit.
    pub(in crate::web) fn part(self, part: Part) -> AnyAttribute {
        view! {
            <{..}
                class:lit=move || self.is_lit(part)
                on:pointerenter=move |_| self.light([part])
                on:pointerleave=move |_| self.dim()
                on:focusin=move |_| self.focus(Some(part))
                on:focusout=move |_| self.focus(None)
            />
        }
        .into_any_attr()
    }
}
