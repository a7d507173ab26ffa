use serde_json::json;

use crate::page::{browse, browse_sized};

/// Labs, and something that only they show.
const LABS: [(&str, &str); 8] = [
    ("notebook", "words-1"),
    ("path", "plot-path"),
    ("train", "train-start"),
    ("gates", "plot-gate"),
    ("backprop", "plot-eps"),
    ("plane", "plane-play"),
    ("bench", "bench-run"),
    ("function", "plot-function"),
];

#[test]
fn the_navigation_shows_the_labs_that_exist() {
    browse("", async |page| {
        page.wait_for("hero").await;
        let links = "return [...document.querySelectorAll('nav a')].map(a => a.textContent)";
        assert_eq!(
            page.js(links).await,
            json!(["Stories", "Function", "Path", "Gates", "Plane", "Backprop", "Train", "Bench", "Notebook"])
        );
        for (lab, mark) in LABS {
            page.click(&format!("nav-{lab}")).await;
            page.wait_for(mark).await;
            let current = "return document.querySelector('nav a[aria-current=page]').getAttribute('href')";
            assert_eq!(page.js(current).await, format!("#/{lab}"));
            assert!(page.title().await.to_lowercase().starts_with(lab));
        }
        page.js("history.back()").await;
        page.wait_for("bench-run").await;
        page.goto("#/no-such-lab").await;
        page.wait_for("hero").await;
        page.expect_error("no-such-lab").await;
    });
}

#[test]
fn colours_follow_the_choice_and_are_kept() {
    browse("#/function", async |page| {
        let theme = "return [document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor]";
        assert_eq!(page.js(theme).await, json!(["light", "rgb(252, 251, 247)"]));
        page.click("theme-dark").await;
        assert_eq!(page.js(theme).await, json!(["dark", "rgb(20, 22, 26)"]));
        page.reload().await;
        assert_eq!(page.js(theme).await[0], "dark");
        page.click("theme-system").await;
        assert_eq!(page.js(theme).await[0], "light");
    });
}

#[test]
fn every_control_has_a_name_and_formulas_are_mathml() {
    browse("#/function", async |page| {
        for (lab, mark) in LABS {
            page.click(&format!("nav-{lab}")).await;
            page.wait_for(mark).await;
            let nameless =
                "return [...document.querySelectorAll('input, select, button, a, canvas, [role=progressbar]')]
                .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length))
                .map(e => e.outerHTML)";
            assert_eq!(page.js(nameless).await, json!([]));
            let untested = "return [...document.querySelectorAll('input, select, button, canvas')]
                .filter(e => !e.dataset.testid).map(e => e.outerHTML)";
            assert_eq!(page.js(untested).await, json!([]));
        }
        page.click("nav-function").await;
        page.wait_for("formula").await;
        let formulas = "return [...document.querySelectorAll('.formula math')].map(m => m.namespaceURI)";
        let mathml = "http://www.w3.org/1998/Math/MathML";
        assert_eq!(page.js(formulas).await, json!([mathml, mathml]));
    });
}

#[test]
fn a_phone_shows_every_lab_without_scrolling_sideways() {
    browse_sized("#/function", (390, 844), async |page| {
        for (lab, mark) in LABS {
            page.js(&format!("location.hash = '#/{lab}'")).await;
            page.wait_for(mark).await;
            assert_eq!(page.js("return innerWidth").await, 390);
            assert_eq!(page.js("return document.documentElement.scrollWidth").await, 390, "{lab}");
        }
    });
}

#[test]
fn nothing_comes_from_another_host_and_the_trainer_only_when_needed() {
    browse("#/function", async |page| {
        page.wait_for("plot-function").await;
        let files = "return performance.getEntriesByType('resource').map(entry => entry.name)";
        let loaded = page.js(files).await;
        for file in loaded.as_array().unwrap() {
            let file = file.as_str().unwrap();
            assert!(file.starts_with(crate::server::address()) || file.starts_with("data:"), "{file}");
            assert!(!file.contains("trainer"), "{file} is not needed yet");
        }
        assert_eq!(page.js("return crossOriginIsolated").await, true);
    });
}
