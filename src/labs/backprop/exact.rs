//! Question 8's zeros, decided exactly: W and x are typed numbers, so y, v and ∂L/∂u are fractions.
//!
//! L depends on W through u = relu(y), so it bends where some y_i is 0. In a direction D of W its slope there is
//!
//! ```text
//! dL(D) = v·(D·u) + Σ z_i·du_i      z = (I + Wᵀ)·v = ∂L/∂u,    du_i = max((D·x)_i, 0) where y_i = 0
//! ```
//!
//! which is linear in D unless y_i = 0, x ≠ 0 and z_i ≠ 0 in some row i. There the limits of gradients near by are
//! those with Θ(y_i) = 0 and with Θ(y_i) = 1, so Clarke's generalised gradient is all that Θ(0) in [0, 1] gives. If
//! z_i > 0 the kink is convex, and these are subgradients; if z_i < 0 it is concave, and there is no subgradient.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use crate::piecewise::{Decimal, Rational, to_f64};

/// Roundings in a sum of d products of rounded numbers, beyond one a summand.
const MORE_ROUNDINGS: f64 = 4.0;

/// How L behaves in a row of W where y_i = 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bend {
    /// x = 0, so L is 0 whatever W is.
    NoInput,
    /// (∂L/∂u)_i = 0: the slopes on both sides are equal.
    Flat,
    /// (∂L/∂u)_i > 0: the slope rises.
    Convex,
    /// (∂L/∂u)_i < 0: the slope falls.
    Concave,
}

/// A row i with y_i = 0.
#[derive(Clone, Debug, PartialEq)]
pub struct ZeroRow {
    /// From 0.
    pub row: usize,
    /// What L does there.
    pub bend: Bend,
    /// (∂L/∂u)_i.
    pub du: f64,
}

/// What is decided exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Signs {
    /// Of each y_i.
    pub y: Vec<Ordering>,
    /// Each y_i rounded, of the right sign.
    pub rounded: Vec<f64>,
    /// The rows with y_i = 0.
    pub zeros: Vec<ZeroRow>,
}

/// W and x as whole numbers over one denominator, and what follows from them.
struct Whole {
    w: Vec<Vec<BigInt>>,
    x: Vec<BigInt>,
    denominator: BigInt,
}

impl Bend {
    /// Whether L has a kink.
    pub fn is_kink(self) -> bool {
        matches!(self, Self::Convex | Self::Concave)
    }
}

/// Decides the signs of W·x and what L does where they are 0. `numbers` are W by rows, then x: d·(d + 1) of them.
pub fn signs(numbers: &[Decimal], d: usize) -> Signs {
    let (w, x) = numbers.split_at(d * d);
    let x_rounded: Vec<f64> = x.iter().map(|x| x.to_f64()).collect();
    let mut signs = Signs { y: Vec::with_capacity(d), rounded: Vec::with_capacity(d), zeros: Vec::new() };
    for weights in w.chunks(d) {
        let products = || weights.iter().zip(&x_rounded).map(|(w, x)| w.to_f64() * x);
        let (sum, size) = products().fold((0.0, 0.0), |(sum, size), p| (sum + p, size + p.abs()));
        // Each summand is off by three roundings at most, each sum by one: far below this.
        let is_clear = f64::abs(sum) > (d as f64 + MORE_ROUNDINGS) * f64::EPSILON * size;
        let (sign, rounded) = if is_clear {
            (sum.total_cmp(&0.0), sum)
        } else {
            let y: Rational = weights.iter().zip(x).map(|(w, x)| w.to_rational() * x.to_rational()).sum();
            (y.cmp(&Rational::zero()), to_f64(&y))
        };
        signs.y.push(sign);
        signs.rounded.push(rounded);
    }
    let rows: Vec<usize> = (0..d).filter(|&row| signs.y[row].is_eq()).collect();
    if !rows.is_empty() {
        let whole = Whole::new(numbers, d);
        let (v, v_denominator) = whole.v();
        let has_input = whole.x.iter().any(|x| !x.is_zero());
        let zero_row = |row: usize| {
            let du = whole.du(row, &v);
            let bend = match du.cmp(&BigInt::zero()) {
                _ if !has_input => Bend::NoInput,
                Ordering::Equal => Bend::Flat,
                Ordering::Greater => Bend::Convex,
                Ordering::Less => Bend::Concave,
            };
            ZeroRow { row, bend, du: to_f64(&Rational::new(du, &v_denominator * &whole.denominator)) }
        };
        signs.zeros = rows.into_iter().map(zero_row).collect();
    }
    signs
}

/// The two terms v⊗u and diag(Θ(y))·(I + Wᵀ)·v⊗x of ∂L/∂W, exactly, by rows; `theta_zero` is Θ(0).
pub fn terms(numbers: &[Decimal], d: usize, theta_zero: &Rational) -> Vec<[Rational; 2]> {
    let whole = Whole::new(numbers, d);
    let (u, u_denominator) = whole.u();
    let (v, v_denominator) = whole.v();
    let y = whole.y();
    let mut terms = Vec::with_capacity(d * d);
    for (i, y) in y.iter().enumerate() {
        let theta = match y.cmp(&BigInt::zero()) {
            Ordering::Less => Rational::zero(),
            Ordering::Equal => theta_zero.clone(),
            Ordering::Greater => Rational::one(),
        };
        let du = Rational::new(whole.du(i, &v), &v_denominator * &whole.denominator);
        for (u, x) in u.iter().zip(&whole.x) {
            let outer = Rational::new(&v[i] * u, &v_denominator * &u_denominator);
            let x = Rational::new(x.clone(), whole.denominator.clone());
            terms.push([outer, &theta * &du * x]);
        }
    }
    terms
}

impl Whole {
    fn new(numbers: &[Decimal], d: usize) -> Self {
        let exact: Vec<Rational> = numbers.iter().map(|number| number.to_rational()).collect();
        let denominator = exact.iter().fold(BigInt::one(), |common, number| common.lcm(number.denom()));
        let mut whole: Vec<BigInt> =
            exact.iter().map(|number| number.numer() * (&denominator / number.denom())).collect();
        let x = whole.split_off(d * d);
        Self { w: whole.chunks(d).map(<[_]>::to_vec).collect(), x, denominator }
    }

    /// W·x, times the denominator squared.
    fn y(&self) -> Vec<BigInt> {
        self.w.iter().map(|row| dot(row, &self.x)).collect()
    }

    /// relu(y), and its denominator.
    fn u(&self) -> (Vec<BigInt>, BigInt) {
        let positive = |y: BigInt| if y.is_negative() { BigInt::zero() } else { y };
        (self.y().into_iter().map(positive).collect(), &self.denominator * &self.denominator)
    }

    /// u + W·u, and its denominator.
    fn v(&self) -> (Vec<BigInt>, BigInt) {
        let (u, denominator) = self.u();
        let v = self.w.iter().zip(&u).map(|(row, u_i)| u_i * &self.denominator + dot(row, &u)).collect();
        (v, denominator * &self.denominator)
    }

    /// ((I + Wᵀ)·v)_i, times v's denominator and the own one.
    fn du(&self, i: usize, v: &[BigInt]) -> BigInt {
        let column: BigInt = self.w.iter().zip(v).map(|(row, v)| &row[i] * v).sum();
        &v[i] * &self.denominator + column
    }
}

fn dot(a: &[BigInt], b: &[BigInt]) -> BigInt {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
