//! The path lab, question 6: the output at a fixed input while the parameters move on a line.

pub mod challenges;
pub mod handles;
mod moment;
pub mod plane;
pub mod presets;
pub mod search;
pub mod words;

use std::collections::BTreeSet;

use num_traits::{Signed, Zero};

use super::between::between;
use super::function::network::{LAYERS, NetworkLab, WIDTHS, random};
use super::parameters::{LinkError, Parameters, Place, numbers, part};
use crate::piecewise::{Algebraic, Decimal, Net, PathAnalysis, PathPiece, PathPieces, PathShape, Rational};
use plane::Plane;

/// Most points of the data whose loss is taken.
pub const MAX_DATA: usize = 12;

/// An end of the path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// At t = 0.
    #[default]
    From,
    /// At t = 1.
    To,
}

/// What is looked at along the path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantity {
    /// The output at the fixed input.
    #[default]
    Output,
    /// The mean squared error on a small data set.
    Loss,
}

/// The state.
#[derive(Clone, Debug, PartialEq)]
pub struct PathLab {
    from: Parameters,
    to: Parameters,
    /// Parameters that stay where they are at t = 0.
    still: BTreeSet<Place>,
    /// The fixed input.
    pub x: Decimal,
    /// What is looked at.
    pub quantity: Quantity,
    data: Vec<(Decimal, Decimal)>,
    /// Whether t is shown from −1 to 2, not only from 0 to 1.
    pub beyond: bool,
    /// The end that the sliders change.
    pub edited: End,
    /// The plane in parameter space.
    pub plane: Plane,
}

/// What is true of the path: exact.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// Pieces and breaks on the whole line of t.
    pub pieces: PathPieces,
    /// The shape for 0 ≤ t ≤ 1.
    pub shape: PathShape,
    /// The shape for all t.
    pub line: PathShape,
}

impl Default for PathLab {
    /// The homework's example.
    fn default() -> Self {
        presets::presets().swap_remove(0).lab
    }
}

impl PathLab {
    /// From these to those parameters, all moving, at x = 1.
    ///
    /// # Panics
    /// If their shapes differ; for paths that are written down in code.
    pub fn of(from: Parameters, to: Parameters) -> Self {
        assert_eq!(from.hidden(), to.hidden(), "both ends have one shape");
        Self {
            from,
            to,
            still: BTreeSet::new(),
            x: 1.into(),
            quantity: Quantity::Output,
            data: [(-2, 1), (-1, -1), (0, 0), (1, 2), (2, 1)].map(|(x, y)| (x.into(), y.into())).to_vec(),
            beyond: false,
            edited: End::From,
            plane: Plane::default(),
        }
    }

    /// The parameters of an end, whether they move or not.
    pub fn end(&self, end: End) -> &Parameters {
        match end {
            End::From => &self.from,
            End::To => &self.to,
        }
    }

    /// Hidden widths.
    pub fn hidden(&self) -> Vec<usize> {
        self.from.hidden()
    }

    /// Changes a parameter of an end.
    pub fn set(&mut self, end: End, place: Place, value: Decimal) {
        match end {
            End::From => self.from.set(place, value),
            End::To => self.to.set(place, value),
        }
    }

    /// Takes other parameters for an end. If their shape is another, the other end takes them, too.
    pub fn set_end(&mut self, end: End, parameters: Parameters) {
        if parameters.hidden() != self.hidden() {
            self.still.clear();
            self.plane = Plane::default();
            (self.from, self.to) = (parameters.clone(), parameters);
            return;
        }
        match end {
            End::From => self.from = parameters,
            End::To => self.to = parameters,
        }
    }

    /// Takes other parameters for both ends, all moving.
    pub(super) fn set_ends(&mut self, from: Parameters, to: Parameters) {
        self.still.clear();
        if !self.plane.fits(&from) {
            self.plane = Plane::default();
        }
        (self.from, self.to) = (from, to);
    }

    /// Draws an end at random.
    pub fn randomise(&mut self, end: End, seed: u64) {
        let parameters = random(&self.hidden(), seed);
        self.set_end(end, parameters);
    }

    /// Exchanges the ends. Parameters that do not move stay where they are.
    pub fn swap(&mut self) {
        for &place in &self.still {
            if let Some(value) = self.from.get(place) {
                self.to.set(place, value);
            }
        }
        std::mem::swap(&mut self.from, &mut self.to);
    }

