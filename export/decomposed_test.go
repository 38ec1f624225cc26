package export_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/export"
	"ann2snn/export/target"
	"ann2snn/internal/ann"
	"ann2snn/ir"
	"ann2snn/ir/passes"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// decomposed are networks around operators that decompose; constants are random numbers.
var decomposed = map[string]string{
	"DepthToSpace and SpaceToDepth": `
input %x float32[1,3,8,6]
const %w1 float32[8,3,3,3] = fill(0)
const %b1 float32[8] = fill(0)
const %w2 float32[4,2,3,3] = fill(0)
const %w3 float32[3,16,1,1] = fill(0)
%c1 = Conv(%x, %w1, %b1) {pads=[1,1,1,1]}
%r1 = Relu(%c1)
%d = DepthToSpace(%r1) "shuffle" {block=2 crd=true}
%c2 = Conv(%d, %w2) {pads=[1,1,1,1]}
%s = SpaceToDepth(%c2) "unshuffle" {block=2}
%r2 = Relu(%s)
%y = Conv(%r2, %w3)
output %y`,
	"ConvTranspose": `
input %x float32[1,3,8,6]
const %w1 float32[8,3,3,3] = fill(0)
const %w2 float32[8,6,2,2] = fill(0)
const %b2 float32[6] = fill(0)
const %w3 float32[6,4,3,3] = fill(0)
const %w4 float32[8,2,4,3] = fill(0)
const %scale float32[8] = {0.5, 1, 1.5, 2, -1, 1, 0.75, 1}
const %zero float32[8] = fill(0)
const %one float32[8] = fill(1)
%c1 = Conv(%x, %w1) {pads=[1,1,1,1] strides=[2,2]}
%r1 = Relu(%c1)
%t = ConvTranspose(%r1, %w2, %b2) "double" {strides=[2,2]}
%r2 = Relu(%t)
%o = ConvTranspose(%r2, %w3) "cut" {strides=[2,2] pads=[1,1,1,1] outputPadding=[1,0] group=2}
%n = BatchNormalization(%o, %scale, %zero, %zero, %one)
%r3 = Relu(%n)
%y = ConvTranspose(%r3, %w4) "same" {strides=[1,2] dilations=[1,2] autoPad=same_upper}
output %y`,
	"Resize": `
input %x float32[1,3,7,6]
const %w1 float32[8,3,3,3] = fill(0)
const %w2 float32[6,8,3,3] = fill(0)
const %w3 float32[6,6,3,3] = fill(0)
const %w4 float32[3,6,1,1] = fill(0)
const %double float32[4] = {1, 1, 2, 2}
const %sizes int64[2] = {10, 9}
const %third int64[2] = {5, 4}
%c1 = Conv(%x, %w1) {pads=[1,1,1,1] strides=[2,2]}
%r1 = Relu(%c1)
%n = Resize(%r1, _, %double) "nearest" {coordinates="asymmetric" nearest="floor"}
%c2 = Conv(%n, %w2) {pads=[1,1,1,1]}
%r2 = Relu(%c2)
%l = Resize(%r2, _, %double) "linear" {mode="linear"}
%c3 = Conv(%l, %w3) {pads=[1,1,1,1] strides=[2,2]}
%a = Resize(%c3, _, _, %sizes) "aligned" {mode="linear" coordinates="align_corners" axes=[2,3]}
%r3 = Relu(%a)
%k = Resize(%r3, _, _, %third) "cubic" {mode="cubic" axes=[2,3]}
%y = Conv(%k, %w4)
output %y`,
}

// TestDecomposedOperators converts networks around operators that decompose. With analog
// neurons they answer as the trained network does; as integer networks every target with a
// consumer answers as runtime does.
func TestDecomposedOperators(t *testing.T) {
	t.Parallel()
	for name, text := range decomposed {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			throughTargets(t, text)
		})
	}
}

