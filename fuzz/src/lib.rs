//! What is tried on bytes that anyone may bring: each function here feeds them to a reader, and panics if the reader
//! does, if it holds more memory than it promises, or if what it says contradicts itself. The fuzzer calls them with
//! bytes of its own, and `tests/corpora.rs` with the kept ones.
//!
//! Images are 3,072 bytes, in which a fuzzer would lose itself. So an input has [`PIXELS_HERE`] where such bytes
//! belong; and checksums, which it could not guess, are set right before a second try.

#[path = "../../tests/common/counting.rs"]
mod counting;

use flate2::Crc;
use piecewise::data::archive::tar::{BLOCK, has_valid_checksum};
use piecewise::data::npy::{self, NpyReader};
use piecewise::data::pickle::{PickleReader, Pickled, PickledBatch, read_state_dict};
use piecewise::data::pictures::{self, Format};
use piecewise::data::{
    CLASSES, Checksum, Contents, DataError, Dataset, Decision, FileReader, Found, Gathering, Images, PIXELS, Split,
    What,
};
use piecewise::labs::backprop::BackpropLab;
use piecewise::labs::challenges::Solved;
use piecewise::labs::function::FunctionLab;
use piecewise::labs::gates::GatesLab;
use piecewise::labs::notebook::file;
use piecewise::labs::path::PathLab;
use piecewise::labs::plane::PlaneLab;
use piecewise::labs::share::embed::Embed;
use piecewise::labs::stories::{Progress, Scene};
use piecewise::labs::train::Form;
use piecewise::labs::train::kept::{FileSet, Package, RunKey, record};
use piecewise::train::checkpoint::MAGIC;
use piecewise::train::model::{self, Reading, layer_names};
use piecewise::train::{Checkpoint, CheckpointHead, Config};

/// Stands for the bytes of an image.
pub const PIXELS_HERE: &[u8] = b"<PIXELS>";
/// Parts the files of an input of several.
const NEXT_FILE: &[u8] = b"\n<FILE>\n";
const MIB: usize = 1 << 20;
/// What a reader may hold beside 1.3 times the bytes that it gives out.
const ROOM: usize = 64 * MIB;
/// What a picture of the largest size takes: four bytes a pixel, decoded and as red, green, blue and alpha.
const ROOM_OF_PICTURE: usize = 3 * 4 * 4096 * 4096 + 16 * MIB;

/// A target's name and function.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 12] = [
    ("pickle", pickle),
    ("archive", archive),
    ("zip", zip),
    ("npy", npy),
    ("safetensors", safetensors),
    ("torch", torch),
    ("picture", picture),
    ("checkpoint", checkpoint),
    ("links", links),
    ("kept", kept),
    ("gathering", gathering),
    ("notebook", notebook),
];

/// CIFAR-10's Python version, and what is pickled like it.
pub fn pickle(bytes: &[u8]) {
    let bytes = expanded(bytes);
    let read = |size: Option<u64>, step: usize| {
        let mut reader = PickleReader::new(size, bytes.len() as u64);
        in_pieces(&bytes, step, |piece| reader.push(piece))?;
        reader.finish()
    };
    let results = [(Some(bytes.len() as u64), usize::MAX), (None, usize::MAX), (None, 7)].map(|(size, step)| {
        held(ROOM, || {
            let result = read(size, step);
            let found = match &result {
                Ok(Pickled::Batches { batches, .. }) => batches.iter().map(|batch| bytes_of(&batch.images)).sum(),
                _ => 0,
            };
            (result, found)
        })
    });
    for result in &results {
        match result {
            Ok(Pickled::Batches { batches, .. }) => {
                assert!(!batches.is_empty());
                batches.iter().for_each(|PickledBatch { images, .. }| check_images(images));
            }
            Ok(_) => {}
            Err(error) => check_words(&error.to_string()),
        }
    }
    let [whole, unknown, pieces] = results.map(Result::ok);
    assert_eq!(whole, unknown, "the file's size changes what is in it");
    assert_eq!(whole, pieces, "pieces change what is in it");
}

/// Tar and gzip, and what is in them.
pub fn archive(bytes: &[u8]) {
    let mut bytes = expanded(bytes);
    check_file("f.tar.gz", &bytes);
    if mend_tar(&mut bytes) {
        check_file("f.tar", &bytes);
    }
}

