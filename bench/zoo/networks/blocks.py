"""Pieces that networks of several files are made of."""

import torch
from torch import nn
from torch.nn import functional as F


def conv(cin, cout, kernel=3, stride=1, groups=1, act=nn.ReLU, dilation=1):
    """A convolution with BatchNormalization and, unless act is None, an activation."""
    layers = [nn.Conv2d(cin, cout, kernel, stride, dilation * (kernel // 2), dilation, groups, bias=False), nn.BatchNorm2d(cout)]
    return nn.Sequential(*layers, act()) if act else nn.Sequential(*layers)


def head(channels, classes=10):
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


class Call(nn.Module):
    """A function as a module."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *x):
        return self.function(*x)


class Plus(nn.Module):
    """layers(x) + short(x), then after."""

    def __init__(self, layers, short=None, after=None):
        super().__init__()
        self.layers, self.short, self.after = layers, short or nn.Identity(), after or nn.Identity()

    def forward(self, x):
        return self.after(self.layers(x) + self.short(x))


class Times(nn.Module):
    """x * gate(x)."""

    def __init__(self, gate):
        super().__init__()
        self.gate = gate

    def forward(self, x):
        return x * self.gate(x)


class Cat(nn.Module):
    """The outputs of parts behind each other."""

    def __init__(self, *parts):
        super().__init__()
        self.parts = nn.ModuleList(parts)

    def forward(self, x):
        return torch.cat([p(x) for p in self.parts], 1)


def excite(channels, reduced, inner=nn.ReLU, gate=nn.Sigmoid):
    """Squeeze and excitation."""
    return Times(nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, reduced, 1), inner(), nn.Conv2d(reduced, channels, 1), gate()))


def small(act=nn.ReLU, channels=3, classes=10):
    """A plain convolutional network, to put one thing into."""
    return nn.Sequential(conv(channels, 16, act=act), conv(16, 24, stride=2, act=act), conv(24, 32, stride=2, act=act), head(32, classes))


class Swish(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(x)


class HardSwish(nn.Module):
    def forward(self, x):
        return x * F.relu6(x + 3) / 6


class QuickGELU(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class TanhGELU(nn.Module):
    def forward(self, x):
        return 0.5 * x * (1 + torch.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


class MishApart(nn.Module):
    def forward(self, x):
        return x * torch.tanh(F.softplus(x))
