//! `#/gates`: prove that a ReLU network is a logic gate.

mod boolean;
mod flight;
mod plane;

pub(super) use plane::section;

use leptos::prelude::*;

use super::components;
use super::router::Lab;
use super::state::use_labs;
use crate::labs::gates::Part;
use crate::labs::gates::challenges::CHALLENGES;

#[component]
pub(super) fn GatesPage() -> impl IntoView {
    let labs = use_labs();
    let part = Memo::new(move |_| labs.gates.read().part);
    move || match part.get() {
        Part::Plane => view! { <plane::PlanePage/> }.into_any(),
        Part::Boolean => view! { <boolean::BooleanPage/> }.into_any(),
    }
}

/// The head of the controls.
#[component]
fn Head(#[prop(into)] lead: String) -> impl IntoView {
    let labs = use_labs();
    let parts =
        vec![(Part::Plane, "On the plane", "part-plane"), (Part::Boolean, "Any boolean function", "part-boolean")];
    let part = Signal::derive(move || labs.gates.read().part);
    view! { <components::Head lab=Lab::Gates title="Gate lab" challenges=&CHALLENGES parts part choose=move |part| labs.gates.update(|lab| lab.part = part) lead/> }
}
