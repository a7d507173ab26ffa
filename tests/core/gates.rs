use num_traits::Signed;
use piecewise::data::{Purpose, rng};
use piecewise::labs::code::{Exported, Language, code, equations};
use piecewise::labs::gates::boolean::BooleanLab;
use piecewise::labs::gates::challenges::{CHALLENGES, solved_now};
use piecewise::labs::gates::picture::{REACH, Shapes, far};
use piecewise::labs::gates::{Choice, GateLab, presets};
use piecewise::labs::history::History;
use piecewise::labs::parameters::Parameters;
use piecewise::labs::writing::Writing;
use piecewise::piecewise::boolean::{Encoding, Form, Formula, compile, wrong_rows};
use piecewise::piecewise::gate::{Prover, Spec, Verdict};
use piecewise::piecewise::{Layer, Net, Rational};
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn q(numerator: i64, denominator: i64) -> Rational {
    Rational::new(numerator.into(), denominator.into())
}

fn proof(net: &Net, spec: Spec) -> (Prover, Verdict) {
    let mut prover = Prover::new(net, spec).unwrap();
    assert_eq!(prover.verdict(net), None, "there is no verdict before the end");
    while !prover.advance(64) {}
    let verdict = prover.verdict(net).unwrap();
    // The faces, relatively open and convex, are a partition of the plane: Σ (−1)^dimension is its Euler
    // characteristic with compact support, 1.
    let [points, segments, cells] = prover.faces();
    assert_eq!(points + cells, segments + 1, "{:?}", prover.faces());
    if let Verdict::Refuted(counterexample) = &verdict {
        assert_eq!(net.eval_at(&counterexample.point), counterexample.found);
        assert_eq!(spec.has_point(&counterexample.point), counterexample.wanted);
        assert_ne!(counterexample.found.is_positive(), counterexample.wanted, "it is a counterexample");
    }
    (prover, verdict)
}

fn is_proved(net: &Net, spec: Spec) -> bool {
    proof(net, spec).1 == Verdict::Proved
}

#[test]
fn undo_takes_the_network_back_and_leaves_the_view() {
    let before = GateLab::default();
    let mut history = History::new(before.content());
    let mut lab = before.clone();
    lab.view = ((1.0, 2.0), 0.5);
    assert!(!history.can_undo(&lab.content()), "looking elsewhere is no step");
    lab.load(&presets()[0]);
    let content = history.undo(&lab.content()).unwrap();
    lab.set_content(content);
    assert_eq!((&lab.parameters, lab.choice), (&before.parameters, before.choice));
    assert_eq!(lab.view, ((1.0, 2.0), 0.5));
}

#[test]
fn the_homeworks_gates_are_proved() {
    for preset in presets() {
        let lab = {
            let mut lab = GateLab::default();
            lab.load(&preset);
            lab
        };
        let expected = ["or", "xor", "xor-small", "nand", "and"].contains(&preset.id);
        assert_eq!(is_proved(&lab.parameters.net(), lab.spec()), expected, "{}", preset.id);
    }
}

#[test]
fn an_or_that_is_off_by_a_billionth_is_refuted_at_a_point() {
    let nearly = presets().into_iter().find(|preset| preset.id == "or-nearly").unwrap();
    let (_, verdict) = proof(&nearly.parameters.net(), Spec::OR);
    let Verdict::Refuted(counterexample) = verdict else { panic!("{verdict:?}") };
    assert_eq!(counterexample.dimension, 0, "the smallest face that is wrong");
    assert!(counterexample.wanted && counterexample.found == q(0, 1));
    let largest = counterexample.point.iter().max().unwrap();
    assert_eq!(*largest, q(1, 1_000_000_000));
}

