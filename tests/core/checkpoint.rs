use piecewise::data::augment::Augment;
use piecewise::data::{Batch, Checksum, Dataset};
use piecewise::train::{
    Advance, Checkpoint, CheckpointError, Config, ConfigError, RateChange, Schedule, Subset, Trainer,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::train::{finish, part, sample, tiny};

/// With all that a run can have.
fn everything() -> Config {
    Config {
        augment: Augment { crop: true, padding: 3, flip: true },
        momentum: 0.9,
        weight_decay: 1e-3,
        schedule: Schedule::Cosine,
        subset: Subset::First(140),
        learning_rate: 0.02,
        ..tiny()
    }
}

/// On 140 of 200 images, 20 of each class.
fn held_out() -> Config {
    Config { subset: Subset::PerClass(20), held_out: 60, ..everything() }
}

/// A run's checkpoints after each epoch, with a learning rate set in the midst of the second.
fn checkpoints(config: Config, data: &Dataset) -> (Vec<Vec<u8>>, Trainer) {
    let mut trainer = Trainer::new(config);
    let mut checkpoints = Vec::new();
    assert_eq!(trainer.checkpoint(), None, "nothing is measured yet");
    loop {
        match trainer.advance(data) {
            Advance::Epoch(_) => checkpoints.push(trainer.checkpoint().unwrap()),
            Advance::Finished => return (checkpoints, trainer),
            Advance::Step { .. } => {
                assert_eq!(trainer.checkpoint(), None, "in the midst of an epoch");
                if trainer.step() == 4 {
                    trainer.set_learning_rate(0.013).unwrap();
                }
            }
            _ => {}
        }
    }
}

#[test]
fn a_resumed_run_is_the_uninterrupted_one_to_the_bit() {
    let data = part(&sample(1), 150, 40);
    let only_train = part(&sample(1), 230, 0);
    for (config, data) in [
        (tiny(), &data),
        (everything(), &data),
        (Config { random_labels: true, ..tiny() }, &data),
        (Config { momentum: 0.5, ..tiny() }, &data),
        (held_out(), &only_train),
        (Config { random_labels: true, ..held_out() }, &only_train),
    ] {
        let (checkpoints, mut whole) = checkpoints(config, data);
        assert_eq!(checkpoints.len(), 4);
        let expected = finish(&mut whole, data);
        for (epoch, bytes) in checkpoints.iter().enumerate() {
            assert!(bytes.len() <= Trainer::new(whole.config().clone()).checkpoint_size() + 4 * 9 + 32 * 4);
            let checkpoint = Checkpoint::decode(bytes).unwrap();
            assert_eq!(checkpoint.check_on(data), Ok(()));
            assert_eq!((checkpoint.epoch(), checkpoint.losses().len()), (epoch, 3 * epoch));
            let mut resumed = Trainer::resume(checkpoint);
            assert_eq!(resumed.checkpoint().as_ref(), Some(bytes), "nothing is lost by the way");
            resumed.plan_learning_rates(whole.rate_changes()).unwrap();
            assert_eq!(finish(&mut resumed, data), expected, "from epoch {epoch}");
            assert_eq!(resumed.rate_changes(), [RateChange { step: 4, learning_rate: 0.013 }]);
            assert_eq!(resumed.checkpoint().as_ref(), checkpoints.last());
        }
    }
}

#[test]
fn a_run_that_has_diverged_has_no_checkpoint() {
    let data = part(&sample(1), 150, 0);
    for momentum in [0.0, 0.9] {
        let mut trainer = Trainer::new(Config { learning_rate: 1e30, momentum, ..tiny() });
        while !matches!(trainer.advance(&data), Advance::Diverged { .. }) {}
        assert_eq!(trainer.checkpoint(), None);
    }
}

#[test]
fn a_cut_or_changed_checkpoint_is_refused_with_a_sentence() {
    let data = part(&sample(1), 20, 0);
    let (checkpoints, _) = checkpoints(Config { hidden: vec![1], epochs: 1, batch_size: 10, ..tiny() }, &data);
    let bytes = &checkpoints[1];
    let refused = |bytes: &[u8]| {
        let message = Checkpoint::decode(bytes).unwrap_err().to_string();
        assert!(message.ends_with('.') && message.len() > 40, "{message}");
    };
    for length in 0..bytes.len() {
        refused(&bytes[..length]);
    }
    refused(&[&bytes[..], &[0]].concat());
    refused(&[&bytes[..], bytes].concat());
    let mut changed = bytes.clone();
    for at in 0..bytes.len() {
        changed[at] ^= 1 << (at % 8);
        refused(&changed);
        changed[at] = bytes[at];
    }
    assert!(Checkpoint::decode(&changed).is_ok());
    assert_eq!(Checkpoint::decode(b"something else"), Err(CheckpointError::NotOne));
}

/// With a right checksum.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let body = bytes.len() - 8;
    let mut checksum = Checksum::default();
    checksum.push(&bytes[..body]);
    bytes[body..].copy_from_slice(&checksum.finish().to_le_bytes());
    bytes
}

