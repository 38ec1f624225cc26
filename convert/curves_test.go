package convert

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/nettest"
)

// TestDomainsOfCurves: what a function with a pole or a domain answers beyond its domain, where
// a sum of rounded spikes may lie, is the most extreme value that the calibration has seen.
func TestDomainsOfCurves(t *testing.T) {
	t.Parallel()
	largest, err := calibrate.ParseMethod("max")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		node  string
		worst func(low, high float32) float32 // by the range of the calibration
	}{
		{"Unary(%t) {fn=reciprocal}", func(_, high float32) float32 { return high }},
		{"Unary(%t) {fn=log}", func(low, _ float32) float32 { return low }},
		{"Unary(%t) {fn=sqrt}", func(_, _ float32) float32 { return 0 }},
		{"Binary(%t, %minus) {fn=pow}", func(_, high float32) float32 { return high }},
		{"Binary(%t, %more) {fn=pow}", func(_, _ float32) float32 { return 0 }},
	} {
		g := nettest.Parse(t, `
input %x float32[1,3]
const %four float32[] = {4}
const %minus float32[] = {-0.5}
const %more float32[] = {1.5}
%t = Add(%x, %four)
%y = `+test.node+`
output %y`)
		p := profileOf(t, g, 32)
		o := options(8)
		o.Weights, o.PerChannel, o.Method = Float32, false, largest
		n, _ := lowered(t, g, p, o)
		stats := p.Sites[slices.IndexFunc(p.Sites, func(s calibrate.Stats) bool { return s.Value == "y" })]
		worst := test.worst(slices.Min(stats.Min), slices.Max(stats.Max))
		for _, x := range []float32{-4, -4.1, -1e4, -math.MaxFloat32} {
			_, got := nettest.RunSpiking(t, n, []float32{x, x, x})
			for _, y := range got {
				if level := n.Layers[n.Output].Scale[0]; !(math.Abs(float64(y-worst)) <= 0.75*float64(level)) {
					t.Errorf("%s at %v: %v, want %v (a level is %v)", test.node, x, y, worst, level)
				}
			}
		}
		_, far := nettest.RunSpiking(t, n, []float32{math.MaxFloat32, 1e4, 4})
		for _, y := range far {
			if y-y != 0 {
				t.Errorf("%s of large numbers is %v", test.node, far)
			}
		}
	}
}

// TestReciprocalsOfBothSigns are refused, with the value and what to do.
func TestReciprocalsOfBothSigns(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, `
input %x float32[1,3]
%y = Unary(%x) "over" {fn=reciprocal}
output %y`)
	_, _, err := Lower(t.Context(), g, profileOf(t, g, 8), options(8))
	if err == nil || !strings.Contains(err.Error(), `"y" is the reciprocal of numbers`) || !strings.Contains(err.Error(), "absolute value") {
		t.Errorf("error %v", err)
	}
}
