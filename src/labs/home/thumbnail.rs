//! Small pictures of the labs as they are: a few shapes each, without axes or numbers.

use ndarray::Array2;

use crate::labs::function::drawing::FloatNet;
use crate::labs::function::network::{Answers, NetworkLab};
use crate::labs::gates::GateLab;
use crate::labs::gates::picture::{Shapes, far};
use crate::labs::notebook::{Entry, Notebook};
use crate::labs::path;
use crate::labs::plane::picture::{HOME, shapes};
use crate::labs::train::RunHistory;
use crate::piecewise::gate::Prover;
use crate::piecewise::{Rational, to_f64};
use crate::plot::thinned;
use crate::protocol::PlaneReport;
use crate::train::plane::PlanePoints;

/// Width of a picture for a height of 1.
pub const WIDTH: f64 = 3.0;
/// Room at the edges of what is drawn as a graph.
const MARGIN: f64 = 0.08;
/// Points of a curve that is not made of straight pieces.
const POINTS: usize = 64;
/// Points of a learning curve.
const CURVE: usize = 160;
/// The learning curves' left axis.
const LOSS: f64 = 3.0;

/// What a shape means, as the labs' colours have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// The function.
    Function,
    /// Kinks, and what is below 0.
    Kink,
    /// What is above 0.
    Positive,
    /// Axes and frames.
    Soft,
}

/// How a shape's points are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One after the other.
    Line,
    /// To a border of what is filled.
    Face,
    /// Not at all: each is a dot.
    Dots,
}

/// A part of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Its colour.
    pub ink: Ink,
    /// How its points are joined.
    pub form: Form,
    /// From the upper left corner, 0–[`WIDTH`] to the right and 0–1 down; what lies beyond is cut off.
    pub points: Vec<(f64, f64)>,
}

/// Where a graph's values are in the picture.
struct Place {
    x: (f64, f64),
    y: (f64, f64),
}

impl Place {
    /// Where all of a line is seen, and 0 in its height.
    fn of(line: &[(f64, f64)]) -> Self {
        let range = |values: &mut dyn Iterator<Item = f64>, from: (f64, f64)| {
            values.filter(|value| value.is_finite()).fold(from, |(low, high), value| (low.min(value), high.max(value)))
        };
        let x = range(&mut line.iter().map(|point| point.0), (f64::INFINITY, f64::NEG_INFINITY));
        let y = range(&mut line.iter().map(|point| point.1), (0.0, 0.0));
        Self { x, y: if y.0 < y.1 { y } else { (-1.0, 1.0) } }
    }

    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let share = |value: f64, (low, high): (f64, f64)| (value - low) / (high - low);
        (share(x, self.x) * WIDTH, 1.0 - MARGIN - share(y, self.y) * (1.0 - 2.0 * MARGIN))
    }

    fn shape(&self, ink: Ink, form: Form, points: impl IntoIterator<Item = (f64, f64)>) -> Shape {
        Shape { ink, form, points: points.into_iter().map(|point| self.at(point)).collect() }
    }

    fn zero(&self) -> Shape {
        self.shape(Ink::Soft, Form::Line, [(self.x.0, 0.0), (self.x.1, 0.0)])
    }
}

/// The graph of a network, with its kinks.
pub fn function(lab: &NetworkLab, answers: &Answers) -> Vec<Shape> {
    let interval = lab.interval();
    let (Some(from), Some(to)) = (&interval.start, &interval.end) else { return Vec::new() };
    let Some(relu) = answers.relu() else {
        let (from, to) = (to_f64(from), to_f64(to));
        let x = |index: usize| from + (to - from) * index as f64 / POINTS as f64;
        let net = FloatNet::new(&lab.effective(), lab.activation);
        let line: Vec<_> = (0..=POINTS).map(x).map(|x| (x, net.value(x).0)).collect();
        let place = Place::of(&line);
        return vec![place.zero(), place.shape(Ink::Function, Form::Line, line)];
    };
    let line = relu.polyline(from, to);
    let place = Place::of(&line);
    let kinks = line[1..line.len() - 1].to_vec();
    vec![place.zero(), place.shape(Ink::Function, Form::Line, line), place.shape(Ink::Kink, Form::Dots, kinks)]
}

/// The output along a line of parameters, for 0 ≤ t ≤ 1.
pub fn path(answers: &path::Answers) -> Vec<Shape> {
    let point = |index: usize| {
        let t = Rational::new(index.into(), POINTS.into());
        (to_f64(&t), to_f64(&answers.pieces.piece_at(&t).polynomial.at(&t)))
    };
    let line: Vec<_> = (0..=POINTS).map(point).collect();
    let place = Place::of(&line);
    vec![place.zero(), place.shape(Ink::Function, Form::Line, line)]
}

