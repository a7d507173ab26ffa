//! The settings as typed, and what they mean.

use serde::{Deserialize, Serialize};

use super::Problem;
use crate::data::augment::Augment;
use crate::data::excerpt;
use crate::nn::Init;
use crate::protocol::{About, Host};
use crate::train::{Config, ConfigError, Field, Schedule, Subset};

/// The settings as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// `512,512`
    pub hidden: String,
    /// Initial weights.
    pub init: Init,
    /// A number.
    pub learning_rate: String,
    /// A whole number.
    pub batch_size: String,
    /// A whole number.
    pub epochs: String,
    /// A whole number.
    pub seed: String,
    /// What is done to training images.
    pub augment: Augment,
    /// Whether labels are drawn at random.
    pub random_labels: bool,
    /// A number from 0 to below 1.
    pub momentum: String,
    /// A number from 0 to 1.
    pub weight_decay: String,
    /// How the learning rate changes by itself.
    pub schedule: ScheduleKind,
    /// For [`ScheduleKind::Step`]: epochs.
    pub step_every: String,
    /// For [`ScheduleKind::Step`]: what the rate is multiplied by.
    pub step_factor: String,
    /// Which of the training images: `500`, the first; `50 per class`; all, if empty.
    pub subset: String,
    /// How many of those to hold out for validation; none, if empty.
    pub held_out: String,
    /// A whole number.
    pub workers: String,
    /// Whether a number of workers was suggested already.
    pub is_suggested: bool,
}

/// A kind of [`Schedule`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScheduleKind {
    /// One rate.
    #[default]
    Constant,
    /// Lower after every so many epochs.
    Step,
    /// Half a cosine.
    Cosine,
}

impl Default for Form {
    fn default() -> Self {
        let mut form = Self::from(&Config::default());
        form.is_suggested = false;
        form
    }
}

impl From<&Config> for Form {
    fn from(config: &Config) -> Self {
        let hidden: Vec<_> = config.hidden.iter().map(usize::to_string).collect();
        Self {
            hidden: hidden.join(","),
            init: config.init,
            learning_rate: config.learning_rate.to_string(),
            batch_size: config.batch_size.to_string(),
            epochs: config.epochs.to_string(),
            seed: config.seed.to_string(),
            augment: config.augment,
            random_labels: config.random_labels,
            momentum: config.momentum.to_string(),
            weight_decay: config.weight_decay.to_string(),
            schedule: match config.schedule {
                Schedule::Constant => ScheduleKind::Constant,
                Schedule::Step { .. } => ScheduleKind::Step,
                Schedule::Cosine => ScheduleKind::Cosine,
            },
            step_every: if let Schedule::Step { every, .. } = config.schedule {
                every.to_string()
            } else {
                "10".into()
            },
            step_factor: if let Schedule::Step { factor, .. } = config.schedule {
                factor.to_string()
            } else {
                "0.1".into()
            },
            subset: if config.subset == Subset::All { String::new() } else { config.subset.to_string() },
            held_out: if config.held_out == 0 { String::new() } else { config.held_out.to_string() },
            workers: config.workers.to_string(),
            is_suggested: true,
        }
    }
}

impl Form {
    /// As text, to be kept for the next visit.
    pub fn keep(&self) -> String {
        let bytes = crate::protocol::encode(self);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What [`keep`](Self::keep) wrote; `None` if the text is none of this version.
    pub fn restore(text: &str) -> Option<Self> {
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes = text.as_bytes().chunks(2).map(byte).collect::<Option<Vec<u8>>>()?;
        crate::protocol::decode(&bytes)
    }

    /// Once, takes as many workers as are of use, in place of 1: two threads of a core do not multiply faster than one, and
    /// half of many cores are often slow ones.
    pub fn suggest_workers(&mut self, host: Host) {
        if !std::mem::replace(&mut self.is_suggested, true) && self.workers == "1" {
            self.workers = (host.workers_max / 2).clamp(host.workers_max.min(2), 8).to_string();
        }
    }

    /// The settings that were typed.
    ///
    /// # Errors
    /// The first field that does not do, and a sentence.
    pub fn parse(&self) -> Result<Config, Problem> {
        let whole = |text: &str, field, name: &str, example: &str| {
            text.trim().replace([',', ' '], "").parse::<u64>().map_err(|_| Problem {
                about: About::Setting(field),
                message: format!("The {name} “{}” isn’t a whole number. Type one, such as {example}.", shorten(text)),
            })
        };
        let widths = self.hidden.split([',', ' ', ';']).filter(|part| !part.is_empty());
        let width = |part: &str| {
            part.parse::<usize>().map_err(|_| Problem {
                about: About::Setting(Field::Hidden),
                message: format!("“{}” isn’t a width. Type whole numbers with commas, such as 512,512.", shorten(part)),
            })
        };
        let number = |text: &str, field, name: &str, example: &str| {
            text.trim().replace(',', ".").parse::<f32>().map_err(|_| Problem {
                about: About::Setting(field),
                message: format!("The {name} “{}” isn’t a number. Type one, such as {example}.", shorten(text)),
            })
        };
        let rate = number(&self.learning_rate, Field::LearningRate, "learning rate", "0.15")?;
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let schedule = match self.schedule {
            ScheduleKind::Constant => Schedule::Constant,
            ScheduleKind::Cosine => Schedule::Cosine,
            ScheduleKind::Step => Schedule::Step {
                every: size(whole(&self.step_every, Field::Schedule, "number of epochs between steps", "10")?),
                factor: number(&self.step_factor, Field::Schedule, "factor", "0.1")?,
            },
        };
        let subset = self.subset.parse().map_err(|_| Problem {
            about: About::Setting(Field::Subset),
            message: format!(
                "“{}” isn’t a subset. Type 500 for the first 500 images, 50 per class for that many of each, or leave it empty for all.",
                shorten(&self.subset)
            ),
        })?;
        let held_out = match self.held_out.trim() {
            "" => 0,
            text => size(whole(text, Field::HeldOut, "number of images to hold out", "1000")?),
        };
        let config = Config {
            hidden: widths.map(width).collect::<Result<_, _>>()?,
            init: self.init,
            learning_rate: rate,
            batch_size: usize::try_from(whole(&self.batch_size, Field::BatchSize, "batch size", "256")?)
                .unwrap_or(usize::MAX),
            epochs: usize::try_from(whole(&self.epochs, Field::Epochs, "number of epochs", "30")?)
                .unwrap_or(usize::MAX),
            seed: whole(&self.seed, Field::Seed, "seed", "1")?,
            augment: self.augment,
            random_labels: self.random_labels,
            momentum: number(&self.momentum, Field::Momentum, "momentum", "0.9")?,
            weight_decay: number(&self.weight_decay, Field::WeightDecay, "weight decay", "0.0005")?,
            schedule,
            subset,
            held_out,
            workers: size(whole(&self.workers, Field::Workers, "number of workers", "2")?),
        };
        let problem = |error: ConfigError| Problem { about: About::Setting(error.field()), message: error.to_string() };
        config.check(0).map_err(problem)?;
        Ok(config)
    }
}

fn shorten(text: &str) -> String {
    excerpt(text.trim(), 20)
}
