//! A picture of the visitor's own, as an image for the network.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap};

use crate::data::picture::image_from_rgba;

/// The browser scales larger pictures down to this side; from there on, we do, exactly.
const SIDE: u32 = 256;

/// The picture's middle square as 3072 bytes, planar.
///
/// # Errors
/// A sentence, if the file is no picture that this browser can read.
pub(super) async fn own_picture(file: &File) -> Result<Vec<u8>, String> {
    let refused =
        || format!("This browser can’t read “{}” as a picture. Choose a PNG, JPEG or WebP file.", file.name());
    let promise = window().create_image_bitmap_with_blob(file).map_err(|_| refused())?;
    let bitmap: ImageBitmap = JsFuture::from(promise).await.map_err(|_| refused())?.unchecked_into();
    let square = bitmap.width().min(bitmap.height());
    let side = square.min(SIDE);
    let rgba = drawn(&bitmap, square, side).ok_or_else(refused)?;
    bitmap.close();
    image_from_rgba(&rgba, side as usize, side as usize).map_err(|error| error.to_string())
}

/// The middle square of a picture, drawn at a size.
fn drawn(bitmap: &ImageBitmap, square: u32, side: u32) -> Option<Vec<u8>> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
    canvas.set_width(side);
    canvas.set_height(side);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
    context.set_image_smoothing_enabled(true);
    // Where a browser does not know it, it scales as it does.
    drop(js_sys::Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into()));
    let [left, top] = [bitmap.width(), bitmap.height()].map(|size| f64::from((size - square) / 2));
    let (square, size) = (f64::from(square), f64::from(side));
    context
        .draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            bitmap, left, top, square, square, 0.0, 0.0, size, size,
        )
        .ok()?;
    Some(context.get_image_data(0.0, 0.0, size, size).ok()?.data().0)
}
