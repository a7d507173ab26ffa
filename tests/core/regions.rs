//! The exact linear regions of trained networks of two inputs, held against cutting in rational numbers.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::{FromPrimitive, Signed, ToPrimitive, Zero};
use piecewise::data::{Purpose, rng};
use piecewise::piecewise::regions::{
    Enumeration, Regions, Switching, TrainedLayer, TrainedNet, Verdict, Window, verdicts,
};
use piecewise::piecewise::{Rational, bounds};
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const UNIT_WINDOW: Window = Window { x: [0.0, 1.0], y: [0.0, 1.0] };
const WINDOW: Window = Window { x: [-1.5, 1.0], y: [-1.0, 1.25] };
const ALL: usize = usize::MAX;

fn net(layers: &[(&[&[f32]], &[f32])]) -> TrainedNet {
    let layer = |&(weights, bias): &(&[&[f32]], &[f32])| TrainedLayer {
        weights: weights.iter().map(|row| row.to_vec()).collect(),
        bias: bias.to_vec(),
    };
    TrainedNet::new(layers.iter().map(layer).collect()).unwrap()
}

fn random_net(
    rng: &mut Xoshiro256PlusPlus,
    widths: &[usize],
    mut number: impl FnMut(&mut Xoshiro256PlusPlus) -> f32,
) -> TrainedNet {
    let mut inputs = 2;
    let mut layers = Vec::new();
    for &width in widths {
        let mut row = |inputs: usize| (0..inputs).map(|_| number(rng)).collect::<Vec<f32>>();
        let weights = (0..width).map(|_| row(inputs)).collect();
        layers.push(TrainedLayer { weights, bias: row(width) });
        inputs = width;
    }
    TrainedNet::new(layers).unwrap()
}

/// As a network begins, or after some training: any 24 bits.
fn any_number(rng: &mut Xoshiro256PlusPlus) -> f32 {
    rng.random_range(-1.0..1.0)
}

/// Few numbers, so that lines coincide, meet in one point and miss.
fn small_number(rng: &mut Xoshiro256PlusPlus) -> f32 {
    rng.random_range(-3_i8..=3).into()
}

fn regions(net: &TrainedNet, window: Window) -> Regions {
    let mut enumeration = Enumeration::new(net, window, ALL);
    assert!(enumeration.advance(ALL));
    enumeration.finish()
}

// The reference: the same cells by clipping polygons of rational numbers, with no filter and nothing shared.

type Point = [Rational; 2];
type Form = [Rational; 3];

fn exact(value: f64) -> Rational {
    Rational::from_f64(value).unwrap()
}

fn at(form: &Form, point: &Point) -> Rational {
    &form[0] * &point[0] + &form[1] * &point[1] + &form[2]
}

/// The part of a polygon where a form, times a sign, is not negative.
fn clip(polygon: &[Point], form: &Form, sign: i64) -> Vec<Point> {
    let sign = Rational::from_integer(sign.into());
    let mut part = Vec::new();
    for (index, here) in polygon.iter().enumerate() {
        let next = &polygon[(index + 1) % polygon.len()];
        let (value, next_value) = (at(form, here) * &sign, at(form, next) * &sign);
        if !value.is_negative() {
            part.push(here.clone());
        }
        if (&value * &next_value).is_negative() {
            let share = &value / (&value - &next_value);
            part.push(std::array::from_fn(|axis| &here[axis] + &share * (&next[axis] - &here[axis])));
        }
    }
    part
}

fn twice_area(polygon: &[Point]) -> Rational {
    let pairs = polygon.iter().zip(polygon.iter().cycle().skip(1));
    pairs.map(|(p, q)| &p[0] * &q[1] - &q[0] * &p[1]).sum()
}

/// The sums of a layer as forms, where the layer before has these forms.
fn sums(layer: &TrainedLayer, before: &[Form]) -> Vec<Form> {
    let sum = |(row, &bias): (&Vec<f32>, &f32)| {
        let mut form = [Rational::zero(), Rational::zero(), exact(bias.into())];
        for (&weight, input) in row.iter().zip(before) {
            let weight = exact(weight.into());
            form.iter_mut().zip(input).for_each(|(sum, value)| *sum += &weight * value);
        }
        form
    };
    layer.weights.iter().zip(&layer.bias).map(sum).collect()
}

