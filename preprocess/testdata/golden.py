#!/usr/bin/env python3
"""Write the golden pictures of this folder with Pillow 9.4 (libjpeg-turbo, libwebp),
independent of the code under test."""

import numpy as np
from PIL import Image, ImageOps

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
    im.convert("CMYK").save("cmyk.jpg", quality=95)
    Image.open("cmyk.jpg").convert("RGB").save("cmyk_decoded.png")
    turned(im.crop((10, 8, 23, 15)))


def turned(im):
    """What ImageOps.exif_transpose makes of every orientation, in all files that have EXIF."""
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        name = f"exif{orientation}.png"
        im.save(name, exif=exif)
        ImageOps.exif_transpose(Image.open(name)).save(f"exif{orientation}_upright.png", exif=b"")
    im.save("exif6.webp", lossless=True, exif=exif_of(6))
    im.save("exif6.jpg", quality=95, subsampling=0, exif=exif_of(6))
    ImageOps.exif_transpose(Image.open("exif6.jpg")).save("exif6_jpg_upright.png", exif=b"")


def exif_of(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker"
    return exif


pictures()
