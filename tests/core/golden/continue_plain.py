"""Goes on in PyTorch with a network that Piecewise has trained on CIFAR-10.

Needs torch and numpy, and cifar-10-python.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html, unpacked:

    python3 continue.py cifar-10-batches-py --epochs 10

Random numbers are others than the page's: it goes on alike, not to the bit. Momentum starts from rest.
"""

import argparse
import json
import pathlib
import pickle
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

MODEL = "ours.safetensors"
WIDTHS = [3072, 2, 3, 10]
BATCH_SIZE = 256
EPOCHS = 3  # of the run on the page
LEARNING_RATE = 0.05
MOMENTUM = 0.9
WEIGHT_DECAY = 0.01
MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).view(3, 1, 1)
STD = torch.tensor([0.247, 0.2435, 0.2616]).view(3, 1, 1)


def load(path):
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


def read(paths):
    """The images (n, 3, 32, 32) and labels of some batches, as bytes."""
    batches = []
    for path in paths:
        with open(path, "rb") as file:
            batches.append(pickle.load(file, encoding="bytes"))
    x = np.concatenate([batch[b"data"] for batch in batches]).reshape(-1, 3, 32, 32)
    return torch.from_numpy(x), torch.tensor([label for batch in batches for label in batch[b"labels"]])


def training_images(folder):
    x, labels = read(sorted(folder.glob("data_batch_*")))
    return x, labels


def normalise(x):
    return (x.float() / 255 - MEAN.to(x.device)) / STD.to(x.device)


def network():
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(WIDTHS[0], WIDTHS[1]),
        nn.ReLU(),
        nn.Linear(WIDTHS[1], WIDTHS[2]),
        nn.ReLU(),
        nn.Linear(WIDTHS[2], WIDTHS[3]),
    )


@torch.no_grad()
def accuracy(net, x, labels):
    """The share of images that are classified correctly."""
    right = [(net(normalise(x)).argmax(1) == labels).sum() for x, labels in zip(x.split(500), labels.split(500))]
    return sum(right).item() / len(labels)


def rate(done, epochs):
    """The learning rate of the epoch that begins after `done` of `epochs`, those on the page included."""
    return LEARNING_RATE * 0.5 ** (done // 2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path, help="cifar-10-batches-py")
    parser.add_argument("--model", default=MODEL, help="the file that the page has saved")
    parser.add_argument("--done", type=int, default=EPOCHS, help="epochs done on the page")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="epochs to train")
    parser.add_argument("--seed", type=int, default=1)
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
    print(f"test accuracy {accuracy(net, test_x, test_labels):.4f}")

    optimizer = torch.optim.SGD(net.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    epochs = options.done + options.epochs
    for done in range(options.done, epochs):
        optimizer.param_groups[0]["lr"] = rate(done, epochs)
        losses = []
        for batch in torch.randperm(len(x), device=device).split(BATCH_SIZE):
            loss = F.cross_entropy(net(normalise(x[batch])), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        test = accuracy(net, test_x, test_labels)
        print(f"epoch {done + 1}: mean loss {np.mean(losses):.4f}, test accuracy {test:.4f}", flush=True)
    save(options.out, net.state_dict())


if __name__ == "__main__":
    main()
