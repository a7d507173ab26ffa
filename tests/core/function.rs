use num_traits::ToPrimitive;
use piecewise::labs::function::challenges::{CHALLENGES, solved_now};
use piecewise::labs::function::depth::{BUDGETS, Counting, DepthLab, SAMPLES, Statistics, widths};
use piecewise::labs::function::drawing::{FloatNet, lines};
use piecewise::labs::function::fit::{FitLab, FitRun, Target};
use piecewise::labs::function::network::{Activation, Answers, LAYERS, NetworkLab, View, WIDTHS, random};
use piecewise::labs::function::presets::{largest, note, presets};
use piecewise::labs::function::search::{Goal, Search};
use piecewise::labs::function::witness::witnesses;
use piecewise::labs::function::{FunctionLab, Part};
use piecewise::labs::history::History;
use piecewise::labs::parameters::Place;
use piecewise::labs::writing::Writing;
use piecewise::piecewise::{Decimal, Pieces, Rational, Verdict, to_f64};
use piecewise::protocol::{About, Command, Event, Host};
use piecewise::session::Session;
use piecewise::train::{FitProblem, Regression};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn lab(text: &str) -> NetworkLab {
    NetworkLab::decode(text).unwrap()
}

fn preset(id: &str) -> NetworkLab {
    presets().into_iter().find(|preset| preset.id == id).unwrap().lab
}

fn relu(lab: &NetworkLab) -> piecewise::labs::function::network::ReluAnswers {
    lab.answers().relu().unwrap().clone()
}

#[test]
fn every_shape_can_be_chosen_and_linked() {
    let mut lab = NetworkLab::default();
    for layers in LAYERS {
        for width in WIDTHS {
            lab.set_hidden(&vec![width; layers - 1]);
            assert_eq!(lab.hidden(), vec![width; layers - 1]);
            assert_eq!(NetworkLab::decode(&lab.encode()), Ok(lab.clone()));
        }
    }
    lab.set_hidden(&[3, 99, 0, 4, 5, 6, 7]);
    assert_eq!(lab.hidden(), [3, 16, 1, 4, 5]);
    lab.activation = Activation::Tanh;
    lab.biases = false;
    lab.set_view(View::PreActivations(2));
    lab.neuron = 16;
    assert_eq!(NetworkLab::decode(&lab.encode()), Ok(lab.clone()));
    lab.set_hidden(&[3]);
    assert_eq!((lab.view, lab.neuron), (View::Output, 0), "a layer that is gone is not shown");
    for broken in ["activation=sin", "biases=maybe", "view=pre3", "view=all", "neuron=4", "neuron=x"] {
        assert!(NetworkLab::decode(&format!("{}&{broken}", NetworkLab::default().encode())).is_err(), "{broken}");
    }
}

#[test]
fn a_new_layer_passes_the_function_on() {
    let mut lab = preset("convex");
    let before = relu(&lab).pieces;
    lab.set_hidden(&[2, 2, 2]);
    assert_eq!(relu(&lab).pieces.pieces(), before.pieces());
}

#[test]
fn without_biases_they_are_zero_and_wait() {
    let mut lab = NetworkLab::default();
    lab.biases = false;
    let kinks: Vec<_> = relu(&lab).pieces.kinks().iter().map(|kink| to_f64(&kink.x)).collect();
    assert_eq!(kinks, [] as [f64; 0], "all bend at 0, and cancel");
    lab.set(Place { layer: 0, row: 0, column: Some(0) }, Decimal::from(3));
    assert_eq!(relu(&lab).pieces.kinks()[0].x, Rational::default());
    lab.set(Place { layer: 0, row: 0, column: Some(0) }, Decimal::from(1));
    lab.biases = true;
    assert_eq!(lab, NetworkLab::default());
}

