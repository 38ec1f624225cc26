// Package cpu chooses the set of kernels to run on. It lists the sets, with what each needs
// of a processor and is good for, and finds out what this processor has. The kernels are in
// packages f32 and u8, which look up theirs by a set.
package cpu

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Features are groups of instructions that a processor has.
type Features uint8

// The groups of instructions that kernels use.
const (
	AVX2       Features = 1 << iota // and FMA
	AVXVNNI                         // VPDPBUSD on registers of 256 bits
	AVX512                          // F, BW, VL and DQ
	AVX512VNNI                      // VPDPBUSD on registers of 512 bits
	AMX                             // tile registers for bytes, which the operating system lets this process use
	SDOT                            // of arm64
)

// Has reports whether f holds all of need.
func (f Features) Has(need Features) bool { return f&need == need }

// names are those of the bits of Features, from the lowest on.
var names = []string{"avx2", "avxvnni", "avx512", "avx512vnni", "amx", "sdot"}

// String lists the features, or says that there are none.
func (f Features) String() string {
	var has []string
	for i, name := range names {
		if f.Has(1 << i) {
			has = append(has, name)
		}
	}
	if has == nil {
		return "none"
	}
	return strings.Join(has, "+")
}

// Set is one choice of all kernels. All sets give the same bits in integer arithmetic.
type Set struct {
	Name  string
	Arch  string   // the GOARCH of its assembly; empty for the set in Go
	Needs Features // of a processor; its kernels use no others
	For   string   // what it is good for, on a line
}

// sets lists all sets, best first. The last one, in Go, is the specification.
var sets = []Set{
	{"amx", "amd64", AVX2 | AVX512 | AVX512VNNI | AMX, "Intel Xeon from Sapphire Rapids on, under Linux: convolutions of many channels in tile registers"},
	{"avx512vnni", "amd64", AVX2 | AVX512 | AVX512VNNI, "Intel from Ice Lake on, AMD from Zen 4 on: dot products of bytes in registers of 512 bits"},
	{"avxvnni", "amd64", AVX2 | AVXVNNI, "Intel Core from Alder Lake on: dot products of bytes in registers of 256 bits"},
	{"avx2", "amd64", AVX2, "x86 from Intel Haswell and AMD Zen on"},
	{"sdot", "arm64", SDOT, "64-bit ARM from 8.4 on: dot products of bytes; all else in Go"},
	{"go", "", 0, "any processor"},
}

// All lists the sets of all processors, best first.
func All() []Set { return slices.Clone(sets) }

// Detected returns the features of this processor: none where the tag purego leaves
// assembly out.
var Detected = sync.OnceValue(detect)

// Sets lists the sets that this processor can run, best first.
func Sets() []*Set {
	var usable []*Set
	for i := range sets {
		if Detected().Has(sets[i].Needs) {
			usable = append(usable, &sets[i])
		}
	}
	return usable
}

// Find returns the set of a name. It is an error if this processor cannot run it.
func Find(name string) (*Set, error) {
	sets := Sets()
	i := slices.IndexFunc(sets, func(s *Set) bool { return s.Name == name })
	if i < 0 {
		possible := make([]string, len(sets))
		for j, s := range sets {
			possible[j] = s.Name
		}
		return nil, errors.New("the set \"" + name + "\" does not run here (possible: " + strings.Join(possible, ", ") + ")")
	}
	return sets[i], nil
}

// chosen is the set of Use.
var chosen atomic.Pointer[Set]

// Use makes a set the default of this process. A program may call it before it does
// anything else; libraries do not.
func Use(set *Set) { chosen.Store(set) }

// Default returns the set to use where no other is asked for: that of Use, or else the
// fastest one.
func Default() *Set {
	if set := chosen.Load(); set != nil {
		return set
	}
	return Sets()[0]
}
