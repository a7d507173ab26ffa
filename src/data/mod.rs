//! Labelled 32×32 colour images, kept as bytes.
//!
//! Pixels stay `u8`, as in the files: 50,000 + 10,000 images are 184 MB so, and would be 737 MB as `f32`.
//! [`normalise`] turns a batch into network input when it is needed.

mod album;
pub mod archive;
pub mod array;
pub mod augment;
pub mod base64;
mod checksum;
pub mod cifar10;
pub mod class_names;
mod clutter;
mod columns;
mod error;
mod excerpt;
mod found;
mod gathering;
mod looks;
pub mod normalise;
pub mod npy;
mod order;
pub mod pickle;
pub mod picture;
pub mod pictures;
mod random_labels;
mod reader;
pub mod recognise;
mod rng;
mod role;
pub mod sample;
mod statistics;
mod table;
mod transpose;

pub use album::Album;
pub use checksum::Checksum;
pub use clutter::is_clutter;
pub use error::DataError;
pub use excerpt::excerpt;
pub use found::{Decision, Found, FoundFile, Taken, Warning};
pub use gathering::Gathering;
pub use looks::{Looks, Reorder};
pub use order::Place;
pub use random_labels::random_label;
pub use reader::{Contents, FileReader, Piece, What};
pub use rng::{Purpose, rng};
pub use role::{Guess, Role, role};
pub use statistics::Statistics;

/// Classes.
pub const CLASSES: usize = 10;
/// Rows and columns of an image.
pub const SIDE: usize = 32;
/// Pixels of one colour channel.
pub const PLANE: usize = SIDE * SIDE;
/// Bytes of an image, and inputs of a network: 3 channels × 32 rows × 32 columns, in that order.
pub const PIXELS: usize = 3 * PLANE;

/// Images and their labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images {
    /// `len · PIXELS` bytes; image i starts at `i · PIXELS`, planar: red, green, blue.
    pub pixels: Vec<u8>,
    /// One a image, below [`CLASSES`].
    pub labels: Vec<u8>,
}

/// Images that came together, under a name: a file, or a generated part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The file's name.
    pub name: String,
    /// What it holds.
    pub images: Images,
    /// Whether it is for measuring only, as CIFAR-10's test batch.
    pub validation: bool,
}

/// Batches one after the other, indexed as one list of images.
#[derive(Clone, Debug, Default)]
pub struct Split {
    batches: Vec<Batch>,
    /// `ends[b]`: the number of images in batches 0 ..= b.
    ends: Vec<usize>,
}

/// What a network is trained and measured on.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// For training.
    pub train: Split,
    /// For measuring only; may be empty.
    pub validation: Split,
}

impl Images {
    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Pixels (`PIXELS` bytes) and label of image `index`.
    pub fn get(&self, index: usize) -> (&[u8], u8) {
        (&self.pixels[index * PIXELS..][..PIXELS], self.labels[index])
    }
}

impl Split {
    /// Adds a batch at the end, without copying it.
    pub fn push(&mut self, batch: Batch) {
        self.ends.push(self.len() + batch.images.len());
        self.batches.push(batch);
    }

    /// The batches, in order, to be put into another split.
    pub fn into_batches(self) -> Vec<Batch> {
        self.batches
    }

    /// The batches, in order.
    pub fn batches(&self) -> &[Batch] {
        &self.batches
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Pixels (`PIXELS` bytes) and label of image `index`.
    pub fn get(&self, index: usize) -> (&[u8], u8) {
        let batch = self.ends.partition_point(|&end| end <= index);
        let start = if batch == 0 { 0 } else { self.ends[batch - 1] };
        self.batches[batch].images.get(index - start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_is_indexed_as_one_list() {
        let mut split = Split::default();
        for labels in [vec![3, 4], vec![], vec![5]] {
            let pixels = labels.iter().flat_map(|&label| [label; PIXELS]).collect();
            split.push(Batch { name: "b".into(), images: Images { pixels, labels }, validation: false });
        }
        assert_eq!(split.len(), 3);
        for (index, label) in [3, 4, 5].into_iter().enumerate() {
            assert_eq!(split.get(index), (&[label; PIXELS][..], label));
        }
    }
}
