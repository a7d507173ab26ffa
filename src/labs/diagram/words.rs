//! What nodes and edges are called, in tests and on screen, and what is told of one that is pointed at.

use crate::labs::highlight::{Neuron, Part};
use crate::labs::numbers::subscript;
use crate::labs::parameters::{Parameters, Place};

/// A node's symbol: `x`, `x₂` where there are several inputs, `h₁,₂`, `f`; a parameter's where the part is one.
pub fn name(part: Part, inputs: usize) -> String {
    match part {
        Part::Input(_) if inputs == 1 => "x".into(),
        Part::Input(row) => format!("x{}", subscript(row + 1)),
        Part::Neuron(Neuron { layer, row }) => format!("h{},{}", subscript(layer + 1), subscript(row + 1)),
        Part::Parameter(place) => place.symbol(),
        Part::Output | Part::Kink(_) | Part::Piece(_) => "f".into(),
    }
}

/// Its name for test hooks: `edge-W1-0-0`, `node-1-0` (hidden layer from 1, neuron from 0), `node-in-0`, `node-out`.
pub fn hook(part: Part) -> String {
    match part {
        Part::Parameter(place) => format!("edge-{place}"),
        Part::Neuron(Neuron { layer, row }) => format!("node-{}-{row}", layer + 1),
        Part::Input(row) => format!("node-in-{row}"),
        Part::Output | Part::Kink(_) | Part::Piece(_) => "node-out".into(),
    }
}

/// The part with a [`hook`]; `None` if the text is none.
pub fn part_of(hook: &str) -> Option<Part> {
    if let Some(place) = hook.strip_prefix("edge-") {
        return place.parse().ok().map(Part::Parameter);
    }
    match hook.strip_prefix("node-")?.split_once('-') {
        None => (hook == "node-out").then_some(Part::Output),
        Some(("in", row)) => row.parse().ok().map(Part::Input),
        Some((layer, row)) => {
            let layer = layer.parse::<usize>().ok()?.checked_sub(1)?;
            Some(Part::Neuron(Neuron { layer, row: row.parse().ok()? }))
        }
    }
}

/// The parameter that a node or an edge is the control of: a neuron's or the output's bias, or the weight.
pub fn control(part: Part, layers: usize, has_biases: bool) -> Option<Place> {
    match part {
        Part::Parameter(place) => Some(place),
        Part::Neuron(Neuron { layer, row }) => has_biases.then_some(Place { layer, row, column: None }),
        Part::Output => has_biases.then_some(Place { layer: layers - 1, row: 0, column: None }),
        Part::Input(_) | Part::Kink(_) | Part::Piece(_) => None,
    }
}

/// What stands below the drawing while a part of it is pointed at: its name and its number.
pub fn told(part: Part, parameters: &Parameters, has_biases: bool, is_dead: bool) -> String {
    let number = |place: Place| parameters.get(place).unwrap_or_default().to_string().replace('-', "−");
    let symbol = name(part, parameters.inputs());
    let bias_of = |layer, row| {
        let place = Place { layer, row, column: None };
        if has_biases { format!("bias {} = {}", place.symbol(), number(place)) } else { "no bias".into() }
    };
    match part {
        Part::Parameter(place) => format!("{symbol} = {}", number(place)),
        Part::Neuron(Neuron { layer, row }) => {
            let dead = if is_dead { ", 0 for every x" } else { "" };
            format!("{symbol}, neuron {} of layer {}{dead}: {}", row + 1, layer + 1, bias_of(layer, row))
        }
        Part::Output => format!("{symbol}, the output: {}", bias_of(parameters.layers().len() - 1, 0)),
        Part::Input(_) => format!("{symbol}, an input"),
        Part::Kink(_) | Part::Piece(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::function::network::NetworkLab;

    #[test]
    fn a_hook_names_one_part() {
        let weight = Part::Parameter(Place { layer: 2, row: 11, column: Some(3) });
        let neuron = Part::Neuron(Neuron { layer: 0, row: 15 });
        for (part, text) in
            [(weight, "edge-W3-11-3"), (neuron, "node-1-15"), (Part::Input(1), "node-in-1"), (Part::Output, "node-out")]
        {
            assert_eq!((hook(part), part_of(text)), (text.to_owned(), Some(part)));
        }
        for wrong in ["", "node-", "node-0-1", "node-1-", "edge-W0-0-0", "param-W1-0-0", "node-x-1"] {
            assert_eq!(part_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn nodes_control_biases_and_edges_weights() {
        let bias = |layer, row| Some(Place { layer, row, column: None });
        assert_eq!(control(Part::Neuron(Neuron { layer: 0, row: 2 }), 2, true), bias(0, 2));
        assert_eq!((control(Part::Output, 2, true), control(Part::Output, 2, false)), (bias(1, 0), None));
        assert_eq!(control(Part::Input(0), 2, true), None);
    }

    #[test]
    fn parts_are_told_by_symbol_and_number() {
        let lab = NetworkLab::default();
        let told = |part, has_biases| told(part, lab.parameters(), has_biases, false);
        let neuron = Part::Neuron(Neuron { layer: 0, row: 1 });
        assert_eq!(told(neuron, true), "h₁,₂, neuron 2 of layer 1: bias b₁,₂ = −1");
        assert_eq!(told(neuron, false), "h₁,₂, neuron 2 of layer 1: no bias");
        let weight = Part::Parameter(Place { layer: 1, row: 0, column: Some(1) });
        assert_eq!(told(weight, true), "W₂,₁,₂ = −2");
        assert_eq!(told(Part::Output, true), "f, the output: bias b₂,₁ = −1");
        assert_eq!((name(Part::Input(0), 1), name(Part::Input(1), 2)), ("x".into(), "x₂".into()));
    }
}
