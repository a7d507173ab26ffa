use piecewise::data::{Purpose, rng};
use piecewise::labs::function::network::random;
use piecewise::labs::numbers::{exact, fraction};
use piecewise::labs::parameters::{LinkError, Parameters, Place};
use piecewise::labs::path::challenges::{CHALLENGES, solved_now};
use piecewise::labs::path::plane::{Plane, SIDE, Sampler};
use piecewise::labs::path::presets::presets;
use piecewise::labs::path::search::PathSearch;
use piecewise::labs::path::{Deciding, End, MAX_DATA, PathLab, Quantity};
use piecewise::labs::writing::Writing;
use piecewise::piecewise::{Algebraic, Decimal, Polynomial, Rational, Verdict, to_f64};
use rand::RngExt;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn preset(id: &str) -> PathLab {
    presets().into_iter().find(|preset| preset.id == id).unwrap().lab
}

fn of(from: &[(&[&[i32]], &[i32])], to: &[(&[&[i32]], &[i32])]) -> PathLab {
    PathLab::of(Parameters::of(1, from), Parameters::of(1, to))
}

fn q(numerator: i64, denominator: i64) -> Rational {
    Rational::new(numerator.into(), denominator.into())
}

/// f or the loss at t, by the forward pass alone.
fn directly(lab: &PathLab, t: &Rational) -> Rational {
    let (from, to) = (lab.end(End::From), lab.arrival());
    let mut layers = from.net().layers().to_vec();
    for (layer, end) in layers.iter_mut().zip(to.net().layers()) {
        let numbers = layer.weights.iter_mut().flatten().chain(&mut layer.bias);
        for (value, end) in numbers.zip(end.weights.iter().flatten().chain(&end.bias)) {
            *value = &*value + (end - &*value) * t;
        }
    }
    let net = piecewise::piecewise::Net::new(layers).unwrap();
    match lab.quantity {
        Quantity::Output => net.eval(&lab.x.to_rational()),
        Quantity::Loss => {
            let square = |(x, y): &(Decimal, Decimal)| {
                let difference = net.eval(&x.to_rational()) - y.to_rational();
                &difference * &difference
            };
            lab.data().iter().map(square).sum::<Rational>() / q(lab.data().len() as i64, 1)
        }
    }
}

#[test]
fn presets_show_what_they_promise() {
    for (id, verdict, degree, breaks) in [
        ("homework", Verdict::Neither, 1, 2),
        ("last-layer", Verdict::Linear, 1, 0),
        ("both-layers", Verdict::Convex, 2, 1),
        ("irrational", Verdict::Convex, 2, 1),
        ("convex", Verdict::Convex, 1, 1),
        ("loss", Verdict::Neither, 2, 5),
    ] {
        let answers = preset(id).answers();
        assert_eq!((answers.shape.verdict, answers.degree()), (verdict, degree), "{id}");
        assert_eq!(answers.pieces.breaks().len(), breaks, "{id}");
    }
    assert_eq!(preset("deep").answers().degree(), 3);
    let irrational = preset("irrational").answers();
    let t = &irrational.pieces.breaks()[0].t;
    assert_eq!(t.rational(), None);
    assert!((t.to_f64() - (2.0 + 2.0_f64.sqrt()) / 4.0).abs() < 1e-12);
    assert_eq!(PathLab::default(), preset("homework"));
}

#[test]
fn answers_are_those_of_the_forward_pass() {
    for seed in 0..12 {
        let hidden = [&[2][..], &[3, 2], &[4, 4], &[2, 2, 2]][seed as usize % 4];
        let mut lab = PathLab::of(random(hidden, seed), random(hidden, 100 + seed));
        lab.x = Decimal::new(7, 1).unwrap();
        // Some stay.
        let still: Vec<Place> = lab.end(End::From).places().into_iter().step_by(3).collect();
        lab.set_moves(&still, false);
        if seed % 2 == 1 {
            lab.quantity = Quantity::Loss;
            lab.set_data("-1 0.5, 2 1").unwrap();
        }
        let answers = lab.answers();
        for step in -6..12 {
            let t = q(step, 5);
            assert_eq!(answers.pieces.at(&t), directly(&lab, &t), "seed {seed}, t = {t}");
        }
        for (shape, limits) in [(&answers.shape, true), (&answers.line, false)] {
            for (chord, above) in [(&shape.not_convex, true), (&shape.not_concave, false)] {
                let Some(chord) = chord else { continue };
                let [a, b, c] = &chord.x;
                assert!(a < b && b < c && (!limits || (*a >= q(0, 1) && *c <= q(1, 1))));
                let values = chord.x.each_ref().map(|t| directly(&lab, t));
                assert_eq!(values, chord.f);
                let at = &values[0] + (&values[2] - &values[0]) * ((b - a) / (c - a));
                assert_eq!((&at, values[1] > at, values[1] < at), (&chord.chord, above, !above));
            }
        }
    }
}

