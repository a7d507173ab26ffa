use ndarray::{Array2, Axis};
use piecewise::data::normalise::normalise;
use piecewise::data::{CLASSES, Dataset, PIXELS, Purpose, Split, rng};
use piecewise::nn::{Init, Mlp, relu};
use piecewise::train::{Config, LocalEngine, Mistake, Report, Reporting, Validation};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::train::{part, sample};

fn report(net: &Mlp<f32>, data: &Dataset, mistakes: usize) -> (Report, usize) {
    let mut engine = LocalEngine::of(&Config::default(), net.clone());
    let mut reporting = Reporting::new(Validation::Split, mistakes);
    let mut calls = 1;
    while !reporting.advance(&mut engine, data).unwrap() {
        calls += 1;
        assert!(reporting.done() < reporting.total(data));
    }
    (reporting.report(), calls)
}

/// The activations of each layer for all images, written out. The product is the network's own, so that a number is on
/// the same side of 0.
fn activations(net: &Mlp<f32>, split: &Split) -> Vec<Array2<f32>> {
    let mut x = Array2::zeros((split.len(), PIXELS));
    for (index, mut row) in x.outer_iter_mut().enumerate() {
        normalise(split.get(index).0, row.as_slice_mut().unwrap());
    }
    let mut all = Vec::new();
    for layer in &net.layers {
        let mut z = Array2::zeros((split.len(), layer.bias.len()));
        for at in (0..split.len()).step_by(500) {
            let rows = ndarray::s![at..(at + 500).min(split.len()), ..];
            layer.forward(x.slice(rows), z.slice_mut(rows));
        }
        if all.len() + 1 < net.layers.len() {
            relu::forward(z.view_mut());
        }
        all.push(z.clone());
        x = z;
    }
    all
}

#[test]
fn a_report_is_what_a_slow_count_says() {
    let data = part(&sample(2), 10, 1000);
    let split = &data.validation;
    let mut net = Mlp::<f32>::new(&[PIXELS, 30, 20, CLASSES], Init::He, &mut rng(4, Purpose::Init, 0));
    net.layers[0].bias[3] = -1e6;
    net.layers[1].bias.slice_mut(ndarray::s![5..9]).fill(-1e6);
    net.layers[1].bias[0] = 1e3;
    let all = activations(&net, split);

    let mut confusion = [[0; CLASSES]; CLASSES];
    let mut mistakes = Vec::new();
    for (index, logits) in all[2].axis_iter(Axis(0)).enumerate() {
        let label = split.get(index).1;
        let predicted = (0..CLASSES).rev().max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap();
        confusion[usize::from(label)][predicted] += 1;
        let sum: f64 = logits.iter().map(|&z| f64::from(z - logits[predicted]).exp()).sum();
        if predicted != usize::from(label) {
            mistakes.push(Mistake { index, label, predicted: predicted as u8, probability: 1.0 / sum });
        }
    }
    mistakes.sort_by(|a, b| b.probability.total_cmp(&a.probability));

    let (found, calls) = report(&net, &data, 12);
    assert_eq!((calls, found.images(), found.confusion), (4, 1000, confusion));
    assert_eq!(found.mistakes.len(), 12);
    for (ours, theirs) in found.mistakes.iter().zip(&mistakes) {
        assert!((ours.probability - theirs.probability).abs() < 1e-6, "{ours:?} instead of {theirs:?}");
    }
    assert!(found.mistakes.is_sorted_by(|a, b| a.probability >= b.probability));
    let everything = report(&net, &data, usize::MAX).0;
    let mut indices: Vec<usize> = everything.mistakes.iter().map(|mistake| mistake.index).collect();
    indices.sort_unstable();
    assert!(indices.is_sorted_by(|a, b| a < b) && indices.len() == mistakes.len());
    assert_eq!(report(&net, &data, 0).0.mistakes, []);

    assert_eq!(found.layers.len(), 2);
    for (layer, h) in found.layers.iter().zip(&all) {
        let zeros = h.iter().filter(|&&h| h == 0.0).count();
        assert!((layer.zero_share - zeros as f64 / h.len() as f64).abs() < 1e-12);
        let never = h.axis_iter(Axis(1)).filter(|neuron| neuron.iter().all(|&h| h == 0.0)).count();
        assert_eq!((layer.width, layer.never_fired), (h.ncols(), never));
    }
    assert!(found.layers[0].never_fired >= 1 && found.layers[1].never_fired >= 4);

    let right: u32 = (0..CLASSES).map(|class| confusion[class][class]).sum();
    assert_eq!(found.accuracy(), Some(f64::from(right) / 1000.0));
    for (class, accuracy) in found.class_accuracies().into_iter().enumerate() {
        assert_eq!(accuracy, Some(f64::from(confusion[class][class]) / 100.0));
    }
}

#[test]
fn equal_mistakes_are_in_the_order_of_the_images() {
    let data = part(&sample(2), 10, 30);
    // All logits are 0: everything is taken for class 0, with probability a tenth.
    let mut net = Mlp::<f32>::new(&[PIXELS, CLASSES], Init::He, &mut rng(1, Purpose::Init, 0));
    net.layers[0].weight.fill(0.0);
    let (found, _) = report(&net, &data, 5);
    let expected = [1, 2, 3, 4, 5].map(|index| Mistake { index, label: index as u8, predicted: 0, probability: 0.1 });
    assert_eq!(found.mistakes, expected);
    assert_eq!(found.layers, []);
    assert_eq!(found.class_accuracies()[..2], [Some(1.0), Some(0.0)]);
    let empty = report(&net, &Dataset::default(), 5).0;
    assert_eq!((empty.accuracy(), empty.class_accuracies()[3], empty.mistakes.len()), (None, None, 0));
}