#[test]
fn a_forged_checkpoint_asks_for_no_memory_and_does_not_panic() {
    let data = part(&sample(1), 20, 0);
    let (checkpoints, _) = checkpoints(Config { hidden: vec![1], epochs: 1, batch_size: 10, ..tiny() }, &data);
    let bytes = &checkpoints[1];
    assert_eq!(sealed(bytes.clone()), *bytes);
    // The head: lengths of losses and weights that lie, small and huge.
    for at in [12, 16, 24] {
        for value in [0_u64, 1, 1 << 20, 1 << 62, u64::MAX] {
            let mut forged = bytes.clone();
            let width = if at == 12 { 4 } else { 8 };
            forged[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
            assert!(
                matches!(Checkpoint::decode(&sealed(forged)), Err(CheckpointError::Length { .. })),
                "{at}: {value}"
            );
        }
    }
    let mut version = bytes.clone();
    version[8] = 99;
    assert_eq!(Checkpoint::decode(&sealed(version)), Err(CheckpointError::Version(99)));
    // Losses taken for weights: the lengths fit, the settings do not.
    let mut moved = bytes.clone();
    (moved[16], moved[24]) = (bytes[16] + 1, bytes[24] - 1);
    assert!(matches!(Checkpoint::decode(&sealed(moved)), Err(CheckpointError::Contradiction(_))));
    // The description: whatever a byte says, there is an answer.
    let description = 32..32 + usize::from(bytes[12]);
    let mut refused = 0;
    for at in description {
        for value in [0, 1, 2, 3, 9, 127, 128, 200, 255] {
            let mut forged = bytes.clone();
            forged[at] = value;
            match Checkpoint::decode(&sealed(forged)) {
                Err(error) => refused += usize::from(error.to_string().ends_with('.')),
                // Another seed, say.
                Ok(checkpoint) => assert!(checkpoint.config().check(0).is_ok()),
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn a_run_goes_on_only_with_its_own_data() {
    let data = part(&sample(1), 150, 40);
    let (all, subset) = (checkpoints(tiny(), &data).0, checkpoints(everything(), &data).0);
    let check = |bytes: &[u8], data: &Dataset| Checkpoint::decode(bytes).unwrap().check_on(data);
    let other = Err(CheckpointError::OtherData { train: 150, validation: 40 });
    let changed = |in_train: bool, change: fn(&mut Batch)| {
        let mut copy = Dataset::default();
        for (split, into, is_it) in
            [(&data.train, &mut copy.train, in_train), (&data.validation, &mut copy.validation, !in_train)]
        {
            let mut batch = split.batches()[0].clone();
            if is_it {
                change(&mut batch);
            }
            into.push(batch);
        }
        copy
    };
    assert_eq!(check(&all[1], &changed(true, |_| ())), Ok(()));
    for in_train in [true, false] {
        assert_eq!(check(&all[1], &changed(in_train, |batch| batch.images.pixels[3000] ^= 1)), other);
        assert_eq!(check(&all[1], &changed(in_train, |batch| batch.images.labels[7] ^= 1)), other);
        assert_eq!(check(&all[1], &changed(in_train, |batch| batch.images.labels.swap(3, 4))), other);
    }
    assert_eq!(check(&all[1], &part(&sample(1), 149, 40)), other);
    assert_eq!(check(&all[1], &part(&sample(1), 150, 0)), other);
    assert_eq!(check(&all[1], &Dataset::default()), other);
    // A run on the first 140 images goes on wherever these are the first.
    assert_eq!(check(&subset[1], &part(&sample(1), 145, 40)), Ok(()));
    assert!(check(&subset[1], &part(&sample(1), 139, 40)).is_err());
    // One that holds images out does not go on beside others to validate on.
    let bytes = &checkpoints(held_out(), &part(&sample(1), 230, 0)).0[1];
    assert_eq!(check(bytes, &part(&sample(1), 200, 0)), Ok(()));
    let other = Err(CheckpointError::OtherData { train: 140, validation: 60 });
    assert_eq!(check(bytes, &part(&sample(1), 230, 60)), other);
    assert_eq!(check(bytes, &part(&sample(1), 199, 0)), other);
}

#[test]
fn planned_learning_rates_must_be_ones() {
    let data = part(&sample(1), 20, 0);
    let (checkpoints, _) = checkpoints(Config { hidden: vec![1], epochs: 2, ..tiny() }, &data);
    let mut trainer = Trainer::resume(Checkpoint::decode(&checkpoints[1]).unwrap());
    let plan = |step, learning_rate| RateChange { step, learning_rate };
    assert_eq!(trainer.plan_learning_rates(&[plan(1, f32::NAN)]), Err(ConfigError::LearningRate));
    trainer.plan_learning_rates(&[plan(0, 0.5), plan(9, 0.1), plan(1, 0.2), plan(1, 0.3)]).unwrap();
    assert_eq!(trainer.rate_changes(), [plan(1, 0.3), plan(9, 0.1)]);
    assert_eq!(trainer.learning_rate(), 0.3);
}