// throughTargets converts a network and holds it against the trained one, and every target's
// answers against those of runtime.
func throughTargets(t *testing.T, text string) {
	t.Helper()
	networks, inputs := converted(t, text)
	for _, n := range networks {
		for _, one := range export.Targets() {
			verifyTarget(t, one, n, inputs)
		}
	}
}

// converted holds a converted network against the trained one: with analog neurons, which give
// the same answers, and as integer networks of several kinds, which it returns with inputs.
func converted(t *testing.T, text string) (networks []*snn.Network, inputs [][]float32) {
	t.Helper()
	g := randomWeights(t, text)
	if err := passes.Run(t.Context(), g, nil); err != nil {
		t.Fatal(err)
	}
	dims := g.Type(g.Inputs[0]).Shape.Ints()
	source := calibrate.Synthetic(dims[1:], -1, 1, 16, 3)
	inputs = make([][]float32, 4)
	for i := range inputs {
		inputs[i] = make([]float32, g.Type(g.Inputs[0]).Elems())
		if _, err := source.Sample(i, inputs[i]); err != nil {
			t.Fatal(err)
		}
	}
	analog, _, err := convert.Lower(t.Context(), g, nil, convert.Options{Steps: 1})
	if err != nil {
		t.Fatal(err)
	}
	compareTrained(t, g, analog, inputs, 1-1e-9, 1e-5)
	kinds := []convert.Options{
		{Format: snn.Format{N: 8}, Steps: 1},
		{Format: snn.Format{N: 4}, Steps: 2, Restim: snn.RestimRefine, Rho: 4},
		{Format: snn.Format{N: 6}, Steps: 1, Fit: convert.FitRidge, Source: source},
	}
	if testing.Short() {
		kinds = kinds[:1]
	}
	for _, o := range kinds {
		n := integerNetwork(t, g, source, o)
		compareTrained(t, g, n, inputs, 0.99, math.Inf(1))
		networks = append(networks, n)
	}
	return networks, inputs
}

// randomWeights parses a graph and replaces its float constants by random numbers of the
// size that trained weights have; constants of one element stay.
func randomWeights(t *testing.T, text string) *ir.Graph {
	t.Helper()
	g, err := ir.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 7))
	for i := range g.Values {
		if c := g.Values[i].Type.Const; c != nil && c.DType == ir.Float32 && len(c.F) > 4 && slices.Max(c.F) == 0 {
			fan := float64(len(c.F) / c.Shape[0])
			for k := range c.F {
				c.F[k] = float32(r.NormFloat64() / math.Sqrt(fan+3))
			}
		}
	}
	return g
}

