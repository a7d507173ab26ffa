//! Most bytes held while reading, counted by the allocator: pixels once, and small change.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]
#![cfg(not(target_arch = "wasm32"))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use piecewise::data::{FileReader, PIXELS};

#[path = "common/seeds.rs"]
#[allow(dead_code, reason = "names and outcomes are for the core tests")]
mod seeds;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes above those held before, at most, and whether it was read.
fn peak(bytes: &[u8]) -> (usize, bool) {
    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let mut reader = FileReader::new("f", bytes.len() as u64);
    let pushed = bytes.chunks(1 << 20).try_for_each(|piece| reader.push(piece));
    let is_read = pushed.is_ok() && reader.finish().is_ok();
    (PEAK.load(Ordering::Relaxed) - before, is_read)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
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
    for (name, bytes) in [("pickle", &good), ("gzip", &gzip(&good))] {
        let (peak, is_read) = peak(bytes);
        assert!(is_read, "{name}");
        assert!(peak < images * PIXELS + MIB, "{name}: {peak}");
    }
    let pickle = |body: &[u8]| [b"\x80\x02", body].concat();
    let huge = pickle(&[&b"\x8e"[..], &(100_u64 << 20).to_le_bytes(), &[1; 20_000]].concat());
    let memo: Vec<u8> = (0..600_000_u32).flat_map(|i| [&b"r"[..], &i.to_le_bytes()].concat()).collect();
    let bomb = gzip(&vec![0; 400 << 20]);
    for (name, bytes, limit) in [
        ("a length that lies", huge.clone(), MIB),
        ("the same in gzip", gzip(&huge), MIB),
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
