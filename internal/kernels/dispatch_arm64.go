//go:build !purego

package kernels

import "golang.org/x/sys/cpu"

// assembly lists the sets of arm64.
var assembly = []Set{
	{
		Name: "sdot", usable: func() bool { return cpu.ARM64.HasASIMDDP },
		conv8: convSDOT, fire8: firePlain, mix8: mixPlain, maxPool8: maxPoolPlain, shifted8: shiftedPlain, sparse8: sparsePlain, gemm: gemmPlain, panel: plainPanel,
		convF32: convF32Plain, vector: plainPanel, vectors: 1, transpose: transposePlain,
	},
}
