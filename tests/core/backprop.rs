use ndarray::{Array1, Array2, ArrayView2};
use piecewise::data::{Dataset, Purpose, rng, sample};
use piecewise::labs::backprop::challenges::{CHALLENGES, solved_now};
use piecewise::labs::backprop::exact::Bend;
use piecewise::labs::backprop::layers::{LayerLab, SIZE, Subject};
use piecewise::labs::backprop::question8::{DIMENSIONS, Precision, Question8, STEPS};
use piecewise::labs::backprop::table::{Table, to_csv, to_latex};
use piecewise::labs::backprop::words::{at_zero, error_against_eps};
use piecewise::labs::challenges::Solved;
use piecewise::labs::train::GradientReport;
use piecewise::linalg::Element;
use piecewise::nn::faulty::Mistake;
use piecewise::nn::gradcheck::relative_error;
use piecewise::nn::shared_weight::{ThetaZero, backward, central_difference, chain_rule, closed_form, forward};
use piecewise::nn::{Gradients, Init, Mlp};
use piecewise::piecewise::Decimal;
use piecewise::train::{Advance, Config, Engine, Input, LocalEngine, Lost, Part, Trainer};
use rand::RngExt;
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const THETAS: [ThetaZero; 3] = [ThetaZero::Zero, ThetaZero::Half, ThetaZero::One];

fn theta(y: &Array1<f64>, zero: ThetaZero) -> Array1<f64> {
    zero.of_signs(&y.iter().map(|y| y.partial_cmp(&0.0).unwrap()).collect::<Vec<_>>())
}

fn random(seed: u64, d: usize) -> (Array2<f64>, Array1<f64>) {
    let mut rng = rng(seed, Purpose::Init, 1);
    let w = Array2::from_shape_simple_fn((d, d), || rng.random_range(-1.0..1.0));
    let mut x = Array1::from_shape_simple_fn(d, || rng.random_range(-1.0..1.0));
    if d > 1 && seed.is_multiple_of(2) {
        // A row that is orthogonal to x, so that Θ(0) counts.
        x[0] = 0.5;
        x[1] = -0.25;
        let mut w = w;
        w.row_mut(0).fill(0.0);
        (w[(0, 0)], w[(0, 1)]) = (0.25, 0.5);
        return (w, x);
    }
    (w, x)
}

#[test]
fn the_closed_form_is_the_reverse_pass_to_rounding() {
    for d in [1, 2, 3, 7, 16, 33, 64] {
        for seed in 1..=4 {
            let (w, x) = random(seed, d);
            let values = forward(w.view(), x.view());
            for zero in THETAS {
                let theta = theta(&values.y, zero);
                let closed = closed_form(w.view(), x.view(), &values, theta.view());
                let back = backward(w.view(), x.view(), &values, theta.view());
                // Sums of d products of numbers of this size.
                let size = closed.sum.iter().fold(0.0_f64, |size, value| size.max(value.abs()));
                for (a, b) in closed.sum.iter().zip(&back.dw) {
                    assert!((a - b).abs() <= 8.0 * d as f64 * f64::EPSILON * size.max(1e-300), "d {d}: {a} and {b}");
                }
                let at = (d / 2, d - 1);
                let sum: f64 =
                    chain_rule(w.view(), x.view(), &values, theta.view(), at).iter().map(|t| t.product()).sum();
                assert!((sum - closed.sum[at]).abs() <= 8.0 * d as f64 * f64::EPSILON * size.max(1e-300));
            }
        }
    }
}

#[derive(Deserialize)]
struct Golden {
    d: usize,
    w: Vec<f64>,
    x: Vec<f64>,
    loss: f64,
    dw: Vec<f64>,
}

#[test]
fn the_gradient_is_pytorchs() {
    let cases: Vec<Golden> = serde_json::from_str(include_str!("golden/question8.json")).unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let w = Array2::from_shape_vec((case.d, case.d), case.w).unwrap();
        let x = Array1::from(case.x);
        let values = forward(w.view(), x.view());
        assert!((values.loss - case.loss).abs() < 1e-12);
        let back = backward(w.view(), x.view(), &values, theta(&values.y, ThetaZero::Zero).view());
        for (ours, theirs) in back.dw.iter().zip(&case.dw) {
            assert!((ours - theirs).abs() < 1e-12, "d {}: {ours} instead of {theirs}", case.d);
        }
    }
}

