package convert

import (
	"context"
	"errors"
	"strings"
	"testing"

	"ann2snn/convert/internal/nettest"
)

func TestUnsupportedNodesAreListedTogether(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, `
input %x float32[1,3]
const %w float32[3,3] = ramp(-0.5, 0.1)
%a = Binary(%x, %x) "power" {fn=pow}
%b = MatMul(%a, %w) "fc"
%c = Relu(%b) "relu"
%d = Unary(%c) "whole" {fn=floor}
output %d`)
	_, _, err := Lower(context.Background(), g, nil, Options{Steps: 1})
	var e *UnsupportedError
	if !errors.As(err, &e) || len(e.Nodes) != 2 {
		t.Fatalf("error %v", err)
	}
	want := "convert: 2 nodes cannot be converted:\n" +
		"  Binary \"power\": a power of which the exponent depends on the input is not an activation of neurons\n" +
		"  Unary \"whole\": floor is neither linear in spikes nor an activation of neurons"
	if err.Error() != want {
		t.Errorf("error\n%v\nwant\n%v", err, want)
	}
}

func TestNothingSpikes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"input %x float32[1,3]\nconst %w float32[3,3] = ramp(-0.5, 0.1)\n%y = MatMul(%x, %w) \"fc\"\noutput %y",
		"input %x float32[1,3]\n%y = Softmax(%x) \"prob\" {axis=1}\noutput %y",
		"input %x float32[1,3]\nconst %y float32[1,3] = ramp(-0.5, 0.1)\noutput %y",
	} {
		if _, err := Sites(t.Context(), nettest.Parse(t, text)); !errors.Is(err, errNothingSpikes) {
			t.Errorf("error %v for\n%s", err, text)
		}
	}
}

func TestSitesOfTwoInputs(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, `
input %x float32[1,3]
input %y float32[1,3]
%z = Add(%x, %y) "add"
output %z`)
	if _, err := Sites(t.Context(), g); err == nil || !strings.Contains(err.Error(), "needs one input") {
		t.Errorf("error %v", err)
	}
}

// TestClassify: classes of nodes and of operators have the names that are documented.
func TestClassify(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	classes := map[string]string{}
	for i, c := range Classify(t.Context(), g) {
		if c.Node != i || c.Op != g.Nodes[i].Op.Kind() {
			t.Errorf("node %d is %+v", i, c)
		}
		classes[c.Name] = c.Class
	}
	for name, want := range map[string]string{"conv0": "linear", "relu0": "spiking", "max": "spiking", "bottleneck": "spiking", "fc": "linear"} {
		if classes[name] != want {
			t.Errorf("%s is %s, want %s", name, classes[name], want)
		}
	}
	for kind, want := range map[string]string{"Conv": "linear", "Relu": "spiking", "Softmax": "host", "Where": "unsupported"} {
		if class, ok := ClassOf(kind); class != want || ok != (want != "unsupported") {
			t.Errorf("%s is %s, %v, want %s", kind, class, ok, want)
		}
	}
}
