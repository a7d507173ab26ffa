//! A report on paper: headings, paragraphs, tables and figures as one HTML page that needs nothing else, to be opened
//! in a tab of its own and printed, on A4 or Letter.
//!
//! All text is escaped. Figures and formulas are put in as they are, so they must be the page's own; and the page
//! forbids scripts and anything from elsewhere, whatever it holds. It is well-formed XML as well.

mod backprop;
mod exact;
mod function;
mod gates;
mod latex;
mod markdown;
mod path;
mod runs;

pub use backprop::{layers_section, question8_section};
pub use function::function_section;
pub use gates::{boolean_section, gate_section};
pub use markdown::{Document, FIGURES};
pub use path::path_section;
pub use runs::{comparison, confusion, run_section};

use super::notation::Notation;

/// Size of a figure in pixels. The labels of axes are then 8 points high or more on a page 178 mm wide.
pub const FIGURE_PX: (u32, u32) = (720, 420);

/// A report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printout {
    /// Also the page's, and so what a browser calls the file.
    pub title: String,
    /// When it was made, as it is to be read.
    pub date: String,
    /// In order.
    pub sections: Vec<Section>,
}

/// What stands under one heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// In order.
    pub parts: Vec<Part>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text; line breaks are kept.
    Paragraph(String),
    /// A formula in both notations, put in as it is, so it must be the page's own.
    Formula {
        /// From `<math` to `</math>`.
        mathml: String,
        /// From `\\[` to `\\]`.
        latex: String,
    },
    /// What the page found out, quoted as the page's own; line breaks are kept.
    Verdict {
        /// How.
        how: How,
        /// What.
        text: String,
    },
    /// A program; its spaces and lines are kept.
    Code(String),
    /// Names and their values.
    Values(Vec<(String, String)>),
    /// Rows and columns.
    Table(Table),
    /// A picture.
    Figure {
        /// From `<svg` to `</svg>`.
        svg: String,
        /// The same picture for LaTeX.
        tikz: String,
        /// Below it.
        caption: String,
    },
}

/// How the page came to know something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By exact arithmetic.
    Proved,
    /// By computing with rounded numbers, or at samples.
    Measured,
}

impl How {
    /// Who says so, before what is said.
    pub fn says(self) -> &'static str {
        match self {
            Self::Proved => "Piecewise proved:",
            Self::Measured => "Piecewise measured:",
        }
    }
}

