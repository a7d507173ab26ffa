//! Pictures that came one by one, put together as labelled images: by the folders that they are in, by a table beside
//! them, or by the class in their names ("0_frog.png").
//!
//! They are kept in chunks as they come, and brought into the order of their paths by exchanges within these, so that
//! each is in memory once.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::order::{Part, parts};
use super::pictures::Picture;
use super::role::{Guess, Role, role, said};
use super::table::{Tables, stem};
use super::{CLASSES, Images, PIXELS, SIDE, class_names};

/// Pictures of a chunk: three million bytes.
const CHUNK: usize = 1000;
/// Other words for CIFAR-10's classes.
const SYNONYMS: [(&str, usize); 6] =
    [("plane", 0), ("aeroplane", 0), ("airplanes", 0), ("car", 1), ("auto", 1), ("automobiles", 1)];

/// Pictures, by what their paths say that they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Album {
    groups: Vec<Group>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    guess: Guess,
    paths: Vec<String>,
    /// [`CHUNK`] images each, the last fewer.
    chunks: Vec<Vec<u8>>,
    /// How many were of another size, and the first of these.
    resized: usize,
    first_size: Option<(usize, usize)>,
}

/// Labelled images of a group, in the order of their paths.
pub(super) struct Labelled {
    /// The folder that all are in.
    pub path: String,
    pub guess: Guess,
    pub parts: Vec<Images>,
    pub resized: usize,
    pub first_size: Option<(usize, usize)>,
}

/// What became of all pictures.
#[derive(Default)]
pub(super) struct Sorted {
    pub labelled: Vec<Labelled>,
    /// The names of the classes, where they are not CIFAR-10's.
    pub class_names: Vec<String>,
    /// Pictures that nothing says a class of, and the first of them.
    pub unlabelled: Option<(usize, String)>,
    /// Different words that were found for classes, where they are too many.
    pub too_many: Option<usize>,
}

impl Album {
    /// Adds a picture.
    pub(super) fn add(&mut self, path: String, picture: &Picture) {
        let group = self.group(role(&path, None));
        if (picture.width, picture.height) != (SIDE, SIDE) {
            group.resized += 1;
            group.first_size.get_or_insert((picture.width, picture.height));
        }
        group.push(path, &picture.pixels);
    }

    /// Adds all pictures of another album. Many move as they are, or a chunk is freed after the other.
    pub(super) fn append(&mut self, other: Self) {
        for from in other.groups {
            let group = self.group(from.guess);
            if group.paths.is_empty() {
                *group = from;
                continue;
            }
            group.resized += from.resized;
            group.first_size = group.first_size.or(from.first_size);
            let mut paths = from.paths.into_iter();
            for chunk in from.chunks {
                for (image, path) in chunk.chunks_exact(PIXELS).zip(&mut paths) {
                    group.push(path, image);
                }
            }
        }
    }

    /// Whether there is no picture.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn group(&mut self, guess: Guess) -> &mut Group {
        let index = self.groups.iter().position(|group| group.guess == guess).unwrap_or_else(|| {
            let group = Group { guess, paths: Vec::new(), chunks: Vec::new(), resized: 0, first_size: None };
            self.groups.push(group);
            self.groups.len() - 1
        });
        &mut self.groups[index]
    }

    /// Bytes of images held.
    pub fn bytes(&self) -> u64 {
        self.groups.iter().map(|group| (group.paths.len() * PIXELS) as u64).sum()
    }

    /// Labels the pictures and puts them in order.
    pub(super) fn sort(self, tables: &Tables, names: &[String]) -> Sorted {
        let mut roles = HashMap::<&str, Option<Role>>::new();
        for group in &self.groups {
            for path in &group.paths {
                let role = roles.entry(stem(path)).or_insert(Some(group.guess.role));
                *role = role.filter(|role| *role == group.guess.role);
            }
        }
        let twice: HashSet<String> =
            roles.into_iter().filter(|(_, role)| role.is_none()).map(|(stem, _)| stem.to_owned()).collect();
        let label = |path: &str, guess: Guess| tables.get(stem(path), guess, twice.contains(stem(path)));
        let mut words = BTreeMap::<String, usize>::new();
        for group in &self.groups {
            for word in group.paths.iter().filter_map(|path| word(path, label(path, group.guess))) {
                *words.entry(word).or_default() += 1;
            }
        }
        let (classes, class_names, too_many) = classes(&words, names);
        let mut sorted = Sorted { class_names, too_many, ..Sorted::default() };
        for group in self.groups {
            let guess = group.guess;
            let class = |path: &str| word(path, label(path, guess)).and_then(|word| classes.get(&word).copied());
            group.sort_into(&mut sorted, class);
        }
        sorted
    }
}

