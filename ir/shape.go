package ir

// ShapeOf is the shape of x from axis Start up to End, as int64. ONNX: Shape.
type ShapeOf struct {
	Start int
	End   int // math.MaxInt for all
}

// Kind implements Op.
func (ShapeOf) Kind() string { return "Shape" }

// Infer implements Op.
func (ShapeOf) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
