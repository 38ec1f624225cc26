package passes

import (
	"fmt"
	"math"
	"slices"

	"ann2snn/ir"
)

// resize makes every output element a weighted sum of input elements: of one for nearest,
// of two per axis for linear, of four for cubic. The elements are gathered, the weights are
// constants, so that a spiking network needs one sum, whose factors are exact, and no
// neurons. A convolution per phase with a shuffle behind it takes fewer constants, but its
// weights are rounded to int8, it takes spikes only, and it knows no scale that is not whole.
func (e *expansion) resize(op ir.Resize) ir.ValueID {
	axes, err := op.Resolve(e.types(e.node))
	if err != nil {
		e.fail(err)
		return ir.None
	}
	terms := []resizeTerm{{value: e.input(0)}}
	inside := make([][]float64, len(axes)) // per axis: 1 for positions that are not extrapolated
	for a, r := range axes {
		if r.Scale == 1 && r.Out == r.In && op.Coordinates != "tf_crop_and_resize" {
			terms = e.spread(terms, a, nil)
			continue
		}
		if r.Out > spareElements {
			e.fail(fmt.Errorf("axis %d becomes more than %d long (export the model for smaller inputs)", a, spareElements))
			return ir.None
		}
		var taps []tap
		taps, inside[a] = axisTaps(op, r)
		if len(taps) == 1 && taps[0].copies(r.In) {
			taps = nil
		}
		terms = e.spread(terms, a, taps)
	}
	sum := ir.None
	for _, t := range terms {
		if !slices.ContainsFunc(t.weights, varies) {
			// every weight is 1
		} else if weight := e.outer(t.weights); weight != nil {
			t.value = e.add(ir.Binary{Fn: ir.Mul}, t.value, e.constant(weight))
		}
		if sum == ir.None {
			sum = t.value
		} else {
			sum = e.add(ir.Add{}, sum, t.value)
		}
	}
	if op.Extrapolation == 0 || !slices.ContainsFunc(inside, varies) {
		return sum
	}
	if mask := e.outer(inside); mask != nil {
		for i, in := range mask.F {
			mask.F[i] = (1 - in) * op.Extrapolation
		}
		sum = e.add(ir.Add{}, sum, e.constant(mask))
	}
	return sum
}

// A resizeTerm is gathered elements of the input and, per axis, the weights of positions;
// nil where all are 1.
type resizeTerm struct {
	value   ir.ValueID
	weights [][]float64
}

// spread gathers, for each term and tap, along an axis; no taps leave the axis as it is.
func (e *expansion) spread(terms []resizeTerm, axis int, taps []tap) []resizeTerm {
	var wider []resizeTerm
	for _, t := range terms {
		if taps == nil {
			wider = append(wider, resizeTerm{t.value, append(slices.Clone(t.weights), nil)})
		}
		for _, p := range taps {
			gathered := e.add(ir.Gather{Axis: axis}, t.value, e.ints(p.from...))
			wider = append(wider, resizeTerm{gathered, append(slices.Clone(t.weights), p.weight)})
		}
	}
	return wider
}

// varies reports whether weights are other than 1; nil are not.
func varies(weights []float64) bool {
	return slices.ContainsFunc(weights, func(w float64) bool { return w != 1 })
}

// outer is the outer product of weights along the axes.
func (e *expansion) outer(weights [][]float64) *ir.Tensor {
	product, shape := []float64{1}, make([]int, len(weights))
	for a, list := range weights {
		if shape[a] = 1; !varies(list) {
			continue
		}
		shape[a] = len(list)
		if len(list) > spareElements/len(product) {
			e.fail(fmt.Errorf("it interpolates more than %d positions (export the model for smaller inputs)", spareElements))
			return nil
		}
		next := make([]float64, 0, len(product)*len(list))
		for _, p := range product {
			for _, w := range list {
				next = append(next, p*w)
			}
		}
		product = next
	}
	t := ir.Floats(make([]float32, len(product)), shape...)
	for i, p := range product {
		t.F[i] = float32(p)
	}
	return t
}

// A tap is, for each position of the output along an axis, an element of the input and its
// weight.
type tap struct {
	from   []int
	weight []float64
}

// copies reports whether the tap is an axis of a length as it is.
func (p tap) copies(length int) bool {
	if len(p.from) != length || varies(p.weight) {
		return false
	}
	for i, from := range p.from {
		if i != from {
			return false
		}
	}
	return true
}

