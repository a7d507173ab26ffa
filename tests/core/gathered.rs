//! What people bring, kind by kind, from files to the images that are used.

use piecewise::data::{
    DataError, Dataset, Decision, FileReader, Found, Gathering, Images, PIXELS, PLANE, Reorder, Role, SIDE, Split,
    Taken, Warning, class_names, is_clutter,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::formats::*;

/// Reads files as a session does: what was found, and what to use of it.
fn gather(files: &[(&str, Vec<u8>)], old: &Dataset, decision: &Decision) -> Result<(Found, Gathering), String> {
    let mut gathering = Gathering::default();
    for (path, bytes) in files {
        if is_clutter(path) {
            gathering.pass_over(path, DataError::Clutter { name: (*path).into() });
            continue;
        }
        let mut reader = FileReader::new(path, bytes.len() as u64);
        match bytes.chunks(7001).try_for_each(|piece| reader.push(piece)).and_then(|()| reader.finish()) {
            Ok(contents) => gathering.add(contents),
            Err(error) => gathering.pass_over(path, error),
        }
    }
    gathering.close()?;
    let found = gathering.found(old, decision);
    Ok((found, gathering))
}

fn found(files: &[(&str, Vec<u8>)]) -> Found {
    gather(files, &Dataset::default(), &Decision::default()).unwrap().0
}

fn taken(files: &[(&str, Vec<u8>)]) -> Dataset {
    let (_, gathering) = gather(files, &Dataset::default(), &Decision::default()).unwrap();
    gathering.take(Dataset::default(), &Decision::default(), u64::MAX).unwrap()
}

/// Paths and what they were taken for.
fn rows(found: &Found) -> Vec<(&str, Taken, u64)> {
    found.files.iter().map(|file| (file.path.as_str(), file.taken, file.images())).collect()
}

fn all(split: &Split) -> Images {
    let mut images = Images::default();
    for index in 0..split.len() {
        let (pixels, label) = split.get(index);
        images.pixels.extend_from_slice(pixels);
        images.labels.push(label);
    }
    images
}

/// Pictures as a camera makes them, so that neighbours are alike.
fn smooth(count: usize, seed: u64) -> Images {
    let mut smooth = images(count, seed);
    for (index, image) in smooth.pixels.chunks_exact_mut(PIXELS).enumerate() {
        for (at, byte) in image.iter_mut().enumerate() {
            let (channel, row, column) = (at / PLANE, at % PLANE / SIDE, at % SIDE);
            *byte = (channel * 60 + row * 3 + column * 2 + index * 5 + seed as usize) as u8 / 2;
        }
    }
    smooth
}

fn rgb(image: &[u8]) -> Vec<u8> {
    (0..PLANE).flat_map(|at| [image[at], image[PLANE + at], image[2 * PLANE + at]]).collect()
}

fn interleaved(images: &Images) -> Images {
    Images { pixels: images.pixels.chunks_exact(PIXELS).flat_map(rgb).collect(), labels: images.labels.clone() }
}

fn png(width: usize, height: usize, rgb: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(rgb).unwrap();
    writer.finish().unwrap();
    bytes
}

fn npy(ty: &str, is_fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if is_fortran { "True" } else { "False" };
    let mut header = format!("{{'descr': '{ty}', 'fortran_order': {order}, 'shape': {shape}, }}");
    while (header.len() + 11) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    [&b"\x93NUMPY\x01\0"[..], &(header.len() as u16).to_le_bytes(), header.as_bytes(), data].concat()
}

#[test]
fn what_lies_beside_the_batches_is_passed_over_and_named() {
    let (train, test) = (images(5, 1), images(3, 2));
    let torch = zip(&[("model/data.pkl", b"\x80\x02}.".to_vec()), ("model/version", b"3\n".to_vec())], Packing::Stored);
    let mnist = zip(&[("x_train.npy", npy("|u1", false, "(2, 28, 28)", &[7; 2 * 784]))], Packing::Deflated);
    let files = [
        ("stick/.DS_Store", b"\0\0\0\x01Bud1\0\0".to_vec()),
        ("stick/._data_batch_1.bin", vec![0, 5, 22, 7, 0, 2, 0, 0]),
        ("stick/Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0".to_vec()),
        ("stick/desktop.ini", b"[.ShellClassInfo]".to_vec()),
        ("stick/.git/config", b"[core]".to_vec()),
        ("stick/README.md", b"# CIFAR\nten\n".to_vec()),
        ("stick/load.py", b"import numpy\n".to_vec()),
        ("stick/__init__.py", Vec::new()),
        ("stick/model.pt", torch),
        ("stick/mnist.npz", mnist),
        ("stick/film.mp4", b"\0\0\0\x18ftypmp42\0\0".to_vec()),
        ("stick/letters.ttf", b"\0\x01\0\0\0\x0c\0\x80\0\x03\0\x40FFTM".to_vec()),
        ("stick/weights.safetensors", b"\x40\0\0\0\0\0\0\0{\"1.weight\":{}}".to_vec()),
        ("stick/readme.html", b"<html>".to_vec()),
        ("stick/data_batch_1.bin", binary(&train)),
        ("stick/test_batch.bin", binary(&test)),
    ];
    let found = found(&files);
    assert_eq!(
        rows(&found)[..2],
        [("stick/data_batch_1.bin", Taken::Train, 5), ("stick/test_batch.bin", Taken::Validation, 3)]
    );
    assert_eq!(found.files.len(), files.len());
    for file in &found.files[2..] {
        assert!(file.taken == Taken::PassedOver && !file.is_broken && file.why.ends_with('.'), "{file:?}");
    }
    let why = |name: &str| &found.files.iter().find(|file| file.path.contains(name)).unwrap().why;
    for (name, word) in [
        ("Thumbs", "belongs to the system"),
        ("README", "a text"),
        ("model.pt", "a PyTorch file"),
        ("mnist", "shape (2, 28, 28)"),
        ("mp4", "a film"),
        ("ttf", "a font"),
        ("safetensors", "Open a model"),
    ] {
        assert!(why(name).contains(word), "{name}: {}", why(name));
    }
    let nothing = gather(&files[..6], &Dataset::default(), &Decision::default()).unwrap_err();
    assert!(
        nothing.starts_with("None of these 6 files holds images") && nothing.contains("5 × a file of the system"),
        "{nothing}"
    );
}

#[test]
fn each_set_of_images_is_used_once_and_twins_are_named() {
    let (one, two, test) = (images(5, 1), images(4, 7), images(3, 2));
    let both =
        Images { pixels: [&one.pixels[..], &two.pixels].concat(), labels: [&one.labels[..], &two.labels].concat() };
    let archive = gzip(&tar(&[("py/data_batch_1.bin", binary(&one)), ("py/test_batch.bin", binary(&test))]));
    let files = [
        ("data/cifar.tar.gz", archive),
        ("data/py/data_batch_1.bin", binary(&one)),
        ("data/py/test_batch.bin", binary(&test)),
        ("data/data_batch_2.bin", binary(&two)),
        ("data/train_all.bin", binary(&both)),
    ];
    let first = found(&files);
    let twins: Vec<_> = first.files.iter().filter(|file| file.taken == Taken::Twin).collect();
    assert_eq!(twins.len(), 3, "{:?}", rows(&first));
    assert!(twins.iter().any(|file| file.why == "the same images as data_batch_1.bin"), "{twins:?}");
    assert!(twins.iter().any(|file| file.why == "the same images as data_batch_1.bin, data_batch_2.bin"), "{twins:?}");
    let data = taken(&files);
    assert_eq!((data.train.len(), data.validation.len()), (9, 3));
    // The same again is nothing new, a subset of it neither.
    let (found, gathering) = gather(&files[..3], &data, &Decision::default()).unwrap();
    assert!(found.files.iter().all(|file| file.taken == Taken::Twin), "{:?}", rows(&found));
    // Of a file and a second download of it, that is the twin.
    let copies = [("data_batch_1 (1).bin", binary(&one)), ("data_batch_1.bin", binary(&one))];
    let (copied, _) = gather(&copies, &Dataset::default(), &Decision::default()).unwrap();
    assert_eq!(rows(&copied), [("data_batch_1.bin", Taken::Train, 5), ("data_batch_1 (1).bin", Taken::Twin, 5)]);
    let (kept, message) = *gathering.take(data, &Decision::default(), u64::MAX).unwrap_err();
    assert!(message.contains("here already") && kept.train.len() == 9, "{message}");
}

#[test]
fn words_of_names_and_folders_tell_training_from_validation() {
    let validation = [
        "val.bin",
        "validation.bin",
        "eval_batch.bin",
        "holdout.bin",
        "hold-out.bin",
        "test/1.bin",
        "TestBatch (1).bin",
        "x/valid/a.bin",
        "test_batch.bin",
        "cifar10.1_v6_data.npy",
        "CIFAR-10-C/fog.npy",
        "test1.bin",
        "dev.bin",
        "testdata.bin",
    ];
    let train = [
        "latest_data_batch_1.bin",
        "contest_train.bin",
        "train/1.bin",
        "test/data_batch_1.bin",
        "trainset.bin",
        "test/train/1.bin",
    ];
    let neither = ["a.bin", "latest.bin", "valley.bin", "attestation/b.bin", "train_test_split.bin"];
    for (names, role, is_sure) in
        [(&validation[..], Role::Validation, true), (&train[..], Role::Train, true), (&neither[..], Role::Train, false)]
    {
        for name in names {
            let guess = piecewise::data::role(name, None);
            assert_eq!((guess.role, guess.is_sure), (role, is_sure), "{name}");
        }
    }
    // A published name in a folder of somebody's own split.
    let batches = |seed: u64| binary(&images(4, seed));
    let split = [("a/dev/data_batch_1.bin", batches(1)), ("a/train/data_batch_1.bin", batches(2))];
    let split = found(&split);
    assert_eq!(split.files.iter().map(|file| file.taken).collect::<Vec<_>>(), [Taken::Validation, Taken::Train]);
    let guess = piecewise::data::role("data_batch_1", Some("testing batch 1 of 1"));
    assert_eq!((guess.role, guess.is_sure), (Role::Validation, true));
}

#[test]
fn arrays_of_numpy_are_images_whatever_their_type_and_axes() {
    let set = images(6, 3);
    let bytes = |values: &mut dyn Iterator<Item = f64>, ty: &str| -> Vec<u8> {
        values
            .flat_map(|value| match ty {
                "<f4" => (value as f32).to_le_bytes().to_vec(),
                ">f8" => value.to_be_bytes().to_vec(),
                "<i8" => (value as i64).to_le_bytes().to_vec(),
                ">i2" => (value as i16).to_be_bytes().to_vec(),
                _ => vec![value as u8],
            })
            .collect()
    };
    let pixels = |image: &[u8], order: &str| if order == "nhwc" { rgb(image) } else { image.to_vec() };
    for (order, shape) in [("nhwc", "(6, 32, 32, 3)"), ("nchw", "(6, 3, 32, 32)"), ("flat", "(6, 3072)")] {
        let in_order: Vec<Vec<u8>> = set.pixels.chunks_exact(PIXELS).map(|image| pixels(image, order)).collect();
        for (ty, scale) in [("|u1", 1.0), ("<i8", 1.0), (">i2", 1.0), ("<f4", 1.0), ("<f4", 255.0), (">f8", 255.0)] {
            for is_fortran in [false, true] {
                // In Fortran's order, the first axis is the fastest, and the last the slowest.
                let axes: &[usize] = match order {
                    "nhwc" => &[32, 32, 3],
                    "nchw" => &[3, 32, 32],
                    _ => &[PIXELS],
                };
                let c_index = |mut at: usize| {
                    let (mut index, mut stride) = (0, PIXELS);
                    for axis in axes {
                        stride /= axis;
                        index += at % axis * stride;
                        at /= axis;
                    }
                    index
                };
                let mut values: Box<dyn Iterator<Item = f64>> = if is_fortran {
                    Box::new(
                        (0..PIXELS)
                            .flat_map(|at| in_order.iter().map(move |image| f64::from(image[c_index(at)]) / scale)),
                    )
                } else {
                    Box::new(in_order.iter().flatten().map(|byte| f64::from(*byte) / scale))
                };
                let images = npy(ty, is_fortran, shape, &bytes(&mut values, ty));
                let labels = npy("<i8", false, "(6, 1)", &bytes(&mut set.labels.iter().map(|l| f64::from(*l)), "<i8"));
                let npz = zip(&[("x_train.npy", images.clone()), ("y_train.npy", labels.clone())], Packing::Deflated);
                let data = taken(&[("cifar.npz", npz)]);
                assert_eq!(all(&data.train), set, "{order} {ty} {scale} {is_fortran}");
                if scale == 1.0 {
                    let data = taken(&[("labels.npy", labels), ("images.npy", images)]);
                    assert_eq!(all(&data.train), set, "beside each other");
                }
            }
        }
    }
}

#[test]
fn arrays_find_their_labels_and_keras_has_both_splits() {
    let (train, test) = (images(6, 3), images(6, 4));
    let array = |images: &Images| npy("|u1", false, "(6, 3072)", &images.pixels);
    let one_hot: Vec<u8> =
        test.labels.iter().flat_map(|label| (0..10).map(move |class| u8::from(class == *label))).collect();
    let members = [
        ("x_train.npy", array(&train)),
        ("y_train.npy", npy("|u1", false, "(6,)", &train.labels)),
        ("x_test.npy", array(&test)),
        ("y_test.npy", npy("|b1", false, "(6, 10)", &one_hot)),
    ];
    let data = taken(&[("cifar10.npz", zip(&members, Packing::Deflated))]);
    assert_eq!((all(&data.train), all(&data.validation)), (train.clone(), test.clone()));
    let moved = taken(&[
        ("CIFAR-10.1/cifar10.1_v6_data.npy", array(&test)),
        ("CIFAR-10.1/cifar10.1_v6_labels.npy", npy("|u1", false, "(6,)", &test.labels)),
        ("data_batch_1.bin", binary(&train)),
    ]);
    assert_eq!((all(&moved.train), all(&moved.validation)), (train.clone(), test));
    for (bytes, words) in [
        (npy("|u1", false, "(2, 28, 28)", &[0; 2 * 784]), "shape (2, 28, 28)"),
        (npy("<f4", false, "(1, 3072)", &(-1.5_f32).to_le_bytes().repeat(3072)), "-1.5 among its pixels"),
        (npy("|O", false, "(6,)", &[0; 48]), "type |O"),
        (npy("|u1", false, "(6,)", &[0, 1, 2, 11, 4, 5]), "label 11 at 3"),
        (npy("|u1", false, "(6, 3072)", &[0; 100]), "100 bytes of numbers"),
        (array(&train), "no labels for so many"),
        (npy("|u1", false, "(6,)", &train.labels), "no images for them"),
    ] {
        let message = gather(&[("a.npy", bytes)], &Dataset::default(), &Decision::default()).unwrap_err();
        assert!(message.contains(words) && message.ends_with('.'), "{message}");
    }
}

#[test]
fn folders_of_pictures_are_labelled_by_class() {
    let set = smooth(30, 3);
    let names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
    let picture = |index: usize| png(32, 32, &rgb(set.get(index).0));
    let file = |index: usize| {
        let split = if index.is_multiple_of(3) { "test" } else { "train" };
        (format!("cifar10/{split}/{}/{index}.png", names[index % 10]), picture(index))
    };
    let mut files: Vec<(String, Vec<u8>)> = (0..30).map(file).collect();
    files.push(("cifar10/labels.txt".into(), names.join("\n").into_bytes()));
    let borrowed: Vec<(&str, Vec<u8>)> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.clone())).collect();
    let first = found(&borrowed);
    assert_eq!(rows(&first)[..2], [("cifar10/test", Taken::Validation, 10), ("cifar10/train", Taken::Train, 20)]);
    let data = taken(&borrowed);
    // In the order of their paths: by class, then by number.
    let expected: Vec<usize> =
        (0..10).flat_map(|class| (0..3).map(move |i| 10 * i + class)).filter(|i| i % 3 != 0).collect();
    for (at, index) in expected.into_iter().enumerate() {
        assert_eq!(data.train.get(at), set.get(index), "{at}");
    }
    // The same from an archive, in another order.
    let mut turned = borrowed.clone();
    turned.rotate_left(11);
    let archived = taken(&[("pictures.zip", zip(&turned, Packing::Stored))]);
    assert_eq!((all(&archived.train), all(&archived.validation)), (all(&data.train), all(&data.validation)));

    // Kaggle's: numbers for names, and a table; and a name that says the class.
    let mut kaggle: Vec<(String, Vec<u8>)> =
        (0..30).map(|index| (format!("train/{}.png", index + 1), picture(index))).collect();
    let table: String = (0..30).map(|index| format!("{},{}\n", index + 1, names[index % 10])).collect();
    kaggle.push(("trainLabels.csv".into(), format!("id,label\n{table}").into_bytes()));
    let borrowed: Vec<(&str, Vec<u8>)> = kaggle.iter().map(|(path, bytes)| (path.as_str(), bytes.clone())).collect();
    assert_eq!(all(&taken(&borrowed).train), set);
    // Its test pictures are numbered from 1, too, and have no labels.
    let tests: Vec<(String, Vec<u8>)> = (0..5).map(|i| (format!("test/{}.png", i + 1), picture(29 - i))).collect();
    let tests = tests.iter().map(|(path, bytes)| (path.as_str(), bytes.clone()));
    for table in ["trainLabels.csv", "labels.csv"] {
        let mut both: Vec<(&str, Vec<u8>)> = borrowed.iter().cloned().chain(tests.clone()).collect();
        both[30].0 = table;
        let beside = found(&both);
        assert_eq!(rows(&beside)[..2], [("train", Taken::Train, 30), (table, Taken::List, 0)], "{table}");
        assert!(beside.files[2].why.contains("1.png in test and 4 more pictures"), "{}", beside.files[2].why);
        assert_eq!(all(&taken(&both).train), set);
    }
    let alone = gather(&borrowed[30..], &Dataset::default(), &Decision::default()).unwrap_err();
    assert_eq!(
        alone,
        "trainLabels.csv is a table of labels, and no pictures came with it. Choose the folder of pictures together with it."
    );
    let unlabelled = gather(&borrowed[..30], &Dataset::default(), &Decision::default()).unwrap_err();
    assert!(
        unlabelled.contains("1.png in train and 29 more pictures are in no folder named after a class"),
        "{unlabelled}"
    );
    let named: Vec<(String, Vec<u8>)> =
        (0..30).map(|i| (format!("train/{i}_{}.png", names[i % 10]), picture(i))).collect();
    let borrowed: Vec<(&str, Vec<u8>)> = named.iter().map(|(path, bytes)| (path.as_str(), bytes.clone())).collect();
    assert_eq!(all(&taken(&borrowed).train), set);
}

