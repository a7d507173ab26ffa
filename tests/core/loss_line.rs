use piecewise::data::{CLASSES, Dataset, PIXELS, Purpose, random_label, rng};
use piecewise::nn::{Init, Mlp};
use piecewise::train::loss_line::{Evidence, FROM, LossLine, LossPoint, POINTS, TO};
use piecewise::train::{Config, LocalEngine, predict};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::train::{part, sample};

fn net(hidden: &[usize], seed: u64) -> Mlp<f32> {
    Mlp::new(&[&[PIXELS][..], hidden, &[CLASSES]].concat(), Init::He, &mut rng(seed, Purpose::Init, 0))
}

fn measured(mut line: LossLine, data: &Dataset) -> (Vec<LossPoint>, usize) {
    let mut calls = 1;
    while !line.advance(data) {
        calls += 1;
    }
    assert!(line.advance(data), "done stays done");
    (line.points().to_vec(), calls)
}

/// Image by image, in f64 from the logits on.
fn slow(net: &Mlp<f32>, config: &Config, data: &Dataset, images: usize) -> (f64, f64) {
    let (mut loss, mut correct) = (0.0, 0);
    let mut engine = LocalEngine::of(&Config::default(), net.clone());
    for index in 0..images {
        let (pixels, label) = data.train.get(index);
        let label = usize::from(if config.random_labels { random_label(config.seed, index) } else { label });
        let prediction = predict(&mut engine, pixels).unwrap();
        let max = f64::from(prediction.logits[prediction.class()]);
        let sum: f64 = prediction.logits.iter().map(|&logit| (f64::from(logit) - max).exp()).sum();
        loss += sum.ln() + max - f64::from(prediction.logits[label]);
        correct += usize::from(prediction.class() == label);
    }
    (loss / images as f64, correct as f64 / images as f64)
}

#[test]
fn every_point_is_what_the_network_there_loses() {
    let data = part(&sample(1), 700, 0);
    for random_labels in [false, true] {
        let config = Config { hidden: vec![12], random_labels, ..Config::default() };
        let (initial, trained) = (net(&[12], 1), net(&[12], 2));
        let line = LossLine::new(initial.clone(), trained.clone(), &config, (0..620).collect());
        let (points, calls) = measured(line, &data);
        assert_eq!((points.len(), calls), (POINTS, 3 * POINTS), "256 images, 256 and 108");
        assert_eq!((points[0].alpha, points[POINTS - 1].alpha), (FROM, TO));
        assert_eq!((points[5].alpha, points[25].alpha), (0.0, 1.0));
        for at in [0, 5, 11, 25, 30] {
            let mut between = initial.clone();
            for (layer, to) in between.layers.iter_mut().zip(&trained.layers) {
                let alpha = points[at].alpha;
                let mix = |from: f32, to: f32| ((1.0 - alpha) * f64::from(from) + alpha * f64::from(to)) as f32;
                layer.weight.zip_mut_with(&to.weight, |from, &to| *from = mix(*from, to));
                layer.bias.zip_mut_with(&to.bias, |from, &to| *from = mix(*from, to));
            }
            let (loss, accuracy) = slow(&between, &config, &data, 620);
            assert!((points[at].loss - loss).abs() < 1e-4 * loss, "{:?} instead of {loss}", points[at]);
            assert!((points[at].accuracy - accuracy).abs() < 0.004, "{:?} instead of {accuracy}", points[at]);
        }
    }
}

#[test]
fn a_linear_classifiers_loss_is_never_seen_not_convex() {
    // Cross-entropy is convex in the logits, and those are affine in α.
    let data = part(&sample(1), 200, 0);
    for seed in 0..6 {
        let config = Config { hidden: vec![], ..Config::default() };
        let (points, _) =
            measured(LossLine::new(net(&[], seed), net(&[], seed + 10), &config, (0..100).collect()), &data);
        let evidence = Evidence::of(&points);
        assert_eq!(evidence.not_convex, None, "seed {seed}");
        assert!(evidence.not_concave.is_some(), "seed {seed}");
    }
}

#[test]
fn without_images_or_without_a_way_there_is_nothing_to_see() {
    let config = Config { hidden: vec![5], ..Config::default() };
    let data = part(&sample(1), 60, 0);
    assert!(LossLine::new(net(&[5], 1), net(&[5], 2), &config, Vec::new()).advance(&Dataset::default()));
    let (points, _) = measured(LossLine::new(net(&[5], 1), net(&[5], 1), &config, (0..60).collect()), &data);
    assert_eq!(Evidence::of(&points), Evidence::default(), "only rounding moves the weights: {points:?}");
}

fn planted(f: impl Fn(f64) -> f64) -> Vec<LossPoint> {
    let alpha = |at| FROM + (TO - FROM) * at as f64 / 30.0;
    (0..=30).map(|at| LossPoint { alpha: alpha(at), loss: f(alpha(at)), accuracy: 0.0 }).collect()
}

#[test]
fn planted_curves_show_their_shape() {
    // Of (α - 0.5)², the chord from end to end is farthest above the middle: by 0.75².
    let evidence = Evidence::of(&planted(|alpha| 3.0 + (alpha - 0.5).powi(2)));
    let chord = evidence.not_concave.unwrap();
    assert_eq!(evidence.not_convex, None);
    assert_eq!(chord.points.map(|point| point.alpha), [FROM, 0.5, TO]);
    assert!((chord.gap() - 0.5625).abs() < 1e-12);

    let evidence = Evidence::of(&planted(|alpha| 3.0 - (alpha - 0.5).powi(2)));
    assert!(evidence.not_concave.is_none() && (evidence.not_convex.unwrap().gap() + 0.5625).abs() < 1e-12);

    // A bump on a valley: both, and the bump is told by a chord below its top.
    let evidence = Evidence::of(&planted(|alpha| 1.0 + (alpha - 0.5).abs() + if alpha == 0.5 { 0.4 } else { 0.0 }));
    assert_eq!(evidence.not_convex.unwrap().points[1].alpha, 0.5);
    assert!(evidence.not_concave.is_some());
    for chord in [evidence.not_convex, evidence.not_concave].into_iter().flatten() {
        let [left, middle, right] = chord.points;
        assert!(left.alpha < middle.alpha && middle.alpha < right.alpha);
        let slope = (right.loss - left.loss) / (right.alpha - left.alpha);
        assert!((left.loss + slope * (middle.alpha - left.alpha) - chord.height).abs() < 1e-12);
    }

    assert_eq!(Evidence::of(&planted(|alpha| 2.0 - alpha)), Evidence::default());
    assert_eq!(Evidence::of(&planted(|_| f64::NAN)), Evidence::default());
    assert_eq!(Evidence::of(&[]), Evidence::default());
}
