//! Regions made ready to be drawn.

use std::collections::BTreeMap;

use crate::piecewise::regions::{Regions, Switching};
use crate::protocol::{PlaneActivity, PlaneArea, PlaneBend, PlanePicture, PlaneWindow};

/// The regions in a window, as shares of it.
pub(super) fn picture(regions: &Regions, window: PlaneWindow) -> PlanePicture {
    let share = |value: f64, (from, to): (f64, f64)| ((value - from) / (to - from)) as f32;
    let places: Vec<[f32; 2]> =
        regions.vertices.iter().map(|&[x, y]| [share(x, window.x), share(y, window.y)]).collect();
    let at = |corner: u32| places[corner as usize];
    let area = |(part, corners): (usize, &[u32])| {
        let count = corners.len().max(1) as f64;
        let middle =
            [0, 1].map(|axis| corners.iter().map(|&c| regions.vertices[c as usize][axis]).sum::<f64>() / count);
        PlaneArea {
            class: regions.part_classes[part] as u8,
            sureness: sureness(regions.map(regions.part_cells[part] as usize), middle),
            corners: corners.iter().map(|&corner| at(corner)).collect(),
        }
    };
    let activity = |switching: &Switching| match switching {
        Switching::On => PlaneActivity::On,
        Switching::Off => PlaneActivity::Off,
        Switching::Both => PlaneActivity::Both,
    };
    PlanePicture {
        window,
        areas: regions.parts.iter().enumerate().map(area).collect(),
        bends: bends(regions)
            .into_iter()
            .map(|((layer, neuron), corners)| PlaneBend {
                layer: layer as u8,
                neuron: neuron as u8,
                points: corners.into_iter().map(at).collect(),
            })
            .collect(),
        boundary: regions.boundary.iter().map(|ends| ends.map(at)).collect(),
        regions: regions.len(),
        is_complete: regions.is_complete,
        activity: regions.switching.iter().map(|layer| layer.iter().map(activity).collect()).collect(),
        decisions: [regions.decisions, regions.exact_decisions].map(|count| count as usize),
    }
}

/// How much more probable the prediction is than chance, of 255; `maps` are the outputs' `a·x + b·y + c`.
fn sureness(maps: &[[f64; 3]], [x, y]: [f64; 2]) -> u8 {
    let outputs: Vec<f64> = maps.iter().map(|[a, b, c]| a * x + b * y + c).collect();
    let largest = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let most = 1.0 / outputs.iter().map(|output| (output - largest).exp()).sum::<f64>();
    let chance = 1.0 / outputs.len().max(2) as f64;
    ((most - chance) / (1.0 - chance) * 255.0).clamp(0.0, 255.0) as u8
}

/// The pieces of each neuron's bent line joined to as few lines as a walk from piece to piece makes of them: a picture is
/// drawn faster so.
fn bends(regions: &Regions) -> Vec<((u32, u32), Vec<u32>)> {
    let mut of_neuron: BTreeMap<(u32, u32), Vec<[u32; 2]>> = BTreeMap::new();
    for bend in &regions.bends {
        of_neuron.entry((bend.layer, bend.neuron)).or_default().push(bend.ends);
    }
    let mut lines = Vec::new();
    for (neuron, pieces) in of_neuron {
        // The pieces that end at each corner, those not walked on yet.
        let mut at: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, ends) in pieces.iter().enumerate() {
            ends.iter().for_each(|&end| at.entry(end).or_default().push(index));
        }
        let mut is_walked = vec![false; pieces.len()];
        // From open ends first, so that a line is walked as a whole.
        let open = at.iter().filter(|(_, pieces)| pieces.len() == 1).map(|(&corner, _)| corner);
        let starts: Vec<u32> = open.chain(pieces.iter().map(|ends| ends[0])).collect();
        for start in starts {
            let mut line = vec![start];
            let mut corner = start;
            while let Some(&piece) = at.get(&corner).and_then(|all| all.iter().find(|&&piece| !is_walked[piece])) {
                is_walked[piece] = true;
                let [a, b] = pieces[piece];
                corner = if a == corner { b } else { a };
                line.push(corner);
            }
            if line.len() > 1 {
                lines.push((neuron, line));
            }
        }
    }
    lines
}
