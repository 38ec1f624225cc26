package runtime

import (
	"context"
	"slices"
	"strconv"

	"ann2snn/internal/budget"
	"ann2snn/internal/engine"
	"ann2snn/internal/engine/spec"
	"ann2snn/snn"
)

// SessionOptions chooses what a Session does in addition to computing the readout.
type SessionOptions struct {
	Stats bool // count spikes and operations

	// Trace records the output of every layer in every step, for Load, Resume, Value,
	// Current and Levels. It takes more memory and, in an integer network, a slower way to
	// the same numbers: the specification. Plans of CompileDetached and programs built with
	// the tag lean cannot trace; Run then returns an error.
	Trace bool

	// Threads share the work on a sample in an integer network; 0 means 1. Unless it is
	// 1 the session needs to be closed.
	Threads int
}

// Session runs samples one after the other on a Plan. It owns membranes, spikes and
// working memory, so that Run allocates nothing. A Session serves one goroutine at a
// time; results depend on the sample only.
type Session struct {
	plan   *Plan
	engine engine.Session
	trace  engine.Tracer // engine, nil if the session does not trace
	counts []engine.Counts
	stats  []LayerStats
	err    error // why the session cannot run
}

// NewSession returns a session with memory of its own.
func (p *Plan) NewSession(o SessionOptions) *Session {
	s := &Session{plan: p}
	if budget.Asks {
		if err := p.budget.Ask(p.sessionBytes(o), "running the network on one more thread"); err != nil {
			s.err = fail("no room", err)
			return s
		}
	}
	switch {
	case o.Trace && p.traces == nil:
		s.err = fail("sessions of this plan cannot trace (compile it with Compile, in a program without the tag lean)", nil)
		return s
	case o.Trace:
		s.trace = p.traces()(o.Stats)
		s.engine = s.trace
	case p.bytes == nil:
		s.engine = p.traces()(o.Stats)
	default:
		s.engine = p.bytes.NewSession(o.Threads, o.Stats)
	}
	if o.Stats {
		s.counts, s.stats = make([]engine.Counts, len(p.net.Layers)), make([]LayerStats, len(p.net.Layers))
	}
	return s
}

// sessionBytes is about what a session takes.
func (p *Plan) sessionBytes(o SessionOptions) int64 {
	if p.bytes != nil && !o.Trace {
		return p.bytes.SessionBytes()
	}
	return spec.SessionBytes(p.facts, &p.subnet)
}

// Close ends the session's threads.
func (s *Session) Close() {
	if s.engine != nil {
		s.engine.Close()
	}
}

// Run runs the network on one preprocessed sample, laid out as the ONNX model takes it,
// and writes the readout to out: the answer after all steps, in the order of the ONNX
// model's output, with the host operators applied. The context is checked before every
// layer. The Stats are empty unless the session counts; their slice is valid until the
// next Run. After an error Value, Readout and the like have no meaning.
func (s *Session) Run(ctx context.Context, out, in []float32) (Stats, error) {
	if s.err != nil {
		return Stats{}, s.err
	}
	if !s.plan.subnet.Stays(s.plan.net.Output) {
		return Stats{}, fail("a subnetwork has no readout (call RunOn)", nil)
	}
	if err := s.load(in); err != nil {
		return Stats{}, err
	}
	if len(out) != s.plan.OutLen() {
		return Stats{}, s.noRoom(len(out), s.plan.net.Output)
	}
	if err := s.engine.Run(ctx); err != nil {
		return Stats{}, err
	}
	if err := s.Readout(s.plan.net.Steps, out); err != nil {
		return Stats{}, err
	}
	if s.stats != nil {
		s.engine.Count(s.counts)
		for i, c := range s.counts {
			s.stats[i] = LayerStats(c)
		}
	}
	return Stats{Layers: s.stats}, nil
}

func (s *Session) load(in []float32) error {
	if len(in) != s.plan.InLen() {
		return fail("a sample has "+strconv.Itoa(len(in))+" elements, the network takes "+strconv.Itoa(s.plan.InLen()), nil)
	}
	if !s.plan.subnet.Runs[0] {
		return fail("the subnetwork reads no sample (call RunOn)", nil)
	}
	return s.engine.Load(in)
}

// Load puts a sample into the input layer of a session that traces and runs nothing; see
// Resume.
func (s *Session) Load(in []float32) error {
	if err := s.traced(); err != nil {
		return err
	}
	return s.load(in)
}

// Resume runs the layers from up to, not including, to through all steps, on what Load
// and earlier calls left in the layers before them, in a session that traces.
//
// It lets biases be fitted layer by layer: such sessions read the biases of a layer from
// the network whenever they run the layer, so that elements of them may change in between,
// if Ranges still holds and no session of the plan is running. Other sessions of the plan
// do not see such a change.
func (s *Session) Resume(ctx context.Context, from, to int) error {
	if err := s.traced(); err != nil {
		return err
	}
	if from < 0 || to > len(s.plan.net.Layers) {
		return fail("there are no layers "+strconv.Itoa(from)+" to "+strconv.Itoa(to), nil)
	}
	return s.trace.Resume(ctx, from, to)
}

