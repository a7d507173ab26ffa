//! Small things that only a browser can do.

use leptos::prelude::{document, window};
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement, Url,
};

use crate::labs::numbers::date;

/// Offers text as a file to save.
pub(super) fn download_text(name: &str, kind: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    download_blob(name, &blob);
}

/// Offers bytes as a file to save.
pub(super) fn download_bytes(name: &str, bytes: &js_sys::Uint8Array) {
    let Ok(blob) = Blob::new_with_u8_array_sequence(&js_sys::Array::of1(bytes)) else { return };
    download_blob(name, &blob);
}

/// Offers bytes and files, one after the other, as one file to save.
pub(super) fn download_parts(name: &str, parts: &js_sys::Array) {
    let Ok(blob) = Blob::new_with_blob_sequence(parts) else { return };
    download_blob(name, &blob);
}

fn download_blob(name: &str, blob: &Blob) {
    let Ok(url) = Url::create_object_url_with_blob(blob) else { return };
    download_url(name, &url);
    // The click has taken the blob; a later turn may let go of the address.
    leptos::prelude::set_timeout(move || drop(Url::revoke_object_url(&url)), std::time::Duration::from_secs(10));
}

/// Opens a page in a tab of its own.
pub(super) fn open_html(html: &str) {
    let options = BlobPropertyBag::new();
    options.set_type("text/html");
    let parts = js_sys::Array::of1(&JsValue::from_str(html));
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    // Where a tab is not allowed, the page is offered as a file.
    if !matches!(window().open_with_url_and_target(&url, "_blank"), Ok(Some(_))) {
        download_url("piecewise-report.html", &url);
    }
}

/// Offers a picture, given by an address and of this size, as a PNG with so many pixels a side for one of its own.
pub(super) fn download_png(name: &str, picture: &str, (width, height): (u32, u32), scale: u32) {
    let (Ok(image), name) = (HtmlImageElement::new(), name.to_owned()) else { return };
    let drawn = image.clone();
    let draw = Closure::once_into_js(move || {
        let Ok(canvas) = document().create_element("canvas") else { return };
        let canvas: HtmlCanvasElement = canvas.unchecked_into();
        canvas.set_width(width * scale);
        canvas.set_height(height * scale);
        let Ok(Some(context)) = canvas.get_context("2d") else { return };
        let context: CanvasRenderingContext2d = context.unchecked_into();
        let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
        let is_drawn =
            context.draw_image_with_html_image_element_and_dw_and_dh(&drawn, 0.0, 0.0, width, height).is_ok();
        if let (true, Ok(url)) = (is_drawn, canvas.to_data_url()) {
            download_url(&name, &url);
        }
    });
    image.set_onload(Some(draw.unchecked_ref()));
    image.set_src(picture);
}

/// The date where the page is read, such as 26 November 2026.
pub(super) fn today() -> String {
    let now = js_sys::Date::new_0();
    date(now.get_full_year(), now.get_month() + 1, now.get_date())
}

/// Offers what an address holds as a file to save.
pub(super) fn download_url(name: &str, url: &str) {
    let Ok(element) = document().create_element("a") else { return };
    let anchor: HtmlAnchorElement = element.unchecked_into();
    anchor.set_href(url);
    anchor.set_download(name);
    anchor.click();
}

/// Where text went that was to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copied {
    /// To the clipboard.
    Clipboard,
    /// Into a file to save: the clipboard was not allowed.
    File,
}

/// Puts text on the clipboard, and says so; where that is not allowed, offers it as a file of this name.
pub(super) fn copy(text: String, file: &'static str, done: impl FnOnce(Copied) + 'static) {
    wasm_bindgen_futures::spawn_local(async move {
        if write_to_clipboard(&text).await || copy_from_a_field(&text) {
            return done(Copied::Clipboard);
        }
        download_text(file, "text/plain", &text);
        done(Copied::File);
    });
}

async fn write_to_clipboard(text: &str) -> bool {
    let navigator = window().navigator();
    // Over plain http there is none.
    let is_there = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    is_there && wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// As pages did before there was a clipboard to write to: by copying what is selected in a text area.
fn copy_from_a_field(text: &str) -> bool {
    let (Ok(area), Some(body)) = (document().create_element("textarea"), document().body()) else { return false };
    let focused = document().active_element();
    area.set_text_content(Some(text));
    let is_placed = area.set_attribute("style", "position:fixed;opacity:0").is_ok() && body.append_child(&area).is_ok();
    let call = |of: &JsValue, name: &str, argument: &JsValue| {
        let function: js_sys::Function = js_sys::Reflect::get(of, &name.into()).ok()?.dyn_into().ok()?;
        function.call1(of, argument).ok()
    };
    let is_copied = is_placed
        && ["focus", "select"].into_iter().all(|name| call(&area, name, &JsValue::UNDEFINED).is_some())
        && call(&document(), "execCommand", &"copy".into()).is_some_and(|is_copied| is_copied.is_truthy());
    area.remove();
    if let Some(focused) = focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // An element that is gone cannot be focused again; nothing depends on it.
        drop(focused.focus());
    }
    is_copied
}

/// A value kept in the browser, if storage is allowed and has it.
pub(super) fn stored(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Keeps a value in the browser. Where storage is denied, nothing is kept, and nothing breaks.
pub(super) fn store(key: &str, value: &str) {
    try_store(key, value);
}

/// The same for what must not be lost: whether it is kept.
pub(super) fn try_store(key: &str, value: &str) -> bool {
    matches!(window().local_storage(), Ok(Some(storage)) if storage.set_item(key, value).is_ok())
}

/// Whether a media query holds.
pub(super) fn matches_media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

/// Bits that no other tab draws.
pub(super) fn random_bits() -> u64 {
    let mut bytes = [0; 8];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u64::from_le_bytes(bytes),
        // Without a source of randomness, the time and chance.
        Err(_) => js_sys::Date::now().to_bits() ^ js_sys::Math::random().to_bits(),
    }
}

/// A random seed that is easy to type again.
pub(super) fn fresh_seed() -> u64 {
    let mut bytes = [0; 4];
    // Without a source of randomness there is still a seed, just not a fresh one.
    match getrandom::fill(&mut bytes) {
        Ok(()) => u64::from(u32::from_le_bytes(bytes) % 1_000_000),
        Err(_) => 2,
    }
}

/// The folder of this version's trainers, relative to the page. The build names it.
pub(super) fn trainers() -> String {
    let named = document().document_element().and_then(|root| root.get_attribute("data-trainers"));
    named.unwrap_or_else(|| "./".into())
}
