use piecewise::plot::{
    Across, Chart, ChordLine, CurvesChart, EpsChart, Frame, FunctionChart, GateChart, GrowthChart, HeatChart, Look,
    PlotLine, ROOM, Region, RunCurves, Scale, Series, Stroke, Style, Theme, nice_range, sample, smoothed, thinned,
    to_svg,
};

const STYLE: Style = Style { theme: Theme::LIGHT, scale: 1.0, has_legend: false };
const SIZE: (u32, u32) = (800, 500);

/// The picture, and where its data are on it.
fn drawn(chart: &impl Chart) -> (String, Frame) {
    let (svg, frame) = to_svg(chart, &STYLE, SIZE).unwrap();
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    (svg, frame)
}

fn svg(chart: &impl Chart) -> String {
    drawn(chart).0
}

fn attribute<'a>(element: &'a str, name: &str) -> &'a str {
    let start =
        element.find(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name} in {element}")) + name.len() + 3;
    &element[start..start + element[start..].find('"').unwrap()]
}

fn number_of(element: &str, name: &str) -> f64 {
    attribute(element, name).parse().unwrap()
}

/// The corners of each element of a kind, with the element itself.
fn corners<'a>(svg: &'a str, kind: &str) -> Vec<(&'a str, Vec<(f64, f64)>)> {
    let start = format!("<{kind} ");
    let point = |pair: &str| {
        let (x, y) = pair.split_once(',').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    svg.lines()
        .filter(|line| line.starts_with(&start))
        .map(|line| (line, attribute(line, "points").split(' ').map(point).collect()))
        .collect()
}

/// A word, where it stands, and what of it stands there.
struct Word<'a> {
    text: &'a str,
    at: (f64, f64),
    anchor: &'a str,
    is_turned: bool,
}

fn words(svg: &str) -> Vec<Word<'_>> {
    svg.lines()
        .filter(|line| line.starts_with("<text "))
        .map(|line| Word {
            text: line[line.find('>').unwrap() + 1..].strip_suffix("</text>").unwrap(),
            at: (number_of(line, "x"), number_of(line, "y")),
            anchor: attribute(line, "text-anchor"),
            is_turned: line.contains("rotate"),
        })
        .collect()
}

fn has_word(svg: &str, text: &str) -> bool {
    words(svg).iter().any(|word| word.text == text)
}

/// A label as digits times a power of ten; it must have a true minus sign and no "e".
fn exact(label: &str) -> (i128, i32) {
    assert!(!label.contains(['-', 'e', 'E']), "{label}");
    let (sign, size) = label.strip_prefix('−').map_or((1, label), |size| (-1, size));
    let (digits, power) = match size.split_once("10") {
        Some((before, raised)) if raised.starts_with(|c| "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".contains(c)) => {
            let plain =
                |c: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|raised| raised == c).map_or('-', |d| (b'0' + d as u8) as char);
            let before = before.strip_suffix('·').unwrap_or(before);
            (
                if before.is_empty() { "1" } else { before },
                raised.chars().map(plain).collect::<String>().parse().unwrap(),
            )
        }
        _ => (size, 0),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let units: i128 = format!("{}{part}", whole.replace(',', "")).parse().unwrap_or_else(|_| panic!("{label}"));
    (sign * units, power - part.len() as i32)
}

/// Labels on the left (or below) and their places in pixels, in the order of the axis.
fn labels(svg: &str, frame: &Frame, is_left: bool) -> Vec<(f64, String)> {
    let found = words(svg).into_iter().filter(|word| {
        let is_number = word.text.starts_with(|c: char| c == '−' || c.is_ascii_digit());
        let is_there = if is_left {
            word.anchor == "end" && word.at.0 < frame.x_px.0
        } else {
            word.anchor == "middle" && (frame.y_px.1..frame.y_px.1 + 10.0).contains(&word.at.1)
        };
        is_number && is_there && !word.is_turned
    });
    found.map(|word| (if is_left { word.at.1 } else { word.at.0 }, word.text.to_owned())).collect()
}

