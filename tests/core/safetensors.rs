use ndarray::Array2;
use piecewise::data::augment::Augment;
use piecewise::data::{PIXELS, Purpose, rng};
use piecewise::nn::{Init, Mlp, Workspace};
use piecewise::train::model::{self, InputOrder, Model, ModelError, Reading, Scaling, layer_names};
use piecewise::train::{Config, ConfigError, Schedule, Subset};
use serde::Deserialize;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn decode(bytes: &[u8]) -> Result<Model, ModelError> {
    model::decode(bytes, Reading::default())
}

fn encode(net: &Mlp<f32>, config: &Config) -> Vec<u8> {
    let names = layer_names("", net.layers.len()).unwrap();
    model::encode(net, &names, config, None)
}

/// The network of `golden/check_model.py`, whose weights are exact in f32.
fn counted_net() -> (Mlp<f32>, Config) {
    let config = Config { hidden: vec![2, 3], ..Config::default() };
    let mut net = Mlp::new(&config.widths(), Init::He, &mut rng(1, Purpose::Init, 0));
    let mut at = 0;
    for layer in &mut net.layers {
        for value in layer.weight.iter_mut().chain(&mut layer.bias) {
            *value = ((at * 37 % 101) - 50) as f32 / 512.0;
            at += 1;
        }
    }
    (net, config)
}

#[test]
fn a_network_and_its_settings_come_back_exactly() {
    let strange = Config {
        hidden: vec![3, 1, 4],
        init: Init::Homework,
        learning_rate: 0.1 + f32::EPSILON,
        seed: u64::MAX,
        augment: Augment { crop: true, padding: 8, flip: true },
        random_labels: true,
        momentum: 0.95,
        weight_decay: 5e-4,
        schedule: Schedule::Step { every: 7, factor: 0.3 },
        subset: Subset::PerClass(1000),
        held_out: 9999,
        batch_size: 17,
        epochs: 123,
        workers: 3,
    };
    let linear = Config { hidden: vec![], schedule: Schedule::Cosine, ..Config::default() };
    for config in [counted_net().1, strange, linear] {
        let mut net = Mlp::<f32>::new(&config.widths(), Init::He, &mut rng(5, Purpose::Init, 0));
        net.layers[0].bias[0] = -0.0;
        let bytes = encode(&net, &config);
        assert!(u64::from_le_bytes(*bytes.first_chunk().unwrap()).is_multiple_of(8));
        let model = decode(&bytes).unwrap();
        assert_eq!((&model.net, model.config.as_ref()), (&net, Some(&config)));
        assert_eq!(encode(&model.net, &config), bytes);
        net.layers[0].weight[(1, 2)] = f32::NAN;
        net.layers[0].weight[(1, 3)] = f32::NEG_INFINITY;
        refused(&encode(&net, &config), "1.weight is NaN at row 2, column 3 (2 such numbers in all)");
        net.layers[0].weight[(1, 2)] = 0.0;
        refused(&encode(&net, &config), "1.weight is infinite at row 2, column 4 (1 such numbers");
    }
}

#[derive(Deserialize)]
struct Golden {
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

fn assert_logits(net: &Mlp<f32>, expected: &[f64]) {
    let x = Array2::from_shape_fn((4, PIXELS), |(image, p)| ((p * 7 + image * 5) % 31) as f32 / 16.0 - 15.0 / 16.0);
    let mut work = Workspace::default();
    let logits = net.forward(x.view(), &mut work);
    assert_eq!(logits.len(), expected.len());
    for (ours, theirs) in logits.iter().zip(expected) {
        assert!((f64::from(*ours) - theirs).abs() < 1e-5, "{ours} instead of {theirs}");
    }
}

#[test]
fn the_file_is_the_golden_one() {
    let (net, config) = counted_net();
    let bytes = encode(&net, &config);
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("PIECEWISE_WRITE_GOLDEN").is_some() {
        let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/core/golden/ours.safetensors");
        return std::fs::write(golden, &bytes).unwrap();
    }
    assert!(bytes == include_bytes!("golden/ours.safetensors"), "run golden/check_model.py after a change");
    let golden: Golden = serde_json::from_str(include_str!("golden/model.json")).unwrap();
    assert_logits(&net, &golden.ours);
}

#[test]
fn a_file_of_pytorch_is_read() {
    let model = decode(include_bytes!("golden/theirs.safetensors")).unwrap();
    assert_eq!(model.config, None);
    let golden: Golden = serde_json::from_str(include_str!("golden/model.json")).unwrap();
    assert_logits(&model.net, &golden.theirs);
}

/// A file of this header over so many zero bytes.
fn file(header: &str, data: usize) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; data]].concat()
}

