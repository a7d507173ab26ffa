use serde_json::{Value, json};

use crate::page::{Page, browse};

async fn set_numbers(page: &Page, w: &[&[&str]], x: &[&str]) {
    page.select("dimension", &x.len().to_string()).await;
    for (i, row) in w.iter().enumerate() {
        for (j, number) in row.iter().enumerate() {
            page.fill(&format!("q8-W-{i}-{j}"), number).await;
        }
    }
    for (i, number) in x.iter().enumerate() {
        page.fill(&format!("q8-x-{i}"), number).await;
    }
}

fn close(value: &Value, expected: &[&[f64]], what: &str) {
    let rows: Vec<Vec<f64>> = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(rows.len(), expected.len(), "{what}");
    for (row, expected) in rows.iter().zip(expected) {
        for (a, b) in row.iter().zip(*expected) {
            assert!((a - b).abs() < 1e-6, "{what}: {rows:?}");
        }
    }
}

#[test]
fn a_gradient_worked_out_by_hand_is_the_one_on_screen() {
    browse("#/backprop", async |page| {
        // y = (3, -1), u = (3, 0), v = (6, 1.5), so v⊗u = [[18, 0], [4.5, 0]];
        // (I + Wᵀ)v = (2·6 + 0.5·1.5, …) = (12.75, …), the second row is masked: [[12.75, 25.5], [0, 0]].
        set_numbers(page, &[&["1", "1"], &["0.5", "-0.75"]], &["1", "2"]).await;
        close(&page.json("table-outer").await, &[&[18.0, 0.0], &[4.5, 0.0]], "v⊗u");
        close(&page.json("table-masked").await, &[&[12.75, 25.5], &[0.0, 0.0]], "second term");
        for table in ["table-closed", "table-reverse", "table-differences"] {
            close(&page.json(table).await, &[&[30.75, 25.5], &[4.5, 0.0]], table);
        }
        assert!(page.number("grad-max-error").await < 1e-6);
        let comparisons = page.json("comparisons").await;
        assert_eq!(comparisons[0]["absolute"], 0.0);
        assert_eq!(comparisons[1]["entries"], 4);
    });
}

#[test]
fn the_pass_goes_step_by_step_forward_and_back() {
    browse("#/backprop", async |page| {
        set_numbers(page, &[&["1", "1"], &["0.5", "-0.75"]], &["1", "2"]).await;
        page.click("step-none").await;
        page.expect("step", "0").await;
        let expected = [
            json!([[3.0, -1.0]]),
            json!([[3.0, 0.0]]),
            json!([[6.0, 1.5]]),
            json!([[19.125]]),
            json!([[6.0, 1.5]]),
            json!([[18.0, 0.0], [4.5, 0.0]]),
            json!([[12.75, 6.375]]),
            json!([[12.75, 0.0]]),
            json!([[12.75, 25.5], [0.0, 0.0]]),
            json!([[30.75, 25.5], [4.5, 0.0]]),
        ];
        for (step, values) in expected.iter().enumerate() {
            page.expect_text(&format!("step-{step}"), "").await;
            page.click("step-next").await;
            page.expect("step", &(step + 1).to_string()).await;
            assert_eq!(page.json("step-result").await, *values, "step {}", step + 1);
        }
        assert!(!page.is_enabled("step-next").await);
        page.expect_text("step-2", "6, 1.5").await;
        page.click("step-back").await;
        page.expect("step", "9").await;
    });
}

#[test]
fn a_clicked_entry_shows_its_sum_over_m() {
    browse("#/backprop", async |page| {
        set_numbers(page, &[&["1", "1"], &["0.5", "-0.75"]], &["1", "2"]).await;
        for (i, j, sum) in [(0, 0, 30.75), (0, 1, 25.5), (1, 0, 4.5), (1, 1, 0.0)] {
            let entry =
                format!("document.querySelector('[data-testid=table-closed] [data-testid=entry-{i}-{j}]').click()");
            page.js(&entry).await;
            page.expect_text("entry-place", &format!("∂L/∂W at row i = {}, column j = {}", i + 1, j + 1)).await;
            assert!((page.number("entry-sum").await - sum).abs() < 1e-9);
        }
        let killed = "return document.querySelectorAll('[data-testid=chain-rule] .killed').length";
        assert_eq!(page.js(killed).await, 2, "two deltas are 0 in the row m ≠ i");
    });
}

