//! What all chosen files held, put together: each set of images once, in the one [order](super::order), each with its
//! [role](super::role), and what should be known before it is used.

use std::collections::{BTreeMap, HashMap};

use super::album::Album;
use super::error::DataError;
use super::found::{Decision, Found, FoundFile, Taken, Warning};
use super::looks::{Looks, Reorder};
use super::order::Place;
use super::reader::{Contents, Piece, What};
use super::role::{Guess, Role, folder_said, role, said};
use super::table::{Tables, stem};
use super::{Batch, CLASSES, Checksum, Dataset, Images, PIXELS, Split};

/// Most files that are listed one by one as passed over.
const MAX_LISTED: usize = 40;
/// Names that a sentence lists.
const MAX_NAMED: usize = 5;

/// Files that were read, on their way to a data set.
#[derive(Debug, Default)]
pub struct Gathering {
    batches: Vec<Candidate>,
    /// Arrays of images and of labels, by path, until they are paired.
    pixels: Vec<(String, Vec<u8>)>,
    labels: Vec<(String, Vec<u8>)>,
    album: Album,
    /// Tables of labels, by path.
    tables: Vec<(String, Vec<(String, String)>)>,
    /// Lists of labels that are of use, and what for.
    lists: Vec<(String, String)>,
    /// Pictures that are averaged to another size, in all, and the size of the first.
    resized: usize,
    first_size: Option<(usize, usize)>,
    /// Lists of class names, by path; an empty one is CIFAR-10's.
    class_names: Vec<(String, Vec<String>)>,
    passed: Vec<(String, DataError)>,
    /// The names of the folders that pictures came in, where they are other classes than CIFAR-10's.
    folder_names: Vec<String>,
    /// Published archives among the files.
    official: Vec<&'static str>,
    files: usize,
}

/// Images that could be used.
#[derive(Debug)]
struct Candidate {
    path: String,
    /// One after the other; pictures come in several.
    parts: Vec<Images>,
    guess: Guess,
    /// Of each image's pixels.
    sums: Vec<u64>,
    looks: Looks,
    /// What is to be said of it in any case.
    note: String,
}

/// What becomes of a candidate.
struct Plan {
    taken: Taken,
    why: String,
}

/// Images that are there, by the checksums of their pixels: the first of each.
#[derive(Default)]
struct Known<'a> {
    first: HashMap<u64, (&'a Images, usize, &'a str)>,
}

impl Gathering {
    /// Adds what a file held.
    pub fn add(&mut self, contents: Contents) {
        self.files += 1;
        self.official.extend(contents.official);
        self.album.append(contents.album);
        for Piece { path, what } in contents.pieces {
            match what {
                What::Batch { images, label, validation } => {
                    let sure = |validation| {
                        let role = if validation { Role::Validation } else { Role::Train };
                        Guess { role, is_sure: true }
                    };
                    let guess = validation.map_or_else(|| role(&path, label.as_deref()), sure);
                    self.add_batch(path, vec![images], guess, String::new());
                }
                What::Pixels(pixels) => self.pixels.push((path, pixels)),
                What::Labels(labels) => self.labels.push((path, labels)),
                What::Table(rows) => self.tables.push((path, rows)),
                What::ClassNames(names) => self.class_names.push((path, names)),
                What::Refused(error) => self.passed.push((path, error)),
            }
        }
    }

    /// Adds a file that could not be used as a whole.
    pub fn pass_over(&mut self, path: &str, error: DataError) {
        self.files += 1;
        self.passed.push((path.to_owned(), error));
    }

    fn add_batch(&mut self, path: String, parts: Vec<Images>, guess: Guess, note: String) {
        let sums = parts.iter().flat_map(|part| part.pixels.chunks_exact(PIXELS)).map(sum).collect();
        let looks = Looks::of(&parts);
        self.batches.push(Candidate { path, parts, guess, sums, looks, note });
    }