#[test]
fn other_classes_and_other_sizes_are_taken_with_their_names_and_said() {
    let picture = |value: u8| png(64, 48, &vec![value; 3 * 64 * 48]);
    let files =
        [("a/train/apple/1.png", picture(10)), ("a/train/pear/1.png", picture(20)), ("a/train/fig/2.png", picture(30))];
    let found = found(&files);
    assert_eq!(found.class_names[..4], ["apple", "fig", "pear", "class 3"]);
    assert!(found.warnings.contains(&Warning::Resized { pictures: 3, width: 64, height: 48 }), "{:?}", found.warnings);
    let data = taken(&files);
    let labels: Vec<_> = (0..3).map(|at| (data.train.get(at).0[0], data.train.get(at).1)).collect();
    assert_eq!(labels, [(10, 0), (30, 1), (20, 2)]);
    let many: Vec<(String, Vec<u8>)> = (0..11).map(|class| (format!("c/kind{class}/1.png"), picture(9))).collect();
    let many: Vec<(&str, Vec<u8>)> = many.iter().map(|(path, bytes)| (path.as_str(), bytes.clone())).collect();
    let message = gather(&many, &Dataset::default(), &Decision::default()).unwrap_err();
    assert!(message.contains("11 classes, and 10 are the most"), "{message}");
    let broken = gather(&[("a/cat/1.png", picture(1)[..60].to_vec())], &Dataset::default(), &Decision::default());
    assert!(broken.unwrap_err().contains("1.png is a broken picture"));
}

