//! What the prover cut, as shapes for drawing, clipped to the view.

use num_traits::ToPrimitive;

use crate::piecewise::gate::{Prover, Spec};
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
}

/// The shapes of a whole view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Left, right, bottom, top.
    pub view: (f64, f64, f64, f64),
    /// Cells.
    pub patches: Vec<Patch>,
    /// Lines.
    pub segments: Vec<Segment>,
    /// Slanting lines over the quadrants that the specification wants positive.
    pub hatching: Vec<[Point; 2]>,
}

/// Bands of |f| when shaded.
const BANDS: usize = 7;

/// The picture of a finished or unfinished proof.
pub fn picture(prover: &Prover, spec: Spec, view: ((f64, f64), f64), shading: bool) -> Picture {
    let ((x, y), half) = view;
    let view = (x - half, x + half, y - half, y + half);
    let far = 4.0 * (x.abs() + y.abs() + 2.0 * half);
    let scale = prover.scale().to_f64().unwrap_or(f64::INFINITY);
    let mut cells = Vec::new();
    let mut segments = Vec::new();
    let mut strongest = 0.0_f64;
    for signed in prover.drawn() {
        let outline = signed.face.outline(far);
        let f = plane(&signed.f, scale);
        if signed.face.dimension() == 1 {
            let [a, b] = outline[..] else { continue };
            let Some(ends) = clip_segment([a, b], view) else { continue };
            segments.extend(signed.zeros.iter().map(|bend| Segment { ends, layer: bend.layer }));
            segments.extend((signed.sign == 0).then_some(Segment { ends, layer: 0 }));
            continue;
        }
        let outline = clip(outline, view);
        if outline.len() > 2 {
            strongest = outline.iter().map(|&(x, y)| f(x, y).abs()).fold(strongest, f64::max);
            cells.push((outline, signed.sign, signed.f.clone()));
        }
    }
    let mut patches = Vec::new();
    for (outline, sign, f) in cells {
        let f = plane(&f, scale);
        let is_flat = !shading || sign == 0 || !strongest.is_finite() || strongest == 0.0;
        if is_flat {
            patches.push(Patch { outline, sign, strength: 1.0 });
            continue;
        }
        for band in 0..BANDS {
            let level = |band: usize| strongest * band as f64 / BANDS as f64;
            let above = clip_by(&outline, |x, y| f(x, y).abs() - level(band));
            let part = clip_by(&above, |x, y| level(band + 1) - f(x, y).abs());
            if part.len() > 2 {
                patches.push(Patch { outline: part, sign, strength: (band + 1) as f64 / BANDS as f64 });
            }
        }
    }
    Picture { view, patches, segments, hatching: hatching(spec, view) }
}

/// Lines in a view.
const HATCHES: usize = 28;

/// Slanting lines over the view's part of each quadrant in the specification.
fn hatching(spec: Spec, (left, right, bottom, top): (f64, f64, f64, f64)) -> Vec<[Point; 2]> {
    let mut lines = Vec::new();
    for (first, second) in [(-1, -1), (-1, 1), (1, -1), (1, 1)] {
        if !spec.has([first, second]) {
            continue;
        }
        let side = |sign: i8, low: f64, high: f64| if sign < 0 { (low, high.min(0.0)) } else { (low.max(0.0), high) };
        let ((x0, x1), (y0, y1)) = (side(first, left, right), side(second, bottom, top));
        if x0 >= x1 || y0 >= y1 {
            continue;
        }
        let step = ((right - left) + (top - bottom)) / HATCHES as f64;
        for index in 0..=HATCHES {
            let sum = left + bottom + step * index as f64;
            let ends = [(x0, sum - x0), (x1, sum - x1)];
            lines.extend(clip_segment(ends, (x0, x1, y0, y1)));
        }
    }
    lines
}

fn plane(f: &Affine, scale: f64) -> impl Fn(f64, f64) -> f64 + use<> {
    let number = |value: &num_bigint::BigInt| value.to_f64().unwrap_or(f64::NAN) / scale;
    let (a, b, c) = (number(&f.a), number(&f.b), number(&f.c));
    move |x, y| a * x + b * y + c
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

fn clip(polygon: Vec<Point>, (left, right, bottom, top): (f64, f64, f64, f64)) -> Vec<Point> {
    let polygon = clip_by(&polygon, |x, _| x - left);
    let polygon = clip_by(&polygon, |x, _| right - x);
    let polygon = clip_by(&polygon, |_, y| y - bottom);
    clip_by(&polygon, |_, y| top - y)
}

/// The part of a segment inside a rectangle.
pub fn clip_segment(ends: [Point; 2], view: (f64, f64, f64, f64)) -> Option<[Point; 2]> {
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
