package ann

import (
	"errors"
	"fmt"
	"math"

	"ann2snn/ir"
)

// rowFunc computes a row of results; the operands advance by their steps, 0 or 1.
type rowFunc[A, B, R element] func(dst []R, a []A, b []B, stepA, stepB int) error

// pairwise makes the step of an elementwise function of two broadcast operands.
func pairwise[A, B, R element](n *node, rows rowFunc[A, B, R]) step {
	n.alike()
	n.allowOverwrite(0)
	n.allowOverwrite(1)
	out, left, right := n.out[0], n.in[0], n.in[1]
	walk := newBroadcast(out.shape, left, right)
	return func(m *memory) error {
		dst, a, b := elements[R](out, m), elements[A](left, m), elements[B](right, m)
		for r, start := range walk.starts[0] {
			row := dst[r*walk.length:][:walk.length]
			if err := rows(row, a[start:], b[walk.starts[1][r]:], walk.strides[0], walk.strides[1]); err != nil {
				return err
			}
		}
		return nil
	}
}

func buildBinary(op ir.Binary, n *node) (step, error) {
	switch op.Fn {
	case ir.Sub:
		return overNumbers(n, subRow[float32], subRow[int64])
	case ir.Mul:
		return overNumbers(n, mulRow[float32], mulRow[int64])
	case ir.Div:
		return overNumbers(n, divRow, divIntRow)
	case ir.Pow:
		return buildPow(n)
	case ir.Equal:
		return buildEqual(n)
	case ir.And, ir.Or, ir.Xor:
		return pairwise(n, each(logic[op.Fn])), nil
	}
	if n.in[0].dtype == ir.Int64 {
		return buildOrdered[int64](op, n)
	}
	return buildOrdered[float32](op, n)
}

// buildOrdered is for functions that are defined by the order of numbers.
func buildOrdered[T number](op ir.Binary, n *node) (step, error) {
	if f, ok := comparisons[T]()[op.Fn]; ok {
		return pairwise(n, each(f)), nil
	}
	if f, ok := selections[T]()[op.Fn]; ok {
		return pairwise(n, f), nil
	}
	return nil, fmt.Errorf("the executor has no function %v", op.Fn)
}

// overNumbers is pairwise for operands and results of one numeric type.
func overNumbers(n *node, floats rowFunc[float32, float32, float32], ints rowFunc[int64, int64, int64]) (step, error) {
	if n.in[0].dtype == ir.Int64 {
		return pairwise(n, ints), nil
	}
	return pairwise(n, floats), nil
}

func buildEqual(n *node) (step, error) {
	switch n.in[0].dtype {
	case ir.Int64:
		return pairwise(n, equalRow[int64]), nil
	case ir.Bool:
		return pairwise(n, equalRow[bool]), nil
	}
	return pairwise(n, equalRow[float32]), nil
}

// buildPow takes an exponent of another type than the base.
func buildPow(n *node) (step, error) {
	base, exponent := n.in[0].dtype, n.in[1].dtype
	switch {
	case base == ir.Int64 && exponent == ir.Int64:
		return pairwise(n, powIntRow), nil
	case base == ir.Int64:
		return pairwise(n, powRow[int64, float32]), nil
	case exponent == ir.Int64:
		return pairwise(n, powRow[float32, int64]), nil
	}
	return pairwise(n, powRow[float32, float32]), nil
}

type number interface{ float32 | int64 }

func subRow[T number](dst, a, b []T, stepA, stepB int) error {
	i, j := 0, 0
	for k := range dst {
		dst[k] = a[i] - b[j]
		i += stepA
		j += stepB
	}
	return nil
}

func mulRow[T number](dst, a, b []T, stepA, stepB int) error {
	i, j := 0, 0
	for k := range dst {
		dst[k] = a[i] * b[j]
		i += stepA
		j += stepB
	}
	return nil
}

func divRow(dst, a, b []float32, stepA, stepB int) error {
	i, j := 0, 0
	for k := range dst {
		dst[k] = a[i] / b[j]
		i += stepA
		j += stepB
	}
	return nil
}

