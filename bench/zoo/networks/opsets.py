"""One network in every version of the standard that its exporter writes, and in the forms of
other exporters: a fixed batch, channels last, half precision."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from torch import nn

from blocks import Plus, conv, head
from zoo import model, network


def residual():
    return nn.Sequential(conv(3, 16, stride=2), Plus(nn.Sequential(conv(16, 16), nn.Dropout(), conv(16, 16, act=None)), after=nn.ReLU6()), nn.MaxPool2d(2), head(16))


for opset in range(7, 17):
    network(f"opset{opset}", "opsets", (3, 32, 32), opset)(residual)

network("batch1", "opsets", (3, 32, 32), dynamic_axes={})(residual)
network("unfolded", "opsets", (3, 32, 32), do_constant_folding=False)(residual)


def weights(*shape, scale=None, seed=0):
    random = np.random.default_rng(sum(shape) + seed)
    return (random.standard_normal(shape) * (scale or (2 / np.prod(shape[1:])) ** 0.5)).astype(np.float32)


def small_model(nodes, inits, shape, out, opset, kind=TensorProto.FLOAT, ir=8):
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", kind, shape)], [helper.make_tensor_value_info("y", TensorProto.FLOAT, out)],
        [numpy_helper.from_array(v, k) for k, v in inits.items()])
    m = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    m.ir_version = ir
    return m


def cnn(opset, x="x"):
    nodes = [
        helper.make_node("Conv", [x, "w", "b"], ["c"], pads=[1, 1, 1, 1], name="conv"), helper.make_node("Relu", ["c"], ["r"], name="relu"),
        helper.make_node("GlobalAveragePool", ["r"], ["p"], name="pool"), helper.make_node("Flatten", ["p"], ["f"], name="flat"),
        helper.make_node("Gemm", ["f", "v", "d"], ["y"], transB=1, name="dense")]
    return nodes, {"w": weights(8, 3, 3, 3), "b": weights(8, scale=0.1), "v": weights(5, 8), "d": weights(5, scale=0.1)}


def newer(opset, ir):
    def make():
        nodes, inits = cnn(opset)
        return small_model(nodes, inits, ["n", 3, 16, 16], ["n", 5], opset, ir=ir)
    return make


for opset, ir in ((17, 8), (18, 8), (19, 9), (20, 9), (21, 10), (22, 10), (23, 11), (24, 12)):
    model(f"opset{opset}", "opsets")(newer(opset, ir))


@model("channels_last", "opsets")
def channels_last():
    """As tf2onnx writes Keras' models."""
    nodes, inits = cnn(13, "t")
    return small_model([helper.make_node("Transpose", ["x"], ["t"], perm=[0, 3, 1, 2], name="to_nchw")] + nodes, inits, ["n", 16, 16, 3], ["n", 5], 13)


@model("fixed_batch8", "opsets")
def fixed_batch():
    nodes, inits = cnn(13)
    nodes[3] = helper.make_node("Reshape", ["p", "shape"], ["f"], name="flat")
    return small_model(nodes, {**inits, "shape": np.array([8, 8], np.int64)}, [8, 3, 16, 16], [8, 5], 13)


@model("uint8_pixels", "opsets")
def uint8_pixels():
    nodes, inits = cnn(13, "t")
    nodes = [helper.make_node("Cast", ["x"], ["f0"], to=TensorProto.FLOAT, name="cast"), helper.make_node("Mul", ["f0", "s"], ["t"], name="scale")] + nodes
    return small_model(nodes, {**inits, "s": np.float32(1 / 255)}, ["n", 3, 16, 16], ["n", 5], 13, TensorProto.UINT8)


@model("half", "opsets")
def half():
    nodes, inits = cnn(13)
    nodes = [helper.make_node("Cast", ["x"], ["h"], to=TensorProto.FLOAT16, name="down")] + nodes
    nodes[1].input[0], nodes[-1].output[0] = "h", "z"
    nodes.append(helper.make_node("Cast", ["z"], ["y"], to=TensorProto.FLOAT, name="up"))
    return small_model(nodes, {k: v.astype(np.float16) for k, v in inits.items()}, ["n", 3, 16, 16], ["n", 5], 13)


