"""Networks that classify pictures: torchvision's families, made narrow, and others."""

import torch
from torch import nn
from torch.nn import functional as F
from torchvision import models
from torchvision.models.convnext import CNBlockConfig, ConvNeXt
from torchvision.models.densenet import DenseNet
from torchvision.models.efficientnet import EfficientNet, FusedMBConvConfig, MBConvConfig
from torchvision.models.mnasnet import MNASNet
from torchvision.models.mobilenetv3 import InvertedResidualConfig, MobileNetV3
from torchvision.models.regnet import BlockParams, RegNet
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet
from torchvision.models.shufflenetv2 import ShuffleNetV2
from torchvision.models.swin_transformer import SwinTransformer
from torchvision.models.vgg import VGG, make_layers
from torchvision.models.vision_transformer import VisionTransformer

from blocks import Call, Cat, HardSwish, MishApart, Plus, QuickGELU, Swish, TanhGELU, Times, conv, excite, head, small
from zoo import network, several


def resnet(block, layers, **options):
    return lambda: ResNet(block, layers, num_classes=10, **options)


def vgg(plan, norm):
    def make():
        net = VGG(make_layers(plan, norm), num_classes=10, init_weights=False)
        net.avgpool = nn.AdaptiveAvgPool2d(1)
        net.classifier = nn.Sequential(nn.Linear(plan[-2], 64), nn.ReLU(), nn.Dropout(), nn.Linear(64, 10))
        return net
    return make


NARROW = [8, "M", 16, "M", 32, 32, "M", 48, 48, "M"]


def mobilenet3(width, large):
    def make():
        def row(*a):
            return InvertedResidualConfig(*a, dilation=1, width_mult=width)
        rows = [row(16, 3, 16, 16, False, "RE", 1), row(16, 3, 64, 24, False, "RE", 2), row(24, 5, 72, 40, True, "RE", 2),
                row(40, 5, 120, 40, True, "HS", 1), row(40, 3, 240, 80, False, "HS", 2)]
        if large:
            rows += [row(80, 3, 200, 80, False, "HS", 1), row(80, 5, 480, 112, True, "HS", 1)]
        return MobileNetV3(rows, 128, num_classes=10)
    return make


def efficientnet(fused):
    def make():
        rows = [MBConvConfig(1, 3, 1, 16, 8, 1), MBConvConfig(6, 3, 2, 8, 16, 2), MBConvConfig(6, 5, 2, 16, 24, 2)]
        if fused:
            rows = [FusedMBConvConfig(1, 3, 1, 16, 16, 1), FusedMBConvConfig(4, 3, 2, 16, 24, 2), MBConvConfig(4, 3, 2, 24, 32, 2)]
        return EfficientNet(rows, 0.2, num_classes=10, last_channel=96)
    return make


def regnet(excited):
    return lambda: RegNet(BlockParams.from_init_params(depth=6, w_0=16, w_a=12.0, w_m=2.2, group_width=8, se_ratio=0.25 if excited else None), num_classes=10)


several({
    "resnet18": resnet(BasicBlock, [1, 1, 1, 1]),
    "resnet50": resnet(Bottleneck, [1, 1, 1, 1]),
    "resnext50": resnet(Bottleneck, [1, 1, 1, 1], groups=8, width_per_group=4),
    "wide_resnet": resnet(Bottleneck, [1, 1, 1, 1], width_per_group=96),
    "vgg11": vgg(NARROW, False),
    "vgg11_bn": vgg(NARROW, True),
    "alexnet": lambda: nn.Sequential(
        nn.Conv2d(3, 16, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(16, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(32, 48, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(), nn.Linear(48, 64), nn.ReLU(), nn.Linear(64, 10)),
    "squeezenet1_0": lambda: models.squeezenet1_0(num_classes=10),
    "squeezenet1_1": lambda: models.squeezenet1_1(num_classes=10),
    "densenet": lambda: DenseNet(8, (2, 3, 2), 16, num_classes=10),
    "mobilenet_v2": lambda: models.mobilenet_v2(width_mult=0.25, num_classes=10),
    "mobilenet_v3_small": mobilenet3(0.5, False),
    "mobilenet_v3_large": mobilenet3(0.5, True),
    "mnasnet": lambda: MNASNet(0.25, num_classes=10),
    "shufflenet_v2": lambda: ShuffleNetV2([2, 3, 2], [16, 32, 64, 96, 128], num_classes=10),
    "efficientnet": efficientnet(False),
    "efficientnet_v2": efficientnet(True),
    "regnet_x": regnet(False),
    "regnet_y": regnet(True),
    "googlenet": lambda: models.googlenet(num_classes=10, aux_logits=False, init_weights=False),
    "convnext": lambda: ConvNeXt([CNBlockConfig(16, 32, 2), CNBlockConfig(32, None, 2)], num_classes=10),
    "swin": lambda: SwinTransformer([4, 4], 16, [1, 1], [2, 2], [4, 4], num_classes=10),
    "vit": lambda: VisionTransformer(64, 16, 2, 2, 32, 64, num_classes=10),
}, "torchvision")

network("inception_v3", "torchvision", (3, 96, 96))(lambda: models.inception_v3(num_classes=10, aux_logits=False, init_weights=False))


class PreActivation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.layers = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels, 3, padding=1, bias=False),
                                    nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels, 3, padding=1, bias=False))

    def forward(self, x):
        return x + self.layers(x)


