//! The stories, read and done as a visitor does.

use serde_json::{Value, json};

use crate::page::{Page, browse, browse_sized};

/// In the labs, something that only they show.
const MARKS: &str = "[data-testid=plot-function], [data-testid=plot-path], [data-testid=plot-gate], [data-testid=plot-eps], \
    [data-testid=gate-expression], [data-testid=layer-verdict], [data-testid=train-start]";

/// The names of all stories, from their list.
async fn names(page: &Page) -> Vec<String> {
    page.goto("#/story").await;
    page.wait_for("story-3").await;
    let names = "return [...document.querySelectorAll('a.card')].map(a => a.dataset.testid.replace('story-', ''))";
    let Value::Array(names) = page.js(names).await else { panic!("a list") };
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// Walks every step by its Next link, and looks at each.
async fn walk(page: &Page, width: u32) {
    let names = names(page).await;
    assert!(names.len() >= 15, "{names:?}");
    for name in names {
        page.js(&format!("location.hash = '#/story/{name}'")).await;
        page.expect("story-step", &format!("{name}/1")).await;
        let steps = page.js("return document.querySelectorAll('.story-steps li').length").await.as_u64().unwrap();
        for step in 1..=steps {
            page.expect("story-step", &format!("{name}/{step}")).await;
            let mark = format!("return document.querySelectorAll('.story-lab :is({MARKS})').length > 0");
            assert_eq!(page.js(&mark).await, true, "{name}/{step} shows its lab");
            assert_eq!(page.errors().await, "", "{name}/{step}");
            let wide = page.js("return document.documentElement.scrollWidth").await.as_u64().unwrap();
            assert!(wide <= u64::from(width), "{name}/{step} is {wide} pixels wide");
            if step < steps {
                page.js("document.querySelector('[data-testid=story-next]').click()").await;
            }
        }
    }
}

#[test]
fn every_step_of_every_story_loads_its_lab() {
    browse("#/story", async |page| walk(page, 1440).await);
}

#[test]
fn every_step_fits_a_phone() {
    browse_sized("#/story", (390, 844), async |page| walk(page, 390).await);
}

#[test]
fn a_weight_is_changed_until_the_step_is_done() {
    browse("#/story/3/1", async |page| {
        page.expect("shape", "convex").await;
        page.expect("story-done", "false").await;
        page.fill("param-W2-0-0-value", "-2").await;
        page.expect("story-done", "true").await;
        page.click("story-next").await;
        page.expect("story-step", "3/2").await;
        page.expect("story-done", "false").await;
        page.drag("param-W2-0-1", 0.6, -150.0).await;
        page.expect("story-done", "true").await;
        // What is done stays so, and the list knows.
        page.reload().await;
        page.expect("story-done", "true").await;
        page.goto("#/story").await;
        let standing = "return document.querySelector('[data-testid=story-3] .standing').dataset.value";
        page.wait_for("story-3").await;
        assert_eq!(page.js(standing).await, "2");
    });
}

#[test]
fn a_prediction_is_answered_by_the_lab() {
    browse("#/story/4c/2", async |page| {
        page.expect("kink-count", "3").await;
        page.fill("story-predict", "many").await;
        page.click("story-predict-go").await;
        page.expect_error("“many”").await;
        page.expect("story-done", "false").await;
        page.fill("story-predict", "7").await;
        page.click("story-predict-go").await;
        page.expect("story-reply", "wrong").await;
        page.expect("story-done", "true").await;
        page.expect("kink-count", "6").await;
        // What the story shows is not the visitor's solution.
        let kept = page.js("return localStorage.getItem('piecewise.solved') ?? ''").await;
        assert_eq!(kept, "");
        page.click("story-restart").await;
        page.expect("kink-count", "3").await;
        page.fill("story-predict", "6").await;
        page.click("story-predict-go").await;
        page.expect("story-reply", "right").await;
    });
}

#[test]
fn a_wrong_answer_says_why_and_the_right_one_ends_the_step() {
    browse("#/story/5/3", async |page| {
        page.click("story-answer-0").await;
        page.expect("story-reply", "wrong").await;
        page.expect("story-done", "false").await;
        page.click("story-answer-1").await;
        page.expect("story-reply", "right").await;
        page.expect("story-done", "true").await;
    });
}

#[test]
fn a_challenge_ends_a_story_and_is_remembered_in_the_lab() {
    browse("#/story/3/4", async |page| {
        page.fill("param-b1-1-value", "-2").await;
        page.fill("param-W2-0-1-value", "-3").await;
        page.expect("story-done", "true").await;
        page.goto("#/function").await;
        page.expect("challenge-function-neither", "solved").await;
        // The story has left the visitor's own network as it was.
        page.expect("kink-list", "[-3.0,-2.0,1.0]").await;
    });
}

#[test]
fn a_gate_is_proved_and_its_faces_are_listed() {
    browse("#/story/7/1", async |page| {
        page.expect("gate-verdict", "refuted").await;
        page.fill("param-W2-0-1-value", "1").await;
        page.expect("gate-verdict", "proved").await;
        page.expect("story-done", "true").await;
        page.click("story-next").await;
        page.expect("story-faces", "9").await;
        page.fill("story-predict", "13").await;
        page.click("story-predict-go").await;
        page.expect("story-reply", "right").await;
        page.expect("story-faces", "13").await;
        page.goto("#/story/7/5").await;
        page.fill("gate-expression", "a xor b xor c").await;
        page.expect("story-done", "true").await;
    });
}

#[test]
fn a_path_is_made_neither() {
    browse("#/story/6/1", async |page| {
        page.expect("path-shape", "convex").await;
        page.fill("param-W2-0-1-value", "-1").await;
        page.click("edit-to").await;
        page.fill("param-W2-0-1-value", "-1").await;
        page.expect("path-shape", "neither").await;
        page.expect("story-done", "true").await;
    });
}

#[test]
fn every_line_of_question_8_holds_and_the_misprint_is_found_out() {
    browse("#/story/8/2", async |page| {
        page.expect("derivation", "0,0,0,0").await;
        page.click("story-next").await;
        let is_misprint = |text: &str| {
            let wrong: Vec<u32> = text.split(',').map(|number| number.parse().unwrap()).collect();
            wrong.len() == 6 && wrong[4] > 0 && [0, 1, 2, 3, 5].iter().all(|&line| wrong[line] == 0)
        };
        page.expect_that("derivation", "all right but the misprint", is_misprint).await;
        page.click("story-next").await;
        page.expect("derivation", "0,0,0,0,0,0,0").await;
        // y₁ = 1.5, and i = 1.
        page.js("document.querySelector('.derivation [data-symbol=y_i] msub')
                .dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))")
            .await;
        page.expect_that_text("derivation-present", "yᵢ", |text| text.contains("yᵢ = 1.5")).await;
        page.goto("#/story/8/5").await;
        page.click("put-zero").await;
        page.expect("story-done", "true").await;
    });
}

