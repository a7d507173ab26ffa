//! What belongs together: a parameter, the neuron that it is part of, and the kinks that this neuron makes.
//!
//! Every picture of a network, and every control and table beside it, shows parts of the same few kinds. When one of
//! them is pointed at, what belongs to it is lit wherever it is shown. The rules:
//!
//! - A weight or a bias belongs to the neuron that it leads to. One of the output layer leads to the output; such a weight
//!   belongs to the neuron that it comes from, too, for it says how strongly that neuron bends f.
//! - A kink belongs to the neurons that make it, and to their parameters.
//! - A piece belongs to the kinks at its ends.
//! - An input belongs to the weights that take it up.
//!
//! All but that an input's weights light no input hold both ways.

use std::collections::BTreeSet;

use super::parameters::Place;
use crate::piecewise::{Bend, Kink};

/// A hidden neuron: layer and row from 0, as in the [`Place`] of its bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Neuron {
    /// From 0.
    pub layer: usize,
    /// From 0.
    pub row: usize,
}

/// Something that can be pointed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A weight or a bias.
    Parameter(Place),
    /// A hidden neuron.
    Neuron(Neuron),
    /// A kink of f: its place in the list, from 0.
    Kink(usize),
    /// A piece of f: its place in the list, from 0.
    Piece(usize),
    /// An input, from 0.
    Input(usize),
    /// f.
    Output,
}

/// A network as far as it matters for what belongs together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wiring<'a> {
    /// The number of inputs.
    pub inputs: usize,
    /// Hidden widths, first to last.
    pub hidden: &'a [usize],
    /// Kinks, left to right; none where they are not known.
    pub kinks: &'a [Kink],
}

/// What is lit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lit(BTreeSet<Part>);

impl From<Bend> for Neuron {
    fn from(bend: Bend) -> Self {
        Self { layer: bend.layer - 1, row: bend.neuron - 1 }
    }
}

impl Wiring<'_> {
    /// The neurons, or the output, that a parameter belongs to; nothing if there is no such parameter.
    fn owners(&self, place: Place) -> Vec<Part> {
        let neuron = |layer, row| Part::Neuron(Neuron { layer, row });
        match place.column {
            _ if place.layer < self.hidden.len() => vec![neuron(place.layer, place.row)],
            Some(column) if place.layer == self.hidden.len() => {
                vec![neuron(self.hidden.len() - 1, column), Part::Output]
            }
            None if place.layer == self.hidden.len() => vec![Part::Output],
            _ => Vec::new(),
        }
    }

    /// The weights and the bias that a neuron adds up.
    fn incoming(&self, layer: usize, row: usize) -> impl Iterator<Item = Part> + use<> {
        let before = if layer == 0 { self.inputs } else { self.hidden[layer - 1] };
        let columns = (0..before).map(Some).chain([None]);
        columns.map(move |column| Part::Parameter(Place { layer, row, column }))
    }

    /// All parameters that belong to a neuron.
    fn parameters(&self, Neuron { layer, row }: Neuron) -> Vec<Part> {
        if self.hidden.get(layer).is_none_or(|&width| row >= width) {
            return Vec::new();
        }
        let is_last = layer + 1 == self.hidden.len();
        let outgoing = is_last.then_some(Part::Parameter(Place { layer: layer + 1, row: 0, column: Some(row) }));
        self.incoming(layer, row).chain(outgoing).collect()
    }

    /// The kinks that a neuron makes, alone or with others.
    fn kinks_of(&self, neuron: Neuron) -> impl Iterator<Item = Part> {
        let makes = move |kink: &Kink| kink.bends.iter().any(|&bend| Neuron::from(bend) == neuron);
        self.kinks.iter().enumerate().filter(move |(_, kink)| makes(kink)).map(|(index, _)| Part::Kink(index))
    }
}

impl Lit {
    /// What is lit when these are pointed at: they, and what belongs to them.
    pub fn by(parts: &[Part], wiring: &Wiring) -> Self {
        let mut lit = BTreeSet::new();
        for &part in parts {
            lit.insert(part);
            match part {
                Part::Parameter(place) => {
                    for owner in wiring.owners(place) {
                        lit.insert(owner);
                        if let Part::Neuron(neuron) = owner {
                            lit.extend(wiring.kinks_of(neuron));
                        }
                    }
                }
                Part::Neuron(neuron) => {
                    lit.extend(wiring.parameters(neuron));
                    lit.extend(wiring.kinks_of(neuron));
                }
                Part::Kink(index) => {
                    let count = wiring.kinks.len();
                    for &bend in wiring.kinks.get(index).map_or(&[][..], |kink| &kink.bends) {
                        lit.insert(Part::Neuron(bend.into()));
                        lit.extend(wiring.parameters(bend.into()));
                    }
                    // The pieces on its two sides.
                    lit.extend([index, index + 1].into_iter().filter(|_| index < count).map(Part::Piece));
                }
                Part::Piece(index) => {
                    let ends = [index.checked_sub(1), Some(index)].into_iter().flatten();
                    lit.extend(ends.filter(|&end| end < wiring.kinks.len()).map(Part::Kink));
                }
                Part::Input(column) => {
                    let rows = 0..wiring.hidden.first().copied().unwrap_or(0);
                    lit.extend(rows.map(|row| Part::Parameter(Place { layer: 0, row, column: Some(column) })));
                }
                Part::Output => lit.extend(wiring.incoming(wiring.hidden.len(), 0)),
            }
        }
        Self(lit)
    }

