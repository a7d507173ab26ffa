use piecewise::plot::{
    Across, Chart, ChordLine, CurvesChart, Frame, FunctionChart, GrowthChart, HeatChart, Look, PlotLine, RunCurves,
    Scale, Series, Stroke, Style, Theme, nice_range, number, smoothed, thinned, to_svg,
};
use plotters::prelude::{IntoDrawingArea, SVGBackend};

const STYLE: Style = Style { theme: Theme::LIGHT, scale: 1.0 };

fn svg(chart: &impl Chart) -> String {
    let svg = to_svg(chart, &STYLE, (800, 500)).unwrap();
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    svg
}

/// The picture, and where its data are on it.
fn drawn(chart: &impl Chart) -> (String, Frame) {
    let mut svg = String::new();
    let frame = {
        let area = SVGBackend::with_string(&mut svg, (800, 500)).into_drawing_area();
        chart.draw(&area, &STYLE).unwrap()
    };
    (svg, frame)
}

fn tent() -> FunctionChart {
    FunctionChart {
        x: (-2.0, 2.0),
        y: (-1.0, 1.0),
        lines: vec![PlotLine { points: vec![(-2.0, -1.0), (0.0, 1.0), (2.0, -1.0)], stroke: Stroke::Main }],
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
    assert!(picture.contains("f(x)") && picture.contains(">\nx\n<"), "axis titles: {picture}");
    let bare = svg(&FunctionChart { kinks: vec![], chords: vec![], ..tent() });
    assert_eq!(bare.matches("<circle").count(), 0);
    assert!(!bare.contains("#D55E00"));
}

#[test]
fn a_frame_maps_the_pointer_to_the_data_and_back() {
    let (_, frame) = drawn(&tent());
    let (left, right) = (f64::from(frame.x_px.0), f64::from(frame.x_px.1));
    assert_eq!(
        (frame.x_at(left), frame.x_at(right), frame.x_at((left + right) / 2.0)),
        (Some(-2.0), Some(2.0), Some(0.0))
    );
    assert_eq!((frame.x_at(left - 1.0), frame.x_at(right + 1.0)), (None, None));
    assert_eq!(frame.px_of((-2.0, 1.0)), (left, f64::from(frame.y_px.0)));
    assert_eq!(frame.px_of((2.0, -1.0)), (right, f64::from(frame.y_px.1)));
}

#[test]
fn the_curves_chart_is_the_homeworks() {
    let run = RunCurves {
        losses: vec![2.3, 9.0, 1.0, 0.5],
        train: vec![(0.0, 0.1), (4.0, 0.6)],
        validation: vec![(0.0, 0.1), (4.0, 0.5)],
        steps_per_epoch: 2.0,
        seconds: vec![f32::NAN, 1.0, 1.5, 4.0],
        colour: 1,
    };
    let chart = CurvesChart { runs: vec![run.clone()], steps: 8.0, ..CurvesChart::default() };
    let picture = svg(&chart);
    for label in ["loss (cross-entropy)", "accuracy", "step", "\n3\n", "\n1\n", "\n0.2\n"] {
        assert!(picture.contains(label), "{label} in {picture}");
    }
    assert_eq!(picture.matches("<circle").count(), 4, "each measured accuracy is a dot");
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
    for label in ["epoch", "\n0.01\n", "\n10\n"] {
        assert!(picture.contains(label), "{label}");
    }
    assert_eq!((both.x_of(&run, 4.0), both.step_at(&run, 2.0), both.y_of(0.1)), (2.0, 4.0, -1.0));
}

#[test]
fn curves_are_drawn_over_time_and_in_part() {
    let run = RunCurves {
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
    let lines = picture
        .split("<polyline")
        .skip(1)
        .map(|line| line.split("points=\"").nth(1).unwrap().split('"').next().unwrap());
    let xs = lines
        .flat_map(|line| line.split_whitespace())
        .map(|point| point.split(',').next().unwrap().parse::<i32>().unwrap());
    let xs: Vec<_> = xs.collect();
    assert!(
        !xs.is_empty() && xs.iter().all(|x| (frame.x_px.0 - 10..=frame.x_px.1 + 10).contains(x)),
        "{xs:?} {frame:?}"
    );
}

#[test]
fn nice_ranges_hold_the_values_and_move_seldom() {
    for (low, high, expected) in
        [(-1.0, 1.0, (-1.0, 1.0)), (0.1, 0.93, (0.0, 1.0)), (-3.2, 7.9, (-4.0, 8.0)), (5.0, 5.0, (4.0, 6.0))]
    {
        let (a, b) = nice_range(low, high);
        assert!(a <= low && high <= b);
        assert!((a - expected.0).abs() < 1e-9 && (b - expected.1).abs() < 1e-9, "{low}, {high}: {a}, {b}");
    }
    assert_eq!(nice_range(f64::NAN, 1.0), (-1.0, 1.0));
    assert_eq!(nice_range(0.05, 1.95), nice_range(0.15, 1.85));
    let (a, b) = nice_range(1e6, 1e6 + 1e-7);
    assert!(a < b && a.is_finite());
}

#[test]
fn numbers_on_axes_are_short() {
    let shown = [0.0, -0.0, 1.5, -2.0, 0.30000000000000004, 1234567.0, 0.00001].map(number);
    assert_eq!(shown, ["0", "0", "1.5", "−2", "0.3", "1.23e6", "1.00e−5"]);
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
    for label in ["1", "10", "100", "1000", "layers", "linear pieces"] {
        assert!(picture.contains(&format!(">\n{label}\n<")), "{label}");
    }
    assert_eq!(picture.matches("<circle").count(), 2 + 2 * 2, "what cannot be drawn is left out");
    assert_eq!(chart.nearest_x(3.4), Some(3.0));
    assert_eq!(chart.at((3.0, 100.0)), (3.0, 2.0));
    let lines = |most: f64| svg(&GrowthChart { x: (1.0, most), ..chart.clone() }).matches("<line").count();
    assert!(lines(2.0) < lines(3.0) && lines(3.0) - lines(2.0) == lines(4.0) - lines(3.0), "one line for each number");
    let doubling = GrowthChart { x: (1.0, 8.0), scale: Scale::Log2, ..chart };
    assert!(svg(&doubling).contains(">\n8\n<"));
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
    };
    assert_eq!(chart.shown(), (0.0, 12.0));
    let stretches = chart.contour(5.3);
    assert!(!stretches.is_empty());
    for (x, y) in stretches.into_iter().flatten() {
        assert!((x + 2.0 * y - 5.3).abs() < 1e-12, "({x}, {y}) is on the contour");
    }
    assert!(chart.contour(99.0).is_empty());
    let picture = svg(&chart);
    assert!(picture.matches("<rect").count() > 15 && picture.contains("across"));
    let level = HeatChart { values: vec![1.0; 25], ..chart };
    assert_eq!(level.shown(), (0.0, 2.0));
    svg(&level);
    svg(&HeatChart::default());
}
