//! The sweep along a line, layer by layer, in pieces.

use super::exact::{ExactForm, ExactLine};
use super::kinks::{Kink, LineKinks};

/// Unit roundoff of f64, and what makes bounds safe against their own rounding.
const UNIT: f64 = f64::EPSILON / 2.0;
const SAFETY: f64 = 1.01;
/// Multiplications between two looks at the clock.
const PIECE: usize = 4_000_000;

/// One affine layer, by reference.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// rows × inputs, row by row.
    pub weights: &'a [f32],
    /// One a row.
    pub bias: &'a [f32],
}

/// The forms of a layer's neurons in the piece of the line that the sweep is at: `constant + slope·t`, wrong by at most `error` anywhere on
/// the line, and the slope by at most `error` over the largest |t|.
///
/// No bound is needed for underflow as long as there are at most [`MAX_LAYERS`] layers: all numbers are multiples of 2^−149 for each
/// factor, which f64 has.
#[derive(Clone, Default)]
struct Forms {
    constant: Vec<f64>,
    slope: Vec<f64>,
    error: Vec<f64>,
}

/// Most layers of a network.
const MAX_LAYERS: usize = 5;

/// A place where neurons of the layers so far go on or off; the first and the last are the ends.
#[derive(Clone, Debug)]
struct Place {
    t: f64,
    error: f64,
    /// Layer, neuron; by layer. None at an end.
    flips: Vec<(usize, usize)>,
}

enum Stage {
    /// So many rows of the first layer are done.
    First(usize),
    /// A layer is swept; so many pieces are done.
    Sweep {
        layer: usize,
        piece: usize,
    },
    Done,
}

/// A search for the kinks on a line.
pub struct Sweep {
    from: Vec<f32>,
    to: Vec<f32>,
    /// The largest |t|.
    reach: f64,
    stage: Stage,
    /// Of each layer, where the sweep is.
    forms: Vec<Forms>,
    /// Which neurons of each hidden layer are on there.
    on: Vec<Vec<bool>>,
    /// And at the start of the line.
    on_at_start: Vec<Vec<bool>>,
    /// Of the neurons of the layer that is swept, at the last place passed: 1, 0 or −1.
    sides: Vec<i8>,
    places: Vec<Place>,
    /// With those of the layer that is swept, as far as the sweep has come.
    next_places: Vec<Place>,
    exact: ExactLine,
    found: LineKinks,
}

/// By how much a neuron's sum grows with what another one of an earlier layer passes on, and how wrong that may be.
#[derive(Clone, Copy)]
struct Gain {
    value: f64,
    error: f64,
}

impl<'a> Rows<'a> {
    fn inputs(&self) -> usize {
        self.weights.len() / self.bias.len()
    }

    /// The weights of what comes from an input, as gains.
    fn column(&self, input: usize) -> impl Iterator<Item = Gain> {
        let weights = self.weights.iter().skip(input).step_by(self.inputs());
        weights.map(|&weight| Gain { value: weight.into(), error: 0.0 })
    }

    /// Gains by those of the layer before.
    fn gains(&self, before: &[Gain]) -> Vec<Gain> {
        let roundings = (before.len() + 1) as f64 * UNIT;
        let gain = |neuron: usize| {
            let (mut value, mut error, mut size) = (0.0, 0.0, 0.0);
            for (&weight, gain) in self.row(neuron).iter().zip(before) {
                let weight = f64::from(weight);
                value += weight * gain.value;
                size += (weight * gain.value).abs();
                error += weight.abs() * gain.error;
            }
            Gain { value, error: (error + roundings * size) * SAFETY }
        };
        (0..self.bias.len()).map(gain).collect()
    }

    /// The weights of a neuron.
    pub(super) fn row(&self, neuron: usize) -> &'a [f32] {
        &self.weights[neuron * self.inputs()..][..self.inputs()]
    }
}

impl Forms {
    fn zeros(rows: usize) -> Self {
        Self { constant: vec![0.0; rows], slope: vec![0.0; rows], error: vec![0.0; rows] }
    }

    /// Of a layer, by those of the layer before, of which some are on.
    fn sums(rows: Rows, before: &Self, on: &[bool], reach: f64) -> Self {
        let mut forms = Self::zeros(rows.bias.len());
        let roundings = (rows.inputs() + 3) as f64 * UNIT;
        for (neuron, &bias) in rows.bias.iter().enumerate() {
            let (mut constant, mut slope, mut error) = (f64::from(bias), 0.0, 0.0);
            let mut size = constant.abs();
            for (input, (&weight, _)) in rows.row(neuron).iter().zip(on).enumerate().filter(|(_, (_, is_on))| **is_on) {
                let weight = f64::from(weight);
                let (of_constant, of_slope) = (weight * before.constant[input], weight * before.slope[input]);
                constant += of_constant;
                slope += of_slope;
                size += of_constant.abs() + reach * of_slope.abs();
                error += weight.abs() * before.error[input];
            }
            forms.constant[neuron] = constant;
            forms.slope[neuron] = slope;
            forms.error[neuron] = (error + roundings * size) * SAFETY;
        }
        forms
    }

