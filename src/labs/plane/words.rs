//! Sentences about what a network does.

use super::run::wrong;
use crate::labs::numbers::{count, counted, significant};
use crate::piecewise::bounds::max_regions_of_plane;
use crate::protocol::{PlaneActivity, PlaneReport, PlaneVerdict};

/// Digits up to which a bound is written out.
const MAX_DIGITS: usize = 12;

/// The most regions that a network of these hidden widths can have, for people.
pub fn bound(hidden: &[usize]) -> String {
    let digits = max_regions_of_plane(hidden).to_string();
    match digits.parse() {
        Ok(bound) if digits.len() <= MAX_DIGITS => count(bound),
        _ => format!("about 10{}", superscript(digits.len() - 1)),
    }
}

fn superscript(number: usize) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize)).unwrap_or(c);
    number.to_string().chars().map(digit).collect()
}

/// The regions in one line.
pub fn regions(report: &PlaneReport) -> String {
    let regions = counted(report.picture.regions, "region");
    if report.picture.is_complete { regions } else { format!("more than {regions}: zoom in to see all") }
}

/// How many training points are right.
pub fn standing(verdicts: &[PlaneVerdict]) -> String {
    let ties = verdicts.iter().filter(|verdict| **verdict == PlaneVerdict::Tie).count();
    let tied = match ties {
        0 => String::new(),
        _ => format!(" {} exactly on the boundary.", if ties == 1 { "1 lies".into() } else { format!("{ties} lie") }),
    };
    match (verdicts.len(), wrong(verdicts)) {
        (0, _) => "There are no points.".into(),
        (1, 0) => "The one training point is right.".into(),
        (all, 0) => format!("All {} training points are right.", count(all)),
        (all, wrong) => format!("{} of {} training points {} not right.{tied}", count(wrong), count(all), are(wrong)),
    }
}

/// How that is known.
pub fn proof(verdicts: &[PlaneVerdict]) -> &'static str {
    if verdicts.is_empty() {
        ""
    } else if wrong(verdicts) == 0 {
        "Proved in exact arithmetic for the f32 weights as they are."
    } else {
        "Each point’s verdict is exact."
    }
}

/// The losses, and how many validation points are right, if there are any.
pub fn losses(report: &PlaneReport) -> String {
    let loss = |loss: Option<f64>| loss.map(|loss| significant(loss, 3));
    let training = loss(report.losses[0]).unwrap_or_else(|| "–".into());
    let verdicts = &report.verdicts[1];
    match loss(report.losses[1]) {
        None => format!("Loss {training}."),
        Some(validation) => format!(
            "Loss {training}; on the {} points for validation {validation}, and {} of them {} not right.",
            count(verdicts.len()),
            count(wrong(verdicts)),
            are(wrong(verdicts))
        ),
    }
}

fn are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// The dead neurons in the window, layer by layer; nothing if there is none.
pub fn dead(activity: &[Vec<PlaneActivity>]) -> String {
    let of = |wanted: PlaneActivity| {
        let layer = |(index, layer): (usize, &Vec<PlaneActivity>)| {
            let dead = layer.iter().filter(|neuron| **neuron == wanted).count();
            (dead > 0).then(|| format!("{dead} of {} in layer {}", layer.len(), index + 1))
        };
        activity.iter().enumerate().filter_map(layer).collect::<Vec<_>>().join(", ")
    };
    let sentence = |list: String, what: &str| if list.is_empty() { list } else { format!("{what}: {list}.") };
    let (off, on) = (of(PlaneActivity::Off), of(PlaneActivity::On));
    let parts = [sentence(off, "Off everywhere here"), sentence(on, "On everywhere here")];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if text.is_empty() { "Every neuron bends somewhere here.".into() } else { text }
}

/// How many of the seeds that were tried failed.
pub fn seeds(wrong: &[usize], is_over: bool, (total, steps): (usize, usize)) -> String {
    if wrong.is_empty() {
        return format!("Training from the first of {total} seeds …");
    }
    let failed = wrong.iter().filter(|wrong| **wrong > 0).count();
    let of = if is_over { counted(wrong.len(), "seed") } else { format!("{} seeds so far, of {total},", wrong.len()) };
    let list: Vec<String> = wrong.iter().map(usize::to_string).collect();
    format!("{failed} of {of} failed after {} steps each. Points not right: {}.", count(steps), list.join(", "))
}

/// How the signs were decided.
pub fn decisions([all, exact]: [usize; 2]) -> String {
    match exact {
        0 => format!("{} decided in f64 with a bound on its error; none needed more.", counted(all, "sign")),
        _ => format!(
            "{} decided, {} of them in exact integers, for rounding left them in doubt.",
            counted(all, "sign"),
            count(exact)
        ),
    }
}

/// In one line, for a phone.
pub fn glance(report: Option<&PlaneReport>) -> String {
    match report {
        None => "Looking at the initial weights …".into(),
        Some(report) => format!(
            "Step {}: {}, {} wrong",
            count(report.step),
            counted(report.picture.regions, "region"),
            count(wrong(&report.verdicts[0]))
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_read_well() {
        use PlaneVerdict::{Right, Tie, Wrong};
        assert_eq!(standing(&[Right, Right]), "All 2 training points are right.");
        assert!(proof(&[Right, Right]).starts_with("Proved") && !proof(&[Right, Tie]).starts_with("Proved"));
        assert_eq!(standing(&[Right, Wrong]), "1 of 2 training points is not right.");
        assert_eq!(standing(&[Tie, Wrong]), "2 of 2 training points are not right. 1 lies exactly on the boundary.");
        assert_eq!(
            seeds(&[0, 12, 0], false, (10, 1000)),
            "1 of 3 seeds so far, of 10, failed after 1,000 steps each. Points not right: 0, 12, 0."
        );
        assert_eq!(bound(&[8]), "37");
        assert_eq!(bound(&[8, 8]), "1,369");
        assert_eq!(bound(&[32; 6]), "about 10¹⁶");
        let neurons = vec![vec![PlaneActivity::Off, PlaneActivity::Both], vec![PlaneActivity::On; 3]];
        assert_eq!(dead(&neurons), "Off everywhere here: 1 of 2 in layer 1. On everywhere here: 3 of 3 in layer 2.");
        assert_eq!(dead(&[vec![PlaneActivity::Both]]), "Every neuron bends somewhere here.");
        assert_eq!(
            decisions([1200, 7]),
            "1,200 signs decided, 7 of them in exact integers, for rounding left them in doubt."
        );
    }
}
