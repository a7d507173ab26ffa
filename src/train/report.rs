//! What a network gets right and wrong, and how busy its neurons are: forward passes over a set of images, a batch at
//! a time, so that whoever drives it can do other things in between.

use ndarray::{ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

use super::rows::Rows;
use super::team::MEASURED_ROWS;
use super::trainer::argmax;
use super::{Engine, Lost, Validation};
use crate::data::{CLASSES, Dataset};

/// What was found on a run's validation images.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// `confusion[label][predicted]`: so many images.
    pub confusion: [[u32; CLASSES]; CLASSES],
    /// Wrong predictions, the most confident first; of equals, the first image first.
    pub mistakes: Vec<Mistake>,
    /// Of each hidden layer, from the input.
    pub layers: Vec<LayerActivity>,
    /// Whether the images were held out of the training split, which they are numbered in then.
    pub is_held_out: bool,
}

/// An image that was taken for something else.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mistake {
    /// In its split: [`Report::is_held_out`] says which.
    pub index: usize,
    /// What it is.
    pub label: u8,
    /// What it was taken for.
    pub predicted: u8,
    /// The softmax of that, 0–1.
    pub probability: f64,
}

/// How often the neurons of a hidden layer are on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerActivity {
    /// Neurons.
    pub width: usize,
    /// The share of activations that are 0, over all images and neurons, 0–1.
    pub zero_share: f64,
    /// Neurons that are 0 on every image.
    pub never_fired: usize,
}

/// A report being made.
pub struct Reporting {
    images: Validation,
    rows: Rows,
    /// Images done.
    done: usize,
    /// Mistakes to keep.
    most: usize,
    confusion: [[u32; CLASSES]; CLASSES],
    mistakes: Vec<Mistake>,
    /// `fired[layer][neuron]`: the number of images on which it was positive.
    fired: Vec<Vec<u32>>,
}

impl Report {
    /// The number of images.
    pub fn images(&self) -> u64 {
        self.confusion.iter().flatten().map(|&count| u64::from(count)).sum()
    }

    /// The share of images predicted correctly, 0–1; `None` without images.
    pub fn accuracy(&self) -> Option<f64> {
        let right: u64 = (0..CLASSES).map(|class| u64::from(self.confusion[class][class])).sum();
        (self.images() > 0).then(|| right as f64 / self.images() as f64)
    }

    /// The same of each class's images.
    pub fn class_accuracies(&self) -> [Option<f64>; CLASSES] {
        std::array::from_fn(|class| {
            let row = &self.confusion[class];
            let images: u64 = row.iter().map(|&count| u64::from(count)).sum();
            (images > 0).then(|| f64::from(row[class]) / images as f64)
        })
    }
}

impl Reporting {
    /// A report on these images that shall name the so many most confident mistakes.
    pub fn new(images: Validation, mistakes: usize) -> Self {
        Self {
            images,
            rows: Rows::default(),
            done: 0,
            most: mistakes,
            confusion: Default::default(),
            mistakes: Vec::new(),
            fired: Vec::new(),
        }
    }

    /// Looks at the next batch. Returns whether all images are done. The network and the data must be the same
    /// every time.
    ///
    /// # Errors
    /// If a member of the engine's team is lost.
    pub fn advance(&mut self, engine: &mut impl Engine, data: &Dataset) -> Result<bool, Lost> {
        let images = self.images.len(data);
        let end = (self.done + MEASURED_ROWS).min(images);
        if self.done < end {
            self.rows.fill_validation(&self.images, data, self.done..end);
            self.count_predictions(engine.logits(&self.rows.images[..])?, data);
            self.count_activations(&engine.hidden(end - self.done));
            self.done = end;
        }
        Ok(self.done == images)
    }

    /// Images done.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Images in all.
    pub fn total(&self, data: &Dataset) -> usize {
        self.images.len(data)
    }

    /// What was found so far.
    pub fn report(&self) -> Report {
        let images = self.done as f64;
        let layer = |fired: &Vec<u32>| {
            let on: u64 = fired.iter().map(|&count| u64::from(count)).sum();
            LayerActivity {
                width: fired.len(),
                zero_share: 1.0 - on as f64 / (images * fired.len() as f64),
                never_fired: fired.iter().filter(|&&count| count == 0).count(),
            }
        };
        let layers = self.fired.iter().map(layer).collect();
        let is_held_out = matches!(self.images, Validation::HeldOut(_));
        Report { confusion: self.confusion, mistakes: self.mistakes.clone(), layers, is_held_out }
    }

    fn count_predictions(&mut self, logits: ArrayView2<f32>, data: &Dataset) {
        for (row, (logits, &label)) in logits.outer_iter().zip(&self.rows.labels).enumerate() {
            let predicted = argmax(logits.iter());
            self.confusion[usize::from(label)][predicted] += 1;
            if predicted == usize::from(label) {
                continue;
            }
            let probability = largest_probability(logits, predicted);
            let place = self.mistakes.partition_point(|mistake| mistake.probability >= probability);
            if place < self.most {
                let index = self.images.place(data, self.done + row).1;
                let mistake = Mistake { index, label, predicted: predicted as u8, probability };
                self.mistakes.insert(place, mistake);
                self.mistakes.truncate(self.most);
            }
        }
    }

    fn count_activations(&mut self, hidden: &[ArrayView2<f32>]) {
        for (layer, h) in hidden.iter().enumerate() {
            if self.fired.len() == layer {
                self.fired.push(vec![0; h.ncols()]);
            }
            for row in h.outer_iter() {
                for (fired, &h) in self.fired[layer].iter_mut().zip(row) {
                    *fired += u32::from(h > 0.0);
                }
            }
        }
    }
}

/// The softmax of the largest logit, in f64.
fn largest_probability(logits: ArrayView1<f32>, largest: usize) -> f64 {
    let max = f64::from(logits[largest]);
    1.0 / logits.iter().map(|&logit| (f64::from(logit) - max).exp()).sum::<f64>()
}
