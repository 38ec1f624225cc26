package passes

import "testing"

func TestInnerSoftmax(t *testing.T) {
	testRewrites(t, "inner-softmax", []rewriteTest{
		{
			"a network goes on with it",
			`input %x float32[1,3]
%s = Softmax(%x) "s" {axis=1}
%y = Concat(%s, %x) {axis=1}
output %y`,
			`input %x float32[1,3]
const %s.const int64[1] = {1}
%s.1 = Reduce(%x, %s.const) "s" {fn=largest}
%s.2 = Binary(%x, %s.1) "s"
%s.3 = Unary(%s.2) "s" {fn=exp}
%s.4 = Reduce(%s.3, %s.const) "s" {fn=sum}
%s = Binary(%s.3, %s.4) "s" {fn=div}
%y = Concat(%s, %x) {axis=1}
output %y`,
		},
		{
			"moved to the output",
			`input %x float32[1,3,2]
%s = Softmax(%x) {axis=1}
%t = Transpose(%s) {perm=[0,2,1]}
%y = Flatten(%t)
output %y`, "",
		},
	})
}