/// A linear classifier's header, changed.
fn header(change: impl FnOnce(&mut Value)) -> String {
    let end = 10 * PIXELS * 4;
    let mut header = json!({
        "0.weight": { "dtype": "F32", "shape": [10, PIXELS], "data_offsets": [0, end] },
        "0.bias": { "dtype": "F32", "shape": [10], "data_offsets": [end, end + 40] },
    });
    change(&mut header);
    header.to_string()
}

const DATA: usize = 10 * PIXELS * 4 + 40;

fn refused(bytes: &[u8], says: &str) {
    let message = decode(bytes).unwrap_err().to_string();
    assert!(message.contains(says) && message.ends_with('.'), "{message:?} should say {says:?}");
}

#[test]
fn hostile_headers_are_refused_with_a_sentence() {
    assert!(decode(&file(&header(|_| ()), DATA)).is_ok());
    refused(&[], "an empty file");
    refused(&[1, 2, 3], "fewer than 8 bytes");
    refused(&[0; 100], "does not begin with");
    refused(b"text", "fewer than 8 bytes");
    refused(&[&u64::MAX.to_le_bytes()[..], b"{}"].concat(), "does not begin with");
    refused(&[&100_u64.to_le_bytes()[..], b"{}"].concat(), "its header has 100 bytes, and only 2 follow");
    refused(&file("{\"a\":", 0), "cannot be read");
    refused(&file(&"{\"a\":".repeat(100_000), 0), "cannot be read");
    refused(&file("{}", 0), "no matrices, but nothing");
    refused(&file("{\"__metadata__\":{\"a\":1}}", 0), "cannot be read");
    refused(&file("{\"__metadata__\":{},\"__metadata__\":{}}", 0), "__metadata__ comes twice");
    let entry = r#""0.bias":{"dtype":"F32","shape":[10],"data_offsets":[0,40]}"#;
    refused(&file(&format!("{{{entry},{entry}}}"), 40), "0.bias comes twice");
    refused(&file(&header(|_| ()), DATA - 1), "belong to tensors");
    refused(&file(&header(|_| ()), DATA + 1), "belong to tensors");

    let with = |pointer: &str, value: Value| {
        let header = header(|header| *header.pointer_mut(pointer).unwrap() = value);
        file(&header, DATA)
    };
    refused(&with("/0.weight/dtype", json!("F16")), "0.weight has a shape of other");
    refused(&with("/0.weight/dtype", json!("I32")), "0.weight (10×3072) is of type I32");
    refused(&with("/0.weight/dtype", json!("Q4")), "0.weight is of the unknown type Q4");
    refused(&with("/0.weight/dtype", json!(32)), "cannot be read");
    refused(&with("/0.weight/shape", json!([10, -1])), "cannot be read");
    refused(&with("/0.weight/shape", json!([10, 3071])), "has a shape of other");
    refused(&with("/0.weight/shape", json!([u64::MAX, u64::MAX])), "has a shape of other");
    refused(&with("/0.weight/shape", json!([1_u64 << 62, 4])), "has a shape of other");
    assert!(decode(&with("/0.weight/shape", json!([PIXELS, 10]))).unwrap().origin.is_transposed);
    refused(&with("/0.weight/shape", json!([10 * PIXELS])), "has a normalisation layer");
    refused(&with("/0.weight/shape", json!([10, 3, 32, 32])), "0.weight (10×3×32×32)");
    refused(&with("/0.bias/shape", json!([2, 5])), "are no chain");
    refused(&with("/0.bias/data_offsets", json!([40, 0])), "has a shape of other");
    refused(&with("/0.bias/data_offsets", json!([0, 40])), "begins at byte 0 instead of 40");
    refused(&with("/0.bias/data_offsets", json!([DATA - 36, DATA + 4])), "begins at byte");
    refused(&with("/0.bias/data_offsets", json!([u64::MAX - 40, u64::MAX])), "begins at byte");
    refused(&with("/0.bias/data_offsets", json!([0.5, 40])), "cannot be read");

    let renamed = |name: &str| {
        let header = header(|header| {
            let entry = header.as_object_mut().unwrap().remove("0.bias").unwrap();
            header[name] = entry;
        });
        file(&header, DATA)
    };
    refused(&renamed("1.bias"), "1.bias (10) is a bias without a matrix of the same name");
    for name in ["bias", "a.bias", "99999999999.bias", ".bias"] {
        refused(&renamed(name), "is a bias without a matrix");
    }
    refused(&renamed("0.running_mean"), "has a normalisation layer");
    assert_eq!(decode(&renamed("0.other")).unwrap().origin.ignored, ["0.other (10)"]);
    let few = json!({ "0.weight": { "dtype": "F32", "shape": [1, PIXELS], "data_offsets": [0, PIXELS * 4] },
        "0.bias": { "dtype": "F32", "shape": [1], "data_offsets": [PIXELS * 4, PIXELS * 4 + 4] } });
    refused(&file(&few.to_string(), PIXELS * 4 + 4), "gives 10 outputs");
}

