package snn

import (
	"hash/crc32"
	"strconv"
)

// Constants of the container; doc.go has the layout.
const (
	magic      = "\x89SNN\r\n\x1a\n"
	major      = 1
	minor      = 0
	headerSize = 64
	entrySize  = 32
	alignment  = 64
)

// The kinds of sections.
const (
	sectionGraph = 1 + iota
	sectionData
	sectionPreprocess
	sectionRecord
	sectionCalibrated
	lastSection = sectionCalibrated
)

const criticalFlag = 1

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// section is a part of a file.
type section struct {
	kind     uint32
	critical bool
	body     []byte
}

// packSections returns a file of the sections that are not empty.
func packSections(all []section) []byte {
	var sections []section
	for _, s := range all {
		if len(s.body) > 0 {
			sections = append(sections, s)
		}
	}
	table := headerSize + entrySize*len(sections)
	size := table
	for _, s := range sections {
		size = aligned(size) + len(s.body)
	}
	b := make([]byte, size)
	end := table
	for i, s := range sections {
		at := aligned(end)
		end = at + copy(b[at:], s.body)
		putEntry(b[headerSize+i*entrySize:], s, at)
	}
	putHeader(b, len(sections), crc(b[headerSize:table]))
	return b
}

func putEntry(b []byte, s section, at int) {
	put32(b, s.kind)
	if s.critical {
		put32(b[4:], criticalFlag)
	}
	put64(b[8:], uint64(at))
	put64(b[16:], uint64(len(s.body)))
	put32(b[24:], crc(s.body))
}

func putHeader(b []byte, sections int, tableCRC uint32) {
	copy(b, magic)
	put16(b[8:], major)
	put16(b[10:], minor)
	put32(b[12:], headerSize)
	put32(b[16:], uint32(sections))
	put32(b[20:], entrySize)
	put64(b[24:], uint64(len(b)))
	put32(b[32:], tableCRC)
	put32(b[60:], crc(b[:60]))
}

// unpackSections checks everything about a file but what its sections mean.
func unpackSections(b []byte) ([]section, error) {
	if err := checkHeader(b); err != nil {
		return nil, err
	}
	count := uint64(get32(b[16:]))
	if count > uint64(len(b)-headerSize)/entrySize {
		return nil, damaged("the section table is cut off")
	}
	end := headerSize + int(count)*entrySize
	table := b[headerSize:end]
	if crc(table) != get32(b[32:]) {
		return nil, checksum("section table")
	}
	var sections []section
	var seen [lastSection + 1]bool
	for ; len(table) > 0; table = table[entrySize:] {
		s, next, err := unpackSection(b, table, end)
		if err != nil {
			return nil, err
		}
		if s.kind <= lastSection {
			if seen[s.kind] {
				return nil, damaged("a section occurs twice")
			}
			seen[s.kind] = true
		}
		sections, end = append(sections, s), next
	}
	if end != len(b) {
		return nil, damaged("there are bytes after the last section")
	}
	return sections, nil
}

func checkHeader(b []byte) error {
	switch {
	case len(b) < len(magic) || string(b[:len(magic)]) != magic:
		return ErrNotSNN
	case len(b) < headerSize:
		return damaged("the header is cut off")
	case crc(b[:60]) != get32(b[60:]):
		return checksum("header")
	case get16(b[8:]) != major:
		return newer("the file has major version " + strconv.Itoa(int(get16(b[8:]))) +
			", this program reads " + strconv.Itoa(major))
	case get32(b[12:]) != headerSize || get32(b[20:]) != entrySize:
		return damaged("unknown sizes of header and section table")
	case get64(b[24:]) != uint64(len(b)):
		return damaged("the file has " + strconv.Itoa(len(b)) + " bytes instead of " +
			strconv.FormatUint(get64(b[24:]), 10) + " (cut off, or appended to?)")
	}
	return nil
}

// unpackSection returns the section of an entry, which must start at the first aligned
// offset after end, and the section's end.
func unpackSection(b, entry []byte, end int) (section, int, error) {
	at, size := get64(entry[8:]), get64(entry[16:])
	start := aligned(end)
	if at != uint64(start) || start > len(b) || size == 0 || size > uint64(len(b)-start) {
		return section{}, 0, damaged("a section lies outside its place")
	}
	for _, pad := range b[end:start] {
		if pad != 0 {
			return section{}, 0, checksum("padding")
		}
	}
	s := section{kind: get32(entry), critical: get32(entry[4:])&criticalFlag != 0}
	end = start + int(size)
	s.body = b[start:end:end]
	if crc(s.body) != get32(entry[24:]) {
		return section{}, 0, checksum("section " + strconv.Itoa(int(s.kind)))
	}
	return s, end, nil
}

func checksum(what string) error { return damaged("the " + what + " is damaged (checksum differs)") }

func aligned(n int) int { return (n + alignment - 1) / alignment * alignment }

func crc(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }
