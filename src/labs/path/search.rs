//! A search for a path along which the output is neither convex nor concave.

use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;

use super::{PathLab, Quantity};
use crate::data::{Purpose, rng};
use crate::labs::parameters::Parameters;
use crate::piecewise::{Decimal, PathAnalysis, PathShape, Rational, Verdict};

/// The search: both ends are drawn from −5 to 5 with one place, and each path is decided exactly on 0 ≤ t ≤ 1.
#[derive(Clone, Debug)]
pub struct PathSearch {
    hidden: Vec<usize>,
    x: Rational,
    rng: Xoshiro256PlusPlus,
    now: Option<(Parameters, Parameters, PathAnalysis)>,
    /// Paths tried.
    pub tried: u64,
    /// How many were linear, convex, concave and neither.
    pub shapes: [u64; 4],
    /// The ends of the first that is neither.
    pub found: Option<(Parameters, Parameters)>,
}

impl PathSearch {
    /// For the widths and the input of a lab.
    pub fn new(lab: &PathLab, seed: u64) -> Self {
        let rng = rng(seed, Purpose::Draw, 5);
        Self { hidden: lab.hidden(), x: lab.x.to_rational(), rng, now: None, tried: 0, shapes: [0; 4], found: None }
    }

    fn draw(&mut self) -> Parameters {
        let mut parameters = Parameters::zeros(1, &self.hidden);
        for place in parameters.places() {
            parameters.set(place, Decimal::new(self.rng.random_range(-50..=50), 1).unwrap_or_default());
        }
        parameters
    }

    /// Does a small part of the work: a step of one path's analysis. Returns whether a path is found.
    pub fn advance(&mut self) -> bool {
        let Some((_, _, analysis)) = &mut self.now else {
            let (from, to) = (self.draw(), self.draw());
            let analysis = PathAnalysis::new(&from.net(), &to.net(), std::slice::from_ref(&self.x));
            self.now = analysis.ok().map(|analysis| (from, to, analysis));
            return false;
        };
        if !analysis.advance() {
            return false;
        }
        let Some((from, to, analysis)) = self.now.take() else { return false };
        let (zero, one) = (Rational::from_integer(0.into()), Rational::from_integer(1.into()));
        let verdict = PathShape::on(&analysis.finish(), Some(&zero), Some(&one)).verdict;
        self.tried += 1;
        self.shapes[match verdict {
            Verdict::Linear => 0,
            Verdict::Convex => 1,
            Verdict::Concave => 2,
            Verdict::Neither => 3,
        }] += 1;
        if verdict == Verdict::Neither {
            self.found = Some((from, to));
        }
        verdict == Verdict::Neither
    }

    /// The lab with the path that was found, all its parameters moving.
    pub fn take(&self, lab: &PathLab) -> Option<PathLab> {
        let (from, to) = self.found.clone()?;
        let mut found = lab.clone();
        found.set_ends(from, to);
        found.quantity = Quantity::Output;
        Some(found)
    }
}
