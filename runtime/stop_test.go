package runtime_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"ann2snn/runtime"
	"ann2snn/snn"
)

// patient is a context that ends when it has been asked so many times.
type patient struct {
	context.Context
	questions atomic.Int64
}

func (p *patient) Err() error {
	if p.questions.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestLongLayersStop: a layer of 2^32 additions, which a file of some kilobytes can ask for,
// asks its context in the middle, in both engines and whatever operator it has.
func TestLongLayersStop(t *testing.T) {
	t.Parallel()
	const side = 256
	window := snn.Window{Kernel: [2]int{side, side}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Pad: [4]int{side / 2, side / 2, side/2 - 1, side/2 - 1}}
	for name, op := range map[string]func(integer bool) snn.Op{
		"Conv": func(integer bool) snn.Op {
			return snn.Conv{Window: window, Groups: 1, W: ones(integer, 4*side*side, 2)}
		},
		"depthwise": func(integer bool) snn.Op {
			return snn.Conv{Window: window, Groups: 2, W: ones(integer, 2*side*side, 2)}
		},
		"SumPool": func(bool) snn.Op { return snn.SumPool{Window: window} },
		"MaxPool": func(bool) snn.Op { return snn.MaxPool{Window: window} },
	} {
		for _, integer := range []bool{false, true} {
			plan, err := runtime.Compile(t.Context(), long(op(integer), integer, snn.Shape{H: side, W: side, C: 2}))
			if err != nil {
				t.Fatalf("%s, integer %v: %v", name, integer, err)
			}
			for _, o := range []runtime.SessionOptions{{}, {Threads: 2}, {Trace: true}} {
				ctx := &patient{Context: t.Context()}
				ctx.questions.Store(20) // more than there are looks between layers
				s := plan.NewSession(o)
				_, err := s.Run(ctx, make([]float32, plan.OutLen()), slices.Repeat([]float32{1}, plan.InLen()))
				s.Close()
				if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), `"long"`) {
					t.Errorf("%s, integer %v, %+v: %v", name, integer, o, err)
				}
			}
		}
	}
}

// long is a network of an input, neurons and a layer that reads them.
func long(op snn.Op, integer bool, shape snn.Shape) *snn.Network {
	neurons := &snn.Neuron{Format: snn.Format{M: 1, N: 3}, Threshold: []float32{1, 1}, Act: snn.Activation{Fn: snn.Rectify}}
	n := &snn.Network{Steps: 1, Restim: snn.RestimNone, Rho: 1, Integer: integer, Output: 2, Layers: []snn.Layer{
		{Name: "x", Op: snn.Input{}, Shape: shape},
		{Name: "spikes", Op: snn.Sum{Factors: [][]float32{{1}}}, In: []int{0}, Shape: shape, Neuron: neurons, Scale: []float32{1}},
		{Name: "long", Op: op, In: []int{1}, Shape: shape},
	}}
	if integer {
		neurons.IntThreshold = []int32{1, 1}
		n.Layers[0].Op, n.Layers[0].Scale = snn.Input{Levels: 15}, []float32{1}
		n.Layers[1].Op, n.Layers[1].Unit = snn.Sum{Mult: [][]int32{{1}}}, []float32{1, 1}
	}
	switch op.(type) {
	case snn.Conv:
		if integer {
			n.Layers[2].Unit = []float32{1, 1}
		}
	default:
		n.Layers[2].Scale = []float32{1}
	}
	return n
}

// ones are weights and biases.
func ones(integer bool, n, channels int) snn.Weights {
	if integer {
		return snn.Weights{Q: slices.Repeat([]int8{1}, n), IntBias: make([]int32, channels)}
	}
	return snn.Weights{F: slices.Repeat([]float32{1}, n), Bias: make([]float32, channels)}
}