#[test]
fn degenerate_arrangements_are_cut_right() {
    let (all, none) = (Spec([[true; 3]; 3]), Spec([[false; 3]; 3]));
    let right = Spec([[false; 3], [false; 3], [true; 3]]);
    for (text, spec, expected) in [
        // Twice the same line, on an axis, and once from the other side.
        ("W1=1,0,2,0,-1,0,0,1&b1=0,0,0,0&W2=1,0,0,1&b2=0", Spec::OR, true),
        // A neuron of no weight at all, left out and not.
        ("W1=1,0,0,1,0,0&b1=0,0,5&W2=1,1,0&b2=0", Spec::OR, true),
        ("W1=1,0,0,1,0,0&b1=0,0,5&W2=1,1,1&b2=0", Spec::OR, false),
        // Parallel lines: relu(x1) - relu(x1 - 1) + relu(x2); then one that falls to 0 again at x1 = 2.
        ("W1=1,0,1,0,0,1&b1=0,-1,0&W2=1,-1,1&b2=0", Spec::OR, true),
        ("W1=1,0,1,0,0,1&b1=0,-1,0&W2=1,-2,1&b2=0", Spec::OR, false),
        // Constants.
        ("W1=0,0&b1=0&W2=1&b2=1", all, true),
        ("W1=0,0&b1=0&W2=1&b2=0", none, true),
        ("W1=0,0&b1=0&W2=1&b2=0", Spec::AND, false),
        // No hidden layer.
        ("W1=1,0&b1=0", right, true),
        ("W1=1,0.000000000001&b1=0", right, false),
    ] {
        let parameters = Parameters::decode(text, 2, 1..=4, 1..=8).unwrap();
        assert_eq!(is_proved(&parameters.net(), spec), expected, "{text}");
    }
}

fn random_net(rng: &mut Xoshiro256PlusPlus, widths: &[usize]) -> Net {
    let widths = [&[2], widths, &[1]].concat();
    let mut number =
        || if rng.random_bool(0.3) { q(0, 1) } else { q(rng.random_range(-3..=3), rng.random_range(1..=2)) };
    let mut layer = |pair: &[usize]| Layer {
        weights: (0..pair[1]).map(|_| (0..pair[0]).map(|_| number()).collect()).collect(),
        bias: (0..pair[1]).map(|_| number()).collect(),
    };
    Net::with_inputs(2, widths.windows(2).map(&mut layer).collect()).unwrap()
}

/// The spec whose classes are judged by sample points of each class.
fn sampled_spec(net: &Net, samples: &[[Rational; 2]]) -> Option<Spec> {
    let mut seen = [[None; 3]; 3];
    for point in samples {
        let index = |value: &Rational| (value.signum().to_integer() + 1_i32).try_into().unwrap_or(1_usize);
        let slot: &mut Option<bool> = &mut seen[index(&point[0])][index(&point[1])];
        let positive = net.eval_at(point).is_positive();
        if slot.replace(positive).is_some_and(|before| before != positive) {
            return None;
        }
    }
    Some(Spec(seen.map(|row| row.map(|cell| cell == Some(true)))))
}

fn grid(steps: i64, divisor: i64) -> Vec<[Rational; 2]> {
    (-steps..=steps).flat_map(|x| (-steps..=steps).map(move |y| [q(x, divisor), q(y, divisor)])).collect()
}

#[test]
fn no_sample_contradicts_a_proof_and_every_refutation_holds() {
    let mut rng = rng(17, Purpose::Init, 0);
    let samples = grid(6, 2);
    let (mut proofs, mut refutations) = (0, 0);
    for round in 0..3000 {
        let widths: &[usize] = [&[1][..], &[2], &[3], &[2, 2], &[3, 2]][round % 5];
        let net = random_net(&mut rng, widths);
        // Half the time a specification that the samples agree with, so that proofs happen.
        let spec = match sampled_spec(&net, &samples) {
            Some(spec) => spec,
            None => [Spec::OR, Spec::XOR, Spec::NAND, Spec::AND][round % 4],
        };
        let proved = is_proved(&net, spec);
        let contradicted = samples.iter().any(|point| net.eval_at(point).is_positive() != spec.has_point(point));
        assert!(!(proved && contradicted), "a sample contradicts the proof of {net:?}");
        if proved {
            proofs += 1;
            assert_eq!(spec.not_open(), None, "what is proved is an open set");
        } else {
            refutations += 1;
        }
    }
    assert!(proofs > 600 && refutations > 600, "{proofs} proofs, {refutations} refutations");
}

