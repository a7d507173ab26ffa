//! What outlives a reload, and what two windows make of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::page::{Page, browse};
use crate::train::{Files, batch, finish, small_run, use_sample};

async fn kept(page: &Page) -> Vec<Value> {
    page.json("kept-runs").await.as_array().unwrap().clone()
}

/// Waits until the kept runs stand like this, the newest first. Returns their keys.
async fn expect_standing(page: &Page, standing: &[&str]) -> Vec<String> {
    page.expect_that("kept-runs", &format!("{standing:?}"), |text| {
        let runs: Vec<Value> = serde_json::from_str(text).unwrap();
        runs.iter().map(|run| run["standing"].as_str().unwrap()).eq(standing.iter().copied())
    })
    .await;
    kept(page).await.iter().map(|run| run["key"].as_str().unwrap().to_owned()).collect()
}

async fn start_long_run(page: &Page) {
    small_run(page, "1000").await;
    page.click("train-start").await;
    page.expect_that("train-epoch", "2 or more", |epoch| epoch.parse::<u32>().is_ok_and(|epoch| epoch >= 2)).await;
    // Its first checkpoint is kept.
    page.expect_that("kept-runs", "with a checkpoint", |text| {
        let runs: Vec<Value> = serde_json::from_str(text).unwrap();
        runs.first().is_some_and(|run| run["checkpoint"].is_u64())
    })
    .await;
}

#[test]
fn runs_and_the_form_come_back_after_a_reload_and_go_elsewhere_as_a_file() {
    let files = Files::new("kept");
    browse("#/train", async |page| {
        use_sample(page).await;
        small_run(page, "2").await;
        page.click("train-start").await;
        finish(page, 1).await;
        let keys = expect_standing(page, &["over"]).await;
        page.open("kept-runs").await;
        page.fill(&format!("kept-note-{}", keys[0]), "the first").await;
        page.fill(&format!("kept-name-{}", keys[0]), "short").await;
        page.expect_that("kept-runs", "renamed", |text| text.contains("\"short\"")).await;
        let losses = page.json("runs").await[0]["losses"].clone();
        // The form as it is typed, not as it was started.
        page.fill("learning-rate", "0.125").await;
        tokio::time::sleep(Duration::from_millis(600)).await;

        page.reload().await;
        page.expect_that("runs", "the run of before", |text| text.contains("\"short\"")).await;
        assert_eq!(page.json("runs").await[0]["losses"], losses);
        assert_eq!(
            (page.input("hidden-widths").await, page.input("learning-rate").await),
            ("32".into(), "0.125".into())
        );
        assert!(!page.has("interrupted").await, "it was over");
        page.open("kept-runs").await;
        assert_eq!(page.input(&format!("kept-note-{}", keys[0])).await, "the first");

        // Out, forgotten, and in again: its network, too.
        page.catch_downloads().await;
        let file = page.download(&format!("kept-export-{}", keys[0])).await;
        page.click(&format!("kept-forget-{}", keys[0])).await;
        expect_standing(page, &[]).await;
        let broken = files.write("broken.piecewise-run", &file[..file.len() - 1]);
        page.choose_files("import-run", &[broken]).await;
        page.expect_error("it was cut off").await;
        let whole = files.write("short.piecewise-run", &file);
        page.choose_files("import-run", &[whole]).await;
        let copy = expect_standing(page, &["over"]).await;
        assert_ne!(copy, keys, "a copy is a run of its own");
        use_sample(page).await;
        page.expect_that("kept-runs", "with its checkpoint", |text| text.contains("\"checkpoint\":2")).await;
        page.click(&format!("kept-resume-{}", copy[0])).await;
        page.expect("train-status", "finished").await;
        page.expect("train-epoch", "2").await;
        page.click("view-network").await;
        page.expect_no_error().await;
    });
}

