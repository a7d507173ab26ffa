//! Pickles as people make them: the same seven images in every dress, and what is said where it could be several.

use piecewise::data::{Batch, DataError, FileReader, Images, PIXELS};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::formats::*;

fn read(name: &str, bytes: &[u8]) -> Result<Vec<Batch>, DataError> {
    let mut reader = FileReader::new(name, bytes.len() as u64);
    bytes.chunks(777).try_for_each(|piece| reader.push(piece))?;
    Ok(batches(reader.finish()?))
}

fn refusal(bytes: &[u8]) -> String {
    let message = read("f", bytes).unwrap_err().to_string();
    assert!(message.ends_with('.') && message.len() < 500 && !message.contains(char::is_control), "{message}");
    message
}

fn made<'a>(protocol: u8, ty: &'a str, shape: &[usize]) -> Made<'a> {
    Made { ty, shape: shape.to_vec(), ..Made::good(protocol) }
}

fn numbers(list: &[u8]) -> Vec<u8> {
    [b"](".to_vec(), list.iter().flat_map(|number| [b'K', *number]).collect(), b"e".to_vec()].concat()
}

/// A batch whose data are this array.
fn batch(protocol: u8, array: Vec<u8>, labels: &[u8]) -> Vec<u8> {
    dict(protocol, &[("data", array), ("labels", numbers(labels))])
}

/// Of planar images, byte (row, column, channel) of image i at i·3072 + (row·32 + column)·3 + channel.
fn interleaved(images: &Images) -> Vec<u8> {
    let byte = |at: usize| images.pixels[at / PIXELS * PIXELS + at % 3 * 1024 + at % PIXELS / 3];
    (0..images.pixels.len()).map(byte).collect()
}

/// Byte p of image i at p·images + i.
fn pixel_after_pixel(bytes: &[u8]) -> Vec<u8> {
    let images = bytes.len() / PIXELS;
    (0..bytes.len()).map(|at| bytes[at % images * PIXELS + at / images]).collect()
}

#[test]
fn images_are_read_in_any_shape_and_order_that_says_what_it_is() {
    let images = images(IMAGES, 1);
    let planar = &images.pixels;
    let channels_last = interleaved(&images);
    for protocol in 0..=5 {
        for (shape, bytes) in [
            (&[IMAGES, PIXELS][..], planar.clone()),
            (&[IMAGES, 3, 32, 32], planar.clone()),
            (&[IMAGES, 3, 1024], planar.clone()),
            (&[IMAGES, 32, 32, 3], channels_last.clone()),
            (&[IMAGES, 1024, 3], channels_last.clone()),
            (&[PIXELS, IMAGES], pixel_after_pixel(planar)),
            (&[32, 32, 3, IMAGES], pixel_after_pixel(&channels_last)),
        ] {
            let array = made(protocol, "u1", shape).array(&bytes);
            let batches = read("f", &batch(protocol, array, &images.labels)).unwrap();
            assert_eq!(batches[0].images, images, "{shape:?}, protocol {protocol}");
        }
        // In Fortran's order the last axis has the longest strides.
        let fortran = Made { is_fortran: true, ..made(protocol, "u1", &[IMAGES, PIXELS]) };
        let array = fortran.array(&pixel_after_pixel(planar));
        assert_eq!(read("f", &batch(protocol, array, &images.labels)).unwrap()[0].images, images, "Fortran");
        let byte = |at: usize| {
            let (image, row, column) = (at % IMAGES, at / IMAGES % 32, at / IMAGES / 32 % 32);
            planar[image * PIXELS + at / IMAGES / 1024 * 1024 + row * 32 + column]
        };
        let fortran = Made { is_fortran: true, ..made(protocol, "u1", &[IMAGES, 32, 32, 3]) };
        let array = fortran.array(&(0..planar.len()).map(byte).collect::<Vec<u8>>());
        assert_eq!(read("f", &batch(protocol, array, &images.labels)).unwrap()[0].images, images, "Fortran");
    }
}

