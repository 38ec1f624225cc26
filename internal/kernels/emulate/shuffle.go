package emulate

// Instructions that move elements. Most do the same in every part of 16 bytes.

// byParts makes an instruction of a function that fills a part from the parts of the first
// and the second source that lie where it lies.
func byParts(f func(to, a, b *vector, part int)) execute {
	return func(m *machine, in *instruction) {
		b, a := m.source(in, &in.operands[0], in.size), &m.vectors[in.operands[1].register]
		var v vector
		for part := range in.size / 16 {
			f(&v, a, b, part)
		}
		m.put(in, &v, 1)
	}
}

// packWords turns 32-bit elements into saturated words.
func packWords(to, a, b *vector, part int) {
	for i := range 4 {
		to.words()[8*part+i] = saturate(int32(a[4*part+i]))
		to.words()[8*part+4+i] = saturate(int32(b[4*part+i]))
	}
}

// packBytes turns words into saturated unsigned bytes.
func packBytes(to, a, b *vector, part int) {
	for i := range 8 {
		to.bytes()[16*part+i] = uint8(min(max(int16(a.words()[8*part+i]), 0), 255))
		to.bytes()[16*part+8+i] = uint8(min(max(int16(b.words()[8*part+i]), 0), 255))
	}
}

// unpack interleaves the lower or upper halves of parts, in elements of some bytes.
func unpack(element, half int) execute {
	return byParts(func(to, a, b *vector, part int) {
		for i := range 16 {
			from := a
			if i/element%2 == 1 {
				from = b
			}
			to.bytes()[16*part+i] = from.bytes()[16*part+8*half+i/(2*element)*element+i%element]
		}
	})
}

// permute takes the elements that an index names.
func permute(m *machine, in *instruction) {
	from, index := m.source(in, &in.operands[0], in.size), &m.vectors[in.operands[1].register]
	var v vector
	for i := range in.size / 4 {
		v[i] = from[int(index[i])%(in.size/4)]
	}
	m.put(in, &v, 4)
}

// permuteLongs takes the four elements that an immediate names.
func permuteLongs(m *machine, in *instruction) {
	from := m.source(in, &in.operands[0], in.size)
	var v vector
	for i := range 4 {
		v.longs()[i] = from.longs()[in.value>>(2*i)&3]
	}
	m.put(in, &v, 8)
}

// permuteHalves takes two of the halves of two registers of 32 bytes.
func permuteHalves(m *machine, in *instruction) {
	b, a := m.source(in, &in.operands[0], in.size), &m.vectors[in.operands[1].register]
	var v vector
	for i := range 2 {
		choice := in.value >> (4 * i)
		from := a
		if choice&2 != 0 {
			from = b
		}
		copy(v[4*i:4*i+4], from[4*(choice&1):])
		if choice&8 != 0 {
			clear(v[4*i : 4*i+4])
		}
	}
	m.put(in, &v, 8)
}

// shuffleParts takes two parts of either source.
func shuffleParts(m *machine, in *instruction) {
	b, a := m.source(in, &in.operands[0], in.size), &m.vectors[in.operands[1].register]
	var v vector
	for i := range 4 {
		from := a
		if i >= 2 {
			from = b
		}
		copy(v[4*i:4*i+4], from[4*(in.value>>(2*i)&3):])
	}
	m.put(in, &v, 4)
}

// extract takes the part that an immediate numbers, as long as the destination.
func extract(m *machine, in *instruction) {
	var v vector
	to := &in.operands[1]
	copy(v.bytes()[:to.size], m.vectors[in.operands[0].register].bytes()[int(in.value)*to.size:])
	m.put(in, &v, 4)
}
