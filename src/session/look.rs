//! Looks at a run's network as it is, each in pieces; training waits meanwhile.

use crate::data::normalise::normalise;
use crate::data::{Dataset, Purpose, rng};
use crate::nn::Mlp;
use crate::piecewise::line::{Rows, Sweep};
use crate::protocol::{Event, KinksState, LineState, RunId};
use crate::train::loss_line::{Evidence, LossLine};
use crate::train::scale::Scaling;
use crate::train::{Config, Selection};

/// Images that a look is taken on, the first that the run trains on.
const IMAGES: usize = 1000;
/// The largest network, in bytes, of which the copies are made that a loss line needs.
pub(super) const MAX_LINE: u64 = 64 << 20;
/// The same for the scale of signals, which needs one.
pub(super) const MAX_SCALE: u64 = 512 << 20;

/// The line through two images: from before the first to beyond the second.
const KINKS_FROM_TO: [f64; 2] = [-0.5, 1.5];

/// A look under way.
pub(super) enum Look {
    Line(Box<LossLine>),
    Scale(Box<(Scaling, Mlp<f32>, usize)>),
    Kinks(Box<Kinks>),
}

/// A search for kinks, the network, and whether it is the initial one.
pub(super) struct Kinks {
    sweep: Sweep,
    net: Mlp<f32>,
    is_initial: bool,
}

/// The network's layers, by reference.
fn rows(net: &Mlp<f32>) -> Vec<Rows<'_>> {
    let layers = net.layers.iter();
    let slices = layers.filter_map(|layer| layer.weight.as_slice().zip(layer.bias.as_slice()));
    slices.map(|(weights, bias)| Rows { weights, bias }).collect()
}

/// The network that the config begins with.
pub(super) fn initial(config: &Config) -> Mlp<f32> {
    Mlp::new(&config.widths(), config.init, &mut rng(config.seed, Purpose::Init, 0))
}

fn images(selection: &Selection) -> Vec<u32> {
    selection.train().iter().copied().take(IMAGES).collect()
}

impl Look {
    /// Along the line from the weights that the config begins with.
    pub(super) fn along_line(config: &Config, selection: &Selection, net: Mlp<f32>) -> Self {
        Self::Line(Box::new(LossLine::new(initial(config), net, config, images(selection))))
    }

    /// At the size of its signals.
    pub(super) fn at_scale(config: &Config, selection: &Selection, net: Mlp<f32>) -> Self {
        let images = images(selection);
        let total = images.len();
        Self::Scale(Box::new((Scaling::new(config, images), net, total)))
    }

    /// For the kinks of a network on the line through two images, 3072 bytes each. None if it cannot be done.
    pub(super) fn for_kinks(net: Mlp<f32>, images: [&[u8]; 2], is_initial: bool) -> Option<Self> {
        let ends = images.map(|pixels| {
            let mut numbers = vec![0.0; pixels.len()];
            normalise(pixels, &mut numbers);
            numbers
        });
        let sweep = Sweep::new(&rows(&net), ends, KINKS_FROM_TO)?;
        Some(Self::Kinks(Box::new(Kinks { sweep, net, is_initial })))
    }

    /// Does the next piece. Returns whether it was the last.
    pub(super) fn advance(&mut self, data: &Dataset) -> bool {
        match self {
            Self::Line(line) => line.advance(data),
            Self::Scale(scale) => {
                let (scaling, net, _) = &mut **scale;
                scaling.advance(net, data)
            }
            Self::Kinks(kinks) => kinks.sweep.advance(&rows(&kinks.net)),
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
            Self::Kinks(kinks) => {
                let Kinks { sweep, net, is_initial } = &**kinks;
                let line = KinksState {
                    step: if *is_initial { 0 } else { step },
                    is_initial: *is_initial,
                    share: sweep.share(&rows(net)),
                    found: is_done.then(|| sweep.found().clone()),
                };
                Event::LineKinks { run, line: Box::new(line) }
            }
        }
    }
}
