//! A lab on a phone.

use serde_json::json;

use crate::page::{browse, browse_sized};

/// Which of a lab's picture and its first slider comes first for the keyboard.
const PICTURE_IS_FIRST: &str = "const picture = document.querySelector('.plot-holder'), slider = document.querySelector('input[type=range]'); \
     return !!(picture.compareDocumentPosition(slider) & Node.DOCUMENT_POSITION_FOLLOWING)";

/// The picture and the verdict's line, as shares of the height.
const SEEN: &str = "const edges = s => { const r = document.querySelector(s).getBoundingClientRect(); return [r.top / innerHeight, r.bottom / innerHeight] }; \
     return [...edges('.glance'), ...edges('.plot-holder')]";

#[test]
fn on_a_phone_slider_picture_and_verdict_are_seen_together() {
    for (hash, words) in [("#/function", "kinks · "), ("#/gates", "Refuted at ("), ("#/path", "convex")] {
        browse_sized(hash, (390, 844), async |page| {
            page.js("document.querySelector('input[type=range]').scrollIntoView({ block: 'end' })").await;
            let seen: Vec<f64> = serde_json::from_value(page.js(SEEN).await).unwrap();
            assert!(
                seen[0] >= 0.0 && seen[1] <= seen[2] + 0.001,
                "{hash}: the verdict's line lies above the picture: {seen:?}"
            );
            assert!(seen[3] <= 0.351, "{hash}: picture and verdict take at most 35 % of the height: {seen:?}");
            let text = page.js("return document.querySelector('.glance').innerText").await;
            assert!(text.as_str().unwrap().contains(words), "{hash}: {text}");
            assert_eq!(page.js(PICTURE_IS_FIRST).await, json!(true), "{hash}: the keyboard goes as the eye does");
        });
    }
}

#[test]
fn on_a_desk_the_controls_come_before_the_picture() {
    browse("#/path", async |page| {
        assert_eq!(page.js(PICTURE_IS_FIRST).await, json!(false));
        assert_eq!(page.js("return getComputedStyle(document.querySelector('.glance')).display").await, json!("none"));
    });
}
