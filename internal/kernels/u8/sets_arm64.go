//go:build !purego

package u8

import "ann2snn/internal/kernels/cpu"

// assembly lists the kernels of arm64.
var assembly = []kernelSet{{
	needs: cpu.SDOT,
	conv:  convSDOT, fire: firePlain, mix: mixPlain, maxPool: maxPoolPlain, shifted: shiftedPlain, sparse: sparsePlain,
}}
