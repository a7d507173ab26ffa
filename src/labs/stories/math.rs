//! Formulas in a story: a little of TeX, written as MathML.
//!
//! Letters, digits and signs stand for themselves; so do `∂`, `Σ`, `δ`, `⊗` and their like. Beyond these there are
//! `_` and `^`, with braces round what is longer than one sign, `\frac{a}{b}`, `\text{words}`, `\,` for a little room,
//! `\quad` for more, and `\mat{a & b \\ c & d}`. Names such as `ReLU` are one symbol. `W_1` and `b_1`, with a number,
//! are a layer's matrix and vector, as the labs write them.

use std::iter::Peekable;
use std::str::Chars;

use crate::labs::notation::Notation;

/// Names that are one symbol; other letters in a row are factors of a product.
const NAMES: [&str; 9] = ["ReLU", "tanh", "softmax", "log", "ln", "exp", "diag", "min", "max"];
const TO: Notation = Notation::MathMl;

/// Why a text is no formula. A sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MathError {
    /// A brace without its partner.
    #[error("“{0}” has a brace without its partner")]
    Brace(String),
    /// `_` or `^` with nothing before or after it.
    #[error("“{0}” has a “{1}” with nothing to stand at")]
    Script(String, char),
    /// A command that there is not.
    #[error("“{0}” has the command \\{1}; there are \\frac, \\text, \\mat, \\quad and \\,")]
    Command(String, String),
}

/// A formula inside `<math>`, in a line or on a line of its own. Symbols carry what they are as `data-symbol`, such as
/// `v_m`.
///
/// # Errors
/// If the text is no formula.
pub fn mathml(text: &str, is_display: bool) -> Result<String, MathError> {
    let body = row(text)?;
    Ok(if is_display { TO.display(&body) } else { format!("<math>{body}</math>") })
}

/// The formula without `<math>` around it.
///
/// # Errors
/// If the text is no formula.
pub fn row(text: &str) -> Result<String, MathError> {
    let mut reader = Reader { text, rest: text.chars().peekable() };
    let body = reader.row(&[])?;
    if reader.rest.next().is_some() { Err(MathError::Brace(text.into())) } else { Ok(TO.group(&body)) }
}

/// Whether a minus after this is a number's sign, and no difference.
fn is_sign_after(row: &str) -> bool {
    row.is_empty()
        || ["(", "[", ",", "=", "&lt;", "&gt;", "·"].iter().any(|before| row.ends_with(&format!(">{before}</mo>")))
}

struct Reader<'a> {
    text: &'a str,
    rest: Peekable<Chars<'a>>,
}

/// Something that can have scripts: how it is written, and what it is called, if it is a symbol.
struct Atom {
    written: String,
    symbol: Option<String>,
}

