//! The network as a file: out, and back in, with what was assumed of it beside what was measured.

use leptos::prelude::*;
use serde_json::json;

use super::{FileInput, problem};
use crate::labs::numbers::count;
use crate::labs::train::{Form, Problem, RunHistory, TrainLab};
use crate::protocol::{About, Command};
use crate::train::model::{InputOrder, Reading, Scaling, channels};
use crate::train::pytorch_script;
use crate::web::components::{Options, Select};
use crate::web::{browser, client};

#[component]
pub(super) fn Model(lab: RwSignal<TrainLab>, form: RwSignal<Form>) -> impl IntoView {
    let is_kept = Memo::new(move |_| lab.read().run.as_ref().is_some_and(|run| run.is_kept));
    let can_open = Memo::new(move |_| lab.read().can_open());
    let names = RwSignal::new(String::new());
    let save = move |_| {
        let Some((id, name)) = lab.with_untracked(|lab| lab.run.as_ref().map(|run| (run.id, run.file_name()))) else {
            return;
        };
        lab.update(|lab| lab.problem = None);
        client::save_model(id, names.get_untracked(), format!("{name}.safetensors"));
    };
    let open = move |files: Vec<web_sys::File>| {
        let Some(file) = files.into_iter().next() else { return };
        client::choose_model(file);
        begin(lab, form, Reading::default());
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
    // The form shows the settings of an opened network, as those of a run that was started with it.
    let opened = Memo::new(move |_| lab.read().run.as_ref().filter(|run| run.origin.is_some()).map(|run| run.id));
    Effect::new(move || {
        if opened.get().is_some()
            && let Some(config) = lab.with_untracked(|lab| lab.run.as_ref().map(|run| run.config.clone()))
        {
            form.set(Form::from(&config));
        }
    });
    let closed = Memo::new(move |_| !can_open.get());
    view! {
        <h2>"The model as a file"</h2>
        <div class="row wrap">
            <button type="button" data-testid="model-save" disabled=move || !is_kept.get() title="Weights and settings as safetensors" on:click=save>"Save model"</button>
            <button type="button" data-testid="model-script" disabled=move || !has_run.get() title="A Python script that loads the saved model, measures it and trains on" on:click=script>"PyTorch script"</button>
            <FileInput testid="model-open" text="Open a model" many=false disabled=closed load=open/>
        </div>
        <div class="row">
            <label for="model-names">"Names of its layers"</label>
            <input type="text" autocomplete="off" spellcheck="false" id="model-names" data-testid="model-names" placeholder="1, 3, 5" prop:value=move || names.get() on:input:target=move |event| names.set(event.target().value())/>
        </div>
        {problem(lab, |about| about == About::Model)}
        <Opened lab form/>
        <p class="note">"A model is saved as it is now, as safetensors with its settings. Its layers are named 1, 3, 5, as in a PyTorch Sequential after a Flatten; type fc1 for fc1, fc2, fc3, or net.0 for net.0, net.2, net.4, or all names with commas. Opened is any chain of linear layers in a .safetensors file, or a state_dict in a .pt file. It is measured on the data here and waits before its first step: Resume trains it on."</p>
    }
}

/// Opens the file that was chosen last.
fn begin(lab: RwSignal<TrainLab>, form: RwSignal<Form>, reading: Reading) {
    let Some(name) = client::chosen_model() else { return };
    match form.read_untracked().parse() {
        Ok(config) => {
            let mut run = 0;
            lab.update(|lab| {
                run = lab.new_run();
                lab.opening = Some(name);
            });
            client::open_model(run, config, reading);
        }
        Err(problem) => lab.update(|lab| lab.problem = Some(problem)),
    }
}

/// A kind of [`Scaling`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pixels {
    Cifar10,
    None,
    Half,
    Own,
}