    /// Adds a form to each neuron's, times the neuron's gain.
    fn add(&mut self, gains: impl Iterator<Item = Gain>, (constant, slope, error): (f64, f64, f64), reach: f64) {
        let size = constant.abs() + reach * slope.abs();
        let forms = self.constant.iter_mut().zip(&mut self.slope).zip(&mut self.error);
        for (((own_constant, own_slope), own_error), gain) in forms.zip(gains) {
            *own_constant += gain.value * constant;
            *own_slope += gain.value * slope;
            let rounding = own_constant.abs() + reach * own_slope.abs() + gain.value.abs() * size;
            let inherited = gain.value.abs() * error + gain.error * (size + error);
            *own_error += (inherited + 2.0 * UNIT * rounding) * SAFETY;
        }
    }

    fn at(&self, neuron: usize) -> (f64, f64, f64) {
        (self.constant[neuron], self.slope[neuron], self.error[neuron])
    }
}

impl Sweep {
    /// On the line through two inputs, from t = `range[0]` to t = `range[1]`. None if the network has no hidden layer or more than
    /// `MAX_LAYERS` layers, a shape does not fit, a number is not finite, or the range has no length.
    pub fn new(net: &[Rows], ends: [Vec<f32>; 2], range: [f64; 2]) -> Option<Self> {
        let [from, to] = ends;
        let mut inputs = from.len();
        for rows in net {
            if rows.bias.is_empty() || inputs == 0 || rows.weights.len() != inputs * rows.bias.len() {
                return None;
            }
            inputs = rows.bias.len();
        }
        let numbers = net.iter().flat_map(|rows| rows.weights.iter().chain(rows.bias));
        let is_finite = numbers.chain(&from).chain(&to).all(|number| number.is_finite());
        let has_length = range[0] < range[1] && range.iter().all(|t| t.is_finite());
        if !(2..=MAX_LAYERS).contains(&net.len()) || to.len() != from.len() || !is_finite || !has_length {
            return None;
        }
        let place = |t| Place { t, error: 0.0, flips: Vec::new() };
        Some(Self {
            from,
            to,
            reach: range[0].abs().max(range[1].abs()),
            stage: Stage::First(0),
            forms: net.iter().map(|rows| Forms::zeros(rows.bias.len())).collect(),
            on: Vec::new(),
            on_at_start: Vec::new(),
            sides: Vec::new(),
            places: range.map(place).to_vec(),
            next_places: Vec::new(),
            exact: ExactLine::default(),
            found: LineKinks { classes: inputs, counts: vec![0; net.len() - 1], ..LineKinks::default() },
        })
    }

    /// Does the next piece; the network must be the same every time. Returns whether it was the last.
    pub fn advance(&mut self, net: &[Rows]) -> bool {
        let mut work = 0;
        while work < PIECE {
            work += match self.stage {
                Stage::First(row) => self.first_row(net, row),
                Stage::Sweep { layer, piece } => self.piece(net, layer, piece),
                Stage::Done => return true,
            };
        }
        matches!(self.stage, Stage::Done)
    }

    /// How much is done, from 0 to 1: roughly.
    pub fn share(&self, net: &[Rows]) -> f64 {
        let layers = net.len() as f64;
        match self.stage {
            Stage::First(row) => row as f64 / net[0].bias.len() as f64 / layers,
            Stage::Sweep { layer, piece } => (layer as f64 + piece as f64 / self.places.len() as f64) / layers,
            Stage::Done => 1.0,
        }
    }

    /// What was found; whole once that [`advance`](Self::advance) has said so.
    pub fn found(&self) -> &LineKinks {
        &self.found
    }

    /// A row of the first layer: its form on the whole line.
    fn first_row(&mut self, net: &[Rows], row: usize) -> usize {
        let rows = net[0];
        let (mut start, mut end, mut start_size, mut end_size) = (f64::from(rows.bias[row]), 0.0, 0.0, 0.0);
        for ((&weight, &from), &to) in rows.row(row).iter().zip(&self.from).zip(&self.to) {
            // Products of two f32 are exact in f64; the difference may be rounded.
            let (weight, from, to) = (f64::from(weight), f64::from(from), f64::from(to));
            start += weight * from;
            end += weight * (to - from);
            start_size += (weight * from).abs();
            end_size += (weight * (to - from)).abs();
        }
        start_size += f64::from(rows.bias[row]).abs();
        let roundings = (rows.inputs() + 3) as f64 * UNIT;
        let forms = &mut self.forms[0];
        forms.constant[row] = start;
        forms.slope[row] = end;
        forms.error[row] = roundings * (start_size + self.reach * end_size) * SAFETY;
        self.stage = if row + 1 < rows.bias.len() { Stage::First(row + 1) } else { self.begin(net, 0) };
        2 * rows.inputs()
    }

