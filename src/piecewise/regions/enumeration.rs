//! Cuts a window into the cells of a network, depth first: each cell is cut by all layers before its neighbour is.

use std::collections::BTreeMap;

use super::complex::{Complex, Corner, Line, Polygon, Source, Vertex};
use super::exact::{self, ExactForm, ExactNet, ExactPoint, Pass, Signs};
use super::filter::{Filter, Form, Place, Sign};
use super::found::{Bend, Regions, Switching};
use super::net::{TrainedNet, Window};

/// A cell of the layers so far: a node of the tree of cells.
struct Node {
    parent: u32,
    /// How many layers cut it.
    depth: usize,
    /// Which neurons of the last of these are on.
    on: u64,
}

/// A cell that the next layer is to cut.
struct Pending {
    node: u32,
    polygon: Polygon,
}

/// What is known of a layer's signs at a vertex.
#[derive(Clone, Copy, Default)]
struct Known {
    signs: Signs,
    /// Of which neurons.
    known: u64,
}

/// The sums of a layer's neurons in a cell, as affine forms: a, b and c.
#[derive(Default)]
struct Sums {
    a: Vec<f64>,
    b: Vec<f64>,
    c: Vec<f64>,
}

/// What a layer's neurons did in the cells so far, as bits.
#[derive(Clone, Copy, Default)]
struct Seen {
    on: u64,
    off: u64,
}

/// An enumeration under way.
pub struct Enumeration {
    net: TrainedNet,
    window: Window,
    most_cells: usize,
    filter: Filter,
    complex: Complex,
    nodes: Vec<Node>,
    pending: Vec<Pending>,
    /// The sums of each layer, in the cell that was last cut by it.
    sums: Vec<Sums>,
    /// By vertex and hidden layer.
    known: Vec<Known>,
    seen: Vec<Seen>,
    /// The integers, as soon as a sign is in doubt.
    exact_net: Option<ExactNet>,
    /// The vertices where one was.
    passes: BTreeMap<u32, Pass>,
    found: Regions,
}

/// Whether corners lie strictly at both sides.
fn is_cut(sides: &[i8]) -> bool {
    sides.contains(&1) && sides.contains(&-1)
}

fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (bit < u64::BITS).then_some(bit as usize)
    })
}

/// The lowest so many bits.
fn lowest(count: usize) -> u64 {
    u64::MAX >> (u64::BITS as usize - count)
}

impl Sums {
    /// In a cell where the neurons of the layer before are on that `on` says; `before` has their sums. For the first layer there are none.
    fn fill(&mut self, net: &TrainedNet, layer: usize, before: Option<(&Self, u64)>) {
        let (weights, bias) = net.columns(layer);
        let rows = bias.len();
        self.c.clear();
        self.c.extend_from_slice(bias);
        let Some((before, on)) = before else {
            self.a.clear();
            self.a.extend_from_slice(&weights[..rows]);
            self.b.clear();
            self.b.extend_from_slice(&weights[rows..]);
            return;
        };
        for sums in [&mut self.a, &mut self.b] {
            sums.clear();
            sums.resize(rows, 0.0);
        }
        for neuron in bits(on) {
            let column = &weights[neuron * rows..][..rows];
            let factors = [before.a[neuron], before.b[neuron], before.c[neuron]];
            for (sums, factor) in [&mut self.a, &mut self.b, &mut self.c].into_iter().zip(factors) {
                for (sum, weight) in sums.iter_mut().zip(column) {
                    *sum += weight * factor;
                }
            }
        }
    }

    fn at(&self, neuron: usize) -> [f64; 3] {
        [self.a[neuron], self.b[neuron], self.c[neuron]]
    }
}

impl Known {
    fn side(&self, neuron: usize) -> i8 {
        let bit = |set: u64| (set >> neuron & 1) as i8;
        bit(self.signs.positive) - bit(self.signs.negative)
    }

    /// What the signs at both ends of an edge say of a point between them: all but those that differ strictly.
    fn between(&self, other: &Self) -> Self {
        let positive = self.signs.positive | other.signs.positive;
        let negative = self.signs.negative | other.signs.negative;
        let known = self.known & other.known & !(positive & negative);
        Self { known, signs: Signs { positive: positive & known, negative: negative & known } }
    }
}

