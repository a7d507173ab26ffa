//! What can be taken hold of: with a mouse, with a finger, with keys.

use crate::page::{Page, browse, browse_sized};

/// Key codes.
const LEFT: &str = "\u{e012}";
const UP: &str = "\u{e013}";
const RIGHT: &str = "\u{e014}";

/// CSS pixels of a unit of x on the function lab's plot, by two handles and the places that they say.
async fn unit_px(page: &Page, a: &str, b: &str) -> f64 {
    page.wait_for(a).await;
    page.wait_for(b).await;
    let script = format!(
        "const [a, b] = ['{a}', '{b}'].map(id => document.querySelector(`[data-testid=${{id}}]`));
        const left = element => element.getBoundingClientRect().x;
        return (left(b) - left(a)) / (b.dataset.value - a.dataset.value);"
    );
    page.js(&script).await.as_f64().unwrap()
}

/// The number in a field.
async fn typed(page: &Page, testid: &str) -> f64 {
    page.input(testid).await.parse().unwrap()
}

#[test]
fn a_kink_is_dragged_sideways_and_up_and_each_drag_is_undone_as_one_step() {
    browse("#/function", async |page| {
        page.expect("handle-kink-0", "-2").await;
        let unit = unit_px(page, "handle-kink-0", "handle-kink-1").await;
        page.pull("handle-kink-0", unit, 3.0).await;
        page.expect("handle-kink-0", "-1").await;
        assert_eq!(typed(page, "param-b1-0-value").await, 1.0, "its bias, and a decimal");
        assert_eq!(typed(page, "param-W2-0-0-value").await, 1.0, "its weight has not moved");
        assert!(page.value("kink-list").await.contains("-1.0"));
        page.pull("handle-kink-0", 2.0, -60.0).await;
        // Upwards the weight grows.
        let grown = |text: &str| text.parse::<f64>().is_ok_and(|weight| weight > 1.0);
        page.expect_that_input("param-W2-0-0-value", "more than 1", grown).await;
        page.expect("handle-kink-0", "-1").await;
        page.click("undo").await;
        assert_eq!(typed(page, "param-W2-0-0-value").await, 1.0);
        assert_eq!(typed(page, "param-b1-0-value").await, 1.0);
        page.click("undo").await;
        page.expect("handle-kink-0", "-2").await;
        assert!(!page.is_enabled("undo").await);
    });
}

#[test]
fn handles_go_by_keys_and_say_what_they_change() {
    browse("#/function", async |page| {
        page.keys("handle-kink-1", LEFT).await;
        page.expect("handle-kink-1", "0.9").await;
        page.keys("handle-kink-1", &format!("\u{e008}{RIGHT}")).await;
        page.expect("handle-kink-1", "0.91").await;
        page.keys("handle-lift", UP).await;
        assert_eq!(typed(page, "param-b2-0-value").await, -0.9);
        let name = page.js("return document.querySelector('[data-testid=handle-kink-1]').ariaLabel").await;
        assert_eq!(
            name,
            "Bend of neuron 2; arrows left and right change b1, row 2; arrows up and down change W2, row 1, column 2"
        );
        let value = page.js("return document.querySelector('[data-testid=handle-kink-1]').ariaValueText").await;
        assert_eq!(value, "x = 0.91");
        // At the left end some neuron is on: its outgoing weight turns f there.
        let before = page.number("handle-end-left").await;
        page.keys("handle-end-left", UP).await;
        page.expect_that("handle-end-left", "higher", |value| value.parse::<f64>().unwrap() > before).await;
    });
}

#[test]
fn a_deeper_kink_is_dragged_exactly_and_stops_where_the_network_cannot_follow() {
    // A hat, cut off by a second layer.
    let hat = "#/function?W1=1,1,1&b1=3,0,-3&W2=1,-2,1&b2=-1&W3=2&b3=0&x=-5,5";
    browse(hat, async |page| {
        page.expect("handle-kink-1-0-0", "-2").await;
        let unit = unit_px(page, "handle-kink-0", "handle-kink-1").await;
        page.pull("handle-kink-1-0-0", 0.7 * unit, 0.0).await;
        page.expect("handle-kink-1-0-0", "-1.3").await;
        assert_eq!(typed(page, "param-b2-0-value").await, -1.7);
        // At 0 the neuron turns, and no bias makes it cross there.
        page.pull("handle-kink-1-0-0", 1.3 * unit, 0.0).await;
        let why = page.said("handle-problem").await;
        assert!(why.contains("turns back here"), "{why}");
        assert_eq!(page.value("handle-kink-1-0-0").await, "-0.1", "it stops where it could last be");
    });
}