#[test]
fn a_witness_never_shows_the_same_number_on_both_sides() {
    let close = "W1=-0.9,0.9,-1.1&b1=0.8,0,2&W2=-0.5,1.5,-0.3&b2=1&to.W1=-2.2,-2.2,-2.2&to.b1=2.7,-2,1.4\
                 &to.W2=1.8,0.7,-2&to.b2=-1.9&x=-0.3&still=W1-0-0,W2-0-1,W2-0-2,b2-0\
                 &loss=1.3,-2.6,-2.7,1.5,2.8,-2.9,-2.7,-2.4&plane=1";
    let answers = PathLab::decode(close).unwrap().answers();
    let chord = answers.shape.not_convex.as_ref().unwrap();
    assert_eq!(exact(&chord.f[1]), exact(&chord.chord), "six digits do not tell them apart");
    let short = answers.witnesses(Quantity::Loss, Writing::Short);
    assert!(short[0].starts_with("Not convex: at t = ") && short[0].contains(", above the chord"), "{short:?}");
    assert!(short[0].contains(" by ≈ ") && !short[0].contains("which is"), "{short:?}");
    let full = answers.witnesses(Quantity::Loss, Writing::Full);
    assert!(full.iter().all(|line| !line.contains('≈')), "{full:?}");
    for value in [&chord.f[1], &chord.chord] {
        assert!(full[0].contains(&fraction(value).replace('-', "−")), "{full:?}");
    }
    let homework = preset("homework").answers().witnesses(Quantity::Output, Writing::Short);
    let line = "Not concave: at t = 1/3, the output is 0, below the chord from t = 0 to t = 2/3, which is 0.5 there.";
    assert_eq!(homework[1], line);
}

#[test]
fn an_irrational_break_is_given_by_polynomial_and_interval() {
    let answers = preset("irrational").answers();
    let lines = answers.irrational_breaks(9, Writing::Short);
    // Of t = (2 ± √2)/4 only the greater one bends.
    assert_eq!(lines, ["t ≈ 0.853553 is the root of 8t² − 8t + 1 between 0.853 and 0.854"]);
    let csv = answers.to_csv();
    let mut rows = csv.lines();
    assert_eq!(rows.next().unwrap().split(',').count(), 8);
    assert_eq!(rows.next(), Some(",0.8535533905932737,0,0,,,1 -8 8,853/1000 427/500"), "{csv}");
    assert_eq!(rows.next().unwrap().split(',').nth(4), Some("1 -8 8"), "{csv}");
    assert_eq!(rows.next(), None);
}

#[test]
fn decimal_bounds_hold_one_root_only() {
    // Two roots closer together than a thousandth: (t² − 2)·((t − 10⁻⁴)² − 2), near 1.4142.
    let square = |shift: Rational| Polynomial::new(&[&shift * &shift - q(2, 1), -shift * q(2, 1), q(1, 1)]);
    let both = &square(q(0, 1)) * &square(q(1, 10_000));
    let roots = Algebraic::roots_of(&both, Some(&q(0, 1).into()), None);
    assert_eq!(roots.len(), 2);
    for root in &roots {
        let [low, high] = root.decimal_bounds().unwrap();
        assert!(Algebraic::from(low.clone()) < *root && *root < Algebraic::from(high.clone()));
        let inside = Algebraic::roots_of(&root.polynomial(), Some(&low.into()), Some(&high.into()));
        assert_eq!(inside, std::slice::from_ref(root));
    }
    assert_eq!(Algebraic::from(q(1, 3)).decimal_bounds(), None);
}

#[test]
fn long_polynomials_are_written_out_on_request() {
    let lab = PathLab::decode(&{
        let mut lab = PathLab::default();
        lab.set_hidden(&[4, 4]);
        lab.randomise(End::From, 1);
        lab.randomise(End::To, 2);
        lab.encode()
    })
    .unwrap();
    let answers = lab.answers();
    let longest = answers.pieces.pieces().iter().map(|piece| &piece.polynomial).max_by_key(|p| p.to_string().len());
    let longest = longest.unwrap();
    assert!(Writing::Short.polynomial(longest).ends_with("·t³ + …"), "{longest}");
    assert_eq!(Writing::Full.polynomial(longest), longest.to_string());
}