#[test]
fn the_error_against_eps_is_a_v_in_both_precisions() {
    browse("#/backprop", async |page| {
        page.expect_that("eps-points", "computed", |value| value != "[]").await;
        let points = page.json("eps-points").await;
        let points = points.as_array().unwrap();
        assert_eq!(points.len(), 49);
        for precision in [0, 1] {
            let errors: Vec<f64> = points.iter().map(|point| point["largest"][precision].as_f64().unwrap()).collect();
            let best = errors.iter().copied().fold(f64::INFINITY, f64::min);
            assert!(errors[0] > 1e3 * best && errors[48] > 1e3 * best, "{errors:?}");
        }
        assert!(page.number("notebook-error").await > 1e-4, "f32 and ε = 10⁻⁵ is a bad choice");

        // In f32 the check on screen is as bad; a better ε mends it.
        let double = page.number("grad-max-error").await;
        page.select("precision", "f32").await;
        let single = page.number("grad-max-error").await;
        page.fill("eps", "0.01").await;
        let mended = page.number("grad-max-error").await;
        assert!(double < 1e-3 * single && mended < 0.2 * single, "{double} {single} {mended}");
    });
}

#[test]
fn large_dimensions_are_pictures_and_keep_up() {
    browse("#/backprop", async |page| {
        page.select("dimension", "256").await;
        page.wait_for("heat-map").await;
        let size = "const c = document.querySelector('[data-testid=table-closed] canvas'); return [c.width, c.height]";
        assert_eq!(page.js(size).await, json!([256, 256]));
        let comparisons = page.json("comparisons").await;
        assert_eq!(comparisons[0]["entries"], 65536);
        assert!(comparisons[0]["relative"].as_f64().unwrap() < 1e-6);
        page.js("document.querySelector('[data-testid=table-closed] canvas').click()").await;
        page.expect_text("entry-place", "∂L/∂W at row i = 1, column j = 1").await;
        page.fill("entry-row", "200").await;
        page.expect_text("entry-place", "∂L/∂W at row i = 200, column j = 1").await;
        page.expect_that("eps-points", "computed", |value| value.len() > 1000).await;
        assert!(!page.has("q8-W-0-0").await);
    });
}

#[test]
fn wrong_numbers_are_explained_and_change_nothing() {
    browse("#/backprop", async |page| {
        let before = page.value("table-closed").await;
        for (field, typed, part) in [
            ("q8-W-0-0", "NaN", "“NaN” is not a number."),
            ("eps", "-1", "ε must be above 0"),
            ("eps", "0", "ε must be above 0"),
            ("seed", "x", "The seed must be a whole number"),
        ] {
            page.type_into(field, typed).await;
            if field == "seed" {
                page.keys(field, "\u{e007}").await;
            }
            page.expect_error(part).await;
            assert_eq!(page.value("table-closed").await, before, "{field}");
            page.keys(field, "\u{e00c}").await;
        }
        page.goto("#/backprop?d=3&seed=1&theta=0&W=1,2&x=1").await;
        page.expect_error("does not hold a whole question 8").await;
        page.wait_for("q8-W-2-2").await;
    });
}

#[test]
fn the_address_keeps_the_numbers_and_the_part() {
    browse("#/backprop?d=1&seed=4&theta=0.5&W=-0.5&x=-1", async |page| {
        assert_eq!(page.input("q8-W-0-0").await, "-0.5");
        assert_eq!(page.input("theta-zero").await, "0.5");
        page.select("precision", "f32").await;
        page.click("part-layers").await;
        page.click("part-question8").await;
        page.wait_for("precision").await;
        assert_eq!(page.input("precision").await, "f32");
        page.expect("challenge-q8-cancel", "solved").await;
        page.goto("#/backprop?part=layers&layer=relu&mistake=wrong-mask&seed=3").await;
        page.expect("layer-verdict", "wrong").await;
        assert_eq!(page.input("layer").await, "relu");
        page.reload().await;
        page.expect("layer-verdict", "wrong").await;
    });
}

#[test]
fn each_mistake_is_caught_where_it_was_made() {
    browse("#/backprop", async |page| {
        page.click("part-layers").await;
        for (layer, mistake, wrong) in [
            ("linear", "none", &[][..]),
            ("linear", "missing-transpose", &["dL/dW"]),
            ("linear", "wrong-axis", &["dL/db"]),
            ("relu", "none", &[]),
            ("relu", "wrong-mask", &["dL/dX"]),
            ("cross-entropy", "none", &[]),
            ("cross-entropy", "missing-mean", &["dL/dX"]),
            ("network", "none", &[]),
            ("network", "wrong-axis", &["dL/db1", "dL/db2"]),
            ("network", "wrong-mask", &["dL/dW1", "dL/db1", "dL/dX"]),
            ("network", "missing-mean", &["dL/dW1", "dL/db1", "dL/dW2", "dL/db2", "dL/dX"]),
        ] {
            page.select("layer", layer).await;
            page.select("mistake", mistake).await;
            page.expect("layer-verdict", if wrong.is_empty() { "right" } else { "wrong" }).await;
            let checks = page.json("layer-checks").await;
            let found: Vec<_> = checks
                .as_array()
                .unwrap()
                .iter()
                .filter(|check| check["wrong"].as_u64() > Some(0))
                .map(|check| check["name"].as_str().unwrap())
                .collect();
            assert_eq!(found, wrong, "{layer}, {mistake}");
        }
        let marked = "return document.querySelectorAll('td.wrong').length > 0";
        assert_eq!(page.js(marked).await, true);
    });
}

