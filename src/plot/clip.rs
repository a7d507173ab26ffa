//! What of lines and polygons lies in a rectangle. In pixels: y grows downwards.

/// A point in pixels.
pub type Point = (f64, f64);

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Least x.
    pub left: f64,
    /// Greatest x.
    pub right: f64,
    /// Least y.
    pub top: f64,
    /// Greatest y.
    pub bottom: f64,
}

impl Rect {
    /// Whether a point is in it or on its border.
    pub fn has(&self, (x, y): Point) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }
}

/// A polyline, cut at a rectangle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CutLine {
    /// What is inside, in its order. A point that no line leads to or from is a part of its own.
    pub parts: Vec<Vec<Point>>,
    /// The stretches of x inside the rectangle's where it is above its top.
    pub above: Vec<(f64, f64)>,
    /// The same below its bottom.
    pub below: Vec<(f64, f64)>,
}

/// Cuts a polyline. A point that is not a number is a gap; an infinite one is off scale, and ends the line.
pub fn cut_line(points: impl IntoIterator<Item = Point>, view: &Rect) -> CutLine {
    let mut cut = CutLine::default();
    let mut before: Option<Point> = None;
    let mut is_drawing = false;
    // A point between two gaps.
    let mut alone: Option<Point> = None;
    for point in points {
        let (x, y) = point;
        if y.is_infinite() && (view.left..=view.right).contains(&x) {
            if y < 0.0 { &mut cut.above } else { &mut cut.below }.push((x, x));
        }
        let is_place = x.is_finite() && y.is_finite();
        if let Some(point) = alone.take().filter(|_| !is_place) {
            cut.parts.push(vec![point]);
        }
        alone = (is_place && before.is_none() && view.has(point)).then_some(point);
        let ends = before.filter(|_| is_place).and_then(|before| within_x([before, point], view));
        before = is_place.then_some(point);
        let Some(ends) = ends else {
            is_drawing = false;
            continue;
        };
        cut.above.extend(beyond(ends.map(|(x, y)| (x, view.top - y))));
        cut.below.extend(beyond(ends.map(|(x, y)| (x, y - view.bottom))));
        let Some([from, to]) = within_y(ends, view) else {
            is_drawing = false;
            continue;
        };
        match cut.parts.last_mut().filter(|part| is_drawing && part.last() == Some(&from)) {
            Some(part) => part.push(to),
            None => cut.parts.push(vec![from, to]),
        }
        is_drawing = true;
    }
    cut.parts.extend(alone.map(|point| vec![point]));
    cut
}

/// Where a segment of (x, height) is above 0.
fn beyond([from, to]: [Point; 2]) -> Option<(f64, f64)> {
    if from.1 <= 0.0 && to.1 <= 0.0 {
        return None;
    }
    let zero = || from.0 + (to.0 - from.0) * (from.1 / (from.1 - to.1));
    let (a, b) = match (from.1 > 0.0, to.1 > 0.0) {
        (true, true) => (from.0, to.0),
        (true, false) => (from.0, zero()),
        _ => (zero(), to.0),
    };
    Some((a.min(b), a.max(b)))
}

/// The part of a segment where `inside` is not negative; an end that is cut has `edge` for its coordinate.
fn half(ends: [Point; 2], coordinate: fn(&mut Point) -> &mut f64, edge: f64, sign: f64) -> Option<[Point; 2]> {
    let depth = |mut point: Point| sign * (*coordinate(&mut point) - edge);
    let [a, b] = ends.map(depth);
    let cut = || {
        // From the inner end, which is the nearer, so that a far one costs no digits.
        let (inner, outer, share) =
            if a >= 0.0 { (ends[0], ends[1], a / (a - b)) } else { (ends[1], ends[0], b / (b - a)) };
        let mut at = (inner.0 + (outer.0 - inner.0) * share, inner.1 + (outer.1 - inner.1) * share);
        *coordinate(&mut at) = edge;
        at
    };
    match (a >= 0.0, b >= 0.0) {
        (true, true) => Some(ends),
        (true, false) => Some([ends[0], cut()]),
        (false, true) => Some([cut(), ends[1]]),
        (false, false) => None,
    }
}

fn within_x(ends: [Point; 2], view: &Rect) -> Option<[Point; 2]> {
    let ends = half(ends, |point| &mut point.0, view.left, 1.0)?;
    half(ends, |point| &mut point.0, view.right, -1.0)
}

fn within_y(ends: [Point; 2], view: &Rect) -> Option<[Point; 2]> {
    let ends = half(ends, |point| &mut point.1, view.top, 1.0)?;
    half(ends, |point| &mut point.1, view.bottom, -1.0)
}

/// The part of a segment inside the rectangle.
pub fn cut_segment(ends: [Point; 2], view: &Rect) -> Option<[Point; 2]> {
    within_y(within_x(ends, view)?, view)
}

