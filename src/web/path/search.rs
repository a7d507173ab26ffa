//! The search for a path that is neither convex nor concave.

use leptos::prelude::*;

use crate::labs::numbers::count;
use crate::labs::path::PathLab;
use crate::labs::path::search::PathSearch;
use crate::web::browser;
use crate::web::components::Slices;
use crate::web::state::use_labs;

#[component]
pub(super) fn Search(lab: Memo<PathLab>) -> impl IntoView {
    let labs = use_labs();
    let search = RwSignal::new(None::<PathSearch>);
    let is_running = RwSignal::new(false);
    let slices = Slices::new();
    let run = move |_| {
        if is_running.get_untracked() {
            slices.stop();
            return is_running.set(false);
        }
        is_running.set(true);
        let work = PathSearch::new(&lab.read_untracked(), browser::fresh_seed());
        slices.start(work, PathSearch::advance, move |state| {
            let done = state.is_ok();
            search.set(Some(state.unwrap_or_else(Clone::clone)));
            if done {
                is_running.set(false);
                let found = search
                    .with_untracked(|search| search.as_ref().and_then(|search| search.take(&lab.read_untracked())));
                if let Some(found) = found {
                    labs.path.set(found);
                }
            }
        });
    };
    let tried = Memo::new(move |_| search.with(|search| search.as_ref().map_or(0, |search| search.tried)));
    let text = move || {
        search.with(|search| {
            let Some(search) = search else {
                return "Draws both ends at random, for the layers and width above, until a path is neither."
                    .to_owned();
            };
            let [linear, convex, concave, neither] = search.shapes.map(|shapes| count(shapes as usize));
            let found = if search.found.is_some() { " That path is shown." } else { "" };
            format!(
                "{} tried: {linear} straight, {convex} convex, {concave} concave, {neither} neither.{found}",
                count(search.tried as usize)
            )
        })
    };
    view! {
        <h2>"Find one"</h2>
        <p class="row">
            <button type="button" data-testid="path-search" data-value=move || tried.get().to_string() on:click=run>
                {move || if is_running.get() { "Stop" } else { "Search for a path that is neither" }}
            </button>
        </p>
        <p class="aside counts" aria-live="polite" data-testid="path-search-counts">{text}</p>
    }
}