/// Where a gate's network is above 0, as far as the proof has come, and the axes.
pub fn gate(lab: &GateLab, prover: &Prover) -> Vec<Shape> {
    let ((x, y), half) = lab.view;
    let place = |(px, py): (f64, f64)| ((px - x) / half * 0.5 + WIDTH / 2.0, 0.5 - (py - y) / half * 0.5);
    let picture = Shapes::new(prover, far(lab.view)).picture(lab.view, false);
    let face = |ink: Ink, points: Vec<(f64, f64)>| Shape {
        ink,
        form: Form::Face,
        points: points.into_iter().map(place).collect(),
    };
    let line = |ink: Ink, points: [(f64, f64); 2]| Shape { ink, form: Form::Line, points: points.map(place).to_vec() };
    let positive =
        picture.patches.into_iter().filter(|patch| patch.sign > 0).map(|patch| face(Ink::Positive, patch.outline));
    let neurons = picture.segments.into_iter().filter(|segment| segment.layer > 0);
    let reach = WIDTH * half;
    positive
        .chain([
            line(Ink::Soft, [(x - reach, 0.0), (x + reach, 0.0)]),
            line(Ink::Soft, [(0.0, y - half), (0.0, y + half)]),
        ])
        .chain(neurons.map(|segment| line(Ink::Function, segment.ends)))
        .collect()
}

/// The points of the plane lab by class, and where the network of its run changes its prediction.
pub fn plane(points: &[PlanePoints; 2], report: Option<&PlaneReport>) -> Vec<Shape> {
    let place = |(x, y): (f64, f64)| (x / HOME * 0.5 + WIDTH / 2.0, 0.5 - y / HOME * 0.5);
    let drawn = report.map(|report| shapes(&report.picture)).unwrap_or_default();
    let line = |ends: [(f64, f64); 2]| Shape { ink: Ink::Soft, form: Form::Line, points: ends.map(place).to_vec() };
    let all = || points.iter().flat_map(|part| part.at.iter().zip(&part.classes));
    let classes = [Ink::Function, Ink::Kink, Ink::Positive].into_iter().enumerate().map(|(class, ink)| {
        let of_class = all().filter(|(_, of)| usize::from(**of) == class);
        Shape {
            ink,
            form: Form::Dots,
            points: of_class.map(|([x, y], _)| place((f64::from(*x), f64::from(*y)))).collect(),
        }
    });
    drawn.boundary.into_iter().map(line).chain(classes).collect()
}

/// A gradient: a square for each entry, as large as that is.
pub fn gradient(entries: &Array2<f64>) -> Vec<Shape> {
    let (rows, columns) = entries.dim();
    let most = entries.iter().map(|entry| entry.abs()).filter(|size| size.is_finite()).fold(0.0, f64::max);
    let pitch = (1.0 / rows.max(1) as f64).min(WIDTH / columns.max(1) as f64);
    let left = (WIDTH - pitch * columns as f64) / 2.0;
    let square = |((row, column), &entry): ((usize, usize), &f64)| {
        let half = pitch * 0.44 * if most > 0.0 { (entry.abs() / most).sqrt() } else { 0.0 };
        let (x, y) = (left + pitch * (column as f64 + 0.5), pitch * (row as f64 + 0.5));
        let corners = [(-half, -half), (half, -half), (half, half), (-half, half)].map(|(dx, dy)| (x + dx, y + dy));
        let ink = if entry > 0.0 { Ink::Positive } else { Ink::Kink };
        Shape { ink, form: Form::Face, points: corners.to_vec() }
    };
    entries.indexed_iter().map(square).collect()
}

/// The loss and the validation accuracy of a run.
pub fn run(run: &RunHistory) -> Vec<Shape> {
    let steps = (run.steps_per_epoch * run.config.epochs).max(1) as f64;
    let (of_loss, of_share) = (Place { x: (0.0, steps), y: (0.0, LOSS) }, Place { x: (0.0, steps), y: (0.0, 1.0) });
    let validation = run.records.iter().filter_map(|record| Some((record.step as f64, record.validation_accuracy?)));
    vec![
        of_loss.zero(),
        of_loss.shape(Ink::Function, Form::Line, thinned(&run.losses, CURVE)),
        of_share.shape(Ink::Positive, Form::Line, validation),
    ]
}

/// Bars of these shares, 0–1, from left to right.
pub fn bars(shares: &[f64]) -> Vec<Shape> {
    let pitch = WIDTH / shares.len().max(1) as f64;
    let bar = |(index, share): (usize, &f64)| {
        let (left, right) = (pitch * (index as f64 + 0.15), pitch * (index as f64 + 0.85));
        let top = 1.0 - share.clamp(0.0, 1.0) * (1.0 - MARGIN);
        Shape {
            ink: Ink::Function,
            form: Form::Face,
            points: vec![(left, 1.0), (left, top), (right, top), (right, 1.0)],
        }
    };
    shares.iter().enumerate().map(bar).collect()
}

