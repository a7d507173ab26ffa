//! `#/`: what this is, at a glance; the questions, and the labs.

mod hero;
mod thumbnail;

use leptos::prelude::*;

use self::thumbnail::Thumbnail;
use super::router::{self, Lab};
use super::solved::use_solved;
use super::stories::progress;
use crate::labs::home::{Question, Standing, questions};

/// What each lab is for.
fn about(lab: Lab) -> &'static str {
    match lab {
        Lab::Home | Lab::Story => "",
        Lab::Function => {
            "Drag the weights of a network with one input, and see each kink exactly. How many can it have, and what does depth buy?"
        }
        Lab::Path => "Hold the input and move the weights: is the output, or the loss, convex in them?",
        Lab::Gates => {
            "Build a network that is OR, XOR or any boolean function, and have it proved over the whole plane."
        }
        Lab::Plane => {
            "Train a small network on points of the plane, and see every linear region while they form, exactly, at each step."
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
    let (solved, progress) = (use_solved().all.get_untracked(), progress());
    let entry = |question: Question| {
        let story = question.story;
        // Where there is nothing to solve, the steps of its story count.
        let Standing { solved, all } = match question.standing(&solved) {
            Standing { all: 0, .. } => Standing { solved: progress.count(story), all: story.steps.len() },
            standing => standing,
        };
        let is_done = solved == all;
        let mark = if is_done { "✓ solved".to_owned() } else { format!("{solved} of {all}") };
        view! {
            <li class:solved=is_done data-testid=format!("question-{}", story.name) data-value=solved>
                <a href=format!("#/{}", story.address(progress.next(story)))>{story.title.clone()}</a>
                <span class="tag">{story.question.clone()}</span>
                <span class="standing">{mark}</span>
            </li>
        }
    };
    view! {
        <section aria-labelledby="questions">
            <h2 id="questions">"The questions, each with its story"</h2>
            <p class="aside">"They follow a problem set on deep learning; the small numbers are its. Each is told as a story, a few minutes long, beside the lab. Challenges that you solve are ticked here."</p>
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
                    <Thumbnail lab/>
                    <b>{lab.title()}</b>
                    <span>{about(lab)}</span>
                </a>
            </li>
        }
    };
    view! {
        <section aria-labelledby="labs">
            <h2 id="labs">"Seven labs, and a notebook"</h2>
            <ul class="cards">{Lab::ALL.into_iter().filter(|lab| *lab != Lab::Story).map(card).collect_view()}</ul>
        </section>
    }
}
