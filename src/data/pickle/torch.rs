//! The pickle of a PyTorch state dictionary: names, and for each where its numbers stand.

use super::error::PickleError;
use super::machine::{MAX_COUNT, Machine, Names};
use super::reader::PickleReader;
use super::values::{Object, Value, int};

/// Dictionaries are nested no deeper: `{"model": {"net": {…}}}`.
const MAX_DEPTH: usize = 3;

/// A tensor, by where its numbers stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TorchTensor {
    /// In the state dictionary.
    pub name: String,
    /// The class of its storage: `FloatStorage`.
    pub storage: String,
    /// The storage's name in the archive.
    pub key: String,
    /// Of the first number, in numbers.
    pub offset: usize,
    /// Entries along each axis.
    pub shape: Vec<usize>,
    /// Numbers from one entry to the next along each axis.
    pub strides: Vec<usize>,
}

/// The tensors of a state dictionary, alone or in a checkpoint beside other things.
///
/// # Errors
/// A clause, if it holds something else, or no or several such dictionaries.
pub fn read_state_dict(bytes: &[u8]) -> Result<Vec<TorchTensor>, String> {
    let mut reader = PickleReader::with_names(Some(bytes.len() as u64), bytes.len() as u64, Names::Torch);
    let read = reader.push(bytes).and_then(|()| reader.end());
    let (machine, top) = read.map_err(|error| match error {
        PickleError::Forbidden { global, .. } | PickleError::Foreign { global, .. } => {
            format!("holds {global}, and not weights alone; nothing of it was run")
        }
        PickleError::Opcode { .. } => "holds more than weights; nothing of it was run".into(),
        _ => "cannot be read: its pickle is damaged".into(),
    })?;
    let (mut found, mut left) = (Vec::new(), MAX_COUNT);
    machine.state_dicts(top, "", 0, &mut left, &mut found);
    match found.len() {
        0 => Err("holds no state dictionary".into()),
        1 => Ok(found.remove(0).1),
        _ => {
            let names: Vec<String> = found.into_iter().take(5).map(|(name, _)| name).collect();
            Err(format!("holds several state dictionaries ({})", names.join(", ")))
        }
    }
}

impl Machine {
    /// Finds dictionaries of tensors by name, looking at so many entries at most: one dictionary may be recalled again and
    /// again. What an optimiser keeps has numbers for names.
    fn state_dicts(
        &self,
        value: Value,
        path: &str,
        depth: usize,
        left: &mut usize,
        found: &mut Vec<(String, Vec<TorchTensor>)>,
    ) {
        let Some(Object::Dict(entries)) = self.object(value) else { return };
        let Some(rest) = left.checked_sub(entries.len()) else { return };
        *left = rest;
        let tensor = |(key, value): &(Value, Value)| self.tensor(*value, std::str::from_utf8(self.bytes(*key)?).ok()?);
        let tensors: Vec<TorchTensor> = entries.iter().filter_map(tensor).collect();
        if !tensors.is_empty() {
            found.push((path.to_owned(), tensors));
        } else if depth < MAX_DEPTH {
            for &(key, value) in entries {
                let Some(name) = self.bytes(key).and_then(|key| std::str::from_utf8(key).ok()) else { continue };
                let name: String = name.chars().take(30).collect();
                let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                // Few are needed to tell that there are several.
                if found.len() < 8 {
                    self.state_dicts(value, &path, depth + 1, left, found);
                }
            }
        }
    }

    fn tensor(&self, value: Value, name: &str) -> Option<TorchTensor> {
        let Some(Object::Tensor(parts)) = self.object(value) else { return None };
        let &[storage, offset, shape, strides, ..] = &parts[..] else { return None };
        let Some(Object::Storage(id)) = self.object(storage) else { return None };
        let &[_, class, key, ..] = self.items(*id)? else { return None };
        let Some(Object::TorchClass(class)) = self.object(class) else { return None };
        let sizes = |value: Value| -> Option<Vec<usize>> {
            self.items(value)?.iter().map(|side| usize::try_from(int(*side)?).ok()).collect()
        };
        Some(TorchTensor {
            name: name.to_owned(),
            storage: class.clone(),
            key: std::str::from_utf8(self.bytes(key)?).ok()?.to_owned(),
            offset: usize::try_from(int(offset)?).ok()?,
            shape: sizes(shape)?,
            strides: sizes(strides)?,
        })
    }
}
