//! Real algebraic numbers: roots of polynomials, compared exactly.
//!
//! A rational number is always recognised as one: a fraction that is a root of a primitive polynomial has a
//! denominator that divides the highest coefficient, so an interval narrower than one over it leaves one
//! candidate. Any other number is a polynomial with an interval that holds this simple root and no other.
//! Two numbers with overlapping intervals are equal if and only if the polynomials' greatest common divisor
//! changes sign on the overlap; if it does not, halving the intervals parts them.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use super::{Polynomial, Rational, rational};

/// Intervals of new numbers are at most 2^-this wide: most comparisons then need no more.
const FIRST_BITS: u32 = 16;
/// Halvings before a comparison asks for a greatest common divisor.
const CHEAP_ROUNDS: usize = 6;

/// A real number that is a root of a polynomial with rational coefficients, exactly. `Ord` is the order of
/// the real line, and equality is equality of the numbers, whatever polynomials they came from.
#[derive(Clone, Debug)]
pub struct Algebraic(Number);

#[derive(Clone, Debug)]
enum Number {
    Rational(Rational),
    Irrational(Root),
}

/// The only root of `polynomial` strictly between the ends; it is simple, and the ends are no roots.
#[derive(Clone, Debug)]
struct Root {
    /// Primitive.
    polynomial: Polynomial,
    start: Rational,
    end: Rational,
}

impl From<Rational> for Algebraic {
    fn from(value: Rational) -> Self {
        Self(Number::Rational(value))
    }
}

impl Algebraic {
    /// The different real roots of a polynomial strictly between two numbers, rising; `None` stands for the
    /// end at infinity. None for the zero polynomial, and none if the ends do not rise.
    pub fn roots_of(polynomial: &Polynomial, start: Option<&Self>, end: Option<&Self>) -> Vec<Self> {
        if polynomial.degree().unwrap_or(0) == 0 {
            return Vec::new();
        }
        if let [constant, slope] = polynomial.numerators() {
            let root = Self::from(Rational::new(-constant, slope.clone()));
            return if root.is_inside(start, end) { vec![root] } else { Vec::new() };
        }
        let found = polynomial.isolated_roots(start.map(Self::lower), end.map(Self::upper));
        let numbers = found.into_iter().map(|root| Root::number(root.polynomial, root.start, root.end));
        numbers.filter(|root| root.is_inside(start, end)).collect()
    }

    fn is_inside(&self, start: Option<&Self>, end: Option<&Self>) -> bool {
        start.is_none_or(|start| start < self) && end.is_none_or(|end| self < end)
    }

    /// The number as a fraction, if it is rational.
    pub fn rational(&self) -> Option<&Rational> {
        match &self.0 {
            Number::Rational(value) => Some(value),
            Number::Irrational(_) => None,
        }
    }

    /// A primitive polynomial that has this number as a simple root; not always the one of lowest degree,
    /// but of degree 1 exactly if the number is rational.
    pub fn polynomial(&self) -> Polynomial {
        match &self.0 {
            Number::Rational(value) => Polynomial::new(&[-value, Rational::one()]).primitive(),
            Number::Irrational(root) => root.polynomial.clone(),
        }
    }

    /// A rational number not above this one: itself if it is rational.
    pub(super) fn lower(&self) -> &Rational {
        match &self.0 {
            Number::Rational(value) => value,
            Number::Irrational(root) => &root.start,
        }
    }

    /// A rational number not below this one: itself if it is rational.
    pub(super) fn upper(&self) -> &Rational {
        match &self.0 {
            Number::Rational(value) => value,
            Number::Irrational(root) => &root.end,
        }
    }

    /// Two neighbouring decimals with at least three places between which this number is the only root of its
    /// [`polynomial`](Self::polynomial); `None` if it is rational.
    pub fn decimal_bounds(&self) -> Option<[Rational; 2]> {
        let Number::Irrational(root) = &self.0 else { return None };
        let mut close = root.clone();
        let mut scale = BigInt::from(1000);
        loop {
            // An irrational number is no end: the halves part from it.
            let mut floor = (&close.start * &scale).floor();
            while floor != (&close.end * &scale).floor() {
                close.halve();
                floor = (&close.start * &scale).floor();
            }
            let bounds = [floor.clone(), floor + Rational::one()].map(|end| end / &scale);
            let [low, high] = &bounds;
            let is_end = bounds.iter().any(|end| root.polynomial.sign_at(end).is_eq());
            if !is_end && root.polynomial.sign_variations(low, high) == 1 {
                return Some(bounds);
            }
            scale *= 10;
        }
    }

