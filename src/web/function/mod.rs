//! `#/function`: networks with one input, what is true of them, what depth buys, and what they can approximate.

mod answers;
mod depth;
mod fit;
mod morph;
mod network;
mod play;
mod question5;

pub(super) use depth::section as depth_section;
pub(super) use fit::go_on;
pub(super) use fit::section as fit_section;
use leptos::prelude::*;
pub(super) use network::section;

use super::components;
use super::router::Lab;
use super::state::use_labs;
use crate::labs::function::Part;
use crate::labs::function::challenges::CHALLENGES;

#[component]
pub(super) fn FunctionPage() -> impl IntoView {
    let labs = use_labs();
    let part = Memo::new(move |_| labs.function.read().part);
    move || match part.get() {
        Part::Network => view! { <network::NetworkPage/> }.into_any(),
        Part::Depth => view! { <depth::DepthPage/> }.into_any(),
        Part::Fit => view! { <fit::FitPage/> }.into_any(),
    }
}

/// The head of the controls.
#[component]
fn Head(#[prop(into)] lead: String) -> impl IntoView {
    let labs = use_labs();
    let parts = vec![
        (Part::Network, "Your network", "part-network"),
        (Part::Depth, "Depth", "part-depth"),
        (Part::Fit, "Fit a curve", "part-fit"),
    ];
    let part = Signal::derive(move || labs.function.read().part);
    view! { <components::Head lab=Lab::Function title="Function lab" challenges=&CHALLENGES parts part choose=move |part| labs.function.update(|lab| lab.part = part) lead/> }
}
