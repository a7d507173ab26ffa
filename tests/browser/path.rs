use serde_json::{Value, json};

use crate::page::browse;

#[test]
fn the_homeworks_path_is_neither_with_chords_that_prove_it() {
    browse("#/path", async |page| {
        page.expect("path-shape", "neither").await;
        page.expect("path-degree", "1").await;
        let witness = page.json("path-witness").await;
        assert_eq!(witness["not_convex"], json!({ "t": ["1/3", "2/3", "1"], "f": ["0", "1", "1"], "chord": "1/2" }));
        let breaks = page.json("path-breaks").await;
        assert_eq!((&breaks[0]["exact"], &breaks[1]["exact"]), (&json!("1/3"), &json!("2/3")));
        assert_eq!(breaks[0]["neurons"], json!([[1, 1]]));
        let pieces = page.json("path-pieces").await;
        assert_eq!(pieces[1]["coefficients"], json!(["-1", "3"]));
    });
}

#[test]
fn each_preset_shows_what_it_promises() {
    browse("#/path", async |page| {
        for (id, shape, degree) in [
            ("last-layer", "linear", "1"),
            ("both-layers", "convex", "2"),
            ("irrational", "convex", "2"),
            ("deep", "neither", "3"),
            ("convex", "convex", "1"),
            ("loss", "neither", "2"),
            ("homework", "neither", "1"),
        ] {
            page.click(&format!("preset-{id}")).await;
            page.expect("path-degree", degree).await;
            page.expect("path-shape", shape).await;
            let note = page.wait_for("preset-note").await.text().await.unwrap();
            assert!(!note.starts_with("A path of your own"), "{id} has a note");
        }
        page.click("preset-irrational").await;
        page.expect("path-degree", "2").await;
        let at = &page.json("path-breaks").await[0];
        assert_eq!(at["exact"], Value::Null);
        assert!((at["t"].as_f64().unwrap() - (2.0 + 2.0_f64.sqrt()) / 4.0).abs() < 1e-12);
        let root = "t ≈ 0.853553 is the root of 8t² − 8t + 1 between 0.853 and 0.854";
        page.expect_text("irrational-breaks", root).await;
        page.click("path-exact").await;
        let pieces = page.wait_for("path-pieces").await.text().await.unwrap();
        assert!(pieces.contains("the root of 8t² − 8t + 1 between 0.853 and 0.854"), "{pieces}");
    });
}

#[test]
fn both_ends_the_input_and_what_moves_can_be_changed() {
    browse("#/path", async |page| {
        page.click("edit-to").await;
        assert_eq!(page.input("param-W1-0-0-value").await, "2");
        page.fill("param-W1-1-0-value", "-1").await;
        // Now only the first neuron moves: relu(3t − 1).
        page.expect("path-shape", "convex").await;
        page.click("moves-W1-0-0").await;
        page.expect("path-shape", "linear").await;
        page.click("moves-W1-0-0").await;
        page.expect("path-shape", "convex").await;
        // A change that has rested is a step of its own.
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        page.click("moves-W1").await;
        page.expect("path-degree", "0").await;
        page.click("undo").await;
        page.expect("path-shape", "convex").await;
        page.fill("path-x", "-1").await;
        // relu(1 − 3t), going down.
        page.expect_that("path-pieces", "the other way round", |pieces| pieces.contains("[\"1\",\"-3\"]")).await;
        page.click("swap-ends").await;
        assert_eq!(page.input("param-W1-0-0-value").await, "-1");
    });
}

#[test]
fn the_search_finds_one_and_says_how_many_it_tried() {
    browse("#/path", async |page| {
        page.click("preset-convex").await;
        page.expect("path-shape", "convex").await;
        page.click("path-search").await;
        page.expect("path-shape", "neither").await;
        assert!(page.number("path-search").await >= 1.0);
        let counts = page.wait_for("path-search-counts").await.text().await.unwrap();
        assert!(counts.contains("1 neither. That path is shown."), "{counts}");
        page.expect("challenge-path-neither", "solved").await;
        let found = page.value("path-pieces").await;
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        page.reload().await;
        page.expect("path-pieces", &found).await;
        page.expect("challenge-path-neither", "solved").await;
    });
}

#[test]
fn challenges_are_solved_by_paths_of_ones_own() {
    browse("#/path", async |page| {
        for (path, id) in [
            ("W1=-1,-1&b1=0,-1&W2=1,-1&b2=0&to.W1=3,3&to.b1=0,-1&to.W2=1,-1&to.b2=0", "one-layer"),
            ("W1=-2,1&b1=0,0&W2=1,1&b2=0&to.W1=2,-1&to.b1=0,0&to.W2=1,1&to.b2=0", "convex"),
            ("W1=1&b1=0&W2=1&b2=0&W3=1&b3=0&to.W1=2&to.b1=0&to.W2=2&to.b2=0&to.W3=2&to.b3=0", "cubic"),
            ("W1=-2&b1=0&W2=-2&b2=-3&W3=1&b3=0&to.W1=2&to.b1=0&to.W2=2&to.b2=-3&to.W3=1&to.b3=0", "irrational"),
        ] {
            page.js(&format!("location.hash = '#/path?{path}&x=1&plane=1'")).await;
            page.expect(&format!("challenge-path-{id}"), "solved").await;
        }
        page.js("location.hash = '#/path?W1=1&b1=0&W2=1&b2=0&to.W1=1,2&to.b1=0&to.W2=1&to.b2=0&x=1'").await;
        page.expect_error("W₁").await;
        page.expect("path-degree", "2").await;
    });
}

#[test]
fn the_loss_is_decided_for_points_that_are_typed() {
    browse("#/path", async |page| {
        page.click("preset-loss").await;
        page.expect("path-degree", "2").await;
        page.fill("path-data", "1 0").await;
        // The square of the homework's path.
        page.expect_that("path-pieces", "a square", |pieces| pieces.contains("[\"1\",\"-6\",\"9\"]")).await;
        let before = page.value("path-pieces").await;
        page.fill("path-data", "1 0, 2").await;
        page.expect_error("Point 2, “2”, is not two numbers").await;
        page.expect("path-pieces", &before).await;
        page.fill("path-data", "1 1").await;
        page.expect_no_error().await;
    });
}

#[test]
fn a_deep_network_of_the_function_lab_is_taken_over() {
    browse("#/function?W1=1,2&b1=0,1&W2=1,-1,1,2&b2=1,0&W3=2,1&b3=0&x=-5,5", async |page| {
        page.wait_for("pieces").await;
        page.click("nav-path").await;
        page.click("copy-function").await;
        // Both ends have its shape, and are it: nothing moves.
        page.expect("path-degree", "0").await;
        page.click("edit-to").await;
        page.click("random-end").await;
        page.expect_that("path-degree", "above 0", |degree| degree != "0").await;
        page.click("path-beyond").await;
        page.select("plane-kind", "sliders").await;
        page.select("plane-second", "W3-0-1").await;
        page.hover("plot-plane", 0.5, 0.5).await;
        page.expect_hash("plane=W1-0-0,W3-0-1").await;
        page.reload().await;
        assert_eq!(page.wait_for("plane-second").await.prop("value").await.unwrap().unwrap(), "W3-0-1");
    });
}
