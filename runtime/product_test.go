package runtime_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/snntest"
	"ann2snn/snn"
)

// TestProductOfSums: the currents of a product add up to Parts times the product of what both
// inputs emitted, in integers, and a network cut to its first steps computes the same in them.
func TestProductOfSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, i := networkWithProduct(t)
		l := &n.Layers[i]
		op, _ := l.Op.(snn.Product)
		sample := snntest.Sample(t, n)
		s := run(t, n, sample)
		sums := func(layer int) []int64 {
			total := make([]int64, n.Layers[layer].Shape.Len())
			for step := 1; step <= n.Steps; step++ {
				for e, k := range must(s.Levels(layer, step)) {
					total[e] = total[e]*int64(n.Rho) + int64(k)
				}
			}
			return total
		}
		a, b, got := sums(l.In[0]), sums(l.In[1]), sums(i)
		last := int64(1) // of a product of two levels of the last step, in units of that step
		for range n.Steps - 1 {
			last *= int64(n.Rho)
		}
		for e := range got {
			want := int64(op.Parts) * a[placeOf(n, l, 0, e)] * b[placeOf(n, l, 1, e)]
			if got[e]*last != want {
				t.Fatalf("element %d: the currents add up to %d/%d, want %d", e, got[e], last, want)
			}
		}
		if n.Restim == snn.RestimWaiting {
			return
		}
		short := *n
		short.Steps = rapid.IntRange(1, n.Steps).Draw(t, "cut to")
		cut := run(t, &short, sample)
		for step := 1; step <= short.Steps; step++ {
			if got, want := must(cut.Levels(i, step)), must(s.Levels(i, step)); !slices.Equal(got, want) {
				t.Fatalf("cut to %d steps, step %d is %v, else %v", short.Steps, step, got, want)
			}
		}
	})
}

// networkWithProduct draws integer networks until one has a product whose currents can be seen:
// of two inputs, without neurons. It returns the product's layer too.
func networkWithProduct(t *rapid.T) (*snn.Network, int) {
	for range 100 {
		spec := snntest.DrawSpec(t)
		spec.Integer = true
		n := snntest.Network(t, spec)
		i := slices.IndexFunc(n.Layers, func(l snn.Layer) bool {
			_, ok := l.Op.(snn.Product)
			return ok && l.Neuron == nil && len(l.In) == 2
		})
		if i >= 0 {
			return n, i
		}
	}
	t.Skip("no network has a product")
	return nil, 0
}

// placeOf is the element of input k that element e of a product takes.
func placeOf(n *snn.Network, l *snn.Layer, k, e int) int {
	in := n.Layers[l.In[k]].Shape
	y, x, c := e/l.Shape.C/l.Shape.W, e/l.Shape.C%l.Shape.W, e%l.Shape.C
	return (y%in.H*in.W+x%in.W)*in.C + c%in.C
}
