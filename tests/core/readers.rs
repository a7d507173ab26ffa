//! Files of every kind, made here: whole, in pieces, cut, damaged, hostile.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use piecewise::data::cifar10::RECORD;
use piecewise::data::recognise::{Kind, recognise};
use piecewise::data::{Batch, CLASSES, Contents, DataError, FileReader, Images, PIXELS, Purpose, class_names, rng};
use rand::RngExt;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::formats::*;

fn read_in(name: &str, bytes: &[u8], mut piece: impl FnMut() -> usize) -> Result<Contents, DataError> {
    let mut reader = FileReader::new(name, bytes.len() as u64);
    let mut rest = bytes;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(piece().min(rest.len()));
        reader.push(piece)?;
        rest = after;
    }
    reader.finish()
}

fn read(name: &str, bytes: &[u8]) -> Result<Contents, DataError> {
    read_in(name, bytes, || usize::MAX)
}

fn read_batches(name: &str, bytes: &[u8]) -> Vec<Batch> {
    batches(read(name, bytes).unwrap())
}

fn batch(name: &str, images: &Images, validation: bool) -> Batch {
    Batch { name: name.into(), images: images.clone(), validation }
}

/// The sentence, which must be one.
fn refusal(name: &str, bytes: &[u8]) -> String {
    let message = read(name, bytes).unwrap_err().to_string();
    assert!(message.starts_with(|c: char| !c.is_whitespace()) && message.ends_with('.'), "{message}");
    assert!(!message.contains("  ") && message.len() < 500 && !message.contains(char::is_control), "{message}");
    message
}

fn assert_refused(name: &str, bytes: &[u8], words: &[&str]) {
    let message = refusal(name, bytes);
    for word in words {
        assert!(message.contains(word), "{message:?} should say {word:?}");
    }
}

/// A file of each kind, with what it holds.
fn corpus() -> Vec<(String, Vec<u8>, Vec<Batch>)> {
    let train = images(IMAGES, 1);
    let test = images(3, 2);
    let mut files =
        vec![("data_batch_1.bin".to_owned(), binary(&train), vec![batch("data_batch_1.bin", &train, false)])];
    for protocol in 0..=5 {
        let name = format!("protocol_{protocol}");
        files.push((name.clone(), Made::good(protocol).pickle(&train), vec![batch(&name, &train, false)]));
    }
    let pickle =
        |images: &Images, label| Made { label, shape: vec![images.len(), PIXELS], ..Made::good(0) }.pickle(images);
    let names = list(class_names::CIFAR_10.iter().map(|name| text(0, name)));
    let meta = dict(0, &[("label_names", names), ("num_vis", int(3072))]);
    let page = b"<meta HTTP-EQUIV=\"REFRESH\">\n".to_vec();
    let python = tar(&[
        ("py/test_batch", pickle(&test, "testing batch 1 of 1")),
        ("py/readme.html", page.clone()),
        ("py/batches.meta", meta),
        ("py/empty", vec![]),
        ("py/._data_batch_1", binary(&test)),
        ("py/data_batch_1", pickle(&train, "training batch 1 of 5")),
    ]);
    let both = |end: &str| {
        vec![batch(&format!("data_batch_1{end}"), &train, false), batch(&format!("test_batch{end}"), &test, true)]
    };
    let deep = "deep/".repeat(30);
    let (first, second) = (format!("{deep}data_batch_1.bin"), format!("{deep}test_batch.bin"));
    let binary_tar = tar(&[
        (&second, binary(&test)),
        ("bin/batches.meta.txt", b"airplane\nautomobile\n".to_vec()),
        (&first, gzip(&binary(&train))),
        ("bin/readme.html", page),
    ]);
    let mut pax = member("PaxHeaders/x", b'x', b"30 mtime=1234567890.1234567890\n");
    pax.extend(member("bin", b'5', b""));
    pax.extend(tar(&[("bin/data_batch_1.bin", binary(&train)), ("bin/test_batch.bin", binary(&test))]));
    files.push(("python.tar".into(), python.clone(), both("")));
    files.push(("python.tar.gz".into(), gzip(&python), both("")));
    files.push(("twice.tar.gz.gz".into(), gzip(&gzip(&python)), both("")));
    files.push(("binary.tgz".into(), gzip(&binary_tar), both(".bin")));
    files.push(("pax.tar".into(), pax, both(".bin")));
    files.push(("test.bin.gz".into(), gzip(&binary(&test)), vec![batch("test.bin", &test, true)]));
    let label = pickle(&test, "testing batch 1 of 1");
    files.push(("named_otherwise.gz".into(), gzip(&label), vec![batch("named_otherwise", &test, true)]));
    let members = [
        ("d/", vec![]),
        ("__MACOSX/d/._data_batch_1.bin", binary(&test)),
        ("d/test_batch.bin", binary(&test)),
        ("d/data_batch_1.bin", binary(&train)),
    ];
    for (kind, packing) in [
        ("stored", Packing::Stored),
        ("deflated", Packing::Deflated),
        ("streamed", Packing::Streamed),
        ("wide", Packing::Wide),
        ("wide_streamed", Packing::WideStreamed),
    ] {
        files.push((format!("{kind}.zip"), zip(&members, packing), both(".bin")));
    }
    files.push(("shop.zip".into(), zip(&[("cifar.tar.gz", gzip(&python))], Packing::Stored), both("")));
    let long = format!("{}/data_batch_1.bin", "a very long folder name/".repeat(9));
    let other = format!("{}/test_batch.bin", "a very long folder name/".repeat(9));
    files.push(("long_pax.tar".into(), pax_tar(&[(&other, binary(&test)), (&long, binary(&train))]), both(".bin")));
    // Two members of gzip, and zeros after them.
    let halves = binary(&train);
    let (front, back) = halves.split_at(10_000);
    files.push((
        "parts.gz".into(),
        [gzip(front), gzip(back), vec![0; 9]].concat(),
        vec![batch("parts", &train, false)],
    ));
    files
}

