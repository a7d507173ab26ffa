//! Ranges, axes and their labels, and where data are on a picture.

use super::clip::{Point, Rect};
use super::ticks::{Ticks, power_of_ten};

/// Where a chart's data are on its picture, and what is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// Left and right edge of the data area, in picture pixels.
    pub x_px: (f64, f64),
    /// Top and bottom edge.
    pub y_px: (f64, f64),
    /// x at the left and at the right edge.
    pub x: (f64, f64),
    /// y at the bottom and at the top edge.
    pub y: (f64, f64),
    /// Picture pixels of the marked points, which nothing should cover.
    pub marks: Vec<Point>,
    /// Picture pixels along the lines.
    pub ink: Vec<Point>,
}

impl Frame {
    /// The x under a picture pixel, or `None` outside the data area.
    pub fn x_at(&self, px: f64) -> Option<f64> {
        let (left, right) = self.x_px;
        (left..=right).contains(&px).then(|| self.x.0 + (px - left) / (right - left) * (self.x.1 - self.x.0))
    }

    /// The y under a picture pixel, or `None` outside the data area.
    pub fn y_at(&self, px: f64) -> Option<f64> {
        let (top, bottom) = self.y_px;
        (top..=bottom).contains(&px).then(|| self.y.1 - (px - top) / (bottom - top) * (self.y.1 - self.y.0))
    }

    /// The picture pixel of a point, inside the data area or not.
    pub fn px_of(&self, (x, y): Point) -> Point {
        let along =
            |value: f64, from: (f64, f64), to: (f64, f64)| to.0 + (value - from.0) / (from.1 - from.0) * (to.1 - to.0);
        (along(x, self.x, self.x_px), along(y, self.y, (self.y_px.1, self.y_px.0)))
    }

    /// Widens the range of the axis on which a unit is longer, so that it is the same on both.
    pub(super) fn make_square(&mut self) {
        let width = |(from, to): (f64, f64)| to - from;
        let unit_px = (width(self.x_px) / width(self.x)).min(width(self.y_px) / width(self.y));
        let around = |(low, high): (f64, f64), px: f64| {
            let (middle, half) = ((low + high) / 2.0, px / unit_px / 2.0);
            (middle - half, middle + half)
        };
        self.x = around(self.x, width(self.x_px));
        self.y = around(self.y, width(self.y_px));
    }

    /// The data area in picture pixels.
    pub fn area(&self) -> Rect {
        Rect { left: self.x_px.0, right: self.x_px.1, top: self.y_px.0, bottom: self.y_px.1 }
    }
}

/// The share of an axis that is left free below and above what is drawn.
pub const ROOM: f64 = 0.05;

/// A range around `low ..= high` with at least [`ROOM`] at both ends, whose ends are multiples of half a round step, so
/// that it changes seldom while the values move.
pub fn nice_range(low: f64, high: f64) -> (f64, f64) {
    if !low.is_finite() || !high.is_finite() || !(high - low).is_finite() {
        return (-1.0, 1.0);
    }
    let size = low.abs().max(high.abs());
    // A constant. A smaller difference would be one of rounding.
    let (low, high) = if high - low <= (1e-12 * size).max(1e-12) {
        let half = (0.1 * size).max(1.0);
        (low - half, high + half)
    } else {
        (low, high)
    };
    let rough = (high - low) / 6.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|&step| step >= rough).unwrap_or(rough);
    let half = step / 2.0;
    let around = |room: f64| (((low - room) / half).floor() * half, ((high + room) / half).ceil() * half);
    // The room is a share of the range that it is part of.
    let mut range = around(ROOM * (high - low) / (1.0 - 2.0 * ROOM));
    while low - range.0 < ROOM * (range.1 - range.0) || range.1 - high < ROOM * (range.1 - range.0) {
        range = around(ROOM * (range.1 - range.0) * 1.01);
    }
    range
}

/// The range with [`ROOM`] at both ends.
pub(super) fn with_room((low, high): (f64, f64)) -> (f64, f64) {
    let room = ROOM / (1.0 - 2.0 * ROOM) * (high - low);
    (low - room, high + room)
}

/// What an axis counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// The numbers themselves.
    Linear,
    /// Whole numbers.
    Whole,
    /// Exponents of two; labels are the powers.
    Doublings,
    /// Exponents of ten; labels are the powers, in full where they are short.
    Decades,
    /// Exponents of ten, always written as such.
    Powers,
}

/// An axis: its range, in what it counts, and its title.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis<'a> {
    pub range: (f64, f64),
    pub scale: Scale,
    pub title: &'a str,
}

impl<'a> Axis<'a> {
    pub fn linear(range: (f64, f64), title: &'a str) -> Self {
        Self { range, scale: Scale::Linear, title }
    }

    /// At most so many places with their labels.
    pub fn labels(&self, most: usize) -> Vec<(f64, String)> {
        let (low, high) = self.range;
        let exponents = || Ticks::whole(low, high, most).labels().into_iter().map(|(place, _)| place);
        match self.scale {
            Scale::Linear => Ticks::over(low, high, most).labels(),
            Scale::Whole => Ticks::whole(low, high, most).labels(),
            Scale::Doublings => exponents().map(|place| (place, super::number(place.exp2(), 15))).collect(),
            Scale::Decades => {
                let is_short = exponents().all(|place| (-4.0..=6.0).contains(&place));
                let label = |place: f64| {
                    if is_short { super::number(10_f64.powf(place), 15) } else { power_of_ten(place as i32) }
                };
                exponents().map(|place| (place, label(place))).collect()
            }
            Scale::Powers => exponents().map(|place| (place, power_of_ten(place as i32))).collect(),
        }
    }
}
