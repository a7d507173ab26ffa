//! Looks at a run's network as it is, each in pieces; training waits meanwhile.

use crate::data::{Dataset, Purpose, rng};
use crate::nn::Mlp;
use crate::protocol::{Event, LineState, RunId};
use crate::train::loss_line::{Evidence, LossLine};
use crate::train::scale::Scaling;
use crate::train::{Config, Selection};

/// Images that a look is taken on, the first that the run trains on.
const IMAGES: usize = 1000;
/// The largest network, in bytes, of which the copies are made that a loss line needs.
pub(super) const MAX_LINE: u64 = 64 << 20;
/// The same for the scale of signals, which needs one.
pub(super) const MAX_SCALE: u64 = 512 << 20;

/// A look under way.
pub(super) enum Look {
    Line(Box<LossLine>),
    Scale(Box<(Scaling, Mlp<f32>, usize)>),
}

fn images(selection: &Selection) -> Vec<u32> {
    selection.train().iter().copied().take(IMAGES).collect()
}

impl Look {
    /// Along the line from the weights that the config begins with.
    pub(super) fn along_line(config: &Config, selection: &Selection, net: Mlp<f32>) -> Self {
        let initial = Mlp::new(&config.widths(), config.init, &mut rng(config.seed, Purpose::Init, 0));
        Self::Line(Box::new(LossLine::new(initial, net, config, images(selection))))
    }

    /// At the size of its signals.
    pub(super) fn at_scale(config: &Config, selection: &Selection, net: Mlp<f32>) -> Self {
        let images = images(selection);
        let total = images.len();
        Self::Scale(Box::new((Scaling::new(config, images), net, total)))
    }

    /// Does the next piece. Returns whether it was the last.
    pub(super) fn advance(&mut self, data: &Dataset) -> bool {
        match self {
            Self::Line(line) => line.advance(data),
            Self::Scale(scale) => {
                let (scaling, net, _) = &mut **scale;
                scaling.advance(net, data)
            }
        }
    }

    /// What was found so far by a network of so many steps.
    pub(super) fn event(&self, run: RunId, step: usize, is_done: bool) -> Event {
        match self {
            Self::Line(line) => {
                let points = line.points().to_vec();
                let evidence = is_done.then(|| Evidence::of(&points));
                Event::LossLine { run, line: Box::new(LineState { step, points, evidence }) }
            }
            Self::Scale(scale) => {
                let (scaling, _, total) = &**scale;
                let found = scaling.scale().filter(|_| is_done);
                Event::Scale { run, step, done: scaling.done(), total: *total, scale: found.map(Box::new) }
            }
        }
    }
}
