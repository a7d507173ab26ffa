//! Polynomials in one variable with rational coefficients, and where their real roots are.
//!
//! A polynomial is kept as integers over one denominator, so that sums, signs and remainders are work on
//! integers and a common factor is taken out once for all coefficients. Roots are isolated by Descartes'
//! rule of signs on intervals that are halved until the rule answers 0 or 1 (Vincent, Collins and Akritas;
//! see Basu, Pollack and Roy, *Algorithms in Real Algebraic Geometry*, section 10.2). Everything is
//! quadratic in the degree: meant for the low degrees that a few layers make.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Sub};

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::Rational;

/// A polynomial with rational coefficients. Equal polynomials compare equal: the form is unique.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Polynomial {
    /// Lowest power first; the last is not zero; no factor in common with the denominator.
    numerators: Vec<BigInt>,
    /// Positive; 1 for the zero polynomial.
    denominator: BigInt,
}

/// One real root. If the ends are equal, they are the root. Otherwise it is the only root of `polynomial`
/// strictly between them, a simple one, and neither end is a root.
pub(super) struct IsolatedRoot {
    /// A factor of the polynomial that was asked about, primitive.
    pub polynomial: Polynomial,
    pub start: Rational,
    pub end: Rational,
}

impl Polynomial {
    /// The polynomial with these coefficients, the constant first. Zeros at the end do not matter.
    pub fn new(coefficients: &[Rational]) -> Self {
        let common = coefficients.iter().fold(BigInt::one(), |common, c| common.lcm(c.denom()));
        let numerators = coefficients.iter().map(|c| c.numer() * (&common / c.denom())).collect();
        Self::over(numerators, common)
    }

    /// The zero polynomial.
    pub fn zero() -> Self {
        Self { numerators: Vec::new(), denominator: BigInt::one() }
    }

    /// A polynomial of degree 0, or zero.
    pub fn constant(value: Rational) -> Self {
        Self::new(&[value])
    }

    /// Σ numerators\[i\]·tⁱ / denominator, in lowest terms. The denominator is not zero.
    pub(super) fn over(mut numerators: Vec<BigInt>, mut denominator: BigInt) -> Self {
        while numerators.last().is_some_and(Zero::is_zero) {
            numerators.pop();
        }
        if numerators.is_empty() {
            return Self::zero();
        }
        let mut common = denominator.clone();
        for numerator in &numerators {
            if common.is_one() {
                break;
            }
            common = common.gcd(numerator);
        }
        if denominator.is_negative() {
            common = -common.abs();
        }
        if !common.is_one() {
            numerators.iter_mut().for_each(|numerator| *numerator /= &common);
            denominator /= &common;
        }
        Self { numerators, denominator }
    }

    /// The coefficients, the constant first; none for zero, and the last is not zero.
    pub fn coefficients(&self) -> Vec<Rational> {
        self.numerators.iter().map(|n| Rational::new(n.clone(), self.denominator.clone())).collect()
    }

    /// The coefficients times [`Self::denominator`].
    pub(super) fn numerators(&self) -> &[BigInt] {
        &self.numerators
    }

    /// The common denominator of the coefficients.
    pub(super) fn denominator(&self) -> &BigInt {
        &self.denominator
    }

    /// The degree, or `None` for zero.
    pub fn degree(&self) -> Option<usize> {
        self.numerators.len().checked_sub(1)
    }

    /// Whether this is the zero polynomial.
    pub fn is_zero(&self) -> bool {
        self.numerators.is_empty()
    }

    /// The value at t.
    pub fn at(&self, t: &Rational) -> Rational {
        let (value, power) = self.at_fraction(t);
        Rational::new(value, power * &self.denominator)
    }

    /// How the value at t compares with 0.
    pub fn sign_at(&self, t: &Rational) -> Ordering {
        self.at_fraction(t).0.cmp(&BigInt::zero())
    }