    /// Changes the hidden widths of both ends, as the function lab does.
    pub fn set_hidden(&mut self, hidden: &[usize]) {
        for parameters in [&mut self.from, &mut self.to] {
            let mut lab = NetworkLab::of(parameters.clone());
            lab.set_hidden(hidden);
            *parameters = lab.parameters().clone();
        }
        let places: BTreeSet<_> = self.from.places().into_iter().collect();
        self.still.retain(|place| places.contains(place));
        if !self.plane.fits(&self.from) {
            self.plane = Plane::default();
        }
    }

    /// Whether a parameter moves.
    pub fn moves(&self, place: Place) -> bool {
        !self.still.contains(&place)
    }

    /// Lets parameters move, or keeps them still.
    pub fn set_moves(&mut self, places: &[Place], moves: bool) {
        for &place in places {
            if moves {
                self.still.remove(&place);
            } else {
                self.still.insert(place);
            }
        }
    }

    /// The parameters at t = 1: those that move at their end, the others at their start.
    pub fn arrival(&self) -> Parameters {
        let mut arrival = self.to.clone();
        for &place in &self.still {
            if let Some(value) = self.from.get(place) {
                arrival.set(place, value);
            }
        }
        arrival
    }

    /// Layers, from 0, in which some parameter differs between t = 0 and t = 1.
    pub fn moving_layers(&self) -> BTreeSet<usize> {
        let arrival = self.arrival();
        let number = |end: &Parameters, place: Place| end.get(place).unwrap_or_default();
        let differs = |place: &Place| !number(&self.from, *place).is_same_number(number(&arrival, *place));
        self.from.places().into_iter().filter(differs).map(|place| place.layer).collect()
    }

    /// A place in the piece before a break and one in the piece after it, no further from it than `reach`, if those
    /// pieces are that long.
    pub fn sides(&self, pieces: &PathPieces, index: usize, reach: f64) -> Option<[Rational; 2]> {
        let at = pieces.breaks().get(index)?.t.to_f64();
        let near = |t: f64, piece: usize| {
            let t = Decimal::round(t, 12)?.to_rational();
            (pieces.piece_at(&t) == &pieces.pieces()[piece]).then_some(t)
        };
        let inside = |piece: &PathPiece| Algebraic::inside(piece.start.as_ref(), piece.end.as_ref());
        let left = near(at - reach, index).or_else(|| inside(&pieces.pieces()[index]))?;
        let right = near(at + reach, index + 1).or_else(|| inside(&pieces.pieces()[index + 1]))?;
        Some([left, right])
    }

    /// Which neurons are on at the fixed input, layer by layer, from 1, with the parameters at t.
    pub fn live_at(&self, t: &Rational) -> Vec<Vec<usize>> {
        let arrival = self.arrival();
        let value = |place: Place| {
            let [from, to] = [&self.from, &arrival].map(|end| end.get(place).unwrap_or_default().to_rational());
            &from + t * (&to - &from)
        };
        let mut signal = vec![self.x.to_rational()];
        let mut live = Vec::new();
        for layer in 0..self.hidden().len() {
            let sum = |row: usize| {
                let weighted = signal
                    .iter()
                    .enumerate()
                    .map(|(column, input)| value(Place { layer, row, column: Some(column) }) * input);
                weighted.sum::<Rational>() + value(Place { layer, row, column: None })
            };
            let sums: Vec<Rational> = (0..self.hidden()[layer]).map(sum).collect();
            live.push((0..sums.len()).filter(|&row| sums[row].is_positive()).map(|row| row + 1).collect());
            signal = sums.into_iter().map(|sum| if sum.is_positive() { sum } else { Rational::zero() }).collect();
        }
        live
    }

    /// The data set.
    pub fn data(&self) -> &[(Decimal, Decimal)] {
        &self.data
    }

    /// The data as text: `-2 1, 0 -1`.
    pub fn data_text(&self) -> String {
        self.data.iter().map(|(x, y)| format!("{x} {y}")).collect::<Vec<_>>().join(", ")
    }

    /// Takes data from text: pairs x y, separated by commas.
    ///
    /// # Errors
    /// A sentence that says what is wrong; nothing changes then.
    pub fn set_data(&mut self, text: &str) -> Result<(), String> {
        let mut data = Vec::new();
        for (index, pair) in text.split([',', ';', '\n']).filter(|pair| !pair.trim().is_empty()).enumerate() {
            let mut words = pair.split_whitespace();
            let (Some(x), Some(y), None) = (words.next(), words.next(), words.next()) else {
                let number = index + 1;
                return Err(format!(
                    "Point {number}, “{}”, is not two numbers. Write x and y with a space between, such as -1 2.5.",
                    pair.trim()
                ));
            };
            let number = |word: &str| word.parse().map_err(|error| format!("Point {}: {error}", index + 1));
            data.push((number(x)?, number(y)?));
        }
        match data.len() {
            0 => Err("Type at least one point: x and y with a space between, such as -1 2.5.".into()),
            1..=MAX_DATA => {
                self.data = data;
                Ok(())
            }
            count => Err(format!(
                "These are {count} points; at most {MAX_DATA} are taken, since each path is decided exactly."
            )),
        }
    }

