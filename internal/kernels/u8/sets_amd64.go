//go:build !purego

package u8

import "ann2snn/internal/kernels/cpu"

// assembly lists the kernels of amd64, best first.
var assembly = []kernelSet{amx(), avx512(), avxvnni(), avx2()}

func avx512() kernelSet {
	return kernelSet{
		needs: cpu.AVX2 | cpu.AVX512 | cpu.AVX512VNNI,
		conv:  convAVX512, fire: fireAVX512, mix: mixAVX512, maxPool: maxPoolAVX512, shifted: shiftedAVX512, sparse: sparseAVX512,
		winograd: winogradAVX512, quantise: quantiseEights, peak: peakAVX512,
	}
}

// amx is avx512 but for the sums of convolutions: tile registers compute them faster than
// Winograd's method would.
func amx() kernelSet {
	s := avx512()
	s.needs |= cpu.AMX
	s.conv, s.wider, s.winograd, s.peak = convAMX, 1, nil, peakAMX
	return s
}

func avx2() kernelSet {
	return kernelSet{
		needs: cpu.AVX2,
		conv:  convAVX2, fire: fireAVX2, mix: mixAVX2, maxPool: maxPoolAVX2, shifted: shiftedAVX2, sparse: sparseAVX2,
	}
}
