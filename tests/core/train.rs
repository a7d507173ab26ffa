use piecewise::data::{Batch, Dataset, Images, PIXELS, sample};
use piecewise::nn::Init;
use piecewise::train::{Advance, Config, ConfigError, Engine, EpochRecord, Trainer};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn sample(seed: u64) -> Dataset {
    let mut generator = sample::Generator::new(seed);
    while !generator.advance(1000) {}
    generator.finish()
}

/// The first images of each part.
fn part(data: &Dataset, train: usize, validation: usize) -> Dataset {
    let mut part = Dataset::default();
    let first = |split: &piecewise::data::Split, count: usize| {
        let images = &split.batches()[0].images;
        let images =
            Images { pixels: images.pixels[..count * PIXELS].to_vec(), labels: images.labels[..count].to_vec() };
        Batch { name: "part".into(), images, validation: false }
    };
    part.train.push(first(&data.train, train));
    if validation > 0 {
        part.validation.push(first(&data.validation, validation));
    }
    part
}

/// Runs to the end: losses of all steps, and the records.
fn run(config: Config, data: &Dataset) -> (Vec<f32>, Vec<EpochRecord>) {
    let mut trainer = Trainer::new(config);
    let (mut losses, mut records) = (Vec::new(), Vec::new());
    loop {
        let (train_left, measure_left) = trainer.images_left(data);
        match trainer.advance(data) {
            Advance::Step { loss, images } => {
                losses.push(loss);
                assert_eq!(trainer.images_left(data), (train_left - images, measure_left));
            }
            Advance::Measured { images } => assert_eq!(trainer.images_left(data), (train_left, measure_left - images)),
            Advance::Epoch(record) => records.push(record),
            Advance::Finished => break,
            Advance::Diverged { step } => panic!("diverged at {step}"),
        }
    }
    assert_eq!(trainer.images_left(data), (0, 0));
    (losses, records)
}

#[test]
fn the_sample_is_learned_well_above_chance() {
    let data = part(&sample(1), 2000, 500);
    let config = Config { hidden: vec![64], epochs: 6, batch_size: 64, learning_rate: 0.05, ..Config::default() };
    let (losses, records) = run(config, &data);
    assert_eq!(losses.len(), 6 * 32);
    assert_eq!(records.iter().map(|r| r.step).collect::<Vec<_>>(), [0, 32, 64, 96, 128, 160, 192]);
    let last = &records[6];
    let before = &records[0];
    assert!(before.train_accuracy < 0.25, "{before:?}");
    assert!(last.train_accuracy > 0.4 && last.validation_accuracy.unwrap() > 0.3, "{last:?}");
}

#[test]
fn the_homeworks_initial_weights_start_on_the_plateau() {
    let data = part(&sample(1), 512, 0);
    let config = Config { hidden: vec![32, 32], init: Init::Homework, epochs: 1, ..Config::default() };
    let (losses, records) = run(config, &data);
    assert!(losses.iter().all(|loss| (loss - 10_f32.ln()).abs() < 0.01), "{losses:?}");
    assert_eq!(records.len(), 2);
    assert_eq!(records[1].validation_accuracy, None);
}

#[test]
fn a_seed_gives_the_same_run_and_another_seed_another() {
    let data = part(&sample(1), 300, 100);
    let config = |seed| Config { hidden: vec![20], epochs: 2, batch_size: 128, seed, ..Config::default() };
    let (first, again, other) = (run(config(1), &data), run(config(1), &data), run(config(2), &data));
    assert_eq!(first, again);
    assert_ne!(first.0, other.0);
    assert_eq!(first.0.len(), 2 * 3, "the last, short batch counts");
}

#[test]
fn a_run_that_diverges_stops_with_the_last_good_weights() {
    let data = part(&sample(1), 256, 50);
    let config = Config { hidden: vec![20], learning_rate: 1e30, batch_size: 64, epochs: 3, ..Config::default() };
    let mut trainer = Trainer::new(config.clone());
    let mut fresh = None;
    let step = loop {
        match trainer.advance(&data) {
            Advance::Epoch(_) => fresh = Some(trainer.engine().weights().clone()),
            Advance::Diverged { step } => break step,
            Advance::Finished => panic!("it must diverge"),
            _ => {}
        }
    };
    assert!(step > 1);
    assert_eq!(Some(trainer.engine().weights()), fresh.as_ref());
    assert_eq!(trainer.advance(&data), Advance::Finished);
}

#[test]
fn a_network_without_hidden_layers_trains_too() {
    let data = part(&sample(1), 200, 0);
    let (losses, _) = run(Config { hidden: vec![], epochs: 3, learning_rate: 0.01, ..Config::default() }, &data);
    assert!(losses[2] < losses[0]);
}

#[test]
fn settings_that_cannot_run_are_refused() {
    let with = |change: fn(&mut Config)| {
        let mut config = Config::default();
        change(&mut config);
        config.check(0)
    };
    assert_eq!(with(|_| ()), Ok(()));
    assert_eq!(with(|c| c.hidden = vec![8192, 8192]), Ok(()), "the homework's own net");
    assert_eq!(with(|c| c.hidden = vec![]), Ok(()));
    assert_eq!(with(|c| c.hidden = vec![5, 0]), Err(ConfigError::EmptyLayer(2)));
    assert_eq!(with(|c| c.hidden = vec![5; 13]), Err(ConfigError::TooDeep(13)));
    assert!(matches!(with(|c| c.hidden = vec![usize::MAX, 3]), Err(ConfigError::TooLarge { .. })));
    assert!(
        matches!(with(|c| c.hidden = vec![100_000]), Err(ConfigError::TooLarge { gib }) if (3.0..6.0).contains(&gib))
    );
    for rate in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        assert_eq!(Config { learning_rate: rate, ..Config::default() }.check(0), Err(ConfigError::LearningRate));
    }
    let large = Config { hidden: vec![30_000], ..Config::default() };
    assert_eq!(large.check(0), Ok(()));
    assert!(matches!(large.check(2 << 30), Err(ConfigError::TooLarge { .. })), "data need room as well");
    assert_eq!(with(|c| c.batch_size = 0), Err(ConfigError::BatchSize));
    assert_eq!(with(|c| c.epochs = 0), Err(ConfigError::Epochs));
}

#[test]
fn the_homeworks_net_has_the_parameters_it_says() {
    let config = Config { hidden: vec![8192, 8192], ..Config::default() };
    assert_eq!(config.parameters(), 92_373_002);
}
