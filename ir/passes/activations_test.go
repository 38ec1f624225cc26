package passes

import "testing"

func TestFuseActivations(t *testing.T) {
	testRewrites(t, "fuse-activations", []rewriteTest{
		{
			"SiLU",
			`input %x float32[2]
%s = Sigmoid(%x)
%y = Binary(%s, %x) {fn=mul}
output %y`,
			`input %x float32[2]
%y = SiLU(%x)
output %y`,
		},
		{
			"HardSwish by HardSigmoid",
			`input %x float32[2]
%s = HardSigmoid(%x) {alpha=0.16666667}
%y = Binary(%x, %s) {fn=mul}
output %y`,
			`input %x float32[2]
%y = HardSwish(%x)
output %y`,
		},
		{
			"HardSwish by Clip, gate divided",
			`input %x float32[1,2]
const %three float32[] = {3}
const %zero float32[] = {0}
const %six float32[] = {6}
%a = Add(%x, %three)
%c = Clip(%a, %zero, %six)
%d = Binary(%c, %six) {fn=div}
%y = Binary(%d, %x) {fn=mul}
output %y`,
			`input %x float32[1,2]
%y = HardSwish(%x)
output %y`,
		},
		{
			"HardSwish by Clip, product scaled",
			`input %x float32[1,2]
const %three float32[1] = {3}
const %zero float32[] = {0}
const %six float32[] = {6}
const %sixth float32[2] = {0.16666667, 0.16666667}
%a = Add(%three, %x)
%c = Clip(%a, %zero, %six)
%p = Binary(%x, %c) {fn=mul}
%y = Binary(%sixth, %p) {fn=mul}
output %y`,
			`input %x float32[1,2]
%y = HardSwish(%x)
output %y`,
		},
		{
			"HardSigmoid",
			`input %x float32[1,2]
const %three float32[1] = {3}
const %zero float32[] = {0}
const %six float32[] = {6}
%a = Add(%three, %x)
%c = Clip(%a, %zero, %six)
%y = Binary(%c, %six) {fn=div}
output %y`,
			`input %x float32[1,2]
%y = HardSigmoid(%x) {alpha=0.16666667}
output %y`,
		},
		{
			"Relu of Clip, PRelu and LeakyRelu",
			`input %x float32[1,2]
const %zero float32[] = {0}
const %big float32[] = {+Inf}
const %slope float32[2] = {0.25, 0.25}
const %none float32[1] = {0}
%a = Clip(%x, %zero)
%b = Clip(%a, %zero, %big)
%c = PRelu(%b, %slope)
%y = PRelu(%c, %none)
output %y`,
			`input %x float32[1,2]
%a = Relu(%x)
%b = Relu(%a)
%c = LeakyRelu(%b) {alpha=0.25}
%y = Relu(%c)
output %y`,
		},
		{
			"ReLU6 of Relu and Clip",
			`input %x float32[1,2]
const %zero float32[] = {0}
const %six float32[] = {6}
%r = Relu(%x)
%y = Clip(%r, %zero, %six)
output %y`,
			`input %x float32[1,2]
const %zero float32[] = {0}
const %six float32[] = {6}
%y = Clip(%x, %zero, %six)
output %y`,
		},
		{
			"not quite",
			`input %x float32[1,2]
input %n int64[2]
input %tall float32[2,1]
const %four float32[] = {4}
const %zero float32[] = {0}
const %six float32[] = {6}
const %slopes float32[2] = {0.25, 0.5}
const %izero int64[] = {0}
%s = Sigmoid(%x)
%m1 = Binary(%tall, %s) {fn=mul}
%h = HardSigmoid(%x)
%m2 = Binary(%x, %h) {fn=mul}
%a = Add(%x, %four)
%c = Clip(%a, %zero, %six)
%d = Binary(%c, %six) {fn=div}
%e = Binary(%six, %s) {fn=div}
%p = PRelu(%x, %slopes)
%i = Clip(%n, %izero)
%q = Clip(%x, %zero, %six)
output %m1, %m2, %d, %e, %p, %i, %q`, "",
		},
	})
}

func TestActivationBeforeMax(t *testing.T) {
	testRewrites(t, "activation-before-max", []rewriteTest{
		{
			"Relu behind two pools",
			`input %x float32[1,2,4,4]
%a = MaxPool(%x) "p1" {kernel=[2,2] strides=[2,2]}
%b = GlobalMaxPool(%a) "p2"
%y = Relu(%b) "act"
output %y`,
			`input %x float32[1,2,4,4]
%y.2 = Relu(%x) "act"
%y.1 = MaxPool(%y.2) "p1" {kernel=[2,2] strides=[2,2]}
%y = GlobalMaxPool(%y.1) "p2"
output %y`,
		},
		{
			"Clip and PRelu",
			`input %x float32[1,2,4]
const %low float32[] = {-1}
const %slope float32[2,1] = {0, 0.5}
%a = MaxPool(%x) {kernel=[2]}
%b = Clip(%a, %low)
%c = MaxPool(%b) {kernel=[2]}
%y = PRelu(%c, %slope)
output %y`,
			`input %x float32[1,2,4]
const %low float32[] = {-1}
const %slope float32[2,1] = {0, 0.5}
%b.1 = Clip(%x, %low)
%y.2 = PRelu(%b.1, %slope)
%y.1 = MaxPool(%y.2) {kernel=[2]}
%y = MaxPool(%y.1) {kernel=[2]}
output %y`,
		},
		{
			"not monotone, not alone, not alike in a channel",
			`input %x float32[1,2,4]
const %falling float32[2,1] = {0, -0.5}
const %slopes float32[1,3] = {0.1, 0.2, 0.3}
%a = MaxPool(%x) {kernel=[2]}
%b = SiLU(%a)
%c = MaxPool(%x) {kernel=[2]}
%d = PRelu(%c, %falling)
%e = MaxPool(%x) {kernel=[2]}
%f = PRelu(%e, %slopes)
%g = MaxPool(%x) {kernel=[2]}
%h = Relu(%g)
%i = MaxPool(%x) {kernel=[2]}
%j = LeakyRelu(%i) {alpha=-1}
output %b, %d, %f, %g, %h, %j`, "",
		},
	})
}
