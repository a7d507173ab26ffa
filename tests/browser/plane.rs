//! The plane lab: a network that learns, seen exactly.

use serde_json::json;

use crate::page::{Page, browse};

/// A small run: quick to train wherever the tests run.
const SMALL: &str = "#/plane?data=circles&n=50&noise=0&net=6&rate=0.03";

async fn steps(page: &Page) -> f64 {
    let text = "return Number(document.querySelector('[data-testid=plane-status]').textContent.match(/Step ([\\d,]+)/)[1].replace(/,/g, ''))";
    page.js(text).await.as_f64().unwrap()
}

#[test]
fn a_run_is_played_paused_stepped_and_scrubbed_and_begins_again_at_the_same_weights() {
    browse(SMALL, async |page| {
        // Six lines through the origin: twelve regions, by Σ C(6, i) at most 22.
        page.expect("plane-regions", "12").await;
        page.expect("plane-bound", "22").await;
        page.expect("plane-proved", "false").await;
        let wrong = page.value("plane-wrong").await;
        page.click("plane-step").await;
        page.expect_that_text("plane-status", "one step", |text| text.starts_with("Step 1,")).await;
        page.select("plane-speed", "most").await;
        page.click("plane-play").await;
        page.expect("plane-wrong", "0").await;
        page.expect("plane-proved", "true").await;
        page.click("plane-play").await;
        page.expect("plane-status", "paused").await;
        let end = steps(page).await;
        assert!(end > 20.0, "{end}");
        // The first of the kept steps.
        page.keys("plane-scrub", "\u{e011}").await;
        page.expect("plane-regions", "12").await;
        page.expect("plane-wrong", &wrong).await;
        page.keys("plane-scrub", "\u{e010}").await;
        page.expect("plane-wrong", "0").await;
        page.click("plane-again").await;
        page.expect("plane-regions", "12").await;
        page.expect("plane-wrong", &wrong).await;
        assert_eq!(steps(page).await, 0.0);
    });
}

#[test]
fn settings_are_in_the_address_and_are_undone() {
    browse("#/plane", async |page| {
        page.wait_for("plane-play").await;
        page.select("plane-data", "spirals").await;
        page.select("plane-classes", "3").await;
        page.fill("plane-layers", "4 3").await;
        page.keys("plane-layers", "\u{e007}").await;
        page.expect("plane-bound", "77").await;
        page.expect_hash("data=spirals&classes=3").await;
        page.expect_hash("net=4,3").await;
        page.fill("plane-layers", "40").await;
        page.keys("plane-layers", "\u{e007}").await;
        page.expect_error("1 to 32").await;
        page.expect("plane-bound", "77").await;
        page.reload().await;
        page.expect("plane-bound", "77").await;
        assert_eq!(page.input("plane-classes").await, "3");
        // A change that has rested is a step of its own.
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        page.select("plane-data", "moons").await;
        page.expect_hash("data=moons").await;
        page.click("undo").await;
        page.expect_hash("data=spirals").await;
    });
}

#[test]
fn the_plane_is_drawn_moved_and_read_and_saved() {
    browse(SMALL, async |page| {
        page.expect("plane-regions", "12").await;
        page.hover("plot-plane", 0.6, 0.4).await;
        page.expect_that_text("plot-plane-holder", "the affine map", |text| {
            text.contains("prediction") && text.contains("z₁ =") && text.contains("on in layer 1")
        })
        .await;
        // Away from the origin there are fewer lines.
        page.click("zoom-in").await;
        page.expect("plane-regions", "12").await;
        for _ in 0..10 {
            page.keys("plot-plane-holder", "\u{e014}\u{e014}\u{e014}\u{e014}").await;
        }
        page.expect_that("plane-regions", "fewer regions", |text| {
            text.parse::<usize>().is_ok_and(|regions| regions < 12)
        })
        .await;
        page.click("zoom-reset").await;
        page.expect("plane-regions", "12").await;
        page.catch_downloads().await;
        let svg = page.export("plot-plane", "svg").await;
        assert!(svg.contains("class 2") && svg.matches("<polygon").count() >= 12, "{svg}");
        let csv = page.export("plot-plane", "csv").await;
        assert!(csv.starts_with("area,class,sureness,x1,x2\n"), "{csv}");
        page.expect_no_error().await;
    });
}

#[test]
fn a_trained_gate_is_handed_to_the_prover() {
    browse("#/plane?data=xor&n=20&noise=0&net=4", async |page| {
        page.expect_that("plane-regions", "a picture", |text| text != "–").await;
        page.click("plane-prove").await;
        // Untrained, it is no gate.
        page.expect("gate-verdict", "refuted").await;
        assert_eq!(page.input("gate-spec").await, "xor");
        page.click("nav-plane").await;
        page.fill("plane-layers", "4 3").await;
        page.keys("plane-layers", "\u{e007}").await;
        page.expect_hash("net=4,3").await;
        page.expect_that("plane-bound", "the bound", |text| text == "77").await;
        page.click("plane-prove").await;
        page.expect_error("of one width").await;
    });
}

#[test]
fn ten_seeds_are_tried() {
    browse("#/plane?data=xor&n=20&noise=0&net=2&rate=0.03", async |page| {
        page.expect_that("plane-regions", "a picture", |text| text != "–").await;
        page.click("plane-try-seeds").await;
        page.expect_that("plane-seeds", "ten results", |text| text.matches(',').count() == 9).await;
        // The run itself stays where it was.
        assert_eq!(steps(page).await, 0.0);
    });
}

#[test]
fn points_are_drawn_pasted_and_refused() {
    browse("#/plane?data=xor&n=20&noise=0", async |page| {
        page.expect_that("plane-regions", "a picture", |text| text != "–").await;
        page.click("draw-2").await;
        page.pull("plot-plane-holder", 60.0, 0.0).await;
        page.expect_js("return document.querySelector('[data-testid=plane-data]').value", &json!("own")).await;
        page.expect_hash("data=own").await;
        let lines = "return document.querySelector('[data-testid=plane-points]').value.trim().split('\\n').length";
        page.expect_js_number(lines, |count| count >= 23.0).await;
        page.js("const field = document.querySelector('[data-testid=plane-points]');
            field.value = '0.5, 0.5, 1\\n-0.5, -0.5, 3';
            field.dispatchEvent(new Event('change'));")
            .await;
        page.expect_hash("classes=3").await;
        page.expect_js_number(lines, |count| count == 3.0).await;
        page.js("const field = document.querySelector('[data-testid=plane-points]');
            field.value = '0.5, 0.5';
            field.dispatchEvent(new Event('change'));")
            .await;
        page.expect_error("Line 1 has 2 values").await;
    });
}