    /// Goes back to the start of the line, to sweep a layer.
    fn begin(&mut self, net: &[Rows], layer: usize) -> Stage {
        self.on.clone_from(&self.on_at_start);
        for at in 1..=layer {
            let (before, forms) = self.forms.split_at_mut(at);
            forms[0] = Forms::sums(net[at], &before[at - 1], &self.on[at - 1], self.reach);
        }
        if layer + 1 < net.len() {
            self.sides = (0..net[layer].bias.len()).map(|neuron| self.side(net, layer, neuron, 0)).collect();
            self.on.push(Vec::new());
            self.next_places = vec![self.places[0].clone()];
        } else {
            self.note_outputs(0);
        }
        Stage::Sweep { layer, piece: 0 }
    }

    /// A layer's next piece: from one place to the next.
    fn piece(&mut self, net: &[Rows], layer: usize, piece: usize) -> usize {
        let is_hidden = layer + 1 < net.len();
        let is_last = piece + 2 == self.places.len();
        let mut work = 0;
        if is_hidden {
            work += 4 * net[layer].bias.len();
            self.find_kinks(net, layer, piece);
        }
        if is_last {
            if !is_hidden {
                self.note_outputs(piece + 1);
                self.stage = Stage::Done;
                self.keep_kinks();
                return work + 1;
            }
            self.places = std::mem::take(&mut self.next_places);
            self.stage = self.begin(net, layer + 1);
            return work + net.iter().take(layer + 2).map(|rows| rows.weights.len()).sum::<usize>();
        }
        work += self.cross(net, layer, piece + 1);
        if !is_hidden {
            self.note_outputs(piece + 1);
        }
        self.stage = Stage::Sweep { layer, piece: piece + 1 };
        work + 1
    }

    /// Where the neurons of a layer go on or off in a piece, or at its start.
    fn find_kinks(&mut self, net: &[Rows], layer: usize, piece: usize) {
        let mut inside = Vec::new();
        let mut at_start = Vec::new();
        let is_first = piece == 0;
        for neuron in 0..net[layer].bias.len() {
            let before = self.sides[neuron];
            let after = self.side(net, layer, neuron, piece + 1);
            self.sides[neuron] = after;
            let is_crossed = before * after < 0;
            let (starts_on, ends_on) =
                if is_crossed { (before > 0, after > 0) } else { (before + after > 0, before + after > 0) };
            if is_first {
                self.on[layer].push(starts_on);
            } else if self.on[layer][neuron] != starts_on {
                at_start.push((layer, neuron));
            }
            if is_crossed {
                inside.push(self.zero(layer, neuron, piece));
            }
            if !is_first {
                self.on[layer][neuron] = ends_on;
            }
        }
        if is_first {
            self.on_at_start.push(self.on[layer].clone());
            for place in &inside {
                let (_, neuron) = place.flips[0];
                self.on[layer][neuron] ^= true;
            }
        }
        if let Some(start) = self.next_places.last_mut() {
            start.flips.extend(at_start);
        }
        self.put_in_order(net, layer, &mut inside);
        self.next_places.extend(inside);
        self.next_places.push(self.places[piece + 1].clone());
    }

    /// Where a neuron is 0 that has both signs in a piece.
    fn zero(&self, layer: usize, neuron: usize, piece: usize) -> Place {
        let (constant, slope, error) = self.forms[layer].at(neuron);
        let (start, end) = (&self.places[piece], &self.places[piece + 1]);
        // Not −0.
        let t = -constant / slope + 0.0;
        let mut error = (error / slope.abs() + 3.0 * UNIT * t.abs()) * SAFETY;
        let inside = t.clamp(start.t, end.t.max(start.t));
        if inside != t {
            error += start.error.max(end.error);
        }
        Place { t: inside, error, flips: vec![(layer, neuron)] }
    }

