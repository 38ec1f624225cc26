package passes

import "testing"

func TestRemoveNoOps(t *testing.T) {
	testRewrites(t, "remove-no-ops", []rewriteTest{
		{
			"everything that does nothing",
			`input %x float32[1,4,2,2]
const %zero float32[] = {0}
const %one float32[4,1,1] = {1, 1, 1, 1}
const %shape int64[4] = {1, 4, 2, 2}
const %pads int64[8] = {0, 0, 0, 0, 0, 0, 0, 0}
const %start int64[1] = {0}
const %end int64[1] = {99}
const %axes int64[1] = {0}
const %low float32[] = {-3.4028235e+38}
%r = Sigmoid(%x)
%1 = Identity(%r)
%2 = Dropout(%1)
%3 = Add(%zero, %2)
%4 = Binary(%3, %one) {fn=mul}
%5 = Binary(%4, %one) {fn=div}
%6 = Binary(%5, %zero) {fn=sub}
%7 = Reshape(%6, %shape)
%8 = Pad(%7, %pads)
%9 = Slice(%8, %start, %end)
%10 = Concat(%9) {axis=2}
%11 = Transpose(%10) {perm=[0,1,2,3]}
%12 = Cast(%11) {to=float32 stored="float16"}
%13 = Reduce(%12, %axes)
%14 = MaxPool(%13) {kernel=[1,1]}
%15 = Relu(%14)
%16 = Clip(%15, %low)
%17 = Split(%16) {parts=1}
%y = Tanh(%17)
output %y`,
			`input %x float32[1,4,2,2]
%r = Sigmoid(%x)
%y = Tanh(%r)
output %y`,
		},
		{
			"the output keeps its name",
			`input %x float32[2]
%a = Sigmoid(%x) "s"
%y = Identity(%a)
output %y`,
			`input %x float32[2]
%y = Sigmoid(%x) "s"
output %y`,
		},
		{
			"an input cannot take the name of the output",
			`input %x float32[2]
%y = Identity(%x)
output %y`, "",
		},
		{
			"two outputs keep their names",
			`input %x float32[2]
%a = Sigmoid(%x)
%b = Identity(%a)
output %a, %b`, "",
		},
		{
			"read twice by one node",
			`input %x float32[2]
%a = Sigmoid(%x)
%b = Identity(%a)
%y = Add(%b, %b)
output %y`,
			`input %x float32[2]
%a = Sigmoid(%x)
%y = Add(%a, %a)
output %y`,
		},
		{
			"what does something stays",
			`input %x float32[1,4]
input %n int64[2]
const %zero float32[1,4] = {0, 0, 0, 0}
const %tall float32[2,1] = {0, 0}
const %one float32[] = {1}
const %start int64[1] = {-1}
const %end int64[1] = {-9}
const %axis int64[1] = {1}
const %step int64[1] = {-1}
%1 = Binary(%zero, %x) {fn=sub}
%2 = Binary(%one, %1) {fn=div}
%3 = Slice(%2, %start, %end, %axis, %step)
%4 = Cast(%n) {to=int64 stored="int8"}
%5 = Relu(%3)
%6 = Add(%5, %tall)
%7, %mask = Dropout(%6)
output %7, %4, %mask`, "",
		},
	})
}

func TestMergeViews(t *testing.T) {
	testRewrites(t, "merge-views", []rewriteTest{
		{
			"chain",
			`input %x float32[2,3,4]
const %shape int64[3] = {4, 6, 1}
const %axes int64[1] = {2}
%a = Reshape(%x, %shape)
%b = Squeeze(%a, %axes)
%c = Flatten(%b) {axis=0}
output %c`,
			`input %x float32[2,3,4]
const %c.shape int64[2] = {1, 24}
%c = Reshape(%x, %c.shape)
output %c`,
		},
		{
			"empty axes",
			`input %x float32[0,3]
const %axes int64[1] = {0}
%a = Unsqueeze(%x, %axes)
%b = Flatten(%a) {axis=2}
output %b`,
			`input %x float32[0,3]
const %b.shape int64[2] = {0, 3}
%b = Reshape(%x, %b.shape) {allowZero=true}
output %b`,
		},
		{
			"transposition of axes of length 1",
			`input %x float32[1,3,1,4]
%a = Transpose(%x) {perm=[1,0,3,2]}
output %a`,
			`input %x float32[1,3,1,4]
const %a.shape int64[4] = {3, 1, 4, 1}
%a = Reshape(%x, %a.shape)
output %a`,
		},
		{
			"single view, real transposition",
			`input %x float32[1,3,2]
%a = Transpose(%x) {perm=[0,2,1]}
%b = Flatten(%a)
output %b`, "",
		},
	})
}
