package onnx_test

import (
	"bytes"
	"strings"
	"testing"

	"ann2snn/export/onnx"
	"ann2snn/export/target"
	"ann2snn/internal/snntest"
	"ann2snn/snn"
)

// small is a network of a dense layer with two neurons.
func small() *snn.Network {
	return &snn.Network{Steps: 1, Rho: 1, Integer: true, Output: 1, Layers: []snn.Layer{
		{Name: "input", Op: snn.Input{Levels: 127}, Shape: snn.Shape{H: 1, W: 1, C: 2}, Scale: []float32{1}},
		{
			Name: "dense", In: []int{0}, Shape: snn.Shape{H: 1, W: 1, C: 2}, Scale: []float32{5}, Unit: []float32{1, 1},
			Op:     snn.Dense{W: snn.Weights{Q: []int8{1, 2, 3, 4}, IntBias: []int32{0, 0}}},
			Neuron: &snn.Neuron{Format: snn.Format{M: 4}, IntThreshold: []int32{5, 5}, Threshold: []float32{5, 5}},
		},
	}}
}

func TestCheck(t *testing.T) {
	if err := small().Verify(); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		form  *target.Target
		spoil func(n *snn.Network)
		layer string
		what  string // empty: nothing is lost
		fatal bool
	}{
		"float":                  {onnx.Float, func(*snn.Network) {}, "", "", false},
		"QDQ":                    {onnx.QDQ, func(*snn.Network) {}, "", "", false},
		"float network":          {onnx.Float, func(n *snn.Network) { n.Integer = false }, "", "computes with float32", true},
		"steps":                  {onnx.QDQ, func(n *snn.Network) { n.Steps = 3 }, "", "one time step, the network has 3", true},
		"mode":                   {onnx.Float, func(n *snn.Network) { n.Restim = 99 }, "", "mode unknown (99)", true},
		"activation":             {onnx.Float, func(n *snn.Network) { n.Layers[1].Neuron.Act.Fn = 99 }, "dense", "activation 99", true},
		"host":                   {onnx.Float, func(n *snn.Network) { n.Host = []snn.HostOp{{Name: "top", Fn: 99}} }, "top", "the host operator unknown (99)", true},
		"exponential function":   {onnx.Float, func(n *snn.Network) { n.Layers[1].Neuron.Act.Fn = snn.Tanh }, "dense", "no two runtimes round alike", false},
		"sum beyond float32":     {onnx.Float, func(n *snn.Network) { n.Layers[1].Op.(snn.Dense).W.IntBias[1] = 1 << 24 }, "", "", false},
		"sum beyond it in bytes": {onnx.QDQ, func(n *snn.Network) { n.Layers[1].Op.(snn.Dense).W.IntBias[1] = 1 << 24 }, "", "", false},
		"sum beyond two parts":   {onnx.Float, func(n *snn.Network) { n.Layers[0].Op = snn.Input{Levels: 1 << 22} }, "dense", "even in two parts", false},
		"overflow":               {onnx.Float, func(n *snn.Network) { n.Layers[1].Op.(snn.Dense).W.IntBias[1] = 1<<31 - 1 }, "", "beyond 32 bits", true},
	} {
		t.Run(name, func(t *testing.T) {
			n := small()
			test.spoil(n)
			losses := test.form.Check(n)
			if test.what == "" {
				if len(losses) > 0 {
					t.Errorf("%+v", losses)
				}
				return
			}
			if len(losses) != 1 {
				t.Fatalf("%d losses: %+v", len(losses), losses)
			}
			if l := losses[0]; l.Layer != test.layer || !strings.Contains(l.What, test.what) || l.Fatal != test.fatal || l.Way == "" {
				t.Errorf("%+v", l)
			}
		})
	}
}

// TestRunningMaximum: the sums that MaxPool compares over the steps of fine bit levels.
func TestRunningMaximum(t *testing.T) {
	n := small()
	n.Steps, n.Restim, n.Rho = 6, snn.RestimRefine, 16
	n.Layers[1].Neuron.Format.M = 8
	window := snn.Window{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
	n.Layers = append(n.Layers, snn.Layer{Name: "pool", In: []int{1}, Op: snn.MaxPool{Window: window}, Shape: n.Layers[1].Shape, Scale: []float32{5}})
	n.Output = 2
	for _, l := range onnx.Float.Check(n) {
		if l.Layer == "pool" && strings.Contains(l.What, "sums over the steps") && !l.Fatal {
			return
		}
	}
	t.Error("nothing is said")
}

func TestFiles(t *testing.T) {
	for _, form := range []*target.Target{onnx.Float, onnx.QDQ} {
		c := randomTrials(t, 4, func(s *snntest.Spec) { s.Steps = 1 })[0]
		c.net.Host = []snn.HostOp{{Name: "softmax", Fn: snn.HostSoftmax}}
		o := target.Options{Name: "net", Samples: c.inputs}
		files, err := form.Files(c.net, o)
		if err != nil {
			t.Fatal(err)
		}
		again, err := form.Files(c.net, o)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for i, f := range files {
			names = append(names, f.Name)
			if !bytes.Equal(f.Data, again[i].Data) {
				t.Errorf("%s: other bytes in a second export", f.Name)
			}
			if f.Name == "README.md" && (!strings.Contains(string(f.Data), "after Softmax") || strings.Contains(string(f.Data), "<no value>")) {
				t.Errorf("README.md:\n%s", f.Data)
			}
		}
		want := "net.onnx README.md" +
			" test_data_set_0/input_0.pb test_data_set_0/output_0.pb test_data_set_0/output_1.pb" +
			" test_data_set_1/input_0.pb test_data_set_1/output_0.pb test_data_set_1/output_1.pb"
		if got := strings.Join(names, " "); got != want {
			t.Errorf("files %s, want %s", got, want)
		}
	}
}
