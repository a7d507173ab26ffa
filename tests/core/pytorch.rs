use piecewise::data::augment::Augment;
use piecewise::train::model::{Reading, decode};
use piecewise::train::{Config, Schedule, Subset, pytorch_script};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Settings for `golden/ours.safetensors`, and the script for them, which `golden/check_script.py` runs.
fn golden() -> [(Config, &'static str, &'static str); 2] {
    let plain = Config {
        hidden: vec![2, 3],
        momentum: 0.9,
        weight_decay: 0.01,
        learning_rate: 0.05,
        epochs: 3,
        schedule: Schedule::Step { every: 2, factor: 0.5 },
        ..Config::default()
    };
    let everything = Config {
        augment: Augment { crop: true, padding: 3, flip: true },
        schedule: Schedule::Cosine,
        subset: Subset::PerClass(3),
        held_out: 10,
        batch_size: 7,
        ..plain.clone()
    };
    [
        (plain, "continue_plain.py", include_str!("golden/continue_plain.py")),
        (everything, "continue_augmented.py", include_str!("golden/continue_augmented.py")),
    ]
}

#[test]
fn the_scripts_are_the_golden_ones() {
    for (config, name, expected) in golden() {
        let script = pytorch_script(&config, "ours.safetensors");
        #[cfg(not(target_arch = "wasm32"))]
        if std::env::var_os("PIECEWISE_WRITE_GOLDEN").is_some() {
            let path = format!("{}/tests/core/golden/{name}", env!("CARGO_MANIFEST_DIR"));
            std::fs::write(path, &script).unwrap();
            continue;
        }
        assert!(script == expected, "{name} is another: run golden/check_script.py after a change");
    }
}

#[test]
fn a_file_that_the_script_has_saved_is_read() {
    let model = decode(include_bytes!("golden/continued.safetensors"), Reading::default()).unwrap();
    assert_eq!(model.config, None);
    assert_eq!(model.net.layers.iter().map(|layer| layer.bias.len()).collect::<Vec<_>>(), [2, 3, 10]);
}

/// The lines of a script that say something, without spaces around.
fn lines(config: &Config, name: &str) -> Vec<String> {
    pytorch_script(config, name).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[test]
fn each_setting_is_in_its_script() {
    let has = |config: &Config, line: &str| lines(config, "m").iter().any(|found| found == line);
    let config = Config {
        hidden: vec![64, 5],
        batch_size: 17,
        epochs: 123,
        learning_rate: 1e-7,
        momentum: 0.95,
        weight_decay: 5e-4,
        seed: u64::MAX,
        ..Config::default()
    };
    for line in [
        "WIDTHS = [3072, 64, 5, 10]",
        "BATCH_SIZE = 17",
        "EPOCHS = 123  # of the run on the page",
        "LEARNING_RATE = 1e-7",
        "MOMENTUM = 0.95",
        "WEIGHT_DECAY = 0.0005",
        "MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).view(3, 1, 1)",
        "STD = torch.tensor([0.247, 0.2435, 0.2616]).view(3, 1, 1)",
        "return LEARNING_RATE",
        "parser.add_argument(\"--seed\", type=int, default=18446744073709551615)",
    ] {
        assert!(has(&config, line), "{line}");
    }
    let count = |config: &Config, word: &str| pytorch_script(config, "m").matches(word).count();
    assert_eq!((count(&config, "nn.Linear("), count(&config, "nn.ReLU()")), (3, 2));
    assert_eq!(["augment", "math", "random", "chosen"].map(|word| count(&config, word)), [0, 0, 0, 0]);
    let linear = Config { hidden: vec![], ..config.clone() };
    assert_eq!((count(&linear, "nn.Linear("), count(&linear, "nn.ReLU()")), (1, 0));

    let cosine = Config { schedule: Schedule::Cosine, ..config.clone() };
    assert!(has(&cosine, "import math"));
    assert!(has(&cosine, "return LEARNING_RATE * (1 + math.cos(math.pi * done / epochs)) / 2"));
    let step = Config { schedule: Schedule::Step { every: 7, factor: 0.3 }, ..config.clone() };
    assert!(has(&step, "return LEARNING_RATE * 0.3 ** (done // 7)"));
    assert!(has(&Config { subset: Subset::First(40), ..config.clone() }, "x, labels = x[:40], labels[:40]"));
    assert!(count(&Config { random_labels: true, ..config.clone() }, "torch.randint(10, labels.shape)") == 1);
    let with = |crop, padding, flip| Config { augment: Augment { crop, padding, flip }, ..config.clone() };
    assert_eq!(["augment(", "\"reflect\"", "flip("].map(|word| count(&with(true, 5, false), word)), [2, 1, 0]);
    assert!(has(&with(true, 5, false), "padded = F.pad(x, [5] * 4, mode=\"reflect\")"));
    assert_eq!(["augment(", "\"reflect\"", "flip("].map(|word| count(&with(true, 0, true), word)), [2, 0, 1]);
    assert_eq!(["augment(", "\"reflect\"", "flip("].map(|word| count(&with(false, 5, true), word)), [2, 0, 1]);
    assert_eq!(count(&with(true, 0, false), "augment("), 0, "a crop without padding does nothing");
}

#[test]
fn a_strange_name_stays_within_its_string() {
    let config = Config::default();
    for (name, line) in [
        ("model.safetensors", r#"MODEL = "model.safetensors""#),
        ("a\"; import os #\\", r#"MODEL = "a\"; import os #\\""#),
        ("a\nb\r'é", r#"MODEL = "a\nb\r'é""#),
    ] {
        let ours = lines(&config, name);
        assert!(ours.iter().any(|found| found == line), "{name:?}");
        assert_eq!(ours.len(), lines(&config, "m").len(), "no line more");
    }
}
