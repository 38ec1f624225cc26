// Package emulate tests the generated assembly of packages f32 and u8 on any processor: it
// runs it instruction by instruction, in Go. Only tests use it. It knows the instructions
// that the generator emits and refuses others.
package emulate

import (
	"fmt"
	"sync"
	"unsafe"
)

// A Program is the functions of some assembly files, by name.
type Program map[string][]instruction

// machine is the state of a processor.
type machine struct {
	tile unsafe.Pointer // the argument; here, so that it is on the heap and does not move
	pc   int

	general [16]uint64
	vectors [32]vector
	masks   [8]uint64
	tiles   [8]tileRegister
	flags   flags
	read    vector // from memory
}

var machines = sync.Pool{New: func() any { return new(machine) }}

// poison is the value of all registers at the start: no kernel may use it.
const poison = 0xa5a5a5a5

// Run runs a function for the tile at the given address.
func (p Program) Run(function string, tile unsafe.Pointer) {
	code, ok := p[function]
	if !ok {
		panic("emulate: no function " + function)
	}
	m := machines.Get().(*machine)
	defer machines.Put(m)
	m.tile, m.pc, m.flags = tile, 0, flags{}
	for i := range m.vectors {
		for j := range m.vectors[i] {
			m.vectors[i][j] = poison
		}
	}
	for i := range m.general {
		m.general[i] = poison<<32 | poison
	}
	clear(m.masks[:])
	for m.pc < len(code) {
		in := &code[m.pc]
		m.pc++
		in.run(m, in)
	}
	m.tile = nil
	if m.tiles[0].rows != 0 {
		panic("emulate: " + function + " returns with tile registers in use")
	}
}

// address returns where a memory operand lies.
func (m *machine) address(o *operand) unsafe.Pointer {
	if o.data != nil {
		return unsafe.Pointer(&o.data[o.value])
	}
	at := m.general[o.register] + uint64(o.value)
	if o.scale > 0 {
		at += m.general[o.index] * o.scale
	}
	return *(*unsafe.Pointer)(unsafe.Pointer(&at))
}

// bytesAt returns n bytes of memory.
func (m *machine) bytesAt(o *operand, n int) []byte {
	return unsafe.Slice((*byte)(m.address(o)), n)
}

func (in *instruction) fail(why string) error {
	return fmt.Errorf("emulate: %s: %s", in.text, why)
}
