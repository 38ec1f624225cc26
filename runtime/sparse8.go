package runtime

import "ann2snn/internal/kernels"

const (
	// sparseDensity is the share of groups of four channels with a spike up to which the
	// sparse kernels are the faster ones; see docs/benchmarks.md.
	sparseDensity = 0.1
	// sparseChannels is the number of channels from which on they are: windows over few
	// channels are quickly read as they are.
	sparseChannels = 32
	// listedDensity is the share up to which a map is listed. What exceeds it is read as
	// the dense kernels do: a sample may differ from those that were measured.
	listedDensity = 0.2
)

// isSparse reports whether few groups of a layer's levels are expected to hold a spike.
func (p *planner8) isSparse(i int) bool {
	d := p.net.Layers[i].Density
	return d > 0 && d <= sparseDensity && !p.stores[i].wide
}

// lists8 are lists of what is not zero in the input of a convolution, step by step.
type lists8 struct {
	sparse *kernels.Sparse8
	lists  []*kernels.Events8
	size   int // of a step's map
}

func newLists8(s *kernels.Sparse8, call *kernels.Call8, size int) *lists8 {
	l := &lists8{sparse: s, size: size}
	for range call.Time.Inputs() {
		l.lists = append(l.lists, s.NewEvents(listedDensity))
	}
	call.Events = make([]*kernels.Events8, len(l.lists))
	return l
}

// fill lists the input of a call, and leaves out steps with too much in them.
func (l *lists8) fill(call *kernels.Call8) {
	call.Sparse = nil
	for step := range call.Time.Inputs() {
		call.Events[step] = nil
		if l.sparse.List(l.lists[step], call.Src[step*l.size:]) {
			call.Events[step], call.Sparse = l.lists[step], l.sparse
		}
	}
}
