use ndarray::{Array1, Array2};
use piecewise::data::normalise::normalise;
use piecewise::data::{CLASSES, Dataset, PIXELS, Purpose, rng};
use piecewise::nn::{Init, Mlp};
use piecewise::train::Config;
use piecewise::train::scale::{Scale, Scaling, expected_stds};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::train::{part, sample};

fn measured(net: &Mlp<f32>, config: &Config, images: usize, data: &Dataset) -> Scale {
    let mut scaling = Scaling::new(config, (0..images as u32).collect());
    assert_eq!(scaling.scale(), None);
    while !scaling.advance(net, data) {
        assert!(scaling.done() < images);
    }
    scaling.scale().unwrap()
}

fn close(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance * expected.abs()
}

#[test]
fn scales_are_what_slow_sums_say() {
    let data = part(&sample(2), 600, 0);
    let config = Config::default();
    let mut net = Mlp::<f32>::new(&[PIXELS, 9, 7, CLASSES], Init::He, &mut rng(4, Purpose::Init, 0));
    net.layers[0].bias.fill(0.3);
    net.layers[1].bias[2] = -1e3;
    let scale = measured(&net, &config, 550, &data);

    let mut inputs: Vec<Array1<f32>> = (0..550)
        .map(|index| {
            let mut x = vec![0.0; PIXELS];
            normalise(data.train.get(index).0, &mut x);
            Array1::from(x)
        })
        .collect();
    let squares: f64 = inputs.iter().flatten().map(|&x| f64::from(x).powi(2)).sum();
    assert!(close(scale.input_mean_square, squares / (550 * PIXELS) as f64, 1e-9));
    let mut logits = Array2::<f64>::zeros((550, CLASSES));
    assert_eq!((scale.images, scale.layers.len()), (550, 3));
    for (layer, found) in net.layers.iter().zip(&scale.layers) {
        let all: Vec<Array1<f32>> = inputs.iter().map(|x| layer.weight.dot(x) + &layer.bias).collect();
        let z: Vec<f64> = all.iter().flatten().map(|&z| f64::from(z)).collect();
        let mean = z.iter().sum::<f64>() / z.len() as f64;
        let std = (z.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / z.len() as f64).sqrt();
        let rms = (z.iter().map(|z| z * z).sum::<f64>() / z.len() as f64).sqrt();
        assert!(close(found.mean, mean, 1e-4) && close(found.std, std, 1e-4) && close(found.rms, rms, 1e-4));
        assert!(close(found.largest, z.iter().fold(0.0, |largest, z| z.abs().max(largest)), 1e-5));
        let positive = z.iter().filter(|&&z| z > 0.0).count() as f64 / z.len() as f64;
        assert!((found.positive_share - positive).abs() < 1e-3);
        assert_eq!(found.width, layer.bias.len());
        if found.width == CLASSES {
            logits = Array2::from_shape_vec((550, CLASSES), z).unwrap();
        }
        inputs = all.iter().map(|z| z.mapv(|z| z.max(0.0))).collect();
    }
    let (mut loss, mut largest) = (0.0, 0.0);
    for (index, row) in logits.outer_iter().enumerate() {
        let sum: f64 = row.iter().map(|z| z.exp()).sum();
        loss += sum.ln() - row[usize::from(data.train.get(index).1)];
        largest += row.iter().fold(0.0, |largest: f64, z| largest.max(z.exp())) / sum;
    }
    assert!(close(scale.loss, loss / 550.0, 1e-5) && close(scale.largest_probability, largest / 550.0, 1e-5));
}

#[test]
fn the_prediction_is_the_mean_over_many_networks() {
    let data = part(&sample(1), 20, 0);
    let widths = [PIXELS, 64, 48, CLASSES];
    const NETS: u64 = 60;
    for init in [Init::He, Init::Homework] {
        let config = Config { hidden: vec![64, 48], init, ..Config::default() };
        let mut mean_squares = [0.0; 3];
        let mut input = 0.0;
        for seed in 0..NETS {
            let net = Mlp::<f32>::new(&widths, init, &mut rng(seed, Purpose::Init, 0));
            let scale = measured(&net, &config, 20, &data);
            input = scale.input_mean_square;
            for (sum, layer) in mean_squares.iter_mut().zip(&scale.layers) {
                *sum += layer.rms.powi(2) / NETS as f64;
            }
        }
        // The fewer neurons, the more the draws differ; a lost factor of 2 would be seen.
        for ((mean, expected), tolerance) in
            mean_squares.into_iter().zip(expected_stds(init, &widths, input)).zip([0.1, 0.2, 0.3])
        {
            assert!(close(mean, expected * expected, tolerance), "{init:?}: {mean} instead of {}", expected.powi(2));
        }
    }
}

#[test]
fn predictions_in_closed_form() {
    let he = expected_stds(Init::He, &[PIXELS, 100, 200, CLASSES], 0.5);
    assert!(he.iter().all(|&std| close(std, 1.0, 1e-12)), "{he:?}");
    let homework = expected_stds(Init::Homework, &[3072, 8192, 8192, 10], 1.0);
    let expected = [1.0 / 3072_f64.sqrt(), 1.0 / (3072.0 * 16384_f64).sqrt(), 1.0 / 3072_f64.sqrt() / 16384.0];
    assert!(homework.iter().zip(expected).all(|(&std, expected)| close(std, expected, 1e-12)), "{homework:?}");
    assert!(expected_stds(Init::He, &[], 1.0).is_empty());
}

#[test]
fn the_homeworks_network_knows_nothing_at_first() {
    let data = part(&sample(1), 100, 0);
    let widths = [PIXELS, 256, 256, CLASSES];
    let config = |init| Config { hidden: vec![256, 256], init, ..Config::default() };
    let scale = |init| measured(&Mlp::new(&widths, init, &mut rng(1, Purpose::Init, 0)), &config(init), 100, &data);
    let homework = scale(Init::Homework);
    assert!((homework.loss - homework.chance_loss).abs() < 1e-4 && (homework.chance_loss - 10_f64.ln()).abs() < 1e-15);
    assert!((homework.largest_probability - 0.1).abs() < 1e-4, "{homework:?}");
    assert!(scale(Init::He).largest_probability > 0.2);
}
