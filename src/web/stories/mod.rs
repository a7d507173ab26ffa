//! `#/story/…`: a question told in steps beside the lab; without a name, the list of all.

mod ask;
mod derivation;
mod faces;
mod list;
mod recorded;
mod step;
mod watch;

use leptos::prelude::*;
use leptos::tachys::html::event;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::backprop::BackpropPage;
use super::browser;
use super::function::FunctionPage;
use super::gates::GatesPage;
use super::path::PathPage;
use super::router::Lab;
use super::solved::{SolvedHere, use_solved};
use super::state::{Labs, use_labs};
use super::train::TrainPage;
use crate::labs::stories::{self, Ask, LabName, Progress, Scene, Story};
use crate::labs::train::Form;

const KEY: &str = "piecewise.stories";

/// The steps that were done in this browser.
pub(super) fn progress() -> Progress {
    Progress::decode(&browser::stored(KEY).unwrap_or_default())
}

#[component]
pub(super) fn StoriesPage(
    /// What stands after `story/` in the address: `4c/3`.
    #[prop(into)]
    place: Signal<String>,
) -> impl IntoView {
    let name = Memo::new(move |_| place.read().split('/').next().unwrap_or_default().to_owned());
    // Asked for here: in the closure, they would be those of the story before.
    let (visitors, solved) = (use_labs(), use_solved());
    move || match stories::find(&name.read()) {
        Some(story) => view! { <StoryPage story place visitors solved/> }.into_any(),
        None => view! { <list::StoryList unknown=name/> }.into_any(),
    }
}

#[component]
fn StoryPage(story: &'static Story, place: Signal<String>, visitors: Labs, solved: SolvedHere) -> impl IntoView {
    let last = story.steps.len() - 1;
    let step = Memo::new(move |_| {
        let number: Option<usize> = place.read().split('/').nth(1).and_then(|number| number.parse().ok());
        number.map_or(0, |number| number.saturating_sub(1).min(last))
    });
    let labs = own_labs(visitors);
    provide_context(labs);
    // What the story itself shows solves nothing.
    provide_context(solved.only(Signal::derive(move || match story.steps[step.get()].ask {
        Ask::Challenge(challenge) => Some(challenge),
        _ => None,
    })));
    let progress = RwSignal::new(progress());
    let done = move |at: usize| {
        let is_new = !progress.with_untracked(|progress| progress.has(story, at));
        if is_new {
            progress.update(|progress| {
                progress.add(story, at);
            });
            browser::store(KEY, &progress.read_untracked().encode());
        }
    };
    if let Some(scene) = story.scene_at(step.get_untracked()) {
        put(labs, scene);
    }
    Effect::new(move |before: Option<usize>| {
        let now = step.get();
        let Some(before) = before.filter(|before| *before != now) else { return now };
        if story.steps[before].ask == Ask::Nothing && now > before {
            done(before);
        }
        // What goes on, goes on with what one has made of it.
        let goes_on = now == before + 1 && story.steps[now].scene.is_none();
        if let Some(scene) = story.scene_at(now).filter(|_| !goes_on) {
            put(labs, scene);
        }
        now
    });
    turn_by_keys(story, step);
    let lab = Memo::new(move |_| story.lab_at(step.get()));
    view! {
        <div class="story" class:derives=story.name == "8">
            <article class="story-prose" aria-label=story.title.clone()>
                <step::StepView story step labs progress done=Callback::new(done)/>
            </article>
            <div class="story-lab">
                {move || match lab.get() {
                    LabName::Function => view! { <FunctionPage/> }.into_any(),
                    LabName::Path => view! { <PathPage/> }.into_any(),
                    LabName::Gates => view! { <GatesPage/> }.into_any(),
                    LabName::Backprop => view! { <BackpropPage/> }.into_any(),
                    LabName::Train => view! { <TrainPage/> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// Labs of the story's own, so that it leaves the visitor's as they are, the settings of runs included; but there is only
/// one trainer.
fn own_labs(visitors: Labs) -> Labs {
    let Labs { train, form, kept, bench, fit_run, .. } = visitors;
    Labs { train, form: RwSignal::new(form.get_untracked()), kept, bench, fit_run, ..Labs::new() }
}

/// Shows a scene.
fn put(labs: Labs, scene: &Scene) {
    match scene {
        Scene::Function(lab) => labs.function.set((**lab).clone()),
        Scene::Path(lab) => labs.path.set((**lab).clone()),
        Scene::Gates(lab) => labs.gates.set((**lab).clone()),
        Scene::Backprop(lab) => labs.backprop.set((**lab).clone()),
        Scene::Train(Some(form)) if !labs.train.with_untracked(|lab| lab.status.has_run()) => labs.form.update(|now| {
            let Form { workers, is_suggested, .. } = now.clone();
            *now = Form { workers, is_suggested, ..(**form).clone() };
        }),
        Scene::Train(_) => {}
    }
}

/// The screen of a lab.
fn screen(lab: LabName) -> Lab {
    match lab {
        LabName::Function => Lab::Function,
        LabName::Path => Lab::Path,
        LabName::Gates => Lab::Gates,
        LabName::Backprop => Lab::Backprop,
        LabName::Train => Lab::Train,
    }
}

/// ← and → turn the pages, as long as no control has the focus that might want them.
fn turn_by_keys(story: &'static Story, step: Memo<usize>) {
    let keys = window_event_listener(event::keydown, move |event: KeyboardEvent| {
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key());
        if !is_plain || event.default_prevented() || !is_free() {
            return;
        }
        let now = step.get_untracked();
        let to = match event.key().as_str() {
            "ArrowLeft" => now.checked_sub(1),
            "ArrowRight" => Some(now + 1).filter(|to| *to < story.steps.len()),
            _ => None,
        };
        if let Some(to) = to {
            event.prevent_default();
            // An address of the page's own is never refused.
            drop(window().location().set_hash(&format!("#/{}", story.address(to))));
        }
    });
    on_cleanup(move || keys.remove());
}

/// Whether the focus is nowhere, or on what only leads on; a lab that is presented has the keys for itself.
fn is_free() -> bool {
    if document().document_element().is_some_and(|root| root.has_attribute("data-present")) {
        return false;
    }
    let Some(focused) = document().active_element() else { return true };
    let tag = focused.tag_name();
    matches!(&*tag, "BODY" | "MAIN" | "H2")
        || focused.closest(".story-turn, .story-steps").is_ok_and(|found| found.is_some())
}

/// Moves the focus to the step's heading, which is read out then.
fn focus_heading() {
    let heading = document().query_selector("[data-testid=story-heading]").ok().flatten();
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        // Focusable as it is.
        drop(heading.focus());
    }
}
