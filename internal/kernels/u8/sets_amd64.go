//go:build !purego

package u8

import "ann2snn/internal/kernels/cpu"

var avx512 = kernelSet{
	needs: cpu.AVX512 | cpu.AVX512VNNI,
	conv:  convAVX512, fire: fireAVX512, mix: mixAVX512, maxPool: maxPoolAVX512, shifted: shiftedAVX512, sparse: sparseAVX512, winograd: winogradAVX512,
	quantise: quantiseEights, peak: peakAVX512,
}

// amx is avx512 but for the sums of convolutions.
var amx = func() kernelSet {
	s := avx512
	s.needs, s.conv, s.wider, s.winograd, s.peak = avx512.needs|cpu.AMX, convAMX, 1, nil, peakAMX
	return s
}()

// assembly lists the kernels of amd64, best first.
var assembly = []kernelSet{
	amx,
	avx512,
	{
		needs: cpu.AVX2 | cpu.AVXVNNI,
		conv:  convAVXVNNI, fire: fireAVX2, mix: mixAVX2, maxPool: maxPoolAVX2, shifted: shiftedAVX2, sparse: sparseAVX2,
	},
	{
		needs: cpu.AVX2,
		conv:  convAVX2, fire: fireAVX2, mix: mixAVX2, maxPool: maxPoolAVX2, shifted: shiftedAVX2, sparse: sparseAVX2,
	},
}