    /// The numerators' polynomial at a/d, times dⁿ; and dⁿ.
    fn at_fraction(&self, t: &Rational) -> (BigInt, BigInt) {
        let mut value = BigInt::zero();
        let mut power = BigInt::one();
        for (i, numerator) in self.numerators.iter().rev().enumerate() {
            if i > 0 {
                power *= t.denom();
                value *= t.numer();
            }
            value += numerator * &power;
        }
        (value, power)
    }

    /// The derivative.
    #[must_use]
    pub fn derivative(&self) -> Self {
        let numerators = self.numerators.iter().enumerate().skip(1).map(|(i, n)| n * BigInt::from(i)).collect();
        Self::over(numerators, self.denominator.clone())
    }

    /// Every coefficient times `factor`.
    #[must_use]
    pub fn scaled(&self, factor: &Rational) -> Self {
        let numerators = self.numerators.iter().map(|n| n * factor.numer()).collect();
        Self::over(numerators, &self.denominator * factor.denom())
    }

    /// The multiple whose coefficients are integers without a common factor, the highest one positive.
    /// Zero stays zero.
    #[must_use]
    pub fn primitive(&self) -> Self {
        primitive(self.numerators.clone())
    }

    /// The greatest common divisor, as [`Self::primitive`] gives it; zero if both are zero.
    #[must_use]
    pub fn gcd(&self, other: &Self) -> Self {
        let (mut a, mut b) = (self.primitive(), other.primitive());
        while !b.is_zero() {
            if b.degree() == Some(0) {
                return b;
            }
            if a == b {
                return a;
            }
            let rest = pseudo_remainder(a.numerators, &b.numerators);
            a = b;
            b = primitive(rest);
        }
        a
    }

    /// The product of the different irreducible factors, as [`Self::primitive`] gives it: the same roots,
    /// each of them simple. Zero stays zero.
    #[must_use]
    pub fn squarefree(&self) -> Self {
        let whole = self.primitive();
        let common = whole.gcd(&whole.derivative());
        if common.degree().unwrap_or(0) == 0 { whole } else { exact_quotient(whole.numerators, &common.numerators) }
    }

    /// An upper bound for the number of roots strictly between `start` < `end`, with multiplicity, by
    /// Descartes' rule; exact if it is 0 or 1.
    pub(super) fn sign_variations(&self, start: &Rational, end: &Rational) -> usize {
        let Some(degree) = self.degree().filter(|&degree| degree > 0) else { return 0 };
        // With t = (a + (b - a)·x)/d, the interval is 0 < x < 1.
        let d = start.denom().lcm(end.denom());
        let a = start.numer() * (&d / start.denom());
        let width = end.numer() * (&d / end.denom()) - &a;
        let mut moved = self.numerators.clone();
        let mut power = BigInt::one();
        for numerator in moved.iter_mut().rev().skip(1) {
            power *= &d;
            *numerator *= &power;
        }
        if !a.is_zero() {
            for i in 0..degree {
                for j in (i..degree).rev() {
                    let carry = &moved[j + 1] * &a;
                    moved[j] += carry;
                }
            }
        }
        let mut power = BigInt::one();
        for numerator in moved.iter_mut().skip(1) {
            power *= &width;
            *numerator *= &power;
        }
        // x = 1/(1 + y) takes it to 0 < y.
        moved.reverse();
        for i in 0..degree {
            for j in (i..degree).rev() {
                moved[j] = &moved[j] + &moved[j + 1];
            }
        }
        let mut signs = moved.iter().filter(|n| !n.is_zero()).map(Signed::is_positive);
        let Some(mut last) = signs.next() else { return 0 };
        signs.filter(|&sign| std::mem::replace(&mut last, sign) != sign).count()
    }

