//! Formulas in two notations: MathML for the page, LaTeX to take away.
//!
//! Each function writes one part of a formula; what belongs together is written once, for both.

use num_traits::{One, Signed};

use crate::piecewise::{Decimal, Rational};

/// How a formula is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// For a page, inside `<math>`.
    MathMl,
    /// For a paper, in math mode; needs amsmath and amssymb.
    Latex,
}

/// A number of rows or columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Known.
    Number(usize),
    /// Any: a letter stands for it.
    Letter(char),
}

use Notation::{Latex, MathMl};

impl Notation {
    /// A formula on a line of its own.
    pub fn display(self, body: &str) -> String {
        match self {
            MathMl => format!("<math display=\"block\">{body}</math>"),
            Latex => format!("\\[ {body} \\]\n"),
        }
    }

    /// What belongs together.
    pub fn group(self, body: &str) -> String {
        match self {
            MathMl => format!("<mrow>{body}</mrow>"),
            Latex => body.to_owned(),
        }
    }

    /// A variable, such as x.
    pub fn variable(self, name: &str) -> String {
        match self {
            MathMl => format!("<mi>{name}</mi>"),
            Latex if name == "θ" => "\\theta".to_owned(),
            // A name of several letters is one symbol.
            Latex if name.chars().count() > 1 => format!("\\mathit{{{}}}", name.replace('_', "\\_")),
            Latex => name.to_owned(),
        }
    }

    /// A variable with a number below, such as x₁.
    pub fn numbered(self, name: &str, number: usize) -> String {
        match self {
            MathMl => format!("<msub><mi>{name}</mi><mn>{number}</mn></msub>"),
            Latex => format!("{name}_{{{number}}}"),
        }
    }

    /// A matrix or vector of a layer, such as W₁.
    pub fn matrix_symbol(self, name: &str, layer: &str) -> String {
        match self {
            MathMl => format!("<msub><mi class=\"matrix\">{name}</mi><mn>{layer}</mn></msub>"),
            Latex => format!("{name}_{{{layer}}}"),
        }
    }

    /// A relation or an operation between two, or what parts them: `=`, `+`, `−`, `∈`, `×`, `,`, `;`.
    pub fn between(self, operator: char) -> String {
        match (self, operator) {
            (MathMl, _) => format!("<mo>{operator}</mo>"),
            (Latex, '−') => " - ".to_owned(),
            (Latex, '∈') => " \\in ".to_owned(),
            (Latex, '×') => " \\times ".to_owned(),
            (Latex, ',' | ';') => format!("{operator} "),
            (Latex, _) => format!(" {operator} "),
        }
    }

    /// The sign before a first term.
    pub fn minus(self) -> &'static str {
        match self {
            MathMl => "<mo form=\"prefix\">−</mo>",
            Latex => "-",
        }
    }

    /// A little room, for a product.
    pub fn thin(self) -> &'static str {
        match self {
            MathMl => "<mspace width=\"0.15em\"></mspace>",
            Latex => "\\,",
        }
    }

    /// A function by its name, of something: `ReLU(…)`, `tanh(…)`, `f(…)`.
    pub fn applied(self, function: &str, inner: &str) -> String {
        let name = match (self, function) {
            (MathMl, _) => self.variable(function),
            (Latex, "tanh") => "\\tanh".to_owned(),
            (Latex, name) if name.chars().count() > 1 => format!("\\operatorname{{{name}}}"),
            (Latex, name) => name.to_owned(),
        };
        self.of(&name, inner)
    }

    /// What is written, of something: `W₁(t)`.
    pub fn of(self, written: &str, inner: &str) -> String {
        match self {
            MathMl => {
                format!("{written}<mo stretchy=\"false\">(</mo><mrow>{inner}</mrow><mo stretchy=\"false\">)</mo>")
            }
            // Parentheses around matrices are as high as these.
            Latex if inner.contains("pmatrix") => format!("{written}\\left({inner}\\right)"),
            Latex => format!("{written}({inner})"),
        }
    }

    /// A typed number without its sign.
    pub fn size(self, value: Decimal) -> String {
        match value.parts() {
            Some((above, below)) => self.fraction(&above.unsigned_abs().to_string(), &below.to_string()),
            None => self.digits(value.to_string().trim_start_matches('-')),
        }
    }

    /// A typed number.
    pub fn number(self, value: Decimal) -> String {
        let minus = if value.is_negative() { self.minus() } else { "" };
        self.group(&format!("{minus}{}", self.size(value)))
    }

    /// An exact number: a decimal where it is a short one, else a fraction.
    pub fn exact(self, value: &Rational) -> String {
        let minus = if value.is_negative() { self.minus() } else { "" };
        let size = value.abs();
        let text = match Decimal::from_rational(&size) {
            Some(decimal) => self.size(decimal),
            None if size.denom().is_one() => self.digits(&size.numer().to_string()),
            None => self.fraction(&size.numer().to_string(), &size.denom().to_string()),
        };
        self.group(&format!("{minus}{text}"))
    }

    fn digits(self, digits: &str) -> String {
        match self {
            MathMl => format!("<mn>{digits}</mn>"),
            Latex => digits.to_owned(),
        }
    }

    fn fraction(self, above: &str, below: &str) -> String {
        match self {
            MathMl => format!("<mfrac><mn>{above}</mn><mn>{below}</mn></mfrac>"),
            Latex => format!("\\tfrac{{{above}}}{{{below}}}"),
        }
    }

    /// A matrix of written entries, by rows.
    pub fn matrix(self, rows: &[Vec<String>]) -> String {
        match self {
            MathMl => {
                let cell = |cell: &String| format!("<mtd>{cell}</mtd>");
                let row = |row: &Vec<String>| format!("<mtr>{}</mtr>", row.iter().map(cell).collect::<String>());
                let rows: String = rows.iter().map(row).collect();
                format!("<mrow><mo>(</mo><mtable>{rows}</mtable><mo>)</mo></mrow>")
            }
            Latex => {
                let rows: Vec<_> = rows.iter().map(|row| row.join(" & ")).collect();
                format!("\\begin{{pmatrix}} {} \\end{{pmatrix}}", rows.join(" \\\\ "))
            }
        }
    }

    /// The space of matrices of these shapes, or of vectors, or of numbers: ℝ^{3×2}, ℝ³, ℝ.
    pub fn space(self, rows: Count, columns: Option<Count>) -> String {
        let count = |count: Count| match (self, count) {
            (MathMl, Count::Number(number)) => format!("<mn>{number}</mn>"),
            (MathMl, Count::Letter(letter)) => format!("<mi>{letter}</mi>"),
            (Latex, Count::Number(number)) => number.to_string(),
            (Latex, Count::Letter(letter)) => letter.to_string(),
        };
        let shape = match (rows, columns) {
            (Count::Number(1), None) => return self.reals().to_owned(),
            (rows, None) => count(rows),
            (rows, Some(columns)) => format!("{}{}{}", count(rows), self.between('×'), count(columns)),
        };
        match self {
            MathMl => format!("<msup>{}<mrow>{shape}</mrow></msup>", self.reals()),
            Latex => format!("{}^{{{shape}}}", self.reals()),
        }
    }

    fn reals(self) -> &'static str {
        match self {
            MathMl => "<mi>ℝ</mi>",
            Latex => "\\mathbb{R}",
        }
    }
}