    /// Sorts the zeros of a layer in one piece; those that are at the same place become one.
    fn put_in_order(&mut self, net: &[Rows], layer: usize, zeros: &mut Vec<Place>) {
        self.found.decisions += zeros.len() as u64;
        zeros.sort_by(|a, b| (a.t - a.error).total_cmp(&(b.t - b.error)));
        let mut sorted: Vec<Place> = Vec::with_capacity(zeros.len());
        let mut rest = zeros.drain(..).peekable();
        while let Some(first) = rest.next() {
            // Those whose places may be in any order.
            let mut end = first.t + first.error;
            let mut doubtful = vec![first];
            while let Some(next) = rest.next_if(|next| next.t - next.error <= end) {
                end = end.max(next.t + next.error);
                doubtful.push(next);
            }
            if doubtful.len() > 1 {
                self.found.exact_decisions += doubtful.len() as u64;
                let mut exact: Vec<(ExactForm, Place)> =
                    doubtful.into_iter().map(|place| (self.exact_form(net, layer, place.flips[0].1), place)).collect();
                exact.sort_by(|(a, _), (b, _)| a.compare_zeros(b));
                doubtful = Vec::new();
                let mut last: Option<ExactForm> = None;
                for (form, mut place) in exact {
                    if let (Some(before), Some(same)) = (&last, doubtful.last_mut())
                        && before.compare_zeros(&form).is_eq()
                    {
                        same.flips.append(&mut place.flips);
                        same.flips.sort_unstable();
                        continue;
                    }
                    last = Some(form);
                    doubtful.push(place);
                }
            }
            for mut place in doubtful {
                if let Some(before) = sorted.last()
                    && place.t < before.t
                {
                    place.error += before.t - place.t;
                    place.t = before.t;
                }
                sorted.push(place);
            }
        }
        drop(rest);
        *zeros = sorted;
    }

    /// The side of a neuron at a place, which ends the piece where the sweep is, or starts the line.
    fn side(&mut self, net: &[Rows], layer: usize, neuron: usize, place: usize) -> i8 {
        self.found.decisions += 1;
        let (constant, slope, error) = self.forms[layer].at(neuron);
        let Place { t, error: of_place, .. } = self.places[place];
        let value = constant + slope * t;
        let rounding = 3.0 * UNIT * (constant.abs() + (slope * t).abs());
        let error = (error + slope.abs() * of_place + rounding) * SAFETY;
        if value > error {
            1
        } else if value < -error {
            -1
        } else if error == 0.0 {
            0
        } else {
            self.found.exact_decisions += 1;
            let form = self.exact_form(net, layer, neuron);
            let zero = match self.places[place].flips.first() {
                Some(&(layer, neuron)) => self.exact_form(net, layer, neuron),
                None => ExactForm::zero_at(t),
            };
            form.sign_where(&zero)
        }
    }

    /// A neuron's form where the sweep is.
    fn exact_form(&mut self, net: &[Rows], layer: usize, neuron: usize) -> ExactForm {
        self.exact.form(net, [&self.from, &self.to], &self.on, layer, neuron)
    }

    /// Goes past a place: the neurons there go on or off, and the forms of the layers after them change.
    fn cross(&mut self, net: &[Rows], layer: usize, place: usize) -> usize {
        let mut work = 0;
        for index in 0..self.places[place].flips.len() {
            let (at, neuron) = self.places[place].flips[index];
            self.on[at][neuron] ^= true;
            let sign = if self.on[at][neuron] { 1.0 } else { -1.0 };
            let (constant, slope, error) = self.forms[at].at(neuron);
            let change = (sign * constant, sign * slope, error);
            let mut gains: Vec<Gain> = net[at + 1].column(neuron).collect();
            self.forms[at + 1].add(gains.iter().copied(), change, self.reach);
            work += gains.len();
            for (next, rows) in net.iter().enumerate().take(layer + 1).skip(at + 2) {
                for (gain, _) in gains.iter_mut().zip(&self.on[next - 1]).filter(|(_, is_on)| !**is_on) {
                    *gain = Gain { value: 0.0, error: 0.0 };
                }
                gains = rows.gains(&gains);
                self.forms[next].add(gains.iter().copied(), change, self.reach);
                work += rows.weights.len();
            }
        }
        work
    }

    fn note_outputs(&mut self, place: usize) {
        let t = self.places[place].t;
        self.found.places.push(t);
        if let Some(Forms { constant, slope, .. }) = self.forms.last() {
            self.found.outputs.extend(constant.iter().zip(slope).map(|(constant, slope)| constant + slope * t));
        }
    }

    fn keep_kinks(&mut self) {
        let mut on = std::mem::take(&mut self.on_at_start);
        for place in &self.places {
            for &(layer, neuron) in &place.flips {
                on[layer][neuron] ^= true;
                let turns_on = on[layer][neuron];
                self.found.counts[layer] += 1;
                let (layer, neuron) = (layer as u32, neuron as u32);
                self.found.kinks.push(Kink { t: place.t, error: place.error, layer, neuron, turns_on });
            }
        }
    }
}
