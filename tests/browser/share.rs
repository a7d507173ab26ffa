//! A teacher shares a lab: a link, a frame in a page of their own, a picture, the screen of a room.

use serde_json::json;

use crate::page::{browse, browse_sized};

const NET: &str = "#/function?W1=1,1&b1=0,-1&W2=1,-1&b2=0&x=-5,5";

#[test]
fn a_teacher_puts_a_lab_into_a_page_of_their_own() {
    browse(NET, async |page| {
        page.click("share").await;
        page.wait_for("share-sheet").await;
        let link = page.input("share-link").await;
        assert!(link.ends_with(NET), "{link}");
        page.click("hide-controls").await;
        page.click("hide-challenges").await;
        page.expect_that_input("share-code", "hide the controls only", |code| {
            code.contains("embed=1&amp;hide=controls#/")
        })
        .await;
        let code = page.input("share-code").await;
        // The picture has the verdict below it.
        let alt = page.js("return document.querySelector('[data-testid=share-picture]').alt").await;
        assert!(alt.as_str().unwrap().contains("2 kinks at x = 0, 1; neither"), "{alt}");
        page.catch_downloads().await;
        let svg = String::from_utf8(page.download("share-svg").await).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("Function lab") && svg.contains("neither."), "{svg}");
        page.click("share-png").await;
        let offered =
            page.expect_js_text("return window.offered", |offered| offered.starts_with("data:image/png")).await;
        assert!(offered.len() > 20_000, "a picture with something on it");

        page.goto_page(&format!("<!doctype html><title>Lecture 3</title><h1>Lecture 3</h1>{code}<p id=end>…</p>"))
            .await;
        let frame = "const f = document.querySelector('iframe'); return f.getBoundingClientRect().height";
        // The frame takes the lab's height, and stays at it.
        let height = page.expect_js_number(frame, |height| height != 640.0).await;
        assert!((400.0..4000.0).contains(&height), "{height}");
        page.enter_frame("iframe").await;
        page.wait_for("plot-function").await;
        page.expect("kink-count", "2").await;
        for hidden in ["nav-function", "layers", "share", "theme-dark"] {
            assert!(!page.is_shown(hidden).await, "{hidden}");
        }
        for shown in ["plot-function", "kink-count", "challenge-function-neither"] {
            assert!(page.is_shown(shown).await, "{shown}");
        }
        let open = page.js("return document.querySelector('[data-testid=embed-open]').href").await;
        assert!(open.as_str().unwrap().ends_with(NET) && !open.as_str().unwrap().contains("embed"), "{open}");
        let scrolls = "const r = document.documentElement; return [r.scrollHeight - r.clientHeight, r.scrollWidth - r.clientWidth]";
        assert_eq!(page.js(scrolls).await, json!([0, 0]), "all of it is seen");
    });
}

#[test]
fn a_teacher_presents_with_keys_alone() {
    browse(NET, async |page| {
        page.wait_for("plot-function").await;
        // As a share of the width, which the full screen may change.
        let letters = "return parseFloat(getComputedStyle(document.querySelector('[data-testid=kink-count]')).fontSize) / innerWidth";
        let before = page.js(letters).await.as_f64().unwrap();
        page.click("present").await;
        page.wait_for("present-leave").await;
        assert!(!page.is_shown("nav-function").await && !page.is_shown("layers").await);
        assert!(page.is_shown("plot-function").await && page.is_shown("kink-count").await);
        // To be read from the last row.
        page.expect_js_number(letters, |height| height > 1.6 * before).await;
        // The right arrow shows the first preset, then the second; the left one goes back.
        page.press("\u{e014}").await;
        page.wait_for("present-preset").await;
        let first = page.said("present-preset").await;
        page.press("\u{e014}").await;
        page.expect_that_text("present-preset", "another preset", |text| text != first).await;
        page.press("\u{e012}").await;
        page.expect_that_text("present-preset", "the first again", |text| text == first).await;
        // Space sweeps the first weight, and stops.
        let weight = page.input("param-W1-0-0-value").await;
        page.press(" ").await;
        page.expect_that_input("param-W1-0-0-value", "another number", |now| now != weight).await;
        page.press(" ").await;
        let rested = page.input("param-W1-0-0-value").await;
        page.press("\u{e00c}").await;
        page.expect_gone("present-leave").await;
        assert!(page.is_shown("nav-function").await);
        assert_eq!(page.input("param-W1-0-0-value").await, rested);
    });
}

