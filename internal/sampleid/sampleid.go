// Package sampleid tells samples apart by what they hold before they are preprocessed: a
// picture by its pixels, whatever file it comes from, other samples by their values.
package sampleid

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// ID is the first 8 bytes of a SHA-256, read as a little-endian number. Package snn says of
// what, as files hold it.
type ID = uint64

// Picture returns the ID of a picture, given as preprocess.Pixels returns it. One in colours
// whose pixels are all grey is the grey picture.
func Picture(w, h, c int, pixels []byte) ID {
	if c == 3 && isGrey(pixels) {
		grey := make([]byte, w*h)
		for i := range grey {
			grey[i] = pixels[3*i]
		}
		c, pixels = 1, grey
	}
	head := []byte("picture\n")
	for _, n := range []int{w, h, c} {
		head = binary.LittleEndian.AppendUint32(head, uint32(n))
	}
	return first(head, pixels)
}

func isGrey(rgb []byte) bool {
	for i := 0; i < len(rgb); i += 3 {
		if rgb[i] != rgb[i+1] || rgb[i] != rgb[i+2] {
			return false
		}
	}
	return true
}

// Values returns the ID of a sample that is no picture.
func Values(values []float32) ID {
	b := make([]byte, 0, 4*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return first([]byte("values\n"), b)
}

func first(head, body []byte) ID {
	h := sha256.New()
	h.Write(head)
	h.Write(body)
	return binary.LittleEndian.Uint64(h.Sum(nil))
}

// List holds the IDs of some samples, rising and without repetition. Its text is that of the
// IDs, 8 bytes each, in base64.
type List []ID

// NewList returns the list of some IDs, which is not nil.
func NewList(ids ...ID) List {
	l := append(make(List, 0, len(ids)), ids...)
	slices.Sort(l)
	return slices.Compact(l)
}

// Has reports whether an ID is in the list.
func (l List) Has(id ID) bool {
	_, found := slices.BinarySearch(l, id)
	return found
}

// MarshalText implements encoding.TextMarshaler.
func (l List) MarshalText() ([]byte, error) {
	var raw []byte
	for _, id := range l {
		raw = binary.LittleEndian.AppendUint64(raw, id)
	}
	return base64.StdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *List) UnmarshalText(text []byte) error {
	raw, err := base64.StdEncoding.AppendDecode(nil, bytes.TrimSpace(text))
	if err != nil || len(raw)%8 != 0 {
		return errors.New("not a list of hashes of samples")
	}
	*l = make(List, 0, len(raw)/8)
	for ; len(raw) > 0; raw = raw[8:] {
		id := binary.LittleEndian.Uint64(raw)
		if n := len(*l); n > 0 && (*l)[n-1] >= id {
			return errors.New("a list of hashes of samples that do not rise")
		}
		*l = append(*l, id)
	}
	return nil
}