    fn width(&self) -> Rational {
        self.upper() - self.lower()
    }

    fn halve(&mut self) {
        if let Number::Irrational(root) = &mut self.0 {
            root.halve();
        }
    }

    /// A simple rational number at most `distance` > 0 away: the number itself if it is rational.
    pub fn rational_near(&self, distance: &Rational) -> Rational {
        let mut number = self.clone();
        while number.width() > *distance {
            number.halve();
        }
        match number.0 {
            Number::Rational(value) => value,
            Number::Irrational(root) => simplest_between(&root.start, &root.end),
        }
    }

    /// The nearest `f64`, for drawing. Never for deciding.
    pub fn to_f64(&self) -> f64 {
        let mut number = self.clone();
        loop {
            let [low, high] = [number.lower(), number.upper()].map(rational::to_f64);
            // NaN stands for what is beyond any f64.
            if low == high || low.is_nan() || high.is_nan() {
                return low;
            }
            number.halve();
        }
    }

    /// A simple rational number strictly between two different numbers, in whichever order; `None` if they
    /// are equal.
    pub fn between(a: &Self, b: &Self) -> Option<Rational> {
        let (mut a, mut b) = match a.cmp(b) {
            Ordering::Less => (a.clone(), b.clone()),
            Ordering::Greater => (b.clone(), a.clone()),
            Ordering::Equal => return None,
        };
        // So narrow that the simplest number of the gap between the intervals is nearly the simplest at all.
        while (b.lower() - a.upper()) * BigInt::from(8) < (b.upper() - a.lower()) * BigInt::from(7) {
            a.halve();
            b.halve();
        }
        Some(simplest_between(a.upper(), b.lower()))
    }

    /// A simple rational number strictly inside an interval; `None` stands for the end at infinity, or, as
    /// an answer, for an interval with nothing inside.
    pub fn inside(start: Option<&Self>, end: Option<&Self>) -> Option<Rational> {
        let one = Rational::one();
        match (start, end) {
            (Some(start), Some(end)) if start < end => Self::between(start, end),
            (Some(_), Some(_)) => None,
            (Some(start), None) => Some((start.upper().floor() + one).max(Rational::zero())),
            (None, Some(end)) => Some((end.lower().ceil() - one).min(Rational::zero())),
            (None, None) => Some(Rational::zero()),
        }
    }

    /// How the value of a polynomial at this number compares with 0.
    pub fn sign_of(&self, polynomial: &Polynomial) -> Ordering {
        let mut root = match &self.0 {
            Number::Rational(value) => return polynomial.sign_at(value),
            Number::Irrational(root) => root.clone(),
        };
        if polynomial.is_zero() {
            return Ordering::Equal;
        }
        for round in 0.. {
            if polynomial.sign_variations(&root.start, &root.end) == 0 {
                break;
            }
            if round == CHEAP_ROUNDS && changes_sign(&polynomial.gcd(&root.polynomial), &root.start, &root.end) {
                return Ordering::Equal;
            }
            root.halve();
        }
        polynomial.sign_at(&root.middle())
    }
}

impl Root {
    /// The number, its interval narrowed to a useful width.
    fn number(polynomial: Polynomial, start: Rational, end: Rational) -> Algebraic {
        let mut root = Self { polynomial, start, end };
        if root.start == root.end {
            return root.start.into();
        }
        if let [constant, slope] = root.polynomial.numerators() {
            return Rational::new(-constant, slope.clone()).into();
        }
        let width = Rational::new(BigInt::one(), BigInt::one() << FIRST_BITS);
        if let Some(value) = root.narrow(&width).or_else(|| root.rational()) {
            return value.into();
        }
        Algebraic(Number::Irrational(root))
    }