    /// What is true of the path, at once. [`Deciding`] does the same in steps.
    pub fn answers(&self) -> Answers {
        let mut deciding = Deciding::new(self);
        while !deciding.advance() {}
        deciding.finish()
    }

    /// The path on the way to another, at t from 0 to 1, rounded for drawing. All but the numbers is as it is there.
    pub fn toward(&self, to: &Self, t: f64) -> Self {
        let x = Decimal::round((1.0 - t) * self.x.to_f64() + t * to.x.to_f64(), 3).unwrap_or(to.x);
        let (from, arrival) = (between(&self.from, &to.from, t), between(&self.arrival(), &to.arrival(), t));
        Self { from, to: arrival, still: BTreeSet::new(), x, ..to.clone() }
    }

    /// The state as text for an address.
    pub fn encode(&self) -> String {
        let to: Vec<_> = self.to.encode().split('&').map(|part| format!("to.{part}")).collect();
        let mut text = format!("{}&{}&x={}", self.from.encode(), to.join("&"), self.x);
        if !self.still.is_empty() {
            let still: Vec<_> = self.still.iter().map(ToString::to_string).collect();
            text += &format!("&still={}", still.join(","));
        }
        if self.quantity == Quantity::Loss {
            let data: Vec<_> = self.data.iter().map(|(x, y)| format!("{x},{y}")).collect();
            text += &format!("&loss={}", data.join(","));
        }
        if self.beyond {
            text += "&beyond=on";
        }
        text += &format!("&plane={}", self.plane.encode());
        text
    }

    /// The state that [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    /// If the text is not one that `encode` writes.
    pub fn decode(text: &str) -> Result<Self, LinkError> {
        let broken = |name: &str| LinkError::Shape(name.into());
        let from = Parameters::decode(text, 1, LAYERS, WIDTHS)?;
        let to: Vec<_> = text.split('&').filter_map(|part| part.strip_prefix("to.")).collect();
        let to = Parameters::decode(&to.join("&"), 1, LAYERS, WIDTHS)?;
        if from.hidden() != to.hidden() {
            return Err(broken("to"));
        }
        let mut lab = Self::of(from, to);
        let &[x] = &numbers(text, "x")?[..] else { return Err(broken("x")) };
        lab.x = x;
        if let Some(still) = part(text, "still") {
            lab.still = still.split(',').map(str::parse).collect::<Result<_, _>>()?;
            if lab.still.iter().any(|place| lab.from.get(*place).is_none()) {
                return Err(broken("still"));
            }
        }
        if part(text, "loss").is_some() {
            let values = numbers(text, "loss")?;
            if values.len() % 2 != 0 || values.len() > 2 * MAX_DATA {
                return Err(broken("loss"));
            }
            lab.data = values.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            lab.quantity = Quantity::Loss;
        }
        lab.beyond = part(text, "beyond") == Some("on");
        if let Some(plane) = part(text, "plane") {
            lab.plane = Plane::decode(plane).filter(|plane| plane.fits(&lab.from)).ok_or_else(|| broken("plane"))?;
        }
        Ok(lab)
    }
}

/// The answers about a path, found in steps.
pub struct Deciding {
    /// Inputs of paths still to be analysed, and what is wanted there.
    waiting: Vec<(Rational, Rational)>,
    ends: [Net; 2],
    quantity: Quantity,
    now: Option<PathAnalysis>,
    done: Vec<(PathPieces, Rational)>,
    pieces: Option<PathPieces>,
    shape: Option<PathShape>,
    line: Option<PathShape>,
}

impl Deciding {
    /// Nothing is known yet.
    pub fn new(lab: &PathLab) -> Self {
        let exact = |(x, y): &(Decimal, Decimal)| (x.to_rational(), y.to_rational());
        let waiting = match lab.quantity {
            Quantity::Output => vec![(lab.x.to_rational(), Rational::default())],
            Quantity::Loss => lab.data.iter().map(exact).collect(),
        };
        Self {
            waiting,
            ends: [lab.from.net(), lab.arrival().net()],
            quantity: lab.quantity,
            now: None,
            done: Vec::new(),
            pieces: None,
            shape: None,
            line: None,
        }
    }

