//! Which images a run trains on, and which it is validated on: decided by the settings and the data alone.
//!
//! A [`Subset`] chooses among the training images. If there are no images to validate on,
//! [`Config::held_out`] of the chosen ones are held out, and never trained on. Each class gives the same share of its
//! chosen images, to within one image: shares are rounded down, and the images still missing come from the classes
//! with the largest remainders, of equals from the lower class. Within a class they are drawn from the seed; more
//! held out are the same ones and others.
//!
//! It is a number of images, not a share: then it says how fine the measured accuracy is, whatever the subset.

use rand::seq::SliceRandom;

use super::{Config, ConfigError, Subset};
use crate::data::{CLASSES, Dataset, Purpose, Split, rng};

/// The images of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    train: Vec<u32>,
    validation: Validation,
    /// Whether validation is measured: random labels say nothing about it.
    is_measured: bool,
}

/// Where the images are that a run is validated on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Validation {
    /// All of [`Dataset::validation`].
    #[default]
    Split,
    /// These of [`Dataset::train`], rising.
    HeldOut(Vec<u32>),
}

impl Validation {
    /// The number of images.
    pub fn len(&self, data: &Dataset) -> usize {
        match self {
            Self::Split => data.validation.len(),
            Self::HeldOut(indices) => indices.len(),
        }
    }

    /// The split they are in, and the place in it of the one at `at`.
    pub fn place<'a>(&self, data: &'a Dataset, at: usize) -> (&'a Split, usize) {
        match self {
            Self::Split => (&data.validation, at),
            Self::HeldOut(indices) => (&data.train, indices[at] as usize),
        }
    }
}

impl Selection {
    /// Decides it.
    ///
    /// # Errors
    /// If there are not as many images as the settings want.
    pub fn of(config: &Config, data: &Dataset) -> Result<Self, ConfigError> {
        let mut train = chosen(config.subset, &data.train)?;
        let validation = match config.held_out {
            0 => Validation::Split,
            _ if !data.validation.is_empty() => {
                return Err(ConfigError::HeldOutBeside { validation: data.validation.len() });
            }
            held_out if held_out >= train.len() => {
                return Err(ConfigError::HeldOut { held_out, images: train.len() });
            }
            held_out => {
                let indices = drawn(&train, held_out, config.seed, &data.train);
                train.retain(|index| indices.binary_search(index).is_err());
                Validation::HeldOut(indices)
            }
        };
        let selection = Self { train, validation, is_measured: !config.random_labels };
        debug_assert_eq!(counts(config, data), (selection.train.len(), selection.measured(data)));
        Ok(selection)
    }

    /// The images to train on, as indices into the training split, rising.
    pub fn train(&self) -> &[u32] {
        &self.train
    }

    /// The images that it is not trained on, to look at what was learned.
    pub fn validation(&self) -> &Validation {
        &self.validation
    }

    /// How many of them are measured after each epoch: all or none.
    pub fn measured(&self, data: &Dataset) -> usize {
        if self.is_measured { self.validation.len(data) } else { 0 }
    }
}

/// Images that an epoch trains on, and that are measured after it: as of [`Selection::of`], where it gives one, but
/// without a look at the labels.
pub(super) fn counts(config: &Config, data: &Dataset) -> (usize, usize) {
    let chosen = match config.subset {
        Subset::All => data.train.len(),
        Subset::First(number) => number.min(data.train.len()),
        Subset::PerClass(number) => number.saturating_mul(CLASSES).min(data.train.len()),
    };
    let validation = match config.held_out {
        _ if config.random_labels => 0,
        0 => data.validation.len(),
        held_out => held_out,
    };
    (chosen.saturating_sub(config.held_out), validation)
}

/// The images of a subset, rising.
fn chosen(subset: Subset, train: &Split) -> Result<Vec<u32>, ConfigError> {
    let images = train.len();
    match subset {
        Subset::All => Ok((0..images as u32).collect()),
        Subset::First(subset) if subset > images => Err(ConfigError::Subset { subset, images }),
        Subset::First(subset) => Ok((0..subset as u32).collect()),
        Subset::PerClass(each) => {
            let of_class = by_class(0..images as u32, train);
            let fewest = of_class.iter().enumerate().min_by_key(|(_, indices)| indices.len());
            if let Some((class, indices)) = fewest.filter(|(_, indices)| indices.len() < each) {
                return Err(ConfigError::PerClass { each, class, images: indices.len() });
            }
            let mut chosen: Vec<u32> = of_class.iter().flat_map(|indices| &indices[..each]).copied().collect();
            chosen.sort_unstable();
            Ok(chosen)
        }
    }
}

/// `count` of the chosen images, fewer than there are, rising.
fn drawn(chosen: &[u32], count: usize, seed: u64, train: &Split) -> Vec<u32> {
    let mut of_class = by_class(chosen.iter().copied(), train);
    let share = |class: &Vec<u32>| class.len() as u64 * count as u64;
    let all = chosen.len() as u64;
    let mut quotas: [usize; CLASSES] = std::array::from_fn(|class| (share(&of_class[class]) / all) as usize);
    let mut by_remainder: [usize; CLASSES] = std::array::from_fn(|class| class);
    by_remainder.sort_by_key(|&class| std::cmp::Reverse(share(&of_class[class]) % all));
    let missing = count - quotas.iter().sum::<usize>();
    for &class in &by_remainder[..missing] {
        quotas[class] += 1;
    }
    let mut drawn = Vec::with_capacity(count);
    for (class, (indices, quota)) in of_class.iter_mut().zip(quotas).enumerate() {
        indices.shuffle(&mut rng(seed, Purpose::HeldOut, class as u64));
        drawn.extend_from_slice(&indices[..quota]);
    }
    drawn.sort_unstable();
    drawn
}

/// The images of each class, in their order.
fn by_class(indices: impl Iterator<Item = u32>, train: &Split) -> [Vec<u32>; CLASSES] {
    let mut of_class: [Vec<u32>; CLASSES] = Default::default();
    for index in indices {
        of_class[usize::from(train.get(index as usize).1)].push(index);
    }
    of_class
}
