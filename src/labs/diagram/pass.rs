//! The forward pass at a point: what every node holds there.

use num_traits::{Signed, Zero};

use crate::labs::function::drawing::FloatNet;
use crate::labs::highlight::{Neuron, Part};
use crate::labs::numbers::{exact, significant};
use crate::labs::parameters::Place;
use crate::piecewise::{Net, Rational};

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
struct Held {
    text: String,
    is_zero: bool,
}

/// The values of all nodes at one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// Inputs, each hidden layer's outputs, and f.
    held: Vec<Vec<Held>>,
}

impl Pass {
    /// Of a ReLU network, exactly.
    pub fn exact(net: &Net, x: &[Rational]) -> Self {
        let held = |value: &Rational| Held { text: exact(value), is_zero: value.is_zero() };
        let off = || Held { text: "0".into(), is_zero: true };
        let sums = net.sums_at(x);
        let last = sums.len() - 1;
        let layer = |(index, sums): (usize, &Vec<Rational>)| {
            sums.iter().map(|sum| if index < last && sum.is_negative() { off() } else { held(sum) }).collect()
        };
        let inputs = x.iter().map(held).collect();
        Self { held: std::iter::once(inputs).chain(sums.iter().enumerate().map(layer)).collect() }
    }

    /// Of a network in f64, such as one of tanh neurons, with one input.
    pub fn float(net: &FloatNet, x: f64) -> Self {
        let held = |value: f64| Held { text: significant(value, 4), is_zero: value == 0.0 };
        let layers = net.outputs(x).into_iter().map(|layer| layer.into_iter().map(held).collect());
        Self { held: std::iter::once(vec![held(x)]).chain(layers).collect() }
    }

    fn of(&self, part: Part) -> Option<&Held> {
        match part {
            Part::Input(row) => self.held.first()?.get(row),
            Part::Neuron(Neuron { layer, row }) => self.held.get(layer + 1)?.get(row),
            Part::Output => self.held.last()?.first(),
            _ => None,
        }
    }

    /// What a node holds, to be written; `None` if there is no such node.
    pub fn text(&self, part: Part) -> Option<&str> {
        self.of(part).map(|held| &*held.text)
    }

    /// Whether a node holds 0: of a ReLU neuron, that it is off.
    pub fn is_off(&self, part: Part) -> bool {
        self.of(part).is_some_and(|held| held.is_zero)
    }

    /// Whether nothing comes along a weight's edge, since the node that it comes from holds 0.
    pub fn is_idle(&self, place: Place) -> bool {
        let from = place.column.and_then(|column| self.held.get(place.layer)?.get(column));
        from.is_some_and(|held| held.is_zero)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::function::network::NetworkLab;

    #[test]
    fn every_node_holds_its_exact_value() {
        // ReLU(x + 2) − 2·ReLU(x − 1) + ReLU(−x − 3) − 1.
        let lab = NetworkLab::default();
        let third = Rational::new(1.into(), 3.into());
        let pass = Pass::exact(&lab.net(), &[third]);
        let neuron = |row| Part::Neuron(Neuron { layer: 0, row });
        let texts = [Part::Input(0), neuron(0), neuron(1), neuron(2), Part::Output].map(|part| pass.text(part));
        assert_eq!(texts, [Some("1/3"), Some("7/3"), Some("0"), Some("0"), Some("4/3")]);
        assert_eq!([0, 1, 2].map(|row| pass.is_off(neuron(row))), [false, true, true]);
        let out = |column| Place { layer: 1, row: 0, column: Some(column) };
        assert_eq!([0, 1, 2].map(|column| pass.is_idle(out(column))), [false, true, true]);
        assert_eq!((pass.text(neuron(3)), pass.text(Part::Kink(0))), (None, None));
    }

    #[test]
    fn a_negative_output_is_no_neuron_that_is_off() {
        let lab = NetworkLab::default();
        let pass = Pass::exact(&lab.net(), &[Rational::from_integer(5.into())]);
        assert_eq!((pass.text(Part::Output), pass.is_off(Part::Output)), (Some("−2"), false));
        let float = Pass::float(&FloatNet::new(&lab.effective(), lab.activation), 5.0);
        assert_eq!(float.text(Part::Output), Some("−2"));
    }
}
