use num_traits::{One, Zero};
use piecewise::data::{Purpose, rng};
use piecewise::piecewise::{
    Bend, Chord, Decimal, Interval, Layer, Net, NetError, Pieces, Rational, Shape, Verdict, bounds, constructions,
};
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn q(numerator: i64, denominator: i64) -> Rational {
    Rational::new(numerator.into(), denominator.into())
}

fn dec(text: &str) -> Rational {
    text.parse::<Decimal>().unwrap().to_rational()
}

/// f(x) = c + Σ w2·relu(w1·x + b1), neurons as (w1, b1, w2).
fn two_layers(neurons: &[(Rational, Rational, Rational)], c: Rational) -> Net {
    let first = Layer {
        weights: neurons.iter().map(|(w, _, _)| vec![w.clone()]).collect(),
        bias: neurons.iter().map(|(_, b, _)| b.clone()).collect(),
    };
    let second = Layer { weights: vec![neurons.iter().map(|(_, _, v)| v.clone()).collect()], bias: vec![c] };
    Net::new(vec![first, second]).unwrap()
}

fn small(neurons: &[(i64, i64, i64)]) -> Net {
    let neurons: Vec<_> = neurons.iter().map(|&(w, b, v)| (q(w, 1), q(b, 1), q(v, 1))).collect();
    two_layers(&neurons, q(0, 1))
}

fn kinks(net: &Net) -> Vec<Rational> {
    Pieces::of(net).kinks().iter().map(|kink| kink.x.clone()).collect()
}

fn verdict(net: &Net) -> Verdict {
    Shape::of(&Pieces::of(net)).verdict
}

/// Everything that must hold of any net, checked against the forward pass alone.
fn check_against_forward_pass(net: &Net) {
    let pieces = Pieces::of(net);
    let list = pieces.pieces();
    assert_eq!(list.len(), pieces.kinks().len() + 1);
    assert!(list.len() <= bounds::max_regions(&net.hidden_widths()).try_into().unwrap_or(usize::MAX));
    assert_eq!(list[0].interval.start, None);
    assert_eq!(list[list.len() - 1].interval.end, None);
    for (kink, pair) in pieces.kinks().iter().zip(list.windows(2)) {
        assert_eq!(pair[0].interval.end.as_ref(), Some(&kink.x));
        assert_eq!(pair[1].interval.start.as_ref(), Some(&kink.x));
        assert_ne!(pair[0].slope, pair[1].slope, "a kink changes the slope");
        assert_eq!(pair[0].at(&kink.x), kink.y, "continuous from the left");
        assert_eq!(pair[1].at(&kink.x), kink.y, "continuous from the right");
        assert!(!kink.bends.is_empty(), "some neuron makes each kink");
    }
    for piece in list {
        let Interval { start, end } = &piece.interval;
        let (a, b) = match (start, end) {
            (Some(a), Some(b)) => (a.clone(), b.clone()),
            (Some(a), None) => (a.clone(), a + q(1000, 1)),
            (None, Some(b)) => (b - q(1000, 1), b.clone()),
            (None, None) => (q(-1000, 1), q(1000, 1)),
        };
        for share in [q(0, 1), q(1, 97), q(1, 2), q(60, 61), q(1, 1)] {
            let x = &a + (&b - &a) * share;
            assert_eq!(net.eval(&x), piece.at(&x), "at {x}");
        }
    }
    check_shape(net, &pieces);
}

fn check_chord(net: &Net, chord: &Chord, above: bool) {
    let [a, b, c] = &chord.x;
    assert!(a < b && b < c);
    for (x, f) in chord.x.iter().zip(&chord.f) {
        assert_eq!(net.eval(x), *f);
    }
    let share = (b - a) / (c - a);
    assert_eq!(chord.chord, &chord.f[0] * (Rational::one() - &share) + &chord.f[2] * share);
    assert_eq!(chord.f[1] > chord.chord, above);
    assert_ne!(chord.f[1], chord.chord);
}

