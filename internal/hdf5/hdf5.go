// Package hdf5 writes groups and arrays as an HDF5 file. The layout is the oldest, which
// every reader knows: superblock version 0, groups as symbol tables. Arrays lie in one piece
// at multiples of 64 bytes, so that readers can map them. There are no attributes, filters
// or links.
//
// The same content gives the same bytes.
package hdf5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

const (
	maxRank   = 32 // of an array, as the format has it
	maxDepth  = 32 // of groups in groups
	maxString = math.MaxUint32
)

// Node is a Group or a Dataset.
type Node interface {
	// put writes the node and returns what a link to it holds.
	put(w *writer, path string) (link, error)
}

// Group holds nodes by name.
type Group map[string]Node

// Dataset is an array, or a scalar, of one type. Encode reports an invalid one.
type Dataset struct {
	dims     []int
	datatype []byte
	raw      []byte
	err      error
}

// Array returns a dataset of numbers, the last dimension varying fastest.
func Array[T int64 | float32](dims []int, values []T) Dataset {
	d := Dataset{dims: dims, err: checkDims(dims, len(values))}
	switch v := any(values).(type) {
	case []int64:
		d.datatype = int64Type
		d.raw = make([]byte, 0, 8*len(v))
		for _, x := range v {
			d.raw = le.AppendUint64(d.raw, uint64(x))
		}
	case []float32:
		d.datatype = float32Type
		d.raw = make([]byte, 0, 4*len(v))
		for _, x := range v {
			d.raw = le.AppendUint32(d.raw, math.Float32bits(x))
		}
	}
	return d
}

// Int returns a scalar.
func Int(x int64) Dataset { return Array(nil, []int64{x}) }

// Text returns a scalar string.
func Text(s string) Dataset { return Texts(nil, []string{s}) }

// Texts returns a dataset of UTF-8 strings. Shorter ones are filled up with zeros.
func Texts(dims []int, values []string) Dataset {
	width := 1
	for _, s := range values {
		width = max(width, len(s))
	}
	d := Dataset{dims: dims, err: checkDims(dims, len(values))}
	if width > maxString {
		d.err = errors.New("a string is too long")
		return d
	}
	d.datatype = stringType(width)
	d.raw = make([]byte, width*len(values))
	for i, s := range values {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			d.err = fmt.Errorf("string %q is not UTF-8 without zeros", s)
		}
		copy(d.raw[i*width:], s)
	}
	return d
}

// checkDims checks that an array of n elements has the given dimensions.
func checkDims(dims []int, n int) error {
	if len(dims) > maxRank {
		return fmt.Errorf("has %d dimensions, the format allows %d", len(dims), maxRank)
	}
	size := 1
	for _, d := range dims {
		if d < 0 || d > 0 && size > math.MaxInt64/d {
			return fmt.Errorf("dimensions %v are out of range", dims)
		}
		size *= d
	}
	if size != n {
		return fmt.Errorf("dimensions %v ask for %d elements, there are %d", dims, size, n)
	}
	return nil
}

// Encode returns the file that holds root.
func Encode(root Group) ([]byte, error) {
	w := &writer{buf: make([]byte, superblockSize)}
	top, err := root.put(w, "")
	if err != nil {
		return nil, err
	}
	w.align(8)
	copy(w.buf, superblock(top, uint64(len(w.buf))))
	return w.buf, nil
}

var le = binary.LittleEndian