/// The notebook's questions in their order: filled where there is an answer.
pub fn notebook(notebook: &Notebook) -> Vec<Shape> {
    let rows = 3;
    let columns = notebook.entries.len().div_ceil(rows);
    let pitch = (1.0 / rows as f64).min(WIDTH / columns as f64);
    let corner = ((WIDTH - pitch * columns as f64) / 2.0, (1.0 - pitch * rows as f64) / 2.0);
    let question = |(index, entry): (usize, &Entry)| {
        let (left, top) = (
            corner.0 + pitch * ((index % columns) as f64 + 0.14),
            corner.1 + pitch * ((index / columns) as f64 + 0.14),
        );
        let (right, bottom) = (left + pitch * 0.72, top + pitch * 0.72);
        let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        match entry.is_empty() {
            true => Shape { ink: Ink::Soft, form: Form::Line, points: corners },
            false => Shape { ink: Ink::Positive, form: Form::Face, points: corners },
        }
    };
    notebook.entries.iter().enumerate().map(question).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::path::PathLab;
    use crate::labs::plane::PlaneLab;
    use crate::labs::train::recorded;

    fn is_inside(shapes: &[Shape]) -> bool {
        let range = |value: f64, high: f64| (-1e-9..=high + 1e-9).contains(&value);
        shapes.iter().flat_map(|shape| &shape.points).all(|&(x, y)| range(x, WIDTH) && range(y, 1.0))
    }

    #[test]
    fn a_networks_picture_has_its_kinks_and_fills_the_width() {
        let lab = NetworkLab::default();
        let shapes = function(&lab, &lab.answers());
        let dots = shapes.iter().find(|shape| shape.form == Form::Dots).expect("kinks");
        assert_eq!(dots.points.len(), lab.answers().relu().expect("decided").pieces.kinks().len());
        let line = &shapes.iter().find(|shape| shape.ink == Ink::Function).expect("a graph").points;
        assert_eq!((line[0].0, line[line.len() - 1].0), (0.0, WIDTH));
        assert!(is_inside(&shapes), "{shapes:?}");
        let mut smooth = lab;
        smooth.activation = crate::labs::function::network::Activation::Tanh;
        assert!(is_inside(&function(&smooth, &smooth.answers())));
    }

    #[test]
    fn a_flat_graph_is_a_line_in_the_middle() {
        let mut lab = NetworkLab::default();
        for place in lab.parameters().places() {
            lab.set(place, 0.into());
        }
        let shapes = function(&lab, &lab.answers());
        assert!(shapes[1].points.iter().all(|point| point.1 == 0.5), "{shapes:?}");
    }

    #[test]
    fn a_path_goes_from_its_start_to_its_end() {
        let shapes = path(&PathLab::default().answers());
        assert_eq!(shapes[1].points.len(), POINTS + 1);
        assert!(is_inside(&shapes), "{shapes:?}");
    }

    #[test]
    fn a_gates_picture_is_filled_where_the_network_is_above_0() {
        let gate = GateLab::default();
        let mut prover = gate.prover();
        while !prover.advance(32) {}
        let shapes = super::gate(&gate, &prover);
        let faces: Vec<_> = shapes.iter().filter(|shape| shape.form == Form::Face).collect();
        assert!(!faces.is_empty() && faces.iter().all(|face| face.ink == Ink::Positive && face.points.len() > 2));
    }

    #[test]
    fn the_planes_points_are_dots_in_the_colours_of_their_classes() {
        let points = PlaneLab::default().recipe.points();
        let drawn = plane(&points, None);
        let count =
            |ink: Ink| drawn.iter().filter(|shape| shape.ink == ink).map(|shape| shape.points.len()).sum::<usize>();
        let of = |class: u8| points.iter().flat_map(|part| &part.classes).filter(|of| **of == class).count();
        assert_eq!([Ink::Function, Ink::Kink, Ink::Positive].map(count), [of(0), of(1), 0]);
        assert!(is_inside(&drawn), "{drawn:?}");
    }

    #[test]
    fn a_gradients_largest_entry_has_the_largest_square_and_0_has_none() {
        let shapes = gradient(&Array2::from_shape_vec((2, 2), vec![1.0, -4.0, 0.0, 2.0]).expect("four"));
        let width = |shape: &Shape| shape.points[1].0 - shape.points[0].0;
        let widths: Vec<f64> = shapes.iter().map(width).collect();
        assert!(widths[1] > widths[3] && widths[3] > widths[0] && widths[2] == 0.0, "{widths:?}");
        assert_eq!((shapes[0].ink, shapes[1].ink), (Ink::Positive, Ink::Kink));
    }

    #[test]
    fn a_run_and_the_notebook_have_their_curves_and_questions() {
        let recording = recorded::find("plain").expect("recorded");
        let lab = recorded::lab(&[recording]);
        let shapes = run(lab.run.as_ref().expect("a run"));
        assert_eq!(shapes[2].points.len(), recording.records.len());
        let mut book = Notebook::default();
        let answered = |book: &Notebook| notebook(book).iter().filter(|shape| shape.form == Form::Face).count();
        assert_eq!((notebook(&book).len(), answered(&book)), (book.entries.len(), 0));
        book.entries[3].words = "Neither.".into();
        assert_eq!(answered(&book), 1);
        assert!(is_inside(&notebook(&book)) && is_inside(&bars(&[0.0, 0.5, 1.0])));
    }
}
