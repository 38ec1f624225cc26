package c99

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"ann2snn/export/target"
	"ann2snn/internal/escape"
	"ann2snn/snn"
)

//go:embed templates
var templateFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"code":    escape.Code,
	"comment": escape.Comment,
}).ParseFS(templateFiles, "templates/*.tmpl"))

// view is what the templates show.
type view struct {
	Name, Upper string
	Model       string
	Steps, Rho  int
	Bits        int
	In          snn.Shape // of a picture, or of the input layer
	Levels      snn.Shape // of the input layer
	InSize      int
	InLevels    int32
	InLow       int32
	InScale     string   // of all channels; empty where InScales has one of each
	InScales    []string // C
	LevelType   string
	OutSize     int
	Out         outView
	Handle      int
	Magic       string
	Rows        []rowView
	Places      [][]place
	Elements    []elementView
	Traced      []elementView
	Functions   []string
	Calls       []string
	Pixels      *pixelView
	Entries     []entryView
	Packed      bool
	Waits       bool // neurons wait for all steps of their inputs
	IndexType   string
	Many        int
	OneValue    bool
	Exponent    int
	TotalMeans  string
	Divisor     string
	HostNote    string
	Tables      []table

	ArenaSize, StepArenaSize int
	DataBytes, CodeBytes     int

	Vectors      []vector
	VectorType   string
	VectorSuffix string

	needs map[string]bool
}

// Needs reports whether a function of the templates is called.
func (v *view) Needs(name string) bool { return v.needs[name] }

type rowView struct {
	Label string
	Value int
}

type elementView struct{ Name, Type string }

type outView struct {
	Type      string
	Layer     int
	OnlyFirst bool // the output of later steps is zero
}

// entryView is a way to give inputs.
type entryView struct{ Suffix, Type string }

type pixelView struct {
	Colours     int
	Plain       bool // every byte goes through the same table
	Table, Byte string
	Place       string // in the input layer
	Moved       bool   // the input layer has another order
}

// view generates the parts that belong to single layers.
func (m *module) view(ctx context.Context) (*view, error) {
	w := &writer{module: m, needs: map[string]bool{}, known: map[string]string{}}
	in, out := &m.layers[0], &m.layers[m.net.Output]
	op, _ := in.Op.(snn.Input)
	low, high := op.Range()
	v := &view{
		Name: m.name(), Upper: m.upper(), Model: m.net.Meta.Model, Steps: m.net.Steps, Rho: m.net.Rho,
		In: in.Shape, InSize: in.Shape.Len(), InLevels: high, InLow: low, LevelType: in.held.ctype,
		OutSize: out.Shape.Len(),
		Out:     outView{out.held.ctype, out.index, out.Constant && m.net.Refines()},
		Handle:  m.handle(), Packed: m.packed, Waits: m.net.Waits(), IndexType: m.indexType(), Many: snn.MaxSteps << snn.MaxBits,
		ArenaSize: m.places[0].size, StepArenaSize: m.places[1].size,
		Places: [][]place{m.places[0].places, m.places[1].places},
		needs:  w.needs,
	}
	for _, r := range []rowView{{"ROW_CURRENT", rowCurrent}, {"ROW_LEVELS", rowLevels}, {"ROW_PART", rowPart}} {
		v.Rows = append(v.Rows, rowView{r.Label, m.row(r.Value)})
	}
	v.describeScale(in.Scale)
	w.inputTable()
	for i := range m.layers[1:] {
		l := &m.layers[i+1]
		if n := l.Neuron; n != nil {
			v.Bits = max(v.Bits, n.Format.Bits())
		}
		if !l.fused {
			v.Functions = append(v.Functions, w.function(l))
			v.Calls = append(v.Calls, m.call(l)...)
		}
	}
	if !slices.ContainsFunc(m.layers, func(l layer) bool { return !l.Constant }) {
		v.Calls = append(v.Calls, "(void)from;", "(void)to;")
	}
	m.describeOutput(v, w)
	m.describeInput(v)
	v.Magic = m.magic(v, w)
	v.Tables, v.DataBytes, v.CodeBytes = w.tables, m.bytes, codeBytes(len(v.Functions))
	v.Elements = elementViews(func(element) bool { return true })
	v.Traced = elementViews(func(e element) bool { return w.needs["store_"+e.name] })
	return v, m.vectors(ctx, v)
}

// magic is what arenas of the network begin with: a number that depends on all of it. It is
// even, and neither small nor made of ones, as memory that was never written may be.
func (m *module) magic(v *view, w *writer) string {
	h := fnv.New32a()
	fmt.Fprintln(h, v.Name, v.Calls, w.tables, m.places)
	for _, f := range v.Functions {
		_, code, _ := strings.Cut(f, "\n") // behind the comment, which holds names
		fmt.Fprintln(h, code)
	}
	return fmt.Sprintf("0x%08Xu", h.Sum32()&^0x80000001|0x40000000)
}

