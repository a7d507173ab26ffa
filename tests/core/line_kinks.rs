//! The exact kinks of trained networks on a line, held against intervals of rational numbers.

use num_traits::{FromPrimitive, Signed, ToPrimitive, Zero};
use piecewise::data::{Purpose, rng};
use piecewise::labs::train::kinks;
use piecewise::piecewise::Rational;
use piecewise::piecewise::line::{Change, LineKinks, Rows, Sweep};
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const RANGE: [f64; 2] = [-0.5, 1.5];

/// Layers as weights, row by row, and biases.
type Net = Vec<(Vec<f32>, Vec<f32>)>;

fn rows(net: &Net) -> Vec<Rows<'_>> {
    net.iter().map(|(weights, bias)| Rows { weights, bias }).collect()
}

fn random_net(
    rng: &mut Xoshiro256PlusPlus,
    widths: &[usize],
    mut number: impl FnMut(&mut Xoshiro256PlusPlus, usize) -> f32,
) -> Net {
    let layer = |pair: &[usize]| {
        let weights = (0..pair[0] * pair[1]).map(|_| number(rng, pair[0])).collect();
        (weights, (0..pair[1]).map(|_| number(rng, pair[0])).collect())
    };
    widths.windows(2).map(layer).collect()
}

/// So that signals keep their size.
fn any_number(rng: &mut Xoshiro256PlusPlus, inputs: usize) -> f32 {
    rng.random_range(-1.0..1.0) * (6.0 / inputs as f32).sqrt()
}

/// Few numbers, so that kinks coincide and neurons are 0 on whole pieces.
fn small_number(rng: &mut Xoshiro256PlusPlus, _: usize) -> f32 {
    rng.random_range(-2_i8..=2).into()
}

fn found(net: &Net, ends: [Vec<f32>; 2]) -> LineKinks {
    let rows = rows(net);
    let mut sweep = Sweep::new(&rows, ends, RANGE).unwrap();
    while !sweep.advance(&rows) {}
    assert_eq!(sweep.share(&rows), 1.0);
    sweep.found().clone()
}

fn exact(value: f64) -> Rational {
    Rational::from_f64(value).unwrap()
}

/// constant + slope·t.
type Form = [Rational; 2];

fn at([constant, slope]: &Form, t: &Rational) -> Rational {
    constant + slope * t
}

fn zero() -> Form {
    [Rational::zero(), Rational::zero()]
}

/// A kink: where, layer, neuron, whether it goes on.
type ExpectedKink = (Rational, usize, usize, bool);

/// The reference: the line in pieces, cut by one neuron after the other in rational numbers; kinks are where neighbours differ.
fn reference(net: &Net, [from, to]: &[Vec<f32>; 2]) -> (Vec<ExpectedKink>, Vec<(Rational, Vec<Rational>)>) {
    let form = |(&from, &to): (&f32, &f32)| [exact(from.into()), exact(to.into()) - exact(from.into())];
    let inputs: Vec<Form> = from.iter().zip(to).map(form).collect();
    struct Piece {
        from: Rational,
        to: Rational,
        signal: Vec<Form>,
        on: Vec<(usize, usize)>,
    }
    let mut pieces = vec![Piece { from: exact(RANGE[0]), to: exact(RANGE[1]), signal: inputs, on: Vec::new() }];
    let mut outputs = Vec::new();
    for (layer, (weights, bias)) in net.iter().enumerate() {
        let is_last = layer + 1 == net.len();
        let mut next: Vec<Piece> = Vec::new();
        for piece in &pieces {
            let sum = |(neuron, &bias): (usize, &f32)| {
                let inputs = piece.signal.len();
                let mut form = [exact(bias.into()), Rational::zero()];
                for (&weight, input) in weights[neuron * inputs..][..inputs].iter().zip(&piece.signal) {
                    form.iter_mut().zip(input).for_each(|(sum, value)| *sum += exact(weight.into()) * value);
                }
                form
            };
            let sums: Vec<Form> = bias.iter().enumerate().map(sum).collect();
            if is_last {
                for t in [&piece.from, &piece.to] {
                    outputs.push((t.clone(), sums.iter().map(|sum| at(sum, t)).collect()));
                }
                continue;
            }
            let mut cuts = vec![piece.from.clone(), piece.to.clone()];
            let zeros = sums.iter().filter(|sum| !sum[1].is_zero()).map(|sum| -&sum[0] / &sum[1]);
            cuts.extend(zeros.filter(|t| *t > piece.from && *t < piece.to));
            cuts.sort();
            cuts.dedup();
            for ends in cuts.windows(2) {
                let middle = (&ends[0] + &ends[1]) / Rational::from_integer(2.into());
                let is_on = |neuron: usize| at(&sums[neuron], &middle).is_positive();
                let mut on = piece.on.clone();
                on.extend((0..bias.len()).filter(|&neuron| is_on(neuron)).map(|neuron| (layer, neuron)));
                let signal = (0..bias.len()).map(|neuron| if is_on(neuron) { sums[neuron].clone() } else { zero() });
                next.push(Piece { from: ends[0].clone(), to: ends[1].clone(), signal: signal.collect(), on });
            }
        }
        if !is_last {
            pieces = next;
        }
    }
    let mut kinks = Vec::new();
    for pair in pieces.windows(2) {
        let [before, after] = [&pair[0].on, &pair[1].on];
        let mut here: Vec<_> =
            before.iter().filter(|neuron| !after.contains(neuron)).map(|&(l, n)| (l, n, false)).collect();
        here.extend(after.iter().filter(|neuron| !before.contains(neuron)).map(|&(l, n)| (l, n, true)));
        here.sort();
        kinks.extend(here.into_iter().map(|(layer, neuron, turns_on)| (pair[1].from.clone(), layer, neuron, turns_on)));
    }
    (kinks, outputs)
}

