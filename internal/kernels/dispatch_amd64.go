//go:build !purego

package kernels

import "golang.org/x/sys/cpu"

//go:generate go run -C gen . -dir ..

var avx512 = Set{
	Name: "avx512vnni",
	usable: func() bool {
		return cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512DQ &&
			cpu.X86.HasAVX512VNNI && cpu.X86.HasFMA
	},
	conv8: convAVX512, fire8: fireAVX512, mix8: mixAVX512, maxPool8: maxPoolAVX512, shifted8: shiftedAVX512, sparse8: sparseAVX512, winograd8: winogradAVX512,
	quantise8: quantiseEights,
	gemm:      gemmAVX512, panel: 64, convF32: convF32AVX512, vector: 16, vectors: 4,
	windowF32: windowF32AVX512, addF32: addAVX512, clampF32: clampAVX512, transpose: transposeAVX2,
}

// amx is avx512 but for the sums of convolutions.
var amx = func() Set {
	s := avx512
	s.Name, s.conv8, s.wider, s.winograd8 = "amx", convAMX, 1, nil
	s.usable = func() bool {
		return avx512.usable() && cpu.X86.HasAMXTile && cpu.X86.HasAMXInt8 && mayUseTiles()
	}
	return s
}()

// assembly lists the sets of amd64, best first.
var assembly = []Set{
	amx,
	avx512,
	{
		Name:   "avxvnni",
		usable: func() bool { return cpu.X86.HasAVXVNNI && cpu.X86.HasAVX2 && cpu.X86.HasFMA },
		conv8:  convAVXVNNI, fire8: fireAVX2, mix8: mixAVX2, maxPool8: maxPoolAVX2, shifted8: shiftedAVX2, sparse8: sparseAVX2,
		gemm: gemmAVX2, panel: 16, convF32: convF32AVX2, vector: 8, vectors: 2,
		windowF32: windowF32AVX2, addF32: addAVX2, clampF32: clampAVX2, transpose: transposeAVX2,
	},
	{
		Name:   "avx2",
		usable: func() bool { return cpu.X86.HasAVX2 && cpu.X86.HasFMA },
		conv8:  convAVX2, fire8: fireAVX2, mix8: mixAVX2, maxPool8: maxPoolAVX2, shifted8: shiftedAVX2, sparse8: sparseAVX2,
		gemm: gemmAVX2, panel: 16, convF32: convF32AVX2, vector: 8, vectors: 2,
		windowF32: windowF32AVX2, addF32: addAVX2, clampF32: clampAVX2, transpose: transposeAVX2,
	},
}