fn check_shape(net: &Net, pieces: &Pieces) {
    let shape = Shape::of(pieces);
    let slopes: Vec<_> = pieces.pieces().iter().map(|piece| &piece.slope).collect();
    let rises = slopes.windows(2).any(|pair| pair[0] < pair[1]);
    let falls = slopes.windows(2).any(|pair| pair[0] > pair[1]);
    let expected = match (rises, falls) {
        (false, false) => Verdict::Linear,
        (true, false) => Verdict::Convex,
        (false, true) => Verdict::Concave,
        (true, true) => Verdict::Neither,
    };
    assert_eq!(shape.verdict, expected);
    assert_eq!(shape.not_convex.is_some(), falls);
    assert_eq!(shape.not_concave.is_some(), rises);
    if let Some(chord) = &shape.not_convex {
        check_chord(net, chord, true);
    }
    if let Some(chord) = &shape.not_concave {
        check_chord(net, chord, false);
    }
}

fn random_number(rng: &mut Xoshiro256PlusPlus) -> Rational {
    // Small numbers, zero often: coincidences are what goes wrong.
    if rng.random_bool(0.2) { Rational::zero() } else { q(rng.random_range(-4..=4), rng.random_range(1..=3)) }
}

fn random_net(rng: &mut Xoshiro256PlusPlus, hidden: &[usize]) -> Net {
    let widths = [&[1], hidden, &[1]].concat();
    let layer = |pair: &[usize]| Layer {
        weights: (0..pair[1]).map(|_| (0..pair[0]).map(|_| random_number(rng)).collect()).collect(),
        bias: (0..pair[1]).map(|_| random_number(rng)).collect(),
    };
    Net::new(widths.windows(2).map(layer).collect()).unwrap()
}

#[test]
fn planted_kinks_are_found_where_they_were_planted() {
    let mut rng = rng(11, Purpose::Init, 0);
    for _ in 0..300 {
        let width = rng.random_range(1..=16);
        // Kinks at n/840, with slope changes that are not zero; two neurons may share a place but not cancel.
        let mut planted: Vec<i64> = Vec::new();
        let neurons: Vec<_> = (0..width)
            .map(|_| {
                let at = rng.random_range(-50..50);
                planted.push(at);
                let sign = if rng.random_bool(0.5) { 1 } else { -1 };
                let w = q(sign * rng.random_range(1..9), rng.random_range(1..5));
                let b = -&w * q(at, 840);
                (w, b, q(rng.random_range(1..9), 7))
            })
            .collect();
        planted.sort_unstable();
        planted.dedup();
        let net = two_layers(&neurons, random_number(&mut rng));
        let expected: Vec<_> = planted.iter().map(|&at| q(at, 840)).collect();
        assert_eq!(kinks(&net), expected);
        assert_eq!(verdict(&net), Verdict::Convex, "all second weights are positive");
        check_against_forward_pass(&net);
    }
}

#[test]
fn bends_that_coincide_make_one_kink_of_both_neurons() {
    let net = small(&[(1, -1, 1), (2, -2, 3)]);
    let pieces = Pieces::of(&net);
    let kink = &pieces.kinks()[0];
    assert_eq!(pieces.kinks().len(), 1);
    assert_eq!((&kink.x, &kink.y), (&q(1, 1), &q(0, 1)));
    assert_eq!(kink.bends, [Bend { layer: 1, neuron: 1 }, Bend { layer: 1, neuron: 2 }]);
}

#[test]
fn bends_that_cancel_make_no_kink() {
    // relu(x) - relu(-x) = x
    assert_eq!(kinks(&small(&[(1, 0, 1), (-1, 0, -1)])), []);
    assert_eq!(verdict(&small(&[(1, 0, 1), (-1, 0, -1)])), Verdict::Linear);
    // 2·relu(x - 3) - relu(2x - 6) = 0, and a third neuron still bends.
    assert_eq!(kinks(&small(&[(1, -3, 2), (2, -6, -1), (1, 1, 1)])), [q(-1, 1)]);
}

#[test]
fn dead_neurons_and_zero_weights_make_no_kink() {
    for dead in [(0, 5, 1), (0, -5, 1), (0, 0, 1), (3, 1, 0), (0, 0, 0)] {
        assert_eq!(kinks(&small(&[dead])), []);
        assert_eq!(kinks(&small(&[dead, (1, 2, 1)])), [q(-2, 1)]);
    }
}

#[test]
fn kinks_a_billionth_apart_are_two_and_none_is_lost() {
    let one = Rational::one;
    let neuron = |at: &str, slope: i64| (one(), -dec(at), q(slope, 1));
    let net = two_layers(&[neuron("0.5", 1), neuron("0.500000001", -1)], q(0, 1));
    assert_eq!(kinks(&net), [dec("0.5"), dec("0.500000001")]);
    assert_eq!(verdict(&net), Verdict::Neither);
    check_against_forward_pass(&net);
    // And where they are equal, they cancel.
    assert_eq!(kinks(&two_layers(&[neuron("0.5", 1), neuron("0.5", -1)], q(0, 1))), []);
}

