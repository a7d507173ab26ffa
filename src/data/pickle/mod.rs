//! CIFAR-10 in its Python version: a dictionary, pickled.
//!
//! A pickle is a program for a stack machine that may call any function there is. This machine knows the
//! opcodes of protocols 0 to 5 that such files consist of, and calls none: the few names that numpy writes are
//! understood here, and any other name ends the reading. Sources: CPython's `Lib/pickletools.py`; numpy's
//! `array_reduce` and `array_setstate`.
//!
//! Bytes are taken as they arrive. Short arguments are read whole; a long one (the pixels) goes straight into the
//! vector that is given out at the end, so that pixels are in memory once. Objects refer to each other by index
//! into one list, and nothing is recursive. Counts are bounded, and a length is compared with what the file can
//! still have before anything is reserved for it.

mod batch;
mod error;
mod line_ends;
mod machine;
mod names;
mod reader;
mod rows;
mod text;
mod torch;
mod values;

use super::Images;

pub use error::PickleError;
pub use reader::PickleReader;
pub use torch::{TorchTensor, read_state_dict};

/// What a pickle holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pickled {
    /// Images and labels.
    Batches {
        /// At least one: several, if the file has splits.
        batches: Vec<PickledBatch>,
        /// The names of the classes, if they stand beside; none, if they are CIFAR-10's.
        class_names: Option<Vec<String>>,
    },
    /// CIFAR-100's labels, known before its pixels were read.
    Cifar100,
    /// `batches.meta`: the names of the classes; none, if they are CIFAR-10's.
    ClassNames(Vec<String>),
}

/// Images and labels that a pickle holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickledBatch {
    /// At least one.
    pub images: Images,
    /// `batch_label`, what it calls itself: "testing batch 1 of 1".
    pub label: Option<String>,
    /// The name of the split that it is, in a file of several.
    pub split: Option<String>,
    /// Whether that is one for measuring only.
    pub validation: Option<bool>,
}
