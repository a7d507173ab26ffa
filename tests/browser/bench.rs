use crate::page::browse;

#[test]
fn the_bench_measures_all_products_of_a_step_in_one_run() {
    browse("#/bench", async |page| {
        // Chromium has relaxed SIMD, so the page must have chosen the worker with it.
        page.expect("kernel", "relaxed-simd").await;
        page.expect("bench-results", "[]").await;
        page.click("bench-run").await;
        page.expect_that("bench-results", "some rows", |value| value != "[]").await;
        page.expect_text("bench-run", "Stop").await;
        page.expect_text("bench-run", "Measure").await;
        let rows = page.json("bench-results").await;
        let rows = rows.as_array().unwrap();
        let of = |code: &str| rows.iter().filter(|row| row["code"] == code).count();
        // Three layers with two products, and the input's gradient for all but the first; and all together.
        assert_eq!((of("limit"), of("piecewise"), of("ndarray")), (1, 9, 9));
        for row in rows {
            let number = |name: &str| row[name].as_f64().unwrap();
            assert!(number("gflops") > 0.0 && number("median_gflops") <= number("gflops") * 1.000_001, "{row}");
            let share = number("gflops") / rows[0]["gflops"].as_f64().unwrap();
            assert!((number("share_of_peak") - share).abs() < 1e-9, "{row}");
        }
        let has = |m: u64, n: u64, k: u64| rows.iter().any(|row| row["m"] == m && row["n"] == n && row["k"] == k);
        assert!(has(256, 512, 3072) && has(512, 3072, 256) && has(256, 512, 10));
        let rates = page.json("bench-rates").await;
        let rates = rates.as_array().unwrap();
        assert_eq!(rates.len(), 10);
        for row in rates {
            assert!(row["best"].as_f64().unwrap() >= row["median"].as_f64().unwrap(), "{row}");
            assert!(row["share"].as_f64().is_none_or(|share| share > 0.0), "{row}");
        }
    });
}

#[test]
fn a_measurement_can_be_stopped_and_started_again() {
    browse("#/bench", async |page| {
        page.click("bench-run").await;
        page.expect_text("bench-run", "Stop").await;
        page.click("bench-run").await;
        page.expect_text("bench-run", "Measure").await;
        let some = page.json("bench-results").await;
        assert!(some.as_array().unwrap().len() < 19, "it was stopped before the end");
        page.click("bench-run").await;
        page.expect_that("bench-results", "all rows", |value| value.contains("all products of a step")).await;
    });
}

#[test]
fn how_the_cost_grows_is_measured_shown_and_stopped() {
    browse("#/bench", async |page| {
        page.expect("bench-growth", "[]").await;
        page.click("growth-run").await;
        page.expect_text("growth-run", "Stop").await;
        page.expect_that("bench-growth", "some points", |value| value.matches("best_ms").count() >= 3).await;
        page.click("growth-run").await;
        page.expect_text("growth-run", "Measure growth").await;
        let points = page.json("bench-growth").await;
        let points = points.as_array().unwrap();
        for (index, point) in points.iter().enumerate() {
            let number = |name: &str| point[name].as_f64().unwrap();
            assert_eq!(number("at"), f64::from(64 << index), "{point}");
            assert!(number("best_ms") > 0.0 && number("best_ms") <= number("median_ms"), "{point}");
            assert!((number("share_of_peak") - number("limit_ms") / number("best_ms")).abs() < 1e-9, "{point}");
        }
        let work = |index: usize| points[index]["limit_ms"].as_f64().unwrap();
        assert!(work(1) > 1.5 * work(0), "twice the width, about twice the work where the input is the most of it");
    });
}

#[test]
fn growth_ends_with_as_many_workers_as_there_are_cores() {
    browse("#/bench", async |page| {
        page.select("growth-over", "workers").await;
        page.click("growth-run").await;
        // In several waits, since all sizes together may take longer than one wait lasts.
        page.expect_that("bench-growth", "all widths", |value| value.contains("\"batch\"")).await;
        page.expect_that("bench-growth", "all batches", |value| value.contains("\"workers\"")).await;
        page.expect_text("growth-run", "Measure growth").await;
        page.expect_no_error().await;
        let points = page.json("bench-growth").await;
        let points = points.as_array().unwrap().iter().filter(|point| point["over"] == "workers");
        let workers: Vec<_> = points.map(|point| point["at"].as_u64().unwrap()).collect();
        let cores = page.js("return navigator.hardwareConcurrency").await.as_u64().unwrap();
        assert_eq!((workers[0], workers[workers.len() - 1]), (1, cores.min(16)));
    });
}
