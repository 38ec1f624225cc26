"""Runs a NIR graph that ann2snn exported, step by step.

    python3 simulate.py NET.nir [WATCH] < samples > answers

Samples are raw little-endian float32, one after the other, in the graph's order
(channels first), as the network takes them. Answers are raw little-endian float64: for
each sample and each step what the output takes. WATCH is a file whose lines are names
of nodes; then answers hold, line by line, the sums of the outputs of these nodes.

One unit of time is one step. A node takes the sum of the outputs of its inputs in the same
step; along an edge that closes a loop seen from the input, and in a Delay, in the step
before. Needs NumPy and h5py.
"""

import sys

import h5py
import numpy as np


def read(group):
    """Returns a group as a dictionary."""
    return {name: read(x) if isinstance(x, h5py.Group) else x[()] for name, x in group.items()}


def order(nodes, edges):
    """Returns the nodes so that each comes after its inputs, and the edges that close loops."""
    after = {name: [] for name in nodes}
    for a, b in edges:
        after[a].append(b)
    state, done, loops = {}, [], set()
    for root in [n for n in nodes if nodes[n]["type"] == b"Input"]:
        state[root] = "open"
        path = [(root, iter(after[root]))]
        while path:
            name, rest = path[-1]
            for to in rest:
                if state.get(to) == "open":
                    loops.add((name, to))
                elif to not in state:
                    state[to] = "open"
                    path.append((to, iter(after[to])))
                    break
            else:
                state[name] = "done"
                done.append(name)
                path.pop()
    return done[::-1], loops


def windows(x, kernel, stride, padding, dilation=(1, 1)):
    """Yields for every element of a kernel what it meets in the windows of a map."""
    x = np.pad(x, ((0, 0), (padding[0],) * 2, (padding[1],) * 2))
    size = [(x.shape[a + 1] - (kernel[a] - 1) * dilation[a] - 1) // stride[a] + 1 for a in (0, 1)]
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            top, left = i * dilation[0], j * dilation[1]
            yield i, j, x[:, top : top + (size[0] - 1) * stride[0] + 1 : stride[0], left : left + (size[1] - 1) * stride[1] + 1 : stride[1]]


def conv(n, x):
    weight, groups = n["weight"].astype(float), int(n["groups"])
    out, depth = weight.shape[0] // groups, weight.shape[1]
    total = n["bias"].astype(float)[:, None, None]
    for i, j, met in windows(x, weight.shape[2:], n["stride"], n["padding"], n["dilation"]):
        if groups == 1:
            total = total + np.tensordot(weight[:, :, i, j], met, 1)
        elif out == depth == 1:
            total = total + weight[:, 0, i, j, None, None] * met
        else:
            parts = [np.tensordot(weight[g * out : (g + 1) * out, :, i, j], met[g * depth : (g + 1) * depth], 1) for g in range(groups)]
            total = total + np.concatenate(parts)
    return total


def fire(n, v):
    """Returns what an IF node fires and what is left of v."""
    theta, meta = n["v_threshold"], n.get("metadata", {})
    if meta.get("reset") != b"subtract":
        spikes = (v > theta).astype(float)
        return spikes, np.where(spikes > 0, n["v_reset"], v)
    most = int(meta["max_level"])
    spikes = np.clip(np.floor(v / theta), -most if meta["signed"] else 0, most)
    return spikes, v - spikes * theta


STATELESS = {
    "Conv2d": conv,
    "Affine": lambda n, x: n["weight"].astype(float) @ x + n["bias"],
    "Scale": lambda n, x: n["scale"] * x,
    "Threshold": lambda n, x: (x > n["threshold"]).astype(float),
    "SumPool2d": lambda n, x: sum(met for _, _, met in windows(x, n["kernel_size"], n["stride"], n["padding"])),
    "Flatten": lambda n, x: x.ravel(),
    "Output": lambda n, x: x,
}


class Graph:
    def __init__(self, file):
        with h5py.File(file, "r") as f:
            node = read(f["node"])
        self.nodes, self.metadata = node["nodes"], node["metadata"]
        edges = [(a.decode(), b.decode()) for a, b in node["edges"]]
        self.order, self.loops = order(self.nodes, edges)
        self.inputs = {name: [a for a, b in edges if b == name] for name in self.nodes}

    def levels(self, sample):
        """Rounds a sample to the levels that the graph takes."""
        least, most = int(self.metadata["input_least"]), int(self.metadata["input_levels"])
        scale = np.asarray(self.metadata["input_scale"], float).reshape(-1)  # of all channels, or of each
        scale = np.repeat(scale, sample.size // scale.size).reshape(sample.shape)
        if int(self.metadata["input_even"]):
            return np.clip(np.rint(sample.astype(np.float32) / scale.astype(np.float32)), least, most)
        return np.clip(np.floor(sample.astype(float) / scale + 0.5), least, most)

    def run(self, sample):
        """Yields, step by step, the output of every node."""
        x = self.levels(sample)
        state, last = {}, {}
        for _ in range(int(self.metadata["timesteps"])):
            now = {}
            for name in self.order:
                now[name] = self.step(name, x, now, last, state)
            yield now
            last = now

    def step(self, name, x, now, last, state):
        node = self.nodes[name]
        kind = node["type"].decode()
        if kind == "Input":
            return x.reshape(node["shape"])
        taken = 0.0
        for source in self.inputs[name]:
            taken = taken + (last.get(source, 0.0) if (source, name) in self.loops else now[source])
        if kind in STATELESS:
            return STATELESS[kind](node, taken)
        if kind == "Delay":
            assert np.all(node["delay"] == 1)
            state[name], before = taken, state.get(name, 0.0 * taken)
            return before
        if kind not in ("I", "IF"):
            raise ValueError(f"{name}: no rule for a node of type {kind}")
        v = state.get(name, node.get("metadata", {}).get("v_init", 0.0)) + node["r"] * taken
        out, state[name] = fire(node, v) if kind == "IF" else (v, v)
        return out


def main():
    graph = Graph(sys.argv[1])
    watch = [[name for name in graph.nodes if graph.nodes[name]["type"] == b"Output"]]
    if len(sys.argv) > 2:
        with open(sys.argv[2], encoding="utf-8") as f:
            watch = [line.split() for line in f]
    size = int(np.prod(next(n["shape"] for n in graph.nodes.values() if n["type"] == b"Input")))
    samples = np.frombuffer(sys.stdin.buffer.read(), "<f4").reshape(-1, size)
    for sample in samples:
        for now in graph.run(sample):
            for names in watch:
                sys.stdout.buffer.write(sum(now[n] for n in names).astype("<f8").tobytes())


main()
