package runtime

import (
	"context"
	"slices"
	"strconv"

	"ann2snn/snn"
)

// SessionOptions chooses what a Session does beside computing the readout.
type SessionOptions struct {
	Stats bool // count spikes and operations

	// Keep what every layer put out, for Load, Resume, Value, Current and Levels. It takes
	// more memory and, in an integer network, a slower way to the same numbers.
	Trace bool

	// Threads share the work on a sample in an integer network; 0 means 1. Unless it is
	// 1 the session needs to be closed.
	Threads int
}

// Session runs samples one after the other on a Plan. It owns membranes, spikes and
// working memory, so that Run allocates nothing. A Session serves one goroutine at a
// time; results depend on the sample only.
type Session struct {
	plan    *Plan
	machine machine
	kept    keeper // machine, nil if the session does not keep
	stats   []LayerStats
}

// NewSession returns a session with memory of its own.
func (p *Plan) NewSession(o SessionOptions) *Session {
	s := &Session{plan: p, machine: p.spawn(o)}
	if o.Trace {
		s.kept, _ = s.machine.(keeper)
	}
	if o.Stats {
		s.stats = make([]LayerStats, len(p.net.Layers))
	}
	return s
}

// Close lets go of the session's threads.
func (s *Session) Close() { s.machine.close() }

// Run runs the network on one preprocessed sample, laid out as the ONNX model takes it,
// and writes the readout to out: the answer after all steps, in the order of the ONNX
// model's output, with the host operators applied. The context is checked before every
// layer. The Stats are empty unless the session counts; their slice is valid until the
// next Run. After an error Value, Readout and the like have no meaning.
func (s *Session) Run(ctx context.Context, out, in []float32) (Stats, error) {
	if len(out) != s.plan.OutLen() {
		return Stats{}, fail("there is room for "+strconv.Itoa(len(out))+" elements of output, the network has "+strconv.Itoa(s.plan.OutLen()), nil)
	}
	if err := s.load(in); err != nil {
		return Stats{}, err
	}
	if err := s.machine.run(ctx); err != nil {
		return Stats{}, err
	}
	s.Readout(s.plan.net.Steps, out)
	if s.stats != nil {
		s.machine.stats(s.stats)
	}
	return Stats{Layers: s.stats}, nil
}

func (s *Session) load(in []float32) error {
	if len(in) != s.plan.InLen() {
		return fail("a sample has "+strconv.Itoa(len(in))+" elements, the network takes "+strconv.Itoa(s.plan.InLen()), nil)
	}
	return s.machine.load(in)
}

// Load puts a sample into the input layer and runs nothing; see Resume. The session has
// to keep.
func (s *Session) Load(in []float32) error {
	s.keeper()
	return s.load(in)
}

// Resume runs the layers from up to, not including, to through all steps, on what Load
// and earlier calls left in the layers before them. It lets a network be fitted layer by
// layer: between calls, elements of the biases of layers still to be run may change. The
// session has to keep.
func (s *Session) Resume(ctx context.Context, from, to int) error {
	return s.keeper().resume(ctx, from, to)
}

func (s *Session) keeper() keeper {
	if s.kept == nil {
		panic("runtime: the session does not keep what layers put out (SessionOptions.Trace)")
	}
	return s.kept
}

// Readout writes the answer after steps 1 to t of the last Run to out (OutLen elements),
// as Run would have for a network of t steps; 1 <= t <= Steps. Where neurons wait, those
// are steps of the output layer, whose inputs know of all steps before.
func (s *Session) Readout(t int, out []float32) {
	s.tells(s.plan.net.Output)
	s.machine.decode(out, s.plan.net.Output, t)
	for _, h := range s.plan.net.Host {
		applyHost(h.Fn, out)
	}
}

// Value writes the real-valued output of a layer in the last Run to dst, in C, H, W
// order: the mean (RestimRefine: sum) over the steps of level times value of a level.
// It compares with the ANN value that Layer.ANNValue names. The session has to keep, or to
// be one of a Part in which the layer is wanted.
func (s *Session) Value(layer int, dst []float32) {
	s.tells(layer)
	s.machine.decode(dst, layer, s.plan.net.Steps)
}

// tells makes sure that the session still has what a layer put out.
func (s *Session) tells(layer int) {
	if !slices.Contains(s.plan.part.wanted, layer) {
		s.keeper()
	}
}

// Current writes the mean (RestimRefine: sum) over the steps of a layer's current in the
// last Run to dst, in C, H, W order. It compares with the ANN value that Layer.ANNCurrent
// names. For a layer without neurons that is its Value. The session has to keep.
func (s *Session) Current(layer int, dst []float32) {
	s.keeper().current(dst, layer)
}

// Levels returns what a layer put out in a step (from 1) of the last Run, in H, W, C
// order. Outputs that are not spikes are truncated to integers. The session has to keep.
func (s *Session) Levels(layer, step int) []int32 {
	levels := make([]int32, s.plan.net.Layers[layer].Shape.Len())
	s.keeper().levels(levels, layer, step)
	return levels
}

// Shape returns the shape of a layer's output, for sizing the buffers of Value.
func (s *Session) Shape(layer int) snn.Shape { return s.plan.net.Layers[layer].Shape }
