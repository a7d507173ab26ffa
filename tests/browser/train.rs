use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::page::{Page, browse};

const RECORD: usize = 3073;

/// A folder of files for one test.
pub(crate) struct Files(PathBuf);

impl Files {
    pub(crate) fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("piecewise-{}-{test}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A batch in CIFAR-10's binary layout whose classes differ in colour, so that it is easily learned. No two images of all
/// seeds are the same: the first pixels hold the record and the seed.
pub(crate) fn batch(records: usize, seed: u8) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(records * RECORD);
    for record in 0..records {
        let label = (record * 7 + usize::from(seed)) % 10;
        bytes.push(label as u8);
        for channel in 0..3 {
            let level = (label * (channel + 3) * 29 % 200) as u8;
            bytes
                .extend((0..1024).map(|p| level.wrapping_add(((p * 31 + record * 17 + usize::from(seed)) % 40) as u8)));
        }
        let first = bytes.len() - 3072;
        bytes[first..first + 3].copy_from_slice(&[record as u8, (record >> 8) as u8, seed]);
    }
    bytes
}

pub(crate) async fn small_run(page: &Page, epochs: &str) {
    page.fill("hidden-widths", "32").await;
    page.fill("learning-rate", "0.05").await;
    page.fill("batch-size", "50").await;
    page.fill("epochs", epochs).await;
}

/// Starts a run with all that a checkpoint has to remember: velocities, and choices of augmentation.
async fn start_augmented(page: &Page) {
    page.open("more-settings").await;
    for (field, text) in [("hidden-widths", "256,256"), ("learning-rate", "0.02"), ("momentum", "0.9")] {
        page.fill(field, text).await;
    }
    page.fill("batch-size", "50").await;
    page.fill("epochs", "12").await;
    for choice in ["augment-crop", "augment-flip"] {
        // The form may be as it was on an earlier visit.
        if !page.is_checked(choice).await {
            page.click(choice).await;
        }
    }
    page.click("train-start").await;
}

pub(crate) async fn use_sample(page: &Page) {
    page.click("dataset-sample").await;
    page.expect("train-status", "ready").await;
}

/// Waits until the page knows so many runs, and the last is over. A small one may be over at once.
pub(crate) async fn finish(page: &Page, runs: usize) {
    page.expect_that("runs", "another run", |text| {
        serde_json::from_str::<Value>(text).unwrap().as_array().unwrap().len() == runs
    })
    .await;
    page.expect("train-status", "finished").await;
}

async fn steps(page: &Page) -> u64 {
    let records = page.json("train-records").await;
    records.as_array().unwrap().iter().map(|record| record["step"].as_u64().unwrap()).max().unwrap_or(0)
}

#[test]
fn the_sample_trains_and_accuracy_rises_well_above_chance() {
    browse("#/train", async |page| {
        page.expect("train-status", "idle").await;
        assert!(!page.is_enabled("train-start").await, "nothing to train on yet");
        use_sample(page).await;
        assert_eq!(page.json("dataset-status").await, json!({ "train": 5000, "validation": 1000, "source": "sample" }));
        assert_eq!(page.input("hidden-widths").await, "512,512");
        assert_eq!(page.input("learning-rate").await, "0.15");
        assert_eq!(page.input("batch-size").await, "256");
        page.fill("hidden-widths", "128").await;
        page.fill("epochs", "5").await;
        page.click("train-start").await;
        page.expect("train-status", "running").await;
        page.expect("train-status", "finished").await;
        page.expect("train-epoch", "5").await;

        let records = page.json("train-records").await;
        let records = records.as_array().unwrap();
        let steps: Vec<_> = records.iter().map(|record| record["step"].as_u64().unwrap()).collect();
        assert_eq!(steps, [0, 20, 40, 60, 80, 100], "before training, and after each epoch");
        assert!(records[0]["train"].as_f64().unwrap() < 0.25);
        assert!(page.number("train-accuracy").await > 0.5, "{records:?}");
        assert!(page.number("validation-accuracy").await > 0.4, "{records:?}");
        assert!(page.number("train-loss").await < 2.0);
        assert!(page.number("images-per-second").await > 0.0);
        assert_eq!(page.number("train-progress").await, 1.0);
    });
}

#[test]
fn batches_are_uploaded_added_and_trained_on() {
    let files = Files::new("upload");
    let first = files.write("data_batch_1.bin", &batch(300, 1));
    let second = files.write("data_batch_2.bin", &batch(200, 2));
    let test = files.write("test_batch.bin", &batch(100, 3));
    browse("#/train", async |page| {
        page.choose_files("dataset-file", &[first.clone()]).await;
        page.expect("dataset-status", r#"{"source":"files","train":300,"validation":0}"#).await;
        small_run(page, "2").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
        assert_eq!(page.value("validation-accuracy").await, "", "there is nothing to validate on");

        page.choose_files("dataset-file", &[second.clone(), test.clone()]).await;
        page.expect("dataset-status", r#"{"source":"files","train":500,"validation":100}"#).await;
        page.expect("train-status", "ready").await;
        small_run(page, "6").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
        assert!(page.number("validation-accuracy").await > 0.5);

        page.click("dataset-forget").await;
        page.expect("train-status", "idle").await;
        page.expect("dataset-status", r#"{"source":"none","train":0,"validation":0}"#).await;
    });
}

#[test]
fn archives_and_python_batches_are_read_by_content() {
    use crate::formats::{IMAGES, Made, binary, dict, gzip, images, tar, text};
    let files = Files::new("formats");
    let python = |seed: u64, label: &'static str| Made { label, ..Made::good(2) }.pickle(&images(IMAGES, seed));
    let classes = piecewise::data::class_names::CIFAR_10.map(|name| text(2, name));
    let names = [b"](".to_vec(), classes.concat(), b"e".to_vec()].concat();
    let meta = dict(2, &[("label_names", names)]);
    let members = [
        ("cifar-10-batches-py/batches.meta", meta),
        ("cifar-10-batches-py/data_batch_1", python(1, "training batch 1 of 5")),
        ("cifar-10-batches-py/data_batch_2", python(2, "training batch 2 of 5")),
        ("cifar-10-batches-py/test_batch", python(3, "testing batch 1 of 1")),
        ("cifar-10-batches-py/readme.html", b"<!DOCTYPE html><html></html>".to_vec()),
    ];
    // Names say nothing: an archive may be called as one likes.
    let archive = files.write("downloaded", &gzip(&tar(&members)));
    let plain = files.write("cifar.tar", &tar(&[("a/data_batch_3.bin", binary(&images(20, 4)))]));
    let pickle = files.write("data_batch_4", &python(5, "training batch 4 of 5"));
    let cut = files.write("data_batch_5", &python(6, "training batch 5 of 5")[..3000]);
    let evil = files.write("evil.pkl", b"\x80\x02cos\nsystem\nq\x00X\x02\x00\x00\x00lsq\x01\x85q\x02Rq\x03.");
    browse("#/train", async |page| {
        page.choose_files("dataset-file", &[archive]).await;
        page.expect("dataset-status", r#"{"source":"files","train":14,"validation":7}"#).await;
        page.choose_files("dataset-file", &[plain, pickle]).await;
        let status = r#"{"source":"files","train":41,"validation":7}"#;
        page.expect("dataset-status", status).await;
        page.choose_files("dataset-file", &[cut]).await;
        page.expect_error("data_batch_5 is cut off").await;
        page.expect("dataset-status", status).await;
        page.choose_files("dataset-file", &[evil]).await;
        page.expect_error("Nothing was run").await;
        page.expect("dataset-status", status).await;
        small_run(page, "1").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
        assert!(page.number("validation-accuracy").await >= 0.0);
    });
}

#[test]
fn two_runs_are_compared_and_the_same_seed_gives_the_same_numbers() {
    browse("#/train", async |page| {
        use_sample(page).await;
        small_run(page, "1").await;
        for (number, rate) in ["0.05", "0.02", "0.05"].into_iter().enumerate() {
            page.fill("learning-rate", rate).await;
            page.click("train-start").await;
            finish(page, number + 1).await;
        }
        let runs = page.json("runs").await;
        assert_eq!(runs.as_array().unwrap().len(), 3);
        assert_eq!((&runs[0]["losses"], &runs[0]["validation"]), (&runs[2]["losses"], &runs[2]["validation"]));
        assert_ne!(runs[0]["losses"], runs[1]["losses"]);
        page.fill("name-run-2", "slower").await;
        page.catch_downloads().await;
        let csv = page.export("plot-curves", "csv").await;
        assert!(csv.starts_with("run,step,epoch,seconds,loss") && csv.contains("\nslower,1,"), "{}", &csv[..200]);
        page.select("across", "epochs").await;
        page.click("log-loss").await;
        assert!(page.export("plot-curves", "svg").await.contains("epoch"));
        page.select("across", "seconds").await;
        assert!(page.export("plot-curves", "svg").await.contains("seconds of work"));
        page.select("across", "steps").await;
        page.expect("plot-pin", "free").await;
        page.wheel("plot-curves", 0.3, -120.0, true).await;
        page.expect("plot-pin", "pinned").await;
        page.click("plot-pin").await;
        page.expect("plot-pin", "free").await;
        page.click("show-run-1").await;
        page.click("forget-run-2").await;
        page.expect_that("runs", "two, one hidden", |runs| {
            let runs: serde_json::Value = serde_json::from_str(runs).unwrap();
            runs.as_array().unwrap().len() == 2 && runs[0]["shown"] == false && runs[1]["shown"] == true
        })
        .await;
        page.fill("learning-rate", "7").await;
        page.click("again-run-1").await;
        assert_eq!(page.input("learning-rate").await, "0.05");
    });
}

#[test]
fn an_interrupted_run_goes_on_after_a_reload_as_if_nothing_had_happened() {
    let files = Files::new("interrupted");
    let train = files.write("data_batch_1.bin", &batch(1500, 1));
    let test = files.write("test_batch.bin", &batch(200, 2));
    browse("#/train", async |page| {
        page.choose_files("dataset-file", &[train.clone(), test.clone()]).await;
        let status = r#"{"source":"files","train":1500,"validation":200}"#;
        page.expect("dataset-status", status).await;
        page.expect_text("kept", "Kept in this browser for the next visit: 5 MB. “Forget data” removes them.").await;
        start_augmented(page).await;
        page.expect_that("train-epoch", "3 at least", |epoch| epoch.parse::<u32>().is_ok_and(|epoch| epoch >= 3)).await;
        page.click("train-pause").await;
        page.expect("train-status", "paused").await;
        // There is one a second at most, so that of the last epoch may be missing.
        page.expect_that("kept-runs", "a checkpoint", |text| {
            serde_json::from_str::<Value>(text).unwrap()[0]["checkpoint"].as_u64().is_some_and(|epoch| epoch >= 1)
        })
        .await;
        page.reload().await;
        page.expect("dataset-status", status).await;
        let done: u32 = page.value("interrupted").await.parse().unwrap();
        assert!((1..12).contains(&done), "{done}");
        page.click("resume-run").await;
        page.expect("train-status", "finished").await;
        let resumed = page.json("train-records").await;
        assert_eq!(resumed.as_array().unwrap().len(), 13);

        // The same run without a break.
        start_augmented(page).await;
        page.expect("train-status", "running").await;
        page.expect("train-status", "finished").await;
        assert_eq!(page.json("train-records").await, resumed);
        // Its last checkpoint is kept a moment after its end.
        page.expect_js("return !document.querySelector('[data-testid=interrupted]')", &json!(true)).await;
        page.click("dataset-forget").await;
        page.expect("train-status", "idle").await;
        page.reload().await;
        page.wait_for("train-start").await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        page.expect("dataset-status", r#"{"source":"none","train":0,"validation":0}"#).await;
    });
}

#[test]
fn what_was_learned_is_looked_at_and_images_are_augmented() {
    browse("#/train", async |page| {
        use_sample(page).await;
        page.js("document.querySelector('[data-testid=augmented] summary').click()").await;
        let choices = page.json("augmented").await;
        assert!(choices.as_array().unwrap().iter().all(|choice| *choice == json!([0, 0, false])), "nothing is on yet");
        page.click("augment-crop").await;
        page.click("augment-flip").await;
        page.expect_that("augmented", "moved and flipped", |choices| choices.contains("true") && choices.contains("-"))
            .await;
        let windows = "return document.querySelectorAll('.augmented canvas').length";
        assert_eq!(page.js(windows).await, 16, "the padded image, and 15 copies");
        small_run(page, "200").await;
        page.click("train-start").await;
        page.expect("train-status", "running").await;
        page.fill("rate-now", "0.01").await;
        page.click("rate-set").await;
        page.expect("rate-set", "0.01").await;
        page.expect_that("train-epoch", "2 at least", |epoch| epoch.parse::<u32>().is_ok_and(|epoch| epoch >= 2)).await;
        page.click("train-stop").await;
        page.expect("train-status", "finished").await;
        page.click("report").await;
        page.expect_that("report-result", "a report", |report| report.starts_with('{')).await;
        let report = page.json("report-result").await;
        let confusion: Vec<u64> = report["confusion"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|row| row.as_array().unwrap())
            .map(|n| n.as_u64().unwrap())
            .collect();
        assert_eq!(confusion.iter().sum::<u64>(), 1000);
        let right: u64 = (0..10).map(|class| confusion[class * 11]).sum();
        assert!((300..1000).contains(&right), "{right} of 1000 are right");
        assert_eq!(report["mistakes"].as_array().unwrap().len(), 12);
        let pictures = "return document.querySelectorAll('.mistake canvas').length";
        for _ in 0..100 {
            if page.js(pictures).await == 12 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
        assert_eq!(page.js(pictures).await, 12);
        page.open("more-settings").await;
        page.fill("momentum", "2").await;
        page.click("train-start").await;
        page.expect_error("The momentum must be a number from 0 to below 1").await;
    });
}

#[test]
fn files_and_folders_can_be_dropped() {
    let files = Files::new("dropped");
    let batch_1 = files.write("data_batch_1.bin", &batch(20, 1));
    let folder = files.0.join("cifar");
    std::fs::create_dir_all(folder.join("inner")).unwrap();
    files.write("cifar/data_batch_2.bin", &batch(30, 2));
    files.write("cifar/.hidden", b"not to be read");
    files.write("cifar/inner/test_batch.bin", &batch(10, 3));
    browse("#/train", async |page| {
        page.drop_files("drop", &[batch_1]).await;
        page.expect("dataset-status", r#"{"source":"files","train":20,"validation":0}"#).await;
        page.drop_files("drop", &[folder]).await;
        let status = r#"{"source":"files","train":50,"validation":10}"#;
        page.expect("dataset-status", status).await;
        let empty = files.0.join("empty");
        std::fs::create_dir_all(&empty).unwrap();
        page.drop_files("drop", &[empty]).await;
        page.expect_error("There is no file in what was dropped").await;
        let crowd = files.0.join("crowd");
        std::fs::create_dir_all(&crowd).unwrap();
        (0..700).for_each(|number| drop(files.write(&format!("crowd/{number}.bin"), b"x")));
        page.drop_files("drop", &[crowd]).await;
        page.expect_error("None of these 700 files holds images").await;
        page.expect("dataset-status", status).await;
    });
}

#[test]
fn what_was_found_is_shown_and_can_be_changed_before_it_is_used() {
    let files = Files::new("found");
    let folder = files.0.join("mine");
    std::fs::create_dir_all(&folder).unwrap();
    files.write("mine/first.bin", &batch(60, 1));
    files.write("mine/second.bin", &batch(20, 2));
    files.write("mine/copy of first.bin", &batch(60, 1));
    files.write("mine/.DS_Store", b"\0\0\0\x01Bud1");
    files.write("mine/notes.md", b"# mine");
    browse("#/function", async |page| {
        // Anywhere on the page, of any lab.
        page.drop_files("plot-function", std::slice::from_ref(&folder)).await;
        page.wait_for("found-take").await;
        page.expect("dataset-status", r#"{"source":"none","train":0,"validation":0}"#).await;
        let row = |path: &str, taken: &str, images: u64| (path.to_owned(), taken.to_owned(), images);
        let rows = async || {
            let found = page.json("found").await;
            let row = |file: &Value| {
                row(file["path"].as_str().unwrap(), file["taken"].as_str().unwrap(), file["images"].as_u64().unwrap())
            };
            found["files"].as_array().unwrap().iter().map(row).collect::<Vec<_>>()
        };
        assert_eq!(
            rows().await,
            [
                row("mine/copy of first.bin", "train", 60),
                row("mine/first.bin", "twin", 60),
                row("mine/second.bin", "train", 20),
                row("mine/.DS_Store", "passed over", 0),
                row("mine/notes.md", "passed over", 0),
            ]
        );
        page.select("found-role-2", "validation").await;
        page.expect_that("found", "another role", |text| text.contains(r#""taken":"validation""#)).await;
        page.click("found-take").await;
        let status = r#"{"source":"files","train":60,"validation":20}"#;
        page.expect("dataset-status", status).await;
        page.expect("train-status", "ready").await;
        assert!(!page.has("found-take").await);
        // The next visit asks nothing: what was decided is kept with the files.
        page.wait_for("kept").await;
        page.reload().await;
        page.expect("dataset-status", status).await;
        // In place of the sample, even the clearest files wait.
        page.click("dataset-forget").await;
        page.expect("train-status", "idle").await;
        use_sample(page).await;
        let batch_1 = files.write("data_batch_1.bin", &batch(30, 3));
        page.choose_files("dataset-file", &[batch_1]).await;
        page.expect_that("found", "a question", |text| text.contains("the synthetic sample")).await;
        page.click("found-cancel").await;
        page.expect("train-status", "ready").await;
        page.expect("dataset-status", r#"{"source":"sample","train":5000,"validation":1000}"#).await;
    });
}

#[test]
fn a_run_pauses_resumes_and_stops() {
    browse("#/train", async |page| {
        use_sample(page).await;
        small_run(page, "1000").await;
        page.click("train-start").await;
        page.expect_that("train-epoch", "2 or more", |epoch| epoch.parse::<u32>().is_ok_and(|epoch| epoch >= 2)).await;
        assert!(!page.is_enabled("dataset-sample").await, "data cannot change under a run");
        for setting in ["hidden-widths", "init", "augment-flip", "augment-padding", "schedule"] {
            assert!(!page.is_enabled(setting).await, "{setting} cannot change under a run");
        }
        assert!(page.title().await.contains('%'), "the tab tells the progress");
        assert!(page.number("eta-seconds").await > 0.0);
        assert!((0.0001..0.5).contains(&page.number("train-progress").await));

        page.click("train-pause").await;
        page.expect("train-status", "paused").await;
        let held = (page.value("train-records").await, page.value("train-loss").await);
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert_eq!((page.value("train-records").await, page.value("train-loss").await), held, "nothing moves");
        page.expect_text("train-pause", "Resume").await;

        let before = steps(page).await;
        page.click("train-pause").await;
        page.expect("train-status", "running").await;
        page.expect_that("train-records", "further on", |records| {
            let records: Vec<Value> = serde_json::from_str(records).unwrap();
            records.last().is_some_and(|record| record["step"].as_u64().unwrap() > before)
        })
        .await;

        page.click("train-stop").await;
        page.expect("train-status", "finished").await;
        let stopped = page.value("train-records").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(page.value("train-records").await, stopped);
        assert!(page.is_enabled("augment-padding").await, "settings can change again");

        // And a new run starts from the beginning.
        small_run(page, "1").await;
        page.click("train-start").await;
        page.expect("train-epoch", "1").await;
        page.expect("train-status", "finished").await;
        assert_eq!(page.json("train-records").await.as_array().unwrap().len(), 2);
    });
}

#[test]
fn a_run_goes_on_while_another_lab_is_shown() {
    browse("#/train", async |page| {
        use_sample(page).await;
        small_run(page, "4").await;
        page.click("train-start").await;
        page.expect("train-status", "running").await;
        page.click("nav-function").await;
        page.drag("param-b1-0", 0.7, 20.0).await;
        assert_ne!(page.input("param-b1-0-value").await, "2");
        page.click("nav-train").await;
        page.expect("train-status", "finished").await;
        assert_eq!(page.json("train-records").await.as_array().unwrap().len(), 5, "no epoch was lost");
        assert_eq!(page.input("epochs").await, "4", "nor what was typed");
    });
}

#[test]
fn bad_files_are_explained_and_change_nothing() {
    let files = Files::new("bad");
    let good = files.write("data_batch_1.bin", &batch(30, 1));
    let mut label = batch(5, 1);
    label[2 * RECORD] = 77;
    let bad: Vec<(PathBuf, &str)> = vec![
        (files.write("empty.bin", b""), "empty.bin is empty."),
        (files.write("cut.bin", &batch(3, 2)[..7000]), "cut.bin ends in the middle of record 3"),
        (files.write("label.bin", &label), "label.bin has label 77 in record 3 (byte 6146)"),
        (files.write("train.bin", &[1; 3074 * 4]), "train.bin looks like CIFAR-100"),
        (files.write("cifar.zip", b"PK\x03\x04 and so on"), "cifar.zip is cut off"),
        (files.write("cifar.7z", b"7z\xbc\xaf\x27\x1c\0\x04"), "cifar.7z is a 7-Zip archive. Unpack it"),
        (files.write("cifar.tar.gz", &[0x1f, 0x8b, 8, 0]), "cifar.tar.gz is cut off"),
        (files.write("data_batch_1", &[0x80, 2, b'}', b'q', 1]), "data_batch_1 is a Python pickle"),
        (files.write("copy.bin", &batch(30, 1)), "copy.bin holds the same images as data_batch_1.bin."),
        (good.clone(), "data_batch_1.bin is here already."),
    ];
    let alone = files.write("test_batch.bin", &batch(10, 9));
    browse("#/train", async |page| {
        page.choose_files("dataset-file", &[alone.clone()]).await;
        page.expect_error("test_batch.bin is for validation only").await;
        page.expect("train-status", "idle").await;

        page.choose_files("dataset-file", &[good.clone()]).await;
        let status = r#"{"source":"files","train":30,"validation":0}"#;
        page.expect("dataset-status", status).await;
        page.expect_no_error().await;
        for (path, sentence) in &bad {
            page.choose_files("dataset-file", std::slice::from_ref(path)).await;
            page.expect_error(sentence).await;
            page.expect("train-status", "ready").await;
            page.expect("dataset-status", status).await;
        }
        // One bad file among good ones: it is named, and nothing is used without a word.
        let other = files.write("data_batch_2.bin", &batch(10, 5));
        page.choose_files("dataset-file", &[other.clone(), bad[1].0.clone()]).await;
        page.expect_error("cut.bin ends in the middle").await;
        page.expect("dataset-status", status).await;
        assert!(!page.is_enabled("train-start").await, "first a word on the files");
        page.click("found-cancel").await;
        page.expect("train-status", "ready").await;
        page.expect("dataset-status", status).await;
        // And the data that stayed can be trained on.
        small_run(page, "1").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
        page.expect_no_error().await;
    });
}

#[test]
fn wrong_settings_are_explained_next_to_their_field() {
    browse("#/train", async |page| {
        use_sample(page).await;
        let sensible =
            [("hidden-widths", "16"), ("learning-rate", "0.1"), ("batch-size", "64"), ("epochs", "1"), ("seed", "1")];
        for (field, text) in sensible {
            page.fill(field, text).await;
        }
        for (field, wrong, sentence) in [
            ("hidden-widths", "16,x", "“x” isn’t a width."),
            ("hidden-widths", "16,0", "Hidden layer 2 has width 0."),
            ("hidden-widths", "99999999", "a page has 3 GiB"),
            ("learning-rate", "NaN", "The learning rate must be a number above 0"),
            ("learning-rate", "fast", "The learning rate “fast” isn’t a number."),
            ("batch-size", "0", "The batch size must be a whole number from 1"),
            ("epochs", "-3", "“-3” isn’t a whole number"),
            ("seed", "1.5", "The seed “1.5” isn’t a whole number"),
        ] {
            page.fill(field, wrong).await;
            page.click("train-start").await;
            page.expect_error(sentence).await;
            let marked = "return [...document.querySelectorAll('[aria-invalid]')].map(e => e.dataset.testid).join()";
            assert_eq!(page.js(marked).await, field);
            page.expect("train-status", "ready").await;
            page.fill(field, sensible.iter().find(|entry| entry.0 == field).unwrap().1).await;
            page.expect_no_error().await;
        }
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
    });
}

#[test]
fn a_rate_that_diverges_ends_the_run_and_says_so() {
    browse("#/train", async |page| {
        use_sample(page).await;
        small_run(page, "3").await;
        page.fill("learning-rate", "1e30").await;
        page.click("train-start").await;
        page.expect("train-status", "failed").await;
        page.expect_error("the learning rate is too high").await;
        page.expect_error("The network is back at its weights after 0 epochs.").await;
        small_run(page, "1").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
    });
}

#[test]
fn a_worker_that_dies_is_replaced_and_gets_the_data_again() {
    let files = Files::new("killed");
    let data = files.write("data_batch_1.bin", &batch(100, 1));
    browse("#/function", async |page| {
        page.js(
            "window.workers = [];
             const Original = Worker;
             window.Worker = function (...rest) { const worker = new Original(...rest); workers.push(worker); return worker; };",
        )
        .await;
        page.click("nav-train").await;
        page.choose_files("dataset-file", &[data.clone()]).await;
        let status = r#"{"source":"files","train":100,"validation":0}"#;
        page.expect("dataset-status", status).await;
        small_run(page, "1000").await;
        page.click("train-start").await;
        page.expect_that("train-epoch", "1 or more", |epoch| epoch.parse::<u32>().is_ok_and(|epoch| epoch >= 1)).await;
        page.js(
            "workers[0].dispatchEvent(new ErrorEvent('error', {message: 'killed for the test', cancelable: true}))",
        )
        .await;
        page.expect("train-status", "failed").await;
        page.expect_error("killed for the test").await;
        page.expect("dataset-status", status).await;
        assert_eq!(page.js("return workers.length").await, 2);
        assert!(page.number("train-epoch").await >= 1.0, "the curves so far are kept");
        small_run(page, "1").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;

        // A message that is no message is refused, not fatal.
        page.js("workers[1].postMessage([new Uint8Array([255, 255, 255])])").await;
        page.expect_error("does not understand this page").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
    });
}

#[test]
fn several_uploads_are_restored_as_they_were_and_refused_ones_are_not() {
    let files = Files::new("restored");
    let (data, test) = (files.write("data_batch_1.bin", &batch(60, 1)), files.write("test_batch.bin", &batch(60, 2)));
    let bad = files.write("bad.bin", b"no batch");
    browse("#/function", async |page| {
        page.js(
            "window.workers = [];
             const Original = Worker;
             window.Worker = function (...rest) { const worker = new Original(...rest); workers.push(worker); return worker; };",
        )
        .await;
        page.click("nav-train").await;
        let both = r#"{"source":"files","train":60,"validation":60}"#;
        page.choose_files("dataset-file", &[data.clone()]).await;
        page.expect("dataset-status", r#"{"source":"files","train":60,"validation":0}"#).await;
        page.choose_files("dataset-file", &[test.clone()]).await;
        page.expect("dataset-status", both).await;
        page.choose_files("dataset-file", &[bad.clone()]).await;
        page.expect_error("bad.bin").await;
        page.js("workers[0].dispatchEvent(new ErrorEvent('error', {message: 'killed', cancelable: true}))").await;
        page.expect_error("killed").await;
        page.expect("dataset-status", both).await;
        // The images, not only their number: the same seed gives the same loss as in a fresh page.
        small_run(page, "1").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
        let restored = (page.value("train-loss").await, page.value("train-records").await);
        page.goto("#/train").await;
        page.choose_files("dataset-file", &[data.clone(), test.clone()]).await;
        page.expect("dataset-status", both).await;
        small_run(page, "1").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
        assert_eq!((page.value("train-loss").await, page.value("train-records").await), restored);
    });
}

#[test]
fn choices_are_shown_as_they_are_after_coming_back() {
    browse("#/train", async |page| {
        page.select("init", "homework").await;
        page.click("nav-function").await;
        page.wait_for("plot-function").await;
        page.click("nav-train").await;
        page.wait_for("init").await;
        assert_eq!(page.input("init").await, "homework");
    });
}

#[test]
fn a_reload_in_the_middle_of_a_run_gives_a_working_page() {
    browse("#/train", async |page| {
        use_sample(page).await;
        small_run(page, "1000").await;
        page.click("train-start").await;
        page.expect("train-status", "running").await;
        page.reload().await;
        page.expect("train-status", "idle").await;
        page.expect_no_error().await;
        use_sample(page).await;
        small_run(page, "1").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
    });
}

#[test]
fn a_model_is_saved_opened_again_measured_alike_and_trained_on() {
    let files = Files::new("model");
    browse("#/train", async |page| {
        use_sample(page).await;
        small_run(page, "2").await;
        page.fill("hidden-widths", "6,4").await;
        page.click("train-start").await;
        finish(page, 1).await;
        let accuracies = (page.value("train-accuracy").await, page.value("validation-accuracy").await);
        page.catch_downloads().await;
        let saved = page.download("model-save").await;
        let length = u64::from_le_bytes(saved[..8].try_into().unwrap()) as usize;
        let header: Value = serde_json::from_slice(&saved[8..8 + length]).unwrap();
        assert_eq!(header["1.weight"]["shape"], json!([6, 3072]));
        assert_eq!(header["5.bias"]["shape"], json!([10]));
        let numbers = 6 * 3072 + 6 + 4 * 6 + 4 + 10 * 4 + 10;
        assert_eq!(saved.len(), 8 + length + 4 * numbers);

        // Another visit, with another form: the settings come from the file.
        page.reload().await;
        use_sample(page).await;
        let broken = files.write("broken.safetensors", &saved[..saved.len() - 1]);
        page.choose_files("model-open", &[broken]).await;
        page.expect_error("The file is broken").await;
        let path = files.write("mine.safetensors", &saved);
        page.choose_files("model-open", &[path]).await;
        page.expect("train-status", "paused").await;
        page.expect_no_error().await;
        page.expect("train-epoch", "0").await;
        assert_eq!((page.value("train-accuracy").await, page.value("validation-accuracy").await), accuracies);
        assert_eq!(steps(page).await, 0);
        page.click("train-pause").await;
        page.expect("train-status", "finished").await;
        page.expect("train-epoch", "2").await;
    });
}

#[test]
fn a_model_opens_without_data_and_is_read_in_another_order_when_told() {
    let files = Files::new("opened");
    browse("#/train", async |page| {
        use_sample(page).await;
        small_run(page, "1").await;
        page.fill("hidden-widths", "6,4").await;
        page.click("train-start").await;
        finish(page, 1).await;
        let accuracy = page.value("validation-accuracy").await;
        page.catch_downloads().await;
        page.fill("model-names", "two words").await;
        page.click("model-save").await;
        page.expect_error("is no name of a layer").await;
        page.fill("model-names", "net.0").await;
        let saved = page.download("model-save").await;
        let length = u64::from_le_bytes(saved[..8].try_into().unwrap()) as usize;
        let header: Value = serde_json::from_slice(&saved[8..8 + length]).unwrap();
        assert_eq!(header["net.4.weight"]["shape"], json!([10, 4]));
        let path = files.write("mine.safetensors", &saved);

        // Without data: what it is can be seen, and it can be saved again.
        page.reload().await;
        page.choose_files("model-open", std::slice::from_ref(&path)).await;
        page.expect("train-status", "finished").await;
        let origin = page.json("model-origin").await;
        assert_eq!((&origin["widths"], &origin["order"]), (&json!([3072, 6, 4, 10]), &json!("planar")));
        assert_eq!(origin["layers"], json!(["net.0.weight", "net.2.weight", "net.4.weight"]));
        assert_eq!(origin["accuracy"], Value::Null, "that needs images");
        assert_eq!(page.input("hidden-widths").await, "6,4");
        page.catch_downloads().await;
        let again = page.download("model-save").await;
        assert!(String::from_utf8_lossy(&again[..length]).contains("\"5.weight\""), "names of its own");

        // With data it is measured; read in another order, it is another network; and back.
        use_sample(page).await;
        page.choose_files("model-open", &[path]).await;
        page.expect("train-status", "paused").await;
        assert_eq!(page.value("validation-accuracy").await, accuracy);
        page.select("model-order", "interleaved").await;
        page.expect_that("model-origin", "interleaved", |value| value.contains("interleaved")).await;
        page.expect("train-status", "paused").await;
        assert_ne!(page.value("validation-accuracy").await, accuracy);
        page.select("model-order", "planar").await;
        page.expect_that("model-origin", "planar", |value| value.contains("planar")).await;
        page.expect("train-status", "paused").await;
        assert_eq!(page.value("validation-accuracy").await, accuracy);
    });
}

/// A picture of one colour, in the simplest of formats that browsers read.
fn bmp(width: u32, height: u32, [red, green, blue]: [u8; 3]) -> Vec<u8> {
    let row = (3 * width).next_multiple_of(4);
    let size = 54 + row * height;
    let mut bytes = b"BM".to_vec();
    for number in [size, 0, 54, 40, width, height] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    for _ in 0..height {
        let mut line = [blue, green, red].repeat(width as usize);
        line.resize(row as usize, 0);
        bytes.extend(line);
    }
    bytes
}

#[test]
fn the_data_are_looked_at_by_class_and_an_image_is_classified() {
    let files = Files::new("look");
    let train = files.write("data_batch_1.bin", &batch(300, 1));
    let test = files.write("test_batch.bin", &batch(100, 3));
    browse("#/train", async |page| {
        page.choose_files("dataset-file", &[train.clone(), test.clone()]).await;
        page.expect("train-status", "ready").await;
        page.click("view-images").await;
        page.expect_that("statistics", "counts", |text| text.contains("\"train\":[30,30,30,30,30,30,30,30,30,30]"))
            .await;
        // Label = (record · 7 + 1) mod 10, so class 0 is at 7, 17, 27, ….
        page.expect_that("gallery", "classes", |text| text.contains("[7,17,27,37,47,57,67,77,87,97]")).await;
        page.click("gallery-next").await;
        page.expect_that("gallery", "the next", |text| text.contains("[107,117,127")).await;
        page.click("gallery-validation").await;
        page.expect_that("gallery", "validation", |text| text.contains("\"validation\":true")).await;

        // Learned well, then asked about an image of class 4 and a picture of one's own.
        small_run(page, "12").await;
        page.click("train-start").await;
        page.expect("train-epoch", "12").await;
        page.expect("train-status", "finished").await;
        page.js("document.querySelectorAll('.class-row')[4].querySelector('button').click()").await;
        page.expect_that("picked", "an image", |text| text.contains("\"label\":4")).await;
        page.expect_that("prediction", "class 4", |text| text.contains("\"class\":4")).await;
        let answer = page.json("prediction").await;
        let sum: f64 = answer["probabilities"].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{answer}");

        let own = files.write("mine.bmp", &bmp(90, 40, [200, 100, 50]));
        page.choose_files("own-picture", &[own]).await;
        page.expect_that("picked", "the own picture", |text| text.contains("mine.bmp")).await;
        let picked = page.json("picked").await;
        let pixels: Vec<u64> = picked["pixels"].as_array().unwrap().iter().map(|p| p.as_u64().unwrap()).collect();
        assert_eq!((pixels.len(), pixels[0], pixels[1024], pixels[3071]), (3072, 200, 100, 50));
        page.expect_that("prediction", "another answer", |text| *text != answer.to_string()).await;
        let broken = files.write("broken.png", b"no picture");
        page.choose_files("own-picture", &[broken]).await;
        page.expect_error("This browser can’t read “broken.png” as a picture").await;
        assert!(page.value("picked").await.contains("mine.bmp"), "what was there stays");
    });
}

#[test]
fn the_network_is_looked_into_and_a_run_is_estimated_before_it_starts() {
    browse("#/train", async |page| {
        use_sample(page).await;
        page.click("preset-quick").await;
        assert_eq!(page.input("hidden-widths").await, "128");
        small_run(page, "2").await;
        page.click("estimate").await;
        page.expect_that("estimate-result", "an estimate", |text| text != "null").await;
        let estimate = page.json("estimate-result").await;
        assert!(estimate["seconds"].as_f64().unwrap() > 0.0 && estimate["bytes"].as_f64().unwrap() > 4.0 * 98_000.0);
        page.fill("epochs", "3").await;
        assert_eq!(page.value("estimate-result").await, "null", "of other settings");

        page.select("init", "homework").await;
        page.click("train-start").await;
        finish(page, 1).await;
        page.click("view-network").await;
        page.expect_that("first-layer", "all 32 neurons", |text| {
            let layer: Value = serde_json::from_str(text).unwrap();
            layer["neurons"].as_array().is_some_and(|neurons| neurons.len() == 32)
        })
        .await;
        page.click("scale").await;
        page.expect_that("scale-result", "a scale", |text| text != "null").await;
        let scale = page.json("scale-result").await;
        assert_eq!((scale["step"].as_u64(), scale["rms"].as_array().unwrap().len()), (Some(300), 2));
        page.click("loss-line").await;
        page.expect_that("loss-line-shape", "a verdict", |text| !text.is_empty()).await;
        page.catch_downloads().await;
        let csv = page.export("plot-loss-line", "csv").await;
        let rows: Vec<Vec<f64>> =
            csv.lines().skip(1).map(|line| line.split(',').map(|number| number.parse().unwrap()).collect()).collect();
        assert_eq!((rows.len(), rows[5][0], rows[25][0]), (31, 0.0, 1.0));
        assert!((rows[5][1] - std::f64::consts::LN_10).abs() < 0.01, "the homework's weights know nothing: {csv}");
        assert!(rows[25][1] < rows[5][1], "training has lowered the loss");
    });
}

#[test]
fn the_kinks_between_two_images_are_found_counted_and_read_off_the_plot() {
    browse("#/train", async |page| {
        use_sample(page).await;
        small_run(page, "2").await;
        page.click("train-start").await;
        finish(page, 1).await;
        page.click("view-regions").await;
        page.expect_js(
            "return document.querySelectorAll('[data-testid=\"regions-from\"] option').length >= 100",
            &true.into(),
        )
        .await;
        page.select("regions-to", "3").await;
        page.click("regions-run").await;
        page.expect_that("line-kinks", "a count", |text| text != "null").await;
        let counts = page.json("line-kinks").await;
        let now = counts[0].as_u64().unwrap();
        assert!(counts.as_array().unwrap().len() == 1 && (1..=32).contains(&now), "{counts}");
        page.expect_that_text("line-prediction", "a class", |text| {
            text.starts_with("Predicted") && text.contains("class")
        })
        .await;
        page.catch_downloads().await;
        let csv = page.export("plot-line-kinks", "csv").await;
        assert_eq!(csv.lines().count() as u64, now + 1, "{csv}");
        // The weights that it began with bend elsewhere.
        page.expect_js(
            "return document.querySelector('[data-testid=\"regions-initial\"]').offsetParent !== null",
            &true.into(),
        )
        .await;
        page.click("regions-initial").await;
        let before = page.export("plot-line-kinks", "csv").await;
        assert_ne!(before, csv);
        assert_eq!(before.lines().count() as u64, page.json("line-kinks").await[0].as_u64().unwrap() + 1);
    });
}

#[test]
fn a_report_to_print_and_a_script_for_pytorch_are_made() {
    browse("#/train", async |page| {
        use_sample(page).await;
        small_run(page, "1").await;
        page.click("train-start").await;
        finish(page, 1).await;
        page.catch_downloads().await;
        let script = String::from_utf8(page.download("model-script").await).unwrap();
        assert!(script.contains("import torch") && script.contains("piecewise-run-1.safetensors"), "{script}");
        page.js("window.open = () => ({})").await;
        page.click("print-gates").await;
        let report = String::from_utf8(page.download("print").await).unwrap();
        for part in [
            "<svg",
            "run 1",
            "Function lab",
            "Path lab",
            "loss (cross-entropy)",
            "learning rate",
            "<math",
            "Boolean function",
            "a weight used twice",
        ] {
            assert!(report.contains(part), "{part} in {report}");
        }
        assert!(!report.contains("Gate lab") && !report.contains("<script"));
    });
}

#[test]
fn where_storage_is_denied_all_else_works_and_the_page_says_so() {
    let files = Files::new("denied");
    let train = files.write("data_batch_1.bin", &batch(200, 1));
    browse("#/train", async |page| {
        page.js("navigator.storage.getDirectory = () => Promise.reject(new DOMException('denied', 'SecurityError'));
            Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') };")
            .await;
        page.choose_files("dataset-file", &[train.clone()]).await;
        page.expect("dataset-status", r#"{"source":"files","train":200,"validation":0}"#).await;
        page.expect_text(
            "kept",
            "This browser lets the page keep nothing, as in a private window: choose them again next time.",
        )
        .await;
        small_run(page, "2").await;
        page.click("train-start").await;
        finish(page, 1).await;
        page.expect_text(
            "run-kept",
            "This browser lets the page keep nothing, as in a private window. If the page is closed, the run is lost. Training goes on.",
        )
        .await;
        page.expect_no_error().await;
    });
}

#[test]
fn random_labels_are_learned_by_heart_and_not_validated() {
    browse("#/train", async |page| {
        use_sample(page).await;
        small_run(page, "60").await;
        page.fill("hidden-widths", "128").await;
        page.fill("batch-size", "20").await;
        page.open("more-settings").await;
        page.fill("subset", "100").await;
        page.click("random-labels").await;
        page.click("train-start").await;
        finish(page, 1).await;
        assert!(page.number("train-accuracy").await > 0.95, "learned by heart");
        assert_eq!(page.value("validation-accuracy").await, "", "nothing to validate");
    });
}
