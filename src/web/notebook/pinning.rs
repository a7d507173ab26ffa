//! The button that pins what a lab shows to a question.

use leptos::prelude::*;

use super::exhibit::section;
use super::store::{question_options, use_notebook};
use crate::labs::notebook::pin::{Pin, Shows, Subject};
use crate::labs::notebook::questions::QUESTIONS;
use crate::web::components::{Dialog, Select};
use crate::web::router::Lab;
use crate::web::state::{Labs, use_labs};

/// What may be shown of a pin, in words.
pub(super) fn name(shows: Shows) -> &'static str {
    match shows {
        Shows::Values => "settings",
        Shows::Formula => "formula",
        Shows::Picture => "plot",
        Shows::Verdict => "verdict",
        Shows::Tables => "tables",
        Shows::Code => "code",
    }
}

/// What the lab shows now, to be pinned.
fn subject(labs: Labs, lab: Lab) -> Result<Subject, String> {
    if lab == Lab::Train {
        let run = labs.train.with_untracked(|train| train.run.clone());
        let run = run.ok_or("There is no run yet. Start one, then pin it.")?;
        return Subject::run(&run);
    }
    Subject::lab(lab.path(), &untrack(|| labs.encode(lab)).unwrap_or_default())
}

#[component]
pub(in crate::web) fn PinButton(lab: Lab) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button type="button" data-testid="pin" title="Pin what the lab shows to a question of your notebook" on:click=move |_| open.set(true)>"Pin"</button>
        <Dialog testid="pin-sheet" title="Pin to the notebook" open>
            <PinSheet lab/>
        </Dialog>
    }
}

#[component]
fn PinSheet(lab: Lab) -> impl IntoView {
    let (labs, notebook) = (use_labs(), use_notebook());
    let found = subject(labs, lab).and_then(|subject| Ok((section(&subject)?, subject)));
    let (section, subject) = match found {
        Ok(found) => found,
        Err(message) => {
            return view! { <p class="error" role="alert" data-testid="error">{message}</p> }.into_any();
        }
    };
    let pin = RwSignal::new(Pin::new(subject));
    let there: Vec<Shows> =
        Shows::ALL.into_iter().filter(|shows| section.parts.iter().any(|part| Shows::of(part) == *shows)).collect();
    let choice = move |shows: Shows| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    data-testid=format!("pin-{}", shows.word())
                    prop:checked=move || pin.read().shows.contains(&shows)
                    on:change:target=move |event| pin.update(|pin| pin.set_shown(shows, event.target().checked()))
                />
                {name(shows)}
            </label>
        }
    };
    let question = Memo::new(move |_| notebook.question.get());
    let result = RwSignal::new(None::<Result<usize, String>>);
    let act = move |_| {
        let (place, pin) = (notebook.question.get_untracked(), pin.get_untracked());
        let mut done = Ok(());
        notebook.now.update(|now| done = now.pin(place, pin));
        result.set(Some(done.map(|()| place)));
    };
    let said = move || {
        match result.get() {
        None => ().into_any(),
        Some(Err(message)) => view! { <p class="error" role="alert" data-testid="error">{message}</p> }.into_any(),
        Some(Ok(place)) => view! {
            <p role="status" data-testid="pinned">
                {format!("Pinned to question {}. ", QUESTIONS[place].number)} <a href="#/notebook" data-testid="open-notebook">"Open the notebook"</a>
            </p>
        }
        .into_any(),
    }
    };
    view! {
        <div class="row"><Select testid="pin-question" label="Question" options=question_options() value=question set=move |place| notebook.question.set(place)/></div>
        <div class="row wrap" role="group" aria-label="Show"><span class="aside">"Show:"</span> {there.into_iter().map(choice).collect_view()}</div>
        <label class="block">
            "Your caption"
            <textarea class="wide" rows="2" data-testid="pin-caption" prop:value=move || pin.read().caption.clone() on:input:target=move |event| pin.update(|pin| pin.caption = event.target().value())></textarea>
        </label>
        <p class="row"><button type="button" class="primary" data-testid="pin-now" disabled=move || matches!(result.get(), Some(Ok(_))) on:click=act>"Pin"</button></p>
        {said}
    }
    .into_any()
}
