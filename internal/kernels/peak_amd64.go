//go:build !purego

package kernels

import "golang.org/x/sys/cpu"

// peakLoops is how often the loops of Peak8 and PeakF32 go round: long enough for a clock.
const peakLoops = 20_000

// Peak8 runs the dot products of bytes that a set uses, on registers and as fast as the
// processor can. It returns their name and the number of operations; 0 where no loop for
// them is at hand.
func (s *Set) Peak8() (instruction string, ops float64) {
	switch s.Name {
	case amx.Name:
		a := blocks8Args{rows: blockRows, tile: conv8BlocksTile{steps: peakLoops / 4}}
		a.shape(4 * blockRows)
		peak8AMX(&a.tile)
		return "TDPBUSD", peakLoops / 4 * 4 * 2 * 16 * 16 * 64
	case avx512.Name:
		peak8AVX512(&gemmf32Tile{k: 4 * peakLoops})
		return "VPDPBUSD", peakLoops * 24 * 128
	}
	return "", 0
}

// PeakF32 is the like for VFMADD231PS, in registers of the width that the processor has.
func PeakF32() float64 {
	switch {
	case avx512.usable():
		peakf32AVX512(&gemmf32Tile{k: 4 * peakLoops})
		return peakLoops * 12 * 32
	case cpu.X86.HasAVX2 && cpu.X86.HasFMA:
		peakf32AVX2(&gemmf32Tile{k: 4 * peakLoops})
		return peakLoops * 12 * 16
	}
	return 0
}