impl Enumeration {
    /// Of a network in a window, which gives up when there are so many cells. A window without an area, or without finite sides, has no
    /// cell.
    pub fn new(net: &TrainedNet, window: Window, most_cells: usize) -> Self {
        let hidden = net.hidden();
        let mut enumeration = Self {
            filter: Filter::new(net, &window),
            sums: (0..=hidden).map(|_| Sums::default()).collect(),
            net: net.clone(),
            window,
            most_cells,
            complex: Complex::default(),
            nodes: vec![Node { parent: 0, depth: 0, on: 0 }],
            pending: Vec::new(),
            known: Vec::new(),
            seen: vec![Seen::default(); hidden],
            exact_net: None,
            passes: BTreeMap::new(),
            found: Regions { counts: vec![0; hidden], ..Regions::default() },
        };
        if window.is_proper() {
            let polygon = enumeration.outline();
            enumeration.pending.push(Pending { node: 0, polygon });
        }
        enumeration
    }

    /// Cuts so many cells by one layer each. Returns whether all is done.
    pub fn advance(&mut self, cells: usize) -> bool {
        for _ in 0..cells {
            if self.found.len() >= self.most_cells {
                return true;
            }
            let Some(Pending { node, polygon }) = self.pending.pop() else { return true };
            let Node { depth, on, .. } = self.nodes[node as usize];
            let (before, sums) = self.sums.split_at_mut(depth);
            sums[0].fill(&self.net, depth, before.last().map(|before| (before, on)));
            if depth == self.net.hidden() {
                self.finish_cell(node, &polygon);
            } else {
                self.cut(node, depth, polygon);
            }
        }
        self.pending.is_empty()
    }

    /// How many cells are finished.
    pub fn cells(&self) -> usize {
        self.found.len()
    }

    /// What was found so far.
    pub fn finish(mut self) -> Regions {
        self.found.is_complete = self.pending.is_empty() && self.window.is_proper();
        self.found.vertices = self.complex.vertices.iter().map(|vertex| vertex.place.at).collect();
        let widths = self.net.hidden_widths();
        let switching = |(seen, width): (&Seen, usize)| {
            let of = |neuron: usize| match (seen.on >> neuron & 1, seen.off >> neuron & 1) {
                (1, 1) => Switching::Both,
                (1, _) => Switching::On,
                _ => Switching::Off,
            };
            (0..width).map(of).collect()
        };
        self.found.switching = self.seen.iter().zip(widths).map(switching).collect();
        let mut bends = Vec::new();
        for edge in &self.complex.edges {
            self.found.edges += usize::from(edge.has_cell());
            let Some([first, second]) = edge.sides() else { continue };
            let patterns = self.found.pattern(first as usize).iter().zip(self.found.pattern(second as usize));
            for (layer, (first, second)) in patterns.enumerate() {
                let bend = |neuron| Bend { layer: layer as u32, neuron: neuron as u32, ends: edge.ends };
                bends.extend(bits(first ^ second).map(bend));
            }
        }
        self.found.bends = bends;
        self.found
    }

    /// The window's corners and sides, counter-clockwise.
    fn outline(&mut self) -> Polygon {
        let Window { x: [left, right], y: [bottom, top] } = self.window;
        let sides = [(1, bottom), (0, right), (1, top), (0, left)];
        let lines = sides.map(|(axis, at)| {
            let mut coefficients = [0.0, 0.0, -at];
            coefficients[axis] = 1.0;
            self.complex.add_line(Line { form: Form::exact(coefficients), source: Source::Side { axis, at } })
        });
        let corners = [[left, bottom], [right, bottom], [right, top], [left, top]];
        for (index, at) in corners.into_iter().enumerate() {
            let place = Place { at, error: [0.0; 2] };
            self.complex.vertices.push(Vertex { place, lines: [lines[(index + 3) % 4], lines[index]] });
        }
        let corner = |index: u32| Corner {
            vertex: index,
            edge: self.complex.add_edge([index, (index + 1) % 4], lines[index as usize]),
        };
        let outline = (0..4).map(corner).collect();
        self.known.resize(self.complex.vertices.len() * self.net.hidden(), Known::default());
        outline
    }