#[test]
fn every_kind_is_read_whatever_the_pieces() {
    let mut rng = rng(1, Purpose::Shuffle, 0);
    for (name, bytes, expected) in corpus() {
        let contents = read(&name, &bytes).unwrap();
        assert_eq!(batches(contents.clone()), expected, "{name}");
        let contents = Ok(contents);
        assert_eq!(read_in(&name, &bytes, || 1), contents, "{name}, byte by byte");
        for most in [3, 100, 5000, 40_000] {
            assert_eq!(read_in(&name, &bytes, || rng.random_range(1..=most)), contents, "{name}, up to {most}");
        }
        assert_eq!(read_batches("x", &bytes).len(), expected.len(), "names mean nothing");
    }
}

#[test]
fn pixels_have_no_more_room_than_they_need() {
    let images = images(300, 1);
    for protocol in 0..=5 {
        let pickle = Made { shape: vec![300, PIXELS], ..Made::good(protocol) }.pickle(&images);
        for bytes in [&pickle, &gzip(&pickle), &tar(&[("a", pickle.clone())])] {
            let contents = read_in("f", bytes, || 1000).unwrap();
            let pixels = &batches(contents)[0].images.pixels;
            assert!(pixels.capacity() <= 300 * PIXELS + 100, "protocol {protocol}: {}", pixels.capacity());
        }
    }
}

