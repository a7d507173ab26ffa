use serde_json::{Value, json};

use crate::page::{Page, browse};

async fn set_net(page: &Page, width: usize, numbers: &[(&str, &str)]) {
    page.select("width", &width.to_string()).await;
    for (place, number) in numbers {
        page.fill(&format!("param-{place}-value"), number).await;
    }
}

async fn expect_kinks(page: &Page, expected: &[f64]) {
    page.expect("kink-count", &expected.len().to_string()).await;
    page.expect("kink-list", &json!(expected).to_string()).await;
}

#[test]
fn dragging_a_slider_moves_the_kink_that_it_makes() {
    browse("#/function", async |page| {
        expect_kinks(page, &[-3.0, -2.0, 1.0]).await;
        // The first neuron bends at -b1/w1, and w1 is 1.
        let middle = 0.5 + 2.0 / 10.0;
        page.drag("param-b1-0", middle, 25.0).await;
        let bias: f64 = page.input("param-b1-0-value").await.parse().unwrap();
        assert!((2.5..5.0).contains(&bias), "dragged to {bias}");
        let mut kinks = vec![-3.0, 1.0, -bias];
        kinks.sort_by(f64::total_cmp);
        expect_kinks(page, &kinks).await;
    });
}

#[test]
fn keys_move_a_slider_finely_and_a_double_click_resets_it() {
    browse("#/function", async |page| {
        let arrow_right = "\u{e014}";
        page.keys("param-b2-0", &arrow_right.repeat(3)).await;
        assert_eq!(page.input("param-b2-0-value").await, "-0.7");
        page.keys("param-b2-0", &format!("\u{e008}{arrow_right}\u{e000}")).await;
        assert_eq!(page.input("param-b2-0-value").await, "-0.69");
        page.keys("param-b2-0", "\u{e00f}").await;
        assert_eq!(page.input("param-b2-0-value").await, "-1.69", "PageDown");
        page.keys("param-b2-0", "\u{e010}").await;
        assert_eq!(page.input("param-b2-0-value").await, "5", "End");
        page.js("document.querySelector('[data-testid=param-b2-0]').dispatchEvent(new MouseEvent('dblclick', {bubbles: true}))")
            .await;
        assert_eq!(page.input("param-b2-0-value").await, "-1");
    });
}

#[test]
fn kinks_a_billionth_apart_are_two_and_equal_ones_cancel() {
    browse("#/function", async |page| {
        let net = [
            ("W1-0-0", "1"),
            ("W1-1-0", "1"),
            ("b1-0", "-0.5"),
            ("b1-1", "-0.500000001"),
            ("W2-0-0", "1"),
            ("W2-0-1", "-1"),
            ("b2-0", "0"),
        ];
        set_net(page, 2, &net).await;
        expect_kinks(page, &[0.5, 0.500000001]).await;
        page.expect("shape", "neither").await;
        page.expect("region-count", "3").await;
        page.fill("param-b1-1-value", "-5e-1").await;
        expect_kinks(page, &[]).await;
        page.expect("shape", "linear").await;
        page.expect("region-bound", "3").await;
        page.expect("discontinuity-count", "0").await;
    });
}