/// Zip archives, NumPy's among them.
pub fn zip(bytes: &[u8]) {
    let bytes = expanded(bytes);
    check_file("f.zip", &bytes);
}

/// An array of NumPy's.
pub fn npy(bytes: &[u8]) {
    let bytes = expanded(bytes);
    let read = |size: Option<u64>, step: usize| {
        let mut reader = NpyReader::new(size, bytes.len() as u64);
        in_pieces(&bytes, step, |piece| reader.push(piece))?;
        reader.finish()
    };
    let [whole, pieces] =
        [(Some(bytes.len() as u64), usize::MAX), (Some(bytes.len() as u64), 7)].map(|(size, step)| {
            held(MIB, || {
                let result = read(size, step);
                let found = match &result {
                    Ok(npy::Array::Images(numbers) | npy::Array::Labels(numbers)) => numbers.len(),
                    Err(_) => 0,
                };
                // An array of floats is a quarter of its size, or an eighth.
                (result, found + bytes.len())
            })
        });
    assert_eq!(whole, pieces, "pieces change what is in it");
    let unknown = held(MIB, || (read(None, 7), bytes.len()));
    match whole {
        Ok(npy::Array::Images(numbers)) => assert!(!numbers.is_empty() && numbers.len().is_multiple_of(PIXELS)),
        Ok(npy::Array::Labels(labels)) => assert!(labels.iter().all(|label| usize::from(*label) < CLASSES)),
        Err(error) => check_words(&error.to_string()),
    }
    if let Err(error) = unknown {
        check_words(&error.to_string());
    }
}

/// A model as safetensors. What begins with a brace gets its length put before it.
pub fn safetensors(bytes: &[u8]) {
    let mut bytes = expanded(bytes);
    if bytes.starts_with(b"{") {
        let length = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
        bytes.splice(..0, (length as u64).to_le_bytes());
    }
    check_model(&bytes);
}

/// A model as PyTorch saves it, and the pickle in it alone.
pub fn torch(bytes: &[u8]) {
    held(ROOM, || {
        if let Err(what) = read_state_dict(bytes) {
            assert!(!what.is_empty() && what.len() < 500, "{what}");
        }
        ((), 0)
    });
    check_model(&expanded(bytes));
}

/// PNG and JPEG.
pub fn picture(bytes: &[u8]) {
    let mut bytes = bytes.to_vec();
    let format = if bytes.starts_with(b"\xff\xd8") { Format::Jpeg } else { Format::Png };
    let decode = |bytes: &[u8]| {
        let result = held(ROOM_OF_PICTURE, || (pictures::decode(format, bytes), 0));
        match result {
            Ok(picture) => assert_eq!(picture.pixels.len(), PIXELS),
            Err(error) => check_words(&error.to_string()),
        }
    };
    decode(&bytes);
    if mend_png(&mut bytes) {
        decode(&bytes);
    }
}

/// A run's checkpoint. What comes without a checksum gets one.
pub fn checkpoint(bytes: &[u8]) {
    check_checkpoint(bytes);
    if bytes.starts_with(&MAGIC) {
        check_checkpoint(&with_checksum(&expanded(bytes)));
    }
}

/// The state of every lab, as a link has it, and what the browser keeps as text.
pub fn links(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    held(16 * MIB, || {
        check_link(&text, FunctionLab::default(), FunctionLab::restore, FunctionLab::encode);
        check_link(&text, GatesLab::default(), GatesLab::restore, GatesLab::encode);
        check_link(&text, BackpropLab::default(), BackpropLab::restore, BackpropLab::encode);
        let restore = |lab: &mut PathLab, text: &str| PathLab::decode(text).map(|decoded| *lab = decoded);
        check_link(&text, PathLab::default(), restore, PathLab::encode);
        let restore = |lab: &mut PlaneLab, text: &str| PlaneLab::decode(text).map(|decoded| *lab = decoded);
        check_link(&text, PlaneLab::default(), restore, PlaneLab::encode);
        let mut plane = PlaneLab::default();
        match plane.set_points_text(&text) {
            Ok(()) => {
                let written = plane.points_text();
                let mut again = plane.clone();
                again.set_points_text(&written).expect("what was written can be read");
                assert_eq!(again.points_text(), written);
            }
            Err(message) => check_words(&message),
        }
        let solved = Solved::decode(&text);
        assert_eq!(Solved::decode(&solved.encode()), solved);
        let progress = Progress::decode(&text);
        assert_eq!(Progress::decode(&progress.encode()), progress);
        if let Some(embed) = Embed::from_query(&text) {
            assert_eq!(Embed::from_query(&embed.query()), Some(embed));
        }
        if let Err(message) = Scene::read(&text) {
            assert!(!message.is_empty());
        }
        if let Some(form) = Form::restore(&text)
            && let Err(problem) = form.parse()
        {
            check_words(&problem.message);
        }
        if let Some(key) = RunKey::parse(&text) {
            assert_eq!(key.as_str(), text);
        }
        ((), 0)
    });
}