impl Reader<'_> {
    /// Everything up to one of these signs, which stays, or to the end.
    fn row(&mut self, ends: &[char]) -> Result<String, MathError> {
        let mut row = String::new();
        while let Some(&next) = self.rest.peek() {
            if ends.contains(&next) || next == '}' {
                break;
            }
            if next.is_whitespace() {
                self.rest.next();
                continue;
            }
            if next == '-' && is_sign_after(&row) {
                self.rest.next();
                row += "<mo form=\"prefix\">−</mo>";
                continue;
            }
            let mut atoms = self.atoms()?;
            let last = atoms.pop();
            row.extend(atoms.into_iter().map(finished));
            if let Some(last) = last {
                row += &self.scripted(last)?;
            }
        }
        Ok(row)
    }

    /// The next atoms: one, or a product of letters.
    fn atoms(&mut self) -> Result<Vec<Atom>, MathError> {
        let plain = |written: String| vec![Atom { written, symbol: None }];
        let Some(next) = self.rest.next() else { return Ok(Vec::new()) };
        Ok(match next {
            '{' => {
                let inner = self.rest_of_group()?;
                plain(TO.group(&inner))
            }
            '\\' => plain(self.command()?),
            '_' | '^' => return Err(MathError::Script(self.text.into(), next)),
            '0'..='9' | '½' => {
                let digits = self.run(next, |c| c.is_ascii_digit() || c == '.');
                plain(format!("<mn>{digits}</mn>"))
            }
            'a'..='z' | 'A'..='Z' => {
                let letters = self.run(next, |c| c.is_ascii_alphabetic());
                if NAMES.contains(&&*letters) {
                    plain(TO.variable(&letters))
                } else {
                    letters.chars().map(|letter| symbol(&letter.to_string())).collect()
                }
            }
            // As TeX's \sum, not the letter.
            'Σ' | '∑' => plain("<mo>∑</mo>".into()),
            letter if letter.is_alphabetic() || letter == '∂' => vec![symbol(&letter.to_string())],
            '|' | '‖' => plain(format!("<mo stretchy=\"false\" lspace=\"0\" rspace=\"0\">{next}</mo>")),
            '(' | ')' | '[' | ']' => plain(format!("<mo stretchy=\"false\">{next}</mo>")),
            '-' => plain("<mo>−</mo>".into()),
            '<' => plain("<mo>&lt;</mo>".into()),
            '>' => plain("<mo>&gt;</mo>".into()),
            '&' => plain("<mo>&amp;</mo>".into()),
            operator => plain(format!("<mo>{operator}</mo>")),
        })
    }

    fn run(&mut self, first: char, belongs: impl Fn(char) -> bool) -> String {
        let mut run = String::from(first);
        while let Some(next) = self.rest.next_if(|&c| belongs(c)) {
            run.push(next);
        }
        run
    }

    fn rest_of_group(&mut self) -> Result<String, MathError> {
        let inner = self.row(&[])?;
        self.rest.next_if_eq(&'}').ok_or_else(|| MathError::Brace(self.text.into()))?;
        Ok(inner)
    }

    fn group(&mut self) -> Result<String, MathError> {
        self.rest.next_if_eq(&'{').ok_or_else(|| MathError::Brace(self.text.into()))?;
        self.rest_of_group()
    }

    /// The text of a group, as it stands.
    fn raw_group(&mut self) -> Result<String, MathError> {
        self.rest.next_if_eq(&'{').ok_or_else(|| MathError::Brace(self.text.into()))?;
        let mut inner = String::new();
        let mut depth = 1;
        for next in self.rest.by_ref() {
            depth += match next {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            if depth == 0 {
                return Ok(inner);
            }
            inner.push(next);
        }
        Err(MathError::Brace(self.text.into()))
    }

    fn command(&mut self) -> Result<String, MathError> {
        if self.rest.next_if_eq(&',').is_some() {
            return Ok(TO.thin().into());
        }
        let mut name = String::new();
        while let Some(next) = self.rest.next_if(char::is_ascii_alphabetic) {
            name.push(next);
        }
        match &*name {
            "frac" => Ok(format!("<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>", self.group()?, self.group()?)),
            "text" => Ok(format!("<mtext>{}</mtext>", super::markup::escaped(&self.raw_group()?))),
            "quad" => Ok("<mspace width=\"1em\"></mspace>".into()),
            "mat" => {
                let inner = self.raw_group()?;
                let rows: Result<Vec<Vec<String>>, _> =
                    inner.split("\\\\").map(|line| line.split('&').map(row).collect()).collect();
                Ok(TO.matrix(&rows?))
            }
            _ => Err(MathError::Command(self.text.into(), name)),
        }
    }

    /// An atom with the scripts that follow it.
    fn scripted(&mut self, base: Atom) -> Result<String, MathError> {
        let (mut below, mut above) = (None, None);
        loop {
            while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
            let (script, slot) = match self.rest.peek() {
                Some('_') => ('_', &mut below),
                Some('^') => ('^', &mut above),
                _ => break,
            };
            self.rest.next();
            let at = if self.rest.peek() == Some(&'{') {
                self.raw_group()?
            } else {
                self.rest.next().map(String::from).unwrap_or_default()
            };
            if at.is_empty() || slot.is_some() {
                return Err(MathError::Script(self.text.into(), script));
            }
            *slot = Some(at);
        }
        let is_number = |text: &String| text.chars().all(|c| c.is_ascii_digit());
        if let (Some("W" | "b"), Some(layer), None) =
            (base.symbol.as_deref(), below.as_ref().filter(|at| is_number(at)), &above)
        {
            return Ok(TO.matrix_symbol(base.symbol.as_deref().unwrap_or_default(), layer));
        }
        let written = |at: &Option<String>| at.as_ref().map(|at| row(at)).transpose();
        let (low, high) = (written(&below)?, written(&above)?);
        let Atom { written, symbol } = base;
        let (under, both) = if written.contains('∑') { ("munder", "munderover") } else { ("msub", "msubsup") };
        let body = match (low, high) {
            (None, None) => written,
            (Some(low), None) => format!("<{under}>{written}{low}</{under}>"),
            (None, Some(high)) => format!("<msup>{written}{high}</msup>"),
            (Some(low), Some(high)) => format!("<{both}>{written}{low}{high}</{both}>"),
        };
        let symbol = symbol.map(|name| below.map_or_else(|| name.clone(), |below| format!("{name}_{below}")));
        Ok(finished(Atom { written: body, symbol }))
    }
}

