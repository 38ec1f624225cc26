package runtime

import (
	"context"
	"sync"

	"ann2snn/internal/budget"
	"ann2snn/internal/engine"
	"ann2snn/internal/engine/spec"
	"ann2snn/internal/engine/u8"
	"ann2snn/internal/facts"
	"ann2snn/snn"
)

// Plan is a network prepared for running. It is immutable and safe for concurrent use;
// everything that changes during a run is in its Sessions.
type Plan struct {
	net    *snn.Network
	subnet engine.Subnet
	facts  *facts.Network
	bytes  *u8.Plan                              // of an integer network; nil in a float one
	traces func() func(count bool) engine.Tracer // by the specification; nil where it is left out
	budget *budget.Budget                        // of the context that it was compiled in
}

// Compile prepares a network. Networks that fail Verify are refused, and so are integer
// networks in which an int32 might overflow. The network must not change afterwards, with
// the exception that Resume describes. The context is checked while an integer network is
// laid out, layer by layer.
func Compile(ctx context.Context, n *snn.Network, options ...Option) (*Plan, error) {
	return checked(ctx, n, optionsOf(options))
}

// CompileDetached is Compile for sessions without a trace. The plan of an integer network
// then shares no memory with it and holds weights only as they are packed: the network,
// and what it was read from, can be let go. Its Network lacks weights.
//
// Read, unless nil, is called now and then while the weights are packed. What was read of
// the network up to then is hardly needed again, so that pages of a mapped file may be
// dropped to keep the peak of memory low.
func CompileDetached(ctx context.Context, n *snn.Network, read func(), options ...Option) (*Plan, error) {
	o := optionsOf(options)
	o.detached, o.read = true, read
	return checked(ctx, n, o)
}

// checked verifies a network, proves its ranges and prepares it.
func checked(ctx context.Context, n *snn.Network, o options) (*Plan, error) {
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
	return prepare(ctx, n, engine.Whole(n), ranges, o)
}

// prepare makes a plan for a part of a verified network; ranges are those of an integer
// one.
func prepare(ctx context.Context, n *snn.Network, s engine.Subnet, ranges []snn.Range, o options) (*Plan, error) {
	p := &Plan{net: n, subnet: s}
	if budget.Asks {
		p.budget = budget.From(ctx)
	}
	if !n.Integer {
		if !complete {
			return nil, fail("float networks are left out of programs built with the tag lean", nil)
		}
		p.facts = facts.Of(n, nil)
		p.traces = sync.OnceValue(func() func(bool) engine.Tracer { return spec.Floats(p.facts, &p.subnet).NewSession })
		return p, nil
	}
	set, err := o.set()
	if err != nil {
		return nil, err
	}
	if o.detached {
		p.net = n.WithoutWeights()
	}
	p.facts = facts.Of(p.net, ranges)
	p.bytes, err = u8.Compile(ctx, p.facts, n, &p.subnet, u8.Options{
		Kernels: set, Winograd: u8.Choice(o.winograd), Sparse: u8.Choice(o.sparse), Read: o.read,
	})
	if err != nil {
		return nil, err
	}
	if complete && !o.detached {
		p.traces = sync.OnceValue(func() func(bool) engine.Tracer { return spec.Integers(p.facts, &p.subnet).NewSession })
	}
	return p, nil
}

// Network returns the network of the plan; see CompileDetached.
func (p *Plan) Network() *snn.Network { return p.net }

// Kernel names the set of kernels that sessions without a trace run on, see UseKernels.
// Float networks run in plain Go.
func (p *Plan) Kernel() string {
	if p.bytes == nil {
		return "go"
	}
	return p.bytes.Kernels().Name
}

// Memory is what running an integer network takes, in bytes.
type Memory struct {
	Weights     int `json:"weights"`     // packed for the kernels, once for all sessions
	Activations int `json:"activations"` // of a session: outputs of layers, as far as they are in use at the same time
}

// Memory returns what sessions without a trace take; zero for float networks.
func (p *Plan) Memory() Memory {
	if p.bytes == nil {
		return Memory{}
	}
	weights, outputs := p.bytes.Memory()
	return Memory{Weights: weights, Activations: outputs}
}

// InLen returns the number of elements of a sample.
func (p *Plan) InLen() int { return p.net.Layers[0].Shape.Len() }

// OutLen returns the number of elements of the readout.
func (p *Plan) OutLen() int { return p.net.Layers[p.net.Output].Shape.Len() }

// fail returns an error of the package.
func fail(what string, cause error) error { return engine.Fail(what, cause) }