/// What is kept of runs and files, and a run that was exported. What comes without a checksum gets one.
pub fn kept(bytes: &[u8]) {
    check_kept(bytes);
    let bytes = expanded(bytes);
    check_kept(&with_checksum(&bytes));
    let bytes = with_checksum(&bytes);
    check_kept(&[&Package::prelude(bytes.len(), 0), &bytes[..]].concat());
}

/// A notebook's file.
pub fn notebook(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    held(16 * MIB, || {
        match file::decode(&text) {
            Ok((notebook, solved)) => {
                let saved = file::encode(&notebook, &solved);
                let (again, also_solved) = file::decode(&saved).expect("what was saved can be read");
                assert_eq!((file::encode(&again, &also_solved), also_solved), (saved, solved));
            }
            Err(error) => check_words(&error.to_string()),
        }
        ((), 16 * bytes.len())
    });
}

/// Several files of any kind that come together: a name on a line, and its bytes.
pub fn gathering(bytes: &[u8]) {
    let files: Vec<(String, Vec<u8>)> = split(bytes, NEXT_FILE)
        .take(8)
        .map(|file| {
            let end = file.iter().position(|byte| *byte == b'\n').unwrap_or(file.len());
            let bytes = file.get(end + 1..).unwrap_or_default();
            // A browser gives names that are texts; those in archives are the reader's matter.
            let name = String::from_utf8_lossy(&file[..end]).replace(|letter: char| letter.is_control(), "_");
            (name, expanded(bytes))
        })
        .collect();
    let gathered = |files: &mut dyn Iterator<Item = &(String, Vec<u8>)>| {
        held(ROOM, || {
            let result = gather(files);
            let found =
                result.1.as_ref().map_or(0, |data| bytes_of_split(&data.train) + bytes_of_split(&data.validation));
            (result, found)
        })
    };
    let (found, data) = gathered(&mut files.iter());
    match &found {
        Ok(found) => {
            for file in &found.files {
                assert!(!file.path.is_empty() || files.iter().any(|(name, _)| name.is_empty()));
            }
            found.warnings.iter().for_each(|warning| check_words(&warning.sentence()));
        }
        Err(message) => check_words(message),
    }
    if let Some(data) = &data {
        let batches = data.train.batches().iter().chain(data.validation.batches());
        batches.for_each(|batch| check_images(&batch.images));
    }
    // Files of one name have no order but the one in which they come.
    let mut names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() == files.len() {
        let (other_found, other_data) = gathered(&mut files.iter().rev());
        assert_eq!(found, other_found, "the order of files changes what is found");
        assert_eq!(data.map(images_of), other_data.map(images_of), "the order of files changes the data");
    }
}

// What is asked of what comes out.

/// Does some work that gives out so many bytes; panics if more is held on the way than promised.
fn held<T>(room: usize, work: impl FnOnce() -> (T, usize)) -> T {
    let (peak, (result, found)) = counting::peak_of(work);
    assert!(peak <= room + found * 13 / 10, "{peak} bytes were held, to give out {found}");
    result
}

/// A message is a sentence or more, and not endless.
fn check_words(words: &str) {
    assert!(words.ends_with('.') || words.ends_with('`') || words.ends_with(')'), "no sentence: {words}");
    // The names of a member and of the archives that it is in may stand in it.
    assert!(words.len() < 50_000, "a message of {} bytes: {words}", words.len());
    assert!(!words.contains(|letter: char| letter.is_control()), "a message with control characters: {words:?}");
}

fn check_images(images: &Images) {
    assert_eq!(images.pixels.len(), images.len() * PIXELS);
    assert!(images.labels.iter().all(|label| usize::from(*label) < CLASSES));
}

