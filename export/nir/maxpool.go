package nir

import (
	"strconv"

	"ann2snn/internal/hdf5"
	"ann2snn/snn"
)

// maxPoolLevels is the most levels of a running sum of which a maximum is made.
const maxPoolLevels = 255

// maxPool has no node in NIR. The maximum of whole numbers from 0 is how many k > 0 some
// element of the window reaches: thresholds, their sums in the window, and thresholds
// again. With several steps the numbers are running sums, and the output is by how
// much the maximum has grown since the step before.
func (g *graph) maxPool(op *snn.MaxPool) signal {
	in := g.in(0)
	out := signal{shape: g.layer.Shape, most: 1}
	if in.most == 0 {
		g.lose("a maximum of anything but non-negative spikes has no NIR form", "a model with the pool behind a ReLU, or with average pooling")
		return out
	}
	levels := in.most * g.net.Steps
	if levels > maxPoolLevels {
		g.lose("MaxPool takes nodes for "+strconv.Itoa(levels)+" levels, too many", "fewer bits or steps, or a model with average pooling")
		return out
	}
	running := in
	if g.net.Steps > 1 {
		running = in.of(g.part("total", "I", hdf5.Group{"r": g.same(in, 1)}, in))
	}
	for k := 1; k <= levels; k++ {
		reach := in.of(g.part(level("reach", k), "Threshold", hdf5.Group{"threshold": g.same(in, float32(k)-half)}, running))
		count := g.addUp(level("count", k), reach, &op.Window)
		out.sources = append(out.sources, g.part(level("any", k), "Threshold", hdf5.Group{"threshold": g.same(out, half)}, count))
	}
	if g.net.Steps > 1 {
		before := out.of(g.part("before", "Delay", hdf5.Group{"delay": g.same(out, 1)}, out))
		out.sources = append(out.sources, g.part("growth", "Scale", hdf5.Group{"scale": g.same(out, -1)}, before))
	}
	out.most = in.most
	return out
}
