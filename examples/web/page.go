package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"text/template"

	"ann2snn/export/target"
	"ann2snn/internal/dataset"
	"ann2snn/models"
	"ann2snn/preprocess"
	"ann2snn/runtime"
	"ann2snn/snn"
)

//go:embed page/index.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// picture is a sample: the bytes of its pixels, all colours of a pixel together.
type picture struct {
	Pixels  []byte    `json:"pixels"`
	Label   string    `json:"label"`
	Outputs []float64 `json:"outputs"` // that runtime gives
}

// page is what the script of the page works with.
type page struct {
	Model    string    `json:"model"`
	Wasm     []byte    `json:"wasm"`
	Height   int       `json:"height"`
	Width    int       `json:"width"`
	Colours  int       `json:"colours"`
	Labels   []string  `json:"labels"`
	Units    []float64 `json:"units"` // what an output of 1 is worth
	Pictures []picture `json:"pictures"`
}

// newPage compiles a network and lets runtime answer to the pictures.
func newPage(ctx context.Context, n *snn.Network, pictures []picture) (*page, error) {
	px, err := pixelsOf(n)
	if err != nil {
		return nil, err
	}
	p := &page{
		Model: n.Meta.Model, Height: px.H, Width: px.W, Colours: px.C,
		Labels: n.Meta.Labels, Units: units(n), Pictures: pictures,
	}
	if p.Wasm, err = compile(ctx, n); err != nil {
		return nil, err
	}
	plan, err := runtime.Compile(ctx, n)
	if err != nil {
		return nil, err
	}
	s := plan.NewSession(runtime.SessionOptions{Trace: true})
	in, out := make([]float32, plan.InLen()), make([]float32, plan.OutLen())
	for i := range pictures {
		prepare(in, px, pictures[i].Pixels)
		if _, err := s.Run(ctx, out, in); err != nil {
			return nil, err
		}
		if pictures[i].Outputs, err = target.Total(n, s); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// html returns the page.
func (p *page) html() ([]byte, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = pageTemplate.Execute(&b, string(data))
	return b.Bytes(), err
}

// pixelsOf says how the network sees pictures.
func pixelsOf(n *snn.Network) (*preprocess.Input, error) {
	p, err := preprocess.Parse(n.Meta.Preprocess)
	if err != nil {
		return nil, err
	}
	if p.IsZero() {
		return nil, errors.New("the network does not take pictures (convert it with --preprocess)")
	}
	return p.Input(n.InputShape())
}

// units returns what an output of 1 is worth, after all steps.
func units(n *snn.Network) []float64 {
	l := &n.Layers[n.Output]
	span := n.Span(n.Steps)
	values := l.LevelValue()
	if len(values) == 0 {
		values = []float32{1}
	}
	all := make([]float64, l.Shape.C)
	for i := range all {
		all[i] = float64(values[i%len(values)]) / span
	}
	return all
}

// prepare makes a picture the values that the network takes.
func prepare(dst []float32, px *preprocess.Input, picture []byte) {
	for i := range px.H * px.W {
		for c, from := range px.From {
			to := i*px.C + c
			if px.ChannelsFirst {
				to = c*px.H*px.W + i
			}
			dst[to] = px.Values[c][picture[i*px.C+from]]
		}
	}
}

// demoPictures returns the first test samples of the demonstration network.
func demoPictures(n int) (_ []picture, err error) {
	set, err := dataset.OpenFS(models.Samples(), "test", dataset.Options{
		InputShape: []int{1, 28, 28}, Limit: n,
		Preprocess: preprocess.Spec{Scale: 1, Mean: []float64{0}, Std: []float64{1}, Channels: preprocess.RGB},
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	pictures := make([]picture, set.Len())
	grey := make([]float32, 28*28)
	for i := range pictures {
		label, err := set.Sample(i, grey)
		if err != nil {
			return nil, err
		}
		p := picture{Pixels: make([]byte, len(grey)), Label: models.Classes()[label]}
		for k, x := range grey {
			p.Pixels[k] = byte(x)
		}
		pictures[i] = p
	}
	return pictures, nil
}
