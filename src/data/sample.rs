//! A synthetic set of 32×32 colour images in ten classes, made from a seed, for those without CIFAR-10.
//!
//! Each image is one of ten figures, of random size, place and colours, under noise. Some are darker than
//! their background and some lighter, so no single pixel tells a class and a linear classifier does badly;
//! a network with hidden layers learns it in seconds.

use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;

use super::{Batch, CLASSES, Dataset, Images, PIXELS, PLANE, Purpose, SIDE, rng};

/// Images to train on.
pub const TRAIN: usize = 5_000;
/// Images to validate on.
pub const VALIDATION: usize = 1_000;

/// Makes the sample piece by piece, so that whoever drives it can do other things in between.
pub struct Generator {
    seed: u64,
    rng: Xoshiro256PlusPlus,
    train: Images,
    validation: Images,
}

impl Generator {
    /// The generator of the sample for `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, rng: rng(seed, Purpose::Sample, 0), train: Images::default(), validation: Images::default() }
    }

    /// Of the sample.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Images made so far.
    pub fn made(&self) -> usize {
        self.train.len() + self.validation.len()
    }

    /// Makes up to `count` more images. Returns whether all are made.
    pub fn advance(&mut self, count: usize) -> bool {
        for _ in 0..count.min(TRAIN + VALIDATION - self.made()) {
            let images = if self.train.len() < TRAIN { &mut self.train } else { &mut self.validation };
            let label = (images.len() % CLASSES) as u8;
            draw(&mut self.rng, label, &mut images.pixels);
            images.labels.push(label);
        }
        self.made() == TRAIN + VALIDATION
    }

    /// What was made.
    pub fn finish(self) -> Dataset {
        let mut dataset = Dataset::default();
        dataset.train.push(Batch { name: "sample, training part".into(), images: self.train, validation: false });
        dataset.validation.push(Batch {
            name: "sample, validation part".into(),
            images: self.validation,
            validation: true,
        });
        dataset
    }
}

/// Appends one image of the class.
fn draw(rng: &mut Xoshiro256PlusPlus, label: u8, pixels: &mut Vec<u8>) {
    let half = (SIDE / 2) as f32;
    let centre = [half + rng.random_range(-5.0..5.0), half + rng.random_range(-5.0..5.0)];
    let radius = rng.random_range(6.0..12.0_f32);
    let period = rng.random_range(6.0..11.0_f32);
    let mut dark = [0.0; 3].map(|_: f32| rng.random_range(10.0..140.0_f32));
    let mut light = [0.0; 3].map(|_: f32| rng.random_range(115.0..245.0_f32));
    if rng.random_bool(0.5) {
        std::mem::swap(&mut dark, &mut light);
    }
    let start = pixels.len();
    pixels.resize(start + PIXELS, 0);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let at = [column as f32 + 0.5 - centre[0], row as f32 + 0.5 - centre[1]];
            let colour = if is_inside(label, at, radius, period) { light } else { dark };
            for (channel, level) in colour.into_iter().enumerate() {
                let noisy = level + rng.random_range(-60.0..60.0_f32);
                pixels[start + channel * PLANE + row * SIDE + column] = noisy as u8;
            }
        }
    }
}

/// Whether a point, relative to the centre, is on the figure.
fn is_inside(label: u8, [x, y]: [f32; 2], radius: f32, period: f32) -> bool {
    let distance = (x * x + y * y).sqrt();
    let square = x.abs().max(y.abs());
    let thick = radius / 3.0;
    let stripe = |z: f32| (z / period).rem_euclid(1.0) < 0.5;
    match label {
        0 => distance < radius,
        1 => (radius - thick..radius + 1.0).contains(&distance),
        2 => square < radius * 0.85,
        3 => (radius - thick..radius + 1.0).contains(&square),
        4 => square < radius && x.abs().min(y.abs()) < thick,
        5 => square < radius && (x.abs() - y.abs()).abs() < thick * 1.2,
        6 => stripe(y),
        7 => stripe(x),
        8 => stripe((x + y) * std::f32::consts::FRAC_1_SQRT_2),
        _ => stripe(x) != stripe(y),
    }
}
