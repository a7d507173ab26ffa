use serde_json::{Value, json};

use crate::page::{Page, browse};

async fn set(page: &Page, numbers: &[(&str, &str)]) {
    for (place, number) in numbers {
        page.fill(&format!("param-{place}-value"), number).await;
    }
}

#[test]
fn the_formula_of_f_stands_below_the_plane_and_is_copied() {
    browse("#/gates?gate=or&table=000000000&W1=1,0,0,1&b1=0,0&W2=1,1&b2=0", async |page| {
        page.js("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }").await;
        let formula = "return document.querySelector('[data-testid=formula-numbers]').textContent";
        assert_eq!(page.js(formula).await, "f(x1,x2)=ReLU(x1)+ReLU(x2)");
        page.click("copy-formula-numbers").await;
        page.expect("formula-copied", "Copied as LaTeX with numbers.").await;
        let latex = page.js("return window.copied").await;
        assert!(
            latex.as_str().unwrap().contains("\\operatorname{ReLU}(x_{1}) + \\operatorname{ReLU}(x_{2})"),
            "{latex}"
        );
    });
}

#[test]
fn every_preset_is_proved_or_refuted_as_it_should_be() {
    browse("#/gates", async |page| {
        for (preset, spec, verdict) in [
            ("or", "or", "proved"),
            ("xor", "xor", "proved"),
            ("xor-small", "xor", "proved"),
            ("nand", "nand", "proved"),
            ("and", "and", "proved"),
            ("or-nearly", "or", "refuted"),
            ("and-bits", "and", "refuted"),
            ("xor-line", "xor", "refuted"),
        ] {
            page.click(&format!("preset-{preset}")).await;
            page.expect("gate-verdict", verdict).await;
            assert_eq!(page.input("gate-spec").await, spec, "{preset}");
            let counterexample = page.json("gate-counterexample").await;
            assert_eq!(counterexample.is_null(), verdict == "proved", "{preset}");
            assert!(page.number("gate-faces").await >= 9.0, "{preset}");
        }
    });
}

#[test]
fn a_billionth_is_enough_to_refute_and_the_point_is_shown() {
    browse("#/gates", async |page| {
        page.click("preset-or").await;
        page.expect("gate-verdict", "proved").await;
        set(page, &[("b2-0", "-1e-9")]).await;
        page.expect("gate-verdict", "refuted").await;
        let counterexample = page.json("gate-counterexample").await;
        assert_eq!(counterexample["wanted"], true);
        assert_eq!((&counterexample["found"], &counterexample["dimension"]), (&json!("0"), &json!(0)));
        let x = counterexample["x"].as_array().unwrap();
        assert!(x.contains(&json!("1/1000000000")), "{x:?}");
        set(page, &[("b2-0", "0")]).await;
        page.expect("gate-verdict", "proved").await;
    });
}

#[test]
fn an_impossible_specification_is_explained() {
    browse("#/gates", async |page| {
        page.click("preset-nand").await;
        page.expect("gate-verdict", "proved").await;
        assert!(!page.has("not-open").await);
        page.select("gate-spec", "custom").await;
        page.wait_for("not-open").await;
        page.expect("gate-verdict", "refuted").await;
        // The open reading: without the axes' parts that touch the positive quadrant.
        for cell in ["1-1", "1-2", "2-1"] {
            page.click(&format!("spec-{cell}")).await;
        }
        page.expect("gate-verdict", "proved").await;
        assert!(!page.has("not-open").await);
    });
}

