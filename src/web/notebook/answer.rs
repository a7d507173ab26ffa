//! One question of the notebook: the words, and the pins.

use std::time::Duration;

use leptos::prelude::*;

use super::exhibit;
use super::pinning::name;
use super::store::{question_options, use_notebook};
use crate::labs::notebook::pin::{Pin, Shows, Subject};
use crate::labs::notebook::questions::QUESTIONS;
use crate::labs::notebook::{Entry, MAX_WORDS};
use crate::labs::printout::{Section, parts_to_html};
use crate::web::components::Select;
use crate::web::router::{self, Lab};

#[component]
pub(super) fn Answer(place: usize) -> impl IntoView {
    let notebook = use_notebook();
    let asked = QUESTIONS[place];
    let words = Memo::new(move |_| notebook.now.read().entries[place].words.clone());
    // A caption that is typed makes no pin anew.
    let pins = Memo::new(move |_| {
        let subject = |pin: &Pin| (pin.subject.clone(), pin.shows.clone());
        notebook.now.read().entries[place].pins.iter().map(subject).collect::<Vec<_>>()
    });
    let cards = move || {
        pins.get()
            .into_iter()
            .enumerate()
            .map(|(at, (subject, shows))| view! { <Card place at subject shows/> })
            .collect_view()
    };
    let id = move || format!("answer-{}", asked.number);
    view! {
        <section class="answer" aria-labelledby=id() data-testid=id()>
            <h2 id=id()><span class="tag">{asked.number}</span> " " {asked.task}</h2>
            <textarea
                class="wide words"
                rows="3"
                maxlength=MAX_WORDS
                aria-label=format!("Your answer to question {}", asked.number)
                data-testid=format!("words-{}", asked.number)
                prop:value=words
                on:input:target=move |event| notebook.now.update(|now| now.entries[place].words = event.target().value())
            ></textarea>
            {cards}
        </section>
    }
}

/// A pin: what it shows, and what can be done with it.
#[component]
fn Card(place: usize, at: usize, subject: Subject, shows: Vec<Shows>) -> impl IntoView {
    let notebook = use_notebook();
    let hook = move |what: &str| format!("{what}-{}-{at}", QUESTIONS[place].number);
    let section = RwSignal::new(None::<Result<Section, String>>);
    let subject = StoredValue::new(subject);
    // A turn for each, so that the words are there at once and the page stays alive.
    set_timeout(
        move || {
            if let Some(made) = subject.try_with_value(exhibit::section) {
                section.try_set(Some(made));
            }
        },
        Duration::ZERO,
    );
    let change = move |act: &dyn Fn(&mut Entry)| notebook.now.update(|now| act(&mut now.entries[place]));
    let edit = move |act: &dyn Fn(&mut Pin)| change(&|entry| entry.pins.get_mut(at).into_iter().for_each(act));
    let caption = Memo::new(move |_| {
        notebook.now.read().entries[place].pins.get(at).map(|pin| pin.caption.clone()).unwrap_or_default()
    });
    let shown = StoredValue::new(shows);
    let body = move || match section.get() {
        None => "<p class=\"aside\">Being computed…</p>".to_owned(),
        Some(Err(message)) => parts_to_html(&[crate::labs::printout::Part::Paragraph(message)]),
        Some(Ok(section)) => {
            let pin = Pin { shows: shown.get_value(), ..Pin::new(subject.get_value()) };
            parts_to_html(&pin.parts(section))
        }
    };
    let choice = move |shows: Shows| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    data-testid=hook(&format!("shows-{}", shows.word()))
                    prop:checked=shown.with_value(|shown| shown.contains(&shows))
                    on:change:target=move |event| {
                        let is_on = event.target().checked();
                        edit(&|pin| pin.set_shown(shows, is_on));
                    }
                />
                {name(shows)}
            </label>
        }
    };
    let address = subject.with_value(|subject| {
        let (lab, state) = subject.hash()?;
        let lab = Lab::ALL.into_iter().find(|other| other.path() == lab.word())?;
        Some(router::hash_of(lab, state))
    });
    let here = Memo::new(move |_| place);
    let move_to = move |to: usize| {
        let mut done = Ok(());
        notebook.now.update(|now| done = now.move_to(place, at, to));
        notebook.problem.set(done.err());
    };
    let last = move || notebook.now.read().entries[place].pins.len() <= at + 1;
    view! {
        <article class="pin" data-testid=hook("pin") aria-label=format!("Pin {} of question {}", at + 1, QUESTIONS[place].number)>
            <textarea
                class="wide caption"
                rows="1"
                placeholder="A caption of yours"
                aria-label="Caption"
                data-testid=hook("caption")
                prop:value=caption
                on:input:target=move |event| {
                    let text = event.target().value();
                    edit(&|pin| pin.caption = text.clone());
                }
            ></textarea>
            <div class="pin-body" data-testid=hook("pin-body") data-value=move || if section.read().is_some() { "ready" } else { "computing" } inner_html=body></div>
            <details class="pin-tools" data-testid=hook("pin-tools")>
                <summary>"Show, move, remove"</summary>
                <div class="row wrap" role="group" aria-label="Show">{Shows::ALL.map(choice).collect_view()}</div>
                <div class="row wrap">
                    <button type="button" data-testid=hook("pin-up") disabled=at == 0 on:click=move |_| change(&|entry| entry.move_pin(at, false))>"Up"</button>
                    <button type="button" data-testid=hook("pin-down") disabled=last on:click=move |_| change(&|entry| entry.move_pin(at, true))>"Down"</button>
                    <button
                        type="button"
                        data-testid=hook("pin-remove")
                        on:click=move |_| {
                            change(&|entry| {
                                entry.take_pin(at);
                            });
                        }
                    >
                        "Remove"
                    </button>
                    {address.map(|address| view! { <a href=address data-testid=hook("pin-open")>"Open in the lab"</a> })}
                </div>
                <div class="row"><Select testid=hook("pin-question") label="Question" options=question_options() value=here set=move_to/></div>
            </details>
        </article>
    }
}
