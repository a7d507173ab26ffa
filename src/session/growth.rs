//! How the cost of a training step grows with the network's width and with the batch.
//!
//! The limit is measured again before every point, in the same run; the best of all is what points are compared with.

use ndarray::Array2;
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;

use super::Clock;
use super::bench::median;
use super::rates::operations;
use crate::data::{CLASSES, PIXELS, Purpose, rng};
use crate::linalg::{chosen, peak};
use crate::protocol::{GrowthPoint, Over};
use crate::train::{Config, Engine, LocalEngine};

/// Widths of both hidden layers, at the batch of the default settings.
const WIDTHS: [usize; 7] = [64, 128, 256, 512, 1024, 2048, 4096];
/// The homework's width, which takes a gigabyte and seconds a step.
const LARGE: usize = 8192;
/// Images a step, at the widths of the default settings.
const BATCHES: [usize; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
/// Steps are repeated for about this long, but no more often than [`MOST`] and no less than [`FEWEST`] times.
const MEASURE_MS: f64 = 250.0;
const FEWEST: usize = 3;
const MOST: usize = 40;
const CHAIN_STEPS: usize = 20_000;
const CHAINS: usize = 30;

struct Trial {
    engine: LocalEngine,
    input: Array2<f32>,
    labels: Vec<u8>,
    /// Milliseconds, one a step; the first warms up and is not counted.
    times: Vec<f64>,
}

/// The measurement.
pub(super) struct Growth {
    plan: Vec<(Over, usize)>,
    points: Vec<GrowthPoint>,
    /// Operations a millisecond.
    limit: f64,
    trial: Option<Trial>,
    rng: Xoshiro256PlusPlus,
}

/// The settings of a point.
fn config(over: Over, at: usize) -> Config {
    match over {
        Over::Width => Config { hidden: vec![at; 2], ..Config::default() },
        Over::Batch => Config { batch_size: at, ..Config::default() },
    }
}

impl Growth {
    /// Of all usual sizes, or of the large network alone.
    pub(super) fn new(is_large: bool) -> Self {
        let plan = if is_large {
            vec![(Over::Width, LARGE)]
        } else {
            let widths = WIDTHS.map(|width| (Over::Width, width));
            widths.into_iter().chain(BATCHES.map(|batch| (Over::Batch, batch))).collect()
        };
        Self { plan, points: Vec::new(), limit: 0.0, trial: None, rng: rng(1, Purpose::Init, 8) }
    }

    pub(super) fn progress(&self) -> (usize, usize) {
        (self.points.len(), self.plan.len())
    }

    /// Does one step of a network, or prepares one. Returns whether a point was completed by it.
    pub(super) fn advance(&mut self, clock: Clock) -> bool {
        let Some(&(over, at)) = self.plan.get(self.points.len()) else { return false };
        let config = config(over, at);
        let Some(trial) = &mut self.trial else {
            for _ in 0..CHAINS {
                let start = clock();
                std::hint::black_box(chosen().chain(CHAIN_STEPS));
                self.limit = self.limit.max(peak::operations(CHAIN_STEPS) / (clock() - start).max(1e-3));
            }
            let rng = &mut self.rng;
            self.trial = Some(Trial {
                engine: LocalEngine::drawn(&config),
                input: Array2::from_shape_fn((config.batch_size, PIXELS), |_| rng.random_range(-1.0..1.0)),
                labels: (0..config.batch_size).map(|row| (row % CLASSES) as u8).collect(),
                times: Vec::new(),
            });
            return false;
        };
        let start = clock();
        let _ = std::hint::black_box(trial.engine.step(trial.input.view(), &trial.labels, 1e-4));
        trial.times.push(clock() - start);
        let steps = trial.times.len();
        let is_enough = trial.times.iter().sum::<f64>() >= MEASURE_MS || steps >= MOST;
        if steps < FEWEST || !is_enough {
            return false;
        }
        let times = &trial.times[1..];
        self.points.push(GrowthPoint {
            over,
            at,
            best_ms: times.iter().copied().fold(f64::INFINITY, f64::min),
            median_ms: median(times),
            limit_ms: operations(&config.widths(), true) * config.batch_size as f64 / self.limit,
            images: config.batch_size,
        });
        self.trial = None;
        true
    }

    pub(super) fn is_over(&self) -> bool {
        self.points.len() == self.plan.len()
    }

    pub(super) fn points(&self) -> Vec<GrowthPoint> {
        self.points.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn points_are_best_steps_after_the_first_and_limits_count_operations() {
        // A clock by which every look at it takes a second.
        let now = Cell::new(0.0);
        let clock = || {
            now.set(now.get() + 1000.0);
            now.get()
        };
        let mut growth = Growth::new(false);
        growth.plan = vec![(Over::Width, 8), (Over::Batch, 2)];
        let mut calls = 0;
        while !growth.is_over() {
            calls += 1;
            growth.advance(&clock);
        }
        assert_eq!(calls, 2 * (1 + FEWEST));
        let points = growth.points();
        assert_eq!((points[0].at, points[0].images, points[0].best_ms, points[0].median_ms), (8, 256, 1000.0, 1000.0));
        assert_eq!((points[1].at, points[1].images), (2, 2));
        let limit = peak::operations(CHAIN_STEPS) / 1000.0;
        let products = 2.0 * (2 * 3072 * 8 + 3 * 8 * 8 + 3 * 8 * 10) as f64;
        assert!((points[0].limit_ms - 256.0 * products / limit).abs() < 1e-6);
        assert!(!growth.advance(&clock), "nothing is left to do");
    }
}
