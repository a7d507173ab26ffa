//! One step: its words, what it asks, and the way on.

use leptos::prelude::*;

use super::ask::AskView;
use super::derivation::DerivationView;
use super::faces::FaceTable;
use super::recorded::RecordedRuns;
use super::watch::notice;
use super::{focus_heading, put, screen};
use crate::labs::stories::{Ask, Block, Check, Part, Progress, Step, Story, all};
use crate::web::browser;
use crate::web::solved::use_solved;
use crate::web::state::Labs;

#[component]
pub(super) fn StepView(
    story: &'static Story,
    step: Memo<usize>,
    labs: Labs,
    progress: RwSignal<Progress>,
    /// Notes a step as done.
    done: Callback<usize>,
) -> impl IntoView {
    let is_done = move |at: usize| progress.read().has(story, at);
    let now = move || &story.steps[step.get()];
    let check = Signal::derive(move || {
        let at = step.get();
        match &story.steps[at].ask {
            Ask::Do { check, .. } => Some((at, check.clone())),
            Ask::Challenge(challenge) => Some((at, Check::Challenge(challenge))),
            _ => None,
        }
    });
    notice(labs, check, done);
    let solved = use_solved().all;
    Effect::new(move |before: Option<usize>| {
        let at = step.get();
        // A challenge that was solved elsewhere is solved.
        if let Ask::Challenge(challenge) = story.steps[at].ask
            && solved.read_untracked().has(challenge)
        {
            done.run(at);
        }
        if before.is_some_and(|before| before != at) {
            focus_heading();
            if browser::matches_media("(max-width: 1099px)") {
                window().scroll_to_with_x_and_y(0.0, 0.0);
            }
        }
        at
    });
    let mark = move |at: usize| {
        let Step { title, .. } = &story.steps[at];
        let current = move || (step.get() == at).then_some("step");
        let name = move || format!("Step {}, {title}{}", at + 1, if is_done(at) { ", done" } else { "" });
        view! {
            <li class:solved=move || is_done(at)>
                <a href=format!("#/{}", story.address(at)) aria-current=current aria-label=name title=title.clone()>
                    {move || if is_done(at) { "✓".to_owned() } else { (at + 1).to_string() }}
                </a>
            </li>
        }
    };
    let start_again = move |_| {
        if let Some(scene) = story.scene_at(step.get_untracked()) {
            put(labs, scene);
        }
    };
    let open = move || {
        let lab = screen(story.lab_at(step.get()));
        match labs.encode(lab) {
            Some(state) => format!("#/{}?{state}", lab.path()),
            None => format!("#/{}", lab.path()),
        }
    };
    let last = story.steps.len() - 1;
    let back = move || step.get().checked_sub(1).map(|before| story.address(before));
    let back = move || match back() {
        Some(address) => {
            view! { <a class="turn" data-testid="story-back" href=format!("#/{address}")>"← Back"</a> }.into_any()
        }
        None => view! { <a class="turn" data-testid="story-back" href="#/story">"← All stories"</a> }.into_any(),
    };
    let next = move || {
        let at = step.get();
        let following = || {
            let index = all().iter().position(|other| other.name == story.name)?;
            all().get(index + 1)
        };
        let (address, words) = match following() {
            _ if at < last => (story.address(at + 1), "Next →".to_owned()),
            Some(following) => (following.address(0), format!("Next: {} →", following.title)),
            None => ("story".to_owned(), "All stories →".to_owned()),
        };
        let leave = move |_| {
            if story.steps[at].ask == Ask::Nothing {
                done.run(at);
            }
        };
        view! {
            <a class="turn on" class:ready=move || is_done(at) || story.steps[at].ask == Ask::Nothing data-testid="story-next" href=format!("#/{address}") on:click=leave>
                {words}
            </a>
        }
    };
    let place = move || format!("{}/{}", story.name, step.get() + 1);
    view! {
        <header class="story-head">
            <p><a href="#/story">"Stories"</a> <span class="tag">{story.question.clone()}</span></p>
            <h1>{story.title.clone()}</h1>
            <nav aria-label="Steps"><ol class="story-steps">{(0..=last).map(mark).collect_view()}</ol></nav>
        </header>
        <section class="story-step" data-testid="story-step" data-value=place>
            <h2 tabindex="-1" data-testid="story-heading">{move || now().title.clone()}</h2>
            {move || now().blocks.iter().map(|entry| block(entry, labs)).collect_view()}
            {move || {
                let at = step.get();
                view! { <AskView ask=&story.steps[at].ask labs is_done=Signal::derive(move || is_done(at)) done=move || done.run(at)/> }
            }}
            <div class="story-after" role="status" data-testid="story-done" data-value=move || is_done(step.get()).to_string()>
                {move || {
                    let at = step.get();
                    let Step { ask, after, .. } = &story.steps[at];
                    (is_done(at) && *ask != Ask::Nothing).then(|| {
                        let after = after.clone().unwrap_or_default();
                        view! { <p><b class="done">"✓ Done. "</b> <span inner_html=after></span></p> }
                    })
                }}
            </div>
        </section>
        <div class="story-turn">
            {back}
            <span class="aside" aria-hidden="true">{move || format!("{} of {}", step.get() + 1, last + 1)}</span>
            {next}
        </div>
        <p class="story-tools">
            <button type="button" class="quiet" data-testid="story-restart" on:click=start_again>"Start this step again"</button>
            <a class="quiet" data-testid="story-open" href=open>"Open in the lab"</a>
        </p>
    }
}

fn block(block: &'static Block, labs: Labs) -> AnyView {
    match block {
        Block::Paragraph(html) => view! { <p inner_html=html.clone()></p> }.into_any(),
        Block::List(points) => {
            let point = |html: &String| view! { <li inner_html=html.clone()></li> };
            view! { <ul>{points.iter().map(point).collect_view()}</ul> }.into_any()
        }
        Block::Formula(mathml) => view! { <div class="formula" inner_html=mathml.clone()></div> }.into_any(),
        Block::Part(Part::Derivation(section)) => view! { <DerivationView section=*section labs/> }.into_any(),
        Block::Part(Part::Faces) => view! { <FaceTable labs/> }.into_any(),
        Block::Part(Part::Recorded(runs)) => view! { <RecordedRuns runs/> }.into_any(),
        Block::Code(language, text) => {
            let title = match &**language {
                "numpy" => "NumPy",
                "pytorch" => "PyTorch",
                other => other,
            };
            view! {
                <figure class="program">
                    <figcaption>{title}</figcaption>
                    <pre tabindex="0" aria-label=format!("Program, {title}")><code>{text.clone()}</code></pre>
                </figure>
            }
            .into_any()
        }
    }
}
