use piecewise::data::picture::{PictureError, image_from_rgba};
use piecewise::data::{PIXELS, PLANE, Purpose, SIDE, rng};
use rand::RngExt;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn random(seed: u64, width: usize, height: usize) -> Vec<u8> {
    let mut rng = rng(seed, Purpose::Draw, 0);
    (0..4 * width * height).map(|_| rng.random_range(0..=255_u8)).collect()
}

fn opaque(mut rgba: Vec<u8>) -> Vec<u8> {
    rgba.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = 255);
    rgba
}

/// Each pixel as 32×32 small ones, so that every output pixel covers side×side whole small ones of the crop.
fn slow(rgba: &[u8], width: usize, height: usize) -> Vec<f64> {
    let side = width.min(height);
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    let value = |channel: usize, y: usize, x: usize| {
        let pixel = &rgba[4 * ((top + y / SIDE) * width + left + x / SIDE)..];
        let alpha = f64::from(pixel[3]) / 255.0;
        f64::from(pixel[channel]) * alpha + 255.0 * (1.0 - alpha)
    };
    (0..PIXELS)
        .map(|at| {
            let (channel, row, column) = (at / PLANE, at % PLANE / SIDE, at % SIDE);
            let rows = row * side..(row + 1) * side;
            let sum: f64 =
                rows.flat_map(|y| (column * side..(column + 1) * side).map(move |x| value(channel, y, x))).sum();
            sum / (side * side) as f64
        })
        .collect()
}

#[test]
fn every_byte_is_the_nearest_to_the_mean_of_its_area() {
    for (seed, (width, height)) in
        [(1, 1), (2, 3), (31, 31), (33, 33), (5, 40), (47, 20), (32, 77), (50, 50)].into_iter().enumerate()
    {
        let rgba = random(seed as u64, width, height);
        let image = image_from_rgba(&rgba, width, height).unwrap();
        for (at, (&byte, exact)) in image.iter().zip(slow(&rgba, width, height)).enumerate() {
            assert!((f64::from(byte) - exact).abs() < 0.5 + 1e-9, "{width}×{height} at {at}: {byte} for {exact}");
        }
    }
}

#[test]
fn a_constant_picture_stays_constant() {
    for (width, height) in [(1, 1), (7, 13), (32, 32), (33, 31), (100, 64), (640, 333)] {
        let rgba = [12, 200, 255, 255].repeat(width * height);
        let image = image_from_rgba(&rgba, width, height).unwrap();
        for (plane, byte) in image.chunks(PLANE).zip([12, 200, 255]) {
            assert_eq!(plane, [byte; PLANE], "{width}×{height}");
        }
    }
}

#[test]
fn an_image_stays_itself_and_comes_back_from_larger_pixels() {
    let rgba = opaque(random(5, SIDE, SIDE));
    let planar: Vec<u8> = (0..3).flat_map(|channel| rgba.iter().skip(channel).step_by(4).copied()).collect();
    assert_eq!(image_from_rgba(&rgba, SIDE, SIDE).unwrap(), planar);
    for times in [2, 3, 7] {
        let side = times * SIDE;
        let large: Vec<u8> = (0..side * side)
            .flat_map(|at| rgba[4 * (at / side / times * SIDE + at % side / times)..][..4].to_vec())
            .collect();
        assert_eq!(image_from_rgba(&large, side, side).unwrap(), planar, "{times} times as large");
    }
}

#[test]
fn the_mean_of_a_square_picture_is_kept() {
    for (seed, side) in [10, 45, 64, 101, 250].into_iter().enumerate() {
        let rgba = opaque(random(20 + seed as u64, side, side));
        let image = image_from_rgba(&rgba, side, side).unwrap();
        for (channel, plane) in image.chunks(PLANE).enumerate() {
            let mean = |bytes: &mut dyn Iterator<Item = u8>, count| bytes.map(f64::from).sum::<f64>() / count as f64;
            let before = mean(&mut rgba.iter().skip(channel).step_by(4).copied(), side * side);
            let after = mean(&mut plane.iter().copied(), PLANE);
            assert!((before - after).abs() <= 0.5, "{side}: {before} became {after}");
        }
    }
}

#[test]
fn a_fine_pattern_becomes_grey_and_does_not_alias() {
    // Black and white columns in turn; taking every 8th pixel would give all black.
    let side = 8 * SIDE;
    let rgba: Vec<u8> = (0..side * side).flat_map(|at| if at % 2 == 0 { [0, 0, 0, 255] } else { [255; 4] }).collect();
    assert_eq!(image_from_rgba(&rgba, side, side).unwrap(), [128; PIXELS]);
}

#[test]
fn the_crop_is_the_middle_and_what_is_transparent_is_white() {
    // The middle 32 columns are red, opaque in the upper half; around them is blue.
    let width = 3 * SIDE;
    let rgba: Vec<u8> = (0..width * SIDE)
        .flat_map(|at| {
            let alpha = if at / width < SIDE / 2 { 255 } else { 0 };
            if (SIDE..2 * SIDE).contains(&(at % width)) { [255, 0, 0, alpha] } else { [0, 0, 255, 255] }
        })
        .collect();
    let image = image_from_rgba(&rgba, width, SIDE).unwrap();
    let (upper, lower) = (vec![0; PLANE / 2], vec![255; PLANE / 2]);
    assert_eq!(image, [vec![255; PLANE], upper.clone(), lower.clone(), upper, lower].concat());
}

#[test]
fn wrong_sizes_are_refused_in_words() {
    let empty = image_from_rgba(&[], 0, 5).unwrap_err();
    assert_eq!(empty, PictureError::Empty { width: 0, height: 5 });
    let short = image_from_rgba(&[0; 15], 2, 2).unwrap_err();
    assert_eq!(short.to_string(), "The picture came as 15 bytes, but 2×2 pixels take 16. Choose it again.");
    assert!(image_from_rgba(&[0; 16], usize::MAX, usize::MAX).is_err());
    assert!(image_from_rgba(&[0; 17], 2, 2).is_err());
}