#[test]
fn the_homeworks_examples() {
    assert_eq!(verdict(&small(&[(1, 0, 1), (-1, 0, -1)])), Verdict::Linear);
    assert_eq!(verdict(&small(&[(1, 0, 1), (-1, 0, 1)])), Verdict::Convex);
    assert_eq!(verdict(&small(&[(1, 0, -1), (-1, 0, -1)])), Verdict::Concave);
    assert_eq!(verdict(&small(&[(1, 0, 1), (1, -1, -1)])), Verdict::Neither);
}

#[test]
fn the_shape_on_an_interval_counts_inner_kinks_only() {
    // Convex at 0, concave at 1.
    let pieces = Pieces::of(&small(&[(1, 0, 1), (1, -1, -1)]));
    let on = |a: i64, b: i64| Shape::on(&pieces, &Interval { start: Some(q(a, 2)), end: Some(q(b, 2)) });
    assert_eq!(on(-2, 1).verdict, Verdict::Convex);
    assert_eq!(on(0, 2).verdict, Verdict::Linear, "kinks at the ends do not count");
    assert_eq!(on(1, 4).verdict, Verdict::Concave);
    let shape = on(-1, 3);
    assert_eq!(shape.verdict, Verdict::Neither);
    for chord in [shape.not_convex, shape.not_concave].into_iter().flatten() {
        assert!(chord.x[0] >= q(-1, 2) && chord.x[2] <= q(3, 2), "the witness stays inside");
    }
}

#[test]
fn random_nets_agree_with_the_forward_pass() {
    let mut rng = rng(12, Purpose::Init, 0);
    let shapes: [&[usize]; 9] = [&[], &[1], &[2], &[5], &[16], &[2, 2], &[3, 4], &[2, 3, 2], &[2, 2, 2, 2]];
    for round in 0..60 {
        for hidden in shapes {
            let net = random_net(&mut rng, hidden);
            check_against_forward_pass(&net);
            assert!(round > 0 || net.hidden_widths() == hidden);
        }
    }
}

#[test]
fn a_second_layer_bends_where_the_first_did_and_in_between() {
    // Telgarsky's tent, twice: t(x) = 2·relu(x) - 4·relu(x - 1/2), f = t(t(x)).
    let tent = |input: Vec<Vec<Rational>>| Layer { weights: input, bias: vec![q(0, 1), q(-1, 2)] };
    let out = || vec![q(2, 1), q(-4, 1)];
    let net = Net::new(vec![
        tent(vec![vec![q(1, 1)], vec![q(1, 1)]]),
        tent(vec![out(), out()]),
        Layer { weights: vec![out()], bias: vec![q(0, 1)] },
    ])
    .unwrap();
    let pieces = Pieces::of(&net);
    let found: Vec<_> = pieces.kinks().iter().map(|kink| (kink.x.clone(), kink.bends.clone())).collect();
    let bend = |layer, neuron| Bend { layer, neuron };
    assert_eq!(
        found,
        [
            (q(0, 1), vec![bend(1, 1), bend(2, 1)]),
            (q(1, 4), vec![bend(2, 2)]),
            (q(1, 2), vec![bend(1, 2)]),
            (q(3, 4), vec![bend(2, 2)]),
            (q(1, 1), vec![bend(2, 1)]),
        ]
    );
    check_against_forward_pass(&net);
}

#[test]
fn the_bound_is_the_product_of_widths_plus_one() {
    assert_eq!(bounds::product(&[]), 1_u32.into());
    assert_eq!(bounds::product(&[5]), 6_u32.into());
    assert_eq!(bounds::product(&[2, 3, 1]), 24_u32.into());
    let large = num_bigint::BigUint::from(17_u32).pow(40);
    assert_eq!([bounds::product(&[16; 40]), bounds::max_regions(&[16; 40])], [large.clone(), large]);
}

