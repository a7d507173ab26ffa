"""Writes question8.json: what PyTorch's autograd computes for question 8. Needs `pip install torch`.

The second case has an entry of y that is exactly 0; PyTorch's ReLU takes the subgradient 0 there.
"""

import json
import pathlib

import torch

torch.manual_seed(8)
torch.set_default_dtype(torch.float64)


def case(w, x):
    w = w.clone().requires_grad_()
    u = torch.relu(w @ x)
    v = u + w @ u
    loss = 0.5 * (v @ v)
    loss.backward()
    return {"d": len(x), "w": w.detach().flatten().tolist(), "x": x.tolist(), "loss": loss.item(), "dw": w.grad.flatten().tolist()}


kink = torch.tensor([[2.0, -1.0], [0.5, 0.25]])
cases = [case(torch.randn(d, d), torch.randn(d)) for d in (1, 2, 5, 8)] + [case(kink, torch.tensor([1.0, 2.0]))]
pathlib.Path(__file__).with_name("question8.json").write_text(json.dumps(cases) + "\n")