fn check(net: &Net, ends: [Vec<f32>; 2]) -> LineKinks {
    let (expected, outputs) = reference(net, &ends);
    let found = found(net, ends);
    let mine: Vec<_> =
        found.kinks.iter().map(|kink| (kink.layer as usize, kink.neuron as usize, kink.turns_on)).collect();
    let theirs: Vec<_> = expected.iter().map(|&(_, layer, neuron, turns_on)| (layer, neuron, turns_on)).collect();
    assert_eq!(mine, theirs);
    for (kink, (t, ..)) in found.kinks.iter().zip(&expected) {
        let miss = (exact(kink.t) - t).abs();
        assert!(miss <= exact(kink.error), "{} is {miss} off, more than {}", kink.t, kink.error);
        assert!(kink.error < 1e-8, "{kink:?}");
    }
    for (layer, &count) in found.counts.iter().enumerate() {
        assert_eq!(count, expected.iter().filter(|kink| kink.1 == layer).count());
    }
    assert_eq!(found.outputs.len(), found.places.len() * found.classes);
    for (place, &t) in found.places.iter().enumerate() {
        let (_, values) = outputs.iter().min_by_key(|(other, _)| (other - exact(t)).abs()).unwrap();
        for (value, exact) in found.outputs_at(place).iter().zip(values) {
            let exact = exact.to_f64().unwrap();
            assert!((value - exact).abs() <= 1e-9 * (1.0 + exact.abs()), "{value} {exact}");
        }
    }
    found
}

fn random_input(rng: &mut Xoshiro256PlusPlus, inputs: usize) -> Vec<f32> {
    (0..inputs).map(|_| rng.random_range(-2.0..2.0)).collect()
}

#[test]
fn kinks_agree_with_rational_numbers() {
    let mut rng = rng(11, Purpose::Draw, 0);
    let mut exact_decisions = 0;
    for round in 0..60 {
        let mut widths = vec![rng.random_range(1..=4)];
        widths.extend((0..rng.random_range(1..=4)).map(|_| rng.random_range(1..=5)));
        widths.push(rng.random_range(1..=3));
        if round % 2 == 0 {
            let net = random_net(&mut rng, &widths, any_number);
            check(&net, [random_input(&mut rng, widths[0]), random_input(&mut rng, widths[0])]);
        } else {
            let net = random_net(&mut rng, &widths, small_number);
            let ends = [(); 2].map(|()| (0..widths[0]).map(|_| small_number(&mut rng, 0)).collect());
            exact_decisions += check(&net, ends).exact_decisions;
        }
    }
    assert!(exact_decisions > 30, "coinciding kinks are decided by integers: {exact_decisions}");
}

#[test]
fn duplicated_neurons_kink_at_the_same_place() {
    let mut rng = rng(12, Purpose::Draw, 0);
    let mut net = random_net(&mut rng, &[3, 6, 4, 2], any_number);
    let (weights, bias) = &mut net[0];
    weights.copy_within(0..9, 9);
    bias.copy_within(0..3, 3);
    // The same line from the other side.
    weights[9..12].iter_mut().for_each(|weight| *weight *= -2.0);
    bias[3] *= -2.0;
    let found = check(&net, [random_input(&mut rng, 3), random_input(&mut rng, 3)]);
    assert!(found.places.len() < found.kinks.len() + 2);
    assert!(found.exact_decisions > 0);
}

