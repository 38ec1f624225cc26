package passes

import "testing"

func TestConstantRight(t *testing.T) {
	testRewrites(t, "constant-right", []rewriteTest{
		{
			"a matrix on the left",
			`input %x float32[1,2,3]
const %a float32[1,2,2] = {1, 2, 3, 4}
%y = MatMul(%a, %x) "m"
output %y`,
			`input %x float32[1,2,3]
const %y.const float32[2,2] = {1, 3, 2, 4}
%y.1 = Transpose(%x) "m" {perm=[0,2,1]}
%y.2 = MatMul(%y.1, %y.const) "m"
%y = Transpose(%y.2) "m" {perm=[0,2,1]}
output %y`,
		},
		{
			"several matrices",
			`input %x float32[2,2,3]
const %a float32[2,2,2] = ramp(0, 1)
%y = MatMul(%a, %x)
output %y`, "",
		},
		{
			"a vector",
			`input %x float32[2,3]
const %a float32[2] = {1, 2}
%y = MatMul(%a, %x)
output %y`, "",
		},
	})
}
