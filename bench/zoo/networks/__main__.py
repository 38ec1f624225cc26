"""Writes the networks of the zoo as ONNX files, with manifest.json.

    python3 bench/zoo/networks FOLDER [NAME...]

Needs PyTorch, torchvision and onnx (Debian 12's python3-torch, python3-torchvision,
python3-onnx). Networks that are there already are left alone.
"""

import json
import pathlib
import sys

import torch

import classifiers  # noqa: F401 (adds its networks to the list)
import dense  # noqa: F401
import opsets  # noqa: F401
import signals  # noqa: F401
from zoo import ENTRIES, export


def main():
    torch.set_num_threads(1)
    folder, names = pathlib.Path(sys.argv[1]), sys.argv[2:] or list(ENTRIES)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in names:
        path = folder / f"{name}.onnx"
        if not path.exists():
            print(name, file=sys.stderr, flush=True)
            part = path.with_suffix(".part")
            export(ENTRIES[name], part)
            part.rename(path)
        written.append({"name": name, "family": ENTRIES[name].family})
    (folder / "manifest.json").write_text(json.dumps(written, indent=1) + "\n")


main()