/// Labels are multiples of their step, each at its place.
fn check_linear(name: &str, labels: &[(f64, String)], place: impl Fn(f64) -> f64) {
    assert!(labels.len() >= 2, "{name}: {labels:?}");
    let parts: Vec<_> = labels.iter().map(|label| exact(&label.1)).collect();
    let least = parts.iter().map(|part| part.1).min().unwrap();
    let units: Vec<i128> = parts.iter().map(|&(units, power)| units * 10_i128.pow((power - least) as u32)).collect();
    let step = units[1] - units[0];
    assert!(step > 0 && units.windows(2).all(|pair| pair[1] - pair[0] == step), "{name}: {labels:?}");
    assert!(units.iter().all(|value| value % step == 0), "{name}: {labels:?} are no multiples of their step");
    let first = step.to_string().trim_end_matches('0').to_owned();
    assert!(["1", "2", "5"].contains(&first.as_str()), "{name}: a step of {step}");
    for ((px, label), units) in labels.iter().zip(&units) {
        let value: f64 = format!("{units}e{least}").parse().unwrap();
        assert!((px - place(value)).abs() < 0.1, "{name}: {label} stands at {px}, not {}", place(value));
    }
}

/// Nothing is drawn outside the data area or along its edges.
fn check_inside(name: &str, svg: &str, frame: &Frame) {
    let ((left, right), (top, bottom)) = (frame.x_px, frame.y_px);
    let lines = corners(svg, "polyline").into_iter();
    // A bar of colours stands to the right.
    let lines: Vec<_> = lines.filter(|(_, points)| points.iter().all(|point| point.0 < right + 5.0)).collect();
    for (element, points) in &lines {
        for &(x, y) in points {
            let is_inside = (left..=right + 0.6).contains(&x) && (top..=bottom + 0.6).contains(&y);
            assert!(is_inside, "{name}: ({x}, {y}) is outside {frame:?}");
        }
        let is_data = number_of(element, "stroke-width") > 1.0;
        for pair in points.windows(2).filter(|_| is_data) {
            let along = |edge: f64| pair.iter().all(|point| (point.1 - edge).abs() < 0.1);
            let is_long = (pair[1].0 - pair[0].0).abs() > 1.0;
            assert!(!(is_long && (along(top) || along(bottom))), "{name}: {pair:?} runs along the frame");
        }
    }
    for (_, points) in corners(svg, "polygon") {
        for (x, y) in points {
            assert!((left..=right).contains(&x) && (top..=bottom).contains(&y), "{name}: ({x}, {y})");
        }
    }
    for line in svg.lines().filter(|line| line.starts_with("<circle")) {
        let (x, y) = (number_of(line, "cx"), number_of(line, "cy"));
        assert!((left..=right).contains(&x) && (top..=bottom).contains(&y), "{name}: a circle at ({x}, {y})");
    }
}

/// Places of marks that say that a line goes on beyond the scale: above and below.
fn off_scale(svg: &str, frame: &Frame) -> (Vec<f64>, Vec<f64>) {
    let tips = corners(svg, "polygon").into_iter().filter(|(_, points)| points.len() == 3).map(|(_, points)| points[0]);
    let (above, below): (Vec<_>, Vec<_>) = tips.partition(|tip| tip.1 < (frame.y_px.0 + frame.y_px.1) / 2.0);
    let across = |tips: Vec<(f64, f64)>| tips.into_iter().map(|tip| tip.0).collect::<Vec<_>>();
    let marks = (across(above), across(below));
    let count = words(svg).iter().filter(|word| word.text == "off scale").count();
    assert_eq!(count, usize::from(!marks.0.is_empty()) + usize::from(!marks.1.is_empty()), "a word for each edge");
    marks
}

fn line(points: Vec<(f64, f64)>) -> PlotLine {
    PlotLine { points, stroke: Stroke::Main, name: String::new() }
}

/// Values at even places between −2 and 2, with the range that the labs give them.
fn function_of(values: &[f64]) -> FunctionChart {
    let at = |index: usize| -2.0 + 4.0 * index as f64 / (values.len().max(2) - 1) as f64;
    let lines = vec![line(values.iter().enumerate().map(|(index, &value)| (at(index), value)).collect())];
    let (low, high) = FunctionChart::extent(&lines);
    FunctionChart {
        x: (-2.0, 2.0),
        y: nice_range(low, high),
        lines,
        kinks: Vec::new(),
        chords: Vec::new(),
        x_label: "x".into(),
        y_label: "f(x)".into(),
    }
}