    /// Gives the arrays of images their labels: of the same folder, of the same number, and best of the same name.
    fn pair_arrays(&mut self) {
        let (mut pixels, mut labels) = (std::mem::take(&mut self.pixels), std::mem::take(&mut self.labels));
        for arrays in [&mut pixels, &mut labels] {
            arrays.sort_by_cached_key(|(path, _)| Place::of(path));
        }
        let mut is_used = vec![Vec::new(); labels.len()];
        for (path, pixels) in pixels {
            let images = pixels.len() / PIXELS;
            let fits =
                |(_, (of, labels)): &(usize, &(String, Vec<u8>))| labels.len() == images && folder(of) == folder(&path);
            let fitting: Vec<usize> = labels.iter().enumerate().filter(fits).map(|(at, _)| at).collect();
            let is_namesake = |at: &&usize| pair_name(&labels[**at].0) == pair_name(&path);
            let chosen = match (fitting.iter().find(is_namesake), &fitting[..]) {
                (Some(at), _) | (None, [at]) => *at,
                _ => {
                    let name = shown_name(&path);
                    self.passed.push((path, DataError::NoLabels { name, images }));
                    continue;
                }
            };
            is_used[chosen].push(file_name(&path).to_owned());
            let guess = role(&path, None);
            self.add_batch(path, vec![Images { pixels, labels: labels[chosen].1.clone() }], guess, String::new());
        }
        for ((path, labels), uses) in labels.into_iter().zip(is_used) {
            if uses.is_empty() {
                let error = DataError::NoImages { name: shown_name(&path), labels: labels.len() };
                self.passed.push((path, error));
            } else {
                self.lists.push((path, format!("The labels of {}.", uses.join(", "))));
            }
        }
    }

    /// Where one folder of batches is called after training and another after validation, somebody has divided them so,
    /// whatever they were called when they were published. A lone folder `test` may be where somebody tries things.
    fn tell_splits_by_folders(&mut self) {
        if self.batches.iter().any(|batch| folder_said(&batch.path) == Some(Role::Train)) {
            for batch in self.batches.iter_mut().filter(|batch| folder_said(&batch.path) == Some(Role::Validation)) {
                batch.guess = Guess { role: Role::Validation, is_sure: true };
            }
        }
    }

    /// Labels the pictures by folders and tables.
    fn sort_album(&mut self) {
        self.tables.sort_by_cached_key(|(path, _)| Place::of(path));
        let mut tables = Tables::default();
        for (path, rows) in std::mem::take(&mut self.tables) {
            self.lists.push((path.clone(), format!("A table of {} labels.", rows.len())));
            tables.add(&path, rows);
        }
        let names = self.class_names();
        let sorted = std::mem::take(&mut self.album).sort(&tables, &names);
        for group in sorted.labelled {
            let images: usize = group.parts.iter().map(Images::len).sum();
            let mut note = format!("{images} pictures");
            if let Some((width, height)) = group.first_size {
                note += &format!(
                    ", {} of them of another size (such as {width} × {height}) averaged to 32 × 32",
                    group.resized
                );
                self.resized += group.resized;
                self.first_size.get_or_insert((width, height));
            }
            self.add_batch(group.path, group.parts, group.guess, note);
        }
        if !sorted.class_names.is_empty() && names.is_empty() {
            self.folder_names = sorted.class_names;
        }
        if let Some((number, first)) = sorted.unlabelled {
            let name = shown_name(&first);
            let error = match sorted.too_many {
                Some(classes) => DataError::ManyClasses { name, pictures: number, classes },
                None => DataError::Unlabelled { name, more: number - 1 },
            };
            self.passed.push((first, error));
        }
    }

    /// Bytes of images held.
    pub fn bytes(&self) -> u64 {
        let batches = self.batches.iter().flat_map(|batch| &batch.parts).map(|part| part.pixels.len() as u64);
        let arrays = self.pixels.iter().map(|(_, pixels)| pixels.len() as u64);
        batches.chain(arrays).sum::<u64>() + self.album.bytes()
    }

