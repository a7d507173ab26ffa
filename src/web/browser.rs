//! Small things that only a browser can do.

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

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

/// The date as it is written here.
pub(super) fn today() -> String {
    js_sys::Date::new_0().to_locale_date_string("default", &JsValue::UNDEFINED).into()
}

/// Offers what an address holds as a file to save.
pub(super) fn download_url(name: &str, url: &str) {
    let Ok(element) = document().create_element("a") else { return };
    let anchor: HtmlAnchorElement = element.unchecked_into();
    anchor.set_href(url);
    anchor.set_download(name);
    anchor.click();
}

/// Puts text on the clipboard, and says whether that was allowed; where not, offers it as a file.
pub(super) fn copy(text: String, done: impl FnOnce(bool) + 'static) {
    wasm_bindgen_futures::spawn_local(async move {
        let promise = window().navigator().clipboard().write_text(&text);
        let is_copied = wasm_bindgen_futures::JsFuture::from(promise).await.is_ok();
        if !is_copied {
            download_text("piecewise-weights.txt", "text/plain", &text);
        }
        done(is_copied);
    });
}

/// A value kept in the browser, if storage is allowed and has it.
pub(super) fn stored(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Keeps a value in the browser. Where storage is denied, nothing is kept, and nothing breaks.
pub(super) fn store(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        drop(storage.set_item(key, value));
    }
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
