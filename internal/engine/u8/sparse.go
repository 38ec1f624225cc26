package u8

import "ann2snn/internal/kernels/u8"

const (
	// sparseDensity is the share of groups of four channels with a spike up to which a
	// list is worth a trial.
	sparseDensity = 0.1
	// listedDensity is the share up to which a map is listed. What exceeds it is read as
	// the dense kernels do: a sample may differ from those that were measured.
	listedDensity = 0.2
	// mostTried bounds the products of a layer with which ways to compute it are tried, as a
	// trial runs the whole layer. The largest layer of VGG-16 has a ninth of that.
	mostTried int64 = 1 << 34
)

// sparseOf returns the sparse form of a convolution where it is the faster one, or nil.
func (p *planner) sparseOf(c *conv, weights []int8) *u8.Sparse {
	if !p.mayList(c) {
		return nil
	}
	density := float64(p.Layers[c.in].Density)
	if int64(c.macs) > mostTried {
		return nil
	}
	zero := uint8(p.stores[c.in].zero)
	s := u8.NewSparse(c.Conv, zero)
	if s == nil || p.options.Sparse == Always {
		return s
	}
	direct := *c.Conv
	direct.Pack(weights)
	if !p.trials().SparsePays(u8.NewSparse(&direct, zero), density) {
		return nil
	}
	return s
}

// trials returns the worker that tries kernels.
func (p *planner) trials() *u8.Worker {
	if p.trial == nil {
		p.trial = u8.NewWorker(p.set)
	}
	return p.trial
}

// spikeLists are lists of what is not zero in the input of a convolution, step by step.
type spikeLists struct {
	sparse *u8.Sparse
	lists  []*u8.Events
	size   int // of a step's map
}

func newSpikeLists(s *u8.Sparse, call *u8.Call, size int) *spikeLists {
	l := &spikeLists{sparse: s, size: size}
	for range call.Time.Inputs() {
		l.lists = append(l.lists, s.NewEvents(listedDensity))
	}
	call.Events = make([]*u8.Events, len(l.lists))
	return l
}

// fill lists the input of a call, and leaves out steps with too much in them.
func (l *spikeLists) fill(call *u8.Call) {
	call.Sparse = nil
	for step := range call.Time.Inputs() {
		call.Events[step] = nil
		if l.sparse.List(l.lists[step], call.Src[step*l.size:]) {
			call.Events[step], call.Sparse = l.lists[step], l.sparse
		}
	}
}
