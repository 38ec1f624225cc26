"""Prints what h5py finds in an HDF5 file, one object a line: dump.py FILE"""

import json
import sys

import h5py


def text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else value


def show(name, node):
    if isinstance(node, h5py.Group):
        print(json.dumps(["/" + name, "group", len(node)], ensure_ascii=False))
        return
    values = [text(x) for x in node[()].ravel().tolist()] if node.shape else [text(node[()].item() if node.dtype.kind != "S" else node[()])]
    aligned = node.id.get_offset() is None or node.id.get_offset() % 64 == 0
    kind = {"i": "int", "f": "float", "S": "text"}[node.dtype.kind]
    print(json.dumps(["/" + name, kind, list(node.shape), values, aligned], ensure_ascii=False))


with h5py.File(sys.argv[1], "r") as file:
    file.visititems(show)
