//! The safetensors format (<https://github.com/huggingface/safetensors>): eight bytes with the length of a JSON header, the
//! header, and the numbers.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::tensor::{Format, Tensor};
use super::{ModelError, Origin, settings, shorten};
use crate::data::excerpt;
use crate::data::normalise::{MEAN, STD};
use crate::nn::Mlp;
use crate::train::Config;

/// The longest header that is read: a network of this page has 4 kB.
const MAX_HEADER: u64 = 1 << 20;
/// One entry of the header.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    dtype: String,
    shape: Vec<u64>,
    /// Begin and end, from the first byte after the header.
    data_offsets: (u64, u64),
}

/// The header. A name that comes twice is an error.
struct Header {
    metadata: BTreeMap<String, String>,
    tensors: BTreeMap<String, Entry>,
}

/// The bytes of a file with layers of these names, as many as there are.
pub(super) fn write(net: &Mlp<f32>, names: &[String], config: &Config, origin: Option<&Origin>) -> Vec<u8> {
    let mut metadata = settings::write(config);
    metadata.insert("format", "pt".into());
    metadata.insert("input", "planar 3x32x32, (pixel / 255 - mean) / std".into());
    metadata.insert("mean", format!("{MEAN:?}"));
    metadata.insert("std", format!("{STD:?}"));
    if let Some(origin) = origin.filter(|origin| !origin.is_own) {
        metadata.insert("opened_as", origin.sentences().join(" "));
    }
    let mut begin = 0;
    let mut entries = vec![format!("\"__metadata__\":{}", json(&metadata))];
    let mut numbers = Vec::with_capacity(4 * net.parameters());
    for (name, layer) in names.iter().zip(&net.layers) {
        let (outputs, inputs) = layer.weight.dim();
        for (part, shape, count) in [
            ("weight", format!("{outputs},{inputs}"), layer.weight.len()),
            ("bias", outputs.to_string(), layer.bias.len()),
        ] {
            let (name, end) = (json(&format!("{name}.{part}")), begin + 4 * count);
            entries.push(format!(r#"{name}:{{"dtype":"F32","shape":[{shape}],"data_offsets":[{begin},{end}]}}"#));
            begin = end;
        }
        for value in layer.weight.iter().chain(&layer.bias) {
            numbers.extend_from_slice(&value.to_le_bytes());
        }
    }
    let mut header = format!("{{{}}}", entries.join(","));
    // Numbers begin at a multiple of eight bytes.
    header.push_str(&" ".repeat(header.len().next_multiple_of(8) - header.len()));
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &numbers].concat()
}

/// The tensors of a file, by name, and its metadata.
pub(super) fn read(bytes: &[u8]) -> Result<(Vec<Tensor<'_>>, BTreeMap<String, String>), ModelError> {
    let (header, data) = split(bytes)?;
    check_offsets(&header.tensors, data.len() as u64)?;
    let tensor = |(name, Entry { dtype, shape, data_offsets: (begin, end) }): (String, Entry)| Tensor {
        // Both were compared with the data.
        shape: shape.into_iter().map(|side| side as usize).collect(),
        format: Format::of_safetensors(&dtype),
        bytes: &data[begin as usize..end as usize],
        name,
        type_name: dtype,
    };
    Ok((header.tensors.into_iter().map(tensor).collect(), header.metadata))
}

/// The header, and the bytes after it.
fn split(bytes: &[u8]) -> Result<(Header, &[u8]), ModelError> {
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or(ModelError::NotOne("it has fewer than 8 bytes"))?;
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER || rest.first() != Some(&b'{') {
        return Err(ModelError::NotOne("it does not begin with the length of a header and a {"));
    }
    let (header, data) = rest
        .split_at_checked(length as usize)
        .ok_or_else(|| ModelError::Broken(format!("its header has {length} bytes, and only {} follow", rest.len())))?;
    let header = serde_json::from_slice(header).map_err(|error| broken_header(&error))?;
    Ok((header, data))
}

/// What is wrong with a header, which may be cited at any length.
fn broken_header(error: &serde_json::Error) -> ModelError {
    ModelError::Broken(format!("its header cannot be read, {}", excerpt(&error.to_string(), 200)))
}

/// Checks that tensors fill the data one after the other, without a gap, and as their shapes say.
fn check_offsets(tensors: &BTreeMap<String, Entry>, length: u64) -> Result<(), ModelError> {
    let broken = |what: String| Err(ModelError::Broken(what));
    let mut places: Vec<(u64, u64, &str)> = Vec::new();
    for (name, tensor) in tensors {
        let (begin, end) = tensor.data_offsets;
        let Some(width) = width(&tensor.dtype) else {
            return broken(format!("{} is of the unknown type {}", shorten(name), shorten(&tensor.dtype)));
        };
        let bytes = tensor.shape.iter().try_fold(width, |product, &size| product.checked_mul(size));
        if begin > end || bytes != Some(end - begin) {
            return broken(format!("{} has a shape of other than its {begin} to {end} bytes", shorten(name)));
        }
        places.push((begin, end, name));
    }
    places.sort_unstable();
    let mut at = 0;
    for (begin, end, name) in places {
        if begin != at {
            return broken(format!("{} begins at byte {begin} instead of {at}", shorten(name)));
        }
        at = end;
    }
    if at != length {
        return broken(format!("{length} bytes of numbers are there, and {at} belong to tensors"));
    }
    Ok(())
}

/// Bytes of a number of a type.
fn width(dtype: &str) -> Option<u64> {
    Some(match dtype {
        "F64" | "I64" | "U64" | "C64" => 8,
        "F32" | "I32" | "U32" => 4,
        "F16" | "BF16" | "I16" | "U16" => 2,
        "F8_E4M3" | "F8_E5M2" | "I8" | "U8" | "BOOL" => 1,
        _ => return None,
    })
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Header;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("tensors by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
                let twice = |name: &str| serde::de::Error::custom(format!("{} comes twice", shorten(name)));
                let (mut metadata, mut tensors) = (None, BTreeMap::new());
                while let Some(name) = map.next_key::<String>()? {
                    if name == "__metadata__" {
                        if metadata.replace(map.next_value()?).is_some() {
                            return Err(twice(&name));
                        }
                    } else {
                        let before = tensors.insert(name.clone(), map.next_value()?);
                        if before.is_some() {
                            return Err(twice(&name));
                        }
                    }
                }
                Ok(Header { metadata: metadata.unwrap_or_default(), tensors })
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

fn json(text: &impl serde::Serialize) -> String {
    serde_json::to_string(text).expect("strings")
}
