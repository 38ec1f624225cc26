package c99

import (
	"fmt"
	"slices"
	"strings"

	"ann2snn/internal/escape"
	"ann2snn/snn"
)

// writer collects C that belongs to single layers.
type writer struct {
	*module
	strings.Builder
	needs  map[string]bool // functions of the templates that are called
	tables []table
	known  map[string]string // names of tables by their content
}

func (w *writer) line(depth int, format string, args ...any) {
	for range depth {
		w.WriteString("    ")
	}
	fmt.Fprintf(w, format, args...)
	w.WriteByte('\n')
}

// call is the name of a function of the templates for inputs of a type.
func (w *writer) call(name string, e element) string {
	name += "_" + e.name
	w.needs[name] = true
	return name
}

// function returns the function that computes layer l, with the constants it needs.
func (w *writer) function(l *layer) string {
	w.Reset()
	s := l.Shape
	spikes := ""
	if l.Neuron != nil {
		spikes = fmt.Sprintf(", spikes of %d bits", l.Neuron.Format.Bits())
	}
	fmt.Fprintf(w, "/* Layer %d, %s: %s, %d x %d x %d%s. */\n", l.index, escape.Comment(l.Name), l.Op.Kind(), s.H, s.W, s.C, spikes)
	w.geometries(l)
	w.line(0, "static void layer%d(struct %s *h, int32_t from, int32_t to)", l.index, w.name())
	w.line(0, "{")
	w.pointers(l)
	w.line(1, "int32_t t, y, x, pixel = 0;")
	w.line(1, "for (y = 0; y < %d; y++) {", s.H)
	w.line(2, "for (x = 0; x < %d; x++) {", s.W)
	w.line(3, "for (t = from; t < to; t++) {")
	w.current(l)
	row := "current"
	if l.Neuron != nil {
		row = "levels"
		l.form.fire(w, l)
	}
	w.line(4, "%s(out + (t * place_of->step) + (pixel * %d), %s, %d);", w.call("store", l.held), s.C, row, s.C)
	w.line(3, "}")
	if l.rows() > 0 {
		w.line(3, "state += place_of->pixel;")
	}
	w.line(3, "pixel++;")
	w.line(2, "}")
	w.line(1, "}")
	w.line(1, "for (t = from; t < to; t++) {")
	w.line(2, "TRACE_%s(%d, t, out + (t * place_of->step), %d);", l.held.name, l.index, s.Len())
	w.line(1, "}")
	w.line(0, "}")
	return w.String()
}

// pointers declares where the function finds things.
func (w *writer) pointers(l *layer) {
	w.line(1, "const place *const place_of = &places[STEPPING(h)][%d];", l.index)
	for k, from := range l.In {
		if w.layers[from].fused {
			from = w.layers[from].In[0]
		}
		w.line(1, "const place *const place%d = &places[STEPPING(h)][%d];", k, from)
		w.line(1, "const %s *const in%d = at(h, place%d->map);", w.layers[from].held.ctype, k, k)
	}
	w.line(1, "%s *const out = at(h, place_of->map);", l.held.ctype)
	w.line(1, "int32_t *const current = at(h, ROW_CURRENT);")
	if slices.ContainsFunc(l.In, func(from int) bool { return w.layers[from].fused }) {
		w.line(1, "int32_t *const part = at(h, ROW_PART);")
	}
	if l.Neuron != nil {
		w.line(1, "int32_t *const levels = at(h, ROW_LEVELS);")
	}
	if l.rows() > 0 {
		w.line(1, "int32_t *state = at(h, place_of->state);")
	}
}

