//! What of a pickle is a batch: images and labels, however they are named and nested.
//!
//! A dictionary's keys are taken apart into words: `x_train`, `train_images` and `train` with `data` in it are the same.
//! In a tuple or a list, shapes say which is which. What is found is grouped by split; each needs one array of images
//! and one of labels.

use super::error::{PickleError, shown};
use super::machine::{MAX_COUNT, Machine};
use super::values::{Object, Value};
use super::{Pickled, PickledBatch};
use crate::data::array::{Array, LabelMisfit, Misfit, NumberType, axes, is_one_image, labels, shape_text};
use crate::data::{CLASSES, Images, PIXELS, class_names};

/// Splits, images and labels are nested no deeper.
const MAX_DEPTH: usize = 3;
/// Arrays that are kept as possible images or labels.
const MAX_LEAVES: usize = 64;
/// Keys of the names of the classes: CIFAR-10's own, and those that people choose.
const CLASS_NAMES: [&[u8]; 3] = [b"label_names", b"class_names", b"classes"];
/// Entries that a message names.
const NAMED: usize = 5;

/// For what an array is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Images,
    Labels,
}

/// What is found, and where.
#[derive(Clone, Debug)]
struct Leaf {
    /// As Python reaches it: `d["train"]["data"]`.
    path: String,
    split: Option<Split>,
    role: Role,
    value: Value,
}

/// A split, by its name in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Split {
    name: String,
    validation: bool,
}

/// What is found until now.
#[derive(Debug)]
struct Found {
    leaves: Vec<Leaf>,
    /// Entries that may still be looked at: one dictionary may be recalled again and again.
    left: usize,
}

impl Found {
    /// Adds a leaf; of a key that comes twice, the last counts.
    fn add(&mut self, leaf: Leaf) {
        self.leaves.retain(|earlier| earlier.path != leaf.path);
        if self.leaves.len() < MAX_LEAVES {
            self.leaves.push(leaf);
        }
    }
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Images,
    Labels,
    Container,
    Other,
}

/// The split and the role that a key's words name; `None` if there is another word in it.
fn meaning(key: &[u8]) -> Option<(Option<Split>, Option<Role>)> {
    let key = std::str::from_utf8(key).ok().filter(|key| key.len() <= 40)?.to_ascii_lowercase();
    let (mut split, mut role) = (None, None);
    for word in key.split(['_', '-', '.', ' ']) {
        match word {
            "train" | "training" => split = Some(Split { name: word.into(), validation: false }),
            "test" | "testing" | "val" | "valid" | "validation" | "eval" | "dev" | "holdout" => {
                split = Some(Split { name: word.into(), validation: true });
            }
            "x" | "data" | "image" | "images" | "img" | "imgs" | "pixels" | "inputs" | "features" => {
                role = role.or(Some(Role::Images));
            }
            // `train_data_labels` are labels.
            "y" | "label" | "labels" | "target" | "targets" => role = Some(Role::Labels),
            "set" | "split" => {}
            _ => return None,
        }
    }
    (split.is_some() || role.is_some()).then_some((split, role))
}

impl Machine {
    /// What the file holds, whose program left `top`.
    pub(super) fn result(mut self, top: Value) -> Result<Pickled, PickleError> {
        let top = self.with_columns(top);
        let class_names = self.class_names(top);
        let mut found = Found { leaves: Vec::new(), left: MAX_COUNT };
        self.collect(top, "d", None, 0, &mut found);
        let leaves = found.leaves;
        let mut splits: Vec<Option<Split>> = Vec::new();
        for leaf in &leaves {
            if !splits.contains(&leaf.split) {
                splits.push(leaf.split.clone());
            }
        }
        if splits.is_empty() {
            return class_names.map_or_else(|| Err(self.nothing_found(top)), |names| Ok(Pickled::ClassNames(names)));
        }
        let label = self.batch_label(top);
        let mut batches = Vec::new();
        for split in splits {
            let of = |role: Role| {
                let mut all = leaves.iter().filter(|leaf| leaf.split == split && leaf.role == role);
                (all.next(), all.next())
            };
            let (images, labels) = match (of(Role::Images), of(Role::Labels)) {
                ((Some(images), None), (Some(labels), None)) => (images.clone(), labels.clone()),
                ((Some(one), Some(other)), _) | (_, (Some(one), Some(other))) => {
                    let what = format!("{} and {} may both be what is wanted", one.path, other.path);
                    return Err(PickleError::Unfit { what, mend: format!("del {}", other.path) });
                }
                ((Some(images), None), (None, _)) => return Err(self.half_found(top, images, "labels")),
                ((None, _), (Some(labels), None)) => return Err(self.half_found(top, labels, "images")),
                ((None, _), (None, _)) => return Err(self.nothing_found(top)),
            };
            batches.push(self.batch(&images, &labels, split.clone(), label.clone())?);
        }
        Ok(Pickled::Batches { batches, class_names })
    }

