//! Several workers train one network.

use piecewise::train::Config;
use serde_json::Value;

use crate::page::{Page, browse};
use crate::train::{Files, batch, use_sample};

async fn start(page: &Page, workers: &str, epochs: &str) {
    for (field, text) in
        [("hidden-widths", "33,20"), ("learning-rate", "0.05"), ("epochs", epochs), ("workers", workers)]
    {
        page.fill(field, text).await;
    }
    page.click("train-start").await;
}

/// Accuracies, to their last digit, and the last loss.
async fn numbers(page: &Page) -> (Value, f64) {
    page.expect("train-status", "finished").await;
    (page.json("train-records").await, page.number("train-loss").await)
}

#[test]
fn two_workers_repeat_themselves_and_agree_with_one() {
    browse("#/train", async |page| {
        use_sample(page).await;
        let most = page.js("return navigator.hardwareConcurrency").await.as_u64().unwrap();
        let suggested = page.input("workers").await.parse::<u64>().unwrap();
        assert!((most.min(2)..=8).contains(&suggested), "{suggested} of {most}");
        start(page, "2", "3").await;
        let first = numbers(page).await;
        assert!(page.number("run-memory").await > 2e6);
        // What ended before is over as soon as another start is asked for, whenever the worker answers.
        let status = "const named = id => document.querySelector(`[data-testid=${id}]`);
            named('train-start').click();
            return new Promise(resolve => setTimeout(() => resolve(named('train-status').dataset.value), 0));";
        assert_ne!(page.js(status).await, "finished");
        assert_eq!(numbers(page).await, first);
        start(page, "1", "3").await;
        let (records, loss) = numbers(page).await;
        assert!((loss - first.1).abs() < 0.02, "{loss} and {}", first.1);
        for (alone, together) in records.as_array().unwrap().iter().zip(first.0.as_array().unwrap()) {
            let accuracy = |record: &Value| record["train"].as_f64().unwrap();
            assert!((accuracy(alone) - accuracy(together)).abs() < 0.02, "{alone} and {together}");
        }
        start(page, "17", "3").await;
        page.expect_error("from 1 to 16").await;
        start(page, &(most + 1).min(16).to_string(), "3").await;
        if most < 16 {
            page.expect_error(&format!("Choose at most {most}")).await;
        }
    });
}

#[test]
fn the_memory_is_what_was_foreseen() {
    let files = Files::new("memory");
    let images = files.write("data_batch_1.bin", &batch(2000, 1));
    for (workers, width, batch_size) in [(1, 900, 256), (2, 900, 256), (1, 50, 2000), (2, 50, 2000)] {
        // Each in a page of its own: a worker's memory never shrinks.
        browse("#/train", async |page| {
            page.choose_files("dataset-file", std::slice::from_ref(&images)).await;
            page.expect("train-status", "ready").await;
            let hidden = format!("{width},{width}");
            let typed = [("hidden-widths", &*hidden), ("learning-rate", "0.001"), ("epochs", "2")];
            for (field, text) in typed {
                page.fill(field, text).await;
            }
            page.fill("batch-size", &batch_size.to_string()).await;
            page.fill("workers", &workers.to_string()).await;
            page.click("train-start").await;
            page.expect("train-status", "finished").await;
            let config = Config { hidden: vec![width; 2], batch_size, workers, ..Config::default() };
            let foreseen = config.bytes() as f64 + 2000.0 * 3073.0;
            let share = page.number("run-memory").await / foreseen;
            assert!(
                (0.8..1.2).contains(&share),
                "{share} of {foreseen} with {workers}, width {width}, batch {batch_size}"
            );
        });
    }
}

#[test]
fn a_team_is_held_looked_at_and_stopped() {
    browse("#/train", async |page| {
        use_sample(page).await;
        start(page, "2", "1000").await;
        page.expect_that("train-epoch", "some epochs", |epoch| epoch.parse::<u32>().is_ok_and(|epoch| epoch > 1)).await;
        page.click("train-pause").await;
        page.expect("train-status", "paused").await;
        page.click("report").await;
        page.click("train-pause").await;
        page.expect("train-status", "running").await;
        page.click("train-stop").await;
        page.expect("train-status", "finished").await;
        // Stopped as soon as it can be, which is before the other worker has joined.
        let both = "const click = id => document.querySelector(`[data-testid=${id}]`).click();
            new MutationObserver((_, observer) => {
                if (document.querySelector('[data-testid=train-status]').dataset.value === 'running') {
                    observer.disconnect();
                    click('train-stop');
                }
            }).observe(document.body, { subtree: true, attributes: true });
            click('train-start');";
        page.js(both).await;
        page.expect("train-epoch", "0").await;
        page.expect("train-status", "finished").await;
        page.expect_no_error().await;
    });
}

/// Puts itself between the page and its trainer: the trainer's own workers can be ended then, as the browser does when
/// memory runs out.
const BETWEEN: &str = "
    const Real = window.Worker;
    window.Worker = function (url, options) {
        const code = `
            const Real = self.Worker, all = [];
            self.Worker = function (url, options) { const worker = new Real(url, options); all.push(worker); return worker; };
            self.Worker.prototype = Real.prototype;
            if (self.name !== 'member') new BroadcastChannel('end').onmessage = () => all.forEach(worker => worker.terminate());
            await import('${new URL(url, location.href)}');`;
        return new Real(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), options);
    };
    location.hash = '#/train';";

#[test]
fn a_run_that_loses_a_worker_ends_with_a_sentence_and_the_next_has_a_new_team() {
    browse("#/gates", async |page| {
        page.js(BETWEEN).await;
        use_sample(page).await;
        start(page, "2", "1000").await;
        page.expect_that("train-epoch", "some epochs", |epoch| epoch.parse::<u32>().is_ok_and(|epoch| epoch > 1)).await;
        page.js("new BroadcastChannel('end').postMessage(0)").await;
        page.expect("train-status", "failed").await;
        page.expect_error("A worker was lost").await;
        page.expect_error("The last checkpoint is from epoch").await;
        page.wait_for("interrupted").await;
        start(page, "2", "2").await;
        numbers(page).await;
    });
}