#[test]
fn presets_show_what_they_promise() {
    let answers = |id| relu(&preset(id));
    assert_eq!(answers("neither").shape.verdict, Verdict::Neither);
    assert_eq!(answers("jump").pieces.pieces()[1].slope, Rational::from_integer(1000.into()));
    assert_eq!(answers("polygon").pieces.kinks().len(), 5);
    assert!(answers("no-kinks").pieces.kinks().is_empty());
    assert_eq!(answers("width-kinks").pieces.kinks().len(), 8);
    let teeth = answers("sawtooth");
    let inside = |kink: &&piecewise::piecewise::Kink| (0.0..1.0).contains(&to_f64(&kink.x)) && to_f64(&kink.x) > 0.0;
    assert_eq!(teeth.pieces.kinks().iter().filter(inside).count(), 15);
    assert_eq!(preset("tanh").activation, Activation::Tanh);
    assert!(answers("linear").is_sloped_line());
    assert_eq!(answers("two-kinks").pieces.kinks().len(), 1);
    assert_eq!(answers("convex").shape.verdict, Verdict::Convex);
    assert_ne!(answers("neither-no-bias").shape.verdict, Verdict::Neither);
    for id in ["linear", "two-kinks", "convex", "neither-no-bias"] {
        assert!(!preset(id).biases && preset(id).hidden() == [2]);
    }
    for preset in presets() {
        assert_eq!(NetworkLab::decode(&preset.lab.encode()), Ok(preset.lab.clone()), "{}", preset.id);
    }
    assert_eq!(relu(&largest(&[3, 4, 3]).unwrap()).pieces.pieces().len(), 80);
    assert!(largest(&[16, 16, 16]).unwrap_err().contains("4913"));
    let most = preset("most-regions");
    assert_eq!((most.hidden(), relu(&most).pieces.pieces().len()), (vec![3, 3], 16));
}

#[test]
fn a_note_stands_beside_its_own_preset_whatever_was_there_before() {
    let all = presets();
    for preset in &all {
        assert_eq!(note(&preset.lab, &all).as_deref(), Some(preset.note), "{}", preset.id);
    }
    // 5a's weights are 4c-i's; the switch for biases tells them apart.
    let (linear, no_kinks) = (preset("linear"), preset("no-kinks"));
    assert_eq!(linear.parameters(), no_kinks.parameters());
    assert_ne!(note(&linear, &all), note(&no_kinks, &all));
    assert_eq!(note(&NetworkLab::decode("W1=9&b1=0&W2=1&b2=0&x=-5,5").unwrap(), &all), None);

    let says = |hidden: &[usize]| note(&largest(hidden).unwrap(), &all).unwrap();
    assert_eq!(says(&[2, 2]), "7 pieces: no network of these widths has more.");
    assert!(says(&[2, 2, 2, 2]).contains("43 pieces") && says(&[2, 2, 2, 2]).contains("More than 47 is impossible"));
    let bound = |hidden: &[usize]| largest(hidden).unwrap().region_bound_text();
    assert_eq!([bound(&[5]), bound(&[3, 4])], ["6", "20 = 4 · 5"]);
    assert_eq!(bound(&[2, 2]), "7; layers this narrow cannot make 3 · 3 = 9");
    assert!(bound(&[2, 2, 2, 2]).starts_with("47; 43 can be made"));
}

#[test]
fn witnesses_read_well_and_tell_what_they_claim() {
    let says = |text: &str, writing| witnesses(&lab(text).answers(), writing);
    let ramp = says("W1=1,1&b1=0,-1&W2=1,-1&b2=0&x=-5,5", Writing::Short);
    let line = "Not convex: at x = 1, f is 1, above the chord from x = 0 to x = 2, which is 0.5 there.";
    assert_eq!(ramp[0], line);
    // Fractions of many digits are rounded where they are short, and written out where they are asked for.
    let long = "W1=1.001,0.737&b1=0.123,-1.457&W2=1.1113,-2.777&b2=0.0007&x=-5,5";
    let (short, full) = (says(long, Writing::Short), says(long, Writing::Full));
    assert!(short[0].contains("f is ≈ ") && short.iter().all(|line| !line.contains("= ≈")), "{short:?}");
    assert!(full.iter().all(|line| !line.contains('≈') && line.contains('/')), "{full:?}");
    // 10⁻⁹ above the chord: six digits would show the same number twice.
    let close = says("W1=1&b1=0&W2=-0.000000001&b2=3.123456789&x=-5,5", Writing::Short);
    assert!(close[0].contains("f is 3.123456789, above"), "{close:?}");
    let close = says("W1=1&b1=-0.333333333333&W2=-0.000000000007&b2=3.123456789012&x=-5,5", Writing::Short);
    assert!(close[0].contains("f is 3.123456789012, above") && close[0].contains(" by ≈ 3.5"), "{close:?}");
    let tanh = says("W1=1&b1=0&W2=1&b2=0&x=-5,5&activation=tanh", Writing::Short);
    assert!(tanh.len() == 2 && tanh[0].starts_with("Not convex: at x ≈ "), "{tanh:?}");
}