#[test]
fn a_finger_drags_a_handle_and_scrolls_the_page_beside_it() {
    browse_sized("#/function", (390, 844), async |page| {
        page.expect("handle-kink-1", "1").await;
        let unit = unit_px(page, "handle-kink-0", "handle-kink-1").await;
        let scrolled = "return Math.round(document.scrollingElement.scrollTop)";
        let before = page.js(scrolled).await;
        page.touch("handle-kink-1", unit, 0.0).await;
        page.expect("handle-kink-1", "2").await;
        assert_eq!(page.js(scrolled).await, before);
        let size = "const box = document.querySelector('[data-testid=handle-kink-1]').getBoundingClientRect();
            return Math.min(box.width, box.height)";
        assert!(page.js(size).await.as_f64().unwrap() >= 24.0);
    });
}

#[test]
fn a_plot_is_dragged_zoomed_pinned_and_sent_home() {
    browse("#/function", async |page| {
        page.expect("plot-pin", "free").await;
        let handle = "return document.querySelector('[data-testid=handle-kink-1]').getBoundingClientRect().x";
        page.wait_for("handle-kink-1").await;
        let before = page.js(handle).await.as_f64().unwrap();
        // Over a plot without the focus the wheel scrolls the page.
        page.wheel("plot-function", 0.5, 120.0, false).await;
        page.expect("plot-pin", "free").await;
        let unit = unit_px(page, "handle-kink-0", "handle-kink-1").await;
        page.wheel("plot-function", 0.5, -120.0, true).await;
        page.expect("plot-pin", "pinned").await;
        let closer = unit_px(page, "handle-kink-0", "handle-kink-1").await;
        assert!(closer > 1.1 * unit, "{closer} after {unit}");
        page.click("plot-pin").await;
        page.expect("plot-pin", "free").await;
        page.drag("plot-function", 0.62, 50.0).await;
        let after = page.js(handle).await.as_f64().unwrap();
        assert!((after - before - 50.0).abs() < 2.0, "the picture goes with the pointer: {before} to {after}");
        page.keys("plot-function-holder", "0").await;
        page.expect("plot-pin", "free").await;
        assert!((page.js(handle).await.as_f64().unwrap() - before).abs() < 2.0);
        // What is pinned stays, whatever changes.
        page.click("plot-pin").await;
        let axis = page.js(handle).await;
        page.fill("param-b2-0-value", "4").await;
        assert_eq!(page.js(handle).await, axis);
        page.expect("plot-pin", "pinned").await;
    });
}

#[test]
fn a_neurons_line_is_dragged_and_turned() {
    browse("#/gates?gate=or&table=000000000&W1=1,0,0,1&b1=0,0&W2=1,1&b2=0", async |page| {
        page.expect("gate-verdict", "proved").await;
        page.pull("handle-line-0", 70.0, 0.0).await;
        page.expect("gate-verdict", "refuted").await;
        assert!(typed(page, "param-b1-0-value").await < 0.0, "the line x₁ = 0 has gone to the right");
        page.click("undo").await;
        page.expect("gate-verdict", "proved").await;
        page.keys("handle-turn-1", RIGHT).await;
        page.expect("gate-verdict", "refuted").await;
        assert_eq!(typed(page, "param-W1-1-0-value").await, 0.1);
    });
}