    /// The different real roots strictly between the ends, rising; `None` stands for the end at infinity.
    /// None for the zero polynomial.
    pub(super) fn isolated_roots(&self, start: Option<&Rational>, end: Option<&Rational>) -> Vec<IsolatedRoot> {
        let mut roots = Vec::new();
        if self.degree().unwrap_or(0) == 0 {
            return roots;
        }
        let bound = self.root_bound();
        let start = start.map_or_else(|| -&bound, Clone::clone);
        let end = end.map_or(bound, Clone::clone);
        if start >= end {
            return roots;
        }
        let mut whole = match self.sign_variations(&start, &end) {
            0 => return roots,
            1 => self.primitive(),
            _ => self.squarefree(),
        };
        for point in [&start, &end] {
            while whole.sign_at(point).is_eq() {
                whole = whole.without_root(point);
            }
        }
        isolate(whole, start, end, &mut roots);
        roots
    }

    /// A power of two beyond every root's magnitude (Cauchy's bound).
    fn root_bound(&self) -> Rational {
        let bits = self.numerators.iter().map(BigInt::bits).max().unwrap_or(0);
        let lead = self.numerators.last().map_or(0, BigInt::bits);
        // |c| < 2^bits and |lead| >= 2^(lead - 1).
        Rational::from(BigInt::one() << (bits - lead + 2))
    }

    /// The quotient by t − `root`, primitive, of a primitive polynomial that has this root.
    fn without_root(&self, root: &Rational) -> Self {
        exact_quotient(self.numerators.clone(), &[-root.numer(), root.denom().clone()])
    }

    /// Whether no rational number can be a root, told from remainders by a few small primes. `false` says
    /// nothing.
    pub(super) fn has_clearly_no_rational_root(&self) -> bool {
        // A rational root whose denominator the prime does not divide is a root modulo the prime.
        const PRIMES: [u32; 8] = [29, 31, 37, 41, 43, 47, 53, 59];
        let rest = |n: &BigInt, prime: u32| n.mod_floor(&prime.into()).to_u32_digits().1.first().map_or(0, |&d| d);
        PRIMES.iter().any(|&prime| {
            let rests: Vec<u32> = self.numerators.iter().map(|n| rest(n, prime)).collect();
            let value = |t: u32| rests.iter().rev().fold(0, |sum, c| (sum * t + c) % prime);
            rests.last().is_some_and(|&lead| lead != 0) && (0..prime).all(|t| value(t) != 0)
        })
    }
}

/// Adds the roots between the ends, of a polynomial without multiple roots between them and without a root
/// at either.
fn isolate(polynomial: Polynomial, start: Rational, end: Rational, roots: &mut Vec<IsolatedRoot>) {
    match polynomial.sign_variations(&start, &end) {
        0 => {}
        1 => roots.push(IsolatedRoot { polynomial, start, end }),
        _ => {
            let middle = (&start + &end) / BigInt::from(2);
            if polynomial.sign_at(&middle).is_eq() {
                let rest = polynomial.without_root(&middle);
                isolate(rest.clone(), start, middle.clone(), roots);
                roots.push(IsolatedRoot { polynomial, start: middle.clone(), end: middle.clone() });
                isolate(rest, middle, end, roots);
            } else {
                isolate(polynomial.clone(), start, middle.clone(), roots);
                isolate(polynomial, middle, end, roots);
            }
        }
    }
}

fn primitive(mut numerators: Vec<BigInt>) -> Polynomial {
    while numerators.last().is_some_and(Zero::is_zero) {
        numerators.pop();
    }
    let Some(lead) = numerators.last() else { return Polynomial::zero() };
    let is_negative = lead.is_negative();
    let mut content = BigInt::zero();
    for numerator in numerators.iter().rev() {
        content = content.gcd(numerator);
        if content.is_one() {
            break;
        }
    }
    if is_negative {
        content = -content;
    }
    if !content.is_one() {
        numerators.iter_mut().for_each(|numerator| *numerator /= &content);
    }
    Polynomial { numerators, denominator: BigInt::one() }
}

