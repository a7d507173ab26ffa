use ndarray::Array2;
use piecewise::data::augment::{Augment, Choice, Choices, augmented};
use piecewise::data::normalise::normalise;
use piecewise::data::{Batch, Dataset, Images, PIXELS, Purpose, random_label, rng, sample};
use piecewise::nn::{Init, Mlp, Workspace};
use piecewise::train::{Advance, Config, ConfigError, Engine, EpochRecord, RateChange, Schedule, Subset, Trainer};
use rand::seq::SliceRandom;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

pub(crate) fn sample(seed: u64) -> Dataset {
    let mut generator = sample::Generator::new(seed);
    while !generator.advance(1000) {}
    generator.finish()
}

/// The first images of each part.
pub(crate) fn part(data: &Dataset, train: usize, validation: usize) -> Dataset {
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
            Advance::Lost => panic!("alone"),
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
            Advance::Epoch(_) => fresh = Some(trainer.engine().weights::<f32>().unwrap()),
            Advance::Diverged { step } => break step,
            Advance::Finished => panic!("it must diverge"),
            _ => {}
        }
    };
    assert!(step > 1);
    assert_eq!(trainer.engine().weights::<f32>().ok(), fresh);
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
        matches!(with(|c| c.hidden = vec![130_000]), Err(ConfigError::TooLarge { gib }) if (3.0..6.0).contains(&gib))
    );
    for rate in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        assert_eq!(Config { learning_rate: rate, ..Config::default() }.check(0), Err(ConfigError::LearningRate));
    }
    let large = Config { hidden: vec![30_000], ..Config::default() };
    assert_eq!(large.check(0), Ok(()));
    assert!(matches!(large.check(5 << 29), Err(ConfigError::TooLarge { .. })), "data need room as well");
    assert_eq!(with(|c| c.batch_size = 0), Err(ConfigError::BatchSize));
    assert_eq!(with(|c| c.epochs = 0), Err(ConfigError::Epochs));
    assert_eq!(with(|c| c.augment.padding = 9), Err(ConfigError::Padding));
    assert_eq!(with(|c| c.augment = Augment { crop: true, padding: 8, flip: true }), Ok(()));
    for momentum in [-0.1, 1.0, f32::NAN] {
        assert_eq!(Config { momentum, ..Config::default() }.check(0), Err(ConfigError::Momentum));
    }
    for weight_decay in [-1e-4, 1.1, f32::NAN] {
        assert_eq!(Config { weight_decay, ..Config::default() }.check(0), Err(ConfigError::WeightDecay));
    }
    for (every, factor) in [(0, 0.1), (1, 0.0), (1, 1.5), (1, -0.5), (1, f32::NAN)] {
        let config = Config { schedule: Schedule::Step { every, factor }, ..Config::default() };
        assert_eq!(config.check(0), Err(ConfigError::Schedule));
    }
    assert_eq!((with(|c| c.workers = 16), with(|c| c.workers = 17)), (Ok(()), Err(ConfigError::Workers)));
    assert_eq!(with(|c| c.workers = 0), Err(ConfigError::Workers));
    let momentum = Config { momentum: 0.9, ..large.clone() };
    assert_eq!(momentum.bytes() - large.bytes(), 4 * large.parameters(), "velocities are counted");
}

/// The plain loop, written out: losses, and the weights at the end. `prepare` writes an image's row and returns its
/// label, given its index and place in the epoch; `rate` is that of an epoch.
fn plain_loop(
    config: &Config,
    images: usize,
    mut prepare: impl FnMut(usize, usize, usize, &mut [f32]) -> u8,
    rate: impl Fn(usize) -> f32,
) -> (Vec<f32>, Mlp<f32>) {
    let mut net = Mlp::<f32>::new(&config.widths(), config.init, &mut rng(config.seed, Purpose::Init, 0));
    let (mut work, mut gradients, mut losses) = (Workspace::default(), net.zero_gradients(), Vec::new());
    for epoch in 0..config.epochs {
        let mut order: Vec<u32> = (0..images as u32).collect();
        order.shuffle(&mut rng(config.seed, Purpose::Shuffle, epoch as u64));
        for (step, batch) in order.chunks(config.batch_size).enumerate() {
            let mut x = Array2::zeros((batch.len(), PIXELS));
            let mut labels = Vec::new();
            for (at, (mut row, &index)) in x.outer_iter_mut().zip(batch).enumerate() {
                let place = step * config.batch_size + at;
                labels.push(prepare(epoch, place, index as usize, row.as_slice_mut().unwrap()));
            }
            losses.push(net.loss_and_gradients(x.view(), &labels, &mut work, &mut gradients) as f32);
            for (layer, gradient) in net.layers.iter_mut().zip(&gradients) {
                layer.weight.scaled_add(-rate(epoch), &gradient.weight);
                layer.bias.scaled_add(-rate(epoch), &gradient.bias);
            }
        }
    }
    (losses, net)
}

