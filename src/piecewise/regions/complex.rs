//! Corners and edges of the cells, each once.
//!
//! An edge that a neuron cuts is cut at the same point for the cells at both of its sides, so it remembers its halves. Cells are
//! cut by the layers in their order, and by a layer's neurons in theirs, so both sides come to the halves by the same cuts.

use super::filter::{Form, Place};

const NONE: u32 = u32::MAX;

/// Where a line comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// A side of the window: x (0) or y (1) at a number.
    Side { axis: usize, at: f64 },
    /// Where a neuron, or an output, less another, is 0 in a cell of the layers before its own.
    Sum { cell: u32, neuron: usize, less: Option<usize> },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub form: Form,
    pub source: Source,
}

/// A corner: where two lines meet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vertex {
    pub place: Place,
    pub lines: [u32; 2],
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub ends: [u32; 2],
    line: u32,
    /// The first of its halves, which has the first of its ends; the second follows.
    halves: u32,
    /// The finished cells at its sides.
    cells: [u32; 2],
    /// One more than the class of the first part beside it that was found; 0 before.
    pub class: u32,
}

/// A corner of a polygon, and the edge from there to the next corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Corner {
    pub vertex: u32,
    pub edge: u32,
}

/// A polygon, counter-clockwise.
pub(super) type Polygon = Vec<Corner>;

#[derive(Default)]
pub(super) struct Complex {
    pub lines: Vec<Line>,
    pub vertices: Vec<Vertex>,
    pub edges: Vec<Edge>,
}

impl Complex {
    pub fn add_line(&mut self, line: Line) -> u32 {
        self.lines.push(line);
        self.lines.len() as u32 - 1
    }

    pub fn add_edge(&mut self, ends: [u32; 2], line: u32) -> u32 {
        self.edges.push(Edge { ends, line, halves: NONE, cells: [NONE; 2], class: 0 });
        self.edges.len() as u32 - 1
    }

    /// The point where a line crosses an edge, and whether it is new; its place is yet to be found if so.
    pub fn halve(&mut self, edge: u32, line: u32) -> (u32, bool) {
        let Edge { ends: [from, to], line: along, halves, .. } = self.edges[edge as usize];
        if halves != NONE {
            return (self.edges[halves as usize].ends[1], false);
        }
        let place = self.lines[along as usize].form.meet(&self.lines[line as usize].form);
        self.vertices.push(Vertex { place, lines: [along, line] });
        let vertex = self.vertices.len() as u32 - 1;
        self.edges[edge as usize].halves = self.edges.len() as u32;
        self.add_edge([from, vertex], along);
        self.add_edge([vertex, to], along);
        (vertex, true)
    }

    /// Cuts a polygon by a line that has corners strictly at both of its sides; the side of each corner is 1, 0 or −1. All edges that
    /// the line crosses have been halved. Returns the part below and the part above.
    pub fn cut(&mut self, polygon: &[Corner], sides: &[i8], line: u32) -> [Polygon; 2] {
        // The corners, those that are new among them.
        let mut round: Vec<(Corner, i8)> = Vec::with_capacity(polygon.len() + 2);
        for (index, &corner) in polygon.iter().enumerate() {
            let (here, next) = (sides[index], sides[(index + 1) % sides.len()]);
            if here * next < 0 {
                let halves = self.edges[corner.edge as usize].halves;
                let [first, _] = self.edges[halves as usize].ends;
                let (near, far) = if first == corner.vertex { (halves, halves + 1) } else { (halves + 1, halves) };
                let middle = self.edges[halves as usize].ends[1];
                round.push((Corner { edge: near, ..corner }, here));
                round.push((Corner { vertex: middle, edge: far }, 0));
            } else {
                round.push((corner, here));
            }
        }
        // A line meets the border of a strictly convex polygon that it cuts in two points.
        let count = round.len();
        let entry = |sign: i8| (0..count).find(|&at| round[at].1 == 0 && round[(at + 1) % count].1 == sign);
        let (Some(to_below), Some(to_above)) = (entry(-1), entry(1)) else {
            unreachable!("a line with corners at both sides crosses the border twice")
        };
        let edge = self.add_edge([round[to_below].0.vertex, round[to_above].0.vertex], line);
        [(to_below, to_above), (to_above, to_below)].map(|(from, to)| {
            let length = (to + count - from) % count;
            let arc = (0..length).map(|step| round[(from + step) % count].0);
            arc.chain([Corner { edge, ..round[to].0 }]).collect()
        })
    }

    /// Notes a finished cell at its edges.
    pub fn border(&mut self, polygon: &[Corner], cell: u32) {
        for corner in polygon {
            let cells = &mut self.edges[corner.edge as usize].cells;
            cells[usize::from(cells[0] != NONE)] = cell;
        }
    }
}

impl Edge {
    /// Whether it is a side of a finished cell.
    pub fn has_cell(&self) -> bool {
        self.cells[0] != NONE
    }

    /// The finished cells at both of its sides, if there are two.
    pub fn sides(&self) -> Option<[u32; 2]> {
        (self.cells[1] != NONE).then_some(self.cells)
    }
}
