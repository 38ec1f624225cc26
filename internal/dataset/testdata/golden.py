#!/usr/bin/env python3
"""Write the golden pictures of this folder with Pillow 9.4 (libjpeg-turbo, libwebp) and
the arrays with NumPy 1.24, both independent of the code under test."""

import numpy as np
from PIL import Image

W, H = 61, 47


def pattern():
    """Smooth colours with a sharp ring, so that chroma upsampling shows."""
    y, x = np.mgrid[0:H, 0:W]
    rgb = np.stack([4 * x, 255 - 5 * y, 2 * x + 3 * y], -1)
    ring = np.abs(np.hypot(x - 30, y - 22) - 14) < 3
    rgb[ring] = [230, 20, 60]
    return Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))


def pictures():
    im = pattern()
    im.save("pattern.png")
    im.convert("L").save("grey.png")
    for size in [(30, 23), (24, 40), (100, 77), (7, 47)]:
        im.resize(size, Image.BILINEAR).save("resized_%dx%d.png" % size)
    for name, subsampling in [("444", 0), ("422", 1), ("420", 2)]:
        im.save(f"jpeg{name}.jpg", quality=90, subsampling=subsampling)
        Image.open(f"jpeg{name}.jpg").convert("RGB").save(f"jpeg{name}_decoded.png")
    im.save("lossy.webp", quality=90)
    Image.open("lossy.webp").convert("RGB").save("lossy_decoded.png")
    im.save("lossless.webp", lossless=True)
    im.save("plain.bmp")
    im.quantize(16).save("palette.png")
    im.quantize(16).convert("RGB").save("palette_decoded.png")
    alpha = im.copy()
    alpha.putalpha(Image.linear_gradient("L").resize(im.size))
    alpha.save("alpha.png")


def arrays():
    x = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5) - 50
    for code in ["f2", "f4", "f8", "i1", "i2", "i4", "i8"]:
        np.save(f"little_{code}.npy", x.astype("<" + code))
        np.save(f"big_{code}.npy", x.astype(">" + code))
    for code in ["u1", "u2", "u4", "u8"]:
        np.save(f"unsigned_{code}.npy", (x + 50).astype("<" + code))
    np.save("bool.npy", x % 3 == 0)
    np.save("fortran.npy", np.asfortranarray(x.astype("<f4")))
    for version in [(2, 0), (3, 0)]:
        with open(f"version{version[0]}.npy", "wb") as f:
            np.lib.format.write_array(f, x.astype("<f4"), version=version)
    y = np.array([4, 2])
    np.savez("plain.npz", x=x.astype("<f4"), y=y)
    np.savez_compressed("compressed.npz", x=x.astype("<f4"), y=y.reshape(2, 1).astype("u1"))
    np.savez("no_x.npz", images=x, y=y)


pictures()
arrays()