#[test]
fn the_homeworks_shapes_come_with_their_witness() {
    browse("#/function", async |page| {
        for (second, shape, chords) in [
            (["1", "-1"], "linear", [false, false]),
            (["1", "1"], "convex", [false, true]),
            (["-1", "-1"], "concave", [true, false]),
        ] {
            let net = [
                ("W1-0-0", "1"),
                ("W1-1-0", "-1"),
                ("b1-0", "0"),
                ("b1-1", "0"),
                ("W2-0-0", second[0]),
                ("W2-0-1", second[1]),
                ("b2-0", "0"),
            ];
            set_net(page, 2, &net).await;
            page.expect("shape", shape).await;
            let witness = page.json("witness").await;
            assert_eq!([witness["not_convex"].is_object(), witness["not_concave"].is_object()], chords);
        }
        // |x| and the chord from -1 to 1.
        page.fill("param-W2-0-0-value", "1").await;
        page.fill("param-W2-0-1-value", "1").await;
        page.expect("shape", "convex").await;
        let chord = &page.json("witness").await["not_concave"];
        assert_eq!(*chord, json!({ "x": ["-1", "0", "1"], "f": ["1", "0", "1"], "chord": "1" }));
        assert_eq!(
            page.json("pieces").await,
            json!([
                { "from": null, "to": 0.0, "slope": -1.0, "intercept": 0.0 },
                { "from": 0.0, "to": null, "slope": 1.0, "intercept": 0.0 },
            ])
        );
    });
}

#[test]
fn fractions_can_be_typed_stepped_and_linked() {
    browse("#/function", async |page| {
        page.fill("param-W1-0-0-value", "1/6").await;
        page.expect_that("kink-list", "a kink at −12", |value| value.starts_with("[-12")).await;
        page.keys("param-W1-0-0-value", "\u{e007}").await;
        assert_eq!(page.input("param-W1-0-0-value").await, "1/6");
        page.keys("param-W1-0-0-value", "\u{e013}").await;
        assert_eq!(page.input("param-W1-0-0-value").await, "4/15", "↑ adds a tenth");
        page.keys("param-W1-0-0", "\u{e012}").await;
        assert_eq!(page.input("param-W1-0-0-value").await, "1/6", "← on the slider takes it away");
        page.goto("#/function?W1=1/6,-82/29&b1=0,-1&W2=1,-1&b2=1/3&x=-5,5").await;
        page.expect_that("kink-list", "the link's kinks", |value| value.starts_with("[-0.3536585365853")).await;
        assert_eq!(page.input("param-W1-1-0-value").await, "-82/29");
    });
}

#[test]
fn wrong_numbers_are_explained_and_change_nothing() {
    browse("#/function", async |page| {
        let pieces = page.value("pieces").await;
        for (typed, part) in [
            ("NaN", "“NaN” is not a number."),
            ("", "Type a number"),
            ("1e99", "too large"),
            ("0.00000000000001", "too many places"),
            ("1/0", "divides by 0"),
            ("abc", "“abc” is not a number."),
        ] {
            page.type_into("param-W1-0-0-value", typed).await;
            page.expect_error(part).await;
            assert_eq!(page.value("pieces").await, pieces);
        }
        page.keys("param-W1-0-0-value", "\u{e007}").await;
        page.expect_error("“abc” is not a number.").await;
        assert_eq!(page.input("param-W1-0-0-value").await, "abc", "Enter leaves it to be mended");
        page.keys("param-W1-0-0-value", "\u{e00c}").await;
        page.expect_no_error().await;
        assert_eq!(page.input("param-W1-0-0-value").await, "1", "Escape brings the number back");
        page.type_into("x-min", "7").await;
        page.expect_error("The interval from 7 to 5 is empty.").await;
        page.fill("x-min", "-9").await;
        page.expect_no_error().await;
        assert_eq!(page.value("pieces").await, pieces);
    });
}

