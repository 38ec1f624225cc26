package passes

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ann2snn/ir"
)

func TestDecompose(t *testing.T) {
	testRewrites(t, "decompose", []rewriteTest{
		{
			"moves",
			`input %x float32[1,8,2,3]
%y = DepthToSpace(%x) "up" {block=2}
output %y`,
			`input %x float32[1,8,2,3]
const %y.const int64[6] = {1, 2, 2, 2, 2, 3}
const %y.const.1 int64[4] = {1, 2, 4, 6}
%y.1 = Reshape(%x, %y.const) "up"
%y.2 = Transpose(%y.1) "up" {perm=[0,3,4,1,5,2]}
%y = Reshape(%y.2, %y.const.1) "up"
output %y`,
		},
		{
			"nearest is gathered, an axis that keeps its length stays",
			`input %x float32[1,2,3,2]
const %s float32[4] = {1, 1, 1, 2}
%y = Resize(%x, _, %s) {coordinates="asymmetric" nearest="floor"}
output %y`,
			`input %x float32[1,2,3,2]
const %y.const int64[4] = {0, 0, 1, 1}
%y = Gather(%x, %y.const) {axis=3}
output %y`,
		},
		{
			"linear is a weighted sum",
			`input %x float32[2]
const %s float32[1] = {2}
%y = Resize(%x, _, %s) {mode="linear"}
output %y`,
			`input %x float32[2]
const %y.const int64[4] = {0, 0, 0, 1}
const %y.const.1 int64[4] = {0, 1, 1, 1}
const %y.const.2 float32[4] = {0.25, 0.75, 0.25, 0.75}
const %y.const.3 float32[4] = {0.75, 0.25, 0.75, 0.25}
%y.1 = Gather(%x, %y.const)
%y.3 = Binary(%y.1, %y.const.2) {fn=mul}
%y.2 = Gather(%x, %y.const.1)
%y.4 = Binary(%y.2, %y.const.3) {fn=mul}
%y = Add(%y.3, %y.4)
output %y`,
		},
		{
			"what changes nothing",
			`input %x float32[2,3]
const %s int64[2] = {2, 3}
%y = Resize(%x, _, _, %s) {mode="cubic"}
output %y`,
			`input %x float32[2,3]
%y = Identity(%x)
output %y`,
		},
		{
			"a constant is computed",
			`input %x float32[1,2]
const %c float32[1,2] = {1, 3}
const %s float32[2] = {1, 2}
%r = Resize(%c, _, %s) {mode="linear"}
%y = Concat(%x, %r) {axis=1}
output %y`,
			`input %x float32[1,2]
const %r float32[1,4] = {1, 1.5, 2.5, 3}
%y = Concat(%x, %r) {axis=1}
output %y`,
		},
		{
			"a transposed convolution of stride 1 is a convolution with the kernel turned around",
			`input %x float32[1,1,4]
const %w float32[1,1,3] = {1, 2, 3}
%y = ConvTranspose(%x, %w) {pads=[1,1]}
output %y`,
			`input %x float32[1,1,4]
const %y.const.12 float32[1,1,3] = {3, 2, 1}
%y = Conv(%x, %y.const.12) {pads=[1,1]}
output %y`,
		},
		{
			"phases are channels, and what is cut off is sliced",
			`input %x float32[1,1,2]
const %w float32[1,1,3] = {1, 2, 3}
%y = ConvTranspose(%x, %w) {strides=[2] pads=[1,0]}
output %y`,
			`input %x float32[1,1,2]
const %y.const.14 float32[2,1,2] = {3, 1, 0, 2}
const %y.const.15 int64[4] = {1, 1, 2, 3}
const %y.const.16 int64[3] = {1, 1, 6}
const %y.const.17 int64[1] = {1}
const %y.const.18 int64[1] = {5}
const %y.const.19 int64[1] = {2}
%y.1 = Conv(%x, %y.const.14) {pads=[1,1]}
%y.2 = Reshape(%y.1, %y.const.15)
%y.3 = Transpose(%y.2) {perm=[0,1,3,2]}
%y.4 = Reshape(%y.3, %y.const.16)
%y = Slice(%y.4, %y.const.17, %y.const.18, %y.const.19)
output %y`,
		},
	})
}

func TestDecomposeRefuses(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{
			"input %x float32[1,1,2,2]\nconst %w float32[1,1,1,1] = {1}\n" +
				`%y = ConvTranspose(%x, %w) "up" {strides=[30000,30000] pads=[0,0,30000,30000]}` + "\noutput %y",
			`passes: decompose: ConvTranspose "up": its strides make 900000000 weights of 1`,
		},
		{
			"input %x float32[1,1,2,2]\nconst %s int64[4] = {1, 1, 40000, 40000}\n" +
				`%y = Resize(%x, _, _, %s) "up" {mode="linear"}` + "\noutput %y",
			`passes: decompose: Resize "up": it interpolates more than 16777216 positions`,
		},
		{
			"input %x float32[2]\nconst %s int64[1] = {2000000000}\n" + `%y = Resize(%x, _, _, %s) "up"` + "\noutput %y",
			`passes: decompose: Resize "up": axis 0 becomes more than 16777216 long`,
		},
	} {
		if err := Run(t.Context(), parse(t, test.src), nil); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("error is\n%v\nwant\n%s", err, test.want)
		}
	}
}

// TestWeightsOfAPositionSumUpToOne holds for every kind of interpolation.
func TestWeightsOfAPositionSumUpToOne(t *testing.T) {
	for _, mode := range []string{"nearest", "linear", "cubic"} {
		for _, coordinates := range []string{"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric"} {
			for in := 1; in < 6; in++ {
				for out := 1; out < 12; out++ {
					op := ir.Resize{Mode: mode, Coordinates: coordinates, Nearest: "round_prefer_ceil", CubicA: -0.75, ExcludeOutside: in%2 == 0}
					taps, _ := axisTaps(op, ir.ResizedAxis{In: in, Out: out, Scale: float64(out) / float64(in), End: 1})
					for o := range out {
						sum := 0.0
						for _, p := range taps {
							sum += p.weight[o]
						}
						if math.Abs(sum-1) > 1e-12 {
							t.Errorf("%s %s from %d to %d: the weights of position %d sum up to %v", mode, coordinates, in, out, o, sum)
						}
					}
				}
			}
		}
	}
}

// TestDecompositionsAreSorted checks what decompositionOf relies on.
func TestDecompositionsAreSorted(t *testing.T) {
	if !slices.IsSortedFunc(decompositions, func(a, b decomposition) int { return strings.Compare(a.kind, b.kind) }) {
		t.Error("decompositions are not sorted by kind")
	}
}