#[test]
fn settings_that_contradict_the_weights_are_refused() {
    let (net, config) = counted_net();
    let with = |config: &Config| decode(&encode(&net, config));
    assert!(matches!(with(&Config { hidden: vec![3, 2], ..config.clone() }), Err(ModelError::Settings(_))));
    assert_eq!(with(&Config { epochs: 0, ..config.clone() }), Err(ModelError::Config(ConfigError::Epochs)));
    let bytes = encode(&net, &config);
    let changed = |from: &str, to: &str| {
        let mut bytes = bytes.clone();
        let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        bytes
    };
    refused(&changed("\"epochs\":\"30\"", "\"epochs\":\"3x\""), "epochs is “3x”");
    refused(&changed("\"epochs\"", "\"epoch5\""), "epochs is missing");
    refused(&changed("\"init\":\"he\"", "\"init\":\"hi\""), "init is “hi”");
    refused(&changed("constant", "konstant"), "schedule is “konstant”");
    refused(&changed("\"piecewise\":\"1\"", "\"piecewise\":\"2\""), "their form is 2, and this page reads 1");
    let without = decode(&changed("\"workers\"", "\"w0rkers\"")).unwrap().config;
    assert_eq!(without.map(|config| config.workers), Some(1), "a file from before there were teams");
    assert_eq!(decode(&changed("\"piecewise\"", "\"somewhere\"")).unwrap().config, None, "not our settings");
}

#[test]
fn no_cut_or_flipped_file_panics() {
    let (net, config) = counted_net();
    let bytes = encode(&net, &config);
    for length in (0..bytes.len()).step_by(7) {
        decode(&bytes[..length]).unwrap_err();
    }
    let header = 8 + u64::from_le_bytes(*bytes.first_chunk().unwrap()) as usize;
    let mut changed = bytes.clone();
    for (at, bit) in (0..header).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        changed[at] ^= 1 << bit;
        if let Err(error) = decode(&changed) {
            assert!(error.to_string().ends_with('.'), "{error}");
        }
        changed[at] = bytes[at];
    }
}