#[test]
fn a_planted_mistake_is_taken_out() {
    browse("#/story/10/3", async |page| {
        page.expect("layer-verdict", "wrong").await;
        page.select("mistake", "none").await;
        page.expect("layer-verdict", "right").await;
        page.expect("story-done", "true").await;
    });
}

#[test]
fn training_is_noticed() {
    browse("#/story/11/3", async |page| {
        page.expect("story-done", "false").await;
        page.click("dataset-sample").await;
        page.expect("train-status", "ready").await;
        page.fill("hidden-widths", "8").await;
        page.fill("epochs", "1").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
        page.expect("story-done", "true").await;
    });
}

#[test]
fn recorded_runs_say_so_and_can_be_read_off() {
    browse("#/story/15/2", async |page| {
        page.expect("recorded", "plain,augmented").await;
        page.expect_that_text("recorded", "that they are recorded", |text| text.contains("Two recorded runs")).await;
        page.keys("plot-recorded-holder", "\u{e014}").await;
        page.expect_that_text("plot-recorded-spoken", "both runs", |text| text.contains("validation")).await;
        // They are no runs of the visitor's.
        page.expect("runs", "[]").await;
    });
}

#[test]
fn a_step_brings_its_settings_and_leaves_the_visitors_own() {
    browse("#/train", async |page| {
        page.fill("hidden-widths", "77").await;
        // Without a reload, which would take the visitor's settings from the address.
        page.js("location.hash = '#/story/13/3'").await;
        page.expect_that_input("hidden-widths", "the story’s", |text| text != "77").await;
        page.js("location.hash = '#/story/15/3'").await;
        page.expect("story-step", "15/3").await;
        page.expect_that_input("hidden-widths", "the other story’s", |text| text == "64").await;
        page.js("location.hash = '#/train'").await;
        page.expect_that_input("hidden-widths", "the visitor’s", |text| text == "77").await;
    });
}

#[test]
fn arrow_keys_turn_the_pages_unless_a_control_wants_them() {
    browse("#/story/5/1", async |page| {
        page.expect("story-step", "5/1").await;
        page.press("\u{e014}").await;
        page.expect("story-step", "5/2").await;
        // The heading has the focus, so that it is read out; the keys still turn.
        let focused = page.js("return document.activeElement.dataset.testid").await;
        assert_eq!(focused, "story-heading");
        page.press("\u{e014}").await;
        page.expect("story-step", "5/3").await;
        page.press("\u{e012}").await;
        page.expect("story-step", "5/2").await;
        // On a slider they change the weight.
        page.keys("param-W1-0-0", "\u{e014}").await;
        page.expect("story-step", "5/2").await;
        assert_eq!(page.input("param-W1-0-0-value").await, "1.1");
    });
}

#[test]
fn an_unknown_story_shows_the_list_and_says_so() {
    browse("#/story/attic", async |page| {
        page.expect_error("no story “attic”").await;
        page.wait_for("story-4c").await;
        page.goto("#/story/4c/99").await;
        page.expect("story-step", "4c/6").await;
    });
}

#[test]
fn the_first_page_goes_on_in_the_story() {
    browse("#/story/5/2", async |page| {
        page.expect("story-step", "5/2").await;
        page.click("brand").await;
        page.click("go-on").await;
        page.expect("story-step", "5/2").await;
        assert_eq!(page.js("return location.hash").await, json!("#/story/5/2"));
    });
}
