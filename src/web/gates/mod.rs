//! `#/gates`: prove that a ReLU network is a logic gate.

mod boolean;
mod plane;

use leptos::prelude::*;

use super::app::use_labs;
use crate::labs::gates::Part;

#[component]
pub(super) fn GatesPage() -> impl IntoView {
    let labs = use_labs();
    let part = Memo::new(move |_| labs.gates.read().part);
    move || match part.get() {
        Part::Plane => view! { <plane::PlanePage/> }.into_any(),
        Part::Boolean => view! { <boolean::BooleanPage/> }.into_any(),
    }
}

/// The head of the controls: which part, and what it is about.
#[component]
fn Head(#[prop(into)] lead: String) -> impl IntoView {
    let labs = use_labs();
    let entry = move |part: Part, title: &'static str, testid: &'static str| {
        view! {
            <button
                type="button"
                class="quiet"
                data-testid=testid
                aria-pressed=move || (labs.gates.read().part == part).to_string()
                on:click=move |_| labs.gates.update(|lab| lab.part = part)
            >
                {title}
            </button>
        }
    };
    view! {
        <h1>"Gate lab"</h1>
        <div class="switch parts" role="group" aria-label="Part">
            {entry(Part::Plane, "On the plane", "part-plane")} {entry(Part::Boolean, "Any boolean function", "part-boolean")}
        </div>
        <p class="lead">{lead}</p>
        <super::app::LinkError/>
    }
}
