//! A chart as a figure of a report to print.

use plotters::style::WHITE;

use crate::labs::printout::{FIGURE_PX, Part};
use crate::plot::{Chart, Style, Theme, to_svg};

/// The chart, dark on white, with a caption.
pub(super) fn figure(chart: &impl Chart, caption: String) -> Part {
    // On white: a tint would cost ink.
    let style = Style::alone(Theme { paper: WHITE, ..Theme::LIGHT });
    match to_svg(chart, &style, FIGURE_PX) {
        Ok((svg, _)) => Part::Figure { svg, caption },
        Err(error) => Part::Paragraph(format!("A picture could not be drawn: {error}. {caption}")),
    }
}
