//! A run's settings as the metadata of a file: strings under the names of [`Config`]'s fields.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::{ModelError, shorten};
use crate::data::augment::Augment;
use crate::nn::Init;
use crate::train::{Config, Schedule};

/// Whose settings they are, and in which form.
const MARK: (&str, &str) = ("piecewise", "1");

/// The metadata: all settings as strings.
pub(super) fn write(config: &Config) -> BTreeMap<&'static str, String> {
    let Config { hidden, init, learning_rate, batch_size, epochs, seed, augment, .. } = config;
    let hidden: Vec<_> = hidden.iter().map(usize::to_string).collect();
    let schedule = match config.schedule {
        Schedule::Constant => "constant".into(),
        Schedule::Step { every, factor } => format!("step {every} {factor}"),
        Schedule::Cosine => "cosine".into(),
    };
    BTreeMap::from([
        (MARK.0, MARK.1.into()),
        ("hidden", hidden.join(",")),
        ("init", if *init == Init::He { "he".into() } else { "homework".into() }),
        ("learning_rate", learning_rate.to_string()),
        ("batch_size", batch_size.to_string()),
        ("epochs", epochs.to_string()),
        ("seed", seed.to_string()),
        ("augment_crop", augment.crop.to_string()),
        ("augment_padding", augment.padding.to_string()),
        ("augment_flip", augment.flip.to_string()),
        ("random_labels", config.random_labels.to_string()),
        ("momentum", config.momentum.to_string()),
        ("weight_decay", config.weight_decay.to_string()),
        ("schedule", schedule),
        ("subset", config.subset.to_string()),
        ("held_out", config.held_out.to_string()),
        ("workers", config.workers.to_string()),
    ])
}

/// The settings in the metadata, if this page wrote them.
pub(super) fn read(metadata: &BTreeMap<String, String>) -> Result<Option<Config>, ModelError> {
    match metadata.get(MARK.0) {
        None => return Ok(None),
        Some(version) if version == MARK.1 => {}
        Some(version) => {
            return Err(ModelError::Settings(format!(
                "their form is {}, and this page reads {}",
                shorten(version),
                MARK.1
            )));
        }
    }
    let text = |name: &str| {
        metadata.get(name).map(String::as_str).ok_or_else(|| ModelError::Settings(format!("{name} is missing")))
    };
    let wrong = |name: &str, text: &str| ModelError::Settings(format!("{name} is “{}”", shorten(text)));
    fn parsed<T: FromStr>(name: &str, text: &str) -> Result<T, ModelError> {
        text.parse().map_err(|_| ModelError::Settings(format!("{name} is “{}”", shorten(text))))
    }
    macro_rules! setting {
        ($name:literal) => {
            parsed($name, text($name)?)?
        };
    }
    let hidden = text("hidden")?.split(',').filter(|width| !width.is_empty());
    let schedule = text("schedule")?;
    Ok(Some(Config {
        hidden: hidden.map(|width| parsed("hidden", width)).collect::<Result<_, _>>()?,
        init: match text("init")? {
            "he" => Init::He,
            "homework" => Init::Homework,
            other => return Err(wrong("init", other)),
        },
        learning_rate: setting!("learning_rate"),
        batch_size: setting!("batch_size"),
        epochs: setting!("epochs"),
        seed: setting!("seed"),
        augment: Augment {
            crop: setting!("augment_crop"),
            padding: setting!("augment_padding"),
            flip: setting!("augment_flip"),
        },
        random_labels: setting!("random_labels"),
        momentum: setting!("momentum"),
        weight_decay: setting!("weight_decay"),
        schedule: match schedule.split(' ').collect::<Vec<_>>()[..] {
            ["constant"] => Schedule::Constant,
            ["cosine"] => Schedule::Cosine,
            ["step", every, factor] => {
                Schedule::Step { every: parsed("schedule", every)?, factor: parsed("schedule", factor)? }
            }
            _ => return Err(wrong("schedule", schedule)),
        },
        subset: setting!("subset"),
        held_out: setting!("held_out"),
        // Files from before there were teams have none.
        workers: metadata.get("workers").map_or(Ok(1), |workers| parsed("workers", workers))?,
    }))
}
