//! The name of a lab, how many of its challenges are solved, and what can be done with what it shows.

use leptos::prelude::*;

use super::share::Share;
use crate::labs::challenges::Challenge;
use crate::web::notebook::PinButton;
use crate::web::present::use_presenting;
use crate::web::router::Lab;
use crate::web::solved::use_solved;

#[component]
pub(in crate::web) fn LabTitle(
    /// Which lab.
    lab: Lab,
    /// Its name on screen.
    title: &'static str,
    /// Its challenges, if it has any.
    #[prop(default = &[])]
    challenges: &'static [Challenge],
) -> impl IntoView {
    let all = use_solved().all;
    let count = Memo::new(move |_| all.read().count(challenges));
    let standing = (!challenges.is_empty()).then(|| {
        view! {
            <span class="aside standing-line" class:solved=move || count.get() == challenges.len() data-testid="challenges-solved" data-value=move || count.get() title="Challenges, below the answers">
                {move || format!("{} of {} solved", count.get(), challenges.len())}
            </span>
        }
    });
    let presenting = use_presenting();
    view! {
        <div class="lab-title"><h1>{title}</h1>{standing}</div>
        <div class="row lab-tools" role="group" aria-label="Share and show">
            {(!matches!(lab, Lab::Bench | Lab::Plane)).then(|| view! { <PinButton lab/> })}
            <Share lab title/>
            {(lab != Lab::Bench).then(|| view! { <button type="button" data-testid="present" title="Plot and verdict large, for a room" on:click=move |_| presenting.start()>"Present"</button> })}
        </div>
    }
}
