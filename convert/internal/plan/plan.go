package plan

import (
	"slices"

	"ann2snn/ir"
	"ann2snn/snn"
)

// Plan is a spiking network without numbers.
type Plan struct {
	Graph  *ir.Graph
	Layers []*Layer // in topological order
	Output *Layer
	Host   []snn.HostOp
	Input  *Quantiser // how the model rounds its input first of all; nil: not
	Sites  []*Site
	Nodes  []Node   // one per node of the graph
	Notes  []string // for the user
}

// Layer is a planned snn.Layer.
type Layer struct {
	Index  int
	Node   int // the node of the graph that the layer was planned for; -1 for the input
	Name   string
	Op     Op
	In     []*Layer
	Shape  snn.Shape
	Neuron *Neuron // nil: none
	Gate   *Layer  // its output is added to the current of the neurons; nil: none

	Source  ir.ValueID // the value of the graph that the output stands for, or ir.None
	Current ir.ValueID // the value of the graph that the current stands for, or ir.None
	View    []int32    // the places of their elements in the layer; see Place

	Auxiliary bool // not the layer to compare Source with: another one stands for it, too
	Uneven    bool // level values may differ within a channel
	nonneg    bool // never stands for a negative value
	analog    bool // the input, at most moved
	raw       bool // the input, at most moved, scaled and shifted
	spiking   bool // the result of Spikes, once it is true
}

// Op is a planned snn.Op: one of Input, *Conv, *Dense, *Sum, Product, SumPool, MaxPool,
// Gather, Concat and *Gate.
type Op interface{ planned() }

// Neuron is a planned snn.Neuron.
type Neuron struct {
	Act  snn.Activation
	Site *Site
	Own  *Quantiser // the levels of the model; nil: it does not round here
	Why  string     // for neurons that no activation of the graph asked for
	Fine bool       // stands for the input of the network, or for sums of many spikes
}

// Site is a value to calibrate; neurons of several layers may share it.
type Site struct {
	Value  ir.ValueID
	Axis   int
	Signed bool
}

// Spikes reports whether the layer's output are spikes. That may become true when neurons
// are put on a layer below, but never false again.
func (l *Layer) Spikes() bool {
	switch {
	case l.analog:
		return false
	case l.Computes():
		return l.Neuron != nil
	case !l.spiking:
		l.spiking = !slices.ContainsFunc(l.In, func(in *Layer) bool { return !in.Spikes() })
	}
	return l.spiking
}

// stillRaw reports whether the layer's output is raw, which it is no more behind neurons.
func (l *Layer) stillRaw() bool { return l.raw && l.Neuron == nil }

// Computes reports whether the layer has a current of its own, which neurons can take.
func (l *Layer) Computes() bool {
	switch l.Op.(type) {
	case *Conv, *Dense, *Sum, Product, *Gate:
		return true
	}
	return false
}
