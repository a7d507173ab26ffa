use ndarray::{Array1, Array2, ArrayView2};
use piecewise::data::{Dataset, Purpose, rng, sample};
use piecewise::labs::backprop::challenges::{CHALLENGES, solved_now};
use piecewise::labs::backprop::layers::{LayerLab, SIZE, Subject};
use piecewise::labs::backprop::question8::{DIMENSIONS, Precision, Question8, STEPS};
use piecewise::labs::backprop::table::{Table, to_csv, to_latex};
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
            for theta in THETAS {
                let closed = closed_form(w.view(), x.view(), &values, theta);
                let back = backward(w.view(), x.view(), &values, theta);
                // Sums of d products of numbers of this size.
                let size = closed.sum.iter().fold(0.0_f64, |size, value| size.max(value.abs()));
                for (a, b) in closed.sum.iter().zip(&back.dw) {
                    assert!((a - b).abs() <= 8.0 * d as f64 * f64::EPSILON * size.max(1e-300), "d {d}: {a} and {b}");
                }
                let at = (d / 2, d - 1);
                let sum: f64 = chain_rule(w.view(), x.view(), &values, theta, at).iter().map(|t| t.product()).sum();
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
        let back = backward(w.view(), x.view(), &values, ThetaZero::Zero);
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
    let wrong = |theta, w: &mut Array2<f64>| {
        let closed = closed_form(w.view(), x.view(), &values, theta);
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
        if answers.zeros.is_empty() && d < 64 {
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
    assert_eq!(answers.zeros.len(), 1);
    assert!(answers.w.row(answers.zeros[0]).iter().any(|&w| w != 0.0));
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
        "\\[\n\\text{$\\partial$L/$\\partial$W\\_1} = \\begin{pmatrix}\n1 & -0.5 \\\\\n1.00000e-7 & 2.25\n\\end{pmatrix}\n\\]\n"
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