/// Tensors as a file: name, type, shape and numbers.
fn tensors(all: &[(&str, &str, &[usize], Vec<f32>)]) -> Vec<u8> {
    let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
    for (name, ty, shape, numbers) in all {
        let begin = data.len();
        for number in numbers {
            match *ty {
                "F64" => data.extend(f64::from(*number).to_le_bytes()),
                "BF16" => data.extend(&number.to_le_bytes()[2..]),
                "F16" => data.extend(to_f16(*number).to_le_bytes()),
                _ => data.extend(number.to_le_bytes()),
            }
        }
        header.insert((*name).into(), json!({ "dtype": ty, "shape": shape, "data_offsets": [begin, data.len()] }));
    }
    let header = Value::Object(header).to_string();
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat()
}

/// Of numbers that half precision has, not too small.
fn to_f16(number: f32) -> u16 {
    let bits = number.to_bits();
    if number == 0.0 {
        return 0;
    }
    let exponent = (bits >> 23 & 255) as i32 - 127 + 15;
    assert!((1..31).contains(&exponent) && bits & 0x1fff == 0, "{number} is no half");
    (bits >> 16 & 0x8000) as u16 | (exponent as u16) << 10 | (bits >> 13 & 0x3ff) as u16
}

/// A matrix of eighths from −2 to 2, exact in every type, and other ones for another seed.
fn eighths(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|at| ((at * 29 + seed * 7) % 33) as f32 / 8.0 - 2.0).collect()
}

/// Layers 3072–4–4–10 of these names, weights and biases.
fn three(names: [&str; 6], ty: &str) -> Vec<u8> {
    let shapes: [&[usize]; 6] = [&[4, PIXELS], &[4], &[4, 4], &[4], &[10, 4], &[10]];
    let all: Vec<_> = (0..6).map(|at| (names[at], ty, shapes[at], eighths(shapes[at].iter().product(), at))).collect();
    tensors(&all)
}

fn assert_three(model: &Model) {
    for (layer, at) in model.net.layers.iter().zip([0, 2, 4]) {
        assert_eq!(layer.weight.iter().copied().collect::<Vec<f32>>(), eighths(layer.weight.len(), at));
        assert_eq!(layer.bias.to_vec(), eighths(layer.bias.len(), at + 1));
    }
}

#[test]
fn layers_are_found_whatever_their_names() {
    for names in [
        ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias"],
        ["net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias", "net.4.weight", "net.4.bias"],
        ["fc2.weight", "fc2.bias", "fc10.weight", "fc10.bias", "fc11.weight", "fc11.bias"],
        ["W1", "b1", "W2", "b2", "W3", "b3"],
        ["w.0.weight", "w.0.bias", "w.1.weight", "w.1.bias", "w.2.weight", "w.2.bias"],
        [
            "params.Dense_0.kernel",
            "params.Dense_0.bias",
            "params.Dense_1.kernel",
            "params.Dense_1.bias",
            "params.Dense_2.kernel",
            "params.Dense_2.bias",
        ],
        [
            "module._orig_mod.linear_relu_stack.0.weight",
            "module._orig_mod.linear_relu_stack.0.bias",
            "module._orig_mod.linear_relu_stack.2.weight",
            "module._orig_mod.linear_relu_stack.2.bias",
            "module._orig_mod.linear_relu_stack.4.weight",
            "module._orig_mod.linear_relu_stack.4.bias",
        ],
    ] {
        let model = decode(&three(names, "F32")).unwrap();
        assert_three(&model);
        assert_eq!(model.origin.layers, [names[0], names[2], names[4]]);
        assert!(!model.origin.by_shapes, "{names:?}");
    }
    let names = ["in.weight", "in.bias", "middle.weight", "middle.bias", "a_out.weight", "a_out.bias"];
    let model = decode(&three(names, "F32")).unwrap();
    assert_three(&model);
    assert!(model.origin.by_shapes && model.origin.sentences()[0].contains("by their shapes"));
    // Two square matrices without numbers could stand either way.
    let square = || eighths(16, 1);
    let doubtful = |a: &str, b: &str| {
        tensors(&[
            ("in.weight", "F32", &[4, PIXELS], eighths(4 * PIXELS, 0)),
            (a, "F32", &[4, 4], square()),
            (b, "F32", &[4, 4], square()),
            ("out.weight", "F32", &[10, 4], eighths(40, 2)),
        ])
    };
    refused(&doubtful("left.weight", "right.weight"), "in several orders");
    refused(&doubtful("left.weight", "right.weight"), "left.weight (4×4), out.weight (10×4), right.weight (4×4)");
    let model = decode(&doubtful("h10.weight", "h9.weight")).unwrap();
    assert_eq!(model.origin.layers, ["in.weight", "h9.weight", "h10.weight", "out.weight"]);
    assert_eq!(model.origin.without_bias, 4);
    // Numbers that shapes contradict.
    let wrong = tensors(&[
        ("1.weight", "F32", &[10, 4], eighths(40, 0)),
        ("2.weight", "F32", &[4, PIXELS], eighths(4 * PIXELS, 0)),
    ]);
    assert!(decode(&wrong).unwrap().origin.by_shapes);
    let many: Vec<String> = (0..40_u8)
        .map(|at| format!("{}.weight", char::from(b'a' + at % 26).to_string().repeat(1 + usize::from(at / 26))))
        .collect();
    let many: Vec<_> = many.iter().map(|name| (name.as_str(), "F32", &[10, 10][..], vec![0.0; 100])).collect();
    refused(&tensors(&many), "takes 3072 inputs");
}

