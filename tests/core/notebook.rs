//! The notebook: as a file, as a document, in LaTeX and Markdown.

use piecewise::labs::challenges::Solved;
use piecewise::labs::function::challenges::CHALLENGES;
use piecewise::labs::function::network::NetworkLab;
use piecewise::labs::notebook::Notebook;
use piecewise::labs::notebook::document::document;
use piecewise::labs::notebook::file::{FileError, decode, encode};
use piecewise::labs::notebook::pin::{Pin, Shows, Subject};
use piecewise::labs::notebook::questions::{QUESTIONS, place_of};
use piecewise::labs::notebook::zip::zip;
use piecewise::labs::printout::{FIGURES, Part, Section, function_section};
use piecewise::labs::train::RunHistory;
use piecewise::labs::train::TrainLab;
use piecewise::protocol::{EndReason, Event, Progress};
use piecewise::train::Config;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const STATE: &str = "W1=1,1&b1=0,-1&W2=1,-1&b2=0&x=-5,5";
const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"420\"></svg>\n";
const NASTY: &str = "a_b & 50 % of {x} <i> $5 #1 \\input{secret} ~^\n| [not](a link) *bold* `code`";

fn run() -> RunHistory {
    let mut lab = TrainLab::default();
    lab.apply(Event::Started { run: 1, config: Config::default(), steps_per_epoch: 2 });
    lab.apply(Event::Progress(Progress {
        run: 1,
        epoch: 1,
        step: 2,
        losses: vec![2.5, 1.25],
        seconds: vec![0.5, 1.0],
        done: 1.0,
        images_per_second: 1.0,
        seconds_left: None,
        measuring: false,
    }));
    lab.apply(Event::Ended { run: 1, reason: EndReason::Finished });
    lab.run.unwrap()
}

fn notebook() -> (Notebook, Solved) {
    let mut notebook = Notebook { name: "Ada".into(), ..Notebook::default() };
    let [three, six, twelve] = ["3", "6", "12"].map(|number| place_of(number).unwrap());
    notebook.entries[three].words = format!("Neither.\n\n{NASTY}");
    let mut pin = Pin::new(Subject::lab("function", STATE).unwrap());
    pin.caption = "relu(x) − relu(x − 1)".into();
    pin.set_shown(Shows::Code, true);
    notebook.pin(three, pin).unwrap();
    notebook.pin(six, Pin::new(Subject::lab("path", "").unwrap())).unwrap();
    notebook.pin(twelve, Pin::new(Subject::run(&run()).unwrap())).unwrap();
    let mut solved = Solved::default();
    solved.add(&CHALLENGES[2]);
    (notebook, solved)
}

#[test]
fn a_file_is_read_back_as_it_was_written() {
    let (notebook, solved) = notebook();
    let text = encode(&notebook, &solved);
    assert_eq!(decode(&text).unwrap(), (notebook, solved));
    let empty = encode(&Notebook::default(), &Solved::default());
    assert_eq!(decode(&empty).unwrap(), (Notebook::default(), Solved::default()));
}

#[test]
fn a_file_cut_off_anywhere_is_one_sentence_and_never_a_panic() {
    let (notebook, solved) = notebook();
    let text = encode(&notebook, &solved);
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)).step_by(7) {
        let error = decode(&text[..end]).unwrap_err();
        assert!(matches!(error, FileError::NotOne(..)), "{end}: {error}");
        assert!(error.to_string().contains("so nothing was changed. Choose"), "{error}");
    }
}

#[test]
fn every_kind_of_broken_file_says_what_is_wrong() {
    let of = |answers: &str| {
        let text = format!("{{\"piecewise\":\"notebook\",\"version\":1,\"answers\":{answers}}}");
        decode(&text).unwrap_err().to_string()
    };
    let says = |text: &str, part: &str| assert!(text.contains(part), "{text}");
    says(&decode("[]").unwrap_err().to_string(), "not a notebook of Piecewise");
    says(&decode("{\"piecewise\":\"run\"}").unwrap_err().to_string(), "not a notebook of Piecewise");
    says(&decode("{\"piecewise\":\"notebook\",\"version\":2}").unwrap_err().to_string(), "of version 2");
    says(&of("{\"16\":{}}"), "a question “16”, which there is not");
    says(&of("{\"3\":{\"pins\":[{\"lab\":\"kitchen\"}]}}"), "Question 3 in the file cannot be read");
    says(&of("{\"3\":{\"pins\":[{\"lab\":\"kitchen\"}]}}"), "no lab called “kitchen”");
    says(
        &of("{\"5\":{\"pins\":[{\"lab\":\"function\",\"state\":\"W1=x\"}]}}"),
        "Question 5 in the file cannot be read",
    );
    says(&of("{\"5\":{\"pins\":[{\"lab\":\"function\",\"shows\":[\"smell\"]}]}}"), "shows “smell”");
    says(&of("{\"12\":{\"pins\":[{\"run\":\"!!\"}]}}"), "A run in it is not whole");
    says(&of("{\"12\":{\"pins\":[{\"run\":\"AAAA\"}]}}"), "Question 12 in the file cannot be read");
    let many = vec!["{\"lab\":\"path\"}"; 31].join(",");
    says(&of(&format!("{{\"6\":{{\"pins\":[{many}]}}}}")), "It has 31 pins");
}

