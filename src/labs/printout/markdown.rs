//! A report in Markdown, with its figures as files beside it.

use super::{Part, Printout, Table};

/// The folder of the figures.
pub const FIGURES: &str = "figures";

/// A report in Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The text.
    pub text: String,
    /// Path and content of each picture that it names.
    pub figures: Vec<(String, String)>,
}

impl Printout {
    /// The report in Markdown, with formulas between dollar signs, as most programs that read it have them. All text is
    /// escaped: it reads as it was typed.
    pub fn to_markdown(&self) -> Document {
        let text = format!("# {}\n\n{}\n\n", inline(&self.title), lines(&self.date));
        let mut document = Document { text, ..Document::default() };
        for section in &self.sections {
            document.text += &format!("## {}\n\n", inline(&section.heading));
            section.parts.iter().for_each(|part| document.add(part));
        }
        document
    }
}

impl Document {
    fn add(&mut self, part: &Part) {
        match part {
            Part::Paragraph(text) => self.text += &format!("{}\n\n", lines(text)),
            Part::Verdict { how, text } => {
                let quoted = format!("**{}** {}", how.says(), lines(text));
                let quoted: Vec<_> = quoted.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
                self.text += &format!("{}\n\n", quoted.join("\n"));
            }
            Part::Formula { latex, .. } => {
                let body = latex.trim().trim_start_matches("\\[").trim_end_matches("\\]").trim();
                self.text += &format!("$$\n{body}\n$$\n\n");
            }
            Part::Code(text) => {
                // A fence that the text does not hold.
                let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                let fence = "`".repeat(longest.max(2) + 1);
                self.text += &format!("{fence}\n{}\n{fence}\n\n", text.trim_end());
            }
            Part::Values(values) => {
                for (name, value) in values {
                    self.text += &format!("- {}: {}\n", inline(name), inline(value));
                }
                self.text.push('\n');
            }
            Part::Table(table) => self.add_table(table),
            Part::Figure { svg, caption, .. } => {
                let path = format!("{FIGURES}/figure-{}.svg", self.figures.len() + 1);
                self.text += &format!("![{}]({path})\n\n*{}*\n\n", inline(caption), inline(caption));
                self.figures.push((path, svg.clone()));
            }
        }
    }

    fn add_table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            self.text += &format!("{}\n\n", lines(&table.caption));
        }
        let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        self.text += &row(table.columns.iter().map(|name| inline(name)).collect());
        self.text += &row(vec!["---".into(); table.columns.len()]);
        for cells in &table.rows {
            self.text += &row(cells.iter().map(|cell| inline(cell)).collect());
        }
        self.text.push('\n');
    }
}

/// Text whose line breaks stay: a backslash at a line's end is one.
fn lines(text: &str) -> String {
    let all: Vec<&str> = text.lines().collect();
    let mut written = String::new();
    for (index, text) in all.iter().enumerate() {
        written += &line(text);
        match all.get(index + 1) {
            None => {}
            Some(next) if text.trim().is_empty() || next.trim().is_empty() => written.push('\n'),
            Some(_) => written += "\\\n",
        }
    }
    written
}

/// A line of a text, whose beginning is none of a list or a heading.
fn line(text: &str) -> String {
    let written = inline(text);
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = written.split_at(digits);
    let is_mark = if digits == 0 { rest.starts_with(['-', '+', '=']) } else { rest.starts_with(['.', ')']) };
    if is_mark { format!("{number}\\{rest}") } else { written }
}

/// Text in one line, with nothing in it that Markdown reads as a mark.
fn inline(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\n' => written.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '$' | '~' | '&' => {
                written.push('\\');
                written.push(c);
            }
            _ if c.is_control() => {}
            _ => written.push(c),
        }
    }
    written
}