/// A multiple of the remainder of a by b, in integers. The last coefficient of b is not zero.
fn pseudo_remainder(mut a: Vec<BigInt>, b: &[BigInt]) -> Vec<BigInt> {
    let Some((lead, rest)) = b.split_last() else { return a };
    while a.len() >= b.len() {
        let Some(top) = a.pop() else { break };
        if top.is_zero() {
            continue;
        }
        let shift = a.len() - rest.len();
        let common = lead.gcd(&top);
        let (factor, top) = (lead / &common, top / &common);
        for (i, coefficient) in a.iter_mut().enumerate() {
            *coefficient *= &factor;
            if let Some(part) = i.checked_sub(shift).and_then(|i| rest.get(i)) {
                *coefficient -= part * &top;
            }
        }
    }
    a
}

/// a/b, primitive, of a primitive a and a primitive divisor b. The quotient then has integer coefficients.
fn exact_quotient(mut a: Vec<BigInt>, b: &[BigInt]) -> Polynomial {
    let Some((lead, rest)) = b.split_last() else { return Polynomial::zero() };
    let mut quotient = Vec::new();
    while a.len() >= b.len() {
        let Some(top) = a.pop() else { break };
        let factor = top / lead;
        let shift = a.len() - rest.len();
        for (coefficient, part) in a[shift..].iter_mut().zip(rest) {
            *coefficient -= part * &factor;
        }
        quotient.push(factor);
    }
    quotient.reverse();
    primitive(quotient)
}

fn sum(a: &Polynomial, b: &Polynomial, sign: i32) -> Polynomial {
    let common = a.denominator.lcm(&b.denominator);
    let factors = [&common / &a.denominator, &common / &b.denominator * sign];
    let length = a.numerators.len().max(b.numerators.len());
    let mut numerators = vec![BigInt::zero(); length];
    for (polynomial, factor) in [a, b].into_iter().zip(&factors) {
        for (total, numerator) in numerators.iter_mut().zip(&polynomial.numerators) {
            *total += numerator * factor;
        }
    }
    Polynomial::over(numerators, common)
}

impl Add for &Polynomial {
    type Output = Polynomial;

    fn add(self, other: Self) -> Polynomial {
        sum(self, other, 1)
    }
}

impl Sub for &Polynomial {
    type Output = Polynomial;

    fn sub(self, other: Self) -> Polynomial {
        sum(self, other, -1)
    }
}

impl Mul for &Polynomial {
    type Output = Polynomial;

    fn mul(self, other: Self) -> Polynomial {
        let mut numerators = vec![BigInt::zero(); (self.numerators.len() + other.numerators.len()).max(1) - 1];
        for (i, a) in self.numerators.iter().enumerate() {
            for (j, b) in other.numerators.iter().enumerate() {
                numerators[i + j] += a * b;
            }
        }
        Polynomial::over(numerators, &self.denominator * &other.denominator)
    }
}

/// The powers from the highest down, as in `2t² − 3/2·t + 1`, with a true minus sign.
impl fmt::Display for Polynomial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return write!(f, "0");
        }
        let mut is_first = true;
        for (power, coefficient) in self.coefficients().iter().enumerate().rev() {
            if coefficient.is_zero() {
                continue;
            }
            match (is_first, coefficient.is_negative()) {
                (true, true) => write!(f, "−")?,
                (true, false) => {}
                (false, true) => write!(f, " − ")?,
                (false, false) => write!(f, " + ")?,
            }
            is_first = false;
            let size = coefficient.abs();
            match power {
                0 => write!(f, "{size}")?,
                _ if size.is_one() => {}
                _ if size.is_integer() => write!(f, "{size}")?,
                _ => write!(f, "{size}·")?,
            }
            match power {
                0 => {}
                1 => write!(f, "t")?,
                _ => write!(f, "t{}", superscript(power))?,
            }
        }
        Ok(())
    }
}

fn superscript(number: usize) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    number.to_string().bytes().map(|byte| DIGITS[usize::from(byte - b'0')]).collect()
}