#[test]
fn layers_that_do_not_fit_are_refused() {
    let layer =
        |rows: usize, columns: usize| Layer { weights: vec![vec![q(1, 1); columns]; rows], bias: vec![q(0, 1); rows] };
    assert_eq!(Net::new(vec![]), Err(NetError::Empty));
    assert_eq!(
        Net::new(vec![layer(2, 1), layer(1, 3)]),
        Err(NetError::Shape { layer: 2, what: "columns", expected: 2, found: 3 })
    );
    assert_eq!(Net::new(vec![layer(2, 1)]), Err(NetError::Shape { layer: 1, what: "rows", expected: 1, found: 2 }));
    let bias = Layer { bias: vec![], ..layer(1, 1) };
    assert_eq!(Net::new(vec![bias]), Err(NetError::Shape { layer: 1, what: "biases", expected: 1, found: 0 }));
}

#[test]
fn a_kink_lists_only_neurons_that_f_depends_on() {
    let layer = |weights: &[&[i64]], bias: &[i64]| Layer {
        weights: weights.iter().map(|row| row.iter().map(|&w| q(w, 1)).collect()).collect(),
        bias: bias.iter().map(|&b| q(b, 1)).collect(),
    };
    let bends = |layers: Vec<Layer>| {
        let pieces = Pieces::of(&Net::new(layers).unwrap());
        pieces.kinks().iter().map(|kink| kink.bends.clone()).collect::<Vec<_>>()
    };
    let bend = |layer, neuron| Bend { layer, neuron };
    // Both neurons bend at 0, but the second has no weight in the output.
    assert_eq!(bends(vec![layer(&[&[1], &[1]], &[0, 0]), layer(&[&[1, 0]], &[0])]), [[bend(1, 1)]]);
    // The first layer's second neuron bends at 0 as well, but the only neuron that takes it is dead there.
    let net = vec![layer(&[&[1], &[1]], &[0, 0]), layer(&[&[1, 0], &[0, 1]], &[0, -9]), layer(&[&[1, 1]], &[0])];
    let found = bends(net);
    assert_eq!(found, [vec![bend(1, 1), bend(2, 1)], vec![bend(2, 2)]]);
    // A neuron that is not listed can be taken away: f stays what it is near the kink.
    let mut rng = rng(15, Purpose::Init, 0);
    let mut removed = 0;
    for _ in 0..300 {
        let net = random_net(&mut rng, &[3, 3, 2]);
        let pieces = Pieces::of(&net);
        for (index, kink) in pieces.kinks().iter().enumerate() {
            let sums = net.sums_at(std::slice::from_ref(&kink.x));
            for (layer, neurons) in sums[..3].iter().enumerate() {
                // Where a later neuron is 0 as well, taking this one away could wake that one.
                if sums[layer + 1..3].iter().flatten().any(Rational::is_zero) {
                    continue;
                }
                let step = q(1, 1_000_000_000);
                let beside = [&kink.x - &step, &kink.x + &step].map(|x| net.sums_at(&[x]));
                let bends = |neuron: usize| {
                    let [left, right] = beside.each_ref().map(|sums| sums[layer][neuron] > q(0, 1));
                    neurons[neuron].is_zero() && left != right
                };
                for neuron in (0..neurons.len()).filter(|&neuron| bends(neuron)) {
                    if kink.bends.contains(&bend(layer + 1, neuron + 1)) {
                        continue;
                    }
                    let mut layers = net.layers().to_vec();
                    layers[layer + 1].weights.iter_mut().for_each(|row| row[neuron] = q(0, 1));
                    let without = Net::new(layers).unwrap();
                    let near = |piece: &piecewise::piecewise::Piece| {
                        let Interval { start, end } = &piece.interval;
                        let step = match (start, end) {
                            (Some(start), Some(end)) => (end - start) / q(1_000_000, 1),
                            _ => q(1, 1_000_000),
                        };
                        if start.as_ref() == Some(&kink.x) { &kink.x + step } else { &kink.x - step }
                    };
                    for piece in &pieces.pieces()[index..index + 2] {
                        let x = near(piece);
                        assert_eq!(net.eval(&x), without.eval(&x));
                    }
                    removed += 1;
                }
            }
        }
    }
    assert!(removed > 5, "{removed} neurons made nothing");
}

fn regions_of_construction(hidden: &[usize]) -> usize {
    Pieces::of(&constructions::most_regions(hidden)).pieces().len()
}

fn most(hidden: &[usize]) -> usize {
    bounds::max_regions(hidden).try_into().unwrap()
}

