//! The network on the path: that of the end which the sliders change, or, where the plot is pointed at, that of there.

use std::sync::Arc;

use leptos::prelude::*;

use crate::labs::diagram::{NodePlot, Pass, plots};
use crate::labs::function::network::{Deciding, NetworkLab};
use crate::labs::highlight::{Lit, Wiring};
use crate::labs::parameters::Parameters;
use crate::labs::path::{PathLab, Quantity};
use crate::piecewise::Decimal;
use crate::web::components::{Diagram, Highlight, within};
use crate::web::state::use_labs;

/// A network that takes longer to decide keeps the pictures in its nodes for the while.
const FRAME_MS: f64 = 8.0;
/// Digits after the point of the numbers on the way, as they are drawn.
const PLACES: u32 = 6;

/// What belongs together in the path lab: it has no kinks of f to show.
pub(super) fn provide_highlight(lab: Memo<PathLab>) {
    Highlight::provide(move |parts| Lit::by(parts, &Wiring { inputs: 1, hidden: &lab.read().hidden(), kinks: &[] }));
}

#[component]
pub(super) fn Network(
    lab: Memo<PathLab>,
    /// Where the plot is pointed at.
    t: RwSignal<Option<Decimal>>,
) -> impl IntoView {
    let labs = use_labs();
    let net = Memo::new(move |_| {
        let lab = lab.read();
        t.get().map_or_else(|| lab.end(lab.edited).net(), |t| lab.net_at(&t.to_rational()))
    });
    let parameters = Memo::new(move |_| {
        let end = || lab.with(|lab| lab.end(lab.edited).clone());
        let on_the_way = t.get().and_then(|_| Parameters::from_net(&net.read(), PLACES));
        on_the_way.unwrap_or_else(end)
    });
    let pictures = Memo::new(move |before: Option<&Vec<Vec<NodePlot>>>| {
        let shown = NetworkLab::of(parameters.get());
        let decided = within(FRAME_MS, Deciding::new(&shown), Deciding::advance).map(Deciding::finish);
        let relu = decided.as_ref().and_then(|answers| answers.relu());
        relu.map(|answers| plots(&shown, Some(&answers.pieces))).or_else(|| before.cloned()).unwrap_or_default()
    });
    // A loss is that of many inputs.
    let pass = Memo::new(move |_| {
        let x = lab.with(|lab| (lab.quantity == Quantity::Output).then(|| lab.x.to_rational()))?;
        Some(Arc::new(Pass::exact(&net.read(), &[x])))
    });
    let across = Signal::derive(move || {
        let x = lab.with(|lab| (lab.quantity == Quantity::Output).then_some(lab.x))?;
        let (from, to) = NetworkLab::default().x_range();
        Some((x.to_f64() - from.to_f64()) / (to.to_f64() - from.to_f64()))
    });
    view! {
        <Diagram
            parameters
            set=move |place, number| labs.path.update(|lab| lab.set(lab.edited, place, number))
            plots=pictures
            pass
            across
            open=false
            file="piecewise-path-network"
        />
    }
}
