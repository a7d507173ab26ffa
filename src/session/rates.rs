//! Speeds of what surrounds the matrix products: reading files, preparing batches, whole steps, evaluation.
//!
//! All data are made here, in memory: pixels of 200 values at random, which gzip shrinks by a twentieth, not much less
//! than the photographs of CIFAR-10.

use std::hint::black_box;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;

use super::Clock;
use crate::data::augment::{Augment, Choices};
use crate::data::{CLASSES, FileReader, Images, PIXELS, Purpose, rng};
use crate::linalg::{chosen, peak};
use crate::protocol::RateRow;
use crate::train::{Config, Engine, LocalEngine, Rows};

/// Images to prepare and to train on, 12 MB: more than caches hold.
const IMAGES: usize = 4000;
/// Batches of a data set, and images in each of ours.
const BATCHES: usize = 6;
const BATCH_IMAGES: usize = 250;
/// Bytes pushed at once, as the worker reads them.
const PIECE: usize = 4 << 20;
const BATCH: usize = 256;
const EVALUATED: [usize; 4] = [1, 16, BATCH, 1000];
const CHAIN_STEPS: usize = 20_000;

enum Work {
    Copy,
    ReadBatches,
    ReadArchive,
    Prepare,
    PrepareAugmented,
    Limit,
    Step,
    Evaluate(usize),
}

struct Task {
    work: Work,
    /// Units a second, one a round: bytes, images, or operations for the limit.
    speeds: Vec<f64>,
}

/// The tasks, and what they work on.
pub(super) struct Rates {
    tasks: Vec<Task>,
    files: Vec<(String, Vec<u8>)>,
    archive: Vec<u8>,
    copy: Vec<u8>,
    images: Images,
    choices: Choices,
    rng: Xoshiro256PlusPlus,
    rows: Rows,
    config: Config,
    engine: LocalEngine,
}

/// Operations of the matrix products for one image: forward, and with both backward products.
pub(super) fn operations(widths: &[usize], is_step: bool) -> f64 {
    let products = |layer: usize| {
        if !is_step {
            1
        } else if layer == 0 {
            2
        } else {
            3
        }
    };
    widths.windows(2).enumerate().map(|(layer, pair)| 2.0 * (products(layer) * pair[0] * pair[1]) as f64).sum()
}