#[test]
fn every_width_has_its_controls() {
    browse("#/function", async |page| {
        for width in [16, 1, 7] {
            page.select("width", &width.to_string()).await;
            page.expect("region-bound", &(width + 1).to_string()).await;
            let count = "return document.querySelectorAll('input[type=range][data-testid^=param-]').length";
            assert_eq!(page.js(count).await, 3 * width + 1);
            assert!(page.has(&format!("param-W1-{}-0", width - 1)).await);
            assert!(page.has(&format!("param-W2-0-{}", width - 1)).await);
            assert!(page.number("kink-count").await <= f64::from(width));
        }
        // Deeper, and each layer its own width.
        page.select("layers", "4").await;
        page.select("width", "8").await;
        page.select("width-2", "3").await;
        page.expect("region-bound", &(9 * 4 * 9).to_string()).await;
        let shapes = "return document.querySelector('[data-testid=shapes]').textContent";
        assert_eq!(page.js(shapes).await, "W1∈ℝ8×1,b1∈ℝ8; W2∈ℝ3×8,b2∈ℝ3; W3∈ℝ8×3,b3∈ℝ8; W4∈ℝ1×8,b4∈ℝ");
        assert!(!page.has("param-W2-0-0").await, "large groups are folded at first");
        page.js("document.querySelector('[data-testid=group-W2] summary').click()").await;
        page.fill("param-W2-2-7-value", "-2.5").await;
        assert_eq!(page.input("param-W2-2-7-value").await, "-2.5");
        page.select("layers", "2").await;
        page.expect("region-bound", "9").await;
    });
}