    /// Whether a part is lit.
    pub fn has(&self, part: Part) -> bool {
        self.0.contains(&part)
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The kinks that are lit, by their place in the list, rising.
    pub fn kinks(&self) -> impl Iterator<Item = usize> {
        self.0.iter().filter_map(|part| if let Part::Kink(index) = part { Some(*index) } else { None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::parameters::Parameters;
    use crate::piecewise::Pieces;

    fn weight(layer: usize, row: usize, column: usize) -> Part {
        Part::Parameter(Place { layer, row, column: Some(column) })
    }

    fn bias(layer: usize, row: usize) -> Part {
        Part::Parameter(Place { layer, row, column: None })
    }

    fn neuron(layer: usize, row: usize) -> Part {
        Part::Neuron(Neuron { layer, row })
    }

    /// Two hidden layers of two: kinks of the first layer at 0 and 1, of the second where h₁ + h₂ = 3, at x = 2.
    fn kinks() -> Vec<Kink> {
        let rows: &[&[i32]] = &[&[1, 1], &[0, 1]];
        let parameters = Parameters::of(1, &[(&[&[1], &[1]], &[0, -1]), (rows, &[-3, 0]), (&[&[1, 1]], &[0])]);
        Pieces::of(&parameters.net()).kinks().to_vec()
    }

    fn lit(part: Part) -> Lit {
        Lit::by(&[part], &Wiring { inputs: 1, hidden: &[2, 2], kinks: &kinks() })
    }

    fn all() -> Vec<Part> {
        let places = Parameters::zeros(1, &[2, 2]).places().into_iter().map(Part::Parameter);
        let neurons = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(layer, row)| neuron(layer, row));
        let count = kinks().len();
        let kinks = (0..count).map(Part::Kink).chain((0..=count).map(Part::Piece));
        places.chain(neurons).chain(kinks).chain([Part::Input(0), Part::Output]).collect()
    }

    #[test]
    fn a_kink_lights_the_neurons_that_make_it_and_their_parameters() {
        let found = kinks();
        let at: Vec<f64> = found.iter().map(|kink| crate::piecewise::to_f64(&kink.x)).collect();
        assert_eq!(at, [1.0, 2.0]);
        // At 1 bend neuron 2 of the first layer, and neuron 2 of the second, which sees nothing else.
        let first = lit(Part::Kink(0));
        for part in [neuron(0, 1), weight(0, 1, 0), bias(0, 1), neuron(1, 1), weight(1, 1, 0), weight(2, 0, 1)] {
            assert!(first.has(part), "{part:?}");
        }
        for part in [neuron(0, 0), neuron(1, 0), weight(0, 0, 0), weight(1, 0, 1), Part::Kink(1), Part::Output] {
            assert!(!first.has(part), "{part:?}");
        }
        assert!(lit(Part::Kink(1)).has(neuron(1, 0)));
    }

    #[test]
    fn a_parameter_lights_its_neuron_and_what_it_makes() {
        let bias = lit(bias(1, 0));
        assert!(bias.has(neuron(1, 0)) && bias.has(Part::Kink(1)));
        assert_eq!(bias.kinks().collect::<Vec<_>>(), [1]);
        // A weight of the output layer belongs to the neuron that it comes from.
        let out = lit(weight(2, 0, 0));
        assert!(out.has(neuron(1, 0)) && out.has(Part::Output) && out.has(Part::Kink(1)) && !out.has(neuron(1, 1)));
    }

    #[test]
    fn what_lights_another_is_lit_by_it() {
        for a in all() {
            for b in all() {
                let is_input = |part| matches!(part, Part::Input(_));
                if !is_input(a) && !is_input(b) {
                    assert_eq!(lit(a).has(b), lit(b).has(a), "{a:?} and {b:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_there_lights_only_itself() {
        for part in [Part::Kink(9), neuron(0, 7), neuron(5, 0), bias(7, 0)] {
            assert!(lit(part).has(part));
            assert!(!all().into_iter().any(|other| lit(part).has(other)), "{part:?}");
        }
        assert!(Lit::default().is_empty() && !lit(Part::Output).is_empty());
    }
}
