package ann2snn

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ann2snn/importer"
	"ann2snn/ir"
	"ann2snn/ir/passes"
	"ann2snn/preprocess"
)

// Model is a trained network, read from an ONNX file and brought to the form that
// conversion starts from. It does not change and is safe for concurrent use.
type Model struct {
	graph      *ir.Graph
	faults     []ir.Fault // of the parameters in the file
	incomplete error
}

// LoadOptions say about a model what its file leaves open.
type LoadOptions struct {
	// InputShape gives all axis lengths of inputs by name, batch included, in place of
	// those in the file. A symbolic batch needs none: it becomes 1.
	InputShape map[string][]int

	// Output names the output to convert where the model has several; the first where it is
	// empty. Another name is an [ErrOutput].
	Output string

	// Survey takes a model with nodes that cannot be read, to describe it: they are
	// [ir.Foreign] in the graph, and such a model is not converted.
	Survey bool

	// AfterPass, if not nil, sees the graph as it was read (step 0) and after every pass
	// that simplifies it; an error ends the work. The graph must not be changed.
	AfterPass func(step int, pass string, g *ir.Graph) error
}

// Load reads the ONNX file at path. Weights outside it are looked for in its folder.
// Nodes that cannot be read are an [*UnsupportedError] that lists all of them.
func Load(ctx context.Context, path string, o LoadOptions) (*Model, error) {
	g, err := importer.Load(ctx, path, importer.Options{InputShape: o.InputShape, KeepUnread: o.Survey})
	if err != nil {
		return nil, unsupported(err)
	}
	return simplify(ctx, g, o)
}

// Parse is [Load] for the bytes of an ONNX file, which holds all its weights. Networks
// and reports call the model name, such as "resnet.onnx".
func Parse(ctx context.Context, name string, file []byte, o LoadOptions) (*Model, error) {
	g, err := importer.Parse(ctx, file, "", importer.Options{InputShape: o.InputShape, KeepUnread: o.Survey})
	if err != nil {
		return nil, unsupported(err)
	}
	g.Source.Path = name
	return simplify(ctx, g, o)
}

func simplify(ctx context.Context, g *ir.Graph, o LoadOptions) (*Model, error) {
	if err := takeOutput(g, o.Output); err != nil {
		return nil, err
	}
	faults := g.Faults()
	read := *g
	read.Values, read.Nodes = slices.Clone(g.Values), slices.Clone(g.Nodes)
	err := passes.Run(ctx, g, o.AfterPass)
	if err != nil && o.Survey && ctx.Err() == nil {
		return &Model{&read, faults, err}, nil
	}
	if err != nil {
		return nil, err
	}
	return &Model{graph: g, faults: faults}, nil
}

// Incomplete says why the graph is as it was read, without the shapes of its values and not
// simplified: that is so where [LoadOptions.Survey] was asked for and shapes cannot be known. It
// is nil otherwise.
func (m *Model) Incomplete() error { return m.incomplete }

// Faults lists the parameters of the file with which nothing can be computed: those that are
// NaN or infinite, and variances that are negative. A model with faults is not converted.
func (m *Model) Faults() []ir.Fault { return m.faults }

// sound is an error that lists the faults.
func (m *Model) sound() error {
	if len(m.faults) == 0 {
		return nil
	}
	var b strings.Builder
	for i, f := range m.faults {
		if i == maxFaults {
			fmt.Fprintf(&b, "\n  and %d more", len(m.faults)-i)
			break
		}
		b.WriteString("\n  " + f.String())
	}
	return failf(ErrFaults, "the model cannot compute:%s (try to export it anew, or from an earlier state of its training)", b.String())
}

// maxFaults is how many faults an error lists.
const maxFaults = 10

// Graph returns the model as the other packages take it. It must not be changed.
func (m *Model) Graph() *ir.Graph { return m.graph }

// Preprocess says how pictures become inputs where the model itself tells: one whose input is
// pixels as they are in files, uint8 or in the form of a picture of other integers, takes values of
// 0 to 255. It is zero otherwise.
func (m *Model) Preprocess() preprocess.Spec {
	shape, err := m.InputShape()
	if m.graph.Integers == "" || err != nil {
		return preprocess.Spec{}
	}
	raw, err := preprocess.Preset("raw")
	if err != nil {
		return preprocess.Spec{}
	}
	if _, err := raw.Input(shape); err != nil || m.graph.Integers != "uint8" && len(shape) != 3 {
		return preprocess.Spec{}
	}
	return raw
}

// InputShape returns the shape of one sample: that of the model's input without the
// batch. It is an [ErrInputShape] where the model has several inputs, or leaves axes open
// that [LoadOptions] did not fix.
func (m *Model) InputShape() ([]int, error) {
	g := m.graph
	if len(g.Inputs) != 1 {
		return nil, failf(ErrInputShape, "the model has %d inputs, models with one are converted", len(g.Inputs))
	}
	t := g.Type(g.Inputs[0])
	if !t.Static() {
		return nil, failf(ErrInputShape, "the shape of the model's input is not known (try the input's shape as NAME=1,3,224,224)")
	}
	dims := t.Shape.Ints()
	if len(dims) > 1 && dims[0] == 1 {
		dims = dims[1:]
	}
	return dims, nil
}
