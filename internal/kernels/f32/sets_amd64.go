//go:build !purego

package f32

import "ann2snn/internal/kernels/cpu"

// assembly lists the kernels of amd64, best first.
var assembly = []kernelSet{
	{
		needs: cpu.AVX512 | cpu.AVX2,
		gemm:  gemmAVX512, panel: 64, conv: convAVX512, vector: 16, vectors: 4,
		fold: foldAVX512, add: addAVX512, clamp: clampAVX512, transpose: transposeAVX2, peak: peakAVX512,
	},
	{
		needs: cpu.AVX2,
		gemm:  gemmAVX2, panel: 16, conv: convAVX2, vector: 8, vectors: 2,
		fold: foldAVX2, add: addAVX2, clamp: clampAVX2, transpose: transposeAVX2, peak: peakAVX2,
	},
}

// peakLoops is how often the loops of Peak go round: long enough for a clock.
const peakLoops = 20_000

func peakAVX512() float64 {
	peakTileAVX512(&peakTile{loops: peakLoops})
	return peakLoops * 12 * 32
}

func peakAVX2() float64 {
	peakTileAVX2(&peakTile{loops: peakLoops})
	return peakLoops * 12 * 16
}