impl Part {
    /// A formula that is written in one notation after the other.
    pub fn formula(write: impl Fn(Notation) -> String) -> Self {
        Self::Formula { mathml: write(Notation::MathMl), latex: write(Notation::Latex) }
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Above it; none, if empty.
    pub caption: String,
    /// Their headings.
    pub columns: Vec<String>,
    /// Cells, as many as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// Whatever the page holds, nothing of it runs, and nothing is loaded or sent.
const POLICY: &str = "script-src 'none'; object-src 'none'; frame-src 'none'; img-src 'none'; font-src 'none'; connect-src 'none'; form-action 'none'";

/// Rows of the largest table that is kept on one page.
const WHOLE: usize = 20;

const STYLE: &str = "
@page { margin: 18mm 16mm; @bottom-right { font-size: 8pt; content: counter(page) ' / ' counter(pages); } }
html { color-scheme: light; background: #fff; color: #000; }
body { font: 10.5pt/1.45 system-ui, sans-serif; max-width: 178mm; margin: 0 auto; padding: 1em; }
h1 { font-size: 17pt; margin: 0; }
h2 { font-size: 12.5pt; margin: 1.6em 0 0.4em; break-after: avoid; page-break-after: avoid; }
p { margin: 0.4em 0; white-space: pre-line; overflow-wrap: anywhere; }
pre { margin: 0.6em 0; font: 8.5pt/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.formula { margin: 0.6em 0; break-inside: avoid; page-break-inside: avoid; }
.date { color: #555; }
.verdict { border-left: 2pt solid #999; padding-left: 0.8em; }
table { border-collapse: collapse; margin: 0.6em 0; font-size: 9.5pt; }
caption { text-align: left; color: #555; padding-bottom: 0.2em; }
tr, .whole { break-inside: avoid; page-break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: 0.12em 1em 0.12em 0; border-bottom: 0.5pt solid #ccc; overflow-wrap: anywhere; }
thead th { border-bottom: 1pt solid #000; }
th[scope=row] { font-weight: normal; color: #555; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 0.8em 0; break-inside: avoid; page-break-inside: avoid; }
figure svg { display: block; width: auto; max-width: 100%; height: auto; max-height: 200mm; }
figcaption { color: #555; font-size: 9.5pt; }
@media print { body { max-width: none; padding: 0; } }
";

impl Section {
    /// An empty one.
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), parts: Vec::new() }
    }

    /// With one more part.
    pub fn with(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }
}

impl Printout {
    /// The page.
    pub fn to_html(&self) -> String {
        let title = escaped(&self.title);
        let mut html = format!(
            r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="{POLICY}"/>
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>{title}</h1>
<p class="date">{}</p>
"#,
            escaped(&self.date)
        );
        for section in &self.sections {
            html += &format!("<section>\n<h2>{}</h2>\n", escaped(&section.heading));
            section.parts.iter().for_each(|part| write_part(part, &mut html));
            html += "</section>\n";
        }
        html + "</body>\n</html>\n"
    }
}

/// Parts as HTML, to be put into a page.
pub fn parts_to_html(parts: &[Part]) -> String {
    let mut html = String::new();
    parts.iter().for_each(|part| write_part(part, &mut html));
    html
}

fn write_part(part: &Part, html: &mut String) {
    match part {
        Part::Paragraph(text) => *html += &format!("<p>{}</p>\n", escaped(text)),
        Part::Verdict { how, text } => {
            *html += &format!("<p class=\"verdict\"><b>{}</b> {}</p>\n", how.says(), escaped(text));
        }
        Part::Formula { mathml, .. } => *html += &format!("<div class=\"formula\">{mathml}</div>\n"),
        Part::Code(text) => *html += &format!("<pre>{}</pre>\n", escaped(text.trim_end())),
        Part::Values(values) => {
            *html += "<table>\n<tbody>\n";
            for (name, value) in values {
                *html += &format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(name), escaped(value));
            }
            *html += "</tbody>\n</table>\n";
        }
        Part::Table(table) => write_table(table, html),
        Part::Figure { svg, caption, .. } => {
            *html += &format!("<figure>\n{svg}\n<figcaption>{}</figcaption>\n</figure>\n", escaped(caption));
        }
    }
}

fn write_table(table: &Table, html: &mut String) {
    let is_number = |column: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).peekable();
        cells.peek().is_some()
            && cells.all(|cell| cell.trim_start_matches(['−', '-']).starts_with(|c: char| c.is_ascii_digit()))
    };
    let class: Vec<&str> =
        (0..table.columns.len()).map(|column| if is_number(column) { " class=\"number\"" } else { "" }).collect();
    *html += if table.rows.len() <= WHOLE { "<table class=\"whole\">\n" } else { "<table>\n" };
    if !table.caption.is_empty() {
        *html += &format!("<caption>{}</caption>\n", escaped(&table.caption));
    }
    *html += "<thead>\n<tr>";
    for (name, class) in table.columns.iter().zip(&class) {
        *html += &format!("<th scope=\"col\"{class}>{}</th>", escaped(name));
    }
    *html += "</tr>\n</thead>\n<tbody>\n";
    for row in &table.rows {
        *html += "<tr>";
        for (cell, class) in row.iter().zip(&class) {
            *html += &format!("<td{class}>{}</td>", escaped(cell));
        }
        *html += "</tr>\n";
    }
    *html += "</tbody>\n</table>\n";
}

/// As text or a quoted attribute; control characters, which neither HTML nor XML has, are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            '\n' | '\t' => escaped.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if c.is_control() => {}
            _ => escaped.push(c),
        }
    }
    escaped
}
