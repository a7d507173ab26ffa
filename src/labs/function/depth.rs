//! Question 4c: what depth buys. Regions of networks with the same number of neurons and different depths: the bound,
//! a construction, and random networks.

use super::network::{LAYERS, random};
use crate::labs::parameters::{LinkError, part};
use crate::piecewise::constructions::{most_regions, regions};
use crate::piecewise::{Analysis, bounds};

/// Hidden neurons in all, to choose from.
pub const BUDGETS: [usize; 8] = [5, 6, 8, 9, 10, 12, 15, 16];
/// Random networks per depth.
pub const SAMPLES: usize = 100;

/// The state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepthLab {
    /// Hidden neurons in all.
    pub budget: usize,
}

impl Default for DepthLab {
    fn default() -> Self {
        Self { budget: 12 }
    }
}

/// Regions of the random networks of one depth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Networks.
    pub count: usize,
    /// Mean.
    pub mean: f64,
    /// Fewest.
    pub least: usize,
    /// Most.
    pub most: usize,
    squares: f64,
}

/// What is known of one depth.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Layers: matrices.
    pub layers: usize,
    /// Hidden widths.
    pub hidden: Vec<usize>,
    /// More regions than this there cannot be.
    pub bound: usize,
    /// Whether so many there can be: the construction has them.
    pub is_attained: bool,
    /// Regions of the construction, counted; `None` until then.
    pub construction: Option<usize>,
    /// Of random networks.
    pub random: Statistics,
}

/// The counting, in steps.
#[derive(Clone, Debug)]
pub struct Counting {
    /// One a depth.
    pub rows: Vec<Row>,
    now: Option<Analysis>,
    done: usize,
}

impl Statistics {
    /// Adds a network.
    pub fn add(&mut self, regions: usize) {
        let value = regions as f64;
        self.count += 1;
        // Welford's recurrence.
        let step = value - self.mean;
        self.mean += step / self.count as f64;
        self.squares += step * (value - self.mean);
        self.least = if self.count == 1 { regions } else { self.least.min(regions) };
        self.most = self.most.max(regions);
    }

    /// The standard deviation of what was seen; 0 for fewer than two.
    pub fn deviation(&self) -> f64 {
        if self.count < 2 { 0.0 } else { (self.squares / (self.count - 1) as f64).sqrt() }
    }
}

/// The neurons spread over the hidden layers as evenly as can be, the first ones wider.
pub fn widths(budget: usize, hidden_layers: usize) -> Vec<usize> {
    (0..hidden_layers).map(|layer| budget / hidden_layers + usize::from(layer < budget % hidden_layers)).collect()
}

impl Counting {
    /// Nothing counted yet.
    pub fn new(lab: &DepthLab) -> Self {
        let row = |layers: usize| {
            let hidden = widths(lab.budget, layers - 1);
            let bound = bounds::max_regions(&hidden);
            Row {
                layers,
                is_attained: regions(&hidden) == bound,
                bound: usize::try_from(bound).unwrap_or(usize::MAX),
                hidden,
                construction: None,
                random: Statistics::default(),
            }
        };
        Self { rows: LAYERS.map(row).collect(), now: None, done: 0 }
    }

    /// Networks counted, and in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.rows.len() * (SAMPLES + 1))
    }

    /// Does a small part of the work: the constructions first, then the random networks, depth by depth in turn.
    /// Returns whether all is done.
    pub fn advance(&mut self) -> bool {
        let (done, total) = self.progress();
        if done == total {
            return true;
        }
        let (turn, depth) = (done / self.rows.len(), done % self.rows.len());
        let row = &mut self.rows[depth];
        let analysis = self.now.get_or_insert_with(|| {
            Analysis::new(&match turn {
                0 => most_regions(&row.hidden),
                _ => random(&row.hidden, turn as u64).net(),
            })
        });
        if analysis.advance() {
            let regions = self.now.take().map_or(0, |analysis| analysis.finish().pieces().len());
            match turn {
                0 => row.construction = Some(regions),
                _ => row.random.add(regions),
            }
            self.done += 1;
        }
        false
    }

    /// The table as CSV.
    pub fn to_csv(&self) -> String {
        let mut csv = String::from(
            "layers,hidden widths,bound,attained,construction,random networks,random mean,random standard deviation,random least,random most\n",
        );
        for row in &self.rows {
            let widths: Vec<_> = row.hidden.iter().map(usize::to_string).collect();
            let construction = row.construction.map(|count| count.to_string()).unwrap_or_default();
            let Statistics { count, mean, least, most, .. } = row.random;
            csv += &format!(
                "{},{},{},{},{construction},{count},{mean},{},{least},{most}\n",
                row.layers,
                widths.join("-"),
                row.bound,
                row.is_attained,
                row.random.deviation(),
            );
        }
        csv
    }
}

impl DepthLab {
    /// As text for an address.
    pub fn encode(&self) -> String {
        format!("neurons={}", self.budget)
    }

    /// What [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    /// If it is none of the choices.
    pub fn decode(text: &str) -> Result<Self, LinkError> {
        let budget = part(text, "neurons").and_then(|text| text.parse().ok()).filter(|budget| BUDGETS.contains(budget));
        budget.map(|budget| Self { budget }).ok_or_else(|| LinkError::Shape("neurons".into()))
    }
}
