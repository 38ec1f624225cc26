//go:build !purego

package kernels

// peakLoops is how often the loops of Peak8 and PeakF32 go round.
const peakLoops = 500

// Peak8 runs VPDPBUSD on registers, as fast as the processor can, and returns the number
// of operations; 0 where it has no such instruction of 512 bits.
func Peak8() float64 {
	if !assembly[0].usable() {
		return 0
	}
	peak8AVX512(&gemmf32Tile{k: 4 * peakLoops})
	return peakLoops * 24 * 128
}

// PeakF32 is Peak8 for VFMADD231PS.
func PeakF32() float64 {
	if !assembly[0].usable() {
		return 0
	}
	peakf32AVX512(&gemmf32Tile{k: 4 * peakLoops})
	return peakLoops * 24 * 32
}
