#!/usr/bin/env python3
"""Train a small network of MobileNetV2's kind and write mobile.onnx and manifest.json.

Run as `python3 models/mobile/train.py FOLDER` (PyTorch 1.13, onnx 1.12), FOLDER holding
Fashion-MNIST. The last images of the training set are left out of the training: they
serve for calibration. The test images are looked at once, after the last epoch.
"""

import gzip
import hashlib
import json
import pathlib
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).resolve().parent
TRAINING = 55_000  # images; the other 5,000 are for calibration
EPOCHS = 2
BATCH = 128
RATE = 8e-3

# Expansion, channels and stride of the inverted residuals.
BLOCKS = [(1, 16, 1), (4, 24, 2), (4, 24, 1), (4, 40, 2), (4, 40, 1), (4, 40, 1)]


def layer(channels_in, channels, kernel, stride=1, groups=1, activation=True):
    parts = [
        nn.Conv2d(channels_in, channels, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(channels)]
    return nn.Sequential(*parts, *([nn.ReLU6()] if activation else []))


class InvertedResidual(nn.Module):
    """Expand, filter each channel, project linearly; add the input where shapes allow."""

    def __init__(self, channels_in, expansion, channels, stride):
        super().__init__()
        wide = channels_in * expansion
        self.residual = stride == 1 and channels_in == channels
        self.layers = nn.Sequential(
            *([layer(channels_in, wide, 1)] if expansion > 1 else []),
            layer(wide, wide, 3, stride, groups=wide),
            layer(wide, channels, 1, activation=False))

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        channels, blocks = 16, []
        for expansion, out, stride in BLOCKS:
            blocks.append(InvertedResidual(channels, expansion, out, stride))
            channels = out
        self.stem, self.blocks = layer(1, 16, 3, stride=2), nn.Sequential(*blocks)
        self.head, self.classify = layer(channels, 128, 1), nn.Linear(128, 10)

    def forward(self, x):
        x = self.head(self.blocks(self.stem(x)))
        return self.classify(F.adaptive_avg_pool2d(x, 1).flatten(1))


def load(folder, part):
    images = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    x = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 1, 28, 28)
    x = (torch.from_numpy(x.copy()).float() / 255 - 0.5) / 0.5
    return x, torch.from_numpy(np.frombuffer(labels, np.uint8, offset=8).astype(np.int64))


def vary(x):
    """Mirror every other image and move all of them by up to two pixels."""
    x = torch.where(torch.rand(len(x), 1, 1, 1) < 0.5, x.flip(3), x)
    dy, dx = torch.randint(0, 5, (2,)).tolist()
    return F.pad(x, (2, 2, 2, 2), value=-1.0)[:, :, dy:dy + 28, dx:dx + 28]


def fit(net, x, y):
    steps = -(-len(x) // BATCH)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=EPOCHS * steps)
    net.train()
    for epoch in range(EPOCHS):
        total = 0.0
        for batch in torch.randperm(len(x)).split(BATCH):
            loss = F.cross_entropy(net(vary(x[batch])), y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch + 1}/{EPOCHS}: loss {total / len(x):.4f}", flush=True)


@torch.no_grad()
def accuracy(net, x, y):
    right = sum((net(images).argmax(1) == labels).sum().item() for images, labels in zip(x.split(500), y.split(500)))
    return 100 * right / len(y)


def export(net, path):
    """Keep BatchNormalization as nodes: folding them is the converter's work."""
    torch.onnx.export(
        net, torch.zeros(1, 1, 28, 28), str(path), opset_version=13,
        training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
        input_names=["image"], output_names=["logits"],
        dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}})


def main():
    folder = pathlib.Path(sys.argv[1])
    torch.manual_seed(0)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    net = Net()
    x, y = load(folder, "train")
    fit(net, x[:TRAINING], y[:TRAINING])
    net.eval()
    top1 = accuracy(net, *load(folder, "t10k"))
    export(net, HERE / "mobile.onnx")
    data = (HERE / "mobile.onnx").read_bytes()
    manifest = {
        "licence": "Apache-2.0",
        "command": "python3 models/mobile/train.py FOLDER",
        "preprocess": "mnist",
        "training": {"seed": 0, "samples": TRAINING, "epochs": EPOCHS},
        "model": {
            "file": "mobile.onnx", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
            "parameters": sum(p.numel() for p in net.parameters()), "top1": round(top1, 2)},
    }
    (HERE / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"top-1 on the 10,000 test images: {top1:.2f} %")


if __name__ == "__main__":
    main()