    fn batch(
        &mut self,
        images: &Leaf,
        labels: &Leaf,
        split: Option<Split>,
        label: Option<String>,
    ) -> Result<PickledBatch, PickleError> {
        let classes = self.labels(labels.value).map_err(|misfit| match misfit {
            LabelMisfit::Shape(misfit) => unfit(labels, misfit),
            LabelMisfit::Class { image, label } => PickleError::Label { image, label: label.to_string() },
        })?;
        let pixels = self.images(images.value).map_err(|misfit| unfit(images, misfit))?;
        let count = pixels.len() / PIXELS;
        if classes.len() != count {
            let what =
                format!("it has {} labels ({}) for {count} images ({})", classes.len(), labels.path, images.path);
            let least = classes.len().min(count);
            let longer = if classes.len() > count { &labels.path } else { &images.path };
            return Err(PickleError::Unfit { what, mend: format!("{longer} = {longer}[:{least}]") });
        }
        let (split, validation) = split.map(|split| (split.name, split.validation)).unzip();
        Ok(PickledBatch { images: Images { pixels, labels: classes }, label, split, validation })
    }

    /// What a published batch calls itself.
    fn batch_label(&self, top: Value) -> Option<String> {
        let Some(Object::Dict(dict)) = self.object(top) else { return None };
        let (_, label) = dict.iter().rev().find(|(key, _)| self.bytes(*key) == Some(b"batch_label"))?;
        let label = self.bytes(*label)?;
        Some(String::from_utf8_lossy(&label[..label.len().min(200)]).into_owned())
    }

    /// The names of the classes, in a dictionary that has them.
    fn class_names(&self, top: Value) -> Option<Vec<String>> {
        let Some(Object::Dict(dict)) = self.object(top) else { return None };
        let is_of_names = |key: Value| self.bytes(key).is_some_and(|key| CLASS_NAMES.contains(&key));
        let (_, names) = dict.iter().rev().find(|(key, _)| is_of_names(*key))?;
        let name = |name: &Value| Some(String::from_utf8_lossy(self.bytes(*name)?).into_owned());
        class_names::from_names(self.items(*names)?.iter().take(CLASSES + 1).map(name).collect::<Option<_>>()?)
    }