var errDivideByZero = errors.New("integer division by zero")

// divIntRow rounds towards zero, as ONNX does.
func divIntRow(dst, a, b []int64, stepA, stepB int) error {
	i, j := 0, 0
	for k := range dst {
		if b[j] == 0 {
			return errDivideByZero
		}
		dst[k] = a[i] / b[j]
		i += stepA
		j += stepB
	}
	return nil
}

func equalRow[T element](dst []bool, a, b []T, stepA, stepB int) error {
	i, j := 0, 0
	for k := range dst {
		dst[k] = a[i] == b[j]
		i += stepA
		j += stepB
	}
	return nil
}

func powRow[A, B number](dst []A, a []A, b []B, stepA, stepB int) error {
	i, j := 0, 0
	for k := range dst {
		dst[k] = A(math.Pow(float64(a[i]), float64(b[j])))
		i += stepA
		j += stepB
	}
	return nil
}

// powIntRow is exact modulo 2^64; powers with negative exponents are rounded towards zero.
func powIntRow(dst, a, b []int64, stepA, stepB int) error {
	i, j := 0, 0
	for k := range dst {
		p, err := powInt(a[i], b[j])
		if err != nil {
			return err
		}
		dst[k] = p
		i += stepA
		j += stepB
	}
	return nil
}

func powInt(x, n int64) (int64, error) {
	if n < 0 {
		switch {
		case x == 0:
			return 0, errDivideByZero
		case x == 1, x == -1 && n%2 == 0:
			return 1, nil
		case x == -1:
			return -1, nil
		}
		return 0, nil
	}
	p := int64(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			p *= x
		}
		x *= x
	}
	return p, nil
}

// each makes a rowFunc of a function of two elements.
func each[A, B, R element](f func(a A, b B) R) rowFunc[A, B, R] {
	return func(dst []R, a []A, b []B, stepA, stepB int) error {
		i, j := 0, 0
		for k := range dst {
			dst[k] = f(a[i], b[j])
			i += stepA
			j += stepB
		}
		return nil
	}
}

var logic = map[ir.BinaryFn]func(a, b bool) bool{
	ir.And: func(a, b bool) bool { return a && b },
	ir.Or:  func(a, b bool) bool { return a || b },
	ir.Xor: func(a, b bool) bool { return a != b },
}

func comparisons[T number]() map[ir.BinaryFn]func(a, b T) bool {
	return map[ir.BinaryFn]func(a, b T) bool{
		ir.Greater:        func(a, b T) bool { return a > b },
		ir.GreaterOrEqual: func(a, b T) bool { return a >= b },
		ir.Less:           func(a, b T) bool { return a < b },
		ir.LessOrEqual:    func(a, b T) bool { return a <= b },
	}
}

func selections[T number]() map[ir.BinaryFn]rowFunc[T, T, T] {
	return map[ir.BinaryFn]rowFunc[T, T, T]{
		ir.Max:  each(func(a, b T) T { return max(a, b) }),
		ir.Min:  each(func(a, b T) T { return min(a, b) }),
		ir.Mod:  modRow[T](true),
		ir.Fmod: modRow[T](false),
	}
}

// modRow is the remainder of a division, with the sign of the divisor or of what is divided.
func modRow[T number](likeDivisor bool) rowFunc[T, T, T] {
	return func(dst, a, b []T, stepA, stepB int) error {
		i, j := 0, 0
		for k := range dst {
			r, err := remainder(a[i], b[j])
			if err != nil {
				return err
			}
			if likeDivisor && r != 0 && (r < 0) != (b[j] < 0) {
				r += b[j]
			}
			dst[k] = r
			i += stepA
			j += stepB
		}
		return nil
	}
}

// remainder is a - b*trunc(a/b).
func remainder[T number](a, b T) (T, error) {
	switch a := any(a).(type) {
	case int64:
		if b == 0 {
			return 0, errDivideByZero
		}
		return T(a % int64(b)), nil
	default:
		return T(math.Mod(float64(a.(float32)), float64(b))), nil
	}
}
