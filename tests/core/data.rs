use piecewise::data::augment::{self, Augment, Choice, Choices, MAX_PADDING};
use piecewise::data::normalise::{MEAN, STD, normalise, scales_and_offsets};
use piecewise::data::{CLASSES, PIXELS, PLANE, Purpose, SIDE, random_label, sample};
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
    let (scales, offsets) = scales_and_offsets();
    let numbers = pixels.iter().zip(scales.iter().zip(offsets).cycle());
    assert!(numbers.zip(&out).all(|((&byte, (scale, offset)), &out)| f32::from(byte) * scale + offset == out));
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

/// An image whose bytes tell channel, row and column apart.
fn picture() -> Vec<u8> {
    (0..PIXELS).map(|at| (at / PLANE * 85 + at % PLANE / SIDE * 11 + at % SIDE * 3) as u8).collect()
}

/// The slow way, as it is described: pad every row and column by mirrors, cut out, turn around.
fn reference(pixels: &[u8], padding: usize, left: usize, top: usize, flip: bool) -> Vec<u8> {
    let mirrored = |line: &[Vec<u8>]| {
        let before = (1..=padding).rev().map(|at| line[at].clone());
        let after = (1..=padding).map(|at| line[line.len() - 1 - at].clone());
        before.chain(line.iter().cloned()).chain(after).collect::<Vec<_>>()
    };
    let mut out = Vec::new();
    for plane in pixels.chunks(PLANE) {
        let rows: Vec<Vec<u8>> = plane.chunks(SIDE).map(<[u8]>::to_vec).collect();
        for row in &mirrored(&rows)[top..top + SIDE] {
            let cells: Vec<Vec<u8>> = row.iter().map(|&byte| vec![byte]).collect();
            let mut row = mirrored(&cells).concat()[left..left + SIDE].to_vec();
            if flip {
                row.reverse();
            }
            out.extend(row);
        }
    }
    out
}

#[test]
fn an_image_is_augmented_as_by_padding_cutting_and_turning() {
    let pixels = picture();
    for padding in 0..=MAX_PADDING as usize {
        for (left, top) in (0..=2 * padding).flat_map(|left| (0..=2 * padding).map(move |top| (left, top))) {
            for flip in [false, true] {
                let moved = |at: usize| at as i8 - padding as i8;
                let choice = Choice { dx: moved(left), dy: moved(top), flip };
                let expected = reference(&pixels, padding, left, top, flip);
                let mut bytes = vec![0; PIXELS];
                augment::augmented(&pixels, choice, &mut bytes);
                assert!(bytes == expected, "padding {padding}, {choice:?}");
            }
        }
    }
}

#[test]
fn the_edge_is_not_repeated() {
    let mut pixels = vec![0; PIXELS];
    pixels[..SIDE].copy_from_slice(&std::array::from_fn::<u8, SIDE, _>(|x| x as u8));
    let mut out = vec![0; PIXELS];
    augment::augmented(&pixels, Choice { dx: -3, dy: 0, flip: false }, &mut out);
    assert_eq!(out[..6], [3, 2, 1, 0, 1, 2]);
    augment::augmented(&pixels, Choice { dx: 3, dy: 0, flip: false }, &mut out);
    assert_eq!(out[SIDE - 6..SIDE], [29, 30, 31, 30, 29, 28]);
}

#[test]
fn the_padded_image_shows_through_the_window_what_is_trained_on() {
    let pixels = picture();
    for padding in [0, 3, MAX_PADDING] {
        let padded = augment::padded(&pixels, padding);
        let side = SIDE + 2 * usize::from(padding);
        assert_eq!(padded.len(), 3 * side * side);
        for (dx, dy) in [(0, 0), (-1, 1), (1, 0)] {
            let mut out = vec![0; PIXELS];
            let moved = |by: i8| (i16::from(padding) + i16::from(by)) as usize;
            if padding > 0 || (dx, dy) == (0, 0) {
                augment::augmented(&pixels, Choice { dx, dy, flip: false }, &mut out);
                for (at, &byte) in out.iter().enumerate() {
                    let (channel, y, x) = (at / PLANE, at % PLANE / SIDE, at % SIDE);
                    assert_eq!(byte, padded[(channel * side + y + moved(dy)) * side + x + moved(dx)]);
                }
            }
        }
    }
}

#[test]
fn choices_are_uniform_reproducible_and_switchable() {
    let all = Augment { crop: true, padding: 3, flip: true };
    let of = |augment, seed, purpose, epoch| Choices::new(augment, seed, purpose, epoch).take(7000).collect::<Vec<_>>();
    let choices = of(all, 1, Purpose::Augment, 4);
    assert_eq!(choices, of(all, 1, Purpose::Augment, 4));
    for other in
        [of(all, 2, Purpose::Augment, 4), of(all, 1, Purpose::Augment, 5), of(all, 1, Purpose::AugmentMeasured, 4)]
    {
        assert_ne!(choices, other);
    }
    // A share p of n draws is within 5 √(p(1-p)/n) of p.
    for offset in -3..=3 {
        for count in
            [choices.iter().filter(|c| c.dx == offset).count(), choices.iter().filter(|c| c.dy == offset).count()]
        {
            assert!((854..=1146).contains(&count), "{offset}: {count}");
        }
    }
    assert!((3291..=3709).contains(&choices.iter().filter(|c| c.flip).count()));
    let pairs: std::collections::BTreeSet<_> = choices.iter().map(|c| (c.dx, c.dy, c.flip)).collect();
    assert_eq!(pairs.len(), 7 * 7 * 2, "row, column and flip are independent");

    let no_flip = of(Augment { flip: false, ..all }, 1, Purpose::Augment, 4);
    let no_crop = of(Augment { crop: false, ..all }, 1, Purpose::Augment, 4);
    for ((full, no_flip), no_crop) in choices.iter().zip(no_flip).zip(no_crop) {
        assert_eq!(no_flip, Choice { flip: false, ..*full });
        assert_eq!(no_crop, Choice { dx: 0, dy: 0, ..*full });
    }
    let off = Augment::default();
    assert!(!off.is_on() && !Augment { crop: true, padding: 0, flip: false }.is_on());
    assert!(of(off, 1, Purpose::Augment, 0).iter().all(|choice| *choice == Choice::default()));
}

#[test]
fn random_labels_are_uniform_and_fixed() {
    let labels: Vec<u8> = (0..10_000).map(|index| random_label(1, index)).collect();
    for class in 0..CLASSES as u8 {
        let count = labels.iter().filter(|&&label| label == class).count();
        assert!((850..=1150).contains(&count), "{class}: {count}");
    }
    assert!(labels.iter().enumerate().all(|(index, &label)| label == random_label(1, index)));
    assert_ne!(labels, (0..10_000).map(|index| random_label(2, index)).collect::<Vec<_>>());
}