/// Data that plots have been wrong on.
fn hard() -> Vec<(&'static str, Vec<f64>)> {
    let tenths: Vec<f64> = (-3..=3).map(|k| f64::from(k) * 0.1).collect();
    let scaled = |factor: f64| tenths.iter().map(|value| value * factor).collect::<Vec<_>>();
    vec![
        ("tenths around 0", tenths.clone()),
        ("a jump from −1 to 1", vec![-1.0, -1.0, 1.0, 1.0]),
        ("thousandths", scaled(1e-2)),
        ("1e-3", scaled(1e-3 / 0.3)),
        ("1e-7", scaled(1e-7)),
        ("1e9", scaled(1e9 / 0.3)),
        ("9.373e23", scaled(9.373e23)),
        ("a little above a million", vec![1e6, 1e6 + 0.5, 1e6 + 0.25]),
        ("0 to 3", vec![0.0, 3.0, 1.0]),
        ("round extremes", vec![-5.0, 10.0, 0.0]),
        ("constant 0", vec![0.0; 5]),
        ("constant 1e9", vec![1e9; 5]),
        ("constant −0.7", vec![-0.7; 5]),
        ("one point", vec![0.25]),
        ("nothing", vec![]),
        ("gaps", vec![0.1, f64::NAN, 0.2, 0.3, f64::NAN, f64::NAN, -0.1, 0.4]),
        ("a spike", vec![0.0, 0.0, 1e6, 0.0, 0.0]),
    ]
}

#[test]
fn hard_data_have_exact_labels_room_and_nothing_on_the_frame() {
    for (name, values) in hard() {
        let chart = function_of(&values);
        let (svg, frame) = drawn(&chart);
        check_inside(name, &svg, &frame);
        check_linear(name, &labels(&svg, &frame, true), |y| frame.px_of((0.0, y)).1);
        check_linear(name, &labels(&svg, &frame, false), |x| frame.px_of((x, 0.0)).0);
        assert_eq!(off_scale(&svg, &frame), Default::default(), "{name}");
        let (low, high) = FunctionChart::extent(&chart.lines);
        if low <= high {
            let height = frame.y.1 - frame.y.0;
            let room = [(low - frame.y.0) / height, (frame.y.1 - high) / height];
            assert!(room.iter().all(|room| (ROOM..0.6).contains(room)), "{name}: {room:?} of {:?}", frame.y);
        }
    }
}

#[test]
fn what_is_off_scale_is_cut_and_marked() {
    for (name, values) in hard() {
        // The middle of the range only; lines that leave it and come back.
        let whole = function_of(&values);
        let (low, high) = FunctionChart::extent(&whole.lines);
        if high <= low || !low.is_finite() {
            continue;
        }
        let part = FunctionChart { y: (low + (high - low) * 0.3, low + (high - low) * 0.6), ..whole };
        let (svg, frame) = drawn(&part);
        check_inside(name, &svg, &frame);
        let (above, below) = off_scale(&svg, &frame);
        assert!(!above.is_empty() && !below.is_empty(), "{name}: {above:?}, {below:?}");
    }
    // Not where the line is merely out of view to the side, and at the place where it is off scale.
    let bump = function_of(&[0.0, 0.0, 0.0, 9.0, 0.0, 0.0, 0.0]);
    let (svg, frame) = drawn(&FunctionChart { x: (-2.0, -1.0), y: (-1.0, 1.0), ..bump.clone() });
    assert_eq!(off_scale(&svg, &frame), Default::default());
    let (svg, frame) = drawn(&FunctionChart { y: (-1.0, 1.0), ..bump });
    let (above, below) = off_scale(&svg, &frame);
    assert!(below.is_empty(), "{below:?}");
    assert!(above.iter().all(|px| (px - frame.px_of((0.0, 0.0)).0).abs() < 110.0), "{above:?}");
}

#[test]
fn a_line_is_cut_at_the_edge_and_keeps_its_slope() {
    let chart = FunctionChart { y: (-1.0, 1.0), ..function_of(&[-3.0, 3.0]) };
    let (svg, frame) = drawn(&chart);
    let thick =
        |(element, points): (&str, Vec<(f64, f64)>)| (number_of(element, "stroke-width") == 2.5).then_some(points);
    let lines: Vec<_> = corners(&svg, "polyline").into_iter().filter_map(thick).collect();
    let [ends] = &lines[..] else { panic!("{lines:?}") };
    let expected = [frame.px_of((-2.0 / 3.0, -1.0)), frame.px_of((2.0 / 3.0, 1.0))];
    for (at, wanted) in ends.iter().zip(expected) {
        assert!((at.0 - wanted.0).abs() < 0.07 && (at.1 - wanted.1).abs() < 0.07, "{at:?} for {wanted:?}");
    }
}

