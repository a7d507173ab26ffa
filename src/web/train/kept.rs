//! Runs and files of earlier visits and of other tabs: what there is, and what can be done with it.

use leptos::prelude::*;
use serde_json::json;

use super::FileInput;
use crate::labs::numbers::bytes;
use crate::labs::train::Form;
use crate::labs::train::kept::{KeptRun, MAX_RUNS, RunKey, Standing, is_same_data, needs};
use crate::protocol::Source;
use crate::web::keeping;
use crate::web::state::{Labs, use_labs};

/// What can be done about the data of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Data {
    /// They are loaded.
    Here,
    /// They are the sample, or kept.
    AtHand,
    /// They have to be chosen.
    Away,
}

fn data_of(labs: Labs, run: &KeptRun) -> Data {
    let Some(head) = &run.head else { return Data::Away };
    let is_at_hand = head.data.source == Source::Sample || labs.kept.read().set_for(&head.data).is_some();
    match is_same_data(&labs.train.read().data, &head.data) {
        true => Data::Here,
        false if is_at_hand => Data::AtHand,
        false => Data::Away,
    }
}

/// The newest run that a reload, a closed tab or a lost worker has interrupted, and what can be done with it.
#[component]
pub(super) fn Interrupted() -> impl IntoView {
    let labs = use_labs();
    let interrupted = Memo::new(move |_| labs.kept.read().interrupted().cloned());
    let is_busy = Memo::new(move |_| labs.train.read().is_busy());
    let can_start = Memo::new(move |_| labs.train.read().can_start());
    move || {
        let run = interrupted.get().filter(|_| !is_busy.get())?;
        let (epoch, epochs) = run.to_go()?;
        let widths: Vec<_> = run.head.as_ref()?.config.hidden.iter().map(usize::to_string).collect();
        let sentence = format!(
            "A run with hidden widths {} was interrupted after epoch {epoch} of {epochs}. It goes on exactly as it would have, on the same data.",
            widths.join(",")
        );
        let data = {
            let run = run.clone();
            Memo::new(move |_| data_of(labs, &run))
        };
        let needed = needs(&run);
        let [resume_key, load_key, later_key, forget_key] = [(); 4].map(|()| run.key.clone());
        let load = move |_| keeping::load_data_of(labs, &load_key);
        let later = move |_| {
            labs.kept.update(|kept| {
                kept.dismissed.insert(later_key.clone());
            });
        };
        Some(view! {
            <div class="interrupted" data-testid="interrupted" data-value=epoch>
                <p>{sentence}</p>
                <p class="aside" class:gone=move || data.get() == Data::Here data-testid="interrupted-needs">{needed}</p>
                <p class="row wrap">
                    <button type="button" class="primary" data-testid="resume-run" disabled=move || !can_start.get() || data.get() != Data::Here on:click=move |_| keeping::resume(labs, resume_key.clone())>"Go on"</button>
                    <button type="button" class:gone=move || data.get() != Data::AtHand data-testid="interrupted-load" on:click=load>"Load its data"</button>
                    <button type="button" class="quiet" data-testid="later-run" on:click=later>"Not now"</button>
                    <button type="button" class="quiet" data-testid="discard-run" title="Its curves stay among the kept runs" on:click=move |_| keeping::forget_checkpoint(labs, forget_key.clone())>"Forget it"</button>
                    <span class="aside" class:gone=move || data.get() != Data::Away>"Load its data first."</span>
                </p>
            </div>
        })
    }
}

/// Files of earlier visits that are not loaded.
#[component]
pub(super) fn KeptFiles() -> impl IntoView {
    let labs = use_labs();
    let sets = Memo::new(move |_| {
        let kept = labs.kept.read();
        let others = kept.sets.iter().filter(|(name, _)| kept.set_here.as_ref() != Some(name));
        others.map(|(name, set)| (name.clone(), set.title())).collect::<Vec<_>>()
    });
    let is_busy = Memo::new(move |_| labs.train.read().is_busy());
    let row = move |(name, title): (String, String)| {
        let (load_name, forget_name) = (name.clone(), name.clone());
        view! {
            <li class="row wrap">
                <span>{title}</span>
                <button type="button" class="quiet inline" data-testid=format!("load-files-{name}") disabled=move || is_busy.get() on:click=move |_| wasm_bindgen_futures::spawn_local(keeping::open_set(labs, load_name.clone()))>"Load"</button>
                <button type="button" class="quiet inline" data-testid=format!("forget-files-{name}") on:click=move |_| keeping::forget_set(labs, forget_name.clone())>"Forget"</button>
            </li>
        }
    };
    view! {
        <div class:gone=move || sets.read().is_empty() data-testid="kept-files" data-value=move || sets.read().len()>
            <p class="aside">"Also kept in this browser:"</p>
            <ul class="kept-files"><For each=move || sets.get() key=Clone::clone children=row/></ul>
        </div>
    }
}

