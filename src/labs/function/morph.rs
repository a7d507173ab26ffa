//! From one network to the next, as they are drawn in between: θ(t) = (1 − t) · from + t · to, which is question 6's path.

use super::network::{Activation, NetworkLab};
use crate::labs::between::between;
use crate::labs::path::PathLab;

/// A change from one network to another of the same shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Morph {
    from: NetworkLab,
    to: NetworkLab,
}

impl Morph {
    /// The way between two networks, if there is a straight one: their layers have the same widths, and both are ReLU
    /// networks; and if it goes anywhere.
    pub fn between(from: &NetworkLab, to: &NetworkLab) -> Option<Self> {
        let has_way = from.hidden() == to.hidden() && [from, to].iter().all(|lab| lab.activation == Activation::Relu);
        let moves = from.effective() != to.effective();
        (has_way && moves).then(|| Self { from: from.clone(), to: to.clone() })
    }

    /// Where it leads.
    pub fn to(&self) -> &NetworkLab {
        &self.to
    }

    /// The network at t from 0 to 1, rounded for drawing. All but the parameters is as it is at the end.
    pub fn at(&self, t: f64) -> NetworkLab {
        let mut lab = self.to.clone();
        lab.set_parameters(between(&self.from.effective(), &self.to.effective(), t));
        lab
    }

    /// The path lab with this very path, exactly, and its usual input.
    pub fn path(&self) -> PathLab {
        PathLab::of(self.from.effective(), self.to.effective())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::parameters::Parameters;
    use crate::labs::path::End;

    fn net(weight: i32, bias: i32) -> NetworkLab {
        NetworkLab::of(Parameters::of(1, &[(&[&[weight]], &[bias]), (&[&[1]], &[0])]))
    }

    #[test]
    fn halfway_every_parameter_is_in_the_middle() {
        let morph = Morph::between(&net(-1, 4), &net(2, 0)).expect("one shape");
        let middle = morph.at(0.5);
        let numbers: Vec<f64> = middle
            .parameters()
            .places()
            .into_iter()
            .map(|place| middle.parameters().get(place).unwrap_or_default().to_f64())
            .collect();
        assert_eq!(numbers, [0.5, 2.0, 1.0, 0.0]);
        assert_eq!([0.0, 1.0].map(|t| morph.at(t).net()), [net(-1, 4).net(), net(2, 0).net()]);
    }

    #[test]
    fn the_path_lab_gets_the_exact_ends() {
        let mut without = net(3, 7);
        without.biases = false;
        let path = Morph::between(&without, &net(2, 0)).expect("one shape").path();
        assert_eq!(path.end(End::From), net(3, 0).parameters());
        assert_eq!(path.end(End::To), net(2, 0).parameters());
    }

    #[test]
    fn there_is_no_way_to_another_shape_nor_to_the_same_network() {
        assert_eq!(Morph::between(&net(1, 0), &NetworkLab::default()), None);
        assert_eq!(Morph::between(&net(1, 0), &net(1, 0)), None);
        let mut tanh = net(2, 0);
        tanh.activation = Activation::Tanh;
        assert_eq!(Morph::between(&net(1, 0), &tanh), None);
    }
}
