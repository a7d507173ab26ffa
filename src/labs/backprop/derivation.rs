//! Question 8 derived line by line, each line checked on the numbers on screen, exactly.
//!
//! What a line says of a derivative is compared with differences that know no rule of differentiation. Where every y keeps
//! its sign, y and u are of degree 1 in an entry of W, v is of degree 2, and v² and L are of degree 4; and for these
//!
//! ```text
//! (f(−2) − 8·f(−1) + 8·f(1) − f(2)) / 12
//! ```
//!
//! is the slope at 0, without an error. Where some y is 0, the two polynomials that meet there are mixed by Θ(0).

use std::cmp::Ordering;

use num_traits::{One, Zero};

use super::question8::Question8;
use crate::labs::numbers::exact;
use crate::labs::stories::mathml;
use crate::piecewise::Rational;

/// The largest dimension at which a line is checked for all entries of W; above, for the chosen one.
pub const ALL_ENTRIES: usize = 3;

/// A part of the derivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// 8a: from L to the sum over m.
    Chain,
    /// The relations that the problem set gives, and its misprint.
    Relations,
    /// 8b: inserted, and collected.
    Collect,
}

/// What a line claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    Norm,
    SumOfSquares,
    ChainRule,
    Halved,
    OfY,
    OfRelu,
    Inserted,
    OfU,
    OfV,
    Misprint,
    Begin,
    DeltasIn,
    InnerSumGone,
    OuterSumGone,
    Collected,
    Transposed,
    Matrices,
}

/// A line with what the numbers say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// MathML, on a line of its own; symbols say what they are.
    pub formula: String,
    /// Why.
    pub reason: &'static str,
    /// Cases that were compared: entries of W, times free indices.
    pub cases: usize,
    /// Cases in which both sides differ.
    pub wrong: usize,
    /// Whether the line is the problem set's misprint, which is to fail.
    pub is_misprint: bool,
    /// The right side for the chosen entry, where that is one number.
    pub value: Option<Rational>,
}

/// W, x and what follows from them.
struct Numbers {
    w: Vec<Vec<Rational>>,
    x: Vec<Rational>,
    y: Vec<Rational>,
    u: Vec<Rational>,
    v: Vec<Rational>,
    loss: Rational,
    /// Θ(y).
    theta: Vec<Rational>,
}

/// Measured derivatives by one entry of W.
struct Slopes {
    y: Vec<Rational>,
    u: Vec<Rational>,
    v: Vec<Rational>,
    squares: Vec<Rational>,
    loss: Rational,
}

/// y, u, v and L.
type Pass = (Vec<Rational>, Vec<Rational>, Vec<Rational>, Rational);

const CHAIN: [(Claim, &str, &str); 4] = [
    (Claim::Norm, "L = ½ Σ_m v_m^2", "The squared norm is the sum of the squares."),
    (
        Claim::SumOfSquares,
        r"\frac{∂L}{∂W_{ij}} = ½ Σ_m \frac{∂(v_m^2)}{∂W_{ij}}",
        "The derivative of a sum is the sum of the derivatives.",
    ),
    (Claim::ChainRule, r"\quad = ½ Σ_m 2 v_m \frac{∂v_m}{∂W_{ij}}", "Chain rule: the square has the derivative 2v."),
    (Claim::Halved, r"\quad = Σ_m v_m \frac{∂v_m}{∂W_{ij}}", "½ and 2 cancel."),
];

const RELATIONS: [(Claim, &str, &str); 6] = [
    (
        Claim::OfY,
        r"\frac{∂y_k}{∂W_{ij}} = δ_{ik} x_j",
        "yₖ = Σₗ Wₖₗ xₗ holds Wᵢⱼ only if k = i, and there xⱼ multiplies it.",
    ),
    (
        Claim::OfRelu,
        r"\frac{∂u_l}{∂y_k} = δ_{lk} Θ(y_k)",
        "uₗ = ReLU(yₗ) looks at yₗ alone; its slope is 1 above 0 and 0 below.",
    ),
    (Claim::Inserted, r"\frac{∂u_l}{∂W_{ij}} = Σ_k δ_{lk} Θ(y_k) δ_{ik} x_j", "Chain rule, with both put in."),
    (Claim::OfU, r"\quad = δ_{il} Θ(y_i) x_j", "δₗₖ leaves k = l, and δᵢₖ leaves k = i."),
    (
        Claim::Misprint,
        r"\frac{∂v_m}{∂W_{ij}} = \frac{∂u_m}{∂W_{ij}} + δ_{im} x_j + Σ_l W_{ml} \frac{∂u_l}{∂W_{ij}}",
        "So the problem set prints it.",
    ),
    (
        Claim::OfV,
        r"\frac{∂v_m}{∂W_{ij}} = \frac{∂u_m}{∂W_{ij}} + δ_{im} u_j + Σ_l W_{ml} \frac{∂u_l}{∂W_{ij}}",
        "Product rule on vₘ = uₘ + Σₗ Wₘₗ uₗ: what stands beside Wᵢⱼ is uⱼ, not xⱼ.",
    ),
];