#[test]
fn positive_multiples_of_gates_are_gates_and_near_misses_are_not() {
    let mut rng = rng(18, Purpose::Init, 0);
    for _ in 0..200 {
        let mut scale = || rng.random_range(1..50);
        let (a, b, c) = (scale(), scale(), scale());
        let or = |bias: Rational| {
            let rows = |rows: &[[i64; 2]]| rows.iter().map(|row| row.map(|w| q(w, 1)).to_vec()).collect();
            let first = Layer { weights: rows(&[[a, 0], [0, b]]), bias: vec![q(0, 1), q(0, 1)] };
            Net::with_inputs(2, vec![first, Layer { weights: rows(&[[c, c + 1]]), bias: vec![bias] }]).unwrap()
        };
        assert!(is_proved(&or(q(0, 1)), Spec::OR));
        assert!(!is_proved(&or(q(1, 1 << 40)), Spec::OR), "positive at the origin");
        assert!(!is_proved(&or(q(-1, 1 << 40)), Spec::OR), "0 near the origin");
    }
}

#[test]
fn sets_that_are_not_open_are_named() {
    for spec in [Spec::OR, Spec::XOR, Spec::NAND, Spec::AND, Spec::NOR, Spec::XNOR] {
        assert_eq!(spec.not_open(), None);
    }
    let reason = Spec::NAND_CLOSED.not_open().unwrap();
    assert!(Spec::NAND_CLOSED.has(reason.inside) && !Spec::NAND_CLOSED.has(reason.outside));
    assert_eq!(reason.outside, [1, 1]);
    // All 512 specifications: open if and only if each class holds all that touch it.
    let mut open = 0;
    for bits in 0..512_usize {
        let mut spec = Spec([[false; 3]; 3]);
        for (index, cell) in spec.0.as_flattened_mut().iter_mut().enumerate() {
            *cell = bits >> index & 1 == 1;
        }
        open += usize::from(spec.not_open().is_none());
    }
    // Quadrants are free (16); a half-axis needs its two, the origin all: counted by hand over the quadrants chosen.
    let by_hand: usize = (0..16_usize)
        .map(|quadrants| {
            let axes = (0..4).filter(|&i| quadrants >> i & 1 == 1 && quadrants >> ((i + 1) % 4) & 1 == 1).count();
            (1 << axes) + usize::from(axes == 4)
        })
        .sum();
    assert_eq!(open, by_hand);
}

#[test]
fn a_wide_and_deep_gate_is_decided() {
    let mut rng = rng(19, Purpose::Init, 0);
    let net = random_net(&mut rng, &[8, 8]);
    let (prover, verdict) = proof(&net, Spec::XOR);
    assert!(matches!(verdict, Verdict::Refuted(_)));
    assert!(prover.faces().iter().sum::<usize>() > 100);
}

#[test]
fn the_picture_covers_the_view_and_its_surroundings_once() {
    for preset in presets() {
        for shading in [false, true] {
            let mut lab = GateLab::default();
            lab.load(&preset);
            let (prover, _) = proof(&lab.parameters.net(), lab.spec());
            let view = ((0.25, -0.5), 2.0);
            let picture = Shapes::new(&prover, far(view)).picture(view, shading);
            let area = |outline: &Vec<(f64, f64)>| {
                let next = outline.iter().cycle().skip(1);
                (outline.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>() / 2.0).abs()
            };
            let total: f64 = picture.patches.iter().map(|patch| area(&patch.outline)).sum();
            let side = 2.0 * 2.0 * REACH;
            assert!((total - side * side).abs() < 1e-6, "{}: {total}", preset.id);
            assert!(picture.patches.iter().all(|patch| (0.0..=1.0).contains(&patch.strength)));
            assert!(picture.segments.iter().any(|segment| segment.layer == 1));
        }
    }
}

