//! A report in LaTeX: one file that needs no other, figures included.

use super::{Part, Printout, Table};
use crate::plot::tex;

const PREAMBLE: &str = r"% pdflatex will do; words in other alphabets than the Latin one need xelatex or lualatex.
\documentclass[11pt]{article}
\usepackage[margin=25mm]{geometry} % fits A4 and Letter
\usepackage{iftex}
\ifPDFTeX\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\else\usepackage{fontspec}\fi
\usepackage{amsmath,amssymb,array,longtable,textcomp,tikz}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.5em}
";

/// Characters above which a column of a table breaks lines.
const WIDE: usize = 30;

impl Printout {
    /// The report as a LaTeX document. All text is escaped.
    pub fn to_latex(&self) -> String {
        let mut latex = format!(
            "{PREAMBLE}\\begin{{document}}\n{{\\LARGE\\bfseries {}}}\\par\n{}\\par\n",
            tex(&self.title),
            paragraphs(&self.date)
        );
        for section in &self.sections {
            latex += &format!("\n\\section*{{{}}}\n", tex(&section.heading).replace('\n', " "));
            section.parts.iter().for_each(|part| write_part(part, &mut latex));
        }
        latex + "\n\\end{document}\n"
    }
}

fn write_part(part: &Part, latex: &mut String) {
    match part {
        Part::Paragraph(text) => *latex += &format!("{}\n\n", paragraphs(text)),
        Part::Verdict { how, text } => {
            *latex += &format!("\\begin{{quote}}\n\\textbf{{{}}} {}\n\\end{{quote}}\n", how.says(), paragraphs(text));
        }
        Part::Formula { latex: formula, .. } => *latex += formula,
        Part::Code(text) => {
            *latex += "{\\small\\ttfamily\n";
            for line in text.trim_end().lines() {
                // An empty box holds the place of what begins, or is, an empty line.
                *latex += &format!("\\mbox{{}}{}\\newline\n", tex(line).replace(' ', "~"));
            }
            *latex += "\\par}\n";
        }
        Part::Values(values) => {
            *latex += "\\begin{longtable}[l]{@{}>{\\raggedright}p{45mm}>{\\raggedright\\arraybackslash}p{100mm}@{}}\n";
            for (name, value) in values {
                *latex += &format!("{} & {} \\\\\n", cell(name), cell(value));
            }
            *latex += "\\end{longtable}\n";
        }
        Part::Table(table) => write_table(table, latex),
        Part::Figure { tikz, caption, .. } => {
            *latex += &format!("\\begin{{center}}\n{tikz}\\par\\small {}\n\\end{{center}}\n", paragraphs(caption));
        }
    }
}

fn write_table(table: &Table, latex: &mut String) {
    if !table.caption.is_empty() {
        *latex += &format!("{}\\nopagebreak\n", paragraphs(&table.caption));
    }
    let is_wide =
        |column: usize| table.rows.iter().filter_map(|row| row.get(column)).any(|cell| cell.chars().count() > WIDE);
    let columns = table.columns.len();
    let wide = (0..columns).filter(|&column| is_wide(column)).count();
    // What narrow columns leave of the text's 160 mm.
    let width_mm = (160 - 22 * (columns - wide).min(6)) / wide.max(1);
    let column = |index| {
        if is_wide(index) { format!(">{{\\raggedright\\arraybackslash}}p{{{width_mm}mm}}") } else { "l".to_owned() }
    };
    let row = |cells: &[String]| cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(" & ");
    *latex += &format!("\\begin{{longtable}}[l]{{@{{}}{}@{{}}}}\n", (0..columns).map(column).collect::<String>());
    *latex += &format!("{} \\\\\n\\hline\n\\endhead\n", row(&table.columns));
    for cells in &table.rows {
        *latex += &format!("{} \\\\\n", row(cells));
    }
    *latex += "\\end{longtable}\n";
}

/// A table's cell. What begins with a bracket would be read as an argument of the line before.
fn cell(text: &str) -> String {
    format!("{{}}{}", tex(text).replace('\n', " "))
}

/// Lines that stay lines, and empty lines between paragraphs.
fn paragraphs(text: &str) -> String {
    let text = tex(text);
    let paragraph = |paragraph: &str| {
        let lines = paragraph.lines().filter(|line| !line.trim().is_empty());
        lines.collect::<Vec<_>>().join("\\newline\n")
    };
    let mut all: Vec<String> = vec![String::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            all.push(String::new());
        } else if let Some(last) = all.last_mut() {
            *last += line;
            last.push('\n');
        }
    }
    all.iter().map(|text| paragraph(text)).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}
