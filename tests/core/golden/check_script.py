"""Runs the scripts that the page writes to go on in PyTorch, on tiny batches made here, and checks what they do.

Needs `pip install torch`; run beside this file. Exits with an error where a script does not read what the page writes,
measures another accuracy, or does not step as the page does. continue_plain.py and continue_augmented.py come from the
test `the_scripts_are_the_golden_ones`, with PIECEWISE_WRITE_GOLDEN=1. Writes continued.safetensors, for the tests.
"""

import importlib.util
import pathlib
import pickle
import subprocess
import sys
import tempfile

import numpy as np
import torch

here = pathlib.Path(__file__).parent
MEAN = np.array([0.4914, 0.4822, 0.4465])[:, None, None]
STD = np.array([0.2470, 0.2435, 0.2616])[:, None, None]


def module(name):
    spec = importlib.util.spec_from_file_location(name, here / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


plain, augmented = module("continue_plain"), module("continue_augmented")


def batch(rng, images):
    return {b"data": rng.integers(0, 256, (images, 3072), dtype=np.uint8), b"labels": rng.integers(0, 10, images).tolist()}


def run(script, folder, *options):
    command = [sys.executable, here / script, folder, "--model", here / "ours.safetensors", *options]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def forward(layers, x):
    """In f64: the inputs of each layer, and the logits."""
    inputs = []
    for at, (weight, bias) in enumerate(layers):
        inputs.append(x)
        x = x @ weight.T + bias
        if at + 1 < len(layers):
            x = np.maximum(x, 0)
    return inputs, x


def gradients(layers, x, labels):
    """By hand, of the mean cross-entropy."""
    inputs, logits = forward(layers, x)
    p = np.exp(logits - logits.max(1, keepdims=True))
    d = p / p.sum(1, keepdims=True)
    d[np.arange(len(labels)), labels] -= 1
    d /= len(labels)
    found = []
    for (weight, _), x in zip(reversed(layers), reversed(inputs)):
        found.append([d.T @ x, d.sum(0)])
        d = (d @ weight) * (x > 0)
    return found[::-1]


def layers_of(path):
    tensors = list(plain.load(path).values())
    return [[w.double().numpy(), b.double().numpy()] for w, b in zip(tensors[::2], tensors[1::2])]


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    rng = np.random.default_rng(1)
    # All training images fit one batch of the plain script, so that their order does not count.
    names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
    batches = {name: batch(rng, 40) for name in names}
    for name, content in batches.items():
        (folder / name).write_bytes(pickle.dumps(content))

    def images(chosen):
        pixels = np.concatenate([batches[name][b"data"] for name in chosen]).reshape(-1, 3, 32, 32)
        labels = np.concatenate([batches[name][b"labels"] for name in chosen])
        return ((pixels / 255 - MEAN) / STD).reshape(-1, 3072), labels

    # The accuracy, of nothing trained; and the file comes back as it was.
    out = folder / "out.safetensors"
    layers = layers_of(here / "ours.safetensors")
    x, labels = images(["test_batch"])
    expected = (forward(layers, x)[1].argmax(1) == labels).mean()
    for script in ("continue_plain.py", "continue_augmented.py"):
        said = run(script, folder, "--epochs", 0, "--out", out)
        assert said == [f"test accuracy {expected:.4f}"], said
        ours, again = plain.load(here / "ours.safetensors"), plain.load(out)
        assert ours.keys() == again.keys() and all(torch.equal(ours[name], again[name]) for name in ours)

    # Three epochs of one step each, after three on the page: momentum, weight decay and schedule as the page has them.
    said = run("continue_plain.py", folder, "--epochs", 3, "--out", here / "continued.safetensors")
    x, labels = images(names[:5])
    velocity = [[np.zeros_like(part) for part in layer] for layer in layers]
    for done in (3, 4, 5):
        rate = 0.05 * 0.5 ** (done // 2)
        for layer, v, gradient in zip(layers, velocity, gradients(layers, x, labels)):
            for part in (0, 1):
                v[part] = 0.9 * v[part] + (gradient[part] + 0.01 * layer[part])
                layer[part] = layer[part] - rate * v[part]
    for ours, theirs, before in zip(layers_of(here / "continued.safetensors"), layers, layers_of(here / "ours.safetensors")):
        for part in (0, 1):
            error, moved = np.abs(ours[part] - theirs[part]).max(), np.abs(before[part] - theirs[part]).max()
            assert error < 1e-7 and moved > 5e-5, (error, moved)
    assert len(said) == 4 and said[3].startswith("epoch 6: mean loss "), said

    # The first three of each class, in file order.
    chosen, labels = augmented.training_images(folder)
    all_images, all_labels = plain.training_images(folder)
    first = sorted(sum([(all_labels == label).nonzero().flatten().tolist()[:3] for label in range(10)], []))
    assert torch.equal(chosen, all_images[first]) and torch.equal(labels, all_labels[first])
    assert len(all_images) == 200 and len(chosen) == 30
    said = run("continue_augmented.py", folder, "--epochs", 2, "--done", 1, "--out", out)
    assert len(said) == 3, said
    rates = [augmented.rate(done, 4) for done in range(4)]
    assert np.allclose(rates, 0.05 * (1 + np.cos(np.pi * np.arange(4) / 4)) / 2), rates

# Each augmented image is one of the 2·7·7 that there are, and all come.
image = torch.arange(3072.0).reshape(1, 3, 32, 32)
padded = np.pad(image[0].numpy(), [(0, 0), (3, 3), (3, 3)], mode="reflect")
windows = {}
for row in range(7):
    for column in range(7):
        window = padded[:, row : row + 32, column : column + 32]
        windows[window.tobytes()] = (row, column, False)
        windows[np.ascontiguousarray(window[:, :, ::-1]).tobytes()] = (row, column, True)
assert len(windows) == 98
torch.manual_seed(2)
seen = {windows[made.numpy().tobytes()] for made in augmented.augment(image.expand(2000, -1, -1, -1))}
assert len(seen) == 98, len(seen)
print("the scripts do what the page does")
