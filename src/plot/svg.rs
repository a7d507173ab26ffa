//! A surface that writes SVG, to a sixteenth of a pixel.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};

use super::png::data_uri;
use super::surface::{GRID, Image, Surface};

type Done = Result<(), DrawingErrorKind<Infallible>>;

/// An SVG picture that grows as it is drawn on.
#[derive(Clone, Debug)]
pub struct SvgSurface {
    size: (u32, u32),
    text: String,
}

impl SvgSurface {
    /// Empty, of this size in pixels.
    pub fn new(size: (u32, u32)) -> Self {
        let (width, height) = size;
        let text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n"
        );
        Self { size, text }
    }

    /// The picture.
    pub fn finish(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }

    fn add(&mut self, element: std::fmt::Arguments) -> Done {
        self.text.push_str(&format!("{element}\n"));
        Ok(())
    }
}

/// A length in pixels.
fn px(units: i32) -> f64 {
    f64::from(units) / GRID
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    path.into_iter().map(|(x, y)| format!("{},{}", px(x), px(y))).collect::<Vec<_>>().join(" ")
}

fn colour(BackendColor { rgb: (r, g, b), .. }: BackendColor) -> String {
    format!("#{r:02X}{g:02X}{b:02X}")
}

/// How a shape is filled.
fn fill(style: &impl BackendStyle) -> String {
    let ink = style.color();
    format!("fill=\"{}\" fill-opacity=\"{}\"", colour(ink), ink.alpha)
}

/// How a line is drawn.
fn stroke(style: &impl BackendStyle) -> String {
    let (ink, width) = (style.color(), f64::from(style.stroke_width()) / GRID);
    format!(
        "fill=\"none\" stroke=\"{}\" stroke-opacity=\"{}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"",
        colour(ink),
        ink.alpha
    )
}

/// As text of SVG.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl DrawingBackend for SvgSurface {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.size.0 * GRID as u32, self.size.1 * GRID as u32)
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Done {
        self.draw_rect(point, (point.0 + 1, point.1 + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(px);
        self.add(format_args!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" {}/>", stroke(style)))
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, is_filled: bool) -> Done {
        let [x, y, width, height] = [from.0, from.1, to.0 - from.0, to.1 - from.1].map(px);
        let look = if is_filled { fill(style) } else { stroke(style) };
        self.add(format_args!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {look}/>"))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        self.add(format_args!("<polyline points=\"{}\" {}/>", points(path), stroke(style)))
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, is_filled: bool) -> Done {
        let look = if is_filled { fill(style) } else { stroke(style) };
        let r = f64::from(radius) / GRID;
        self.add(format_args!("<circle cx=\"{}\" cy=\"{}\" r=\"{r}\" {look}/>", px(at.0), px(at.1)))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Done {
        self.add(format_args!("<polygon points=\"{}\" {}/>", points(corners), fill(style)))
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Done {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        let down = match style.anchor().v_pos {
            VPos::Top => "0.8em",
            VPos::Center => "0.35em",
            VPos::Bottom => "-0.2em",
        };
        let (x, y) = (px(at.0), px(at.1));
        let turn = match style.transform() {
            FontTransform::None => String::new(),
            FontTransform::Rotate90 => format!(" transform=\"rotate(90 {x} {y})\""),
            FontTransform::Rotate180 => format!(" transform=\"rotate(180 {x} {y})\""),
            FontTransform::Rotate270 => format!(" transform=\"rotate(270 {x} {y})\""),
        };
        self.add(format_args!(
            "<text x=\"{x}\" y=\"{y}\" dy=\"{down}\" text-anchor=\"{anchor}\" font-family=\"{}\" font-size=\"{}\" {}{turn}>{}</text>",
            style.family().as_str(),
            style.size() / GRID,
            fill(&style.color()),
            escaped(text)
        ))
    }
}

impl Surface for SvgSurface {
    fn image(&mut self, from: BackendCoord, to: BackendCoord, image: &Image) -> Done {
        let [x, y, width, height] = [from.0, from.1, to.0 - from.0, to.1 - from.1].map(px);
        self.add(format_args!(
            "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" href=\"{}\"/>",
            data_uri(image)
        ))
    }
}
