package c99

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/export/target"
	"ann2snn/internal/engine/spec"
	"ann2snn/internal/facts"
	"ann2snn/internal/snntest"
	"ann2snn/snn"
)

func drawNetwork(t *rapid.T) *snn.Network {
	spec := snntest.DrawSpec(t)
	spec.Integer = true
	return snntest.Network(t, spec)
}

// TestCurves holds tables of activations to the functions that they are made from, at
// random membranes and at those where the tables say that something changes.
func TestCurves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		f, err := facts.Proven(n)
		if err != nil {
			t.Fatal(err)
		}
		for i := range n.Layers {
			l := &n.Layers[i]
			if rule := f.Facts[i].Rule; rule != facts.Increment && rule != facts.Capped {
				continue
			}
			most := f.Facts[i].Membrane
			c := curvesOf(n, i, most)
			want := spec.Target(n, i)
			membranes := rapid.SliceOfN(rapid.Int64Range(-most, most), 20, 20).Draw(t, "membranes")
			for _, b := range c.Breaks {
				membranes = append(membranes, int64(b), max(int64(b)-1, -most))
			}
			for e, entry := range c.Entries {
				step, ch := e/l.Shape.C+1, e%l.Shape.C
				reach := (&snn.Network{Steps: step, Rho: n.Rho}).SumOverSteps(int64(l.Neuron.Format.Max()))
				for _, u := range membranes {
					if got, want := c.at(entry, u), held(want(int32(u), ch, step), reach); got != want {
						t.Fatalf("%v at %d, channel %d, step %d: %d by the table, %d by runtime", l.Neuron.Act, u, ch, step, got, want)
					}
				}
			}
		}
	})
}

// at is what the C makes of a curve.
func (c *curves) at(e curve, u int64) int64 {
	value := int64(e.Base)
	for _, b := range c.Breaks[e.First:][:e.Ups] {
		if int64(b) <= u {
			value++
		}
	}
	for _, b := range c.Breaks[e.First+e.Ups:][:e.Downs] {
		if int64(b) <= u {
			value--
		}
	}
	return value
}

// TestArena: what is in use at the same time does not overlap, and everything is inside.
func TestArena(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		m, err := newModule(n, target.Options{Name: "net"})
		if err != nil {
			t.Fatal(err)
		}
		at := m.places[0]
		if at.size != m.places[1].size {
			checkMaps(t, m, at)
		}
	})
}

func checkMaps(t *rapid.T, m *module, a layout) {
	for i := range m.layers {
		for k := range i {
			first, second := &m.layers[k], &m.layers[i]
			if first.fused || second.fused || first.last < second.index {
				continue
			}
			end := a.places[k].Map + m.stepsOf(first)*first.Shape.Len()*first.held.bytes
			begin := a.places[i].Map
			if begin < end && a.places[k].Map < begin+m.stepsOf(second)*second.Shape.Len()*second.held.bytes {
				t.Fatalf("layers %d and %d overlap", k, i)
			}
			if end > a.size || a.places[k].Map < m.row(rowCount) {
				t.Fatalf("layer %d is outside of the arena", k)
			}
		}
	}
}

// TestScores: scores are the values of the output, but for a power of two.
func TestScores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.SliceOfN(rapid.Float32Range(0x1p-20, 0x1p-14), 5, 5).Draw(t, "units")
		n := &snn.Network{Layers: []snn.Layer{{Shape: snn.Shape{H: 1, W: 1, C: 5}, Scale: units}}}
		s := scoresOf(n, math.MaxInt32)
		for i, u := range units {
			factor := s.factors[i%len(s.factors)]
			if got := math.Ldexp(float64(factor), s.exponent); got != float64(u) {
				t.Fatalf("the factor of %v is %v", u, got)
			}
			if float64(factor)*math.MaxInt32 >= math.MaxInt64 {
				t.Fatalf("the score of %v may overflow", u)
			}
		}
	})
}

func TestSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNetwork(t)
		if len(check(n)) > 0 {
			return
		}
		first, err := files(n, target.Options{Name: "net"})
		if err != nil {
			t.Fatal(err)
		}
		second, err := files(n, target.Options{Name: "net"})
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range first {
			if f.Name != second[i].Name || !bytes.Equal(f.Data, second[i].Data) {
				t.Fatalf("%s differs", f.Name)
			}
		}
	})
}

// small returns a network of one neuron.
func small() *snn.Network {
	one := [2]int{1, 1}
	shape := snn.Shape{H: 1, W: 1, C: 1}
	return &snn.Network{Steps: 1, Rho: 1, Integer: true, Output: 1, Layers: []snn.Layer{
		{Name: "in", Op: snn.Input{Levels: 127}, Shape: shape, Scale: []float32{1}},
		{
			Name: "*/ \\\n??/", In: []int{0}, Shape: shape, Scale: []float32{1}, Unit: []float32{1},
			Op:     snn.Conv{Window: snn.Window{Kernel: one, Stride: one, Dilation: one}, Groups: 1, W: snn.Weights{Q: []int8{1}, IntBias: []int32{0}}},
			Neuron: &snn.Neuron{Format: snn.Format{N: 8}, Threshold: []float32{1}, IntThreshold: []int32{1}},
		},
	}}
}

func TestCheck(t *testing.T) {
	if losses := check(small()); len(losses) > 0 {
		t.Fatalf("a network of one neuron: %v", losses)
	}
	for _, c := range []struct {
		name, what string
		change     func(n *snn.Network)
	}{
		{"float", "float32", func(n *snn.Network) { n.Integer = false }},
		{"threshold", "beyond 31 bits", func(n *snn.Network) { n.Layers[1].Neuron.IntThreshold[0] = 1 << 24 }},
		{"range", "32 bits", func(n *snn.Network) { n.Layers[1].Neuron.IntThreshold[0] = math.MaxInt32 }},
		{"mode", "no rule in C", func(n *snn.Network) { n.Restim = 100 }},
		{"activation", "no rule in C", func(n *snn.Network) { n.Layers[1].Neuron.Act.Fn = 100 }},
		{"operator", "no rule in C", func(n *snn.Network) { n.Layers[1].Op = struct{ snn.Concat }{} }},
		{"output", "summed over the steps", func(n *snn.Network) {
			n.Restim, n.Rho, n.Steps, n.Layers[0].Op = snn.RestimRefine, 1024, 4, snn.Input{Levels: 1}
		}},
	} {
		n := small()
		c.change(n)
		losses := check(n)
		if len(losses) == 0 || !losses[0].Fatal || !strings.Contains(losses[0].What, c.what) {
			t.Errorf("%s: %v", c.name, losses)
		}
	}
}

// TestNamesStayInComments: names out of a model cannot end a comment or continue a line.
func TestNamesStayInComments(t *testing.T) {
	n := small()
	n.Meta.Model = "a*/b.onnx"
	all, err := files(n, target.Options{Name: "net"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		text := string(f.Data)
		if strings.HasSuffix(f.Name, ".c") && (strings.Count(text, "/*") != strings.Count(text, "*/") || strings.Contains(text, "??")) {
			t.Errorf("%s: comments are not closed where they should be", f.Name)
		}
	}
}

func TestBounds(t *testing.T) {
	for _, o := range []target.Options{{MaxFlash: 2 << 10}, {MaxRAM: 16}} {
		o.Name = "net"
		if _, err := files(small(), o); err == nil || !strings.Contains(err.Error(), "more than") {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := files(small(), target.Options{Name: "net", MaxFlash: 16 << 10, MaxRAM: 1 << 10}); err != nil {
		t.Error(err)
	}
}
