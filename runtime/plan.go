package runtime

import (
	"context"
	"errors"
	"sync"

	"ann2snn/snn"
)

// Plan is a network prepared for running. It is immutable and safe for concurrent use;
// everything that changes during a run is in its Sessions.
type Plan struct {
	net     *snn.Network
	part    part
	lean    *plan8                         // of an integer network, for sessions that do not keep; nil in a float one
	keeping func() func(stats bool) keeper // nil in a lean plan
}

// machine runs samples in the arithmetic of the network.
type machine interface {
	load(sample []float32) error
	run(ctx context.Context) error
	// decode writes the value of a layer's output after steps 1 to t, in C, H, W order.
	decode(dst []float32, layer, t int)
	stats(dst []LayerStats)
	// give sets the output of a layer; it fails where that is not of the layer's kind.
	give(layer int, e Recording) bool
	emissionOf(layer int) Recording
	close()
}

// keeper is a machine that keeps what every layer put out.
type keeper interface {
	machine
	resume(ctx context.Context, from, to int) error
	// current writes the value of a layer's current after all steps, in C, H, W order.
	current(dst []float32, layer int)
	// levels writes what a layer puts out in step t, in H, W, C order.
	levels(dst []int32, layer, t int)
}

// Compile prepares a network, which must not change afterwards. Networks that fail
// Verify are refused, and so are integer networks in which an int32 might overflow.
func Compile(n *snn.Network, options ...Option) (*Plan, error) {
	return checked(n, nil, optionsOf(options))
}

// checked verifies a network, proves its ranges and prepares it.
func checked(n *snn.Network, read func(), o options) (*Plan, error) {
	if err := n.Verify(); err != nil {
		return nil, fail("network is not valid", err)
	}
	var ranges []snn.Range
	if n.Integer {
		var err error
		if ranges, err = n.Ranges(); err != nil {
			return nil, fail("network is not safe to run", err)
		}
	}
	return prepare(n, wholeOf(n), ranges, read, o)
}

// CompileLean is Compile for sessions that do not keep. The plan of an integer network
// then shares no memory with it and holds weights only as they are packed: the network,
// and what it was read from, can be let go. Its Network lacks weights.
//
// Read, unless nil, is called now and then while the weights are packed. What was read of
// the network up to then is hardly needed again, so that pages of a mapped file may be
// dropped to keep the peak of memory low.
func CompileLean(n *snn.Network, read func(), options ...Option) (*Plan, error) {
	if read == nil {
		read = func() {}
	}
	return checked(n, read, optionsOf(options))
}

// prepare makes a plan for a part of a verified network; ranges are those of an integer
// one. Unless read is nil, it is a plan of CompileLean.
func prepare(n *snn.Network, run part, ranges []snn.Range, read func(), o options) (*Plan, error) {
	if !n.Integer {
		if !complete {
			return nil, fail("float networks are left out of programs built with the tag lean", nil)
		}
		return &Plan{net: n, part: run, keeping: sync.OnceValue(func() func(bool) keeper { return compile(n, &run, &floats).spawn })}, nil
	}
	set, err := o.set()
	if err != nil {
		return nil, err
	}
	if read != nil {
		net := n.WithoutWeights()
		return &Plan{net: net, part: run, lean: compile8(net, n, &run, ranges, set, o, read)}, nil
	}
	p := &Plan{net: n, part: run, lean: compile8(n, n, &run, ranges, set, o, func() {})}
	if complete {
		p.keeping = sync.OnceValue(func() func(bool) keeper { return compile(n, &run, &integers).spawn })
	}
	return p, nil
}

// spawn returns the state of a session.
func (p *Plan) spawn(o SessionOptions) machine {
	switch {
	case o.Trace && p.keeping == nil:
		panic("runtime: sessions cannot keep on a plan of CompileLean, or in programs built with the tag lean")
	case o.Trace || p.lean == nil:
		return p.keeping()(o.Stats)
	}
	return newEngine8(p.lean, o)
}

// Network returns the network of the plan; see CompileLean.
func (p *Plan) Network() *snn.Network { return p.net }

// Kernel names the set of kernels that sessions without a trace run on, see UseKernels.
// Float networks run in plain Go.
func (p *Plan) Kernel() string {
	if p.lean == nil {
		return "go"
	}
	return p.lean.set.Name
}

// Memory is what running an integer network takes, in bytes.
type Memory struct {
	Weights     int `json:"weights"`     // packed for the kernels, once for all sessions
	Activations int `json:"activations"` // of a session: what layers put out, as far as it is in use at the same time
}

// Memory returns what sessions take that do not keep; nothing is known of float networks.
func (p *Plan) Memory() Memory {
	if p.lean == nil {
		return Memory{}
	}
	return Memory{p.lean.weightBytes(), p.lean.bytes + p.lean.slack() + 4*p.lean.words}
}

// InLen returns the number of elements of a sample.
func (p *Plan) InLen() int { return p.net.Layers[0].Shape.Len() }

// OutLen returns the number of elements of the readout.
func (p *Plan) OutLen() int { return p.net.Layers[p.net.Output].Shape.Len() }

// fail is fmt.Errorf("runtime: %s: %w") without fmt, which would double the size of a
// small program.
func fail(what string, err error) error {
	if err == nil {
		return errors.New("runtime: " + what)
	}
	return &failure{"runtime: " + what + ": " + err.Error(), err}
}

type failure struct {
	text  string
	cause error
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.cause }
