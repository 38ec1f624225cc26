package runtime

import (
	"context"
	"strconv"

	"ann2snn/internal/engine"
	"ann2snn/snn"
)

// Subnetwork compiles those layers of a network that some wanted ones depend on, down to
// the given ones, whose outputs sessions are told by RunOn. It serves networks under
// construction: of the layers that proof covers, which must hold the wanted ones, none is
// verified or proven again.
//
// Sessions have the Value and the Recording of wanted layers, which may be given ones, but
// no readout, and they neither trace nor count.
func Subnetwork(ctx context.Context, proof *snn.Proof, given, wanted []int, options ...Option) (*Plan, error) {
	net := *proof.Network()
	net.Layers, net.Host = net.Layers[:proof.Len()], nil
	if len(net.Layers) == 0 {
		return nil, fail("no layer of the network is proven (call Extend first)", nil)
	}
	net.Output = len(net.Layers) - 1
	s, err := engine.Between(&net, given, wanted)
	if err != nil {
		return nil, err
	}
	return prepare(ctx, &net, s, proof.Ranges(), optionsOf(options))
}

// Recording is the output of a layer in all steps of a run. It fits every Subnetwork of
// the network that it comes from, also when later layers have changed.
type Recording struct{ r engine.Recording }

// Size returns the bytes of memory that a recording takes.
func (r Recording) Size() int { return len(r.r.Levels) + 4*len(r.r.Ints) + 4*len(r.r.Floats) }

// RecordingSize returns the bytes of memory that a recording of a layer takes; 0 if there
// is no such layer.
func (p *Plan) RecordingSize(layer int) int {
	if layer < 0 || layer >= len(p.net.Layers) {
		return 0
	}
	steps, width := p.net.Steps, 4
	if p.facts.Facts[layer].Constant {
		steps = 1
	}
	if p.bytes != nil && !p.bytes.Wide(layer) {
		width = 1
	}
	return width * steps * p.net.Layers[layer].Shape.Len()
}

// RunOn is Run for a session of a Subnetwork: given holds recordings of its given layers,
// in their order. The sample may be nil where no layer runs that needs it.
func (s *Session) RunOn(ctx context.Context, in []float32, given []Recording) error {
	if s.err != nil {
		return s.err
	}
	layers := s.plan.subnet.Given
	if len(given) != len(layers) {
		return fail(strconv.Itoa(len(given))+" recordings are given, the subnetwork takes "+strconv.Itoa(len(layers)), nil)
	}
	if s.plan.subnet.Runs[0] {
		if err := s.load(in); err != nil {
			return err
		}
	}
	for k, layer := range layers {
		if !s.engine.Play(layer, given[k].r) {
			return fail("the recording given for layer "+strconv.Quote(s.plan.net.Layers[layer].Name)+" is that of another one", nil)
		}
	}
	return s.engine.Run(ctx)
}

// Recording returns the output of a wanted layer of a Subnetwork in the last run.
func (s *Session) Recording(layer int) (Recording, error) {
	if err := s.known(layer); err != nil {
		return Recording{}, err
	}
	return Recording{s.engine.Record(layer)}, nil
}