#[test]
fn the_address_keeps_the_network() {
    browse("#/function?W1=1,-1&b1=0,0&W2=1,1&b2=0&x=-2,2", async |page| {
        page.expect("shape", "convex").await;
        assert_eq!(page.input("x-max").await, "2");
        page.fill("param-b1-1-value", "-1.5").await;
        expect_kinks(page, &[-1.5, 0.0]).await;
        let expected = "#/function?W1=1,-1&b1=0,-1.5&W2=1,1&b2=0&x=-2,2";
        for _ in 0..100 {
            if page.hash().await == expected {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(page.hash().await, expected);
        page.reload().await;
        expect_kinks(page, &[-1.5, 0.0]).await;

        // There and back again, nothing is lost.
        page.click("nav-train").await;
        page.wait_for("train-start").await;
        page.click("nav-function").await;
        expect_kinks(page, &[-1.5, 0.0]).await;

        page.goto("#/function?W1=1,oops&b1=0,0&W2=1,1&b2=0&x=-2,2").await;
        page.expect_error("The link’s W₁").await;
        expect_kinks(page, &[-3.0, -2.0, 1.0]).await;
    });
}

#[test]
fn the_plot_is_drawn_and_the_crosshair_reads_it() {
    browse("#/function", async |page| {
        let colours = "const canvas = document.querySelector('[data-testid=plot-function]');
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            const seen = {};
            for (let i = 0; i < pixels.length; i += 4) {
                const key = [pixels[i], pixels[i + 1], pixels[i + 2]].join();
                seen[key] = (seen[key] || 0) + 1;
            }
            return [seen['0,114,178'] || 0, seen['213,94,0'] || 0];";
        let mut seen = Value::Null;
        for _ in 0..100 {
            seen = page.js(colours).await;
            if seen[0].as_u64() > Some(500) && seen[1].as_u64() > Some(50) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(seen[0].as_u64() > Some(500) && seen[1].as_u64() > Some(50), "pixels of line and kinks: {seen}");

        page.hover("plot-function", 0.5, 0.5).await;
        let text = "return document.querySelector('.crosshair-text')?.textContent ?? ''";
        let mut shown = String::new();
        for _ in 0..100 {
            shown = page.js(text).await.as_str().unwrap().to_owned();
            if !shown.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(shown.starts_with("x = ") && shown.contains("slope1"), "{shown}");
    });
}

#[test]
fn weights_are_copied_as_code() {
    browse("#/function", async |page| {
        page.js("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }").await;
        page.click("copy-json").await;
        page.expect("copied", "Copied as JSON.").await;
        let text = page.js("return window.copied").await;
        let json: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
        assert_eq!(json["layers"][0]["weight"], json!([[1.0], [1.0], [-1.0]]));
        page.click("copy-pytorch").await;
        page.expect("copied", "Copied as PyTorch.").await;
        assert!(page.js("return window.copied").await.as_str().unwrap().contains("torch.nn.ReLU()"));
        page.select("activation", "tanh").await;
        page.click("copy-numpy").await;
        page.expect("copied", "Copied as NumPy.").await;
        let program = page.js("return window.copied").await.as_str().unwrap().to_owned();
        assert!(program.contains("np.tanh(") && !program.contains("maximum"), "{program}");
        for (button, part) in [("general", "W_{l}"), ("symbols", "W_{2}"), ("numbers", "\\tanh(x + 2)")] {
            page.js("window.copied = ''").await;
            page.click(&format!("copy-formula-{button}")).await;
            page.expect_that("formula-copied", "the button's name", |text| text.starts_with("Copied as ")).await;
            let latex = page.js("return window.copied").await.as_str().unwrap().to_owned();
            assert!(latex.contains(part), "{latex}");
        }
    });
}

#[test]
fn without_a_clipboard_text_is_copied_in_another_way_or_saved() {
    browse("#/function", async |page| {
        // As on plain http.
        page.js("Object.defineProperty(navigator, 'clipboard', { value: undefined });
            document.execCommand = () => { window.copied = document.activeElement.value; return true; };")
            .await;
        page.click("copy-latex").await;
        page.expect("copied", "Copied as LaTeX.").await;
        let text = page.js("return window.copied").await;
        assert!(text.as_str().unwrap().starts_with("\\begin{align*}\nf(x) &= W_{2}"), "{text}");
        page.catch_downloads().await;
        page.js("document.execCommand = () => false").await;
        let saved = String::from_utf8(page.download("copy-json").await).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&saved).unwrap()["activation"], "relu");
        let said = "The browser does not let this page copy, so piecewise.json was saved instead.";
        page.expect("copied", said).await;
    });
}

#[test]
fn each_preset_shows_what_it_promises() {
    browse("#/function", async |page| {
        for (id, kinks, shape) in [
            ("jump", "2", "neither"),
            ("polygon", "5", "neither"),
            ("no-kinks", "0", "linear"),
            ("width-kinks", "8", "neither"),
            ("sawtooth", "17", "neither"),
            ("linear", "0", "linear"),
            ("two-kinks", "1", "convex"),
            ("convex", "1", "convex"),
            ("neither-no-bias", "1", "concave"),
            ("neither", "3", "neither"),
        ] {
            page.click(&format!("preset-{id}")).await;
            page.expect("kink-count", kinks).await;
            page.expect("shape", shape).await;
            let note = page.wait_for("preset-note").await.text().await.unwrap();
            assert!(!note.starts_with("A network of your own"), "{id} has a note");
        }
        // Whatever stood there before, it is the same network.
        page.click("preset-most-regions").await;
        page.expect("region-count", "16").await;
        page.expect("region-bound", "16").await;
        // Every kink has its neuron.
        let neurons = page.json("kink-neurons").await;
        assert_eq!(neurons.as_array().unwrap().len(), 15);
        assert!(neurons.as_array().unwrap().iter().all(|bends| !bends.as_array().unwrap().is_empty()));
        page.select("layers", "4").await;
        page.select("width", "2").await;
        page.click("most-pieces").await;
        page.expect("region-count", "19").await;
        page.expect("region-bound", "19").await;
        page.select("layers", "6").await;
        page.select("width", "16").await;
        page.click("most-pieces").await;
        page.expect_error("at most 2500").await;
        page.select("width", "1").await;
        page.expect_no_error().await;
        page.click("most-pieces").await;
        page.expect("region-count", "3").await;

        page.click("preset-tanh").await;
        page.expect("kink-count", "0").await;
        page.expect("shape", "neither").await;
        assert!(page.json("witness").await["not_convex"]["chord"].is_number());
        assert_eq!(page.wait_for("view").await.prop("value").await.unwrap().unwrap(), "derivative");
    });
}

#[test]
fn undo_and_redo_by_buttons_and_keys() {
    browse("#/function", async |page| {
        assert!(!page.is_enabled("undo").await);
        page.fill("param-b2-0-value", "2").await;
        page.select("width", "5").await;
        page.expect("region-bound", "6").await;
        page.click("undo").await;
        page.expect("region-bound", "4").await;
        // Both changes came too fast to be two steps, or they are two: in the end, all is undone.
        if page.is_enabled("undo").await {
            page.click("undo").await;
        }
        assert_eq!(page.input("param-b2-0-value").await, "-1");
        assert!(!page.is_enabled("undo").await);
        while page.is_enabled("redo").await {
            page.click("redo").await;
        }
        page.expect("region-bound", "6").await;
        // A drag is one step; Ctrl+Z takes it back whole.
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        page.drag("param-b1-0", 0.7, 40.0).await;
        assert_ne!(page.input("param-b1-0-value").await, "2");
        page.keys("param-b1-0", "\u{e009}z\u{e000}").await;
        assert_eq!(page.input("param-b1-0-value").await, "2");
        page.keys("param-b1-0", "\u{e009}y\u{e000}").await;
        assert_ne!(page.input("param-b1-0-value").await, "2");
    });
}

#[test]
fn a_link_restores_depth_activation_biases_and_view() {
    let link = "#/function?W1=1,-1&b1=0,1&W2=1,2,-1,1&b2=0,-1&W3=1,1&b3=0&x=-3,3&activation=tanh&biases=off&view=pre2&neuron=2";
    browse(link, async |page| {
        let value = async |testid: &str| page.wait_for(testid).await.prop("value").await.unwrap().unwrap();
        assert_eq!(value("layers").await, "3");
        assert_eq!(value("activation").await, "tanh");
        assert_eq!(value("view").await, "pre2");
        assert_eq!(value("neuron").await, "2");
        assert!(!page.wait_for("biases").await.is_selected().await.unwrap());
        page.js("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }").await;
        page.click("copy-link").await;
        page.expect("copy-link", "true").await;
        let copied = page.js("return window.copied").await;
        assert!(copied.as_str().unwrap().ends_with(link), "{copied}");
        page.select("activation", "relu").await;
        page.expect("kink-list", "[0.0]").await;
        page.click("biases").await;
        page.expect_that("kink-list", "with biases", |list| list != "[0.0]").await;
    });
}

#[test]
fn random_weights_come_from_a_seed() {
    browse("#/function", async |page| {
        page.fill("seed", "7").await;
        let seven = page.value("pieces").await;
        page.click("randomise").await;
        assert_eq!(page.input("seed").await, "8");
        page.expect_that("pieces", "another", |pieces| pieces != seven).await;
        page.fill("seed", "7").await;
        page.expect("pieces", &seven).await;
        page.fill("seed", "x").await;
        page.expect_error("whole number").await;
        page.expect("pieces", &seven).await;
    });
}

#[test]
fn a_slider_plays_until_it_is_stopped() {
    browse("#/function", async |page| {
        page.centre("play-b2-0").await;
        page.click("play-b2-0").await;
        let before = page.input("param-b2-0-value").await;
        for _ in 0..100 {
            if page.input("param-b2-0-value").await != before {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_ne!(page.input("param-b2-0-value").await, before);
        page.click("play-b2-0").await;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let after = page.input("param-b2-0-value").await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(page.input("param-b2-0-value").await, after);
        // Leaving while it plays is fine, too.
        page.click("play-b2-0").await;
        page.click("nav-path").await;
        page.wait_for("plot-path").await;
    });
}

#[test]
fn what_is_impossible_is_searched_for_and_decided() {
    browse("#/function", async |page| {
        assert!(!page.has("search-5b").await);
        page.click("preset-two-kinks").await;
        for word in ["5b", "5d"] {
            page.click(&format!("search-{word}-run")).await;
            page.expect_that(&format!("search-{word}"), "over 1,000", |tried| tried.parse::<u64>().unwrap() >= 1_000)
                .await;
            page.click(&format!("search-{word}-run")).await;
            let counts = page.wait_for(&format!("search-{word}-counts")).await.text().await.unwrap();
            assert!(counts.contains("0 with two") || counts.contains("0 neither"), "{counts}");
            page.click(&format!("search-{word}-no")).await;
            page.expect(&format!("challenge-function-{word}"), "solved").await;
        }
        assert!(page.wait_for("search-5b-argument").await.text().await.unwrap().contains("x = 0"));
        // With biases it is found, so the search can find.
        page.click("search-5b-biases").await;
        page.click("search-5b-run").await;
        page.click("search-5b-show").await;
        page.expect("kink-count", "2").await;
        page.reload().await;
        page.expect("challenge-function-5b", "solved").await;
    });
}

#[test]
fn challenges_are_solved_by_networks_of_ones_own() {
    browse("#/function", async |page| {
        for (net, id) in [
            ("W1=1,1,1,1,1,1&b1=0,0,0,0,0,0&W2=1,1,1,1,1,1&b2=0", "shapes"),
            ("W1=1,1,1,1&b1=0,0,0,0&W2=1,1,1,1,1,1,1,1&b2=0,0&W3=1,1&b3=0", "three-layers"),
            ("W1=1,1&b1=0,-1&W2=1,-1&b2=0", "neither"),
            ("W1=5,5&b1=0,-0.01&W2=100,-100&b2=0", "jump"),
            ("W1=1,1&b1=0,-2&W2=1,-1&b2=0", "ramp"),
            ("W1=1,-1&b1=1,-1&W2=1,-1&b2=0", "no-kink"),
            ("W1=1,1,1,1,1&b1=2,1,0,-1,-2&W2=1,-2,2,-2,2&b2=0", "all-kinks"),
            ("W1=1,-1&b1=0,0&W2=1,1,-1,-1&b2=-1,3&W3=1,1&b3=0", "depth"),
        ] {
            page.js(&format!("location.hash = '#/function?{net}&x=-5,5'")).await;
            page.expect(&format!("challenge-function-{id}"), "solved").await;
        }
        page.js("location.hash = '#/function?W1=1&b1=0&W2=1&b2=0&x=-5,5&activation=tanh'").await;
        page.expect("challenge-function-tanh", "solved").await;
        page.js("location.hash = '#/function?W1=2,-2&b1=0,0&W2=1,-1&b2=0&x=-5,5&biases=off'").await;
        page.expect("challenge-function-linear", "solved").await;
        page.js("location.hash = '#/function?W1=1,-2&b1=0,0&W2=1,1&b2=0&x=-5,5&biases=off'").await;
        page.expect("challenge-function-convex", "solved").await;
        page.js("location.hash = '#/function?W1=1,1,1&b1=0,0,0&W2=1&b2=0&x=-5,5'").await;
        page.expect_error("W₂").await;
        page.click("preset-most-regions").await;
        page.expect("region-count", "16").await;
        assert_eq!(page.value("challenge-function-regions").await, "open");
        page.fill("param-b3-0-value", "1").await;
        page.expect("challenge-function-regions", "solved").await;
    });
}

#[test]
fn depth_is_counted_and_its_networks_open() {
    browse("#/function?part=depth&neurons=9", async |page| {
        page.expect("depth-progress", "100.0").await;
        let rows = page.json("depth-rows").await;
        let row = |layers: usize| &rows[layers - 2];
        assert_eq!((&row(2)["bound"], &row(2)["construction"]), (&json!(10), &json!(10)));
        assert_eq!((&row(4)["bound"], &row(4)["construction"]), (&json!(64), &json!(64)));
        assert_eq!(row(6)["attained"], json!(false));
        for layers in 2..=6 {
            assert_eq!(row(layers)["count"], json!(100));
            assert!(row(layers)["most"].as_u64() <= row(layers)["bound"].as_u64());
        }
        page.select("budget", "6").await;
        page.expect_that("depth-rows", "of the other budget", |rows| rows.contains("\"bound\":7,")).await;
        page.click("show-construction-3").await;
        page.expect("region-count", "16").await;
        assert_eq!(page.wait_for("layers").await.prop("value").await.unwrap().unwrap(), "3");
    });
}

#[test]
fn a_curve_is_drawn_interpolated_and_learned() {
    browse("#/function?part=fit&target=sin&k=4&seed=1", async |page| {
        let coarse = page.json("fit-error").await["rms"].as_f64().unwrap();
        page.select("fit-width", "16").await;
        page.expect_that("fit-error", "smaller", |error| {
            serde_json::from_str::<Value>(error).unwrap()["rms"].as_f64().unwrap() < coarse / 4.0
        })
        .await;
        page.click("fit-train").await;
        page.expect_that("fit-results", "a result", |results| results.starts_with("[[16,")).await;
        page.expect("fit-status", "idle").await;
        let learned = page.json("fit-learned-error").await["rms"].as_f64().unwrap();
        assert!(learned > 0.0 && learned < 1.0, "{learned}");

        page.select("target", "step").await;
        page.expect("fit-learned-error", "null").await;
        page.click("fit-train-all").await;
        page.click("fit-pause").await;
        page.expect("fit-status", "held").await;
        page.click("fit-pause").await;
        page.expect_that("fit-results", "some results", |results| results.contains("[2,")).await;
        page.click("fit-stop").await;
        page.expect("fit-status", "idle").await;

        page.click("fit-draw").await;
        page.drag("plot-fit", 0.3, 200.0).await;
        assert_eq!(page.wait_for("target").await.prop("value").await.unwrap().unwrap(), "drawn");
        page.click("show-hinges").await;
        page.select("fit-width", "5").await;
        let hinges = page.wait_for("hinges").await.text().await.unwrap();
        assert_eq!(hinges.matches("relu").count(), 5);
        page.click("fit-take").await;
        page.expect("region-bound", "6").await;
    });
}

#[test]
fn every_plot_is_exported() {
    browse("#/function", async |page| {
        page.catch_downloads().await;
        let csv = page.export("plot-function", "csv").await;
        assert_eq!(
            csv.lines().collect::<Vec<_>>(),
            ["from,to,slope,intercept", ",-3,-1,-4", "-3,-2,0,-1", "-2,1,1,1", "1,,-1,3"]
        );
        let svg = page.export("plot-function", "svg").await;
        assert!(svg.starts_with("<svg") && svg.contains("f(x)") && svg.contains("#0072B2"));
        page.select("view", "pre1").await;
        let csv = page.export("plot-function", "csv").await;
        assert!(csv.starts_with("x,neuron 1,neuron 2,neuron 3\n-5,-3,-6,2\n"), "{csv}");
        assert!(page.export("plot-function", "png").await.starts_with("data:image/png;base64,"));
        page.click("part-depth").await;
        page.expect("depth-progress", "100.0").await;
        assert_eq!(page.export("plot-depth", "csv").await.lines().count(), 6);
        assert!(page.export("plot-depth", "svg").await.contains("linear pieces"));
        page.click("part-fit").await;
        assert_eq!(page.export("plot-fit", "csv").await.lines().count(), 402);
        assert_eq!(page.export("plot-errors", "csv").await.lines().count(), 65);
        page.click("nav-path").await;
        let csv = page.export("plot-path", "csv").await;
        assert_eq!(csv.lines().nth(2), Some("1/3,2/3,1,-1 3,,,,"));
        assert_eq!(page.export("plot-plane", "csv").await.lines().count(), 61 * 61 + 1);
        assert!(page.export("plot-plane", "svg").await.contains("along the path"));
    });
}
