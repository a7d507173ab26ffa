//! Images on the page, and the names of their classes.

use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

use crate::data::CLASSES;
use crate::labs::train::{TrainLab, names_of_classes};
use crate::protocol::Source;

/// The class, as the data call it; of the sample, which has other classes, its number.
pub(super) fn class_name(lab: &TrainLab, label: u8) -> String {
    let name = &names_of_classes(&lab.data)[usize::from(label) % CLASSES];
    if lab.data.source == Source::Files { name.clone() } else { format!("class {name}") }
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