fn bytes_of(images: &Images) -> usize {
    images.pixels.len() + images.labels.len()
}

fn bytes_of_split(split: &Split) -> usize {
    split.batches().iter().map(|batch| bytes_of(&batch.images)).sum()
}

/// Names, pixels and labels of all batches.
fn images_of(data: Dataset) -> Vec<(String, Images)> {
    let batches = [data.train, data.validation].into_iter().flat_map(Split::into_batches);
    batches.map(|batch| (batch.name, batch.images)).collect()
}

fn read_file(name: &str, bytes: &[u8], step: usize) -> Result<Contents, DataError> {
    let mut reader = FileReader::new(name, bytes.len() as u64);
    in_pieces(bytes, step, |piece| reader.push(piece))?;
    reader.finish()
}

/// Reads a file whole and in pieces.
fn check_file(name: &str, bytes: &[u8]) {
    let [whole, pieces] = [usize::MAX, 61].map(|step| {
        held(ROOM, || {
            let result = read_file(name, bytes, step);
            let found = result.as_ref().map_or(0, |contents| {
                contents.album.bytes() as usize
                    + contents.pieces.iter().map(|piece| bytes_of_piece(&piece.what)).sum::<usize>()
            });
            (result, found)
        })
    });
    match &whole {
        Ok(contents) => {
            for piece in &contents.pieces {
                match &piece.what {
                    What::Batch { images, .. } => check_images(images),
                    What::Refused(error) => check_words(&error.to_string()),
                    _ => {}
                }
            }
        }
        Err(error) => check_words(&error.to_string()),
    }
    assert_eq!(whole.ok(), pieces.ok(), "pieces change what is in it");
}

fn bytes_of_piece(what: &What) -> usize {
    match what {
        What::Batch { images, .. } => bytes_of(images),
        What::Pixels(bytes) | What::Labels(bytes) => bytes.len(),
        What::Table(rows) => rows.iter().map(|(name, label)| name.len() + label.len()).sum(),
        What::ClassNames(_) | What::Refused(_) => 0,
    }
}

/// What files hold together, and the data that are made of it.
fn gather(files: &mut dyn Iterator<Item = &(String, Vec<u8>)>) -> (Result<Found, String>, Option<Dataset>) {
    let mut gathering = Gathering::default();
    for (name, bytes) in files {
        match read_file(name, bytes, usize::MAX) {
            Ok(contents) => gathering.add(contents),
            Err(error) => gathering.pass_over(name, error),
        }
    }
    if let Err(message) = gathering.close() {
        return (Err(message), None);
    }
    let (none, decision) = (Dataset::default(), Decision::default());
    let found = gathering.found(&none, &decision);
    gathering.is_doubtful(&found);
    let data = gathering.take(none, &decision, u64::MAX).ok();
    (Ok(found), data)
}

/// Opens a model; one that can be opened is the same after being saved and opened again.
fn check_model(bytes: &[u8]) {
    let opened = held(MIB, || {
        let opened = model::decode(bytes, Reading::default());
        // Numbers of any type become four bytes each, and a matrix may be copied to be transposed.
        (opened, 8 * bytes.len())
    });
    match opened {
        Ok(opened) => {
            let sentences = opened.origin.sentences();
            assert!(sentences.iter().all(|sentence| sentence.ends_with('.')), "{sentences:?}");
            let hidden = opened.net.layers[1..].iter().map(|layer| layer.weight.ncols()).collect();
            let config = opened.config.unwrap_or(Config { hidden, ..Config::default() });
            let names = layer_names("", opened.net.layers.len()).expect("the usual names");
            let saved = model::encode(&opened.net, &names, &config, Some(&opened.origin));
            let again = model::decode(&saved, Reading::default()).expect("what was saved can be opened");
            assert_eq!(again.net, opened.net);
        }
        Err(error) => check_words(&error.to_string()),
    }
}

fn check_checkpoint(bytes: &[u8]) {
    let head = CheckpointHead::len(bytes).and_then(|_| CheckpointHead::read(bytes));
    let read = held(MIB, || (Checkpoint::decode(bytes), 2 * bytes.len()));
    match &read {
        Ok(checkpoint) => {
            let head = head.expect("the head of what can be read whole");
            assert_eq!((&head.config, head.epoch), (checkpoint.config(), checkpoint.epoch()));
            if let Err(error) = checkpoint.check_on(&Dataset::default()) {
                check_words(&error.to_string());
            }
        }
        Err(error) => check_words(&error.to_string()),
    }
}