#[test]
fn central_differences_agree_and_at_a_kink_they_measure_one_half() {
    let (mut w, x) = random(2, 4);
    let values = forward(w.view(), x.view());
    assert_eq!(values.y[0], 0.0);
    let wrong = |zero, w: &mut Array2<f64>| {
        let closed = closed_form(w.view(), x.view(), &values, theta(&values.y, zero).view());
        let places: Vec<_> = closed.sum.indexed_iter().map(|(at, &value)| (at, value)).collect();
        let error = |&(at, value): &((usize, usize), f64)| (central_difference(w, x.view(), at, 1e-6) - value).abs();
        places.iter().map(error).fold(0.0, f64::max)
    };
    assert!(wrong(ThetaZero::Half, &mut w) < 1e-5);
    assert!(wrong(ThetaZero::Zero, &mut w) > 1e-3);
    assert!(wrong(ThetaZero::One, &mut w) > 1e-3);
}

#[test]
fn relative_error_is_the_documented_measure() {
    assert_eq!(relative_error(0.0, 0.0), 0.0);
    assert_eq!(relative_error(1.0, 0.0), 1.0);
    assert_eq!(relative_error(-2.0, 2.0), 2.0);
    assert_eq!(relative_error(4.0, 3.0), 0.25);
}

#[test]
fn the_lab_compares_everything_pairwise() {
    for d in DIMENSIONS {
        let answers = Question8::new(d, 3).answers();
        let [formula, first, second] = &answers.comparisons[..] else { panic!() };
        assert_eq!(formula.entries, d * d);
        assert!(formula.relative < 1e-9, "d {d}: {formula:?}");
        assert_eq!(first.entries, second.entries);
        assert_eq!(first.entries == d * d, d <= 16, "all while it is quick: {first:?}");
        let measured = answers.differences.iter().filter(|value| !value.is_nan()).count();
        assert_eq!(measured, first.entries);
        assert!(answers.values.loss > 0.0, "d {d}: there is something to see");
        let largest = answers.closed.sum.iter().fold(0.0_f64, |size, value| size.max(value.abs()));
        if answers.signs.zeros.is_empty() && d < 64 {
            assert!(first.absolute < 1e-6 * largest.max(1.0), "d {d}: {first:?}");
        }
    }
}

#[test]
fn single_precision_is_worse_and_the_sweep_is_a_v() {
    let lab = Question8::new(4, 1);
    let mut single = lab.clone();
    single.precision = Precision::Single;
    let relative = |lab: &Question8| lab.answers().comparisons[1].relative;
    assert!(relative(&lab) < 1e-6 && relative(&single) > 1e-3, "{} {}", relative(&lab), relative(&single));

    let mut sweep = lab.sweep();
    while !sweep.advance() {}
    assert_eq!(sweep.points.len(), 49);
    assert!(sweep.points.windows(2).all(|pair| pair[0].eps < pair[1].eps));
    for precision in [0, 1] {
        let errors: Vec<f64> = sweep.points.iter().map(|point| point.largest[precision]).collect();
        let best = errors.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(errors[0] > 1e3 * best, "rounding at small eps: {errors:?}");
        assert!(errors[48] > 1e3 * best, "truncation at large eps: {errors:?}");
    }
    assert!(sweep.point(1e-5).largest[0] > 1e-2, "the notebook's choice");
}

#[test]
fn steps_show_the_values_they_name() {
    let lab = Question8::new(3, 2);
    let answers = lab.answers();
    let shapes: Vec<_> = (0..STEPS.len()).map(|step| answers.result_of(step).dim()).collect();
    let (vector, matrix) = ((3, 1), (3, 3));
    assert_eq!(shapes, [vector, vector, vector, (1, 1), vector, matrix, vector, vector, matrix, matrix]);
    assert_eq!(answers.result_of(9), &answers.result_of(5) + &answers.result_of(8));
    assert!(STEPS[..4].iter().all(|step| !step.is_backward) && STEPS[4..].iter().all(|step| step.is_backward));
}

