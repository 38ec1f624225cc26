package calibrate

import (
	"encoding/binary"
	"errors"
	"slices"
)

// pack appends a histogram in a few bytes per bin in use: a varint of how many sides
// follow (0, or a bit mask of 1 for positive and 2 for negative values), the exponent,
// and for each side the number of bins up to the last one in use and their counts as
// varints, a 0 being followed by the number of further zeros.
func (h *histogram) pack(b []byte) []byte {
	var mask uint64
	for i, counts := range h.side {
		if counts != nil {
			mask |= 1 << i
		}
	}
	b = binary.AppendUvarint(b, mask)
	if mask == 0 {
		return b
	}
	b = binary.AppendVarint(b, int64(h.exp))
	for _, counts := range h.side {
		if counts != nil {
			b = packCounts(b, counts)
		}
	}
	return b
}

func packCounts(b []byte, counts []uint32) []byte {
	for len(counts) > 0 && counts[len(counts)-1] == 0 {
		counts = counts[:len(counts)-1]
	}
	b = binary.AppendUvarint(b, uint64(len(counts)))
	for len(counts) > 0 {
		n := counts[0]
		b = binary.AppendUvarint(b, uint64(n))
		counts = counts[1:]
		if n == 0 {
			zeros := slices.IndexFunc(counts, func(n uint32) bool { return n != 0 })
			b = binary.AppendUvarint(b, uint64(zeros))
			counts = counts[zeros:]
		}
	}
	return b
}

var errPacked = errors.New("histogram is damaged")

// unpacker reads varints; after a fault everything is 0 and bad is set.
type unpacker struct {
	rest []byte
	bad  bool
}

// upTo reads a number of at most most.
func (u *unpacker) upTo(most uint64) uint64 {
	v, n := binary.Uvarint(u.rest)
	if n <= 0 || v > most || u.bad {
		u.bad = true
		return 0
	}
	u.rest = u.rest[n:]
	return v
}

// unpack reads what pack wrote and returns the bytes behind it.
func unpack(b []byte) (*histogram, []byte, error) {
	u := unpacker{rest: b}
	h := &histogram{}
	mask := u.upTo(3)
	if mask != 0 {
		h.exp = u.exponent()
	}
	for i := range h.side {
		if mask>>i&1 == 1 && !u.bad {
			h.side[i] = u.counts()
		}
	}
	if u.bad {
		return nil, nil, errPacked
	}
	return h, u.rest, nil
}

// exponent reads the exponent of a histogram of float32 values.
func (u *unpacker) exponent() int {
	e, n := binary.Varint(u.rest)
	if n <= 0 || e < -180 || e > 128 || u.bad {
		u.bad = true
		return 0
	}
	u.rest = u.rest[n:]
	return int(e)
}

func (u *unpacker) counts() []uint32 {
	counts := make([]uint32, numBins)
	left := counts[:u.upTo(numBins)]
	if len(left) == 0 {
		u.bad = true
	}
	for len(left) > 0 && !u.bad {
		n := u.upTo(1<<32 - 1)
		left[0] = uint32(n)
		left = left[1:]
		if n == 0 {
			left = left[u.upTo(uint64(len(left))):]
		}
	}
	return counts
}
