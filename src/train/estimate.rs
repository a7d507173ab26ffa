//! How long a run will take, measured before it starts: a calibration of about two seconds.
//!
//! What a run repeats is timed for the run's own shapes: each layer's forward and backward pass and update, a measured
//! layer, and taking a batch of the real images. Of a matrix with more than [`MOST_ROWS`] rows, and of a batch with more
//! images, only so many are computed and the time is scaled up, so that the calibration is short and small however
//! wide the network is. Time that a run spends outside that is left out: drawing the initial weights, keeping the last
//! good ones, and whatever its owner does between the steps.

use std::hint::black_box;

use ndarray::{Array1, Array2, ArrayView2, s};
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use super::rows::Rows;
use super::team::{MEASURED_ROWS, rows_of};
use super::trainer::argmax;
use super::{Config, Input};
use crate::data::augment::Choices;
use crate::data::{Dataset, PIXELS, Purpose, rng};
use crate::nn::sgd::Sgd;
use crate::nn::{Linear, Mlp, cross_entropy, relu};

/// Outputs of a layer, and images of a batch, that are computed at a time.
pub const MOST_ROWS: usize = 512;
/// Nothing is noted for so long: a browser runs a WebAssembly function slowly until it was entered often.
const WARM_UP_MS: f64 = 300.0;
/// The calibration ends with the first round of measurements that is noted and ends later than this: for the homework's
/// network on a slow machine, that is the second round.
const CALIBRATION_MS: f64 = 2000.0;
/// The rate of a step: not 0, for which no product is formed.
const SHORT: f32 = 1e-30;
/// A measurement repeats its work for so long, because a browser's clock is coarse.
const MEASURE_MS: f64 = 8.0;

/// What a run will take.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Of a step with a whole batch, its input included.
    pub seconds_per_step: f64,
    /// Of an epoch: its steps and the evaluation after them.
    pub seconds_per_epoch: f64,
    /// Of one evaluation: the accuracy on the training and the validation images.
    pub evaluation_seconds: f64,
    /// Of the whole run, the evaluation before the first step included.
    pub seconds: f64,
    /// Memory that it holds, beside the data; [`Config::bytes`].
    pub bytes: u64,
}

/// A calibration under way.
pub struct Calibration {
    config: Config,
    shapes: Vec<Shape>,
    tasks: Vec<Task>,
    next: usize,
    /// When it began, by its clock.
    start: Option<f64>,
    is_warm: bool,
    is_done: bool,
    rows: Rows,
    rng: Xoshiro256PlusPlus,
    /// Input for hidden layers of any shape: as long as the largest.
    numbers: Vec<f32>,
    /// The first layer's input.
    images: Vec<u8>,
}

struct Task {
    work: Work,
    /// Milliseconds of a call, one a round.
    times: Vec<f64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Work {
    /// Forward and backward pass of a shape, with its step of SGD.
    Passes(usize),
    /// Its forward pass over [`MEASURED_ROWS`] images.
    Measure(usize),
    /// Input of a step.
    TrainingInput,
    /// Input of [`MEASURED_ROWS`] images that are not augmented.
    PlainInput,
}

/// Layers of one shape, and the first rows of one of them.
struct Shape {
    layers: usize,
    inputs: usize,
    outputs: usize,
    /// Images of a step that are computed.
    images: usize,
    is_last: bool,
    /// One layer: rows×inputs, with `rows` of the outputs.
    net: Mlp<f32>,
    sgd: Sgd<f32>,
    /// images×rows: activations, and in the last layer their gradient.
    z: Array2<f32>,
    /// images×rows, the gradient that comes from above; none for the last layer.
    dz: Option<Array2<f32>>,
    /// images×inputs, the gradient that goes down; none for the first layer.
    dx: Option<Array2<f32>>,
    labels: Vec<u8>,
}

impl Calibration {
    /// For a run with these settings, which must have been checked.
    pub fn new(config: &Config) -> Self {
        let images = config.batch_size.min(MOST_ROWS);
        // Each member of a team computes its block of every layer's outputs, or all of a small one; what they pass to each
        // other is left out.
        let own = |outputs: usize| rows_of(config.workers - 1, config.workers, outputs).len();
        let widths = config.widths();
        let mut rng = rng(config.seed, Purpose::Draw, 1);
        let rows = images.max(MEASURED_ROWS);
        let numbers = numbers(&mut rng, widths[1..].iter().max().copied().unwrap_or(0) * rows, 1.0);
        let mut shapes: Vec<Shape> = Vec::new();
        for (layer, pair) in widths.windows(2).enumerate() {
            let (is_first, is_last) = (layer == 0, layer + 2 == widths.len());
            let same = |shape: &&mut Shape| {
                let ends = (shape.dx.is_none(), shape.is_last);
                (shape.inputs, shape.outputs, ends) == (pair[0], own(pair[1]), (is_first, is_last))
            };
            match shapes.iter_mut().find(same) {
                Some(shape) => shape.layers += 1,
                None => shapes.push(Shape::new(config, [pair[0], own(pair[1])], images, is_first, is_last, &mut rng)),
            }
        }
        let of_shape = |shape| [Work::Passes(shape), Work::Measure(shape)];
        let works = (0..shapes.len()).flat_map(of_shape).chain([Work::TrainingInput, Work::PlainInput]);
        Self {
            config: config.clone(),
            tasks: works.map(|work| Task { work, times: Vec::new() }).collect(),
            shapes,
            next: 0,
            start: None,
            is_warm: false,
            is_done: false,
            rows: Rows::default(),
            images: (0..rows * PIXELS).map(|_| rng.random()).collect(),
            rng,
            numbers,
        }
    }