    /// The published archive that all these files are, if they are one.
    pub fn official(&self) -> Option<&'static str> {
        match self.official[..] {
            [one] if self.files == 1 => Some(one),
            _ => None,
        }
    }

    /// To be called when all files were added: puts the batches in their order.
    ///
    /// # Errors
    /// A sentence that says what there is, if there are no images.
    pub fn close(&mut self) -> Result<(), String> {
        self.class_names.sort_by_cached_key(|(path, _)| Place::of(path));
        self.pair_arrays();
        self.sort_album();
        self.tell_splits_by_folders();
        // What has the same place is put in order by its images.
        self.batches.sort_by_cached_key(|batch| (Place::of(&batch.path), batch.sums.clone()));
        self.lists.sort_by_cached_key(|(path, _)| Place::of(path));
        self.passed.sort_by_cached_key(|(path, error)| (!error.is_suspicious(), Place::of(path)));
        if self.batches.is_empty() { Err(self.nothing()) } else { Ok(()) }
    }

    /// What there is instead of images.
    fn nothing(&self) -> String {
        match (&self.passed[..], &self.class_names[..]) {
            ([(_, error)], []) => error.to_string(),
            ([], [(path, _)]) if self.lists.is_empty() => DataError::Companion {
                name: file_name(path).into(),
                kind: "the list of class names",
                advice: "Choose data_batch_1 to data_batch_5 and test_batch.",
            }
            .to_string(),
            (passed, lists) => {
                let mut kinds = BTreeMap::<&str, usize>::new();
                for (_, error) in passed {
                    *kinds.entry(error.kind()).or_default() += 1;
                }
                *kinds.entry("a list of class names").or_default() += lists.len();
                *kinds.entry("a table of labels").or_default() += self.lists.len();
                kinds.retain(|_, count| *count > 0);
                let mut kinds: Vec<_> = kinds.into_iter().collect();
                kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
                let shown = kinds.iter().take(MAX_NAMED).map(|(kind, count)| format!("{count} × {kind}"));
                let shown = shown.collect::<Vec<_>>().join(", ");
                let and = if kinds.len() > MAX_NAMED { ", and others" } else { "" };
                let total = passed.len() + lists.len() + self.lists.len();
                // Labels that found no images say less than why these were refused.
                let is_news = |error: &&(String, DataError)| !matches!(error.1, DataError::NoImages { .. });
                let first = match passed.iter().find(is_news).or(passed.first()) {
                    Some((_, error)) => format!("The first: {error}"),
                    None => "Choose the images that they belong to, together with them.".into(),
                };
                match (total, passed, &self.lists[..]) {
                    (1, [], [(path, _)]) => format!(
                        "{} is a table of labels, and no pictures came with it. Choose the folder of pictures together with it.",
                        file_name(path)
                    ),
                    _ => format!("None of these {total} files holds images that could be used: {shown}{and}. {first}"),
                }
            }
        }
    }

    /// What was found, beside the data that are there and stay.
    pub fn found(&self, old: &Dataset, decision: &Decision) -> Found {
        let (plans, mut warnings) = self.plan(old, decision);
        let mut files: Vec<FoundFile> = Vec::new();
        for (batch, plan) in self.batches.iter().zip(plans) {
            let chosen = decision.reorder(&batch.path);
            let suspected = batch.suspected();
            if chosen.is_none()
                && matches!(plan.taken, Taken::Train | Taken::Validation)
                && let Some(reorder) = suspected
            {
                warnings.push(Warning::Order { path: batch.path.clone(), reorder });
            }
            files.push(batch.file(plan, suspected.or(chosen), chosen));
        }
        if let Some((width, height)) = self.first_size {
            warnings.push(Warning::Resized { pictures: self.resized, width, height });
        }
        for (path, why) in &self.lists {
            files.push(listed(path, Taken::List, why.clone(), false));
        }
        for (path, names) in &self.class_names {
            let why = match &names[..] {
                [] => "The names of CIFAR-10’s classes.".to_owned(),
                names => format!("The names of the classes: {}.", names.join(", ")),
            };
            files.push(listed(path, Taken::List, why, false));
        }
        for (path, error) in self.passed.iter().take(MAX_LISTED) {
            files.push(listed(path, Taken::PassedOver, error.to_string(), error.is_suspicious()));
        }
        let more_passed = self.passed.len().saturating_sub(MAX_LISTED);
        Found { files, more_passed, warnings, class_names: self.class_names(), ..Found::default() }
    }

    /// Whether what was found needs a word, apart from what is there already.
    pub fn is_doubtful(&self, found: &Found) -> bool {
        if self.official().is_some() {
            return false;
        }
        found.warnings.iter().any(Warning::is_serious)
            || !self.are_roles_sure()
            || self.passed.iter().any(|(_, error)| error.is_suspicious())
    }

    /// Whether something says of each batch what it is for.
    pub fn are_roles_sure(&self) -> bool {
        self.batches.iter().all(|batch| batch.guess.is_sure)
    }

    /// The names of the classes that came with the images; none where they are CIFAR-10's.
    pub fn class_names(&self) -> Vec<String> {
        self.class_names.first().map_or_else(|| self.folder_names.clone(), |(_, names)| names.clone())
    }

    /// The old data with the new, in their order; the old data again, and why, if nothing is to be added.
    ///
    /// # Errors
    /// If there is nothing new, or nothing to train on.
    pub fn take(self, old: Dataset, decision: &Decision, max_bytes: u64) -> Result<Dataset, Box<(Dataset, String)>> {
        let (plans, _) = self.plan(&old, decision);
        let used = |plan: &&Plan| matches!(plan.taken, Taken::Train | Taken::Validation);
        let has_training = !old.train.is_empty() || plans.iter().any(|plan| plan.taken == Taken::Train);
        let refused = if plans.iter().filter(used).count() == 0 {
            Some(self.nothing_new(&plans, &old))
        } else if !has_training {
            let path = &self.batches[plans.iter().position(|plan| plan.taken == Taken::Validation).unwrap_or(0)].path;
            Some(format!(
                "{} is for validation only, so there is nothing to train on. Choose it together with data_batch_1.bin.",
                file_name(path)
            ))
        } else {
            let images = (self.bytes() / PIXELS as u64) as usize + old.train.len() + old.validation.len();
            let is_too_much = (images * PIXELS) as u64 > max_bytes;
            is_too_much.then(|| {
                format!("{images} images are more than a page can hold. Forget the data first, then choose fewer.")
            })
        };
        if let Some(message) = refused {
            return Err(Box::new((old, message)));
        }
        let taken: Vec<(Candidate, Plan)> =
            self.batches.into_iter().zip(plans).filter(|(_, plan)| used(&plan)).collect();
        let names: Vec<String> = taken.iter().map(|(batch, plan)| name(batch, plan, &taken)).collect();
        let mut batches: [Vec<Batch>; 2] = [old.train.into_batches(), old.validation.into_batches()];
        for ((Candidate { path, parts, .. }, plan), name) in taken.into_iter().zip(names) {
            let validation = plan.taken == Taken::Validation;
            for mut images in parts {
                if let Some(reorder) = decision.reorder(&path) {
                    reorder.apply(&mut images);
                }
                batches[usize::from(validation)].push(Batch { name: name.clone(), images, validation });
            }
        }
        let [train, validation] = batches.map(ordered);
        Ok(Dataset { train, validation })
    }

    fn nothing_new(&self, plans: &[Plan], old: &Dataset) -> String {
        if plans.iter().all(|plan| plan.taken == Taken::LeftOut) {
            return "Everything that was found is left out. Choose something to train on.".into();
        }
        let mut names: Vec<&str> = self.batches.iter().map(|batch| file_name(&batch.path)).collect();
        names.dedup();
        if let ([name], Some(plan)) = (&names[..], plans.first()) {
            let is_here = old.train.batches().iter().chain(old.validation.batches()).any(|batch| batch.name == *name);
            return if is_here {
                format!("{name} is here already. Choose batches that are not loaded yet.")
            } else {
                format!("{name} holds {}. Choose each batch once.", plan.why)
            };
        }
        let and = if names.len() > 2 * MAX_NAMED { " and others" } else { "" };
        names.truncate(2 * MAX_NAMED);
        format!("All of it is here already ({}{and}), so the data stay as they are.", names.join(", "))
    }

    /// What becomes of each batch, in order, and what is to be said of all together.
    fn plan(&self, old: &Dataset, decision: &Decision) -> (Vec<Plan>, Vec<Warning>) {
        let mut known = [Known::default(), Known::default()];
        for (split, known) in [&old.train, &old.validation].into_iter().zip(&mut known) {
            for batch in split.batches() {
                let sums: Vec<u64> = batch.images.pixels.chunks_exact(PIXELS).map(sum).collect();
                known.add(std::slice::from_ref(&batch.images), &sums, &batch.name);
            }
        }
        let mut counts = Statistics::of(old);
        let mut plans = Vec::with_capacity(self.batches.len());
        let (mut validation, mut constant, mut images) = (Vec::new(), 0, 0);
        for batch in &self.batches {
            let role = decision.role(&batch.path).unwrap_or(batch.guess.role);
            let taken = match role {
                Role::Train => Taken::Train,
                Role::Validation => Taken::Validation,
                Role::LeftOut => {
                    plans.push(Plan { taken: Taken::LeftOut, why: "Left out, as you chose.".into() });
                    continue;
                }
            };
            let known = &mut known[usize::from(role == Role::Validation)];
            if let Some(twin) = known.twin(batch) {
                plans.push(Plan { taken: Taken::Twin, why: format!("the same images as {twin}") });
                continue;
            }
            let doubles = known.add(&batch.parts, &batch.sums, &batch.path);
            counts.add(batch, role, doubles);
            constant += batch.looks.constant;
            images += batch.sums.len();
            if role == Role::Validation {
                validation.extend_from_slice(&batch.sums);
            }
            let is_guessed = decision.role(&batch.path).is_none() && !batch.guess.is_sure;
            let why = match (is_guessed, batch.note.as_str()) {
                (false, note) => note.to_owned(),
                (true, "") => "no name says what it is for, so it is trained on".into(),
                (true, note) => format!("{note}; no name says what they are for, so they are trained on"),
            };
            plans.push(Plan { taken, why });
        }
        let [train, measured] = &known;
        let shared = measured.first.keys().filter(|sum| train.first.contains_key(sum)).count();
        let mut warnings = Vec::new();
        if counts.train == 0 && counts.validation > 0 {
            warnings.push(Warning::NoTraining);
        }
        if shared > 0 {
            let in_training = |sum: &u64| train.first.contains_key(sum);
            let of_old = old.validation.batches().iter().flat_map(|b| b.images.pixels.chunks_exact(PIXELS)).map(sum);
            let shared = of_old.chain(validation).filter(in_training).count();
            warnings.push(Warning::Overlap { shared, validation: counts.validation });
        }
        if counts.doubles > 0 {
            warnings.push(Warning::Doubles { doubles: counts.doubles, train: counts.train });
        }
        if constant > 0 {
            warnings.push(Warning::Constant { constant, images });
        }
        let missing = counts.classes.iter().filter(|has| !**has).count();
        if missing > 0 && counts.train > 0 {
            warnings.push(Warning::MissingClasses { missing });
        }
        (plans, warnings)
    }
}