#[test]
fn a_cut_file_is_refused_wherever_it_ends() {
    for (name, bytes, _) in corpus() {
        // A tar archive is whole when its end mark is, and zeros after gzip need not be.
        let end = match name.rsplit_once('.') {
            Some((_, "tar")) => bytes.len() - 10_240,
            // Without its directory, it is cut; the directory's last record is the end mark.
            Some((_, "zip")) => bytes.len() - 22,
            _ => bytes.len() - 10,
        };
        let step = if cfg!(target_arch = "wasm32") { 997 } else { 61 };
        for length in (0..end).step_by(step).chain(0..300.min(end)).chain(end - 100..end) {
            if name.ends_with(".bin") && length.is_multiple_of(RECORD) && length > 0 {
                continue;
            }
            let result = read_in(&name, &bytes[..length], || 4000);
            let message = result.expect_err(&format!("{name} cut at {length}")).to_string();
            assert!(message.ends_with('.'), "{message}");
        }
    }
    let (pickle, gz) = (Made::good(0).pickle(&images(IMAGES, 1)), gzip(&binary(&images(IMAGES, 1))));
    assert_refused("f", &pickle[..9000], &["f is cut off: at byte", "announces 21504 bytes, and only", "Download"]);
    assert_refused("f", &gzip(&pickle[..9000]), &["f is cut off: at byte", "announces 21504 bytes, and only"]);
    assert_refused("f", &gz[..9000], &["f is cut off: its compressed data go on after byte 9000"]);
    let tar = tar(&[("a/data_batch_1", pickle)]);
    assert_refused("f", &tar[..9000], &["f is cut off: the member at byte 0 has", "bytes, and only 8488 follow"]);
    assert_refused("f", &gzip(&tar[..20_000]), &["f is cut off: it stops at byte 20000, before tar's end mark"]);
}

#[test]
fn flipped_bits_never_panic_and_gzip_notices_them() {
    let mut rng = rng(3, Purpose::Shuffle, 0);
    let rounds = if cfg!(target_arch = "wasm32") { 100 } else { 2500 };
    for (name, bytes, expected) in corpus() {
        for round in 0..rounds {
            let mut bytes = bytes.clone();
            // Headers and opcodes are few among pixels.
            let range = match round % 4 {
                0 => 0..300,
                1 => bytes.len() - 400..bytes.len(),
                _ => 0..bytes.len(),
            };
            let flips = if round % 3 == 0 { rng.random_range(1..8) } else { 1 };
            for _ in 0..flips {
                bytes[rng.random_range(range.clone())] ^= 1 << rng.random_range(0..8);
            }
            match read_in(&name, &bytes, || 3000) {
                Err(error) => assert!(error.to_string().ends_with('.'), "{error}"),
                Ok(contents) if name.ends_with("gz") => {
                    let same = batches(contents).iter().zip(&expected).all(|(a, b)| a.images == b.images);
                    assert!(same, "{name}: its checksum would tell");
                }
                Ok(contents) => {
                    for Batch { images, .. } in batches(contents) {
                        assert_eq!(images.pixels.len(), images.len() * PIXELS);
                        assert!(images.labels.iter().all(|label| usize::from(*label) < CLASSES));
                    }
                }
            }
        }
    }
}

#[test]
fn random_opcodes_never_panic() {
    let mut rng = rng(4, Purpose::Shuffle, 0);
    let opcodes = b"(.012]})aesultdbRNKqhMJGUCX\x80\x85\x86\x87\x88\x89\x8a\x8c\x93\x94\x95cT";
    let good = Made::good(0).pickle(&images(1, 1));
    for _ in 0..if cfg!(target_arch = "wasm32") { 300 } else { 20_000 } {
        let mut bytes = good[..rng.random_range(2..250)].to_vec();
        for _ in 0..rng.random_range(1..60) {
            bytes.push(opcodes[rng.random_range(0..opcodes.len())]);
            if rng.random_bool(0.3) {
                bytes.push(rng.random_range(0..8));
            }
        }
        bytes.push(b'.');
        let _ = read_in("f", &bytes, || 20);
    }
}