// axisTaps returns the taps of an axis that count anywhere, and 1 per position that is not
// extrapolated, nil where none is.
func axisTaps(op ir.Resize, r ir.ResizedAxis) (taps []tap, inside []float64) {
	first, weights := -1, func(float64) []float64 { return []float64{1} }
	switch op.Mode {
	case "linear":
		first, weights = 0, func(part float64) []float64 { return []float64{1 - part, part} }
	case "cubic":
		weights = func(part float64) []float64 { return cubicWeights(part, float64(op.CubicA)) }
	}
	for o := range r.Out {
		x := position(op, r, o)
		if op.Coordinates == "tf_crop_and_resize" {
			if inside == nil {
				inside = slices.Repeat([]float64{1}, r.Out)
			}
			if x < 0 || x > float64(r.In-1) {
				inside[o] = 0
			}
		}
		whole := math.Floor(x)
		start, w := int(whole)+first, weights(x-whole)
		if op.Mode == "nearest" {
			start = nearest(op.Nearest, x, r.Scale)
		}
		if op.ExcludeOutside {
			excludeOutside(w, start, r.In)
		}
		for len(taps) < len(w) {
			taps = append(taps, tap{make([]int, r.Out), make([]float64, r.Out)})
		}
		for k := range w {
			taps[k].from[o] = max(0, min(start+k, r.In-1))
			taps[k].weight[o] = w[k]
			if inside != nil {
				taps[k].weight[o] *= inside[o]
			}
		}
	}
	counting := slices.DeleteFunc(slices.Clone(taps), func(p tap) bool {
		return slices.Min(p.weight) == 0 && slices.Max(p.weight) == 0
	})
	if len(counting) == 0 { // all is extrapolated
		counting = taps[:1]
	}
	return counting, inside
}

// cubicWeights are those of Keys' kernel for the elements before, at, after and beyond a
// position.
func cubicWeights(part, a float64) []float64 {
	near := func(x float64) float64 { return ((a+2)*x-(a+3))*x*x + 1 }
	far := func(x float64) float64 { return ((a*x-5*a)*x+8*a)*x - 4*a }
	return []float64{far(part + 1), near(part), near(1 - part), far(2 - part)}
}

// excludeOutside leaves out elements that do not exist and makes up for them.
func excludeOutside(w []float64, start, length int) {
	sum := 0.0
	for k := range w {
		if start+k < 0 || start+k >= length {
			w[k] = 0
		}
		sum += w[k]
	}
	for k := range w {
		w[k] /= sum
	}
}

// position is where position o of the output lies in the input. Where it is rounded to the
// nearest element it is computed in float32, as other runtimes do: a tie must not depend on
// more digits.
func position(op ir.Resize, r ir.ResizedAxis, o int) float64 {
	if op.Mode == "nearest" {
		return float64(coordinate[float32](op.Coordinates, r, float32(o)))
	}
	return coordinate[float64](op.Coordinates, r, float64(o))
}

func coordinate[T float32 | float64](mode string, r ir.ResizedAxis, o T) T {
	scale, in, out := T(r.Scale), T(r.In), T(r.Out)
	switch mode {
	case "pytorch_half_pixel":
		if out <= 1 {
			return 0
		}
	case "asymmetric":
		return o / scale
	case "tf_half_pixel_for_nn":
		return (o + 0.5) / scale
	case "half_pixel_symmetric":
		return in/2*(1-out/(scale*in)) + (o+0.5)/scale - 0.5
	case "align_corners":
		width := scale * in // which may be a fraction
		if math.Abs(float64(width-out)) < 1e-4 {
			width = out
		}
		if width == 1 {
			return 0
		}
		return o * (in - 1) / (width - 1)
	case "tf_crop_and_resize":
		start, end := T(r.Start), T(r.End)
		if out <= 1 {
			return 0.5 * (start + end) * (in - 1)
		}
		return start*(in-1) + o*(end-start)*(in-1)/(out-1)
	}
	return (o+0.5)/scale - 0.5
}

// nearest is the element that a position is rounded to.
func nearest(mode string, x, scale float64) int {
	switch mode {
	case "floor":
		return int(math.Floor(x))
	case "ceil":
		return int(math.Ceil(x))
	case "round_prefer_ceil":
		return int(math.Floor(x + 0.5))
	case "simple":
		if scale < 1 {
			return int(math.Ceil(x))
		}
		return int(x)
	}
	return int(math.Ceil(x - 0.5))
}