#[test]
fn a_path_is_decided_in_steps() {
    let mut lab = preset("deep");
    let mut deciding = Deciding::new(&lab);
    let steps = (1..10_000).find(|_| deciding.advance()).unwrap();
    assert!(steps > 5);
    assert_eq!(deciding.finish(), lab.answers());
    lab.quantity = Quantity::Loss;
    assert_ne!(lab.answers().pieces, preset("deep").answers().pieces);
}

#[test]
fn links_restore_paths_and_broken_ones_are_refused() {
    for preset in presets() {
        assert_eq!(PathLab::decode(&preset.lab.encode()), Ok(preset.lab.clone()), "{}", preset.id);
    }
    let mut lab = PathLab::of(random(&[3, 2], 1), random(&[3, 2], 2));
    let some = lab.end(End::From).places();
    lab.set_moves(&some[2..5], false);
    lab.beyond = true;
    lab.plane = Plane::Sliders(lab.end(End::From).places()[1], lab.end(End::From).places()[7]);
    assert_eq!(PathLab::decode(&lab.encode()), Ok(lab.clone()));
    let good = PathLab::default().encode();
    for (from, to, part) in [
        ("to.W1=2,2", "to.W1=2", "W1"),
        ("to.b2=0&", "", "b2"),
        ("&x=1", "", "x"),
        ("plane=1", "plane=W1-0-0,W9-0-0", "plane"),
        ("plane=1", "plane=W1-0-0,W1-0-0", "plane"),
        ("plane=1", "still=W1-5-0", "still"),
        ("plane=1", "still=Q1-5-0", "Q1-5-0"),
        ("plane=1", "loss=1,2,3", "loss"),
    ] {
        let broken = good.replace(from, to);
        assert_ne!(broken, good, "{from}");
        assert_eq!(PathLab::decode(&broken), Err(LinkError::Shape(part.into())), "{to}");
    }
    let mut rng = rng(6, Purpose::Draw, 0);
    for _ in 0..1000 {
        let mut bytes = good.as_bytes().to_vec();
        let at = rng.random_range(0..bytes.len());
        bytes[at] = b"0-=&,xW1e.tob"[rng.random_range(0..13)];
        drop(PathLab::decode(std::str::from_utf8(&bytes).unwrap()));
    }
}

#[test]
fn places_read_back_what_they_write() {
    for place in random(&[3, 2], 1).places() {
        assert_eq!(place.to_string().parse(), Ok(place));
    }
    for text in ["", "W", "b0-0", "W0-0-0", "W1-0", "b1-0-0", "W1-0-0-0", "W1-x-0", "×1-0-0"] {
        assert!(text.parse::<Place>().is_err(), "{text}");
    }
}

#[test]
fn wrong_data_are_explained_and_change_nothing() {
    let mut lab = PathLab::default();
    let before = lab.clone();
    for (text, part) in [
        ("", "at least one point"),
        ("1", "Point 1, “1”, is not two numbers"),
        ("1 2, 3 4 5", "Point 2"),
        ("1 2, x 4", "Point 2: “x” is not a number"),
        (&"1 2,".repeat(MAX_DATA + 1), "13 points; at most 12"),
    ] {
        assert!(lab.set_data(text).unwrap_err().contains(part), "{text}");
        assert_eq!(lab, before);
    }
    lab.set_data(" -2 1 ; 0.5 -1\n3 3 ").unwrap();
    assert_eq!(lab.data_text(), "-2 1, 0.5 -1, 3 3");
}

#[test]
fn ends_and_what_moves_can_be_changed() {
    let mut lab = PathLab::default();
    let w = Place { layer: 0, row: 0, column: Some(0) };
    lab.set_moves(&[w], false);
    assert_eq!(lab.arrival().get(w), Some(Decimal::from(-1)));
    assert!(!lab.moves(w) && lab.moving_layers().len() == 1);
    lab.swap();
    assert_eq!((lab.end(End::From).get(w), lab.arrival().get(w)), (Some(Decimal::from(-1)), Some(Decimal::from(-1))));
    lab.set_hidden(&[3, 2]);
    assert_eq!((lab.end(End::From).hidden(), lab.end(End::To).hidden()), (vec![3, 2], vec![3, 2]));
    lab.set_end(End::To, random(&[4], 1));
    assert_eq!(lab.end(End::From), lab.end(End::To), "another shape is for both ends");
    lab.randomise(End::To, 5);
    assert_eq!(lab.end(End::To), &random(&[4], 5));
    assert_ne!(lab.end(End::From), lab.end(End::To));
}