struct ReferenceCell {
    pattern: Vec<u64>,
    polygon: Vec<Point>,
    outputs: Vec<Form>,
}

fn reference(net: &TrainedNet, window: Window) -> Vec<ReferenceCell> {
    let one = || Rational::from_integer(1.into());
    let identity = vec![[one(), Rational::zero(), Rational::zero()], [Rational::zero(), one(), Rational::zero()]];
    let Window { x: [left, right], y: [bottom, top] } = window;
    let corners = [[left, bottom], [right, bottom], [right, top], [left, top]];
    let polygon = corners.map(|corner| corner.map(exact)).to_vec();
    let mut cells = vec![(Vec::new(), polygon, identity)];
    let (last, hidden) = net.layers().split_last().unwrap();
    for layer in hidden {
        let mut next = Vec::new();
        for (pattern, polygon, before) in cells {
            let forms = sums(layer, &before);
            let mut pieces = vec![(polygon, 0_u64)];
            for (neuron, form) in forms.iter().enumerate() {
                let cut = |(polygon, on): (Vec<Point>, u64)| {
                    let part = |sign, on| Some((clip(&polygon, form, sign), on));
                    let with_area = |(part, _): &(Vec<Point>, u64)| !twice_area(part).is_zero();
                    let is_zero = polygon.iter().all(|point| at(form, point).is_zero());
                    let above = if is_zero { None } else { part(1, on | 1 << neuron) };
                    [part(-1, on), above].into_iter().flatten().filter(with_area).collect::<Vec<_>>()
                };
                pieces = pieces.into_iter().flat_map(cut).collect();
            }
            for (polygon, on) in pieces {
                let passed = forms.iter().enumerate().map(|(neuron, form)| {
                    if on >> neuron & 1 == 1 { form.clone() } else { std::array::from_fn(|_| Rational::zero()) }
                });
                next.push(([&pattern[..], &[on]].concat(), polygon, passed.collect()));
            }
        }
        cells = next;
    }
    let cell = |(pattern, polygon, before): (Vec<u64>, Vec<Point>, Vec<Form>)| ReferenceCell {
        pattern,
        polygon,
        outputs: sums(last, &before),
    };
    cells.into_iter().map(cell).collect()
}

fn number(value: &Rational) -> f64 {
    value.to_f64().unwrap()
}

/// Everything that must hold of any regions, by themselves.
fn check_alone(net: &TrainedNet, window: Window, found: &Regions) {
    assert!(found.is_complete);
    let bound = bounds::max_regions_of_plane(&net.hidden_widths());
    assert!(num_bigint::BigUint::from(found.len()) <= bound, "{} cells, at most {bound}", found.len());
    let used: BTreeSet<u32> = found.polygons.iter().flatten().copied().collect();
    assert_eq!(used.len() + found.len(), found.edges + 1, "Euler: corners − edges + cells = 1");
    let patterns: BTreeSet<&[u64]> = (0..found.len()).map(|cell| found.pattern(cell)).collect();
    assert_eq!(patterns.len(), found.len(), "no pattern twice");
    assert_eq!(found.counts.last().copied().unwrap_or(1), found.len());
    let area = |polygon: &[u32]| {
        let points = polygon.iter().map(|&vertex| found.vertices[vertex as usize]);
        let next = polygon.iter().cycle().skip(1).map(|&vertex| found.vertices[vertex as usize]);
        points.zip(next).map(|([px, py], [qx, qy])| (px * qy - qx * py) / 2.0).sum::<f64>()
    };
    let whole = (window.x[1] - window.x[0]) * (window.y[1] - window.y[0]);
    // Coordinates of 10⁻¹⁶ of the reach: relative to the window, more if it is far from the origin.
    let reach = window.x.iter().chain(&window.y).fold(0.0_f64, |reach, value| reach.max(value.abs()));
    let slack = 1e-12 * (reach * reach + whole);
    for polygons in [&found.polygons, &found.parts] {
        let sum: f64 = polygons.iter().map(area).sum();
        assert!((sum - whole).abs() <= slack, "areas sum to {sum}, not {whole}");
        assert!(polygons.iter().all(|polygon| area(polygon) > -slack), "counter-clockwise");
    }
    for (layer, neurons) in found.switching.iter().enumerate() {
        for (neuron, &switching) in neurons.iter().enumerate() {
            let is_on = |cell: usize| found.pattern(cell)[layer] >> neuron & 1 == 1;
            let on = (0..found.len()).filter(|&cell| is_on(cell)).count();
            let expected = match on {
                0 => Switching::Off,
                on if on == found.len() => Switching::On,
                _ => Switching::Both,
            };
            assert_eq!(switching, expected, "layer {layer}, neuron {neuron}");
        }
    }
}