/// Losses, records, and the weights at the end.
pub(crate) fn finish(trainer: &mut Trainer, data: &Dataset) -> (Vec<f32>, Vec<EpochRecord>, Mlp<f32>) {
    while trainer.advance(data) != Advance::Finished {}
    (trainer.losses().to_vec(), trainer.records().to_vec(), trainer.engine().weights::<f32>().unwrap())
}

pub(crate) fn tiny() -> Config {
    Config { hidden: vec![16], epochs: 3, batch_size: 64, learning_rate: 0.05, ..Config::default() }
}

/// The largest difference of two entries.
pub(crate) fn difference<'a>(a: impl IntoIterator<Item = &'a f32>, b: impl IntoIterator<Item = &'a f32>) -> f32 {
    a.into_iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Whether losses and weights are the same but for rounding: an update that is formed in place may round otherwise.
pub(crate) fn assert_close(ours: (&[f32], &Mlp<f32>), theirs: (&[f32], &Mlp<f32>)) {
    assert_eq!(ours.0.len(), theirs.0.len());
    for (ours, theirs) in ours.0.iter().zip(theirs.0) {
        assert!((ours - theirs).abs() < 2e-5, "loss {ours} instead of {theirs}");
    }
    for (ours, theirs) in ours.1.layers.iter().zip(&theirs.1.layers) {
        assert!(difference(&ours.weight, &theirs.weight) < 2e-5 && difference(&ours.bias, &theirs.bias) < 2e-5);
    }
}

/// An augmented image as network input.
fn normalised(pixels: &[u8], choice: Choice, out: &mut [f32]) {
    let mut seen = vec![0; PIXELS];
    augmented(pixels, choice, &mut seen);
    normalise(&seen, out);
}

#[test]
fn with_the_defaults_a_run_is_the_plain_loop() {
    let data = part(&sample(1), 150, 50);
    let prepare = |_, _, index, row: &mut [f32]| {
        let (pixels, label) = data.train.get(index);
        normalise(pixels, row);
        label
    };
    let (losses, net) = plain_loop(&tiny(), 150, prepare, |_| 0.05);
    let ours = finish(&mut Trainer::new(tiny()), &data);
    assert_close((&ours.0, &ours.2), (&losses, &net));
}

#[test]
fn augmented_subset_random_and_scheduled_runs_are_the_plain_loop_with_that() {
    let data = part(&sample(1), 150, 50);
    let augment = Augment { crop: true, padding: 3, flip: true };
    let schedule = Schedule::Step { every: 2, factor: 0.5 };
    let config = Config { augment, random_labels: true, schedule, subset: Subset::First(100), ..tiny() };
    let choices: Vec<Vec<_>> =
        (0..3).map(|epoch| Choices::new(augment, 1, Purpose::Augment, epoch).take(100).collect()).collect();
    let prepare = |epoch: usize, place: usize, index, row: &mut [f32]| {
        normalised(data.train.get(index).0, choices[epoch][place], row);
        random_label(1, index)
    };
    let (losses, net) = plain_loop(&config, 100, prepare, |epoch| if epoch < 2 { 0.05 } else { 0.025 });
    let ours = finish(&mut Trainer::new(config.clone()), &data);
    assert_close((&ours.0, &ours.2), (&losses, &net));
    assert!(ours.1.iter().all(|record| record.validation_accuracy.is_none()), "random labels are not validated");

    // The last record: accuracy on the augmented images, against the random labels.
    let mut x = Array2::zeros((100, PIXELS));
    let measured = Choices::new(augment, 1, Purpose::AugmentMeasured, 3);
    for (index, (mut row, choice)) in x.outer_iter_mut().zip(measured).enumerate() {
        normalised(data.train.get(index).0, choice, row.as_slice_mut().unwrap());
    }
    let mut work = Workspace::default();
    let logits = net.forward(x.view(), &mut work);
    let right = logits.outer_iter().enumerate().filter(|(index, row)| {
        let label = usize::from(random_label(1, *index));
        row.iter().enumerate().all(|(class, logit)| class == label || *logit < row[label])
    });
    assert_eq!(ours.1[3].train_accuracy, right.count() as f64 / 100.0);
}

