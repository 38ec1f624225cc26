package kernels

// PackPatches packs the windows that begin at start, at most PanelWidth of them, as one
// panel for Gemm: column j holds x[start[j]+tap[0]], x[start[j]+tap[1]], ...; missing
// columns are zero. With panels instead of a whole im2col matrix, the copy stays in the
// cache until it is multiplied.
func PackPatches(panel, x []float32, start, tap []int32) {
	if consecutive(start) {
		x = x[start[0]:]
		for t, at := range tap {
			*(*[PanelWidth]float32)(panel[t*PanelWidth:]) = *(*[PanelWidth]float32)(x[at:])
		}
		return
	}
	panel = panel[:len(tap)*PanelWidth]
	if len(start) < PanelWidth {
		clear(panel)
	}
	for j, s := range start {
		from := x[s:]
		for t, at := range tap {
			panel[t*PanelWidth+j] = from[at]
		}
	}
}

// consecutive reports whether start holds PanelWidth neighbours; offsets only grow.
func consecutive(start []int32) bool {
	return len(start) == PanelWidth && start[PanelWidth-1]-start[0] == PanelWidth-1
}
