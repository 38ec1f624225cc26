//go:build !purego

package u8

import "ann2snn/internal/kernels/cpu"

// avxvnni is avx2 but for convolutions.
func avxvnni() kernelSet {
	s := avx2()
	s.needs |= cpu.AVXVNNI
	s.conv = convAVXVNNI
	return s
}

// convAVXVNNI is convAVX2 with an instruction that serves all levels.
func convAVXVNNI(w *Worker, call *Call, part Part) {
	kernels, width := convTileAVXVNNI[1], 16
	if call.Conv.taps != nil {
		kernels, width = depthwiseTileAVXVNNI[2], 32
	}
	w.convPanel(call, part, &summing{kernels: kernels, width: width, row: call.Conv.Pixels()}, call.firesBy(true, &call.Conv.panels[part.Panel]))
}