#[test]
fn the_construction_has_as_many_pieces_as_it_promises_and_never_more_than_the_bound() {
    let mut rng = rng(12, Purpose::Init, 0);
    let mut checked = 0;
    while checked < 150 {
        let hidden: Vec<usize> = (0..rng.random_range(0..=6)).map(|_| rng.random_range(1..=4)).collect();
        if bounds::product(&hidden) > 3000_u32.into() {
            continue;
        }
        checked += 1;
        let promised: usize = constructions::regions(&hidden).try_into().unwrap();
        assert_eq!(regions_of_construction(&hidden), promised, "{hidden:?}");
        assert!(promised <= most(&hidden), "{hidden:?}: {promised} of {}", most(&hidden));
        assert!(bounds::max_regions(&hidden) <= bounds::product(&hidden), "{hidden:?}");
    }
    for hidden in [&[4, 3, 5][..], &[2, 2], &[2, 2, 2], &[3, 2, 2], &[2, 1, 1], &[1, 3], &[2, 2, 2, 2], &[3, 1, 2]] {
        let net = constructions::most_regions(hidden);
        check_against_forward_pass(&net);
        assert!(kinks(&net).iter().all(|x| q(-5, 1) < *x && *x < q(5, 1)), "all in the shown interval: {hidden:?}");
    }
}

#[test]
fn the_most_regions_are_known_for_these_widths() {
    let wide: &[(&[usize], usize)] =
        &[(&[1], 2), (&[7], 8), (&[3, 3], 16), (&[3, 2], 12), (&[4, 3, 2], 60), (&[16, 5], 102), (&[3, 16, 2], 204)];
    // Narrow ones, where the product is out of reach.
    let narrow: &[(&[usize], usize)] = &[
        (&[1, 1], 3),
        (&[1, 1, 1], 3),
        (&[1, 1, 1, 1, 1], 3),
        (&[1, 4], 6),
        (&[1, 1, 4], 7),
        (&[1, 2, 2], 8),
        (&[2, 1], 5),
        (&[2, 1, 1], 6),
        (&[2, 1, 1, 1], 6),
        (&[2, 2], 7),
        (&[2, 3], 9),
        (&[2, 5], 13),
        (&[2, 2, 1], 11),
        (&[2, 2, 2], 19),
        (&[3, 1], 7),
        (&[4, 1], 8),
        (&[3, 2, 1], 17),
        (&[3, 2, 2], 28),
        (&[3, 2, 1, 1], 21),
        (&[3, 3, 2, 2], 112),
        (&[3, 1, 2], 15),
    ];
    for (hidden, regions) in wide {
        assert_eq!((regions_of_construction(hidden), most(hidden)), (*regions, *regions), "{hidden:?}");
        assert_eq!(bounds::product(hidden), (*regions).into(), "{hidden:?}");
    }
    for (hidden, regions) in narrow {
        assert_eq!((regions_of_construction(hidden), most(hidden)), (*regions, *regions), "{hidden:?}");
        assert!(bounds::product(hidden) > (*regions).into(), "{hidden:?}");
    }
    // Here a gap is left.
    for (hidden, known, bound) in
        [(&[2; 4][..], 43, 47), (&[2; 5], 115, 123), (&[2, 2, 2, 1], 25, 27), (&[2, 2, 1, 1], 13, 14)]
    {
        assert_eq!((regions_of_construction(hidden), most(hidden)), (known, bound), "{hidden:?}");
    }
}

#[test]
fn networks_that_were_found_by_search_are_within_the_bound() {
    let found: Net = Net::new(vec![
        Layer { weights: vec![vec![q(2, 1)], vec![q(-6, 1)]], bias: vec![q(-9, 1), q(-6, 1)] },
        Layer { weights: vec![vec![q(5, 1), q(5, 1)], vec![q(-3, 1), q(-2, 1)]], bias: vec![q(-9, 1), q(9, 1)] },
        Layer { weights: vec![vec![q(1, 1), q(2, 1)]], bias: vec![q(-2, 1)] },
    ])
    .unwrap();
    assert_eq!((Pieces::of(&found).pieces().len(), most(&[2, 2])), (7, 7));
    // A random network of small weights often has bends at the same place, which only makes fewer.
    let mut rng = rng(13, Purpose::Init, 0);
    for hidden in [&[2, 2][..], &[3, 1], &[1, 3], &[2, 3], &[2, 1], &[2, 1, 1], &[2, 2, 1], &[1, 1, 2], &[2, 2, 2]] {
        let mut largest = 0;
        for _ in 0..1500 {
            largest = largest.max(Pieces::of(&random_net(&mut rng, hidden)).pieces().len());
        }
        assert!(largest <= most(hidden), "{hidden:?}: {largest}");
        assert!(largest >= 3, "{hidden:?}: such networks bend");
    }
}

