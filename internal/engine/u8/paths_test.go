package u8

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"ann2snn/internal/engine"
	"ann2snn/internal/facts"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/snn"
)

// chain is an input of 2x2x1 levels, neurons of some bits on it, and a layer behind them.
func chain(steps, rho int, restim snn.Restim, levels int32, neuron snn.Neuron, last snn.Op, out snn.Shape) *snn.Network {
	shape, one := snn.Shape{H: 2, W: 2, C: 1}, []float32{1}
	neuron.Threshold, neuron.IntThreshold = one, []int32{1}
	n := &snn.Network{
		Steps: steps, Restim: restim, Rho: rho, Integer: true, Output: 2,
		Layers: []snn.Layer{
			{Name: "x", Op: snn.Input{Levels: levels}, Shape: shape, Scale: one},
			{Name: "n", Op: snn.Sum{Mult: [][]int32{{1}}}, In: []int{0}, Shape: shape, Scale: one, Unit: one, Neuron: &neuron},
			{Name: "y", Op: last, In: []int{1}, Shape: out},
		},
	}
	switch last.(type) {
	case snn.Conv, snn.Dense, snn.Sum:
		n.Layers[2].Unit = one
	default:
		n.Layers[2].Scale = one
	}
	return n
}

// TestPaths takes each path just where its proof holds, and not beyond.
func TestPaths(t *testing.T) {
	unit := [2]int{1, 1}
	square := func(k, pad int) snn.Window {
		return snn.Window{Kernel: [2]int{k, k}, Stride: unit, Dilation: unit, Pad: [4]int{pad, pad, pad, pad}}
	}
	bits := func(n int) snn.Neuron { return snn.Neuron{Format: snn.Format{M: uint8(n)}} }
	cell, shape := snn.Shape{H: 1, W: 1, C: 1}, snn.Shape{H: 2, W: 2, C: 1}
	pool := snn.MaxPool{Window: square(2, 0)}
	leaky := bits(3)
	leaky.Act = snn.Activation{Fn: snn.LeakyRelu, A: 1}
	sums := func(k int) snn.Op { return snn.SumPool{Window: square(k, k-1)} }
	side := func(k int) snn.Shape { return snn.Shape{H: 2 + k - 1, W: 2 + k - 1, C: 1} }
	weights := make([]int8, 9)
	for i := range weights {
		weights[i] = 14
	}
	heavy := append([]int8{15}, weights[1:]...)
	conv := func(w []int8) snn.Op {
		return snn.Conv{Window: square(3, 1), Groups: 1, W: snn.Weights{Q: w, IntBias: []int32{0}}}
	}
	for _, test := range []struct {
		name string
		net  *snn.Network
		path string // the type of the last layer's stage
	}{
		{"one step: levels", chain(1, 1, snn.RestimNone, 7, bits(4), pool, cell), "*u8.maxPoolStage"},
		{"sums of 255", chain(5, 1, snn.RestimNone, 7, snn.Neuron{Format: snn.Format{M: 5, N: 0}}, pool, cell), "*u8.totalPoolStage"},
		{"sums of 279", chain(9, 1, snn.RestimNone, 7, snn.Neuron{Format: snn.Format{M: 5, N: 0}}, pool, cell), "u8.genericStage"},
		{"sums below 0", chain(3, 1, snn.RestimNone, 7, leaky, pool, cell), "u8.genericStage"},
		{"a ratio of 4", chain(3, 4, snn.RestimRefine, 7, bits(3), pool, cell), "*u8.totalPoolStage"},
		{"a ratio of 3", chain(3, 3, snn.RestimRefine, 7, bits(3), pool, cell), "u8.genericStage"},
		{"a border", chain(1, 1, snn.RestimNone, 7, bits(4), sums(60), side(60)), "*u8.sumsStage"},
		{"a border too wide", chain(1, 1, snn.RestimNone, 7, bits(4), sums(140), side(140)), "u8.genericStage"},
		{"weights of 14", chain(1, 1, snn.RestimNone, 7, bits(4), conv(weights), shape), "*u8.fireStage by Winograd"},
		{"weights of 15", chain(1, 1, snn.RestimNone, 7, bits(4), conv(heavy), shape), "*u8.fireStage"},
		{"levels of 63", chain(1, 1, snn.RestimNone, 7, bits(6), conv(weights), shape), "*u8.fireStage by Winograd"},
		{"levels of 127", chain(1, 1, snn.RestimNone, 7, bits(7), conv(weights), shape), "*u8.fireStage"},
	} {
		if op, ok := test.net.Layers[2].Op.(snn.Conv); ok {
			l := &test.net.Layers[2]
			l.Op, l.Scale = op, []float32{1}
			l.Neuron = &snn.Neuron{Format: snn.Format{M: 4}, Threshold: []float32{1}, IntThreshold: []int32{1}}
		}
		if err := test.net.Verify(); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		f, err := facts.Proven(test.net)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		whole := engine.Whole(test.net)
		p, err := Compile(t.Context(), f, test.net, &whole, Options{Kernels: cpu.Default(), Winograd: Always, Sparse: Never})
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		s := p.stages[len(p.stages)-1]
		path := fmt.Sprintf("%T", s)
		if s, ok := s.(*fireStage); ok && s.winograd != nil {
			path += " by Winograd"
		}
		if path != test.path {
			t.Errorf("%s: takes %s, want %s", test.name, path, test.path)
		}
	}
	for _, test := range []struct {
		levels int32
		wide   bool
	}{{127, false}, {128, true}} {
		n := chain(1, 1, snn.RestimNone, test.levels, bits(4), pool, cell)
		f, err := facts.Proven(n)
		if err != nil {
			t.Fatal(err)
		}
		whole := engine.Whole(n)
		p, err := Compile(t.Context(), f, n, &whole, Options{Kernels: cpu.Default()})
		if err != nil {
			t.Fatal(err)
		}
		if p.Wide(0) != test.wide {
			t.Errorf("levels of ±%d: in bytes %v", test.levels, !p.Wide(0))
		}
	}
}

// TestPathsAreListed holds the table of the package's comment to the functions of paths.go.
func TestPathsAreListed(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("paths.go")
	if err != nil {
		t.Fatal(err)
	}
	proofs := regexp.MustCompile(`(?m)^// (\w+) proves [^\n]*\n(?:// [^\n]*\n)*func \(p \*planner\) (\w+)\(`).FindAllStringSubmatch(string(code), -1)
	if len(proofs) < 10 {
		t.Errorf("only %d proofs are found", len(proofs))
	}
	table := regexp.MustCompile(`(?m)^//\t\S.*  (\w+)(?:,.*)?$`).FindAllStringSubmatch(string(doc), -1)
	var listed []string
	for _, row := range table {
		listed = append(listed, row[1])
	}
	for _, proof := range proofs {
		if !strings.Contains(" "+strings.Join(listed, " ")+" ", " "+proof[2]+" ") {
			t.Errorf("the package's comment does not list %s", proof[2])
		}
	}
}
