package spike

import "ann2snn/snn"

// Strides are how far apart, in an input that is broadcast over a map, the elements are that
// neighbours in the map take: 0 along an axis on which the input has one element.
type Strides struct{ Row, Pixel, Channel int }

// Broadcast returns the strides of an input over a map.
func Broadcast(in, out snn.Shape) Strides {
	var s Strides
	if in.H == out.H {
		s.Row = in.W * in.C
	}
	if in.W == out.W {
		s.Pixel = in.C
	}
	if in.C == out.C {
		s.Channel = 1
	}
	return s
}

// Factor is an input of a product in a step: its levels, and a sum of levels.
type Factor[S Level] struct {
	Strides
	Levels, Sums []S
}

// Product sets dst, a map, to parts times what the product of the sums of a and b has grown
// by. The sums of a count this step in, those of b do not. There is one part for all
// elements, one per channel or one per element.
//
//nolint:unconvert // converting the products forbids fused multiply-adds, which round differently
func Product[S Level](dst []S, out snn.Shape, a, b Factor[S], parts []S) {
	i, part := 0, 0
	for y := range out.H {
		for x := range out.W {
			ka, kb := y*a.Row+x*a.Pixel, y*b.Row+x*b.Pixel
			for range out.C {
				dst[i] = (S(a.Sums[ka]*b.Levels[kb]) + S(a.Levels[ka]*b.Sums[kb])) * parts[part]
				ka, kb = ka+a.Channel, kb+b.Channel
				i++
				if part++; part == len(parts) {
					part = 0
				}
			}
		}
	}
}