/// As NumPy 2 writes `x.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)` with protocol 5: torchvision's `data` is so.
#[test]
fn an_array_that_was_transposed_in_numpy_is_read() {
    let images = images(IMAGES, 1);
    let shape = [IMAGES, 3, 32, 32].map(int).concat();
    let array = [
        global(5, "numpy._core.numeric", "_frombuffer"),
        [b"(".to_vec(), bytes(5, &images.pixels), dtype(5, "u1", "|"), b"(".to_vec(), shape, b"t".to_vec()].concat(),
        [text(5, "K"), b"(K\0K\x02K\x03K\x01t".to_vec(), b"tR".to_vec()].concat(),
    ];
    assert_eq!(read("f", &batch(5, array.concat(), &images.labels)).unwrap()[0].images, images);
}

#[test]
fn numbers_of_any_type_become_bytes_where_that_is_plain() {
    let images = images(IMAGES, 1);
    let from =
        |convert: &dyn Fn(u8) -> Vec<u8>| images.pixels.iter().flat_map(|byte| convert(*byte)).collect::<Vec<u8>>();
    for protocol in [0, 2, 3, 4, 5] {
        for (ty, bytes) in [
            ("i8", from(&|byte| i64::from(byte).to_le_bytes().to_vec())),
            ("u2", from(&|byte| u16::from(byte).to_le_bytes().to_vec())),
            (">i4", from(&|byte| i32::from(byte).to_be_bytes().to_vec())),
            ("f4", from(&|byte| f32::from(byte).to_le_bytes().to_vec())),
            ("f4", from(&|byte| (f32::from(byte) / 255.0).to_le_bytes().to_vec())),
            ("f8", from(&|byte| (f64::from(byte) / 255.0).to_le_bytes().to_vec())),
            ("f4", from(&|byte| (f32::from(byte) + 0.3).min(255.0).to_le_bytes().to_vec())),
        ] {
            let array = made(protocol, ty, &[IMAGES, PIXELS]).array(&bytes);
            let read = read("f", &batch(protocol, array, &images.labels)).unwrap();
            assert_eq!(read[0].images, images, "{ty}, protocol {protocol}");
        }
    }
    for (ty, bytes, words) in [
        (
            "f4",
            from(&|byte| (f32::from(byte) / 127.5 - 1.0).to_le_bytes().to_vec()),
            &["from −1 to 1", "before_norm"][..],
        ),
        ("f4", from(&|byte| (f32::from(byte) / 64.0).to_le_bytes().to_vec()), &["from 0 to 3.984"]),
        ("f4", from(&|byte| f32::from(byte / 128).to_le_bytes().to_vec()), &["from 0 to 1", "dtype=np.uint8"]),
        ("f4", from(&|_| f32::NAN.to_le_bytes().to_vec()), &["NaN"]),
        ("i2", from(&|byte| (i16::from(byte) * 2).to_le_bytes().to_vec()), &["int16 of shape (7, 3072) from 0 to 510"]),
        ("b1", from(&|byte| vec![byte / 128]), &["bool of shape"]),
    ] {
        let message = refusal(&batch(2, made(2, ty, &[IMAGES, PIXELS]).array(&bytes), &images.labels));
        for word in words {
            assert!(message.contains(word), "{message} should say {word}");
        }
    }
}

