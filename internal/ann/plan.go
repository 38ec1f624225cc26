package ann

import (
	"fmt"
	"slices"

	"ann2snn/internal/arena"
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

// bytes is what a memory of these sizes takes.
func (s sizes) bytes() int64 { return 4*int64(s.floats) + 8*int64(s.ints) + int64(s.bools) }

// place gives every value that needs memory its place: inputs, which live from the
// start, then what nodes compute, in order. Values whose lives do not overlap share
// memory, and so does an output with an input that its step may overwrite. The values
// in kept live to the end.
func place(inputs []*value, nodes []*node, kept []*value) (sizes, error) {
	setLives(inputs, nodes, kept)
	for i, n := range nodes {
		n.overwrite(i)
	}
	var p planner
	for _, v := range inputs {
		p.add(v, -1)
	}
	for i, n := range nodes {
		for _, v := range slices.Concat(n.out, n.scratch) {
			p.add(v, i)
		}
	}
	s := sizes{p.place(ir.Float32), p.place(ir.Int64), p.place(ir.Bool)}
	for _, n := range nodes {
		share(n.in)
		share(n.out)
	}
	share(kept)
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
		if out.shares == nil && in.constant == nil && b.last == i && b.n == out.n && b.dtype == out.dtype {
			b.last = max(b.last, out.last)
			out.shares = b
		}
	}
}

// planner collects the values that need memory, by their type.
type planner struct {
	buffers [ir.Bool + 1][]*arena.Buffer
}

// grain is the multiple of elements at which values begin: 64 bytes of float32.
const grain = 16

// add asks for memory for v, which step first computes.
func (p *planner) add(v *value, first int) {
	if v == nil || v.constant != nil || v.shares != nil || v.place.Size > 0 {
		return
	}
	v.place = arena.Buffer{Size: v.n, First: first, Last: max(first, v.last)}
	p.buffers[v.dtype] = append(p.buffers[v.dtype], &v.place)
}

// place places the values of a type and returns how many elements they need.
func (p *planner) place(t ir.DType) int { return arena.Place(p.buffers[t], 0, grain) }

// share gives values that share memory the place of their base.
func share(values []*value) {
	for _, v := range values {
		if v != nil {
			v.place.At = v.base().place.At
		}
	}
}
