//! What was found in files, to be shown before it is used.

use serde::{Deserialize, Serialize};

use super::CLASSES;
use super::looks::Reorder;
use super::role::Role;

/// What a file was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Taken {
    /// Images to train on.
    Train,
    /// Images to measure on.
    Validation,
    /// Images that are not to be used.
    LeftOut,
    /// The same images as others that are there.
    Twin,
    /// A list: the names of the classes, or labels.
    List,
    /// Nothing of use.
    PassedOver,
}

impl Taken {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::LeftOut => "left out",
            Self::Twin => "twin",
            Self::List => "list",
            Self::PassedOver => "passed over",
        }
    }
}

/// A file, or one in an archive, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundFile {
    /// Its folders, those of archives too, and its name.
    pub path: String,
    /// What it was taken for.
    pub taken: Taken,
    /// A sentence, where there is something to say.
    pub why: String,
    /// Whether the reason is a fault of a file that was meant to be used.
    pub is_broken: bool,
    /// Images of each class.
    pub class_counts: [u64; CLASSES],
    /// How its bytes should be reordered, by their looks or because it was asked for.
    pub reorder: Option<Reorder>,
    /// Whether they are.
    pub is_reordered: bool,
    /// Its first image as it would be used, 3072 bytes, planar, where there is something to see in it.
    pub sample: Vec<u8>,
}

impl FoundFile {
    /// The number of images.
    pub fn images(&self) -> u64 {
        self.class_counts.iter().sum()
    }
}

/// Something about the images as a whole that should be known before they are used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Warning {
    /// Images that are trained on are measured on, too.
    Overlap {
        /// So many of the validation images.
        shared: usize,
        /// In all.
        validation: usize,
    },
    /// Images that are there several times to train on.
    Doubles {
        /// So many beyond the first.
        doubles: usize,
        /// Training images in all.
        train: usize,
    },
    /// Images of one colour.
    Constant {
        /// So many.
        constant: usize,
        /// In all.
        images: usize,
    },
    /// Bytes that stand in another order than planes of red, green and blue.
    Order {
        /// The file.
        path: String,
        /// What would mend it.
        reorder: Reorder,
    },
    /// Pictures of another size than 32×32.
    Resized {
        /// So many.
        pictures: usize,
        /// Of the first, in pixels.
        width: usize,
        /// Of the first, in pixels.
        height: usize,
    },
    /// Classes without images.
    MissingClasses {
        /// So many.
        missing: usize,
    },
    /// Nothing to train on.
    NoTraining,
}

impl Warning {
    /// A word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Overlap { .. } => "overlap",
            Self::Doubles { .. } => "doubles",
            Self::Constant { .. } => "constant",
            Self::Order { reorder: Reorder::ToPlanes, .. } => "interleaved",
            Self::Order { reorder: Reorder::RedAndBlue, .. } => "channels",
            Self::Resized { .. } => "size",
            Self::MissingClasses { .. } => "classes",
            Self::NoTraining => "no training images",
        }
    }

    /// Whether it is worth a question. A few images that are there twice are in many a set.
    pub fn is_serious(&self) -> bool {
        let is_much = |part: usize, whole: usize| 100 * part > whole;
        match self {
            Self::Overlap { shared, validation } => is_much(*shared, *validation),
            Self::Doubles { doubles, train } => is_much(*doubles, *train),
            Self::Constant { constant, images } => is_much(*constant, *images),
            Self::Order { .. } | Self::Resized { .. } | Self::NoTraining => true,
            Self::MissingClasses { .. } => false,
        }
    }

    /// A sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Overlap { shared, validation } => format!(
                "{shared} of the {validation} validation images are among the training images too: the accuracy on them says nothing about new images."
            ),
            Self::Doubles { doubles, train } => {
                format!("{doubles} of the {train} training images are there more than once.")
            }
            Self::Constant { constant, images } => {
                format!("{constant} of the {images} images are of a single colour: nothing can be learned from them.")
            }
            Self::Order { path, reorder: Reorder::ToPlanes } => format!(
                "The pixels of {path} look interleaved (red, green, blue; red, green, blue; …), and CIFAR-10 has all red first, then green, then blue."
            ),
            Self::Order { path, reorder: Reorder::RedAndBlue } => {
                format!("Red and blue look exchanged in {path}: skies are brown, and frogs are blue.")
            }
            Self::Resized { pictures, width, height } => format!(
                "{pictures} pictures are not 32 × 32 pixels (the first is {width} × {height}). Used, their middle square is averaged to 32 × 32."
            ),
            Self::MissingClasses { missing } => format!("There are no training images of {missing} of the 10 classes."),
            Self::NoTraining => "All images are for validation, so there is nothing to train on.".into(),
        }
    }
}

/// What the visitor wants otherwise than it was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// By path.
    pub roles: Vec<(String, Role)>,
    /// Paths whose bytes are reordered, and how.
    pub reorders: Vec<(String, Reorder)>,
}

impl Decision {
    /// The role that was chosen for a path.
    pub fn role(&self, path: &str) -> Option<Role> {
        self.roles.iter().rev().find(|(of, _)| of == path).map(|(_, role)| *role)
    }

    /// How the bytes of a path are to be reordered.
    pub fn reorder(&self, path: &str) -> Option<Reorder> {
        self.reorders.iter().rev().find(|(of, _)| of == path).map(|(_, reorder)| *reorder)
    }

    /// Chooses a role.
    pub fn set_role(&mut self, path: &str, role: Role) {
        self.roles.retain(|(of, _)| of != path);
        self.roles.push((path.to_owned(), role));
    }

    /// Chooses an order.
    pub fn set_reorder(&mut self, path: &str, reorder: Option<Reorder>) {
        self.reorders.retain(|(of, _)| of != path);
        self.reorders.extend(reorder.map(|reorder| (path.to_owned(), reorder)));
    }

    /// Takes over what was decided of other files.
    pub fn extend(&mut self, other: Self) {
        self.roles.extend(other.roles);
        self.reorders.extend(other.reorders);
    }
}

/// What was found in files that were chosen together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Images first, in the order in which they are used; then lists; then what was passed over, the broken first, so
    /// many at most.
    pub files: Vec<FoundFile>,
    /// Files passed over that are not among these.
    pub more_passed: usize,
    /// What should be known.
    pub warnings: Vec<Warning>,
    /// The names of the classes that came with the images; none where they are CIFAR-10's.
    pub class_names: Vec<String>,
    /// What is there already and gives way, if anything does.
    pub replaces: Option<String>,
    /// Whether it waits for a word before it is used.
    pub asks: bool,
}
