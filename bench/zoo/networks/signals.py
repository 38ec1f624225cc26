"""Networks on signals, tables, text and states of games."""

import torch
from torch import nn
from torch.nn import functional as F

from blocks import Call, Plus, Times
from zoo import network, several


def conv1(cin, cout, kernel=3, stride=1, groups=1, act=nn.ReLU, dilation=1):
    return nn.Sequential(nn.Conv1d(cin, cout, kernel, stride, dilation * (kernel // 2), dilation, groups, bias=False), nn.BatchNorm1d(cout), act())


class Causal(nn.Module):
    """A layer of a TCN: padded on one side, dilated."""

    def __init__(self, channels, dilation):
        super().__init__()
        self.dilation, self.a = dilation, nn.Conv1d(channels, channels, 3, dilation=dilation)

    def forward(self, x):
        return F.relu(x + F.relu(self.a(F.pad(x, (2 * self.dilation, 0)))))


class Wave(nn.Module):
    """WaveNet's gated layer."""

    def __init__(self, channels, dilation):
        super().__init__()
        self.f, self.g = (nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation) for _ in range(2))
        self.out = nn.Conv1d(channels, channels, 1)

    def forward(self, x):
        return x + self.out(torch.tanh(self.f(x)) * torch.sigmoid(self.g(x)))


class Recurrent(nn.Module):
    def __init__(self, cell, inputs=8, hidden=12, both=False):
        super().__init__()
        self.cell = cell(inputs, hidden, batch_first=True, bidirectional=both)
        self.out = nn.Linear(hidden * (2 if both else 1), 5)

    def forward(self, x):
        return self.out(self.cell(x)[0][:, -1])


class Stats(nn.Module):
    """x-vectors: mean and deviation over time."""

    def forward(self, x):
        return torch.cat([x.mean(2), x.std(2, unbiased=False)], 1)


class Duel(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk, self.value, self.advantage = nn.Sequential(nn.Linear(8, 32), nn.ReLU()), nn.Linear(32, 1), nn.Linear(32, 4)

    def forward(self, x):
        y = self.trunk(x)
        a = self.advantage(y)
        return self.value(y) + a - a.mean(1, keepdim=True)


class Graph(nn.Module):
    """Two graph convolutions with a fixed adjacency."""

    def __init__(self):
        super().__init__()
        a = (torch.rand(12, 12) < 0.3).float() + torch.eye(12)
        self.register_buffer("a", a / a.sum(1, keepdim=True))
        self.first, self.second = nn.Linear(6, 16), nn.Linear(16, 3)

    def forward(self, x):
        return self.a @ self.second(F.relu(self.a @ self.first(x)))


class PointNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.each = nn.Sequential(conv1(3, 16, 1), conv1(16, 32, 1))
        self.out = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 5))

    def forward(self, x):
        return self.out(self.each(x).max(2)[0])


class Cross(nn.Module):
    """Deep and cross network on a table."""

    def __init__(self):
        super().__init__()
        self.w, self.deep, self.out = nn.Linear(10, 10), nn.Sequential(nn.Linear(10, 32), nn.ReLU()), nn.Linear(42, 1)

    def forward(self, x):
        return torch.sigmoid(self.out(torch.cat([x * self.w(x) + x, self.deep(x)], 1)))


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.out = nn.Linear(6, 16), nn.Linear(4, 16), nn.Linear(32, 3)

    def forward(self, x, y):
        return self.out(torch.cat([F.relu(self.a(x)), F.relu(self.b(y))], 1))


def mlp(act, *sizes):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), act()]
    return nn.Sequential(*layers[:-1])


several({
    "ecg": lambda: nn.Sequential(conv1(1, 8, 7, 2), nn.MaxPool1d(2), conv1(8, 16, 5), conv1(16, 16), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(16, 5)),
    "resnet1d": lambda: nn.Sequential(conv1(1, 16, 7, 2), Plus(nn.Sequential(conv1(16, 16), nn.Conv1d(16, 16, 3, padding=1)), after=nn.ReLU()), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(16, 5)),
    "tcn": lambda: nn.Sequential(nn.Conv1d(1, 8, 1), Causal(8, 1), Causal(8, 2), Causal(8, 4), Call(lambda x: x[:, :, -1]), nn.Linear(8, 5)),
    "wavenet": lambda: nn.Sequential(nn.Conv1d(1, 8, 1), Wave(8, 1), Wave(8, 2), nn.ReLU(), nn.Conv1d(8, 5, 1), Call(lambda x: x.mean(2))),
    "matchbox": lambda: nn.Sequential(conv1(1, 16, 11, 2), nn.Sequential(nn.Conv1d(16, 16, 13, padding=6, groups=16), nn.Conv1d(16, 24, 1), nn.BatchNorm1d(24), nn.ReLU()), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(24, 5)),
    "xvector": lambda: nn.Sequential(conv1(1, 16, 5), conv1(16, 16, 3, dilation=2), Stats(), nn.Linear(32, 5)),
    "denoiser1d": lambda: nn.Sequential(conv1(1, 8, 9, 2), nn.ConvTranspose1d(8, 1, 4, 2, 1)),
    "se1d": lambda: nn.Sequential(conv1(1, 16, 5), Times(nn.Sequential(nn.AdaptiveAvgPool1d(1), nn.Conv1d(16, 4, 1), nn.ReLU(), nn.Conv1d(4, 16, 1), nn.Sigmoid())), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(16, 5)),
}, "signals", (1, 128))

