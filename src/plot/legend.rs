//! What the lines, marks and areas of a chart are called.

use plotters::style::{Color, RGBAColor};

use super::Theme;

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pen {
    /// Its colour.
    pub colour: RGBAColor,
    /// In pixels of the design.
    pub width: f64,
    /// Dash and gap in pixels of the design; none for a solid line.
    pub dash: Option<(f64, f64)>,
}

impl Pen {
    /// A solid line.
    pub fn solid(colour: RGBAColor, width: f64) -> Self {
        Self { colour, width, dash: None }
    }

    /// A dashed line.
    pub fn dashed(colour: RGBAColor, width: f64, dash: f64, gap: f64) -> Self {
        Self { colour, width, dash: Some((dash, gap)) }
    }
}

/// A point's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Filled.
    Disc,
    /// Filled with paper.
    Ring,
    /// Filled, pointing up.
    Triangle,
    /// Filled.
    Square,
}

/// An area's look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Patch {
    /// One colour.
    Filled(RGBAColor),
    /// Slanting lines.
    Hatched(RGBAColor),
}

/// A name, and what it is the name of.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// In words.
    pub name: String,
    /// The line, if it is one.
    pub line: Option<Pen>,
    /// The points' shape and colour, if there are any.
    pub mark: Option<(Mark, RGBAColor)>,
    /// The area, if it is one.
    pub patch: Option<Patch>,
}

impl Entry {
    /// Of a line.
    pub fn line(name: impl Into<String>, pen: Pen) -> Self {
        Self { name: name.into(), line: Some(pen), mark: None, patch: None }
    }

    /// Of points.
    pub fn mark(name: impl Into<String>, mark: Mark, colour: RGBAColor) -> Self {
        Self { name: name.into(), line: None, mark: Some((mark, colour)), patch: None }
    }

    /// Of an area.
    pub fn patch(name: impl Into<String>, patch: Patch) -> Self {
        Self { name: name.into(), line: None, mark: None, patch: Some(patch) }
    }

    /// With such points on the line.
    pub fn with(self, mark: Mark, colour: RGBAColor) -> Self {
        Self { mark: Some((mark, colour)), ..self }
    }
}

/// A small picture of what an entry names, as SVG for a page.
pub fn sample(entry: &Entry, theme: &Theme) -> String {
    let look = |colour: RGBAColor| {
        let RGBAColor(r, g, b, alpha) = colour;
        (format!("#{r:02x}{g:02x}{b:02x}"), alpha)
    };
    let mut svg =
        String::from("<svg class=\"sample\" width=\"28\" height=\"14\" viewBox=\"0 0 28 14\" aria-hidden=\"true\">");
    if let Some(Pen { colour, width, dash }) = entry.line {
        let (ink, alpha) = look(colour);
        let dash = dash.map(|(dash, gap)| format!(" stroke-dasharray=\"{dash} {gap}\"")).unwrap_or_default();
        svg += &format!(
            "<path d=\"M1 7H27\" stroke=\"{ink}\" stroke-opacity=\"{alpha}\" stroke-width=\"{width}\"{dash}/>"
        );
    }
    match entry.patch {
        Some(Patch::Filled(colour)) => {
            let (ink, alpha) = look(colour);
            let border = look(theme.ink.mix(0.3));
            svg += &format!(
                "<rect x=\"7.5\" y=\".5\" width=\"13\" height=\"13\" fill=\"{ink}\" fill-opacity=\"{alpha}\" stroke=\"{}\" stroke-opacity=\"{}\"/>",
                border.0, border.1
            );
        }
        Some(Patch::Hatched(colour)) => {
            let (ink, alpha) = look(colour);
            svg += &format!(
                "<path d=\"M7.5 .5h13v13h-13zM7.5 7l6.5-6.5M7.5 13.5l13-13M14 13.5l6.5-6.5\" fill=\"none\" stroke=\"{ink}\" stroke-opacity=\"{alpha}\"/>"
            );
        }
        None => {}
    }
    if let Some((mark, colour)) = entry.mark {
        let (ink, paper) = (look(colour).0, look(theme.paper.to_rgba()).0);
        svg += &match mark {
            Mark::Disc => format!("<circle cx=\"14\" cy=\"7\" r=\"3.5\" fill=\"{ink}\"/>"),
            Mark::Ring => {
                format!("<circle cx=\"14\" cy=\"7\" r=\"3.5\" fill=\"{paper}\" stroke=\"{ink}\" stroke-width=\"1.8\"/>")
            }
            Mark::Triangle => format!("<path d=\"M14 2l4.5 8.5h-9z\" fill=\"{ink}\"/>"),
            Mark::Square => format!("<path d=\"M10.9 3.9h6.2v6.2h-6.2z\" fill=\"{ink}\"/>"),
        };
    }
    svg + "</svg>"
}