    fn rational(&self) -> Option<Rational> {
        if self.polynomial.has_clearly_no_rational_root() {
            return None;
        }
        let lead = self.polynomial.numerators().last()?;
        let mut close = self.clone();
        let width = Rational::new(BigInt::one(), lead.clone());
        close.narrow(&width).or_else(|| {
            let candidate = Rational::new((&close.end * lead).floor().to_integer(), lead.clone());
            let is_root = close.start < candidate && close.polynomial.sign_at(&candidate).is_eq();
            is_root.then_some(candidate)
        })
    }

    fn middle(&self) -> Rational {
        (&self.start + &self.end) / BigInt::from(2)
    }

    /// Halves the interval, or finds that its middle is the root.
    fn halve(&mut self) -> Option<Rational> {
        let middle = self.middle();
        match self.polynomial.sign_at(&middle) {
            Ordering::Equal => return Some(middle),
            sign if sign == self.polynomial.sign_at(&self.end) => self.end = middle,
            _ => self.start = middle,
        }
        None
    }

    fn narrow(&mut self, width: &Rational) -> Option<Rational> {
        while &self.end - &self.start > *width {
            if let Some(value) = self.halve() {
                return Some(value);
            }
        }
        None
    }

    /// The order of this root, which is irrational, and a rational number.
    fn cmp_rational(&self, value: &Rational) -> Ordering {
        if *value <= self.start {
            Ordering::Greater
        } else if self.end <= *value || self.polynomial.sign_at(value) == self.polynomial.sign_at(&self.end) {
            Ordering::Less
        } else {
            Ordering::Greater
        }
    }

    /// The order, if the intervals tell.
    fn cmp_apart(&self, other: &Self) -> Option<Ordering> {
        if self.end <= other.start {
            Some(Ordering::Less)
        } else if other.end <= self.start {
            Some(Ordering::Greater)
        } else {
            None
        }
    }

    /// Whether two roots with overlapping intervals are the same number. The divisor has at most one root on
    /// the overlap, a simple one, and none at its ends.
    fn is_same(&self, other: &Self) -> bool {
        let common = self.polynomial.gcd(&other.polynomial);
        changes_sign(&common, (&self.start).max(&other.start), (&self.end).min(&other.end))
    }
}

fn changes_sign(polynomial: &Polynomial, start: &Rational, end: &Rational) -> bool {
    polynomial.degree().unwrap_or(0) > 0 && polynomial.sign_at(start) != polynomial.sign_at(end)
}

impl Ord for Algebraic {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = match (&self.0, &other.0) {
            (Number::Rational(a), Number::Rational(b)) => return a.cmp(b),
            (Number::Irrational(root), Number::Rational(value)) => return root.cmp_rational(value),
            (Number::Rational(value), Number::Irrational(root)) => return root.cmp_rational(value).reverse(),
            (Number::Irrational(a), Number::Irrational(b)) => (a, b),
        };
        if let Some(order) = a.cmp_apart(b) {
            return order;
        }
        let ask_at = if a.polynomial == b.polynomial { 0 } else { CHEAP_ROUNDS };
        let (mut a, mut b) = (a.clone(), b.clone());
        let mut round = 0;
        loop {
            if let Some(order) = a.cmp_apart(&b) {
                return order;
            }
            if round == ask_at && a.is_same(&b) {
                return Ordering::Equal;
            }
            round += 1;
            a.halve();
            b.halve();
        }
    }
}

impl PartialOrd for Algebraic {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Algebraic {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Algebraic {}

/// The rational number with the smallest denominator, and of those nearest to 0, strictly between
/// `start` < `end`: the first one on the way down the Stern–Brocot tree.
fn simplest_between(start: &Rational, end: &Rational) -> Rational {
    if start.is_negative() && end.is_positive() {
        return Rational::zero();
    }
    if !end.is_positive() {
        return -simplest_between(&-end, &-start);
    }
    let whole = start.floor();
    let next = &whole + Rational::one();
    if next < *end {
        return next;
    }
    // Both ends are in whole..=whole + 1: turn what is behind the point upside down.
    let low = (end - &whole).recip();
    let part = start - &whole;
    let inner = if part.is_zero() { low.floor() + Rational::one() } else { simplest_between(&low, &part.recip()) };
    whole + inner.recip()
}