#[test]
fn what_is_zero_in_the_typed_numbers_is_zero_in_every_precision() {
    // y₁ = 0.1 + 0.2 − 0.3, which is 5.6e−17 in f64, and not 0 in f32 either.
    let text = "d=3&seed=1&theta=0&W=0.1,0.2,-0.3,0.5,0.1,0.2,0.3,-0.4,0.6&x=1,1,1";
    let mut lab = Question8::decode(text).unwrap();
    for precision in [Precision::Single, Precision::Double] {
        lab.precision = precision;
        let mut rows = Vec::new();
        for theta in THETAS {
            lab.theta_zero = theta;
            let answers = lab.answers();
            assert_eq!((answers.values.y[0], answers.values.u[0]), (0.0, 0.0));
            let [zero] = &answers.signs.zeros[..] else { panic!("{:?}", answers.signs) };
            assert_eq!((zero.row, zero.bend), (0, Bend::Convex));
            assert_eq!(answers.closed.masked.row(0).iter().all(|&value| value == 0.0), theta == ThetaZero::Zero);
            assert!((answers.closed.masked[(0, 0)] - theta.value() * zero.du).abs() < 1e-6);
            rows.push(answers.closed.sum.row(0).to_vec());
        }
        // v₁·u with v₁ = W₁·u = 0.2·0.8 − 0.3·0.5 = 0.01.
        for (value, expected) in rows[0].iter().zip([0.0, 0.008, 0.005]) {
            assert!((value - expected).abs() < 1e-7, "{rows:?}");
        }
        assert!((rows[1][0] - (rows[0][0] + rows[2][0]) / 2.0).abs() < 1e-7, "Θ(0) counts: {rows:?}");
    }
    lab.theta_zero = ThetaZero::Half;
    // To first order in ε, which is 10⁻⁵ here: the curvature differs on both sides.
    assert!(lab.answers().comparisons[1].absolute < 1e-4, "what central differences measure");
    assert!(lab.sweep().point(1e-5).largest[1] < 1e-3);
    lab.theta_zero = ThetaZero::Zero;
    assert!(lab.answers().comparisons[1].absolute > 0.3 && lab.sweep().point(1e-5).largest[1] > 0.9);
}

#[test]
fn a_sign_that_rounding_turns_over_is_right() {
    // y₁ = 10⁻²⁴ exactly, with summands of 10⁻¹² and 10⁶ that cancel.
    let text = "d=3&seed=1&theta=0&W=1000000,1000000,0.000000000001,0,0,0,0,0,0&x=0.3,-0.3,0.000000000001";
    let signs = Question8::decode(text).unwrap().signs();
    assert_eq!((signs.y[0], signs.rounded[0]), (std::cmp::Ordering::Greater, 1e-24));
    assert_eq!(signs.zeros.len(), 2);
}

#[test]
fn a_kink_is_claimed_only_where_the_loss_bends_and_named_for_its_kind() {
    let at = |numbers: &str| {
        let lab = Question8::decode(&format!("seed=1&theta=0&{numbers}")).unwrap();
        let answers = lab.answers();
        (answers.signs.zeros.iter().map(|zero| zero.bend).collect::<Vec<_>>(), at_zero(&answers.signs.zeros).join(" "))
    };
    let (bends, text) = at("d=2&W=1,1,0,0&x=0,0");
    assert_eq!(bends, [Bend::NoInput; 2]);
    assert!(text.contains("no kink") && !text.contains("ubgradient"), "{text}");
    let (bends, text) = at("d=2&W=1,0,0,0&x=1,0");
    assert_eq!(bends, [Bend::Flat]);
    assert!(text.contains("differentiable") && !text.contains("ubgradient"), "{text}");
    let (bends, text) = at("d=2&W=1,-3,0,0&x=1,0");
    assert_eq!(bends, [Bend::Concave]);
    assert!(text.contains("y₂ = 0") && text.contains("no subgradient") && text.contains("Clarke"), "{text}");
    let (bends, text) = at("d=2&W=1,3,0,0&x=1,0");
    assert_eq!(bends, [Bend::Convex]);
    assert!(text.contains("gives a subgradient") && !text.contains("Clarke"), "{text}");
    assert_eq!(at("d=1&W=2&x=1"), (vec![], String::new()));

    // L itself, in the direction W₂₁: one-sided slopes from differences, whose mean Θ(0) = ½ gives.
    for (w12, slopes) in [(-3.0, [0.0, -6.0]), (3.0, [0.0, 6.0]), (0.0, [0.0, 0.0])] {
        let loss = |w21: f64| {
            let w = ndarray::array![[1.0, w12], [w21, 0.0]];
            forward(w.view(), ndarray::array![1.0, 0.0].view()).loss
        };
        let step = 1e-7;
        // Beside what W₂₁ adds as an entry of W·u: v₂·u₁ = 0 here.
        let measured = [(loss(0.0) - loss(-step)) / step, (loss(step) - loss(0.0)) / step];
        assert!(measured.iter().zip(slopes).all(|(a, b)| (a - b).abs() < 1e-5), "{measured:?}");
    }
}

