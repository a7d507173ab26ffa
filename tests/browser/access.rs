//! Access for all: axe-core's rules on every lab and part, in both themes and at both widths; focus; no layout shift.

use serde_json::{Value, json};

use crate::page::{Page, browse, browse_sized};

/// The width and height of a desk's window and of a phone's.
const SIZES: [(u32, u32); 2] = [(1440, 900), (390, 844)];

/// What is clicked to come to a view, from the view before, and what shows that it is there.
const VIEWS: [(&[&str], &str); 17] = [
    (&["nav-story"], "story-4c"),
    (&["story-4c"], "story-heading"),
    (&["nav-notebook"], "words-1"),
    (&["nav-function", "part-network"], "plot-function"),
    (&["part-depth"], "depth-rows"),
    (&["part-fit"], "plot-fit"),
    (&["nav-path"], "plot-path"),
    (&["nav-gates"], "plot-gate"),
    (&["part-boolean"], "truth-table"),
    (&["nav-plane"], "plane-play"),
    (&["nav-backprop"], "plot-eps"),
    (&["part-layers"], "layer-checks"),
    (&["nav-bench"], "bench-run"),
    (&["nav-train"], "train-start"),
    (&["dataset-sample", "view-images"], "gallery"),
    (&["view-network"], "view-network"),
    (&["view-curves"], "plot-curves"),
];

/// axe-core's source, which scripts/setup has fetched; where it could not, scripts/test says that this was not run.
fn axe() -> Option<String> {
    let path = std::env::var("AXE").ok()?;
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")))
}

/// Rules that the page breaks, and by which elements.
async fn violations(page: &Page) -> Vec<String> {
    let found = page
        .js_async(
            "const done = arguments[0];
            axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
                .then(result => done(result.violations.flatMap(rule => rule.nodes
                    // Where a handle lies is the picture's to say, and its arrow keys do the same: WCAG's own exceptions.
                    .filter(node => rule.id !== 'target-size' || !node.html.startsWith('<div class=\"handle')).map(node =>
                    rule.id + ': ' + node.html.slice(0, 160) + ' ' + (node.any.concat(node.all, node.none)[0]?.message ?? '')))))
                .catch(error => done(['axe failed: ' + error]));",
        )
        .await;
    found.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[test]
fn axe_finds_nothing_on_any_view_in_both_themes_and_widths() {
    let Some(axe) = axe() else {
        eprintln!("not run: the variable AXE does not name axe-core's source");
        return;
    };
    for size in SIZES {
        browse_sized("#/function", size, async |page| {
            page.js(&axe).await;
            let mut broken = Vec::new();
            for (clicks, mark) in VIEWS {
                for click in clicks {
                    page.click(click).await;
                }
                page.wait_for(mark).await;
                if mark == "gallery" {
                    page.expect("train-status", "ready").await;
                    page.click("image-train-0").await;
                }
                for theme in ["light", "dark"] {
                    page.click(&format!("theme-{theme}")).await;
                    let found = violations(page).await;
                    broken.extend(found.into_iter().map(|what| format!("{mark}, {theme}, {}: {what}", size.0)));
                }
            }
            assert!(broken.is_empty(), "{} violations:\n{}", broken.len(), broken.join("\n"));
        });
    }
}

#[test]
fn the_first_stop_of_the_keyboard_skips_to_the_lab() {
    browse("#/function", async |page| {
        page.wait_for("plot-function").await;
        page.press("\u{e004}").await;
        assert_eq!(page.js("return document.activeElement.dataset.testid").await, "skip");
        page.press("\u{e007}").await;
        assert_eq!(page.js("return document.activeElement.tagName").await, "MAIN");
        page.press("\u{e004}").await;
        assert_eq!(page.js("return document.activeElement.closest('main') !== null").await, true);
    });
}

/// Before the app has started, as the browser paints it first.
#[test]
fn the_first_paint_has_the_visitors_colours_and_the_shell() {
    browse("#/function", async |page| {
        page.click("theme-dark").await;
        // The page without its program.
        let address = crate::server::address();
        page.js_async(&format!(
            "const done = arguments[0];
            fetch('{address}').then(page => page.text()).then(text => {{
                const frame = document.createElement('iframe');
                frame.srcdoc = text.replace(/<script type=\"module\"[^]*?<\\/script>/g, '').replace('<head>', '<head><base href=\"{address}\">');
                frame.onload = () => {{
                    const page = frame.contentDocument, style = frame.contentWindow.getComputedStyle(page.body);
                    window.first = [style.backgroundColor, page.querySelectorAll('nav a').length, page.querySelector('.brand').textContent.trim()];
                    frame.remove();
                    done(null);
                }};
                document.body.append(frame);
            }});"
        ))
        .await;
        assert_eq!(page.js("return window.first").await, json!(["rgb(20, 22, 26)", 9, "Piecewise"]));
        // Once it runs, the shell is the app's own.
        assert_eq!(page.js("return document.querySelectorAll('.brand').length").await, 1);
    });
}

/// The sum of all shifts, those just after an input included, since this was called first.
async fn shifts(page: &Page) -> Value {
    page.js(
        "if (!window.shifts) {
            window.shifts = [];
            new PerformanceObserver(list => {
                for (const entry of list.getEntries())
                    window.shifts.push([entry.value, ...entry.sources.map(source => source.node?.outerHTML?.slice(0, 120) ?? source.node?.textContent)]);
            }).observe({ type: 'layout-shift', buffered: true });
        }",
    )
    .await;
    // Entries come a moment after the frame that shifted.
    page.js_async(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 120)))",
    )
    .await;
    page.js("return window.shifts").await
}

#[test]
fn nothing_moves_when_the_page_starts_or_a_preset_or_an_image_is_chosen() {
    browse("#/function", async |page| {
        page.wait_for("plot-function").await;
        assert_eq!(shifts(page).await, json!([]), "as the page starts");
        for (lab, mark) in [("function", "plot-function"), ("path", "plot-path"), ("gates", "plot-gate")] {
            page.click(&format!("nav-{lab}")).await;
            page.wait_for(mark).await;
            let presets = page
                .js("return [...document.querySelectorAll('[data-testid^=preset-]')].filter(e => e.tagName === 'BUTTON').map(e => e.dataset.testid)")
                .await;
            // The controls below the presets stay where they are, if the network's shape does.
            let mut places = std::collections::BTreeMap::new();
            for preset in presets.as_array().unwrap() {
                page.click(preset.as_str().unwrap()).await;
                let place = page
                    .js("const e = document.querySelector('[data-testid=layers]'); return e ? e.getBoundingClientRect().top : null")
                    .await;
                places.insert(place.to_string(), preset.clone());
            }
            assert_eq!(places.len(), 1, "{lab}: {places:?}");
        }
        page.click("nav-train").await;
        page.click("dataset-sample").await;
        page.expect("train-status", "ready").await;
        page.click("view-images").await;
        page.wait_for("image-train-0").await;
        // Wherever a click scrolls to: the place in the column.
        let top = "const e = document.querySelector('[data-testid=image-train-0]');
            return Math.round(e.getBoundingClientRect().top + e.closest('section').scrollTop + scrollY)";
        let before = page.js(top).await;
        page.click("image-train-0").await;
        page.wait_for("picked-image").await;
        assert_eq!(page.js(top).await, before, "the images move when one is picked");
    });
}
