//! The challenges that were solved in this browser, and the quiet word when another one is.

use std::time::Duration;

use leptos::prelude::*;

use super::browser;
use crate::labs::challenges::{Challenge, Solved};

const KEY: &str = "piecewise.solved";
/// How long a word stays.
const STAYS: Duration = Duration::from_secs(6);

/// What was solved, and the word about the last one.
#[derive(Clone, Copy)]
pub(super) struct SolvedHere {
    /// All that were solved, ever.
    pub all: RwSignal<Solved>,
    /// Its number tells it from the one before.
    word: RwSignal<Option<(u32, String)>>,
    /// The only challenge that can be solved at the moment, where not all can.
    only: Option<Signal<Option<&'static Challenge>>>,
}

/// The challenges that were solved in this browser.
pub(super) fn use_solved() -> SolvedHere {
    use_context().expect("App provides what is solved")
}

fn stored() -> Solved {
    Solved::decode(&browser::stored(KEY).unwrap_or_default())
}

impl SolvedHere {
    /// As the browser has them.
    pub(super) fn new() -> Self {
        Self { all: RwSignal::new(stored()), word: RwSignal::new(None), only: None }
    }

    /// The same, where only one challenge can be solved: a lab that is shown in a state of somebody else's solves no other.
    pub(super) fn only(self, challenge: Signal<Option<&'static Challenge>>) -> Self {
        Self { only: Some(challenge), ..self }
    }

    /// Adds to them, and keeps them; another tab may have added some.
    pub(super) fn join(self, more: Solved) {
        self.all.update(|all| {
            all.join(stored());
            all.join(more);
        });
        browser::store(KEY, &self.all.read_untracked().encode());
    }

    /// Notes challenges as solved, and says so.
    pub(super) fn solve(self, new: &[&Challenge]) {
        let only = self.only.map(|only| only.get_untracked());
        let counts = |challenge: &&&Challenge| only.is_none_or(|only| only == Some(**challenge));
        let new: Vec<&Challenge> = new.iter().filter(counts).copied().collect();
        if new.is_empty() {
            return;
        }
        let mut more = Solved::default();
        for challenge in &new {
            more.add(challenge);
        }
        self.join(more);
        if let Some(last) = new.last() {
            let number = self.word.read_untracked().as_ref().map_or(0, |(number, _)| number.wrapping_add(1));
            self.word.set(Some((number, format!("✓ {} solved", last.question))));
            let hide = move || {
                self.word.try_update(|word| word.take_if(|(shown, _)| *shown == number));
            };
            set_timeout(hide, STAYS);
        }
    }
}

/// Says that a challenge was solved, wherever one is on the page.
#[component]
pub(super) fn SolvedWord() -> impl IntoView {
    let word = use_solved().word;
    let text = move || word.get().map(|(_, text)| text).unwrap_or_default();
    view! { <p class="toast" role="status" data-testid="toast" data-value=text class:shown=move || word.read().is_some()>{text}</p> }
}