#[test]
fn numbers_of_other_types_are_converted() {
    let names = ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias"];
    for ty in ["F16", "BF16", "F64"] {
        let model = decode(&three(names, ty)).unwrap();
        assert_three(&model);
        assert_eq!(model.origin.converted, [ty]);
        assert!(
            model.origin.sentences().iter().any(|sentence| sentence.contains(&format!("converted from {ty} to F32")))
        );
    }
    let mixed = tensors(&[
        ("0.weight", "BF16", &[4, PIXELS], eighths(4 * PIXELS, 0)),
        ("1.weight", "F16", &[10, 4], eighths(40, 2)),
        ("epoch", "I32", &[], vec![1.0]),
        ("temperature", "F32", &[1], vec![1.0]),
    ]);
    let model = decode(&mixed).unwrap();
    assert_eq!(model.net.layers[1].weight.iter().copied().collect::<Vec<f32>>(), eighths(40, 2));
    assert_eq!((model.origin.converted.len(), model.origin.without_bias), (2, 2));
    assert_eq!(model.origin.ignored, ["epoch (one number)", "temperature (1)"]);
    assert!(model.net.layers.iter().all(|layer| layer.bias.iter().all(|bias| *bias == 0.0)));
}

#[test]
fn layers_of_other_kinds_are_named() {
    let with = |name: &str, shape: &[usize]| {
        tensors(&[
            ("0.weight", "F32", &[10, PIXELS], eighths(10 * PIXELS, 0)),
            (name, "F32", shape, vec![1.0; shape.iter().product()]),
        ])
    };
    for (name, shape) in
        [("bn1.running_mean", &[4][..]), ("bn1.weight", &[4]), ("norm.gamma", &[4]), ("bn.num_batches_tracked", &[])]
    {
        refused(&with(name, shape), name);
        refused(&with(name, shape), "fuse_linear_bn_eval");
    }
    refused(&with("conv1.weight", &[4, 3, 5, 5]), "conv1.weight (4×3×5×5)");
    refused(
        &with("aux.weight", &[7, 3]),
        "are no chain, where each takes what the one before gives: 0.weight (10×3072), aux.weight (7×3)",
    );
}

