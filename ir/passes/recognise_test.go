package passes

import (
	"fmt"
	"strings"
	"testing"

	"ann2snn/ir"
)

// spellings of curves of x, as exporters write them.
var spellings = map[string][]string{
	"Unary(%x) {fn=gelu}": {
		// PyTorch, below opset 20
		"%a = Binary(%x, 1.4142135) {fn=div}; %b = Unary(%a) {fn=erf}; %c = Add(%b, 1); %d = Binary(%x, %c) {fn=mul}; %y = Binary(%d, 0.5) {fn=mul}",
		// TensorFlow
		"%h = Binary(0.5, %x) {fn=mul}; %a = Binary(%x, 0.70710677) {fn=mul}; %b = Unary(%a) {fn=erf}; %c = Add(1, %b); %y = Binary(%h, %c) {fn=mul}",
		"%a = Binary(%x, 0.70710677) {fn=mul}; %b = Unary(%a) {fn=erf}; %c = Binary(%b, 0.5) {fn=mul}; %d = Add(%c, 0.5); %y = Binary(%d, %x) {fn=mul}",
	},
	"Unary(%x) {fn=gelutanh}": {
		"%p = Binary(%x, 3) {fn=pow}; %q = Binary(%p, 0.044715) {fn=mul}; %r = Add(%x, %q); %s = Binary(%r, 0.7978846) {fn=mul}; " +
			"%t = Tanh(%s); %u = Add(%t, 1); %v = Binary(%x, %u) {fn=mul}; %y = Binary(%v, 0.5) {fn=mul}",
		"%p = Binary(%x, %x) {fn=mul}; %c = Binary(%p, %x) {fn=mul}; %q = Binary(%c, 0.044715) {fn=mul}; %r = Add(%x, %q); " +
			"%s = Binary(%r, 1.5957692) {fn=mul}; %t = Sigmoid(%s); %y = Binary(%x, %t) {fn=mul}",
	},
	"Unary(%x) {fn=mish}": {
		"%a = Unary(%x) {fn=softplus}; %b = Tanh(%a); %y = Binary(%x, %b) {fn=mul}",
		"%e = Unary(%x) {fn=exp}; %f = Add(%e, 1); %g = Unary(%f) {fn=log}; %b = Tanh(%g); %y = Binary(%b, %x) {fn=mul}",
	},
	"Unary(%x) {fn=softplus}": {
		"%e = Unary(%x) {fn=exp}; %f = Add(1, %e); %y = Unary(%f) {fn=log}",
		"%n = Unary(%x) {fn=neg}; %s = Sigmoid(%n); %l = Unary(%s) {fn=log}; %y = Unary(%l) {fn=neg}",
	},
	"Unary(%x) {fn=softsign}": {
		"%a = Unary(%x) {fn=abs}; %b = Add(%a, 1); %y = Binary(%x, %b) {fn=div}",
	},
	"Unary(%x) {fn=abs}": {
		"%n = Unary(%x) {fn=neg}; %a = Relu(%x); %b = Relu(%n); %y = Add(%a, %b)",
	},
	"SiLU(%x)": {
		"%n = Unary(%x) {fn=neg}; %e = Unary(%n) {fn=exp}; %f = Add(%e, 1); %y = Binary(%x, %f) {fn=div}",
	},
	"HardSwish(%x)": {
		"%a = Add(%x, 3); %b = Clip(%a, 0, 6); %c = Binary(%x, %b) {fn=mul}; %y = Binary(%c, 6) {fn=div}",
		"%a = HardSigmoid(%x) {alpha=0.16666667 beta=0.5}; %y = Binary(%a, %x) {fn=mul}",
	},
	"HardSigmoid(%x) {alpha=0.16666667}": {
		"%a = Binary(%x, 6) {fn=div}; %b = Add(%a, 0.5); %y = Clip(%b, 0, 1)",
	},
	"Sigmoid(%x)": {
		"%n = Unary(%x) {fn=neg}; %e = Unary(%n) {fn=exp}; %f = Add(%e, 1); %y = Unary(%f) {fn=reciprocal}",
		"%h = Binary(%x, 2) {fn=div}; %t = Tanh(%h); %f = Add(%t, 1); %y = Binary(%f, 0.5) {fn=mul}",
	},
	"Tanh(%x)": {
		"%d = Add(%x, %x); %s = Sigmoid(%d); %e = Binary(2, %s) {fn=mul}; %y = Binary(%e, 1) {fn=sub}",
	},
}