    /// Cuts a cell by the neurons of the next layer.
    fn cut(&mut self, node: u32, layer: usize, polygon: Polygon) {
        let width = self.sums[layer].a.len();
        let (mut positive, mut negative) = (0, 0);
        for corner in &polygon {
            let signs = self.signs(layer, corner.vertex, lowest(width));
            positive |= signs.positive;
            negative |= signs.negative;
        }
        let crossing = positive & negative;
        let mut pieces = vec![(polygon, positive & !negative)];
        let mut sides = Vec::new();
        for neuron in bits(crossing) {
            let line = self.line(node, layer, neuron, None);
            for index in 0..pieces.len() {
                let (polygon, on) = &mut pieces[index];
                sides.clear();
                for corner in polygon.iter() {
                    self.signs(layer, corner.vertex, 1 << neuron);
                    sides.push(self.known[self.index(corner.vertex, layer)].side(neuron));
                }
                if is_cut(&sides) {
                    self.halve_edges(layer, polygon, neuron, line);
                    let [below, above] = self.complex.cut(polygon, &sides, line);
                    *polygon = below;
                    let on = *on | 1 << neuron;
                    pieces.push((above, on));
                } else if sides.contains(&1) {
                    *on |= 1 << neuron;
                }
            }
        }
        self.found.counts[layer] += pieces.len();
        for (polygon, on) in pieces {
            self.seen[layer].on |= on;
            self.seen[layer].off |= lowest(width) & !on;
            self.nodes.push(Node { parent: node, depth: layer + 1, on });
            self.pending.push(Pending { node: self.nodes.len() as u32 - 1, polygon });
        }
    }

    /// Halves the edges that a neuron crosses, of which it is known at both ends.
    fn halve_edges(&mut self, layer: usize, polygon: &[Corner], neuron: usize, line: u32) {
        for &Corner { edge, .. } in polygon {
            let ends = self.complex.edges[edge as usize].ends;
            let [from, to] = ends.map(|vertex| self.known[self.index(vertex, layer)]);
            if from.side(neuron) * to.side(neuron) < 0
                && let Some(vertex) = self.halve(edge, line)
            {
                // Where the neuron is 0.
                let mut between = from.between(&to);
                between.known |= 1 << neuron;
                let index = self.index(vertex, layer);
                self.known[index] = between;
            }
        }
    }

    /// Halves an edge where a line crosses it. Returns the new vertex, if it was not there.
    fn halve(&mut self, edge: u32, line: u32) -> Option<u32> {
        let (vertex, is_new) = self.complex.halve(edge, line);
        if !is_new {
            return None;
        }
        self.known.resize(self.complex.vertices.len() * self.seen.len(), Known::default());
        let lines = self.complex.vertices[vertex as usize].lines;
        let mut place = self.complex.vertices[vertex as usize].place;
        if !place.is_fine(&self.window) {
            place = Place::nearest(self.point(lines).to_f64());
        }
        self.complex.vertices[vertex as usize].place = place.within(&self.window);
        Some(vertex)
    }

    /// The line where a layer's neuron, less another, is 0 in a cell.
    fn line(&mut self, cell: u32, layer: usize, neuron: usize, less: Option<usize>) -> u32 {
        let form = self.form(layer, neuron, less);
        self.complex.add_line(Line { form, source: Source::Sum { cell, neuron, less } })
    }

    /// The sum of a layer's neuron, less that of another, in the cell that the layer cut last.
    fn form(&self, layer: usize, neuron: usize, less: Option<usize>) -> Form {
        let of = |neuron| Form { coefficients: self.sums[layer].at(neuron), errors: self.filter.errors(layer, neuron) };
        less.map_or_else(|| of(neuron), |less| of(neuron).minus(&of(less)))
    }

    fn index(&self, vertex: u32, layer: usize) -> usize {
        vertex as usize * self.seen.len() + layer
    }

    /// The signs of some of a hidden layer's neurons at a corner of the cell that the layer cut last.
    fn signs(&mut self, layer: usize, vertex: u32, neurons: u64) -> Signs {
        let index = self.index(vertex, layer);
        let mut known = self.known[index];
        let unknown = neurons & !known.known;
        if unknown == 0 {
            return known.signs;
        }
        let place = &self.complex.vertices[vertex as usize].place;
        let [x, y] = place.at;
        let sums = &self.sums[layer];
        let mut doubtful = 0_u64;
        for neuron in bits(unknown) {
            let [a, b, c] = sums.at(neuron);
            let error = self.filter.error_at(layer, neuron, [a, b], place);
            match Sign::of(a * x + b * y + c, error) {
                Sign::Positive => known.signs.positive |= 1 << neuron,
                Sign::Negative => known.signs.negative |= 1 << neuron,
                Sign::InDoubt => doubtful |= 1 << neuron,
            }
        }
        known.known |= unknown;
        self.found.decisions += u64::from(unknown.count_ones());
        if doubtful != 0 {
            self.found.exact_decisions += u64::from(doubtful.count_ones());
            let signs = self.ask(vertex, |pass, net| pass.signs(net, layer));
            known.signs.positive |= signs.positive & doubtful;
            known.signs.negative |= signs.negative & doubtful;
        }
        self.known[index] = known;
        known.signs
    }