// call runs a layer's function; one that depends on the input only has a single map.
func (m *module) call(l *layer) []string {
	switch {
	case !l.Constant:
		return []string{fmt.Sprintf("layer%d(h, from, to);", l.index)}
	case m.net.Refines():
		return []string{"if (from == 0) {", fmt.Sprintf("    layer%d(h, 0, 1);", l.index), "}"}
	}
	return []string{fmt.Sprintf("layer%d(h, 0, 1);", l.index)}
}

func elementViews(show func(element) bool) []elementView {
	var list []elementView
	for _, e := range elements {
		if show(e) {
			list = append(list, elementView{e.name, e.ctype})
		}
	}
	return list
}

// describeOutput says what the output means.
func (m *module) describeOutput(v *view, w *writer) {
	s := scoresOf(m.net, m.outputs)
	w.table("int64_t", "value", s.factors)
	v.OneValue, v.Exponent = len(s.factors) == 1, s.exponent
	v.TotalMeans = "a sum over the steps"
	switch {
	case m.net.Steps == 1:
		v.TotalMeans = "the levels or units of the output layer"
	case m.net.Refines():
		v.TotalMeans = fmt.Sprintf("each step adds to %d times the sum so far", m.net.Rho)
		v.Divisor = fmt.Sprintf(" / %d^%d", m.net.Rho, m.net.Steps-1)
	default:
		v.Divisor = fmt.Sprintf(" / %d", m.net.Steps)
	}
	for _, h := range m.net.Host {
		v.HostNote += ", before its " + h.Fn.String()
	}
}

// describeScale says what a level of the input is worth.
func (v *view) describeScale(scale []float32) {
	for _, x := range scale {
		v.InScales = append(v.InScales, strconv.FormatFloat(float64(x), 'g', -1, 32))
	}
	if len(scale) == 1 {
		v.InScale, v.InScales = v.InScales[0], nil
	}
}

// describeInput says how bytes become levels.
func (m *module) describeInput(v *view) {
	v.Entries = []entryView{{"_levels", m.name() + "_level"}}
	v.Levels = v.In
	p := m.input
	if p == nil {
		return
	}
	v.Entries = []entryView{{"", "uint8_t"}, {"_levels", m.name() + "_level"}}
	v.Pixels = &pixelView{Colours: p.C, Plain: len(p.levels) == 1 && !p.mirror, Table: "c", Byte: "c"}
	if len(p.levels) == 1 {
		v.Pixels.Table = "0"
	}
	if p.mirror {
		v.Pixels.Byte = fmt.Sprintf("(%d - c)", p.C-1)
	}
	v.In = snn.Shape{H: p.H, W: p.W, C: p.C}
	v.Pixels.Place, v.Pixels.Moved = placeOf(m.net, p, v.Pixels.Plain), p.places != nil
}

// placeOf writes where an element of a picture lies in the input layer: element i where it is
// plain, else channel c of the pixel that begins at i.
func placeOf(n *snn.Network, p *pixels, plain bool) string {
	k, pixel, channel := "i + c", fmt.Sprintf("i / %d", p.C), "c"
	if plain {
		k, channel = "i", fmt.Sprintf("(i %% %d)", p.C)
	}
	if p.places == nil {
		return k
	}
	if p.ChannelsFirst && p.C > 1 {
		k = fmt.Sprintf("(%s * %d) + (%s)", channel, p.H*p.W, pixel)
	}
	l := n.Layers[0].Shape
	if op, _ := n.Layers[0].Op.(snn.Input); op.ChannelsFirst {
		k = fmt.Sprintf("((%s) %% %d) * %d + ((%s) / %d)", k, l.H*l.W, l.C, k, l.H*l.W)
	}
	return k
}

// files returns the export's files, sorted by name.
func (v *view) files() ([]target.File, error) {
	var files []target.File
	for name, from := range map[string]string{
		v.Name + ".h":       "header.h.tmpl",
		v.Name + ".c":       "source.c.tmpl",
		v.Name + "_data.h":  "data.h.tmpl",
		v.Name + "_test.c":  "test.c.tmpl",
		"Makefile":          "Makefile.tmpl",
		"README.md":         "README.md.tmpl",
		"board/cortex-m.c":  "cortex-m.c.tmpl",
		"board/cortex-m.ld": "cortex-m.ld.tmpl",
	} {
		var b bytes.Buffer
		if err := templates.ExecuteTemplate(&b, from, v); err != nil {
			return nil, fmt.Errorf("c99: %s: %w", name, err)
		}
		files = append(files, target.File{Name: name, Data: b.Bytes()})
	}
	files = append(files, target.File{Name: v.Name + "_data.c", Data: v.data()})
	slices.SortFunc(files, func(a, b target.File) int { return cmp.Compare(a.Name, b.Name) })
	return files, nil
}

// data is the file of the tables, which is too large for a template to be of use.
func (v *view) data() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "/* The constant tables of %s. Written by ann2snn. */\n#include \"%s_data.h\"\n", v.Name, v.Name)
	for _, t := range v.Tables {
		fmt.Fprintf(&b, "\nconst %s %s%s = {\n%s};\n", t.Type, t.Name, t.Extent, t.body)
	}
	return b.Bytes()
}
