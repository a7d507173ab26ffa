//! What was found in files, shown before it is used where there is a question, and to look up where there is none.

use leptos::prelude::*;
use serde_json::json;

use super::showing::Picture;
use crate::data::{CLASSES, Decision, Found, FoundFile, Reorder, Role, SIDE, Taken, Warning, class_names};
use crate::labs::numbers::{count, counted};
use crate::labs::train::TrainLab;
use crate::protocol::Command;
use crate::web::client;

/// What was found, as it is now; nothing only for the moment in which it goes away.
type Now = Memo<Option<Found>>;

#[component]
pub(super) fn WhatWasFound(lab: RwSignal<TrainLab>) -> impl IntoView {
    let found: Now = Memo::new(move |_| lab.read().found.clone());
    // Made anew for other files only, so that the keyboard's focus stays where it is while something is changed.
    let shape = Memo::new(move |_| {
        found.with(|found| {
            let found = found.as_ref()?;
            Some((found.asks, found.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>()))
        })
    });
    let json = move || found.with(|found| found.as_ref().map(json_of).unwrap_or_default());
    let words = move || found.with(|found| found.as_ref().map(summary).unwrap_or_default());
    move || {
        let (asks, paths) = shape.get()?;
        let body = if asks {
            view! { <Question found lab paths/> }.into_any()
        } else {
            view! {
                <details class="found-list">
                    <summary>{words}</summary>
                    <Warnings found/>
                    <Files found lab paths asks=false/>
                </details>
            }
            .into_any()
        };
        Some(view! { <div class="found" data-testid="found" data-value=json>{body}</div> })
    }
}

/// What is asked, with all that there is to know before an answer.
#[component]
fn Question(found: Now, lab: RwSignal<TrainLab>, paths: Vec<String>) -> impl IntoView {
    let is_used = |file: &FoundFile| matches!(file.taken, Taken::Train | Taken::Validation);
    let can_take = Memo::new(move |_| {
        found.with(|found| {
            found
                .as_ref()
                .is_some_and(|found| found.files.iter().any(is_used) && !found.warnings.contains(&Warning::NoTraining))
        })
    });
    let take = move |_| {
        let decision = lab.with_untracked(|lab| lab.decision.clone());
        client::send(&Command::Take { decision });
    };
    let sentence = move || {
        found.with(|found| {
            let found = found.as_ref()?;
            let replaces = found.replaces.as_ref().map(|what| format!(" It takes the place of {what}."));
            Some(format!("{}.{} Nothing is used yet.", summary(found), replaces.unwrap_or_default()))
        })
    };
    let broken = move || {
        let broken = found.with(|found| {
            let files = found.as_ref().map(|found| &found.files[..]).unwrap_or_default();
            files.iter().filter(|file| file.is_broken).map(|file| file.why.clone()).collect::<Vec<_>>()
        });
        let line = |why: String| view! { <p class="error" role="alert" data-testid="error">{why}</p> };
        broken.into_iter().map(line).collect_view()
    };
    view! {
        <section class="question" aria-label="What was found">
            <h3>"What was found"</h3>
            <p aria-live="polite">{sentence}</p>
            {broken}
            <Warnings found/>
            <Files found lab paths asks=true/>
            <ByClass found/>
            <p class="row">
                <button type="button" class="primary" data-testid="found-take" disabled=move || !can_take.get() on:click=take>"Use these"</button>
                <button type="button" class="quiet" data-testid="found-cancel" on:click=move |_| client::send(&Command::CancelLoad)>"Cancel"</button>
            </p>
        </section>
    }
}

#[component]
fn Warnings(found: Now) -> impl IntoView {
    let warnings = Memo::new(move |_| found.with(|found| found.as_ref().map(|found| found.warnings.clone())));
    move || {
        let item = |warning: Warning| view! { <li class:serious=warning.is_serious()>{warning.sentence()}</li> };
        let warnings = warnings.get().filter(|warnings| !warnings.is_empty())?;
        Some(
            view! { <ul class="warnings" data-testid="found-warnings">{warnings.into_iter().map(item).collect_view()}</ul> },
        )
    }
}

