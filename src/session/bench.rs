//! Measuring speeds: the matrix products of a training step, ours and ndarray's, the limit, and what surrounds them.
//!
//! All in one run, in rounds: each round measures everything once, so that whatever else the machine does
//! touches all alike. Of the rounds, the best is shown (noise only ever slows down), and the median.

use std::hint::black_box;

use ndarray::{Array2, ArrayView2};
use rand::RngExt;

use super::Clock;
use super::rates::Rates;
use crate::data::{CLASSES, PIXELS, Purpose, rng};
use crate::linalg::{chosen, gemm, peak};
use crate::protocol::{BenchRow, Speeds};
use crate::train::Config;

const ROUNDS: usize = 9;
/// A measurement repeats its work for about this long.
const MEASURE_MS: f64 = 25.0;
/// Each call is short, because a browser runs a function at full speed only after it was entered often.
const WARM_UP_MS: f64 = 150.0;
const CHAIN_STEPS: usize = 20_000;

#[derive(Clone, Copy)]
enum Code {
    Limit,
    Ours,
    Ndarray,
}

/// a·b as a layer forms it, and how the operands lie in memory.
#[derive(Clone, Copy)]
enum Product {
    /// X·Wᵀ
    Forward,
    /// dYᵀ·X
    WeightGradient,
    /// dY·W
    InputGradient,
}

struct Task {
    name: String,
    code: Code,
    product: Product,
    m: usize,
    n: usize,
    k: usize,
    /// GFLOP/s, one a round.
    speeds: Vec<f64>,
}

pub(super) struct Bench {
    tasks: Vec<Task>,
    rounds: usize,
    next: usize,
    warmed: bool,
    /// Numbers for operands of any shape used.
    numbers: Vec<f32>,
    rates: Rates,
}

impl Bench {
    pub(super) fn new() -> Self {
        let config = Config::default();
        let (widths, batch) = (config.widths(), config.batch_size);
        let task = |name: String, code, product, [m, n, k]: [usize; 3]| Task {
            name,
            code,
            product,
            m,
            n,
            k,
            speeds: Vec::new(),
        };
        let mut tasks = vec![task("multiply-add limit".into(), Code::Limit, Product::Forward, [0; 3])];
        for (layer, pair) in widths.windows(2).enumerate() {
            let (inputs, outputs) = (pair[0], pair[1]);
            let size = format!("{inputs}→{outputs}");
            let mut add = |what: &str, product, shape| {
                for code in [Code::Ours, Code::Ndarray] {
                    tasks.push(task(format!("{what} {size}"), code, product, shape));
                }
            };
            add("X·Wᵀ", Product::Forward, [batch, outputs, inputs]);
            add("dYᵀ·X", Product::WeightGradient, [outputs, inputs, batch]);
            if layer > 0 {
                add("dY·W", Product::InputGradient, [batch, inputs, outputs]);
            }
        }
        debug_assert_eq!((widths[0], widths[widths.len() - 1]), (PIXELS, CLASSES));
        let mut rng = rng(1, Purpose::Init, 7);
        let largest = tasks.iter().map(|task| (task.m * task.k).max(task.k * task.n)).max().unwrap_or(0);
        let numbers = (0..largest).map(|_| rng.random_range(-1.0..1.0)).collect();
        Self { tasks, rounds: ROUNDS, next: 0, warmed: false, numbers, rates: Rates::new() }
    }

    pub(super) fn progress(&self) -> (usize, usize) {
        (self.next, (self.tasks.len() + self.rates.len()) * self.rounds)
    }

    /// Does one measurement. Returns whether it was the last.
    pub(super) fn advance(&mut self, clock: Clock) -> bool {
        if !self.warmed {
            for task in &self.tasks {
                task.measure(&self.numbers, WARM_UP_MS / self.tasks.len() as f64, clock);
            }
            for index in 0..self.rates.len() {
                self.rates.measure(index, MEASURE_MS, clock);
            }
            self.rates.forget();
            self.warmed = true;
        }
        let (done, total) = self.progress();
        if done < total {
            let index = done % (self.tasks.len() + self.rates.len());
            if let Some(task) = self.tasks.get_mut(index) {
                let speed = task.measure(&self.numbers, MEASURE_MS, clock);
                task.speeds.push(speed);
            } else {
                self.rates.measure(index - self.tasks.len(), MEASURE_MS, clock);
            }
            self.next += 1;
        }
        self.next == total
    }

