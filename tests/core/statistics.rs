use piecewise::data::{Batch, CLASSES, Images, PIXELS, PLANE, Split, Statistics};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::train::sample;

/// Two passes in f64, as the definition has it.
fn slow(split: &Split) -> [(f64, f64); 3] {
    [0, 1, 2].map(|channel| {
        let plane = |index| split.get(index).0[channel * PLANE..][..PLANE].iter().map(|&byte| f64::from(byte) / 255.0);
        let count = (split.len() * PLANE) as f64;
        let mean = (0..split.len()).flat_map(plane).sum::<f64>() / count;
        let variance = (0..split.len()).flat_map(plane).map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        (mean, variance.sqrt())
    })
}

#[test]
fn statistics_are_what_two_slow_passes_say_and_do_not_depend_on_the_pieces() {
    let data = sample(3);
    let count = |piece| {
        let mut statistics = Statistics::default();
        let mut calls = 1;
        while !statistics.advance(&data.train, piece) {
            calls += 1;
        }
        (statistics, calls)
    };
    let (statistics, calls) = count(700);
    assert_eq!((calls, statistics.images(), statistics.class_counts), (8, 5000, [500; CLASSES]));
    assert_eq!(statistics, count(usize::MAX).0);
    let (mean, std) = (statistics.mean().unwrap(), statistics.std().unwrap());
    for (channel, slow) in slow(&data.train).into_iter().enumerate() {
        assert!((mean[channel] - slow.0).abs() < 1e-9 && (std[channel] - slow.1).abs() < 1e-9, "{channel}");
    }
}

#[test]
fn planted_images_have_the_planted_statistics() {
    let mut statistics = Statistics::default();
    assert_eq!((statistics.mean(), statistics.std(), statistics.images()), (None, None, 0));
    assert!(statistics.clone().advance(&Split::default(), 10), "nothing to do");
    // Red: half 0, half 255. Green: all 51. Blue: black in one image and white in the other.
    for label in [4, 9] {
        let mut pixels = vec![51; PIXELS];
        pixels[..PLANE / 2].fill(0);
        pixels[PLANE / 2..PLANE].fill(255);
        pixels[2 * PLANE..].fill(if label == 4 { 0 } else { 255 });
        statistics.add(&pixels, label);
    }
    assert_eq!(statistics.mean(), Some([0.5, 0.2, 0.5]));
    assert_eq!(statistics.std(), Some([0.5, 0.0, 0.5]));
    assert_eq!(statistics.class_counts, [0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
}

#[test]
fn sums_do_not_overflow_where_all_is_white() {
    let images = Images { pixels: vec![255; 40 * PIXELS], labels: vec![1; 40] };
    let mut split = Split::default();
    split.push(Batch { name: "white".into(), images, validation: false });
    let mut statistics = Statistics::default();
    while !statistics.advance(&split, 7) {}
    assert_eq!((statistics.mean(), statistics.std()), (Some([1.0; 3]), Some([0.0; 3])));
}
