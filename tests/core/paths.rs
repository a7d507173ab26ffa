use std::cmp::Ordering;

use num_traits::{One, Signed, Zero};
use piecewise::piecewise::{
    Algebraic, Bend, Chord, Layer, Net, PathAnalysis, PathPieces, PathShape, Polynomial, Rational, ShapesDiffer,
    Verdict,
};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn rng(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

fn q(numerator: i64, denominator: i64) -> Rational {
    Rational::new(numerator.into(), denominator.into())
}

fn poly(coefficients: &[i64]) -> Polynomial {
    Polynomial::new(&coefficients.iter().map(|&c| q(c, 1)).collect::<Vec<_>>())
}

fn roots(polynomial: &Polynomial) -> Vec<Algebraic> {
    Algebraic::roots_of(polynomial, None, None)
}

fn number(value: Rational) -> Algebraic {
    value.into()
}

fn layer(weights: &[&[i64]], bias: &[i64]) -> Layer {
    let numbers = |row: &[i64]| row.iter().map(|&w| q(w, 1)).collect();
    Layer { weights: weights.iter().map(|row| numbers(row)).collect(), bias: numbers(bias) }
}

/// The parameters at t, by their definition.
fn theta(from: &Net, to: &Net, t: &Rational) -> Net {
    let mix = |a: &[Rational], b: &[Rational]| a.iter().zip(b).map(|(a, b)| a + t * (b - a)).collect::<Vec<_>>();
    let layer = |(a, b): (&Layer, &Layer)| Layer {
        weights: a.weights.iter().zip(&b.weights).map(|(a, b)| mix(a, b)).collect(),
        bias: mix(&a.bias, &b.bias),
    };
    Net::with_inputs(from.inputs(), from.layers().iter().zip(to.layers()).map(layer).collect()).unwrap()
}

fn forward(from: &Net, to: &Net, x: &[Rational], t: &Rational) -> Rational {
    theta(from, to, t).eval_at(x)
}

/// g(t) = Σ v·relu(b + s·t) over (b, s, v), as a path whose first bias alone moves.
fn ramps(neurons: &[(i64, i64, i64)]) -> [Net; 2] {
    let net = |t: i64| {
        let zeros = vec![&[0_i64][..]; neurons.len()];
        let bias: Vec<_> = neurons.iter().map(|(b, s, _)| b + s * t).collect();
        let out: Vec<_> = neurons.iter().map(|(_, _, v)| *v).collect();
        Net::new(vec![layer(&zeros, &bias), layer(&[&out], &[0])]).unwrap()
    };
    [net(0), net(1)]
}

fn pieces([from, to]: &[Net; 2]) -> PathPieces {
    PathPieces::of(from, to, &vec![q(1, 1); from.inputs()]).unwrap()
}

/// relu(t² − 2) at x = 1: t, then t·relu(t) − 2, then 1. For t < 0, t·relu(t) is 0.
fn irrational() -> [Net; 2] {
    let net = |t| Net::new(vec![layer(&[&[t]], &[0]), layer(&[&[t]], &[-2]), layer(&[&[1]], &[0])]).unwrap();
    [net(0), net(1)]
}

fn breaks(pieces: &PathPieces) -> Vec<Algebraic> {
    pieces.breaks().iter().map(|b| b.t.clone()).collect()
}

fn random_number(rng: &mut Xoshiro256PlusPlus) -> Rational {
    // Small numbers, zero often: coincidences are what goes wrong.
    if rng.random_bool(0.3) { Rational::zero() } else { q(rng.random_range(-4..=4), rng.random_range(1..=3)) }
}

fn random_net(rng: &mut Xoshiro256PlusPlus, widths: &[usize], number: fn(&mut Xoshiro256PlusPlus) -> Rational) -> Net {
    let layer = |pair: &[usize]| Layer {
        weights: (0..pair[1]).map(|_| (0..pair[0]).map(|_| number(rng)).collect()).collect(),
        bias: (0..pair[1]).map(|_| number(rng)).collect(),
    };
    Net::with_inputs(widths[0], widths.windows(2).map(layer).collect()).unwrap()
}

fn random_widths(rng: &mut Xoshiro256PlusPlus) -> Vec<usize> {
    let hidden = rng.random_range(1..=3);
    let mut widths = vec![rng.random_range(1..=2)];
    widths.extend((0..hidden).map(|_| rng.random_range(1..=4)));
    widths.push(1);
    widths
}

/// Some parameters of a layer stay, or all of them do.
fn random_path(rng: &mut Xoshiro256PlusPlus) -> ([Net; 2], Vec<Rational>) {
    let widths = random_widths(rng);
    let from = random_net(rng, &widths, random_number);
    let goal = random_net(rng, &widths, random_number);
    let mix = |(a, b): (&Layer, &Layer)| if rng.random_bool(0.25) { a.clone() } else { b.clone() };
    let layers = from.layers().iter().zip(goal.layers()).map(mix).collect();
    let to = Net::with_inputs(widths[0], layers).unwrap();
    let x = (0..widths[0]).map(|_| random_number(rng)).collect();
    ([from, to], x)
}

/// Rational places worth a look: around every break, and spread over a range that holds them all.
fn probes(pieces: &PathPieces) -> Vec<Rational> {
    let mut places: Vec<_> = (-24..=32).map(|i| q(i, 8)).collect();
    for at in pieces.breaks() {
        let near = at.t.rational_near(&q(1, 1000));
        places.extend([&near - q(1, 1000), near.clone(), near + q(1, 1000)]);
    }
    places.extend([q(-1_000_000, 1), q(1_000_000, 1)]);
    places.sort();
    places.dedup();
    places
}

/// Everything that must hold of a piecewise polynomial, with its values given independently.
fn check_pieces(pieces: &PathPieces, degree: usize, g: impl Fn(&Rational) -> Rational) {
    let list = pieces.pieces();
    assert_eq!(list.len(), pieces.breaks().len() + 1);
    assert_eq!(list[0].start, None);
    assert_eq!(list[list.len() - 1].end, None);
    for (at, pair) in pieces.breaks().iter().zip(list.windows(2)) {
        assert_eq!(pair[0].end.as_ref(), Some(&at.t));
        assert_eq!(pair[1].start.as_ref(), Some(&at.t));
        assert_ne!(pair[0].polynomial, pair[1].polynomial, "a break changes the polynomial");
        assert_eq!(at.t.sign_of(&(&pair[0].polynomial - &pair[1].polynomial)), Ordering::Equal, "continuous");
        assert!(!at.bends.is_empty(), "some neuron makes each break");
        if let Some(t) = at.t.rational() {
            assert_eq!(pair[0].polynomial.at(t), g(t));
            assert_eq!(pair[1].polynomial.at(t), g(t));
        }
    }
    for pair in pieces.breaks().windows(2) {
        assert!(pair[0].t < pair[1].t);
    }
    for piece in list {
        assert!(piece.polynomial.degree().unwrap_or(0) <= degree);
        let inside = Algebraic::inside(piece.start.as_ref(), piece.end.as_ref()).unwrap();
        assert_eq!(piece.polynomial.at(&inside), g(&inside), "inside a piece, at {inside}");
    }
    for t in probes(pieces) {
        assert_eq!(pieces.at(&t), g(&t), "at {t}");
    }
}

fn check_chord(chord: &Chord, ends: [Option<&Rational>; 2], above: bool, g: impl Fn(&Rational) -> Rational) {
    let [a, b, c] = &chord.x;
    assert!(a < b && b < c);
    assert!(ends[0].is_none_or(|start| start <= a) && ends[1].is_none_or(|end| c <= end), "inside the interval");
    for (t, value) in chord.x.iter().zip(&chord.f) {
        assert_eq!(g(t), *value);
    }
    let share = (b - a) / (c - a);
    assert_eq!(chord.chord, &chord.f[0] * (Rational::one() - &share) + &chord.f[2] * share);
    assert_ne!(chord.f[1], chord.chord);
    assert_eq!(chord.f[1] > chord.chord, above);
}

/// The verdict's evidence holds, and no second difference contradicts it.
fn check_shape(
    pieces: &PathPieces,
    start: Option<&Rational>,
    end: Option<&Rational>,
    g: impl Fn(&Rational) -> Rational,
) -> Verdict {
    let shape = PathShape::on(pieces, start, end);
    let expected = match (&shape.not_convex, &shape.not_concave) {
        (None, None) => Verdict::Linear,
        (None, Some(_)) => Verdict::Convex,
        (Some(_), None) => Verdict::Concave,
        (Some(_), Some(_)) => Verdict::Neither,
    };
    assert_eq!(shape.verdict, expected);
    for (chord, above) in [(&shape.not_convex, true), (&shape.not_concave, false)] {
        if let Some(chord) = chord {
            check_chord(chord, [start, end], above, &g);
        }
    }
    let mut places = probes(pieces);
    places.extend(start.into_iter().chain(end).cloned());
    places.retain(|t| start.is_none_or(|start| start <= t) && end.is_none_or(|end| t <= end));
    places.sort();
    places.dedup();
    let values: Vec<_> = places.iter().map(&g).collect();
    let slopes: Vec<_> =
        (1..places.len()).map(|i| (&values[i] - &values[i - 1]) / (&places[i] - &places[i - 1])).collect();
    assert!(shape.not_convex.is_some() || slopes.windows(2).all(|pair| pair[0] <= pair[1]), "not convex after all");
    assert!(shape.not_concave.is_some() || slopes.windows(2).all(|pair| pair[0] >= pair[1]), "not concave after all");
    shape.verdict
}

#[test]
fn polynomials_obey_the_laws_of_their_values() {
    let mut rng = rng(1);
    for _ in 0..200 {
        let mut random = || {
            let length = rng.random_range(0..5);
            Polynomial::new(&(0..length).map(|_| random_number(&mut rng)).collect::<Vec<_>>())
        };
        let (a, b, c) = (random(), random(), random());
        for t in [q(0, 1), q(1, 1), q(-3, 2), q(7, 5)] {
            assert_eq!((&a + &b).at(&t), a.at(&t) + b.at(&t));
            assert_eq!((&a - &b).at(&t), a.at(&t) - b.at(&t));
            assert_eq!((&a * &b).at(&t), a.at(&t) * b.at(&t));
            assert_eq!(a.scaled(&q(-2, 3)).at(&t), a.at(&t) * q(-2, 3));
            assert_eq!(a.sign_at(&t), a.at(&t).cmp(&q(0, 1)));
        }
        assert_eq!(Polynomial::new(&a.coefficients()), a);
        assert_eq!(&(&a + &b) - &b, a, "one form for one polynomial");
        let product_rule = &(&a.derivative() * &b) + &(&a * &b.derivative());
        assert_eq!((&a * &b).derivative(), product_rule);
        // gcd(ac, bc) = c·gcd(a, b), up to a constant.
        let common = (&a * &c).gcd(&(&b * &c));
        assert_eq!(common, (&c * &a.gcd(&b)).primitive());
        assert_eq!((&(&a * &a) * &c).squarefree(), (&a * &c).squarefree());
    }
    assert_eq!(poly(&[-1, 0, 1]).gcd(&poly(&[1, 2, 1])), poly(&[1, 1]));
    // (t − 1)²·(t + 2)
    assert_eq!(poly(&[2, -3, 0, 1]).squarefree(), poly(&[-2, 1, 1]));
    assert!(Polynomial::new(&[q(0, 1), q(0, 3)]).is_zero());
    assert_eq!((poly(&[]).degree(), poly(&[5]).degree(), poly(&[0, 0, 3]).degree()), (None, Some(0), Some(2)));
}

#[test]
fn polynomials_print_as_people_write_them() {
    for (coefficients, shown) in [
        (vec![], "0"),
        (vec![q(-3, 2)], "−3/2"),
        (vec![q(1, 1), q(-3, 2), q(2, 1)], "2t² − 3/2·t + 1"),
        (vec![q(0, 1), q(-1, 1)], "−t"),
        (vec![q(1, 2), q(1, 1), q(0, 1), q(-1, 3)], "−1/3·t³ + t + 1/2"),
        ([vec![q(0, 1); 12], vec![q(1, 1)]].concat(), "t¹²"),
    ] {
        assert_eq!(Polynomial::new(&coefficients).to_string(), shown);
    }
}

#[test]
fn planted_roots_are_found_and_rational_ones_recognised() {
    let mut rng = rng(2);
    // Factors without rational roots, with their number of real ones.
    let others = [(poly(&[1]), 0), (poly(&[-2, 0, 1]), 2), (poly(&[1, 0, 1]), 0), (poly(&[1, -3, 0, 1]), 3)];
    for round in 0..200 {
        let mut planted = Vec::new();
        let (other, irrational) = &others[round % others.len()];
        let mut product = other.clone();
        for _ in 0..rng.random_range(0..4) {
            let root = q(rng.random_range(-30..30), rng.random_range(1..12));
            let factor = Polynomial::new(&[-&root, q(1, 1)]);
            for _ in 0..rng.random_range(1..3) {
                product = &product * &factor;
            }
            planted.push(root);
        }
        planted.sort();
        planted.dedup();
        let found = roots(&product.scaled(&q(-5, 7)));
        assert!(found.is_sorted() && found.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(found.iter().filter_map(|root| root.rational().cloned()).collect::<Vec<_>>(), planted);
        assert_eq!(found.len(), planted.len() + irrational);
        for root in &found {
            assert_eq!(root.sign_of(&product), Ordering::Equal);
            assert_eq!(root.sign_of(&root.polynomial()), Ordering::Equal);
            assert_ne!(root.sign_of(&root.polynomial().derivative()), Ordering::Equal, "a simple root");
            assert_eq!(root.polynomial().degree() == Some(1), root.rational().is_some());
        }
        // An open interval: roots at its ends are not inside.
        for (i, a) in found.iter().enumerate() {
            for (j, b) in found.iter().enumerate() {
                let inside = Algebraic::roots_of(&product, Some(a), Some(b));
                assert_eq!(inside, if i < j { found[i + 1..j].to_vec() } else { vec![] });
            }
            assert_eq!(Algebraic::roots_of(&product, Some(a), None), found[i + 1..]);
            assert_eq!(Algebraic::roots_of(&product, None, Some(a)), found[..i]);
        }
    }
    // A fraction whose denominator no halving meets, in a polynomial that keeps an irrational root beside it.
    let close = &poly(&[-1, 3]) * &poly(&[-2, 0, 18]);
    assert_eq!(roots(&close).iter().filter_map(Algebraic::rational).cloned().collect::<Vec<_>>(), [q(-1, 3), q(1, 3)]);
    assert_eq!(roots(&poly(&[])), []);
    assert_eq!(roots(&poly(&[3])), []);
}

#[test]
fn the_square_root_of_two_is_one_number_and_is_ordered_exactly() {
    let root = roots(&poly(&[-2, 0, 1]))[1].clone();
    assert_eq!(root.rational(), None);
    assert_eq!(root.to_f64(), 2_f64.sqrt());
    // t⁴ − 4, (t² − 2)(t² − 3), (t² − 2)(1000t − 1414), 2t³ + t² − 4t − 2
    for other in [
        poly(&[-4, 0, 0, 0, 1]),
        poly(&[6, 0, -5, 0, 1]),
        &poly(&[-2, 0, 1]) * &poly(&[-1414, 1000]),
        poly(&[-2, -4, 1, 2]),
    ] {
        let same: Vec<_> = roots(&other).into_iter().filter(|other| *other == root).collect();
        assert_eq!(same.len(), 1, "{other}");
        assert_eq!(same[0].to_f64(), 2_f64.sqrt());
        assert_eq!(Algebraic::between(&same[0], &root), None);
        assert_eq!(root.cmp(&same[0]), Ordering::Equal);
    }
    let below = q(14_142_135_623_730_950, 10_000_000_000_000_000);
    let above = q(14_142_135_623_730_951, 10_000_000_000_000_000);
    assert!(number(below.clone()) < root && root < number(above.clone()));
    assert_eq!(root.sign_of(&Polynomial::new(&[-&below, q(1, 1)])), Ordering::Greater);
    assert_eq!(root.sign_of(&Polynomial::new(&[-&above, q(1, 1)])), Ordering::Less);
    // (t² − 2)² + 10⁻⁶⁰ has no root; without it, the sign is 0.
    let square = &poly(&[-2, 0, 1]) * &poly(&[-2, 0, 1]);
    let tiny = Polynomial::constant(num_traits::pow(q(1, 10), 60));
    assert_eq!(root.sign_of(&square), Ordering::Equal);
    assert_eq!(root.sign_of(&(&square + &tiny)), Ordering::Greater);
    // A number 10⁻⁴⁰ away is another one.
    let shifted = &poly(&[-2, 0, 1]) - &Polynomial::constant(num_traits::pow(q(1, 10), 40));
    let near = &roots(&shifted)[1];
    assert!(root < *near);
    let middle = Algebraic::between(near, &root).unwrap();
    assert!(root < number(middle.clone()) && number(middle) < *near);
    assert_eq!(near.to_f64(), root.to_f64());
}

#[test]
fn numbers_between_are_simple() {
    let sqrt = |n: i64| roots(&poly(&[-n, 0, 1]))[1].clone();
    for (a, b, expected) in [
        (number(q(0, 1)), number(q(1, 1)), q(1, 2)),
        (number(q(-5, 2)), number(q(7, 1)), q(0, 1)),
        (number(q(1, 3)), number(q(1, 2)), q(2, 5)),
        (number(q(-1, 2)), number(q(-1, 3)), q(-2, 5)),
        (number(q(4, 1)), number(q(9, 2)), q(13, 3)),
        (sqrt(2), sqrt(3), q(3, 2)),
        (sqrt(3), number(q(7, 4)), q(26, 15)),
        (number(q(7, 5)), sqrt(2), q(17, 12)),
    ] {
        let between = Algebraic::between(&a, &b).unwrap();
        assert_eq!(Algebraic::between(&b, &a).unwrap(), between);
        assert!(a < number(between.clone()) && number(between.clone()) < b, "{between}");
        assert!(between.denom() <= &(expected.denom() * 2), "{between} is not as simple as {expected}");
        if a.rational().is_some() && b.rational().is_some() {
            assert_eq!(between, expected);
        }
    }
    assert_eq!(Algebraic::inside(None, None), Some(q(0, 1)));
    assert_eq!(Algebraic::inside(Some(&sqrt(2)), Some(&number(q(1, 1)))), None);
    assert_eq!(Algebraic::inside(Some(&number(q(5, 2))), None), Some(q(3, 1)));
    assert_eq!(Algebraic::inside(Some(&number(q(3, 1))), None), Some(q(4, 1)));
    assert_eq!(Algebraic::inside(None, Some(&number(q(-3, 1)))), Some(q(-4, 1)));
    assert!((sqrt(2).rational_near(&q(1, 100)) - q(1414, 1000)).abs() < q(11, 1000));
}

#[test]
fn two_ramps_are_neither_and_break_where_they_were_planted() {
    let nets = ramps(&[(0, 1, 1), (-1, 1, -1)]);
    let found = pieces(&nets);
    assert_eq!(breaks(&found), [number(q(0, 1)), number(q(1, 1))]);
    let bends: Vec<_> = found.breaks().iter().map(|b| b.bends.clone()).collect();
    assert_eq!(bends, [[Bend { layer: 1, neuron: 1 }], [Bend { layer: 1, neuron: 2 }]]);
    let shown: Vec<_> = found.pieces().iter().map(|piece| piece.polynomial.to_string()).collect();
    assert_eq!(shown, ["0", "t", "1"]);
    assert_eq!(found.piece_at(&q(-1, 9)), &found.pieces()[0]);
    assert_eq!(found.piece_at(&q(0, 1)), &found.pieces()[1], "at a break, the one to its right");
    assert_eq!(found.piece_at(&q(1, 1)), &found.pieces()[2]);
    let g = |t: &Rational| forward(&nets[0], &nets[1], &[q(1, 1)], t);
    check_pieces(&found, 1, g);
    let on = |a: i64, b: i64| check_shape(&found, Some(&q(a, 2)), Some(&q(b, 2)), g);
    assert_eq!(check_shape(&found, None, None, g), Verdict::Neither);
    assert_eq!(on(-2, 4), Verdict::Neither);
    assert_eq!(on(-2, 1), Verdict::Convex);
    assert_eq!(on(-2, 2), Verdict::Convex, "the break at the end does not count");
    assert_eq!(on(0, 2), Verdict::Linear);
    assert_eq!(on(0, 3), Verdict::Concave);
    assert_eq!(on(1, 1), Verdict::Linear);
    assert_eq!(on(3, 1), Verdict::Linear);
    assert_eq!(check_shape(&found, Some(&q(1, 2)), None, g), Verdict::Concave);
    assert_eq!(check_shape(&found, None, Some(&q(1, 2)), g), Verdict::Convex);
    // The witness on [-1, 2] is the one that a person would choose.
    let shape = PathShape::on(&found, Some(&q(-1, 1)), Some(&q(2, 1)));
    assert_eq!(shape.not_convex.unwrap().x, [q(0, 1), q(1, 1), q(2, 1)]);
    assert_eq!(shape.not_concave.unwrap().x, [q(-1, 1), q(0, 1), q(1, 1)]);
}

#[test]
fn an_irrational_break_is_isolated() {
    let nets = irrational();
    let found = pieces(&nets);
    let [at] = found.breaks() else { panic!("{} breaks", found.breaks().len()) };
    assert_eq!(at.t, roots(&poly(&[-4, 0, 0, 0, 1]))[1]);
    assert_eq!(at.bends, [Bend { layer: 2, neuron: 1 }]);
    assert_eq!(found.pieces()[1].polynomial, poly(&[-2, 0, 1]));
    let g = |t: &Rational| forward(&nets[0], &nets[1], &[q(1, 1)], t);
    check_pieces(&found, 2, g);
    assert_eq!(found.at(&q(141_421_356, 100_000_000)), q(0, 1));
    assert!(found.at(&q(141_421_357, 100_000_000)).is_positive());
    assert_eq!(check_shape(&found, None, None, g), Verdict::Convex);
    assert_eq!(check_shape(&found, None, Some(&q(1414, 1000)), g), Verdict::Linear);
    // So little of the interval is behind the break that no coarse grid sees it.
    assert_eq!(check_shape(&found, Some(&q(-9, 1)), Some(&q(141_421_357, 100_000_000)), g), Verdict::Convex);
}

#[test]
fn a_bend_too_small_for_any_grid_has_a_witness() {
    // A tent 2·10⁻⁶ wide and 10⁻⁶ high, on the line t.
    let tent = |peak: &Rational| {
        let e = q(1, 1_000_000);
        let first = |t| Layer {
            weights: vec![vec![q(0, 1)]; 5],
            bias: vec![q(t, 1) - peak + &e, q(t, 1) - peak, q(t, 1) - peak - &e, q(t, 1), q(-t, 1)],
        };
        [0, 1].map(|t| Net::new(vec![first(t), layer(&[&[1, -2, 1, 1, -1]], &[0])]).unwrap())
    };
    for peak in [q(1, 7), q(100_003, 1), q(-22, 3)] {
        let nets = tent(&peak);
        let found = pieces(&nets);
        let g = |t: &Rational| forward(&nets[0], &nets[1], &[q(1, 1)], t);
        check_pieces(&found, 1, g);
        assert_eq!(found.breaks().len(), 3, "relu(t) − relu(−t) has none of its own");
        assert_eq!(check_shape(&found, Some(&q(-1_000_000, 1)), Some(&q(1_000_000, 1)), g), Verdict::Neither);
        assert_eq!(check_shape(&found, None, None, g), Verdict::Neither);
        assert_eq!(check_shape(&found, None, Some(&peak), g), Verdict::Convex);
    }
}

#[test]
fn a_curve_bends_without_a_break() {
    // ((t + 9)·t + 99)·t + 5 for −9 < t: the second derivative 6t + 18 changes sign at −3.
    let net = |t: i64| Net::new(vec![layer(&[&[t]], &[9]), layer(&[&[t]], &[99]), layer(&[&[t]], &[5])]).unwrap();
    let nets = [net(0), net(1)];
    let found = pieces(&nets);
    assert_eq!(found.piece_at(&q(0, 1)).polynomial, poly(&[5, 99, 9, 1]));
    let g = |t: &Rational| forward(&nets[0], &nets[1], &[q(1, 1)], t);
    check_pieces(&found, 3, g);
    let on = |a: Rational, b: Rational| check_shape(&found, Some(&a), Some(&b), g);
    assert_eq!(on(q(-3, 1), q(10, 1)), Verdict::Convex);
    assert_eq!(on(q(-8, 1), q(-3, 1)), Verdict::Concave);
    assert_eq!(on(q(-8, 1), q(10, 1)), Verdict::Neither);
    assert_eq!(on(q(-3_000_001, 1_000_000), q(10, 1)), Verdict::Neither);
}

#[test]
fn bends_that_cancel_vanish() {
    // relu(t) − relu(−t) = t; 2·relu(t − 3) − relu(2t − 6) = 0, and a third neuron still bends.
    let line = pieces(&ramps(&[(0, 1, 1), (0, -1, -1)]));
    assert_eq!(line.breaks(), []);
    assert_eq!(line.pieces()[0].polynomial, poly(&[0, 1]));
    assert_eq!(PathShape::on(&line, None, None).verdict, Verdict::Linear);
    assert_eq!(breaks(&pieces(&ramps(&[(-3, 1, 2), (-6, 2, -1), (1, 1, 1)]))), [number(q(-1, 1))]);
    // Two that share a place and do not cancel are one break of both.
    let both = pieces(&ramps(&[(-1, 1, 1), (-2, 2, 3)]));
    assert_eq!(both.breaks()[0].bends, [1, 2].map(|neuron| Bend { layer: 1, neuron }));
    assert_eq!(both.breaks().len(), 1);
    // A square touches zero and is no bend: relu(relu(t)·t + relu(−t)·(−t)) = t².
    let net = |t: i64| {
        let first = layer(&[&[t], &[-t]], &[0, 0]);
        Net::new(vec![first, layer(&[&[t, -t]], &[0]), layer(&[&[1]], &[0])]).unwrap()
    };
    let square = pieces(&[net(0), net(1)]);
    assert_eq!(square.breaks(), []);
    assert_eq!(square.pieces()[0].polynomial, poly(&[0, 0, 1]));
    assert_eq!(PathShape::on(&square, None, None).verdict, Verdict::Convex);
}

#[test]
fn one_moving_layer_gives_degree_one_and_none_gives_a_constant() {
    let mut rng = rng(3);
    let mut bent = 0;
    for _ in 0..60 {
        let widths = random_widths(&mut rng);
        let from = random_net(&mut rng, &widths, random_number);
        let goal = random_net(&mut rng, &widths, random_number);
        let x: Vec<_> = (0..widths[0]).map(|_| random_number(&mut rng)).collect();
        for moving in 0..from.layers().len() {
            let mut layers = from.layers().to_vec();
            layers[moving] = goal.layers()[moving].clone();
            let to = Net::with_inputs(widths[0], layers).unwrap();
            let found = PathPieces::of(&from, &to, &x).unwrap();
            bent += found.breaks().len();
            check_pieces(&found, 1, |t| forward(&from, &to, &x, t));
        }
        let still = PathPieces::of(&from, &from, &x).unwrap();
        assert_eq!(still.pieces().len(), 1);
        assert_eq!(still.pieces()[0].polynomial, Polynomial::constant(from.eval_at(&x)));
        assert_eq!(PathShape::on(&still, None, None).verdict, Verdict::Linear);
    }
    assert!(bent > 60, "only {bent} breaks seen");
}

#[test]
fn the_degree_is_the_number_of_layers_where_all_are_alive() {
    for depth in 1..=5 {
        // θ(t) = t everywhere, x = 1: t^depth for t > 0, and nothing below, but for the last layer alone.
        let net = |t: i64| Net::new(vec![layer(&[&[t]], &[0]); depth]).unwrap();
        let found = pieces(&[net(0), net(1)]);
        let power = [vec![0; depth], vec![1]].concat();
        assert_eq!(found.pieces().last().unwrap().polynomial, poly(&power));
        assert_eq!(found.breaks().len(), usize::from(depth > 1));
    }
}

#[test]
fn random_paths_agree_with_the_forward_pass() {
    let mut rng = rng(4);
    let mut seen = std::collections::BTreeMap::new();
    let (mut most, mut irrational) = (0, 0);
    let (mut listed, mut swallowed) = (0, 0);
    let tiny = num_traits::pow(q(1, 10), 15);
    for _ in 0..150 {
        let ([from, to], x) = random_path(&mut rng);
        let found = PathPieces::of(&from, &to, &x).unwrap();
        let g = |t: &Rational| forward(&from, &to, &x, t);
        check_pieces(&found, from.layers().len(), g);
        most = most.max(found.breaks().len());
        irrational += found.breaks().iter().filter(|b| b.t.rational().is_none()).count();
        for (start, end) in
            [(None, None), (Some(q(0, 1)), Some(q(1, 1))), (Some(q(-1, 3)), None), (None, Some(q(5, 7)))]
        {
            let verdict = check_shape(&found, start.as_ref(), end.as_ref(), g);
            *seen.entry(verdict.word()).or_insert(0) += 1;
        }
        // Between neighbouring breaks, g is one polynomial: with the ends excluded, its own curvature decides.
        for pair in found.breaks().windows(2) {
            let a = Algebraic::between(&pair[0].t, &pair[1].t).unwrap();
            let b = Algebraic::between(&number(a.clone()), &pair[1].t).unwrap();
            check_shape(&found, Some(&a), Some(&b), g);
        }
        for at in found.breaks() {
            // Nets so small have no breaks so close together.
            let near = at.t.rational_near(&tiny);
            let is_live = |t: Rational| {
                let sums = theta(&from, &to, &t).sums_at(&x);
                let hidden = &sums[..sums.len() - 1];
                hidden.iter().map(|layer| layer.iter().map(Signed::is_positive).collect()).collect::<Vec<Vec<_>>>()
            };
            let [left, right] = [is_live(&near - &tiny * q(2, 1)), is_live(&near + &tiny * q(2, 1))];
            let changes = |bend: &Bend| left[bend.layer - 1][bend.neuron - 1] != right[bend.layer - 1][bend.neuron - 1];
            assert!(at.bends.iter().all(changes), "a listed neuron is live on one side only");
            let all = (0..left.len()).flat_map(|layer| (0..left[layer].len()).map(move |row| (layer + 1, row + 1)));
            let all = all.map(|(layer, neuron)| Bend { layer, neuron }).filter(changes).count();
            swallowed += all - at.bends.len();
            listed += at.bends.len();
        }
    }
    assert!(listed > 100 * swallowed, "{swallowed} not listed, {listed} listed");
    assert_eq!(seen.len(), 4, "every verdict is met: {seen:?}");
    assert!(most >= 6 && irrational >= 50, "only {most} breaks at most, {irrational} irrational");
}

#[test]
fn the_mean_squared_error_is_that_of_forward_passes() {
    let mut rng = rng(5);
    for _ in 0..25 {
        let ([from, to], _) = random_path(&mut rng);
        let points: Vec<(Vec<Rational>, Rational)> = (0..rng.random_range(1..=5))
            .map(|_| {
                let x = (0..from.inputs()).map(|_| random_number(&mut rng)).collect();
                (x, random_number(&mut rng))
            })
            .collect();
        let list: Vec<_> = points.iter().map(|(x, y)| (PathPieces::of(&from, &to, x).unwrap(), y.clone())).collect();
        let loss = PathPieces::mean_squared_error(&list);
        let g = |t: &Rational| {
            let net = theta(&from, &to, t);
            let squares = points.iter().map(|(x, y)| {
                let error = net.eval_at(x) - y;
                &error * &error
            });
            squares.sum::<Rational>() / q(points.len() as i64, 1)
        };
        check_pieces(&loss, 2 * from.layers().len(), g);
        check_shape(&loss, None, None, g);
        check_shape(&loss, Some(&q(0, 1)), Some(&q(1, 1)), g);
        for at in loss.breaks() {
            let mut bends: Vec<_> = list
                .iter()
                .flat_map(|(g, _)| g.breaks())
                .filter(|b| b.t == at.t)
                .flat_map(|b| b.bends.clone())
                .collect();
            bends.sort();
            bends.dedup();
            assert_eq!(at.bends, bends);
        }
    }
    let nothing = PathPieces::mean_squared_error(&[]);
    assert_eq!((nothing.pieces().len(), nothing.at(&q(3, 1))), (1, q(0, 1)));
    // |t|² with the roles of two neurons: the breaks of (relu(t))² + (relu(−t))² give one polynomial each side.
    let two = [pieces(&ramps(&[(0, 1, 1)])), pieces(&ramps(&[(0, -1, 1)]))].map(|g| (g, q(0, 1)));
    let loss = PathPieces::mean_squared_error(&two);
    assert_eq!(loss.breaks(), [], "the break of one makes up for that of the other");
    assert_eq!(loss.pieces()[0].polynomial.to_string(), "1/2·t²");
}

#[test]
fn slices_give_the_same_pieces() {
    let ([from, to], x) = random_path(&mut rng(8));
    let mut analysis = PathAnalysis::new(&from, &to, &x).unwrap();
    let mut slices = 1;
    while !analysis.advance() {
        slices += 1;
    }
    assert!(slices >= from.layers().len());
    assert!(analysis.advance(), "done stays done");
    assert_eq!(Ok(analysis.finish()), PathPieces::of(&from, &to, &x));
}

#[test]
fn networks_of_different_shapes_make_no_path() {
    let net = |widths: &[usize]| random_net(&mut rng(1), widths, random_number);
    let of = |a: &[usize], b: &[usize], point: usize| PathPieces::of(&net(a), &net(b), &vec![q(1, 1); point]).err();
    assert_eq!(of(&[1, 2, 1], &[1, 2, 1], 1), None);
    assert_eq!(of(&[1, 2, 1], &[1, 2, 2, 1], 1), Some(ShapesDiffer::Layers { from: 2, to: 3 }));
    assert_eq!(of(&[1, 2, 1], &[1, 3, 1], 1), Some(ShapesDiffer::Neurons { layer: 1, from: 2, to: 3 }));
    assert_eq!(of(&[2, 2, 1], &[1, 2, 1], 2), Some(ShapesDiffer::Inputs { from: 2, to: 1, point: 2 }));
    assert_eq!(of(&[2, 2, 1], &[2, 2, 1], 1), Some(ShapesDiffer::Inputs { from: 2, to: 2, point: 1 }));
}

#[test]
fn four_wide_layers_of_decimals_are_within_reach() {
    let decimal = |rng: &mut Xoshiro256PlusPlus| q(rng.random_range(-20..=20), 10);
    for seed in 0..3 {
        let mut rng = rng(seed);
        let widths = [1, 8, 8, 8, 8, 1];
        let (from, to) = (random_net(&mut rng, &widths, decimal), random_net(&mut rng, &widths, decimal));
        let x = [q(7, 10)];
        let found = PathPieces::of(&from, &to, &x).unwrap();
        assert!(found.breaks().len() > 20);
        assert!(found.pieces().iter().any(|piece| piece.polynomial.degree() == Some(5)), "as many as layers");
        let g = |t: &Rational| forward(&from, &to, &x, t);
        check_pieces(&found, 5, g);
        check_shape(&found, None, None, g);
        check_shape(&found, Some(&q(0, 1)), Some(&q(1, 1)), g);
    }
}
