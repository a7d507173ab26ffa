//! Question 14: a training image, augmented many times by the code that training uses.

use leptos::prelude::*;

use super::showing::{Picture, class_name};
use crate::data::augment::{Augment, Choice, Choices, augmented, padded};
use crate::data::{PIXELS, Purpose, SIDE};
use crate::labs::train::{Form, TrainLab};
use crate::protocol::{Command, ShownImage};
use crate::web::client;
use crate::web::components::{Options, Select};

/// The homework's image, counted from 0.
const HOMEWORK: usize = 13;
/// Augmented copies.
const COPIES: usize = 15;

#[component]
pub(super) fn Augmented(lab: RwSignal<TrainLab>, form: RwSignal<Form>) -> impl IntoView {
    let index = RwSignal::new(HOMEWORK);
    let has_data = Memo::new(move |_| lab.read().data.train > index.get());
    let train = Memo::new(move |_| lab.read().data.train);
    let image = Memo::new(move |_| lab.with(|lab| lab.images.get(&(false, index.get())).cloned()));
    Effect::new(move || {
        // Asked for when there are data, and again when they are others.
        if has_data.get() && image.read().is_none() {
            client::send(&Command::Images { validation: false, indices: vec![index.get()] });
        }
    });
    let settings = Memo::new(move |_| (form.read().augment, form.read().seed.trim().parse().unwrap_or(1_u64)));
    let choices = Memo::new(move |_| {
        let (augment, seed) = settings.get();
        Choices::new(augment, seed, Purpose::Augment, 0).take(COPIES).collect::<Vec<Choice>>()
    });
    let chosen = RwSignal::new(0_usize);
    let original = move || {
        image.get().map(|image| {
            let (augment, _) = settings.get();
            let choice = choices.with(|choices| choices.get(chosen.get()).copied().unwrap_or_default());
            view! { <Padded image augment choice/> }
        })
    };
    let copies = move || {
        let image = image.get()?;
        let copy = |(number, choice): (usize, Choice)| {
            let mut pixels = vec![0; PIXELS];
            augmented(&image.pixels, choice, &mut pixels);
            let flipped = if choice.flip { ", flipped" } else { "" };
            let label = format!("Copy {}: moved by {}, {}{flipped}", number + 1, choice.dx, choice.dy);
            view! {
                <button type="button" class="copy-image" aria-label=label.clone() title=label aria-pressed=move || (chosen.get() == number).to_string() on:click=move |_| chosen.set(number)>
                    <Picture pixels side=SIDE/>
                </button>
            }
        };
        Some(choices.get().into_iter().enumerate().map(copy).collect_view())
    };
    let name = move || image.read().as_ref().map(|image| class_name(&lab.read(), image.label));
    let json = move || {
        let list = choices.get();
        serde_json::json!(list.iter().map(|choice| (choice.dx, choice.dy, choice.flip)).collect::<Vec<_>>()).to_string()
    };
    let images = Memo::new(move |_| {
        let number = |index: usize| (index, index.to_string(), format!("image {index}"));
        (0..train.get().min(64)).map(number).collect::<Options<usize>>()
    });
    view! {
        <details class="group" class:gone=move || !has_data.get() data-testid="augmented" data-value=json>
            <summary><b>"See it"</b> <span class="shape">"an image, augmented"</span></summary>
            <div class="row">
                <Select testid="augmented-index" label="Image" options=images value=index set=move |number| index.set(number)/>
                <span class="aside">{name}</span>
            </div>
            <div class="augmented">{original} <div class="copies">{copies}</div></div>
            <p class="note">"Left: the image, padded by its own mirror image, and the window of the chosen copy. Right: copies as the first epoch’s first images would be changed, with the seed above."</p>
        </details>
    }
}

/// The padded image with the window on it.
#[component]
fn Padded(image: ShownImage, augment: Augment, choice: Choice) -> impl IntoView {
    let padding = if augment.crop { augment.padding } else { 0 };
    let side = SIDE + 2 * usize::from(padding);
    let share = |pixels: i32| 100.0 * f64::from(pixels) / side as f64;
    let place = |moved: i8| share(i32::from(padding) + i32::from(moved));
    let (left, top, width) = (place(choice.dx), place(choice.dy), share(SIDE as i32));
    let style = format!("left:{left}%;top:{top}%;width:{width}%;height:{width}%");
    view! {
        <div class="padded">
            <Picture pixels=padded(&image.pixels, padding) side/>
            <div class="window" style=style></div>
        </div>
    }
}