#[test]
fn a_pickle_that_would_run_something_is_refused() {
    let os = [b"\x80\x02".to_vec(), line("os system"), b"(U\x08rm -rf /tR.".to_vec()].concat();
    let stacked = [b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02ls\x85R.".to_vec()].concat();
    let hidden = dict(0, &[("data", line("builtins eval")), ("labels", b"]".to_vec())]);
    let odd = [b"\x80\x02".to_vec(), b"cbuil\x1b[31m\n\xff\n.".to_vec()].concat();
    for (bytes, name) in
        [(os, "os.system"), (stacked, "posix.system"), (hidden, "builtins.eval"), (odd, r"\x1b[31m.\xff")]
    {
        for bytes in [gzip(&bytes), tar(&[("data_batch_1", bytes.clone())]), bytes] {
            assert_refused("f", &bytes, &["names ", name, "Nothing was run"]);
        }
    }
    for opcode in [b'i', b'o', b'P', b'Q', 0x81, 0x82, 0x84, 0x92, 0x97, 0x8f, 0xff] {
        assert_refused(
            "f",
            &[0x80, 2, b'(', opcode, b'.'],
            &[&format!("opcode {opcode:#04x} at byte 3"), "Nothing was run"],
        );
    }
}

#[test]
fn lengths_that_lie_are_errors() {
    let huge = (1_u64 << 60).to_le_bytes();
    for opcode in [0x8d, 0x8e, 0x96] {
        let pickle = [&[0x80, 4, b'}', opcode][..], &huge, b"abc"].concat();
        assert_refused("f", &pickle, &["at byte 12 it announces 1152921504606846976 bytes, and only 3 follow"]);
        let pickle = [&pickle[..], &[0; 10_000]].concat();
        assert_refused("f", &gzip(&pickle), &["f is a Python pickle with too many or too large parts"]);
    }
    let long4 = b"\x80\x02\x8b\xff\xff\xff\x7fabc".to_vec();
    assert_refused("f", &long4, &["announces 2147483647 bytes, and only 3 follow"]);
    let long4 = [&long4[..], &[0; 10_000]].concat();
    assert_refused("f", &gzip(&long4), &["too large"]);
    let long1 = [b"\x80\x02\x8a\xff".to_vec(), vec![7; 255], b".".to_vec()].concat();
    assert_refused("f", &long1, &["a whole number of more than 8 bytes"]);
    let string = b"\x80\x02T\xff\xff\xff\xffabc".to_vec();
    assert_refused("f", &string, &["announces 4294967295 bytes"]);

    for size in ["77777777777", "\u{7f}\u{7f}", "12x45678901", "", "00000100000"] {
        let tar = [header("a", size, b'0'), vec![5; 2000]].concat();
        let message = refusal("f", &tar);
        assert!(message.contains("only 2000 follow") || message.contains("without a readable size"), "{message}");
        assert!(refusal("f", &gzip(&tar)).starts_with("f "));
    }
    let mut binary_size = header("a", "", b'0');
    binary_size[124..136].copy_from_slice(b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff");
    assert_refused("f", &binary_size, &["checksum does not fit"]);
    assert_refused("f", &tar(&[(&"n".repeat(5000), vec![1])]), &["a member name of 5000 bytes"]);
    let sparse = [member("a", b'S', &[0; 100]), vec![0; 1024]].concat();
    assert_refused("f", &sparse, &["sparse or split member at byte 0"]);
}

#[test]
fn nesting_and_bombs_end() {
    let pickle = |body: &[u8]| [b"\x80\x02", body, b"."].concat();
    assert_refused("f", &pickle(&[b'('; 10_000]), &["marks are nested more than 100 deep"]);
    assert_refused("f", &pickle(&b"]".repeat(600_000)), &["524288"]);
    assert_refused("f", &pickle(&b"N".repeat(600_000)), &["524288 values"]);
    assert_refused("f", &pickle(&b"}2s".repeat(9)), &["broken"]);
    // Lists that contain the last one ten times; themselves; and ever more of one tuple.
    let laughs = b"]q\0".iter().copied().chain((0..100_u8).flat_map(|_| *b"](h\0h\0h\0h\0h\0eq\0")).collect::<Vec<_>>();
    assert_refused("f", &pickle(&laughs), &["no images and labels were found: it holds"]);
    assert_refused("f", &pickle(b"]q\0h\0a"), &["no images and labels were found: it holds"]);
    let items = [b"]".to_vec(), b"(NNNNNNNNNNNNNNNNe".repeat(40_000)].concat();
    assert_refused("f", &pickle(&items), &["524288 items"]);
    let memo: Vec<u8> = (0..600_000_u32).flat_map(|i| [&b"r"[..], &i.to_le_bytes()].concat()).collect();
    assert_refused("f", &pickle(&[b"N".to_vec(), memo].concat()), &["524288 stored"]);
    let text = [b"X".to_vec(), 16_000_u32.to_le_bytes().to_vec(), vec![b'a'; 16_000], b"q\0".to_vec()].concat();
    let encode = [line("_codecs encode"), b"q\x01".to_vec(), text, b"U\x06latin1q\x02".to_vec()].concat();
    let again = b"0h\x01(h\0h\x02tR".repeat(5000);
    assert_refused("f", &pickle(&[encode, again].concat()), &["16 MiB made from text"]);
    assert_refused("f", &pickle(&[&b"c"[..], &[b'a'; 3000]].concat()), &["a line of more than 256 bytes"]);
}

// In wasm it would take long.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_gzip_bomb_ends() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..300 {
        encoder.write_all(&vec![0; 1_000_000]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert_refused("f", &bomb, &["f unpacks to more than", "and CIFAR-10 to 190 million"]);
    // Many files in an archive count together.
    let members: Vec<_> = (0..3).map(|_| ("a", bomb.clone())).collect();
    assert_refused("f", &gzip(&tar(&members)), &["unpacks to more than"]);
}

#[test]
fn damage_to_gzip_is_told_apart() {
    let good = gzip(&binary(&images(2, 1)));
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    let end = good.len();
    assert_refused("f", &with(2, 7), &["broken gzip header at byte 2"]);
    assert_refused("f", &with(3, 0x40), &["broken gzip header at byte 3"]);
    assert_refused("f", &with(10, 7), &["broken compressed data"]);
    assert_refused("f", &with(end - 1, 9), &["checksum or length", &format!("at byte {end}")]);
    assert_refused("f", &with(end - 6, good[end - 6] ^ 1), &["is damaged"]);
    assert_refused("f", &[&good[..], b"x"].concat(), &["goes on after its end"]);
    // Every optional part of a header, with its checksum.
    let mut parts = vec![0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3];
    parts.extend(b"\x03\0abcname\0comment\0");
    let mut crc = flate2::Crc::new();
    crc.update(&parts);
    parts.extend((crc.sum() as u16).to_le_bytes());
    let full = [&parts[..], &good[10..]].concat();
    assert_eq!(read("f", &full), read("f", &good));
    let mut wrong = full;
    wrong[parts.len() - 1] ^= 1;
    assert_refused("f", &wrong, &["broken gzip header at byte"]);
}

#[test]
fn other_data_sets_and_files_are_explained() {
    let page = b"\n <!DOCTYPE html><html>".to_vec();
    let zip = [&b"PK\x03\x04"[..], &[0; 4], &[8, 0], &[1; 8], &[9, 0, 0, 0], &[0; 5000]].concat();
    let matlab = [&b"MATLAB 5.0 MAT-file"[..], &[b' '; 5000]].concat();
    let hundred: Vec<u8> = (0..4).flat_map(|i| [vec![19, 99 - i], vec![200; PIXELS]].concat()).collect();
    let cut_hundred = hundred[..10_000].to_vec();
    let pickle_100 = dict(0, &[("filenames", b"]".to_vec()), ("fine_labels", b"]".to_vec()), ("data", b"N".to_vec())]);
    let names_100 = dict(4, &[("fine_label_names", b"]".to_vec())]);
    let text = b"hello".to_vec();
    for (bytes, words) in [
        (vec![], &["f is empty"][..]),
        (page, &["an HTML page", "the server sent a page"]),
        (b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>".to_vec(), &["an error message in XML"]),
        (b"%PDF-1.7\n".to_vec(), &["a PDF document"]),
        (b"RIFF\x10\0\0\0WEBPVP8 \0\0\0\0".to_vec(), &["a picture (WebP)", "Save it so in Python"]),
        (b"BM\x36\x0c\0\0\0\0\0\0\x36\0\0\0".to_vec(), &["a picture (BMP)", "read as PNG or JPEG"]),
        (
            [&[40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0x0a, 38][..], &[7; 42]].concat(),
            &["a TFRecord file", "tensorflow_datasets"],
        ),
        (
            binary(&images(3, 9)).iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes(),
            &["converted to UTF-8", "copy it as it is"],
        ),
        (zip.clone(), &["f has broken compressed data near byte"]),
        (matlab.clone(), &["Matlab", "binary or Python version"]),
        (hundred.clone(), &["f looks like CIFAR-100 (4 records of 3,074 bytes)", "trains on CIFAR-10"]),
        (cut_hundred, &["CIFAR-100"]),
        (gzip(&hundred), &["f looks like CIFAR-100"]),
        (pickle_100.clone(), &["f looks like CIFAR-100", "fine_labels"]),
        (names_100, &["CIFAR-100"]),
        (b"airplane\nautomobile\n".to_vec(), &["f is a text, which holds no images"]),
        (text.clone(), &["f is a text, which holds no images"]),
        (b"(dp0\nS'data'\n".to_vec(), &["f is a Python pickle that stops at byte 13, before its end"]),
        (vec![77, 200, 3, 0], &["f is no CIFAR-10 file", "first byte is 77"]),
        (tar(&[("a.txt", text.clone()), ("b", text.clone())]), &["archive without CIFAR-10 batches (2 other files)"]),
        (tar(&[("data/train.bin", hundred)]), &["train.bin in f looks like CIFAR-100 (4 records"]),
        (gzip(&tar(&[("train", pickle_100)])), &["train in f looks like CIFAR-100"]),
        (gzip(&tar(&[("readme", text), ("d/data_batch_1.mat", matlab)])), &["data_batch_1.mat in f is a Matlab file"]),
        (tar(&[("a.zip", zip)]), &["a.zip in f has broken compressed data"]),
        (
            tar(&[("a.tar", tar(&[("b.tar", tar(&[("c", vec![1])]))]))]),
            &["b.tar in a.tar in f is an archive within archives"],
        ),
        (gzip(&[]), &["f is empty"]),
    ] {
        assert_refused("f", &bytes, words);
    }
    let beside = read("readme.html", b"<html>").unwrap_err();
    assert!(matches!(beside, DataError::Companion { .. }), "a folder has it too");
}

#[test]
fn a_malformed_batch_is_refused_with_place_and_advice() {
    let file = |records| binary(&images(records, 1));
    let with = |at: usize, value: u8| {
        let mut bytes = file(3);
        bytes[at] = value;
        bytes
    };
    for (bytes, sentence) in [
        (vec![1], "f.bin ends in the middle of record 1, 1 bytes after byte 0: 1 bytes"),
        (file(3)[..2 * RECORD + 100].to_vec(), "ends in the middle of record 3, 100 bytes after byte 6146: 6246 bytes"),
        (with(0, 10), "f.bin has label 10 in record 1 (byte 0); CIFAR-10 labels are 0 to 9."),
        (with(2 * RECORD, 255), "has label 255 in record 3 (byte 6146)"),
        (gzip(&file(3)[..9000]), "f.bin ends in the middle of record 3, 2854 bytes after byte 6146: 9000 bytes"),
        (tar(&[("d/b.bin", with(RECORD, 12))]), "b.bin in f.bin has label 12 in record 2 (byte 3073)"),
        (tar(&[("b.bin", file(3)[..9000].to_vec())]), "b.bin in f.bin ends in the middle of record 3"),
    ] {
        assert_refused("f.bin", &bytes, &[sentence]);
    }
    let bytes = file(2);
    for at in (0..bytes.len()).step_by(61) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x84;
        assert_eq!(read("f", &bytes).is_err(), at % RECORD == 0, "byte {at}");
    }
}

#[test]
fn a_pickle_of_another_shape_is_refused() {
    let images = images(IMAGES, 1);
    for protocol in 0..=5 {
        let good = Made::good(protocol);
        for (made, words) in [
            (Made { ty: "f4", ..good.clone() }, &["21504 bytes for float32 of shape (7, 3072)"][..]),
            (Made { ty: "O", ..good.clone() }, &["d[\"data\"] cannot be taken for images: O of shape (7, 3072)"]),
            (
                Made { shape: vec![IMAGES * 3, 1024], ..good.clone() },
                &["uint8 of shape (21, 1024)", "`d[\"data\"] = np.repeat(d[\"data\"][:, None], 3, axis=1)`"],
            ),
            (Made { shape: vec![IMAGES, 28, 28], ..good.clone() }, &["shape (7, 28, 28)", "resize((32, 32))"]),
            (Made { shape: vec![IMAGES, 784], ..good.clone() }, &["shape (7, 784)", "x.reshape(28, 28)"]),
            (Made { shape: vec![IMAGES, 3, 64, 64], ..good.clone() }, &["(7, 3, 64, 64)", "x.transpose(1, 2, 0)"]),
            (Made { shape: vec![IMAGES, 16, 16, 12], ..good.clone() }, &["d[\"data\"].reshape(-1, 32, 32, 3)"]),
            (Made { shape: vec![IMAGES + 1, PIXELS], ..good.clone() }, &["21504 bytes for uint8 of shape (8, 3072)"]),
            (Made { shape: vec![0, PIXELS], ..good.clone() }, &["shape (0, 3072): no image"]),
        ] {
            let none = Images { pixels: Vec::new(), labels: images.labels.clone() };
            assert_refused("f", &made.pickle(if made.shape[0] == 0 { &none } else { &images }), words);
        }
        let data = || ("data", good.array(&images.pixels));
        let labels = |bytes: &[u8]| ("labels", [b"](", bytes, b"e"].concat());
        for (entries, words) in [
            (vec![data()], &["no labels for d[\"data\"]", "it holds \"data\" (uint8 of shape (7, 3072))"][..]),
            (vec![labels(b"K\x01")], &["no images for d[\"labels\"]", "\"labels\" (a list of 1)"]),
            (
                vec![data(), labels(b"K\x01")],
                &["1 labels (d[\"labels\"]) for 7 images", "`d[\"data\"] = d[\"data\"][:1]`"],
            ),
            (vec![data(), labels(b"K\0K\x0a")], &["label 10 for image 2"]),
            (vec![data(), labels(b"K\x01K\x0a")], &["classes from 1 to 10", "[label - 1 for label in d[\"labels\"]]"]),
            (vec![data(), labels(b"J\xff\xff\xff\xff")], &["label -1 for image 1"]),
            (vec![data(), labels(b"N")], &["cannot be taken for labels: a list of 1", "[int(label) for label in"]),
            (vec![data(), labels(&text(protocol, "cat"))], &["[names.index(name) for name in d[\"labels\"]]"]),
            (vec![("data", b"]".to_vec()), labels(b"K\x01")], &["cannot be taken for images: a list of 0", "np.stack"]),
        ] {
            assert_refused("f", &dict(protocol, &entries), words);
        }
    }
    assert_refused("f", &[Made::good(2).pickle(&images), vec![b'.']].concat(), &["goes on after its end"]);
}

#[test]
fn rows_of_an_image_and_its_label_are_read() {
    let images = images(3, 4);
    for protocol in 2..=5 {
        let one = Made { shape: vec![3, 32, 32], ..Made::good(protocol) };
        let row = |index: usize| {
            let (pixels, label) = images.get(index);
            (one.array(pixels), vec![b'K', label])
        };
        let pair = |index| [row(index).0, row(index).1, vec![0x86]].concat();
        let turned = |index| [row(index).1, row(index).0, vec![0x86]].concat();
        let named = |index| {
            let (pixels, label) = row(index);
            [b"}(".to_vec(), text(protocol, "image"), pixels, text(protocol, "label"), label, b"u".to_vec()].concat()
        };
        for rows in [&pair as &dyn Fn(usize) -> Vec<u8>, &turned, &named] {
            let list = [b"](".to_vec(), (0..3).flat_map(rows).collect(), b"e".to_vec()].concat();
            let whole = [vec![0x80, protocol], list.clone(), b".".to_vec()].concat();
            let within = dict(protocol, &[("train", list)]);
            for file in [whole, within] {
                let read = batches(read("f", &file).unwrap());
                assert_eq!(read.len(), 1);
                assert_eq!(read[0].images, images);
            }
        }
    }
}

#[test]
fn labels_may_be_numpy_numbers() {
    let images = images(IMAGES, 1);
    for protocol in [0, 2, 3, 4] {
        let made = Made::good(protocol);
        for (ty, order, width) in [("i8", "<", 8), ("i4", ">", 4), ("u1", "|", 1)] {
            let number = |label: u8| {
                let mut number = vec![0; width];
                number[if order == ">" { width - 1 } else { 0 }] = label;
                number
            };
            let scalar = |label: &u8| {
                let function = global(protocol, &format!("{}.multiarray", made.numpy), "scalar");
                let (ty, number) = (dtype(protocol, ty, order), bytes(protocol, &number(*label)));
                [function, b"(".to_vec(), ty, number, b"tR".to_vec()].concat()
            };
            let scalars = images.labels.iter().flat_map(scalar).collect();
            let list = [b"](".to_vec(), scalars, b"e".to_vec()].concat();
            let numbers: Vec<u8> = images.labels.iter().flat_map(|label| number(*label)).collect();
            let array = Made { ty, shape: vec![IMAGES], ..made.clone() }.array(&numbers);
            let mut labels = vec![list];
            if order != ">" {
                labels.push(array);
            }
            for labels in labels {
                let bytes = dict(protocol, &[("labels", labels), ("data", made.array(&images.pixels))]);
                assert_eq!(read_batches("f", &bytes)[0].images, images, "{ty}, protocol {protocol}");
            }
        }
    }
}

#[test]
fn a_file_that_changes_while_read_is_refused() {
    let bytes = binary(&images(2, 1));
    let mut short = FileReader::new("f", 2 * RECORD as u64);
    short.push(&bytes[..RECORD]).unwrap();
    assert!(matches!(short.finish(), Err(DataError::Changed { got: 3073, size: 6146, .. })));
    let mut long = FileReader::new("f", RECORD as u64);
    assert!(matches!(long.push(&bytes), Err(DataError::Changed { .. })));
    let mut after = FileReader::new("f", 5);
    assert!(after.push(&bytes).is_err() && after.push(&bytes).is_err() && after.finish().is_err());
}

#[test]
fn kinds_are_known_by_their_first_bytes() {
    for (head, size, kind) in [
        (&[][..], 0, Kind::Empty),
        (b"\x1f\x8b\x08", 100, Kind::Gzip),
        (b"\x80\x02}q", 100, Kind::Pickle),
        (b"}q\0(", 100, Kind::Pickle),
        (&header("a", "0", b'0'), 10_240, Kind::Tar),
        (&[3; 4000], 2 * RECORD as u64, Kind::Batch),
        (&[200; 4000], 2 * RECORD as u64, Kind::Batch),
        (&[0; 9000], 2 * 3074, Kind::Cifar100),
        (&[200; 4000], 5000, Kind::Unknown),
    ] {
        assert_eq!(recognise(head, Some(size)), kind, "{:?}…", &head[..head.len().min(10)]);
    }
    let mut old = header("a", "0", b'0');
    old[257..265].fill(0);
    old[148..156].copy_from_slice(b"        ");
    let sum: u32 = old.iter().map(|byte| u32::from(*byte)).sum();
    old[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    assert_eq!(recognise(&old, None), Kind::Tar, "from before ustar");
}
