//! The kept files, and every one of them cut and flipped bit by bit.

use piecewise::data::{CLASSES, Contents, DataError, FileReader, Images, PIXELS, What};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::seed_files::SEEDS;

fn read(name: &str, bytes: &[u8]) -> Result<Contents, DataError> {
    let mut reader = FileReader::new(name, bytes.len() as u64);
    bytes.chunks(1000).try_for_each(|piece| reader.push(piece))?;
    reader.finish()
}

/// Reads it: whole images, or a sentence.
fn images(name: &str, bytes: &[u8]) -> Result<usize, String> {
    match read(name, bytes) {
        Ok(contents) => {
            let images = |piece: piecewise::data::Piece| match piece.what {
                What::Batch { images, .. } => Some(images),
                _ => None,
            };
            let all: Vec<Images> = contents.pieces.into_iter().filter_map(images).collect();
            for images in &all {
                assert_eq!(images.pixels.len(), images.len() * PIXELS, "{name}");
                assert!(images.labels.iter().all(|&label| usize::from(label) < CLASSES), "{name}");
            }
            Ok(all.iter().map(Images::len).sum())
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.ends_with('.') && message.len() < 500, "{name}: {message}");
            Err(message)
        }
    }
}

#[test]
fn each_seed_is_read_or_refused_as_it_was() {
    for seed in SEEDS {
        match (images(seed.name, seed.bytes), seed.is) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{}", seed.name),
            (Err(message), Err(says)) => assert!(message.contains(says), "{}: {message}", seed.name),
            (found, _) => panic!("{}: {found:?}", seed.name),
        }
    }
}

#[test]
fn a_seed_with_any_bit_flipped_or_any_end_missing_gives_images_or_a_sentence() {
    // In a browser, a sample of it: the natives see all.
    let step = if cfg!(target_arch = "wasm32") { 41 } else { 1 };
    for seed in SEEDS {
        let length = seed.bytes.len();
        let at_the_ends = (0..length).filter(|&at| at < 700 || at + 300 > length || at % 61 == 0);
        let mut bytes = seed.bytes.to_vec();
        for at in at_the_ends.step_by(step) {
            let _ = images(seed.name, &seed.bytes[..at]);
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                let _ = images(seed.name, &bytes);
                bytes[at] ^= 1 << bit;
            }
        }
    }
}
