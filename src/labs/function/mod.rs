//! The function lab: networks with one input and one output, and what is true of them.

pub mod challenges;
pub mod depth;
pub mod drawing;
pub mod fit;
pub mod handles;
pub mod knots;
pub mod morph;
pub mod network;
pub mod presets;
pub mod search;
pub mod tanh;
pub mod witness;
pub mod words;

use super::parameters::{LinkError, part};
use depth::DepthLab;
use fit::FitLab;
use network::NetworkLab;

/// Which part of the lab is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// One network.
    #[default]
    Network,
    /// Depth against width.
    Depth,
    /// Fitting a curve.
    Fit,
}

/// The whole lab's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FunctionLab {
    /// What is shown.
    pub part: Part,
    /// The network.
    pub network: NetworkLab,
    /// Depth against width.
    pub depth: DepthLab,
    /// Fitting a curve.
    pub fit: FitLab,
}

impl FunctionLab {
    /// The shown part's state as text for an address.
    pub fn encode(&self) -> String {
        match self.part {
            Part::Network => self.network.encode(),
            Part::Depth => format!("part=depth&{}", self.depth.encode()),
            Part::Fit => format!("part=fit&{}", self.fit.encode()),
        }
    }

    /// Takes over the state that [`encode`](Self::encode) wrote; the other parts stay.
    ///
    /// # Errors
    /// If the text is not one that `encode` writes; nothing changes then.
    pub fn restore(&mut self, text: &str) -> Result<(), LinkError> {
        match part(text, "part") {
            Some("depth") => {
                self.depth = DepthLab::decode(text)?;
                self.part = Part::Depth;
            }
            Some("fit") => {
                self.fit = FitLab::decode(text)?;
                self.part = Part::Fit;
            }
            Some(_) => return Err(LinkError::Shape("part".into())),
            None => {
                self.network = NetworkLab::decode(text)?;
                self.part = Part::Network;
            }
        }
        Ok(())
    }
}