#[test]
fn one_flies_to_a_counterexample_of_a_billionth_and_back() {
    browse("#/gates", async |page| {
        page.click("preset-or-nearly").await;
        page.expect("gate-verdict", "refuted").await;
        page.hover("plot-gate", 0.45, 0.3).await;
        page.click("show-counterexample").await;
        page.expect("show-counterexample", "away").await;
        // A step of an arrow is a fiftieth of a plane that is a few billionths wide.
        page.keys("plot-gate-holder", RIGHT).await;
        page.expect_that_text("plot-gate-spoken", "billionths", |text| text.contains("0.00000000")).await;
        page.wait_for("plot-mark").await;
        page.click("show-counterexample").await;
        page.expect("show-counterexample", "home").await;
        // The mark does the same.
        page.wait_for("plot-mark").await;
        page.click("plot-mark").await;
        page.expect("show-counterexample", "away").await;
    });
}

#[test]
fn the_ends_of_a_path_are_dragged_in_a_plane_of_two_parameters() {
    browse("#/path", async |page| {
        page.wait_for("plane-kind").await;
        assert!(!page.has("handle-to").await);
        page.select("plane-kind", "sliders").await;
        // The map follows when the choice has rested.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let before = page.number("handle-to").await;
        page.pull("handle-to", 40.0, 30.0).await;
        page.expect_that("handle-to", "further right", |value| value.parse::<f64>().unwrap() > before).await;
        page.click("edit-to").await;
        let first = typed(page, "param-W1-0-0-value").await;
        assert_eq!(first, page.number("handle-to").await);
        page.click("undo").await;
        page.keys("handle-from", LEFT).await;
        page.click("edit-from").await;
        assert_eq!(typed(page, "param-W1-0-0-value").await, page.number("handle-from").await);
    });
}

#[test]
fn a_knot_of_the_interpolation_is_dragged_and_taken_back() {
    browse("#/function?part=fit&target=sin&k=4&seed=1", async |page| {
        let before = page.value("fit-error").await;
        page.pull("handle-knot-1", 0.0, -60.0).await;
        page.expect_that("fit-error", "another error", |error| error != before).await;
        assert!(page.is_shown("fit-knots").await);
        page.expect_hash("knots=").await;
        page.click("undo").await;
        page.expect("fit-error", &before).await;
        page.keys("handle-knot-0", UP).await;
        page.expect_that("fit-error", "another error", |error| error != before).await;
        page.click("fit-knots").await;
        page.expect("fit-error", &before).await;
    });
}

#[test]
fn numbers_are_dragged_and_a_click_still_types() {
    browse("#/function", async |page| {
        page.expect("handle-kink-0", "-2").await;
        page.pull("param-b1-0-value", 50.0, 0.0).await;
        page.expect("handle-kink-0", "-3").await;
        assert_eq!(page.input("param-b1-0-value").await, "3");
        page.click("param-b1-0-value").await;
        // All of it is chosen, so what is typed takes its place.
        page.press("1.5").await;
        page.expect("handle-kink-0", "-1.5").await;
        page.goto("#/backprop").await;
        let before = typed(page, "q8-W-0-0").await;
        page.pull("q8-W-0-0", -15.0, 0.0).await;
        assert!((typed(page, "q8-W-0-0").await - before + 0.3).abs() < 1e-9);
    });
}

#[test]
fn a_deeper_neurons_line_is_moved_by_its_bias() {
    let and = "#/gates?gate=and&table=000000000&W1=1,0,0,1&b1=0,0&W2=1,0,1,-1&b2=0,0&W3=1,-1&b3=0";
    browse(and, async |page| {
        page.expect("gate-verdict", "proved").await;
        page.expect("handle-line-1-1", "0").await;
        page.keys("handle-line-1-1", "\u{e014}").await;
        page.expect("handle-line-1-1", "-0.1").await;
        assert_eq!(page.input("param-b2-1-value").await, "-0.1");
        page.expect("gate-verdict", "refuted").await;
        page.click("undo").await;
        page.expect("handle-line-1-1", "0").await;
        page.pull("handle-line-1-1", 60.0, 0.0).await;
        let moved = |value: &str| value.parse::<f64>().is_ok_and(|bias| bias < -0.2);
        page.expect_that("handle-line-1-1", "to have moved right", moved).await;
        page.expect("gate-verdict", "refuted").await;
    });
}
