//! Points as text: a line each, x₁, x₂ and the class.

use super::data::{FAR, MAX_OWN, OwnPoint, UNIT};
use crate::train::plane::MAX_CLASSES;

/// The points as text, with a head.
pub fn write(points: &[OwnPoint]) -> String {
    let line = |point: &OwnPoint| {
        let [x1, x2] = point.at.map(|thousandths| f64::from(thousandths) / UNIT);
        format!("{x1},{x2},{}\n", point.class + 1)
    };
    std::iter::once("x1,x2,class\n".to_owned()).chain(points.iter().map(line)).collect()
}

/// Points from text: numbers apart by commas, semicolons, tabs or spaces, the class last. A first line without a number is
/// a head. Classes are numbered by their names: in order if all are whole numbers, else as they come. Returns the points and how many
/// classes there are, at least 2.
///
/// # Errors
/// A sentence that says which line is wrong, and how.
pub fn read(text: &str) -> Result<(Vec<OwnPoint>, usize), String> {
    let mut rows: Vec<([i32; 2], String)> = Vec::new();
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    for (index, line) in lines {
        let parts: Vec<&str> =
            line.split([',', ';', '\t', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
        let is_number = |part: &&str| part.parse::<f64>().is_ok_and(f64::is_finite);
        if rows.is_empty() && !parts.iter().any(is_number) {
            continue;
        }
        let number = index + 1;
        let [x1, x2, class] = parts[..] else {
            return Err(format!(
                "Line {number} has {} values, not 3: x1, x2 and the class, such as 0.5, −0.25, 2. No point was taken.",
                parts.len()
            ));
        };
        let mut at = [0; 2];
        for (slot, part) in at.iter_mut().zip([x1, x2]) {
            let value = part.replace('−', "-").parse::<f64>().ok().filter(|value| value.is_finite());
            let Some(value) = value else {
                return Err(format!("“{part}” in line {number} is no number. No point was taken."));
            };
            let thousandths = (value * UNIT).round();
            if thousandths.abs() > f64::from(FAR) {
                return Err(format!(
                    "“{part}” in line {number} is beyond ±{}. Scale the points down; those made here lie within ±1.",
                    f64::from(FAR) / UNIT
                ));
            }
            *slot = thousandths as i32;
        }
        rows.push((at, class.to_owned()));
        if rows.len() > MAX_OWN {
            return Err(format!("There are more than {MAX_OWN} points. Take some of them away."));
        }
    }
    if rows.is_empty() {
        return Err(
            "There is no point in this text. Each line must be x1, x2 and the class, such as 0.5, −0.25, 2.".into()
        );
    }
    let mut names: Vec<&str> = Vec::new();
    for (_, class) in &rows {
        if !names.contains(&class.as_str()) {
            names.push(class);
        }
    }
    let number = |name: &&str| name.parse::<i64>().ok();
    if names.iter().all(|name| number(name).is_some()) {
        names.sort_by_key(number);
    }
    // Classes 1 to 4 keep their numbers, also where one has no point.
    let own = |name: &&str| number(name).filter(|class| (1..=MAX_CLASSES as i64).contains(class));
    let largest = names.iter().map(own).collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max());
    let count = largest.map_or(names.len(), |largest| largest as usize);
    if count > MAX_CLASSES {
        return Err(format!("There are {count} classes, and at most {MAX_CLASSES} can be told apart here."));
    }
    let class_of = |name: &str| match largest {
        Some(_) => name.parse::<usize>().unwrap_or(1) - 1,
        None => names.iter().position(|other| *other == name).unwrap_or(0),
    };
    let points = rows.iter().map(|(at, class)| OwnPoint { at: *at, class: class_of(class) as u8 }).collect();
    Ok((points, count.max(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(x: i32, y: i32, class: u8) -> OwnPoint {
        OwnPoint { at: [x, y], class }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let points = vec![point(250, -1500, 1), point(0, 1, 0), point(4000, -4000, 3)];
        assert_eq!(read(&write(&points)), Ok((points, 4)));
    }

    #[test]
    fn usual_ways_to_write_points_are_read() {
        for text in
            ["0.5,0,1\n1,-1,2", "x y label\n0.5 0 1\n1 −1 2\n", "\n0.5;0;1\r\n1;-1;2\r\n\r\n", "0.5\t0\t1\n1\t-1\t2"]
        {
            assert_eq!(read(text), Ok((vec![point(500, 0, 0), point(1000, -1000, 1)], 2)), "{text:?}");
        }
        // Names as they come, and numbers that are no classes of here in their order.
        assert_eq!(
            read("0,0,red\n1,1,blue\n0,1,red"),
            Ok((vec![point(0, 0, 0), point(1000, 1000, 1), point(0, 1000, 0)], 2))
        );
        assert_eq!(read("0,0,1\n1,1,-1"), Ok((vec![point(0, 0, 1), point(1000, 1000, 0)], 2)));
        assert_eq!(read("0,0,1\n1,1,0"), Ok((vec![point(0, 0, 1), point(1000, 1000, 0)], 2)));
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_line() {
        for (text, part) in [
            ("", "no point"),
            ("x,y,class", "no point"),
            ("0,0,1\n1,1", "Line 2 has 2 values"),
            ("0,0,1\n\n1,x,2", "“x” in line 3"),
            ("0,inf,1", "“inf” in line 1"),
            ("0,0,1\n0,5,1", "“5” in line 2"),
            ("0,0,a\n0,0,b\n0,0,c\n0,0,d\n0,0,e", "5 classes"),
        ] {
            let message = read(text).expect_err(text);
            assert!(message.contains(part) && message.ends_with(['.']), "{message}");
        }
        assert!(read(&"0,0,1\n".repeat(2_001)).is_err());
    }
}
