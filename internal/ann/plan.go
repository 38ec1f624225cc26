package ann

import (
	"fmt"
	"slices"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

// sizes is how many elements of each type a memory needs.
type sizes struct{ floats, ints, bools int }

func (s sizes) newMemory(set *cpu.Set) *memory {
	return &memory{
		floats: make([]float32, s.floats),
		ints:   make([]int64, s.ints),
		bools:  make([]bool, s.bools),
		gemm:   f32.NewGemm(set),
		worker: f32.NewWorker(set),
	}
}

// place gives every value that needs memory its place: inputs, which live from the
// start, then what nodes compute, in order. Values whose lives do not overlap share
// memory, and so does an output with an input that its step may overwrite. The values
// in kept live to the end.
func place(inputs []*value, nodes []*node, kept []*value) (sizes, error) {
	setLives(inputs, nodes, kept)
	var p planner
	for _, v := range inputs {
		p.add(v)
	}
	for i, n := range nodes {
		n.overwrite(i)
		for _, v := range slices.Concat(n.out, n.scratch) {
			p.add(v)
		}
		p.free(i)
	}
	for _, n := range nodes {
		settle(n.in)
		settle(n.out)
	}
	settle(kept)
	s := sizes{p.end[ir.Float32], p.end[ir.Int64], p.end[ir.Bool]}
	if total := s.floats + s.ints + s.bools; total > ir.MaxElems {
		return s, fmt.Errorf("the network needs memory for %d elements, the limit is %d", total, ir.MaxElems)
	}
	return s, nil
}

// setLives notes for the base of every value the last step that reads it; what none
// reads dies with the step that computes it.
func setLives(inputs []*value, nodes []*node, kept []*value) {
	for _, v := range inputs {
		v.last = -1
	}
	for i, n := range nodes {
		for _, v := range n.in {
			if v != nil {
				v.base().last = i
			}
		}
	}
	for _, v := range kept {
		v.base().last = len(nodes)
	}
}

// overwrite lets the first output of step i take over the memory of an input, if one
// that the step may overwrite ends its life there.
func (n *node) overwrite(i int) {
	if len(n.out) == 0 || n.out[0] == nil {
		return
	}
	out := n.out[0]
	for _, in := range n.overwrites {
		b := in.base()
		if out.shares == nil && in.konst == nil && b.last == i && b.n == out.n && b.dtype == out.dtype {
			b.last = max(b.last, out.last)
			out.shares = b
		}
	}
}

// planner hands out places; live holds the values that have one, by place.
type planner struct {
	live [ir.Bool + 1][]*value
	end  [ir.Bool + 1]int
}

// grain is the multiple of elements at which values begin: 64 bytes of float32.
const grain = 16

// add gives v the first gap that is wide enough.
func (p *planner) add(v *value) {
	if v == nil || v.konst != nil || v.shares != nil || v.placed {
		return
	}
	live := p.live[v.dtype]
	i := 0
	for v.at = 0; i < len(live) && live[i].at < v.at+v.n; i++ {
		v.at = (live[i].at + live[i].n + grain - 1) / grain * grain
	}
	v.placed = true
	p.live[v.dtype] = slices.Insert(live, i, v)
	p.end[v.dtype] = max(p.end[v.dtype], v.at+v.n)
}

// free ends the lives of the values that no step after i needs.
func (p *planner) free(i int) {
	for d, live := range p.live {
		p.live[d] = slices.DeleteFunc(live, func(v *value) bool { return v.last <= i })
	}
}

// settle gives values that share memory the place of their base.
func settle(values []*value) {
	for _, v := range values {
		if v != nil {
			v.at = v.base().at
		}
	}
}
