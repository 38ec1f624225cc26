package ann

import (
	"math"

	"ann2snn/ir"
)

func buildCast(op ir.Cast, n *node) (step, error) {
	switch n.in[0].dtype {
	case ir.Float32:
		return castFrom[float32](op, n)
	case ir.Int64:
		return castFrom[int64](op, n)
	}
	return castFrom[bool](op, n)
}

// castFrom casts elements of T. A cast between floats changes nothing: all of them are
// computed in float32.
func castFrom[T element](op ir.Cast, n *node) (step, error) {
	switch op.To {
	case ir.Int64:
		return castStep(n, func(x T) int64 { return narrow(toInt(x), op.Stored) }), nil
	case n.in[0].dtype:
		return n.view()
	case ir.Bool:
		var zero T
		return castStep(n, func(x T) bool { return x != zero }), nil
	}
	return castStep(n, toFloat[T]), nil
}

func castStep[T, R element](n *node, f func(T) R) step {
	out, in := n.out[0], n.in[0]
	return func(m *memory) error {
		dst := elements[R](out, m)
		for i, x := range elements[T](in, m) {
			dst[i] = f(x)
		}
		return nil
	}
}

func toFloat[T element](x T) float32 {
	switch x := any(x).(type) {
	case float32:
		return x
	case int64:
		return float32(x)
	case bool:
		if x {
			return 1
		}
	}
	return 0
}

// toInt truncates floats, saturates them at the ends of int64 and makes NaN 0.
func toInt[T element](x T) int64 {
	switch x := any(x).(type) {
	case float32:
		switch {
		case x >= 1<<63:
			return math.MaxInt64
		case x < -1<<63:
			return math.MinInt64
		case x == x:
			return int64(x)
		}
	case int64:
		return x
	case bool:
		if x {
			return 1
		}
	}
	return 0
}

// narrow wraps x around as conversion to the ONNX type stored does.
func narrow(x int64, stored string) int64 {
	switch stored {
	case "int8":
		return int64(int8(x))
	case "int16":
		return int64(int16(x))
	case "int32":
		return int64(int32(x))
	case "uint8":
		return int64(uint8(x))
	case "uint16":
		return int64(uint16(x))
	case "uint32":
		return int64(uint32(x))
	}
	return x
}