#[test]
fn drawn_lines_are_the_function() {
    for seed in 0..40 {
        let hidden = [&[3][..], &[4, 4], &[8, 8, 8], &[2, 5, 3, 2]][seed as usize % 4];
        let mut lab = NetworkLab::default();
        lab.set_parameters(random(hidden, seed));
        let answers = relu(&lab);
        let float = FloatNet::new(&lab.effective(), lab.activation);
        for (x, y) in answers.polyline(&lab.x_range().0.to_rational(), &lab.x_range().1.to_rational()) {
            assert!((float.value(x).0 - y).abs() < 1e-9 * (1.0 + y.abs()));
        }
        // Contributions and the last bias add up to the output; each pre-activation is straight between cuts.
        let last_bias = lab.parameters().layers().last().unwrap().bias[0].to_f64();
        let parts = lines(&lab, View::Contributions, Some(answers.pieces.cuts()));
        let output = lines(&lab, View::Output, Some(answers.pieces.cuts()));
        for (index, point) in output[0].iter().enumerate() {
            let sum: f64 = parts.iter().map(|part| part[index].1).sum::<f64>() + last_bias;
            assert!((sum - point.1).abs() < 1e-9 * (1.0 + sum.abs()));
        }
        for layer in 1..=hidden.len() {
            let all = lines(&lab, View::PreActivations(layer), Some(answers.pieces.cuts()));
            assert_eq!(all.len(), hidden[layer - 1]);
            for (neuron, line) in all.iter().enumerate() {
                for pair in line.windows(2) {
                    let middle = (pair[0].0 + pair[1].0) / 2.0;
                    let there = float.sums(middle)[layer - 1][neuron].0;
                    assert!((there - (pair[0].1 + pair[1].1) / 2.0).abs() < 1e-8 * (1.0 + there.abs()));
                }
            }
        }
        // The staircase is the derivative between kinks.
        for [a, b] in answers.staircase(&lab.x_range().0.to_rational(), &lab.x_range().1.to_rational()) {
            assert!((float.value((a.0 + b.0) / 2.0).1 - a.1).abs() < 1e-6 * (1.0 + a.1.abs()));
        }
    }
}

#[test]
fn tanh_is_judged_by_samples_with_chords() {
    let answers = |text: &str| match lab(text).answers() {
        Answers::Tanh(answers) => answers,
        Answers::Relu(_) => panic!("tanh was asked for"),
    };
    let both = answers("W1=1&b1=0&W2=1&b2=0&x=-5,5&activation=tanh");
    assert_eq!(both.verdict, Verdict::Neither);
    for (chord, above) in [(both.not_convex.unwrap(), true), (both.not_concave.unwrap(), false)] {
        assert!(chord.x[0] < chord.x[1] && chord.x[1] < chord.x[2]);
        for (x, f) in chord.x.iter().zip(chord.f) {
            assert!((x.tanh() - f).abs() < 1e-15);
        }
        assert_eq!(chord.f[1] > chord.chord, above);
    }
    assert!((both.derivative.1 - 1.0).abs() < 1e-4 && both.derivative.0 > 0.0);
    assert_eq!(answers("W1=1&b1=0&W2=1&b2=0&x=-5,0&activation=tanh").verdict, Verdict::Convex);
    assert_eq!(answers("W1=1&b1=0&W2=1&b2=0&x=0,5&activation=tanh").verdict, Verdict::Concave);
    assert_eq!(answers("W1=1&b1=0&W2=0&b2=3&x=-5,5&activation=tanh").verdict, Verdict::Linear);
    // tanh′ = 1 − tanh².
    let float = FloatNet::new(lab("W1=2&b1=1&W2=3&b2=0&x=-5,5").parameters(), Activation::Tanh);
    for x in [-2.0_f64, -0.3, 0.0, 1.7] {
        let expected = 6.0 * (1.0 - (2.0 * x + 1.0).tanh().powi(2));
        assert!((float.value(x).1 - expected).abs() < 1e-14);
    }
}

#[test]
fn a_seed_gives_the_same_network_and_another_seed_another() {
    assert_eq!(random(&[5, 4], 7), random(&[5, 4], 7));
    assert_ne!(random(&[5, 4], 7), random(&[5, 4], 8));
    assert_eq!(random(&[5, 4], 7).hidden(), [5, 4]);
}