// current computes a pixel's current, or what is moved to it, in step t. What depends on
// the input only is there in the first step, or the same in all.
func (w *writer) current(l *layer) {
	switch {
	case !l.Steady || l.Constant || w.net.Steps == 1:
		w.operator(4, l)
	case w.net.Refines():
		w.line(4, "if (t == 0) {")
		w.operator(5, l)
		w.line(4, "} else {")
		w.needs["begin"] = true
		w.line(5, "begin(current, NULL, %d);", l.Shape.C)
		w.line(4, "}")
	default:
		w.line(4, "if (t == from) {")
		w.operator(5, l)
		w.line(4, "}")
	}
}

func (w *writer) operator(depth int, l *layer) {
	switch op := l.Op.(type) {
	case snn.Conv, snn.Dense:
		w.weighted(depth, "current", l, 0)
	case snn.Sum:
		w.sum(depth, l, &op)
	case snn.Product:
		w.product(depth, l, &op)
	case snn.SumPool:
		w.needs["begin"] = true
		w.line(depth, "%s(current, &window%d, %s, y, x);", w.call("sumpool", w.inputType(l)), l.index, w.in(l, 0))
	case snn.MaxPool:
		if w.layers[l.In[0]].history && !l.Steady {
			w.line(depth, "%s(current, &window%d, in0, place0->step, t, y, x);", w.call("growth", w.inputType(l)), l.index)
			return
		}
		w.line(depth, "%s(current, &window%d, %s, y, x);", w.call("maxpool", w.inputType(l)), l.index, w.in(l, 0))
	case snn.Concat:
		w.concat(depth, l)
	case snn.Gather:
		w.needs["gather"] = true
		index := w.table(w.indexType(), fmt.Sprintf("index%d", l.index), ints(op.Index))
		w.line(depth, "%s(current, %s, %s + (pixel * %d), %d);", w.call("gather", w.inputType(l)), w.in(l, 0), index, l.Shape.C, l.Shape.C)
	}
}

// inputType is how the only input of l is held.
func (w *writer) inputType(l *layer) element { return w.layers[l.In[0]].held }

// in is input k of l in step t.
func (w *writer) in(l *layer, k int) string {
	if w.layers[l.In[k]].Constant {
		return fmt.Sprintf("in%d", k)
	}
	return fmt.Sprintf("in%d + (t * place%d->step)", k, k)
}

// biases is the argument for the biases of a layer. With refinement they belong to the
// first step, the only one in which the current of a steady layer is computed.
func (w *writer) biases(index int, bias []int32, steady bool) string {
	w.needs["begin"] = true
	if !slices.ContainsFunc(bias, func(b int32) bool { return b != 0 }) {
		return "NULL"
	}
	name := w.table("int32_t", fmt.Sprintf("bias%d", index), ints(bias))
	if w.net.Refines() && !steady {
		return "(t == 0) ? " + name + " : NULL"
	}
	return name
}

// weighted computes the current of a layer with weights into a row; its input is k of
// the layer whose function this is.
func (w *writer) weighted(depth int, row string, l *layer, k int) {
	p, _ := l.Weights()
	name := "conv"
	if w.depthwise(l) {
		name = "depthwise"
	}
	in := fmt.Sprintf("in%d", k)
	if !w.layers[l.In[0]].Constant {
		in = fmt.Sprintf("in%d + (t * place%d->step)", k, k)
	}
	w.line(depth, "begin(%s, %s, %d);", row, w.biases(l.index, p.IntBias, l.Steady), l.Shape.C)
	w.line(depth, "%s(%s, &conv%d, %s, %s);", w.call(name, w.inputType(l)), row, l.index, in, w.position(l))
}

// position of the window: a Dense layer is a convolution over a map of one pixel.
func (w *writer) position(l *layer) string {
	if _, ok := l.Op.(snn.Dense); ok {
		return "0, 0"
	}
	return "y, x"
}