#[test]
fn labels_are_read_in_a_column_one_hot_and_under_other_names() {
    let images = images(IMAGES, 1);
    let one_hot = |label: &u8| (0..10).map(|class| u8::from(class == *label)).collect::<Vec<u8>>();
    for protocol in 0..=5 {
        let data = || made(protocol, "u1", &[IMAGES, PIXELS]).array(&images.pixels);
        let rows: Vec<u8> = images.labels.iter().flat_map(one_hot).collect();
        let columns: Vec<u8> = (0..70).map(|at| rows[at % IMAGES * 10 + at / IMAGES]).collect();
        let floats: Vec<u8> = rows.iter().flat_map(|&entry| f32::from(entry).to_le_bytes()).collect();
        let nested: Vec<u8> = images.labels.iter().flat_map(|label| numbers(&one_hot(label))).collect();
        let singles: Vec<u8> = images.labels.iter().flat_map(|label| numbers(&[*label])).collect();
        for (what, labels) in [
            ("column", made(protocol, "u1", &[IMAGES, 1]).array(&images.labels)),
            ("one-hot", made(protocol, "u1", &[IMAGES, 10]).array(&rows)),
            ("one-hot, Fortran", Made { is_fortran: true, ..made(protocol, "u1", &[IMAGES, 10]) }.array(&columns)),
            ("one-hot, float32", made(protocol, "f4", &[IMAGES, 10]).array(&floats)),
            ("lists, one-hot", [b"](".to_vec(), nested, b"e".to_vec()].concat()),
            ("lists of one", [b"](".to_vec(), singles, b"e".to_vec()].concat()),
            ("list", numbers(&images.labels)),
        ] {
            for (x, y) in [("data", "labels"), ("data", "label"), ("images", "targets"), ("X", "y"), ("x", "target")] {
                let bytes = dict(protocol, &[(x, data()), (y, labels.clone())]);
                assert_eq!(read("f", &bytes).unwrap()[0].images, images, "{what} as {y}, protocol {protocol}");
            }
        }
        let shares: Vec<u8> = (0..70).flat_map(|_| 0.1_f32.to_le_bytes()).collect();
        let labels = made(protocol, "f4", &[IMAGES, 10]).array(&shares);
        let message = refusal(&dict(protocol, &[("data", data()), ("labels", labels)]));
        assert!(message.contains("`d[\"labels\"] = np.argmax(d[\"labels\"], axis=1)`"), "{message}");
        let message = refusal(&dict(protocol, &[("data", data()), ("y", numbers(&[1])), ("labels", numbers(&[1]))]));
        assert!(message.contains("d[\"y\"] and d[\"labels\"] may both be"), "{message}");
    }
}

#[test]
fn a_list_of_rows_is_read() {
    let images = images(IMAGES, 1);
    let channels_last = interleaved(&images);
    for protocol in 0..=5 {
        let rows = |shape: &[usize], pixels: &[u8]| {
            let row = |row: &[u8]| made(protocol, "u1", shape).array(row);
            [b"](".to_vec(), pixels.chunks(PIXELS).flat_map(row).collect(), b"e".to_vec()].concat()
        };
        let lists = images.pixels.chunks(PIXELS).flat_map(numbers).collect();
        for data in [
            rows(&[PIXELS], &images.pixels),
            rows(&[3, 32, 32], &images.pixels),
            rows(&[32, 32, 3], &channels_last),
            [b"](".to_vec(), lists, b"e".to_vec()].concat(),
        ] {
            assert_eq!(read("f", &batch(protocol, data, &images.labels)).unwrap()[0].images, images, "{protocol}");
        }
        let mixed = [rows(&[PIXELS], &images.pixels), made(protocol, "u1", &[1]).array(&[1]), b"a".to_vec()].concat();
        let message = refusal(&batch(protocol, mixed, &images.labels));
        assert!(message.contains("a list of 8") && message.contains("np.stack([np.asarray(x) for x in"), "{message}");
    }
}