#[test]
fn the_search_never_finds_the_impossible_and_finds_the_possible() {
    for goal in Goal::ALL {
        let mut search = Search::new(goal, false, 1);
        assert!(!(0..5_000).any(|_| search.advance()));
        assert_eq!((search.tried, search.found.is_none()), (5_000, true));
        assert_eq!(search.kinks.iter().sum::<u64>(), 5_000);
        assert_eq!((search.kinks[2], search.shapes[3]), (0, 0));
        assert!(search.kinks[1] > 4_000 && search.shapes[1] > 1_000 && search.shapes[2] > 1_000);
        let mut search = Search::new(goal, true, 1);
        assert!((0..1_000).any(|_| search.advance()), "with biases it is easy");
        let pieces = Pieces::of(&search.found.unwrap().net());
        assert_eq!(pieces.kinks().len(), 2);
    }
}

#[test]
fn challenges_are_solved_by_their_solutions_and_by_nothing_before() {
    let solved = |lab: &NetworkLab, id: &str| {
        let index = CHALLENGES.iter().position(|challenge| challenge.id == id).unwrap();
        solved_now(lab, Some(&lab.answers()), [false; 2])[index]
    };
    assert_eq!(solved_now(&NetworkLab::default(), Some(&NetworkLab::default().answers()), [false; 2]), [false; 14]);
    for preset in presets() {
        let now = solved_now(&preset.lab, Some(&preset.lab.answers()), [false; 2]);
        assert!(!now.contains(&true), "the preset {} solves a challenge: {now:?}", preset.id);
    }
    let mut largest = largest(&[3, 3]).unwrap();
    assert!(!solved(&largest, "function-regions"));
    largest.set(Place { layer: 2, row: 0, column: None }, Decimal::from(5));
    for (lab, id) in [
        (lab("W1=1,1,1,1,1,1&b1=0,0,0,0,0,0&W2=1,1,1,1,1,1&b2=0&x=-5,5"), "function-shapes"),
        (lab("W1=1,1,1,1&b1=0,0,0,0&W2=1,1,1,1,1,1,1,1&b2=0,0&W3=1,1&b3=0&x=-5,5"), "function-three-layers"),
        (lab("W1=1,1&b1=0,-1&W2=1,-1&b2=0&x=-5,5"), "function-neither"),
        (lab("W1=5,5&b1=0,-0.01&W2=100,-100&b2=0&x=-5,5"), "function-jump"),
        (lab("W1=1,1&b1=0,-2&W2=1,-1&b2=0&x=-5,5"), "function-ramp"),
        (lab("W1=1,-1&b1=1,-1&W2=1,-1&b2=0&x=-5,5"), "function-no-kink"),
        (lab("W1=1,1,1,1,1&b1=2,1,0,-1,-2&W2=1,-2,2,-2,2&b2=0&x=-5,5"), "function-all-kinks"),
        (largest, "function-regions"),
        (lab("W1=1,-1&b1=0,0&W2=1,1,-1,-1&b2=-1,3&W3=1,1&b3=0&x=-5,5"), "function-depth"),
        (lab("W1=1&b1=0&W2=1&b2=0&x=-5,5&activation=tanh"), "function-tanh"),
        (lab("W1=2,-2&b1=0,0&W2=1,-1&b2=0&x=-5,5&biases=off"), "function-linear"),
        (lab("W1=1,-2&b1=0,0&W2=1,1&b2=0&x=-5,5&biases=off"), "function-convex"),
    ] {
        assert!(solved(&lab, id), "{id}");
    }
    assert!(
        !solved(&lab("W1=1,1,1,1,1&b1=9,1,0,-1,-2&W2=1,-2,2,-2,2&b2=0&x=-5,5"), "function-all-kinks"),
        "one is not shown"
    );
    assert_eq!(solved_now(&NetworkLab::default(), None, [true, true])[12..], [true, true]);
}

#[test]
fn undo_and_redo_go_back_and_forth() {
    let mut history = History::new(1);
    assert!(!history.can_undo(&1) && !history.can_redo(&1));
    assert!(history.can_undo(&2), "what is not noted yet can be undone");
    assert_eq!(history.undo(&2), Some(1));
    assert_eq!(history.redo(&1), Some(2));
    history.note(&3);
    history.note(&3);
    assert_eq!((history.undo(&3), history.undo(&2), history.undo(&1)), (Some(2), Some(1), None));
    assert!(history.can_redo(&1) && !history.can_redo(&9));
    assert_eq!(history.redo(&1), Some(2));
    history.note(&7);
    assert_eq!(history.redo(&7), None, "a change forgets what was undone");
    assert_eq!(history.undo(&7), Some(2));
    for state in 100..1000 {
        history.note(&state);
    }
    let steps = std::iter::successors(Some(999), |now| history.undo(now)).count();
    assert_eq!(steps, History::<i32>::DEPTH + 1);
}

