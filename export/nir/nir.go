// Package nir exports networks to the neuromorphic intermediate representation, an HDF5
// file that many simulators and tools of neuromorphic chips read.
//
// NIR has no multi-bit spikes. An export holds the network in up to two encodings:
//
//   - NAME.nir has an IF node per layer of neurons. Its metadata, which readers may
//     ignore, say that an IF fires several levels at once and subtracts them.
//   - NAME.ladder.nir, for spikes of at most 4 bits, makes each level a Threshold of its
//     own behind an integrator, from which the levels are subtracted. Nothing in it
//     depends on metadata, so it is exact in every reader that computes each node as NIR
//     defines it.
//
// NAME.LOSS.md says what a reader has to know, and simulate.py runs both.
package nir

import (
	_ "embed"

	"ann2snn/export/target"
	"ann2snn/internal/hdf5"
	"ann2snn/snn"
)

// Target is the target nir.
var Target = &target.Target{
	Name:    "nir",
	Summary: "neuromorphic intermediate representation (HDF5), as IF nodes and, up to 4 bits, as exact ladders of thresholds",
	Check:   check,
	Files:   files,
	Run:     run,
}

// version of NIR that the files are written by.
const version = "1.0.7"

//go:embed simulate.py
var simulator []byte

const simulatorName = "simulate.py"

// encoding is how neurons are written.
type encoding struct {
	name   string
	suffix string // of the file
	neuron func(g *graph, current signal) signal
	folded bool // the start of a membrane becomes a bias where there is one step
}

var (
	ifs    = encoding{name: "if", suffix: ".nir", neuron: (*graph).fire, folded: true}
	ladder = encoding{name: "ladder", suffix: ".ladder.nir", neuron: (*graph).climb}
)

// encodings returns those that an export of the network has.
func encodings(n *snn.Network) []encoding {
	for i := range n.Layers {
		if neuron := n.Layers[i].Neuron; neuron != nil && neuron.Format.Bits() > ladderBits {
			return []encoding{ifs}
		}
	}
	if sketch(n, &ladder).fatal() {
		return []encoding{ifs}
	}
	return []encoding{ifs, ladder}
}

func files(n *snn.Network, o target.Options) ([]target.File, error) {
	kinds := encodings(n)
	var all []target.File
	for i := range kinds {
		b, err := build(n, &kinds[i]).encode()
		if err != nil {
			return nil, err
		}
		all = append(all, target.File{Name: o.Name + kinds[i].suffix, Data: b})
	}
	return append(all,
		target.File{Name: o.Name + ".LOSS.md", Data: statement(n, o.Name, kinds)},
		target.File{Name: simulatorName, Data: simulator},
	), nil
}

// encode returns the file that holds the graph.
func (g *graph) encode() ([]byte, error) {
	edges := hdf5.Texts([]int{len(g.edges) / 2, 2}, g.edges)
	return hdf5.Encode(hdf5.Group{
		"version": hdf5.Text(version),
		"node": hdf5.Group{
			"type":     hdf5.Text("NIRGraph"),
			"nodes":    g.nodes,
			"edges":    edges,
			"metadata": g.metadata(),
		},
	})
}

// inputScale is the value of a level of the input: a number, or a list of one per channel.
func inputScale(in *snn.Layer) hdf5.Dataset {
	if len(in.Scale) == 1 {
		return hdf5.Array(nil, in.Scale)
	}
	return hdf5.Array([]int{len(in.Scale)}, in.Scale)
}

// metadata says what a reader needs to feed the graph and to read its answer.
func (g *graph) metadata() hdf5.Group {
	in, out := &g.net.Layers[0], &g.net.Layers[g.net.Output]
	op, _ := in.Op.(snn.Input)
	low, high := op.Range()
	even := 0 // whether halves go to the even level, else up
	if op.Quantised {
		even = 1
	}
	unit := out.LevelValue()
	return hdf5.Group{
		"producer":     hdf5.Text("ann2snn"),
		"encoding":     hdf5.Text(g.encoding.name),
		"timesteps":    hdf5.Int(int64(g.net.Steps)),
		"input_scale":  inputScale(in),
		"input_levels": hdf5.Int(int64(high)),
		"input_even":   hdf5.Int(int64(even)),
		"input_least":  hdf5.Int(int64(low)),
		"output_unit":  hdf5.Array([]int{len(unit)}, unit),
	}
}