#[test]
fn an_interrupted_run_on_the_sample_gets_its_data_by_one_press() {
    browse("#/train", async |page| {
        use_sample(page).await;
        start_long_run(page).await;
        page.reload().await;
        page.wait_for("interrupted").await;
        let needs = page.wait_for("interrupted-needs").await.text().await.unwrap();
        let start = "It needs the built-in sample of seed 1: 5,000 images to train on and 1,000 to validate, checksum ";
        assert!(needs.starts_with(start), "{needs}");
        assert!(!page.is_enabled("resume-run").await);
        page.click("interrupted-load").await;
        page.expect("train-status", "ready").await;
        page.click("resume-run").await;
        page.expect("train-status", "running").await;
        expect_standing(page, &["here"]).await;
        page.click("train-stop").await;
        expect_standing(page, &["over"]).await;
        assert!(!page.has("interrupted").await);
    });
}

#[test]
fn a_second_window_sees_a_run_as_running_elsewhere_and_takes_it_over_when_that_is_gone() {
    browse("#/train", async |page| {
        use_sample(page).await;
        start_long_run(page).await;
        let (first, second) = page.open_window("#/train").await;
        let keys = expect_standing(page, &["elsewhere"]).await;
        assert!(!page.has("interrupted").await, "it is not interrupted");
        // Its curves are drawn here, and grow.
        let steps = |text: &str| {
            let runs: Vec<Value> = serde_json::from_str(text).unwrap();
            runs.first().and_then(|run| run["steps"].as_u64()).unwrap_or(0)
        };
        page.expect_that("runs", "some steps", |text| steps(text) > 0).await;
        let seen = steps(&page.value("runs").await);
        page.expect_that("runs", "more steps", |text| steps(text) > seen).await;
        // The sample here takes nothing from the run there, and neither does an attempt to forget it.
        use_sample(page).await;
        page.open("kept-runs").await;
        assert!(!page.is_enabled(&format!("kept-forget-{}", keys[0])).await);
        small_run(page, "1").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
        expect_standing(page, &["over", "elsewhere"]).await;
        page.switch_to(&first).await;
        page.expect("train-status", "running").await;
        page.close_window().await;
        page.switch_to(&second).await;
        expect_standing(page, &["over", "interrupted"]).await;
        page.click("resume-run").await;
        page.expect("train-status", "running").await;
        let both = expect_standing(page, &["over", "here"]).await;
        assert_eq!(both[1], keys[0]);
    });
}

#[test]
fn files_kept_by_one_window_stay_when_another_has_other_data() {
    let files = Files::new("two-windows");
    let train = files.write("data_batch_1.bin", &batch(120, 1));
    browse("#/train", async |page| {
        page.choose_files("dataset-file", &[train.clone()]).await;
        let status = r#"{"source":"files","train":120,"validation":0}"#;
        page.expect("dataset-status", status).await;
        page.wait_for("kept").await;
        let (first, second) = page.open_window("#/train").await;
        page.expect("dataset-status", status).await;
        use_sample(page).await;
        page.expect("kept-files", "1").await;
        // The other window uses them, so they cannot be forgotten from here.
        page.js("document.querySelector('[data-testid^=forget-files-]').click()").await;
        page.expect_error("in use").await;
        page.switch_to(&first).await;
        page.reload().await;
        page.expect("dataset-status", status).await;
        page.click("dataset-forget").await;
        page.expect("train-status", "idle").await;
        page.switch_to(&second).await;
        page.reload().await;
        page.expect("kept-files", "0").await;
    });
}