#[test]
fn straight_lines_are_straight_and_dashes_equal() {
    let chart = FunctionChart {
        chords: vec![ChordLine { x: [-1.9, 0.0, 1.7], f: [0.013, 0.1, 0.271], chord: 0.14 }],
        lines: vec![PlotLine {
            stroke: Stroke::Target,
            ..line((0..=400).map(|i| (-2.0 + f64::from(i) * 0.01, 0.05 * f64::from(i) / 400.0)).collect())
        }],
        y: (-0.1, 0.3),
        ..function_of(&[0.0])
    };
    let (svg, _) = drawn(&chart);
    for (width, dash) in [(1.5, 6.0), (2.0, 7.0)] {
        let dashes: Vec<_> = corners(&svg, "polyline")
            .into_iter()
            .filter(|(e, _)| number_of(e, "stroke-width") == width)
            .map(|d| d.1)
            // The chord's difference from the function is a line straight up.
            .filter(|d| (d[d.len() - 1].0 - d[0].0).abs() > 0.5)
            .collect();
        let length = |d: &[(f64, f64)]| (d[d.len() - 1].0 - d[0].0).hypot(d[d.len() - 1].1 - d[0].1);
        let whole: Vec<_> = dashes.iter().filter(|d| length(d) > 0.5 * dash).collect();
        assert!(whole.len() > 30, "{width}: {}", whole.len());
        let (from, to) = (dashes[0][0], whole[whole.len() - 1].last().unwrap());
        let slope = (to.1 - from.1) / (to.0 - from.0);
        for d in &whole[..whole.len() - 1] {
            assert!((length(d) - dash).abs() < 0.15, "{width}: a dash of {}", length(d));
            for point in d.iter() {
                let wanted = from.1 + slope * (point.0 - from.0);
                assert!((point.1 - wanted).abs() < 0.15, "{point:?} is off the line");
            }
        }
    }
}

fn run_of(losses: Vec<f32>) -> RunCurves {
    let steps = losses.len() as f64;
    RunCurves {
        name: "run 1".into(),
        diverged_at: losses.iter().position(|loss| !loss.is_finite()).map(|index| index + 1),
        seconds: (1..=losses.len()).map(|step| step as f32).collect(),
        losses,
        train: vec![(0.0, 0.0), (steps, 1.0)],
        validation: vec![(0.0, 0.1), (steps, f64::NAN)],
        steps_per_epoch: 10.0,
        colour: 0,
    }
}

#[test]
fn curves_of_hard_losses_are_cut_marked_and_labelled() {
    let losses: Vec<(&str, Vec<f32>)> = vec![
        ("tame", (0..100).map(|step| 2.3 - step as f32 * 0.02).collect()),
        ("0.1 steps", (0..30).map(|step| step as f32 * 0.1).collect()),
        ("one step", vec![2.3]),
        ("no step", vec![]),
        ("spikes", (0..500).map(|step| if step % 100 == 50 { 40.0 } else { 1.0 }).collect()),
        ("5e9", vec![5e9; 80]),
        ("tiny", vec![1e-12; 80]),
        ("gap", vec![2.0, 1.0, f32::NAN, 1.0]),
        ("diverged", vec![2.3, 2.2, 9.0, 5e9, f32::INFINITY]),
    ];
    for (name, losses) in losses {
        let is_high = losses.iter().any(|&loss| loss > 3.15);
        let lost = losses.iter().position(|loss| !loss.is_finite());
        for (log_loss, smoothing) in [(false, 0.9), (false, 0.0), (true, 0.9)] {
            let chart = CurvesChart {
                steps: losses.len().max(1) as f64,
                runs: vec![run_of(losses.clone())],
                log_loss,
                smoothing,
                ..CurvesChart::default()
            };
            let (svg, frame) = drawn(&chart);
            check_inside(name, &svg, &frame);
            let (above, below) = off_scale(&svg, &frame);
            let has_infinite = losses.contains(&f32::INFINITY);
            assert_eq!(
                above.is_empty(),
                if log_loss { !has_infinite } else { !is_high },
                "{name}, {log_loss}: {above:?}"
            );
            assert!(below.is_empty(), "{name}: {below:?}");
            let flag = lost.map(|index| format!("diverged in step {}", index + 1));
            assert_eq!(svg.contains("diverged"), flag.is_some(), "{name}");
            assert!(flag.is_none_or(|flag| has_word(&svg, &flag)), "{name}");
            let left = labels(&svg, &frame, true);
            if !log_loss {
                check_linear(name, &left, |y| frame.px_of((0.0, y)).1);
                assert!(frame.y.0 < -0.1 && frame.y.1 > 3.1, "room for a loss of 0 and of 3: {:?}", frame.y);
            }
            check_linear(name, &labels(&svg, &frame, false), |x| frame.px_of((x, 0.0)).0);
        }
    }
}