#[test]
fn what_looks_wrong_is_said_and_can_be_mended() {
    let set = smooth(40, 3);
    let files = [("data_batch_1.bin", binary(&interleaved(&set)))];
    let wrong = found(&files);
    assert_eq!(wrong.files[0].reorder, Some(Reorder::ToPlanes));
    assert!(wrong.warnings.iter().any(|warning| warning.word() == "interleaved"), "{:?}", wrong.warnings);
    let mut decision = Decision::default();
    decision.set_reorder("data_batch_1.bin", Some(Reorder::ToPlanes));
    let (mended, gathering) = gather(&files, &Dataset::default(), &decision).unwrap();
    assert!(mended.files[0].is_reordered && !mended.warnings.iter().any(|warning| warning.word() == "interleaved"));
    assert_eq!(mended.files[0].sample, set.get(0).0);
    let data = gathering.take(Dataset::default(), &decision, u64::MAX).unwrap();
    assert_eq!(all(&data.train), set);
    assert!(found(&[("data_batch_1.bin", binary(&set))]).files[0].reorder.is_none());

    let black = Images { pixels: vec![0; 12 * PIXELS], labels: (0..12).map(|i| i % 10).collect() };
    let warnings = found(&[("data_batch_1.bin", binary(&black))]).warnings;
    assert!(warnings.contains(&Warning::Constant { constant: 12, images: 12 }), "{warnings:?}");

    let shared = Images { pixels: set.pixels[..19 * PIXELS].to_vec(), labels: set.labels[..19].to_vec() };
    let warnings = found(&[("data_batch_1.bin", binary(&set)), ("test_batch.bin", binary(&shared))]).warnings;
    let overlap = Warning::Overlap { shared: 19, validation: 19 };
    assert!(warnings.contains(&overlap) && overlap.is_serious(), "{warnings:?}");
}

