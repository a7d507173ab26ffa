"""The training step in PyTorch on the CPU. Reads commands line by line, answers each with a line of JSON.

losses THREADS COUNT RATE     the losses of some steps from the start weights
speed THREADS SECONDS RATE    images a second over at least these seconds, from the start weights
"""
import json
import os
import sys
import time

import numpy as np
import torch

WIDTHS = [3072, 512, 512, 10]
BATCH = 256


def read(name, kind):
    return torch.from_numpy(np.fromfile(os.path.join(sys.argv[1], name), dtype=kind))


def network():
    numbers, at, layers = read("weights", np.float32), 0, []
    for inputs, outputs in zip(WIDTHS, WIDTHS[1:]):
        layer = torch.nn.Linear(inputs, outputs)
        with torch.no_grad():
            layer.weight.copy_(numbers[at : at + inputs * outputs].view(outputs, inputs))
            at += inputs * outputs
            layer.bias.copy_(numbers[at : at + outputs])
            at += outputs
        layers += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def stepper(rate):
    net = network()
    optimiser = torch.optim.SGD(net.parameters(), lr=rate)

    def step():
        loss = torch.nn.functional.cross_entropy(net(images), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def speed(seconds, rate):
    step = stepper(rate)
    step()
    begin, done, elapsed = time.perf_counter(), 0, 0.0
    while elapsed < seconds:
        loss = step()
        done += 1
        elapsed = time.perf_counter() - begin
    assert np.isfinite(loss), "PyTorch diverged"
    return done * BATCH / elapsed


images = read("images", np.float32).view(BATCH, WIDTHS[0])
labels = read("labels", np.uint8).long()
print(json.dumps({"version": torch.__version__, "capability": torch.backends.cpu.get_cpu_capability()}), flush=True)
for line in sys.stdin:
    command, threads, amount, rate = line.split()
    torch.set_num_threads(int(threads))
    if command == "losses":
        step = stepper(float(rate))
        answer = [step() for _ in range(int(amount))]
    else:
        answer = speed(float(amount), float(rate))
    print(json.dumps(answer), flush=True)
