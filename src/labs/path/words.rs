//! What is true of a path, in sentences and as a table.

use super::{Answers, Quantity};
use crate::labs::numbers::{counted, fraction};
use crate::labs::writing::Writing;
use crate::piecewise::{Algebraic, PathBreak, PathPiece, Rational, Verdict};

/// The verdict as a heading.
pub fn title(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Linear => "A straight line",
        Verdict::Convex => "Convex",
        Verdict::Concave => "Concave",
        Verdict::Neither => "Neither convex nor concave",
    }
}

/// The verdict in one line, with the breaks between t = 0 and t = 1: `Convex · 2 breaks`.
pub fn glance(answers: &Answers) -> String {
    format!("{} · {}", title(answers.shape.verdict), counted(answers.inner_breaks().count(), "break"))
}

impl Answers {
    /// The breaks strictly between t = 0 and t = 1.
    pub fn inner_breaks(&self) -> impl Iterator<Item = &PathBreak> {
        let [zero, one] = [0, 1].map(|t: i64| Algebraic::from(Rational::from_integer(t.into())));
        self.pieces.breaks().iter().filter(move |at| zero < at.t && at.t < one)
    }

    /// A sentence for each chord that refutes a shape.
    pub fn witnesses(&self, quantity: Quantity, writing: Writing) -> Vec<String> {
        let name = if quantity == Quantity::Loss { "the loss" } else { "the output" };
        let lines = [(&self.shape.not_convex, ("convex", "above")), (&self.shape.not_concave, ("concave", "below"))];
        let line = |(chord, words): (&Option<_>, _)| Some(writing.chord(name, "t", words, chord.as_ref()?));
        lines.into_iter().filter_map(line).collect()
    }

    /// What the first of the irrational breaks between 0 and 1 are: `t ≈ 0.853553 is the root of …`.
    pub fn irrational_breaks(&self, most: usize, writing: Writing) -> Vec<String> {
        let irrational = self.inner_breaks().filter(|at| at.t.rational().is_none());
        irrational
            .take(most)
            .map(|at| format!("t {} is {}", Writing::Short.algebraic(&at.t), writing.root_of(&at.t)))
            .collect()
    }

    /// The pieces: their ends, exact where they are rational, else as a root; degree, and coefficients as fractions.
    pub fn to_csv(&self) -> String {
        const POLYNOMIAL: &str = "coefficients (constant first)";
        let mut csv = format!("from,to,degree,{POLYNOMIAL}");
        for end in ["from", "to"] {
            csv += &format!(",{end}: root of the polynomial with {POLYNOMIAL},{end}: only root between");
        }
        csv.push('\n');
        let list = |values: &[Rational]| {
            // The zero polynomial has no coefficient, but it is 0.
            if values.is_empty() { "0".into() } else { values.iter().map(fraction).collect::<Vec<_>>().join(" ") }
        };
        let end = |end: &Option<Algebraic>| match end {
            None => String::new(),
            Some(t) => t.rational().map_or_else(|| t.to_f64().to_string(), fraction),
        };
        let root = |end: &Option<Algebraic>| {
            let found = end.as_ref().and_then(|t| Some((t.polynomial().coefficients(), t.decimal_bounds()?)));
            found.map(|(polynomial, bounds)| [list(&polynomial), list(&bounds)].join(",")).unwrap_or_else(|| ",".into())
        };
        for PathPiece { start, end: stop, polynomial } in self.pieces.pieces() {
            csv += &format!(
                "{},{},{},{},{},{}\n",
                end(start),
                end(stop),
                polynomial.degree().unwrap_or(0),
                list(&polynomial.coefficients()),
                root(start),
                root(stop),
            );
        }
        csv
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::path::PathLab;

    #[test]
    fn a_glance_tells_the_shape_and_the_breaks() {
        let answers = PathLab::default().answers();
        let breaks = answers.inner_breaks().count();
        let expected = format!("{} · {}", title(answers.shape.verdict), counted(breaks, "break"));
        assert_eq!(glance(&answers), expected);
        assert!(glance(&answers).contains(&breaks.to_string()));
    }
}
