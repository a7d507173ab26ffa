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
fn wrong_numbers_are_explained_and_change_nothing() {
    browse("#/function", async |page| {
        let pieces = page.value("pieces").await;
        for (typed, part) in [
            ("NaN", "“NaN” is not a number."),
            ("", "Type a number"),
            ("1e99", "too large"),
            ("0.00000000000001", "too many places"),
        ] {
            page.type_into("param-W1-0-0-value", typed).await;
            page.expect_error(part).await;
            assert_eq!(page.value("pieces").await, pieces);
        }
        page.keys("param-W1-0-0-value", "\u{e007}").await;
        page.expect_no_error().await;
        assert_eq!(page.input("param-W1-0-0-value").await, "1", "the number that counts is shown again");
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
        page.expect_error("The link’s W1".replace('’', "'").as_str()).await;
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
        assert!(shown.starts_with("f(") && shown.contains("slope 1"), "{shown}");
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
    });
}