#[test]
fn exchanged_channels_of_cifar_10_are_told_by_its_classes() {
    // Red less blue as CIFAR-10 has it by class, times 255.
    let red_less_blue = [-16_i32, 6, 17, 19, 24, 21, 31, 22, -17, 5];
    let mut set = smooth(200, 5);
    for (image, label) in set.pixels.chunks_exact_mut(PIXELS).zip(&set.labels) {
        for at in 0..PLANE {
            image[2 * PLANE + at] = (i32::from(image[at]) - red_less_blue[usize::from(*label)]).clamp(0, 255) as u8;
        }
    }
    assert_eq!(found(&[("data_batch_1.bin", binary(&set))]).files[0].reorder, None);
    let mut exchanged = set.clone();
    Reorder::RedAndBlue.apply(&mut exchanged);
    let found = found(&[("data_batch_1.bin", binary(&exchanged))]);
    assert_eq!(found.files[0].reorder, Some(Reorder::RedAndBlue));
}

#[test]
fn changed_line_ends_are_told_from_an_attack() {
    let crlf = |bytes: &[u8]| {
        bytes.iter().flat_map(|&b| if b == b'\n' { vec![b'\r', b'\n'] } else { vec![b] }).collect::<Vec<u8>>()
    };
    let set = images(12, 9);
    let pickle = Made { shape: vec![12, PIXELS], ..Made::good(1) }.pickle(&set);
    for (name, bytes) in
        [("data_batch_1", pickle), ("data_batch_2.bin", binary(&set)), ("cifar.tar.gz", gzip(&binary(&set)))]
    {
        let message = gather(&[(name, crlf(&bytes))], &Dataset::default(), &Decision::default()).unwrap_err();
        assert!(message.contains("line ends changed") && message.contains("binary"), "{message}");
    }
}