#[test]
fn the_plane_moves_with_the_pointer_and_zooms_at_it() {
    let mut lab = GateLab::default();
    let ((x, y), half) = lab.view;
    lab.pan(-0.75, 0.5);
    assert_eq!(lab.view, ((x - 0.75, y + 0.5), half));
    // What is a quarter of the way across stays there, and goes back exactly as it came.
    let at = (lab.view.0.0 - half / 2.0, lab.view.0.1 + half / 4.0);
    for factor in [0.5, 0.25, 8.0] {
        lab.zoom(at, factor);
        let ((x, y), half) = lab.view;
        assert_eq!(((at.0 - x) / half, (at.1 - y) / half), (-0.5, 0.25));
    }
    // Nothing is overrun, however long one turns the wheel.
    for _ in 0..1000 {
        lab.zoom(at, 0.5);
    }
    let ((x, _), half) = lab.view;
    assert!(half > 0.0 && (x - at.0).abs() <= half);
}

#[test]
fn a_gate_link_restores_the_lab() {
    for preset in presets() {
        let mut lab = GateLab::default();
        lab.load(&preset);
        assert_eq!(GateLab::decode(&lab.encode()), Ok(lab));
    }
    for (layers, width) in [(2, 1), (4, 8), (3, 5), (9, 99)] {
        let mut lab = GateLab::default();
        lab.set_shape(layers, width);
        lab.choice = Choice::Custom;
        assert_eq!(lab.parameters.hidden(), vec![width.min(8); layers.min(4) - 1]);
        assert_eq!(GateLab::decode(&lab.encode()), Ok(lab));
    }
    for broken in
        ["gate=or", "gate=what&table=000000000", "gate=or&table=01", "gate=or&table=000000000&W1=1&b1=0&W2=1&b2=0"]
    {
        assert!(GateLab::decode(broken).is_err(), "{broken}");
    }
}

#[test]
fn a_changed_shape_keeps_what_stays_in_place() {
    let mut parameters = Parameters::of(2, &[(&[&[1, 2], &[3, 4]], &[5, 6]), (&[&[7, 8]], &[9])]);
    parameters.resize(&[3, 3], |_| 0.into());
    assert_eq!(parameters.encode(), "W1=1,2,3,4,0,0&b1=5,6,0&W2=0,0,0,0,0,0,0,0,0&b2=0,0,0&W3=7,8,0&b3=9");
    parameters.resize(&[2], |_| 0.into());
    assert_eq!(parameters.encode(), "W1=1,2,3,4&b1=5,6&W2=7,8&b2=9");
}

#[test]
fn gate_challenges_ask_for_a_proof_of_ones_own() {
    let preset = |id: &str| presets().into_iter().find(|preset| preset.id == id).unwrap();
    for (index, id, change) in [
        (0, "or", "W1=2,0,0,1&b1=0,0&W2=1,3&b2=0"),
        (1, "xor", "W1=1,0,-1,0,0,1,0,-1&b1=0,0,0,0&W2=0,1,0,0,0,1,-1,0,1,0,0,0,1,0,0,-1&b2=0,0,0,0&W3=2,-2,1,-1&b3=0"),
        (2, "xor-small", "W1=-1,0,0,-1,-1,-1&b1=0,0,0&W2=1,1,-1&b2=0"),
        (3, "nand", "W1=-2,0,0,-1&b1=0,0&W2=1,1&b2=0"),
        (4, "and", "W1=1,0,0,1&b1=0,0&W2=0,1,-1,1&b2=0,0&W3=1,-1&b3=0"),
    ] {
        let mut lab = GateLab::default();
        lab.load(&preset(id));
        assert!(!solved_now(&lab, true)[index], "the preset itself does not count");
        lab.parameters = Parameters::decode(change, 2, 2..=4, 1..=8).unwrap();
        assert!(is_proved(&lab.parameters.net(), lab.spec()), "{id}");
        assert!(solved_now(&lab, true)[index] && !solved_now(&lab, false)[index], "{id}");
    }
    assert_eq!(CHALLENGES.len(), 5);
}

// Boolean functions.

fn table_of(text: &str) -> (Vec<String>, Vec<bool>) {
    let formula = Formula::parse(text).unwrap();
    (formula.variables.clone(), formula.table())
}

