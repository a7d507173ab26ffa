//! Images on the page, and the names of their classes.

use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

use crate::labs::train::TrainLab;
use crate::protocol::Source;

/// CIFAR-10's classes.
pub(super) const CLASS_NAMES: [&str; 10] =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/// The classes of data of a source: CIFAR-10's, or of the sample, which has others, their numbers.
pub(super) fn class_names(source: Source) -> [&'static str; 10] {
    match source {
        Source::Files => CLASS_NAMES,
        _ => ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    }
}

/// The class, as CIFAR-10 calls it; of the sample, which has other classes, its number.
pub(super) fn class_name(lab: &TrainLab, label: u8) -> String {
    match lab.data.source {
        Source::Files => CLASS_NAMES[usize::from(label) % 10].to_owned(),
        _ => format!("class {label}"),
    }
}

/// A square picture of planar bytes: red, green, blue.
#[component]
pub(super) fn Picture(pixels: Vec<u8>, side: usize) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    Effect::new(move || {
        let Some(canvas) = canvas.get() else { return };
        let plane = side * side;
        let colours: Vec<u8> =
            (0..plane).flat_map(|at| [pixels[at], pixels[plane + at], pixels[2 * plane + at], 255]).collect();
        let context = canvas
            .get_context("2d")
            .ok()
            .flatten()
            .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
        let image = ImageData::new_with_u8_clamped_array(Clamped(&colours), side as u32);
        if let (Some(context), Ok(image)) = (context, image) {
            // Only a picture of another origin could be refused.
            drop(context.put_image_data(&image, 0.0, 0.0));
        }
    });
    view! { <canvas class="picture-canvas" width=side height=side node_ref=canvas></canvas> }
}