#[test]
fn files_that_only_stand_for_data_say_so() {
    for (bytes, words) in [
        (&b"version https://git-lfs.github.com/spec/v1\noid sha256:6d95\nsize 170498071\n"[..], "git lfs pull"),
        (b"../.git/annex/objects/Xq/9k/MD5E-s1--c5/MD5E-s1--c5.tar.gz", "git annex get"),
        (b"/annex/objects/MD5E-s170498071--c58f.tar.gz\n", "git annex get"),
        (b"{\"error\":{\"code\":404,\"message\":\"Not Found\"}}", "The server sent that instead"),
        (b"", "is empty"),
        (b"\0\0\x08\x03\0\0\xea\x60\0\0\0\x1c\0\0\0\x1c", "is no CIFAR-10 file"),
        (b"\0\0\x08\x01\0\0\0\x02\x05\x07", "MNIST"),
        (b"PAR1\x15\x04\x15", "pd.read_parquet"),
        (b"\x28\xb5\x2f\xfd\x04\0", "compressed by zstd"),
        (b"\x89HDF\r\n\x1a\n\0\0", "h5py"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "7-Zip"),
    ] {
        let message =
            gather(&[("cifar.tar.gz", bytes.to_vec())], &Dataset::default(), &Decision::default()).unwrap_err();
        assert!(message.contains(words) && message.ends_with('.') && message.len() < 500, "{message}");
    }
    let whole = [&b"\0\0\x08\x03\0\0\0\x02\0\0\0\x1c\0\0\0\x1c"[..], &[0; 2 * 784]].concat();
    for bytes in [gzip(&whole), whole] {
        let message = gather(&[("train-images", bytes)], &Dataset::default(), &Decision::default()).unwrap_err();
        assert!(message.contains("MNIST") && message.contains("28 × 28"), "{message}");
    }
}