#[test]
fn at_a_kink_no_eps_is_praised() {
    let mut lab = Question8::decode("d=2&seed=1&theta=0&W=1,-3,0,0&x=1,0").unwrap();
    let says = |lab: &Question8| {
        let mut sweep = lab.sweep();
        while !sweep.advance() {}
        error_against_eps(&lab.signs().zeros, lab.theta_zero, Some(&sweep.point(1e-5)), &sweep.points)
    };
    let text = says(&lab);
    assert!(text.contains("This is the kink (y₂ = 0)") && !text.contains("Smallest error"), "{text}");
    lab.theta_zero = ThetaZero::Half;
    assert!(says(&lab).contains("Smallest error"));
    lab = Question8::new(3, 2);
    assert!(!says(&lab).contains("kink"));
}

#[test]
fn cancelling_terms_are_found_in_fractions() {
    // 0.1 and 0.3 are no binary fractions: v·x·(1 + 2w) with w = −0.5 is 0 all the same, and near by it is not.
    let solved = |text: &str| {
        let lab = Question8::decode(text).unwrap();
        let layers = LayerLab::default();
        solved_now(&lab, &lab.answers(), &layers, &layers.report())[1]
    };
    assert!(solved("d=1&seed=1&theta=0&W=-0.5&x=-0.3"));
    assert!(!solved("d=1&seed=1&theta=0&W=-0.500000000001&x=-0.3"));
}

#[test]
fn a_link_restores_the_numbers() {
    let mut lab = Question8::new(3, 7);
    lab.set(1, Some(2), "-0.125".parse().unwrap());
    lab.set(2, None, "9".parse().unwrap());
    lab.theta_zero = ThetaZero::Half;
    assert_eq!(Question8::decode(&lab.encode()), Ok(lab));
    let large = Question8::new(64, 5);
    assert_eq!(Question8::decode(&large.encode()), Ok(large));
    for broken in [
        "",
        "d=3",
        "d=9&seed=1&theta=0",
        "d=1&seed=1&theta=0&W=1",
        "d=1&seed=1&theta=0&W=x&x=1",
        "d=1&seed=1&theta=7&W=1&x=1",
    ] {
        assert!(Question8::decode(broken).unwrap_err().starts_with("The link does not hold"), "{broken}");
    }
}

#[test]
fn every_mistake_is_caught_and_right_formulas_pass() {
    for seed in 1..=30 {
        for subject in Subject::ALL {
            for mistake in Mistake::ALL {
                let lab = LayerLab { subject, mistake, seed, ..LayerLab::default() };
                let report = lab.report();
                let is_made = mistake != Mistake::None && subject.allows(mistake);
                assert_eq!(!report.is_right(), is_made, "{subject:?} {mistake:?}, seed {seed}: {:?}", report.checked);
                for checked in &report.checked {
                    assert_eq!(checked.derived.values.dim(), checked.measured.dim());
                    assert_eq!(checked.wrong > 0, checked.worst.0 > 1e-6);
                }
            }
        }
    }
}