#[test]
fn challenges_want_a_network_of_ones_own() {
    browse("#/gates", async |page| {
        page.click("preset-or").await;
        page.expect("gate-verdict", "proved").await;
        page.expect("challenge-gate-or", "open").await;
        set(page, &[("W2-0-0", "2")]).await;
        page.expect("challenge-gate-or", "solved").await;
        page.click("preset-nand").await;
        set(page, &[("W1-0-0", "-3")]).await;
        page.expect("challenge-gate-nand", "solved").await;
        page.click("preset-and").await;
        set(page, &[("W3-0-0", "2"), ("W3-0-1", "-2")]).await;
        page.expect("challenge-gate-and", "solved").await;
        page.click("preset-xor").await;
        set(page, &[("W3-0-0", "2"), ("W3-0-1", "-2")]).await;
        page.expect("challenge-gate-xor", "solved").await;
        page.expect("challenge-gate-xor-small", "open").await;
        page.click("preset-xor-small").await;
        set(page, &[("W2-0-0", "2"), ("W2-0-1", "2"), ("W2-0-2", "-2")]).await;
        page.expect("challenge-gate-xor-small", "solved").await;
        page.reload().await;
        page.expect("challenge-gate-or", "solved").await;
    });
}

#[test]
fn the_plane_is_drawn_moved_and_read() {
    browse("#/gates", async |page| {
        page.click("preset-xor-small").await;
        page.expect("gate-verdict", "proved").await;
        let green = "const canvas = document.querySelector('[data-testid=plot-gate]');
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            let count = 0;
            for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 1] > pixels[i] + 30) count++;
            return count / (canvas.width * canvas.height);";
        let mut share = 0.0;
        for _ in 0..100 {
            share = page.js(green).await.as_f64().unwrap();
            if (0.2..0.6).contains(&share) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!((0.2..0.6).contains(&share), "half of the plane is positive: {share}");

        page.hover("plot-gate", 0.75, 0.3).await;
        let text = "return document.querySelector('.crosshair-text')?.textContent ?? ''";
        let mut seen = String::new();
        for _ in 0..100 {
            seen = page.js(text).await.as_str().unwrap().to_owned();
            if !seen.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(seen.starts_with("x = (") && seen.ends_with("f0on in layer 11, 2, 3"), "{seen}");

        for button in ["zoom-in", "zoom-out", "zoom-reset", "show-lines", "show-shading"] {
            page.click(button).await;
            page.expect("gate-verdict", "proved").await;
        }
    });
}

