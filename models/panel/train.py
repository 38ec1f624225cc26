#!/usr/bin/env python3
"""Train the networks of the panel and write their ONNX files and entries of manifest.json.

    python3 models/panel/train.py FOLDER [NAME...]

FOLDER holds cifar10/train_batch.bin and test_batch.bin (CIFAR-10's binary form) and
fashion-mnist (the files of its authors). Without names, all networks are trained, each in
some minutes on one thread (PyTorch 1.13, onnx 1.12). The last 5,000 training images of
Fashion-MNIST are left out: they serve for calibration, as cifar10/calib_batch.bin does,
which has other images than train_batch.bin. The test images are looked at once, after the
last epoch.
"""

import dataclasses
import gzip
import hashlib
import json
import pathlib
import sys
import time
import typing

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import networks

HERE = pathlib.Path(__file__).resolve().parent
BATCH = 64
SEED = 0
FASHION_TRAINING = 55_000
CIFAR_MEAN, CIFAR_STD = (0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616)


@dataclasses.dataclass
class Training:
    shape: typing.Callable[[], nn.Module]
    data: str
    epochs: int
    seen: bool  # whether the method may be chosen by this network, see README.md
    rate: float = 5e-3
    afterwards: typing.Optional[typing.Callable[[nn.Module], None]] = None


PANEL = {
    "convnext": Training(networks.convnext, "cifar10", 8, seen=False),
    "densenet": Training(networks.densenet, "cifar10", 8, seen=True),
    "efficientnet": Training(networks.efficientnet, "fashion-mnist", 1, seen=True),
    "googlenet": Training(networks.googlenet, "cifar10", 24, seen=True),
    "plain": Training(networks.plain, "cifar10", 24, seen=True, rate=2e-3),
    "prelu": Training(networks.prelu, "cifar10", 16, seen=False),
    "resnext": Training(networks.resnext, "cifar10", 12, seen=False),
    "shufflenet": Training(networks.shufflenet, "fashion-mnist", 2, seen=False),
    "wide": Training(networks.wide, "fashion-mnist", 1, seen=False),
    "wild": Training(networks.wild, "cifar10", 30, seen=True, afterwards=networks.disturb),
}


def cifar(folder, part):
    records = np.fromfile(folder / "cifar10" / f"{part}_batch.bin", np.uint8).reshape(-1, 3073)
    x = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32)) / 255
    x = (x - torch.tensor(CIFAR_MEAN).view(3, 1, 1)) / torch.tensor(CIFAR_STD).view(3, 1, 1)
    return x, torch.from_numpy(records[:, 0].astype(np.int64))


def fashion(folder, part):
    folder = folder / "fashion-mnist"
    images = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    x = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 1, 28, 28)
    x = (torch.from_numpy(x.astype(np.float32)) / 255 - 0.5) / 0.5
    return x, torch.from_numpy(np.frombuffer(labels, np.uint8, offset=8).astype(np.int64))


def load(folder, data, training):
    if data == "cifar10":
        return cifar(folder, "train" if training else "test")
    x, y = fashion(folder, "train" if training else "t10k")
    return (x[:FASHION_TRAINING], y[:FASHION_TRAINING]) if training else (x, y)


def vary(x):
    """Mirror every other image and move each by up to 3 pixels."""
    n, _, size, _ = x.shape
    x = torch.where(torch.rand(n, 1, 1, 1) < 0.5, x.flip(3), x)
    x = F.pad(x, (3, 3, 3, 3), value=x.min().item())
    rows = torch.randint(0, 7, (n, 1)) + torch.arange(size)
    columns = torch.randint(0, 7, (n, 1)) + torch.arange(size)
    return x[torch.arange(n).view(n, 1, 1), :, rows.unsqueeze(2), columns.unsqueeze(1)].permute(0, 3, 1, 2)


def fit(net, x, y, t):
    steps = -(-len(x) // BATCH)
    optimiser = torch.optim.AdamW(net.parameters(), lr=t.rate, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, t.rate, total_steps=t.epochs * steps)
    net.train()
    for epoch in range(t.epochs):
        start, total = time.process_time(), 0.0
        for batch in torch.randperm(len(x)).split(BATCH):
            images = vary(x[batch]).contiguous(memory_format=torch.channels_last)
            loss = F.cross_entropy(net(images), y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch + 1}/{t.epochs}: loss {total / len(x):.4f}, {time.process_time() - start:.1f} s", flush=True)


@torch.no_grad()
def accuracy(net, x, y):
    right = sum((net(images).argmax(1) == labels).sum().item() for images, labels in zip(x.split(500), y.split(500)))
    return 100 * right / len(y)


def export(net, shape, path):
    """Keep BatchNormalization as nodes: folding them is the converter's work."""
    torch.onnx.export(
        net, torch.zeros(1, *shape), str(path), opset_version=13,
        training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
        input_names=["image"], output_names=["logits"],
        dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}})


def entry(name, t, net, samples, top1):
    data = (HERE / f"{name}.onnx").read_bytes()
    return {
        "name": name, "file": f"{name}.onnx", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
        "seen": t.seen, "data": t.data, "preprocess": "cifar10-mean" if t.data == "cifar10" else "mnist",
        "parameters": sum(p.numel() for p in net.parameters()), "top1": round(top1, 2),
        "training": {
            "command": f"python3 models/panel/train.py FOLDER {name}", "seed": SEED,
            "samples": samples, "epochs": t.epochs, "batch": BATCH, "rate": t.rate},
    }


def record(new):
    """Put an entry in the place of the one of its name."""
    path = HERE / "manifest.json"
    old = json.loads(path.read_text())["models"] if path.exists() else []
    entries = sorted([e for e in old if e["name"] != new["name"]] + [new], key=lambda e: e["name"])
    path.write_text(json.dumps({"licence": "Apache-2.0", "models": entries}, indent=2) + "\n")


def train(folder, name):
    t = PANEL[name]
    torch.manual_seed(SEED)
    net = t.shape().to(memory_format=torch.channels_last)
    x, y = load(folder, t.data, training=True)
    print(f"{name}: {sum(p.numel() for p in net.parameters())} parameters", flush=True)
    fit(net, x, y, t)
    net.eval()
    if t.afterwards:
        t.afterwards(net)
    net = net.to(memory_format=torch.contiguous_format)
    export(net, x.shape[1:], HERE / f"{name}.onnx")
    top1 = accuracy(net, *load(folder, t.data, training=False))
    record(entry(name, t, net, len(x), top1))
    print(f"{name}: top-1 on the 10,000 test images: {top1:.2f} %", flush=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    for name in sys.argv[2:] or PANEL:
        train(pathlib.Path(sys.argv[1]), name)


if __name__ == "__main__":
    main()
