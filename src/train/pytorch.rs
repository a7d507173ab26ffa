//! A Python script that goes on with a network in PyTorch: it reads the file of [`model`](super::model)
//! and CIFAR-10's Python batches, measures the test accuracy, trains on with the run's settings, and saves the network.
//!
//! It needs torch and numpy only, and says what the page says: the same normalisation, the same steps (momentum
//! without dampening, weight decay on weights and biases), the same schedule, reflect-pad, crop and flip. Random numbers
//! are PyTorch's, so it goes on alike, and not to the bit; a file has no velocities, so momentum starts from rest.

use super::{Config, Schedule, Subset};
use crate::data::CLASSES;
use crate::data::augment::Augment;
use crate::data::normalise::{MEAN, STD};

/// The script for a network of these settings that was saved under this name.
pub fn pytorch_script(config: &Config, model_file_name: &str) -> String {
    let augment = config.augment.is_on().then(|| augment(config.augment));
    [head(config.schedule), settings(config, model_file_name), FILES.into(), images(config)]
        .into_iter()
        .chain(augment)
        .chain([network(config), rate(config.schedule), main(config)])
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// What it is, and what it needs.
fn head(schedule: Schedule) -> String {
    let math = if schedule == Schedule::Cosine { "import math\n" } else { "" };
    format!(
        r#""""Goes on in PyTorch with a network that Piecewise has trained on CIFAR-10.

Needs torch and numpy, and cifar-10-python.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html, unpacked:

    python3 continue.py cifar-10-batches-py --epochs 10

Random numbers are others than the page's: it goes on alike, not to the bit. Momentum starts from rest.
"""

import argparse
import json
{math}import pathlib
import pickle
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F"#
    )
}

/// The constants at the top.
fn settings(config: &Config, model_file_name: &str) -> String {
    let Config { batch_size, epochs, learning_rate, momentum, weight_decay, .. } = config;
    // A JSON string is a Python string.
    let name = serde_json::to_string(model_file_name).expect("a string");
    let mut text = format!(
        "MODEL = {name}
WIDTHS = {:?}
BATCH_SIZE = {batch_size}
EPOCHS = {epochs}  # of the run on the page
LEARNING_RATE = {learning_rate:?}
MOMENTUM = {momentum:?}
WEIGHT_DECAY = {weight_decay:?}
MEAN = torch.tensor({MEAN:?}).view(3, 1, 1)
STD = torch.tensor({STD:?}).view(3, 1, 1)
",
        config.widths()
    );
    if config.held_out > 0 {
        text += "# The page held training images out to validate on. Here the test batch is for that, and all are trained on.\n";
    }
    text
}

const FILES: &str = r#"def load(path):
    """The tensors of a safetensors file, by name."""
    raw = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    numbers = np.frombuffer(raw, "<f4", offset=8 + length)
    tensors = {}
    for name, about in header.items():
        begin, end = (at // 4 for at in about["data_offsets"])
        tensors[name] = torch.from_numpy(numbers[begin:end].reshape(about["shape"]).copy())
    return tensors


def save(path, tensors):
    """Writes such a file, which the page can read. It has no settings: they no longer tell how it was made."""
    header, parts, at = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in tensors.items():
        part = tensor.cpu().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + len(part)]}
        parts.append(part)
        at += len(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
"#;

/// Reading batches, and choosing among the training images.
fn images(config: &Config) -> String {
    let mut training = String::new();
    match config.subset {
        Subset::All => {}
        Subset::First(number) => training += &format!("    x, labels = x[:{number}], labels[:{number}]\n"),
        Subset::PerClass(each) => {
            training += &format!(
                "    first = [(labels == label).nonzero()[:{each}, 0] for label in range({CLASSES})]
    chosen = torch.cat(first).sort().values
    x, labels = x[chosen], labels[chosen]\n"
            );
        }
    }
    if config.random_labels {
        training += &format!(
            "    # Random labels, but others than the page's: what the network has memorised is of no use for them.
    labels = torch.randint({CLASSES}, labels.shape)\n"
        );
    }
    format!(
        r#"def read(paths):
    """The images (n, 3, 32, 32) and labels of some batches, as bytes."""
    batches = []
    for path in paths:
        with open(path, "rb") as file:
            batches.append(pickle.load(file, encoding="bytes"))
    x = np.concatenate([batch[b"data"] for batch in batches]).reshape(-1, 3, 32, 32)
    return torch.from_numpy(x), torch.tensor([label for batch in batches for label in batch[b"labels"]])


def training_images(folder):
    x, labels = read(sorted(folder.glob("data_batch_*")))
{training}    return x, labels


def normalise(x):
    return (x.float() / 255 - MEAN.to(x.device)) / STD.to(x.device)
"#
    )
}

/// The function for training images.
fn augment(augment: Augment) -> String {
    let mut text = String::from("def augment(x):\n");
    if augment.crop && augment.padding > 0 {
        let padding = augment.padding;
        text += &format!(
            r#"    """Pads by reflection, and crops each image (n, 3, 32, 32) at a place of its own."""
    padded = F.pad(x, [{padding}] * 4, mode="reflect")
    image = torch.arange(len(x)).view(-1, 1, 1, 1)
    channel = torch.arange(3).view(1, 3, 1, 1)
    row = torch.randint(2 * {padding} + 1, (len(x), 1, 1, 1)) + torch.arange(32).view(1, 1, 32, 1)
    column = torch.randint(2 * {padding} + 1, (len(x), 1, 1, 1)) + torch.arange(32).view(1, 1, 1, 32)
    x = padded[image, channel, row, column]
"#
        );
    }
    if augment.flip {
        text += "    # Every second image, at random, is mirrored left to right.
    mirrored = torch.rand(len(x), 1, 1, 1) < 0.5
    x = torch.where(mirrored.to(x.device), x.flip(3), x)\n";
    }
    text + "    return x\n"
}

/// The network, and how it is measured.
fn network(config: &Config) -> String {
    let mut layers = vec!["        nn.Flatten(),\n".to_owned()];
    for at in 0..=config.hidden.len() {
        if at > 0 {
            layers.push("        nn.ReLU(),\n".into());
        }
        layers.push(format!("        nn.Linear(WIDTHS[{at}], WIDTHS[{}]),\n", at + 1));
    }
    format!(
        r#"def network():
    return nn.Sequential(
{}    )


@torch.no_grad()
def accuracy(net, x, labels):
    """The share of images that are classified correctly."""
    right = [(net(normalise(x)).argmax(1) == labels).sum() for x, labels in zip(x.split(500), labels.split(500))]
    return sum(right).item() / len(labels)
"#,
        layers.concat()
    )
}

/// The learning rate of an epoch.
fn rate(schedule: Schedule) -> String {
    let value = match schedule {
        Schedule::Constant => "LEARNING_RATE".to_owned(),
        Schedule::Step { every, factor } => format!("LEARNING_RATE * {factor:?} ** (done // {every})"),
        Schedule::Cosine => "LEARNING_RATE * (1 + math.cos(math.pi * done / epochs)) / 2".into(),
    };
    format!(
        r#"def rate(done, epochs):
    """The learning rate of the epoch that begins after `done` of `epochs`, those on the page included."""
    return {value}
"#
    )
}

fn main(config: &Config) -> String {
    let input = if config.augment.is_on() { "augment(normalise(x[batch]))" } else { "normalise(x[batch])" };
    format!(
        r#"def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path, help="cifar-10-batches-py")
    parser.add_argument("--model", default=MODEL, help="the file that the page has saved")
    parser.add_argument("--done", type=int, default=EPOCHS, help="epochs done on the page")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="epochs to train")
    parser.add_argument("--seed", type=int, default={seed})
    parser.add_argument("--out", default="continued.safetensors")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"

    net = network()
    # Whatever its layers are named, they are in order.
    net.load_state_dict(dict(zip(net.state_dict(), load(options.model).values())))
    net.to(device)
    x, labels = (tensor.to(device) for tensor in training_images(options.folder))
    test_x, test_labels = (tensor.to(device) for tensor in read([options.folder / "test_batch"]))
    print(f"test accuracy {{accuracy(net, test_x, test_labels):.4f}}")

    optimizer = torch.optim.SGD(net.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    epochs = options.done + options.epochs
    for done in range(options.done, epochs):
        optimizer.param_groups[0]["lr"] = rate(done, epochs)
        losses = []
        for batch in torch.randperm(len(x), device=device).split(BATCH_SIZE):
            loss = F.cross_entropy(net({input}), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        test = accuracy(net, test_x, test_labels)
        print(f"epoch {{done + 1}}: mean loss {{np.mean(losses):.4f}}, test accuracy {{test:.4f}}", flush=True)
    save(options.out, net.state_dict())


if __name__ == "__main__":
    main()
"#,
        seed = config.seed
    )
}
