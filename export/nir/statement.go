package nir

import (
	"bytes"
	"fmt"

	"ann2snn/internal/escape"
	"ann2snn/snn"
)

// statement is NAME.LOSS.md: what a reader has to know that NIR cannot say.
func statement(n *snn.Network, name string, kinds []encoding) []byte {
	var b bytes.Buffer
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }

	say("# What %s loses in NIR\n", name)
	say("NIR's nodes are defined in continuous time; here one unit of time is one step. In step t a node takes the sum of the outputs of its inputs in step t, but along an edge that closes a loop, and in a Delay, of step t-1. Everything starts at 0.")
	say("`simulate.py` (NumPy, h5py) computes exactly this. Its answers are those of ann2snn's runtime, integer by integer: `ann2snn export --target nir --verify N --data D` compares them.\n")
	sayEncodings(say, n, name, kinds)
	sayEnds(say, n)

	say("\n## What is lost\n")
	losses := check(n)
	if len(losses) == 0 {
		say("In `%s%s` nothing.", name, ladder.suffix)
		return b.Bytes()
	}
	say("| layer | what | way out |\n|---|---|---|")
	for _, l := range losses {
		say("| %s | %s | %s |", escape.CodeCell(l.Layer), escape.Markdown(l.What), escape.Markdown(l.Way))
	}
	return b.Bytes()
}

func sayEncodings(say func(string, ...any), n *snn.Network, name string, kinds []encoding) {
	say("## The files\n")
	say("`%s%s` has an IF node per layer of neurons. NIR's own IF fires 0 or 1 and resets to `v_reset`. To answer as the network does, a reader has to follow the metadata of the node:\n", name, ifs.suffix)
	say("- `reset` is `subtract`: the node fires as many levels k as fit, floor(v / v_threshold), and then v falls by k * v_threshold.")
	say("- `max_level`: k is at most this, and at least 0 (where `signed` is 1, minus this).")
	if n.Steps > 1 {
		say("- `v_init` is v before step 1. Without it every neuron lacks half a level.\n")
	} else {
		say("- v starts at 0; the half level that makes k round to nearest is part of the biases.\n")
	}
	if len(kinds) == 1 {
		say("There is no file that is exact in every reader: that takes spikes of at most %d bits.", ladderBits)
		return
	}
	say("`%s%s` says the same by NIR's own nodes: each level is a Threshold behind an integrator (I), and a Scale takes what was fired off the integrator in the next step. It has no metadata that matters.", name, ladder.suffix)
}

// hostNames are the names that ONNX has for host operators.
var hostNames = map[snn.HostFn]string{
	snn.HostSoftmax: "Softmax", snn.HostLogSoftmax: "LogSoftmax", snn.HostSigmoid: "Sigmoid",
	snn.HostGroupSoftmax: "Softmax", snn.HostGroupLogSoftmax: "LogSoftmax",
}

// sayEnds says what is left to the reader in front of the graph and behind it.
func sayEnds(say func(string, ...any), n *snn.Network) {
	in, out := &n.Layers[0], &n.Layers[n.Output]
	op, _ := in.Op.(snn.Input)
	say("\n## Input and output\n")
	scale := "the entry of its channel in `input_scale` of the graph's metadata"
	if len(in.Scale) == 1 {
		scale = fmt.Sprintf("%g", in.Scale[0])
	}
	low, high := op.Range()
	rounded := "floor(x / %s + 1/2)"
	if op.Quantised {
		rounded = "x / %s, rounded with halves to even"
	}
	say("- The input is the same in all %d steps: x becomes "+rounded+", held to %d..%d. x is a sample as the network takes it (preprocessed), channels first: %d x %d x %d.",
		n.Steps, scale, low, high, in.Shape.C, in.Shape.H, in.Shape.W)
	unit := "`output_unit` of the graph's metadata"
	if v := out.LevelValue(); len(v) == 1 {
		unit = fmt.Sprintf("%g", v[0])
	} else if len(v) == 0 {
		unit = "1"
	}
	say("- The answer is the sum of the output over the steps, times %s, divided by %d.", unit, n.Steps)
	for _, h := range n.Host {
		of := ""
		if h.Fn.Grouped() {
			of = fmt.Sprintf(" over every %d elements that are %d apart, channels first,", h.Group, h.Stride)
		}
		say("- %s%s is left to the reader.", hostNames[h.Fn], of)
	}
	say("- `nir.read` of older nir packages does not know the types behind pools and grouped convolutions: `nir.read(file, type_check=False)`.")
}