#[test]
fn a_y_that_is_zero_in_decimals_is_the_kink() {
    browse("#/backprop?d=3&seed=1&theta=0&W=0.1,0.2,-0.3,0.5,0.1,0.2,0.3,-0.4,0.6&x=1,1,1", async |page| {
        page.expect_text("step-0", "0, 0.8, 0.5").await;
        let note = page.wait_for("zero-note").await.text().await.unwrap();
        assert!(note.starts_with("y₁ = 0 exactly, and L has a kink there, bending upwards"), "{note}");
        page.expect_that("eps-points", "computed", |value| value != "[]").await;
        let errors = page.wait_for("notebook-error").await.text().await.unwrap();
        assert!(errors.starts_with("This is the kink"), "{errors}");
        page.fill("q8-W-0-2", "-0.31").await;
        page.expect_text("step-0", "−0.01, 0.8, 0.5").await;
        assert!(!page.has("zero-note").await);
    });
}

#[test]
fn challenges_are_solved_live_and_remembered() {
    browse("#/backprop", async |page| {
        for id in ["q8-dead", "q8-cancel", "q8-kink", "q8-notebook", "q10-bias", "q10-mystery"] {
            page.expect(&format!("challenge-{id}"), "open").await;
        }
        set_numbers(page, &[&["-1", "-1"], &["-1", "-1"]], &["1", "1"]).await;
        page.expect("challenge-q8-dead", "solved").await;
        page.select("dimension", "3").await;
        page.fill("seed", "2").await;
        page.click("put-zero").await;
        page.wait_for("zero-note").await;
        page.expect("challenge-q8-kink", "open").await;
        page.select("theta-zero", "0.5").await;
        page.expect("challenge-q8-kink", "solved").await;

        page.click("part-layers").await;
        page.select("mistake", "wrong-axis").await;
        page.expect("challenge-q10-bias", "solved").await;
        page.click("hide-mistake").await;
        page.expect("guess-verdict", "open").await;
        page.expect("challenge-q10-mystery", "open").await;
        for guess in ["missing-transpose", "wrong-axis", "wrong-mask", "missing-mean"] {
            page.select("guess", guess).await;
            if page.value("guess-verdict").await == "right" {
                break;
            }
        }
        page.expect("guess-verdict", "right").await;
        page.expect("challenge-q10-mystery", "solved").await;

        page.reload().await;
        page.expect("challenge-q8-dead", "solved").await;
        page.expect("challenge-q8-cancel", "open").await;
    });
}

#[test]
fn tables_are_saved_as_csv_and_latex() {
    browse("#/backprop", async |page| {
        page.js(
            "window.saved = [];
             const create = URL.createObjectURL;
             URL.createObjectURL = blob => { blob.text().then(text => saved.push(text)); return create.call(URL, blob); };",
        )
        .await;
        page.click("export-tables-csv").await;
        page.click("export-tables-latex").await;
        let mut saved = Value::Null;
        for _ in 0..100 {
            saved = page.js("return window.saved").await;
            if saved.as_array().unwrap().len() == 2 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let csv = saved[0].as_str().unwrap();
        assert!(csv.starts_with("table,row,column,value\n"));
        assert_eq!(csv.lines().count(), 1 + 5 * 9, "five tables of 3 × 3");
        let latex = saved[1].as_str().unwrap();
        assert_eq!(latex.matches("\\begin{pmatrix}").count(), 5);
    });
}

#[test]
fn a_live_runs_gradients_are_checked() {
    browse("#/train", async |page| {
        assert!(!page.is_enabled("check-gradients").await, "there is no run yet");
        page.click("dataset-sample").await;
        page.expect("train-status", "ready").await;
        page.fill("hidden-widths", "64,32").await;
        page.fill("epochs", "1000").await;
        page.click("train-start").await;
        page.expect_that("train-epoch", "1 or more", |epoch| epoch.parse::<u32>().is_ok_and(|epoch| epoch >= 1)).await;
        page.click("check-gradients").await;
        page.expect("gradient-verdict", "right").await;
        let layers = page.json("gradient-layers").await;
        assert_eq!(layers.as_array().unwrap().len(), 3);
        for layer in layers.as_array().unwrap() {
            assert_eq!(layer["wrong"], 0, "{layer}");
            assert!(layer["compared"].as_u64() > Some(5), "{layer}");
        }
        page.click("train-pause").await;
        page.expect("train-status", "paused").await;
        page.click("check-gradients").await;
        page.expect_that("gradient-verdict", "a verdict", |verdict| verdict == "right").await;
        page.click("train-stop").await;
        page.expect("train-status", "finished").await;
        page.click("check-gradients").await;
        page.expect("gradient-verdict", "right").await;
    });
}
