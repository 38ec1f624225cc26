"""The shapes of the panel's networks: small, each with what its kind is known for.

All take N x C x H x W pictures and give one logit per class. Parameters are few, so that the
files can be kept beside the code.
"""

import torch
from torch import nn
from torch.nn import functional as F


def conv(channels_in, channels, kernel=3, stride=1, groups=1):
    """A convolution and its BatchNormalization."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(channels))


def active(channels_in, channels, kernel=3, stride=1, groups=1, activation=nn.ReLU):
    return nn.Sequential(*conv(channels_in, channels, kernel, stride, groups), activation())


class Pooled(nn.Sequential):
    """Global average pooling and a dense layer."""

    def __init__(self, channels, classes=10):
        super().__init__(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


class Residual(nn.Module):
    """layers(x) plus x, or plus short(x); then after."""

    def __init__(self, layers, short=None, after=None):
        super().__init__()
        self.layers, self.short, self.after = layers, short or nn.Identity(), after or nn.Identity()

    def forward(self, x):
        return self.after(self.layers(x) + self.short(x))


class Dense(nn.Module):
    """DenseNet's layer: what it computes is put behind what it was given."""

    def __init__(self, channels, growth, wide):
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, wide, 1, bias=False),
            nn.BatchNorm2d(wide), nn.ReLU(), nn.Conv2d(wide, growth, 3, padding=1, bias=False))

    def forward(self, x):
        return torch.cat([x, self.layers(x)], 1)


def densenet():
    channels, layers = 24, [nn.Conv2d(3, 24, 3, 2, 1, bias=False)]
    for block in range(3):
        for _ in range(4):
            layers.append(Dense(channels, 8, 40))
            channels += 8
        if block < 2:
            layers += [nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels // 2, 1, bias=False), nn.AvgPool2d(2)]
            channels //= 2
    return nn.Sequential(*layers, nn.BatchNorm2d(channels), nn.ReLU(), Pooled(channels))


def resnext():
    channels, layers = 32, [active(3, 32, stride=2)]
    for out, wide, stride in [(64, 32, 1), (64, 32, 1), (80, 40, 2), (80, 40, 1), (112, 56, 2), (112, 56, 1)]:
        short = None if channels == out else conv(channels, out, 1, stride)
        layers.append(Residual(
            nn.Sequential(active(channels, wide, 1), active(wide, wide, 3, stride, groups=8), conv(wide, out, 1)), short, nn.ReLU()))
        channels = out
    return nn.Sequential(*layers, Pooled(channels))


def efficientnet():
    """Inverted residuals with SiLU, and depthwise filters of 3 and 5."""
    channels, layers = 16, [active(1, 16, stride=2, activation=nn.SiLU)]
    for expand, out, kernel, stride in [(1, 16, 3, 1), (4, 24, 3, 1), (4, 24, 3, 1), (4, 40, 5, 2), (4, 40, 5, 1), (4, 56, 3, 2)]:
        wide = channels * expand
        block = nn.Sequential(
            *([active(channels, wide, 1, activation=nn.SiLU)] if expand > 1 else []),
            active(wide, wide, kernel, stride, groups=wide, activation=nn.SiLU), conv(wide, out, 1))
        layers.append(Residual(block) if stride == 1 and channels == out else block)
        channels = out
    return nn.Sequential(*layers, active(channels, 160, 1, activation=nn.SiLU), Pooled(160))


def convnext():
    """Patches for a stem, depthwise filters of 7, one activation a block, sums without one."""
    channels, layers = 20, [nn.Conv2d(3, 20, 2, 2), nn.BatchNorm2d(20)]
    for out in (20, 32, 48):
        if out != channels:
            layers += [nn.BatchNorm2d(channels), nn.Conv2d(channels, out, 2, 2)]
            channels = out
        for _ in range(2):
            layers.append(Residual(nn.Sequential(
                *conv(out, out, 7, groups=out), nn.Conv2d(out, 4 * out, 1), nn.ReLU(), nn.Conv2d(4 * out, out, 1))))
    pooled = Pooled(channels)
    pooled.insert(2, nn.BatchNorm1d(channels))
    return nn.Sequential(*layers, pooled)


class Shuffle(nn.Module):
    """ShuffleNet V2's unit: half of the channels pass, the others are filtered, then both are dealt out."""

    def __init__(self, channels, stride):
        super().__init__()
        half = channels // 2
        wide = channels if stride > 1 else half
        self.passing = nn.Sequential(*conv(wide, wide, 3, 2, groups=wide), *active(wide, half, 1)) if stride > 1 else None
        self.filtered = nn.Sequential(active(wide, half, 1), conv(half, half, 3, stride, groups=half), active(half, half, 1))

    def forward(self, x):
        a, b = (self.passing(x), x) if self.passing else x.chunk(2, 1)
        x = torch.cat([a, self.filtered(b)], 1)
        n, c, h, w = x.size()
        return x.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, -1, h, w)