fn check_against_reference(net: &TrainedNet, window: Window) -> Regions {
    let found = regions(net, window);
    check_alone(net, window, &found);
    let expected = reference(net, window);
    assert_eq!(found.len(), expected.len());
    let total: Rational = expected.iter().map(|cell| twice_area(&cell.polygon)).sum();
    let sides = [window.x, window.y].map(|[from, to]| exact(to) - exact(from));
    assert_eq!(total, &sides[0] * &sides[1] * Rational::from_integer(2.into()), "the reference tiles the window");
    let by_pattern: BTreeMap<&[u64], usize> = (0..found.len()).map(|cell| (found.pattern(cell), cell)).collect();
    let width = window.x[1] - window.x[0];
    let by_place = |a: &[f64; 2], b: &[f64; 2]| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]));
    for cell in &expected {
        let index = by_pattern[&cell.pattern[..]];
        // Clipping leaves no corner that is none, as lines of other cells do not meet the cell's edges elsewhere.
        let mut corners: Vec<[f64; 2]> = cell.polygon.iter().map(|point| [0, 1].map(|i| number(&point[i]))).collect();
        let mut mine: Vec<[f64; 2]> =
            found.polygons.get(index).iter().map(|&vertex| found.vertices[vertex as usize]).collect();
        assert_eq!(mine.len(), corners.len(), "corners of {:?}", cell.pattern);
        // By place, up to rounding: sorted on a grid that is coarser than the error.
        let grid = |points: &mut Vec<[f64; 2]>| {
            points.iter_mut().flatten().for_each(|value| *value = (*value / width * 1e6).round() + 0.0);
            points.sort_by(by_place);
        };
        grid(&mut corners);
        grid(&mut mine);
        for (mine, theirs) in mine.iter().zip(&corners) {
            assert!((0..2).all(|i| (mine[i] - theirs[i]).abs() <= 1.0), "{mine:?} {theirs:?}");
        }
        for (map, form) in found.map(index).iter().zip(&cell.outputs) {
            for (value, exact) in map.iter().zip(form) {
                let exact = number(exact);
                assert!((value - exact).abs() <= 1e-9 * (1.0 + exact.abs()), "{value} {exact}");
            }
        }
        // In each part, the class predicted at the middle is the part's.
        for part in (0..found.parts.len()).filter(|&part| found.part_cells[part] as usize == index) {
            let corners = found.parts.get(part);
            let sum = |axis: usize| corners.iter().map(|&v| found.vertices[v as usize][axis]).sum::<f64>();
            let middle = [0, 1].map(|axis| exact(sum(axis) / corners.len() as f64));
            let mut outputs: Vec<Rational> = cell.outputs.iter().map(|form| at(form, &middle)).collect();
            if outputs.len() == 1 {
                outputs.insert(0, Rational::zero());
            }
            let class = found.part_classes[part] as usize;
            let first = outputs.iter().position(|value| outputs.iter().all(|other| other <= value)).unwrap();
            assert_eq!(class, first, "{outputs:?}");
        }
    }
    check_bends(&found);
    found
}

/// The pieces of bends are the edges where a neuron changes, counted by the cells' own edges.
fn check_bends(found: &Regions) {
    let mut sides: BTreeMap<[u32; 2], Vec<usize>> = BTreeMap::new();
    for (cell, polygon) in found.polygons.iter().enumerate() {
        for (&from, &to) in polygon.iter().zip(polygon.iter().cycle().skip(1)) {
            sides.entry([from.min(to), from.max(to)]).or_default().push(cell);
        }
    }
    assert_eq!(sides.len(), found.edges);
    let mut expected = BTreeSet::new();
    for (ends, cells) in &sides {
        assert!(cells.len() <= 2, "an edge has at most two sides");
        let [first, second] = cells[..] else { continue };
        for (layer, (p, q)) in found.pattern(first).iter().zip(found.pattern(second)).enumerate() {
            expected.extend((0..64).filter(|neuron| (p ^ q) >> neuron & 1 == 1).map(|neuron| (layer, neuron, *ends)));
        }
    }
    let mine = found.bends.iter().map(|bend| {
        let [from, to] = bend.ends;
        (bend.layer as usize, bend.neuron as usize, [from.min(to), from.max(to)])
    });
    assert_eq!(mine.collect::<BTreeSet<_>>(), expected);
}

