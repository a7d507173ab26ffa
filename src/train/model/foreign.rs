//! Model files of other kinds, known by their first bytes, and how to save the model as safetensors.

use super::ModelError;

/// In Python, where the network is `net`.
pub(super) const SAVE: &str =
    "`from safetensors.torch import save_file; save_file(net.state_dict(), \"net.safetensors\")`";
const SAVE_KERAS: &str = "`from safetensors.numpy import save_file; save_file({f\"{i // 2}.{'bias' if w.ndim == 1 else 'kernel'}\": w for i, w in enumerate(net.get_weights())}, \"net.safetensors\")`";

/// What is to be said of a file that begins so, if it is of a known kind.
pub(super) fn recognise(bytes: &[u8]) -> Option<ModelError> {
    let other = |what: &str, advice: String| Some(ModelError::Other(format!("This is {what}. {advice}.")));
    let python = || format!("Load it in Python, and save it again: {SAVE}");
    let text = bytes.trim_ascii_start();
    if bytes.is_empty() {
        return other("an empty file", "Save the model again".into());
    }
    if text.starts_with(b"version https://git-lfs") {
        return other(
            "a pointer of Git LFS, which stands for the model",
            "Fetch the model itself: `git lfs pull`".into(),
        );
    }
    if text.starts_with(b"/annex/objects/") {
        return other(
            "a pointer of git-annex, which stands for the model",
            "Fetch the model itself: `git annex get`".into(),
        );
    }
    // Of torch.save before version 1.6: the pickle of a magic number.
    if bytes.starts_with(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.") {
        return other("a file of PyTorch’s old form", python());
    }
    if let [0x80, 2..=5, ..] = bytes {
        return other("a Python pickle, which may run anything and is not opened here", python());
    }
    if bytes.starts_with(b"\x89HDF\r\n") {
        return other(
            "an HDF5 file, as Keras writes",
            format!("Load it there as `net`, and save it again: {SAVE_KERAS}"),
        );
    }
    if bytes.starts_with(b"PK") && holds(bytes, b".npy") {
        return other(
            "an archive of NumPy arrays",
            "Save them in Python so: `import numpy as np; from safetensors.numpy import save_file; save_file(dict(np.load(\"net.npz\")), \"net.safetensors\")`".into(),
        );
    }
    if bytes.starts_with(b"PK") && holds(bytes, b"model.weights.h5") {
        return other("a Keras model", format!("Load it there as `net`, and save it again: {SAVE_KERAS}"));
    }
    if bytes.starts_with(b"PK") {
        return other("a zip archive that torch.save has not written", python());
    }
    if bytes.starts_with(b"\x93NUMPY") {
        return other("a single NumPy array", "Save all matrices and biases with safetensors.numpy.save_file".into());
    }
    if bytes.get(4..8) == Some(b"TFL3") {
        return other(
            "a TensorFlow Lite model",
            format!("Load the Keras model that it was made of as `net`, and save that: {SAVE_KERAS}"),
        );
    }
    // The version of its form, and who made it.
    if let [8, 1..=20, 0x12, length @ 1..=40, name @ ..] = bytes
        && name.get(..usize::from(*length)).is_some_and(|name| name.iter().all(u8::is_ascii_graphic))
    {
        return other(
            "an ONNX file",
            "Save its matrices in Python so: `import onnx; from onnx.numpy_helper import to_array; from safetensors.numpy import save_file; save_file({t.name: to_array(t) for t in onnx.load(\"net.onnx\").graph.initializer}, \"net.safetensors\")`".into(),
        );
    }
    if bytes.starts_with(b"GGUF") {
        return other("a GGUF file", python());
    }
    if bytes.starts_with(b"\x1f\x8b") {
        return other("compressed by gzip", "Unpack it, and choose what is in it".into());
    }
    if text.starts_with(b"<") {
        return other("a web page", "The server sent it instead of the model: download the model again".into());
    }
    None
}

/// Whether a zip archive has a member so called: names stand in it as they are, the list of all at its end.
fn holds(archive: &[u8], name: &[u8]) -> bool {
    let end = &archive[archive.len().saturating_sub(4096)..];
    let start = &archive[..archive.len().min(4096)];
    [start, end].iter().any(|part| part.windows(name.len()).any(|window| window == name))
}