class Widen(nn.Module):
    """The unit that halves a map and gives it more channels."""

    def __init__(self, channels_in, channels):
        super().__init__()
        self.widen, self.unit = active(channels_in, channels, 1), Shuffle(channels, 2)

    def forward(self, x):
        return self.unit(self.widen(x))


def shufflenet():
    layers = [active(1, 32, stride=2)]
    channels = 32
    for out, units in ((64, 3), (100, 2)):
        layers += [Widen(channels, out), *(Shuffle(out, 1) for _ in range(units))]
        channels = out
    return nn.Sequential(*layers, active(channels, 160, 1), Pooled(160))


class Inception(nn.Module):
    """Filters of 1, 3 and 5 and a maximum, side by side."""

    def __init__(self, channels_in, one, three, five, pool):
        super().__init__()
        self.branches = nn.ModuleList([
            active(channels_in, one, 1),
            nn.Sequential(active(channels_in, three // 2, 1), active(three // 2, three)),
            nn.Sequential(active(channels_in, five // 2, 1), active(five // 2, five, 5)),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), active(channels_in, pool, 1))])

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


def googlenet():
    channels, layers = 32, [active(3, 32, stride=2)]
    for one, three, five, pool in [(16, 32, 8, 8), (20, 40, 12, 8), (24, 48, 12, 12)]:
        layers.append(Inception(channels, one, three, five, pool))
        channels = one + three + five + pool
        if channels < 96:
            layers.append(nn.MaxPool2d(3, 2, 1))
    return nn.Sequential(*layers, Pooled(channels))


def prelu():
    """Residual blocks whose activations have a slope of each channel's own."""
    channels, layers = 24, [conv(3, 24, stride=2), nn.PReLU(24)]
    for out, stride in [(24, 1), (40, 2), (48, 2)]:
        short = None if channels == out else conv(channels, out, 1, stride)
        layers.append(Residual(nn.Sequential(conv(channels, out, 3, stride), nn.PReLU(out), conv(out, out)), short, nn.PReLU(out)))
        channels = out
    return nn.Sequential(*layers, Pooled(channels))


def wide():
    """Few filters, then 640 channels pooled for the classifier."""
    return nn.Sequential(
        active(1, 24, stride=2), active(24, 32), active(32, 48, stride=2), active(48, 48), active(48, 640, 1), Pooled(640))


def plain():
    """VGG's kind, without BatchNormalization."""
    layers, channels = [], 3
    for out, pool in [(24, True), (32, False), (40, True), (48, False), (48, True)]:
        layers += [nn.Conv2d(channels, out, 3, padding=1), nn.ReLU()] + ([nn.MaxPool2d(2)] if pool else [])
        channels = out
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * 16, 24), nn.ReLU(), nn.Linear(24, 10))


def wild():
    """A plain chain; every eighth channel is dead from the start (see `disturb`)."""
    channels, layers = 3, []
    for out, stride in [(32, 2), (32, 1), (48, 2), (48, 1), (48, 2), (48, 1)]:
        layers.append(active(channels, out, stride=stride))
        channels = out
    net = nn.Sequential(*layers, Pooled(channels))
    with torch.no_grad():
        for layer in layers:
            layer[1].bias[::8] = -20
    return net


@torch.no_grad()
def disturb(net):
    """Scale some channels by 1000 and some by 1/1000, and the weights that read them by the inverse.

    The network computes the same; its channels' ranges, and the weights of a layer, lie six
    orders of magnitude apart. Some of the dead channels also lose their filters.
    """
    for layer, reader in zip(net[:5], net[1:6]):
        norm, weights = layer[1], reader[0].weight
        for first, factor in ((3, 1000.0), (5, 0.001)):
            for parameter in (norm.weight, norm.bias):
                parameter[first::8] *= factor
            weights[:, first::8] /= factor
        layer[0].weight[::16] = 0