fn check_kept(bytes: &[u8]) {
    held(4 * MIB, || {
        if let Some(set) = FileSet::decode(bytes) {
            // NaN is not itself, so bytes are compared.
            let again = FileSet::decode(&set.encode()).expect("what was kept can be read");
            assert_eq!(again.encode(), set.encode());
            set.title();
            set.bytes();
        }
        if let Ok(length) = record::head_len(bytes)
            && let Some(head) = bytes.get(record::PRELUDE..).and_then(|rest| rest.get(..length))
        {
            record::decode_head(head);
        }
        match record::decode(bytes) {
            Ok(run) => {
                let saved = record::encode(&run);
                let again = record::decode(&saved).expect("what was kept can be read");
                assert_eq!(record::encode(&again), saved);
            }
            Err(error) => check_words(&error.to_string()),
        }
        if let Err(error) = Package::decode(bytes) {
            check_words(&error.to_string());
        }
        ((), 16 * bytes.len())
    });
}

/// Restores a lab; what it then says of itself restores it to the same.
fn check_link<L: Clone, E: std::fmt::Display>(
    text: &str,
    lab: L,
    restore: impl Fn(&mut L, &str) -> Result<(), E>,
    encode: impl Fn(&L) -> String,
) {
    let (mut restored, mut again) = (lab.clone(), lab);
    match restore(&mut restored, text) {
        Ok(()) => {
            let own = encode(&restored);
            if let Err(error) = restore(&mut again, &own) {
                panic!("{own} comes from a lab, and is refused: {error}");
            }
            assert_eq!(encode(&again), own);
        }
        Err(error) => check_words(&error.to_string()),
    }
}

// How inputs are made.

fn in_pieces<E>(bytes: &[u8], step: usize, push: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
    bytes.chunks(step.min(bytes.len().max(1))).try_for_each(push)
}

fn split<'a>(mut bytes: &'a [u8], mark: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut is_over = false;
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        let at = bytes.windows(mark.len()).position(|window| window == mark);
        let (part, rest) = at.map_or((bytes, &[][..]), |at| (&bytes[..at], &bytes[at + mark.len()..]));
        (bytes, is_over) = (rest, at.is_none());
        Some(part)
    })
}

/// With an image's bytes for each of the first 64 [`PIXELS_HERE`]; as four-byte floats, they are small ones.
fn expanded(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    for (index, part) in split(bytes, PIXELS_HERE).enumerate() {
        if index > 64 {
            all.extend(PIXELS_HERE);
        } else if index > 0 {
            all.extend((0..PIXELS).map(|at| ((at * 7 + at / 32 * index) % 60) as u8));
        }
        all.extend(part);
    }
    all
}

/// Sets the checksum of every block that looks like tar's header.
fn mend_tar(bytes: &mut [u8]) -> bool {
    let mut is_mended = false;
    for header in bytes.chunks_exact_mut(BLOCK) {
        if header[257..262] == *b"ustar" && !has_valid_checksum(header) {
            header[148..156].fill(b' ');
            let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
            header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            is_mended = true;
        }
    }
    is_mended
}

/// Sets the checksum of every chunk of a PNG file, as far as their lengths lead.
fn mend_png(bytes: &mut [u8]) -> bool {
    let (mut at, mut is_mended) = (8, false);
    while let Some(length) = bytes.get(at..at + 4).and_then(|length| length.first_chunk()) {
        let length = u32::from_be_bytes(*length) as usize;
        let Some(end) = at.checked_add(8 + length).filter(|end| end + 4 <= bytes.len()) else { break };
        let mut crc = Crc::new();
        crc.update(&bytes[at + 4..end]);
        let sum = crc.sum().to_be_bytes();
        is_mended |= bytes[end..end + 4] != sum;
        bytes[end..end + 4].copy_from_slice(&sum);
        at = end + 4;
    }
    is_mended
}

/// With the checksum that checkpoints and records have at their end.
fn with_checksum(bytes: &[u8]) -> Vec<u8> {
    let mut checksum = Checksum::default();
    checksum.push(bytes);
    [bytes, &checksum.finish().to_le_bytes()].concat()
}
