//! The head of a lab's controls: its name, its parts, and what the shown one is about.

use leptos::prelude::*;

use super::{LabTitle, LinkError};
use crate::labs::challenges::Challenge;
use crate::web::router::Lab;

/// One part of a lab: what it is, its title, and its name for test hooks.
pub(in crate::web) type PartEntry<P> = (P, &'static str, &'static str);

#[component]
pub(in crate::web) fn Head<P>(
    /// The lab.
    lab: Lab,
    /// Its name.
    title: &'static str,
    /// Its challenges.
    challenges: &'static [Challenge],
    /// Its parts.
    parts: Vec<PartEntry<P>>,
    /// The shown part.
    #[prop(into)]
    part: Signal<P>,
    /// Shows another part.
    choose: impl Fn(P) + Copy + Send + Sync + 'static,
    /// What the part is about.
    #[prop(into)]
    lead: String,
) -> impl IntoView
where
    P: Copy + PartialEq + Send + Sync + 'static,
{
    let entry = move |(entry, title, testid): PartEntry<P>| {
        view! {
            <button
                type="button"
                class="quiet"
                data-testid=testid
                aria-pressed=move || (part.get() == entry).to_string()
                on:click=move |_| choose(entry)
            >
                {title}
            </button>
        }
    };
    view! {
        <LabTitle lab title challenges/>
        <div class="switch parts" role="group" aria-label="Part">{parts.into_iter().map(entry).collect_view()}</div>
        <p class="lead">{lead}</p>
        <LinkError/>
    }
}
