//! What the names mean that a pickle may use.

use super::error::{PickleError, shown};
use super::machine::{Machine, Names};
use super::values::{Array, Global, Object, Type, Value, int, scalar};
use crate::data::array::axes;

/// Most bytes that are made from short texts, which can be recalled and made into bytes again and again.
const MAX_ENCODED: usize = 1 << 24;

/// Libraries whose objects people pickle: the module, its name, and what makes an array of an object `x`.
const LIBRARIES: [(&str, &str, &str); 7] = [
    ("pandas", "pandas", "x.to_numpy()"),
    ("torch", "PyTorch", "x.numpy()"),
    ("torchvision", "torchvision", "x.data"),
    ("PIL", "Pillow", "np.stack([np.asarray(image) for image in x])"),
    ("tensorflow", "TensorFlow", "x.numpy()"),
    ("jax", "JAX", "np.asarray(x)"),
    ("jaxlib", "JAX", "np.asarray(x)"),
];

fn global(module: &[u8], name: &[u8]) -> Option<Global> {
    Some(match (module, name) {
        (b"numpy.core.multiarray" | b"numpy._core.multiarray", b"_reconstruct") => Global::Reconstruct,
        (b"numpy.core.multiarray" | b"numpy._core.multiarray", b"scalar") => Global::Scalar,
        (b"numpy.core.numeric" | b"numpy._core.numeric", b"_frombuffer") => Global::FromBuffer,
        (b"numpy", b"ndarray") => Global::Ndarray,
        (b"numpy", b"dtype") => Global::Dtype,
        (b"_codecs", b"encode") => Global::Encode,
        (b"collections", b"OrderedDict") => Global::OrderedDict,
        _ => return None,
    })
}

impl Machine {
    pub(super) fn push_global(&mut self, module: &[u8], name: &[u8]) -> Result<(), PickleError> {
        if self.names == Names::Torch && module == b"torch" && name.ends_with(b"Storage") {
            return self.push_object(self.at, Object::TorchClass(shown(name)));
        }
        let of_torch = match (module, name) {
            (b"torch._utils", b"_rebuild_tensor_v2") => Some(Global::RebuildTensor),
            (b"torch._utils", b"_rebuild_parameter") => Some(Global::RebuildParameter),
            _ => None,
        };
        match global(module, name).or(of_torch.filter(|_| self.names == Names::Torch)) {
            Some(global) => self.push_object(self.at, Object::Global(global)),
            None => {
                let (at, global) = (self.at, format!("{}.{}", shown(module), shown(name)));
                let root = module.split(|byte| *byte == b'.').next().unwrap_or_default();
                match LIBRARIES.iter().find(|(known, ..)| known.as_bytes() == root) {
                    Some(&(_, library, expression)) => Err(PickleError::Foreign { at, global, library, expression }),
                    None => Err(PickleError::Forbidden { at, global }),
                }
            }
        }
    }

    // What the names mean.

