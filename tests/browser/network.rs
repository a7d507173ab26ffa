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
        expect_lit(page, &["W1-1-0", "b1-1", "W2-0-1"], 1).await;
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