#[test]
fn growth_and_eps_charts_of_hard_data_stay_in_their_frame() {
    let wide: Vec<(f64, f64)> =
        vec![(1.0, 1e-9), (2.0, 0.0), (4.0, f64::NAN), (8.0, 1e12), (16.0, f64::INFINITY), (32.0, 3.0)];
    let lists = [wide, vec![(1.0, 5.0)], vec![], vec![(1.0, 1.0), (2.0, 1.0)]];
    for points in &lists {
        for look in [Look::Limit, Look::Main, Look::Second, Look::Third] {
            let series = Series { name: "it".into(), points: points.clone(), bars: vec![(2.0, 0.0, 8.0)], look };
            let chart = GrowthChart {
                x: (1.0, 32.0),
                scale: Scale::Log2,
                x_label: "n".into(),
                y_label: "cost".into(),
                series: vec![series],
            };
            let (svg, frame) = drawn(&chart);
            check_inside("growth", &svg, &frame);
            let exponents: Vec<_> = labels(&svg, &frame, true).iter().map(|label| exact(&label.1)).collect();
            let is_power = |&(units, _): &(i128, i32)| units.to_string().trim_end_matches('0') == "1";
            assert!(exponents.len() >= 2 && exponents.iter().all(is_power), "{exponents:?}");
        }
    }
    let v: Vec<(f64, f64)> = (-14..0).map(|power| (10_f64.powi(power), 10_f64.powi(-(power + 7).abs() - 2))).collect();
    let flat = vec![(1e-5, 0.0), (1e-4, 1e9), (1e-3, f64::NAN)];
    for line in [v, flat, vec![], vec![(1e-5, 1e-20)]] {
        let chart =
            EpsChart { entry: [line.clone(), line.clone()], largest: [line.clone(), line], mark: Some((1e-5, 0.12)) };
        let (svg, frame) = drawn(&chart);
        check_inside("eps", &svg, &frame);
        assert!(frame.y.0 < -12.0 && frame.y.1 > 0.0, "room: {:?}", frame.y);
    }
    // An error below all that f64 has is off scale, not at the axis.
    let tiny = vec![(1e-5, 1e-30), (1e-4, 1e-3)];
    let (svg, frame) = drawn(&EpsChart { entry: Default::default(), largest: [tiny, vec![]], mark: None });
    assert!(!off_scale(&svg, &frame).1.is_empty());
}

#[test]
fn the_gate_plane_has_equal_units_and_cuts_what_reaches_out() {
    let far = 4.0;
    let chart = GateChart {
        x: (-1.0, 1.0),
        y: (-1.0, 1.0),
        regions: vec![Region {
            outline: vec![(-far, -far), (far, -far), (far, far), (-far, far)],
            sign: 1,
            strength: 1.0,
        }],
        boundary: vec![[(-far, -far), (far, far)]],
        lines: vec![([(0.1, -far), (0.1, far)], 1), ([(-far, 0.2), (far, 0.2)], 2)],
        wanted: vec![[1, 1]],
        counterexample: Some((0.0, 0.0)),
    };
    for size in [(800, 500), (390, 844), (1200, 300)] {
        let (svg, frame) = to_svg(&chart, &STYLE, size).unwrap();
        check_inside("gate", &svg, &frame);
        let unit = |px: (f64, f64), data: (f64, f64)| (px.1 - px.0) / (data.1 - data.0);
        let (across, up) = (unit(frame.x_px, frame.x), unit(frame.y_px, frame.y));
        assert!((across / up - 1.0).abs() < 1e-9, "{size:?}: {across} and {up}");
        assert!(frame.x.0 <= -1.0 + 1e-9 && frame.y.1 >= 1.0 - 1e-9, "the square is seen: {frame:?}");
        check_linear("gate", &labels(&svg, &frame, true), |y| frame.px_of((0.0, y)).1);
        check_linear("gate", &labels(&svg, &frame, false), |x| frame.px_of((x, 0.0)).0);
        assert!(!svg.contains("off scale"), "a plane goes on anyway");
        assert_eq!(frame.marks, [frame.px_of((0.0, 0.0))], "what a note must not cover");
    }
    let names: Vec<_> = chart.legend(&Theme::LIGHT).into_iter().map(|entry| entry.name).collect();
    assert!(names.contains(&"a neuron of layer 1 is 0".into()) && names.contains(&"a neuron of layer 2 is 0".into()));
}

