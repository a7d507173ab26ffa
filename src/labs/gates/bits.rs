//! The other reading of a gate: inputs 0 and 1, as the textbook has them, instead of all real numbers by their signs.

use num_traits::Signed;

use super::{Choice, GateLab};
use crate::labs::writing::Writing;
use crate::piecewise::Rational;

/// A row of the truth table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitRow {
    /// x₁ and x₂.
    pub bits: [bool; 2],
    /// f there, exactly.
    pub f: Rational,
    /// Whether f > 0 just if the gate is true.
    pub is_right: bool,
}

impl Choice {
    /// The gate on bits; `None` for a table of signs, which says nothing about bits.
    pub fn on_bits(self, [a, b]: [bool; 2]) -> Option<bool> {
        match self {
            Self::Or => Some(a || b),
            Self::Xor => Some(a != b),
            Self::Nand => Some(!(a && b)),
            Self::And => Some(a && b),
            Self::Nor => Some(!(a || b)),
            Self::Xnor => Some(a == b),
            Self::Custom => None,
        }
    }
}

impl GateLab {
    /// The truth table's rows; `None` where the specification is no gate on bits.
    pub fn on_bits(&self) -> Option<Vec<BitRow>> {
        let net = self.parameters.net();
        let row = |bits: [bool; 2]| {
            let wanted = self.choice.on_bits(bits)?;
            let f = net.eval_at(&bits.map(|bit| Rational::from_integer(i32::from(bit).into())));
            Some(BitRow { bits, is_right: f.is_positive() == wanted, f })
        };
        [[false, false], [false, true], [true, false], [true, true]].into_iter().map(row).collect()
    }

    /// What the network is on bits, in a sentence.
    pub fn bits_sentence(&self, writing: Writing) -> Option<String> {
        let rows = self.on_bits()?;
        let name = self.choice.name();
        let point = |row: &BitRow| {
            let [a, b] = row.bits.map(u8::from);
            format!("f({a}, {b}) {}", writing.equals(&row.f))
        };
        let wrong: Vec<String> = rows.iter().filter(|row| !row.is_right).map(point).collect();
        Some(if wrong.is_empty() {
            format!(
                "On bits, with inputs 0 and 1, it is {name}: all 4 rows of its truth table are right, read as f > 0."
            )
        } else {
            format!(
                "On bits, with inputs 0 and 1, it is not {name}: {} of 4 rows right; {}.",
                rows.len() - wrong.len(),
                wrong.join(", ")
            )
        })
    }
}
