//! The network at a moment of the path.

use super::PathLab;
use crate::piecewise::{Layer, Net, Rational};

impl PathLab {
    /// The network with the parameters θ(t) = (1 − t) · from + t · to, exactly; those that stay still are as at t = 0.
    pub fn net_at(&self, t: &Rational) -> Net {
        let (from, to) = (self.from.net(), self.arrival().net());
        let mix = |(from, to): (&Rational, &Rational)| from + t * (to - from);
        let mixed = |from: &[Rational], to: &[Rational]| from.iter().zip(to).map(mix).collect::<Vec<_>>();
        let layer = |(from, to): (&Layer, &Layer)| Layer {
            weights: from.weights.iter().zip(&to.weights).map(|(from, to)| mixed(from, to)).collect(),
            bias: mixed(&from.bias, &to.bias),
        };
        let layers = from.layers().iter().zip(to.layers()).map(layer).collect();
        Net::with_inputs(from.inputs(), layers).expect("both ends have one shape")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{End, presets::presets};

    #[test]
    fn the_network_on_the_way_has_the_output_that_the_path_says() {
        for preset in presets() {
            let lab = preset.lab;
            let x = lab.x.to_rational();
            for t in ["0", "1/3", "0.7", "1", "-0.5"].map(|t| t.parse::<crate::piecewise::Decimal>().expect("a number"))
            {
                let t = t.to_rational();
                let net = lab.net_at(&t);
                if lab.quantity == super::super::Quantity::Output {
                    assert_eq!(net.eval(&x), lab.answers().pieces.piece_at(&t).polynomial.at(&t));
                }
            }
            assert_eq!(lab.net_at(&Default::default()), lab.end(End::From).net());
        }
    }
}
