//go:build !purego

package kernels

import "golang.org/x/sys/cpu"

// peakLoops is how often the loops of Peak8 and PeakF32 go round: long enough for a clock.
const peakLoops = 20_000

// Peak8 runs VPDPBUSD on registers, as fast as the processor can, and returns the number
// of operations; 0 where it has no such instruction of 512 bits.
func Peak8() float64 {
	if !assembly[0].usable() {
		return 0
	}
	peak8AVX512(&gemmf32Tile{k: 4 * peakLoops})
	return peakLoops * 24 * 128
}

// PeakF32 is Peak8 for VFMADD231PS, in registers of the width that the processor has.
func PeakF32() float64 {
	switch {
	case assembly[0].usable():
		peakf32AVX512(&gemmf32Tile{k: 4 * peakLoops})
		return peakLoops * 12 * 32
	case cpu.X86.HasAVX2 && cpu.X86.HasFMA:
		peakf32AVX2(&gemmf32Tile{k: 4 * peakLoops})
		return peakLoops * 12 * 16
	}
	return 0
}