#[test]
fn class_names_that_came_with_the_data_are_kept() {
    let set = binary(&images(5, 1));
    let names = ["ant", "bee", "cow", "doe", "eel", "fox", "gnu", "hen", "ibex", "jay"];
    let with = found(&[("d/data_batch_1.bin", set.clone()), ("d/batches.meta.txt", names.join("\r\n").into_bytes())]);
    assert_eq!(with.class_names, names);
    assert_eq!(rows(&with)[1], ("d/batches.meta.txt", Taken::List, 0));
    let cifar = b"airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n".to_vec();
    assert!(found(&[("d/data_batch_1.bin", set.clone()), ("d/batches.meta.txt", cifar)]).class_names.is_empty());

    // Pickled, as in the Python version, and beside the images.
    for protocol in [0, 2, 4] {
        let pickled = |names: &[&str]| list(names.iter().map(|name| text(protocol, name)));
        let meta = dict(protocol, &[("num_cases_per_batch", int(1)), ("label_names", pickled(&names))]);
        assert_eq!(found(&[("d/data_batch_1.bin", set.clone()), ("d/batches.meta", meta)]).class_names, names);
        let cifar = dict(protocol, &[("label_names", pickled(&class_names::CIFAR_10))]);
        assert!(found(&[("d/data_batch_1.bin", set.clone()), ("d/batches.meta", cifar)]).class_names.is_empty());
        let labels =
            [b"](".to_vec(), images(IMAGES, 1).labels.iter().flat_map(|label| [b'K', *label]).collect(), b"e".to_vec()];
        let data = Made::good(protocol).array(&images(IMAGES, 1).pixels);
        let batch = dict(protocol, &[("labels", labels.concat()), ("data", data), ("classes", pickled(&names))]);
        let with = found(&[("data_batch_1", batch)]);
        assert_eq!(with.class_names, names);
        let expected = [("data_batch_1", Taken::Train, IMAGES as u64), ("data_batch_1/class names", Taken::List, 0)];
        assert_eq!(rows(&with), expected);
        let few = dict(protocol, &[("label_names", pickled(&names[..3]))]);
        let message = gather(&[("batches.meta", few)], &Dataset::default(), &Decision::default()).unwrap_err();
        assert!(message.contains("a list of 3"), "{message}");
    }
}

#[test]
fn a_jpeg_is_read_as_other_programs_read_it() {
    // Of 32×32 pixels: the left half is (200, 40, 40), the right half (40, 40, 200).
    let jpeg = include_bytes!("../seeds/halves.jpg").to_vec();
    let data = taken(&[("train/cat/1.jpg", jpeg.clone()), ("train/dog/1.jpg", jpeg.clone())]);
    let (pixels, label) = data.train.get(0);
    assert_eq!((data.train.len(), label), (2, 3));
    for (at, expected) in
        [(0, [200, 40, 40]), (14 + 31 * SIDE, [200, 40, 40]), (17, [40, 40, 200]), (1023, [40, 40, 200])]
    {
        let seen = [0, 1, 2].map(|channel| pixels[channel * PLANE + at]);
        assert!(seen.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1), "{at}: {seen:?}");
    }
    let cut = gather(&[("train/cat/1.jpg", jpeg[..100].to_vec())], &Dataset::default(), &Decision::default());
    assert!(cut.unwrap_err().contains("1.jpg is a broken picture"));
}