    pub(super) fn reduce(&mut self, callee: Value, arguments: Value) -> Result<(), PickleError> {
        const ARGUMENTS: &str = "a call has arguments that numpy does not write";
        let (Some(global), Some(Object::Tuple(arguments))) = (self.global(callee), self.object(arguments)) else {
            return self.broken("something is called that is no function");
        };
        let object = match (global, arguments[..].as_ref()) {
            (Global::Reconstruct, &[class, _, _]) if self.global(class) == Some(Global::Ndarray) => {
                Object::Array(Array::default())
            }
            (Global::FromBuffer, &[data, ty, shape, order] | &[data, ty, shape, order, Value::None]) => {
                let is_fortran = self.bytes(order) == Some(b"F");
                Object::Array(self.array(shape, ty, is_fortran, data)?)
            }
            (Global::FromBuffer, &[data, ty, shape, _, order]) => {
                let base = self.array(shape, ty, false, data)?;
                let order: Option<Vec<i64>> =
                    self.items(order).and_then(|axes| axes.iter().map(|axis| int(*axis)).collect());
                match order.and_then(|order| transposed(base, &order)) {
                    Some(array) => Object::Array(array),
                    None => return self.broken(ARGUMENTS),
                }
            }
            (Global::Dtype, &[name, _, _]) => match self.bytes(name) {
                Some(name) if name.len() <= 16 => {
                    Object::Type(Type { name: name.to_vec(), is_big_endian: name.first() == Some(&b'>') })
                }
                _ => return self.broken(ARGUMENTS),
            },
            (Global::Scalar, &[ty, bytes]) => {
                let value = match (self.ty(ty), self.bytes(bytes)) {
                    (Some(ty), Some(bytes)) => scalar(ty, bytes),
                    _ => None,
                };
                // Any other scalar, a time say, is no label.
                return self.push(value.unwrap_or(Value::None));
            }
            (Global::Encode, &[text, encoding]) => {
                if !matches!(self.bytes(encoding), Some(b"latin1" | b"latin-1")) {
                    return self.broken("text is encoded as something else than Latin-1");
                }
                match self.object(text) {
                    // It has the right bytes already.
                    Some(Object::Latin(_)) => return self.push(text),
                    Some(Object::Bytes(bytes)) => {
                        let letters = std::str::from_utf8(bytes).map(str::chars).ok();
                        match letters.and_then(|mut letters| letters.try_fold(Vec::new(), push_latin)) {
                            Some(bytes) => {
                                self.encoded += bytes.len();
                                if self.encoded > MAX_ENCODED {
                                    return self.too_much("more than 16 MiB made from text");
                                }
                                Object::Bytes(bytes)
                            }
                            None => return self.broken("a text holds other letters than bytes"),
                        }
                    }
                    _ => return self.broken(ARGUMENTS),
                }
            }
            (Global::RebuildTensor, [_, _, _, _, ..]) => {
                let parts = arguments.clone();
                self.count_items(parts.len())?;
                Object::Tensor(parts)
            }
            (Global::RebuildParameter, &[tensor, ..]) => return self.push(tensor),
            (Global::OrderedDict, []) => Object::Dict(Vec::new()),
            (Global::OrderedDict, &[pairs]) => {
                let pair = |pair: &Value| match self.items(*pair) {
                    Some(&[key, value]) => Some((key, value)),
                    _ => None,
                };
                match self.items(pairs).and_then(|pairs| pairs.iter().map(pair).collect::<Option<Vec<_>>>()) {
                    Some(pairs) => {
                        self.count_items(2 * pairs.len())?;
                        Object::Dict(pairs)
                    }
                    None => return self.broken(ARGUMENTS),
                }
            }
            _ => return self.broken(ARGUMENTS),
        };
        self.push_object(self.at, object)
    }

    pub(super) fn build(&mut self, object: Value, state: Value) -> Result<(), PickleError> {
        const STATE: &str = "an array or its type has a state that numpy does not write";
        if self.names == Names::Torch && matches!(self.object(object), Some(Object::Dict(_))) {
            // `_metadata`: versions of the layers.
            return Ok(());
        }
        let (Value::Object(index), Some(state)) = (object, self.items(state)) else {
            return self.broken(STATE);
        };
        let built = match (self.object(object), state) {
            (Some(Object::Type(ty)), &[_, order, ..]) => {
                let is_big_endian = self.bytes(order) == Some(b">");
                Object::Type(Type { is_big_endian, ..ty.clone() })
            }
            (Some(Object::Array(_)), &[_, shape, ty, Value::Bool(is_fortran), data]) => {
                Object::Array(self.array(shape, ty, is_fortran, data)?)
            }
            (Some(Object::Array(_)), &[_, shape, ty, Value::Int(is_fortran @ 0..=1), data]) => {
                Object::Array(self.array(shape, ty, is_fortran == 1, data)?)
            }
            _ => return self.broken(STATE),
        };
        self.objects[index as usize] = built;
        Ok(())
    }

    fn array(&self, shape: Value, ty: Value, is_fortran: bool, data: Value) -> Result<Array, PickleError> {
        let shape = match self.items(shape) {
            Some(sides) if sides.len() <= 8 => sides.iter().map(|side| int(*side)).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        match (shape, self.ty(ty), data) {
            (Some(shape), Some(ty), Value::Object(data)) => {
                Ok(Array { axes: axes(shape.len(), is_fortran), shape: Some(shape), ty: ty.clone(), data })
            }
            _ => self.broken("an array is described in a way that numpy does not write"),
        }
    }
}

/// What NumPy's `transpose` makes of an array in C order: axis i is the base's axis `order[i]`.
fn transposed(base: Array, order: &[i64]) -> Option<Array> {
    let shape = base.shape?;
    let of_base = |axis: usize| order.iter().position(|of_base| usize::try_from(*of_base) == Ok(axis));
    let axes = (0..shape.len()).map(of_base).collect::<Option<Vec<usize>>>()?;
    let side = |axis: &i64| shape.get(usize::try_from(*axis).ok()?).copied();
    let shape = order.iter().map(side).collect::<Option<Vec<i64>>>()?;
    (axes.len() == shape.len()).then_some(Array { shape: Some(shape), axes, ..base })
}

fn push_latin(mut bytes: Vec<u8>, letter: char) -> Option<Vec<u8>> {
    bytes.push(u8::try_from(letter).ok()?);
    Some(bytes)
}