    /// Finds images and labels in a value.
    fn collect(&self, value: Value, path: &str, split: Option<&Split>, depth: usize, found: &mut Found) {
        if depth == MAX_DEPTH {
            return;
        }
        match self.object(value) {
            Some(Object::Dict(dict)) => {
                for &(key, value) in dict {
                    if found.left == 0 {
                        return;
                    }
                    found.left -= 1;
                    let Some(key) = self.bytes(key) else { continue };
                    let Some((own, role)) = meaning(key) else { continue };
                    let own = own.as_ref().or(split);
                    let path = format!("{path}[\"{}\"]", shown(key));
                    match role {
                        Some(role) if self.look(value) != Look::Container || own.is_some() => {
                            found.add(Leaf { path, split: own.cloned(), role, value });
                        }
                        // {"images": {"train": …, "test": …}}
                        Some(role) => self.collect_splits(value, &path, role, found),
                        None => self.collect(value, &path, own, depth + 1, found),
                    }
                }
            }
            Some(Object::Tuple(items) | Object::List(items)) if (2..=6).contains(&items.len()) => {
                let looks: Vec<Look> = items.iter().map(|item| self.look(*item)).collect();
                let part = |index: usize| {
                    let (name, validation) = [("train", false), ("validation", true), ("test", true)]
                        [if items.len() == 2 { 2 * index } else { index }.min(2)];
                    Split { name: name.into(), validation }
                };
                if looks.iter().all(|look| *look == Look::Container) && items.len() <= 3 {
                    for (index, &item) in items.iter().enumerate() {
                        let own = part(index);
                        self.collect(item, &format!("{path}[{index}]"), split.or(Some(&own)), depth + 1, found);
                    }
                    return;
                }
                let of = |wanted: Look| (0..items.len()).filter(|index| looks[*index] == wanted).collect::<Vec<_>>();
                let (images, labels) = (of(Look::Images), of(Look::Labels));
                for (role, indices) in [(Role::Images, &images), (Role::Labels, &labels)] {
                    for (nth, &index) in indices.iter().enumerate() {
                        let (name, validation) = [("train", false), ("test", true), ("validation", true)][nth.min(2)];
                        let own = (indices.len() > 1).then(|| Split { name: name.into(), validation });
                        let path = format!("{path}[{index}]");
                        found.add(Leaf { path, split: split.cloned().or(own), role, value: items[index] });
                    }
                }
            }
            _ => {}
        }
    }

    fn collect_splits(&self, value: Value, path: &str, role: Role, found: &mut Found) {
        let Some(Object::Dict(dict)) = self.object(value) else { return };
        for &(key, value) in dict {
            if found.left == 0 {
                return;
            }
            found.left -= 1;
            if let Some(key) = self.bytes(key)
                && let Some((Some(split), None)) = meaning(key)
            {
                let path = format!("{path}[\"{}\"]", shown(key));
                found.add(Leaf { path, split: Some(split), role, value });
            }
        }
    }

    /// What a value looks like, from its shape and its first item.
    fn look(&self, value: Value) -> Look {
        let is_number = |value: Value| matches!(value, Value::Int(_) | Value::Float(_));
        match self.object(value) {
            Some(Object::Array(array)) => match array.shape.as_deref() {
                Some([_] | [_, 1] | [_, 10]) => Look::Labels,
                Some(_) => Look::Images,
                None => Look::Other,
            },
            Some(Object::Dict(_)) => Look::Container,
            Some(Object::List(items) | Object::Tuple(items)) => match items.first() {
                Some(&item) if is_number(item) => Look::Labels,
                Some(&item) => match self.object(item) {
                    Some(Object::Array(array)) => {
                        let sides = array.shape.as_ref().map(|sides| sides.iter().map(|side| *side as usize).collect());
                        let sides: Vec<usize> = sides.unwrap_or_default();
                        match sides[..] {
                            [] | [1 | CLASSES] => Look::Labels,
                            _ if is_one_image(&sides) => Look::Images,
                            _ => Look::Container,
                        }
                    }
                    Some(Object::List(inner) | Object::Tuple(inner))
                        if inner.first().is_some_and(|v| is_number(*v)) =>
                    {
                        match inner.len() {
                            1 | CLASSES => Look::Labels,
                            PIXELS => Look::Images,
                            _ => Look::Container,
                        }
                    }
                    Some(Object::List(_) | Object::Tuple(_) | Object::Dict(_)) => Look::Container,
                    Some(Object::Bytes(_) | Object::Latin(_)) => Look::Labels,
                    _ => Look::Other,
                },
                None => Look::Other,
            },
            _ => Look::Other,
        }
    }

