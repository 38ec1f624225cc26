package ir

// ShapeOf is the shape of x from axis Start up to End, as int64. ONNX: Shape.
type ShapeOf struct {
	Start int
	End   int // math.MaxInt for all
}

// Kind implements Op.
func (ShapeOf) Kind() string { return "Shape" }

// Infer implements Op. The output is constant where the axis lengths are known.
func (op ShapeOf) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	if !in[0].Ranked {
		return result(Int64, Shape{{N: -1}})
	}
	part := op.slice(in[0].Shape)
	if !part.Static() {
		return result(Int64, Fixed(len(part)))
	}
	lengths := make([]int64, len(part))
	for i, d := range part {
		lengths[i] = int64(d.N)
	}
	return []Type{Ints(lengths, len(part)).Type()}, nil
}

// slice is s[Start:End] with bounds clamped as Python clamps them.
func (op ShapeOf) slice(s Shape) Shape {
	clamp := func(i int) int {
		if i < 0 {
			i += len(s)
		}
		return min(max(i, 0), len(s))
	}
	start, end := clamp(op.Start), clamp(op.End)
	return s[start:max(start, end)]
}
