"""Networks whose output is a map: detectors, segmentation, super-resolution, autoencoders."""

import torch
from torch import nn
from torch.nn import functional as F
from torchvision.models.segmentation.deeplabv3 import ASPP

from blocks import Call, Cat, Plus, conv, excite
from zoo import network, several


class Focus(nn.Module):
    """YOLOX's stem: four phases of the picture, behind each other."""

    def __init__(self, channels):
        super().__init__()
        self.conv = conv(12, channels, act=nn.SiLU)

    def forward(self, x):
        return self.conv(torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1))


class C3(nn.Module):
    def __init__(self, cin, cout, n=1, act=nn.SiLU):
        super().__init__()
        half = cout // 2
        self.a, self.b, self.last = conv(cin, half, 1, act=act), conv(cin, half, 1, act=act), conv(cout, cout, 1, act=act)
        self.inner = nn.Sequential(*(Plus(nn.Sequential(conv(half, half, 1, act=act), conv(half, half, act=act))) for _ in range(n)))

    def forward(self, x):
        return self.last(torch.cat([self.inner(self.a(x)), self.b(x)], 1))


class Pyramid(nn.Module):
    """Three scales down, one path up again, a head for each of the two finest."""

    def __init__(self, block, act, outputs, up="nearest", stem=None):
        super().__init__()
        self.up = up
        self.stem = stem or conv(3, 16, stride=2, act=act)
        self.d1, self.d2, self.d3 = (nn.Sequential(conv(c, 2 * c, stride=2, act=act), block(2 * c, 2 * c)) for c in (16, 32, 64))
        self.pool = Cat(nn.Identity(), nn.MaxPool2d(5, 1, 2), nn.MaxPool2d(9, 1, 4))
        self.mix = conv(384, 64, 1, act=act)
        self.join = block(128, 64)
        self.heads = nn.ModuleList(nn.Conv2d(64, outputs, 1) for _ in range(2))

    def forward(self, x):
        a = self.d2(self.d1(self.stem(x)))
        b = self.mix(self.pool(self.d3(a)))
        up = F.interpolate(b, scale_factor=2.0, mode=self.up, **({} if self.up == "nearest" else {"align_corners": False}))
        c = self.join(torch.cat([up, a], 1))
        return self.finish([h(y) for h, y in zip(self.heads, (c, b))])

    def finish(self, maps):
        return tuple(maps)


class Yolox(Pyramid):
    """Boxes as they are, objectness and classes through a sigmoid, all places in a row."""

    def finish(self, maps):
        maps = [torch.cat([m[:, :4], m[:, 4:].sigmoid()], 1) for m in maps]
        return torch.cat([m.flatten(2) for m in maps], 2).permute(0, 2, 1)


