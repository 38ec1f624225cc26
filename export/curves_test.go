package export_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// curved are nodes that compute a curve of %c, as exporters write them.
var curved = map[string]string{
	"GELU of opset 20":      `%r = Unary(%c) {fn=gelu}`,
	"GELU by tanh":          `%r = Unary(%c) {fn=gelutanh}`,
	"Mish":                  `%r = Unary(%c) {fn=mish}`,
	"Softplus":              `%r = Unary(%c) {fn=softplus}`,
	"Softsign":              `%r = Unary(%c) {fn=softsign}`,
	"Abs":                   `%r = Unary(%c) {fn=abs}`,
	"Erf":                   `%r = Unary(%c) {fn=erf}`,
	"SELU":                  `%r = Selu(%c)`,
	"CELU":                  `%r = Celu(%c) {alpha=0.5}`,
	"ELU":                   `%r = Elu(%c)`,
	"ThresholdedRelu":       `%r = ThresholdedRelu(%c) {alpha=0.1}`, // a rounding may take the step or not
	"HardSwish":             `%r = HardSwish(%c)`,
	"LogSigmoid":            "%s = Sigmoid(%c)\n%r = Unary(%s) {fn=log}",
	"Mish taken apart":      "%s = Unary(%c) {fn=softplus}\n%t = Tanh(%s)\n%r = Binary(%c, %t) {fn=mul}",
	"Softsign taken apart":  "%s = Unary(%c) {fn=abs}\n%t = Add(%s, %one)\n%r = Binary(%c, %t) {fn=div}",
	"HardSwish taken apart": "%s = Add(%c, %three)\n%t = Clip(%s, %zero, %six)\n%u = Binary(%c, %t) {fn=mul}\n%r = Binary(%u, %six) {fn=div}",
	"Exp":                   "%s = Relu(%c)\n%t = Unary(%s) {fn=neg}\n%r = Unary(%t) {fn=exp}",
	"Log":                   "%s = Unary(%c) {fn=abs}\n%t = Add(%s, %half)\n%r = Unary(%t) {fn=log}",
	"Sqrt":                  "%s = Relu(%c)\n%t = Add(%s, %one)\n%r = Unary(%t) {fn=sqrt}",
	"Reciprocal":            "%s = Unary(%c) {fn=softplus}\n%t = Add(%s, %half)\n%r = Binary(%three, %t) {fn=div}",
	"reciprocal root":       "%s = Binary(%c, %c) {fn=mul}\n%t = Add(%s, %half)\n%u = Unary(%t) {fn=sqrt}\n%r = Binary(%c, %u) {fn=div}",
	"square":                "%r = Binary(%c, %two) {fn=pow}",
	"cube":                  "%s = Tanh(%c)\n%r = Binary(%s, %three) {fn=pow}",
	"root by a power":       "%s = Relu(%c)\n%r = Binary(%s, %half) {fn=pow}",
	"power of 1.41":         "%s = Relu(%c)\n%r = Binary(%s, %root) {fn=pow}",
	"GELU, steeper":         "%s = Binary(%c, %coarse) {fn=div}\n%t = Unary(%s) {fn=erf}\n%u = Add(%t, %one)\n%r = Binary(%c, %u) {fn=mul}",
	"GELU taken apart": "%s = Binary(%c, %root) {fn=div}\n%t = Unary(%s) {fn=erf}\n%u = Add(%t, %one)\n%v = Binary(%c, %u) {fn=mul}\n" +
		"%r = Binary(%v, %half) {fn=mul}",
}

// local are the values of curved that are not constants.
var local = regexp.MustCompile(`%([crstuv])\b`)

// around is a network of layers before, between and behind curves.
func around(first, second string) string {
	return `
input %x float32[1,3,6,5]
const %w1 float32[8,3,3,3] = fill(0)
const %w2 float32[8,8,3,3] = fill(0)
const %w3 float32[6,8] = fill(0)
const %zero float32[] = {0}
const %half float32[] = {0.5}
const %one float32[] = {1}
const %two float32[] = {2}
const %coarse float32[] = {1.40625}
const %root float32[] = {1.4142135}
const %three float32[] = {3}
const %six float32[] = {6}
%c = Conv(%x, %w1) {pads=[1,1,1,1]}
` + first + `
%second.c = Conv(%r, %w2)
` + second + `
%g = GlobalAveragePool(%second.r)
%f = Flatten(%g) {axis=1}
%y = Gemm(%f, %w3) {alpha=1 beta=1 transB=true}
output %y`
}

// TestCurves converts networks in which two layers have a curve. With analog neurons they
// answer as the trained network does; as integer networks they stay close to it.
func TestCurves(t *testing.T) {
	t.Parallel()
	for name, nodes := range curved {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			converted(t, around(nodes, local.ReplaceAllString(nodes, "%second.$1")))
		})
	}
}

// TestCurvesInTargets converts a network of all curves side by side: every target with a
// consumer answers as runtime does.
func TestCurvesInTargets(t *testing.T) {
	t.Parallel()
	var nodes, results []string
	for k, name := range slices.Sorted(maps.Keys(curved)) {
		one := local.ReplaceAllString(curved[name], fmt.Sprintf("%%in%d.$1", k))
		nodes = append(nodes, strings.ReplaceAll(one, fmt.Sprintf("%%in%d.c", k), "%c"))
		results = append(results, fmt.Sprintf("%%in%d.r", k))
	}
	text := around(strings.Join(nodes, "\n")+"\n%all = Concat("+strings.Join(results, ", ")+") {axis=1}\n%r = Conv(%all, %w4)", "%second.r = Relu(%second.c)")
	throughTargets(t, strings.Replace(text, "const %w1", fmt.Sprintf("const %%w4 float32[8,%d,1,1] = fill(0)\nconst %%w1", 8*len(nodes)), 1))
}
