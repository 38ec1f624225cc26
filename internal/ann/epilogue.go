package ann

import (
	"math"

	"ann2snn/internal/kernels/f32"
)

// epilogue is work that a step does on its output for the steps that read it. In runs
// that are watched it does nothing, and these steps do their work themselves, with the
// same bits.
type epilogue struct {
	limits  f32.Limits
	bounded bool // limits are taken

	node   *node
	pixels bool   // the output can go to the pixels of a wider map, from a channel on
	into   *value // that map, or nil
	from   int    // that channel
}

// unlimited bounds nothing.
var unlimited = f32.Limits{Low: float32(math.Inf(-1)), High: float32(math.Inf(1))}

// newEpilogue lets the step of n have one.
func (n *node) newEpilogue(pixels bool) *epilogue {
	e := &epilogue{limits: unlimited, node: n, pixels: pixels}
	n.out[0].epilogue = e
	return e
}

// bounds returns the limits of this run.
func (e *epilogue) bounds(m *memory) f32.Limits {
	if m.watched {
		return unlimited
	}
	return e.limits
}

// target returns where the map of sample i goes, which is out unless it moves.
func (e *epilogue) target(m *memory, out *value, i int) f32.Output {
	channels := out.shape[1]
	if e.into == nil || m.watched {
		return pixelsOf(m, out, i, 0, channels)
	}
	return pixelsOf(m, e.into, i, e.from, e.into.shape[1])
}

// pixelsOf returns the pixels of sample i of a map, from a channel on.
func pixelsOf(m *memory, v *value, i, from, stride int) f32.Output {
	size := product(v.shape[1:])
	return f32.Output{Data: v.floats(m)[i*size+from : (i+1)*size], Stride: stride}
}

// soleReader reports whether nothing but one step sees v in a run that is not watched.
func (v *value) soleReader() bool { return v.readers == 1 && !v.replaced }

// clamp makes the step that bounds the first input.
func (n *node) clamp(limits f32.Limits) (step, error) {
	in, out := n.in[0], n.out[0]
	out.interleaved = in.interleaved
	e := in.epilogue
	fused := e != nil && !e.bounded && in.soleReader()
	if fused {
		e.limits, e.bounded = limits, true
		out.shares, out.epilogue = in, e
	} else {
		n.allowOverwrite(0)
	}
	return func(m *memory) error {
		if !fused || m.watched {
			m.worker.Clamp(out.floats(m), in.floats(m), limits)
		}
		return nil
	}, nil
}