#[test]
fn one_neuron_cuts_the_window_in_two() {
    let net = net(&[(&[&[1.0, 1.0]], &[-1.0]), (&[&[1.0]], &[-0.25])]);
    let found = check_against_reference(&net, UNIT_WINDOW);
    assert_eq!(found.len(), 2);
    assert_eq!(found.bends.len(), 1, "through two corners of the window");
    assert_eq!(found.boundary.len(), 1, "where x + y = 1.25");
    assert_eq!(found.switching, [[Switching::Both]]);
    assert!(found.exact_decisions > 0, "the line meets the corners exactly");
}

#[test]
fn networks_without_hidden_layers_have_one_cell() {
    let found = check_against_reference(&net(&[(&[&[1.0, 0.0], &[0.0, 1.0]], &[0.0, 0.0])]), UNIT_WINDOW);
    assert_eq!((found.len(), found.parts.len(), found.boundary.len()), (1, 2, 1));
}

/// On [0, 1], relu(t) and relu(t − ½) of both coordinates, of which the next layer makes the tent map 2·relu(t) − 4·relu(t − ½).
fn tents(layers: usize) -> TrainedNet {
    let first: &[&[f32]] = &[&[1.0, 0.0], &[1.0, 0.0], &[0.0, 1.0], &[0.0, 1.0]];
    let tent: &[&[f32]] =
        &[&[2.0, -4.0, 0.0, 0.0], &[2.0, -4.0, 0.0, 0.0], &[0.0, 0.0, 2.0, -4.0], &[0.0, 0.0, 2.0, -4.0]];
    let bias: &[f32] = &[0.0, -0.5, 0.0, -0.5];
    let hidden = (0..layers).map(|layer| (if layer == 0 { first } else { tent }, bias));
    let last: (&[&[f32]], &[f32]) = (&[&[2.0, -4.0, -2.0, 4.0]], &[0.0]);
    net(&hidden.chain([last]).collect::<Vec<_>>())
}

#[test]
fn folds_of_the_square_make_the_cells_that_were_planted() {
    for layers in 1..=4 {
        let found = if layers < 4 {
            check_against_reference(&tents(layers), UNIT_WINDOW)
        } else {
            regions(&tents(layers), UNIT_WINDOW)
        };
        // Each layer halves every strip; all zeros of relu(t) lie on edges that are there already.
        assert_eq!(found.len(), 4_usize.pow(layers as u32));
        assert_eq!(found.counts, (1..=layers).map(|layer| 4_usize.pow(layer as u32)).collect::<Vec<_>>());
        check_alone(&tents(layers), UNIT_WINDOW, &found);
    }
}

#[test]
fn degenerate_networks_are_cut_right() {
    let (two, three): (&[f32], &[f32]) = (&[0.0; 2], &[0.0; 3]);
    let zero = net(&[(&[two; 3], &[0.0; 3]), (&[three; 2], &[0.0; 2])]);
    let found = check_against_reference(&zero, WINDOW);
    assert_eq!((found.len(), found.boundary.len()), (1, 0));
    assert_eq!(found.switching, [[Switching::Off; 3]]);

    // One line three times, once from the other side; another parallel to it; one through the corner where it leaves the window.
    let rows: &[&[f32]] = &[&[1.0, 1.0], &[2.0, 2.0], &[-1.0, -1.0], &[1.0, 1.0], &[1.0, 0.0]];
    let alike = net(&[(rows, &[-1.0, -2.0, 1.0, -1.5, 0.0]), (&[&[1.0; 5]], &[0.0])]);
    let found = check_against_reference(&alike, UNIT_WINDOW);
    assert_eq!(found.len(), 3);
    let on_first = found.bends.iter().filter(|bend| bend.neuron < 3).count();
    assert_eq!(on_first, 3, "all three neurons bend on one edge");

    // A second layer whose lines lie on those of the first.
    let again = net(&[
        (&[&[1.0, 0.0], &[-1.0, 0.0], &[0.0, 1.0]], &[0.0, 0.0, 0.0]),
        (&[&[1.0, 0.0, 0.0], &[0.0, -1.0, 0.0], &[1.0, -1.0, 0.0], &[1.0, -1.0, 1.0]], &[0.0; 4]),
        (&[&[1.0, 2.0, 3.0, 4.0], &[4.0, 3.0, 2.0, 1.0]], &[0.0, 0.0]),
    ]);
    check_against_reference(&again, WINDOW);

    // All neurons off in half the window, and nothing after them.
    let dead = net(&[
        (&[&[1.0, 0.0], &[1.0, 0.0]], &[0.0, 0.0]),
        (&[&[1.0, -1.0], &[1.0, 1.0]], &[0.0, 0.0]),
        (&[&[1.0, 1.0]], &[0.0]),
    ]);
    assert_eq!(check_against_reference(&dead, WINDOW).len(), 2);
}

