//! What a hand does to a network: it takes hold of a neuron where it bends, or of f's ends.
//!
//! A neuron's sum is affine in its own bias, whatever its layer: the bias b − z(x) puts its bend exactly at x, in rational
//! numbers. Moved up or down, a neuron of the last hidden layer changes its outgoing weight: that turns f on the neuron's
//! open side about the bend, which itself stays where it is, for there the neuron is 0.

mod pull;
mod sides;

use num_traits::Zero;

use super::drawing::FloatNet;
use super::network::{Activation, NetworkLab, View};
use crate::labs::handles::{Axes, Direction, Handle, Look};
use crate::labs::numbers::exact;
use crate::labs::parameters::Place;
use crate::piecewise::{Decimal, Pieces, Rational, to_f64};

pub use pull::{HandleError, pulled};

/// Most handles of deeper kinks.
const MOST_DEEP: usize = 24;
/// A handle that lifts f keeps this share of the shown interval clear of the kinks, if it can.
const CLEAR: f64 = 0.05;
/// Places where neurons are looked at to choose the one that turns an end.
const LOOKS: usize = 16;

/// What is held of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grip {
    /// A bend of a neuron: its hidden layer and row, from 0, and where it is.
    Bend {
        /// Hidden layer, from 0.
        layer: usize,
        /// Row of that layer's matrix, from 0.
        neuron: usize,
        /// Where.
        x: Rational,
    },
    /// The last stretch of f that is shown, left or right, turned by an outgoing weight.
    End {
        /// Where the picture ends.
        x: Decimal,
        /// The neuron of the last hidden layer whose weight turns it; `None` if all are off there.
        neuron: Option<usize>,
    },
    /// All of f, lifted by the output's bias.
    Lift {
        /// Where it is held.
        x: Decimal,
    },
}

pub(super) fn bias(layer: usize, neuron: usize) -> Place {
    Place { layer, row: neuron, column: None }
}

/// The weight with which f takes a neuron of the last hidden layer; `None` for those of other layers.
pub(super) fn outgoing(lab: &NetworkLab, layer: usize, neuron: usize) -> Option<Place> {
    let is_last = layer + 2 == lab.parameters().layers().len();
    is_last.then_some(Place { layer: layer + 1, row: 0, column: Some(neuron) })
}

/// Where a neuron of the first hidden layer bends; `None` if it does so nowhere, or there is no such neuron.
pub fn bend(lab: &NetworkLab, neuron: usize) -> Option<Rational> {
    let parameters = lab.effective();
    let weight = parameters.get(Place { layer: 0, row: neuron, column: Some(0) })?.to_rational();
    (!weight.is_zero()).then(|| -parameters.get(bias(0, neuron)).unwrap_or_default().to_rational() / weight)
}

/// What of a network can be taken hold of on the part of x that is shown: every bend of the first hidden layer, those
/// kinks of f that deeper neurons make, both ends, and f as a whole. Only where f itself is shown, of a ReLU network.
pub fn handles(lab: &NetworkLab, decided: &Pieces, shown: (f64, f64)) -> Vec<Handle<Grip>> {
    if lab.view != View::Output || lab.activation != Activation::Relu {
        return Vec::new();
    }
    let float = FloatNet::new(&lab.effective(), lab.activation);
    let is_shown = |x: &Rational| (shown.0..=shown.1).contains(&to_f64(x));
    let first = (0..lab.hidden()[0]).filter_map(|neuron| Some((0, neuron, bend(lab, neuron)?)));
    let bends = first.filter(|(.., x)| is_shown(x)).chain(deep(decided, shown));
    let mut handles: Vec<_> = bends.map(|(layer, neuron, x)| bend_handle(lab, &float, layer, neuron, x)).collect();
    number_alike(&mut handles);
    for (is_right, end) in [(false, shown.0), (true, shown.1)] {
        handles.extend(Decimal::round(end, 12).map(|x| end_handle(lab, &float, x, is_right, shown)));
    }
    let clear = clear_of(&handles, shown);
    handles.extend(Decimal::round(clear, 3).map(|x| lift_handle(lab, &float, x)));
    handles
}

/// Kinks that neurons beyond the first hidden layer make. Where they are too many, those nearest the middle, one a neuron.
fn deep(decided: &Pieces, shown: (f64, f64)) -> Vec<(usize, usize, Rational)> {
    let middle = (shown.0 + shown.1) / 2.0;
    let mut deep: Vec<_> = decided
        .kinks()
        .iter()
        .filter(|kink| (shown.0..=shown.1).contains(&to_f64(&kink.x)))
        .flat_map(|kink| kink.bends.iter().map(|bend| (bend.layer - 1, bend.neuron - 1, kink.x.clone())))
        .filter(|&(layer, ..)| layer > 0)
        .collect();
    if deep.len() > MOST_DEEP {
        let distance = |x: &Rational| (to_f64(x) - middle).abs();
        deep.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(distance(&a.2).total_cmp(&distance(&b.2))));
        deep.dedup_by_key(|(layer, neuron, _)| (*layer, *neuron));
        deep.truncate(MOST_DEEP);
    }
    deep
}

