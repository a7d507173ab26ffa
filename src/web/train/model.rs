//! The network as a file: out, and back in.

use leptos::prelude::*;

use super::{FileInput, problem};
use crate::labs::train::{Form, TrainLab};
use crate::protocol::About;
use crate::train::pytorch_script;
use crate::web::{browser, client};

#[component]
pub(super) fn Model(lab: RwSignal<TrainLab>, form: RwSignal<Form>) -> impl IntoView {
    let is_kept = Memo::new(move |_| lab.read().run.as_ref().is_some_and(|run| run.is_kept));
    let can_open = Memo::new(move |_| lab.read().can_start());
    let save = move |_| {
        let Some((id, name)) = lab.with_untracked(|lab| lab.run.as_ref().map(|run| (run.id, run.file_name()))) else {
            return;
        };
        lab.update(|lab| lab.problem = None);
        client::save_model(id, format!("{name}.safetensors"));
    };
    let open = move |files: Vec<web_sys::File>| {
        let Some(file) = files.into_iter().next() else { return };
        match form.read_untracked().parse() {
            Ok(config) => {
                let mut run = 0;
                lab.update(|lab| {
                    run = lab.new_run();
                    lab.opening = Some(file.name());
                });
                client::open_model(run, config, file);
            }
            Err(problem) => lab.update(|lab| lab.problem = Some(problem)),
        }
    };
    let has_run = Memo::new(move |_| lab.read().run.is_some());
    let script = move |_| {
        lab.with_untracked(|lab| {
            if let Some(run) = &lab.run {
                let name = run.file_name();
                let text = pytorch_script(&run.config, &format!("{name}.safetensors"));
                browser::download_text(&format!("{name}.py"), "text/x-python", &text);
            }
        });
    };
    let closed = Memo::new(move |_| !can_open.get());
    view! {
        <h2>"The model as a file"</h2>
        <div class="row wrap">
            <button type="button" data-testid="model-save" disabled=move || !is_kept.get() title="Weights and settings as safetensors" on:click=save>"Save model"</button>
            <button type="button" data-testid="model-script" disabled=move || !has_run.get() title="A Python script that loads the saved model, measures it and trains on" on:click=script>"PyTorch script"</button>
            <FileInput testid="model-open" text="Open a model" many=false disabled=closed load=open/>
        </div>
        {problem(lab, |about| about == About::Model)}
        <p class="note">"A model is saved as it is now, as safetensors with its settings, named as in PyTorch. An opened one is measured on the data here and waits before its first step: Resume trains it on."</p>
    }
}
