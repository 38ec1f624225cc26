package emulate

import (
	"math/bits"
	"unsafe"
)

// vector is a register of 64 bytes. The lowest bytes come first, as in the memory of the
// processors that this package runs on.
type vector [16]uint32

func (v *vector) bytes() *[64]byte   { return (*[64]byte)(unsafe.Pointer(v)) }
func (v *vector) words() *[32]uint16 { return (*[32]uint16)(unsafe.Pointer(v)) }
func (v *vector) longs() *[8]uint64  { return (*[8]uint64)(unsafe.Pointer(v)) }

// source returns an operand of which size bytes are used. Of memory it reads no more than
// that, and of 32-bit elements only those that are not masked.
func (m *machine) source(in *instruction, o *operand, size int) *vector {
	if o.kind == vectorRegister {
		return &m.vectors[o.register]
	}
	m.read = vector{}
	if in.mask == 0 {
		copy(m.read.bytes()[:], m.bytesAt(o, size))
		return &m.read
	}
	memory := m.address(o)
	for i := range size / 4 {
		if m.masks[in.mask]>>i&1 != 0 {
			m.read[i] = *(*uint32)(unsafe.Add(memory, 4*i))
		}
	}
	return &m.read
}

// put writes the elements of a result that are not masked to the destination. Above its
// size, a register becomes zero.
func (m *machine) put(in *instruction, v *vector, element int) {
	o := &in.operands[len(in.operands)-1]
	if o.kind == memory {
		m.store(in, o, v, in.size, element)
		return
	}
	to := &m.vectors[o.register]
	if in.mask != 0 {
		for i := range o.size / element {
			if m.masks[in.mask]>>i&1 == 0 {
				copy(v.bytes()[i*element:][:element], to.bytes()[i*element:])
			}
		}
	}
	*to = *v
	clear(to.bytes()[o.size:])
}

func (m *machine) store(in *instruction, o *operand, v *vector, size, element int) {
	if in.mask == 0 {
		copy(m.bytesAt(o, size), v.bytes()[:])
		return
	}
	memory := m.address(o)
	for i := range size / element {
		if m.masks[in.mask]>>i&1 != 0 {
			copy(unsafe.Slice((*byte)(unsafe.Add(memory, i*element)), element), v.bytes()[i*element:])
		}
	}
}

// copies moves a vector whose elements have some bytes.
func copies(element int) execute {
	return func(m *machine, in *instruction) {
		v := *m.source(in, &in.operands[0], in.size)
		m.put(in, &v, element)
	}
}

// broadcast repeats an element of memory.
func broadcast(element int) execute {
	return func(m *machine, in *instruction) {
		from := *m.source(in, &in.operands[0], element)
		var v vector
		for i := range in.size {
			v.bytes()[i] = from.bytes()[i%element]
		}
		m.put(in, &v, element)
	}
}

// load64 moves eight bytes to a register.
func load64(m *machine, in *instruction) {
	v := *m.source(in, &in.operands[0], 8)
	m.put(in, &v, 8)
}

// by8 makes an instruction of a function of two bytes. Intel's manuals call them the first
// and the second source; the second one is written first.
func by8(f func(a, b uint8) uint8) execute {
	return func(m *machine, in *instruction) {
		b, a := m.source(in, &in.operands[0], in.size).bytes(), m.vectors[in.operands[1].register].bytes()
		var v vector
		for i := range in.size {
			v.bytes()[i] = f(a[i], b[i])
		}
		m.put(in, &v, 1)
	}
}

func by32(f func(a, b uint32) uint32) execute {
	return func(m *machine, in *instruction) {
		b, a := m.source(in, &in.operands[0], in.size), &m.vectors[in.operands[1].register]
		var v vector
		for i := range in.size / 4 {
			v[i] = f(a[i], b[i])
		}
		m.put(in, &v, 4)
	}
}

func bySigned(f func(a, b int32) int32) execute {
	return by32(func(a, b uint32) uint32 { return uint32(f(int32(a), int32(b))) })
}

// onto makes an instruction that adds to its destination, lane by lane.
func onto(f func(sum, a, b uint32) uint32) execute {
	return func(m *machine, in *instruction) {
		b, a := m.source(in, &in.operands[0], in.size), &m.vectors[in.operands[1].register]
		v := m.vectors[in.operands[2].register]
		for i := range in.size / 4 {
			v[i] = f(v[i], a[i], b[i])
		}
		m.put(in, &v, 4)
	}
}

// each makes an instruction of a function of one element.
func each(f func(x uint32) uint32) execute {
	return func(m *machine, in *instruction) {
		from := m.source(in, &in.operands[0], in.size)
		var v vector
		for i := range in.size / 4 {
			v[i] = f(from[i])
		}
		m.put(in, &v, 4)
	}
}

// dotBytes multiplies unsigned bytes by signed ones and adds.
func dotBytes(sum, a, b uint32) uint32 {
	for i := 0; i < 32; i += 8 {
		sum += uint32(int32(uint8(a>>i)) * int32(int8(b>>i)))
	}
	return sum
}

func dotWords(sum, a, b uint32) uint32 {
	return sum + uint32(int32(int16(a))*int32(int16(b))) + uint32(int32(int16(a>>16))*int32(int16(b>>16)))
}

// dotBytesNarrow multiplies unsigned bytes by signed ones and adds pairs, saturated.
func dotBytesNarrow(a, b uint32) uint32 {
	var pair [2]int32
	for i := range 4 {
		pair[i/2] += int32(uint8(a>>(8*i))) * int32(int8(b>>(8*i)))
	}
	return uint32(saturate(pair[0])) | uint32(saturate(pair[1]))<<16
}

func saturate(x int32) uint16 { return uint16(int16(min(max(x, -1<<15), 1<<15-1))) }

func shiftWords(m *machine, in *instruction) {
	by, from := m.source(in, &in.operands[0], 16).longs()[0], m.vectors[in.operands[1].register]
	for i := range from.words() {
		from.words()[i] <<= min(by, 16)
	}
	m.put(in, &from, 2)
}

func shiftRight(m *machine, in *instruction) {
	v := m.vectors[in.operands[0].register]
	for i := range v {
		v[i] = uint32(int32(v[i]) >> in.value)
	}
	m.put(in, &v, 4)
}

// shiftRightUnsigned shifts in zeros.
func shiftRightUnsigned(m *machine, in *instruction) {
	v := m.vectors[in.operands[0].register]
	for i := range v {
		v[i] >>= in.value
	}
	m.put(in, &v, 4)
}

func shiftLeft(a, b uint32) uint32 { return a << min(b, bits.UintSize) }

// widen turns bytes into 32-bit elements.
func widen(m *machine, in *instruction) {
	from := m.source(in, &in.operands[0], in.size/4).bytes()
	var v vector
	for i := range in.size / 4 {
		v[i] = uint32(from[i])
	}
	m.put(in, &v, 4)
}

// narrow stores the low bytes of 32-bit elements.
func narrow(m *machine, in *instruction) {
	from := &m.vectors[in.operands[0].register]
	var v vector
	for i := range in.size / 4 {
		v.bytes()[i] = uint8(from[i])
	}
	m.store(in, &in.operands[1], &v, in.size/4, 1)
}

func clearUppers(m *machine, _ *instruction) {
	for i := range 16 {
		clear(m.vectors[i][4:])
	}
}