#[test]
fn the_search_finds_a_path_that_is_neither() {
    for hidden in [&[2][..], &[1], &[4, 4]] {
        let mut lab = PathLab::of(Parameters::zeros(1, hidden), Parameters::zeros(1, hidden));
        lab.x = Decimal::from(2);
        let mut search = PathSearch::new(&lab, 1);
        assert!((0..200_000).any(|_| search.advance()), "{hidden:?}");
        assert_eq!(search.shapes.iter().sum::<u64>(), search.tried);
        let found = search.take(&lab).unwrap();
        assert_eq!((found.answers().shape.verdict, found.x), (Verdict::Neither, lab.x));
    }
}

#[test]
fn the_plane_has_the_path_in_it() {
    for plane in [
        Plane::Random { seed: 3 },
        Plane::Sliders(Place { layer: 0, row: 0, column: Some(0) }, Place { layer: 0, row: 1, column: Some(0) }),
    ] {
        for quantity in [Quantity::Output, Quantity::Loss] {
            let mut lab = PathLab::default();
            (lab.plane, lab.quantity) = (plane, quantity);
            lab.set_moves(&lab.end(End::From).places().into_iter().filter(|p| p.layer > 0).collect::<Vec<_>>(), false);
            let mut sampler = Sampler::new(&lab);
            let rows = (1..1000).find(|_| sampler.advance()).unwrap();
            assert_eq!(rows, SIDE);
            let heat = sampler.clone().finish();
            assert!(heat.is_in_plane);
            let [from, to] = heat.path;
            for step in 0..=10 {
                let t = f64::from(step) / 10.0;
                let along = (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
                let exact = to_f64(&directly(&lab, &q(step.into(), 10)));
                assert!((sampler.at(along.0, along.1) - exact).abs() < 1e-9, "{plane:?} at t = {t}");
            }
            let corner = sampler.at(heat.across.1, heat.up.0);
            assert_eq!(heat.values[SIDE - 1], corner);
        }
    }
    let mut lab = PathLab::default();
    lab.plane = Plane::Sliders(Place { layer: 0, row: 0, column: Some(0) }, Place { layer: 1, row: 0, column: None });
    assert!(!Sampler::new(&lab).finish().is_in_plane, "the other weight of W1 moves, too");
}

#[test]
fn challenges_are_solved_by_their_solutions_and_not_by_presets() {
    let solved = |lab: &PathLab, id: &str| {
        let index = CHALLENGES.iter().position(|challenge| challenge.id == id).unwrap();
        solved_now(lab, Some(&lab.answers()))[index]
    };
    for preset in presets() {
        assert_eq!(solved_now(&preset.lab, Some(&preset.lab.answers())), [false; 5], "{}", preset.id);
    }
    let neither =
        of(&[(&[&[-1], &[-1]], &[0, -1]), (&[&[1, -1]], &[0])], &[(&[&[3], &[3]], &[0, -1]), (&[&[1, -1]], &[0])]);
    let convex = of(&[(&[&[-2], &[1]], &[0, 0]), (&[&[1, 1]], &[0])], &[(&[&[2], &[-1]], &[0, 0]), (&[&[1, 1]], &[0])]);
    let cubic =
        of(&[(&[&[1]], &[0]), (&[&[1]], &[0]), (&[&[1]], &[0])], &[(&[&[2]], &[0]), (&[&[2]], &[0]), (&[&[2]], &[0])]);
    let irrational = of(
        &[(&[&[-2]], &[0]), (&[&[-2]], &[-3]), (&[&[1]], &[0])],
        &[(&[&[2]], &[0]), (&[&[2]], &[-3]), (&[&[1]], &[0])],
    );
    for (lab, id) in [
        (&neither, "path-neither"),
        (&neither, "path-one-layer"),
        (&convex, "path-convex"),
        (&cubic, "path-cubic"),
        (&irrational, "path-irrational"),
    ] {
        assert!(solved(lab, id), "{id}");
    }
    assert_eq!(solved_now(&neither, None), [false; 5]);
}