/// Numbers over old and new images.
struct Statistics {
    train: usize,
    validation: usize,
    doubles: usize,
    classes: [bool; CLASSES],
}

impl Statistics {
    fn of(old: &Dataset) -> Self {
        let mut classes = [false; CLASSES];
        for label in old.train.batches().iter().flat_map(|batch| &batch.images.labels) {
            classes[usize::from(*label)] = true;
        }
        Self { train: old.train.len(), validation: old.validation.len(), doubles: 0, classes }
    }

    fn add(&mut self, batch: &Candidate, role: Role, doubles: usize) {
        if role == Role::Validation {
            self.validation += batch.sums.len();
            return;
        }
        self.train += batch.sums.len();
        self.doubles += doubles;
        for label in batch.parts.iter().flat_map(|part| &part.labels) {
            self.classes[usize::from(*label)] = true;
        }
    }
}

impl Candidate {
    /// How its bytes should be reordered, by their looks.
    fn suspected(&self) -> Option<Reorder> {
        match (self.looks.are_interleaved(), self.looks.are_exchanged()) {
            (true, _) => Some(Reorder::ToPlanes),
            (false, true) => Some(Reorder::RedAndBlue),
            (false, false) => None,
        }
    }

    fn file(&self, plan: Plan, reorder: Option<Reorder>, chosen: Option<Reorder>) -> FoundFile {
        let mut class_counts = [0; CLASSES];
        let labels = self.parts.iter().flat_map(|part| &part.labels);
        labels.for_each(|label| class_counts[usize::from(*label)] += 1);
        let pixels = self.parts.first().map(|part| part.get(0).0.to_vec()).unwrap_or_default();
        let mut first = Images { pixels, labels: Vec::new() };
        if let Some(chosen) = chosen {
            chosen.apply(&mut first);
        }
        FoundFile {
            path: self.path.clone(),
            taken: plan.taken,
            why: plan.why,
            is_broken: false,
            class_counts,
            reorder,
            is_reordered: chosen.is_some(),
            sample: if reorder.is_some() { first.pixels } else { Vec::new() },
        }
    }
}

