//! Most bytes held while reading, counted by the allocator: pixels once, and small change.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]
#![cfg(not(target_arch = "wasm32"))]

use piecewise::data::{Dataset, Decision, FileReader, Gathering, PIXELS};

#[path = "common/counting.rs"]
mod counting;

#[path = "common/formats.rs"]
mod formats;

#[path = "common/seeds.rs"]
#[allow(dead_code, reason = "names and outcomes are for the core tests")]
mod seeds;

/// Bytes above those held before, at most, and whether it was read.
fn peak(bytes: &[u8]) -> (usize, bool) {
    counting::peak_of(|| {
        let mut reader = FileReader::new("f", bytes.len() as u64);
        let pushed = bytes.chunks(1 << 20).try_for_each(|piece| reader.push(piece));
        pushed.is_ok() && reader.finish().is_ok()
    })
}

/// Bytes above those held before, at most, from a file to the data that are used, and the images in these.
fn peak_of_all(name: &str, bytes: &[u8]) -> (usize, usize) {
    counting::peak_of(|| {
        let mut reader = FileReader::new(name, bytes.len() as u64);
        bytes.chunks(4 << 20).try_for_each(|piece| reader.push(piece)).unwrap();
        let mut gathering = Gathering::default();
        gathering.add(reader.finish().unwrap());
        gathering.close().unwrap();
        gathering.found(&Dataset::default(), &Decision::default());
        let data = gathering.take(Dataset::default(), &Decision::default(), u64::MAX).unwrap();
        data.train.len() + data.validation.len()
    })
}

/// A picture of 32×32 pixels, of noise that no packing makes smaller.
fn png(seed: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 32, 32);
    encoder.set_color(png::ColorType::Rgb);
    let pixels: Vec<u8> =
        (0..PIXELS).map(|at| ((at + seed * PIXELS).wrapping_mul(2_654_435_769) >> 24) as u8).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

fn pickle(images: usize) -> Vec<u8> {
    let size = (images * PIXELS) as u32;
    let mut bytes = b"\x80\x02}(U\x06labels](".to_vec();
    bytes.extend((0..images).flat_map(|image| [b'K', (image % 10) as u8]));
    bytes.extend(b"eU\x04datacnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\x01btR(K\x01(M");
    bytes.extend((images as u16).to_le_bytes());
    bytes.extend(b"M\x00\x0ctcnumpy\ndtype\n(U\x02u1K\0K\x01tR(K\x03U\x01|NNNK\0K\0K\0tb\x89T");
    bytes.extend(size.to_le_bytes());
    bytes.extend((0..size).map(|i| (i.wrapping_mul(2_654_435_769) >> 24) as u8 ^ (i >> 7) as u8));
    bytes.extend(b"tbu.");
    bytes
}

// One test, because others would count too.
#[test]
fn memory_is_bounded() {
    const MIB: usize = 1 << 20;
    let images = 10_000;
    let good = pickle(images);
    for (name, bytes) in [("pickle", &good), ("gzip", &formats::gzip(&good))] {
        let (peak, is_read) = peak(bytes);
        assert!(is_read, "{name}");
        assert!(peak < images * PIXELS + MIB, "{name}: {peak}");
    }
    let pickle = |body: &[u8]| [b"\x80\x02", body].concat();
    let huge = pickle(&[&b"\x8e"[..], &(100_u64 << 20).to_le_bytes(), &[1; 20_000]].concat());
    let memo: Vec<u8> = (0..600_000_u32).flat_map(|i| [&b"r"[..], &i.to_le_bytes()].concat()).collect();
    let bomb = formats::gzip(&vec![0; 400 << 20]);
    for (name, bytes, limit) in [
        ("a length that lies", huge.clone(), MIB),
        ("the same in gzip", formats::gzip(&huge), MIB),
        ("a gzip bomb", bomb, 600 * MIB),
        ("marks", pickle(&[b'('; 100_000]), MIB),
        ("lists", pickle(&b"]".repeat(2_000_000)), 100 * MIB),
        ("tuples", pickle(&b"N\x85".repeat(2_000_000)), 100 * MIB),
        ("stored values", pickle(&[b"N".to_vec(), memo].concat()), 100 * MIB),
    ] {
        let (peak, is_read) = peak(&bytes);
        assert!(!is_read && peak < limit, "{name}: {peak}");
        println!("{name}: {peak}");
    }
    // From a file to the data, in any packing: 1.3 times the images and 64 MiB, and mostly much less.
    let (images, batch) = (4_000, 1_000);
    let member = |number: usize| -> (String, Vec<u8>) {
        let records = (0..batch).flat_map(|record| {
            let pixel =
                move |at: usize| ((at + (number * batch + record) * PIXELS).wrapping_mul(2_654_435_769) >> 24) as u8;
            std::iter::once((record % 10) as u8).chain((0..PIXELS).map(pixel))
        });
        (format!("data_batch_{number}.bin"), records.collect())
    };
    let members: Vec<(String, Vec<u8>)> = (0..images / batch).map(member).collect();
    let members: Vec<(&str, Vec<u8>)> = members.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let pixels: Vec<u8> =
        members.iter().flat_map(|(_, b)| b.chunks(PIXELS + 1).flat_map(|r| r[1..].to_vec())).collect();
    let header =
        |text: String| [b"\x93NUMPY\x01\0".to_vec(), (text.len() as u16).to_le_bytes().to_vec(), text.into()].concat();
    let array = |order: &str, shape: &str| {
        header(format!("{{'descr': '|u1', 'fortran_order': {order}, 'shape': {shape}, }}\n"))
    };
    let labels = [array("False", "(4000,)"), vec![3; images]].concat();
    let npz = |order: &str| {
        let x = [array(order, "(4000, 32, 32, 3)"), pixels.clone()].concat();
        formats::zip(&[("x_train.npy", x), ("y_train.npy", labels.clone())], formats::Packing::Stored)
    };
    let pictures: Vec<(String, Vec<u8>)> =
        (0..images).rev().map(|i| (format!("train/{}/{i}.png", i % 10), png(i))).collect();
    let pictures: Vec<(&str, Vec<u8>)> = pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    for (name, bytes) in [
        ("cifar.tar.gz", formats::gzip(&formats::tar(&members))),
        ("cifar.zip", formats::zip(&members, formats::Packing::Deflated)),
        ("cifar.npz", npz("False")),
        ("fortran.npz", npz("True")),
        ("pictures.zip", formats::zip(&pictures, formats::Packing::Stored)),
    ] {
        let (peak, there) = peak_of_all(name, &bytes);
        println!("{name}: {peak} of {}", images * PIXELS);
        assert_eq!(there, images, "{name}");
        assert!(peak < images * PIXELS * 13 / 10 + 4 * MIB, "{name}: {peak}");
    }
    // Whatever a bit of a small file says, little memory is asked for.
    let mut most = (0, "");
    for seed in seeds::SEEDS {
        let mut bytes = seed.bytes.to_vec();
        for at in 0..bytes.len().min(700) {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                most = most.max((peak(&bytes).0, seed.name));
                bytes[at] ^= 1 << bit;
            }
        }
    }
    println!("flipped seeds: {most:?}");
    assert!(most.0 < MIB, "{most:?}");
}
