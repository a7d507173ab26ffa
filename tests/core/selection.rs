use piecewise::data::augment::Augment;
use piecewise::data::{Batch, CLASSES, Dataset, Images, PIXELS, Purpose, rng};
use piecewise::nn::{Init, Mlp};
use piecewise::train::{Config, ConfigError, Field, LocalEngine, Reporting, Selection, Subset, Trainer, Validation};
use rand::RngExt;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::train::{finish, part, sample, tiny};

/// Black images with these labels, in batches of seven.
fn labelled(labels: &[u8]) -> Dataset {
    let mut data = Dataset::default();
    for labels in labels.chunks(7) {
        let images = Images { pixels: vec![0; labels.len() * PIXELS], labels: labels.to_vec() };
        data.train.push(Batch { name: "planted".into(), images, validation: false });
    }
    data
}

fn with(subset: Subset, held_out: usize) -> Config {
    Config { subset, held_out, ..tiny() }
}

fn held_out(selection: &Selection) -> &[u32] {
    match selection.validation() {
        Validation::HeldOut(indices) => indices,
        Validation::Split => &[],
    }
}

#[test]
fn per_class_takes_the_first_of_each_in_file_order() {
    let mut labels: Vec<u8> = (0..10).collect();
    labels.extend([3, 3, 3, 0, 1, 2, 4, 5, 6, 7, 8, 9, 9, 3]);
    let data = labelled(&labels);
    let train = |subset| Selection::of(&with(subset, 0), &data).map(|selection| selection.train().to_vec());
    assert_eq!(train(Subset::PerClass(1)), Ok((0..10).collect()));
    // 3 at 10; 0, 1, 2 at 13 to 15; 4 to 9 at 16 to 21.
    assert_eq!(train(Subset::PerClass(2)), Ok((0..11).chain(13..22).collect()));
    assert_eq!(train(Subset::First(12)), Ok((0..12).collect()));
    assert_eq!(train(Subset::All), Ok((0..24).collect()));
}

#[test]
fn what_the_data_cannot_give_is_refused_with_numbers() {
    let data = part(&sample(1), 25, 0);
    let of = |subset, held_out| with(subset, held_out).check_on(&data);
    assert_eq!(of(Subset::First(25), 24), Ok(()));
    assert_eq!(of(Subset::First(26), 0), Err(ConfigError::Subset { subset: 26, images: 25 }));
    assert_eq!(of(Subset::PerClass(2), 19), Ok(()));
    // The sample's classes take turns, so the classes from 5 on have two images.
    let few = of(Subset::PerClass(3), 0).unwrap_err();
    assert_eq!((&few, few.field()), (&ConfigError::PerClass { each: 3, class: 5, images: 2 }, Field::Subset));
    assert!(few.to_string().contains("class 5 has only 2"), "{few}");
    assert!(matches!(of(Subset::PerClass(usize::MAX), 0), Err(ConfigError::PerClass { .. })));
    let none = labelled(&[0, 1, 2]);
    let missing = with(Subset::PerClass(1), 0).check_on(&none);
    assert_eq!(missing, Err(ConfigError::PerClass { each: 1, class: 3, images: 0 }));
    for subset in [Subset::First(0), Subset::PerClass(0)] {
        assert_eq!(of(subset, 0), Err(ConfigError::EmptySubset));
    }
    for (subset, images) in [(Subset::All, 25), (Subset::First(7), 7), (Subset::PerClass(2), 20)] {
        for held_out in [images, usize::MAX] {
            let error = of(subset, held_out).unwrap_err();
            assert_eq!((&error, error.field()), (&ConfigError::HeldOut { held_out, images }, Field::HeldOut));
        }
    }
    let beside = with(Subset::All, 5).check_on(&part(&sample(1), 25, 10)).unwrap_err();
    assert_eq!((&beside, beside.field()), (&ConfigError::HeldOutBeside { validation: 10 }, Field::HeldOut));
}

#[test]
fn held_out_images_are_stratified_disjoint_and_drawn_from_the_seed() {
    let mut random = rng(3, Purpose::Draw, 0);
    for case in 0..60 {
        let images = random.random_range(30..300_usize);
        // Later cases have ever rarer high classes.
        let label = |_| (f64::from(random.random::<f32>()).powi(1 + case / 15) * CLASSES as f64) as u8;
        let labels: Vec<u8> = (0..images).map(label).collect();
        let data = labelled(&labels);
        let chosen = random.random_range(2..=images);
        let config = with(Subset::First(chosen), random.random_range(1..chosen));
        let selection = Selection::of(&config, &data).unwrap();
        let (train, out) = (selection.train(), held_out(&selection));
        assert_eq!((train.len(), out.len()), (chosen - config.held_out, config.held_out));
        assert_eq!(config.images(&data), (train.len(), selection.measured(&data)));
        assert!(train.is_sorted_by(|a, b| a < b) && out.is_sorted_by(|a, b| a < b));
        let mut all = [train, out].concat();
        all.sort_unstable();
        assert_eq!(all, (0..chosen as u32).collect::<Vec<_>>(), "each chosen image is in one of both");
        for class in 0..CLASSES as u8 {
            let of_class = labels[..chosen].iter().filter(|&&label| label == class).count();
            let here = out.iter().filter(|&&index| labels[index as usize] == class).count();
            let share = of_class as f64 * config.held_out as f64 / chosen as f64;
            assert!((here as f64 - share).abs() < 1.0, "class {class}: {here} of {share}");
        }
        assert_eq!(Selection::of(&config, &data).as_ref(), Ok(&selection));
    }

    let data = part(&sample(1), 200, 0);
    let of = |seed, count| {
        let config = Config { seed, ..with(Subset::PerClass(20), count) };
        held_out(&Selection::of(&config, &data).unwrap()).to_vec()
    };
    let fifty = of(1, 50);
    for class in 0..CLASSES {
        assert_eq!(fifty.iter().filter(|&&index| index as usize % CLASSES == class).count(), 5);
    }
    assert_ne!(of(2, 50), fifty);
    assert!(fifty.iter().all(|index| of(1, 80).contains(index)), "more held out are the same and others");
    assert_ne!(fifty, (0..50).collect::<Vec<_>>());
}