    /// The images that a value is, planar. Its bytes are taken, not copied.
    fn images(&mut self, value: Value) -> Result<Vec<u8>, Misfit> {
        let whole = |array: &super::values::Array| {
            let shape: Option<Vec<usize>> =
                array.shape.as_ref()?.iter().map(|side| usize::try_from(*side).ok()).collect();
            shape.zip(array.ty.number()).map(|(shape, ty)| (ty, shape, array.axes.clone(), array.data))
        };
        let refused = |machine: &Self| {
            let mend =
                if machine.items(value).is_some() { "np.stack([np.asarray(x) for x in {}])" } else { "np.asarray({})" };
            Err(Misfit { what: machine.describe(value), mend })
        };
        if let Some(Object::Array(array)) = self.object(value) {
            let Some((ty, shape, axes, data)) = whole(array) else { return refused(self) };
            let Some(bytes) = self.take_bytes(data) else { return refused(self) };
            return Array { ty, shape, axes, bytes }.into_images();
        }
        let Some(items) = self.items(value) else { return refused(self) };
        let items = items.to_vec();
        let Some(&first) = items.first() else { return refused(self) };
        if let Some(Object::Array(array)) = self.object(first) {
            let Some((ty, row, inner, _)) = whole(array) else { return refused(self) };
            if !is_one_image(&row) || items.len() > MAX_COUNT {
                return refused(self);
            }
            let mut bytes = Vec::with_capacity(items.len() * PIXELS * ty.width());
            for &item in &items {
                let Some(Object::Array(array)) = self.object(item) else { return refused(self) };
                let Some((its_ty, its_row, its_inner, data)) = whole(array) else { return refused(self) };
                if (its_ty, &its_row, &its_inner) != (ty, &row, &inner) {
                    return refused(self);
                }
                let Some(image) = self.take_bytes(data).filter(|image| image.len() == PIXELS * ty.width()) else {
                    return refused(self);
                };
                bytes.extend_from_slice(&image);
            }
            let shape = [&[items.len()], &row[..]].concat();
            let axes = std::iter::once(0).chain(inner.iter().map(|axis| axis + 1)).collect();
            return Array { ty, shape, axes, bytes }.into_images();
        }
        match self.numbers(&items) {
            Some((numbers, PIXELS)) => {
                let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                let shape = vec![items.len(), PIXELS];
                Array { ty: NumberType::F64, shape, axes: axes(2, false), bytes }.into_images()
            }
            _ => refused(self),
        }
    }

    fn take_bytes(&mut self, data: u32) -> Option<Vec<u8>> {
        match self.objects.get_mut(data as usize)? {
            Object::Bytes(bytes) | Object::Latin(bytes) => Some(std::mem::take(bytes)),
            _ => None,
        }
    }

    /// The labels that a value is.
    fn labels(&self, value: Value) -> Result<Vec<u8>, LabelMisfit> {
        let refused = |mend| Err(LabelMisfit::Shape(Misfit { what: self.describe(value), mend }));
        if let Some(Object::Array(array)) = self.object(value) {
            return match self.small_array(array) {
                Some(array) => array.labels(),
                None => refused("[int(label) for label in {}]"),
            };
        }
        match self.items(value) {
            Some([]) => refused("labels"),
            Some(items) => match self.numbers(items) {
                Some((numbers, columns @ (1 | CLASSES))) => labels(&numbers, columns),
                _ if self.bytes(items[0]).is_some() => refused("[names.index(name) for name in {}]"),
                _ => refused("[int(label) for label in {}]"),
            },
            None => refused("list({})"),
        }
    }

    /// An array with a copy of its bytes, if it is small enough for labels.
    fn small_array(&self, array: &super::values::Array) -> Option<Array> {
        let shape = array.shape.as_ref()?.iter().map(|side| usize::try_from(*side).ok()).collect::<Option<Vec<_>>>()?;
        let ty = array.ty.number()?;
        match self.objects.get(array.data as usize) {
            Some(Object::Bytes(bytes) | Object::Latin(bytes)) if bytes.len() <= MAX_COUNT * ty.width() => {
                Some(Array { ty, shape, axes: array.axes.clone(), bytes: bytes.clone() })
            }
            _ => None,
        }
    }

