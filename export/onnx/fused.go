package onnx

import (
	"math"
	"slices"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/snn"
)

// fused writes layer i on bytes if it can: a product with weights between
// DequantizeLinear and QuantizeLinear. It returns false where the layer needs float32,
// and notes why for layers of products.
func (w *writer) fused(i int) bool {
	l := w.layer
	var p *integerProduct
	switch op := l.Op.(type) {
	case snn.Conv:
		p = &integerProduct{weights: w.convWeights(&op), dims: w.convDims(&op), bias: op.W.IntBias}
		p.attributes = append(window(&op.Window), onnxfile.Int("group", int64(op.Groups)))
	case snn.Dense:
		p = &integerProduct{weights: w.denseWeights(&op), dims: w.denseDims(), bias: op.W.IntBias, dense: true}
		p.attributes = []*pb.AttributeProto{onnxfile.Int("transB", 1)}
	default:
		return false
	}
	w.at(1)
	in := w.output(l.In[0], 1)
	if why := w.obstacle(i, in, p); why != "" {
		w.ways = append(w.ways, way{Layer: l.Name, Why: why})
		return false
	}
	w.ways = append(w.ways, way{Layer: l.Name, Bytes: true})
	w.out[i] = []*value{w.onIntegers(in, p)}
	return true
}

// integerProduct is a layer of weights that is computed on bytes.
type integerProduct struct {
	weights    []int8 // in ONNX's order
	dims       []int64
	bias       []int32
	dense      bool
	attributes []*pb.AttributeProto
	low, most  int64         // the smallest level, and how far the largest is above it
	rounding   []requantiser // by channel
	zero       byte          // of the levels, where they are rounded before that is added
}

// obstacle says why layer i cannot be computed on bytes; empty if it can. It finds the
// rounding.
func (w *writer) obstacle(i int, in *value, p *integerProduct) string {
	n := w.layer.Neuron
	switch {
	case n == nil:
		return "no neurons of its own turn its sums into levels"
	case !n.Act.Fn.Integrates() && n.Act.Fn != snn.Quantise:
		return "its activation is not integrate-and-fire"
	case !in.fits():
		return "its inputs need more than a byte"
	}
	f := &w.facts[i]
	p.low, p.most = f.Low, f.High-f.Low
	if p.most > 255 {
		return "its levels need more than a byte"
	}
	if n.Act.Fn == snn.Quantise {
		p.zero = byte(-p.low)
		for _, ratio := range ratios(w.layer) {
			p.rounding = append(p.rounding, requantiser{scale: ratio})
		}
		return ""
	}
	for _, theta := range n.IntThreshold {
		if f.Membrane-f.Low*int64(theta) >= math.MaxInt32 {
			return "its sums need more than 32 bits"
		}
		r, ok := newRequantiser(theta, int(p.most))
		if !ok {
			return "float32 cannot round its sums exactly"
		}
		p.rounding = append(p.rounding, r)
	}
	return ""
}

// onIntegers writes the pattern. Levels are bytes above the smallest level, which goes into
// the bias.
func (w *writer) onIntegers(in *value, p *integerProduct) *value {
	x := w.bytes(in)
	if p.dense {
		x = w.node("flat", "Flatten", []string{x}, onnxfile.Int("axis", 1))
	}
	x = w.node("input", "DequantizeLinear", []string{x, w.scalar(1), w.byteScalar(in.zero())})
	scales := w.scales(p)
	inputs := []string{x, w.quantisedWeights(in, p, scales), w.quantisedBias(p, scales)}
	op := "Conv"
	if p.dense {
		op = "Gemm"
	}
	x = w.node("product", op, inputs, p.attributes...)
	x = w.node("levels", "QuantizeLinear", []string{x, w.scalar(1), w.byteScalar(p.zero)})
	if p.most < 255 {
		x = w.node("spikes", "Clip", []string{x, w.byteScalar(0), w.byteScalar(byte(p.most))})
	}
	if p.dense {
		x = w.reshape(x, 1, int64(w.layer.Shape.C), 1, 1)
	}
	return &value{shape: w.layer.Shape, low: p.low, high: p.low + p.most, bytes: x}
}

// scales adds the scales of a product, one per channel.
func (w *writer) scales(p *integerProduct) string {
	scales := make([]float32, len(p.rounding))
	for c, r := range p.rounding {
		scales[c] = r.scale
	}
	return w.Constant(onnxfile.Floats(w.layerName+"/scale", scales, int64(len(scales))))
}

// quantisedWeights adds the weights as int8, or as uint8 around 128 where a kernel for
// int8 might saturate.
func (w *writer) quantisedWeights(in *value, p *integerProduct, scales string) string {
	c := int64(len(p.rounding))
	weights := onnxfile.Int8s(w.layerName+"/int8", p.weights, p.dims...)
	zeros := onnxfile.Int8s(w.layerName+"/zero", make([]int8, c), c)
	if saturates(in, p) {
		raw := make([]byte, len(p.weights))
		for i, x := range p.weights {
			raw[i] = byte(int(x) + 128)
		}
		weights = onnxfile.Bytes(w.layerName+"/uint8", raw, p.dims...)
		zeros = onnxfile.Bytes(w.layerName+"/zero", slices.Repeat([]byte{128}, int(c)), c)
	}
	parameters := []string{w.Constant(weights), scales, w.Constant(zeros)}
	return w.Node(w.layerName+"/weights", "DequantizeLinear", parameters, onnxfile.Int("axis", 0))
}

// saturates reports whether the sum of two products of a byte and a weight may leave 16
// bits. Kernels for x86 without VNNI add pairs with saturation if weights are int8.
func saturates(in *value, p *integerProduct) bool {
	fan := len(p.weights) / len(p.rounding)
	largest := int(in.high - in.low)
	for row := range slices.Chunk(p.weights, fan) {
		high, second := 0, 0 // the two largest weights
		low, lower := 0, 0   // the two smallest
		for _, q := range row {
			x := int(q)
			high, second = max(high, x), max(second, min(high, x))
			low, lower = min(low, x), min(lower, max(low, x))
		}
		if largest*(high+second) > math.MaxInt16 || largest*(low+lower) < math.MinInt16 {
			return true
		}
	}
	return false
}

// quantisedBias adds the bias as int32, with what moves the smallest level to 0 and what
// rounding asks for.
func (w *writer) quantisedBias(p *integerProduct, scales string) string {
	bias := make([]int32, len(p.bias))
	for c, b := range p.bias {
		bias[c] = b + p.rounding[c].shift
		if p.zero == 0 {
			bias[c] -= int32(p.low) * w.layer.Neuron.IntThreshold[c]
		}
	}
	c := int64(len(bias))
	in := []string{
		w.Constant(onnxfile.Int32s(w.layerName+"/int32", bias, c)), scales,
		w.Constant(onnxfile.Int32s(w.layerName+"/biaszero", make([]int32, c), c)),
	}
	return w.Node(w.layerName+"/bias", "DequantizeLinear", in, onnxfile.Int("axis", 0))
}
