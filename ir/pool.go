package ir

import "fmt"

// inferPool is Infer for pools over windows of kernel lengths.
func inferPool(in []Type, kernel []int, w Window) ([]Type, error) {
	if err := firstErr(arity(in, 1, 1), wantDType(in, Float32)); err != nil {
		return nil, err
	}
	x := in[0]
	if !x.Ranked {
		return unranked(x.DType)
	}
	if len(x.Shape) != len(kernel)+2 || len(kernel) == 0 {
		return nil, fmt.Errorf("input %v does not suit a window of %v", x.Shape, kernel)
	}
	r, spatial, err := w.Resolve(kernel, x.Shape[2:].Ints())
	if err != nil {
		return nil, err
	}
	for i, p := range r.Pads {
		if k := i % len(kernel); p >= extent(kernel[k], r.Dilations[k]) {
			return nil, fmt.Errorf("padding of %d reaches beyond the window of %v", p, kernel)
		}
	}
	return result(x.DType, windowed(x.Shape, x.Shape[1], spatial))
}

// inferGlobalPool is Infer for pools over all spatial axes.
func inferGlobalPool(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 1, 1), wantDType(in, Float32)); err != nil {
		return nil, err
	}
	x := in[0]
	if !x.Ranked {
		return unranked(x.DType)
	}
	if len(x.Shape) < 3 {
		return nil, fmt.Errorf("input %v has no spatial axes", x.Shape)
	}
	ones := make([]int, len(x.Shape)-2)
	for i := range ones {
		ones[i] = 1
	}
	return result(x.DType, windowed(x.Shape, x.Shape[1], ones))
}

// windowed is the shape [x's batch, channels, spatial...]; spatial lengths that stay
// unknown lose their symbol.
func windowed(x Shape, channels Dim, spatial []int) Shape {
	return append(Shape{x[0], channels}, Fixed(spatial...)...)
}
