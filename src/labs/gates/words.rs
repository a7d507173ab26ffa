//! What is true of a gate, in few words.

use crate::labs::numbers::exact;
use crate::piecewise::gate::Verdict;

/// The verdict in one line: `✗ Refuted at (1, 0)`; `None` is one that is not found yet.
pub fn glance(verdict: Option<&Verdict>) -> String {
    match verdict {
        None => "Checking …".into(),
        Some(Verdict::Proved) => "✓ Proved on the whole plane".into(),
        Some(Verdict::Refuted(c)) => format!("✗ Refuted at ({}, {})", exact(&c.point[0]), exact(&c.point[1])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::gates::GateLab;

    #[test]
    fn a_glance_tells_where_a_gate_fails() {
        let gate = GateLab::default();
        let mut prover = gate.prover();
        while !prover.advance(32) {}
        let verdict = prover.verdict(&gate.parameters.net());
        let text = glance(verdict.as_ref());
        match verdict {
            Some(Verdict::Refuted(c)) => assert!(text.contains(&exact(&c.point[0])), "{text}"),
            _ => assert!(text.starts_with('✓'), "{text}"),
        }
        assert_eq!(glance(None), "Checking …");
        assert_eq!(glance(Some(&Verdict::Proved)), "✓ Proved on the whole plane");
    }
}