#[test]
fn a_full_storage_is_said_and_training_goes_on() {
    let files = Files::new("full");
    let train = files.write("data_batch_1.bin", &batch(100, 1));
    browse("#/train", async |page| {
        page.choose_files("dataset-file", &[train.clone()]).await;
        page.expect("train-status", "ready").await;
        let origin = crate::server::address().trim_end_matches('/');
        page.devtools("Storage.overrideQuotaForOrigin", json!({ "origin": origin, "quotaSize": 2_000_000 })).await;
        // A checkpoint of 6 MB.
        small_run(page, "2").await;
        page.fill("hidden-widths", "512").await;
        page.click("train-start").await;
        finish(page, 1).await;
        page.expect_that("kept-runs", "the curves", |text| text.contains("\"checkpoint\":null")).await;
        let note = page.wait_for("run-kept").await.text().await.unwrap();
        assert!(note.starts_with("The browser’s storage is full.") && note.contains("Training goes on"), "{note}");
        page.expect_no_error().await;
        let left = "return (async () => { const root = await navigator.storage.getDirectory(), found = [];
            for await (const [name, folder] of (await root.getDirectoryHandle('runs')).entries())
                for await (const [name, file] of folder.entries())
                    found.push([name, (await file.getFile()).size > 0]);
            return found; })();";
        // What could not be written whole is removed a moment later.
        let mut found = page.js(left).await;
        for _ in 0..100 {
            if found == json!([["record", true]]) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            found = page.js(left).await;
        }
        assert_eq!(found, json!([["record", true]]), "no empty file stays behind");
    });
}

#[test]
fn where_only_workers_write_files_runs_are_kept_all_the_same() {
    browse("#/function", async |page| {
        page.js("delete FileSystemFileHandle.prototype.createWritable").await;
        page.click("nav-train").await;
        use_sample(page).await;
        start_long_run(page).await;
        page.reload().await;
        page.wait_for("interrupted").await;
        expect_standing(page, &["interrupted"]).await;
    });
}

#[test]
fn where_nothing_can_be_kept_that_is_said_and_training_goes_on() {
    browse("#/function", async |page| {
        // As in WebKitGTK.
        page.js("Object.defineProperty(navigator, 'storage', { value: undefined })").await;
        page.click("nav-train").await;
        use_sample(page).await;
        small_run(page, "1000").await;
        page.click("train-start").await;
        page.expect_that("train-epoch", "2 or more", |epoch| epoch.parse::<u32>().is_ok_and(|epoch| epoch >= 2)).await;
        let note = page.wait_for("run-kept").await.text().await.unwrap();
        assert!(note.starts_with("This browser cannot keep files") && note.contains("Training goes on"), "{note}");
        assert_eq!(kept(page).await, Vec::<Value>::new());
        page.click("train-stop").await;
        page.expect("train-status", "finished").await;
        page.expect_no_error().await;
    });
}

#[test]
fn a_run_of_a_thousand_epochs_shows_fifty_rows_and_goes_on() {
    let files = Files::new("thousand");
    // Epochs of one small step: as many a second as there can be.
    let train = files.write("data_batch_1.bin", &batch(20, 1));
    browse("#/train", async |page| {
        page.choose_files("dataset-file", &[train.clone()]).await;
        page.expect("train-status", "ready").await;
        page.fill("hidden-widths", "8").await;
        page.fill("batch-size", "20").await;
        page.fill("learning-rate", "0.01").await;
        page.fill("epochs", "10000").await;
        page.click("train-start").await;
        page.expect_that("train-epoch", "1000", |epoch| epoch.parse::<u32>().is_ok_and(|epoch| epoch >= 1000)).await;
        page.devtools("Performance.enable", json!({})).await;
        let busy = async || {
            let metrics = page.devtools("Performance.getMetrics", json!({})).await;
            let named = |metric: &&Value| metric["name"] == "TaskDuration";
            metrics["metrics"].as_array().unwrap().iter().find(named).unwrap()["value"].as_f64().unwrap()
        };
        let (before, start) = (busy().await, Instant::now());
        tokio::time::sleep(Duration::from_secs(5)).await;
        let share = (busy().await - before) / start.elapsed().as_secs_f64();
        assert!(page.wait_for("train-status").await.attr("data-value").await.unwrap().as_deref() == Some("running"));
        // A figure to read with --nocapture, alone on the machine; others at work take their time from it.
        println!("the page's thread is busy {:.1} % of the time", share * 100.0);
        let rows = "return document.querySelectorAll('[data-testid=train-records] tbody tr').length";
        assert_eq!(page.js(rows).await, 50);
        page.click("train-stop").await;
        page.expect("train-status", "finished").await;
    });
}