/// The same images, with the held-out ones as a validation split of their own.
fn apart(selection: &Selection, data: &Dataset) -> Dataset {
    let batch = |indices: &[u32]| {
        let mut images = Images::default();
        for &index in indices {
            let (pixels, label) = data.train.get(index as usize);
            images.pixels.extend_from_slice(pixels);
            images.labels.push(label);
        }
        Batch { name: "apart".into(), images, validation: false }
    };
    let mut apart = Dataset::default();
    apart.train.push(batch(selection.train()));
    apart.validation.push(batch(held_out(selection)));
    apart
}

#[test]
fn a_run_with_held_out_images_is_the_run_on_data_split_by_hand() {
    let data = part(&sample(1), 230, 0);
    let augment = Augment { crop: true, padding: 3, flip: true };
    for config in [
        with(Subset::All, 40),
        with(Subset::First(150), 33),
        Config { augment, momentum: 0.9, learning_rate: 0.01, ..with(Subset::PerClass(17), 25) },
    ] {
        let selection = Selection::of(&config, &data).unwrap();
        let split = apart(&selection, &data);
        let plain = Config { subset: Subset::All, held_out: 0, ..config.clone() };
        assert_eq!((config.images(&data), config.steps_per_epoch(&data)), {
            (plain.images(&split), plain.steps_per_epoch(&split))
        });
        let (mut ours, mut expected) = (Trainer::new(config), Trainer::new(plain));
        let check = [(&mut ours, &data), (&mut expected, &split)].map(|(trainer, data)| {
            let mut check = trainer.check_gradients(data).unwrap();
            while !check.advance() {}
            check.entries().to_vec()
        });
        assert_eq!(check[0], check[1]);
        assert_eq!(ours.images_left(&data), expected.images_left(&split));
        let found = finish(&mut ours, &data);
        assert!(found.1.iter().all(|record| record.validation_accuracy.is_some()));
        assert_eq!(found, finish(&mut expected, &split));
    }
}

#[test]
fn random_labels_are_not_validated_and_not_learned_from_held_out_images() {
    let data = part(&sample(1), 150, 0);
    let config = Config { random_labels: true, ..with(Subset::All, 30) };
    let selection = Selection::of(&config, &data).unwrap();
    assert_eq!((config.images(&data), selection.measured(&data)), ((120, 0), 0));
    let found = finish(&mut Trainer::new(config.clone()), &data);
    assert!(found.1.iter().all(|record| record.validation_accuracy.is_none()));

    let mut images = data.train.batches()[0].images.clone();
    for &index in held_out(&selection) {
        images.pixels[index as usize * PIXELS..][..PIXELS].fill(77);
    }
    let mut changed = Dataset::default();
    changed.train.push(Batch { name: "changed".into(), images, validation: false });
    assert_eq!(finish(&mut Trainer::new(config), &changed), found);
}

#[test]
fn a_report_looks_at_held_out_images_and_names_them_by_their_place() {
    let data = part(&sample(1), 1200, 0);
    let selection = Selection::of(&with(Subset::All, 700), &data).unwrap();
    let split = apart(&selection, &data);
    let net = Mlp::<f32>::new(&[PIXELS, 12, CLASSES], Init::He, &mut rng(1, Purpose::Init, 0));
    let mut engine = LocalEngine::of(&Config::default(), net);
    let mut report = |validation: Validation, data: &Dataset| {
        let mut reporting = Reporting::new(validation, usize::MAX);
        while !reporting.advance(&mut engine, data).unwrap() {}
        assert_eq!((reporting.done(), reporting.total(data)), (700, 700));
        reporting.report()
    };
    let ours = report(selection.validation().clone(), &data);
    let mut expected = report(Validation::Split, &split);
    assert!(ours.is_held_out && !expected.is_held_out && expected.mistakes.len() > 300);
    expected.is_held_out = true;
    for mistake in &mut expected.mistakes {
        mistake.index = held_out(&selection)[mistake.index] as usize;
    }
    assert_eq!(ours, expected);
    assert!(ours.mistakes.iter().all(|mistake| data.train.get(mistake.index).1 == mistake.label));
}

#[test]
fn subsets_are_read_as_they_are_written() {
    for subset in [Subset::All, Subset::First(1), Subset::First(50_000), Subset::PerClass(7)] {
        assert_eq!(subset.to_string().parse(), Ok(subset));
    }
    for (text, subset) in [
        ("", Subset::All),
        (" All ", Subset::All),
        ("1,000", Subset::First(1000)),
        ("5 000", Subset::First(5000)),
        ("50 Per Class", Subset::PerClass(50)),
        ("50per class ", Subset::PerClass(50)),
    ] {
        assert_eq!(text.parse(), Ok(subset), "{text}");
    }
    for text in ["-1", "1.5", "per class", "50 per", "some", "50 per class each", "99999999999999999999"] {
        assert!(text.parse::<Subset>().is_err(), "{text}");
    }
}