#[test]
fn a_hidden_mistake_is_one_and_can_be_named() {
    let mut seen = Vec::new();
    for seed in 1..40 {
        let mut lab = LayerLab::default();
        lab.hide_mistake(seed);
        assert!(!lab.report().is_right() && !lab.is_found());
        lab.guess = lab.mystery.unwrap();
        assert!(lab.is_found());
        seen.push(lab.guess);
    }
    assert!(Mistake::ALL[1..].iter().all(|mistake| seen.contains(mistake)), "each of them comes up");
}

fn set(lab: &mut Question8, w: &[&str], x: &[&str]) {
    let d = x.len();
    let number = |text: &str| text.parse::<Decimal>().unwrap();
    for (index, text) in w.iter().enumerate() {
        lab.set(index / d, Some(index % d), number(text));
    }
    for (row, text) in x.iter().enumerate() {
        lab.set(row, None, number(text));
    }
}

#[test]
fn challenges_are_unsolved_at_first_and_solved_by_their_solutions() {
    let solved = |lab: &Question8, layers: &LayerLab| solved_now(lab, &lab.answers(), layers, &layers.report());
    let fresh = (Question8::default(), LayerLab::default());
    assert_eq!(solved(&fresh.0, &fresh.1), [false; 6]);

    let mut dead = Question8::new(2, 1);
    set(&mut dead, &["-1"; 4], &["1", "1"]);
    assert!(solved(&dead, &fresh.1)[0]);
    set(&mut dead, &["0"; 4], &["1", "1"]);
    assert!(!solved(&dead, &fresh.1)[0], "W must not be 0");

    let mut cancel = Question8::new(1, 1);
    set(&mut cancel, &["-0.5"], &["-1"]);
    assert!(solved(&cancel, &fresh.1)[1]);

    let mut kink = Question8::new(3, 1);
    kink.put_a_y_at_zero();
    let answers = kink.answers();
    let [zero] = &answers.signs.zeros[..] else { panic!("one row is put at 0") };
    assert!(answers.w.row(zero.row).iter().any(|&w| w != 0.0));
    assert!(!solved(&kink, &fresh.1)[2]);
    kink.theta_zero = ThetaZero::Half;
    assert!(solved(&kink, &fresh.1)[2], "{:?}", kink.answers().comparisons);

    let found = (0..9).any(|index| {
        let entry = (index / 3, index % 3);
        let mut lab = Question8::default();
        (lab.precision, lab.entry) = (Precision::Single, entry);
        solved(&lab, &fresh.1)[3]
    });
    assert!(found, "with the numbers that the lab starts with");

    let axis = LayerLab { mistake: Mistake::WrongAxis, ..LayerLab::default() };
    assert!(solved(&fresh.0, &axis)[4]);
    let mut mystery = LayerLab::default();
    mystery.hide_mistake(3);
    mystery.guess = mystery.mystery.unwrap();
    assert!(solved(&fresh.0, &mystery)[5]);

    let mut ids: Vec<_> = CHALLENGES.iter().map(|challenge| challenge.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), CHALLENGES.len());
    let mut kept = Solved::decode("");
    assert!(kept.add(&CHALLENGES[1]) && !kept.add(&CHALLENGES[1]));
    assert!(Solved::decode(&kept.encode()).has(&CHALLENGES[1]) && !kept.has(&CHALLENGES[0]));
}

#[test]
fn the_lab_starts_with_live_and_dead_neurons() {
    let y = Question8::default().answers().values.y;
    assert!(y.iter().filter(|&&y| y > 0.0).count() == 2 && y.iter().any(|&y| y < 0.0), "{y}");
}

#[test]
fn tables_can_be_taken_away() {
    let values = Array2::from_shape_vec((2, 2), vec![1.0, -0.5, 1e-7, 2.25]).unwrap();
    let tables = [Table::new("∂L/∂W_1", values)];
    assert_eq!(
        to_csv(&tables),
        "table,row,column,value\n∂L/∂W_1,1,1,1.0\n∂L/∂W_1,1,2,-0.5\n∂L/∂W_1,2,1,1e-7\n∂L/∂W_1,2,2,2.25\n"
    );
    assert_eq!(
        to_latex(&tables),
        "\\[\n\\text{$\\partial$L/$\\partial$W\\_1} = \\begin{pmatrix}\n1 & -0.5 \\\\\n1 \\cdot 10^{-7} & 2.25\n\\end{pmatrix}\n\\]\n"
    );
    assert_eq!(tables[0].shape(), "2 × 2");
    assert_eq!(LayerLab::default().report().given[0].values.dim(), (SIZE, SIZE));
}