impl<'a> Known<'a> {
    /// Adds images. Returns how many were there, in earlier batches or in this one.
    fn add(&mut self, parts: &'a [Images], sums: &[u64], name: &'a str) -> usize {
        let before = self.first.len();
        for ((images, index), sum) in places(parts).zip(sums) {
            self.first.entry(*sum).or_insert((images, index, name));
        }
        sums.len() - (self.first.len() - before)
    }

    /// What holds all images of a batch already, byte by byte.
    fn twin(&self, batch: &Candidate) -> Option<String> {
        let mut names: Vec<&str> = Vec::new();
        for ((own, index), sum) in places(&batch.parts).zip(&batch.sums) {
            let (images, there, name) = self.first.get(sum)?;
            if images.get(*there) != own.get(index) {
                return None;
            }
            if names.last() != Some(name) && !names.contains(name) {
                names.push(*name);
            }
        }
        let names: Vec<&str> = names.into_iter().map(file_name).collect();
        let and = if names.len() > MAX_NAMED { " and others" } else { "" };
        Some(format!("{}{and}", names[..names.len().min(MAX_NAMED)].join(", ")))
    }
}

/// The file's name, and its folder where another to be used for the same has this name.
fn name(batch: &Candidate, plan: &Plan, taken: &[(Candidate, Plan)]) -> String {
    let file = file_name(&batch.path);
    let is_alike = |(other, its): &&(Candidate, Plan)| its.taken == plan.taken && file_name(&other.path) == file;
    match (taken.iter().filter(is_alike).count(), batch.path.rsplit('/').nth(1)) {
        (2.., Some(folder)) => format!("{folder}/{file}"),
        _ => file.to_owned(),
    }
}

