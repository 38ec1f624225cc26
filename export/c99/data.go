package c99

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ann2snn/snn"
)

// table is a constant array of the export.
type table struct {
	Type   string
	Name   string
	Extent string // in brackets
	body   string
	bytes  int
}

func ints[T int8 | int32 | int64](values []T) []int64 {
	wide := make([]int64, len(values))
	for i, v := range values {
		wide[i] = int64(v)
	}
	return wide
}

// sizes of the types of tables.
var sizes = map[string]int{"int8_t": 1, "uint8_t": 1, "int16_t": 2, "int32_t": 4, "int64_t": 8}

// indexType is the smallest type for the indices of all Gathers.
func (m *module) indexType() string {
	for i := range m.layers {
		if op, ok := m.layers[i].Op.(snn.Gather); ok && slices.Max(op.Index) > math.MaxInt16 {
			return "int32_t"
		}
	}
	return "int16_t"
}

// table adds a table under the export's name and what is given, unless there is one of
// the same content, and returns its name.
func (w *writer) table(ctype, name string, values []int64) string {
	var b strings.Builder
	numbers(&b, ctype, values)
	return w.add(table{ctype, name, fmt.Sprintf("[%d]", len(values)), b.String(), sizes[ctype] * len(values)})
}

func (w *writer) add(t table) string {
	t.Name = w.name() + "_" + t.Name
	key := t.Type + t.Extent + t.body
	if name, ok := w.known[key]; ok {
		return name
	}
	w.known[key] = t.Name
	w.tables = append(w.tables, t)
	w.bytes += t.bytes
	return t.Name
}

// numbers writes the elements of an array, in lines of at most 100 characters.
func numbers(b *strings.Builder, ctype string, values []int64) {
	const most = 100
	used := most
	for _, v := range values {
		text := number(ctype, v) + ","
		if used+1+len(text) > most {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteString("    ")
			used = 4
		} else {
			b.WriteByte(' ')
			used++
		}
		b.WriteString(text)
		used += len(text)
	}
	b.WriteByte('\n')
}

// number is a constant of a type; the smallest ones cannot be written as one.
func number(ctype string, v int64) string {
	switch {
	case ctype == "int32_t" && v == -1<<31:
		return "INT32_MIN"
	case ctype == "int64_t":
		return "INT64_C(" + strconv.FormatInt(v, 10) + ")"
	}
	return strconv.FormatInt(v, 10)
}

// weights adds the weights of a layer, in the order in which they are read.
func (w *writer) weights(l *layer) string {
	parameters, _ := l.Weights()
	q := parameters.Q
	if w.depthwise(l) {
		taps := len(q) / l.Shape.C
		turned := make([]int8, len(q))
		for i, v := range q {
			turned[i%taps*l.Shape.C+i/taps] = v
		}
		q = turned
	}
	name := "weights" + strconv.Itoa(l.index)
	if !w.packed {
		return w.table("int8_t", name, ints(q))
	}
	pairs := make([]int64, (len(q)+1)/2)
	for i, v := range q {
		pairs[i/2] |= int64(v&15) << (i % 2 * 4)
	}
	return w.table("uint8_t", name, pairs)
}

// curves adds what neurons follow.
func (w *writer) curves(l *layer) (curves, breaks string) {
	w.needs["curve"] = true
	c := curvesOf(w.net, l.index, l.Membrane)
	var b strings.Builder
	for _, e := range c.Entries {
		fmt.Fprintf(&b, "    {%d, %d, %d, %d},\n", e.Base, e.First, e.Ups, e.Downs)
	}
	if len(c.Breaks) == 0 {
		c.Breaks = []int32{0} // C has no empty arrays
	}
	breaks = w.table("int32_t", fmt.Sprintf("breaks%d", l.index), ints(c.Breaks))
	curves = w.add(table{w.name() + "_curve", fmt.Sprintf("curves%d", l.index), fmt.Sprintf("[%d]", len(c.Entries)), b.String(), 4 * word * len(c.Entries)})
	return curves, breaks
}

// inputTable adds what bytes of a picture become.
func (w *writer) inputTable() {
	if w.input == nil {
		return
	}
	e := w.layers[0].held
	var b strings.Builder
	for _, levels := range w.input.levels {
		b.WriteString("    {\n")
		var row strings.Builder
		numbers(&row, e.ctype, ints(levels[:]))
		b.WriteString(row.String())
		b.WriteString("    },\n")
	}
	w.tables = append(w.tables, table{e.ctype, w.name() + "_input", fmt.Sprintf("[%d][256]", len(w.input.levels)), b.String(), 256 * e.bytes * len(w.input.levels)})
	w.bytes += 256 * e.bytes * len(w.input.levels)
}
