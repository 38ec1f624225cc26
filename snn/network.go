package snn

// Network is a multi-bit spiking network, ready to be compiled, stored or exported.
//
// Time. The network runs Steps time steps. In every step each layer turns what its
// inputs emit in that step into a current, and its neurons (if it has any) turn the
// current into spikes. A spike is an integer level; Layer.Scale gives its value. When the
// input drives the network, and what a sequence of levels is worth, depends on Restim.
//
// Arithmetic. In a float network weights, currents and membranes are float32 and
// currents are in the units of the original network. In an integer network they are
// int8, int32 and int32; currents of layer l count in units of Layer.Unit.
type Network struct {
	Steps   int
	Restim  Restim
	Rho     int // ratio between the bit levels of RestimRefine; otherwise 1
	Integer bool
	Layers  []Layer // in topological order; Layers[0].Op is Input
	Output  int     // the layer that is read out
	Host    []HostOp
	Meta    Meta
}

// Layer computes a current (or, for ops that only move, add or pick spikes, spikes)
// from the outputs of earlier layers, and spikes from the current where Neuron is set,
// which only Conv, Dense, Sum and Product allow.
type Layer struct {
	Name   string // the ONNX node's name, for reports
	Op     Op
	In     []int // indices of earlier layers
	Shape  Shape // of the output
	Neuron *Neuron

	// Scale is the value of one level of the output: one entry for all, one per
	// channel, or one per element (H, W, C order). Nil means 1: a float current. Neurons of
	// a float network have their Threshold here; ops that move levels keep their Scale. The
	// input of an integer network has one entry or one per channel.
	Scale []float32
	// Unit is, in an integer network, the value of 1 in the layer's current, one entry
	// per channel; nil in a float network and for layers that only move spikes.
	Unit []float32

	// Density is the share of groups of four channels that hold a spike, as measured when
	// the network was made; 0 where it is unknown. It chooses between ways to the same numbers.
	Density float32

	ANNValue   string // name of the ANN value that the output stands for; may be empty
	ANNCurrent string // name of the ANN value that the current stands for; may be empty
}

// Neuron turns a layer's current into multi-bit spikes of 0..Q levels, or -Q..Q where
// Signed is set, Q = 2^(M+N)-1.
type Neuron struct {
	Format       Format
	Threshold    []float32 // of one level, per channel, in the value's units
	IntThreshold []int32   // integer networks: Threshold/Unit, rounded, at least 1: a threshold in units of the membrane
	Signed       bool      // negative levels are spikes too
	Act          Activation
}

// Format is the fixed-point format of a spike: M integer and N fractional bits. One
// level is Neuron.Threshold; the full-spike threshold is 2^N levels. The zero Format is
// analog: the neuron passes its activation unrounded (float networks of one step; it
// exists to test the lowering).
type Format struct{ M, N uint8 }

// Bits returns the width of a spike.
func (f Format) Bits() int { return int(f.M) + int(f.N) }

// Max returns Q, the largest level.
func (f Format) Max() int { return 1<<f.Bits() - 1 }

// HostOp is applied to the read-out in float32 after the last step.
type HostOp struct {
	Name string // the ONNX node's name
	Fn   HostFn
	// Group and Stride are for operators on groups, else 0: elements that are Stride apart, so
	// many of them, are a group. The read-out, channels first, is one block of Group x Stride
	// elements after the other, and each holds Stride groups. The classes of a pixel are a group
	// with as many elements as there are channels, and a stride of height times width.
	Group, Stride int
}

// Meta is what later commands need to know about a network's origin. Preprocess and
// Record are JSON documents that this package only carries.
type Meta struct {
	Model      string   // base name of the ONNX file
	SHA256     string   // of the ONNX file, hex
	Labels     []string // class names, may be empty
	Preprocess []byte
	Record     []byte
	// Calibrated holds the hashes of the samples that the network was made of or chosen by,
	// rising; see the package documentation. Nil means that they are not known, an empty list
	// that there were none, as where samples were made up.
	Calibrated []uint64
}

// MaxCalibrated bounds Meta.Calibrated.
const MaxCalibrated = 1 << 20