#[test]
fn expressions_mean_what_they_say() {
    let rows = |text: &str| table_of(text).1.iter().map(|&value| if value { '1' } else { '0' }).collect::<String>();
    for (text, table) in [
        ("a and b", "0001"),
        ("a & b", "0001"),
        ("a && b", "0001"),
        ("a ∧ b", "0001"),
        ("a or b", "0111"),
        ("a | b", "0111"),
        ("a + b", "0111"),
        ("a xor b", "0110"),
        ("a ^ b", "0110"),
        ("a ⊕ b", "0110"),
        ("a nand b", "1110"),
        ("a nor b", "1000"),
        ("a implies b", "1101"),
        ("a -> b", "1101"),
        ("a → b", "1101"),
        ("a iff b", "1001"),
        ("a <-> b", "1001"),
        ("a == b", "1001"),
        ("not a", "10"),
        ("!a", "10"),
        ("¬¬a", "01"),
        ("1", "1"),
        ("false", "0"),
        ("a or true", "11"),
        // How tightly they bind, and to which side.
        ("a or b and c", "00011111"),
        ("not a and b", "0100"),
        ("not (a and b)", "1110"),
        ("a implies b implies c", "11111101"),
        ("a xor b or a", "0111"),
        ("A_1 AND not x2", "0010"),
    ] {
        assert_eq!(rows(text), table, "{text}");
    }
    assert_eq!(table_of("b and a or c").0, ["b", "a", "c"], "in the order in which they stand");
}

#[test]
fn errors_in_an_expression_are_pointed_at() {
    for (text, at, part) in [
        ("", 0, "Type an expression"),
        ("a and", 5, "missing at the end"),
        ("and b", 0, "missing before this operator"),
        ("a b", 2, "An operator is missing"),
        ("(a or b", 0, "never closed"),
        ("a or b)", 6, "closes nothing"),
        ("a or ()", 6, "missing before this “)”"),
        ("a # b", 2, "“#” means nothing here"),
        ("a and 2", 6, "“2” isn’t a variable"),
        ("a b c d e f g", 2, "An operator is missing"),
        ("a+b+c+d+e+f+g", 12, "“g” is variable number 7"),
        ("ä ∧ ∧ b", 4, "missing before this operator"),
    ] {
        let error = Formula::parse(text).unwrap_err();
        assert_eq!((error.at, error.message.contains(part)), (at, true), "{text}: {error:?}");
    }
    let deep = "(".repeat(5000);
    assert!(Formula::parse(&deep).is_err());
    assert!(Formula::parse(&"!".repeat(100_000)).is_err());
}

#[test]
fn all_functions_of_two_variables_are_compiled_right() {
    for bits in 0..16_usize {
        let table: Vec<bool> = (0..4).map(|row| bits >> row & 1 == 1).collect();
        let formula = Formula::of_table(vec!["a".into(), "b".into()], &table);
        assert_eq!(formula.table(), table);
        check_compiled(&formula);
    }
}

fn check_compiled(formula: &Formula) {
    let table = formula.table();
    for form in [Form::Compact, Form::Nand] {
        for encoding in [Encoding::Bits, Encoding::Signs] {
            let net = compile(formula, form, encoding);
            assert_eq!(wrong_rows(&net, &table, encoding), [0_usize; 0], "{formula:?} {form:?} {encoding:?}");
            let turned: Vec<bool> = table.iter().map(|value| !value).collect();
            assert_eq!(wrong_rows(&net, &turned, encoding).len(), table.len(), "the check can fail");
            if form == Form::Compact {
                assert!(net.hidden_widths().len() == 1 && net.hidden_widths()[0] <= table.len() / 2, "{formula:?}");
            }
        }
    }
}

#[test]
fn random_functions_of_three_to_six_variables_are_compiled_right() {
    let mut rng = rng(20, Purpose::Init, 0);
    for variables in [3, 3, 4, 4, 5, 6] {
        let names = (0..variables).map(|index| format!("x{index}")).collect();
        let table: Vec<bool> = (0..1 << variables).map(|_| rng.random_bool(0.5)).collect();
        check_compiled(&Formula::of_table(names, &table));
    }
    for text in [
        "a xor b xor c xor d xor e xor f",
        "(a implies b) and (b implies c) nand not d",
        "a",
        "not a",
        "1",
        "0",
        "a and not a",
    ] {
        check_compiled(&Formula::parse(text).unwrap());
    }
    let parity = compile(&Formula::parse("a xor b xor c xor d").unwrap(), Form::Compact, Encoding::Bits);
    assert_eq!(parity.hidden_widths(), [4], "a bend for each number of true inputs");
}

