//! What a step asks: to do something, to predict a number, to choose an answer, to solve a challenge.

use leptos::prelude::*;
use leptos::tachys::html::event::SubmitEvent;

use super::put;
use crate::labs::stories::{Ask, Choice, Quantity, Scene};
use crate::web::state::Labs;

#[component]
pub(super) fn AskView<D>(
    ask: &'static Ask,
    labs: Labs,
    /// Whether the step is done, now or earlier.
    is_done: Signal<bool>,
    /// Notes it as done.
    done: D,
) -> impl IntoView
where
    D: Fn() + Copy + Send + Sync + 'static,
{
    match ask {
        Ask::Nothing => ().into_any(),
        Ask::Do { task, .. } => view! {
            <div class="story-ask" class:done=is_done data-testid="story-task"><p inner_html=task.clone()></p></div>
        }
        .into_any(),
        Ask::Challenge(challenge) => view! {
            <div class="story-ask" class:done=is_done data-testid="story-task">
                <p><b>"Challenge. "</b> {challenge.task}</p>
                <details><summary>"Hint"</summary><p>{challenge.hint}</p></details>
                <details><summary>"Solution"</summary><p>{challenge.solution}</p></details>
            </div>
        }
        .into_any(),
        Ask::Predict { question, quantity, then } => {
            view! { <Predict question quantity=*quantity then labs is_done done/> }.into_any()
        }
        Ask::Choose { question, answers } => view! { <Choose question answers is_done done/> }.into_any(),
    }
}

/// A number to predict. Whatever is said, the lab then shows what is true.
#[component]
fn Predict<D>(
    question: &'static str,
    quantity: Quantity,
    then: &'static Scene,
    labs: Labs,
    is_done: Signal<bool>,
    done: D,
) -> impl IntoView
where
    D: Fn() + Copy + Send + Sync + 'static,
{
    let typed = RwSignal::new(String::new());
    // What was said last, and what is true.
    let said = RwSignal::new(None::<Result<(usize, usize), String>>);
    let answer = move |event: SubmitEvent| {
        event.prevent_default();
        let text = typed.get_untracked();
        let (Ok(number), Some(truth)) = (text.trim().parse::<usize>(), quantity.of(then)) else {
            said.set(Some(Err(format!("“{}” isn’t a whole number. Type one, such as 3.", text.trim()))));
            return;
        };
        put(labs, then);
        said.set(Some(Ok((number, truth))));
        done();
    };
    let reply = move || {
        said.get().map(|said| match said {
            Ok((number, truth)) if number == truth => {
                view! { <p class="reply right" data-testid="story-reply" data-value="right">{format!("Yes, {truth}.")}</p> }.into_any()
            }
            Ok((number, truth)) => {
                view! { <p class="reply wrong" data-testid="story-reply" data-value="wrong">{format!("You said {number}; it is {truth}. The lab shows it now.")}</p> }.into_any()
            }
            Err(problem) => view! { <p class="error" role="alert" data-testid="error">{problem}</p> }.into_any(),
        })
    };
    view! {
        <form class="story-ask" class:done=is_done data-testid="story-task" on:submit=answer>
            <label for="story-predict"><span inner_html=question></span></label>
            <div class="row">
                <input
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    id="story-predict"
                    data-testid="story-predict"
                    prop:value=typed
                    on:input:target=move |event| typed.set(event.target().value())
                />
                <button type="submit" data-testid="story-predict-go">"See"</button>
            </div>
            <div aria-live="polite">{reply}</div>
        </form>
    }
}

/// Answers to choose from. A wrong one says why it is; the right one ends the step.
#[component]
fn Choose<D>(question: &'static str, answers: &'static [Choice], is_done: Signal<bool>, done: D) -> impl IntoView
where
    D: Fn() + Copy + Send + Sync + 'static,
{
    let chosen = RwSignal::new(None::<usize>);
    let answer = move |index: usize| {
        let Choice { words, is_right, .. } = &answers[index];
        let choose = move |_| {
            chosen.set(Some(index));
            if *is_right {
                done();
            }
        };
        let is_chosen = move || chosen.get() == Some(index);
        view! {
            <li>
                <button
                    type="button"
                    class="choice"
                    class:right=move || is_chosen() && *is_right
                    class:wrong=move || is_chosen() && !is_right
                    aria-pressed=move || is_chosen().to_string()
                    data-testid=format!("story-answer-{index}")
                    on:click=choose
                    inner_html=words.clone()
                ></button>
            </li>
        }
    };
    let reply = move || {
        chosen.get().map(|index| {
            let Choice { why, is_right, .. } = &answers[index];
            let (class, word) = if *is_right { ("reply right", "right") } else { ("reply wrong", "wrong") };
            view! {
                <p class=class data-testid="story-reply" data-value=word>
                    {if *is_right { "Yes. " } else { "No. " }} <span inner_html=why.clone()></span>
                </p>
            }
        })
    };
    view! {
        <div class="story-ask" class:done=is_done data-testid="story-task">
            <p id="story-question" inner_html=question></p>
            <ul class="answers-list" aria-labelledby="story-question">{(0..answers.len()).map(answer).collect_view()}</ul>
            <div aria-live="polite">{reply}</div>
        </div>
    }
}
