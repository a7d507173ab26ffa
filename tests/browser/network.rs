//! The network drawn, and what is lit with it.

use serde_json::json;

use crate::page::{Page, browse};

/// The sliders that are lit, and how many kinks on the plot.
async fn expect_lit(page: &Page, sliders: &[&str], kinks: usize) {
    let script = "const sliders = [...document.querySelectorAll('.parameter.lit input[type=range]')];
        return [sliders.map(e => e.dataset.testid.slice(6)), document.querySelectorAll('.lit-mark').length];";
    page.expect_js(script, &json!([sliders, kinks])).await;
}

#[test]
fn a_kink_its_neuron_and_its_sliders_light_each_other() {
    browse("#/function", async |page| {
        page.hover("param-b1-1", 0.5, 0.5).await;
        expect_lit(page, &["b1-1"], 1).await;
        // The kink that is lit is the one to point at.
        let script = "const at = document.querySelector('.lit-mark').getBoundingClientRect();
            const plot = document.querySelector('[data-testid=plot-function-holder]').getBoundingClientRect();
            return [(at.x + at.width / 2 - plot.x) / plot.width, (at.y + at.height / 2 - plot.y) / plot.height];";
        let at: [f64; 2] = serde_json::from_value(page.js(script).await).unwrap();
        page.hover("plot-function-holder", at[0], at[1]).await;
        // There is a handle on it, which lights what it changes.
        expect_lit(page, &["b1-1", "W2-0-1"], 1).await;
        page.hover("plot-function-holder", at[0], at[1] + 0.2).await;
        expect_lit(page, &[], 0).await;
        // A piece has a kink at each end.
        let row = "document.querySelector('[data-testid=pieces] tbody tr:nth-child(2) td').dispatchEvent(new PointerEvent('pointerover', {bubbles: true}))";
        page.js(row).await;
        expect_lit(page, &[], 2).await;
        page.hover("kink-count", 0.5, 0.5).await;
        // So does the focus, where nothing is pointed at.
        page.js("document.querySelector('[data-testid=param-W2-0-2]').focus()").await;
        page.js("document.querySelector('[data-testid=pieces] tbody').dispatchEvent(new PointerEvent('pointerleave'))")
            .await;
        expect_lit(page, &["W2-0-2"], 1).await;
    });
}

/// What a node holds where the plot is pointed at.
async fn held(page: &Page, nodes: &[&str]) -> Vec<String> {
    let mut held = Vec::new();
    for node in nodes {
        held.push(page.value(node).await);
    }
    held
}

#[test]
fn an_edge_is_dragged_and_stepped_and_the_function_follows() {
    browse("#/function", async |page| {
        // f = ReLU(x + 2) − 2 ReLU(x − 1) + ReLU(−x − 3) − 1: the edge is the first neuron's outgoing weight.
        page.drag("edge-W2-0-0", 0.5, 50.0).await;
        assert_eq!(page.input("param-W2-0-0-value").await, "2");
        let slope = async |index: usize| page.json("pieces").await[index]["slope"].as_f64();
        page.expect_that("pieces", "steeper", |pieces| pieces.contains("2.0")).await;
        assert_eq!([slope(1).await, slope(2).await], [Some(0.0), Some(2.0)]);
        // Keys: up by a tenth, with Shift by a hundredth; right goes on to the next weight.
        page.press("\u{e013}").await;
        assert_eq!(page.input("param-W2-0-0-value").await, "2.1");
        page.press("\u{e014}\u{e015}").await;
        assert_eq!(page.input("param-W2-0-1-value").await, "-2.1");
        // A node is its neuron's bias. One drag is one step back.
        page.drag("node-1-1", 0.5, 30.0).await;
        assert_eq!(page.input("param-b1-1-value").await, "-0.4");
        page.expect_that("kink-list", "a moved kink", |kinks| kinks.contains("0.4")).await;
        page.js_async("setTimeout(arguments[arguments.length - 1], 500)").await;
        page.click("undo").await;
        assert_eq!(page.input("param-b1-1-value").await, "-1");
    });
}

#[test]
fn a_click_goes_to_the_field_and_a_kink_lights_its_node() {
    browse("#/function", async |page| {
        page.drag("edge-W1-2-0", 0.5, 0.0).await;
        page.expect_js("return document.activeElement.dataset.testid", &json!("param-W1-2-0-value")).await;
        let lit = "return [...document.querySelectorAll('.network-area .lit')].map(e => e.dataset.testid)";
        page.hover("network", 0.5, 0.99).await;
        page.hover("param-b1-1", 0.5, 0.5).await;
        page.expect_js(lit, &json!(["node-1-1"])).await;
        page.hover("node-1-1", 0.5, 0.5).await;
        page.expect_js(lit, &json!(["edge-W1-1-0", "edge-W2-0-1", "node-1-1"])).await;
        expect_lit(page, &["W1-1-0", "b1-1", "W2-0-1"], 1).await;
        page.expect_that_text("network-note", "the neuron", |text| text.contains("b₁,₂ = −1")).await;
    });
}