// spelled makes a graph of nodes with numbers in place of constants; prefix are nodes before
// %x.
func spelled(t *testing.T, prefix, nodes string) *ir.Graph {
	t.Helper()
	var constants, lines []string
	for i, node := range strings.Split(prefix+nodes, "; ") {
		head, rest, _ := strings.Cut(node, "(")
		args, tail, _ := strings.Cut(rest, ")")
		in := strings.Split(args, ", ")
		for k, a := range in {
			if !strings.HasPrefix(a, "%") {
				in[k] = fmt.Sprintf("%%k%d.%d", i, k)
				constants = append(constants, fmt.Sprintf("const %s float32[] = {%s}", in[k], a))
			}
		}
		lines = append(lines, head+"("+strings.Join(in, ", ")+")"+tail)
	}
	input := "input %x float32[1,4]"
	if prefix != "" {
		input = "input %z float32[1,4]"
	}
	text := strings.Join(append(append([]string{input}, constants...), lines...), "\n") + "\noutput %y"
	g := parse(t, strings.ReplaceAll(text, "%k", "%const"))
	if err := g.Infer(); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestSpellingsOfCurves: whatever an exporter writes for a curve becomes that curve, and
// nothing before the curve's own argument becomes a part of it.
func TestSpellingsOfCurves(t *testing.T) {
	for want, all := range spellings {
		for _, nodes := range all {
			for _, prefix := range []string{"", "%w = Relu(%z); %x = Binary(%w, 3) {fn=mul}; "} {
				g := spelled(t, prefix, nodes)
				if _, err := fuseActivations(g); err != nil {
					t.Fatal(err)
				}
				text := g.String()
				if !strings.Contains(text, "%y float32[1,4] = "+want) || len(g.Nodes) != 1+strings.Count(prefix, "; ") {
					t.Errorf("%s%s: want %s, got\n%s", prefix, nodes, want, text)
				}
			}
		}
	}
}

// TestLogSigmoid: the logarithm of a logistic function is a softplus, mirrored.
func TestLogSigmoid(t *testing.T) {
	testRewrites(t, "fuse-activations", []rewriteTest{{
		"LogSigmoid",
		`input %x float32[1,2]
%s = Sigmoid(%x)
%y = Unary(%s) "log" {fn=log}
output %y`,
		`input %x float32[1,2]
%y.1 = Unary(%x) "log" {fn=neg}
%y.2 = Unary(%y.1) "log" {fn=softplus}
%y = Unary(%y.2) "log" {fn=neg}
output %y`,
	}})
}

// TestNoCurves: what differs from every curve somewhere stays.
func TestNoCurves(t *testing.T) {
	for _, nodes := range []string{
		// a logistic function that is steeper
		"%a = Binary(%x, 1.702) {fn=mul}; %s = Sigmoid(%a); %y = Binary(%x, %s) {fn=mul}",
		// a curve with bounds far away
		"%s = Sigmoid(%x); %a = Binary(%x, %s) {fn=mul}; %y = Clip(%a, -1, 1000)",
		// a coarse constant
		"%a = Binary(%x, 1.414) {fn=div}; %b = Unary(%a) {fn=erf}; %c = Add(%b, 1); %d = Binary(%x, %c) {fn=mul}; %y = Binary(%d, 0.5) {fn=mul}",
		// twice a curve
		"%a = Unary(%x) {fn=abs}; %y = Add(%a, %a)",
		// affine
		"%a = Binary(%x, 2) {fn=mul}; %y = Add(%a, 1)",
		// a pole where the others are finite
		"%a = Unary(%x) {fn=log}; %b = Unary(%a) {fn=exp}; %y = Unary(%b) {fn=abs}",
	} {
		g := spelled(t, "", nodes)
		before := len(g.Nodes)
		if _, err := fuseActivations(g); err != nil {
			t.Fatal(err)
		}
		last := g.Nodes[len(g.Nodes)-1].Op
		if _, clips := last.(ir.Clip); len(g.Nodes) != before && !clips {
			t.Errorf("%s becomes\n%s", nodes, g)
		}
	}
}

// TestCurvesOfTwoSignals: a gate is no activation, and constants that differ from element to
// element make no curve.
func TestCurvesOfTwoSignals(t *testing.T) {
	testRewrites(t, "fuse-activations", []rewriteTest{{
		"not of one signal",
		`input %x float32[1,2]
input %z float32[1,2]
const %root float32[2] = {1.4142135, 1.5}
const %one float32[] = {1}
const %half float32[] = {0.5}
%a = Binary(%x, %root) {fn=div}
%b = Unary(%a) {fn=erf}
%c = Add(%b, %one)
%d = Binary(%x, %c) {fn=mul}
%e = Binary(%d, %half) {fn=mul}
%s = Sigmoid(%z)
%g = Binary(%x, %s) {fn=mul}
output %e, %g`, "",
	}})
}