/// Why the run under way is not kept, if it is not.
#[component]
pub(super) fn NotKept() -> impl IntoView {
    let labs = use_labs();
    let trouble = Memo::new(move |_| labs.kept.read().trouble.clone());
    move || trouble.get().map(|text| view! { <p class="note" role="status" data-testid="run-kept">{text}</p> })
}

/// All kept runs.
#[component]
pub(super) fn Kept() -> impl IntoView {
    let labs = use_labs();
    let keys = Memo::new(move |_| labs.kept.read().runs.iter().map(|run| run.key.clone()).collect::<Vec<_>>());
    let total = Memo::new(move |_| bytes(labs.kept.read().bytes()));
    let json = move || {
        let kept = labs.kept.read();
        let row = |run: &KeptRun| {
            json!({
                "key": run.key.as_str(), "name": run.head.as_ref().map(|head| &head.name),
                "epoch": run.head.as_ref().map(|head| head.epoch), "bytes": run.bytes(),
                "checkpoint": run.checkpoint.as_ref().map(|checkpoint| checkpoint.head.epoch),
                "standing": word(kept.standing(run)),
            })
        };
        json!(kept.runs.iter().map(row).collect::<Vec<_>>()).to_string()
    };
    let never = Memo::new(|_| false);
    let import = move |files: Vec<web_sys::File>| {
        if let Some(file) = files.into_iter().next() {
            keeping::import(labs, file);
        }
    };
    view! {
        <details class="group" data-testid="kept-runs" data-value=json>
            <summary><b>{move || format!("Kept runs: {}", keys.read().len())}</b></summary>
            <div class="scroll wide" tabindex="0" role="region" aria-label="Kept runs" class:gone=move || keys.read().is_empty()>
                <table class="small runs">
                    <thead>
                        <tr>
                            <th scope="col">"run"</th>
                            <th scope="col">"widths"</th>
                            <th scope="col">"epochs"</th>
                            <th scope="col">"validation"</th>
                            <th scope="col">"size"</th>
                            <th scope="col">"state"</th>
                            <td></td>
                        </tr>
                    </thead>
                    <tbody><For each=move || keys.get() key=Clone::clone children=move |key| view! { <Row labs key_=key/> }/></tbody>
                </table>
            </div>
            <div class="row wrap">
                <FileInput testid="import-run" text="Open a run from a file" many=false disabled=never load=import/>
            </div>
            <p class="note">{move || format!("Kept in this browser, {} with files: the last {MAX_RUNS} runs, and their checkpoints while these take up to 1 GiB. The oldest is forgotten first, never one that goes on.", total.get())}</p>
        </details>
    }
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Here => "here",
        Standing::Elsewhere => "elsewhere",
        Standing::Interrupted => "interrupted",
        Standing::Over => "over",
        Standing::Unreadable => "unreadable",
    }
}

