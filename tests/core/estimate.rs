use std::cell::Cell;

use piecewise::data::Dataset;
use piecewise::data::augment::Augment;
use piecewise::train::estimate::{Calibration, Estimate};
use piecewise::train::{Config, Subset};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::train::{part, sample};

/// Calibrates by a clock that goes on by `tick(measurement)` milliseconds whenever it is asked. Returns the measurements
/// it took, too.
fn calibrated(config: &Config, data: &Dataset, tick: impl Fn(usize) -> f64) -> (Estimate, usize) {
    let mut calibration = Calibration::new(config);
    assert_eq!(calibration.estimate(data), None);
    let (now, measurements) = (Cell::new(1e6), Cell::new(0));
    let clock = || {
        now.set(now.get() + tick(measurements.get()));
        now.get()
    };
    while !calibration.advance(data, &clock) {
        measurements.set(measurements.get() + 1);
    }
    assert!(calibration.advance(data, &clock), "done stays done");
    (calibration.estimate(data).unwrap(), measurements.get() + 1)
}

fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9 * expected.abs(), "{found} instead of {expected}");
}

#[test]
fn an_estimate_adds_up_what_was_measured() {
    let data = part(&sample(1), 300, 100);
    let config = Config { hidden: vec![1024; 3], batch_size: 128, epochs: 4, ..Config::default() };
    let (estimate, measurements) = calibrated(&config, &data, |_| 100.0);
    // Three shapes with two tasks each and the two inputs; a round to warm up, and one.
    assert_eq!(measurements, 2 * 8);
    // Each task took 100 ms. Of 1024 outputs, half were computed: 3072→1024 counts twice, 1024→1024 twice in each of two
    // layers, 1024→10 once: 7 times.
    let image = (700.0 + 100.0) / 128.0;
    let evaluation = 300.0 * (700.0 / 256.0 + 100.0 / 128.0) + 100.0 * (700.0 / 256.0 + 100.0 / 256.0);
    let epoch = 300.0 * image + evaluation;
    assert_close(estimate.seconds_per_step, 128.0 * image / 1e3);
    assert_close(estimate.evaluation_seconds, evaluation / 1e3);
    assert_close(estimate.seconds_per_epoch, epoch / 1e3);
    assert_close(estimate.seconds, (evaluation + 4.0 * epoch) / 1e3);
    assert_eq!(estimate.bytes, config.bytes());
}

#[test]
fn a_linear_classifier_in_one_large_batch() {
    // 512 of the 2000 images of a batch are computed; validation is left out with random labels.
    let data = part(&sample(1), 1500, 100);
    let augment = Augment { crop: true, flip: true, ..Augment::default() };
    let config = Config {
        hidden: vec![],
        batch_size: 2000,
        epochs: 1,
        subset: Subset::First(1000),
        random_labels: true,
        momentum: 0.9,
        augment,
        ..Config::default()
    };
    let (estimate, measurements) = calibrated(&config, &data, |_| 200.0);
    assert_eq!(measurements, 2 * 4);
    let evaluation = 1000.0 * (200.0 / 256.0 + 200.0 / 512.0);
    assert_close(estimate.seconds_per_step, 1000.0 * 400.0 / 512.0 / 1e3);
    assert_close(estimate.evaluation_seconds, evaluation / 1e3);
    assert_close(estimate.seconds, (1000.0 * 400.0 / 512.0 + 2.0 * evaluation) / 1e3);
}

#[test]
fn the_slow_beginning_and_outliers_do_not_count() {
    let data = part(&sample(1), 100, 0);
    let config = Config { hidden: vec![], batch_size: 50, epochs: 2, ..Config::default() };
    // Rounds of 4 measurements: slow at first, and one in four is held up. A call of 5 ms is made twice.
    let tick = |measurement: usize| match measurement / 4 {
        0 => 40.0,
        round if round % 4 == 1 => 25.0,
        _ => 5.0,
    };
    let (estimate, _) = calibrated(&config, &data, tick);
    assert_close(estimate.evaluation_seconds, 100.0 * (5.0 / 256.0 + 5.0 / 50.0) / 1e3);
    assert_close(estimate.seconds_per_step, 10.0 / 1e3);
}

#[test]
fn a_member_of_a_team_has_its_share_of_each_layer() {
    let data = part(&sample(1), 40, 10);
    for workers in [2, 3, 16] {
        let config = Config { hidden: vec![8], batch_size: 20, epochs: 1, workers, ..Config::default() };
        let (estimate, _) = calibrated(&config, &data, |_| 100.0);
        assert!(estimate.seconds > 0.0);
    }
}

#[test]
fn without_images_there_is_no_estimate() {
    let mut calibration = Calibration::new(&Config { hidden: vec![], ..Config::default() });
    assert!(calibration.advance(&Dataset::default(), &|| 0.0));
    assert_eq!(calibration.estimate(&Dataset::default()), None);
}

/// Estimates against whole runs, both in the thread's processor time, so that other programs disturb less:
/// `cargo test --release --test core estimates_against -- --ignored --nocapture`.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes, and measures time"]
fn estimates_against_runs() {
    use piecewise::train::{Advance, Trainer};

    let clock = || {
        let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        nanoseconds.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
    };
    let all = sample(1);
    let run = |hidden: &[usize], subset: usize, epochs: usize, is_extra: bool| {
        let data = part(&all, subset, subset / 5);
        let config = Config {
            hidden: hidden.to_vec(),
            learning_rate: 0.01,
            epochs,
            augment: Augment { crop: is_extra, flip: is_extra, ..Augment::default() },
            momentum: if is_extra { 0.9 } else { 0.0 },
            ..Config::default()
        };
        let begin = clock();
        let mut calibration = Calibration::new(&config);
        while !calibration.advance(&data, &clock) {}
        let (estimate, took) = (calibration.estimate(&data).unwrap().seconds, clock() - begin);
        drop(calibration);
        let mut trainer = Trainer::new(config);
        let begin = clock();
        while trainer.advance(&data) != Advance::Finished {}
        let seconds = (clock() - begin) / 1e3;
        println!(
            "{hidden:?}: {estimate:.2} s estimated in {took:.0} ms, {seconds:.2} s taken: {:.3}",
            estimate / seconds
        );
        estimate / seconds
    };
    let shares = [
        run(&[], 5000, 10, false),
        run(&[512, 512], 2560, 2, false),
        run(&[512, 512], 2560, 2, true),
        run(&[2048, 1024], 1024, 1, false),
        run(&[8192, 8192], 256, 1, false),
    ];
    assert!(shares.iter().all(|share| (0.8..1.25).contains(share)), "{shares:?}");
}