impl Group {
    fn push(&mut self, path: String, image: &[u8]) {
        if self.paths.len().is_multiple_of(CHUNK) {
            // A few pictures need no room for many.
            self.chunks.push(Vec::with_capacity(if self.chunks.is_empty() { 0 } else { CHUNK * PIXELS }));
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.extend_from_slice(image);
        }
        self.paths.push(path);
    }

    fn sort_into(self, sorted: &mut Sorted, label: impl Fn(&str) -> Option<u8>) {
        let Self { guess, paths, mut chunks, resized, first_size } = self;
        let labels: Vec<Option<u8>> = paths.iter().map(|path| label(path)).collect();
        let mut order: Vec<usize> = (0..paths.len()).collect();
        // Those without a label go last, and then away.
        order.sort_by_cached_key(|&at| (labels[at].is_none(), key(&paths[at]), paths[at].clone()));
        let count = labels.iter().flatten().count();
        if count < labels.len() {
            let first = paths[order[count]].clone();
            let (number, first) = sorted.unlabelled.take().map_or((0, first), |(number, first)| (number, first));
            sorted.unlabelled = Some((number + labels.len() - count, first));
        }
        let path = common_folder(order[..count].iter().map(|&at| paths[at].as_str()));
        let ordered: Vec<u8> = order[..count].iter().filter_map(|&at| labels[at]).collect();
        permute(&mut chunks, order);
        chunks.truncate(count.div_ceil(CHUNK));
        if let Some(last) = chunks.last_mut() {
            last.truncate((count - (count - 1) / CHUNK * CHUNK) * PIXELS);
        }
        if count > 0 {
            let parts = chunks.into_iter().zip(ordered.chunks(CHUNK));
            let parts = parts.map(|(pixels, labels)| Images { pixels, labels: labels.to_vec() }).collect();
            sorted.labelled.push(Labelled { path, guess, parts, resized, first_size });
        }
    }
}

/// Brings image `order[i]` to place i, by exchanges along the cycles.
fn permute(chunks: &mut [Vec<u8>], mut order: Vec<usize>) {
    for start in 0..order.len() {
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut order[at], at);
            if from == start {
                break;
            }
            swap(chunks, at, from);
            at = from;
        }
    }
}

fn swap(chunks: &mut [Vec<u8>], a: usize, b: usize) {
    let (low, high) = (a.min(b), a.max(b));
    let within = |at: usize| at % CHUNK * PIXELS..(at % CHUNK + 1) * PIXELS;
    if low / CHUNK == high / CHUNK {
        let (front, back) = chunks[low / CHUNK].split_at_mut(within(high).start);
        front[within(low)].swap_with_slice(&mut back[..PIXELS]);
    } else {
        let (front, back) = chunks.split_at_mut(high / CHUNK);
        front[low / CHUNK][within(low)].swap_with_slice(&mut back[0][within(high)]);
    }
}

/// Folder by folder, numbers by their value.
fn key(path: &str) -> Vec<Vec<Part>> {
    path.split('/').map(parts).collect()
}

