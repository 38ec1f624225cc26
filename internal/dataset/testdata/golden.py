#!/usr/bin/env python3
"""Write the arrays of this folder with NumPy 1.24, independent of the code under test."""

import numpy as np


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


arrays()