#[test]
fn the_sawtooth_doubles_with_every_layer() {
    for hidden_layers in 1..=6 {
        let net = constructions::sawtooth(hidden_layers);
        let pieces = Pieces::of(&net);
        let inside = pieces.kinks().iter().filter(|kink| q(0, 1) < kink.x && kink.x < q(1, 1)).count();
        assert_eq!(inside + 1, 1 << hidden_layers);
        check_against_forward_pass(&net);
    }
}

#[test]
fn interpolation_goes_through_its_points() {
    let mut rng = rng(14, Purpose::Init, 0);
    for count in 1..20 {
        let mut x = q(-5, 1);
        let mut points = Vec::new();
        for _ in 0..count {
            points.push((x.clone(), random_number(&mut rng)));
            x += q(rng.random_range(1..9), rng.random_range(1..9));
        }
        let net = constructions::interpolation(&points);
        assert_eq!(net.hidden_widths(), [count - 1]);
        for (x, y) in &points {
            assert_eq!(net.eval(x), *y);
        }
        let pieces = Pieces::of(&net);
        assert!(pieces.kinks().iter().all(|kink| points.iter().any(|(x, _)| *x == kink.x)), "bends at points only");
    }
}

#[test]
fn numbers_beyond_128_bits_are_no_different() {
    // The same function, its first layer's weights divided by a large prime power and the second's multiplied.
    let mut rng = rng(15, Purpose::Init, 0);
    let huge = Rational::from(num_bigint::BigInt::from(1_000_003).pow(8));
    for hidden in [&[3, 4][..], &[5], &[2, 2, 2]] {
        for _ in 0..20 {
            let net = random_net(&mut rng, hidden);
            let mut layers = net.layers().to_vec();
            for weight in layers[0].weights.iter_mut().flatten() {
                *weight /= &huge;
            }
            for bias in &mut layers[0].bias {
                *bias /= &huge;
            }
            for weight in layers[1].weights.iter_mut().flatten() {
                *weight *= &huge;
            }
            assert_eq!(Pieces::of(&Net::new(layers).unwrap()), Pieces::of(&net));
        }
    }
}

#[test]
fn planted_kinks_at_every_depth_are_found_with_their_neuron() {
    // Width-1 chains u + c, all positive, carry x; one neuron of one layer bends at a planted place.
    let mut rng = rng(16, Purpose::Init, 0);
    for depth in 1..=5 {
        for layer in 0..depth {
            let at = q(rng.random_range(-30..30), 7);
            // Neuron 1: x + 100, passed on. Neuron 2 of the planted layer: relu(x - at), passed on, too.
            let big = q(100, 1);
            let mut layers = Vec::new();
            for index in 0..depth {
                let inputs = if index == 0 { 1 } else { 2 };
                let row = |first: i64, second: i64| [q(first, 1), q(second, 1)][..inputs].to_vec();
                let pass = (row(1, 0), if index == 0 { big.clone() } else { q(0, 1) });
                let planted = match index.cmp(&layer) {
                    std::cmp::Ordering::Less => (row(0, 0), q(0, 1)),
                    std::cmp::Ordering::Equal => (row(1, 0), if index == 0 { -&at } else { -&at - &big }),
                    std::cmp::Ordering::Greater => (row(0, 1), q(0, 1)),
                };
                layers.push(Layer { weights: vec![pass.0, planted.0], bias: vec![pass.1, planted.1] });
            }
            layers.push(Layer { weights: vec![vec![q(1, 1), q(3, 1)]], bias: vec![-&big] });
            let net = Net::new(layers).unwrap();
            let pieces = Pieces::of(&net);
            let kink = pieces.kinks().iter().find(|kink| kink.x == at).unwrap();
            assert!(kink.bends.contains(&Bend { layer: layer + 1, neuron: 2 }), "{:?}", kink.bends);
            check_against_forward_pass(&net);
        }
    }
}

#[test]
fn steps_of_the_analysis_are_small_and_end() {
    let net = constructions::most_regions(&[3, 3, 3]);
    let mut analysis = piecewise::piecewise::Analysis::new(&net);
    // One cell of one layer a step: 1 + 4 + 16 + 64.
    let steps = (1..1000).find(|_| analysis.advance()).unwrap();
    assert_eq!(steps, 85);
    assert_eq!(analysis.finish(), Pieces::of(&net));
}