/// What the last opened network is, and what was assumed, which can be changed before it is trained.
#[component]
fn Opened(lab: RwSignal<TrainLab>, form: RwSignal<Form>) -> impl IntoView {
    let reading = Memo::new(move |_| {
        lab.read()
            .run
            .as_ref()
            .and_then(|run| run.origin.as_ref())
            .map_or_else(Reading::default, |origin| origin.reading)
    });
    let is_opened = Memo::new(move |_| lab.read().run.as_ref().is_some_and(|run| run.origin.is_some()));
    let can_change = Memo::new(move |_| {
        let lab = lab.read();
        !lab.is_starting
            && lab.run.as_ref().is_some_and(|run| run.losses.is_empty())
            && client::chosen_model().is_some()
    });
    let wants_own = RwSignal::new(false);
    let [mean, std] = ["0.4914, 0.4822, 0.4465", "0.2470, 0.2435, 0.2616"].map(|text| RwSignal::new(text.to_owned()));
    let reopen = move |reading: Reading| {
        if let Some(run) = lab.read_untracked().current_run() {
            client::send(&Command::Stop { run });
        }
        begin(lab, form, reading);
    };
    let pixels = Signal::derive(move || match reading.get().scaling {
        _ if wants_own.get() => Pixels::Own,
        Scaling::Cifar10 => Pixels::Cifar10,
        Scaling::None => Pixels::None,
        Scaling::Half => Pixels::Half,
        Scaling::Own { .. } => Pixels::Own,
    });
    let set_pixels = move |pixels: Pixels| {
        wants_own.set(pixels == Pixels::Own);
        let scaling = match pixels {
            Pixels::Cifar10 => Scaling::Cifar10,
            Pixels::None => Scaling::None,
            Pixels::Half => Scaling::Half,
            // Its numbers are to be typed first.
            Pixels::Own => return,
        };
        reopen(Reading { scaling, ..reading.get_untracked() });
    };
    let set_own = move |_| {
        let [mean, std] = [mean, std].map(|text| channels(&text.read_untracked()));
        match mean.zip(std) {
            Some((mean, std)) => reopen(Reading { scaling: Scaling::Own { mean, std }, ..reading.get_untracked() }),
            None => {
                let message = "Mean and standard deviation are three numbers each, for red, green and blue. Type such as 0.4914, 0.4822, 0.4465.".into();
                lab.update(|lab| lab.problem = Some(Problem { about: About::Model, message }));
            }
        }
    };
    let orders: Options<InputOrder> = vec![
        (InputOrder::Planar, "planar".into(), "3 × 32 × 32 (PyTorch)".into()),
        (InputOrder::Interleaved, "interleaved".into(), "32 × 32 × 3 (Keras, Flax)".into()),
    ];
    let scalings: Options<Pixels> = vec![
        (Pixels::Cifar10, "cifar10".into(), "CIFAR-10’s mean and deviation".into()),
        (Pixels::None, "none".into(), "none: 0 to 1".into()),
        (Pixels::Half, "half".into(), "0.5 and 0.5: −1 to 1".into()),
        (Pixels::Own, "own".into(), "your own".into()),
    ];
    let order = Signal::derive(move || reading.get().order);
    let set_order = move |order| reopen(Reading { order, ..reading.get_untracked() });
    let value = move || lab.with(|lab| lab.run.as_ref().map_or_else(|| "null".to_owned(), facts));
    let text = move || lab.with(|lab| lab.run.as_ref().map(description).unwrap_or_default());
    let locked = Signal::derive(move || !can_change.get());
    view! {
        <div class:gone=move || !is_opened.get() data-testid="model-origin" data-value=value>
            <p aria-live="polite">{text}</p>
            <ul class="small">
                {move || lab.with(|lab| lab.run.as_ref().and_then(|run| run.origin.as_ref()).map(|origin| origin.sentences().into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view()))}
            </ul>
            <div class="row wrap">
                <Select testid="model-order" label="Its inputs" options=orders value=order set=set_order disabled=locked/>
                <Select testid="model-scaling" label="Its normalisation" options=scalings value=pixels set=set_pixels disabled=locked/>
            </div>
            <div class="row wrap" class:gone=move || pixels.get() != Pixels::Own>
                <label for="model-mean">"Mean"</label>
                <input type="text" autocomplete="off" id="model-mean" data-testid="model-mean" prop:value=move || mean.get() on:input:target=move |event| mean.set(event.target().value())/>
                <label for="model-std">"Standard deviation"</label>
                <input type="text" autocomplete="off" id="model-std" data-testid="model-std" prop:value=move || std.get() on:input:target=move |event| std.set(event.target().value())/>
                <button type="button" data-testid="model-scaling-set" disabled=move || !can_change.get() on:click=set_own>"Set"</button>
            </div>
            <p class="note">"No file says how its network reads images. Where the accuracy is near 10 %, try the other order, and the normalisation that it was trained with; what is chosen goes into the weights that are saved."</p>
        </div>
    }
}

/// Widths, parameters, and how well it does as it is read.
fn description(run: &RunHistory) -> String {
    let widths: Vec<String> = run.config.widths().iter().map(usize::to_string).collect();
    let measured = match run.records.first() {
        None if run.ended.is_some() => {
            "It was not measured: that needs images. Choose CIFAR-10 or take the sample, and open it again.".into()
        }
        None => "It is being measured.".into(),
        Some(record) => match record.validation_accuracy {
            Some(accuracy) => format!("Read so, it is right on {:.2} % of the validation images.", accuracy * 100.0),
            None => format!("Read so, it is right on {:.2} % of the training images.", record.train_accuracy * 100.0),
        },
    };
    format!("{}: {}, {} parameters. {measured}", run.name, widths.join(" → "), count(run.config.parameters() as usize))
}

fn facts(run: &RunHistory) -> String {
    let Some(origin) = &run.origin else { return "null".into() };
    let order = if origin.reading.order == InputOrder::Planar { "planar" } else { "interleaved" };
    let (mean, std) = origin.reading.scaling.mean_and_std();
    json!({
        "layers": origin.layers, "widths": run.config.widths(), "parameters": run.config.parameters(), "order": order,
        "mean": mean, "std": std, "transposed": origin.is_transposed, "without_bias": origin.without_bias,
        "accuracy": run.records.first().map(|record| record.validation_accuracy.unwrap_or(record.train_accuracy)),
    })
    .to_string()
}