#[test]
fn networks_without_biases_are_cut_into_cones() {
    let mut rng = rng(3, Purpose::Draw, 0);
    for _ in 0..6 {
        let drawn = random_net(&mut rng, &[5, 4, 4, 2], any_number);
        let without = |layer: &TrainedLayer| TrainedLayer { bias: vec![0.0; layer.bias.len()], ..layer.clone() };
        let net = TrainedNet::new(drawn.layers().iter().map(without).collect()).unwrap();
        let found = check_against_reference(&net, WINDOW);
        assert!(found.exact_decisions > 0, "all lines meet at 0");
    }
}

#[test]
fn cells_agree_with_rational_clipping() {
    let mut rng = rng(1, Purpose::Draw, 0);
    for round in 0..30 {
        let layers = rng.random_range(1..=3);
        let mut widths: Vec<usize> = (0..layers).map(|_| rng.random_range(1..=5)).collect();
        widths.push(rng.random_range(1..=4));
        let net = if round % 2 == 0 {
            random_net(&mut rng, &widths, any_number)
        } else {
            random_net(&mut rng, &widths, small_number)
        };
        check_against_reference(&net, WINDOW);
    }
}

#[test]
fn a_window_far_inside_a_corner_is_cut_exactly() {
    // The window is 10⁻¹¹ wide, so f64 leaves signs in doubt that are not 0.
    let mut rng = rng(2, Purpose::Draw, 0);
    for _ in 0..4 {
        let net = random_net(&mut rng, &[4, 4, 2], any_number);
        let corners = regions(&net, WINDOW).vertices;
        let [x, y] = corners[corners.len() / 2];
        let window = Window { x: [x - 0.5e-11, x + 0.5e-11], y: [y - 0.5e-11, y + 0.5e-11] };
        let (found, expected) = (regions(&net, window), reference(&net, window));
        let patterns: BTreeSet<&[u64]> = (0..found.len()).map(|cell| found.pattern(cell)).collect();
        assert_eq!(patterns, expected.iter().map(|cell| &cell.pattern[..]).collect());
        assert!(found.len() > 1);
    }
}

#[test]
fn no_sample_contradicts_its_cell() {
    let mut rng = rng(4, Purpose::Draw, 0);
    let mut samples = 0;
    for widths in [&[16, 16, 2][..], &[8, 8, 8, 3], &[32, 2], &[6, 6, 6, 6, 6, 2]] {
        let net = random_net(&mut rng, widths, any_number);
        let found = regions(&net, WINDOW);
        check_alone(&net, WINDOW, &found);
        assert!(found.exact_decisions * 1000 < found.decisions, "f64 decides nearly all");
        let by_pattern: BTreeMap<&[u64], usize> = (0..found.len()).map(|cell| (found.pattern(cell), cell)).collect();
        for _ in 0..25_000 {
            let point: [f64; 2] = [rng.random_range(-1.5..1.0), rng.random_range(-1.0..1.25)];
            let mut signal = point.to_vec();
            let (mut pattern, mut least) = (Vec::new(), f64::INFINITY);
            for layer in &net.layers()[..net.layers().len() - 1] {
                let sum = |(row, &bias): (&Vec<f32>, &f32)| {
                    row.iter().zip(&signal).map(|(&weight, input)| f64::from(weight) * input).sum::<f64>()
                        + f64::from(bias)
                };
                let sums: Vec<f64> = layer.weights.iter().zip(&layer.bias).map(sum).collect();
                least = sums.iter().fold(least, |least, sum| least.min(sum.abs()));
                pattern.push(sums.iter().enumerate().map(|(i, &sum)| u64::from(sum > 0.0) << i).sum::<u64>());
                signal = sums.iter().map(|sum| sum.max(0.0)).collect();
            }
            if least < 1e-12 {
                continue;
            }
            samples += 1;
            let cell = by_pattern.get(&pattern[..]).unwrap_or_else(|| panic!("no cell {pattern:?}, at {point:?}"));
            let corners: Vec<[f64; 2]> =
                found.polygons.get(*cell).iter().map(|&vertex| found.vertices[vertex as usize]).collect();
            for (p, q) in corners.iter().zip(corners.iter().cycle().skip(1)) {
                let left = (q[0] - p[0]) * (point[1] - p[1]) - (q[1] - p[1]) * (point[0] - p[0]);
                assert!(left > -1e-9, "{point:?} is outside of its cell");
            }
        }
    }
    assert!(samples > 99_000, "{samples}");
}