fn symbol(name: &str) -> Atom {
    Atom { written: TO.variable(name), symbol: Some(name.to_owned()) }
}

fn finished(Atom { written, symbol }: Atom) -> String {
    match symbol {
        Some(symbol) => format!("<mrow data-symbol=\"{}\">{written}</mrow>", super::markup::escaped(&symbol)),
        None => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without what symbols are called.
    fn plain(text: &str) -> String {
        let mut written = row(text).expect("a formula");
        while let Some(at) = written.find("<mrow data-symbol") {
            let end = at + written[at..].find('>').expect("closed");
            written.replace_range(at..=end, "<mrow>");
        }
        written.replace("<mrow>", "").replace("</mrow>", "")
    }

    #[test]
    fn letters_are_factors_and_names_are_one_symbol() {
        assert_eq!(plain("Wx"), "<mi>W</mi><mi>x</mi>");
        assert_eq!(
            plain("ReLU(x)"),
            "<mi>ReLU</mi><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo>"
        );
    }

    #[test]
    fn scripts_hold_to_what_is_before_them() {
        assert_eq!(plain("v_m"), "<msub><mi>v</mi><mi>m</mi></msub>");
        assert_eq!(plain("ab^2"), "<mi>a</mi><msup><mi>b</mi><mn>2</mn></msup>");
        assert_eq!(plain("(k+1)^{l-1}").matches("<msup>").count(), 1);
        let sign = "<mo form=\"prefix\">−</mo>";
        assert_eq!(plain("-x"), format!("{sign}<mi>x</mi>"));
        assert!(plain("ReLU(-x)").contains(&format!("(</mo>{sign}")) && !plain("a - b").contains("prefix"));
        assert_eq!(plain("Σ_m v_m"), "<munder><mo>∑</mo><mi>m</mi></munder><msub><mi>v</mi><mi>m</mi></msub>");
        assert_eq!(plain("W_1"), "<msub><mi class=\"matrix\">W</mi><mn>1</mn></msub>");
    }

    #[test]
    fn a_symbol_says_what_it_is() {
        let written = row("W_{mi} v").expect("a formula");
        assert!(written.contains("data-symbol=\"W_mi\"") && written.contains("data-symbol=\"v\""), "{written}");
    }

    #[test]
    fn commands_are_few_and_known() {
        assert_eq!(plain("\\frac{1}{2}"), "<mfrac><mn>1</mn><mn>2</mn></mfrac>");
        assert_eq!(plain("\\text{a < b}"), "<mtext>a &lt; b</mtext>");
        assert_eq!(plain("\\mat{1 & 0 \\\\ 0 & 1}").matches("<mtd>").count(), 4);
    }

    #[test]
    fn what_is_no_formula_is_refused_with_a_reason() {
        assert_eq!(row("a}"), Err(MathError::Brace("a}".into())));
        assert_eq!(row("{a"), Err(MathError::Brace("{a".into())));
        assert_eq!(row("_a"), Err(MathError::Script("_a".into(), '_')));
        assert_eq!(row("a_"), Err(MathError::Script("a_".into(), '_')));
        assert_eq!(row("\\sum"), Err(MathError::Command("\\sum".into(), "sum".into())));
    }
}
