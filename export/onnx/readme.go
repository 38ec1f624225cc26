package onnx

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"ann2snn/export/target"
	"ann2snn/internal/escape"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/snn"
)

//go:embed readme.tmpl
var readmeText string

var readmeTemplate = template.Must(template.New("readme").Funcs(template.FuncMap{
	"cell":     escape.CodeCell,
	"code":     escape.Code,
	"js":       escape.JavaScript,
	"markdown": escape.Markdown,
}).Parse(readmeText))

// page is what the README of an export says.
type page struct {
	Name, Producer     string
	IR, Opset          int
	Steps              int
	Input, Levels      string
	InputShape, Output string
	Answer, Host       string
	Labels             int
	QDQ, Vectors       bool
	Ways               []way
	Losses             []target.Loss
}

// readme returns the README of an export.
func (w *writer) readme(name string, g *pb.GraphProto, vectors bool) ([]byte, error) {
	p := page{
		Name: name, Producer: producer, IR: onnxfile.IRVersion, Opset: onnxfile.Opset, Steps: w.net.Steps,
		Input: g.GetInput()[0].GetName(), InputShape: shape(inputDims(&w.net.Layers[0])),
		Answer: g.GetOutput()[outputAnswer].GetName(), Levels: g.GetOutput()[outputLevels].GetName(),
		Output: shape(outputDims(&w.net.Layers[w.net.Output])), Host: hostNames(w.net.Host),
		Labels: len(w.net.Meta.Labels), QDQ: w.onBytes, Vectors: vectors, Ways: w.ways, Losses: w.losses,
	}
	var b bytes.Buffer
	err := readmeTemplate.Execute(&b, p)
	return b.Bytes(), err
}

func shape(dims []int64) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(dims), "[]"), " ", " x ")
}

// hostNames lists the host operators by their names in ONNX.
func hostNames(host []snn.HostOp) string {
	names := make([]string, len(host))
	for i, h := range host {
		names[i] = hostOperators[h.Fn]
	}
	return strings.Join(names, ", ")
}
