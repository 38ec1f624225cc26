package snn_test

import "ann2snn/snn"

// vector returns a network with every operator, in either arithmetic.
func vector(integer bool) *snn.Network {
	v := vectorBuilder{&snn.Network{
		Steps: 3, Restim: snn.RestimRefine, Rho: 2, Integer: integer, Output: 9,
		Host: []snn.HostOp{{Name: "probabilities", Fn: snn.HostSoftmax}},
		Meta: snn.Meta{
			Model: "vector.onnx", SHA256: "00ff", Labels: []string{"cat", "", "dog"},
			Preprocess: []byte(`{"scale":1}`), Record: []byte(`{"bits":3}`),
		},
	}}
	square := snn.Shape{H: 4, W: 4, C: 2}
	input := snn.Layer{Name: "x", Op: snn.Input{ChannelsFirst: true}, Shape: square}
	if integer {
		input.Op, input.Scale = snn.Input{ChannelsFirst: true, Levels: 127}, []float32{0.0625}
	}
	v.add(input)
	conv := snn.Window{Kernel: [2]int{3, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Pad: [4]int{1, 1, 1, 1}}
	v.neurons("conv", []int{0}, square, snn.Conv{Window: conv, Groups: 2, W: v.weights(18, 2)}, snn.Activation{})
	v.neurons("skip", []int{1, 0}, square, v.sum(2), snn.Activation{Fn: snn.PRelu, Slope: []float32{0.5, -1}})
	v.moved("max", []int{2}, snn.Shape{H: 2, W: 2, C: 2}, snn.MaxPool{Window: halves()}, 0.5)
	v.moved("average", []int{2}, snn.Shape{H: 2, W: 2, C: 2}, snn.SumPool{Window: halves()}, 0.125)
	v.moved("join", []int{3, 3}, snn.Shape{H: 2, W: 2, C: 4}, snn.Concat{}, 0.5)
	v.moved("flatten", []int{5}, snn.Shape{H: 1, W: 1, C: 6}, snn.Gather{Index: []int32{15, 3, -1, 0, 7, 7}}, 0.5)
	v.neurons("clip", []int{4}, snn.Shape{H: 2, W: 2, C: 2}, v.sum(1), snn.Activation{Fn: snn.Clip, B: 6})
	v.neurons("fc1", []int{6}, snn.Shape{H: 1, W: 1, C: 2}, snn.Dense{W: v.weights(12, 2)}, snn.Activation{Fn: snn.Linear})
	v.current("fc2", []int{8}, snn.Shape{H: 1, W: 1, C: 3}, snn.Dense{W: v.weights(6, 3)})
	return v.net
}

func halves() snn.Window {
	return snn.Window{Kernel: [2]int{2, 2}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}}
}

type vectorBuilder struct{ net *snn.Network }

func (v vectorBuilder) add(l snn.Layer) {
	l.ANNValue, l.ANNCurrent = l.Name+".out", l.Name+".in"
	v.net.Layers = append(v.net.Layers, l)
}

func (v vectorBuilder) moved(name string, in []int, s snn.Shape, op snn.Op, scale float32) {
	v.add(snn.Layer{Name: name, In: in, Shape: s, Op: op, Scale: []float32{scale}})
}

func (v vectorBuilder) current(name string, in []int, s snn.Shape, op snn.Op) {
	v.add(v.withUnit(snn.Layer{Name: name, In: in, Shape: s, Op: op}))
}

func (v vectorBuilder) neurons(name string, in []int, s snn.Shape, op snn.Op, act snn.Activation) {
	n := &snn.Neuron{Format: snn.Format{M: 1, N: 2}, Act: act, Signed: act.Fn != snn.Rectify}
	for range s.C {
		n.Threshold = append(n.Threshold, 0.5)
		if v.net.Integer {
			n.IntThreshold = append(n.IntThreshold, 8)
		}
	}
	v.add(v.withUnit(snn.Layer{Name: name, In: in, Shape: s, Op: op, Neuron: n, Scale: []float32{0.5}}))
}

func (v vectorBuilder) withUnit(l snn.Layer) snn.Layer {
	for range l.Shape.C {
		if v.net.Integer {
			l.Unit = append(l.Unit, 0.0625)
		}
	}
	return l
}

func (v vectorBuilder) weights(n, out int) snn.Weights {
	var w snn.Weights
	for i := range n {
		if v.net.Integer {
			w.Q = append(w.Q, int8(7*i%23-11))
		} else {
			w.F = append(w.F, float32(7*i%23-11)/8)
		}
	}
	for i := range out {
		if v.net.Integer {
			w.IntBias = append(w.IntBias, int32(i-1))
		} else {
			w.Bias = append(w.Bias, float32(i-1)/2)
		}
	}
	return w
}

func (v vectorBuilder) sum(inputs int) snn.Sum {
	var s snn.Sum
	for i := range inputs {
		if v.net.Integer {
			s.Mult = append(s.Mult, []int32{int32(3 - i), int32(i + 1)})
		} else {
			s.Factors = append(s.Factors, []float32{0.5, float32(i) - 0.25})
		}
	}
	if v.net.Integer {
		s.IntBias = []int32{1, -4}
	} else {
		s.Bias = []float32{0.25, -1}
	}
	return s
}
