//! A chart as a figure of a report to print.

use crate::labs::printout::{FIGURE_PX, Part};
use crate::plot::{Chart, Style, Theme, to_svg, to_tikz};

/// The chart, dark on white, with a caption.
pub(super) fn figure(chart: &impl Chart, caption: String) -> Part {
    let style = Style::alone(Theme::PRINTED);
    let both = to_svg(chart, &style, FIGURE_PX).and_then(|(svg, _)| Ok((svg, to_tikz(chart, &style, FIGURE_PX)?)));
    match both {
        Ok((svg, tikz)) => Part::Figure { svg, tikz, caption },
        Err(error) => Part::Paragraph(format!("A picture could not be drawn: {error}. {caption}")),
    }
}
