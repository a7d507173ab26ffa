//! The whole network drawn, with what runs through it for one example, forward and backward.

use leptos::prelude::*;

use crate::labs::backprop::layers::{NetworkPass, Report, SIZE};
use crate::labs::backprop::table::cell;
use crate::labs::diagram::{Edge, Layout, Node, width_px};
use crate::labs::highlight::{Neuron, Part};
use crate::labs::numbers::{significant, subscript};
use crate::web::components::{Select, number_options};

/// The drawing's width in pixels.
const WIDTH: f64 = 560.0;
/// Nodes are wider than high by this on each side, for their numbers.
const ROOM: f64 = 6.0;

#[component]
pub(super) fn Network(report: Memo<Report>) -> impl IntoView {
    let example = RwSignal::new(1_usize);
    let pass = Memo::new(move |_| report.read().pass.clone());
    let picture = move || {
        let pass = pass.read();
        Some(drawing(pass.as_ref()?, example.get() - 1))
    };
    let is_there = Memo::new(move |_| pass.read().is_some());
    move || {
        is_there.get().then(|| {
            view! {
                <div class="row view-row">
                    <Select testid="example" label="Example of the batch" options=number_options(1..=SIZE) value=example set=move |number| example.set(number)/>
                </div>
                <div class="scroll wide network-area" tabindex="0" role="region" aria-label="The network" data-testid="network">{picture}</div>
                <p class="note">
                    "In each node: above, what it holds on the way forward; below, in orange, δ, the loss’s derivative on the way back. A neuron that is off holds 0 and passes nothing back; what carries nothing is faint."
                </p>
            }
        })
    }
}

/// The column of a node, from the inputs, and its row.
fn place(part: Part) -> (usize, usize) {
    match part {
        Part::Input(row) => (0, row),
        Part::Neuron(Neuron { layer, row }) => (layer + 1, row),
        _ => (0, 0),
    }
}

fn drawing(pass: &NetworkPass, example: usize) -> impl IntoView + use<> {
    let layout = Layout::of(&[SIZE; 3], WIDTH);
    let (width, height) = layout.size;
    let holds = |(column, row): (usize, usize)| pass.forward[column][[example, row]];
    let edge = |edge: &Edge| {
        let (layer, row, column) = (edge.place.layer, edge.place.row, edge.place.column.unwrap_or(0));
        let weight = pass.weights[layer][[row, column]];
        let is_idle = holds((layer, column)) == 0.0;
        view! {
            <path class="edge" class:minus=weight < 0.0 class:idle=is_idle d=edge.path() stroke-width=format!("{:.2}", width_px(weight))>
                <title>{format!("W{}, row {}, column {}: {}", subscript(layer + 1), row + 1, column + 1, cell(weight))}</title>
            </path>
        }
    };
    let node = |node: &Node| {
        let (column, row) = place(node.part);
        let Node { at: (x, y), half, .. } = *node;
        let half = half.max(24.0);
        let wide = half + ROOM;
        let (value, back) = (holds((column, row)), pass.backward[column][[example, row]]);
        let letter = ["x", "h", "p"][column];
        let names = format!("{letter}{}: {}, δ {}", subscript(row + 1), cell(value), cell(back));
        view! {
            <g class="node" class:off=value == 0.0 role="img" aria-label=names data-testid=format!("node-{column}-{row}") data-value=format!("[{value},{back}]")>
                <rect x=x - wide y=y - half width=2.0 * wide height=2.0 * half rx="4"></rect>
                <text class="held" x=x y=y - 5.0>{significant(value, 3)}</text>
                <text class="delta" x=x y=y + 15.0>{significant(back, 3)}</text>
                <text class="name" x=x y=y + half + 15.0>{letter} <tspan dy="3" font-size="10">{row + 1}</tspan></text>
            </g>
        }
    };
    view! {
        <svg viewBox=format!("0 0 {width} {height}") width=width height=height>
            <g>{layout.edges.iter().map(edge).collect_view()}</g>
            <g>{layout.nodes.iter().map(node).collect_view()}</g>
        </svg>
    }
}