const COLLECT: [(Claim, &str, &str); 7] = [
    (
        Claim::Begin,
        r"\frac{∂L}{∂W_{ij}} = Σ_m v_m (\frac{∂u_m}{∂W_{ij}} + δ_{im} u_j + Σ_l W_{ml} \frac{∂u_l}{∂W_{ij}})",
        "8a, with the relation for ∂vₘ/∂Wᵢⱼ put in.",
    ),
    (
        Claim::DeltasIn,
        r"\quad = Σ_m v_m (δ_{im} Θ(y_i) x_j + δ_{im} u_j + Σ_l W_{ml} δ_{il} Θ(y_i) x_j)",
        "The relation for ∂uₗ/∂Wᵢⱼ, twice.",
    ),
    (
        Claim::InnerSumGone,
        r"\quad = Σ_m v_m (δ_{im} Θ(y_i) x_j + δ_{im} u_j + W_{mi} Θ(y_i) x_j)",
        "δᵢₗ kills the sum over l: only l = i is left.",
    ),
    (
        Claim::OuterSumGone,
        r"\quad = v_i Θ(y_i) x_j + v_i u_j + Σ_m v_m W_{mi} Θ(y_i) x_j",
        "δᵢₘ kills the sum over m in the first two terms.",
    ),
    (Claim::Collected, r"\quad = v_i u_j + Θ(y_i) (v_i + Σ_m W_{mi} v_m) x_j", "Terms with Θ(yᵢ) xⱼ are collected."),
    (
        Claim::Transposed,
        r"\quad = v_i u_j + Θ(y_i) ((I + W^⊤) v)_i x_j",
        "Σₘ Wₘᵢ vₘ is entry i of Wᵀv: the sum runs over rows.",
    ),
    (
        Claim::Matrices,
        r"\frac{∂L}{∂W} = v ⊗ u + diag(Θ(y)) (I + W^⊤) v ⊗ x",
        "Entry (i, j) of a ⊗ b is aᵢbⱼ, and diag(Θ(y)) multiplies row i by Θ(yᵢ).",
    ),
];

