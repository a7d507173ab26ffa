//! A state dictionary as `torch.save` writes it since version 1.6: a zip archive, nothing in it compressed, of a pickle
//! that names tensors, and a file of numbers for each. No code of the pickle is run.

use std::collections::BTreeMap;

use super::foreign::SAVE;
use super::tensor::{Format, Tensor};
use super::{ModelError, shorten};
use crate::data::pickle::{TorchTensor, read_state_dict};

/// Most files in the archive.
const MAX_FILES: usize = 10_000;

fn refused(what: &str) -> ModelError {
    ModelError::Other(format!("This .pt file {what}. Load it in Python, and save the weights alone: {SAVE}."))
}

/// Whether it is such an archive: the name of its first file ends in `/data.pkl`.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let name = || bytes.get(30..30 + usize::from(number(bytes, 26, 2)? as u16));
    bytes.starts_with(b"PK\x03\x04") && name().is_some_and(|name| name.ends_with(b"/data.pkl"))
}

/// The tensors.
///
/// # Errors
/// If it is broken, or there is more in it than a state dictionary.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Tensor<'_>>, ModelError> {
    let files = files(bytes).ok_or_else(|| refused("is cut off or damaged"))?;
    let name = files.keys().find(|name| name.ends_with("/data.pkl")).cloned().unwrap_or_default();
    let root = name.trim_end_matches("data.pkl").to_owned();
    if files.contains_key(&format!("{root}constants.pkl")) {
        return Err(refused("is a TorchScript program"));
    }
    if files.get(&format!("{root}byteorder")).is_some_and(|order| order.trim_ascii() == b"big") {
        return Err(refused("has numbers with the high byte first"));
    }
    let pickle = files.get(&name).copied().unwrap_or_default();
    let tensors = read_state_dict(pickle).map_err(|what| refused(&what))?;
    tensors.into_iter().map(|tensor| whole(tensor, &files, &root)).collect()
}

/// A tensor with its numbers.
fn whole<'a>(tensor: TorchTensor, files: &BTreeMap<String, &'a [u8]>, root: &str) -> Result<Tensor<'a>, ModelError> {
    let TorchTensor { name, storage, key, offset, shape, strides } = tensor;
    let broken = || refused(&format!("is damaged: the numbers of {} are missing", shorten(&name)));
    let format = match storage.as_str() {
        "HalfStorage" => Some(Format::F16),
        "BFloat16Storage" => Some(Format::Bf16),
        "FloatStorage" => Some(Format::F32),
        "DoubleStorage" => Some(Format::F64),
        _ => None,
    };
    let type_name = match format {
        Some(Format::F16) => "F16".into(),
        Some(Format::Bf16) => "BF16".into(),
        Some(Format::F32) => "F32".into(),
        Some(Format::F64) => "F64".into(),
        None => storage.trim_end_matches("Storage").to_owned(),
    };
    let Some(width) = format.map(Format::width) else {
        return Ok(Tensor { name, shape, format, type_name, bytes: &[] });
    };
    let mut step = 1_usize;
    for (&side, &stride) in shape.iter().zip(&strides).rev() {
        if side > 1 && stride != step {
            return Err(refused(&format!(
                "has {}, a view of other numbers (a transposed matrix, say)",
                shorten(&name)
            )));
        }
        step = step.checked_mul(side).ok_or_else(broken)?;
    }
    let all = files.get(&format!("{root}data/{key}")).copied().ok_or_else(broken)?;
    let begin = offset.checked_mul(width).ok_or_else(broken)?;
    let length = step.checked_mul(width).ok_or_else(broken)?;
    let bytes = all.get(begin..).and_then(|rest| rest.get(..length)).ok_or_else(broken)?;
    Ok(Tensor { name, shape, format, type_name, bytes })
}

/// The files of a zip archive that are stored as they are, by name.
fn files(bytes: &[u8]) -> Option<BTreeMap<String, &[u8]>> {
    // The end record stands at the end, before a comment of at most 65,535 bytes.
    let earliest = bytes.len().saturating_sub(22 + 65_535);
    let end = (earliest..bytes.len().checked_sub(21)?).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))?;
    let count = number(bytes, end + 10, 2)?;
    let mut at = number(bytes, end + 16, 4)?;
    let mut files = BTreeMap::new();
    for _ in 0..count.min(MAX_FILES) {
        if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
            return None;
        }
        let (method, size, local) =
            (number(bytes, at + 10, 2)?, number(bytes, at + 20, 4)?, number(bytes, at + 42, 4)?);
        let lengths = [28, 30, 32].map(|offset| number(bytes, at + offset, 2));
        let [name_length, extra, comment] = [lengths[0]?, lengths[1]?, lengths[2]?];
        let name = std::str::from_utf8(bytes.get(at + 46..)?.get(..name_length)?).ok()?;
        let begin = local.checked_add(30)?
            + number(bytes, local.checked_add(26)?, 2)?
            + number(bytes, local.checked_add(28)?, 2)?;
        if method == 0 {
            files.insert(name.to_owned(), bytes.get(begin..)?.get(..size)?);
        }
        at += 46 + name_length + extra + comment;
    }
    Some(files)
}

/// A little-endian number.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.get(..width)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}