fn small_sample() -> Dataset {
    let mut generator = sample::Generator::new(1);
    while !generator.advance(1000) {}
    generator.finish()
}

/// An engine whose gradient of one layer is off by a factor.
struct Wrong {
    engine: LocalEngine,
    layer: usize,
}

impl Engine for Wrong {
    fn step<'a>(&mut self, input: impl Into<Input<'a>>, labels: &[u8], learning_rate: f32) -> Result<f32, Lost> {
        self.engine.step(input, labels, learning_rate)
    }

    fn logits<'a>(&mut self, input: impl Into<Input<'a>>) -> Result<ArrayView2<'_, f32>, Lost> {
        self.engine.logits(input)
    }

    fn hidden(&self, rows: usize) -> Vec<ArrayView2<'_, f32>> {
        self.engine.hidden(rows)
    }

    fn gradients<'a>(&mut self, input: impl Into<Input<'a>>, labels: &[u8]) -> Result<Gradients<f32>, Lost> {
        let mut gradients = self.engine.gradients(input, labels)?;
        gradients[self.layer].weight *= 1.01;
        Ok(gradients)
    }

    fn widths(&self) -> &[usize] {
        self.engine.widths()
    }

    fn gather(&mut self, part: Part, take: &mut dyn FnMut(&[f32])) -> Result<(), Lost> {
        self.engine.gather(part, take)
    }

    fn keep(&mut self) -> Result<(), Lost> {
        self.engine.keep()
    }

    fn restore(&mut self) -> Result<(), Lost> {
        self.engine.restore()
    }

    fn memory_bytes(&mut self) -> Result<u64, Lost> {
        self.engine.memory_bytes()
    }
}

fn report(trainer: &mut Trainer<impl Engine>, data: &Dataset) -> GradientReport {
    let mut check = trainer.check_gradients(data).unwrap();
    while !check.advance() {}
    assert_eq!(check.total(), check.entries().len());
    GradientReport { step: 0, total: check.total(), done: check.total(), entries: check.entries().to_vec() }
}

#[test]
fn a_live_networks_gradients_are_right_before_and_after_training() {
    let data = small_sample();
    let config = Config { hidden: vec![24, 16], batch_size: 64, learning_rate: 0.05, ..Config::default() };
    let mut trainer = Trainer::new(config);
    for steps in [0, 40] {
        while trainer.step() < steps {
            assert!(!matches!(trainer.advance(&data), Advance::Diverged { .. }));
        }
        let layers = report(&mut trainer, &data).layers();
        assert_eq!(layers.len(), 3);
        for layer in layers {
            assert_eq!(layer.wrong, 0, "{layer:?}");
            assert!(layer.compared > 8 && layer.largest > 0.0, "{layer:?}");
        }
    }
}

#[test]
fn a_check_changes_nothing_and_finds_a_wrong_engine() {
    let data = small_sample();
    let config = Config { hidden: vec![12, 12], batch_size: 64, learning_rate: 0.05, ..Config::default() };
    let losses = |checks: bool| {
        let mut trainer = Trainer::new(config.clone());
        let mut losses = Vec::new();
        while losses.len() < 20 {
            if let Advance::Step { loss, .. } = trainer.advance(&data) {
                losses.push(loss);
            }
            if checks && losses.len() == 7 {
                report(&mut trainer, &data);
            }
        }
        losses
    };
    assert_eq!(losses(true), losses(false));

    let net = Mlp::new(&config.widths(), Init::He, &mut rng(1, Purpose::Init, 0));
    let engine = Wrong { engine: LocalEngine::of(&config, net), layer: 1 };
    let layers = report(&mut Trainer::with_engine(config.clone(), engine), &data).layers();
    let wrong: Vec<bool> = layers.iter().map(|layer| layer.wrong > 0).collect();
    assert_eq!(wrong, [false, true, false], "one per cent is enough to be caught: {layers:?}");
    assert!(layers[1].relative.to_f64() > 0.009);
}
