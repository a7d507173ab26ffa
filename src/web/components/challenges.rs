//! A lab's challenges: tasks that tick themselves off when the state on screen solves them.

use leptos::prelude::*;

use crate::labs::challenges::Challenge;
use crate::web::solved::use_solved;

/// The list. `now` tells for each challenge whether it is solved at the moment; once solved, it stays so, also
/// after a reload.
#[component]
pub(in crate::web) fn Challenges(list: &'static [Challenge], #[prop(into)] now: Signal<Vec<bool>>) -> impl IntoView {
    let solved = use_solved();
    Effect::new(move || {
        let now = now.get();
        let is_new =
            |(challenge, is_solved): &(&Challenge, bool)| *is_solved && !solved.all.read_untracked().has(challenge);
        let new: Vec<_> = list.iter().zip(now).filter(is_new).map(|(challenge, _)| challenge).collect();
        if !new.is_empty() {
            solved.solve(&new);
        }
    });
    let count = move || solved.all.read().count(list);
    let entry = |challenge: &'static Challenge| {
        let is_solved = Memo::new(move |_| solved.all.read().has(challenge));
        view! {
            <li class:solved=is_solved data-testid=format!("challenge-{}", challenge.id) data-value=move || if is_solved.get() { "solved" } else { "open" }>
                <p>
                    <b>{challenge.question}</b> " " {challenge.task}
                    <span class="mark">{move || is_solved.get().then_some(" Solved.")}</span>
                </p>
                <details><summary>"Hint"</summary><p>{challenge.hint}</p></details>
                <details><summary>"Solution"</summary><p>{challenge.solution}</p></details>
            </li>
        }
    };
    view! {
        <div class="challenge-list">
            <h2>"Challenges " <span class="aside">{move || format!("{} of {}", count(), list.len())}</span></h2>
            <ul class="challenges">{list.iter().map(entry).collect_view()}</ul>
        </div>
    }
}