#[test]
fn all_keys_are_listed_behind_the_question_mark() {
    browse("#/function", async |page| {
        page.wait_for("plot-function").await;
        page.press("?").await;
        page.expect_that_text("key-list", "what a slider's keys do", |text| text.contains("On a slider")).await;
        // The focus stays within.
        for _ in 0..3 {
            page.press("\u{e004}").await;
            let inside = "const e = document.activeElement; return e === document.body || e.closest('dialog') !== null";
            assert_eq!(page.js(inside).await, true);
        }
        page.press("\u{e00c}").await;
        page.expect_that_text("key-list", "nothing", str::is_empty).await;
        page.click("keys").await;
        page.expect_that_text("key-list", "the list", |text| text.contains("Everywhere")).await;
        page.click("key-list-close").await;
        // In a text, it is a letter.
        page.type_into("seed", "?").await;
        assert_eq!(page.said("key-list").await, "");
    });
}

#[test]
fn a_solved_challenge_is_counted_in_the_head_and_a_word_says_so() {
    browse("#/function", async |page| {
        page.expect("challenges-solved", "0").await;
        page.expect("toast", "").await;
        page.select("width", "6").await;
        page.expect("challenges-solved", "1").await;
        page.expect("toast", "✓ Q1 solved").await;
        page.reload().await;
        page.expect("challenges-solved", "1").await;
    });
}

#[test]
fn the_train_labs_settings_are_in_its_link_and_none_starts_a_run() {
    browse("#/train?hidden=64,32&rate=0.02&flip=1&subset=50 per class", async |page| {
        page.wait_for("train-start").await;
        assert_eq!(page.input("hidden-widths").await, "64,32");
        assert_eq!(page.input("learning-rate").await, "0.02");
        assert_eq!(page.input("subset").await, "50 per class");
        assert!(page.is_checked("augment-flip").await);
        assert_eq!(page.value("train-status").await, "idle");
        page.fill("epochs", "7").await;
        page.expect_hash("epochs=7").await;
        page.goto("#/train?speed=3").await;
        page.expect_error("The link sets “speed”, which is no setting of this lab").await;
    });
}

#[test]
fn the_sheets_fit_a_phone() {
    browse_sized("#/gates", (390, 844), async |page| {
        for (open, sheet) in [("share", "share-sheet"), ("pin", "pin-sheet"), ("keys", "key-list")] {
            page.click(open).await;
            page.wait_for(&format!("{sheet}-close")).await;
            let place = format!(
                "const r = document.querySelector('[data-testid={sheet}]').getBoundingClientRect(); return r.left >= 0 && r.right <= 390"
            );
            assert_eq!(page.js(&place).await, true, "{sheet}");
            assert_eq!(page.js("return document.documentElement.scrollWidth").await, 390);
            page.click(&format!("{sheet}-close")).await;
        }
    });
}

#[test]
fn what_is_presented_is_large_on_a_wall_and_whole_on_a_phone() {
    let plot = "const r = document.querySelector('[data-testid=plot-function]').getBoundingClientRect(); \
         return [r.width / innerWidth, r.height / innerHeight, document.documentElement.scrollWidth - innerWidth]";
    for (size, width, height) in [((1440, 900), 0.6, 0.6), ((390, 844), 0.8, 0.3)] {
        browse_sized(NET, size, async |page| {
            page.wait_for("plot-function").await;
            page.click("present").await;
            page.wait_for("present-leave").await;
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            let seen: [f64; 3] = serde_json::from_value(page.js(plot).await).unwrap();
            assert!(seen[0] > width && seen[1] > height && seen[2] <= 0.0, "{size:?}: {seen:?}");
        });
    }
}