#[test]
fn counts_never_exceed_the_bound_and_lines_in_general_position_attain_it() {
    let mut rng = rng(5, Purpose::Draw, 0);
    for _ in 0..60 {
        let layers = rng.random_range(1..=5);
        let hidden = (0..layers).map(|_| rng.random_range(1..=3));
        let widths: Vec<usize> = hidden.chain([1]).collect();
        let net = random_net(&mut rng, &widths, any_number);
        let window = Window { x: [-50.0, 50.0], y: [-50.0, 50.0] };
        check_alone(&net, window, &regions(&net, window));
    }
    let lines = random_net(&mut rng, &[9, 1], any_number);
    let far = Window { x: [-1e4, 1e4], y: [-1e4, 1e4] };
    assert_eq!(num_bigint::BigUint::from(regions(&lines, far).len()), bounds::max_regions_of_plane(&[9]));
    let known =
        [(&[1][..], 2_u32), (&[2], 4), (&[3], 7), (&[4, 4], 121), (&[16, 16], 137 * 137), (&[2, 2], 11), (&[1, 5], 7)];
    for (widths, bound) in known {
        assert_eq!(bounds::max_regions_of_plane(widths), bound.into(), "{widths:?}");
    }
}

#[test]
fn slices_find_what_one_go_finds_and_a_limit_is_said() {
    let net = random_net(&mut rng(6, Purpose::Draw, 0), &[8, 8, 2], any_number);
    let whole = regions(&net, WINDOW);
    let mut sliced = Enumeration::new(&net, WINDOW, ALL);
    while !sliced.advance(3) {}
    assert_eq!(sliced.finish(), whole);
    let mut limited = Enumeration::new(&net, WINDOW, 10);
    assert!(limited.advance(ALL));
    let part = limited.finish();
    assert_eq!((part.len(), part.is_complete), (10, false));
    assert!((0..10).all(|cell| part.pattern(cell) == whole.pattern(cell)));
    let improper = regions(&net, Window { x: [1.0, 1.0], y: [0.0, 1.0] });
    assert_eq!((improper.len(), improper.is_complete), (0, false));
    assert!(!regions(&net, Window { x: [f64::NAN, 1.0], y: [0.0, 1.0] }).is_complete);
}

#[test]
fn layers_that_make_no_network_are_none() {
    let layer =
        |inputs: usize, rows: usize| TrainedLayer { weights: vec![vec![1.0; inputs]; rows], bias: vec![0.0; rows] };
    assert!(TrainedNet::new(vec![]).is_none());
    assert!(TrainedNet::new(vec![layer(3, 1)]).is_none());
    assert!(TrainedNet::new(vec![layer(2, 3), layer(2, 1)]).is_none());
    assert!(TrainedNet::new(vec![layer(2, 65), layer(65, 1)]).is_none());
    assert!(TrainedNet::new(vec![layer(2, 0)]).is_none());
    let mut broken = layer(2, 1);
    broken.bias[0] = f32::NAN;
    assert!(TrainedNet::new(vec![broken]).is_none());
    assert_eq!(TrainedNet::new(vec![layer(2, 64), layer(64, 3)]).unwrap().outputs(), 3);
}

