//! Where a note beside the pointer covers least.

use super::clip::Point;

/// Distance of the note from the place that it is about.
const APART: f64 = 14.0;
/// What covering a marked point costs, in places along a line.
const MARK: f64 = 1_000.0;
/// Free space around a marked point.
const AROUND: f64 = 9.0;

/// The upper left corner of a note of this size about a place, inside a box from (0, 0) to `room`: on the side where it
/// covers no marked point and as little of the lines as can be, and near. All in the same pixels.
pub fn beside(at: Point, size: (f64, f64), room: (f64, f64), marks: &[Point], ink: &[Point]) -> Point {
    let (width, height) = size;
    let mut places = Vec::new();
    for x in [at.0 + APART, at.0 - APART - width, at.0 - width / 2.0, 0.0, room.0 - width] {
        for y in [at.1 - APART - height, at.1 + APART, at.1 - height / 2.0, 0.0, room.1 - height] {
            places.push((x.min(room.0 - width).max(0.0), y.min(room.1 - height).max(0.0)));
        }
    }
    let cost = |&(left, top): &Point| {
        let is_under = |&(x, y): &Point, around: f64| {
            (left - around..=left + width + around).contains(&x) && (top - around..=top + height + around).contains(&y)
        };
        let count = |points: &[Point], around| points.iter().filter(|point| is_under(point, around)).count() as f64;
        let own = if is_under(&at, AROUND) { 10.0 * MARK } else { 0.0 };
        let gap = |low: f64, high: f64, value: f64| (low - value).max(value - high).max(0.0);
        let far = gap(left, left + width, at.0).hypot(gap(top, top + height, at.1));
        own + MARK * count(marks, AROUND) + count(ink, 2.0) + far / 12.0
    };
    places.into_iter().min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Point = (400.0, 300.0);
    const SIZE: Point = (120.0, 60.0);

    fn covers((left, top): Point, (x, y): Point) -> bool {
        (left..=left + SIZE.0).contains(&x) && (top..=top + SIZE.1).contains(&y)
    }

    #[test]
    fn a_note_stays_inside_and_off_its_place() {
        for x in (0..=400).step_by(20) {
            for y in (0..=300).step_by(20) {
                let at = (f64::from(x), f64::from(y));
                let (left, top) = beside(at, SIZE, ROOM, &[], &[]);
                assert!(left >= 0.0 && top >= 0.0 && left + SIZE.0 <= ROOM.0 && top + SIZE.1 <= ROOM.1, "{at:?}");
                assert!(!covers((left, top), at), "{at:?}: {left}, {top}");
            }
        }
    }

    #[test]
    fn a_note_goes_where_no_mark_is() {
        let marks = [(230.0, 100.0), (300.0, 120.0), (230.0, 200.0)];
        let place = beside((200.0, 150.0), SIZE, ROOM, &marks, &[]);
        assert!(marks.iter().all(|&mark| !covers(place, mark)), "{place:?}");
        // A line that rises from the lower left: the note is above or below it.
        let ink: Vec<Point> = (0..40).map(|i| (f64::from(i) * 10.0, 300.0 - f64::from(i) * 7.5)).collect();
        let place = beside((200.0, 150.0), SIZE, ROOM, &[], &ink);
        assert!(ink.iter().all(|&point| !covers(place, point)), "{place:?}");
    }
}