/// The lines of a section, checked on the numbers of a question.
pub fn lines(question: &Question8, section: Section) -> Vec<Line> {
    let numbers = Numbers::of(question);
    let d = numbers.x.len();
    let chosen = question.entry;
    let entries: Vec<_> = match d <= ALL_ENTRIES {
        true => (0..d * d).map(|index| (index / d, index % d)).collect(),
        false => vec![chosen],
    };
    let matrices = question.exact_terms();
    let measured: Vec<_> = entries.iter().map(|&(i, j)| ((i, j), numbers.measure(i, j))).collect();
    let list: &[(Claim, &str, &'static str)] = match section {
        Section::Chain => &CHAIN,
        Section::Relations => &RELATIONS,
        Section::Collect => &COLLECT,
    };
    let check = |&(claim, formula, reason): &(Claim, &str, &'static str)| {
        let (mut cases, mut wrong, mut value) = (0, 0, None);
        for (at, slopes) in &measured {
            let sides = numbers.sides(claim, *at, slopes, &matrices);
            cases += sides.len();
            wrong += sides.iter().filter(|(left, right)| left != right).count();
            if *at == chosen
                && let [(_, right)] = &sides[..]
            {
                value = Some(right.clone());
            }
        }
        // The formulas are the page's own, and a test writes them all.
        let formula = mathml(formula, true).unwrap_or_default();
        Line { formula, reason, cases, wrong, is_misprint: claim == Claim::Misprint, value }
    };
    list.iter().map(check).collect()
}

/// What a symbol of the formulas is at present, for the chosen entry: `v_m` is all of v, `v_i` the entry in row i.
pub fn present(question: &Question8, symbol: &str) -> Option<String> {
    let numbers = Numbers::of(question);
    let (i, j) = question.entry;
    let list = |values: &[Rational]| format!("({})", values.iter().map(exact).collect::<Vec<_>>().join(", "));
    let (name, index) = symbol.split_once('_').unwrap_or((symbol, ""));
    let vector = |name: &str, values: &[Rational]| match index {
        "i" => format!("{name}ᵢ = {}, with i = {}", exact(&values[i]), i + 1),
        "j" => format!("{name}ⱼ = {}, with j = {}", exact(&values[j]), j + 1),
        _ => format!("{name} = {}", list(values)),
    };
    Some(match (name, index) {
        ("x", _) => vector("x", &numbers.x),
        ("y", _) => vector("y", &numbers.y),
        ("u", _) => vector("u", &numbers.u),
        ("v", _) => vector("v", &numbers.v),
        ("Θ", _) => format!("Θ(y) = {}: 1 where y is above 0", list(&numbers.theta)),
        ("L", _) => format!("L = {}", exact(&numbers.loss)),
        ("W", "ij") => format!("W in row {}, column {}, is {}", i + 1, j + 1, exact(&numbers.w[i][j])),
        ("W", "mi") => {
            let column: Vec<_> = numbers.w.iter().map(|row| row[i].clone()).collect();
            format!("W’s column i = {}: {}", i + 1, list(&column))
        }
        ("W", _) => format!("W, by rows: {}", numbers.w.iter().map(|row| list(row)).collect::<Vec<_>>().join(", ")),
        ("I", _) => "I: 1 on the diagonal, 0 elsewhere".to_owned(),
        ("δ", pair) => {
            let mut letters = pair.chars();
            let (a, b) = (letters.next()?, letters.next()?);
            format!("δ is 1 where {a} = {b}, and 0 elsewhere")
        }
        _ => return None,
    })
}

impl Numbers {
    fn of(question: &Question8) -> Self {
        let d = question.dimension();
        let number = |row, column| question.get(row, column).to_rational();
        let w: Vec<Vec<_>> = (0..d).map(|row| (0..d).map(|column| number(row, Some(column))).collect()).collect();
        let x: Vec<_> = (0..d).map(|row| number(row, None)).collect();
        let y: Vec<_> = w.iter().map(|row| dot(row, &x)).collect();
        let zero = question.exact_theta_zero();
        let theta: Vec<_> = y
            .iter()
            .map(|y| match y.cmp(&Rational::zero()) {
                Ordering::Less => Rational::zero(),
                Ordering::Equal => zero.clone(),
                Ordering::Greater => Rational::one(),
            })
            .collect();
        let (y, u, v, loss) = pass(&w, &x, &y.iter().map(|y| *y > Rational::zero()).collect::<Vec<_>>());
        Self { w, x, y, u, v, loss, theta }
    }

    /// The derivatives by W's entry (i, j).
    fn measure(&self, i: usize, j: usize) -> Slopes {
        let on = |at_zero: bool| -> Vec<bool> {
            self.y.iter().map(|y| if y.is_zero() { at_zero } else { *y > Rational::zero() }).collect()
        };
        let one_side = |on: &[bool]| {
            let moved = |by: i64| {
                let mut w = self.w.clone();
                w[i][j] += Rational::from_integer(by.into());
                pass(&w, &self.x, on)
            };
            let passes = [-2, -1, 1, 2].map(moved);
            let slope = |value: &dyn Fn(&Pass) -> Rational| {
                let [a, b, c, d] = passes.each_ref().map(value);
                (a - d + (c - b) * whole(8)) / whole(12)
            };
            let each = |value: &dyn Fn(&Pass, usize) -> Rational| -> Vec<Rational> {
                (0..self.x.len()).map(|index| slope(&|pass| value(pass, index))).collect()
            };
            Slopes {
                y: each(&|pass, k| pass.0[k].clone()),
                u: each(&|pass, k| pass.1[k].clone()),
                v: each(&|pass, k| pass.2[k].clone()),
                squares: each(&|pass, k| &pass.2[k] * &pass.2[k]),
                loss: slope(&|pass| pass.3.clone()),
            }
        };
        if !self.y[i].is_zero() {
            return one_side(&on(false));
        }
        // Rows other than i do not move, so it matters what holds at 0 in this one only.
        let (off, on, share) = (one_side(&on(false)), one_side(&on(true)), &self.theta[i]);
        let mix = |a: &Rational, b: &Rational| a + (b - a) * share;
        let all = |a: &[Rational], b: &[Rational]| a.iter().zip(b).map(|(a, b)| mix(a, b)).collect();
        Slopes {
            y: all(&off.y, &on.y),
            u: all(&off.u, &on.u),
            v: all(&off.v, &on.v),
            squares: all(&off.squares, &on.squares),
            loss: mix(&off.loss, &on.loss),
        }
    }

    /// Both sides of a line for entry (i, j), for each value of the index that is free.
    fn sides(
        &self,
        claim: Claim,
        (i, j): (usize, usize),
        slopes: &Slopes,
        matrices: &[[Rational; 2]],
    ) -> Vec<(Rational, Rational)> {
        let Self { w, x, u, v, theta, .. } = self;
        let d = x.len();
        let half = || Rational::new(1.into(), 2.into());
        let delta = |a: usize, b: usize| if a == b { Rational::one() } else { Rational::zero() };
        let sum = |term: &dyn Fn(usize) -> Rational| (0..d).map(term).sum::<Rational>();
        let through = || &theta[i] * &x[j];
        let of_u = |l: usize| delta(i, l) * through();
        let of_v =
            |m: usize, beside: &Rational| &slopes.u[m] + delta(i, m) * beside + sum(&|l| &w[m][l] * &slopes.u[l]);
        let one = |right: Rational| vec![(slopes.loss.clone(), right)];
        let each = |left: &[Rational], right: &dyn Fn(usize) -> Rational| {
            left.iter().enumerate().map(|(index, left)| (left.clone(), right(index))).collect::<Vec<_>>()
        };
        match claim {
            Claim::Norm => vec![(self.loss.clone(), half() * sum(&|m| &v[m] * &v[m]))],
            Claim::SumOfSquares => one(half() * sum(&|m| slopes.squares[m].clone())),
            Claim::ChainRule => one(half() * sum(&|m| whole(2) * &v[m] * &slopes.v[m])),
            Claim::Halved => one(sum(&|m| &v[m] * &slopes.v[m])),
            Claim::OfY => each(&slopes.y, &|k| delta(i, k) * &x[j]),
            Claim::OfRelu => {
                // Of u by y itself: each y moved by 1 up and down, on its own side of 0.
                let moved = |k: usize| {
                    let slope = |l: usize| if l == k { theta[k].clone() } else { Rational::zero() };
                    let measured = |l: usize| self.relu_slope(l, k);
                    (0..d).map(move |l| (measured(l), slope(l))).collect::<Vec<_>>()
                };
                (0..d).flat_map(moved).collect()
            }
            Claim::Inserted => each(&slopes.u, &|l| sum(&|k| delta(l, k) * &theta[k] * delta(i, k) * &x[j])),
            Claim::OfU => each(&slopes.u, &of_u),
            Claim::OfV => each(&slopes.v, &|m| of_v(m, &u[j])),
            Claim::Misprint => each(&slopes.v, &|m| of_v(m, &x[j])),
            Claim::Begin => one(sum(&|m| &v[m] * of_v(m, &u[j]))),
            Claim::DeltasIn => {
                let inner = |m: usize| sum(&|l| &w[m][l] * delta(i, l) * through());
                one(sum(&|m| &v[m] * (delta(i, m) * through() + delta(i, m) * &u[j] + inner(m))))
            }
            Claim::InnerSumGone => {
                one(sum(&|m| &v[m] * (delta(i, m) * through() + delta(i, m) * &u[j] + &w[m][i] * through())))
            }
            Claim::OuterSumGone => one(&v[i] * through() + &v[i] * &u[j] + sum(&|m| &v[m] * &w[m][i] * through())),
            Claim::Collected => one(&v[i] * &u[j] + &theta[i] * (&v[i] + sum(&|m| &w[m][i] * &v[m])) * &x[j]),
            Claim::Transposed => {
                let matrix = |row: usize, column: usize| delta(row, column) + &w[column][row];
                one(&v[i] * &u[j] + &theta[i] * sum(&|m| matrix(i, m) * &v[m]) * &x[j])
            }
            Claim::Matrices => {
                let [outer, masked] = &matrices[i * d + j];
                one(outer + masked)
            }
        }
    }

    /// How fast u_l changes with y_k, from steps of 1 on the piece of ReLU that y_k lies on; at 0, both pieces mixed.
    fn relu_slope(&self, l: usize, k: usize) -> Rational {
        let u = |by: i64, is_on: bool| {
            let y = if l == k { &self.y[l] + whole(by) } else { self.y[l].clone() };
            if is_on { y } else { Rational::zero() }
        };
        let slope = |is_on: bool| (u(1, is_on) - u(-1, is_on)) / whole(2);
        match self.y[l].cmp(&Rational::zero()) {
            Ordering::Equal => slope(false) + (slope(true) - slope(false)) * &self.theta[l],
            sign => slope(sign == Ordering::Greater),
        }
    }
}

fn whole(number: i64) -> Rational {
    Rational::from_integer(number.into())
}

fn dot(a: &[Rational], b: &[Rational]) -> Rational {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The pass forward with ReLUs that are on or off as given.
fn pass(w: &[Vec<Rational>], x: &[Rational], on: &[bool]) -> Pass {
    let y: Vec<_> = w.iter().map(|row| dot(row, x)).collect();
    let u: Vec<_> = y.iter().zip(on).map(|(y, &on)| if on { y.clone() } else { Rational::zero() }).collect();
    let v: Vec<_> = w.iter().zip(&u).map(|(row, u_m)| u_m + dot(row, &u)).collect();
    let loss = dot(&v, &v) / whole(2);
    (y, u, v, loss)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::shared_weight::ThetaZero;

    const SECTIONS: [Section; 3] = [Section::Chain, Section::Relations, Section::Collect];

    /// Every line holds in every case, but for the misprint.
    fn expect_all(question: &Question8) {
        for line in SECTIONS.iter().flat_map(|&section| lines(question, section)) {
            assert!(line.formula.contains("<math"), "{} is a formula", line.reason);
            if !line.is_misprint {
                assert_eq!(line.wrong, 0, "“{}” with {}", line.reason, question.encode());
            }
        }
    }

    #[test]
    fn every_line_holds_on_a_hundred_random_w_and_x() {
        let mut misprints = 0;
        for seed in 0..100 {
            let mut question = Question8::new(1 + seed as usize % 4, seed);
            question.entry = (question.dimension() - 1, 0);
            expect_all(&question);
            misprints += usize::from(lines(&question, Section::Relations)[4].wrong > 0);
        }
        // It holds only where u = x in all that counts.
        assert!(misprints > 90, "the misprint fails in {misprints} of 100");
    }

    #[test]
    fn every_line_holds_at_a_kink_whatever_theta_of_0_is() {
        for theta in [ThetaZero::Zero, ThetaZero::Half, ThetaZero::One] {
            for seed in 0..5 {
                let mut question = Question8::new(3, seed);
                question.theta_zero = theta;
                question.put_a_y_at_zero();
                assert!(!question.signs().zeros.is_empty());
                expect_all(&question);
            }
        }
    }

    #[test]
    fn a_wrong_line_is_found_out() {
        let question = Question8::default();
        let numbers = Numbers::of(&question);
        let mut slopes = numbers.measure(0, 0);
        slopes.loss += Rational::one();
        for claim in [Claim::Halved, Claim::Collected, Claim::Matrices] {
            let sides = numbers.sides(claim, (0, 0), &slopes, &question.exact_terms());
            assert_ne!(sides[0].0, sides[0].1);
        }
    }

    #[test]
    fn every_symbol_of_the_formulas_has_a_present_value() {
        let question = Question8::default();
        for line in SECTIONS.iter().flat_map(|&section| lines(&question, section)) {
            for symbol in line.formula.split("data-symbol=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                // Indices and ∂ stand for no number.
                if symbol.chars().all(|c| "ijklm∂⊤".contains(c)) {
                    continue;
                }
                assert!(present(&question, symbol).is_some(), "{symbol}");
            }
        }
    }
}