fn outputs_at(net: &TrainedNet, point: [f32; 2]) -> Vec<Rational> {
    let mut signal: Vec<Rational> = point.map(|value| exact(value.into())).to_vec();
    let last = net.layers().len() - 1;
    for (index, layer) in net.layers().iter().enumerate() {
        let constants: Vec<Form> =
            signal.into_iter().map(|value| [Rational::zero(), Rational::zero(), value]).collect();
        signal = sums(layer, &constants).into_iter().map(|[_, _, value]| value).collect();
        if index < last {
            signal.iter_mut().filter(|value| value.is_negative()).for_each(Zero::set_zero);
        }
    }
    signal
}

#[test]
fn verdicts_agree_with_rational_numbers_ties_included() {
    let mut rng = rng(7, Purpose::Draw, 0);
    let mut seen = [0; 3];
    for round in 0..40 {
        let outputs = rng.random_range(1..=3);
        let net = if round % 2 == 0 {
            random_net(&mut rng, &[4, 3, outputs], any_number)
        } else {
            random_net(&mut rng, &[3, 3, outputs], small_number)
        };
        let points: Vec<[f32; 2]> =
            (0..60).map(|_| [small_number(&mut rng) / 4.0, small_number(&mut rng) / 4.0]).collect();
        let classes: Vec<u8> = points.iter().map(|_| rng.random_range(0..outputs.max(2) as u8)).collect();
        let mine = verdicts(&net, &points, &classes);
        for ((&point, &class), verdict) in points.iter().zip(&classes).zip(mine) {
            let mut values = outputs_at(&net, point);
            if outputs == 1 {
                values.insert(0, Rational::zero());
            }
            let own = values.remove(class.into());
            let best = values.iter().max().unwrap();
            let expected = match own.cmp(best) {
                std::cmp::Ordering::Greater => Verdict::Right,
                std::cmp::Ordering::Less => Verdict::Wrong,
                std::cmp::Ordering::Equal => Verdict::Tie,
            };
            assert_eq!(verdict, expected, "{point:?} of class {class}");
            seen[expected as usize] += 1;
        }
    }
    assert!(seen.iter().all(|&count| count > 20), "{seen:?}");
    let net = net(&[(&[&[1.0, 0.0]], &[0.0])]);
    assert_eq!(verdicts(&net, &[[1.0, 0.0], [f32::NAN, 0.0]], &[2, 1]), [Verdict::Wrong; 2]);
}

#[test]
fn a_difference_below_rounding_decides_a_verdict() {
    // z₁ − z₀ = 2⁻¹⁴⁹ at (1, 1), which f64 cannot see beside 1.
    let tiny = f32::from_bits(1);
    let near = net(&[(&[&[1.0, 0.0], &[1.0, tiny]], &[1.0, 1.0])]);
    assert_eq!(
        verdicts(&near, &[[1.0, 1.0], [1.0, 0.0], [1.0, -1.0]], &[1; 3]),
        [Verdict::Right, Verdict::Tie, Verdict::Wrong]
    );
}

/// `cargo test --release --no-default-features --test core speed_of_regions -- --ignored --nocapture`
#[cfg(not(target_arch = "wasm32"))]
#[test]
#[ignore = "measures"]
fn speed_of_regions() {
    let mut rng = rng(1, Purpose::Draw, 0);
    let window = Window { x: [-1.5, 1.5], y: [-1.5, 1.5] };
    for widths in [&[16, 16, 2][..], &[32, 32, 32, 2], &[8, 8, 8, 8, 8, 8, 2]] {
        // Of a size that keeps signals as large as they come in.
        let mut inputs = 2;
        let mut layers = Vec::new();
        for &width in widths {
            let size = (6.0 / inputs as f32).sqrt();
            let mut row = |inputs: usize| (0..inputs).map(|_| size * any_number(&mut rng)).collect::<Vec<f32>>();
            let weights = (0..width).map(|_| row(inputs)).collect();
            layers.push(TrainedLayer { weights, bias: row(width) });
            inputs = width;
        }
        let net = TrainedNet::new(layers).unwrap();
        let mut times: Vec<f64> = Vec::new();
        for _ in 0..50 {
            let start = std::time::Instant::now();
            std::hint::black_box(regions(&net, window));
            times.push(start.elapsed().as_secs_f64());
        }
        times.sort_by(f64::total_cmp);
        let found = regions(&net, window);
        println!(
            "2–{widths:?}: {} cells, median {:.2} ms, {:.0} cells a second, {} of {} signs by integers",
            found.len(),
            times[25] * 1e3,
            found.len() as f64 / times[25],
            found.exact_decisions,
            found.decisions
        );
    }
}