fn ordered(mut batches: Vec<Batch>) -> Split {
    // Parts of one set have one name, and stay as they are.
    batches.sort_by_cached_key(|batch| Place::of(&batch.name));
    let mut split = Split::default();
    batches.into_iter().for_each(|batch| split.push(batch));
    split
}

fn listed(path: &str, taken: Taken, why: String, is_broken: bool) -> FoundFile {
    FoundFile {
        path: path.to_owned(),
        taken,
        why,
        is_broken,
        class_counts: [0; CLASSES],
        reorder: None,
        is_reordered: false,
        sample: Vec::new(),
    }
}

/// Each image of several parts.
fn places(parts: &[Images]) -> impl Iterator<Item = (&Images, usize)> {
    parts.iter().flat_map(|part| (0..part.len()).map(move |index| (part, index)))
}

/// What is left of the name of an array without the words that tell images from labels.
fn pair_name(path: &str) -> String {
    const WORDS: [&str; 16] = [
        "x", "y", "data", "images", "image", "img", "imgs", "labels", "label", "targets", "target", "pixels",
        "features", "arr", "lbl", "classes",
    ];
    let name = stem(path).to_lowercase();
    let words = name.split(['_', '-', ' ', '.']).filter(|word| !WORDS.contains(word));
    // "xtrain", "trainImages".
    let bare = |word: &str| {
        let word = ["images", "labels", "data"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
        let rest = word.strip_prefix(['x', 'y']).or_else(|| word.strip_suffix(['x', 'y']));
        rest.filter(|rest| said(rest).is_some()).unwrap_or(word).to_owned()
    };
    words.map(bare).collect::<Vec<_>>().join(" ")
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A file for a sentence, with the archive or folder that it is in.
fn shown_name(path: &str) -> String {
    match path.rsplit('/').nth(1) {
        Some(folder) => format!("{} in {folder}", file_name(path)),
        None => path.to_owned(),
    }
}

/// Of an image's pixels.
fn sum(pixels: &[u8]) -> u64 {
    let mut checksum = Checksum::default();
    checksum.push(pixels);
    checksum.finish()
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
