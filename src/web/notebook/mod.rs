//! `#/notebook`: the student's own words on each question, with what was pinned from the labs; to print and to hand in.

mod answer;
mod exhibit;
mod pinning;
mod store;

use leptos::prelude::*;

pub(super) use pinning::PinButton;
pub(super) use store::NotebookHere;

use self::answer::Answer;
pub(super) use self::store::use_notebook;
use super::browser;
use super::solved::use_solved;
use super::train::FileInput;
use crate::labs::notebook::document::document;
use crate::labs::notebook::questions::QUESTIONS;
use crate::labs::notebook::zip::zip;
use crate::labs::printout::Printout;

#[component]
pub(super) fn NotebookPage() -> impl IntoView {
    let notebook = use_notebook();
    let solved = use_solved();
    let printout = move || -> Printout {
        notebook.now.with_untracked(|now| document(now, &browser::today(), |pin| exhibit::section(&pin.subject)))
    };
    let print = move |_| browser::open_html(&printout().to_html());
    let latex = move |_| browser::download_text("piecewise-notebook.tex", "text/x-tex", &printout().to_latex());
    let markdown = move |_| {
        let written = printout().to_markdown();
        let mut files = vec![("notebook.md".to_owned(), written.text.into_bytes())];
        files.extend(written.figures.into_iter().map(|(path, svg)| (path, svg.into_bytes())));
        browser::download_bytes("piecewise-notebook.zip", &js_sys::Uint8Array::from(&zip(&files)[..]));
    };
    let save = move |_| browser::download_text("piecewise-notebook.json", "application/json", &notebook.file(solved));
    let open = move |files: Vec<web_sys::File>| {
        let Some(file) = files.into_iter().next() else { return };
        wasm_bindgen_futures::spawn_local(async move {
            let text = wasm_bindgen_futures::JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
            match text {
                Some(text) => notebook.open(&text, solved),
                None => notebook.problem.set(Some(format!("“{}” could not be read. Choose it again.", file.name()))),
            }
        });
    };
    let is_empty = Memo::new(move |_| notebook.now.read().is_empty());
    let answered = Memo::new(move |_| notebook.now.read().answered());
    let never = Memo::new(|_| false);
    let problem = move || {
        notebook.problem.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })
    };
    let undo = move || {
        notebook.before.read().is_some().then(|| {
            view! {
                <p class="row wrap" role="status">
                    "The file’s notebook is open in place of yours."
                    <button type="button" data-testid="notebook-undo" on:click=move |_| notebook.undo_open()>"Back to mine"</button>
                </p>
            }
        })
    };
    view! {
        <div class="notebook">
            <h1>"Notebook"</h1>
            <p class="lead">"Your answers to the problem set, in your own words, with figures pinned from the labs. Kept in this browser as you type; save it as a file to carry it, with your solved challenges, to another."</p>
            <div class="row wrap notebook-tools">
                <button type="button" class="primary" data-testid="notebook-print" disabled=is_empty on:click=print>"Open to print"</button>
                <button type="button" data-testid="notebook-latex" disabled=is_empty title="One file, figures included" on:click=latex>"LaTeX"</button>
                <button type="button" data-testid="notebook-markdown" disabled=is_empty title="A zip of the text and its figures" on:click=markdown>"Markdown"</button>
                <button type="button" data-testid="notebook-save" title="Notebook and solved challenges" on:click=save>"Save as a file"</button>
                <FileInput testid="notebook-open" text="Open a file" many=false disabled=never load=open/>
            </div>
            {problem} {undo}
            <div class="row name-row">
                <label for="notebook-name">"Your name"</label>
                <input
                    type="text"
                    id="notebook-name"
                    data-testid="notebook-name"
                    autocomplete="name"
                    maxlength="200"
                    prop:value=move || notebook.now.read().name.clone()
                    on:input:target=move |event| notebook.now.update(|now| now.name = event.target().value())
                />
                <span class="aside" data-testid="notebook-answered" data-value=answered>{move || format!("{} of {} begun", answered.get(), QUESTIONS.len())}</span>
            </div>
            <p class="note">"What the app found out is quoted as its own, “Piecewise proved: …”. The reasons have to be yours."</p>
            {(0..QUESTIONS.len()).map(|place| view! { <Answer place/> }).collect_view()}
        </div>
    }
}