#[test]
fn the_boolean_lab_follows_text_and_table() {
    let mut lab = BooleanLab::default();
    assert!(lab.compiled().unwrap().wrong.is_empty());
    lab.set_text("a nand b".into());
    lab.flip(0);
    assert!(lab.is_edited());
    let compiled = lab.compiled().unwrap();
    assert_eq!(compiled.table, [false, true, true, false]);
    let values = compiled.values_at(1, lab.encoding);
    assert_eq!(values[0], [q(0, 1), q(1, 1)]);
    assert!(values[values.len() - 1][0].is_positive());
    assert_eq!(values.len(), compiled.net.layers().len() + 1);
    lab.flip(99);
    lab.set_text("a and".into());
    assert_eq!(lab.compiled().unwrap_err().at, 5);
    lab.flip(0);
    assert!(!lab.is_edited(), "there is no table to edit");
}

#[test]
fn an_and_of_two_layers_and_three_neurons_is_proved() {
    // The lab's hint says that two layers will do.
    let text = "gate=and&table=000000000&W1=0,1,0,-1,-1,1&b1=0,0,0&W2=1,-1,-1&b2=0";
    let lab = GateLab::decode(text).unwrap();
    assert!(is_proved(&lab.parameters.net(), lab.spec()) && solved_now(&lab, true)[4]);
    let and = CHALLENGES.iter().find(|challenge| challenge.id == "gate-and").unwrap();
    assert!(and.hint.contains("Two layers of width 3 are enough") && and.solution.contains("with two layers"));
}

#[test]
fn a_gate_is_also_read_on_bits() {
    let says = |text: &str| GateLab::decode(text).unwrap().bits_sentence(Writing::Short);
    // The textbook's XOR, which is refuted by signs at (1, 0).
    let book = "gate=xor&table=000000000&W1=1,1,1,1&b1=0,-1&W2=1,-2&b2=0";
    let lab = GateLab::decode(book).unwrap();
    assert!(!is_proved(&lab.parameters.net(), lab.spec()));
    let rows = lab.on_bits().unwrap();
    assert!(rows.len() == 4 && rows.iter().all(|row| row.is_right));
    assert!(says(book).unwrap().contains("it is XOR: all 4 rows"));
    // relu(x₁) + relu(x₂) is XOR on three rows; f = 2 at (1, 1).
    let or = says(&book.replace("W1=1,1,1,1", "W1=1,0,0,1").replace("b1=0,-1", "b1=0,0").replace("W2=1,-2", "W2=1,1"));
    assert!(or.as_ref().unwrap().contains("not XOR: 3 of 4 rows right; f(1, 1) = 2"), "{or:?}");
    assert_eq!(says(&book.replace("gate=xor", "gate=custom")), None);
    for (choice, table) in [
        (Choice::Or, [false, true, true, true]),
        (Choice::Xor, [false, true, true, false]),
        (Choice::Nand, [true, true, true, false]),
        (Choice::And, [false, false, false, true]),
        (Choice::Nor, [true, false, false, false]),
        (Choice::Xnor, [true, false, false, true]),
    ] {
        let rows = GateLab { choice, ..GateLab::default() }.on_bits().unwrap();
        for (row, wanted) in rows.iter().zip(table) {
            assert_eq!(row.is_right, row.f.is_positive() == wanted, "{choice:?} {row:?}");
        }
    }
}

