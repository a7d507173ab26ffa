//! A surface that writes a TikZ picture, so that a paper in LaTeX has its figures as lines and text.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};

use super::surface::{GRID, Image, Surface};
use super::tex::tex;

type Done = Result<(), DrawingErrorKind<Infallible>>;

/// Points on paper for a pixel of the picture: 720 of them are as wide as the text on A4 and Letter.
const PT: f64 = 0.6;

/// A TikZ picture that grows as it is drawn on.
#[derive(Clone, Debug)]
pub struct TikzSurface {
    size: (u32, u32),
    text: String,
}

impl TikzSurface {
    /// Empty, of this size in pixels.
    pub fn new(size: (u32, u32)) -> Self {
        let text = format!(
            "\\begin{{tikzpicture}}[x={PT}pt,y=-{PT}pt,line join=round,inner sep=0pt]\n\\path[use as bounding box] (0,0) rectangle ({},{});\n",
            size.0, size.1
        );
        Self { size, text }
    }

    /// The picture.
    pub fn finish(mut self) -> String {
        self.text.push_str("\\end{tikzpicture}\n");
        self.text
    }

    fn add(&mut self, command: std::fmt::Arguments) -> Done {
        self.text.push_str(&format!("{command};\n"));
        Ok(())
    }
}

/// A point in pixels.
fn at((x, y): BackendCoord) -> String {
    format!("({},{})", f64::from(x) / GRID, f64::from(y) / GRID)
}

fn path(points: impl IntoIterator<Item = BackendCoord>) -> String {
    points.into_iter().map(at).collect::<Vec<_>>().join(" -- ")
}

fn colour((r, g, b): (u8, u8, u8)) -> String {
    format!("{{rgb,255:red,{r};green,{g};blue,{b}}}")
}

fn fill(style: &impl BackendStyle) -> String {
    let ink = style.color();
    format!("\\fill[fill={},fill opacity={}]", colour(ink.rgb), ink.alpha)
}

fn stroke(style: &impl BackendStyle) -> String {
    let (BackendColor { alpha, rgb }, width) = (style.color(), f64::from(style.stroke_width()) / GRID * PT);
    format!("\\draw[draw={},draw opacity={alpha},line width={width:.3}pt]", colour(rgb))
}

impl DrawingBackend for TikzSurface {
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
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, is_filled: bool) -> Done {
        let look = if is_filled { fill(style) } else { stroke(style) };
        self.add(format_args!("{look} {} rectangle {}", at(from), at(to)))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, points: I, style: &S) -> Done {
        let path = path(points);
        if path.is_empty() { Ok(()) } else { self.add(format_args!("{} {path}", stroke(style))) }
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, is_filled: bool) -> Done {
        let look = if is_filled { fill(style) } else { stroke(style) };
        self.add(format_args!("{look} {} circle[radius={:.3}pt]", at(centre), f64::from(radius) / GRID * PT))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Done {
        let path = path(corners);
        if path.is_empty() { Ok(()) } else { self.add(format_args!("{} {path} -- cycle", fill(style))) }
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, place: BackendCoord) -> Done {
        let anchor = match (style.anchor().v_pos, style.anchor().h_pos) {
            (VPos::Top, HPos::Left) => "north west",
            (VPos::Top, HPos::Center) => "north",
            (VPos::Top, HPos::Right) => "north east",
            (VPos::Center, HPos::Left) => "west",
            (VPos::Center, HPos::Center) => "center",
            (VPos::Center, HPos::Right) => "east",
            (VPos::Bottom, HPos::Left) => "south west",
            (VPos::Bottom, HPos::Center) => "south",
            (VPos::Bottom, HPos::Right) => "south east",
        };
        // TikZ turns to the left, plotters to the right.
        let turn = match style.transform() {
            FontTransform::None => "",
            FontTransform::Rotate90 => ",rotate=270",
            FontTransform::Rotate180 => ",rotate=180",
            FontTransform::Rotate270 => ",rotate=90",
        };
        let size = style.size() / GRID * PT;
        let BackendColor { alpha, rgb } = style.color();
        self.add(format_args!(
            "\\node[anchor={anchor},text={},text opacity={alpha},font=\\fontsize{{{size:.2}}}{{{:.2}}}\\selectfont{turn}] at {} {{{}}}",
            colour(rgb),
            size * 1.2,
            at(place),
            tex(text)
        ))
    }
}

impl Surface for TikzSurface {
    /// As rectangles, one for each stretch of a row that has one colour.
    fn image(&mut self, from: BackendCoord, to: BackendCoord, image: &Image) -> Done {
        let rows = image.rows();
        let px = |units: i32| f64::from(units) / GRID;
        let (left, top) = (px(from.0), px(from.1));
        let (across, down) = ((px(to.0) - left) / image.columns as f64, (px(to.1) - top) / rows as f64);
        for (row, pixels) in image.pixels.chunks_exact(image.columns.max(1)).enumerate() {
            let mut column = 0;
            for stretch in pixels.chunk_by(|a, b| a == b) {
                let ink = image.palette[usize::from(stretch[0])];
                let (x, y) = (left + across * column as f64, top + down * row as f64);
                column += stretch.len();
                let (right, bottom) = (left + across * column as f64, y + down);
                self.add(format_args!(
                    "\\fill[fill={}] ({x:.2},{y:.2}) rectangle ({right:.2},{bottom:.2})",
                    colour((ink.0, ink.1, ink.2))
                ))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use plotters::style::RGBColor;

    use super::*;

    #[test]
    fn an_image_is_a_rectangle_a_stretch() -> Result<(), DrawingErrorKind<Infallible>> {
        let image =
            Image { columns: 3, palette: vec![RGBColor(1, 2, 3), RGBColor(4, 5, 6)], pixels: vec![0, 0, 1, 1, 1, 1] };
        let mut surface = TikzSurface::new((30, 20));
        let unit = GRID as i32;
        surface.image((0, 0), (30 * unit, 20 * unit), &image)?;
        let picture = surface.finish();
        assert_eq!(picture.matches("rectangle").count(), 1 + 3);
        assert!(picture.contains("{rgb,255:red,1;green,2;blue,3}] (0.00,0.00) rectangle (20.00,10.00);"));
        assert!(picture.contains("{rgb,255:red,4;green,5;blue,6}] (0.00,10.00) rectangle (30.00,20.00);"));
        Ok(())
    }
}
