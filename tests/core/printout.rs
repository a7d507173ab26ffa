use piecewise::labs::backprop::question8::Question8;
use piecewise::labs::function::network::{Activation, NetworkLab};
use piecewise::labs::gates::boolean::BooleanLab;
use piecewise::labs::gates::{GateLab, presets as gates};
use piecewise::labs::path::PathLab;
use piecewise::labs::path::presets::presets as paths;
use piecewise::labs::printout::{
    FIGURE_PX, How, Part, Printout, Section, Table, boolean_section, comparison, function_section, gate_section,
    path_section, question8_section, run_section,
};
use piecewise::labs::train::{RunHistory, TrainLab};
use piecewise::protocol::{EndReason, Event, Progress};
use piecewise::train::{Config, EpochRecord, Report};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NASTY: &str =
    "</p></td></title></style><script>alert(1)</script><img src=x onerror='x'>&\"'\u{0}\u{7}\u{1b}\u{ffff}é−";
const CLASSES: [&str; 10] = ["a<b", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
const SVG: &str = r#"<svg width="8" height="5" viewBox="0 0 8 5" xmlns="http://www.w3.org/2000/svg"><text x="1">1 &lt; 2</text></svg>"#;

const TIKZ: &str = "\\begin{tikzpicture}\\end{tikzpicture}\n";

/// With every kind of part, and the text wherever there is text.
fn everything(text: &str) -> Printout {
    let text = || text.to_owned();
    let table =
        Table { caption: text(), columns: vec![text(), "n".into()], rows: vec![vec![text(), "−1.5 %".into()]] };
    let section = Section::new(text())
        .with(Part::Paragraph(text()))
        .with(Part::Formula { mathml: "<math><mi>x</mi></math>".into(), latex: "\\[ x \\]\n".into() })
        .with(Part::Verdict { how: How::Proved, text: text() })
        .with(Part::Code(text()))
        .with(Part::Values(vec![(text(), text())]))
        .with(Part::Table(table))
        .with(Part::Figure { svg: SVG.into(), tikz: TIKZ.into(), caption: text() });
    Printout { title: text(), date: text(), sections: vec![section.clone(), section] }
}

/// Walks through tags as an XML parser does: the elements in order, or what is wrong.
fn elements(html: &str) -> Result<Vec<String>, String> {
    let mut rest = html.strip_prefix("<!DOCTYPE html>\n").ok_or("no doctype")?;
    let (mut open, mut seen) = (Vec::<String>::new(), Vec::new());
    while let Some(at) = rest.find(['<', '&']) {
        let (text, tag) = rest.split_at(at);
        if text.contains(|c: char| c.is_control() && c != '\n') {
            return Err(format!("a control character in {text:?}"));
        }
        if let Some(entity) = tag.strip_prefix('&') {
            let end = entity.find(';').ok_or("an open entity")?;
            if !["amp", "lt", "gt", "quot", "#39"].contains(&&entity[..end]) {
                return Err(format!("entity {}", &entity[..end]));
            }
            rest = &entity[end..];
            continue;
        }
        let end = tag.find('>').ok_or("an open tag")?;
        let inside = &tag[1..end];
        rest = &tag[end + 1..];
        if let Some(name) = inside.strip_prefix('/') {
            if open.pop().as_deref() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
        } else {
            let name: String = inside.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
            if name.is_empty() || inside.matches('"').count() % 2 == 1 {
                return Err(format!("<{inside}>"));
            }
            if !inside.ends_with('/') {
                open.push(name.clone());
            }
            seen.push(name);
        }
    }
    if open.is_empty() { Ok(seen) } else { Err(format!("{open:?} stay open")) }
}

#[test]
fn the_walk_finds_what_is_wrong() {
    let of = |body: &str| elements(&format!("<!DOCTYPE html>\n{body}"));
    assert_eq!(of("<p class=\"a\">&amp;<b/></p>\n"), Ok(vec!["p".to_owned(), "b".into()]));
    for bad in ["<p>", "</p>", "<p></b></p>", "<p>&</p>", "<p>&nbsp;</p>", "a < b", "<p a=\"></p>", "<p>\u{7}</p>"] {
        assert!(of(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_page_is_well_formed_and_the_same_whatever_the_text() {
    let plain = elements(&everything("plain").to_html()).unwrap();
    let count = |name: &str| plain.iter().filter(|element| *element == name).count();
    assert_eq!(
        ["html", "title", "style", "h1", "h2", "p", "pre", "table", "figure", "svg", "figcaption", "math"].map(count),
        [1, 1, 1, 1, 2, 5, 2, 4, 2, 2, 2, 2]
    );
    for text in [NASTY, " ", "&amp;", "<!--", "]]>", "<![CDATA[", "a\nb"] {
        assert_eq!(elements(&everything(text).to_html()).as_ref(), Ok(&plain), "{text:?}");
    }
    assert_eq!(elements(&Printout::default().to_html()).unwrap().len(), 9);
}

#[test]
fn text_is_escaped_and_kept() {
    let html = everything(NASTY).to_html();
    let escaped = "&lt;/p&gt;&lt;/td&gt;&lt;/title&gt;&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&#39;x&#39;&gt;&amp;&quot;&#39;é−";
    // Title twice and date; heading, paragraph, verdict, name, value, caption, column, cell and figure's caption, twice.
    assert_eq!(html.matches(escaped).count(), 3 + 2 * 10);
    assert!(!html.contains("<script") && !html.contains("<img") && html.contains("script-src 'none'"));
    assert_eq!(html.matches(SVG).count(), 2);
    assert_eq!(html.matches("http").count() - html.matches("http-equiv").count(), 2, "only the pictures' name spaces");
    assert!(html.contains("@page") && html.contains("break-inside: avoid"));
}

#[test]
fn columns_of_numbers_are_aligned() {
    let rows = [["1", "−2 %", "a", ""], ["30,000", "", "4", ""]].map(|row| row.map(str::to_owned).to_vec());
    let table =
        Table { caption: String::new(), columns: ["p", "q", "r", "s"].map(str::to_owned).to_vec(), rows: rows.into() };
    let section = Section::new("s").with(Part::Table(table));
    let html = Printout { sections: vec![section], ..Printout::default() }.to_html();
    assert!(html.contains("<th scope=\"col\" class=\"number\">q</th><th scope=\"col\">r</th><th scope=\"col\">s</th>"));
    assert!(html.contains("<td class=\"number\">30,000</td><td class=\"number\"></td><td>4</td><td></td>"));
    assert!(!html.contains("<caption>"));
}

/// Two runs of one epoch of two steps; the second with a report.
fn runs() -> Vec<RunHistory> {
    let mut lab = TrainLab::default();
    for (id, rate) in [(1, 0.5), (2, 0.25)] {
        let config = Config { learning_rate: rate, ..Config::default() };
        lab.apply(Event::Started { run: id, config, steps_per_epoch: 2 });
        lab.apply(Event::Progress(Progress {
            run: id,
            epoch: 1,
            step: 2,
            losses: vec![2.0, 1.0],
            seconds: vec![0.5, 1.0],
            done: 1.0,
            images_per_second: 1.0,
            seconds_left: None,
            measuring: false,
        }));
        for (epoch, validation_accuracy) in [(0, None), (1, Some(0.25))] {
            let record = EpochRecord { epoch, step: 2 * epoch, train_accuracy: 0.5, validation_accuracy };
            lab.apply(Event::Epoch { run: id, record, memory_bytes: 0 });
        }
        lab.apply(Event::Ended { run: id, reason: EndReason::Finished });
    }
    let mut report = Report { is_held_out: true, ..Report::default() };
    (report.confusion[0][0], report.confusion[0][7]) = (3, 1);
    lab.apply(Event::Report { run: 2, step: 2, done: 4, total: 4, report: Some(Box::new(report)) });
    lab.runs().cloned().collect()
}

#[test]
fn runs_are_compared_and_printed_with_their_epochs_and_confusion() {
    let runs = runs();
    let table = comparison(&runs);
    assert_eq!(table.columns, ["run", "learning rate", "steps", "train", "validation"]);
    assert_eq!(table.rows, [["run 1", "0.5", "2", "50.0 %", "25.0 %"], ["run 2", "0.25", "2", "50.0 %", "25.0 %"]]);
    assert_eq!(comparison(&runs[..1]).columns.len(), 4);
    assert_eq!(comparison([]).rows.len(), 0);

    let section = run_section(&runs[1], &CLASSES);
    let [
        Part::Values(settings),
        Part::Values(ended),
        Part::Verdict { how: How::Measured, text },
        Part::Table(epochs),
        Part::Table(confusion),
    ] = &section.parts[..]
    else {
        panic!("{section:?}")
    };
    assert!(settings.contains(&("learning rate".into(), "0.25".into())));
    assert_eq!((&section.heading[..], &ended[0].1[..]), ("run 2", "Finished: 1 epoch."));
    assert_eq!(text, "after epoch 1, training accuracy 50.0 %, validation accuracy 25.0 %.");
    assert_eq!(epochs.rows, [["0", "0", "", "50.0 %", ""], ["1", "2", "1.5", "50.0 %", "25.0 %"]]);
    assert!(confusion.caption.starts_with("4 held-out images after 2 steps"));
    assert_eq!(confusion.rows[0], ["a<b", "3", "0", "0", "0", "0", "0", "0", "1", "0", "0", "75.0 %"]);
    assert_eq!((confusion.columns.len(), confusion.rows[1].last().unwrap().as_str()), (12, ""));
    assert_eq!(run_section(&runs[0], &CLASSES).parts.len(), 4);
    let printout = Printout { title: "Runs".into(), date: String::new(), sections: vec![section] };
    assert!(elements(&printout.to_html()).is_ok());
}

fn figure() -> Part {
    Part::Figure { svg: SVG.into(), tikz: TIKZ.into(), caption: "a picture".into() }
}

/// The section's page, which must be well-formed, and its text without marks.
fn printed(section: Section) -> String {
    let html = Printout { sections: vec![section], ..Printout::default() }.to_html();
    elements(&html).unwrap();
    let body = &html[html.find("<body>").unwrap()..];
    let mut text = String::new();
    let mut is_inside = false;
    for c in body.chars() {
        match c {
            '<' => is_inside = true,
            '>' => is_inside = false,
            c if !is_inside => text.push(c),
            _ => {}
        }
    }
    text
}

fn assert_says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
}

fn function(link: &str) -> String {
    let lab = NetworkLab::decode(link).unwrap();
    printed(function_section(&lab, &lab.answers(), figure()))
}

#[test]
fn a_printed_network_has_its_formula_kinks_verdict_witness_and_program() {
    let text = function("W1=1,1,-1&b1=2,-1/3,-3&W2=1,-2,1&b2=-1&x=-5,5");
    assert_says(
        &text,
        &[
            "x from −5 to 5",
            "f(x)=W2ReLU(W1x+b1)+b2",
            "f(x)=ReLU(x+2)−2ReLU(x−13)+ReLU(−x−3)−1",
            "Neither convex nor concave on the whole line",
            "the slope rises in one place and falls in another",
            "Not convex: at x = ",
            "above the chord from x = ",
            "Not concave: at x = ",
            "3 kinks.",
            "1/3",
            "layer 1: 2",
            "4 linear pieces.",
            "np.maximum(",
        ],
    );
    let tanh = function("W1=1,1&b1=0,-1&W2=1,-1&b2=0&x=-5,5&activation=tanh");
    assert_says(&tanh, &["tanh is differentiable everywhere", "by samples", "f(x)=tanh(x)−tanh(x−1)", "np.tanh("]);
    assert!(!tanh.contains("ReLU") && !tanh.contains("maximum"), "{tanh}");
    assert_eq!(NetworkLab::default().activation, Activation::Relu);
}

#[test]
fn a_number_that_the_screen_rounds_is_printed_in_full() {
    let text = function("W1=1&b1=0.123456789&W2=0.333333333&b2=1/7&x=-5,5");
    // f(0) = 0.123456789 · 0.333333333 + 1/7.
    assert_says(&text, &["1288065840711934159/7000000000000000000 ≈ 0.184009"]);
}

fn path(lab: &PathLab) -> String {
    printed(path_section(lab, &lab.answers(), figure()))
}

#[test]
fn a_printed_path_is_the_path_that_is_drawn() {
    let preset = |id: &str| paths().into_iter().find(|preset| preset.id == id).unwrap().lab;
    // W1 and b1 stay, whatever their ends would be.
    let last = preset("last-layer");
    assert!(last.end(piecewise::labs::path::End::To).encode().contains("W1=2,-1"), "the end that is never reached");
    let text = path(&last);
    assert_says(
        &text,
        &[
            "the output f(x; θ(t))",
            "W1, row 1, column 1; W1, row 2, column 1",
            "f(x;θ(t))=W2(t)ReLU(W1(t)x+b1(t))+b2(t)",
        ],
    );
    let w1 = text.lines().find(|line| line.starts_with("W1(t)=")).unwrap();
    assert!(!w1.contains("1−t"), "a matrix that stays is itself: {w1}");
    assert!(text.lines().any(|line| line.starts_with("W2(t)=(1−t)")), "{text}");
    assert!(!text.contains("W1=2") && !text.contains("to.W1"), "no address: {text}");

    let text = path(&preset("loss"));
    assert_says(
        &text,
        &["the mean squared error", "(−2, 1), (−1, −1), (0, 0), (1, 2), (2, 1)", "4 breaks between t = 0 and t = 1."],
    );
    assert_says(&text, &["Not convex: at t = ", "def along(t):", ".mean(-1)"]);
    let text = path(&preset("irrational"));
    assert_says(&text, &["the root of 8t² − 8t + 1 between ", "≈ 0.853553"]);
}

#[test]
fn a_printed_gate_says_what_is_proved_or_where_it_is_wrong() {
    let text = |id: &str| {
        let mut lab = GateLab::default();
        lab.load(&gates().into_iter().find(|preset| preset.id == id).unwrap());
        let mut prover = lab.prover();
        while !prover.advance(1000) {}
        let verdict = prover.verdict(&lab.parameters.net()).unwrap();
        printed(gate_section(&lab, prover.faces(), &verdict, figure()))
    };
    assert_says(
        &text("xor-small"),
        &["Piecewise proved: f is the gate, over ", "f(x1,x2)=ReLU(x1)+ReLU(x2)−ReLU(x1+x2)", "def f(x1, x2):"],
    );
    assert_says(
        &text("or-nearly"),
        &["Piecewise proved: f is not the gate. At x = (", "f &gt; 0 is wanted, and f is ", "OR: f &gt; 0"],
    );
}

#[test]
fn the_boolean_function_and_question_8_are_printed() {
    let mut lab = BooleanLab::default();
    lab.set_text("a nand b".into());
    let text = printed(boolean_section(&lab).unwrap());
    assert_says(&text, &["a nand b", "h1 = ReLU(", "All 4 rows are right", "x1 is a, x2 is b"]);
    lab.set_text("a and".into());
    assert_eq!(boolean_section(&lab), None);

    let question = Question8::decode("d=2&seed=1&theta=0.5&W=1/3,2,0.5,-1&x=1,-2").unwrap();
    let text = printed(question8_section(&question, &question.answers()));
    assert_says(&text, &["Θ(0)0.5", "W=(132", "v = u + W u", "because", "closed form and reverse pass", "10 steps"]);
    let kink = Question8::decode("d=2&seed=1&theta=0&W=1,-3,0,0&x=1,0").unwrap();
    assert!(!kink.answers().signs.zeros.is_empty());
    let text = printed(question8_section(&kink, &kink.answers()));
    for sentence in piecewise::labs::backprop::words::at_zero(&kink.answers().signs.zeros) {
        assert_says(&text, &[sentence.split(" (").next().unwrap()]);
    }
    let large = Question8::new(64, 1);
    let text = printed(question8_section(&large, &large.answers()));
    assert_says(&text, &["64 × 64", "dimension64"]);
}

/// The page is 178 mm wide, as its style says.
const PAGE_PT: f64 = 178.0 / 25.4 * 72.0;

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn labels_of_a_printed_figure_are_at_least_8_points_high() {
    use piecewise::plot::{CurvesChart, FunctionChart, Style, Theme, to_svg};
    let style = Style::alone(Theme::LIGHT);
    let chart = FunctionChart {
        x: (-1.0, 1.0),
        y: (-1.0, 1.0),
        x_label: "x".into(),
        y_label: "f(x)".into(),
        lines: vec![],
        kinks: vec![],
        chords: vec![],
    };
    let pictures =
        [to_svg(&chart, &style, FIGURE_PX).unwrap().0, to_svg(&CurvesChart::default(), &style, FIGURE_PX).unwrap().0];
    for svg in pictures {
        let sizes: Vec<f64> =
            svg.split("font-size=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect();
        assert!(sizes.len() > 4);
        for size in sizes {
            let points = size * PAGE_PT / f64::from(FIGURE_PX.0);
            assert!(points >= 8.0, "{size} px are {points:.1} pt");
        }
    }
}
