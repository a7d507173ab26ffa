//! The first page.

use serde_json::json;

use crate::page::{browse, browse_sized};

#[test]
fn a_ring_is_dragged_and_the_verdict_changes_beside_it() {
    browse("#/", async |page| {
        page.expect("verdict", "neither").await;
        page.expect("handle-kink-1", "0").await;
        // The picture shows 8 units across; a drag to the right by an eighth of it is one unit.
        let width = page.js("return document.querySelector('[data-testid=hero]').getBoundingClientRect().width").await;
        page.drag("handle-kink-1", 0.5, width.as_f64().unwrap() / 8.0).await;
        page.expect("handle-kink-1", "1").await;
        page.keys("handle-kink-1", "\u{e012}").await;
        page.expect("handle-kink-1", "0.9").await;
        // Its weight is -2: made positive, all three neurons bend upwards.
        for _ in 0..25 {
            page.keys("handle-kink-1", "\u{e013}").await;
        }
        page.expect("verdict", "convex").await;
        page.click("hero-open").await;
        page.expect("kink-list", "[-2.0,0.9,2.0]").await;
        page.click("brand").await;
        page.wait_for("go-on").await;
        page.click("go-on").await;
        page.expect("kink-list", "[-2.0,0.9,2.0]").await;
    });
}

#[test]
fn each_labs_card_has_a_picture_of_it_as_it_is() {
    browse("#/", async |page| {
        for lab in ["function", "path", "gates", "plane", "backprop", "train", "notebook"] {
            let many = |text: &str| text.parse::<usize>().is_ok_and(|count| count >= 2);
            page.expect_that(&format!("thumbnail-{lab}"), "a few shapes", many).await;
        }
        // A neuron less, a kink less.
        let kinks = "return document.querySelectorAll('[data-testid=thumbnail-function] circle').length";
        page.expect_js(kinks, &json!(3)).await;
        page.goto("#/function?W1=1&b1=0&W2=1&b2=0&x=-5,5").await;
        page.expect("kink-count", "1").await;
        page.click("brand").await;
        page.wait_for("thumbnail-function").await;
        page.expect_js(kinks, &json!(1)).await;
    });
}

#[test]
fn questions_show_what_is_solved_and_lead_to_their_stories() {
    browse("#/", async |page| {
        page.expect("question-4d", "0").await;
        page.js("localStorage.setItem('piecewise.solved', 'function-tanh')").await;
        page.reload().await;
        page.js("document.querySelector('[data-testid=question-4d] a').click()").await;
        page.wait_for("plot-function").await;
        page.expect("story-step", "4d/1").await;
        page.click("brand").await;
        page.expect("question-4d", "1").await;
    });
}

#[test]
fn the_first_page_fits_a_phone() {
    browse_sized("#/", (390, 844), async |page| {
        page.wait_for("hero").await;
        assert_eq!(page.js("return document.documentElement.scrollWidth").await, 390);
        let top =
            page.js("return document.querySelector('[data-testid=verdict]').getBoundingClientRect().bottom").await;
        assert!(top.as_f64().unwrap() <= 844.0, "the verdict is on the first screen, {top}");
    });
}