    /// What was measured so far.
    pub(super) fn speeds(&self) -> Speeds {
        Speeds { products: self.products(), rates: self.rates.rows() }
    }

    /// A row a task that has a measurement, and the whole step's products.
    fn products(&self) -> Vec<BenchRow> {
        let limit = self.tasks[0].best();
        let row = |name: &str, code: Code, [m, n, k]: [usize; 3], gflops: f64, median_gflops: f64| BenchRow {
            name: name.into(),
            code: code.word().into(),
            m,
            n,
            k,
            gflops,
            median_gflops,
            share_of_peak: gflops / limit,
        };
        let measured = self.tasks.iter().filter(|task| !task.speeds.is_empty());
        let mut rows: Vec<_> = measured
            .map(|task| row(&task.name, task.code, [task.m, task.n, task.k], task.best(), task.median()))
            .collect();
        if self.tasks.iter().all(|task| !task.speeds.is_empty()) {
            for code in [Code::Ours, Code::Ndarray] {
                let of = || self.tasks.iter().filter(|task| task.code.word() == code.word());
                let operations: f64 = of().map(Task::operations).sum();
                let together = |speed: fn(&Task) -> f64| {
                    operations / of().map(|task| task.operations() / speed(task)).sum::<f64>()
                };
                rows.push(row("all products of a step", code, [0; 3], together(Task::best), together(Task::median)));
            }
        }
        rows
    }
}

/// The median, of at least one number.
pub(super) fn median(numbers: &[f64]) -> f64 {
    let mut numbers = numbers.to_vec();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

impl Code {
    fn word(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Ours => "piecewise",
            Self::Ndarray => "ndarray",
        }
    }
}

impl Task {
    fn operations(&self) -> f64 {
        match self.code {
            Code::Limit => peak::operations(CHAIN_STEPS),
            Code::Ours | Code::Ndarray => 2.0 * (self.m * self.n * self.k) as f64,
        }
    }

    fn best(&self) -> f64 {
        self.speeds.iter().copied().fold(0.0, f64::max)
    }

    fn median(&self) -> f64 {
        median(&self.speeds)
    }

    /// GFLOP/s over about `ms` milliseconds, at least one call.
    fn measure(&self, numbers: &[f32], ms: f64, clock: Clock) -> f64 {
        let (m, n, k) = (self.m, self.n, self.k);
        let matrix = |rows: usize, columns: usize| {
            ArrayView2::from_shape((rows, columns), &numbers[..rows * columns]).expect("enough numbers")
        };
        let (a, b) = match self.product {
            Product::Forward => (matrix(m, k), matrix(n, k).reversed_axes()),
            Product::WeightGradient => (matrix(k, m).reversed_axes(), matrix(k, n)),
            Product::InputGradient => (matrix(m, k), matrix(k, n)),
        };
        let mut c = Array2::<f32>::zeros((m, n));
        let start = clock();
        let mut calls = 0;
        loop {
            match self.code {
                Code::Limit => {
                    black_box(chosen().chain(CHAIN_STEPS));
                }
                Code::Ours => gemm(1.0, a, b, 0.0, c.view_mut()),
                Code::Ndarray => ndarray::linalg::general_mat_mul(1.0, &a, &b, 0.0, &mut c),
            }
            black_box(&mut c);
            calls += 1;
            let elapsed = clock() - start;
            if elapsed >= ms {
                return f64::from(calls) * self.operations() / (elapsed * 1e6);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn every_task_is_measured_in_every_round() {
        let start = Instant::now();
        let mut bench = Bench { rounds: 2, ..Bench::new() };
        while !bench.advance(&|| start.elapsed().as_secs_f64() * 100_000.0) {}
        assert!(bench.tasks.iter().all(|task| task.speeds.len() == bench.rounds));
        let Speeds { products: rows, rates } = bench.speeds();
        assert_eq!(rows.len(), bench.tasks.len() + 2);
        assert_eq!(rates.len(), bench.rates.len() - 1, "the limit is no row of its own");
        assert!(rates.iter().all(|row| row.best > 0.0 && row.median <= row.best));
        assert_eq!(rows[0].share_of_peak, 1.0);
        assert!(rows.iter().all(|row| row.gflops > 0.0 && row.median_gflops <= row.gflops * 1.000_001));
    }
}