#[test]
fn each_switch_changes_the_run_and_the_counts_hold() {
    let data = part(&sample(1), 150, 50);
    let plain = run(tiny(), &data);
    let augment = Augment { crop: true, padding: 3, flip: false };
    for config in [
        Config { augment, ..tiny() },
        Config { augment: Augment { crop: false, flip: true, ..augment }, ..tiny() },
        Config { random_labels: true, ..tiny() },
        Config { momentum: 0.5, ..tiny() },
        Config { weight_decay: 0.01, ..tiny() },
        Config { schedule: Schedule::Cosine, ..tiny() },
        Config { subset: Subset::First(149), ..tiny() },
        Config { subset: Subset::PerClass(14), ..tiny() },
    ] {
        assert_ne!(run(config.clone(), &data).0, plain.0, "{config:?}");
    }
    let nothing = Config { augment: Augment { padding: 0, ..augment }, subset: Subset::First(150), ..tiny() };
    assert_eq!(run(nothing, &data), plain);
}

#[test]
fn schedules_are_pytorchs() {
    #[derive(serde::Deserialize)]
    struct Golden {
        base: f64,
        #[serde(rename = "step_5_by_0.25")]
        step: Vec<f64>,
        #[serde(rename = "cosine_of_12")]
        cosine: Vec<f64>,
    }
    let golden: Golden = serde_json::from_str(include_str!("golden/sgd.json")).unwrap();
    let step = Schedule::Step { every: 5, factor: 0.25 };
    for epoch in 0..12 {
        assert_eq!(golden.base * step.factor(epoch, 12), golden.step[epoch]);
        // PyTorch goes from one epoch to the next, and rounds each time.
        let ours = golden.base * Schedule::Cosine.factor(epoch, 12);
        assert!((ours - golden.cosine[epoch]).abs() < 1e-15, "{ours} in epoch {epoch}");
        assert_eq!(Schedule::Constant.factor(epoch, 12), 1.0);
    }
}

#[test]
fn the_learning_rate_is_changed_while_running_and_a_planned_run_repeats_it() {
    let data = part(&sample(1), 150, 0);
    let config = Config { schedule: Schedule::Step { every: 1, factor: 0.5 }, ..tiny() };
    let mut trainer = Trainer::new(config.clone());
    for rate in [0.0, -0.1, f32::NAN, f32::INFINITY] {
        assert_eq!(trainer.set_learning_rate(rate), Err(ConfigError::LearningRate));
    }
    while trainer.step() < 4 {
        trainer.advance(&data);
    }
    assert_eq!(trainer.learning_rate(), 0.025);
    trainer.set_learning_rate(0.3).unwrap();
    assert_eq!(trainer.set_learning_rate(0.02), Ok(RateChange { step: 4, learning_rate: 0.02 }));
    assert_eq!((trainer.learning_rate(), trainer.rate_changes().len()), (0.01, 1));
    let changed = finish(&mut trainer, &data);

    let mut again = Trainer::new(config.clone());
    again.plan_learning_rates(trainer.rate_changes()).unwrap();
    assert_eq!(again.learning_rate(), 0.05);
    assert_eq!(finish(&mut again, &data), changed);
    let unchanged = finish(&mut Trainer::new(config), &data);
    assert_eq!(unchanged.0[..5], changed.0[..5]);
    assert_ne!(unchanged.0[5..], changed.0[5..], "from the second step after it on");
    assert!(again.plan_learning_rates(&[RateChange { step: 99, learning_rate: -1.0 }]).is_err());
}

#[test]
fn the_homeworks_net_has_the_parameters_it_says() {
    let config = Config { hidden: vec![8192, 8192], ..Config::default() };
    assert_eq!(config.parameters(), 92_373_002);
}
