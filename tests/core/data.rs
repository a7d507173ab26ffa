use piecewise::data::cifar10::{BatchError, BatchReader, RECORD, is_test_batch};
use piecewise::data::normalise::{MEAN, STD, normalise};
use piecewise::data::{CLASSES, Images, PIXELS, PLANE, sample};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A batch file of n records whose bytes tell where they are.
fn file(records: usize) -> Vec<u8> {
    let record =
        |r: usize| std::iter::once((r % CLASSES) as u8).chain((0..PIXELS).map(move |p| (r * 31 + p * 7) as u8));
    (0..records).flat_map(record).collect()
}

fn read(bytes: &[u8], piece: usize) -> Result<Images, BatchError> {
    let mut reader = BatchReader::new("f.bin", bytes.len() as u64, &bytes[..bytes.len().min(300)])?;
    for piece in bytes.chunks(piece) {
        reader.push(piece)?;
    }
    reader.finish()
}

#[test]
fn a_batch_is_read_whatever_the_pieces() {
    let bytes = file(5);
    for piece in [1, 2, 3072, RECORD, RECORD + 1, 7000, bytes.len()] {
        let images = read(&bytes, piece).unwrap();
        assert_eq!(images.labels, [0, 1, 2, 3, 4]);
        for (index, record) in bytes.chunks(RECORD).enumerate() {
            assert_eq!(images.get(index), (&record[1..], record[0]));
        }
    }
}

#[test]
fn a_malformed_file_is_refused_with_place_and_advice() {
    let cut = |n: usize| file(3)[..n].to_vec();
    let with = |at: usize, value: u8| {
        let mut bytes = file(3);
        bytes[at] = value;
        bytes
    };
    let magic = |head: &[u8]| [head, &[0; 5000]].concat();
    let mut tar = vec![0; 10240];
    tar[257..262].copy_from_slice(b"ustar");
    for (bytes, sentence) in [
        (vec![], "f.bin is empty."),
        (vec![1], "f.bin ends in the middle of record 1, 1 bytes after byte 0: 1 bytes"),
        (cut(2 * RECORD + 100), "ends in the middle of record 3, 100 bytes after byte 6146: 6246 bytes"),
        (vec![0; 3074 * 2], "f.bin looks like CIFAR-100 (2 records of 3,074 bytes)."),
        (with(0, 10), "f.bin has label 10 in record 1 (byte 0); CIFAR-10 labels are 0 to 9."),
        (with(2 * RECORD, 255), "has label 255 in record 3 (byte 6146)"),
        (magic(&[0x1f, 0x8b, 8]), "f.bin is a gzip archive. Unpack it"),
        (magic(b"PK\x03\x04"), "f.bin is a zip archive. Unpack it"),
        (tar, "f.bin is a tar archive. Unpack it"),
        (magic(&[0x80, 2, b'}', b'q']), "f.bin is a Python pickle"),
        (magic(b"MATLAB 5.0 MAT-file"), "f.bin is a Matlab file"),
        (b"airplane\nautomobile\n".to_vec(), "f.bin is the list of class names"),
    ] {
        let message = read(&bytes, 1000).unwrap_err().to_string();
        assert!(message.contains(sentence), "{message:?} should say {sentence:?}");
        assert!(message.ends_with('.'), "{message}");
    }
}

#[test]
fn no_cut_or_flipped_file_panics() {
    let bytes = file(2);
    for length in (0..bytes.len()).step_by(97) {
        read(&bytes[..length], 512).unwrap_err();
    }
    for at in (0..bytes.len()).step_by(61) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x84;
        let is_label = at % RECORD == 0;
        assert_eq!(read(&bytes, 512).is_err(), is_label, "byte {at}");
    }
}

#[test]
fn a_file_that_changes_while_read_is_refused() {
    let bytes = file(2);
    let mut short = BatchReader::new("f", 2 * RECORD as u64, &bytes[..300]).unwrap();
    short.push(&bytes[..RECORD]).unwrap();
    assert!(matches!(short.finish(), Err(BatchError::Changed { got: 3073, size: 6146, .. })));
    let mut long = BatchReader::new("f", RECORD as u64, &bytes[..300]).unwrap();
    assert!(matches!(long.push(&bytes), Err(BatchError::Changed { .. })));
}

#[test]
fn test_batches_are_known_by_name() {
    assert!(is_test_batch("test_batch.bin") && is_test_batch("Test_Batch (1).bin"));
    assert!(!is_test_batch("data_batch_1.bin"));
}

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