#[test]
fn a_file_may_hold_several_splits() {
    let (train, test) = (images(IMAGES, 1), images(3, 2));
    for protocol in 0..=5 {
        let data = |images: &Images| made(protocol, "u1", &[images.len(), PIXELS]).array(&images.pixels);
        let labels = |images: &Images| numbers(&images.labels);
        let inner = |entries: &[(&str, Vec<u8>)]| {
            let entries: Vec<u8> =
                entries.iter().flat_map(|(key, value)| [text(protocol, key), value.clone()].concat()).collect();
            [b"}(".to_vec(), entries, b"u".to_vec()].concat()
        };
        let tuple = |items: &[Vec<u8>]| [b"(".to_vec(), items.concat(), b"t".to_vec()].concat();
        let whole = |value: Vec<u8>| {
            [if protocol == 0 { vec![0x80, 2] } else { vec![0x80, protocol] }, value, b".".to_vec()].concat()
        };
        let pair = |images: &Images| tuple(&[data(images), labels(images)]);
        let named = |images: &Images| inner(&[("data", data(images)), ("labels", labels(images))]);
        let splits = |x: Vec<u8>, y: Vec<u8>| whole(inner(&[("train", x), ("test", y)]));
        for (what, bytes, names) in [
            ("dictionaries", splits(named(&train), named(&test)), ["train", "test"]),
            ("pairs by name", splits(pair(&train), pair(&test)), ["train", "test"]),
            ("pairs", whole(tuple(&[pair(&train), pair(&test)])), ["train", "test"]),
            ("four", whole(tuple(&[data(&train), labels(&train), data(&test), labels(&test)])), ["train", "test"]),
            (
                "four, images first",
                whole(tuple(&[data(&train), data(&test), labels(&train), labels(&test)])),
                ["train", "test"],
            ),
            (
                "Keras' names",
                whole(inner(&[
                    ("x_train", data(&train)),
                    ("y_train", labels(&train)),
                    ("X_val", data(&test)),
                    ("y_val", labels(&test)),
                ])),
                ["train", "val"],
            ),
            (
                "by role",
                whole(inner(&[
                    ("images", inner(&[("train", data(&train)), ("test", data(&test))])),
                    ("labels", inner(&[("train", labels(&train)), ("test", labels(&test))])),
                ])),
                ["train", "test"],
            ),
        ] {
            let batches = read("f", &bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
            let found = |name: &str| batches.iter().find(|batch| batch.name == name).unwrap();
            assert_eq!(batches.len(), 2, "{what}");
            assert_eq!(found(names[0]).images, train, "{what}, protocol {protocol}");
            assert_eq!(found(names[1]).images, test, "{what}, protocol {protocol}");
            assert!(found(names[1]).validation && !found(names[0]).validation, "{what}");
        }
        let one = read("f", &whole(pair(&train))).unwrap();
        assert_eq!((one[0].name.as_str(), &one[0].images), ("f", &train), "a pair of arrays");
        let message = refusal(&splits(named(&train), inner(&[("data", data(&test))])));
        assert!(message.contains("no labels for d[\"test\"][\"data\"]"), "{message}");
    }
}

/// As Python 2 and 3 write them: `pickle.dumps({"data": x, "labels": [3]}, 0)`, with line ends as they are.
fn protocol_0(images: &Images, is_python_2: bool) -> Vec<u8> {
    let pixels: String = images
        .pixels
        .iter()
        .map(|&byte| match (is_python_2, byte) {
            (true, b'\n') => "\\n".into(),
            (true, b'\r') => "\\r".into(),
            (true, b'\t') => "\\t".into(),
            (true, b'\'' | b'\\') => format!("\\{}", char::from(byte)),
            (true, 32..=126) | (false, 1..=9 | 11 | 12 | 14..=25 | 27..=91 | 93..) => char::from(byte).into(),
            (true, _) => format!("\\x{byte:02x}"),
            (false, _) => format!("\\u{byte:04x}"),
        })
        .collect();
    let pixels: Vec<u8> = pixels.chars().map(|letter| letter as u8).collect();
    let pixels = if is_python_2 {
        [b"S'".to_vec(), pixels, b"'\np9\n".to_vec()].concat()
    } else {
        [b"c_codecs\nencode\n(V".to_vec(), pixels, b"\np7\nVlatin1\np8\ntRp9\n".to_vec()].concat()
    };
    let word = |word: &str| if is_python_2 { format!("S'{word}'\n") } else { format!("V{word}\n") };
    let start = format!(
        "(dp0\n{}p1\ncnumpy.core.multiarray\n_reconstruct\np2\n(cnumpy\nndarray\np3\n(I0\ntp4\n{}tp5\nRp6\n(I1\n(I{}\nI3072\ntcnumpy\ndtype\n({}I00\nI01\ntR(I3\n{}NNNI-1\nI-1\nI0\ntbI00\n",
        word("data"),
        word("b"),
        images.len(),
        word("u1"),
        word("|")
    );
    let labels: String = images.labels.iter().map(|label| format!("I{label}\na")).collect();
    let numbers: String = format!("tbs{}p10\n(lp11\n{labels}s.", word("labels"));
    [start.into_bytes(), pixels, numbers.into_bytes()].concat()
}

#[test]
fn protocol_0_is_read_as_python_2_and_3_write_it() {
    let mut images = images(IMAGES, 1);
    // Every byte, after every other.
    for at in 0..images.pixels.len() {
        images.pixels[at] = (at / 256 * (at % 2) + at) as u8;
    }
    for is_python_2 in [true, false] {
        let bytes = protocol_0(&images, is_python_2);
        assert_eq!(read("f", &bytes).unwrap()[0].images, images, "Python 2: {is_python_2}");
        let os = [bytes[..5].to_vec(), b"cos\nsystem\n(S'ls'\ntR.".to_vec()].concat();
        assert!(refusal(&os).contains("names os.system"), "nothing else may be named");
        for end in (5..bytes.len()).step_by(997) {
            assert!(refusal(&bytes[..end]).contains("stops at byte"));
        }
    }
}

#[test]
fn changed_line_ends_are_named() {
    let images = images(IMAGES, 1);
    let mangled = |bytes: &[u8], from: &[u8], to: &[u8]| {
        let mut out = Vec::new();
        let mut rest = bytes;
        while let Some(&byte) = rest.first() {
            match rest.strip_prefix(from) {
                Some(after) => {
                    out.extend(to);
                    rest = after;
                }
                None => {
                    out.push(byte);
                    rest = &rest[1..];
                }
            }
        }
        out
    };
    for file in [Made::good(0).pickle(&images), Made::good(2).pickle(&images), protocol_0(&images, true)] {
        let message = refusal(&mangled(&file, b"\n", b"\r\n"));
        assert!(
            message.starts_with("f had its line ends changed on the way: every byte 0a has become 0d 0a"),
            "{message}"
        );
        assert!(message.contains("Transfer it as binary"), "{message}");
    }
    // So many line ends that some pairs would be there by chance.
    let many = self::images(600, 3);
    let file = Made { shape: vec![600, PIXELS], ..Made::good(2) }.pickle(&many);
    let pairs_lost = mangled(&file, b"\r\n", b"\n");
    assert!(refusal(&pairs_lost).contains("every 0d 0a has become 0a"));
    assert!(refusal(&mangled(&pairs_lost, b"\r", b"\n")).contains("every 0d, or 0d 0a, has become 0a"));
    let message = refusal(b"\x80\x02cos\r\nsystem\r\n(U\x02lstR.");
    assert!(message.contains("line ends") && !message.contains("open it in Python"), "{message}");
    assert!(refusal(b"\x80\x02cos\nsystem\n(U\x02lstR.").contains("names os.system"));
}

#[test]
fn objects_of_well_known_libraries_are_named_with_the_way_out() {
    for (name, word) in [
        ("pandas.core.frame DataFrame", "x.to_numpy()"),
        ("torch._utils _rebuild_tensor_v2", "x.numpy()"),
        ("PIL.Image Image", "np.asarray(image)"),
    ] {
        let bytes = [b"\x80\x02}U\x04data".to_vec(), line(name), b"s.".to_vec()].concat();
        let message = refusal(&bytes);
        assert!(message.contains(word) && message.contains("Nothing was run"), "{message}");
    }
}

#[test]
fn a_dictionary_that_is_recalled_again_and_again_is_soon_done_with() {
    let entries =
        |value: &[u8]| [b"(".to_vec(), [b"U\x05train", value].concat().repeat(100_000), b"u".to_vec()].concat();
    let bytes = [b"\x80\x02}q\0".to_vec(), entries(b"N"), b"0}".to_vec(), entries(b"h\0"), b".".to_vec()].concat();
    assert!(refusal(&bytes).contains("no images and labels were found: it holds \"train\" (a dictionary of 100000)"));
}
