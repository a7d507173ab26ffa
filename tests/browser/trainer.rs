//! A trainer that does not start, whatever the reason, is said and can be tried again.

use serde_json::json;

use crate::page::{Page, browse};
use crate::server;
use crate::train::use_sample;

/// The screens that need the trainer.
const SCREENS: [(&str, &str); 3] =
    [("#/train", "train-start"), ("#/bench", "bench-run"), ("#/function", "plot-function")];

async fn expect_no_trainer(page: &Page, sentence: &str) {
    page.expect_error(sentence).await;
    page.wait_for("trainer-retry").await;
}

#[test]
fn a_trainer_that_is_missing_is_said_and_tried_again() {
    browse("#/function", async |page| {
        let folder = "refuse/trainer/";
        page.goto_at(folder, "#/train").await;
        expect_no_trainer(page, "the server answers 404 for trainer_loader.js").await;
        page.expect_text("train-status", "No trainer").await;
        // What is asked for meanwhile is refused, and data that were asked for come when there is a trainer.
        page.click("dataset-sample").await;
        expect_no_trainer(page, "404").await;
        page.expect("train-status", "idle").await;
        page.click("nav-bench").await;
        expect_no_trainer(page, "404").await;
        assert!(page.is_enabled("bench-run").await);
        page.click("nav-train").await;
        // What was tried is over.
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        server::allow(folder);
        page.click("trainer-retry").await;
        page.expect("train-status", "ready").await;
        page.expect_no_error().await;
        page.click("nav-bench").await;
        page.expect_that("kernel", "that of a trainer", |kernel| kernel.contains("simd")).await;
        assert!(!page.has("trainer-retry").await);
    });
}

#[test]
fn a_server_that_does_not_answer_is_said() {
    browse("#/function", async |page| {
        page.goto_at("hang/trainer/", "#/train").await;
        expect_no_trainer(page, "the server does not answer").await;
    });
}

#[test]
fn a_trainer_that_says_nothing_is_said_and_tried_again() {
    browse("#/function", async |page| {
        let folder = "mute/trainer/";
        page.goto_at(folder, "#/train").await;
        expect_no_trainer(page, "The trainer does not answer").await;
        server::allow(folder);
        page.click("trainer-retry").await;
        use_sample(page).await;
        page.expect_no_error().await;
    });
}

#[test]
fn where_the_relaxed_trainer_does_not_start_the_other_does() {
    browse("#/function", async |page| {
        for folder in ["refuse/trainer_relaxed/", "cut/trainer_relaxed_bg.wasm/", "mute/trainer_relaxed/"] {
            page.goto_at(folder, "#/bench").await;
            page.expect("kernel", "simd128").await;
            page.click("nav-train").await;
            use_sample(page).await;
            page.expect_no_error().await;
        }
    });
}

#[test]
fn a_trainer_that_is_damaged_is_said() {
    browse("#/function", async |page| {
        page.goto_at("cut/trainer/", "#/train").await;
        page.wait_for("trainer-retry").await;
        assert!(!page.errors().await.is_empty());
        page.js("window.seenErrors = []").await;
    });
}

#[test]
fn an_address_opened_while_another_waits_to_be_written_is_not_lost() {
    browse("#/function", async |page| {
        page.wait_for("plot-function").await;
        // A change of the lab's state is written to the address after a quarter of a second. Whatever moment in between
        // another address is opened, that one counts, even if the page is busy until the write is due.
        for wait in [0, 120, 240, 249, 260] {
            for (screen, mark) in SCREENS {
                page.js("location.hash = '#/function'").await;
                page.wait_for("plot-function").await;
                let change = format!(
                    "const slider = document.querySelector('[data-testid=param-b1-0]');
                    slider.value = Number(slider.value) === 1 ? 2 : 1;
                    slider.dispatchEvent(new Event('input', {{ bubbles: true }}));
                    return new Promise(done => setTimeout(() => {{
                        location.hash = '{screen}';
                        const end = performance.now() + 300;
                        while (performance.now() < end);
                        done(location.hash);
                    }}, {wait}));"
                );
                page.js(&change).await;
                page.wait_for(mark).await;
                page.expect_hash(screen).await;
            }
        }
    });
}

#[test]
fn two_links_opened_one_after_the_other_show_the_second() {
    browse("#/function", async |page| {
        page.wait_for("plot-function").await;
        let link =
            "const state = document.querySelector('[data-testid=param-b1-0]').value; return [location.hash, state];";
        page.fill("param-b1-0-value", "1.25").await;
        page.expect_hash("1.25").await;
        let first = page.js(link).await;
        page.fill("param-b1-0-value", "-0.75").await;
        page.expect_hash("-0.75").await;
        let second = page.js(link).await;
        for wait in [0, 100, 200, 248, 252, 300] {
            let open = format!(
                "location.hash = {};
                return new Promise(done => setTimeout(() => {{
                    location.hash = {};
                    const end = performance.now() + 300;
                    while (performance.now() < end);
                    setTimeout(() => done(1), 400);
                }}, {wait}));",
                first[0], second[0]
            );
            page.js(&open).await;
            assert_eq!(page.js(link).await, json!([second[0], second[1]]), "{wait} ms between the two");
        }
    });
}
