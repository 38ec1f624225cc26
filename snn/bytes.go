package snn

import "unsafe"

// Little-endian numbers by hand: encoding/binary would link reflect into small programs.

func put16(b []byte, v uint16) { b[0], b[1] = byte(v), byte(v>>8) }

func put32(b []byte, v uint32) {
	put16(b, uint16(v))
	put16(b[2:], uint16(v>>16))
}

func put64(b []byte, v uint64) {
	put32(b, uint32(v))
	put32(b[4:], uint32(v>>32))
}

func get16(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 }

func get32(b []byte) uint32 { return uint32(get16(b)) | uint32(get16(b[2:]))<<16 }

func get64(b []byte) uint64 { return uint64(get32(b)) | uint64(get32(b[4:]))<<32 }

// element is what arrays in a file are made of.
type element interface{ float32 | int32 | int8 }

// littleEndianHost is true where arrays in memory look like arrays in a file.
var littleEndianHost = func() bool {
	one := uint16(1)
	return *(*byte)(unsafe.Pointer(&one)) == 1
}()

func elementSize[T element]() int {
	var v T
	return int(unsafe.Sizeof(v))
}

// view returns the memory of an array, in the machine's byte order.
func view[T element](values []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values)*elementSize[T]())
}

// toFile returns an array as a file holds it; it may alias values.
func toFile[T element](values []T) []byte {
	if littleEndianHost {
		return view(values)
	}
	return swapped(view(values), elementSize[T]())
}

// fromFile returns the array that raw holds, of len(raw)/elementSize elements. It
// aliases raw where byte order and alignment allow it.
func fromFile[T element](raw []byte) []T {
	size := elementSize[T]()
	start := unsafe.SliceData(raw)
	if littleEndianHost && uintptr(unsafe.Pointer(start))%uintptr(size) == 0 {
		return unsafe.Slice((*T)(unsafe.Pointer(start)), len(raw)/size)
	}
	values := make([]T, len(raw)/size)
	if littleEndianHost {
		copy(view(values), raw)
	} else {
		copy(view(values), swapped(raw, size))
	}
	return values
}

// swapped returns b with the byte order of its elements reversed.
func swapped(b []byte, size int) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = b[i-i%size+size-1-i%size]
	}
	return out
}