/// What says the class of a picture: a table, its folder if that is a known class, its name, its folder.
fn word(path: &str, label: Option<&str>) -> Option<String> {
    let stem = stem(path);
    if let Some(label) = label {
        return Some(label.to_lowercase());
    }
    let folder = path.rsplit('/').nth(1).map(str::to_lowercase);
    if folder.as_deref().is_some_and(|folder| known(folder).is_some()) {
        return folder;
    }
    // "test" is no class, but what the pictures are for.
    let folder = folder.filter(|folder| said(folder).is_none());
    let mut in_name = stem.split(|letter: char| !letter.is_alphabetic()).map(str::to_lowercase);
    in_name.rfind(|word| class_names::CIFAR_10.contains(&word.as_str())).or(folder)
}

/// The class that CIFAR-10 has for a word or a digit.
fn known(word: &str) -> Option<usize> {
    let by_name = || class_names::CIFAR_10.iter().position(|name| *name == word);
    let by_synonym = || SYNONYMS.iter().find(|(other, _)| *other == word).map(|(_, class)| *class);
    let by_number = || word.parse().ok().filter(|class| *class < CLASSES && !word.starts_with('+'));
    by_name().or_else(by_synonym).or_else(by_number)
}

/// Labels for words, how often each was found; the names of the classes, where they are others than CIFAR-10's; and how
/// many words there are, if those are too many.
type Classes = (HashMap<String, u8>, Vec<String>, Option<usize>);

fn classes(words: &BTreeMap<String, usize>, names: &[String]) -> Classes {
    let listed = |word: &str| names.iter().position(|name| name.to_lowercase() == word);
    for class in [&listed as &dyn Fn(&str) -> Option<usize>, &known] {
        let found: usize = words.iter().filter(|(word, _)| class(word).is_some()).map(|(_, number)| number).sum();
        if found > 0 && 2 * found >= words.values().sum::<usize>() {
            let label = |word: &String| Some((word.clone(), class(word)? as u8));
            return (words.keys().filter_map(label).collect(), names.to_vec(), None);
        }
    }
    if words.len() > CLASSES {
        return (HashMap::new(), Vec::new(), Some(words.len()));
    }
    // A single folder tells nothing apart.
    if words.len() < 2 {
        return (HashMap::new(), Vec::new(), None);
    }
    let mut sorted: Vec<&String> = words.keys().collect();
    sorted.sort_by_cached_key(|word| parts(word));
    let labels = sorted.iter().enumerate().map(|(class, word)| ((*word).clone(), class as u8)).collect();
    let name = |class: usize| sorted.get(class).map_or_else(|| format!("class {class}"), |word| (*word).clone());
    (labels, (0..CLASSES).map(name).collect(), None)
}

/// The folders that all paths begin with, without those that classes are made of.
fn common_folder<'a>(mut paths: impl Iterator<Item = &'a str>) -> String {
    let folders =
        |path: &'a str| path.rsplit_once('/').map_or("", |(folders, _)| folders).split('/').collect::<Vec<_>>();
    let mut common = folders(paths.next().unwrap_or_default());
    for path in paths {
        let here = folders(path);
        let shared = common.iter().zip(&here).take_while(|(a, b)| a == b).count();
        common.truncate(shared);
    }
    let path = common.join("/");
    if path.is_empty() { "pictures".into() } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_change_places_within_their_chunks() {
        let count = 2 * CHUNK + 7;
        let image = |at: usize| [(at % 251) as u8; PIXELS];
        let mut chunks: Vec<Vec<u8>> = (0..count)
            .collect::<Vec<_>>()
            .chunks(CHUNK)
            .map(|chunk| chunk.iter().flat_map(|at| image(*at)).collect())
            .collect();
        // A permutation of several cycles.
        let order: Vec<usize> = (0..count).map(|at| at * 5 % count).collect();
        permute(&mut chunks, order.clone());
        for (at, from) in order.into_iter().enumerate() {
            assert_eq!(chunks[at / CHUNK][at % CHUNK * PIXELS..][..PIXELS], image(from), "{at}");
        }
    }
}