/// A row for each file; what images are for can be changed while it is asked.
#[component]
fn Files(found: Now, lab: RwSignal<TrainLab>, paths: Vec<String>, asks: bool) -> impl IntoView {
    let more = move || {
        let more = found.with(|found| found.as_ref().map_or(0, |found| found.more_passed));
        (more > 0).then(|| view! { <p class="aside">{format!("{} more are passed over.", counted(more, "file"))}</p> })
    };
    let rows = paths.into_iter().enumerate().map(|(index, path)| view! { <Row found lab index path asks/> });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Files">
            <table class="small found-files">
                <thead>
                    <tr><th scope="col">"file"</th><th scope="col">"taken for"</th><th scope="col">"images"</th><th scope="col">"note"</th></tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {more}
    }
}

#[component]
fn Row(found: Now, lab: RwSignal<TrainLab>, index: usize, path: String, asks: bool) -> impl IntoView {
    let file = Memo::new(move |_| found.with(|found| found.as_ref()?.files.get(index).cloned()));
    let path = StoredValue::new(path);
    let decide = move |change: &dyn Fn(&mut Decision, &str)| {
        let mut decision = Decision::default();
        lab.update(|lab| {
            path.with_value(|path| change(&mut lab.decision, path));
            decision.clone_from(&lab.decision);
        });
        client::send(&Command::Consider { decision });
    };
    let taken = Memo::new(move |_| file.with(|file| file.as_ref().map_or(Taken::PassedOver, |file| file.taken)));
    let images = Memo::new(move |_| file.with(|file| file.as_ref().map_or(0, FoundFile::images)));
    let is_choice = Memo::new(move |_| asks && images.get() > 0 && taken.get() != Taken::Twin);
    let role = move || {
        if !is_choice.get() {
            return view! { <span>{move || taken_text(taken.get())}</span> }.into_any();
        }
        let set = move |word: String| {
            if let Some(role) = role_of(&word) {
                decide(&|decision, path| decision.set_role(path, role));
            }
        };
        let option = move |entry: Taken, text: &'static str| {
            view! { <option value=entry.word() selected=move || taken.get() == entry>{text}</option> }
        };
        view! {
            <select
                data-testid=format!("found-role-{index}")
                aria-label=format!("What {} is for", path.get_value())
                on:change:target=move |event| set(event.target().value())
            >
                {option(Taken::Train, "training")}
                {option(Taken::Validation, "validation")}
                {option(Taken::LeftOut, "left out")}
            </select>
        }
        .into_any()
    };
    let reorder = Memo::new(move |_| file.with(|file| file.as_ref().and_then(|file| file.reorder)).filter(|_| asks));
    let is_reordered = Memo::new(move |_| file.with(|file| file.as_ref().is_some_and(|file| file.is_reordered)));
    let reorder = move || {
        let reorder = reorder.get()?;
        let text = match reorder {
            Reorder::ToPlanes => "sort pixels into planes",
            Reorder::RedAndBlue => "exchange red and blue",
        };
        let set = move |is_on: bool| {
            decide(&|decision, path| decision.set_reorder(path, is_on.then_some(reorder)));
        };
        Some(view! {
            <label class="check">
                <input type="checkbox" data-testid=format!("found-reorder-{index}") prop:checked=is_reordered on:change:target=move |event| set(event.target().checked())/>
                {text}
            </label>
        })
    };
    let sample =
        Memo::new(move |_| file.with(|file| file.as_ref().map(|file| file.sample.clone()).unwrap_or_default()));
    let sample = move || {
        let pixels = sample.get();
        (asks && !pixels.is_empty()).then(|| view! { <Picture pixels side=SIDE/> })
    };
    let why = move || {
        file.with(|file| {
            let file = file.as_ref()?;
            Some(if file.taken == Taken::Twin { format!("{}, so it is used once", file.why) } else { file.why.clone() })
        })
    };
    view! {
        <tr>
            <td class="path">{path.get_value()}</td>
            <td>{role}</td>
            <td>{move || (images.get() > 0).then(|| count(images.get() as usize))}</td>
            <td class="aside">{sample} {reorder} {why}</td>
        </tr>
    }
}