class Yolov5(Pyramid):
    """Three anchors to a place, decoded inside of the network."""

    def finish(self, maps):
        z = []
        for m in maps:
            n, _, h, w = m.shape
            y = m.view(n, 3, 7, h, w).permute(0, 1, 3, 4, 2).sigmoid()
            grid = torch.stack(torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")[::-1], 2).float()
            xy = (y[..., :2] * 2 - 0.5 + grid) * 8
            wh = (y[..., 2:4] * 2) ** 2 * torch.tensor([10.0, 13.0])
            z.append(torch.cat([xy, wh, y[..., 4:]], 4).view(n, -1, 7))
        return torch.cat(z, 1)


class Yolov8(Pyramid):
    """Distances as the mean of a softmax over 8 bins."""

    def finish(self, maps):
        y = torch.cat([m.flatten(2) for m in maps], 2)
        box, classes = y.split((32, 3), 1)
        n, _, a = box.shape
        box = box.view(n, 4, 8, a).transpose(2, 1).softmax(1)
        bins = torch.arange(8.0).view(1, 8, 1, 1)
        return torch.cat([F.conv2d(box, bins).view(n, 4, a), classes.sigmoid()], 1)


class FastestDet(nn.Module):
    """One head on three scales of a narrow trunk; tanh, sigmoid and softmax end it."""

    def __init__(self):
        super().__init__()
        self.d = nn.ModuleList([conv(3, 16, stride=4), conv(16, 24, stride=2), conv(24, 32, stride=2)])
        self.spp = nn.ModuleList(nn.Sequential(*(conv(24, 24, 5, groups=24) for _ in range(i + 1))) for i in range(3))
        self.join, self.out = conv(72, 24, 1, act=None), conv(24, 24, 1)
        self.mix = conv(72, 24, 1)
        self.obj, self.reg, self.cls = (nn.Sequential(conv(24, 24, 5, groups=24), nn.Conv2d(24, c, 1)) for c in (1, 4, 5))

    def forward(self, x):
        a = self.d[0](x)
        b = self.d[1](a)
        c = self.d[2](b)
        p = torch.cat([F.avg_pool2d(a, 3, 2, 1), b, F.interpolate(c, scale_factor=2.0, mode="nearest")], 1)
        p = self.mix(p)
        p = F.relu(p + self.join(torch.cat([s(p) for s in self.spp], 1)))
        p = self.out(p)
        return torch.cat([self.obj(p).sigmoid(), self.reg(p), F.softmax(self.cls(p), 1)], 1)


class UNet(nn.Module):
    def __init__(self, up):
        super().__init__()
        self.a, self.b, self.c = conv(3, 8), conv(8, 16), conv(16, 32)
        self.up1, self.up2 = up(32, 16), up(16, 8)
        self.d, self.e, self.out = conv(32, 16), conv(16, 8), nn.Conv2d(8, 4, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(F.max_pool2d(a, 2))
        c = self.c(F.max_pool2d(b, 2))
        d = self.d(torch.cat([self.up1(c), b], 1))
        return self.out(self.e(torch.cat([self.up2(d), a], 1)))


def resized(mode):
    def up(cin, cout):
        options = {"mode": mode} if mode == "nearest" else {"mode": mode, "align_corners": mode == "bilinear"}
        return nn.Sequential(nn.Upsample(scale_factor=2, **options), conv(cin, cout))
    return up


class AttentionGate(nn.Module):
    def __init__(self):
        super().__init__()
        self.x, self.g, self.psi = nn.Conv2d(8, 4, 1), nn.Conv2d(8, 4, 1), nn.Conv2d(4, 1, 1)
        self.first, self.second, self.out = conv(3, 8), conv(8, 8), nn.Conv2d(8, 2, 1)

    def forward(self, x):
        a = self.first(x)
        g = self.second(a)
        return self.out(a * torch.sigmoid(self.psi(F.relu(self.x(a) + self.g(g)))))


class Lraspp(nn.Module):
    def __init__(self):
        super().__init__()
        self.low, self.high = conv(3, 16, stride=4), conv(16, 24, stride=2)
        self.a, self.scale = conv(24, 16, 1), nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(24, 16, 1, bias=False), nn.Sigmoid())
        self.l, self.h = nn.Conv2d(16, 3, 1), nn.Conv2d(16, 3, 1)

    def forward(self, x):
        low = self.low(x)
        high = self.high(low)
        y = self.a(high) * self.scale(high)
        y = F.interpolate(y, size=low.shape[-2:], mode="bilinear", align_corners=False)
        return F.interpolate(self.l(low) + self.h(y), scale_factor=4.0, mode="bilinear", align_corners=False)


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode, self.mean = nn.Sequential(conv(1, 8, stride=2), conv(8, 16, stride=2), nn.Flatten()), nn.Linear(784, 8)
        self.decode = nn.Sequential(nn.Linear(8, 784), nn.ReLU(), Call(lambda x: x.view(-1, 16, 7, 7)), nn.ConvTranspose2d(16, 8, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(8, 1, 4, 2, 1), nn.Sigmoid())

    def forward(self, x):
        return self.decode(self.mean(self.encode(x)))


def c3(act):
    return lambda cin, cout: C3(cin, cout, 1, act)


several({
    "yolox": lambda: Yolox(c3(nn.SiLU), nn.SiLU, 8, stem=Focus(16)),
    "yolov3": lambda: Pyramid(c3(nn.LeakyReLU), nn.LeakyReLU, 24),
    "yolov5_heads": lambda: Pyramid(c3(nn.SiLU), nn.SiLU, 21),
    "yolov5": lambda: Yolov5(c3(nn.SiLU), nn.SiLU, 21),
    "yolov8": lambda: Yolov8(c3(nn.SiLU), nn.SiLU, 35),
    "nanodet": lambda: Yolox(c3(nn.LeakyReLU), nn.LeakyReLU, 8, up="bilinear"),
    "fastestdet": FastestDet,
    "ssd": lambda: nn.Sequential(conv(3, 16, stride=2), conv(16, 24, stride=2), Cat(nn.Conv2d(24, 8, 3, padding=1), nn.Conv2d(24, 12, 3, padding=1)), Call(lambda x: x.permute(0, 2, 3, 1).flatten(1).view(x.shape[0], -1, 5))),
    "blazeface": lambda: nn.Sequential(nn.ConstantPad2d((1, 2, 1, 2), 0.0), nn.Conv2d(3, 16, 5, 2), nn.ReLU(), Plus(nn.Sequential(nn.Conv2d(16, 16, 3, padding=1, groups=16), nn.Conv2d(16, 16, 1)), after=nn.ReLU()), Plus(nn.Sequential(nn.ConstantPad2d((0, 2, 0, 2), 0.0), nn.Conv2d(16, 16, 3, 2, groups=16), nn.Conv2d(16, 24, 1)), nn.Sequential(nn.MaxPool2d(2), nn.ConstantPad3d((0, 0, 0, 0, 0, 8), 0.0)), nn.ReLU()), nn.Conv2d(24, 6, 1)),
    "centernet": lambda: nn.Sequential(conv(3, 16, stride=2), conv(16, 32, stride=2), nn.ConvTranspose2d(32, 16, 4, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 4, 1), nn.Sigmoid()),
    "mtcnn": lambda: nn.Sequential(nn.Conv2d(3, 10, 3), nn.PReLU(10), nn.MaxPool2d(2, 2, ceil_mode=True), nn.Conv2d(10, 16, 3), nn.PReLU(16), nn.Conv2d(16, 2, 1), nn.Softmax(1)),
}, "detection")

several({
    "unet_transposed": lambda: UNet(lambda a, b: nn.ConvTranspose2d(a, b, 2, 2)),
    "unet_nearest": lambda: UNet(resized("nearest")),
    "unet_bilinear": lambda: UNet(resized("bilinear")),
    "unet_bicubic": lambda: UNet(resized("bicubic")),
    "unet_shuffled": lambda: UNet(lambda a, b: nn.Sequential(nn.Conv2d(a, 4 * b, 1), nn.PixelShuffle(2))),
    "attention_unet": AttentionGate,
    "fcn": lambda: nn.Sequential(conv(3, 16, stride=2), conv(16, 24, stride=2), nn.Conv2d(24, 5, 1), nn.Upsample(scale_factor=4, mode="bilinear", align_corners=False)),
    "fcn_softmax": lambda: nn.Sequential(conv(3, 16, stride=2), nn.Conv2d(16, 5, 1), nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False), nn.Softmax(1)),
    "fcn_argmax": lambda: nn.Sequential(conv(3, 16, stride=2), nn.Conv2d(16, 5, 1), Call(lambda x: x.argmax(1))),
    "deeplab": lambda: nn.Sequential(conv(3, 16, stride=4), ASPP(16, [2, 4, 6], 16), nn.Conv2d(16, 5, 1)),
    "lraspp": Lraspp,
    "enet": lambda: nn.Sequential(Cat(nn.Conv2d(3, 13, 3, 2, 1), nn.MaxPool2d(2, 2)), nn.BatchNorm2d(16), nn.PReLU(16), conv(16, 16, dilation=2, act=nn.PReLU), nn.ConvTranspose2d(16, 4, 3, 2, 1, 1)),
}, "segmentation")

several({
    "srcnn": lambda: nn.Sequential(nn.Conv2d(1, 16, 9, padding=4), nn.ReLU(), nn.Conv2d(16, 8, 1), nn.ReLU(), nn.Conv2d(8, 1, 5, padding=2)),
    "espcn": lambda: nn.Sequential(nn.Conv2d(1, 16, 5, padding=2), nn.Tanh(), nn.Conv2d(16, 8, 3, padding=1), nn.Tanh(), nn.Conv2d(8, 4, 3, padding=1), nn.PixelShuffle(2)),
    "edsr": lambda: nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), Plus(nn.Sequential(nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1), Call(lambda x: 0.1 * x))), nn.Conv2d(16, 4, 3, padding=1), nn.PixelShuffle(2)),
    "rcan": lambda: nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), Plus(nn.Sequential(nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1), excite(16, 4))), nn.Conv2d(16, 1, 3, padding=1)),
    "dncnn": lambda: Plus(nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), conv(16, 16), nn.Conv2d(16, 1, 3, padding=1)), Call(lambda x: 0 * x)),
    "dncnn_residual": lambda: Plus(nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), conv(16, 16), nn.Conv2d(16, 1, 3, padding=1))),
    "autoencoder": lambda: nn.Sequential(conv(1, 8, stride=2), conv(8, 16, stride=2), nn.ConvTranspose2d(16, 8, 2, 2), nn.ReLU(), nn.ConvTranspose2d(8, 1, 3, 2, 1, 1), nn.Sigmoid()),
    "vae": Vae,
    "style": lambda: nn.Sequential(nn.ReflectionPad2d(1), nn.Conv2d(1, 8, 3), nn.InstanceNorm2d(8, affine=True), nn.ReLU(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 1, 3, padding=1), nn.Tanh()),
    "colour": lambda: nn.Sequential(conv(1, 16, stride=2), nn.Conv2d(16, 8, 1), nn.Softmax(1), nn.Conv2d(8, 2, 1), nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)),
}, "pictures out", (1, 28, 28))
