package emulate

import (
	"encoding/binary"
	"math"
)

// flags are the flags that jumps depend on. Instructions that leave some of them undefined,
// and those after which the kernels never jump, make them invalid.
type flags struct {
	valid, zero, less bool // less: sign differs from overflow
}

func (m *machine) get(o *operand) uint64 {
	switch o.kind {
	case general:
		return m.general[o.register]
	case immediate:
		return uint64(o.value)
	case argument:
		return uint64(uintptr(m.tile))
	}
	return binary.LittleEndian.Uint64(m.bytesAt(o, 8))
}

func (m *machine) set(o *operand, x uint64) {
	if o.kind == general {
		m.general[o.register] = x
		return
	}
	binary.LittleEndian.PutUint64(m.bytesAt(o, 8), x)
}

// compare sets the flags of a-b.
func (m *machine) compare(a, b int64) { m.flags = flags{true, a == b, a < b} }

func subtract(m *machine, in *instruction) {
	from, to := &in.operands[0], &in.operands[1]
	a, b := m.get(to), m.get(from)
	m.compare(int64(a), int64(b))
	m.set(to, a-b)
}

func add(m *machine, in *instruction) {
	from, to := &in.operands[0], &in.operands[1]
	a, b := m.get(to), m.get(from)
	sum := a + b
	m.set(to, sum)
	overflow := int64((a^sum)&(b^sum)) < 0
	m.flags = flags{true, sum == 0, int64(sum) < 0 != overflow}
}

func compare(m *machine, in *instruction) {
	m.compare(int64(m.get(&in.operands[0])), int64(m.get(&in.operands[1])))
}

func compare32(m *machine, in *instruction) {
	m.compare(int64(int32(m.get(&in.operands[0]))), int64(int32(m.get(&in.operands[1]))))
}

func decrement(m *machine, in *instruction) {
	o := &in.operands[0]
	x := m.get(o)
	m.compare(int64(x), 1)
	m.set(o, x-1)
}

func increment(m *machine, in *instruction) {
	o := &in.operands[0]
	m.set(o, m.get(o)+1)
	m.flags = flags{}
}

func test(m *machine, in *instruction) {
	m.compare(int64(m.get(&in.operands[0])&m.get(&in.operands[1])), 0)
}

func move(m *machine, in *instruction) { m.set(&in.operands[1], m.get(&in.operands[0])) }

func move32(m *machine, in *instruction) {
	m.set(&in.operands[1], uint64(binary.LittleEndian.Uint32(m.bytesAt(&in.operands[0], 4))))
}

// moveLess moves after a comparison that found less.
func moveLess(m *machine, in *instruction) {
	if !m.flags.valid {
		panic(in.fail("flags are not defined"))
	}
	if m.flags.less {
		m.set(&in.operands[1], m.get(&in.operands[0]))
	}
}

func loadAddress(m *machine, in *instruction) {
	m.set(&in.operands[1], uint64(uintptr(m.address(&in.operands[0]))))
}

// arithmetic is an instruction after which kernels do not jump.
func arithmetic(f func(to, from uint64) uint64) execute {
	return func(m *machine, in *instruction) {
		to := &in.operands[1]
		m.set(to, f(m.get(to), m.get(&in.operands[0])))
		m.flags = flags{}
	}
}

// jump jumps if taken is true of the flags.
func jump(taken func(f flags) bool) execute {
	return func(m *machine, in *instruction) {
		if !m.flags.valid {
			panic(in.fail("flags are not defined"))
		}
		if taken(m.flags) {
			m.pc = in.target
		}
	}
}

func jumpAlways(m *machine, in *instruction) { m.pc = in.target }

func jumpZero(f flags) bool { return f.zero }

func jumpOther(f flags) bool { return !f.zero }

// returns ends the function.
func returns(m *machine, _ *instruction) { m.pc = math.MaxInt }

func ignore(*machine, *instruction) {}

func loadMask(m *machine, in *instruction) { m.masks[in.operands[1].register] = m.get(&in.operands[0]) }

func storeMask8(m *machine, in *instruction) {
	m.set(&in.operands[1], m.masks[in.operands[0].register]&0xff)
}

func shiftMask(m *machine, in *instruction) {
	m.masks[in.operands[2].register] = m.masks[in.operands[1].register] >> in.value
}