    /// The numbers of a list, or of a list of lists or small arrays of as many each, and how many each.
    fn numbers(&self, items: &[Value]) -> Option<(Vec<f64>, usize)> {
        let number = |value: &Value| match *value {
            Value::Int(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            Value::None | Value::Bool(_) | Value::Object(_) => None,
        };
        if let Some(numbers) = items.iter().map(number).collect::<Option<Vec<f64>>>() {
            return Some((numbers, 1));
        }
        let mut all = Vec::new();
        for &item in items {
            match self.object(item)? {
                Object::List(inner) | Object::Tuple(inner) => {
                    all.extend(inner.iter().map(number).collect::<Option<Vec<f64>>>()?);
                }
                Object::Array(array) if array.shape.as_ref().is_some_and(|shape| shape.len() <= 1) => {
                    let Array { ty, bytes, .. } = self.small_array(array)?;
                    all.extend(bytes.chunks_exact(ty.width()).map(|bytes| ty.read(bytes)));
                }
                _ => return None,
            }
            // One list may be recalled again and again.
            if all.len() > 8 * MAX_COUNT {
                return None;
            }
        }
        let columns = all.len().checked_div(items.len())?;
        (columns * items.len() == all.len() && columns > 0).then_some((all, columns))
    }

    // What is said of it.

    /// `uint8 of shape (200, 3072)`, `a list of 200`.
    fn describe(&self, value: Value) -> String {
        match self.object(value) {
            Some(Object::Array(array)) => {
                let ty = array.ty.number().map_or_else(|| shown(&array.ty.name), NumberType::name);
                let shape =
                    array.shape.as_ref().map(|sides| sides.iter().map(|side| *side as usize).collect::<Vec<_>>());
                format!("{ty} of shape {}", shape_text(&shape.unwrap_or_default()))
            }
            Some(Object::List(items)) => format!("a list of {}", items.len()),
            Some(Object::Tuple(items)) => format!("a tuple of {}", items.len()),
            Some(Object::Dict(entries)) => format!("a dictionary of {}", entries.len()),
            Some(Object::Bytes(bytes) | Object::Latin(bytes)) => format!("{} bytes or letters", bytes.len()),
            Some(_) => "a type".into(),
            None => match value {
                Value::Int(_) | Value::Float(_) => "a number".into(),
                Value::Bool(_) => "a truth value".into(),
                Value::None | Value::Object(_) => "None".into(),
            },
        }
    }

    /// `"data" (uint8 of shape (200, 3072)), "names" (a list of 10)`
    fn contents(&self, top: Value) -> String {
        let entries: Vec<(String, Value)> = match self.object(top) {
            Some(Object::Dict(dict)) => {
                let name = |key: Value| {
                    self.bytes(key).map_or_else(|| self.describe(key), |key| format!("\"{}\"", short(key)))
                };
                dict.iter().take(NAMED + 1).map(|(key, value)| (name(*key), *value)).collect()
            }
            Some(Object::List(items) | Object::Tuple(items)) => {
                items.iter().take(NAMED + 1).enumerate().map(|(index, item)| (format!("[{index}]"), *item)).collect()
            }
            _ => Vec::new(),
        };
        if entries.is_empty() {
            return format!("it holds {}", self.describe(top));
        }
        let mut parts: Vec<String> =
            entries.iter().take(NAMED).map(|(name, value)| format!("{name} ({})", self.describe(*value))).collect();
        if entries.len() > NAMED {
            parts.push("and more".into());
        }
        format!("it holds {}", parts.join(", "))
    }

    fn nothing_found(&self, top: Value) -> PickleError {
        let what = format!("no images and labels were found: {}", self.contents(top));
        PickleError::Unfit { what, mend: "pickle.dump({\"data\": images, \"labels\": labels}, file)".into() }
    }

    fn half_found(&self, top: Value, found: &Leaf, missing: &str) -> PickleError {
        let what = format!("there are no {missing} for {}: {}", found.path, self.contents(top));
        let mend = match found.role {
            Role::Images => format!("pickle.dump({{\"data\": {}, \"labels\": labels}}, file)", found.path),
            Role::Labels => format!("pickle.dump({{\"data\": images, \"labels\": {}}}, file)", found.path),
        };
        PickleError::Unfit { what, mend }
    }
}

fn unfit(leaf: &Leaf, Misfit { what, mend }: Misfit) -> PickleError {
    let verb = if leaf.role == Role::Images { "cannot be taken for images" } else { "cannot be taken for labels" };
    let mend = format!("{} = {}", leaf.path, mend.replace("{}", &leaf.path));
    PickleError::Unfit { what: format!("{} {verb}: {what}", leaf.path), mend }
}

/// The beginning of a key.
fn short(key: &[u8]) -> String {
    shown(&key[..key.len().min(24)])
}