#[test]
fn a_line_of_one_point_has_no_kinks() {
    let net = random_net(&mut rng(13, Purpose::Draw, 0), &[3, 5, 5, 2], any_number);
    let point = vec![0.5, -1.0, 2.0];
    let found = check(&net, [point.clone(), point]);
    assert_eq!((found.kinks.len(), found.places.len()), (0, 2));
}

#[test]
fn places_closer_than_rounding_are_told_apart() {
    // 0 at p/q and at (p − 1)/(q − 2), with q = 2²⁴ − 1 and 2p = q − 1: they differ by 1/(q·(q − 2)) = 4·10⁻¹⁵. The other inputs cancel, but
    // not in the bounds.
    let large = 8_388_608.0;
    let weights = vec![16_777_215.0, large, -large, 16_777_213.0, large, -large];
    let net = vec![(weights, vec![-8_388_607.0, -8_388_606.0]), (vec![1.0, -1.0], vec![0.0])];
    let found = check(&net, [vec![0.0, 1.0, 1.0], vec![1.0; 3]]);
    assert_eq!(found.kinks.iter().map(|kink| kink.neuron).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(found.exact_decisions, 2);
}

#[test]
fn between_neighbouring_kinks_of_a_wide_network_one_neuron_differs() {
    // The second method: whole forward passes between the kinks, each with its own rounding.
    let widths = [48, 128, 128, 10];
    let mut rng = rng(14, Purpose::Draw, 0);
    let net = random_net(&mut rng, &widths, any_number);
    let ends = [random_input(&mut rng, 48), random_input(&mut rng, 48)];
    let found = found(&net, ends.clone());
    assert!(found.kinks.len() > 100, "{}", found.kinks.len());
    assert_eq!(found.places.len(), found.kinks.len() + 2);
    let pattern = |t: f64| {
        let mut signal: Vec<f64> =
            ends[0].iter().zip(&ends[1]).map(|(&a, &b)| f64::from(a) + t * (f64::from(b) - f64::from(a))).collect();
        let mut on = Vec::new();
        for (weights, bias) in &net[..2] {
            let inputs = signal.len();
            let sums: Vec<f64> = bias
                .iter()
                .enumerate()
                .map(|(neuron, &bias)| {
                    let row = &weights[neuron * inputs..][..inputs];
                    row.iter().zip(&signal).map(|(&w, h)| f64::from(w) * h).sum::<f64>() + f64::from(bias)
                })
                .collect();
            on.push(sums.iter().map(|&sum| sum > 0.0).collect::<Vec<_>>());
            signal = sums.iter().map(|sum| sum.max(0.0)).collect();
        }
        on
    };
    let mut before = pattern(found.places[0]);
    for (kink, ends) in found.kinks.iter().zip(found.places[1..].windows(2)) {
        before[kink.layer as usize][kink.neuron as usize] ^= true;
        assert_eq!(before[kink.layer as usize][kink.neuron as usize], kink.turns_on);
        if ends[1] - ends[0] > 1e-10 {
            assert_eq!(pattern((ends[0] + ends[1]) / 2.0), before, "after {kink:?}");
        }
    }
    let (first, changes) = found.changes();
    let largest = |t: f64| {
        let place = found.places.partition_point(|&other| other <= t).clamp(1, found.places.len() - 1);
        let (from, to) = (found.places[place - 1], found.places[place]);
        let share = (t - from) / (to - from);
        let value =
            |class: usize| found.outputs_at(place - 1)[class] * (1.0 - share) + found.outputs_at(place)[class] * share;
        (0..10).max_by(|&a, &b| value(a).total_cmp(&value(b))).unwrap() as u32
    };
    let mut now = first;
    let mut next = changes.iter().peekable();
    for step in 0..=10_000 {
        let t = RANGE[0] + (RANGE[1] - RANGE[0]) * f64::from(step) / 10_000.0;
        while let Some(change) = next.next_if(|change| change.t <= t) {
            now = change.class;
        }
        assert_eq!(largest(t), now, "at {t}");
    }
}

#[test]
fn where_the_largest_output_changes_is_found_between_kinks() {
    // Outputs |t| = relu(t) + relu(−t), 1/4 and −1: the first is the largest but for |t| < 1/4.
    let net = vec![(vec![1.0, -1.0], vec![0.0, 0.0]), (vec![1.0, 1.0, 0.0, 0.0, 0.0, 0.0], vec![0.0, 0.25, -1.0])];
    let found = check(&net, [vec![0.0], vec![1.0]]);
    let change = |t, class| Change { t, class };
    assert_eq!(found.changes(), (0, vec![change(-0.25, 1), change(0.25, 0)]));
    assert_eq!(LineKinks::default().changes(), (0, vec![]));
}

#[test]
fn a_line_is_told_and_drawn_as_it_is() {
    // As above: 1/4 is the largest output between −1/4 and 1/4, |t| elsewhere.
    let net = vec![(vec![1.0, -1.0], vec![0.0, 0.0]), (vec![1.0, 1.0, 0.0, 0.0], vec![0.0, 0.25])];
    let found = self::found(&net, [vec![0.0], vec![1.0]]);
    let names = ["cat".to_owned(), "dog".to_owned()];
    assert_eq!(
        kinks::prediction_sentence(&found, &names),
        "Predicted along the line: cat, from t = −0.25 dog, from t = 0.25 cat."
    );
    let start = kinks::count_sentence(&found);
    assert!(start.starts_with("2 kinks, exactly: "), "{start}");
    assert_eq!(kinks::outputs_at(&found, -0.25), [0.25, 0.25]);
    assert_eq!(kinks::outputs_at(&found, 1.5), [1.5, 0.25]);
    assert_eq!(kinks::outputs_at(&found, -9.0), [0.5, 0.25], "the line ends at −1/2");
    assert_eq!(kinks::nearest(&found, 0.7).map(|kink| kink.t.abs()), Some(0.0));
    assert_eq!(kinks::csv(&found), "t,layer,neuron,goes\n0,1,1,on\n0,1,2,off\n");
    let chart = kinks::chart(&found, &names);
    assert_eq!((chart.x, chart.lines.len(), chart.kinks.len()), ((-0.5, 1.5), 2, 2));
    assert!(chart.kinks.iter().all(|&(_, y)| y < 0.0 && y > chart.y.0), "below the curves, and in the picture");
    assert_eq!(kinks::chart(&LineKinks::default(), &names).lines.len(), 0);
    assert_eq!(kinks::outputs_at(&LineKinks::default(), 0.0), [0.0; 0]);
}

#[test]
fn what_makes_no_line_is_none() {
    let net = random_net(&mut rng(15, Purpose::Draw, 0), &[2, 3, 2], any_number);
    let rows = rows(&net);
    let ends = || [vec![0.0, 1.0], vec![1.0, 0.0]];
    assert!(Sweep::new(&rows, ends(), RANGE).is_some());
    assert!(Sweep::new(&rows, ends(), [1.0, 1.0]).is_none());
    assert!(Sweep::new(&rows, [vec![0.0], vec![1.0]], RANGE).is_none());
    assert!(Sweep::new(&rows, [vec![0.0, f32::NAN], vec![1.0, 0.0]], RANGE).is_none());
    assert!(Sweep::new(&rows[1..], [vec![0.0; 3], vec![1.0; 3]], RANGE).is_none(), "no hidden layer");
}

/// `cargo test --release --no-default-features --test core speed_of_line_kinks -- --ignored --nocapture`
#[cfg(not(target_arch = "wasm32"))]
#[test]
#[ignore = "measures"]
fn speed_of_line_kinks() {
    for widths in [[3072, 512, 512, 10], [3072, 8192, 8192, 10]] {
        let mut rng = rng(1, Purpose::Draw, 0);
        let net = random_net(&mut rng, &widths, any_number);
        let ends = [random_input(&mut rng, widths[0]), random_input(&mut rng, widths[0])];
        let start = std::time::Instant::now();
        let rows = rows(&net);
        let mut sweep = Sweep::new(&rows, ends, RANGE).unwrap();
        let mut longest: f64 = 0.0;
        loop {
            let piece = std::time::Instant::now();
            let is_done = sweep.advance(&rows);
            longest = longest.max(piece.elapsed().as_secs_f64());
            if is_done {
                break;
            }
        }
        let (found, seconds) = (sweep.found(), start.elapsed().as_secs_f64());
        println!(
            "{widths:?}: kinks {:?} in {seconds:.3} s, the longest piece {:.1} ms, {} of {} decisions by integers",
            found.counts,
            longest * 1e3,
            found.exact_decisions,
            found.decisions
        );
    }
}
