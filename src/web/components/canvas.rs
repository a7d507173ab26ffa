//! A canvas as a surface for charts.

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::plot::{GRID, Image, Surface};

/// plotters' canvas, on a grid finer than its pixels: the context scales it back.
pub(super) struct CanvasSurface {
    backend: CanvasBackend,
    context: CanvasRenderingContext2d,
    size: (u32, u32),
}

type Done = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl CanvasSurface {
    /// Over the whole canvas; `None` if the browser has no context for it.
    pub(super) fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        let size = (canvas.width() * GRID as u32, canvas.height() * GRID as u32);
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        context.set_transform(1.0 / GRID, 0.0, 0.0, 1.0 / GRID, 0.0, 0.0).ok()?;
        context.set_line_join("round");
        Some(Self { backend: CanvasBackend::with_canvas_object(canvas)?, context, size })
    }
}

impl DrawingBackend for CanvasSurface {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Done {
        self.backend.ensure_prepared()
    }

    fn present(&mut self) -> Done {
        self.backend.present()
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Done {
        self.backend.draw_pixel(at, colour)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        self.backend.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, is_filled: bool) -> Done {
        self.backend.draw_rect(from, to, style, is_filled)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        self.backend.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, is_filled: bool) -> Done {
        self.backend.draw_circle(at, radius, style, is_filled)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Done {
        self.backend.fill_polygon(corners, style)
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Done {
        self.backend.draw_text(text, style, at)
    }
}

impl Surface for CanvasSurface {
    /// As one path: a fill each would take several times as long, and leave seams between them.
    fn fill_polygons(&mut self, all: &[Vec<BackendCoord>], colour: &BackendColor) -> Done {
        if all.is_empty() {
            return Ok(());
        }
        let ((r, g, b), alpha) = (colour.rgb, colour.alpha);
        self.context.set_fill_style_str(&format!("rgba({r},{g},{b},{alpha})"));
        self.context.begin_path();
        for corners in all {
            for (index, &(x, y)) in corners.iter().enumerate() {
                let (x, y) = (f64::from(x), f64::from(y));
                if index == 0 { self.context.move_to(x, y) } else { self.context.line_to(x, y) }
            }
            self.context.close_path();
        }
        self.context.fill();
        Ok(())
    }

    fn image(&mut self, from: BackendCoord, to: BackendCoord, image: &Image) -> Done {
        let [x, y, width, height] = [from.0, from.1, to.0 - from.0, to.1 - from.1].map(f64::from);
        // The plotters backend has no error for this; without the image, the picture is paper with its lines.
        if let Err(error) = draw(image).and_then(|small| {
            self.context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, x, y, width, height)
        }) {
            leptos::logging::error!("an image of a chart could not be drawn: {error:?}");
        }
        Ok(())
    }
}

/// The image on a canvas of its own, pixel for pixel.
fn draw(image: &Image) -> Result<HtmlCanvasElement, JsValue> {
    let (columns, rows) = (image.columns as u32, image.rows() as u32);
    let colours: Vec<[u8; 4]> = image.palette.iter().map(|colour| [colour.0, colour.1, colour.2, 255]).collect();
    let rgba: Vec<u8> = image.pixels.iter().flat_map(|&pixel| colours[usize::from(pixel)]).collect();
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), columns, rows)?;
    let canvas: HtmlCanvasElement = leptos::prelude::document().create_element("canvas")?.unchecked_into();
    canvas.set_width(columns);
    canvas.set_height(rows);
    let context = canvas.get_context("2d")?.ok_or("no context")?;
    context.unchecked_into::<CanvasRenderingContext2d>().put_image_data(&data, 0.0, 0.0)?;
    Ok(canvas)
}
