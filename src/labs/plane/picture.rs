//! What the worker reports, as a chart.

use std::sync::Arc;

use crate::plot::{PlaneCell, PlaneChart, PlaneLine, PlanePoint, PlaneShapes, Window};
use crate::protocol::{PlanePicture, PlaneReport, PlaneVerdict, PlaneWindow};
use crate::train::plane::PlanePoints;

/// Half of the side of the window that is shown at first: the points, and some room around them.
pub const HOME: f64 = 1.2;

/// The window as the worker takes it.
pub fn window(chosen: Option<Window>) -> PlaneWindow {
    chosen.map_or(PlaneWindow { x: (-HOME, HOME), y: (-HOME, HOME) }, |Window { x, y }| PlaneWindow { x, y })
}

/// Regions in the numbers of the plane.
pub fn shapes(picture: &PlanePicture) -> PlaneShapes {
    let PlaneWindow { x, y } = picture.window;
    let place = |share: f32, (from, to): (f64, f64)| from + f64::from(share) * (to - from);
    let at = |&[right, up]: &[f32; 2]| (place(right, x), place(up, y));
    PlaneShapes {
        cells: picture
            .areas
            .iter()
            .map(|area| PlaneCell {
                class: area.class,
                sureness: area.sureness,
                corners: area.corners.iter().map(at).collect(),
            })
            .collect(),
        lines: picture
            .bends
            .iter()
            .map(|bend| PlaneLine { layer: usize::from(bend.layer) + 1, points: bend.points.iter().map(at).collect() })
            .collect(),
        boundary: picture.boundary.iter().map(|ends| [at(&ends[0]), at(&ends[1])]).collect(),
    }
}

/// Points with what was said of them. Of those that nothing was said of yet, nothing is held against them.
pub fn points(all: &[PlanePoints; 2], report: Option<&PlaneReport>) -> Vec<PlanePoint> {
    let of = |part: usize| {
        let verdicts = report.map(|report| &report.verdicts[part]).filter(|verdicts| verdicts.len() == all[part].len());
        (0..all[part].len()).map(move |index| {
            let [x, y] = all[part].at[index].map(f64::from);
            PlanePoint {
                at: (x, y),
                class: all[part].classes[index],
                is_validation: part == 1,
                is_right: verdicts.is_none_or(|verdicts| verdicts[index] == PlaneVerdict::Right),
            }
        })
    };
    of(1).chain(of(0)).collect()
}

/// The chart. While a window is on its way the picture of before moves with it.
pub fn chart(shown: PlaneWindow, shapes: Arc<PlaneShapes>, points: Arc<Vec<PlanePoint>>, classes: usize) -> PlaneChart {
    PlaneChart {
        x: shown.x,
        y: shown.y,
        labels: ["x₁", "x₂"],
        shapes,
        points,
        classes,
        has_lines: true,
        has_areas: true,
    }
}
