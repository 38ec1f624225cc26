"""Print what TestRealModels expects: nodes, constants and their digest per ONNX file.

The reader is that of the onnx package, so that the importer is checked against another one.
"""
import hashlib
import struct
import sys

import numpy
import onnx
import onnx.numpy_helper

for path in sys.argv[1:]:
    graph = onnx.load(path).graph
    constants = [(t.name, t) for t in graph.initializer]
    constants += [(n.output[0], n.attribute[0].t) for n in graph.node if n.op_type == "Constant"]
    digest = hashlib.sha256()
    for name, tensor in constants:
        array = onnx.numpy_helper.to_array(tensor)
        wide = "<f4" if array.dtype.kind == "f" else "<i8"
        digest.update(name.encode() + struct.pack("<%dq" % (array.ndim + 1), array.ndim, *array.shape))
        digest.update(numpy.ascontiguousarray(array, dtype=wide).tobytes())
    nodes = sum(n.op_type != "Constant" for n in graph.node)
    print(path, nodes, len(constants), digest.hexdigest())
