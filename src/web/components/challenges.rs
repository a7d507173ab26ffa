//! A lab's challenges: tasks that tick themselves off when the state on screen solves them.

use leptos::prelude::*;

use crate::labs::challenges::{Challenge, Solved};
use crate::web::browser;

const KEY: &str = "piecewise.solved";

/// The challenges that were solved in this browser.
pub(in crate::web) fn solved() -> Solved {
    Solved::decode(&browser::stored(KEY).unwrap_or_default())
}

/// The list. `now` tells for each challenge whether it is solved at the moment; once solved, it stays so, also
/// after a reload.
#[component]
pub(in crate::web) fn Challenges(list: &'static [Challenge], #[prop(into)] now: Signal<Vec<bool>>) -> impl IntoView {
    let solved = RwSignal::new(solved());
    Effect::new(move || {
        let now = now.get();
        let new =
            list.iter().zip(now).filter(|(challenge, is_solved)| *is_solved && !solved.read_untracked().has(challenge));
        let new: Vec<_> = new.map(|(challenge, _)| challenge).collect();
        if !new.is_empty() {
            solved.update(|solved| {
                for challenge in new {
                    solved.add(challenge);
                }
            });
            browser::store(KEY, &solved.read_untracked().encode());
        }
    });
    let count = move || list.iter().filter(|challenge| solved.read().has(challenge)).count();
    let entry = |challenge: &'static Challenge| {
        let is_solved = Memo::new(move |_| solved.read().has(challenge));
        view! {
            <li class:solved=is_solved data-testid=format!("challenge-{}", challenge.id) data-value=move || if is_solved.get() { "solved" } else { "open" }>
                <p>
                    <b>{challenge.question}</b> " " {challenge.task}
                    <span class="mark" aria-live="polite">{move || is_solved.get().then_some(" Solved.")}</span>
                </p>
                <details><summary>"Hint"</summary><p>{challenge.hint}</p></details>
                <details><summary>"Solution"</summary><p>{challenge.solution}</p></details>
            </li>
        }
    };
    view! {
        <h2>"Challenges " <span class="aside">{move || format!("{} of {}", count(), list.len())}</span></h2>
        <ul class="challenges">{list.iter().map(entry).collect_view()}</ul>
    }
}