impl Rates {
    pub(super) fn new() -> Self {
        let mut rng = rng(1, Purpose::Sample, 7);
        let images = random_images(IMAGES, &mut rng);
        let files: Vec<(String, Vec<u8>)> = (0..BATCHES)
            .map(|index| {
                let name = if index < 5 { format!("data_batch_{}.bin", index + 1) } else { "test_batch.bin".into() };
                (name, binary(&random_images(BATCH_IMAGES, &mut rng)))
            })
            .collect();
        let archive = archive(&files);
        let work = [Work::Copy, Work::ReadBatches, Work::ReadArchive, Work::Prepare, Work::PrepareAugmented];
        let work = work.into_iter().chain([Work::Limit, Work::Step]).chain(EVALUATED.map(Work::Evaluate));
        let config = Config::default();
        let augment = Augment { crop: true, flip: true, ..Augment::default() };
        Self {
            tasks: work.map(|work| Task { work, speeds: Vec::new() }).collect(),
            copy: Vec::new(),
            archive,
            files,
            images,
            choices: Choices::new(augment, 1, Purpose::Augment, 0),
            engine: LocalEngine::drawn(&config),
            rng,
            rows: Rows::default(),
            config,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Measures a task for about `ms` milliseconds, at least once.
    pub(super) fn measure(&mut self, index: usize, ms: f64, clock: Clock) {
        let start = clock();
        let mut done = 0.0;
        let speed = loop {
            done += self.work(index);
            let elapsed = clock() - start;
            if elapsed >= ms {
                break done * 1000.0 / elapsed;
            }
        };
        self.tasks[index].speeds.push(speed);
    }

    /// Forgets what was measured to warm up.
    pub(super) fn forget(&mut self) {
        self.tasks.iter_mut().for_each(|task| task.speeds.clear());
    }

    /// Does a task once and returns how many units that were.
    fn work(&mut self, index: usize) -> f64 {
        match self.tasks[index].work {
            Work::Copy => {
                for (_, bytes) in &self.files {
                    self.copy.clear();
                    for piece in bytes.chunks(PIECE) {
                        self.copy.extend_from_slice(black_box(piece));
                    }
                    black_box(&self.copy);
                }
                self.file_bytes()
            }
            Work::ReadBatches => {
                for (name, bytes) in &self.files {
                    read(name, bytes);
                }
                self.file_bytes()
            }
            Work::ReadArchive => {
                read("cifar-10-binary.tar.gz", &self.archive);
                self.file_bytes()
            }
            Work::Prepare => self.prepare(BATCH, false),
            Work::PrepareAugmented => self.prepare(BATCH, true),
            Work::Limit => {
                black_box(chosen().chain(CHAIN_STEPS));
                peak::operations(CHAIN_STEPS)
            }
            Work::Step => {
                let images = self.prepare(BATCH, false);
                let _ = black_box(self.engine.step(&self.rows.images[..], &self.rows.labels, 1e-3));
                images
            }
            Work::Evaluate(rows) => {
                let images = self.prepare(rows, false);
                let _ = black_box(self.engine.logits(&self.rows.images[..]));
                images
            }
        }
    }

    /// Bytes of the batches' files.
    fn file_bytes(&self) -> f64 {
        self.files.iter().map(|(_, bytes)| bytes.len() as f64).sum()
    }

    /// Takes a batch of images drawn at random.
    fn prepare(&mut self, rows: usize, is_augmented: bool) -> f64 {
        let images = (0..rows).map(|_| self.images.get(self.rng.random_range(0..IMAGES)));
        self.rows.fill(images, is_augmented.then_some(&mut self.choices));
        black_box(&self.rows.images);
        rows as f64
    }

    /// A row a task that has a measurement, but for the two that others are shares of.
    pub(super) fn rows(&self) -> Vec<RateRow> {
        let best_of =
            |is_wanted: fn(&Work) -> bool| self.tasks.iter().find(|task| is_wanted(&task.work)).map_or(0.0, Task::best);
        let (limit, copy) = (best_of(|work| matches!(work, Work::Limit)), best_of(|work| matches!(work, Work::Copy)));
        let widths = self.config.widths();
        let row = |task: &Task| {
            let of_limit = |is_step| (limit > 0.0).then(|| task.best() * operations(&widths, is_step) / limit);
            let (name, unit, share) = match task.work {
                Work::Limit => return None,
                Work::Copy => ("copying the bytes of six batches".to_owned(), "MB/s", None),
                Work::ReadBatches => ("reading six batches".into(), "MB/s", Some(task.best() / copy)),
                Work::ReadArchive => ("reading them out of a .tar.gz".into(), "MB/s", Some(task.best() / copy)),
                Work::Prepare => (format!("preparing {BATCH} images"), "images/s", None),
                Work::PrepareAugmented => (format!("preparing {BATCH} images, augmented"), "images/s", None),
                Work::Step => (format!("a training step of {BATCH}, all included"), "images/s", of_limit(true)),
                Work::Evaluate(rows) => (format!("evaluating {rows} at once"), "images/s", of_limit(false)),
            };
            let scale = if unit == "MB/s" { 1e-6 } else { 1.0 };
            let (best, median) = (task.best() * scale, task.median() * scale);
            Some(RateRow { name, unit: unit.into(), best, median, share })
        };
        self.tasks.iter().filter(|task| !task.speeds.is_empty()).filter_map(row).collect()
    }
}

impl Task {
    fn best(&self) -> f64 {
        self.speeds.iter().copied().fold(0.0, f64::max)
    }

    fn median(&self) -> f64 {
        super::bench::median(&self.speeds)
    }
}

fn random_images(count: usize, rng: &mut Xoshiro256PlusPlus) -> Images {
    Images {
        pixels: (0..count * PIXELS).map(|_| rng.random_range(0..200)).collect(),
        labels: (0..count).map(|index| (index % CLASSES) as u8).collect(),
    }
}

/// As a file of the binary version.
fn binary(images: &Images) -> Vec<u8> {
    (0..images.len()).flat_map(|index| [&[images.labels[index]], images.get(index).0].concat()).collect()
}

fn read(name: &str, bytes: &[u8]) {
    let mut reader = FileReader::new(name, bytes.len() as u64);
    let contents = bytes.chunks(PIECE).try_for_each(|piece| reader.push(piece)).and_then(|()| reader.finish());
    black_box(contents.expect("a file as it should be"));
}

/// The files as a .tar.gz: headers of 512 bytes with octal numbers, contents filled up to 512.
fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let mut write = |bytes: &[u8]| gzip.write_all(bytes).expect("memory takes all");
    for (name, bytes) in files {
        let mut head = [0; 512];
        let mut put = |at: usize, text: &str| head[at..at + text.len()].copy_from_slice(text.as_bytes());
        put(0, &format!("cifar-10-batches-bin/{name}"));
        put(100, "0000644\0");
        put(124, &format!("{:011o}\0", bytes.len()));
        put(148, "        ");
        put(156, "0");
        put(257, "ustar\x0000");
        let sum: u32 = head.iter().map(|&byte| u32::from(byte)).sum();
        head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        write(&head);
        write(bytes);
        write(&[0; 512][..bytes.len().next_multiple_of(512) - bytes.len()]);
    }
    write(&[0; 1024]);
    gzip.finish().expect("memory takes all")
}