#[test]
fn legends_name_each_thing_in_its_own_look() {
    let runs: Vec<_> =
        (0..3).map(|colour| RunCurves { name: format!("run {colour}"), colour, ..run_of(vec![1.0]) }).collect();
    let curves = CurvesChart { runs, ..CurvesChart::default() };
    let neurons = FunctionChart {
        lines: (0..14)
            .map(|i| PlotLine {
                stroke: Stroke::Neuron(i),
                name: format!("neuron {i}"),
                ..line(vec![(-2.0, 0.0), (2.0, i as f64)])
            })
            .collect(),
        y: (-1.0, 15.0),
        ..function_of(&[0.0])
    };
    for theme in [Theme::LIGHT, Theme::DARK] {
        for entries in [curves.legend(&theme), neurons.legend(&theme), EpsChart::default().legend(&theme)] {
            let looks: Vec<_> = entries.iter().map(|entry| sample(entry, &theme)).collect();
            for (index, look) in looks.iter().enumerate() {
                assert!(!looks[..index].contains(look), "{} looks like another", entries[index].name);
            }
        }
    }
    // A picture that stands alone has them in it, and each neuron's number at the end of its line, none over another.
    let (svg, frame) = to_svg(&neurons, &Style::alone(Theme::LIGHT), SIZE).unwrap();
    assert!(has_word(&svg, "neuron 13"));
    let ends: Vec<_> =
        words(&svg).into_iter().filter(|word| word.at.0 > frame.x_px.1 && word.anchor == "start").collect();
    assert_eq!(ends.len(), 14);
    assert!(ends.windows(2).all(|pair| pair[1].at.1 - pair[0].at.1 > 11.0), "labels overlap");
}

fn tent() -> FunctionChart {
    FunctionChart {
        x: (-2.0, 2.0),
        y: (-1.0, 1.0),
        lines: vec![line(vec![(-2.0, -1.0), (0.0, 1.0), (2.0, -1.0)])],
        kinks: vec![(0.0, 1.0)],
        chords: vec![ChordLine { x: [-1.0, 0.0, 1.0], f: [0.0, 1.0, 0.0], chord: 0.0 }],
        x_label: "x".into(),
        y_label: "f(x)".into(),
    }
}

#[test]
fn the_function_chart_has_its_line_kinks_chords_and_titles() {
    let picture = svg(&tent());
    assert!(picture.contains("#0072B2"), "the line");
    assert!(picture.matches("<circle").count() >= 4, "a kink's disc and ring, a chord's two ends");
    assert!(has_word(&picture, "f(x)") && has_word(&picture, "x"), "axis titles: {picture}");
    let bare = svg(&FunctionChart { kinks: vec![], chords: vec![], ..tent() });
    assert_eq!(bare.matches("<circle").count(), 0);
    assert!(!bare.contains("#D55E00"));
}

#[test]
fn a_frame_maps_the_pointer_to_the_data_and_back() {
    let (_, frame) = drawn(&tent());
    let (left, right) = frame.x_px;
    assert_eq!(
        (frame.x_at(left), frame.x_at(right), frame.x_at((left + right) / 2.0)),
        (Some(-2.0), Some(2.0), Some(0.0))
    );
    assert_eq!((frame.x_at(left - 1.0), frame.x_at(right + 1.0)), (None, None));
    assert_eq!(frame.px_of((-2.0, 1.0)), (left, frame.y_px.0));
    assert_eq!(frame.px_of((2.0, -1.0)), (right, frame.y_px.1));
}