/// As the page does, without pictures of its own.
fn section(pin: &Pin) -> Result<Section, String> {
    let figure = Part::Figure {
        svg: SVG.into(),
        tikz: "\\begin{tikzpicture}\\end{tikzpicture}\n".into(),
        caption: NASTY.into(),
    };
    match &pin.subject {
        Subject::Lab { state, .. } if state.is_empty() => Err("nothing to see".into()),
        Subject::Lab { state, .. } => {
            let lab = NetworkLab::decode(state).unwrap();
            Ok(function_section(&lab, &lab.answers(), figure))
        }
        Subject::Run(run) => Ok(Section::new(run.name.clone()).with(figure)),
    }
}

#[test]
fn the_document_has_the_answered_questions_in_order_with_what_is_shown_of_each_pin() {
    let (notebook, _) = notebook();
    let printout = document(&notebook, "26 November 2026", section);
    assert_eq!(printout.date, "Ada, 26 November 2026");
    let headings: Vec<_> = printout.sections.iter().map(|section| section.heading.split('.').next().unwrap()).collect();
    assert_eq!(headings, ["3", "6", "12"]);
    let kinds: Vec<_> = printout.sections[0].parts.iter().map(Shows::of).collect();
    use Shows::{Code, Formula, Picture, Verdict};
    assert_eq!(kinds, [Formula, Formula, Formula, Formula, Picture, Verdict, Verdict, Code], "words and caption first");
    assert_eq!(printout.sections[1].parts, [Part::Paragraph("nothing to see".into())]);
    let html = printout.to_html();
    assert!(html.contains("Piecewise proved:</b> Neither convex nor concave"), "{html}");
    assert!(html.contains("&lt;i&gt;") && html.contains("@page"));
    assert!(document(&Notebook::default(), "", section).sections.is_empty());
}

#[test]
fn nothing_typed_is_a_command_in_latex() {
    let (notebook, _) = notebook();
    let latex = document(&notebook, "today", section).to_latex();
    assert!(latex.contains(
        "a\\_b \\& 50 \\% of \\{x\\} \\textless{}i\\textgreater{} \\$5 \\#1 \\textbackslash{}input\\{secret\\}"
    ));
    assert!(!latex.contains("\\input{"));
    let opened = latex.matches("\\begin{").count();
    assert_eq!(latex.matches("\\end{").count(), opened);
    assert!(latex.contains("\\begin{tikzpicture}") && latex.contains("\\textbf{Piecewise proved:}"));
    assert!(latex.contains("\\[ f(x) = W_{2}\\,\\operatorname{ReLU}(W_{1}\\,x + b_{1}) + b_{2} \\]"), "{latex}");
    // Braces that are not escaped match.
    let mut depth = 0_i64;
    let mut before = ' ';
    for c in latex.chars() {
        match c {
            '{' if before != '\\' => depth += 1,
            '}' if before != '\\' => depth -= 1,
            _ => {}
        }
        assert!(depth >= 0);
        before = c;
    }
    assert_eq!(depth, 0);
}

#[test]
fn markdown_names_its_figures_and_reads_as_it_was_typed() {
    let (notebook, _) = notebook();
    let written = document(&notebook, "today", section).to_markdown();
    assert_eq!(written.figures.len(), 2);
    for (path, svg) in &written.figures {
        assert!(path.starts_with(FIGURES) && svg == SVG);
        assert_eq!(written.text.matches(&format!("]({path})")).count(), 1);
    }
    assert!(written.text.contains("\\[not\\](a link) \\*bold\\* \\`code\\`"), "{}", written.text);
    assert!(written.text.contains("$$\nf(x) = W_{2}"));
    assert!(written.text.contains("> **Piecewise proved:** Neither convex nor concave"));
    assert!(written.text.contains("## 3. Is the output convex"));
    assert!(written.text.contains("\n```\n"));
}

#[test]
fn lines_that_look_like_lists_stay_lines() {
    let mut notebook = Notebook::default();
    notebook.entries[0].words = "1. one\n- two\n# three".into();
    let text = document(&notebook, "", section).to_markdown().text;
    assert!(text.contains("1\\. one\\\n\\- two\\\n\\# three"), "{text}");
}

#[test]
fn a_zip_is_read_back() {
    use piecewise::data::archive::Event;
    use piecewise::data::archive::zip::Unzip;
    let files = vec![
        ("notebook.md".to_owned(), b"# one".to_vec()),
        ("figures/é.svg".into(), vec![7; 70_000]),
        ("empty".into(), vec![]),
    ];
    let bytes = zip(&files);
    let (mut unzip, mut rest) = (Unzip::new(), &bytes[..]);
    let mut read: Vec<(String, Vec<u8>)> = Vec::new();
    while let Some(event) = unzip.next(&mut rest).unwrap() {
        match event {
            Event::Member { path, .. } => read.push((path, Vec::new())),
            Event::Data(bytes) => read.last_mut().unwrap().1.extend(bytes),
            _ => {}
        }
    }
    unzip.finish().unwrap();
    assert_eq!(read, files);
}

#[test]
fn the_questions_of_the_notebook_are_asked_once() {
    let mut tasks: Vec<_> = QUESTIONS.iter().map(|asked| asked.task).collect();
    tasks.sort_unstable();
    tasks.dedup();
    assert_eq!(tasks.len(), QUESTIONS.len());
}