#[test]
fn expressions_are_read_in_every_usual_notation_and_shown_with_brackets() {
    let read = |text: &str| Formula::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    for (text, reading) in [
        ("a nand b nand c", "(a nand b) nand c"),
        ("a * b + c", "(a and b) or c"),
        ("a' * b", "not a and b"),
        ("(a + b)'", "not (a or b)"),
        ("a''", "not not a"),
        ("a’ ^ b′", "not a xor not b"),
        ("Xor(a, b)", "a xor b"),
        ("or(a, b, and(c, not d))", "(a or b) or (c and not d)"),
        ("NAND(a, b)'", "not (a nand b)"),
        ("not(a) -> b -> c", "not a implies (b implies c)"),
        ("a and b", "a and b"),
    ] {
        assert_eq!(read(text).reading, reading, "{text}");
        // What is shown is the same function.
        assert_eq!(read(text).table(), read(reading).table(), "{text}");
    }
    assert_eq!(read("Xor(a, b)").table(), [false, true, true, false]);
    assert_eq!(read("xor(a, b, c)").table(), read("a xor b xor c").table());
    for (text, at, part) in [
        ("nand(a, b, c)", 0, "nand takes exactly two inputs here. Write nand(a, b)"),
        ("xor(a)", 0, "xor needs at least two inputs"),
        ("a, b", 1, "A comma only parts the inputs of a function"),
        ("and(a, )", 7, "Something is missing before this “)”"),
        ("' a", 0, "Write a', or not a"),
        ("xor(a, b", 3, "never closed"),
        ("a $ b", 2, "means nothing here"),
    ] {
        let error = Formula::parse(text).unwrap_err();
        assert!(error.at == at && error.message.contains(part), "{text}: {error:?}");
    }
    assert!(Formula::parse(&format!("a{}", "'".repeat(10_000))).unwrap_err().message.contains("nested"));
    let mut lab = BooleanLab::default();
    lab.set_text("a xor b".into());
    lab.flip(0);
    let formula = lab.compiled().unwrap().formula;
    assert_eq!(formula.reading, "((not a and not b) or (not a and b)) or (a and not b)");
    assert_eq!(read(&formula.reading).table(), formula.table());
}

#[test]
fn weights_are_written_as_code() {
    let lab = presets().into_iter().find(|preset| preset.id == "and").unwrap();
    let net = lab.parameters.net();
    let exported = Exported::of(&lab.parameters);
    let json: serde_json::Value = serde_json::from_str(&code(&exported, Language::Json)).unwrap();
    assert_eq!(json["layers"][1]["weight"], serde_json::json!([[1.0, 0.0], [1.0, -1.0]]));
    assert_eq!(json["layers"][2]["bias"], serde_json::json!([0.0]));
    let numpy = code(&exported, Language::NumPy);
    assert!(numpy.contains("W2 = np.array([[1.0, 0.0], [1.0, -1.0]])") && numpy.contains("def f(x1, x2):"), "{numpy}");
    let torch = code(&exported, Language::PyTorch);
    assert_eq!(torch.matches("torch.nn.Linear(2, ").count(), 3);
    let latex = code(&exported, Language::Latex);
    assert!(latex.contains("W_{2} &= \\begin{pmatrix} 1 & 0 \\\\ 1 & -1 \\end{pmatrix}"), "{latex}");
    let nand = compile(&Formula::parse("a nand b").unwrap(), Form::Nand, Encoding::Bits);
    assert_eq!(equations(&nand, &["a".into(), "b".into()]), ["h1 = ReLU(a + b − 1)", "f = −h1 + 0.5"]);
    let lines = equations(&net, &["x1".into(), "x2".into()]);
    assert_eq!(lines, ["h1 = ReLU(x1)", "h2 = ReLU(x2)", "h3 = ReLU(h1)", "h4 = ReLU(h1 − h2)", "f = h3 − h4"]);
    let halves = compile(&Formula::parse("a").unwrap(), Form::Compact, Encoding::Signs);
    assert!(code(&Exported::new(&halves, vec!["a".into()]), Language::Latex).contains("0.5"));
    let named = compile(&Formula::parse("f xor h1").unwrap(), Form::Compact, Encoding::Bits);
    let lines = equations(&named, &["f".into(), "h1".into()]);
    assert_eq!(lines, ["n1 = ReLU(f − h1)", "n2 = ReLU(−f + h1)", "y = n1 + n2 − 0.5"], "inputs keep their names");
}
