"""Writes mlp.json: what PyTorch computes for a small network. Needs `pip install torch`; run beside this file.

The tests read the file, so PyTorch is not needed to run them.
"""

import json
import pathlib

import torch

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)

WIDTHS, BATCH, RATE, STEPS = [13, 9, 7, 10], 11, 0.15, 10

layers = [torch.nn.Linear(i, o) for i, o in zip(WIDTHS, WIDTHS[1:])]
net = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
x = torch.randn(BATCH, WIDTHS[0])
labels = torch.randint(0, WIDTHS[-1], (BATCH,))
loss_of = torch.nn.CrossEntropyLoss()


def numbers(tensor):
    return tensor.detach().flatten().tolist()


def parameters(of):
    return [{"weight": numbers(of(layer.weight)), "bias": numbers(of(layer.bias))} for layer in layers]


golden = {
    "torch": torch.__version__.split("+")[0],
    "widths": WIDTHS,
    "rate": RATE,
    "x": numbers(x),
    "labels": labels.tolist(),
    "parameters": parameters(lambda p: p),
}
logits = net(x)
loss = loss_of(logits, labels)
loss.backward()
golden |= {"logits": numbers(logits), "loss": loss.item(), "gradients": parameters(lambda p: p.grad)}

optimizer = torch.optim.SGD(net.parameters(), lr=RATE)
losses = []
for _ in range(STEPS):
    optimizer.zero_grad()
    loss = loss_of(net(x), labels)
    losses.append(loss.item())
    loss.backward()
    optimizer.step()
golden["losses"] = losses

pathlib.Path(__file__).with_name("mlp.json").write_text(json.dumps(golden) + "\n")
