"""Reads ours.safetensors with PyTorch, and writes what PyTorch makes of it, and a file of its own, for the tests.

Needs `pip install torch safetensors`; run beside this file. Exits with an error where PyTorch does not read what the
page writes. ours.safetensors comes from the test `the_file_is_the_golden_one`, with PIECEWISE_WRITE_GOLDEN=1.
"""

import json
import pathlib

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

here = pathlib.Path(__file__)
ours = here.with_name("ours.safetensors")


def sequential(*widths):
    layers = [torch.nn.Flatten()]
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


# The test's images, of which each number is exact in f32.
x = torch.tensor([[(p * 7 + image * 5) % 31 - 15 for p in range(3072)] for image in range(4)]) / 16
x = x.reshape(4, 3, 32, 32)


def logits(net):
    return net(x).detach().double().flatten().tolist()


net = sequential(3072, 2, 3, 10)
missing, unexpected = net.load_state_dict(load_file(ours), strict=True)
assert not missing and not unexpected
# The weights of the test, by its formula: PyTorch sees the same numbers in the same places.
counted = 0
for layer in net[1::2]:
    for tensor in (layer.weight, layer.bias):
        flat = torch.tensor([(counted + i) * 37 % 101 - 50 for i in range(tensor.numel())]) / 512
        assert torch.equal(tensor.detach(), flat.reshape(tensor.shape))
        counted += tensor.numel()
with safe_open(ours, framework="pt") as file:
    metadata = file.metadata()
assert metadata["hidden"] == "2,3" and metadata["learning_rate"] == "0.15" and metadata["format"] == "pt", metadata

torch.manual_seed(9)
theirs = sequential(3072, 1, 10)
save_file(theirs.state_dict(), here.with_name("theirs.safetensors"))
golden = {"torch": torch.__version__.split("+")[0], "ours": logits(net), "theirs": logits(theirs)}
here.with_name("model.json").write_text(json.dumps(golden) + "\n")
print("PyTorch reads ours.safetensors")