    /// Does one measurement, by a clock that tells milliseconds and goes on. Returns whether the calibration is done;
    /// without training images it is at once.
    pub fn advance(&mut self, data: &Dataset, clock: &dyn Fn() -> f64) -> bool {
        if self.is_done || data.train.is_empty() {
            return true;
        }
        let begin = clock();
        let start = *self.start.get_or_insert(begin);
        let work = self.tasks[self.next].work;
        let mut calls = 0;
        let end = loop {
            self.run(work, data);
            calls += 1;
            let now = clock();
            if now - begin >= MEASURE_MS {
                break now;
            }
        };
        if self.is_warm {
            self.tasks[self.next].times.push((end - begin) / f64::from(calls));
        }
        self.next = (self.next + 1) % self.tasks.len();
        if self.next == 0 {
            self.is_done = end - start >= CALIBRATION_MS && self.has_round();
            self.is_warm |= end - start >= WARM_UP_MS;
        }
        self.is_done
    }

    /// What the measurements so far say of a run on these data, from the median of each; `None` before the first whole
    /// round.
    pub fn estimate(&self, data: &Dataset) -> Option<Estimate> {
        if !self.has_round() {
            return None;
        }
        let (train, validation) = self.config.images(data);
        let (mut image, mut measured) = (0.0, 0.0);
        for (index, shape) in self.shapes.iter().enumerate() {
            let layers = shape.layers as f64 * shape.outputs as f64 / shape.rows() as f64;
            image += layers * self.median(Work::Passes(index)) / shape.images as f64;
            measured += layers * self.median(Work::Measure(index)) / MEASURED_ROWS as f64;
        }
        let training_input = self.median(Work::TrainingInput) / self.step_images() as f64;
        let plain_input = self.median(Work::PlainInput) / MEASURED_ROWS as f64;
        image += training_input;

        let seconds = |ms: f64| ms / 1000.0;
        let evaluation = train as f64 * (measured + training_input) + validation as f64 * (measured + plain_input);
        let epoch = train as f64 * image + evaluation;
        Some(Estimate {
            seconds_per_step: seconds(self.config.batch_size.min(train) as f64 * image),
            seconds_per_epoch: seconds(epoch),
            evaluation_seconds: seconds(evaluation),
            seconds: seconds(evaluation + self.config.epochs as f64 * epoch),
            bytes: self.config.bytes(),
        })
    }

    /// Whether every task has been noted.
    fn has_round(&self) -> bool {
        self.tasks.iter().all(|task| !task.times.is_empty())
    }

    /// Images of a step that are computed.
    fn step_images(&self) -> usize {
        self.config.batch_size.min(MOST_ROWS)
    }

    fn median(&self, work: Work) -> f64 {
        let task = self.tasks.iter().find(|task| task.work == work);
        let mut times = task.map_or(Vec::new(), |task| task.times.clone());
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().unwrap_or(0.0)
    }

