//! Settings to begin with, each with what it shows.

use crate::nn::Init;
use crate::train::{Config, Subset};

/// Settings with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// For test hooks.
    pub word: &'static str,
    /// On its button.
    pub name: &'static str,
    /// What to expect, in a sentence.
    pub about: &'static str,
    /// The settings.
    pub config: Config,
    /// Whether it takes so long that an estimate is due before it starts.
    pub is_long: bool,
}

/// All presets, the shortest first.
pub fn presets() -> Vec<Preset> {
    let homework = Config { init: Init::Homework, ..Config::default() };
    let preset = |word, name, about, config| Preset { word, name, about, config, is_long: false };
    vec![
        preset(
            "quick",
            "Quick look",
            "A small network for a few epochs: what learning curves look like, within a minute.",
            Config { hidden: vec![128], init: Init::He, learning_rate: 0.05, epochs: 5, ..Config::default() },
        ),
        preset(
            "default",
            "512–512",
            "Two hidden layers of 512, He’s initial weights, a rate that keeps the curve calm.",
            Config { hidden: vec![512, 512], init: Init::He, learning_rate: 0.05, ..Config::default() },
        ),
        preset(
            "overfit",
            "Overfit 500 images",
            "Question 13: the network learns 500 images by heart. Training accuracy goes to 100 %; validation accuracy does not.",
            Config {
                hidden: vec![512, 512],
                init: Init::He,
                learning_rate: 0.05,
                batch_size: 50,
                epochs: 60,
                subset: Subset::First(500),
                ..Config::default()
            },
        ),
        preset(
            "random-labels",
            "Random labels",
            "Even 1,000 images with meaningless labels are learned by heart; there is nothing to validate.",
            Config {
                hidden: vec![512, 512],
                init: Init::He,
                learning_rate: 0.05,
                batch_size: 50,
                epochs: 80,
                subset: Subset::First(1000),
                random_labels: true,
                ..Config::default()
            },
        ),
        Preset {
            word: "homework",
            name: "Homework: 8192–8192",
            about: "Question 12 as it is: 92 million parameters, the homework’s initial weights and rate. Hours to days on a processor; see the estimate.",
            config: Config { hidden: vec![8192, 8192], learning_rate: 0.15, epochs: 30, ..homework },
            is_long: true,
        },
    ]
}