// compareTrained holds each answer of a spiking network to that of the trained one: the
// angle between them to a cosine, and every number to within tolerance.
func compareTrained(t *testing.T, g *ir.Graph, n *snn.Network, inputs [][]float32, cosine, tolerance float64) {
	t.Helper()
	trained, err := ann.Compile(t.Context(), g, ann.Options{})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := runtime.Compile(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.NewSession(runtime.SessionOptions{})
	got := make([]float32, plan.OutLen())
	for _, in := range inputs {
		want, err := trained.Run(t.Context(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Run(t.Context(), got, in); err != nil {
			t.Fatal(err)
		}
		dot, a, b := 0.0, 0.0, 0.0
		for i := range want {
			x, y := float64(got[i]), float64(want[i])
			dot, a, b = dot+x*y, a+x*x, b+y*y
			if !(math.Abs(x-y) <= tolerance) {
				t.Fatalf("output %d is %v, of the trained network %v", i, x, y)
			}
		}
		if c := dot / math.Sqrt(a*b); !(c >= cosine) {
			t.Errorf("the cosine of the output to the trained network's is %v, want %v", c, cosine)
		}
	}
}

func integerNetwork(t *testing.T, g *ir.Graph, source calibrate.Source, o convert.Options) *snn.Network {
	t.Helper()
	sites, err := convert.Sites(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	p, err := calibrate.Run(t.Context(), g, source, calibrate.Options{Sites: sites, PerChannel: true})
	if err != nil {
		t.Fatal(err)
	}
	o.Weights, o.Method, o.PerChannel = convert.Int8, calibrate.Methods[0], true
	n, _, err := convert.Lower(t.Context(), g, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// verifyTarget writes an export and verifies it, unless the target refuses the network.
func verifyTarget(t *testing.T, to *target.Target, n *snn.Network, inputs [][]float32) {
	t.Helper()
	for _, loss := range to.Check(n) {
		if loss.Fatal {
			t.Logf("%s refuses %d steps: %s", to.Name, n.Steps, loss.What)
			return
		}
	}
	o := target.Options{Name: "net", Samples: inputs[:1]}
	files, err := to.Files(n, o)
	if err != nil {
		t.Fatalf("%s: %v", to.Name, err)
	}
	if to.Run == nil || to.Name == "go" { // go contains runtime itself
		return
	}
	dir := filepath.Join(t.TempDir(), fmt.Sprint(to.Name, n.Steps))
	if err := export.Write(dir, files, func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	seen, err := export.Verify(t.Context(), to, &target.Job{Net: n, Dir: dir, Options: o, Inputs: inputs})
	if err != nil {
		t.Errorf("%s: %v", to.Name, err)
		return
	}
	t.Logf("%s: %d outputs and %d spikes are equal", to.Name, seen.Outputs, seen.Spikes)
}

// TestDecomposedLayers holds what RATIONALE says of the cost of two operators.
func TestDecomposedLayers(t *testing.T) {
	kinds := func(text string) string {
		g := randomWeights(t, text)
		if err := passes.Run(t.Context(), g, nil); err != nil {
			t.Fatal(err)
		}
		n, _, err := convert.Lower(t.Context(), g, nil, convert.Options{Steps: 1})
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for i := range n.Layers {
			l := &n.Layers[i]
			kind := l.Op.Kind()
			if _, ok := l.Op.(snn.Sum); ok {
				kind += strconv.Itoa(len(l.In))
			}
			if l.Neuron != nil {
				kind += "!"
			}
			list = append(list, kind)
		}
		return strings.Join(list, " ")
	}
	got := kinds(`
input %x float32[1,3,4,4]
const %w float32[4,3,1,1] = fill(0)
const %double float32[4] = {1, 1, 2, 2}
const %v float32[2,4,1,1] = fill(0)
%c = Conv(%x, %w)
%r = Relu(%c)
%l = Resize(%r, _, %double) {mode="linear"}
%y = Conv(%l, %v)
output %y`)
	if want := "Input Conv! Gather Gather Gather Gather Sum4! Conv"; got != want {
		t.Errorf("a linear Resize between convolutions has the layers\n%s\nwant\n%s", got, want)
	}
	got = kinds(`
input %x float32[1,3,4,4]
const %w float32[8,3,1,1] = fill(0)
const %v float32[2,2,1,1] = fill(0)
%c = Conv(%x, %w)
%d = DepthToSpace(%c) {block=2}
%y = Conv(%d, %v)
output %y`)
	if want := "Input Conv Gather Sum1! Conv"; got != want {
		t.Errorf("a DepthToSpace between convolutions has the layers\n%s\nwant\n%s", got, want)
	}
	got = kinds(`
input %x float32[1,3,4,4]
const %w float32[3,4,2,2] = fill(0)
const %v float32[2,4,1,1] = fill(0)
%t = ConvTranspose(%x, %w) {strides=[2,2]}
%r = Relu(%t)
%y = Conv(%r, %v)
output %y`)
	if want := "Input Conv Gather Sum1! Conv"; got != want {
		t.Errorf("a ConvTranspose and its activation, which fire once, have the layers\n%s\nwant\n%s", got, want)
	}
}
