//! A student writes answers, pins figures, and hands them in.

use piecewise::data::base64;
use serde_json::json;

use crate::page::{Page, browse};

const NET: &str = "#/function?W1=1,1&b1=0,-1&W2=1,-1&b2=0&x=-5,5";

/// The page as it is printed, and its pages.
async fn pdf(page: &Page, paper: (f64, f64)) -> (Vec<u8>, usize) {
    let parameters = json!({ "paperWidth": paper.0, "paperHeight": paper.1, "preferCSSPageSize": false });
    let printed = page.devtools("Page.printToPDF", parameters).await;
    let bytes = base64::decode(printed["data"].as_str().unwrap()).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let pages = text.matches("/Type /Page").count() - text.matches("/Type /Pages").count();
    (bytes, pages)
}

#[test]
fn a_student_pins_writes_reloads_prints_and_exports() {
    browse(NET, async |page| {
        page.expect("kink-count", "2").await;
        page.click("pin").await;
        page.select("pin-question", "3").await;
        page.type_into("pin-caption", "A ramp").await;
        page.click("pin-now").await;
        page.wait_for("pinned").await;
        page.click("pin-sheet-close").await;
        page.click("nav-gates").await;
        page.click("preset-or").await;
        page.expect("gate-verdict", "proved").await;
        page.click("pin").await;
        page.select("pin-question", "7a").await;
        page.click("pin-code").await;
        page.click("pin-now").await;
        page.click("open-notebook").await;
        page.expect("notebook-answered", "2").await;
        page.fill("words-3", "Neither: a < b & c_1.\nA second line.").await;
        page.fill("notebook-name", "Ada Lovelace").await;
        page.expect("pin-body-3-0", "ready").await;
        page.expect("pin-body-7a-0", "ready").await;
        let quoted = page.said("pin-body-3-0").await;
        assert!(quoted.contains("Piecewise proved: Neither convex nor concave on the whole line"), "{quoted}");
        assert!(!quoted.contains("np.maximum") && page.said("pin-body-7a-0").await.contains("np.maximum"));

        // All is there after a reload, the words as they were typed last.
        page.reload().await;
        page.expect("pin-body-3-0", "ready").await;
        assert_eq!(page.input("words-3").await, "Neither: a < b & c_1.\nA second line.");
        assert_eq!(page.input("caption-3-0").await, "A ramp");

        page.catch_downloads().await;
        let latex = String::from_utf8(page.download("notebook-latex").await).unwrap();
        assert!(latex.contains("Neither: a \\textless{} b \\& c\\_1.\\newline\nA second line."), "{latex}");
        assert!(latex.contains("\\begin{tikzpicture}") && latex.contains("\\textbf{Piecewise proved:}"));
        let zip = page.download("notebook-markdown").await;
        assert!(zip.starts_with(b"PK\x03\x04"));
        let saved = page.download("notebook-save").await;

        let html = String::from_utf8(page.download("notebook-print").await).unwrap();
        assert!(html.contains("Ada Lovelace, ") && html.matches("<svg").count() == 2 && html.contains("<math"));
        page.goto_page(&html).await;
        for paper in [(8.27, 11.69), (8.5, 11.0)] {
            let (bytes, pages) = pdf(page, paper).await;
            assert!(bytes.starts_with(b"%PDF") && bytes.len() > 20_000, "{} bytes", bytes.len());
            assert!((1..=4).contains(&pages), "{pages} pages");
            if let Ok(folder) = std::env::var("PRINTED") {
                std::fs::write(format!("{folder}/notebook-{}.pdf", paper.1), &bytes).unwrap();
            }
        }

        // Elsewhere, the file brings all of it back; a broken one changes nothing.
        page.goto("#/notebook").await;
        page.js("localStorage.clear()").await;
        page.reload().await;
        page.expect("notebook-answered", "0").await;
        let folder = std::env::temp_dir().join(format!("piecewise-notebook-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (whole, broken) = (folder.join("notebook.json"), folder.join("broken.json"));
        std::fs::write(&broken, &saved[..saved.len() / 2]).unwrap();
        std::fs::write(&whole, &saved).unwrap();
        page.fill("words-1", "before").await;
        page.choose_files("notebook-open", &[broken]).await;
        page.expect_error("The file is no notebook").await;
        assert_eq!(page.input("words-1").await, "before");
        page.choose_files("notebook-open", &[whole]).await;
        page.expect("notebook-answered", "2").await;
        assert_eq!(page.input("words-3").await, "Neither: a < b & c_1.\nA second line.");
        page.click("notebook-undo").await;
        page.expect("notebook-answered", "1").await;
        assert_eq!(page.input("words-1").await, "before");
        std::fs::remove_dir_all(folder).unwrap();
    });
}

#[test]
fn pins_are_moved_shown_otherwise_and_removed() {
    browse(NET, async |page| {
        page.expect("kink-count", "2").await;
        for caption in ["first", "second"] {
            page.click("pin").await;
            page.select("pin-question", "5").await;
            page.type_into("pin-caption", caption).await;
            page.click("pin-now").await;
            page.wait_for("pinned").await;
            page.click("pin-sheet-close").await;
        }
        page.click("nav-notebook").await;
        page.expect("pin-body-5-1", "ready").await;
        page.open("pin-tools-5-0").await;
        page.click("pin-down-5-0").await;
        page.expect_that_input("caption-5-0", "second", |text| text == "second").await;
        page.open("pin-tools-5-0").await;
        page.select("pin-question-5-0", "6").await;
        page.expect_that_input("caption-6-0", "second", |text| text == "second").await;
        page.expect("pin-body-6-0", "ready").await;
        page.open("pin-tools-6-0").await;
        page.click("shows-code-6-0").await;
        page.expect_that_text("pin-body-6-0", "a program", |text| text.contains("np.maximum")).await;
        page.open("pin-tools-6-0").await;
        page.click("pin-remove-6-0").await;
        page.expect_gone("pin-6-0").await;
        page.expect("notebook-answered", "1").await;
    });
}
