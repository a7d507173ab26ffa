"""Writes sgd.json: momentum, weight decay and schedules as PyTorch computes them. Needs `pip install torch`.

The network, the batch and the initial weights are those of mlp.json, in f64.
"""

import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
here = pathlib.Path(__file__)
mlp = json.loads(here.with_name("mlp.json").read_text())
widths = mlp["widths"]
x = torch.tensor(mlp["x"]).reshape(-1, widths[0])
labels = torch.tensor(mlp["labels"])
loss_of = torch.nn.CrossEntropyLoss()


def network():
    layers = [torch.nn.Linear(i, o) for i, o in zip(widths, widths[1:])]
    with torch.no_grad():
        for layer, values in zip(layers, mlp["parameters"]):
            layer.weight.copy_(torch.tensor(values["weight"]).reshape(layer.weight.shape))
            layer.bias.copy_(torch.tensor(values["bias"]))
    return torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])


def run(momentum, weight_decay, steps=12):
    net = network()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=momentum, weight_decay=weight_decay)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(net(x), labels)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    last = [{"weight": layer.weight.detach().flatten().tolist(), "bias": layer.bias.tolist()} for layer in net[::2]]
    return {"momentum": momentum, "weight_decay": weight_decay, "losses": losses, "parameters": last}


def rates(make, epochs=12):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.15)
    schedule = make(optimizer)
    rates = []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return rates


golden = {
    "torch": torch.__version__.split("+")[0],
    "rate": 0.1,
    "runs": [run(m, d) for m, d in [(0.9, 0.0), (0.0, 0.01), (0.9, 0.01)]],
    "base": 0.15,
    "step_5_by_0.25": rates(lambda o: torch.optim.lr_scheduler.StepLR(o, 5, 0.25)),
    "cosine_of_12": rates(lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 12)),
}
here.with_name("sgd.json").write_text(json.dumps(golden) + "\n")
