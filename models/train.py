#!/usr/bin/env python3
"""Train the demonstration network and write demo.onnx and manifest.json.

Run as `python3 models/train.py` (PyTorch 1.13, onnx 1.12, Go for the samples).
The same versions on the same machine give the same file; other versions give a
network of about the same accuracy.
"""

import gzip
import hashlib
import json
import pathlib
import subprocess
import tempfile

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).resolve().parent
SEEDS = {"training": 1, "calibration": 2, "test": 3}
COUNTS = {"training": 40_000, "calibration": 256, "test": 1_000}
EPOCHS = 12
BATCH = 128


class Net(nn.Module):
    """Three convolutions, one residual block between them, two dense layers."""

    def __init__(self, classes):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)
        self.conv2, self.bn2 = nn.Conv2d(16, 24, 3, padding=1, bias=False), nn.BatchNorm2d(24)
        self.block1, self.block1_bn = nn.Conv2d(24, 24, 3, padding=1, bias=False), nn.BatchNorm2d(24)
        self.block2, self.block2_bn = nn.Conv2d(24, 24, 3, padding=1, bias=False), nn.BatchNorm2d(24)
        self.conv3, self.bn3 = nn.Conv2d(24, 48, 3, padding=1, bias=False), nn.BatchNorm2d(48)
        self.fc1 = nn.Linear(48 * 3 * 3, 64)
        self.fc2 = nn.Linear(64, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.relu(self.bn2(self.conv2(x)))
        y = F.relu(self.block1_bn(self.block1(x)))
        x = F.relu(x + self.block2_bn(self.block2(y)))
        x = F.max_pool2d(x, 2)
        x = F.max_pool2d(F.relu(self.bn3(self.conv3(x))), 2)
        return self.fc2(F.relu(self.fc1(torch.flatten(x, 1))))


def draw(folder, name):
    subprocess.run(
        ["go", "run", "./draw", "-seed", str(SEEDS[name]), "-n", str(COUNTS[name]), "-o", str(folder)],
        cwd=HERE, check=True)
    images = gzip.decompress((folder / "glyphs-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / "glyphs-labels-idx1-ubyte.gz").read_bytes())
    x = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 1, 28, 28)
    x = (torch.from_numpy(x.copy()).float() / 255 - 0.5) / 0.5
    return x, torch.from_numpy(np.frombuffer(labels, np.uint8, offset=8).astype(np.int64))


def fit(net, x, y):
    steps = -(-len(x) // BATCH)
    optimiser = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=EPOCHS * steps)
    net.train()
    for epoch in range(EPOCHS):
        total = 0.0
        for batch in torch.randperm(len(x)).split(BATCH):
            loss = F.cross_entropy(net(x[batch]), y[batch], label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch + 1}/{EPOCHS}: loss {total / len(x):.4f}", flush=True)


@torch.no_grad()
def accuracy(net, x, y):
    return 100 * (net(x).argmax(1) == y).float().mean().item()


def export(net, path):
    """Keep BatchNormalization as nodes: folding them is the converter's work."""
    torch.onnx.export(
        net, torch.zeros(1, 1, 28, 28), str(path), opset_version=13,
        training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
        input_names=["image"], output_names=["logits"],
        dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}})


def describe(name, **more):
    data = (HERE / name).read_bytes()
    return {"file": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), **more}


def manifest(top1):
    samples = [
        describe(f"{name}/glyphs-{part}-ubyte.gz", seed=SEEDS[name], samples=COUNTS[name])
        for name in ("calibration", "test") for part in ("images-idx3", "labels-idx1")]
    return {
        "licence": "Apache-2.0",
        "command": "python3 models/train.py",
        "preprocess": "mnist",
        "training": {"seed": SEEDS["training"], "samples": COUNTS["training"], "epochs": EPOCHS},
        "model": describe("demo.onnx", top1=round(top1, 2)),
        "samples": samples,
    }


def main():
    torch.manual_seed(0)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory() as folder:
        x, y = draw(pathlib.Path(folder), "training")
    draw(HERE / "calibration", "calibration")
    net = Net(len((HERE / "classes.txt").read_text().split()))
    fit(net, x, y)
    net.eval()
    top1 = accuracy(net, *draw(HERE / "test", "test"))
    export(net, HERE / "demo.onnx")
    (HERE / "manifest.json").write_text(json.dumps(manifest(top1), indent=2) + "\n")
    print(f"top-1 on the {COUNTS['test']} test samples: {top1:.2f} %")


if __name__ == "__main__":
    main()