#[test]
fn the_curves_chart_is_the_homeworks() {
    let run = RunCurves {
        name: "run 1".into(),
        diverged_at: None,
        losses: vec![2.3, 9.0, 1.0, 0.5],
        train: vec![(0.0, 0.1), (4.0, 0.6)],
        validation: vec![(0.0, 0.1), (4.0, 0.5)],
        steps_per_epoch: 2.0,
        seconds: vec![f32::NAN, 1.0, 1.5, 4.0],
        colour: 1,
    };
    let chart = CurvesChart { runs: vec![run.clone()], steps: 8.0, ..CurvesChart::default() };
    let picture = svg(&chart);
    for label in ["loss (cross-entropy)", "accuracy", "step", "3", "1", "0.2"] {
        assert!(has_word(&picture, label), "{label} in {picture}");
    }
    assert_eq!(picture.matches("<circle").count(), 2 + 2 * 2, "each measured accuracy is a disc or a ring on paper");
    assert!(picture.contains("#0072B2") && picture.contains("#D55E00") && picture.contains("#007A5A"));
    svg(&CurvesChart::default());
    // Two runs: each in its colour, by epochs, the loss on a logarithmic axis.
    let other = RunCurves { colour: 2, losses: vec![2.0, 0.02], ..run.clone() };
    let both = CurvesChart {
        runs: vec![run.clone(), other],
        across: Across::Epochs,
        log_loss: true,
        ..CurvesChart { steps: 8.0, ..chart }
    };
    let picture = svg(&both);
    assert!(picture.contains("#B87600") && picture.contains("#007A5A") && !picture.contains("#0072B2"));
    for label in ["epoch", "0.01", "10"] {
        assert!(has_word(&picture, label), "{label}");
    }
    assert_eq!((both.x_of(&run, 4.0), both.step_at(&run, 2.0), both.y_of(0.1)), (2.0, 4.0, -1.0));
}

#[test]
fn curves_are_drawn_over_time_and_in_part() {
    let run = RunCurves {
        name: "run 1".into(),
        diverged_at: None,
        losses: vec![2.0, 1.0, 1.0, 0.5],
        train: vec![(0.0, 0.1), (4.0, 0.6)],
        validation: Vec::new(),
        steps_per_epoch: 2.0,
        // Of the first step it is not known when it was done: the run went on after a reload.
        seconds: vec![f32::NAN, 1.0, 1.5, 4.0],
        colour: 0,
    };
    let timed = CurvesChart { runs: vec![run.clone()], across: Across::Seconds, ..CurvesChart::default() };
    assert_eq!(timed.x_range(), (0.0, 4.0));
    assert!(timed.x_of(&run, 1.0).is_nan());
    assert!(timed.x_of(&run, 0.0).is_nan());
    assert_eq!([timed.x_of(&run, 2.0), timed.x_of(&run, 4.0)], [1.0, 4.0]);
    let whole = RunCurves { seconds: vec![0.5, 1.0, 1.5, 4.0], ..run.clone() };
    assert_eq!([timed.x_of(&whole, 0.0), timed.x_of(&whole, 1.0)], [0.0, 0.5]);
    assert_eq!([0.5, 1.0, 3.0, 4.0, 9.0].map(|x| timed.step_at(&run, x)), [1.0, 2.0, 3.0, 4.0, 4.0]);
    let picture = svg(&timed);
    assert!(picture.contains("seconds of work") && !picture.contains("NaN"));

    // In part: nothing is drawn outside the data area, and dots only where they are in it.
    let part = CurvesChart { across: Across::Steps, steps: 4.0, view: Some((1.5, 2.5)), ..timed };
    let (picture, frame) = drawn(&part);
    assert_eq!(frame.x, (1.5, 2.5));
    assert_eq!(picture.matches("<circle").count(), 0);
    check_inside("in part", &picture, &frame);
    assert!(corners(&picture, "polyline").iter().any(|(line, _)| number_of(line, "stroke-width") == 2.0));
}

#[test]
fn nice_ranges_hold_the_values_and_move_seldom() {
    for (low, high, expected) in
        [(-1.0, 1.0, (-1.25, 1.25)), (0.1, 0.93, (0.0, 1.0)), (-3.2, 7.9, (-4.0, 9.0)), (5.0, 5.0, (3.75, 6.25))]
    {
        let (a, b) = nice_range(low, high);
        let room = ROOM * (b - a);
        assert!(a <= low - room && high + room <= b, "{low}, {high}: {a}, {b}");
        assert!((a - expected.0).abs() < 1e-9 && (b - expected.1).abs() < 1e-9, "{low}, {high}: {a}, {b}");
    }
    assert_eq!(nice_range(f64::NAN, 1.0), (-1.0, 1.0));
    assert_eq!(nice_range(f64::MIN, f64::MAX), (-1.0, 1.0));
    assert_eq!(nice_range(0.06, 1.93), nice_range(0.05, 1.9));
    let (a, b) = nice_range(1e6, 1e6 + 1e-7);
    assert!(a < b && a.is_finite());
}

