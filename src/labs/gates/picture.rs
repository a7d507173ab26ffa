//! What the prover cut, as shapes for drawing, clipped to the surroundings of the view.

use num_traits::ToPrimitive;

use crate::piecewise::gate::Prover;
use crate::piecewise::plane::Affine;

/// A point for drawing.
pub type Point = (f64, f64);

/// A part of a cell with one colour.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    /// Its border.
    pub outline: Vec<Point>,
    /// The sign of f.
    pub sign: i8,
    /// How strong |f| is in the view, 0–1; 1 without shading.
    pub strength: f64,
}

/// A segment where a neuron or f is 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Its ends.
    pub ends: [Point; 2],
    /// The hidden layer of the neuron that is 0, from 1; 0 for f itself.
    pub layer: usize,
    /// Which of its neurons, from 1; 0 for f itself.
    pub neuron: usize,
}

/// The shapes of a whole view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Cells.
    pub patches: Vec<Patch>,
    /// Lines.
    pub segments: Vec<Segment>,
}

/// Half the width of what is drawn, in halves of the square's: a picture may be wider than high, or higher than wide.
pub const REACH: f64 = 4.0;
/// Bands of |f| when shaded.
const BANDS: usize = 7;

/// A square that is seen at least: its centre, and half its width.
pub type View = (Point, f64);

/// The faces of a proof in f64, for pictures of any view that is not much larger: what is exact is computed once, so that
/// the view can move with the pointer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shapes {
    /// Border, sign of f, and the coefficients of f.
    cells: Vec<(Vec<Point>, i8, [f64; 3])>,
    segments: Vec<Segment>,
}

/// How far rays are to be followed for a view. Views that are near each other have the same.
pub fn far(view: View) -> f64 {
    let ((x, y), half) = view;
    let least = 4.0 * (x.abs() + y.abs() + 2.0 * REACH * half);
    16_f64.powf(least.log(16.0).ceil())
}

impl Shapes {
    /// Of a finished or unfinished proof, for views with this [`far`].
    pub fn new(prover: &Prover, far: f64) -> Self {
        let scale = prover.scale().to_f64().unwrap_or(f64::INFINITY);
        let mut shapes = Self::default();
        for signed in prover.drawn() {
            let outline = signed.face.outline(far);
            if signed.face.dimension() != 1 {
                shapes.cells.push((outline, signed.sign, coefficients(&signed.f, scale)));
            } else if let [a, b] = outline[..] {
                let segment = |layer, neuron| Segment { ends: [a, b], layer, neuron };
                shapes.segments.extend(signed.zeros.iter().map(|bend| segment(bend.layer, bend.neuron)));
                shapes.segments.extend((signed.sign == 0).then(|| segment(0, 0)));
            }
        }
        shapes
    }

    /// What of them is in a view, or [`REACH`] as far from its centre. Shades are full at the largest |f| in the view.
    pub fn picture(&self, view: View, shading: bool) -> Picture {
        let ((x, y), half) = view;
        let around = |half: f64| (x - half, x + half, y - half, y + half);
        let (square, reach) = (around(half), around(REACH * half));
        let segments = self.segments.iter().filter_map(|segment| {
            let ends = clip_segment(segment.ends, reach)?;
            Some(Segment { ends, ..*segment })
        });
        let segments = segments.collect();
        let mut strongest = 0.0_f64;
        let mut cells = Vec::new();
        for (outline, sign, f) in &self.cells {
            let outline = clip(outline.clone(), reach);
            if outline.len() > 2 {
                let size = |&(x, y): &Point| at(f, x, y).abs();
                if shading {
                    strongest = clip(outline.clone(), square).iter().map(size).fold(strongest, f64::max);
                }
                cells.push((outline, *sign, f));
            }
        }
        let mut patches = Vec::new();
        for (outline, sign, f) in cells {
            if !shading || sign == 0 || !strongest.is_finite() || strongest == 0.0 {
                patches.push(Patch { outline, sign, strength: 1.0 });
                continue;
            }
            for band in 0..BANDS {
                let level = |band: usize| strongest * band as f64 / BANDS as f64;
                let above = clip_by(&outline, |x, y| at(f, x, y).abs() - level(band));
                // What is stronger than all in the square is as strong as that.
                let is_last = band + 1 == BANDS;
                let part = if is_last { above } else { clip_by(&above, |x, y| level(band + 1) - at(f, x, y).abs()) };
                if part.len() > 2 {
                    patches.push(Patch { outline: part, sign, strength: (band + 1) as f64 / BANDS as f64 });
                }
            }
        }
        Picture { patches, segments }
    }
}

/// The coefficients of f.
fn coefficients(f: &Affine, scale: f64) -> [f64; 3] {
    [&f.a, &f.b, &f.c].map(|value| value.to_f64().unwrap_or(f64::NAN) / scale)
}

fn at([a, b, c]: &[f64; 3], x: f64, y: f64) -> f64 {
    a * x + b * y + c
}

/// The part of a convex polygon where `side` is not negative (Sutherland and Hodgman 1974).
fn clip_by(polygon: &[Point], side: impl Fn(f64, f64) -> f64) -> Vec<Point> {
    let mut kept = Vec::new();
    for (index, &(x, y)) in polygon.iter().enumerate() {
        let (next_x, next_y) = polygon[(index + 1) % polygon.len()];
        let (here, there) = (side(x, y), side(next_x, next_y));
        if here >= 0.0 {
            kept.push((x, y));
        }
        if here * there < 0.0 {
            let share = here / (here - there);
            kept.push((x + (next_x - x) * share, y + (next_y - y) * share));
        }
    }
    kept
}

pub(super) fn clip(polygon: Vec<Point>, (left, right, bottom, top): (f64, f64, f64, f64)) -> Vec<Point> {
    let polygon = clip_by(&polygon, |x, _| x - left);
    let polygon = clip_by(&polygon, |x, _| right - x);
    let polygon = clip_by(&polygon, |_, y| y - bottom);
    clip_by(&polygon, |_, y| top - y)
}

/// The part of a segment inside a rectangle.
fn clip_segment(ends: [Point; 2], view: (f64, f64, f64, f64)) -> Option<[Point; 2]> {
    let (left, right, bottom, top) = view;
    let [(x0, y0), (x1, y1)] = ends;
    let (dx, dy) = (x1 - x0, y1 - y0);
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (step, room) in [(-dx, x0 - left), (dx, right - x0), (-dy, y0 - bottom), (dy, top - y0)] {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            from = from.max(room / step);
        } else {
            to = to.min(room / step);
        }
    }
    let at = |share: f64| (x0 + dx * share, y0 + dy * share);
    (from < to).then(|| [at(from), at(to)])
}
