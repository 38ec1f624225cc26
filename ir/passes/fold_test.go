package passes

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/ir"
)

func TestFoldConstants(t *testing.T) {
	tests := []rewriteTest{
		{
			"the shape that torch computes for a view",
			`input %x float32[2,3,4]
const %zero int64[] = {0}
const %axis int64[1] = {0}
const %rest int64[1] = {-1}
%s = Shape(%x)
%n = Gather(%s, %zero)
%u = Unsqueeze(%n, %axis)
%c = Concat(%u, %rest)
%y = Reshape(%x, %c) "view"
output %y`,
			`input %x float32[2,3,4]
const %c int64[2] = {2, -1}
%y float32[2,12] = Reshape(%x, %c) "view"
output %y
`,
		},
		{
			"a weight that is transposed, scaled and padded",
			`input %x float32[1,2]
const %w float32[2,2] = {1, 2, 3, 4}
const %half float32[] = {0.5}
const %pads int64[4] = {0, 0, 1, 0}
%t = Transpose(%w)
%s = Binary(%t, %half) {fn=mul}
%p = Pad(%s, %pads)
%y = Gemm(%x, %p) {transB=true}
output %y`,
			`input %x float32[1,2]
const %p float32[3,2] = {0.5, 1.5, 1, 2, 0, 0}
%y float32[1,3] = Gemm(%x, %p) {transB=true}
output %y
`,
		},
		{
			"filled shapes",
			`input %x float32[2,3]
const %one int64[] = {1}
%s = Shape(%x) {start=-1}
%z = ConstantOfShape(%s) {value=int64[1] {7}}
%q = Binary(%z, %one) {fn=equal}
%f = Cast(%q) {to=float32}
%e = Expand(%f, %s)
%y = Add(%x, %e)
output %y`,
			`input %x float32[2,3]
const %e float32[3] = {0, 0, 0}
%y float32[2,3] = Add(%x, %e)
output %y
`,
		},
		{
			"a constant output",
			`input %x float32[2,3]
%s = Shape(%x)
output %s`,
			`input %x float32[2,3]
const %s int64[2] = {2, 3}
output %s
`,
		},
		{
			"too large: stays",
			`input %x float32[1]
const %n int64[2] = {8192, 8192}
const %one float32[1] = {1}
%e = Expand(%one, %n)
%y = Add(%e, %x)
output %y`,
			`input %x float32[1]
const %n int64[2] = {8192, 8192}
const %one float32[1] = {1}
%e float32[8192,8192] = Expand(%one, %n)
%y float32[8192,8192] = Add(%e, %x)
output %y
`,
		},
		{
			"too slow: stays",
			`input %x float32[1]
const %n int64[2] = {2048, 2048}
const %one float32[1] = {1}
%e = Expand(%one, %n)
%p = MatMul(%e, %e)
%y = Add(%p, %x)
output %y`,
			`input %x float32[1]
const %e float32[2048,2048] = fill(1)
%p float32[2048,2048] = MatMul(%e, %e)
%y float32[2048,2048] = Add(%p, %x)
output %y
`,
		},
		{
			"windows over constants stay",
			`input %x float32[1]
const %c float32[1,1,2] = {1, 2}
%p = MaxPool(%c) {kernel=[2]}
%y = Add(%p, %x)
output %y`,
			`input %x float32[1]
const %c float32[1,1,2] = {1, 2}
%p float32[1,1,1] = MaxPool(%c) {kernel=[2]}
%y float32[1,1,1] = Add(%p, %x)
output %y
`,
		},
		{
			"a part of the outputs",
			`input %x float32[4]
const %c float32[4] = {1, 2, 3, 4}
%a, _, %b = Split(%c) {parts=3}
%y = Concat(%x, %b, %a)
output %y`,
			`input %x float32[4]
const %a float32[2] = {1, 2}
const %b float32[0] = {}
%y float32[6] = Concat(%x, %b, %a)
output %y
`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := parse(t, test.before)
			if _, err := foldConstants(g); err != nil {
				t.Fatal(err)
			}
			if err := g.Verify(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.after, text(t, g)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFoldConstantsErrors(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{
			"a shape that depends on data",
			"input %x float32[4]\n%s = Cast(%x) {to=int64}\n%y = Reshape(%x, %s) \"r\"\noutput %y",
			`ir: Reshape "r": shape is not constant`,
		},
		{
			"division by zero",
			"const %a int64[1] = {1}\nconst %b int64[1] = {0}\n%y = Binary(%a, %b) \"d\" {fn=div}\noutput %y",
			`Binary "d": `,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := foldConstants(parse(t, test.src)); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func FuzzRun(f *testing.F) {
	f.Add(`input %x float32[N,5,5,3]
const %m float32[3] = {1, 2, 3}
const %w float32[2,3,3,3] = ramp(-1, 0.1)
const %s float32[2] = {1, 2}
const %c float32[50,2] = ramp(-1, 0.1)
const %b float32[2] = {1, 2}
%a = Binary(%x, %m) {fn=sub}
%t = Transpose(%a) {perm=[0,3,1,2]}
%1 = Conv(%t, %w) {autoPad=same_upper}
%2 = BatchNormalization(%1, %s, %s, %s, %s)
%3 = Transpose(%2) {perm=[0,2,3,1]}
%4 = Relu(%3)
%5 = Flatten(%4)
%6 = MatMul(%5, %c)
%7 = Add(%6, %b)
output %7`)
	f.Add(`input %x float32[1,2,4,4]
const %p int64[8] = {0, 0, 1, 1, 0, 0, 0, 0}
const %zero float32[] = {0}
const %axes int64[2] = {2, 3}
%1 = Clip(%x, %zero)
%2 = Pad(%1, %p)
%3 = MaxPool(%2) {kernel=[2,2] strides=[2,2] ceil=true}
%4 = LeakyRelu(%3)
%5 = Reduce(%4, %axes) {keepDims=false}
%6, %7 = Split(%5) {axis=1 parts=2}
%8 = Concat(%6, %7, %5) {axis=-1}
%9 = Sigmoid(%8)
%10 = Binary(%8, %9) {fn=mul}
output %10`)
	f.Add(`input %x float32[1,8,3,2]
const %scales float32[4] = {1, 1, 1.5, 2}
const %sizes int64[2] = {5, 7}
const %roi float32[8] = {0, 0, 0.1, 0, 1, 1, 1.2, 1}
const %w float32[2,3,2,3] = ramp(-1, 0.1)
const %b float32[6] = {1, 2, 3, 4, 5, 6}
%1 = DepthToSpace(%x) {block=2 crd=true}
%2 = Resize(%1, %roi, %scales) {mode="linear" coordinates="tf_crop_and_resize" extrapolation=2}
%3 = ConvTranspose(%2, %w, %b) {group=2 strides=[2,1] dilations=[1,2] pads=[1,0,1,0] outputPadding=[1,0]}
%4 = Resize(%3, _, _, %sizes) {mode="cubic" axes=[2,3] excludeOutside=true aspect="not_larger"}
%5 = ConvTranspose(%2, %w) {strides=[3,2] autoPad=same_lower outputShape=[13,9] group=2}
output %4, %5`)
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<12 {
			return
		}
		g, err := ir.Parse(src)
		if err != nil {
			return
		}
		if err := Run(t.Context(), g, nil); err != nil && strings.Contains(err.Error(), "illegal graph after") &&
			!strings.Contains(err.Error(), "after import") && !strings.Contains(err.Error(), "after dead-code") {
			t.Fatalf("%v\n%s", err, src)
		}
	})
}