class Attend(nn.Module):
    """CBAM: attention to channels by two pools, then to places."""

    def __init__(self, channels):
        super().__init__()
        self.dense = nn.Sequential(nn.Conv2d(channels, 4, 1), nn.ReLU(), nn.Conv2d(4, channels, 1))
        self.place = nn.Conv2d(2, 1, 7, padding=3)

    def forward(self, x):
        x = x * torch.sigmoid(self.dense(F.adaptive_avg_pool2d(x, 1)) + self.dense(F.adaptive_max_pool2d(x, 1)))
        y = torch.cat([x.mean(1, keepdim=True), x.max(1, keepdim=True)[0]], 1)
        return x * torch.sigmoid(self.place(y))


class Efficient(nn.Module):
    """ECA: a short kernel over channels."""

    def __init__(self):
        super().__init__()
        self.over = nn.Conv1d(1, 1, 3, padding=1, bias=False)

    def forward(self, x):
        y = F.adaptive_avg_pool2d(x, 1).squeeze(-1).transpose(1, 2)
        return x * torch.sigmoid(self.over(y)).transpose(1, 2).unsqueeze(-1)


class Ghost(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.first, self.cheap = conv(cin, cout // 2, 1), conv(cout // 2, cout // 2, 3, groups=cout // 2)

    def forward(self, x):
        y = self.first(x)
        return torch.cat([y, self.cheap(y)], 1)


class Shuffle(nn.Module):
    """ShuffleNet's first version: groups, shuffled."""

    def __init__(self, channels, groups):
        super().__init__()
        self.groups = groups
        self.a, self.b = conv(channels, channels, 1, groups=groups), conv(channels, channels, 3, groups=channels, act=None)
        self.c = conv(channels, channels, 1, groups=groups, act=None)

    def forward(self, x):
        n, c, h, w = x.shape
        y = self.a(x).view(n, self.groups, c // self.groups, h, w).transpose(1, 2).reshape(n, c, h, w)
        return F.relu(x + self.c(self.b(y)))


class CrossStage(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.inner = nn.Sequential(conv(channels // 2, channels // 2, 1), conv(channels // 2, channels // 2))
        self.last = conv(channels, channels, 1)

    def forward(self, x):
        a, b = x.chunk(2, 1)
        return self.last(torch.cat([a, self.inner(b)], 1))


class Select(nn.Module):
    """SKNet: two kernels, weighed by a softmax over the two."""

    def __init__(self, channels):
        super().__init__()
        self.a, self.b = conv(channels, channels), conv(channels, channels, dilation=2)
        self.squeeze = nn.Sequential(nn.Linear(channels, 8), nn.ReLU(), nn.Linear(8, 2 * channels))

    def forward(self, x):
        a, b = self.a(x), self.b(x)
        w = self.squeeze((a + b).mean((2, 3))).view(-1, 2, x.shape[1], 1, 1).softmax(1)
        return a * w[:, 0] + b * w[:, 1]


class Blur(nn.Module):
    """Pooling behind a fixed binomial filter."""

    def __init__(self, channels):
        super().__init__()
        row = torch.tensor([1.0, 2.0, 1.0])
        self.register_buffer("kernel", (row[:, None] * row / 16).expand(channels, 1, 3, 3).clone())

    def forward(self, x):
        return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), self.kernel, stride=2, groups=x.shape[1])


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class GlobalResponse(nn.Module):
    """ConvNeXt V2's normalisation by channel energies."""

    def forward(self, x):
        g = x.norm(p=2, dim=(2, 3), keepdim=True)
        return x + x * (g / (g.mean(1, keepdim=True) + 1e-6))


class MaxOut(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.a, self.b = conv(cin, cout, act=None), conv(cin, cout, act=None)

    def forward(self, x):
        return torch.max(self.a(x), self.b(x))


def with_block(*blocks, channels=16):
    return nn.Sequential(conv(3, channels, stride=2), *blocks, conv(channels, 32, stride=2), head(32))


class Highway(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.plain, self.gate = conv(channels, channels), nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        t = torch.sigmoid(self.gate(x))
        return t * self.plain(x) + (1 - t) * x


class Outputs(nn.Module):
    """A trunk and several heads."""

    def __init__(self, *heads):
        super().__init__()
        self.trunk, self.heads = nn.Sequential(conv(3, 16, stride=2), conv(16, 32, stride=2)), nn.ModuleList(heads)

    def forward(self, x):
        y = self.trunk(x)
        return tuple(h(y) for h in self.heads)


class Centre(nn.Module):
    """Normalises the picture inside of the network, as mobile models do."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner
        self.register_buffer("mean", torch.tensor([0.1, 0.2, 0.3]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.5, 0.6, 0.7]).view(1, 3, 1, 1))

    def forward(self, x):
        return self.inner((x - self.mean) / self.std)


several({
    "preact_resnet": lambda: nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), PreActivation(16), PreActivation(16), nn.BatchNorm2d(16), nn.ReLU(), head(16)),
    "se_resnet": lambda: with_block(Plus(nn.Sequential(conv(16, 16), conv(16, 16, act=None), excite(16, 4)), after=nn.ReLU())),
    "se_dense": lambda: with_block(Times(nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 4), nn.ReLU(), nn.Linear(4, 16), nn.Sigmoid(), Call(lambda x: x[:, :, None, None])))),
    "cbam": lambda: with_block(Attend(16)),
    "eca": lambda: with_block(Efficient()),
    "ghostnet": lambda: with_block(Ghost(16, 16), Ghost(16, 16)),
    "shufflenet_v1": lambda: with_block(Shuffle(16, 4)),
    "csp": lambda: with_block(CrossStage(16)),
    "sknet": lambda: with_block(Select(16)),
    "blurpool": lambda: with_block(conv(16, 16), Blur(16)),
    "convnext_bn": lambda: with_block(Plus(nn.Sequential(conv(16, 16, 7, groups=16, act=None), nn.Conv2d(16, 64, 1), nn.GELU(), nn.Conv2d(64, 16, 1)))),
    "convnext_v2": lambda: with_block(Plus(nn.Sequential(conv(16, 16, 7, groups=16, act=None), nn.Conv2d(16, 64, 1), nn.GELU(), GlobalResponse(), nn.Conv2d(64, 16, 1)))),
    "convmixer": lambda: nn.Sequential(nn.Conv2d(3, 24, 4, 4), nn.GELU(), nn.BatchNorm2d(24), Plus(nn.Sequential(nn.Conv2d(24, 24, 5, groups=24, padding=2), nn.GELU(), nn.BatchNorm2d(24))), nn.Conv2d(24, 24, 1), nn.GELU(), nn.BatchNorm2d(24), head(24)),
    "poolformer": lambda: with_block(Plus(nn.Sequential(nn.BatchNorm2d(16), Plus(nn.AvgPool2d(3, 1, 1, count_include_pad=False), Call(lambda x: -x)))), Plus(nn.Sequential(nn.BatchNorm2d(16), nn.Conv2d(16, 32, 1), nn.GELU(), nn.Conv2d(32, 16, 1)))),
    "layernorm2d": lambda: with_block(LayerNorm2d(16)),
    "groupnorm": lambda: with_block(nn.Conv2d(16, 16, 3, padding=1), nn.GroupNorm(4, 16), nn.ReLU()),
    "instancenorm": lambda: with_block(nn.Conv2d(16, 16, 3, padding=1), nn.InstanceNorm2d(16, affine=True), nn.ReLU()),
    "lrn": lambda: with_block(nn.LocalResponseNorm(5)),
    "maxout": lambda: with_block(MaxOut(16, 16)),
    "highway": lambda: with_block(Highway(16)),
    "centred": lambda: Centre(small()),
    "no_norm": lambda: nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 16, 3, 2, 1), nn.ReLU(), head(16)),
    "softmax_head": lambda: nn.Sequential(small(), nn.Softmax(1)),
    "log_softmax_head": lambda: nn.Sequential(small(), nn.LogSoftmax(1)),
    "sigmoid_head": lambda: nn.Sequential(small(classes=4), nn.Sigmoid()),
    "one_logit": lambda: small(classes=1),
    "embedding": lambda: nn.Sequential(small(classes=32), Call(lambda x: F.normalize(x, dim=1))),
    "two_heads": lambda: Outputs(head(32), head(32, 3)),
    "rotated_pads": lambda: nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(3, 16, 3, 2), nn.ReLU(), nn.ReflectionPad2d(1), nn.Conv2d(16, 16, 3), nn.ReLU(), nn.ReplicationPad2d(1), nn.Conv2d(16, 16, 3), nn.ReLU(), head(16)),
    "max_pools": lambda: nn.Sequential(conv(3, 16), nn.MaxPool2d(3, 2, 1), conv(16, 16), nn.MaxPool2d(2, ceil_mode=True), conv(16, 16), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(16, 10)),
    "mean_max_head": lambda: nn.Sequential(conv(3, 16, stride=2), Call(lambda x: torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)), nn.Linear(32, 10)),
    "lp_pool": lambda: nn.Sequential(conv(3, 16, stride=2), nn.LPPool2d(2, 2), conv(16, 16), head(16)),
    "crop": lambda: nn.Sequential(conv(3, 16, stride=2), Call(lambda x: x[:, :, 2:-2, 2:-2]), conv(16, 16), Call(lambda x: x[:, ::2]), head(8)),
    "permuted": lambda: nn.Sequential(conv(3, 16, stride=4), Call(lambda x: x.permute(0, 2, 3, 1).reshape(x.shape[0], -1, 16)), nn.Linear(16, 8), nn.ReLU(), nn.Flatten(), nn.Linear(2048, 10)),
    "rolled": lambda: nn.Sequential(conv(3, 16, stride=2), Call(lambda x: torch.roll(x, (1, 1), (2, 3))), conv(16, 16), head(16)),
    "spp": lambda: nn.Sequential(conv(3, 16, stride=4), Cat(nn.Identity(), nn.MaxPool2d(3, 1, 1), nn.MaxPool2d(5, 1, 2)), conv(48, 16), head(16)),
    "half_scaled": lambda: nn.Sequential(conv(3, 16, stride=2), Call(lambda x: 0.5 * x + 0.25), conv(16, 16), head(16)),
    "stacked": lambda: nn.Sequential(conv(3, 16, stride=2), Call(lambda x: torch.stack([x, 2 * x], 1).sum(1)), head(16)),
    "mlp_mixer": lambda: nn.Sequential(nn.Conv2d(3, 24, 8, 8), Call(lambda x: x.flatten(2)), Plus(nn.Sequential(nn.Linear(64, 32), nn.GELU(), nn.Linear(32, 64))), Call(lambda x: x.transpose(1, 2)), Plus(nn.Sequential(nn.Linear(24, 48), nn.GELU(), nn.Linear(48, 24))), Call(lambda x: x.mean(1)), nn.Linear(24, 10)),
    "resmlp": lambda: nn.Sequential(nn.Conv2d(3, 24, 8, 8), Call(lambda x: x.flatten(2).transpose(1, 2)), Plus(nn.Sequential(Call(lambda x: x.transpose(1, 2)), nn.Linear(64, 64), Call(lambda x: x.transpose(1, 2)))), Plus(nn.Sequential(nn.Linear(24, 48), nn.GELU(), nn.Linear(48, 24))), Call(lambda x: x.mean(1)), nn.Linear(24, 10)),
}, "classifiers")

several({"act_" + n: (lambda a: lambda: small(a))(a) for n, a in {
    "relu6": nn.ReLU6, "leaky": nn.LeakyReLU, "prelu": nn.PReLU, "elu": nn.ELU, "selu": nn.SELU, "celu": nn.CELU, "gelu": nn.GELU, "gelu_tanh": TanhGELU,
    "quickgelu": QuickGELU, "silu": nn.SiLU, "swish": Swish, "mish": nn.Mish, "mish_apart": MishApart, "hardswish": nn.Hardswish, "hardswish_apart": HardSwish,
    "hardsigmoid": nn.Hardsigmoid, "hardtanh": nn.Hardtanh, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "softplus": nn.Softplus, "softsign": nn.Softsign,
    "logsigmoid": nn.LogSigmoid, "tanhshrink": nn.Tanhshrink, "hardshrink": nn.Hardshrink, "softshrink": nn.Softshrink,
    "abs": lambda: Call(torch.abs), "square": lambda: Call(torch.square), "squared_relu": lambda: Call(lambda x: F.relu(x) ** 2), "sin": lambda: Call(torch.sin),
    "exp": lambda: Call(lambda x: torch.exp(-F.relu(x))), "sqrt": lambda: Call(lambda x: torch.sqrt(F.relu(x) + 1)), "clamp": lambda: Call(lambda x: x.clamp(-1, 2)),
    "glu": lambda: nn.Sequential(Call(lambda x: torch.cat([x, x.flip(1)], 1)), nn.GLU(1)),
}.items()}, "activations", (3, 32, 32))