    fn run(&mut self, work: Work, data: &Dataset) {
        match work {
            Work::Passes(shape) => self.shapes[shape].pass(&self.numbers, &self.images),
            Work::Measure(shape) => self.shapes[shape].measure(&self.numbers, &self.images),
            Work::TrainingInput => {
                let images = self.config.images(data).0;
                let augment = self.config.augment;
                let mut choices = augment.is_on().then(|| Choices::new(augment, self.config.seed, Purpose::Augment, 0));
                let indices = (0..self.step_images()).map(|_| self.rng.random_range(0..images));
                self.rows.fill_training(&self.config, &data.train, indices, choices.as_mut());
                black_box(&self.rows.images);
            }
            Work::PlainInput => {
                let indices = (0..MEASURED_ROWS).map(|index| index % data.train.len());
                self.rows.fill_training(&self.config, &data.train, indices, None);
                black_box(&self.rows.images);
            }
        }
    }
}

impl Shape {
    fn new(
        config: &Config,
        [inputs, outputs]: [usize; 2],
        images: usize,
        is_first: bool,
        is_last: bool,
        rng: &mut Xoshiro256PlusPlus,
    ) -> Self {
        let rows = outputs.min(MOST_ROWS);
        let mut matrix = |rows: usize, columns: usize, size: f32| {
            Array2::from_shape_vec((rows, columns), numbers(rng, rows * columns, size)).expect("as many numbers")
        };
        let weight = matrix(rows, inputs, 1.0 / (inputs as f32).sqrt());
        let net = Mlp { layers: vec![Linear { weight, bias: Array1::zeros(rows) }] };
        Self {
            layers: 1,
            inputs,
            outputs,
            images,
            is_last,
            sgd: Sgd::new(&net.layers, config.momentum, config.weight_decay),
            net,
            z: Array2::zeros((images.max(MEASURED_ROWS), rows)),
            dz: (!is_last).then(|| matrix(images, rows, 0.01)),
            dx: (!is_first).then(|| Array2::zeros((images, inputs))),
            labels: (0..images).map(|image| (image % rows) as u8).collect(),
        }
    }

    fn rows(&self) -> usize {
        self.net.layers[0].bias.len()
    }

    /// The first rows of what the layer is given: the first layer images, others numbers.
    fn input<'a>(&self, numbers: &'a [f32], images: &'a [u8], rows: usize) -> Input<'a> {
        match self.dx {
            None => Input::Images(&images[..rows * PIXELS]),
            Some(_) => {
                let numbers = &numbers[..rows * self.inputs];
                Input::Numbers(ArrayView2::from_shape((rows, self.inputs), numbers).expect("as many numbers"))
            }
        }
    }

    /// As the engine does it: forward, back, and a step that is too short to change much.
    fn pass(&mut self, numbers: &[f32], images: &[u8]) {
        let x = self.input(numbers, images, self.images).operand();
        let layer = &mut self.net.layers[0];
        let mut z = self.z.slice_mut(s![..self.images, ..]);
        layer.forward(x, z.view_mut());
        let dz = match &mut self.dz {
            Some(dz) => {
                relu::forward(z.view_mut());
                relu::backward(z.view(), dz.view_mut());
                dz.view()
            }
            None => {
                black_box(cross_entropy::forward(z.view_mut(), &self.labels));
                cross_entropy::backward(z.view_mut(), &self.labels);
                z.view()
            }
        };
        if let Some(dx) = &mut self.dx {
            layer.input_gradient(dz, 0..self.inputs, dx.view_mut());
        }
        self.sgd.update(0, layer, x, dz, black_box(SHORT));
    }

    fn measure(&mut self, numbers: &[f32], images: &[u8]) {
        let x = self.input(numbers, images, MEASURED_ROWS).operand();
        let mut z = self.z.slice_mut(s![..MEASURED_ROWS, ..]);
        self.net.layers[0].forward(x, z.view_mut());
        if self.is_last {
            black_box(z.outer_iter().map(|row| argmax(row.iter())).sum::<usize>());
        } else {
            relu::forward(z);
        }
    }
}

/// Random numbers from -size to size; they repeat, because drawing millions would take longer than the calibration.
fn numbers(rng: &mut Xoshiro256PlusPlus, count: usize, size: f32) -> Vec<f32> {
    let few: [f32; 4093] = std::array::from_fn(|_| rng.random_range(-size..size));
    few.into_iter().cycle().take(count).collect()
}
