package runtime

import (
	"context"
	"errors"

	"ann2snn/snn"
)

// Plan is a network prepared for running. It is immutable and safe for concurrent use;
// everything that changes during a run is in its Sessions.
type Plan struct {
	net   *snn.Network
	spawn func(stats bool) machine
}

// machine runs samples in the arithmetic of the network.
type machine interface {
	load(sample []float32) error
	resume(ctx context.Context, from, to int) error
	// decode writes the value of a layer's output after steps 1 to t, in C, H, W order.
	decode(dst []float32, layer, t int)
	// current writes the value of a layer's current after all steps, in C, H, W order.
	current(dst []float32, layer int)
	// levels writes what a layer puts out in step t, in H, W, C order.
	levels(dst []int32, layer, t int)
	stats(dst []LayerStats)
}

// Compile prepares a network, which must not change afterwards. Networks that fail
// Verify are refused, and so are integer networks in which an int32 might overflow.
func Compile(n *snn.Network) (*Plan, error) {
	if err := n.Verify(); err != nil {
		return nil, fail("network is not valid", err)
	}
	if !n.Integer {
		return &Plan{net: n, spawn: compile(n, &floats).spawn}, nil
	}
	if _, err := n.Ranges(); err != nil {
		return nil, fail("network is not safe to run", err)
	}
	return &Plan{net: n, spawn: compile(n, &integers).spawn}, nil
}

// Network returns the network of the plan.
func (p *Plan) Network() *snn.Network { return p.net }

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
