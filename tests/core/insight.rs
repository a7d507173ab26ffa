use ndarray::{Array2, ArrayView2};
use piecewise::data::normalise::normalise;
use piecewise::data::{CLASSES, PIXELS, Purpose, rng};
use piecewise::nn::{Init, Mlp, Workspace};
use piecewise::train::{Alike, Config, LocalEngine, Prediction, WeightImage, alike, predict};
use rand::RngExt;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::train::{part, sample};

#[test]
fn probabilities_are_the_softmax_and_do_not_overflow() {
    let mut rng = rng(1, Purpose::Draw, 0);
    for size in [1e-6, 1.0, 30.0, 1e30] {
        let logits: [f32; CLASSES] = std::array::from_fn(|_| rng.random_range(-size..size));
        let prediction = Prediction::of(logits);
        let max = logits.into_iter().fold(f32::NEG_INFINITY, f32::max);
        let powers = logits.map(|logit| (f64::from(logit) - f64::from(max)).exp());
        for (probability, power) in prediction.probabilities.into_iter().zip(powers) {
            assert!((f64::from(probability) - power / powers.iter().sum::<f64>()).abs() < 1e-6, "{prediction:?}");
        }
        assert_eq!((prediction.logits, logits[prediction.class()]), (logits, max));
    }
    let equal = Prediction::of([7.0; CLASSES]);
    assert_eq!((equal.probabilities, equal.class()), ([0.1; CLASSES], 0));
    assert!(Prediction::of([f32::NAN; CLASSES]).probabilities[0].is_nan());
    let bytes = postcard::to_allocvec(&equal).unwrap();
    assert_eq!(postcard::from_bytes::<Prediction>(&bytes).unwrap(), equal);
}

#[test]
fn one_image_is_predicted_as_in_a_batch() {
    let data = sample(1).validation;
    let net = Mlp::<f32>::new(&[PIXELS, 20, CLASSES], Init::He, &mut rng(3, Purpose::Init, 0));
    let mut x = Array2::zeros((30, PIXELS));
    for (index, mut row) in x.outer_iter_mut().enumerate() {
        normalise(data.get(index).0, row.as_slice_mut().unwrap());
    }
    let mut work = Workspace::default();
    let logits = net.forward(x.view(), &mut work);
    let mut engine = LocalEngine::of(&Config::default(), net.clone());
    for (index, row) in logits.outer_iter().enumerate() {
        let prediction = predict(&mut engine, data.get(index).0).unwrap();
        for (class, logit) in row.iter().enumerate() {
            assert!((prediction.logits[class] - logit).abs() < 1e-4);
            assert!(prediction.probabilities[class] <= prediction.probabilities[prediction.class()]);
        }
    }
}

#[test]
fn weights_become_images_on_their_own_scale() {
    let mut weight = Array2::<f32>::zeros((4, PIXELS));
    weight[(0, 0)] = 3.0;
    weight[(0, 1)] = -4.0;
    weight[(0, PIXELS - 1)] = 2.0;
    weight.row_mut(2).fill(-1e-3);
    weight.row_mut(3).fill(0.5);
    let image = WeightImage::of(weight.view(), 0).unwrap();
    assert_eq!((image.neuron, image.norm, image.largest), (0, 29_f64.sqrt(), 4.0));
    // 127.5 · (1 + w / 4): 223.125, 0, 127.5 for 0, and 191.25.
    assert_eq!(image.pixels[..3], [223, 0, 128]);
    assert_eq!((image.pixels.len(), image.pixels[PIXELS - 1]), (PIXELS, 191));
    let all = |neuron| WeightImage::of(weight.view(), neuron).unwrap().pixels;
    assert_eq!((all(1), all(2), all(3)), (vec![128; PIXELS], vec![0; PIXELS], vec![255; PIXELS]));
    assert_eq!(WeightImage::of(weight.view(), 4), None);

    let neurons = |count| -> Vec<usize> {
        WeightImage::strongest(weight.view(), count).iter().map(|image| image.neuron).collect()
    };
    assert_eq!((neurons(2), neurons(9), neurons(0)), (vec![3, 0], vec![3, 0, 2, 1], vec![]));
    assert_eq!(WeightImage::strongest(weight.view(), 2)[1], image);
    let equal = [1.0; 3 * PIXELS];
    let equal = WeightImage::strongest(ArrayView2::from_shape((3, PIXELS), &equal).unwrap(), 2);
    assert_eq!((equal[0].neuron, equal[1].neuron), (0, 1), "of equals, the first");
}

#[test]
fn a_weight_is_read_back_from_its_byte() {
    let net = Mlp::<f32>::new(&[PIXELS, 6, CLASSES], Init::He, &mut rng(8, Purpose::Init, 0));
    let weight = net.layers[0].weight.view();
    let images = WeightImage::strongest(weight, 6);
    assert!(images.is_sorted_by(|a, b| a.norm >= b.norm));
    for image in images {
        for (byte, w) in image.pixels.iter().zip(weight.row(image.neuron)) {
            let read = (f64::from(*byte) / 127.5 - 1.0) * f64::from(image.largest);
            assert!((read - f64::from(*w)).abs() <= f64::from(image.largest) / 254.9);
        }
    }
}

#[test]
fn a_network_that_takes_all_images_for_the_same_is_noticed_and_a_dead_layer_named() {
    let data = part(&sample(2), 600, 0);
    let train: Vec<u32> = (0..600).collect();
    let config = Config::default();
    let net = Mlp::<f32>::new(&[PIXELS, 20, 20, CLASSES], Init::He, &mut rng(4, Purpose::Init, 0));
    let of = |net: &Mlp<f32>, train: &[u32]| alike(&mut LocalEngine::of(&config, net.clone()), &data, train).unwrap();
    assert_eq!(of(&net, &train), None, "some images get other classes");
    let mut dead = net.clone();
    dead.layers[1].bias.fill(-1e6);
    assert_eq!(of(&dead, &train), Some(Alike { images: 200, dead_layer: Some(2) }), "every third image");
    let mut stuck = net.clone();
    stuck.layers[2].bias[3] = 1e6;
    assert_eq!(of(&stuck, &train), Some(Alike { images: 200, dead_layer: None }));
    let of_one: Vec<u32> = train.iter().copied().filter(|index| data.train.get(*index as usize).1 == 3).collect();
    assert_eq!(of(&stuck, &of_one), None, "images of one class may well get one");
}