/// The part of a convex polygon inside the rectangle (Sutherland and Hodgman 1974).
pub fn cut_polygon(corners: Vec<Point>, view: &Rect) -> Vec<Point> {
    let by = |corners: Vec<Point>, inside: &dyn Fn(Point) -> f64| {
        let mut kept = Vec::with_capacity(corners.len() + 1);
        for (index, &(x, y)) in corners.iter().enumerate() {
            let next = corners[(index + 1) % corners.len()];
            let (here, there) = (inside((x, y)), inside(next));
            if here >= 0.0 {
                kept.push((x, y));
            }
            if here * there < 0.0 {
                let share = here / (here - there);
                kept.push((x + (next.0 - x) * share, y + (next.1 - y) * share));
            }
        }
        kept
    };
    let corners = by(corners, &|(x, _)| x - view.left);
    let corners = by(corners, &|(x, _)| view.right - x);
    let corners = by(corners, &|(_, y)| y - view.top);
    by(corners, &|(_, y)| view.bottom - y)
}

/// The dashes of a polyline: each `dash` long, after each a gap, measured along the line.
pub fn dashes(line: &[Point], dash: f64, gap: f64) -> Vec<Vec<Point>> {
    let mut all = Vec::new();
    let mut now: Vec<Point> = Vec::new();
    let (mut is_dash, mut left) = (true, dash);
    now.extend(line.first());
    for pair in line.windows(2) {
        let [mut from, to] = [pair[0], pair[1]];
        loop {
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            if length < left {
                left -= length;
                if is_dash && length > 0.0 {
                    now.push(to);
                }
                break;
            }
            let share = left / length;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            if is_dash {
                now.push(from);
                all.push(std::mem::take(&mut now));
            } else {
                now.push(from);
            }
            is_dash = !is_dash;
            left = if is_dash { dash } else { gap };
        }
    }
    if is_dash && now.len() > 1 {
        all.push(now);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: Rect = Rect { left: 0.0, right: 10.0, top: 0.0, bottom: 10.0 };

    #[test]
    fn a_line_is_cut_where_it_leaves_and_its_slope_stays() {
        let cut = cut_line([(0.0, 5.0), (5.0, -5.0), (10.0, 5.0)], &VIEW);
        assert_eq!(cut.parts, [[(0.0, 5.0), (2.5, 0.0)], [(7.5, 0.0), (10.0, 5.0)]]);
        assert_eq!((cut.above, cut.below), (vec![(2.5, 5.0), (5.0, 7.5)], vec![]));
        // A far end costs no digits.
        let cut = cut_line([(5.0, 5.0), (5.0, 1e300)], &VIEW);
        assert_eq!(cut.parts, [[(5.0, 5.0), (5.0, 10.0)]]);
        // What is off to the side is not off scale.
        let cut = cut_line([(-10.0, 5.0), (-5.0, 50.0), (-1.0, 5.0), (20.0, 5.0)], &VIEW);
        assert_eq!((cut.parts, cut.below), (vec![vec![(0.0, 5.0), (10.0, 5.0)]], vec![]));
    }

    #[test]
    fn what_is_not_finite_ends_the_line() {
        let points = [(0.0, 1.0), (1.0, 1.0), (2.0, f64::NAN), (3.0, 1.0), (4.0, 2.0), (5.0, f64::NEG_INFINITY)];
        let cut = cut_line(points, &VIEW);
        assert_eq!(cut.parts, [[(0.0, 1.0), (1.0, 1.0)], [(3.0, 1.0), (4.0, 2.0)]]);
        assert_eq!(cut.above, [(5.0, 5.0)]);
        let cut = cut_line([(1.0, 1.0), (f64::NAN, 2.0), (3.0, 3.0), (40.0, 3.0), (f64::NAN, 0.0), (9.0, 9.0)], &VIEW);
        assert_eq!(cut.parts, [vec![(1.0, 1.0)], vec![(3.0, 3.0), (10.0, 3.0)], vec![(9.0, 9.0)]]);
    }

    #[test]
    fn dashes_are_equal_along_a_bent_line() {
        let line = [(0.0, 0.0), (3.0, 4.0), (3.0, 24.0)];
        let dashes = dashes(&line, 3.0, 2.0);
        let length = |dash: &Vec<Point>| -> f64 {
            dash.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1)).sum()
        };
        assert_eq!(dashes.len(), 5);
        assert!(dashes.iter().all(|dash| (length(dash) - 3.0).abs() < 1e-9), "{dashes:?}");
    }

    #[test]
    fn a_polygon_is_cut_on_all_sides() {
        let corners = cut_polygon(vec![(-5.0, 5.0), (5.0, -5.0), (15.0, 5.0), (5.0, 15.0)], &VIEW);
        assert_eq!(corners.len(), 4, "the diamond's corners are cut to the square: {corners:?}");
        assert!(corners.iter().all(|&corner| VIEW.has(corner)));
    }
}