network("dscnn", "signals", (1, 49, 10))(lambda: nn.Sequential(nn.Conv2d(1, 16, (10, 4), 2, (5, 1)), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1, groups=16), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 16, 1), nn.BatchNorm2d(16), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 12)))
network("vggish", "signals", (1, 96, 64))(lambda: nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(1536, 32), nn.ReLU(), nn.Linear(32, 8)))
network("crnn", "signals", (1, 32, 64))(lambda: nn.Sequential(nn.Conv2d(1, 8, 3, (2, 1), 1), nn.ReLU(), nn.MaxPool2d((16, 1)), Call(lambda x: x.squeeze(2).permute(0, 2, 1)), nn.Linear(8, 12), nn.Softmax(2)))

several({
    "lstm": lambda: Recurrent(nn.LSTM), "gru": lambda: Recurrent(nn.GRU), "rnn": lambda: Recurrent(nn.RNN), "bilstm": lambda: Recurrent(nn.LSTM, both=True),
    "text_cnn": lambda: nn.Sequential(Call(lambda x: x.transpose(1, 2)), conv1(8, 16, 3), nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(16, 4)),
    "layernorm": lambda: nn.Sequential(nn.Linear(8, 16), nn.LayerNorm(16), nn.ReLU(), nn.Linear(16, 4)),
    "attention": lambda: Call(lambda x: torch.softmax(x @ x.transpose(1, 2), -1) @ x),
    "frames": lambda: nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4), nn.Sigmoid()),
}, "sequences", (16, 8))

network("graph", "tables", (12, 6))(Graph)
network("pointnet", "tables", (3, 64))(PointNet)
several({
    "mlp_relu": lambda: mlp(nn.ReLU, 10, 32, 32, 3), "mlp_tanh": lambda: mlp(nn.Tanh, 10, 32, 32, 3), "mlp_silu": lambda: mlp(nn.SiLU, 10, 32, 32, 3),
    "mlp_wide": lambda: mlp(nn.ReLU, 10, 512, 512, 3), "mlp_deep": lambda: mlp(nn.ReLU, 10, *[24] * 8, 3), "regressor": lambda: mlp(nn.ReLU, 10, 32, 1),
    "mlp_norm": lambda: nn.Sequential(nn.BatchNorm1d(10), nn.Linear(10, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 3)),
    "logistic": lambda: nn.Sequential(nn.Linear(10, 1), nn.Sigmoid()), "linear": lambda: nn.Linear(10, 3), "cross": Cross,
    "resnet_mlp": lambda: nn.Sequential(nn.Linear(10, 24), Plus(nn.Sequential(nn.BatchNorm1d(24), nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 24))), nn.BatchNorm1d(24), nn.ReLU(), nn.Linear(24, 3)),
    "anomaly": lambda: mlp(nn.ReLU, 10, 16, 4, 16, 10),
    "siren": lambda: nn.Sequential(nn.Linear(10, 32), Call(torch.sin), nn.Linear(32, 3)),
}, "tables", (10,))

network("dueling", "control", (8,))(Duel)
network("actor", "control", (8,))(lambda: nn.Sequential(mlp(nn.Tanh, 8, 32, 32, 2), nn.Tanh(), Call(lambda x: 2 * x)))
network("dqn", "control", (4, 84, 84))(lambda: nn.Sequential(nn.Conv2d(4, 16, 8, 4), nn.ReLU(), nn.Conv2d(16, 16, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(1296, 64), nn.ReLU(), nn.Linear(64, 6)))
network("pixels", "control", (4, 84, 84))(lambda: nn.Sequential(Call(lambda x: x / 255.0), nn.Conv2d(4, 8, 8, 4), nn.ReLU(), nn.Flatten(), nn.Linear(3200, 6)))
network("two_inputs", "control", ((6,), (4,)))(TwoInputs)
network("video_3d", "control", (3, 4, 16, 16))(lambda: nn.Sequential(nn.Conv3d(3, 8, 3, padding=1), nn.BatchNorm3d(8), nn.ReLU(), nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(8, 4)))