/// What the first layer makes of an image, where the file's network reads it so.
#[test]
fn how_a_network_reads_images_goes_into_its_first_layer() {
    let weights = eighths(4 * PIXELS, 3);
    let bytes = tensors(&[
        ("0.weight", "F32", &[4, PIXELS], weights.clone()),
        ("0.bias", "F32", &[4], eighths(4, 1)),
        ("2.weight", "F32", &[10, 4], eighths(40, 2)),
        ("2.bias", "F32", &[10], eighths(10, 4)),
    ]);
    let pixels: Vec<u8> = (0..PIXELS).map(|at| (at * 31 % 251) as u8).collect();
    let mut ours = vec![0.0; PIXELS];
    piecewise::data::normalise::normalise(&pixels, &mut ours);
    let own = Scaling::Own { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 2.0] };
    for order in [InputOrder::Planar, InputOrder::Interleaved] {
        for scaling in [Scaling::Cifar10, Scaling::None, Scaling::Half, own] {
            let model = model::decode(&bytes, Reading { order, scaling }).unwrap();
            assert_eq!(model.origin.reading, Reading { order, scaling });
            let (mean, std) = scaling.mean_and_std();
            for neuron in 0..4 {
                let theirs: f64 = (0..PIXELS)
                    .map(|at| {
                        let (channel, place) = (at / 1024, at % 1024);
                        let input = if order == InputOrder::Planar { at } else { place * 3 + channel };
                        let value =
                            (f64::from(pixels[at]) / 255.0 - f64::from(mean[channel])) / f64::from(std[channel]);
                        f64::from(weights[neuron * PIXELS + input]) * value
                    })
                    .sum::<f64>()
                    + f64::from(eighths(4, 1)[neuron]);
                let layer = &model.net.layers[0];
                let ours: f64 =
                    layer.weight.row(neuron).iter().zip(&ours).map(|(w, x)| f64::from(*w) * f64::from(*x)).sum();
                let ours = ours + f64::from(layer.bias[neuron]);
                assert!((ours - theirs).abs() < 2e-3, "{order:?} {scaling:?}: {ours} instead of {theirs}");
            }
        }
    }
    assert_eq!(
        decode(&bytes).unwrap().net.layers[0].weight.iter().copied().collect::<Vec<f32>>(),
        weights,
        "to the bit"
    );
    for std in [0.0, -1.0, f32::NAN] {
        let scaling = Scaling::Own { mean: [0.0; 3], std: [1.0, std, 1.0] };
        assert_eq!(model::decode(&bytes, Reading { scaling, ..Reading::default() }), Err(ModelError::Reading));
    }
    // What is saved is the network as this page reads it, and says so.
    let reading = Reading { order: InputOrder::Interleaved, scaling: Scaling::Half };
    let model = model::decode(&bytes, reading).unwrap();
    let config = Config { hidden: vec![4], ..Config::default() };
    let names = layer_names("fc1", 2).unwrap();
    let saved = model::encode(&model.net, &names, &config, Some(&model.origin));
    let text = String::from_utf8_lossy(&saved[8..2000]).into_owned();
    for word in ["fc1.weight", "fc2.bias", "Inputs taken as 32 × 32 × 3.", "Pixels from −1 to 1", "planar 3x32x32"]
    {
        assert!(text.contains(word), "{word} in {text}");
    }
    let again = decode(&saved).unwrap();
    assert_eq!((again.net, again.config, again.origin.is_own), (model.net, Some(config), true));
}

#[test]
fn a_header_of_any_length_is_read() {
    // Lengths that begin as a pickle, a web page, a gzip file and a zip archive do.
    for length in [0x0280, 0x0380, 0x0480, 0x0580, 0x3c3c, 0x8b1f, 0x4b50_u16] {
        let header = header(|_| ());
        let padded = format!("{header:<width$}", width = usize::from(length));
        assert!(decode(&file(&padded, DATA)).is_ok(), "{length:#x}");
    }
}

