//go:build unix

package passes

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"ann2snn/ir"
)

// lists are graphs with a list of n of something.
var lists = map[string]func(g *ir.Graph, x ir.ValueID, n int){
	"outputs": func(g *ir.Graph, x ir.ValueID, n int) {
		for i := range n {
			g.Outputs = append(g.Outputs, grow(g, ir.Identity{}, i, grow(g, ir.Relu{}, i, x)))
		}
	},
	"readers of a value": func(g *ir.Graph, x ir.ValueID, n int) {
		sum := x
		for i := range n {
			sum = grow(g, ir.Add{}, i, sum, grow(g, ir.Relu{}, i, grow(g, ir.Identity{}, i, x)))
		}
		g.Outputs = append(g.Outputs, sum)
	},
	"readings of a node": func(g *ir.Graph, x ir.ValueID, n int) {
		y := grow(g, ir.Identity{}, n, x)
		in := make([]ir.ValueID, 8*n) // to be measurable
		for i := range in {
			in[i] = y
		}
		g.Outputs = append(g.Outputs, grow(g, ir.Concat{Axis: 1}, n, in...))
	},
	"nodes": func(g *ir.Graph, x ir.ValueID, n int) {
		for i := range n {
			x = grow(g, ir.Relu{}, i, grow(g, ir.Identity{}, i, x))
		}
		g.Outputs = append(g.Outputs, x)
	},
	"functions": functions,
}

// functions are chains of operators that work element by element, which recognise follows back.
func functions(g *ir.Graph, x ir.ValueID, n int) {
	two := g.AddConst("two", ir.Floats([]float32{2}))
	for i := range n / 4 {
		y := grow(g, ir.Unary{Fn: ir.Exp}, 3*i, grow(g, ir.Add{}, 3*i, x, two))
		x = grow(g, ir.Add{}, 3*i+1, x, grow(g, ir.Binary{Fn: ir.Mul}, 3*i+2, y, two))
	}
	g.Outputs = append(g.Outputs, x)
}

// grow adds a node and returns its output.
func grow(g *ir.Graph, op ir.Op, i int, in ...ir.ValueID) ir.ValueID {
	out := g.AddValue(ir.Value{Name: fmt.Sprint(op.Kind(), i)})
	g.Nodes = append(g.Nodes, ir.Node{Name: g.Value(out).Name, Op: op, In: in, Out: []ir.ValueID{out}})
	return out
}

// processorTime is what the passes take of the processor, which does not depend on what else
// the machine does.
func processorTime(t *testing.T, build func(g *ir.Graph, x ir.ValueID, n int), n int) time.Duration {
	t.Helper()
	g := new(ir.Graph)
	x := g.AddValue(ir.Value{Name: "x", Type: ir.Type{DType: ir.Float32, Ranked: true, Shape: ir.Fixed(1, 2, 2, 2)}})
	g.Inputs = []ir.ValueID{x}
	build(g, x, n)
	var before, after syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
		t.Fatal(err)
	}
	if err := Run(t.Context(), g, nil); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &after); err != nil {
		t.Fatal(err)
	}
	return time.Duration(syscall.TimevalToNsec(after.Utime) - syscall.TimevalToNsec(before.Utime))
}

// TestWorkGrowsWithTheGraph: ten times the graph takes about ten times the work. Quadratic work
// would take a hundred times as much; the bound lies between, as time is never exact.
func TestWorkGrowsWithTheGraph(t *testing.T) {
	const small, times, most = 3000, 10, 30
	for name, build := range lists {
		var few, many time.Duration
		for range 3 {
			few = max(few, processorTime(t, build, small))
			if many = processorTime(t, build, times*small); many <= most*few {
				break
			}
		}
		t.Logf("%s: %v, %v", name, few, many)
		if many > most*few {
			t.Errorf("%s: %d take %v, %d take %v", name, small, few, times*small, many)
		}
	}
}
