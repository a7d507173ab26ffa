//! `#/`: what this is, at a glance; the questions, and the labs.

mod hero;

use leptos::prelude::*;

use super::router::{self, Lab};
use super::solved::use_solved;
use crate::labs::home::{Question, Standing, questions};

/// What each lab is for.
fn about(lab: Lab) -> &'static str {
    match lab {
        Lab::Home => "",
        Lab::Function => {
            "Drag the weights of a network with one input, and see each kink exactly. How many can it have, and what does depth buy?"
        }
        Lab::Path => "Hold the input and move the weights: is the output, or the loss, convex in them?",
        Lab::Gates => {
            "Build a network that is OR, XOR or any boolean function, and have it proved over the whole plane."
        }
        Lab::Backprop => "Derive a gradient, check it by hand and by differences, and find the mistake that is hidden.",
        Lab::Train => "Train a network on CIFAR-10 in this page, on your own machine, and watch it learn, or fail to.",
        Lab::Bench => "How fast is this browser, against what its processor could do?",
        Lab::Notebook => {
            "Write your answers, question by question, with figures pinned from the labs, and print them to hand in."
        }
    }
}

#[component]
pub(super) fn HomePage(
    /// An address that leads nowhere, if one was asked for.
    #[prop(into)]
    unknown: Signal<Option<String>>,
) -> impl IntoView {
    let last = router::last();
    let go_on = last.map(|(lab, address)| {
        view! {
            <p class="go-on">
                <a href=address data-testid="go-on">{format!("Go on where you were: {}", lab.title())}</a>
            </p>
        }
    });
    let lost = move || {
        unknown.get().map(|address| {
            view! {
                <p class="error" role="alert" data-testid="error">
                    {format!("There is nothing at “{address}”. This is the first page; the labs are above.")}
                </p>
            }
        })
    };
    view! {
        <div class="home">
            {lost}
            <hero::Hero/>
            {go_on}
            <Questions/>
            <Labs/>
        </div>
    }
}

#[component]
fn Questions() -> impl IntoView {
    let solved = use_solved().all.get_untracked();
    let entry = |question: Question| {
        let Standing { solved, all } = question.standing(&solved);
        let mark = match (solved, all) {
            (_, 0) => None,
            (solved, all) if solved == all => Some("✓ solved".to_owned()),
            (solved, all) => Some(format!("{solved} of {all}")),
        };
        let is_done = all > 0 && solved == all;
        view! {
            <li class:solved=is_done data-testid=format!("question-{}", question.number) data-value=solved>
                <a href=format!("#/{}", question.address)>{question.idea}</a>
                <span class="tag">{question.number}</span>
                <span class="standing">{mark}</span>
            </li>
        }
    };
    view! {
        <section aria-labelledby="questions">
            <h2 id="questions">"The questions, and where to find out"</h2>
            <p class="aside">"They follow a problem set on deep learning; the small numbers are its. Challenges that you solve are ticked here."</p>
            <ol class="questions">{questions().into_iter().map(entry).collect_view()}</ol>
        </section>
    }
}

#[component]
fn Labs() -> impl IntoView {
    let card = |lab: Lab| {
        view! {
            <li>
                <a class="card" href=format!("#/{}", lab.path()) data-testid=format!("card-{}", lab.path())>
                    <b>{lab.title()}</b>
                    <span>{about(lab)}</span>
                </a>
            </li>
        }
    };
    view! {
        <section aria-labelledby="labs">
            <h2 id="labs">"Six labs, and a notebook"</h2>
            <ul class="cards">{Lab::ALL.map(card).collect_view()}</ul>
        </section>
    }
}
