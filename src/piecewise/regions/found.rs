//! What an enumeration found.

/// Lists of corners, one a polygon, counter-clockwise, each a number of [`Regions::vertices`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Polygons {
    corners: Vec<u32>,
    /// Where each list ends.
    ends: Vec<u32>,
}

/// A piece of a neuron's bent line: an edge between two cells, in one of which the neuron is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bend {
    /// Hidden layer, from 0.
    pub layer: u32,
    /// Neuron of it, from 0.
    pub neuron: u32,
    /// Its ends, of [`Regions::vertices`].
    pub ends: [u32; 2],
}

/// What a neuron does in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switching {
    /// It is on in every cell.
    On,
    /// It is off in every cell.
    Off,
    /// It is on in some and off in others.
    Both,
}

/// The linear regions in a window. A region is a cell with one pattern of neurons that are on, that is, positive inside it. Two cells
/// with different patterns are two, even if the network has one affine map in both.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Regions {
    /// Corners, for drawing.
    pub vertices: Vec<[f64; 2]>,
    /// The cells.
    pub polygons: Polygons,
    /// Which neurons are on, as bits: one number a hidden layer, cell by cell.
    pub on: Vec<u64>,
    /// The network's affine map in each cell, `a·x + b·y + c` for each output, cell by cell. For drawing.
    pub maps: Vec<[f64; 3]>,
    /// The cells again, each cut where the prediction changes.
    pub parts: Polygons,
    /// The cell of each part.
    pub part_cells: Vec<u32>,
    /// The class predicted in each part: the first of the largest outputs. Of a single output: 1 where it is positive, else 0.
    pub part_classes: Vec<u32>,
    /// Where the prediction changes: segments, by their ends.
    pub boundary: Vec<[u32; 2]>,
    /// The pieces of each neuron's bent line.
    pub bends: Vec<Bend>,
    /// The number of edges of the cells, those of the window among them.
    pub edges: usize,
    /// The cells of the first hidden layer, of the first two, and so on; the last is the number of cells. Of an enumeration that stopped
    /// early, as far as it came.
    pub counts: Vec<usize>,
    /// What each hidden neuron does, by layer.
    pub switching: Vec<Vec<Switching>>,
    /// Signs that were decided.
    pub decisions: u64,
    /// Of these, signs that rounding left in doubt, and integers decided.
    pub exact_decisions: u64,
    /// Whether these are all cells; else the enumeration was stopped, and a part of the window is missing.
    pub is_complete: bool,
}

impl Polygons {
    pub(super) fn push(&mut self, corners: impl IntoIterator<Item = u32>) {
        self.corners.extend(corners);
        self.ends.push(self.corners.len() as u32);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A polygon's corners; none for a number that is too large.
    pub fn get(&self, index: usize) -> &[u32] {
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).map(|&end| end as usize));
        let end = self.ends.get(index).map(|&end| end as usize);
        start.zip(end).map_or(&[], |(start, end)| &self.corners[start..end])
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map(|index| self.get(index))
    }
}

impl Regions {
    /// The number of cells.
    pub fn len(&self) -> usize {
        self.polygons.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.polygons.is_empty()
    }

    /// The neurons that are on in a cell, as bits, one number a hidden layer.
    pub fn pattern(&self, cell: usize) -> &[u64] {
        let layers = self.switching.len();
        &self.on[cell * layers..][..layers]
    }

    /// The affine map of each output in a cell.
    pub fn map(&self, cell: usize) -> &[[f64; 3]] {
        let outputs = self.maps.len() / self.len().max(1);
        &self.maps[cell * outputs..][..outputs]
    }
}
