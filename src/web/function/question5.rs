//! What width 2 without biases cannot do: the argument, and a search that the visitor can run.

use leptos::prelude::*;

use super::network::change;
use crate::labs::function::network::NetworkLab;
use crate::labs::function::search::{ENOUGH, Goal, Search};
use crate::labs::numbers::count;
use crate::web::browser;
use crate::web::components::Slices;
use crate::web::state::use_labs;

/// Shown for the networks of question 5. `impossible` hears what the visitor has rightly decided, after enough tries.
#[component]
pub(super) fn Question5(lab: Memo<NetworkLab>, impossible: RwSignal<[bool; 2]>) -> impl IntoView {
    let is_shown = Memo::new(move |_| {
        let lab = lab.read();
        !lab.biases && lab.hidden() == [2]
    });
    move || {
        is_shown.get().then(|| {
            view! {
                <h2>"What two neurons cannot do"</h2>
                {Goal::ALL.map(|goal| view! { <GoalSearch goal impossible/> }).into_iter().collect_view()}
            }
        })
    }
}

#[component]
fn GoalSearch(goal: Goal, impossible: RwSignal<[bool; 2]>) -> impl IntoView {
    let labs = use_labs();
    let word = goal.word();
    let biases = RwSignal::new(false);
    let search = RwSignal::new(None::<Search>);
    let is_running = RwSignal::new(false);
    let says = RwSignal::new(None::<bool>);
    let slices = Slices::new();
    let start = move |_| {
        if is_running.get_untracked() {
            slices.stop();
            return is_running.set(false);
        }
        is_running.set(true);
        // Goes on where it was held, unless it has found something.
        let old = search.get_untracked().filter(|old| old.found.is_none());
        let work = old.unwrap_or_else(|| Search::new(goal, biases.get_untracked(), browser::fresh_seed()));
        slices.start(work, Search::advance, move |state| {
            if state.is_ok() {
                is_running.set(false);
            }
            search.set(Some(state.unwrap_or_else(Clone::clone)));
        });
    };
    let set_biases = move |on: bool| {
        slices.stop();
        is_running.set(false);
        biases.set(on);
        search.set(None);
    };
    let tried = Memo::new(move |_| search.read().as_ref().map_or(0, |search| search.tried));
    let is_enough = move || tried.get() >= ENOUGH && !biases.get();
    let decide = move |is_impossible: bool| {
        says.set(Some(is_impossible));
        if is_impossible {
            impossible.update(|all| all[usize::from(goal == Goal::Neither)] = true);
        }
    };
    let counts = move || {
        search.with(|search| {
            let Some(search) = search else { return "Nothing has been tried yet.".to_owned() };
            let tried = count(search.tried as usize);
            match goal {
                Goal::TwoKinks => {
                    let [none, one, two] = search.kinks.map(|kinks| count(kinks as usize));
                    format!("{tried} tried: {none} with no kink, {one} with one, {two} with two.")
                }
                Goal::Neither => {
                    let [linear, convex, concave, neither] = search.shapes.map(|shapes| count(shapes as usize));
                    format!("{tried} tried: {linear} linear, {convex} convex, {concave} concave, {neither} neither.")
                }
            }
        })
    };
    let found = Memo::new(move |_| search.read().as_ref().and_then(|search| search.found.clone()));
    let show = move |_| {
        if let Some(parameters) = found.get_untracked() {
            change(labs, |lab| {
                lab.biases = true;
                lab.set_parameters(parameters);
            });
        }
    };
    let verdict = move || match says.get() {
        Some(true) => "Right: it is impossible, and here is why.",
        Some(false) => "No: the search finds none, and it never can. Here is why.",
        None => "",
    };
    view! {
        <section class="impossible" data-testid=format!("search-{word}") data-value=move || tried.get().to_string()>
            <p><b>{word}</b> ": " {goal.title()} "?"</p>
            <p class="row">
                <button type="button" data-testid=format!("search-{word}-run") on:click=start>
                    {move || if is_running.get() { "Pause" } else if tried.get() > 0 { "Go on" } else { "Search" }}
                </button>
                <label class="check">
                    <input type="checkbox" data-testid=format!("search-{word}-biases") prop:checked=biases on:change:target=move |event| set_biases(event.target().checked())/>
                    "with biases"
                </label>
            </p>
            <p class="aside counts" data-testid=format!("search-{word}-counts")>{counts}</p>
            {move || {
                found.get().map(|_| view! { <p>"Found. " <button type="button" data-testid=format!("search-{word}-show") on:click=show>"Show it"</button></p> })
            }}
            <p class="row" class:hidden=move || !is_enough()>
                "Possible?"
                <button type="button" data-testid=format!("search-{word}-yes") aria-pressed=move || (says.get() == Some(false)).to_string() on:click=move |_| decide(false)>"Possible"</button>
                <button type="button" data-testid=format!("search-{word}-no") aria-pressed=move || (says.get() == Some(true)).to_string() on:click=move |_| decide(true)>"Impossible"</button>
            </p>
            <p aria-live="polite">{verdict}</p>
            <details open=move || says.get().is_some()>
                <summary class="aside">"The argument"</summary>
                <p data-testid=format!("search-{word}-argument")>{goal.argument()}</p>
            </details>
        </section>
    }
}