#[test]
fn files_of_other_kinds_are_named_with_the_line_that_saves_safetensors() {
    for (bytes, words) in [
        (
            &b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 394992\n"[..],
            &["Git LFS", "git lfs pull"][..],
        ),
        (b"/annex/objects/SHA256E-s394992--00.safetensors", &["git-annex", "git annex get"]),
        (b"\x89HDF\r\n\x1a\n\0\0\0\0", &["HDF5", "safetensors.numpy", "get_weights"]),
        (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M", &["PyTorch’s old form", "save_file(net.state_dict()"]),
        (b"\x80\x04\x95\0\0\0\0\0\0\0\0.", &["Python pickle", "save_file(net.state_dict()"]),
        (b"PK\x03\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", &["zip archive"]),
        (&zip(&[("W1.npy", b"\x93NUMPY".to_vec())]), &["NumPy arrays", "np.load(\"net.npz\")"]),
        (&zip(&[("config.json", b"{}".to_vec()), ("model.weights.h5", vec![0])]), &["a Keras model", "get_weights"]),
        (b"\x08\x08\x12\x07pytorch\x1a\x05", &["an ONNX file", "graph.initializer"]),
        (b"\x1c\0\0\0TFL3\0\0", &["a TensorFlow Lite model"]),
        (b"\x93NUMPY\x01\0v\0{}", &["NumPy"]),
        (b"<!doctype html><html></html>", &["a web page", "download the model again"]),
    ] {
        for word in words {
            refused(bytes, word);
        }
    }
}

/// As torch.save writes it: `make` gives the pickle of the values, and a storage of numbers for each.
fn zip(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let at = out.len() as u32;
        let size = (bytes.len() as u32).to_le_bytes();
        // PyTorch pads each file to a multiple of 64 bytes with an extra field.
        let extra = (64 - (out.len() + 34 + name.len()) % 64) % 64;
        let lengths = |extra: u16| [(name.len() as u16).to_le_bytes(), extra.to_le_bytes()].concat();
        out.extend(b"PK\x03\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        out.extend([size, size].concat());
        out.extend(lengths(extra as u16 + 4));
        out.extend(name.as_bytes());
        out.extend([b"FB".to_vec(), (extra as u16).to_le_bytes().to_vec(), vec![b'Z'; extra]].concat());
        out.extend(bytes);
        central.extend(b"PK\x01\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        central.extend([size, size].concat());
        central.extend(lengths(0));
        central.extend([0; 10]);
        central.extend(at.to_le_bytes());
        central.extend(name.as_bytes());
    }
    let (at, count) = ((out.len() as u32).to_le_bytes(), (files.len() as u16).to_le_bytes());
    let end =
        [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &(central.len() as u32).to_le_bytes(), &at, &[0, 0]].concat();
    [out, central, end].concat()
}

/// The opcodes of `_rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict())`.
fn torch_tensor(storage: &str, key: &str, shape: &[usize], strides: &[usize]) -> Vec<u8> {
    let text = |text: &str| [b"X", &(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat();
    let tuple = |sides: &[usize]| {
        let sides: Vec<u8> = sides.iter().flat_map(|side| [b"J", &(*side as u32).to_le_bytes()[..]].concat()).collect();
        [b"(".to_vec(), sides, b"t".to_vec()].concat()
    };
    [
        b"ctorch._utils\n_rebuild_tensor_v2\n((".to_vec(),
        text("storage"),
        format!("ctorch\n{storage}\n").into_bytes(),
        text(key),
        text("cpu"),
        b"M\x00\x01tQK\0".to_vec(),
        tuple(shape),
        tuple(strides),
        b"\x89ccollections\nOrderedDict\n)RtR".to_vec(),
    ]
    .concat()
}

fn torch_dict(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let text = |text: &str| [b"X", &(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat();
    let entries: Vec<u8> = entries.iter().flat_map(|(name, value)| [text(name), value.clone()].concat()).collect();
    [b"ccollections\nOrderedDict\n)R(".to_vec(), entries, b"u".to_vec()].concat()
}

#[test]
fn a_state_dictionary_of_torch_save_is_read_and_nothing_else_in_a_pt_file() {
    let parts =
        [("fc1.weight", vec![4, PIXELS]), ("fc1.bias", vec![4]), ("fc2.weight", vec![10, 4]), ("fc2.bias", vec![10])];
    let numbers: Vec<Vec<f32>> =
        parts.iter().enumerate().map(|(at, part)| eighths(part.1.iter().product(), at)).collect();
    for (storage, ty) in
        [("FloatStorage", "F32"), ("HalfStorage", "F16"), ("BFloat16Storage", "BF16"), ("DoubleStorage", "F64")]
    {
        let bytes_of = |numbers: &[f32]| -> Vec<u8> {
            numbers
                .iter()
                .flat_map(|number| match ty {
                    "F64" => f64::from(*number).to_le_bytes().to_vec(),
                    "F16" => to_f16(*number).to_le_bytes().to_vec(),
                    "BF16" => number.to_le_bytes()[2..].to_vec(),
                    _ => number.to_le_bytes().to_vec(),
                })
                .collect()
        };
        let entry = |at: usize| {
            let (name, shape) = &parts[at];
            let strides: Vec<usize> = (1..=shape.len()).map(|axis| shape[axis..].iter().product()).collect();
            (*name, torch_tensor(storage, &at.to_string(), shape, &strides))
        };
        let dict = torch_dict(&[entry(0), entry(1), entry(2), entry(3)]);
        let optimiser = [b"}X\x05\0\0\0stateK\x01s".to_vec()].concat();
        let checkpoint = torch_dict(&[("epoch", b"K\x07".to_vec()), ("model", dict.clone()), ("optimizer", optimiser)]);
        for value in [&dict, &checkpoint] {
            let pickle = [b"\x80\x02", &value[..], b"."].concat();
            let mut files = vec![("net/data.pkl", pickle), ("net/byteorder", b"little".to_vec())];
            let names = ["net/data/0", "net/data/1", "net/data/2", "net/data/3"];
            files.extend(names.iter().zip(&numbers).map(|(name, numbers)| (*name, bytes_of(numbers))));
            let file = zip(&files);
            let model = decode(&file).unwrap();
            assert_eq!(model.origin.layers, ["fc1.weight", "fc2.weight"]);
            for (layer, at) in model.net.layers.iter().zip([0, 2]) {
                assert_eq!(layer.weight.iter().copied().collect::<Vec<f32>>(), numbers[at], "{storage}");
                assert_eq!(layer.bias.to_vec(), numbers[at + 1], "{storage}");
            }
            if ty == "F32" {
                for end in (30..file.len()).step_by(1009).chain(file.len() - 300..file.len()) {
                    assert!(decode(&file[..end]).unwrap_err().to_string().ends_with('.'));
                }
                let mut flipped = file.clone();
                for at in (0..600).chain(file.len() - 400..file.len()) {
                    flipped[at] ^= 1 << (at % 8);
                    let _ = decode(&flipped);
                    flipped[at] = file[at];
                }
            }
        }
    }
    let alone = |value: &[u8]| zip(&[("net/data.pkl", [b"\x80\x02", value, b"."].concat())]);
    refused(&alone(b"cos\nsystem\n(X\x02\0\0\0lstR"), "holds os.system, and not weights alone; nothing of it was run");
    refused(&alone(b"c__main__\nNet\n)\x81"), "holds __main__.Net, and not weights alone");
    refused(&alone(b"c__main__\nNet\n)\x81"), "save_file(net.state_dict()");
    refused(&alone(b"}"), "holds no state dictionary");
    let tensor = || torch_tensor("FloatStorage", "0", &[4, PIXELS], &[PIXELS, 1]);
    refused(&alone(&torch_dict(&[("fc1.weight", tensor())])), "the numbers of fc1.weight are missing");
    let two = torch_dict(&[("a", torch_dict(&[("w", tensor())])), ("b", torch_dict(&[("w", tensor())]))]);
    refused(&alone(&two), "several state dictionaries (a, b)");
    let turned = torch_tensor("FloatStorage", "0", &[4, PIXELS], &[1, 4]);
    refused(&alone(&torch_dict(&[("fc1.weight", turned)])), "has fc1.weight, a view of other numbers");
}