// Readout writes the answer after steps 1 to t of the last Run to out (OutLen elements),
// as Run would have for a network of t steps; 1 <= t <= Steps. Where neurons wait, those
// are steps of the output layer, whose inputs know of all steps before.
func (s *Session) Readout(t int, out []float32) error {
	if err := s.decode(s.plan.net.Output, t, out); err != nil {
		return err
	}
	for _, h := range s.plan.net.Host {
		applyHost(h, out)
	}
	return nil
}

// Value writes the real-valued output of a layer in the last Run to dst, in C, H, W
// order: the mean (RestimRefine: sum) over the steps of level times value of a level.
// It compares with the ANN value that Layer.ANNValue names. The session has to trace, or to
// be one of a Subnetwork in which the layer is wanted.
func (s *Session) Value(layer int, dst []float32) error {
	return s.decode(layer, s.plan.net.Steps, dst)
}

// ValueAt is Value at some pixels, counted row by row: dst gets a row of channels for each.
func (s *Session) ValueAt(layer int, pixels []int, dst []float32) error {
	if err := s.known(layer); err != nil {
		return err
	}
	shape := s.plan.net.Layers[layer].Shape
	if len(dst) != len(pixels)*shape.C {
		return fail("there is room for "+strconv.Itoa(len(dst))+" elements, "+strconv.Itoa(len(pixels))+" pixels of layer "+strconv.Quote(s.plan.net.Layers[layer].Name)+" have "+strconv.Itoa(len(pixels)*shape.C), nil)
	}
	all := shape.H * shape.W
	if len(pixels) > all || slices.ContainsFunc(pixels, func(p int) bool { return p < 0 || p >= all }) {
		return fail("layer "+strconv.Quote(s.plan.net.Layers[layer].Name)+" has "+strconv.Itoa(all)+" pixels", nil)
	}
	s.engine.DecodeAt(dst, layer, pixels)
	return nil
}

// decode writes the value of a layer's output after steps 1 to t.
func (s *Session) decode(layer, t int, dst []float32) error {
	if err := s.known(layer); err != nil {
		return err
	}
	if len(dst) != s.plan.net.Layers[layer].Shape.Len() {
		return s.noRoom(len(dst), layer)
	}
	if t < 1 || t > s.plan.net.Steps {
		return s.noStep(t)
	}
	s.engine.Decode(dst, layer, t)
	return nil
}

// Current writes the mean (RestimRefine: sum) over the steps of a layer's current in the
// last Run to dst, in C, H, W order. It compares with the ANN value that Layer.ANNCurrent
// names. For a layer without neurons that is its Value. The session has to trace.
func (s *Session) Current(layer int, dst []float32) error {
	if err := s.tracedLayer(layer); err != nil {
		return err
	}
	if len(dst) != s.plan.net.Layers[layer].Shape.Len() {
		return s.noRoom(len(dst), layer)
	}
	s.trace.Current(dst, layer)
	return nil
}

// Levels returns the output of a layer in a step (from 1) of the last Run, in H, W, C
// order. Outputs that are not spikes are truncated to integers. The session has to trace.
func (s *Session) Levels(layer, step int) ([]int32, error) {
	if err := s.tracedLayer(layer); err != nil {
		return nil, err
	}
	if step < 1 || step > s.plan.net.Steps {
		return nil, s.noStep(step)
	}
	levels := make([]int32, s.plan.net.Layers[layer].Shape.Len())
	s.trace.Levels(levels, layer, step)
	return levels, nil
}

// Shape returns the shape of a layer's output, for sizing the buffers of Value; it is zero
// if there is no such layer.
func (s *Session) Shape(layer int) snn.Shape {
	if layer < 0 || layer >= len(s.plan.net.Layers) {
		return snn.Shape{}
	}
	return s.plan.net.Layers[layer].Shape
}

// known checks that the session has the output of a layer after a run.
func (s *Session) known(layer int) error {
	if s.err == nil && s.plan.subnet.Stays(layer) {
		return nil
	}
	return s.tracedLayer(layer)
}

// traced checks that the session traces.
func (s *Session) traced() error {
	switch {
	case s.err != nil:
		return s.err
	case s.trace == nil:
		return fail("the session does not record the outputs of layers (set SessionOptions.Trace)", nil)
	}
	return nil
}

// tracedLayer checks that the session traces a layer.
func (s *Session) tracedLayer(layer int) error {
	if err := s.traced(); err != nil {
		return err
	}
	if layer < 0 || layer >= len(s.plan.net.Layers) || !s.plan.subnet.Holds(layer) {
		return fail("there is no layer "+strconv.Itoa(layer), nil)
	}
	return nil
}

func (s *Session) noRoom(n, layer int) error {
	l := &s.plan.net.Layers[layer]
	return fail("there is room for "+strconv.Itoa(n)+" elements of layer "+strconv.Quote(l.Name)+", which has "+strconv.Itoa(l.Shape.Len()), nil)
}

func (s *Session) noStep(t int) error {
	return fail("there is no step "+strconv.Itoa(t)+", the network has "+strconv.Itoa(s.plan.net.Steps), nil)
}
