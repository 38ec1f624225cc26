package emulate

import "math"

// real makes an instruction of a function of two numbers.
func real32(f func(a, b float32) float32) execute {
	return by32(func(a, b uint32) uint32 {
		return math.Float32bits(f(math.Float32frombits(a), math.Float32frombits(b)))
	})
}

func real64(f func(a, b float64) float64) execute {
	return func(m *machine, in *instruction) {
		b, a := m.source(in, &in.operands[0], in.size).longs(), m.vectors[in.operands[1].register].longs()
		var v vector
		for i := range in.size / 8 {
			v.longs()[i] = math.Float64bits(f(math.Float64frombits(a[i]), math.Float64frombits(b[i])))
		}
		m.put(in, &v, 8)
	}
}

// greater and lesser return the second number where one is NaN, as the instructions do.
func greater(a, b float32) float32 {
	if a > b {
		return a
	}
	return b
}

func lesser(a, b float32) float32 {
	if a < b {
		return a
	}
	return b
}

// fused makes a fused multiply-add of the destination and the first and second source.
func fused(f func(to, a, b float32) float32) execute {
	return onto(func(to, a, b uint32) uint32 {
		return math.Float32bits(f(math.Float32frombits(to), math.Float32frombits(a), math.Float32frombits(b)))
	})
}

// fma32 computes x*y+z, rounded once. The product is exact in 64 bits. The sum is rounded
// to odd where it is not exact, so that rounding it to 32 bits gives the number that
// rounding once gives.
func fma32(x, y, z float32) float32 {
	product := float64(x) * float64(y)
	sum := product + float64(z)
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return float32(sum)
	}
	virtual := sum - product
	rest := (product - (sum - virtual)) + (float64(z) - virtual)
	if bits := math.Float64bits(sum); rest != 0 && bits&1 == 0 {
		sum = math.Nextafter(sum, math.Inf(int(math.Copysign(1, rest))))
	}
	return float32(sum)
}

// truncate converts to an integer. Numbers that do not fit become the least integer.
func truncate(x float64) uint32 {
	if x > -1<<31-1 && x < 1<<31 {
		return uint32(int32(x))
	}
	return 1 << 31
}

func truncate32(x uint32) uint32 { return truncate(float64(math.Float32frombits(x))) }

func fromInteger(x uint32) uint32 { return math.Float32bits(float32(int32(x))) }

// lengthen turns numbers of 32 bits into numbers of 64.
func lengthen(m *machine, in *instruction) {
	from := m.source(in, &in.operands[0], in.size/2)
	var v vector
	for i := range in.size / 8 {
		v.longs()[i] = math.Float64bits(float64(math.Float32frombits(from[i])))
	}
	m.put(in, &v, 8)
}

// truncateLong turns numbers of 64 bits into integers of 32.
func truncateLong(m *machine, in *instruction) {
	from := m.source(in, &in.operands[0], in.size)
	var v vector
	for i := range in.size / 8 {
		v[i] = truncate(math.Float64frombits(from.longs()[i]))
	}
	m.put(in, &v, 4)
}

// roundLong rounds down. The kernels ask for no other way.
func roundLong(m *machine, in *instruction) {
	if in.value != 9 {
		panic(in.fail("rounds another way"))
	}
	from := m.source(in, &in.operands[0], in.size)
	var v vector
	for i := range in.size / 8 {
		v.longs()[i] = math.Float64bits(math.Floor(math.Float64frombits(from.longs()[i])))
	}
	m.put(in, &v, 8)
}

// compareLong writes a mask. Under another mask, elements that it leaves out become 0.
func compareLong(m *machine, in *instruction) {
	b, a := m.source(in, &in.operands[0], in.size).longs(), m.vectors[in.operands[1].register].longs()
	holds := map[int64]func(a, b float64) bool{
		1:  func(a, b float64) bool { return a < b },
		2:  func(a, b float64) bool { return a <= b },
		13: func(a, b float64) bool { return a >= b },
	}[in.value]
	result := uint64(0)
	for i := range in.size / 8 {
		if holds(math.Float64frombits(a[i]), math.Float64frombits(b[i])) {
			result |= 1 << i
		}
	}
	if in.mask != 0 {
		result &= m.masks[in.mask]
	}
	m.masks[in.operands[2].register] = result
}