    /// Does a small part of the work. Returns whether all is done.
    pub fn advance(&mut self) -> bool {
        let (zero, one) = (Rational::from_integer(0.into()), Rational::from_integer(1.into()));
        let Some(pieces) = &self.pieces else {
            self.find_pieces();
            return false;
        };
        if self.shape.is_none() {
            self.shape = Some(PathShape::on(pieces, Some(&zero), Some(&one)));
        } else if self.line.is_none() {
            self.line = Some(PathShape::on(pieces, None, None));
        }
        self.line.is_some()
    }

    fn find_pieces(&mut self) {
        if let Some(analysis) = &mut self.now {
            if analysis.advance()
                && let (Some(analysis), Some((_, wanted))) = (self.now.take(), self.waiting.pop())
            {
                self.done.push((analysis.finish(), wanted));
            }
        } else if let Some((x, _)) = self.waiting.last() {
            let [from, to] = &self.ends;
            self.now = Some(
                PathAnalysis::new(from, to, std::slice::from_ref(x)).expect("both ends have one shape and one input"),
            );
        } else {
            let done = std::mem::take(&mut self.done);
            self.pieces = match self.quantity {
                Quantity::Loss => Some(PathPieces::mean_squared_error(&done)),
                Quantity::Output => done.into_iter().next().map(|(pieces, _)| pieces),
            };
        }
    }

    /// The answers. Does what is left of the work.
    pub fn finish(mut self) -> Answers {
        while !self.advance() {}
        match (self.pieces, self.shape, self.line) {
            (Some(pieces), Some(shape), Some(line)) => Answers { pieces, shape, line },
            _ => unreachable!("all is done"),
        }
    }
}

impl Answers {
    /// The greatest degree of a piece that has a part in 0 ≤ t ≤ 1.
    pub fn degree(&self) -> usize {
        let (zero, one) = (Rational::from_integer(0.into()), Rational::from_integer(1.into()));
        let (zero, one) = (crate::piecewise::Algebraic::from(zero), crate::piecewise::Algebraic::from(one));
        let inside = self.pieces.pieces().iter().filter(|piece| {
            piece.start.as_ref().is_none_or(|start| *start < one) && piece.end.as_ref().is_none_or(|end| *end > zero)
        });
        inside.filter_map(|piece| piece.polynomial.degree()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_the_two_sides_of_a_break_the_neurons_that_make_it_differ() {
        let lab = PathLab::default();
        let pieces = lab.answers().pieces;
        assert!(!pieces.breaks().is_empty());
        for (index, at) in pieces.breaks().iter().enumerate() {
            let [before, after] = lab.sides(&pieces, index, 1e-6).expect("both pieces");
            assert_eq!(
                [pieces.piece_at(&before), pieces.piece_at(&after)],
                [&pieces.pieces()[index], &pieces.pieces()[index + 1]]
            );
            let [before, after] = [before, after].map(|t| lab.live_at(&t));
            for bend in &at.bends {
                let is_on = |live: &[Vec<usize>]| live[bend.layer - 1].contains(&bend.neuron);
                assert_ne!(is_on(&before), is_on(&after), "{bend:?}");
            }
        }
    }

    #[test]
    fn on_the_way_to_another_path_it_starts_as_this_one_and_ends_as_that_one() {
        let mut to = presets::presets()
            .into_iter()
            .map(|preset| preset.lab)
            .find(|lab| lab.hidden() != PathLab::default().hidden())
            .expect("another shape");
        to.x = 2.into();
        let from = PathLab::default();
        let value = |lab: &PathLab| {
            let t = Rational::new(1.into(), 4.into());
            crate::piecewise::to_f64(&lab.answers().pieces.piece_at(&t).polynomial.at(&t))
        };
        let on_the_way = [0.0, 1.0].map(|t| value(&from.toward(&to, t)));
        assert_eq!(on_the_way, [value(&from), value(&to)]);
    }

    #[test]
    fn neurons_at_an_end_are_those_of_the_network_there() {
        let lab = PathLab::default();
        let sums = lab.end(End::From).net().sums_at(&[lab.x.to_rational()]);
        let on = |layer: &Vec<Rational>| {
            (0..layer.len()).filter(|&row| layer[row].is_positive()).map(|row| row + 1).collect()
        };
        let expected: Vec<Vec<usize>> = sums[..sums.len() - 1].iter().map(on).collect();
        assert_eq!(lab.live_at(&Rational::zero()), expected);
    }
}