fn bend_handle(lab: &NetworkLab, float: &FloatNet, layer: usize, neuron: usize, x: Rational) -> Handle<Grip> {
    let at = to_f64(&x);
    let family = if layer == 0 { format!("kink-{neuron}") } else { format!("kink-{layer}-{neuron}") };
    let name = match (layer, lab.hidden().len()) {
        (_, 1) => format!("Bend of neuron {}", neuron + 1),
        _ => format!("Bend of neuron {} of layer {}", neuron + 1, layer + 1),
    };
    let up = outgoing(lab, layer, neuron);
    let changes = std::iter::once((Direction::Across, bias(layer, neuron)));
    Handle {
        id: family.clone(),
        family,
        at: (at, float.value(at).0),
        name,
        value: format!("x = {}", exact(&x)),
        number: at,
        changes: changes.chain(up.map(|place| (Direction::Up, place))).collect(),
        axes: if up.is_some() { Axes::Either } else { Axes::Across },
        look: if layer == 0 { Look::Ring } else { Look::Deep },
        grip: Grip::Bend { layer, neuron, x },
    }
}

/// A neuron's second and further kinks get numbers.
fn number_alike(handles: &mut [Handle<Grip>]) {
    let mut seen = std::collections::HashMap::new();
    for handle in handles {
        let count = seen.entry(handle.family.clone()).or_insert(0_usize);
        if *count > 0 || handle.look == Look::Deep {
            handle.id = format!("{}-{count}", handle.family);
        }
        *count += 1;
    }
}

fn end_handle(lab: &NetworkLab, float: &FloatNet, x: Decimal, is_right: bool, shown: (f64, f64)) -> Handle<Grip> {
    let (side, at) = (if is_right { "Right" } else { "Left" }, x.to_f64());
    let y = float.value(at).0;
    let layer = lab.hidden().len() - 1;
    let neuron = turner(float, layer, at, shown);
    let weight = neuron.and_then(|neuron| outgoing(lab, layer, neuron));
    Handle {
        grip: Grip::End { x, neuron },
        id: format!("end-{}", side.to_lowercase()),
        family: format!("end-{}", side.to_lowercase()),
        at: (at, y),
        name: format!("{side} end of f"),
        value: format!("f = {}", crate::labs::numbers::significant(y, 4)),
        number: y,
        changes: weight.map(|place| (Direction::Up, place)).into_iter().collect(),
        axes: Axes::Up,
        look: Look::Bar,
    }
}

/// The neuron whose outgoing weight turns f at an end and changes the least of the rest: of those that are on there, the
/// one that is on at the fewest places of the picture.
fn turner(float: &FloatNet, layer: usize, at: f64, shown: (f64, f64)) -> Option<usize> {
    let on = |x: f64| float.sums(x).swap_remove(layer).iter().map(|sum| sum.0 > 0.0).collect::<Vec<_>>();
    let mut counts: Vec<Option<usize>> = on(at).into_iter().map(|is_on| is_on.then_some(0)).collect();
    for look in 0..LOOKS {
        let x = shown.0 + (shown.1 - shown.0) * look as f64 / (LOOKS - 1) as f64;
        for (count, is_on) in counts.iter_mut().zip(on(x)) {
            *count = count.map(|count| count + usize::from(is_on));
        }
    }
    let counted = counts.iter().enumerate().filter_map(|(neuron, count)| Some((neuron, (*count)?)));
    counted.min_by_key(|&(_, count)| count).map(|(neuron, _)| neuron)
}

fn lift_handle(lab: &NetworkLab, float: &FloatNet, x: Decimal) -> Handle<Grip> {
    let place = bias(lab.hidden().len(), 0);
    let value = lab.parameters().get(place).unwrap_or_default();
    Handle {
        grip: Grip::Lift { x },
        id: "lift".into(),
        family: "lift".into(),
        at: (x.to_f64(), float.value(x.to_f64()).0),
        name: "All of f".into(),
        value: format!("{} = {}", place.symbol(), exact(&value.to_rational())),
        number: value.to_f64(),
        changes: vec![(Direction::Up, place)],
        axes: Axes::Up,
        look: Look::Bar,
    }
}

/// Where on the shown part of x a handle is clear of the others: at 0 if it can, else as far from them as can be.
fn clear_of(handles: &[Handle<Grip>], (low, high): (f64, f64)) -> f64 {
    let apart = |x: f64| handles.iter().map(|handle| (handle.at.0 - x).abs()).fold(f64::INFINITY, f64::min);
    let inside = |share: f64| low + (high - low) * share;
    let is_zero_fine = inside(CLEAR) < 0.0 && 0.0 < inside(1.0 - CLEAR) && apart(0.0) >= CLEAR * (high - low);
    if is_zero_fine {
        return 0.0;
    }
    let tries = (1..40).map(|step| inside(f64::from(step) / 40.0));
    tries.max_by(|a, b| apart(*a).total_cmp(&apart(*b))).unwrap_or(inside(0.5))
}

#[cfg(test)]
mod tests;
