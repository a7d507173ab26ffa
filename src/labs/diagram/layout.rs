//! Where nodes and edges are.

use crate::labs::highlight::{Neuron, Part};
use crate::labs::parameters::Place;

type Point = (f64, f64);

/// The least distance of two columns of nodes.
const COLUMN: f64 = 62.0;
/// Room beside the first and the last column.
const MARGIN: f64 = 44.0;
/// Room above the highest node and below the lowest.
const EDGE: f64 = 8.0;
/// Distances of nodes in a column: the usual one, and all of the tallest column together.
const PITCH: (f64, f64) = (72.0, 304.0);
/// The largest side of a node.
const SIDE: f64 = 48.0;
/// Room for a number below a node; where nodes are closer than that, there is none.
const BELOW: f64 = 20.0;
/// Layers with more edges than this have thin ones.
const MANY: usize = 48;
/// How far from an edge or a node it can be taken hold of.
const REACH: (f64, f64) = (8.0, 3.0);
/// Points of an edge at which its distance is taken.
const ALONG: usize = 24;

/// An input, a hidden neuron, or the output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub part: Part,
    /// Its middle.
    pub at: Point,
    /// Half its side.
    pub half: f64,
}

/// A weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Which.
    pub place: Place,
    /// Where it leaves one node and reaches the other.
    pub ends: [Point; 2],
    /// What its width is multiplied by.
    pub thinness: f64,
    /// Where its weight can be written without covering another edge's, if anywhere.
    pub label: Option<Point>,
}

/// A network's drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Width and height.
    pub size: (f64, f64),
    /// Column by column, each from the top.
    pub nodes: Vec<Node>,
    /// Matrix by matrix, in reading order.
    pub edges: Vec<Edge>,
    /// Whether there is room for a number below each node.
    pub has_room: bool,
}

impl Edge {
    /// A point along it, from 0 to 1: a cubic that leaves and arrives level.
    pub fn point(&self, share: f64) -> Point {
        let [(x0, y0), (x1, y1)] = self.ends;
        let back = 1.0 - share;
        let (first, second) = (3.0 * back * back * share, 3.0 * back * share * share);
        let (start, end) = (back.powi(3), share.powi(3));
        let middle = (x0 + x1) / 2.0;
        (start * x0 + (first + second) * middle + end * x1, (start + first) * y0 + (second + end) * y1)
    }

    /// As the `d` of an SVG path.
    pub fn path(&self) -> String {
        let [(x0, y0), (x1, y1)] = self.ends;
        let middle = (x0 + x1) / 2.0;
        format!("M{x0:.1},{y0:.1}C{middle:.1},{y0:.1} {middle:.1},{y1:.1} {x1:.1},{y1:.1}")
    }

    fn distance(&self, (x, y): Point) -> f64 {
        let points = (0..=ALONG).map(|step| self.point(step as f64 / ALONG as f64));
        let points: Vec<_> = points.collect();
        let to_segment = |pair: &[Point]| {
            let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
            let (dx, dy) = (bx - ax, by - ay);
            let share = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
            (x - ax - share * dx).hypot(y - ay - share * dy)
        };
        points.windows(2).map(to_segment).fold(f64::INFINITY, f64::min)
    }
}

impl Layout {
    /// Of a network with so many inputs, these hidden widths and one output, as wide as it may be. It is wider where its
    /// columns would come too close.
    pub fn new(inputs: usize, hidden: &[usize], width: f64) -> Self {
        Self::of(&[&[inputs], hidden, &[1]].concat(), width)
    }

