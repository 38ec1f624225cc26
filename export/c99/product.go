package c99

import (
	"fmt"
	"strconv"

	"ann2snn/snn"
)

// product multiplies a pixel of two maps, either of which may have one pixel, row, column or
// channel for all. The sums over the earlier steps are computed anew, from the maps of these.
func (w *writer) product(depth int, l *layer, op *snn.Product) {
	a, b := w.layers[l.In[0]].held, w.layers[l.In[1]].held
	name := "product_" + a.name + "_" + b.name
	w.needs[name] = true
	w.line(depth, "%s(current, %s, %s, t, %s, %d);", name, w.signal(l, 0), w.signal(l, 1), w.parts(l, op), l.Shape.C)
}

// signal is the argument for input k of a product: the pixel at work.
func (w *writer) signal(l *layer, k int) string {
	source, out := &w.layers[l.In[k]], l.Shape
	in, each := source.Shape, 1
	if in.C == 1 && out.C > 1 {
		each = 0
	}
	place := ""
	switch {
	case in.H == out.H && in.W == out.W:
		place = fmt.Sprintf(" + (pixel * %d)", in.C)
	case in.H == out.H:
		place = fmt.Sprintf(" + (y * %d)", in.C)
	case in.W == out.W:
		place = fmt.Sprintf(" + (x * %d)", in.C)
	}
	steps := w.net.Steps
	if source.Constant && w.net.Refines() {
		steps = 1 // in the others it is zero
	}
	return fmt.Sprintf("in%d%s, place%d->step, %d, %d", k, place, k, steps, each)
}

// parts is the argument for the parts of step t.
func (w *writer) parts(l *layer, op *snn.Product) string {
	if w.net.Rho == 1 || w.net.Steps == 1 {
		return strconv.Itoa(int(op.Parts))
	}
	list, part := make([]int64, w.net.Steps), int64(op.Parts)
	for t := range list {
		list[t] = part
		part /= int64(w.net.Rho)
	}
	return w.table("int32_t", fmt.Sprintf("parts%d", l.index), list) + "[t]"
}
