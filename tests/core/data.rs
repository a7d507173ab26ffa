use piecewise::data::normalise::{MEAN, STD, normalise};
use piecewise::data::{CLASSES, PIXELS, PLANE, sample};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn normalising_is_per_channel() {
    let mut pixels = vec![0; 2 * PIXELS];
    pixels[0] = 255; // image 0, red
    pixels[PLANE + 5] = 51; // image 0, green
    pixels[PIXELS + 2 * PLANE] = 102; // image 1, blue
    let mut out = vec![f32::NAN; 2 * PIXELS];
    normalise(&pixels, &mut out);
    let expected = |byte: f32, channel: usize| (byte / 255.0 - MEAN[channel]) / STD[channel];
    for (at, byte, channel) in
        [(0, 255.0, 0), (1, 0.0, 0), (PLANE + 5, 51.0, 1), (PIXELS + 2 * PLANE, 102.0, 2), (PIXELS - 1, 0.0, 2)]
    {
        assert!((out[at] - expected(byte, channel)).abs() < 1e-6, "at {at}: {}", out[at]);
    }
}

#[test]
fn the_sample_depends_on_the_seed_and_not_on_the_pieces() {
    let make = |seed, piece| {
        let mut generator = sample::Generator::new(seed);
        while !generator.advance(piece) {}
        generator.finish()
    };
    let data = make(1, 700);
    assert_eq!((data.train.len(), data.validation.len()), (sample::TRAIN, sample::VALIDATION));
    let again = make(1, 6000);
    let other = make(2, 6000);
    assert_eq!(data.train.batches(), again.train.batches());
    assert_eq!(data.validation.batches(), again.validation.batches());
    assert_ne!(data.train.batches(), other.train.batches());
    for split in [&data.train, &data.validation] {
        for class in 0..CLASSES as u8 {
            let count = (0..split.len()).filter(|&index| split.get(index).1 == class).count();
            assert_eq!(count, split.len() / CLASSES);
        }
    }
}