#[test]
fn smoothing_is_not_drawn_towards_zero_at_the_start() {
    assert_eq!(smoothed(&[4.0, 4.0, 4.0], 0.9), [4.0, 4.0, 4.0]);
    let mean = smoothed(&[0.0, 1.0], 0.5);
    assert!((mean[1] - 2.0 / 3.0).abs() < 1e-6, "weights 1/4 and 1/2, divided by their sum: {mean:?}");
    assert_eq!(smoothed(&[1.0, 5.0], 0.0), [1.0, 5.0]);
}

#[test]
fn thinning_keeps_extremes_and_order() {
    let values: Vec<f32> = (0..10_000).map(|i| if i == 7777 { 50.0 } else { (i as f32).sin() }).collect();
    let points = thinned(&values, 1500);
    assert!(points.len() <= 1500, "{}", points.len());
    assert!(points.contains(&(7778.0, 50.0)));
    assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0));
    assert_eq!(thinned(&[3.0, 1.0], 1500), [(1.0, 3.0), (2.0, 1.0)]);
}

#[test]
fn the_growth_chart_labels_decades_and_draws_every_series() {
    let series = |look, values: [f64; 3]| Series {
        name: "it".into(),
        points: vec![(2.0, values[0]), (3.0, values[1]), (4.0, values[2])],
        bars: vec![(3.0, 2.0, 9.0)],
        look,
    };
    let chart = GrowthChart {
        x: (2.0, 4.0),
        scale: Scale::Linear,
        x_label: "layers".into(),
        y_label: "linear pieces".into(),
        series: vec![
            series(Look::Limit, [10.0, 100.0, 1000.0]),
            series(Look::Main, [9.0, 80.0, f64::NAN]),
            series(Look::Second, [0.0, 5.0, 6.0]),
        ],
    };
    let picture = svg(&chart);
    for label in ["1", "10", "100", "1,000", "layers", "linear pieces"] {
        assert!(has_word(&picture, label), "{label}");
    }
    assert_eq!(picture.matches("<circle").count(), 2 + 2 * 2, "what cannot be drawn is left out");
    assert_eq!(chart.nearest_x(3.4), Some(3.0));
    assert_eq!(chart.at((3.0, 100.0)), (3.0, 2.0));
    let (picture, frame) = drawn(&GrowthChart { x: (1.0, 3.0), ..chart.clone() });
    let below: Vec<_> = labels(&picture, &frame, false).into_iter().map(|label| label.1).collect();
    assert_eq!(below, ["1", "2", "3"], "there is nothing between two neighbours");
    let doubling = GrowthChart { x: (1.0, 8.0), scale: Scale::Log2, ..chart };
    assert!(has_word(&svg(&doubling), "8"));
    assert_eq!(doubling.at((8.0, 10.0)), (3.0, 1.0));
}

#[test]
fn the_heat_chart_shades_rows_and_finds_contours() {
    // The plane x + 2y on a 5 by 5 grid.
    let at = |index: usize| (index % 5) as f64 + 2.0 * (index / 5) as f64;
    let chart = HeatChart {
        x: (0.0, 4.0),
        y: (0.0, 4.0),
        columns: 5,
        values: (0..25).map(at).collect(),
        path: [(1.0, 1.0), (3.0, 9.0)],
        x_label: "across".into(),
        y_label: "up".into(),
        quantity: "x + 2y".into(),
    };
    assert_eq!(chart.shown(), (0.0, 12.0));
    let lines = chart.contour(5.3);
    assert_eq!(lines.len(), 1, "one line, as long as it goes on");
    for (x, y) in lines.into_iter().flatten() {
        assert!((x + 2.0 * y - 5.3).abs() < 1e-12, "({x}, {y}) is on the contour");
    }
    assert!(chart.contour(99.0).is_empty());
    let (picture, frame) = drawn(&chart);
    check_inside("heat", &picture, &frame);
    check_linear("heat", &labels(&picture, &frame, true), |y| frame.px_of((0.0, y)).1);
    assert_eq!(picture.matches("<image ").count(), 2, "the map, and the bar of its colours");
    assert!(picture.contains("href=\"data:image/png;base64,") && has_word(&picture, "across"));
    // The bar's labels are those of the values.
    let beside = |word: &Word| word.at.0 > frame.x_px.1 && !word.is_turned;
    let bar: Vec<_> = words(&picture).into_iter().filter(beside).map(|word| word.text).collect();
    assert_eq!(bar, ["0", "2", "4", "6", "8", "10", "12"]);
    let level = HeatChart { values: vec![1.0; 25], ..chart };
    assert_eq!(level.shown(), (0.0, 2.0));
    svg(&level);
    svg(&HeatChart::default());
}
