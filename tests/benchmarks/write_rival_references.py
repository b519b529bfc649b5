"""Writes what pytorch-metric-learning says of fixed codes: `write_rival_references.py JSON`.

In an environment with pytorch-metric-learning (2.9.0 wrote the file beside this one).
"""

import json
import sys

import numpy as np
import pytorch_metric_learning
import torch
from pytorch_metric_learning import losses

CODES = np.sin(np.arange(1, 41) ** 1.3).reshape(10, 4).round(3)
PROXIES = np.cos(np.arange(1, 21) ** 1.2).reshape(5, 4).round(3)
# Artist 3 has one work, and artist 4 none.
ARTISTS = [0, 0, 0, 1, 1, 1, 2, 2, 3, 2]


def value_and_gradient(loss):
    codes = torch.tensor(CODES, dtype=torch.float64, requires_grad=True)
    value = loss(codes, torch.tensor(ARTISTS))
    value.backward()
    return {"value": value.item(), "gradient": codes.grad.tolist()}


def proxy_anchor(**options):
    loss = losses.ProxyAnchorLoss(len(PROXIES), PROXIES.shape[1], **options).double()
    loss.proxies.data = torch.tensor(PROXIES)
    return value_and_gradient(loss)


def main(path):
    references = {
        "package": f"pytorch-metric-learning {pytorch_metric_learning.__version__}",
        "codes": CODES.tolist(),
        "artists": ARTISTS,
        "proxies": PROXIES.tolist(),
        "supervised_contrastive": {
            str(temperature): value_and_gradient(losses.SupConLoss(temperature=temperature))
            for temperature in (0.1, 0.5)
        },
        "proxy_anchor": {
            "0.1, 32": proxy_anchor(margin=0.1, alpha=32),
            "0.3, 4": proxy_anchor(margin=0.3, alpha=4),
        },
    }
    with open(path, "w", encoding="utf-8") as file:
        rows = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in references.items())
        file.write("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
