//! Forms on a line in integers of unbounded size.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_traits::float::FloatCore;
use num_traits::{One, Signed, Zero};

use super::sweep::Rows;

/// `constant + slope·t`, up to a positive factor.
#[derive(Clone, Debug, Default)]
pub(super) struct ExactForm {
    constant: BigInt,
    slope: BigInt,
}

/// Every f32 is a multiple of 2^−149.
const F32_SHIFT: usize = 149;

/// Bits of a limb.
const LIMB: usize = 32;
/// Products of two f32 are below 2^256 and multiples of 2^−298: 554 bits, and one limb for what a product spills over.
const LIMBS: usize = (298 + 256) / LIMB + 4;

/// A sum of products of two f32, exact, times 2^298: a number of fixed point whose limbs are summed apart.
#[derive(Clone)]
struct Sum([i64; LIMBS]);

impl Sum {
    fn new() -> Self {
        Self([0; LIMBS])
    }

    /// Adds a product; at most 2^30 of them.
    fn add(&mut self, a: f32, b: f32) {
        // 48 bits, in 53.
        let (mantissa, exponent, sign) = FloatCore::integer_decode(f64::from(a) * f64::from(b));
        if mantissa == 0 {
            return;
        }
        // Not negative, once the zeros that f64 appends are taken away.
        let zeros = mantissa.trailing_zeros();
        let place = i64::from(exponent) + i64::from(zeros) + 2 * F32_SHIFT as i64;
        let wide = u128::from(mantissa >> zeros) << (place as usize % LIMB);
        for (index, limb) in self.0[place as usize / LIMB..].iter_mut().take(3).enumerate() {
            *limb += i64::from(sign) * i64::from((wide >> (LIMB * index)) as u32);
        }
    }

    fn value(&self) -> BigInt {
        self.0.iter().rev().fold(BigInt::zero(), |sum, &limb| (sum << LIMB) + limb)
    }
}

/// An f32 times 2^149.
fn integer(value: f32) -> BigInt {
    let (mantissa, exponent, sign) = FloatCore::integer_decode(value);
    // Of subnormal numbers the exponent is 2^−150 or less by an appended zero.
    let place = i64::from(exponent) + F32_SHIFT as i64;
    let wide = if place < 0 { BigInt::from(mantissa >> -place) } else { BigInt::from(mantissa) << place };
    wide * BigInt::from(sign)
}

/// The exact forms of a line's first layer, as they are asked for, and of later layers by them.
#[derive(Default)]
pub(super) struct ExactLine {
    first: Vec<Option<ExactForm>>,
}

impl ExactLine {
    /// A neuron's form where the neurons of the layers before are on that `on` says.
    pub fn form(
        &mut self,
        net: &[Rows],
        ends: [&[f32]; 2],
        on: &[Vec<bool>],
        layer: usize,
        neuron: usize,
    ) -> ExactForm {
        if layer == 0 {
            return self.first(net[0], ends, neuron);
        }
        let mut signal: Vec<Option<ExactForm>> =
            on[0].iter().enumerate().map(|(neuron, &is_on)| is_on.then(|| self.first(net[0], ends, neuron))).collect();
        for between in 1..layer {
            let form = |(neuron, &is_on): (usize, &bool)| {
                is_on.then(|| ExactForm::sum(net[between], neuron, &signal, between))
            };
            signal = on[between].iter().enumerate().map(form).collect();
        }
        ExactForm::sum(net[layer], neuron, &signal, layer)
    }

    fn first(&mut self, rows: Rows, [from, to]: [&[f32]; 2], neuron: usize) -> ExactForm {
        self.first.resize(rows.bias.len(), None);
        let form = || {
            let dot = |x: &[f32]| {
                let mut sum = Sum::new();
                rows.row(neuron).iter().zip(x).for_each(|(&weight, &x)| sum.add(weight, x));
                sum.value()
            };
            let (start, end) = (dot(from), dot(to));
            ExactForm { slope: end - &start, constant: start + (integer(rows.bias[neuron]) << F32_SHIFT) }
        };
        self.first[neuron].get_or_insert_with(form).clone()
    }
}

impl ExactForm {
    /// Of a neuron of a later layer, by those of the layer before that are on. A layer's forms are times 2^149 for its own weights, and
    /// for those of each layer before it, and for the ends.
    fn sum(rows: Rows, neuron: usize, before: &[Option<Self>], layer: usize) -> Self {
        let mut form = Self { constant: integer(rows.bias[neuron]) << (layer + 1) * F32_SHIFT, slope: BigInt::zero() };
        for (&weight, input) in rows.row(neuron).iter().zip(before) {
            if let Some(input) = input {
                let weight = integer(weight);
                form.constant += &weight * &input.constant;
                form.slope += weight * &input.slope;
            }
        }
        form
    }

    /// The form that is 0 at t, and rises.
    pub fn zero_at(t: f64) -> Self {
        let (mantissa, exponent, sign) = FloatCore::integer_decode(t);
        let mantissa = BigInt::from(mantissa) * BigInt::from(sign);
        let (up, down) = (i64::from(exponent).max(0), (-i64::from(exponent)).max(0));
        Self { constant: -(mantissa << up), slope: BigInt::one() << down }
    }

    /// Its sign where another, which is not constant, is 0.
    pub fn sign_where(&self, other: &Self) -> i8 {
        let value = &self.constant * &other.slope - &self.slope * &other.constant;
        match (value.sign(), other.slope.sign()) {
            (Sign::NoSign, _) | (_, Sign::NoSign) => 0,
            (value, slope) if value == slope => 1,
            _ => -1,
        }
    }

    /// Whether it is 0 before, where or after another is; neither is constant.
    pub fn compare_zeros(&self, other: &Self) -> Ordering {
        // −c/s against −c'/s': c'·s against c·s', turned over if s·s' is negative.
        let order = (&other.constant * &self.slope).cmp(&(&self.constant * &other.slope));
        if self.slope.is_negative() == other.slope.is_negative() { order } else { order.reverse() }
    }
}
