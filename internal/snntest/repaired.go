package snntest

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// Repaired returns the bytes of a mutated .snn file with the file length and all checksums that can be found right.
func Repaired(b []byte) []byte {
	const header, entry = 64, 32
	b = bytes.Clone(b)
	if len(b) < header {
		return b
	}
	le, table := binary.LittleEndian, crc32.MakeTable(crc32.Castagnoli)
	le.PutUint64(b[24:], uint64(len(b)))
	count := int(min(le.Uint32(b[16:]), uint32(len(b)-header)/entry))
	for e := range count {
		row := b[header+e*entry:]
		at, size := le.Uint64(row[8:]), le.Uint64(row[16:])
		if at <= uint64(len(b)) && size <= uint64(len(b))-at {
			le.PutUint32(row[24:], crc32.Checksum(b[at:at+size], table))
		}
	}
	le.PutUint32(b[32:], crc32.Checksum(b[header:header+count*entry], table))
	le.PutUint32(b[60:], crc32.Checksum(b[:60], table))
	return b
}
