//! Two fingers on an element.

use web_sys::{Element, TouchEvent};

/// Where two fingers are, in CSS pixels from the element's corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pinch {
    /// Halfway between them.
    pub middle: (f64, f64),
    /// Their distance, at least 1.
    pub apart: f64,
}

/// The fingers of an event, if they are two.
pub(super) fn touches(event: &TouchEvent, element: &Element) -> Option<Pinch> {
    let fingers = event.touches();
    if fingers.length() != 2 {
        return None;
    }
    let [a, b] = [fingers.get(0)?, fingers.get(1)?].map(|at| (f64::from(at.client_x()), f64::from(at.client_y())));
    let corner = element.get_bounding_client_rect();
    let middle = ((a.0 + b.0) / 2.0 - corner.left(), (a.1 + b.1) / 2.0 - corner.top());
    Some(Pinch { middle, apart: (a.0 - b.0).hypot(a.1 - b.1).max(1.0) })
}
