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
fn one_finger_on_a_plot_scrolls_the_page() {
    let plots = [
        ("#/", "hero"),
        ("#/function", "plot-function"),
        ("#/path", "plot-path"),
        ("#/path", "plot-plane"),
        ("#/gates", "plot-gate"),
        ("#/backprop", "plot-eps"),
        ("#/train", "plot-curves"),
        ("#/story/12/3", "plot-recorded"),
    ];
    for (hash, plot) in plots {
        browse_sized(hash, (390, 844), async |page| {
            page.wait_for(plot).await;
            page.centre(plot).await;
            let scrolled = "return Math.round(document.scrollingElement.scrollTop)";
            let before = page.js(scrolled).await.as_f64().unwrap();
            // Where no handle is.
            let from = if plot == "hero" { (0.5, 0.9) } else { (0.3, 0.8) };
            page.swipe(plot, from, -120.0).await;
            let what = |after: f64| after > before + 60.0;
            page.expect_js_number(scrolled, what).await;
        });
    }
}

#[test]
fn a_runs_buttons_and_state_stay_in_reach() {
    let bar = "const bar = document.querySelector('.run-head').getBoundingClientRect(); \
        return bar.bottom <= innerHeight + 1 && bar.top >= 0 && bar.height <= 0.35 * innerHeight";
    browse_sized("#/train", (390, 844), async |page| {
        page.expect_that_text("glance", "what is to be done", |text| text == "Waiting for data").await;
        for where_to in ["0", "document.body.scrollHeight / 2", "document.body.scrollHeight"] {
            page.js(&format!("window.scrollTo(0, {where_to})")).await;
            assert_eq!(page.js(bar).await, json!(true), "scrolled to {where_to}");
        }
        page.click("dataset-sample").await;
        page.expect_that_text("glance", "what is to be done", |text| text == "Ready to start").await;
        page.fill("hidden-widths", "8").await;
        page.fill("epochs", "2").await;
        page.click("train-start").await;
        page.expect_that_text("glance", "how the run goes", |text| text.contains("of 2")).await;
        page.expect("train-status", "finished").await;
        page.expect_that_text("glance", "how it ended", |text| text.starts_with("Finished")).await;
    });
}

#[test]
fn on_a_desk_the_controls_come_before_the_picture() {
    browse("#/path", async |page| {
        assert_eq!(page.js(PICTURE_IS_FIRST).await, json!(false));
        assert_eq!(page.js("return getComputedStyle(document.querySelector('.glance')).display").await, json!("none"));
    });
}