/// What the note beside the pointer says, once it says something that `is_it` takes.
async fn note(page: &Page, is_it: impl Fn(&str) -> bool) -> String {
    let text = "return document.querySelector('.crosshair-text')?.textContent ?? ''";
    let mut seen = String::new();
    for _ in 0..100 {
        seen = page.js(text).await.as_str().unwrap().to_owned();
        if is_it(&seen) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    seen
}

#[test]
fn the_plane_stays_under_the_pointer_and_is_moved_by_keys() {
    browse("#/gates", async |page| {
        page.expect("gate-verdict", "refuted").await;
        let title = |note: String| note.split(")f").next().unwrap().to_owned();
        page.hover("plot-gate", 0.4, 0.5).await;
        let before = title(note(page, |text| text.starts_with("x = (")).await);
        page.drag("plot-gate", 0.4, 90.0).await;
        let after = title(note(page, |text| text.starts_with(&before)).await);
        assert_eq!(after, before, "the point that was held is still under the pointer");
        // Keys move the plane under the middle, and what is there is said.
        page.keys("plot-gate-holder", "\u{e014}").await;
        page.expect_that_text("plot-gate-spoken", "what is in the middle", |text| text.contains("on in layer 1")).await;
        let first = page.said("plot-gate-spoken").await;
        page.keys("plot-gate-holder", "+\u{e014}").await;
        page.expect_that_text("plot-gate-spoken", "another point", |text| !text.is_empty() && text != first).await;
    });
}

#[test]
fn shapes_change_and_the_address_keeps_the_gate() {
    browse("#/gates", async |page| {
        page.select("layers", "4").await;
        page.select("width", "8").await;
        let count = "return document.querySelectorAll('input[type=range]').length";
        assert_eq!(page.js(count).await, 2 * 8 + 8 + 2 * (64 + 8) + 8 + 1);
        page.expect_that("gate-verdict", "decided", |verdict| verdict != "checking").await;
        page.click("preset-and").await;
        set(page, &[("W3-0-1", "-2")]).await;
        page.expect("gate-verdict", "refuted").await;
        for _ in 0..100 {
            if page.hash().await.contains("W3=1,-2") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        page.reload().await;
        page.expect("gate-verdict", "refuted").await;
        assert_eq!(page.input("param-W3-0-1-value").await, "-2");
        assert_eq!(page.input("gate-spec").await, "and");
        page.goto("#/gates?gate=what").await;
        page.expect_error("The link’s gate").await;
        // The textbook's XOR is none by signs, and one on bits.
        page.goto("#/gates?gate=xor&table=000000000&W1=1,1,1,1&b1=0,-1&W2=1,-2&b2=0").await;
        page.expect("gate-verdict", "refuted").await;
        page.expect("gate-bits", "4").await;
    });
}

#[test]
fn a_typed_expression_becomes_a_network_that_is_verified() {
    browse("#/gates", async |page| {
        page.click("part-boolean").await;
        for (text, table) in [
            ("a nand b", vec![1, 1, 1, 0]),
            ("(a implies b) and not c", vec![1, 0, 1, 0, 0, 0, 1, 0]),
            ("x ∧ ¬y ∨ z", vec![0, 1, 0, 1, 1, 1, 0, 1]),
        ] {
            page.fill("gate-expression", text).await;
            page.expect("truth-table", &json!(table).to_string()).await;
            for (form, encoding) in [("nand", "bits"), ("nand", "signs"), ("compact", "signs"), ("compact", "bits")] {
                page.select("form", form).await;
                page.select("encoding", encoding).await;
                page.expect("boolean-verdict", "proved").await;
                let layers = page.json("network-shape").await["layers"].as_u64().unwrap();
                assert_eq!(layers == 2, form == "compact" || text == "a nand b", "{text}, {form}");
                assert!(page.wait_for("equations").await.text().await.unwrap().contains("ReLU("));
            }
        }
        // The expression is in the address, odd characters and all.
        for _ in 0..100 {
            if page.hash().await.contains("expression=") && page.hash().await.contains("z") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        page.reload().await;
        assert_eq!(page.input("gate-expression").await, "x ∧ ¬y ∨ z");
    });
}

#[test]
fn errors_are_pointed_at_and_the_table_can_be_edited() {
    browse("#/gates?expression=a xor b", async |page| {
        page.expect("truth-table", "[0,1,1,0]").await;
        page.type_into("gate-expression", "a and (b").await;
        page.expect_error("This “(” is never closed.").await;
        page.expect("error", "6").await;
        // What is still shown is said to be of the expression before.
        page.expect_text("stale", "Still shown: a, the last expression that could be read.").await;
        page.type_into("gate-expression", "a nand b nand c").await;
        page.expect_no_error().await;
        page.expect_text("reading", "Read as (a nand b) nand c.").await;
        assert!(!page.has("stale").await);
        page.type_into("gate-expression", "Xor(a, b)").await;
        page.expect("truth-table", "[0,1,1,0]").await;
        page.type_into("gate-expression", "a xor b").await;

        page.click("truth-0").await;
        page.expect("truth-table", "[1,1,1,0]").await;
        page.expect("boolean-verdict", "proved").await;
        page.click("row-3").await;
        let shown = "return [...document.querySelectorAll('svg.net .node')].map(node => node.querySelector('text').textContent)";
        let values: Vec<String> = serde_json::from_value::<Value>(page.js(shown).await)
            .unwrap()
            .as_array()
            .unwrap()
            .iter()
            .map(|value| value.as_str().unwrap().to_owned())
            .collect();
        assert_eq!(&values[..2], ["1", "1"], "the inputs of row 4");
        assert_eq!(values.last().unwrap(), "−0.5", "f is negative there");
    });
}

#[test]
fn an_expression_of_a_link_that_cannot_be_read_says_where_its_network_will_stand() {
    browse("#/gates?expression=a%20xor", async |page| {
        page.expect_that_text("no-network", "a sentence", |text| {
            text.contains("as soon as the expression can be read")
        })
        .await;
        page.fill("gate-expression", "a xor b").await;
        page.expect("boolean-verdict", "proved").await;
        assert!(!page.has("no-network").await);
    });
}
