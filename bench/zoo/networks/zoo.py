"""What the files of the zoo share: the list of networks, and how one becomes an ONNX file.

A file of this folder describes networks by functions that return a module, under the
decorator `network`. Weights are drawn, not trained; statistics of normalisation are
measured, so that signals keep their size through deep networks as they do in trained ones.
"""

import dataclasses
import typing
import warnings
import zlib

import torch
from torch import nn
from torch.nn import functional as F


@dataclasses.dataclass
class Entry:
    name: str
    family: str
    make: typing.Callable[[], nn.Module]
    shape: tuple  # of one sample; several inputs have a tuple of shapes
    opset: int
    options: dict  # of torch.onnx.export
    raw: typing.Optional[typing.Callable[[], bytes]] = None  # the file itself, where torch does not write it


ENTRIES: typing.Dict[str, Entry] = {}


def network(name, family, shape=(3, 64, 64), opset=13, **options):
    """Decorates a function without arguments that returns a module."""
    def add(make):
        if name in ENTRIES:
            raise ValueError(f"two networks are called {name}")
        ENTRIES[name] = Entry(name, family, make, shape, opset, options)
        return make
    return add


def model(name, family):
    """Decorates a function that returns an onnx.ModelProto."""
    def add(make):
        if name in ENTRIES:
            raise ValueError(f"two networks are called {name}")
        ENTRIES[name] = Entry(name, family, None, (), 0, {}, make)
        return make
    return add


def several(makers, family, shape=(3, 64, 64), opset=13, **options):
    """Adds networks that differ in little, from a dict of functions by name."""
    for name, make in makers.items():
        network(name, family, shape, opset, **options)(make)


def sample(shape, batch, generator):
    """Smoothed noise, each sample with a mean and a contrast of its own."""
    x = torch.randn(batch, *shape, generator=generator)
    if len(shape) == 3 and min(shape[1:]) >= 16:
        coarse = torch.randn(batch, shape[0], 4, 4, generator=generator)
        x = 0.4 * x + F.interpolate(coarse, size=shape[1:], mode="bilinear", align_corners=False)
    one = [batch] + [1] * len(shape)
    contrast = 0.5 + torch.rand(one, generator=generator)
    return contrast * x + 0.3 * torch.randn(one, generator=generator)


def draw(module, generator):
    """Draws the weights of a module as networks have them after training: variances kept,
    factors of normalisation around 1."""
    for m in module.modules():
        if isinstance(m, (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear, nn.ConvTranspose1d, nn.ConvTranspose2d)):
            inputs = m.weight[0].numel()
            if isinstance(m, (nn.ConvTranspose1d, nn.ConvTranspose2d)):
                inputs = m.weight.numel() // m.weight.shape[1] // max(1, m.stride[0] ** (m.weight.dim() - 2))
            with torch.no_grad():
                m.weight.normal_(0, (2 / max(1, inputs)) ** 0.5, generator=generator)
                if m.bias is not None:
                    m.bias.normal_(0, 0.1, generator=generator)
        elif isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.GroupNorm, nn.LayerNorm, nn.InstanceNorm2d)) and m.weight is not None:
            with torch.no_grad():
                m.weight.uniform_(0.5, 1.5, generator=generator)
                m.bias.normal_(0, 0.2, generator=generator)


def measure(module, shapes, generator):
    """Gives BatchNormalization the statistics of what it sees."""
    norms = [m for m in module.modules() if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d))]
    if not norms:
        return
    for m in norms:
        m.reset_running_stats()
        m.momentum = None
    module.train()
    for m in module.modules():
        if isinstance(m, (nn.Dropout, nn.Dropout2d)):
            m.eval()
    with torch.no_grad():
        for _ in range(4):
            module(*(sample(s, 16, generator) for s in shapes))


def export(entry, path):
    """Writes the ONNX file of a network."""
    if entry.raw is not None:
        data = entry.raw().SerializeToString()
        path.write_bytes(data)
        return
    seed = zlib.crc32(entry.name.encode())
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    shapes = entry.shape if isinstance(entry.shape[0], tuple) else (entry.shape,)
    module = entry.make()
    draw(module, generator)
    measure(module, shapes, generator)
    module.eval()
    inputs = tuple(sample(s, 1, generator) for s in shapes)
    names = [f"input{i}" if i else "input" for i in range(len(inputs))]
    options = {"dynamic_axes": {n: {0: "batch"} for n in names}, **entry.options}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, inputs, str(path), opset_version=entry.opset, input_names=names, **options)
