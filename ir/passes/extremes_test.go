package passes

import "testing"

func TestExtremes(t *testing.T) {
	testRewrites(t, "extremes", []rewriteTest{
		{
			"two signals",
			`input %x float32[1,2,3]
input %z float32[1,2,3]
%m = Binary(%x, %z) "most" {fn=max}
%y = Binary(%m, %x) "least" {fn=min}
output %y`,
			`input %x float32[1,2,3]
input %z float32[1,2,3]
%m.1 = Binary(%z, %x) "most"
%m.2 = Relu(%m.1) "most"
%m = Add(%x, %m.2) "most"
%y.1 = Binary(%m, %x) "least"
%y.2 = Relu(%y.1) "least"
%y = Binary(%m, %y.2) "least"
output %y`,
		},
		{
			"a number is a bound, other constants are met by a rectifier",
			`input %x float32[1,2]
const %six float32[] = {6}
const %c float32[2] = {1, 2}
%m = Binary(%six, %x) {fn=min}
%y = Binary(%m, %c) {fn=max}
output %y`,
			`input %x float32[1,2]
const %c float32[2] = {1, 2}
const %m.const float32[] = {6}
%m = Clip(%x, _, %m.const)
%y.1 = Binary(%m, %c)
%y.2 = Relu(%y.1)
%y = Add(%c, %y.2)
output %y`,
		},
		{
			"over the positions of a map",
			`input %x float32[1,2,3,4]
const %axes int64[2] = {-1, -2}
%y = Reduce(%x, %axes) {fn=largest}
output %y`,
			`input %x float32[1,2,3,4]
%y = GlobalMaxPool(%x)
output %y`,
		},
		{
			"over channels",
			`input %x float32[1,2,3]
const %axes int64[1] = {1}
%y = Reduce(%x, %axes) {fn=largest}
output %y`,
			`input %x float32[1,2,3]
const %y.const int64[3] = {1, 3, 2}
const %y.const.1 int64[3] = {1, 1, 3}
%y.1 = Transpose(%x) {perm=[0,2,1]}
%y.2 = Reshape(%y.1, %y.const)
%y.3 = GlobalMaxPool(%y.2)
%y = Reshape(%y.3, %y.const.1)
output %y`,
		},
		{
			"squares and magnitudes",
			`input %x float32[1,2]
%a = Reduce(%x) {fn=l2}
%b = Reduce(%x) {fn=l1}
%y = Add(%a, %b)
output %y`,
			`input %x float32[1,2]
%a.1 = Binary(%x, %x) {fn=mul}
%a.2 = Reduce(%a.1) {fn=sum}
%a = Unary(%a.2) {fn=sqrt}
%b.1 = Unary(%x) {fn=abs}
%b = Reduce(%b.1) {fn=sum}
%y = Add(%a, %b)
output %y`,
		},
		{
			"integers stay",
			`input %x int64[1,2]
%y = Reduce(%x) {fn=largest}
output %y`, "",
		},
	})
}

func TestScores(t *testing.T) {
	testRewrites(t, "scores", []rewriteTest{
		{
			"behind moves and casts",
			`input %x float32[1,2,3]
%s = Relu(%x)
%a = ArgMax(%s) {axis=1}
%c = Cast(%a) {to=float32}
%y = Flatten(%c)
output %y`,
			`input %x float32[1,2,3]
%y = Relu(%x)
output %y`,
		},
		{
			"places that something computes with",
			`input %x float32[1,2,3]
%s = Relu(%x)
%a = ArgMax(%s) {axis=1}
%c = Cast(%a) {to=float32}
%y = Add(%c, %c)
output %y`, "",
		},
		{
			"of the input",
			`input %x float32[1,2,3]
%y = ArgMax(%x) {axis=1}
output %y`, "",
		},
	})
}
