//! Ranges, labels, and where data are on a picture.

use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::{DrawError, Style};

/// Where a chart's data are on its picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Left and right edge of the data area, in picture pixels.
    pub x_px: (i32, i32),
    /// Top and bottom edge.
    pub y_px: (i32, i32),
    /// x at the left and at the right edge.
    pub x: (f64, f64),
    /// y at the bottom and at the top edge.
    pub y: (f64, f64),
}

impl Frame {
    /// The x under a picture pixel, or `None` outside the data area.
    pub fn x_at(&self, px: f64) -> Option<f64> {
        let (left, right) = (f64::from(self.x_px.0), f64::from(self.x_px.1));
        (left..=right).contains(&px).then(|| self.x.0 + (px - left) / (right - left) * (self.x.1 - self.x.0))
    }

    /// The y under a picture pixel, or `None` outside the data area.
    pub fn y_at(&self, px: f64) -> Option<f64> {
        let (top, bottom) = (f64::from(self.y_px.0), f64::from(self.y_px.1));
        (top..=bottom).contains(&px).then(|| self.y.1 - (px - top) / (bottom - top) * (self.y.1 - self.y.0))
    }

    /// The picture pixel of a point, inside the data area or not.
    pub fn px_of(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let along = |value: f64, from: (f64, f64), to: (i32, i32)| {
            f64::from(to.0) + (value - from.0) / (from.1 - from.0) * f64::from(to.1 - to.0)
        };
        (along(x, self.x, self.x_px), along(y, self.y, (self.y_px.1, self.y_px.0)))
    }
}

/// The smallest range around `low ..= high` whose ends are multiples of a round step (1, 2 or 5 times a
/// power of ten) that divides it into at most 8 parts. It changes seldom while the values move.
pub fn nice_range(low: f64, high: f64) -> (f64, f64) {
    if !low.is_finite() || !high.is_finite() {
        return (-1.0, 1.0);
    }
    let (low, high) = if high - low < 1e-9 * low.abs().max(1.0) { (low - 1.0, high + 1.0) } else { (low, high) };
    let rough = (high - low) / 6.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|&step| step >= rough).unwrap_or(rough);
    ((low / step).floor() * step, (high / step).ceil() * step)
}

/// A number for people: up to four digits after the point, no trailing zeros, a true minus sign.
pub fn number(value: f64) -> String {
    let text = if value != 0.0 && (value.abs() < 1e-3 || value.abs() >= 1e6) {
        format!("{value:.2e}")
    } else {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if text == "-0" { "0".into() } else { text.replace('-', "−") }
}

pub(super) type Axes<'a, B> = ChartContext<'a, B, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Paper, and the data area with room for axes; `right` leaves room for a second one.
pub(super) fn data_area<'a, B: DrawingBackend>(
    area: &'a DrawingArea<B, Shift>,
    style: &Style,
    (x_low, x_high): (f64, f64),
    (y_low, y_high): (f64, f64),
    right: bool,
) -> Result<Axes<'a, B>, DrawError>
where
    B::ErrorType: 'static,
{
    area.fill(&style.theme.paper)?;
    let mut builder = ChartBuilder::on(area);
    builder
        .margin_top(style.px(10.0))
        .margin_right(style.px(if right { 6.0 } else { 16.0 }))
        .margin_left(style.px(4.0))
        .margin_bottom(style.px(4.0))
        .x_label_area_size(style.px(40.0))
        .y_label_area_size(style.px(54.0));
    if right {
        builder.right_y_label_area_size(style.px(54.0));
    }
    Ok(builder.build_cartesian_2d(x_low..x_high, y_low..y_high)?)
}

/// How labels and titles of axes are written.
pub(super) fn axis_text(style: &Style) -> TextStyle<'static> {
    ("sans-serif", f64::from(style.px(12.0))).into_font().color(&style.faint(0.85))
}

/// Axes with titles, and hairlines.
pub(super) fn draw_axes<B: DrawingBackend>(
    chart: &mut Axes<B>,
    style: &Style,
    x: &str,
    y: &str,
) -> Result<(), DrawError>
where
    B::ErrorType: 'static,
{
    draw_axes_labelled(chart, style, x, y, &|value| number(*value))
}

/// The most labels of an axis.
pub(super) const MOST_LABELS: usize = 11;

/// A title, and how the axis' numbers are written.
pub(super) type AxisText<'a> = (&'a str, &'a dyn Fn(&f64) -> String);

/// The same, with labels of one's own.
pub(super) fn draw_axes_labelled<B: DrawingBackend>(
    chart: &mut Axes<B>,
    style: &Style,
    x: &str,
    y: &str,
    label: &dyn Fn(&f64) -> String,
) -> Result<(), DrawError>
where
    B::ErrorType: 'static,
{
    draw_axes_with(chart, style, (x, label), (y, label), MOST_LABELS)
}

/// The same, with different ones for the two axes, and at most so many for x.
pub(super) fn draw_axes_with<B: DrawingBackend>(
    chart: &mut Axes<B>,
    style: &Style,
    (x, x_label): AxisText,
    (y, y_label): AxisText,
    most_x: usize,
) -> Result<(), DrawError>
where
    B::ErrorType: 'static,
{
    let (width, height) = chart.plotting_area().dim_in_pixel();
    let label_count =
        |pixels: u32, each: f64| ((f64::from(pixels) / style.scale / each) as usize).clamp(2, MOST_LABELS);
    chart
        .configure_mesh()
        .x_labels(label_count(width, 55.0).min(most_x))
        .y_labels(label_count(height, 40.0))
        .x_label_formatter(&x_label)
        .y_label_formatter(&y_label)
        .x_desc(x)
        .y_desc(y)
        .label_style(axis_text(style))
        .axis_desc_style(axis_text(style))
        .axis_style(style.faint(0.5))
        .bold_line_style(style.faint(0.09))
        .light_line_style(TRANSPARENT)
        .draw()?;
    Ok(())
}

pub(super) fn frame<B: DrawingBackend>(chart: &Axes<B>, x: (f64, f64), y: (f64, f64)) -> Frame {
    let (x_px, y_px) = chart.plotting_area().get_pixel_range();
    Frame { x_px: (x_px.start, x_px.end), y_px: (y_px.start, y_px.end), x, y }
}