    /// Of a network with so many inputs, neurons in each layer, and outputs. Several outputs are the neurons of a last
    /// layer.
    pub fn of(counts: &[usize], width: f64) -> Self {
        let is_output = |column: usize| column + 1 == counts.len() && counts[column] == 1;
        let tallest = counts.iter().copied().max().unwrap_or(1);
        let pitch = PITCH.0.min(PITCH.1 / tallest as f64);
        let has_room = pitch >= SIDE + BELOW - 8.0;
        let gap = if has_room { BELOW } else { (pitch * 0.18).max(2.5) };
        let side = SIDE.min(pitch - gap);
        let between = ((width - 2.0 * MARGIN) / (counts.len() - 1) as f64).max(COLUMN);
        let height = pitch * tallest as f64 + 2.0 * EDGE;
        let below = if has_room { BELOW } else { 0.0 };
        // A column of few spreads.
        let apart = |column: usize| PITCH.0.min(pitch * tallest as f64 / counts[column] as f64);
        let place = |column: usize, row: usize| {
            let top = (height - apart(column) * counts[column] as f64) / 2.0;
            (MARGIN + between * column as f64, top + apart(column) * (row as f64 + 0.5) - below / 2.0)
        };
        // Inputs and the output are few: they may be larger than the neurons of a tall layer.
        let half = |column: usize| match column {
            0 => 15.0_f64.min(apart(0) / 2.6),
            column if is_output(column) => SIDE / 2.0,
            _ => side / 2.0,
        };
        let part = |column: usize, row: usize| match column {
            0 => Part::Input(row),
            column if is_output(column) => Part::Output,
            column => Part::Neuron(Neuron { layer: column - 1, row }),
        };
        let column_of =
            |(column, &count): (usize, &usize)| (0..count).map(move |row| (column, row)).collect::<Vec<_>>();
        let all = counts.iter().enumerate().flat_map(column_of);
        let nodes =
            all.map(|(column, row)| Node { part: part(column, row), at: place(column, row), half: half(column) });
        let mut edges = Vec::new();
        for (layer, pair) in counts.windows(2).enumerate() {
            let (before, after) = (pair[0], pair[1]);
            for row in 0..after {
                for column in 0..before {
                    let ((x0, y0), (x1, y1)) = (place(layer, column), place(layer + 1, row));
                    let ends = [(x0 + half(layer), y0), (x1 - half(layer + 1), y1)];
                    let thinness = if before * after > MANY { 0.5 } else { 1.0 };
                    let mut edge =
                        Edge { place: Place { layer, row, column: Some(column) }, ends, thinness, label: None };
                    // Where edges fan out, their far ends are apart; of edges between many and many, none are.
                    let share = if before == 1 {
                        Some(0.66)
                    } else if after == 1 {
                        Some(0.34)
                    } else {
                        None
                    };
                    edge.label = share.filter(|_| has_room && between > 110.0).map(|share| edge.point(share));
                    edges.push(edge);
                }
            }
        }
        let size = (2.0 * MARGIN + between * (counts.len() - 1) as f64, height);
        Self { size, nodes: nodes.collect(), edges, has_room }
    }

    /// What is under a point: a node, or else the nearest edge that is near.
    pub fn at(&self, point: Point) -> Option<Part> {
        let is_in = |node: &&Node| {
            let reach = node.half + REACH.1;
            (point.0 - node.at.0).abs() <= reach && (point.1 - node.at.1).abs() <= reach
        };
        let node = self.nodes.iter().find(is_in).map(|node| node.part);
        node.or_else(|| {
            let near = self.edges.iter().filter(|edge| edge.ends[0].0 <= point.0 && point.0 <= edge.ends[1].0);
            let near = near.map(|edge| (edge.distance(point), edge)).min_by(|a, b| a.0.total_cmp(&b.0));
            near.filter(|(distance, _)| *distance <= REACH.0).map(|(_, edge)| Part::Parameter(edge.place))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_and_edge_is_found_where_it_is_drawn() {
        for hidden in [&[3][..], &[1], &[8, 8, 8], &[16, 16, 16, 16, 16], &[2, 5]] {
            let layout = Layout::new(1, hidden, 700.0);
            for node in &layout.nodes {
                assert_eq!(layout.at(node.at), Some(node.part));
            }
            // Near its end an edge is alone, unless edges are closer than the eye can part.
            if hidden.iter().all(|&width| width < 9) {
                for edge in &layout.edges {
                    let found = (1..40)
                        .any(|step| layout.at(edge.point(f64::from(step) / 40.0)) == Some(Part::Parameter(edge.place)));
                    assert!(found, "{:?} of {hidden:?}", edge.place);
                }
            }
        }
    }

    #[test]
    fn nodes_are_apart_and_inside() {
        for hidden in [&[16; 5][..], &[1, 16, 2], &[4, 4]] {
            for width in [320.0, 700.0, 1000.0] {
                let layout = Layout::new(2, hidden, width);
                assert!(layout.size.0 >= width - 1e-9);
                for (index, a) in layout.nodes.iter().enumerate() {
                    assert!(a.at.0 - a.half >= 0.0 && a.at.0 + a.half <= layout.size.0);
                    assert!(a.at.1 - a.half >= 0.0 && a.at.1 + a.half <= layout.size.1, "{a:?} of {:?}", layout.size);
                    for b in &layout.nodes[index + 1..] {
                        let apart = (a.at.0 - b.at.0).abs().max((a.at.1 - b.at.1).abs());
                        assert!(apart > a.half + b.half + 2.0, "{a:?} {b:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_edge_runs_from_its_column_to_its_row() {
        let layout = Layout::new(1, &[2, 3], 600.0);
        assert_eq!(layout.edges.len(), 2 + 6 + 3);
        let node = |part| layout.nodes.iter().find(|node| node.part == part).copied();
        for edge in &layout.edges[2..8] {
            let Place { row, column: Some(column), .. } = edge.place else { panic!("a weight") };
            let from = node(Part::Neuron(Neuron { layer: 0, row: column })).map(|node| node.at.1);
            let to = node(Part::Neuron(Neuron { layer: 1, row })).map(|node| node.at.1);
            assert_eq!((Some(edge.ends[0].1), Some(edge.ends[1].1)), (from, to));
            assert_eq!((edge.point(0.0), edge.point(1.0)), (edge.ends[0], edge.ends[1]));
        }
    }
}