#[test]
fn no_random_network_has_more_pieces_than_the_one_built() {
    for budget in [5, 6, 8] {
        let mut counting = Counting::new(&DepthLab { budget });
        while !counting.advance() {}
        for row in &counting.rows {
            assert!(Some(row.random.most) <= row.construction, "{row:?}");
        }
    }
}

#[test]
fn depth_is_counted_and_never_above_the_bound() {
    for budget in BUDGETS {
        for hidden_layers in 1..=5 {
            assert_eq!(widths(budget, hidden_layers).iter().sum::<usize>(), budget);
        }
    }
    let mut counting = Counting::new(&DepthLab { budget: 9 });
    let mut steps = 0;
    while !counting.advance() {
        steps += 1;
    }
    assert!(steps > 500);
    assert_eq!(counting.progress(), (5 * (SAMPLES + 1), 5 * (SAMPLES + 1)));
    for row in &counting.rows {
        let construction = row.construction.unwrap();
        assert_eq!(construction == row.bound, row.is_attained, "{row:?}");
        assert!(construction <= row.bound && row.random.count == SAMPLES);
        assert!(row.random.most <= construction, "what is built is not outdone by chance: {row:?}");
        assert!(row.random.least as f64 <= row.random.mean && row.random.mean <= row.random.most as f64);
    }
    assert_eq!(counting.rows[0].bound, 10);
    assert_eq!(counting.rows[2].construction, Some(64));
    assert!(counting.rows[2].random.mean < 16.0, "random networks have far fewer");
    assert_eq!(counting.to_csv().lines().count(), 6);
    let mut statistics = Statistics::default();
    [2, 4, 4, 4, 5, 5, 7, 9].iter().for_each(|&value| statistics.add(value));
    assert_eq!((statistics.mean, statistics.least, statistics.most), (5.0, 2, 9));
    assert!((statistics.deviation() - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12);
}

#[test]
fn the_construction_goes_through_the_target_and_its_error_falls() {
    for target in Target::ALL {
        let mut lab = FitLab { target, ..FitLab::default() };
        if target == Target::Drawn {
            lab.target = Target::Sine;
            lab.draw(None, (0.0, 2.0));
            lab.draw(Some((0.0, 2.0)), (3.0, -1.0));
            assert_eq!(lab.target, Target::Drawn);
            assert_eq!(lab.drawn[65], 5, "between the drawn points, a line");
        }
        lab.width = 16;
        let net = lab.construction();
        assert_eq!(net.hidden_widths(), [16]);
        let curve = lab.curve();
        for (x, y) in lab.points(16) {
            assert_eq!(net.eval(&x), y);
            assert!((to_f64(&y) - curve(to_f64(&x))).abs() <= 0.5e-4 + 1e-9);
        }
        // The same error from the network itself.
        let pieces = Pieces::of(&net);
        let slow = lab.error(|x| {
            let x = Rational::from_float(x).unwrap();
            pieces.piece_at(&x).at(&x).to_f64().unwrap()
        });
        let quick = lab.construction_error(16);
        assert!((slow.largest - quick.largest).abs() < 1e-9 && (slow.rms - quick.rms).abs() < 1e-9);
        assert!(lab.construction_error(64).rms <= lab.construction_error(4).rms + 1e-4);
        if target == Target::Step {
            assert!(lab.construction_error(64).largest > 1.0, "a step is not uniformly approximated");
        } else if target != Target::Drawn {
            assert!(lab.construction_error(64).largest < 0.5);
        }
        assert_eq!(FitLab::decode(&lab.encode()), Ok(lab.clone()));
        assert_eq!(lab.construction_parameters().unwrap().hidden(), [16]);
        lab.width = 17;
        assert_eq!(lab.construction_parameters(), None);
    }
    for broken in
        ["target=moon&k=3&seed=1", "target=sin&k=65&seed=1", "target=sin&k=3", "target=drawn&k=3&seed=1&curve=1,2"]
    {
        assert!(FitLab::decode(broken).is_err(), "{broken}");
    }
}

#[test]
fn the_lab_restores_each_part_and_keeps_the_others() {
    let mut lab = FunctionLab::default();
    lab.network.set_hidden(&[4, 2]);
    let network = lab.encode();
    lab.part = Part::Fit;
    lab.fit.width = 12;
    let fit = lab.encode();
    lab.part = Part::Depth;
    lab.depth.budget = 9;
    let depth = lab.encode();
    let mut other = FunctionLab::default();
    for text in [&network, &fit, &depth] {
        other.restore(text).unwrap();
        assert_eq!(other.encode(), **text);
    }
    assert_eq!(other, lab);
    for broken in ["part=moon", "part=depth&neurons=7", "part=fit"] {
        assert!(other.restore(broken).is_err());
        assert_eq!(other, lab);
    }
}

#[test]
fn a_curve_is_learned() {
    let lab = FitLab { width: 16, ..FitLab::default() };
    let mut regression = Regression::new(lab.problem());
    assert!(regression.loss().is_nan());
    regression.advance();
    let before = regression.loss();
    while !regression.advance() {}
    assert!(regression.loss() < before / 50.0, "{} from {before}", regression.loss());
    let net = regression.net();
    assert!(lab.error(|x| net.at(x)).rms < 0.3);
    // The loss is that of the points.
    let problem = lab.problem();
    let squares: f64 = problem.xs.iter().zip(&problem.ys).map(|(&x, y)| (net.at(x) - y).powi(2)).sum();
    assert!((squares / problem.xs.len() as f64 - regression.loss()).abs() < 0.05 * regression.loss() + 1e-6);
}

#[test]
fn a_wrong_problem_is_refused() {
    let good = FitLab::default().problem();
    assert_eq!(good.check(), Ok(()));
    for bad in [
        FitProblem { width: 0, ..good.clone() },
        FitProblem { steps: 0, ..good.clone() },
        FitProblem { ys: vec![0.0], ..good.clone() },
        FitProblem { ys: vec![f64::NAN; good.xs.len()], ..good.clone() },
    ] {
        assert!(bad.check().is_err());
        let events = Session::new(Host::default()).handle(Command::Fit { id: 1, problem: bad }, &|| 0.0);
        assert!(matches!(&events[..], [Event::Refused { about: About::Fit, .. }]));
    }
}

#[test]
fn the_worker_learns_a_curve_and_listens_meanwhile() {
    let now = std::cell::Cell::new(0.0);
    let clock = || {
        now.set(now.get() + 1.0);
        now.get()
    };
    let mut session = Session::new(Host::default());
    let mut run = FitRun::default();
    let lab = FitLab { width: 4, ..FitLab::default() };
    let id = run.start(&lab);
    assert_eq!(session.handle(Command::Fit { id, problem: lab.problem() }, &clock), []);
    assert!(session.is_busy());
    let mut reports = 0;
    while session.is_busy() && reports < 3 {
        for event in session.tick(20.0, &clock) {
            reports += 1;
            assert!(!run.apply(&event));
        }
    }
    let step = run.progress.as_ref().unwrap().step;
    assert!(step > 0 && step < lab.problem().steps);
    for event in session.handle(Command::HoldFit { id, is_held: true }, &clock) {
        run.apply(&event);
    }
    assert!(!session.is_busy() && run.progress.as_ref().unwrap().is_held);
    assert!(
        matches!(&session.handle(Command::LoadSample { seed: 1 }, &clock)[0], Event::Refused { .. }),
        "it is not idle"
    );
    session.handle(Command::HoldFit { id, is_held: false }, &clock);
    let mut is_over = false;
    while session.is_busy() {
        for event in session.tick(20.0, &clock) {
            is_over |= run.apply(&event);
        }
    }
    assert!(is_over && !run.is_running);
    assert_eq!(run.results.len(), 1);
    assert_eq!(run.results[0].0, 4);
    // Another one, stopped.
    let id = run.start(&FitLab { width: 5, ..lab.clone() });
    session.handle(Command::Fit { id, problem: lab.problem() }, &clock);
    let events = session.handle(Command::StopFit { id }, &clock);
    assert!(events.iter().any(|event| run.apply(event)) && !session.is_busy());
    assert_eq!(run.results.len(), 2, "the same curve keeps its results");
    run.start(&FitLab { target: Target::Bump, ..lab });
    assert!(run.results.is_empty(), "another curve does not");
}