@model("int8_weights", "opsets")
def int8_weights():
    """Weights stored as int8, taken to real numbers in the file; activations are not quantised."""
    nodes, inits = cnn(13)
    w = inits.pop("w")
    scale = (np.abs(w).max(axis=(1, 2, 3)) / 127).astype(np.float32)
    inits.update(q=np.round(w / scale[:, None, None, None]).astype(np.int8), s=scale, z=np.zeros(8, np.int8))
    nodes.insert(0, helper.make_node("DequantizeLinear", ["q", "s", "z"], ["w"], axis=0, name="weights"))
    return small_model(nodes, inits, ["n", 3, 16, 16], ["n", 5], 13)


@model("branch", "opsets")
def branch():
    """An If whose condition is a constant, as scripted modules leave it."""
    nodes, inits = cnn(13, "t")
    def side(name, operator):
        return helper.make_graph([helper.make_node(operator, ["x"], [name])], name, [], [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)])
    nodes.insert(0, helper.make_node("If", ["yes"], ["t"], then_branch=side("same", "Identity"), else_branch=side("negated", "Neg"), name="if"))
    return small_model(nodes, {**inits, "yes": np.array(True)}, ["n", 3, 16, 16], ["n", 5], 13)


@model("extremes", "opsets")
def extremes():
    """The larger of two maps, bounds by constants, the largest along channels and rows, magnitudes."""
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], pads=[1, 1, 1, 1], name="conv"),
        helper.make_node("Split", ["c", "halves"], ["c1", "c2"], axis=1, name="split"),
        helper.make_node("Max", ["c1", "c2"], ["m"], name="most"), helper.make_node("Min", ["m", "most"], ["l"], name="least"),
        helper.make_node("Relu", ["c2"], ["r"], name="relu"),
        helper.make_node("ReduceMax", ["l"], ["over_channels"], axes=[1], name="over_channels"),
        helper.make_node("ReduceMin", ["r"], ["over_rows"], axes=[2], name="over_rows"),
        helper.make_node("Mul", ["r", "over_channels"], ["p"], name="product"), helper.make_node("Add", ["p", "over_rows"], ["q"], name="sum"),
        helper.make_node("ReduceMax", ["q"], ["k"], axes=[2, 3], keepdims=0, name="pool"),
        helper.make_node("Gemm", ["k", "v", "d"], ["y"], transB=1, name="dense")]
    inits = {"w": weights(16, 3, 3, 3), "b": weights(16, scale=0.1), "halves": np.array([8, 8], np.int64), "most": np.linspace(0.5, 2, 8, dtype=np.float32).reshape(1, 8, 1, 1),
             "v": weights(5, 8), "d": weights(5, scale=0.1)}
    return small_model(nodes, inits, ["n", 3, 12, 12], ["n", 5], 13)


@model("repeats", "opsets")
def repeats():
    """Tile, GatherElements and a Range that says what to gather."""
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], pads=[1, 1, 1, 1], name="conv"), helper.make_node("Relu", ["c"], ["r"], name="relu"),
        helper.make_node("Tile", ["r", "twice"], ["t"], name="tile"), helper.make_node("Conv", ["t", "u"], ["e"], strides=[2, 2], name="reduce"),
        helper.make_node("Range", ["from", "to", "by"], ["rows"], name="range"), helper.make_node("Gather", ["e", "rows"], ["g"], axis=2, name="gather"),
        helper.make_node("GatherElements", ["g", "which"], ["h"], axis=3, name="gather_elements"), helper.make_node("Relu", ["h"], ["i"], name="relu2"),
        helper.make_node("Flatten", ["i"], ["f"], name="flat"), helper.make_node("Gemm", ["f", "v", "d"], ["y"], transB=1, name="dense")]
    inits = {"w": weights(4, 3, 3, 3), "b": weights(4, scale=0.1), "twice": np.array([1, 2, 1, 2], np.int64), "u": weights(6, 8, 2, 2),
             "from": np.int64(0), "to": np.int64(5), "by": np.int64(2),
             "which": np.random.default_rng(3).integers(-10, 10, (1, 6, 3, 4)), "v": weights(5, 72), "d": weights(5, scale=0.1)}
    return small_model(nodes, inits, ["n", 3, 10, 10], ["n", 5], 13)