/// How many new images there are of each class.
#[component]
fn ByClass(found: Now) -> impl IntoView {
    let sums = move |taken: Taken| {
        let mut sums = [0; CLASSES];
        found.with(|found| {
            for file in found.iter().flat_map(|found| &found.files).filter(|file| file.taken == taken) {
                sums.iter_mut().zip(file.class_counts).for_each(|(sum, number)| *sum += number);
            }
        });
        sums.map(|number| view! { <td>{count(number as usize)}</td> }).collect_view()
    };
    let name = move |class: usize| {
        found.with(|found| {
            let own = found.as_ref().and_then(|found| found.class_names.get(class).cloned());
            own.unwrap_or_else(|| class_names::CIFAR_10[class].to_owned())
        })
    };
    view! {
        <div class="scroll wide" tabindex="0" role="region" aria-label="Images by class">
            <table class="small">
                <thead>
                    <tr><td></td>{(0..CLASSES).map(|class| view! { <th scope="col">{name(class)}</th> }).collect_view()}</tr>
                </thead>
                <tbody>
                    <tr><th scope="row">"training"</th>{move || sums(Taken::Train)}</tr>
                    <tr><th scope="row">"validation"</th>{move || sums(Taken::Validation)}</tr>
                </tbody>
            </table>
        </div>
    }
}

fn taken_text(taken: Taken) -> &'static str {
    match taken {
        Taken::Train => "training",
        Taken::Validation => "validation",
        Taken::LeftOut => "left out",
        Taken::Twin => "twin",
        Taken::List => "list",
        Taken::PassedOver => "passed over",
    }
}

fn role_of(word: &str) -> Option<Role> {
    [(Taken::Train, Role::Train), (Taken::Validation, Role::Validation), (Taken::LeftOut, Role::LeftOut)]
        .into_iter()
        .find(|(taken, _)| taken.word() == word)
        .map(|(_, role)| role)
}

/// Counts of what was found: "3 batches for training, 1 for validation, 2 files passed over".
fn summary(found: &Found) -> String {
    let number = |taken: Taken| found.files.iter().filter(|file| file.taken == taken).count();
    let images = |taken: Taken| {
        found.files.iter().filter(|file| file.taken == taken).map(FoundFile::images).sum::<u64>() as usize
    };
    let mut parts = vec![format!("{} to train on", counted(images(Taken::Train), "image"))];
    if images(Taken::Validation) > 0 {
        parts.push(format!("{} to validate", count(images(Taken::Validation))));
    }
    for (number, text) in [
        (number(Taken::LeftOut), "left out"),
        (number(Taken::Twin), "there twice"),
        (number(Taken::PassedOver) + found.more_passed, "passed over"),
    ] {
        if number > 0 {
            parts.push(format!("{} {text}", counted(number, "file")));
        }
    }
    format!("Found: {}", parts.join(", "))
}

fn json_of(found: &Found) -> String {
    let file = |file: &FoundFile| {
        json!({
            "path": file.path, "taken": file.taken.word(), "images": file.images(), "classes": file.class_counts,
            "why": file.why, "broken": file.is_broken, "reordered": file.is_reordered,
        })
    };
    let warning = |warning: &Warning| json!({ "kind": warning.word(), "text": warning.sentence() });
    json!({
        "asks": found.asks,
        "files": found.files.iter().map(file).collect::<Vec<_>>(),
        "more": found.more_passed,
        "warnings": found.warnings.iter().map(warning).collect::<Vec<_>>(),
        "names": found.class_names,
        "replaces": found.replaces,
    })
    .to_string()
}
