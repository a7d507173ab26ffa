use crate::page::browse;

#[test]
fn the_bench_measures_all_products_of_a_step_in_one_run() {
    browse("#/bench", async |page| {
        // Chromium has relaxed SIMD, so the page must have chosen the worker with it.
        page.expect("kernel", "relaxed-simd").await;
        page.expect("bench-results", "[]").await;
        page.click("bench-run").await;
        page.expect_that("bench-results", "measured", |value| value != "[]").await;
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
