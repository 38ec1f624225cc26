//go:build !purego

package kernels

// peak8 runs VPDPBUSD on registers and returns the number of operations.
func peak8() float64 {
	const loops = 500
	peak8AVX512(&gemmf32Tile{k: 4 * loops})
	return loops * 24 * 128
}

// peakf32 runs VFMADD231PS on registers and returns the number of operations.
func peakf32() float64 {
	const loops = 500
	peakf32AVX512(&gemmf32Tile{k: 4 * loops})
	return loops * 24 * 32
}
