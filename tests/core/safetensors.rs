use ndarray::Array2;
use piecewise::data::augment::Augment;
use piecewise::data::{PIXELS, Purpose, rng};
use piecewise::nn::{Init, Mlp, Workspace};
use piecewise::train::safetensors::{ModelError, decode, encode};
use piecewise::train::{Config, ConfigError, Schedule, Subset};
use serde::Deserialize;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
        net.layers[0].weight[(0, 0)] = f32::from_bits(0x7fc0_1234);
        net.layers[0].bias[0] = f32::NEG_INFINITY;
        let odd = decode(&encode(&net, &config)).unwrap().net;
        assert_eq!(odd.layers[0].weight[(0, 0)].to_bits(), 0x7fc0_1234, "NaN goes through, with its bits");
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
    refused(&[], "fewer than 8 bytes");
    refused(&[1, 2, 3], "fewer than 8 bytes");
    refused(&[0; 100], "does not begin with");
    refused(&[&u64::MAX.to_le_bytes()[..], b"{}"].concat(), "does not begin with");
    refused(&[&100_u64.to_le_bytes()[..], b"{}"].concat(), "its header has 100 bytes, and only 2 follow");
    refused(&file("{\"a\":", 0), "cannot be read");
    refused(&file(&"{\"a\":".repeat(100_000), 0), "cannot be read");
    refused(&file("{}", 0), "0 outputs");
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
    refused(&with("/0.weight/dtype", json!("F16")), "0.weight is F16, not F32");
    refused(&with("/0.weight/dtype", json!(32)), "cannot be read");
    refused(&with("/0.weight/shape", json!([10, -1])), "cannot be read");
    refused(&with("/0.weight/shape", json!([10, 3071])), "has a shape of other");
    refused(&with("/0.weight/shape", json!([u64::MAX, u64::MAX])), "has a shape of other");
    refused(&with("/0.weight/shape", json!([1_u64 << 62, 4])), "has a shape of other");
    refused(&with("/0.weight/shape", json!([PIXELS, 10])), "layer 0 is 3072×10 and 10 after 3072 numbers");
    refused(&with("/0.weight/shape", json!([10 * PIXELS])), "has shapes [30720] and [10]");
    refused(&with("/0.bias/shape", json!([2, 5])), "has shapes");
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
    refused(&renamed("1.bias"), "0.bias is missing");
    for name in ["bias", "a.bias", "+0.bias", "00.bias", "0.running_mean", "99999999999.bias", ".bias"] {
        refused(&renamed(name), "is no layer's weight or bias");
    }
    let few = json!({ "0.weight": { "dtype": "F32", "shape": [1, PIXELS], "data_offsets": [0, PIXELS * 4] },
        "0.bias": { "dtype": "F32", "shape": [1], "data_offsets": [PIXELS * 4, PIXELS * 4 + 4] } });
    refused(&file(&few.to_string(), PIXELS * 4 + 4), "it has 1 outputs");
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