#[test]
fn where_the_plot_is_pointed_at_every_node_holds_its_exact_value() {
    browse("#/function", async |page| {
        page.js("document.querySelector('[data-testid=plot-function-holder]').focus()").await;
        // From the middle, which is x = 0, right by a fifth of a unit a key.
        page.press("\u{e014}").await;
        page.expect_that("node-in-0", "a place", |x| !x.is_empty()).await;
        let x: f64 = page.value("node-in-0").await.parse().unwrap();
        assert!(0.0 < x && x < 1.0, "{x}");
        let exact = |value: f64| format!("{}", (value * 1000.0).round() / 1000.0);
        let nodes = held(page, &["node-1-0", "node-1-1", "node-1-2", "node-out"]).await;
        assert_eq!(nodes, [exact(x + 2.0), "0".into(), "0".into(), exact(x + 1.0)]);
        let off = "return [...document.querySelectorAll('.node.off')].map(e => e.dataset.testid)";
        page.expect_js(off, &json!(["node-1-1", "node-1-2"])).await;
        let idle = "return [...document.querySelectorAll('.edge.idle')].map(e => e.dataset.testid)";
        page.expect_js(idle, &json!(["edge-W2-0-1", "edge-W2-0-2"])).await;
        page.press("\u{e00c}").await;
        page.expect("node-out", "").await;
    });
}

#[test]
fn the_drawing_is_folded_for_good_and_exported() {
    browse("#/function", async |page| {
        page.catch_downloads().await;
        let svg = String::from_utf8(page.download("network-svg").await).unwrap();
        assert_eq!(svg.matches("<g ").count(), 4);
        page.click("network-toggle").await;
        page.expect_js("return document.querySelectorAll('[data-testid=network]').length", &json!(0)).await;
        page.reload().await;
        page.wait_for("plot-function").await;
        assert!(!page.has("network").await);
    });
}

#[test]
fn a_preset_goes_over_into_the_next_and_opens_as_a_path() {
    browse("#/function", async |page| {
        // ReLU(x) − ReLU(−x), and then ReLU(x) + ReLU(−x): one weight goes from −1 to 1.
        page.click("preset-linear").await;
        page.expect("shape", "linear").await;
        // The picture takes its time, what is true does not: seen in the frame after the click.
        let script = "const done = arguments[arguments.length - 1];
            const width = () => Number(document.querySelector('[data-testid=edge-W2-0-1]').getAttribute('stroke-width'));
            document.querySelector('[data-testid=preset-convex]').click();
            const seen = [];
            const look = () => {
                seen.push(width());
                if (seen.length === 1) seen.push(document.querySelector('[data-testid=param-W2-0-1-value]').value);
                if (seen.length < 60) requestAnimationFrame(look); else done(seen);
            };
            requestAnimationFrame(() => requestAnimationFrame(look));";
        let seen = page.js_async(script).await;
        let widths: Vec<f64> = seen.as_array().unwrap().iter().filter_map(serde_json::Value::as_f64).collect();
        assert_eq!(seen[1], "1");
        let full = *widths.last().unwrap();
        // On the way from −1 to 1 the weight is 0, so its edge is thin for a while.
        assert!(widths.iter().any(|&width| width < 0.9 * full), "{widths:?}");
        page.expect("shape", "convex").await;
        page.click("open-path").await;
        page.expect_hash("#/path").await;
        page.expect_hash("W2=1,-1").await;
        page.expect_hash("to.W2=1,1").await;
    });
}

#[test]
fn two_parameters_play_at_once_at_a_chosen_speed() {
    browse("#/function", async |page| {
        page.centre("play-W2-0-1").await;
        page.click("play-b1-0").await;
        page.click("play-W2-0-1").await;
        page.select("play-speed", "double").await;
        let values = async || [page.input("param-b1-0-value").await, page.input("param-W2-0-1-value").await];
        let before = values().await;
        page.js_async("setTimeout(arguments[arguments.length - 1], 300)").await;
        let after = values().await;
        assert!(before[0] != after[0] && before[1] != after[1], "{before:?}, {after:?}");
        page.click("play-stop").await;
        assert!(!page.has("playing").await);
    });
}

#[test]
fn a_gates_network_shows_where_its_neurons_are_on() {
    browse("#/gates", async |page| {
        page.wait_for("node-1-2").await;
        let areas = "return [...document.querySelectorAll('.node .area')].filter(e => e.getAttribute('d')).length";
        page.expect_js(areas, &json!(4)).await;
        page.hover("plot-gate-holder", 0.7, 0.3).await;
        page.expect_that("node-in-0", "a place", |x| !x.is_empty()).await;
        let [x, y]: [f64; 2] =
            [page.value("node-in-0").await, page.value("node-in-1").await].map(|v| v.parse().unwrap());
        assert!(x > 0.0 && y > 0.0, "({x}, {y})");
        let exact = |value: f64| format!("{}", (value * 1e6).round() / 1e6);
        assert_eq!(held(page, &["node-1-0", "node-1-1"]).await, [exact(x), exact(y)]);
    });
}