#[component]
fn Row(labs: Labs, key_: RunKey) -> impl IntoView {
    let key = StoredValue::new(key_);
    let run = Memo::new(move |_| labs.kept.read().find(&key.read_value()).cloned());
    let standing = Memo::new(move |_| {
        let kept = labs.kept.read();
        kept.find(&key.read_value()).map_or(Standing::Unreadable, |run| kept.standing(run))
    });
    let of = move |read: fn(&KeptRun) -> Option<String>| {
        move || run.read().as_ref().and_then(read).unwrap_or_else(|| "–".into())
    };
    let name = of(|run| run.head.as_ref().map(|head| head.name.clone()));
    let note =
        move || run.read().as_ref().and_then(|run| run.head.as_ref().map(|head| head.note.clone())).unwrap_or_default();
    let widths = of(|run| {
        let widths: Vec<_> = run.head.as_ref()?.config.hidden.iter().map(usize::to_string).collect();
        Some(widths.join(","))
    });
    let epochs = of(|run| run.head.as_ref().map(|head| format!("{} of {}", head.epoch, head.config.epochs)));
    let validation = of(|run| {
        run.head.as_ref().and_then(|head| head.validation_accuracy).map(|share| format!("{:.1} %", share * 100.0))
    });
    let size = of(|run| Some(bytes(run.bytes())));
    let state = move || match standing.get() {
        Standing::Here => "goes on here".to_owned(),
        Standing::Elsewhere => "goes on in another tab".to_owned(),
        Standing::Unreadable => "cannot be read: damaged, or of another version of this page".to_owned(),
        Standing::Interrupted => "interrupted".to_owned(),
        Standing::Over => {
            let ended = run.read().as_ref().and_then(|run| run.head.as_ref()?.ended.clone());
            ended.unwrap_or_default()
        }
    };
    let is_free = Memo::new(move |_| !matches!(standing.get(), Standing::Here | Standing::Elsewhere));
    let is_readable = Memo::new(move |_| run.read().as_ref().is_some_and(|run| run.head.is_some()));
    let data = Memo::new(move |_| run.read().as_ref().map_or(Data::Away, |run| data_of(labs, run)));
    let has_checkpoint =
        Memo::new(move |_| is_free.get() && run.read().as_ref().is_some_and(|run| run.checkpoint.is_some()));
    let is_done = Memo::new(move |_| run.read().as_ref().is_some_and(|run| run.to_go().is_none()));
    let can_start = Memo::new(move |_| labs.train.read().can_start());
    let is_busy = Memo::new(move |_| labs.train.read().is_busy());
    let needed = move || run.read().as_ref().map(needs).unwrap_or_default();
    let rename = move |text: String| {
        let text: String = text.trim().chars().take(40).collect();
        if !text.is_empty() {
            keeping::edit(labs, key.get_value(), move |run| run.name = text);
        }
    };
    let write = move |text: String| {
        let text: String = text.chars().take(2_000).collect();
        keeping::edit(labs, key.get_value(), move |run| run.note = text);
    };
    let again = move |_| {
        let config = run.read_untracked().as_ref().and_then(|run| run.head.as_ref().map(|head| head.config.clone()));
        if let Some(config) = config {
            labs.form.set(Form::from(&config));
        }
    };
    let id = key.with_value(|key| key.as_str().to_owned());
    let testid = |word: &str| format!("{word}-{id}");
    view! {
        <tr>
            <td class="run-name">
                <input type="text" data-testid=testid("kept-name") aria-label="The run’s name" disabled=move || !is_free.get() || !is_readable.get() prop:value=name on:change:target=move |event| rename(event.target().value())/>
                <input type="text" data-testid=testid("kept-note") aria-label="Note about the run" placeholder="note" disabled=move || !is_free.get() || !is_readable.get() prop:value=note on:change:target=move |event| write(event.target().value())/>
            </td>
            <td>{widths}</td>
            <td>{epochs}</td>
            <td>{validation}</td>
            <td>{size}</td>
            <td>{state}</td>
            <td>
                <button type="button" class="quiet inline" class:gone=move || !is_readable.get() data-testid=testid("kept-show") title="Draw its curves beside the others" on:click=move |_| wasm_bindgen_futures::spawn_local(keeping::show(labs, key.get_value()))>"Compare"</button>
                <button type="button" class="quiet inline" class:gone=move || !has_checkpoint.get() || data.get() != Data::Here data-testid=testid("kept-resume") disabled=move || !can_start.get() on:click=move |_| keeping::resume(labs, key.get_value())>
                    {move || if is_done.get() { "Open its network" } else { "Go on" }}
                </button>
                <button type="button" class="quiet inline" class:gone=move || !has_checkpoint.get() || data.get() != Data::AtHand data-testid=testid("kept-load") disabled=move || is_busy.get() title=needed on:click=move |_| keeping::load_data_of(labs, &key.read_value())>"Load its data"</button>
                <button type="button" class="quiet inline" class:gone=move || !is_readable.get() data-testid=testid("kept-settings") title="Put these settings back into the form" on:click=again>"Settings"</button>
                <button type="button" class="quiet inline" class:gone=move || !is_readable.get() data-testid=testid("kept-export") title="Save the run and its checkpoint as one file" on:click=move |_| keeping::export(labs, key.get_value())>"Export"</button>
                <button type="button" class="quiet inline" disabled=move || !is_free.get() data-testid=testid("kept-forget") title="Remove the run and its checkpoint from this browser" on:click=move |_| keeping::forget(labs, key.get_value())>"Forget"</button>
                <span class="aside" class:gone=move || !has_checkpoint.get() || data.get() != Data::Away>{needed}</span>
            </td>
        </tr>
    }
}
