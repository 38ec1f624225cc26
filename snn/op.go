package snn

import "math"

// Op is what a layer does with its inputs. The set is closed: the types of this file.
type Op interface {
	Kind() string
	verify(v *verifier, l *Layer)
}

// Input is the analog input of the network, a constant current. A float network takes
// it as it is; an integer network takes clip(round(x/s), -Levels, Levels), where s is the
// layer's Scale, one for all elements or one per channel. ChannelsFirst says that samples
// arrive in C, H, W order.
//
// With Quantised it takes what a QuantizeLinear of ONNX does: x/s in float32, halves to even,
// held to Low..Levels, Low at most 0.
type Input struct {
	ChannelsFirst bool
	Levels        int32
	Quantised     bool
	Low           int32
}

// Range returns the smallest and the largest level.
func (o Input) Range() (low, high int32) {
	if o.Quantised {
		return o.Low, o.Levels
	}
	return -o.Levels, o.Levels
}

// Level returns the level that an integer network takes for x: the nearest one, halves up, or
// to even with Quantised. scale is the layer's Scale, or its entry for the channel of x.
func (o Input) Level(x, scale float32) int32 {
	low, high := o.Range()
	level := math.Floor(float64(x)/float64(scale) + 0.5)
	if o.Quantised {
		level = math.RoundToEven(float64(x / scale))
	}
	return int32(max(float64(low), min(level, float64(high))))
}

// Window is the geometry of a sliding window over a map, {vertical, horizontal}; Pad is
// top, left, bottom, right. Padding is zero (never the winner in a MaxPool).
type Window struct {
	Kernel, Stride, Dilation [2]int
	Pad                      [4]int
}

// Weights holds a weighted layer's parameters: F and Bias in a float network, Q and
// IntBias in an integer one. The value of one level of the inputs is folded into them.
type Weights struct {
	F       []float32
	Q       []int8
	Bias    []float32 // per output channel; never nil in a float network
	IntBias []int32   // per output channel in Layer.Unit; never nil in an integer one
}

// Conv is a grouped 2-D convolution. Weights are in out, ky, kx, in/Groups order.
type Conv struct {
	Window Window
	Groups int
	W      Weights
}

// Dense connects every input element (H, W, C order) to every output channel of a
// 1 x 1 x C map. Weights are in out, in order.
type Dense struct{ W Weights }

// Sum adds its inputs, each scaled, and a bias: skip connections, affine maps and
// changes of scale. Factors has a list per input, of length 1, C or H*W*C; in an integer
// network Mult stands in its place. Bias or IntBias may be nil, of length C otherwise.
type Sum struct {
	Factors [][]float32
	Mult    [][]int32
	Bias    []float32
	IntBias []int32
}

// SumPool adds the levels in each window, channel by channel; an average pool is a
// SumPool whose Layer.Scale holds the divisor.
type SumPool struct{ Window Window }

// MaxPool is the maximum of each window, channel by channel, of spikes. With several
// steps it emits the increment of the maximum of the running sums.
type MaxPool struct{ Window Window }

// Concat joins its inputs along the channels.
type Concat struct{}

// Gather moves elements: output element i is input element Index[i], or 0 where the
// index is negative. It stands for Reshape, Transpose, Slice, Pad and the like.
type Gather struct{ Index []int32 }

// Product multiplies two inputs element by element. An input may have one element where the
// output has several, along any of H, W and C: it counts for all of them. With A and B the
// sums of the inputs' levels in the steps 1 to t, in units of step t (as Restim has them),
// and a and b the levels of step t, the current of step t is
//
//	Parts / Rho^(t-1) * (A*b + a*B - a*b)
//
// so that the currents of all steps add up to Parts times the product of both sums, exactly.
// Parts is a multiple of Rho^(Steps-1), which makes every current a whole number. A float
// network has Factor in its place, of length 1, C or H*W*C; its Parts are 0.
type Product struct {
	Factor []float32
	Parts  int32
}

// The kinds, for reports and the codec.
func (Input) Kind() string   { return "Input" }
func (Conv) Kind() string    { return "Conv" }
func (Dense) Kind() string   { return "Dense" }
func (Sum) Kind() string     { return "Sum" }
func (SumPool) Kind() string { return "SumPool" }
func (MaxPool) Kind() string { return "MaxPool" }
func (Concat) Kind() string  { return "Concat" }
func (Gather) Kind() string  { return "Gather" }
func (Product) Kind() string { return "Product" }