    /// Asks the network at a vertex, in integers.
    fn ask<T>(&mut self, vertex: u32, question: impl FnOnce(&mut Pass, &ExactNet) -> T) -> T {
        let mut pass = match self.passes.remove(&vertex) {
            Some(pass) => pass,
            None => Pass::new(self.point(self.complex.vertices[vertex as usize].lines)),
        };
        let answer = question(&mut pass, self.exact_net());
        self.passes.insert(vertex, pass);
        answer
    }

    fn exact_net(&mut self) -> &ExactNet {
        self.exact_net.get_or_insert_with(|| ExactNet::new(&self.net))
    }

    /// Where two lines meet.
    fn point(&mut self, lines: [u32; 2]) -> ExactPoint {
        let [first, second] = lines.map(|line| self.exact_form(line));
        ExactPoint::meet(&first, &second)
    }

    fn exact_form(&mut self, line: u32) -> ExactForm {
        match self.complex.lines[line as usize].source {
            Source::Side { axis, at } => exact::side(axis, at),
            Source::Sum { cell, neuron, less } => {
                let on = self.pattern(cell);
                self.exact_net().form(&on, neuron, less)
            }
        }
    }

    /// Which neurons are on in a cell, by layer.
    fn pattern(&self, mut cell: u32) -> Vec<u64> {
        let mut on = Vec::new();
        while self.nodes[cell as usize].depth > 0 {
            on.push(self.nodes[cell as usize].on);
            cell = self.nodes[cell as usize].parent;
        }
        on.reverse();
        on
    }

    /// Keeps a cell that all hidden layers have cut, and cuts it where the prediction changes.
    fn finish_cell(&mut self, node: u32, polygon: &Polygon) {
        let cell = self.found.len() as u32;
        let layer = self.net.hidden();
        let outputs = self.net.outputs();
        self.complex.border(polygon, cell);
        self.found.polygons.push(polygon.iter().map(|corner| corner.vertex));
        let pattern = self.pattern(node);
        self.found.on.extend(pattern);
        self.found.maps.extend((0..outputs).map(|output| self.sums[layer].at(output)));
        let mut parts = vec![(polygon.clone(), 0)];
        let mut sides = Vec::new();
        for class in 1..outputs.max(2) {
            for index in 0..parts.len() {
                let (polygon, best) = &mut parts[index];
                let (output, less) = if outputs == 1 { (0, None) } else { (class, Some(*best)) };
                let form = self.form(layer, output, less);
                sides.clear();
                for corner in polygon.iter() {
                    sides.push(self.lead(&form, corner.vertex, output, less));
                }
                if is_cut(&sides) {
                    let line = self.line(node, layer, output, less);
                    for (index, corner) in polygon.iter().enumerate() {
                        if sides[index] * sides[(index + 1) % sides.len()] < 0 {
                            self.halve(corner.edge, line);
                        }
                    }
                    let [below, above] = self.complex.cut(polygon, &sides, line);
                    *polygon = below;
                    parts.push((above, class));
                } else if sides.contains(&1) {
                    *best = class;
                }
            }
        }
        for (polygon, class) in parts {
            self.found.parts.push(polygon.iter().map(|corner| corner.vertex));
            self.found.part_cells.push(cell);
            self.found.part_classes.push(class as u32);
            for corner in polygon {
                let edge = &mut self.complex.edges[corner.edge as usize];
                let before = std::mem::replace(&mut edge.class, class as u32 + 1);
                if before != 0 && before != edge.class {
                    self.found.boundary.push(edge.ends);
                }
            }
        }
    }

    /// The side of a corner of the cell that was finished last, by an output less another, whose form is given.
    fn lead(&mut self, form: &Form, vertex: u32, output: usize, less: Option<usize>) -> i8 {
        self.found.decisions += 1;
        match form.sign(&self.complex.vertices[vertex as usize].place, self.window.reach()) {
            Sign::Positive => 1,
            Sign::Negative => -1,
            Sign::InDoubt => {
                self.found.exact_decisions += 1;
                self.ask(vertex, |pass, net| pass.lead(net, output, less)) as i8
            }
        }
    }
}
