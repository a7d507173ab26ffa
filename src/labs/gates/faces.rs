//! A gate's proof, face by face: where, what f is there, and what the gate wants.

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use super::GateLab;
use crate::labs::numbers::exact;
use crate::piecewise::Rational;
use crate::piecewise::gate::SignedFace;

/// Most faces that are listed.
pub const MAX_LISTED: usize = 60;

/// A face of the proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceRow {
    /// Which face: `x₁ > 0, x₂ < 0, x₁ + x₂ > 0`.
    pub place: String,
    /// f on it: `x₁ − x₂`.
    pub f: String,
    /// Its sign: −1, 0 or 1.
    pub sign: i8,
    /// Whether the gate wants f > 0.
    pub wanted: bool,
    /// Whether that is so.
    pub is_right: bool,
}

/// All faces of the gate's proof, cells first; `None` if there are more than [`MAX_LISTED`].
pub fn faces(gate: &GateLab) -> Option<Vec<FaceRow>> {
    let mut prover = gate.prover();
    while !prover.advance(1) {
        if prover.signed().len() > MAX_LISTED {
            return None;
        }
    }
    let scale = prover.scale();
    let mut all: Vec<&SignedFace> = prover.signed().iter().collect();
    if all.len() > MAX_LISTED {
        return None;
    }
    // Cells, rays, points; as they were found within each.
    all.sort_by_key(|signed| std::cmp::Reverse(signed.face.dimension()));
    let class = |signed: &SignedFace| signed.face.inner_point().map(|x| sign(&x));
    let sums = first_sums(gate);
    let row = |signed: &&SignedFace| {
        let point = signed.face.inner_point();
        let (here, siblings) = (class(signed), all.iter().filter(|other| class(other) == class(signed)).count());
        let mut place = vec![relation("x₁", here[0]), relation("x₂", here[1])];
        // Where the signs of x₁ and x₂ say it all, nothing more is said.
        if siblings > 1 {
            place.extend(sums.iter().map(|[a, b, c]| {
                let value = a * &point[0] + b * &point[1] + c;
                relation(&affine(a, b, c), sign(&value))
            }));
        }
        let coefficient = |value: &BigInt| Rational::new(value.clone(), scale.clone());
        let f = affine(&coefficient(&signed.f.a), &coefficient(&signed.f.b), &coefficient(&signed.f.c));
        let f = if signed.sign == 0 { "0".to_owned() } else { f };
        let SignedFace { sign, wanted, .. } = **signed;
        FaceRow { place: place.join(", "), f, sign, wanted, is_right: (sign > 0) == wanted }
    };
    Some(all.iter().map(row).collect())
}

/// The sums of first-layer neurons that an axis does not decide already, each once, whichever way it is turned.
fn first_sums(gate: &GateLab) -> Vec<[Rational; 3]> {
    let mut sums: Vec<[Rational; 3]> = Vec::new();
    let net = gate.parameters.net();
    let Some(layer) = net.layers().first() else { return sums };
    for (weights, c) in layer.weights.iter().zip(&layer.bias) {
        let [a, b] = &weights[..] else { continue };
        // An axis, or no line at all.
        let is_known = (a.is_zero() || b.is_zero()) && (c.is_zero() || a.is_zero() && b.is_zero());
        let is_same = |other: &[Rational; 3]| {
            let [p, q, r] = other;
            (a * q - b * p).is_zero() && (a * r - c * p).is_zero() && (b * r - c * q).is_zero()
        };
        if !is_known && !sums.iter().any(is_same) {
            sums.push([a.clone(), b.clone(), c.clone()]);
        }
    }
    sums
}

fn sign(value: &Rational) -> i8 {
    i8::from(value.is_positive()) - i8::from(value.is_negative())
}

fn relation(of: &str, sign: i8) -> String {
    format!("{of} {} 0", ["<", "=", ">"][(sign + 1) as usize])
}

/// `2x₁ − x₂ + 1`.
fn affine(a: &Rational, b: &Rational, c: &Rational) -> String {
    let mut text = String::new();
    for (factor, of) in [(a, "x₁"), (b, "x₂"), (c, "")] {
        if factor.is_zero() {
            continue;
        }
        text += match (text.is_empty(), factor.is_negative()) {
            (true, true) => "−",
            (true, false) => "",
            (false, true) => " − ",
            (false, false) => " + ",
        };
        let size = factor.abs();
        if of.is_empty() || !size.is_one() {
            text += &exact(&size);
        }
        text += of;
    }
    if text.is_empty() { "0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::gates::presets;

    fn preset(id: &str) -> GateLab {
        let found = presets().into_iter().find(|preset| preset.id == id).expect("there");
        let mut gate = GateLab::default();
        gate.load(&found);
        gate
    }

    #[test]
    fn or_has_nine_faces_with_their_formulas() {
        let rows = faces(&preset("or")).expect("few");
        assert_eq!(rows.len(), 9);
        assert!(rows.iter().all(|row| row.is_right));
        let f = |place: &str| rows.iter().find(|row| row.place == place).map(|row| row.f.clone());
        assert_eq!(f("x₁ > 0, x₂ > 0").as_deref(), Some("x₁ + x₂"));
        assert_eq!(f("x₁ > 0, x₂ < 0").as_deref(), Some("x₁"));
        assert_eq!(f("x₁ < 0, x₂ < 0").as_deref(), Some("0"));
        assert_eq!(f("x₁ = 0, x₂ = 0").as_deref(), Some("0"));
    }

    #[test]
    fn a_quadrant_that_is_cut_says_where() {
        let rows = faces(&preset("xor-small")).expect("few");
        assert_eq!(rows.len(), 13);
        let row = rows.iter().find(|row| row.place == "x₁ > 0, x₂ < 0, x₁ + x₂ > 0").expect("a cell");
        assert_eq!((&*row.f, row.sign, row.wanted), ("−x₂", 1, true));
        assert!(rows.iter().all(|row| row.is_right));
    }

    #[test]
    fn a_wrong_face_is_marked() {
        let rows = faces(&preset("xor-line")).expect("few");
        let wrong: Vec<_> = rows.iter().filter(|row| !row.is_right).collect();
        assert!(!wrong.is_empty() && wrong.iter().all(|row| row.sign > 0 && !row.wanted));
    }

    #[test]
    fn f_on_each_face_is_f_at_a_point_of_it() {
        for preset in presets() {
            let mut gate = GateLab::default();
            gate.load(&preset);
            let mut prover = gate.prover();
            while !prover.advance(32) {}
            for signed in prover.signed() {
                let point = signed.face.inner_point();
                let part = |value: &BigInt| Rational::new(value.clone(), prover.scale().clone());
                let f = part(&signed.f.a) * &point[0] + part(&signed.f.b) * &point[1] + part(&signed.f.c);
                assert_eq!(f, gate.parameters.net().eval_at(&point), "{}", preset.id);
            }
        }
    }
}