func (w *writer) sum(depth int, l *layer, op *snn.Sum) {
	w.line(depth, "begin(current, %s, %d);", w.biases(l.index, op.IntBias, l.Steady), l.Shape.C)
	for k, from := range l.In {
		factor := w.table("int32_t", fmt.Sprintf("factor%d_%d", l.index, k), ints(op.Mult[k]))
		each := 1
		switch len(op.Mult[k]) {
		case 1:
			each = 0
		case l.Shape.C:
		default:
			factor += fmt.Sprintf(" + (pixel * %d)", l.Shape.C)
		}
		source := &w.layers[from]
		inner := depth
		absent := source.Constant && !l.Steady && w.net.Refines()
		if absent {
			w.line(depth, "if (t == 0) {")
			inner++
		}
		if source.fused {
			w.weighted(inner, "part", source, k)
			w.line(inner, "%s(current, part, %s, %d, %d);", w.call("add", signed32), factor, each, l.Shape.C)
		} else {
			w.line(inner, "%s(current, %s + (pixel * %d), %s, %d, %d);", w.call("add", source.held), w.in(l, k), l.Shape.C, factor, each, l.Shape.C)
		}
		if absent {
			w.line(depth, "}")
		}
	}
}

// concat copies a pixel's channels; what depends on the input only is zero in later
// steps with refinement.
func (w *writer) concat(depth int, l *layer) {
	offset := 0
	for k, from := range l.In {
		source := &w.layers[from]
		c := source.Shape.C
		row := fmt.Sprintf("current + %d", offset)
		copied := fmt.Sprintf("%s(%s, %s + (pixel * %d), %d);", w.call("copy", source.held), row, w.in(l, k), c, c)
		offset += c
		if !source.Constant || l.Steady || !w.net.Refines() {
			w.line(depth, "%s", copied)
			continue
		}
		w.needs["begin"] = true
		w.line(depth, "if (t == 0) {")
		w.line(depth+1, "%s", copied)
		w.line(depth, "} else {")
		w.line(depth+1, "begin(%s, NULL, %d);", row, c)
		w.line(depth, "}")
	}
}

// geometries declares the constants of l, and of the layers whose currents it computes.
func (w *writer) geometries(l *layer) {
	switch op := l.Op.(type) {
	case snn.Conv, snn.Dense:
		w.convolution(l)
	case snn.Sum:
		for _, from := range l.In {
			if w.layers[from].fused {
				w.convolution(&w.layers[from])
			}
		}
	case snn.SumPool:
		w.needs["window"] = true
		w.line(0, "static const window window%d = %s;", l.index, windowOf(&op.Window, w.layers[l.In[0]].Shape))
	case snn.MaxPool:
		w.needs["window"] = true
		w.line(0, "static const window window%d = %s;", l.index, windowOf(&op.Window, w.layers[l.In[0]].Shape))
	}
}

// convolution declares the geometry and the weights of a layer.
func (w *writer) convolution(l *layer) {
	in := w.layers[l.In[0]].Shape
	window := snn.Window{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
	groups := 1
	if op, ok := l.Op.(snn.Conv); ok {
		window, groups = op.Window, op.Groups
	} else {
		in = snn.Shape{H: 1, W: 1, C: in.Len()}
	}
	w.needs["window"], w.needs["weight"] = true, true
	name := w.weights(l)
	w.line(0, "static const conv conv%d = {%s, %s, %d, %d, %d};", l.index, windowOf(&window, in), name, groups, in.C/groups, l.Shape.C/groups)
}

func windowOf(v *snn.Window, in snn.Shape) string {
	return fmt.Sprintf("{%d, %d, %d, %d, %d, %d, %d, %d, %d, %d, %d}", in.H, in.W, in.C,
		v.Kernel[0], v.Kernel[1], v.Stride[0], v.Stride[1], v.Dilation[0], v.Dilation[1], v.Pad[0], v.Pad[1])
}

// depthwise reports whether every input channel of l has outputs of its own.
func (w *writer) depthwise(l *layer) bool {
	op, ok := l.Op.(snn.Conv)
	return ok && op.Groups > 1 && op.Groups == w.layers[l.In[0]].Shape.C
}
