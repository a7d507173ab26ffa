//! Drawing in a chart's own numbers: everything is cut at the data area, and what is off scale is marked.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor};

use super::axis::Axis;
use super::clip::{Point, Rect, cut_line, cut_polygon, dashes};
use super::legend::{Entry, Mark, Patch, Pen};
use super::surface::{GRID, Image, Surface};
use super::{DrawError, Frame, Style};

/// Of labels and titles, in pixels of the design.
const TEXT: f64 = 12.0;
/// About how wide a character of them is.
const CHARACTER: f64 = 6.9;
/// The least distance of two labels beside each other, and of two above each other.
const APART: (f64, f64) = (14.0, 40.0);
/// The most labels of an axis.
const MOST_LABELS: usize = 11;
/// Marks of what is off scale are at least this far from each other, and this large.
const ARROWS: (f64, f64) = (60.0, 9.0);
/// About the distance of the places along a line that a [`Frame`] tells of, and how many they are at most.
const INK: (f64, usize) = (14.0, 500);
/// The most marked points that a [`Frame`] tells of.
const MOST_MARKS: usize = 100;
/// A row of the legend, and the room of a sample in it.
const LEGEND: (f64, f64) = (20.0, 34.0);

/// A stretch of x where a line is off scale.
struct Beyond {
    is_above: bool,
    from: f64,
    to: f64,
    colour: RGBAColor,
}

/// What a chart asks of the space around its data.
pub(super) struct Layout<'a> {
    pub x: Axis<'a>,
    pub y: Axis<'a>,
    /// A second axis, on the right, of the same height.
    pub right: Option<Axis<'a>>,
    /// Room on the right for labels at the ends of lines, in characters.
    pub ends: usize,
    /// Whether a unit is as long across as up: the longer side shows more.
    pub is_square: bool,
    pub legend: Vec<Entry>,
}

impl<'a> Layout<'a> {
    pub fn new(x: Axis<'a>, y: Axis<'a>) -> Self {
        Self { x, y, right: None, ends: 0, is_square: false, legend: Vec::new() }
    }
}

/// A surface with axes on it, and a way to draw between them.
pub(super) struct Sheet<'a, S: Surface> {
    surface: &'a mut S,
    style: &'a Style,
    frame: Frame,
    beyond: Vec<Beyond>,
}

fn units(px: f64) -> i32 {
    (px * GRID).round() as i32
}

fn point_units((x, y): Point) -> (i32, i32) {
    (units(x), units(y))
}

fn widest(labels: &[(f64, String)]) -> f64 {
    labels.iter().map(|label| label.1.chars().count()).max().unwrap_or(0) as f64 * CHARACTER
}

