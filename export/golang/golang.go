// Package golang exports networks as a Go program with the network inside, which is
// package runtime itself: nothing is lost.
package golang

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"text/template"

	"ann2snn"
	"ann2snn/examples"
	"ann2snn/export/target"
	"ann2snn/internal/escape"
	"ann2snn/preprocess"
	"ann2snn/snn"
)

// Target is the target go.
var Target = &target.Target{
	Name:    "go",
	Summary: "a Go program with the network inside, for a static binary of 2 MB on Linux, and other systems",
	Check:   func(*snn.Network) []target.Loss { return nil },
	Files:   files,
}

//go:embed templates
var templates embed.FS

// view is what the templates see.
type view struct {
	Name     string
	Model    string
	Shape    snn.Shape // of the input
	Pictures *pictures // nil where the network does not take pictures
	Classes  int
	Deps     *dependencies
}

// pictures is how the network sees pictures: see preparation in examples/edge.
type pictures struct {
	Scale, Mean, Std, Colour string // as Go writes them
	H, W, C                  int
	ChannelsFirst            bool
}

func files(n *snn.Network, o target.Options) ([]target.File, error) {
	sources, err := ann2snn.RuntimeSources()
	if err != nil {
		return nil, err
	}
	v := &view{Name: o.Name, Model: n.Meta.Model, Shape: n.Layers[0].Shape, Classes: n.Layers[n.Output].Shape.Len()}
	if v.Deps, err = dependenciesOf(sources); err != nil {
		return nil, err
	}
	if v.Pictures, err = picturesOf(n); err != nil {
		return nil, err
	}
	var network bytes.Buffer
	small := *n
	small.Meta.Calibrated = nil // only comparing asks for it
	if err := snn.Encode(&network, &small); err != nil {
		return nil, err
	}
	all := []target.File{{Name: "net.snn", Data: network.Bytes()}}
	for _, name := range []string{"main.go", "read.go"} {
		b, err := fs.ReadFile(examples.Edge, path.Join("edge", name))
		if err != nil {
			return nil, err
		}
		all = append(all, target.File{Name: name, Data: b})
	}
	t, err := template.New("").Funcs(template.FuncMap{"code": escape.Code}).ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"input.go", "go.mod", "go.sum", "README.md", runtimeFolder + "/go.mod"} {
		var b bytes.Buffer
		if err := t.ExecuteTemplate(&b, strings.ReplaceAll(name, "/", "_")+".tmpl", v); err != nil {
			return nil, err
		}
		all = append(all, target.File{Name: name, Data: b.Bytes()})
	}
	return append(all, runtimeFiles(sources)...), nil
}

// picturesOf takes from a network's metadata how it sees pictures.
func picturesOf(n *snn.Network) (*pictures, error) {
	p, err := preprocess.Parse(n.Meta.Preprocess)
	if err != nil {
		return nil, fmt.Errorf("golang: %w", err)
	}
	if p.IsZero() {
		return nil, nil
	}
	px, err := p.Input(n.InputShape())
	if err != nil {
		return nil, fmt.Errorf("golang: %w", err)
	}
	return &pictures{
		Scale: number(p.Scale), Mean: list(p.Mean, number), Std: list(p.Std, number), Colour: list(px.From, strconv.Itoa),
		H: px.H, W: px.W, C: px.C, ChannelsFirst: px.ChannelsFirst,
	}, nil
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func list[T any](values []T, text func(T) string) string {
	var all []string
	for _, v := range values {
		all = append(all, text(v))
	}
	return strings.Join(all, ", ")
}
