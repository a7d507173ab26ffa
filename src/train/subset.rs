//! Which of the training images a run is given, and how that is written: `all`, `500`, `50 per class`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A choice of training images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subset {
    /// Every one.
    #[default]
    All,
    /// The first so many, in the order of the files.
    First(usize),
    /// The first so many of each class, in the order of the files.
    PerClass(usize),
}

impl fmt::Display for Subset {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("all"),
            Self::First(number) => write!(formatter, "{number}"),
            Self::PerClass(number) => write!(formatter, "{number} per class"),
        }
    }
}

/// A text that is no [`Subset`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither all, nor a whole number, nor one per class")]
pub struct NoSubset;

impl FromStr for Subset {
    type Err = NoSubset;

    /// Spaces, and commas within a number, do not count, nor does case; an empty text is all.
    fn from_str(text: &str) -> Result<Self, NoSubset> {
        let text = text.to_lowercase().replace([',', ' '], "");
        let number = |text: &str| text.parse().map_err(|_| NoSubset);
        match text.strip_suffix("perclass") {
            _ if matches!(&text[..], "" | "all") => Ok(Self::All),
            Some(each) => number(each).map(Self::PerClass),
            None => number(&text).map(Self::First),
        }
    }
}