impl<'a, S: Surface> Sheet<'a, S>
where
    S::ErrorType: 'static,
{
    /// Paper with axes, hairlines and, if the style has it, the legend.
    pub fn new(surface: &'a mut S, style: &'a Style, layout: Layout) -> Result<Self, DrawError> {
        let (width, height) = surface.get_size();
        let size = [width, height].map(|units| f64::from(units) / GRID);
        let mut sheet = Self { surface, style, frame: Frame::default(), beyond: Vec::new() };
        let paper = style.theme.paper.to_rgba();
        sheet.surface.draw_rect((0, 0), (width as i32, height as i32), &paper.to_backend_color(), true)?;
        let scale = style.scale;
        let rows = if style.has_legend { sheet.legend_rows(&layout.legend, size[0]) } else { Vec::new() };
        let (top, bottom) = (12.0 + LEGEND.0 * rows.len() as f64, 42.0);
        let up = (size[1] / scale - top - bottom).max(20.0);
        let most_y = ((up / APART.1) as usize).clamp(2, MOST_LABELS);
        let y_labels = layout.y.labels(most_y);
        let right_labels = layout.right.map(|axis| axis.labels(most_y)).unwrap_or_default();
        let left = 30.0 + widest(&y_labels).max(20.0);
        let right = match layout.right {
            Some(_) => 32.0 + widest(&right_labels),
            None => 18.0 + layout.ends as f64 * CHARACTER,
        };
        // Edges on whole pixels, so that hairlines are sharp.
        let edge = |design: f64| (design * scale).round();
        sheet.frame.x_px = (edge(left), (size[0] - edge(right)).floor().max(edge(left) + 10.0));
        sheet.frame.y_px = (edge(top), (size[1] - edge(bottom)).floor().max(edge(top) + 10.0));
        (sheet.frame.x, sheet.frame.y) = (layout.x.range, layout.y.range);
        let (mut x_axis, mut y_axis) = (layout.x, layout.y);
        if layout.is_square {
            sheet.frame.make_square();
            (x_axis.range, y_axis.range) = (sheet.frame.x, sheet.frame.y);
        }
        let y_labels = if layout.is_square { y_axis.labels(most_y) } else { y_labels };
        let across = (sheet.frame.x_px.1 - sheet.frame.x_px.0) / scale;
        let mut most_x = ((across / 55.0) as usize).clamp(2, MOST_LABELS);
        let mut x_labels = x_axis.labels(most_x);
        while most_x > 2 && (widest(&x_labels) + APART.0) * x_labels.len() as f64 > across + APART.0 {
            most_x -= 1;
            x_labels = x_axis.labels(most_x);
        }
        sheet.axes((&x_labels, x_axis.title), (&y_labels, y_axis.title))?;
        if let Some(axis) = layout.right {
            sheet.right_axis(&axis, &right_labels)?;
        }
        for (row, entries) in rows.iter().enumerate() {
            sheet.legend_row(entries, (8.0 + LEGEND.0 * row as f64 + LEGEND.0 / 2.0) * scale)?;
        }
        Ok(sheet)
    }

    /// The style.
    pub fn style(&self) -> &'a Style {
        self.style
    }

    /// Where the data are so far.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    fn px(&self, design: f64) -> f64 {
        design * self.style.scale
    }

    /// The middle of the pixel row or column at a place, for lines of one pixel.
    fn sharp(&self, px: f64) -> f64 {
        let width = self.style.scale.round().max(1.0);
        if width as i64 % 2 == 1 { px.floor() + 0.5 } else { px.round() }
    }

    fn axes(&mut self, (xs, x): (&[(f64, String)], &str), (ys, y): (&[(f64, String)], &str)) -> Result<(), DrawError> {
        let Rect { left, right, top, bottom } = self.frame.area();
        let text = self.style.faint(0.85);
        let hair = Pen::solid(self.style.faint(0.09), 1.0);
        for (place, label) in xs {
            let at = self.frame.px_of((*place, 0.0)).0.clamp(left, right);
            let line = self.sharp(at);
            self.stroke(&[(line, top), (line, bottom)], &hair)?;
            self.text(label, (at, bottom + self.px(6.0)), (HPos::Center, VPos::Top), text, false)?;
        }
        for (place, label) in ys {
            let at = self.frame.px_of((0.0, *place)).1.clamp(top, bottom);
            let line = self.sharp(at);
            self.stroke(&[(left, line), (right, line)], &hair)?;
            self.text(label, (left - self.px(6.0), at), (HPos::Right, VPos::Center), text, false)?;
        }
        let line = Pen::solid(self.style.faint(0.5), 1.0);
        let (x_line, y_line) = (self.sharp(left), self.sharp(bottom));
        self.stroke(&[(x_line, top), (x_line, y_line), (right, y_line)], &line)?;
        let (middle_x, middle_y) = ((left + right) / 2.0, (top + bottom) / 2.0);
        self.text(x, (middle_x, bottom + self.px(24.0)), (HPos::Center, VPos::Top), text, false)?;
        self.text(y, (self.px(10.0), middle_y), (HPos::Center, VPos::Center), text, true)
    }

    fn right_axis(&mut self, axis: &Axis, labels: &[(f64, String)]) -> Result<(), DrawError> {
        let Rect { right, top, bottom, .. } = self.frame.area();
        let text = self.style.faint(0.85);
        for (place, label) in labels {
            let share = (place - axis.range.0) / (axis.range.1 - axis.range.0);
            let at = bottom + share * (top - bottom);
            self.text(label, (right + self.px(6.0), at), (HPos::Left, VPos::Center), text, false)?;
        }
        let line = self.sharp(right);
        self.stroke(&[(line, top), (line, bottom)], &Pen::solid(self.style.faint(0.5), 1.0))?;
        let at = right + self.px(20.0 + widest(labels));
        self.text(axis.title, (at, (top + bottom) / 2.0), (HPos::Center, VPos::Center), text, true)
    }

    /// The entries, in as many rows as they need.
    fn legend_rows(&self, entries: &[Entry], width: f64) -> Vec<Vec<(Entry, f64)>> {
        let room = width / self.style.scale - 24.0;
        let mut rows: Vec<Vec<(Entry, f64)>> = Vec::new();
        let mut end = f64::INFINITY;
        for entry in entries {
            let wide = LEGEND.1 + entry.name.chars().count() as f64 * CHARACTER + 16.0;
            if end + wide > room {
                rows.push(Vec::new());
                end = 0.0;
            }
            if let Some(row) = rows.last_mut() {
                row.push((entry.clone(), end + 12.0));
            }
            end += wide;
        }
        rows
    }

    fn legend_row(&mut self, entries: &[(Entry, f64)], y: f64) -> Result<(), DrawError> {
        for (entry, at) in entries {
            let (from, to) = (self.px(*at), self.px(at + LEGEND.1 - 8.0));
            let middle = (from + to) / 2.0;
            if let Some(pen) = &entry.line {
                self.stroke(&[(from, y), (to, y)], pen)?;
            }
            if let Some(patch) = entry.patch {
                let side = self.px(6.0);
                let corners = [(-side, -side), (side, -side), (side, side), (-side, side)];
                let corners = corners.map(|(dx, dy)| (middle + dx, y + dy));
                match patch {
                    Patch::Filled(colour) => self.fill(&corners, colour)?,
                    Patch::Hatched(colour) => {
                        let pen = Pen::solid(colour, 1.0);
                        for share in [-0.5, 0.0, 0.5] {
                            let (low, high) = (share * side - side / 2.0, share * side + side / 2.0);
                            self.stroke(&[(middle + low, y + side), (middle + high, y - side)], &pen)?;
                        }
                    }
                }
                let border = Pen::solid(self.style.faint(0.3), 1.0);
                self.stroke(&[corners[0], corners[1], corners[2], corners[3], corners[0]], &border)?;
            }
            if let Some((mark, colour)) = entry.mark {
                self.mark_px((middle, y), mark, 3.5, colour)?;
            }
            let text = self.style.faint(0.85);
            self.text(&entry.name, (to + self.px(6.0), y), (HPos::Left, VPos::Center), text, false)?;
        }
        Ok(())
    }

    /// A line of points in data, cut at the data area.
    pub fn line(&mut self, points: impl IntoIterator<Item = Point>, pen: &Pen) -> Result<(), DrawError> {
        let area = self.frame.area();
        let cut = cut_line(points.into_iter().map(|point| self.frame.px_of(point)), &area);
        for part in &cut.parts {
            match part[..] {
                [at] => self.mark_px(at, Mark::Disc, pen.width.max(2.0), pen.colour)?,
                _ => self.stroke(part, pen)?,
            }
            self.remember(part);
        }
        for (stretches, is_above) in [(cut.above, true), (cut.below, false)] {
            let colour = pen.colour;
            self.beyond.extend(stretches.into_iter().map(|(from, to)| Beyond { is_above, from, to, colour }));
        }
        Ok(())
    }

    /// A line that only guides the eye, such as that of y = 0: nothing is said of where it ends.
    pub fn guide(&mut self, ends: [Point; 2], pen: &Pen) -> Result<(), DrawError> {
        let area = self.frame.area();
        let ends = ends.map(|point| self.frame.px_of(point)).map(|(x, y)| {
            let is_level = ends[0].1 == ends[1].1;
            if is_level { (x, self.sharp(y)) } else { (self.sharp(x), y) }
        });
        for part in &cut_line(ends, &area).parts {
            self.stroke(part, pen)?;
        }
        Ok(())
    }

    /// A line on a plane, cut at the data area: that it goes on beyond is no news.
    pub fn trace(&mut self, points: impl IntoIterator<Item = Point>, pen: &Pen) -> Result<(), DrawError> {
        let cut = cut_line(points.into_iter().map(|point| self.frame.px_of(point)), &self.frame.area());
        cut.parts.iter().filter(|part| part.len() > 1).try_for_each(|part| self.stroke(part, pen))
    }

    /// A convex polygon of points in data, cut at the data area.
    pub fn polygon(&mut self, corners: &[Point], colour: RGBAColor) -> Result<(), DrawError> {
        let corners = corners.iter().map(|&corner| self.frame.px_of(corner)).collect();
        let corners = cut_polygon(corners, &self.frame.area());
        if corners.len() > 2 { self.fill(&corners, colour) } else { Ok(()) }
    }

    /// Convex polygons of one colour that do not overlap, cut at the data area.
    pub fn polygons<'p>(
        &mut self,
        all: impl IntoIterator<Item = &'p [Point]>,
        colour: RGBAColor,
    ) -> Result<(), DrawError> {
        let area = self.frame.area();
        let mut cut = Vec::new();
        for corners in all {
            let corners = cut_polygon(corners.iter().map(|&corner| self.frame.px_of(corner)).collect(), &area);
            if corners.len() > 2 {
                cut.push(corners.into_iter().map(point_units).collect());
            }
        }
        Ok(self.surface.fill_polygons(&cut, &colour.to_backend_color())?)
    }

    /// A mark at a point in data, if it is in the data area.
    pub fn mark(&mut self, at: Point, mark: Mark, radius: f64, colour: RGBAColor) -> Result<(), DrawError> {
        let at = self.frame.px_of(at);
        if !self.frame.area().has(at) {
            return Ok(());
        }
        if self.frame.marks.len() < MOST_MARKS {
            self.frame.marks.push(at);
        }
        self.mark_px(at, mark, radius, colour)
    }

    fn mark_px(&mut self, at: Point, mark: Mark, radius: f64, colour: RGBAColor) -> Result<(), DrawError> {
        let r = self.px(radius);
        let round = units(r).max(1) as u32;
        match mark {
            Mark::Disc => self.surface.draw_circle(point_units(at), round, &colour.to_backend_color(), true)?,
            Mark::Ring => {
                let paper = self.style.theme.paper.to_backend_color();
                self.surface.draw_circle(point_units(at), round, &paper, true)?;
                let line = colour.stroke_width(units(self.px(radius / 2.25)).max(1) as u32);
                self.surface.draw_circle(point_units(at), round, &line, false)?;
            }
            Mark::Square => {
                let corners = [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)];
                self.fill(&corners.map(|(dx, dy)| (at.0 + dx * r, at.1 + dy * r)), colour)?;
            }
            Mark::Triangle => {
                let corners = [(0.0, -1.1), (1.0, 0.75), (-1.0, 0.75)];
                self.fill(&corners.map(|(dx, dy)| (at.0 + dx * r, at.1 + dy * r)), colour)?;
            }
        }
        Ok(())
    }

    /// A word to the right of the data area at these heights in data, kept apart from each other.
    pub fn end_labels(&mut self, mut labels: Vec<(f64, String, RGBAColor)>) -> Result<(), DrawError> {
        let Rect { right, top, bottom, .. } = self.frame.area();
        labels.retain(|label| label.0.is_finite());
        labels.sort_by(|a, b| b.0.total_cmp(&a.0));
        let apart = self.px(TEXT + 1.0);
        let mut places: Vec<f64> = Vec::new();
        for label in &labels {
            let at = self.frame.px_of((0.0, label.0)).1.clamp(top, bottom);
            places.push(places.last().map_or(at, |before| at.max(before + apart)));
        }
        // What was pushed out at the bottom is pushed back up.
        let mut limit = bottom;
        for place in places.iter_mut().rev() {
            *place = place.min(limit);
            limit = *place - apart;
        }
        for ((_, name, colour), at) in labels.iter().zip(places) {
            self.text(name, (right + self.px(6.0), at), (HPos::Left, VPos::Center), *colour, false)?;
        }
        Ok(())
    }

    /// An image over a rectangle of data between two corners.
    pub fn image(&mut self, upper_left: Point, lower_right: Point, image: &Image) -> Result<(), DrawError> {
        let [from, to] = [upper_left, lower_right].map(|corner| point_units(self.frame.px_of(corner)));
        Ok(self.surface.image(from, to, image)?)
    }

    /// An image, its border and labels for a bar of colours at the right of the data area.
    pub fn colour_bar(&mut self, axis: &Axis, image: &Image) -> Result<(), DrawError> {
        let Rect { right, top, bottom, .. } = self.frame.area();
        let (from, to) = (right + self.px(12.0), right + self.px(24.0));
        self.surface.image(point_units((from, top)), point_units((to, bottom)), image)?;
        let pen = Pen::solid(self.style.faint(0.5), 1.0);
        self.stroke(&[(from, top), (to, top), (to, bottom), (from, bottom), (from, top)], &pen)?;
        let most = (((bottom - top) / self.style.scale / APART.1) as usize).clamp(2, MOST_LABELS);
        for (place, label) in axis.labels(most) {
            let at = bottom + (place - axis.range.0) / (axis.range.1 - axis.range.0) * (top - bottom);
            self.stroke(&[(to, at), (to + self.px(4.0), at)], &pen)?;
            let beside = (to + self.px(7.0), at);
            self.text(&label, beside, (HPos::Left, VPos::Center), self.style.faint(0.85), false)?;
        }
        let title = (to + self.px(19.0 + widest(&axis.labels(most))), (top + bottom) / 2.0);
        self.text(axis.title, title, (HPos::Center, VPos::Center), self.style.faint(0.85), true)
    }

    /// A straight line over the whole height at an x in data, with a word at its top.
    pub fn flag(&mut self, x: f64, word: &str, colour: RGBAColor) -> Result<(), DrawError> {
        let Rect { left, right, top, bottom } = self.frame.area();
        let at = self.frame.px_of((x, 0.0)).0;
        if !(left..=right).contains(&at) {
            return Ok(());
        }
        self.stroke(&[(at, top), (at, bottom)], &Pen::dashed(colour, 1.0, 2.0, 3.0))?;
        let wide = word.chars().count() as f64 * CHARACTER * self.style.scale;
        let is_left = at + wide + self.px(20.0) > right;
        let (dx, anchor) = if is_left { (-6.0, HPos::Right) } else { (6.0, HPos::Left) };
        self.text(word, (at + self.px(dx), top + self.px(28.0)), (anchor, VPos::Center), colour, false)
    }

    /// Marks what is off scale. Returns where everything is.
    pub fn finish(mut self) -> Result<Frame, DrawError> {
        let mut beyond = std::mem::take(&mut self.beyond);
        beyond.sort_by(|a, b| a.from.total_cmp(&b.from));
        let area = self.frame.area();
        let (apart, size) = (self.px(ARROWS.0), self.px(ARROWS.1));
        for is_above in [true, false] {
            // Stretches of one colour that are close are one.
            let mut groups: Vec<Beyond> = Vec::new();
            for stretch in beyond.iter().filter(|stretch| stretch.is_above == is_above) {
                let same = |group: &&mut Beyond| {
                    let is_near = stretch.from - group.to < apart / 2.0;
                    is_near && group.colour.to_backend_color().rgb == stretch.colour.to_backend_color().rgb
                };
                match groups.iter_mut().rev().find(same) {
                    Some(group) => group.to = group.to.max(stretch.to),
                    None => groups.push(Beyond { colour: stretch.colour, ..*stretch }),
                }
            }
            let edge = if is_above { area.top } else { area.bottom };
            let inwards = if is_above { 1.0 } else { -1.0 };
            for group in &groups {
                let count = ((group.to - group.from) / apart).ceil().max(1.0);
                for index in 0..count as usize {
                    let middle = group.from + (group.to - group.from) * (index as f64 + 0.5) / count;
                    let at = middle.clamp(area.left + size, area.right - size);
                    let tip = edge + inwards * self.px(2.0);
                    let base = tip + inwards * size;
                    let (r, g, b) = group.colour.to_backend_color().rgb;
                    let corners = [(at, tip), (at + 0.6 * size, base), (at - 0.6 * size, base)];
                    self.fill(&corners, RGBAColor(r, g, b, 1.0))?;
                }
            }
            if let Some(first) = groups.first() {
                let is_left = first.to + 8.0 * size > area.right;
                let (start, anchor) =
                    if is_left { (first.from - size, HPos::Right) } else { (first.to + size, HPos::Left) };
                // Of a line that is off scale all the way, the word stands below the marks.
                let at = start.clamp(area.left + 8.0 * size, area.right - size);
                let has_room = !is_left || first.from - 8.0 * size > area.left;
                let y = edge + inwards * self.px(if has_room { 8.0 } else { 20.0 });
                self.text("off scale", (at, y), (anchor, VPos::Center), self.style.faint(0.75), false)?;
            }
        }
        self.surface.present()?;
        Ok(self.frame)
    }

    /// Keeps places along a line for whoever must not cover it.
    fn remember(&mut self, line: &[Point]) {
        let step = self.px(INK.0);
        let mut last: Option<Point> = None;
        for pair in line.windows(2) {
            let length = (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
            let count = (length / step).ceil().max(1.0);
            for index in 0..=count as usize {
                let share = index as f64 / count;
                let at = (pair[0].0 + (pair[1].0 - pair[0].0) * share, pair[0].1 + (pair[1].1 - pair[0].1) * share);
                let is_far = last.is_none_or(|last| (at.0 - last.0).hypot(at.1 - last.1) >= step * 0.9);
                if is_far && self.frame.ink.len() < INK.1 {
                    self.frame.ink.push(at);
                    last = Some(at);
                }
            }
        }
    }

    /// A line in picture pixels, as it is.
    fn stroke(&mut self, line: &[Point], pen: &Pen) -> Result<(), DrawError> {
        let style = pen.colour.stroke_width(units(self.px(pen.width)).max(1) as u32);
        match pen.dash {
            None => self.surface.draw_path(line.iter().map(|&point| point_units(point)), &style)?,
            Some((dash, gap)) => {
                for dash in dashes(line, self.px(dash), self.px(gap)) {
                    self.surface.draw_path(dash.into_iter().map(point_units), &style)?;
                }
            }
        }
        Ok(())
    }

    fn fill(&mut self, corners: &[Point], colour: RGBAColor) -> Result<(), DrawError> {
        let corners = corners.iter().map(|&corner| point_units(corner));
        Ok(self.surface.fill_polygon(corners, &colour.to_backend_color())?)
    }

    fn text(
        &mut self,
        text: &str,
        at: Point,
        (h_pos, v_pos): (HPos, VPos),
        colour: RGBAColor,
        is_turned: bool,
    ) -> Result<(), DrawError> {
        let family = FontFamily::Name("system-ui, sans-serif");
        let font = FontDesc::new(family, TEXT * self.style.scale * GRID, FontStyle::Normal);
        let font = if is_turned { font.transform(FontTransform::Rotate270) } else { font };
        let style = font.color(&colour).pos(Pos::new(h_pos, v_pos));
        Ok(self.surface.draw_text(text, &style, point_units(at))?)
    }
}
